"""Rows as CSV: unknown is empty, no cell is a formula, and synthetic data says so in a last column of every table."""

import csv
import io
from typing import Any

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

HEADERS = {
    "transfers_monthly": ("month", "verdict", "n", "n_weighed"),
    "declared_vs_detected": (
        "supplier",
        "period_start",
        "period_end",
        "product",
        "declared_t",
        "declared_bbl",
        "status",
    ),
    "by_flag_state": ("year", "flag", "flag_class", "n_deliveries", "n_ships", "dwt_sum_t", "factor_set"),
    "sensitivity": ("year", "factor_set", "scenario", "laden_fraction", "tonnes", "bbl", "cap_bbl", "ratio_cap"),
    "deliveries": ("no", "date", "vessel_name", "flag", "dwt_t", "port", "basis", "counted"),
    "goods": ("date", "product", "hs", "status", "measure", "port", "vessel_name", "best_t", "usd", "price", "source"),
    "ships": ("ship", "names", "imo", "mmsi", "flags", "deliveries", "transfers"),
    "chain": ("delivery_id", "level", "event_id", "donor_mmsi", "receiver_mmsi", "low_t", "best_t", "high_t", "grade"),
    "legal": (
        "rule_id",
        "authority",
        "effective_from",
        "period",
        "asked",
        "value",
        "unit",
        "limit",
        "answer",
        "source",
    ),
    "crude": ("period_start", "kind", "tonnes", "barrels", "factor_set", "ratio_bbl_limb", "ratio_t_limb"),
    "cumulative": (
        *("month_end", "scenario", "laden_fraction", "factor_set", "tonnes_cum", "bbl_cum", "cap_bbl", "ratio_cap"),
        *("n_deliveries_cum", "p10_bbl", "p90_bbl"),
    ),
    "monthly_by_flag": (
        *("month", "flag_class", "flag", "n", "dwt_sum_t", "tonnes", "bbl", "scenario", "laden_fraction"),
        "factor_set",
    ),
}
"""Columns of a table that has no row."""


def csv_bytes(name: str, rows: list[dict[str, Any]], /, *, is_synthetic: bool) -> bytes:
    """CSV; synthetic data carries a last column that says so, in every table."""
    names = list(rows[0]) if rows else list(HEADERS.get(name, ("year",)))
    names += ["synthetic"] if is_synthetic else []
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, names, lineterminator="\n")
    writer.writeheader()
    mark = {"synthetic": "SYNTHETIC"} if is_synthetic else {}
    for row in rows:
        writer.writerow({key: _cell(value) for key, value in (row | mark).items()})
    return buffer.getvalue().encode()


def _cell(value: Any) -> Any:
    """Text that no spreadsheet takes for a formula; whole numbers without a dot."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
