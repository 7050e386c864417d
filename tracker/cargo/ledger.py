"""The ledger of deliveries against the cap: running totals by scenario and factor set, months, flags, sensitivity.

Months and the calendar year are those of the ledger's zone (UTC+9, a parameter). Scenarios are deadweight times a
fixed laden fraction; ``measured`` is the distribution over the fractions (a cargo that is given counts as it stands).
Crude and dry cargo are set apart: the cap of paragraph 5 is one of refined product.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from tracker.cargo.caps import refined_cap_bbl
from tracker.cargo.deliveries import Delivery
from tracker.cargo.factors import barrels_or_unspecified, factor_sets
from tracker.cargo.panel import SCENARIOS
from tracker.cargo.totals import load_of, running_totals
from tracker.params import Params, param

MEASURED = "measured"
_FRACTIONS = (SCENARIOS["s33"], SCENARIOS["s50"], SCENARIOS["s90"])
Row = dict[str, Any]


class LedgerParams(Params):
    """How deliveries are added up."""

    factor_set: str = param(
        "committee", "set of the figures and headlines; the tables hold all", source="cargo-and-law.md section 2"
    )
    utc_offset_h: float = param(9.0, "zone of days and months, hours east", ge=-12, le=14, source="section 1.3")
    correlation: float = param(
        0.5, "common error of the laden fractions (copula)", ge=0, le=1, source="section 4.7, judgement"
    )
    premium: float = param(
        1.0, "price of a sanctioned cargo over the market's", ge=0.1, le=10, source="commodity_prices.csv: 0.9 to 1.5"
    )
    coverage: float = param(
        1.0, "share of deliveries that is seen; 1 leaves totals as detected", gt=0, le=1, source="section 4.7: off"
    )
    draws: int = param(5000, "draws of the totals", ge=200, le=100_000, source="section 4.6")
    seed: int = param(2397, "seed of the draws", ge=0, source="arbitrary")


@dataclass(frozen=True)
class YearLedger:
    """One calendar year: the deliveries of refined product in order, and the month ends that the tables hold."""

    year: int
    rows: tuple[Delivery, ...]
    month_ends: tuple[date, ...]

    @property
    def weighed(self) -> tuple[Delivery, ...]:
        """Deliveries whose deadweight is known."""
        return tuple(d for d in self.rows if d.dwt_t is not None)

    @property
    def dwt_sum_t(self) -> float:
        """Sum of the known deadweights, t."""
        return sum(d.dwt_t or 0.0 for d in self.rows)


def years_of(deliveries: Iterable[Delivery], year: int | None = None, /) -> list[YearLedger]:
    """Split the deliveries of refined product into calendar years (one, when it is named)."""
    refined = [d for d in deliveries if d.is_refined]
    years = sorted({d.day.year for d in refined} if year is None else {year})
    ledgers = []
    for y in years:
        rows = tuple(d for d in refined if d.day.year == y)
        last = rows[-1].day.month if rows else 0
        ends = tuple(date(y, m, monthrange(y, m)[1]) for m in range(1, last + 1))
        ledgers.append(YearLedger(y, rows, ends))
    return ledgers


def tonnes_of(delivery: Delivery, fraction: float, /, *, coverage: float = 1.0) -> float:
    """Tonnes of a delivery in a scenario; 0 where the deadweight is not known (which the totals count and say)."""
    return (delivery.dwt_t or 0.0) * fraction / coverage


def cumulative(ledger: YearLedger, /, *, params: LedgerParams) -> list[Row]:
    """One row per month, scenario and factor set: figure 1."""
    cap = refined_cap_bbl(ledger.year)
    rows: list[Row] = []
    percentiles = {name: _measured_at(ledger, name, params) for name in factor_sets()}
    tonnes_percentiles = _measured_at(ledger, None, params)
    for end in ledger.month_ends:
        upto = [d for d in ledger.rows if d.day <= end]
        for scenario, fraction in SCENARIOS.items():
            tonnes = sum(tonnes_of(d, fraction, coverage=params.coverage) for d in upto)
            for name in factor_sets():
                barrels = _barrels(upto, fraction, name, params.coverage)
                rows.append(_cumulative_row(end, scenario, fraction, name, tonnes, barrels, cap, len(upto), None))
        for name in factor_sets():
            p10, p50, p90 = percentiles[name][end]
            tonnes = tonnes_percentiles[end][1]
            rows.append(_cumulative_row(end, MEASURED, None, name, tonnes, p50, cap, len(upto), (p10, p90)))
    return rows


def _cumulative_row(
    end: date,
    scenario: str,
    fraction: float | None,
    factor_set: str,
    tonnes: float,
    barrels: float,
    cap: float | None,
    n: int,
    span: tuple[float, float] | None,
) -> Row:
    return {
        "month_end": end.isoformat(),
        "scenario": scenario,
        "laden_fraction": fraction,
        "factor_set": factor_set,
        "tonnes_cum": round(tonnes, 1),
        "bbl_cum": round(barrels, 1),
        "cap_bbl": cap,
        "ratio_cap": None if cap is None else round(barrels / cap, 4),
        "n_deliveries_cum": n,
        "p10_bbl": None if span is None else round(span[0], 1),
        "p90_bbl": None if span is None else round(span[1], 1),
    }


def _barrels(rows: Iterable[Delivery], fraction: float, factor_set: str, coverage: float) -> float:
    return sum(tonnes_of(d, fraction, coverage=coverage) * barrels_or_unspecified(factor_set, d.product) for d in rows)


def _measured_at(
    ledger: YearLedger, factor_set: str | None, params: LedgerParams
) -> dict[date, tuple[float, float, float]]:
    """P10, P50, P90 of the running total at each month end; in barrels by a set, or in tonnes (None)."""
    loads = [d for d in ledger.rows if d.dwt_t is not None or d.cargo_t is not None or d.span_t is not None]

    def scale(d: Delivery) -> float:
        return (1.0 if factor_set is None else barrels_or_unspecified(factor_set, d.product)) / params.coverage

    totals = running_totals(
        [load_of(d.dwt_t, d.cargo_t, d.span_t).times(scale(d)) for d in loads],
        fractions=_FRACTIONS,
        correlation=params.correlation,
        seed=params.seed,
        draws=params.draws,
    )
    found: dict[date, tuple[float, float, float]] = {}
    current = np.zeros(params.draws)
    waiting = iter(zip(loads, totals, strict=True))
    upcoming = next(waiting, None)
    for end in ledger.month_ends:
        while upcoming is not None and upcoming[0].day <= end:
            current = upcoming[1]
            upcoming = next(waiting, None)
        p10, p50, p90 = (float(q) for q in np.percentile(current, [10, 50, 90]))
        found[end] = (p10, p50, p90)
    return found


def monthly_by_flag(ledger: YearLedger, /, *, params: LedgerParams) -> list[Row]:
    """Volume by month, flag class and flag on the day, in every scenario and factor set: figure 2."""
    groups: dict[tuple[str, str, str], list[Delivery]] = {}
    for d in ledger.rows:
        groups.setdefault((f"{d.day:%Y-%m}", d.flag_class, d.flag), []).append(d)
    rows: list[Row] = []
    for (month, flag_class, flag), members in sorted(groups.items()):
        for scenario, fraction in SCENARIOS.items():
            for name in factor_sets():
                rows.append(
                    {
                        "month": month,
                        "flag_class": flag_class,
                        "flag": flag,
                        "n": len(members),
                        "dwt_sum_t": sum(d.dwt_t or 0.0 for d in members),
                        "tonnes": round(sum(tonnes_of(d, fraction, coverage=params.coverage) for d in members), 1),
                        "bbl": round(_barrels(members, fraction, name, params.coverage), 1),
                        "scenario": scenario,
                        "laden_fraction": fraction,
                        "factor_set": name,
                    }
                )
    return rows


def by_flag_state(ledger: YearLedger, /, *, params: LedgerParams) -> list[Row]:
    """One row per flag on the day: deliveries, ships, deadweight and the three scenarios in the chosen set."""
    groups: dict[tuple[str, str], list[Delivery]] = {}
    for d in ledger.rows:
        groups.setdefault((d.flag_class, d.flag), []).append(d)
    rows: list[Row] = []
    for (flag_class, flag), members in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        row: Row = {
            "year": ledger.year,
            "flag": flag,
            "flag_class": flag_class,
            "n_deliveries": len(members),
            "n_ships": len({d.ship for d in members}),
            "n_without_dwt": sum(d.dwt_t is None for d in members),
            "dwt_sum_t": sum(d.dwt_t or 0.0 for d in members),
        }
        for scenario, fraction in SCENARIOS.items():
            tonnes = sum(tonnes_of(d, fraction, coverage=params.coverage) for d in members)
            row[f"tonnes_{scenario}"] = round(tonnes, 1)
            row[f"bbl_{scenario}"] = round(_barrels(members, fraction, params.factor_set, params.coverage), 1)
        rows.append(row | {"factor_set": params.factor_set})
    return rows


def daily_totals(
    ledger: YearLedger, /, *, fraction: float, factor_set: str, coverage: float = 1.0
) -> list[tuple[date, float]]:
    """Running total in barrels after each delivery."""
    total, steps = 0.0, []
    for d in ledger.rows:
        total += tonnes_of(d, fraction, coverage=coverage) * barrels_or_unspecified(factor_set, d.product)
        steps.append((d.day, total))
    return steps


def first_crossing(ledger: YearLedger, /, *, fraction: float, factor_set: str, coverage: float = 1.0) -> date | None:
    """Day of the delivery with which the running total passes the cap; None when it never does."""
    cap = refined_cap_bbl(ledger.year)
    steps = daily_totals(ledger, fraction=fraction, factor_set=factor_set, coverage=coverage)
    return next((day for day, total in steps if cap is not None and total > cap), None)


def sensitivity(ledger: YearLedger, /, *, params: LedgerParams) -> list[Row]:
    """The year's total for every factor set and laden fraction, its multiple of the cap and the day of crossing."""
    cap = refined_cap_bbl(ledger.year)
    rows: list[Row] = []
    for name in factor_sets():
        for scenario, fraction in SCENARIOS.items():
            tonnes = sum(tonnes_of(d, fraction, coverage=params.coverage) for d in ledger.rows)
            barrels = _barrels(ledger.rows, fraction, name, params.coverage)
            crossing = first_crossing(ledger, fraction=fraction, factor_set=name, coverage=params.coverage)
            rows.append(
                {
                    "year": ledger.year,
                    "factor_set": name,
                    "bbl_per_t": round(barrels / tonnes, 4) if tonnes else None,
                    "scenario": scenario,
                    "laden_fraction": fraction,
                    "tonnes": round(tonnes, 1),
                    "bbl": round(barrels, 1),
                    "cap_bbl": cap,
                    "ratio_cap": None if cap is None else round(barrels / cap, 4),
                    "first_crossing": None if crossing is None else crossing.isoformat(),
                }
            )
    return rows


def spread_by_correlation(ledger: YearLedger, /, *, params: LedgerParams) -> dict[str, list[float]]:
    """P10, P50 and P90 of the year's tonnes with no, the chosen and a full common error."""
    answers: dict[str, list[float]] = {}
    for rho in sorted({0.0, params.correlation, 1.0}):
        found = _measured_at(ledger, None, params.model_copy(update={"correlation": rho}))
        last: Sequence[float] = found[ledger.month_ends[-1]] if ledger.month_ends else (0.0, 0.0, 0.0)
        answers[f"{rho:g}"] = [round(value) for value in last]
    return answers
