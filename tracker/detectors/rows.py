"""Columns that rows of every event type share."""

from datetime import UTC, datetime
from typing import Any

from tracker.tables.events import event_id
from tracker.tables.ship import Ship


def event_row(
    kind: str, ship_1: Ship, ship_2: Ship | None, /, *, start_ms: int, end_ms: int, lon: float, lat: float
) -> dict[str, Any]:
    """What, when, where and who; the caller adds the rest. A missing ship gives empty columns."""
    row: dict[str, Any] = {
        "event_id": event_id(kind, ship_1.mmsi, None if ship_2 is None else ship_2.mmsi, start_ms),
        "type": kind,
        "verdict": None,
        "group_id": None,
        "in_port": False,
        "start_time": datetime.fromtimestamp(start_ms / 1000, UTC),
        "end_time": datetime.fromtimestamp(end_ms / 1000, UTC),
        "duration_h": round((end_ms - start_ms) / 3.6e6, 4),
        "lon": round(lon, 7),
        "lat": round(lat, 7),
    }
    for n, ship in ((1, ship_1), (2, ship_2)):
        row |= {
            f"mmsi_{n}": None if ship is None else ship.mmsi,
            f"name_{n}": None if ship is None else ship.name,
            f"imo_{n}": None if ship is None else ship.imo,
            f"callsign_{n}": None if ship is None else ship.callsign,
            f"ship_type_{n}": None if ship is None else ship.ship_type,
            f"length_m_{n}": None if ship is None else ship.length_m,
            f"beam_m_{n}": None if ship is None else ship.beam_m,
        }
    return row
