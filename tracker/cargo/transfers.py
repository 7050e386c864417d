"""The ledger of transfers: the legs between ships that a case found, never added to deliveries.

Fuel passes several hulls before it arrives, so a sum of legs counts it more than once; the table says so in its name.
Counted are likely contacts; what adding the possible ones would do stands beside it.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import numpy as np

from tracker.cargo.ledger import LedgerParams
from tracker.cargo.pert import FloatArray
from tracker.cargo.tabulate import csv_bytes
from tracker.cargo.totals import Load, running_totals
from tracker.tables.wording import LEVELS, level_of

Row = dict[str, Any]

SHOWN = (
    *("event_id", "verdict", "confidence", "start_time", "end_time", "duration_h", "lon", "lat", "waters", "state"),
    *("sea", "coast_distance_nm", "mmsi_1", "name_1", "imo_1", "flag_1", "ship_type_1", "length_m_1", "dwt_t_1"),
    *("mmsi_2", "name_2", "imo_2", "flag_2", "ship_type_2", "length_m_2", "dwt_t_2", "min_distance_m"),
    *("median_speed_kn", "draught_change_1_m", "draught_change_2_m", "donor_mmsi", "receiver_mmsi", "product"),
    *("cargo_low_t", "cargo_best_t", "cargo_high_t", "cargo_low_bbl", "cargo_best_bbl", "cargo_high_bbl", "factor_set"),
    *("cargo_s33_t", "cargo_s50_t", "cargo_s90_t", "cargo_grade", "cargo_method", "risk_score", "risk_band"),
    *("legal_flags", "group_id", "run_id"),
)
"""Columns of T2, in order."""
COUNTED = ("likely", "possible")
FRACTIONS = (0.33, 0.50, 0.90)


def transfers_table(events: Sequence[Mapping[str, Any]], /) -> list[Row]:
    """T2: contacts outside ports that are at least possible, by start."""
    chosen = [e for e in events if e["verdict"] in COUNTED and not e["in_port"]]
    chosen.sort(key=lambda e: (e["start_time"], e["mmsi_1"], e["mmsi_2"] or 0))
    return [{name: _cell(e.get(name)) for name in SHOWN} for e in chosen]


def transfers_monthly(
    events: Sequence[Mapping[str, Any]], /, *, utc_offset_h: float, correlation: float, seed: int, draws: int
) -> list[Row]:
    """Transfers by month (in the ledger's zone) and verdict: number, weighed, scenarios, and the total with its range.

    The range is of drawn totals whose errors are common to the degree of `correlation`.
    """
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for e in events:
        if e["verdict"] in COUNTED and not e["in_port"]:
            month = f"{e['start_time'] + timedelta(hours=utc_offset_h):%Y-%m}"
            groups.setdefault((month, e["verdict"]), []).append(e)
    rows: list[Row] = []
    for (month, verdict), members in sorted(groups.items()):
        weighed = [e for e in members if e["cargo_best_t"] is not None]
        row: Row = {"month": month, "verdict": verdict, "n": len(members), "n_weighed": len(weighed)}
        for name in ("s33", "s50", "s90"):
            row[f"tonnes_{name}"] = sum(e[f"cargo_{name}_t"] for e in weighed) if weighed else None
        span = span_of(weighed, correlation=correlation, seed=seed, draws=draws)
        for name, tonnes in zip(("p10", "p50", "p90"), span, strict=True):
            row[f"tonnes_{name}"] = round(tonnes) if weighed else None
        rows.append(row)
    return rows


def total_of(weighed: Sequence[Mapping[str, Any]], /, *, correlation: float, seed: int, draws: int) -> FloatArray:
    """Draw the total of estimates from their P10, P50 and P90, each side of the median a half of a normal in logarithms.

    Parameters
    ----------
    weighed : events with cargo_low_t, cargo_best_t and cargo_high_t
    """
    loads = [Load(None, (float(e["cargo_low_t"]), float(e["cargo_best_t"]), float(e["cargo_high_t"]))) for e in weighed]
    totals = list(running_totals(loads, fractions=FRACTIONS, correlation=correlation, seed=seed, draws=draws))
    return totals[-1] if totals else np.zeros(draws)


def span_of(
    weighed: Sequence[Mapping[str, Any]], /, *, correlation: float, seed: int, draws: int
) -> tuple[float, float, float]:
    """P10, P50 and P90 of the total of estimates, t; of a single one those that it states itself, not draws of them."""
    if len(weighed) == 1:
        (one,) = weighed
        return float(one["cargo_low_t"]), float(one["cargo_best_t"]), float(one["cargo_high_t"])
    low, best, high = np.percentile(total_of(weighed, correlation=correlation, seed=seed, draws=draws), [10, 50, 90])
    return float(low), float(best), float(high)


def transfer_files(
    events: Sequence[Mapping[str, Any]], /, *, is_synthetic: bool, params: LedgerParams
) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Give the files of the ledger of transfers, T2 and its months, and the totals for the summary."""
    monthly = transfers_monthly(
        events,
        utc_offset_h=params.utc_offset_h,
        correlation=params.correlation,
        seed=params.seed,
        draws=params.draws,
    )
    totals = {}
    at_sea = [e for e in events if e["verdict"] in COUNTED and not e["in_port"]]
    for name, chosen in (
        ("likely", [e for e in at_sea if e["verdict"] == "likely"]),
        ("likely_and_possible", at_sea),
        ("likely_by_stricter_wording", [e for e in at_sea if level_of(e) in (LEVELS["likely"], LEVELS["very likely"])]),
    ):
        weighed = [e for e in chosen if e["cargo_best_t"] is not None]
        drawn = span_of(weighed, correlation=params.correlation, seed=params.seed, draws=params.draws)
        span = [round(tonnes) for tonnes in drawn]
        grades = {g: sum(e["cargo_grade"] == g for e in weighed) for g in "ABCD"}
        totals[name] = {
            "n": len(chosen),
            "n_weighed": len(weighed),
            "grades": grades,
            "tonnes_p10_p50_p90": span if weighed else None,
        }
    files = {
        "transfers.csv": csv_bytes("transfers", transfers_table(events), is_synthetic=is_synthetic),
        "transfers_monthly.csv": csv_bytes("transfers_monthly", monthly, is_synthetic=is_synthetic),
    }
    return files, totals


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return ";".join(map(str, value))
    if hasattr(value, "strftime"):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, float):
        return round(value, 7)
    return value
