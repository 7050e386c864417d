"""Tables in the manner of the Panel's annexes: T1 deliveries, T6 declared beside detected, and the crude ledger."""

from collections.abc import Sequence
from typing import Any

from tracker.cargo.caps import CRUDE_CAP_BBL, CRUDE_CAP_T, crude_period, crude_share, refined_cap_bbl
from tracker.cargo.declared import Declared, counted_once, of_year
from tracker.cargo.deliveries import Delivery
from tracker.cargo.factors import barrels_or_unspecified
from tracker.cargo.ledger import LedgerParams, YearLedger, tonnes_of
from tracker.cargo.panel import SCENARIOS
from tracker.cargo.pert import pert_quantiles
from tracker.cargo.prices import Prices, value_of

Row = dict[str, Any]


def deliveries_table(ledger: YearLedger, /, *, params: LedgerParams, prices: Prices) -> list[Row]:
    """T1: every delivery with its scenarios, its range, its value, and the running total at 50 % laden of the cap."""
    cap, running = refined_cap_bbl(ledger.year), 0.0
    rows: list[Row] = []
    for n, d in enumerate(ledger.rows, start=1):
        factor = barrels_or_unspecified(params.factor_set, d.product)
        bbl = tonnes_of(d, SCENARIOS["s50"]) * factor
        running += bbl
        share = None if cap is None else round(100.0 * running / cap, 2)
        rows.append(_delivery_row(n, d, params, prices, bbl=bbl, running=running, cap_percent=share))
    return rows


def uncounted_rows(others: Sequence[tuple[Delivery, str]], /, *, params: LedgerParams, prices: Prices) -> list[Row]:
    """Calls that are shown below T1 and enter no total, each with the reason."""
    return [
        _delivery_row(None, d, params, prices, bbl=0.0, running=None, cap_percent=None) | {"counted": f"no: {reason}"}
        for d, reason in others
    ]


def _delivery_row(
    n: int | None,
    d: Delivery,
    params: LedgerParams,
    prices: Prices,
    *,
    bbl: float,
    running: float | None,
    cap_percent: float | None,
) -> Row:
    dwt = d.dwt_t
    span = [None] * 3 if dwt is None else [round(dwt * q, 1) for q in pert_quantiles(*SCENARIOS.values())]
    if d.span_t is not None:
        span = [round(value, 1) for value in d.span_t]
    if d.cargo_t is not None:
        span = [d.cargo_t] * 3
    value = value_of(span[1], d.product, d.day, prices=prices, factor_set=params.factor_set, premium=params.premium)
    row: Row = {
        "no": n,
        "date": d.day.isoformat(),
        "vessel_name": d.vessel_name,
        "imo": d.imo,
        "mmsi": d.mmsi,
        "flag": d.flag,
        "flag_class": d.flag_class,
        "ship_type": d.ship_type,
        "dwt_t": dwt,
        "dwt_basis": None if dwt is None else d.dwt_basis,
        "port": d.port,
        "basis": d.basis,
        "product": d.product,
        "low_t": span[0],
        "best_t": span[1],
        "high_t": span[2],
    }
    row |= {f"{name}_t": None if dwt is None else round(dwt * f, 1) for name, f in SCENARIOS.items()}
    return row | {
        "s50_bbl": None if dwt is None else round(bbl, 1),
        "factor_set": params.factor_set,
        "s50_bbl_cum": None if running is None else round(running, 1),
        "cap_percent": cap_percent,
        "grade": "given" if d.cargo_t is not None else d.grade or "D",
        "method": "as given" if d.cargo_t is not None else d.method or "M0 deadweight x laden fraction",
        "transfers": ";".join(d.legs),
        "usd": None if value is None else value.usd,
        "price": None if value is None else value.price,
        "evidence": d.source,
        "counted": "yes",
    }


def declared_against_detected(
    declared: tuple[Declared, ...], ledger: YearLedger, /, *, params: LedgerParams
) -> list[Row]:
    """T6: each declared figure of the year beside what was detected in its period; how it counts is said."""
    rows: list[Row] = []
    for figure, status in counted_once(of_year(declared, ledger.year, crude=False)):
        inside = [d for d in ledger.rows if figure.start <= d.day <= figure.end]
        row: Row = {
            "supplier": figure.supplier,
            "period_start": figure.start.isoformat(),
            "period_end": figure.end.isoformat(),
            "product": figure.product,
            "declared_t": round(figure.tonnes, 1),
            "declared_bbl": round(figure.barrels, 1),
            "declared_bbl_per_t": round(figure.barrels / figure.tonnes, 4) if figure.tonnes else None,
            "declared_basis": figure.basis,
            "status": status,
            "n_detected": len(inside),
        }
        for name, fraction in SCENARIOS.items():
            row[f"detected_{name}_t"] = round(sum(tonnes_of(d, fraction) for d in inside), 1)
        for name, fraction in SCENARIOS.items():
            row[f"detected_{name}_bbl"] = round(
                sum(tonnes_of(d, fraction) * barrels_or_unspecified(params.factor_set, d.product) for d in inside), 1
            )
        row["difference_s50_t"] = round(row["detected_s50_t"] - row["declared_t"], 1)
        row["difference_s50_bbl"] = round(row["detected_s50_bbl"] - row["declared_bbl"], 1)
        rows.append(row | {"factor_set": params.factor_set, "source": figure.source})
    return rows


def crude_ledger(declared: Sequence[Declared], detected: Sequence[Delivery], /, *, factor_set: str) -> list[Row]:
    """Crude in the twelve months from 22 December, against both limbs of the cap; one row for each kind of input.

    Figures by pipeline, declared figures and tankers that were seen are separate rows with their sources, and the last
    row of a period is their sum: whether one holds another is the reader's to judge. A figure belongs to the period
    that holds its middle day; one that spans two is counted so and named. Figures that overlap count once, the widest
    first, because the cap is of a year; what the finest alone give stands beside.
    """
    groups: dict[str, list[Declared]] = {}
    for figure in declared:
        if figure.product == "crude":
            middle = figure.start + (figure.end - figure.start) / 2
            groups.setdefault(crude_period(middle)[0].isoformat(), []).append(figure)
    seen: dict[str, list[Delivery]] = {}
    for d in detected:
        if d.product == "crude":
            seen.setdefault(crude_period(d.day)[0].isoformat(), []).append(d)
    rows: list[Row] = []
    for start in sorted({*groups, *seen}):
        mine = groups.get(start, [])
        counted = [f for f, status in counted_once(mine, finest_first=False) if status == "counted"]
        finest = [f for f, status in counted_once(mine) if status == "counted"]
        parts: list[Row] = []
        for kind in sorted({f.kind for f in counted}):
            figures = [f for f in counted if f.kind == kind]
            sources = "; ".join(sorted({f.source for f in figures if f.source}))
            both = sum(f.tonnes for f in figures), sum(f.barrels for f in figures)
            spans = sum(crude_period(f.start) != crude_period(f.end) for f in figures)
            row = _crude_row(start, kind, len(figures), both, "as declared", spans, sources)
            parts.append(row | {"tonnes_finest_periods": round(sum(f.tonnes for f in finest if f.kind == kind), 1)})
        if start in seen:
            tonnes = [d.cargo_t if d.cargo_t is not None else tonnes_of(d, SCENARIOS["s50"]) for d in seen[start]]
            both = sum(tonnes), sum(tonnes) * barrels_or_unspecified(factor_set, "crude")
            parts.append(
                _crude_row(start, "tankers, as given or at 50 %", len(tonnes), both, factor_set, 0, "deliveries")
            )
        rows += parts
        if len(parts) > 1:
            both = sum(p["tonnes"] for p in parts), sum(p["barrels"] for p in parts)
            rows.append(_crude_row(start, "all of these", sum(p["figures"] for p in parts), both, "as above", 0, ""))
    return rows


def _crude_row(
    start: str, kind: str, figures: int, both: tuple[float, float], factor_set: str, spans: int, sources: str
) -> Row:
    share = crude_share(both[0], barrels=both[1])
    return {
        "period_start": start,
        "kind": kind,
        "figures": figures,
        "tonnes": round(share.tonnes, 1),
        "barrels": round(share.barrels, 1),
        "factor_set": factor_set,
        "cap_bbl": CRUDE_CAP_BBL,
        "ratio_bbl_limb": round(share.ratio_bbl_limb, 4),
        "cap_t": CRUDE_CAP_T,
        "ratio_t_limb": round(share.ratio_t_limb, 4),
        "over_cap": share.ratio_bbl_limb > 1.0 or share.ratio_t_limb > 1.0,
        "figures_spanning_two_periods": spans,
        "tonnes_finest_periods": None,
        "sources": sources,
    }
