"""Tables in the manner of the Panel's annexes: T1 deliveries, T6 declared beside detected, and the crude ledger."""

from typing import Any

from tracker.cargo.caps import CRUDE_CAP_BBL, CRUDE_CAP_T, crude_period, crude_share, refined_cap_bbl
from tracker.cargo.declared import Declared, counted_once, of_year
from tracker.cargo.factors import barrels_or_unspecified
from tracker.cargo.ledger import LedgerParams, YearLedger, tonnes_of
from tracker.cargo.panel import SCENARIOS
from tracker.cargo.pert import pert_quantiles

Row = dict[str, Any]


def deliveries_table(ledger: YearLedger, /, *, params: LedgerParams) -> list[Row]:
    """T1: every delivery with its scenarios, its range, and the running total at 50 % laden against the cap."""
    cap, running = refined_cap_bbl(ledger.year), 0.0
    quantiles = pert_quantiles(*SCENARIOS.values())
    rows: list[Row] = []
    for n, d in enumerate(ledger.rows, start=1):
        dwt = d.dwt_t
        span = [None] * 3 if dwt is None else [round(dwt * q, 1) for q in quantiles]
        if d.cargo_t is not None:
            span = [d.cargo_t] * 3
        bbl = tonnes_of(d, SCENARIOS["s50"]) * barrels_or_unspecified(params.factor_set, d.product)
        running += bbl
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
            "dwt_basis": None if dwt is None else "as given",
            "port": d.port,
            "basis": "reported",
            "product": d.product,
            "low_t": span[0],
            "best_t": span[1],
            "high_t": span[2],
        }
        row |= {f"{name}_t": None if dwt is None else round(dwt * f, 1) for name, f in SCENARIOS.items()}
        row |= {
            "s50_bbl": None if dwt is None else round(bbl, 1),
            "factor_set": params.factor_set,
            "s50_bbl_cum": round(running, 1),
            "cap_percent": None if cap is None else round(100.0 * running / cap, 2),
            "grade": "given" if d.cargo_t is not None else "D",
            "evidence": d.source,
        }
        rows.append(row)
    return rows


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


def crude_ledger(declared: tuple[Declared, ...], /, *, factor_set: str) -> list[Row]:
    """Crude by the twelve months from 22 December that hold its middle day, against both limbs of the cap."""
    groups: dict[str, list[Declared]] = {}
    for figure in declared:
        if figure.product == "crude":
            middle = figure.start + (figure.end - figure.start) / 2
            groups.setdefault(crude_period(middle)[0].isoformat(), []).append(figure)
    rows: list[Row] = []
    for start, figures in sorted(groups.items()):
        counted = [f for f, status in counted_once(figures) if status == "counted"]
        share = crude_share(sum(f.tonnes for f in counted), factor_set=factor_set)
        rows.append(
            {
                "period_start": start,
                "figures": len(counted),
                "tonnes": round(share.tonnes, 1),
                "barrels": round(share.barrels, 1),
                "factor_set": factor_set,
                "cap_bbl": CRUDE_CAP_BBL,
                "ratio_bbl_limb": round(share.ratio_bbl_limb, 4),
                "cap_t": CRUDE_CAP_T,
                "ratio_t_limb": round(share.ratio_t_limb, 4),
                "sources": "; ".join(sorted({f.source for f in counted if f.source})),
            }
        )
    return rows
