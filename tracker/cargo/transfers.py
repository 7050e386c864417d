"""The ledger of transfers: the legs between ships that a case found, never added to deliveries.

Fuel passes several hulls before it arrives, so a sum of legs counts it more than once; the table says so in its name.
Counted are likely contacts; what adding the possible ones would do stands beside it.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from math import log
from typing import Any

import numpy as np

from tracker.cargo.ledger import LedgerParams
from tracker.cargo.pert import FloatArray
from tracker.cargo.tabulate import csv_bytes

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
Z90 = 1.2815515655446004
"""Standard normal quantile of 0.9."""


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
        total = total_of(weighed, correlation=correlation, seed=seed, draws=draws)
        for name, q in (("p10", 10), ("p50", 50), ("p90", 90)):
            row[f"tonnes_{name}"] = round(float(np.percentile(total, q))) if weighed else None
        rows.append(row)
    return rows


def total_of(weighed: Sequence[Mapping[str, Any]], /, *, correlation: float, seed: int, draws: int) -> FloatArray:
    """Draw the total of estimates from their P10, P50 and P90, each side of the median a half of a normal in logarithms.

    Parameters
    ----------
    weighed : events with cargo_low_t, cargo_best_t and cargo_high_t
    """
    rng = np.random.default_rng(seed)
    shared = rng.standard_normal(draws)
    total = np.zeros(draws)
    for e in weighed:
        z = np.sqrt(correlation) * shared + np.sqrt(1.0 - correlation) * rng.standard_normal(draws)
        low, best, high = (max(1.0, float(e[f"cargo_{name}_t"])) for name in ("low", "best", "high"))
        below, above = log(best / low) / Z90, log(high / best) / Z90
        total = total + best * np.exp(below * np.minimum(z, 0.0) + above * np.maximum(z, 0.0))
    return total


def transfer_files(
    events: Sequence[Mapping[str, Any]], /, *, is_synthetic: bool, run_id: str, params: LedgerParams, version: str
) -> dict[str, bytes]:
    """Give the files of the ledger of transfers: T2, its months, and a summary."""
    monthly = transfers_monthly(
        events,
        utc_offset_h=params.utc_offset_h,
        correlation=params.correlation,
        seed=params.seed,
        draws=params.draws,
    )
    totals = {}
    for name, verdicts in (("likely", {"likely"}), ("likely_and_possible", {"likely", "possible"})):
        chosen = [e for e in events if e["verdict"] in verdicts and not e["in_port"]]
        weighed = [e for e in chosen if e["cargo_best_t"] is not None]
        drawn = total_of(weighed, correlation=params.correlation, seed=params.seed, draws=params.draws)
        span = [round(float(q)) for q in np.percentile(drawn, [10, 50, 90])]
        grades = {g: sum(e["cargo_grade"] == g for e in weighed) for g in "ABCD"}
        totals[name] = {
            "n": len(chosen),
            "n_weighed": len(weighed),
            "grades": grades,
            "tonnes_p10_p50_p90": span if weighed else None,
        }
    summary = {
        "synthetic": is_synthetic,
        "version": version,
        "run_id": run_id,
        "parameters": params.model_dump(mode="json"),
        "transfers": totals,
        "deliveries": None,
        "notes": [
            "These are legs between ships. Fuel passes several hulls before it arrives: the sum of legs is no import.",
            "Arrivals in ports are not found in a case yet: the ledger against the caps needs --deliveries FILE.csv.",
            "A range is of drawn totals with a common error, not a sum of percentiles.",
        ],
    }
    return {
        "transfers.csv": csv_bytes("transfers", transfers_table(events), is_synthetic=is_synthetic),
        "transfers_monthly.csv": csv_bytes("transfers_monthly", monthly, is_synthetic=is_synthetic),
        "summary.json": (json.dumps(summary, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode(),
    }


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return ";".join(map(str, value))
    if hasattr(value, "strftime"):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, float):
        return round(value, 7)
    return value
