"""Which events are scored, and what is worked out about all of them at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from tracker.pipeline.port_states import state_at
from tracker.pipeline.rows import columns
from tracker.risk.sun import night_shares

MEETINGS = frozenset({"encounter", "dark_encounter"})
Rows = Sequence[Mapping[str, Any]]


def are_scored(rows: Rows, /) -> list[bool]:
    """Meetings at sea that may be transfers, what ships do alone at sea, and port calls in the DPRK."""
    return [
        state_at(kind, state, port) == "PRK" if kind == "port_call" else not in_port and verdict != "unlikely"
        for kind, in_port, verdict, state, port in columns(rows, "type", "in_port", "verdict", "state", "port")
    ]


def night_shares_of(rows: Rows, is_scored: Sequence[bool], /) -> dict[int, float]:
    """Share of each meeting that is scored between dusk and dawn, by its row; those without a place are not there."""
    told = columns(rows, "type", "lon", "lat", "start_time", "end_time")
    asked = {
        place: about
        for place, (is_asked, (kind, *about)) in enumerate(zip(is_scored, told, strict=True))
        if is_asked and kind in MEETINGS and None not in about
    }
    return dict(
        zip(asked, night_shares([(lon, lat, start, end) for lon, lat, start, end in asked.values()]), strict=True)
    )
