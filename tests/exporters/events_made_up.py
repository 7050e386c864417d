"""Synthetic events for tests of what is written: no ship meant, some names hostile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tracker.tables.events import EVENTS, event_id

HOSTILE = [
    "<script>alert(1)</script>",
    '=HYPERLINK("http://evil","x")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    '"; DROP TABLE events; --',
    "a,b\nc;d",
    "\u202eGNIK\u202c",
    "\x00\x1b[31mRED",
    "</script><img src=x onerror=alert(1)>",
    "만경봉 92 — ÆØÅ 🚢",
    "＝cmd|' /C calc'!A0",
    "\ufeff=1+1",
    "🚢🏴‍☠️👩‍✈️",
    "@" * 20,
]
"""Names that the radio may carry or a registry may hold."""

PROVENANCE: dict[str, Any] = {"run_id": "run", "inputs": ["a<b>.csv"], "parameters": {"radius_m": 500.0}}


def encounter(number: int, *, name: str | None = "LADY") -> dict[str, Any]:
    """An encounter with most columns known, others unknown."""
    start = datetime(2020, 1, 31, 23, 59, 59, 123000, tzinfo=UTC) + timedelta(minutes=number)
    return {
        "event_id": event_id("encounter", 1, number + 2, int(start.timestamp() * 1000)),
        "type": "encounter",
        "verdict": "likely",
        "confidence": 0.1 + 0.2,
        "in_port": False,
        "start_time": start,
        "end_time": start.replace(microsecond=0) + timedelta(hours=3),
        "duration_h": 3.0,
        "lon": -120.1234567,
        "lat": 33.7654321,
        "mmsi_1": 1,
        "mmsi_2": number + 2,
        "name_1": name,
        "name_2": None,
        "imo_1": 9_307_839,
        "length_m_1": 12.3,
        "listed_1": [],
        "listed_2": ["ofac:123:strong", "eu:9"],
        "claimants": None,
        "is_international": True,
        "waters_share": '{"eez":1.0}',
        "why": [name or "", "lay alongside for 3 h"],
        "run_id": "run",
    }


def events(names: list[str | None]) -> Any:
    """Arrow table of events, one for each name."""
    return EVENTS.from_rows(encounter(number, name=name) for number, name in enumerate(names))
