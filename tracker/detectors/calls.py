"""Port calls as events, each with what was seen of coming, lying and leaving.

A call at a berth is in port, and hidden from queries unless asked for. A stop at the buoys off a DPRK port, or at
anchor off one, is not; nor is a call that is only feasible. A ship that only anchors off a port of another state makes
a call as voyages are counted, but no event: roadsteads are full of ships that wait.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from math import isnan
from typing import Any, NamedTuple

from tracker.detectors.joining import Calls
from tracker.detectors.rows import event_row
from tracker.detectors.stops import StopParams
from tracker.tables.events import event_id
from tracker.tables.journeys import BERTH, BUOY, DPRK, FEASIBLE, ROADSTEAD
from tracker.tables.ship import Ship

UNLISTED = "unlisted berth"
_SURE = {BERTH: 0.95, BUOY: 0.80, ROADSTEAD: 0.60}
"""That a stop is what its basis says, arrival and departure seen. Judgement: a berth shows itself, an anchored ship may only wait."""
_UNSEEN = 0.05
"""Taken off for each of arrival and departure that was not seen: she may lie there laid up. Judgement."""


@dataclass(frozen=True)
class Call:
    """One port call, seen or feasible."""

    ship: Ship
    start_ms: int
    end_ms: int
    lon: float
    lat: float
    basis: str
    port: str
    """Empty: a berth far from listed ports."""
    port_state: str
    port_nm: float
    probability: float
    arrival_seen: bool
    departure_seen: bool
    why: tuple[str, ...]
    reach_nm: float | None = None
    """No place of hers in it lies farther from the call's; None: not known."""

    @cached_property
    def event_id(self) -> str:
        """Id of its event."""
        return event_id("port_call", self.ship.mmsi, None, self.start_ms)

    @property
    def label(self) -> str:
        """Name of the port, for people and tables."""
        return self.port or UNLISTED

    @property
    def is_told(self) -> bool:
        """Whether it is an event, and not only an end of voyages."""
        return self.basis != ROADSTEAD or self.port_state == DPRK


def seen_calls(calls: Calls, ship_at: Callable[[int, int], Ship], /, *, params: StopParams) -> list[Call]:
    """Calls that were seen, in order of vessel and time."""
    rows = zip(*(getattr(calls, name).tolist() for name in _Row._fields), strict=True)
    return [_call(_Row(*row), ship_at, params.approach_nm) for row in rows]


class _Row(NamedTuple):
    """One row of `Calls`, as plain values."""

    mmsi: int
    start_ms: int
    end_ms: int
    lon: float
    lat: float
    basis: str
    port: str
    port_state: str
    port_nm: float
    stops: int
    waited_h: float
    approach_nm: float
    departure_nm: float
    silent_h: float
    reach_nm: float


def _call(row: _Row, ship_at: Callable[[int, int], Ship], approach_nm: float) -> Call:
    seen = row.approach_nm >= approach_nm, row.departure_nm >= approach_nm
    return Call(
        ship=ship_at(row.mmsi, row.start_ms),
        start_ms=row.start_ms,
        end_ms=row.end_ms,
        lon=row.lon,
        lat=row.lat,
        basis=row.basis,
        port=row.port,
        port_state=row.port_state,
        port_nm=row.port_nm,
        probability=round(_SURE[row.basis] - _UNSEEN * (2 - sum(seen)), 3),
        arrival_seen=seen[0],
        departure_seen=seen[1],
        why=tuple(_reasons(row, seen)),
        reach_nm=row.reach_nm,
    )


def call_events(calls: Iterable[Call], /) -> list[dict[str, Any]]:
    """Event rows of calls."""
    rows = []
    for one in calls:
        row = event_row(
            "port_call",
            one.ship,
            None,
            start_ms=one.start_ms,
            end_ms=one.end_ms,
            lon=one.lon,
            lat=one.lat,
            known_id=one.event_id,
        )
        row["in_port"], row["activity"] = one.basis == BERTH, one.basis
        row["confidence"], row["why"] = one.probability, list(one.why)
        if one.port:
            row |= {"port": one.port, "port_distance_nm": round(one.port_nm, 2)}
        rows.append(row)
    return rows


def _reasons(row: _Row, seen: tuple[bool, bool]) -> list[str]:
    hours = (row.end_ms - row.start_ms) / 3.6e6
    near = f"{row.port}, {row.port_nm:.1f} nm from its listed place" if row.port else "a berth with no listed port near"
    if row.basis == BERTH:
        where = f"Lay at a berth of {near}" if row.port else f"Lay at {near}"
    elif row.basis == BUOY:
        where = f"Lay in {near}: stopped off the shore, where discharge through buoys is reported"
    else:
        where = f"Lay at anchor off {near}: may only have waited"
    lines = [f"{where}, for {hours:.1f} h in {row.stops} stop(s)."]
    if row.basis != ROADSTEAD and row.waited_h > 0:
        lines.append(f"Of that {row.waited_h:.1f} h at anchor off the port.")
    for is_seen, far, coming in ((seen[0], row.approach_nm, True), (seen[1], row.departure_nm, False)):
        if is_seen:
            lines.append(
                f"Her approach was heard, from {far:.0f} nm off."
                if coming
                else f"Her departure was heard, to {far:.0f} nm off."
            )
        elif isnan(far):
            lines.append(f"Not heard {'before' if coming else 'after'} the stop.")
        else:
            lines.append(
                f"Her {'arrival' if coming else 'departure'} was not seen: within {far:.1f} nm all the time heard."
            )
    if row.silent_h > 3:
        lines.append(f"Silent for up to {row.silent_h:.0f} h in it; she is taken to have stayed.")
    return lines


def is_feasible(call: Call, /) -> bool:
    """Whether a call is inferred from a silence only."""
    return call.basis == FEASIBLE
