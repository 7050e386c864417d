"""Public release: ships of events below ``likely`` are masked.

What names a ship, or would (identity, size, lists, sentences), is emptied; ids that are hashes of an MMSI are replaced
by a running number. Place and time stay, and whoever holds the same AIS could find the ships again by them: this
keeps unproven suspicion out of print, it does not make secret what was broadcast.
"""

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tracker.tables.events import EVENTS

NOTE = (
    "Public release: the ships of events below 'likely' are masked. Place and time remain, "
    "so that holders of the same AIS could find them again."
)

_SHIP = [
    "mmsi",
    "name",
    "imo",
    "callsign",
    "flag",
    "flag_basis",
    "ship_type",
    "length_m",
    "beam_m",
    "dwt_t",
    "dwt_basis",
    "hull_id",
    "listed",
    "owners",
    "reports",
]
MASKED = (
    *(f"{name}_{n}" for n in (1, 2) for name in _SHIP),
    *(f"draught_change_{n}_m" for n in (1, 2)),
    *("group_id", "donor_mmsi", "receiver_mmsi", "candidates", "why", "risk_reasons", "risk_missing", "legal_flags"),
    *("cargo_low_t", "cargo_best_t", "cargo_high_t", "cargo_low_bbl", "cargo_best_bbl", "cargo_high_bbl"),
    *("cargo_s33_t", "cargo_s50_t", "cargo_s90_t"),
)
"""Columns that are emptied: cargo too, since it is a fraction of one ship's deadweight."""


def mask_unlikely(events: Any, /) -> Any:
    """Events with the ships of all that are not ``likely`` masked; the order and number of rows are kept."""
    masked = pc.invert(pc.fill_null(pc.equal(events.column("verdict"), "likely"), False))
    columns = {}
    for field in EVENTS.schema:
        values = events.column(field.name)
        if field.name in MASKED:
            values = pc.if_else(masked, pa.scalar(None, values.type), values)
        elif field.name == "event_id":
            numbers = pa.array([f"masked-{row + 1}" for row in range(events.num_rows)], pa.string())
            values = pc.if_else(masked, numbers, values)
        columns[field.name] = values
    return pa.table(columns)
