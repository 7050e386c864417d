"""Columns that rows of every event type share."""

from datetime import UTC, datetime
from typing import Any

from tracker.tables.events import event_id
from tracker.tables.ship import Ship

_NOBODY = Ship(0)


def event_row(
    kind: str,
    ship_1: Ship,
    ship_2: Ship | None,
    /,
    *,
    start_ms: int,
    end_ms: int,
    lon: float,
    lat: float,
    known_id: str | None = None,
) -> dict[str, Any]:
    """What, when, where and who; the caller adds the rest. A missing ship gives empty columns.

    Parameters
    ----------
    known_id : its `tracker.tables.events.event_id`, where that was worked out before
    """
    two = _NOBODY if ship_2 is None else ship_2
    return {
        "event_id": known_id or event_id(kind, ship_1.mmsi, None if ship_2 is None else ship_2.mmsi, start_ms),
        "type": kind,
        "verdict": None,
        "group_id": None,
        "in_port": False,
        "start_time": datetime.fromtimestamp(start_ms / 1000, UTC),
        "end_time": datetime.fromtimestamp(end_ms / 1000, UTC),
        "duration_h": round((end_ms - start_ms) / 3.6e6, 4),
        "lon": round(lon, 7),
        "lat": round(lat, 7),
        "mmsi_1": ship_1.mmsi,
        "name_1": ship_1.name,
        "imo_1": ship_1.imo,
        "callsign_1": ship_1.callsign,
        "ship_type_1": ship_1.ship_type,
        "length_m_1": ship_1.length_m,
        "beam_m_1": ship_1.beam_m,
        "mmsi_2": None if ship_2 is None else ship_2.mmsi,
        "name_2": two.name,
        "imo_2": two.imo,
        "callsign_2": two.callsign,
        "ship_type_2": two.ship_type,
        "length_m_2": two.length_m,
        "beam_m_2": two.beam_m,
    }
