"""Everything that ``tracker ledger`` writes, as bytes by file name: tables, summary, figures, and a page of them.

Pure: the same tables and parameters give the same bytes.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tracker.cargo.annex import crude_ledger, declared_against_detected, deliveries_table, uncounted_rows
from tracker.cargo.caps import refined_cap_bbl
from tracker.cargo.commodities import goods_table, goods_totals
from tracker.cargo.declared import Declared, DeclaredTable, counted_once, of_year, total_bbl
from tracker.cargo.deliveries import FLAG_CLASSES, Deliveries, Delivery
from tracker.cargo.factors import UNSPECIFIED, barrels_per_tonne, factor_sets
from tracker.cargo.figures import draw_cumulative, draw_months
from tracker.cargo.ledger import (
    MEASURED,
    LedgerParams,
    YearLedger,
    by_flag_state,
    cumulative,
    daily_totals,
    first_crossing,
    monthly_by_flag,
    sensitivity,
    spread_by_correlation,
    years_of,
)
from tracker.cargo.page import page_of
from tracker.cargo.panel import SCENARIOS
from tracker.cargo.prices import Prices, anchors
from tracker.cargo.seeds import reported_rows
from tracker.cargo.ships import ships_of_deliveries
from tracker.cargo.tabulate import csv_bytes
from tracker.drawing.canvas import Sheet

Judge = Callable[
    [Mapping[str, Any], Mapping[str, Sequence[Mapping[str, Any]]], Sequence[Delivery]], list[dict[str, Any]]
]


@dataclass(frozen=True)
class FromCase:
    """What a case adds to its deliveries: calls that do not count, the join to transfers, and what is said of it."""

    others: Sequence[tuple[Delivery, str]] = ()
    legs: Sequence[dict[str, Any]] = ()
    ships: Sequence[dict[str, Any]] | None = None
    said: Mapping[str, Any] = field(default_factory=dict)


def ledger_files(
    deliveries: Deliveries,
    declared: DeclaredTable | None,
    /,
    *,
    year: int | None,
    params: LedgerParams,
    version: str,
    prices: Prices | None = None,
    case: FromCase | None = None,
    judge: Judge | None = None,
) -> dict[str, bytes]:
    """Give the files of the ledger; without a year all years are in the tables, and the figures show the last.

    Parameters
    ----------
    prices : of the user; the packaged anchors of coal and sand otherwise
    case : what a case adds; None for a table of the user's
    judge : answers legal rules from the summary, the tables and the deliveries: rows of the table ``legal``
    """
    years = years_of(deliveries.rows, year)
    figures = declared.rows if declared is not None else ()
    prices, case = prices or anchors(), case or FromCase()
    inside = [d for d in deliveries.rows if year is None or d.day.year == year]
    others = [(d, reason) for d, reason in case.others if year is None or d.day.year == year]
    goods = goods_table(inside, prices=prices, factor_set=params.factor_set, premium=params.premium)
    tables: dict[str, list[dict[str, Any]]] = {
        "cumulative": [r for y in years for r in cumulative(y, params=params)],
        "monthly_by_flag": [r for y in years for r in monthly_by_flag(y, params=params)],
        "by_flag_state": [r for y in years for r in by_flag_state(y, params=params)],
        "sensitivity": [r for y in years for r in sensitivity(y, params=params)],
        "deliveries": [
            *(r for y in years for r in deliveries_table(y, params=params, prices=prices)),
            *uncounted_rows(others, params=params, prices=prices),
        ],
        "declared_vs_detected": [r for y in years for r in declared_against_detected(figures, y, params=params)],
        "crude": crude_ledger(figures, inside, factor_set="unsd"),
        "goods": goods,
        "ships": list(case.ships) if case.ships is not None else ships_of_deliveries(inside),
        "chain": list(case.legs),
    }
    yearly = [_year_summary(y, figures, params) for y in years]
    if judge is not None:
        tables["legal"] = judge({"years": yearly}, tables, inside)
    files = {
        f"{name}.csv": csv_bytes(name, rows, is_synthetic=deliveries.is_synthetic) for name, rows in tables.items()
    }
    summary = {
        "synthetic": deliveries.is_synthetic,
        "version": version,
        "parameters": params.model_dump(mode="json"),
        "inputs": [
            {"name": t.name, "sha256": t.digest, "rows_used": len(t.rows), "set_aside": t.faults.lines()}
            for t in (deliveries, declared, prices if prices.name else None)
            if t is not None
        ],
        "factor_sets": factor_sets(),
        "years": yearly,
        "crude": tables["crude"],
        "legal": tables.get("legal", []),
        "goods": goods_totals(goods),
        "not_refined": _others(inside),
        "not_counted": dict(sorted(Counter(reason for _, reason in others).items())),
        "reported": reported_rows(),
        "notes": [
            "Deliveries are arrivals in the DPRK; transfers between ships are another ledger and are never added to it.",
            "A delivery without deadweight is counted and gives no tonnes: totals are then lower bounds.",
            "Totals come from draws with a common error, not from adding percentiles.",
            "Counts that are reported by others are carried with their source and are not computed here.",
            "A value stands only where a dated price is known; there is no oil price here (--prices FILE).",
        ],
    } | dict(case.said)
    files["summary.json"] = (json.dumps(summary, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()
    if years and years[-1].rows:
        sheets = _sheets(years[-1], tables, deliveries, figures, params)
        for name, sheet in sheets.items():
            files[f"{name}.svg"], files[f"{name}.png"] = sheet.to_svg().encode(), sheet.to_png()
        files["ledger.html"] = page_of(list(sheets.values()), summary).encode()
    return files


def _sheets(
    ledger: YearLedger,
    tables: dict[str, list[dict[str, Any]]],
    deliveries: Deliveries,
    declared: tuple[Declared, ...],
    params: LedgerParams,
) -> dict[str, Sheet]:
    mark = "SYNTHETIC: " if deliveries.is_synthetic else ""
    digest = "run" if deliveries.name.startswith("deliveries found in") else "sha256"
    source = f"Source: {mark}{deliveries.name} ({digest} {deliveries.digest[:12]})"
    year = f"{ledger.year}-"
    return {
        "cumulative": draw_cumulative(
            ledger,
            [r for r in tables["cumulative"] if r["month_end"].startswith(year)],
            factor_set=params.factor_set,
            crossings=_crossings(ledger, params),
            totals={
                name: daily_totals(ledger, fraction=f, factor_set=params.factor_set, coverage=params.coverage)
                for name, f in SCENARIOS.items()
            },
            declared_bbl=_declared_steps(declared, ledger.year),
            source=f"{source}; cap: resolution 2397 (2017), paragraph 5.",
            is_synthetic=deliveries.is_synthetic,
        ),
        "monthly_by_flag": draw_months(
            ledger,
            [r for r in tables["monthly_by_flag"] if r["month"].startswith(year)],
            factor_set=params.factor_set,
            scenario="s50",
            source=f"{source}.",
            is_synthetic=deliveries.is_synthetic,
        ),
    }


def _crossings(ledger: YearLedger, params: LedgerParams) -> dict[str, date | None]:
    return {
        name: first_crossing(ledger, fraction=fraction, factor_set=params.factor_set, coverage=params.coverage)
        for name, fraction in SCENARIOS.items()
    }


def _declared_steps(declared: tuple[Declared, ...], year: int) -> list[tuple[date, float]]:
    """Running total of the declared figures that count, each at the end of its period."""
    counted = [row for row, status in counted_once(of_year(declared, year, crude=False)) if status == "counted"]
    steps: list[tuple[date, float]] = []
    total = 0.0
    for row in sorted(counted, key=lambda row: row.end):
        total += row.barrels
        steps.append((row.end, total))
    return steps


def _year_summary(ledger: YearLedger, declared: tuple[Declared, ...], params: LedgerParams) -> dict[str, Any]:
    rows = [r for r in cumulative(ledger, params=params) if r["month_end"] == _last(ledger)]
    crossings = _crossings(ledger, params)
    mine = of_year(declared, ledger.year, crude=False)
    cap = refined_cap_bbl(ledger.year)
    return {
        "year": ledger.year,
        "months_covered": f"January to {ledger.month_ends[-1]:%B}" if ledger.month_ends else "none",
        "n_deliveries": len(ledger.rows),
        "n_without_dwt": sum(d.dwt_t is None for d in ledger.rows),
        "n_by_flag_class": {name: sum(d.flag_class == name for d in ledger.rows) for name in FLAG_CLASSES},
        "dwt_sum_t": ledger.dwt_sum_t,
        "dwt_mean_t": round(ledger.dwt_sum_t / len(ledger.weighed), 1) if ledger.weighed else None,
        "cap_bbl": cap,
        "cap_t": {
            name: None if cap is None else round(cap / barrels_per_tonne(name, UNSPECIFIED)) for name in factor_sets()
        },
        "scenarios": {
            name: {
                "laden_fraction": fraction,
                "tonnes": next((r["tonnes_cum"] for r in rows if r["scenario"] == name), 0.0),
                "bbl": {r["factor_set"]: r["bbl_cum"] for r in rows if r["scenario"] == name},
                "ratio_cap": {r["factor_set"]: r["ratio_cap"] for r in rows if r["scenario"] == name},
                "first_crossing": None if crossings[name] is None else str(crossings[name]),
                "first_crossing_factor_set": params.factor_set,
            }
            for name, fraction in SCENARIOS.items()
        },
        "measured_t_by_correlation": spread_by_correlation(ledger, params=params),
        "measured_bbl": {
            r["factor_set"]: {"p10": r["p10_bbl"], "p50": r["bbl_cum"], "p90": r["p90_bbl"]}
            for r in rows
            if r["scenario"] == MEASURED
        },
        "declared": {
            "figures": len(mine),
            "bbl_finest_periods": round(total_bbl(counted_once(mine)), 1),
            "bbl_widest_periods": round(total_bbl(counted_once(mine, finest_first=False)), 1),
        },
    }


def _others(rows: Sequence[Delivery]) -> dict[str, dict[str, float]]:
    """What is not refined product, by product: kept out of the cap and not forgotten."""
    others: dict[str, dict[str, float]] = {}
    for d in rows:
        if not d.is_refined:
            row = others.setdefault(d.product, {"n": 0, "dwt_sum_t": 0.0})
            row["n"] += 1
            row["dwt_sum_t"] += d.dwt_t or 0.0
    return others


def _last(ledger: YearLedger) -> str:
    return ledger.month_ends[-1].isoformat() if ledger.month_ends else ""
