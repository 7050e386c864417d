"""Port calls as events, each with what was seen of coming, lying and leaving.

A call at a berth is in port, and hidden from queries unless asked for. A stop at the buoys off a DPRK port, or at
anchor off one, is not; nor is a call that is only feasible. A ship that only anchors off a port of another state makes
a call as voyages are counted, but no event: roadsteads are full of ships that wait.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

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

    @property
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
    came, went = calls.approach_nm >= params.approach_nm, calls.departure_nm >= params.approach_nm
    found = []
    for i in range(len(calls)):
        basis = str(calls.basis[i])
        seen = bool(came[i]), bool(went[i])
        found.append(
            Call(
                ship=ship_at(int(calls.mmsi[i]), int(calls.start_ms[i])),
                start_ms=int(calls.start_ms[i]),
                end_ms=int(calls.end_ms[i]),
                lon=float(calls.lon[i]),
                lat=float(calls.lat[i]),
                basis=basis,
                port=str(calls.port[i]),
                port_state=str(calls.port_state[i]),
                port_nm=float(calls.port_nm[i]),
                probability=round(_SURE[basis] - _UNSEEN * sum(not one for one in seen), 3),
                arrival_seen=seen[0],
                departure_seen=seen[1],
                why=tuple(_reasons(calls, i, basis, seen)),
                reach_nm=float(calls.reach_nm[i]),
            )
        )
    return found


def call_events(calls: Iterable[Call], /) -> list[dict[str, Any]]:
    """Event rows of calls."""
    rows = []
    for one in calls:
        row = event_row("port_call", one.ship, None, start_ms=one.start_ms, end_ms=one.end_ms, lon=one.lon, lat=one.lat)
        row |= {
            "in_port": one.basis == BERTH,
            "activity": one.basis,
            "confidence": one.probability,
            "why": list(one.why),
        }
        if one.port:
            row |= {"port": one.port, "port_distance_nm": round(one.port_nm, 2)}
        rows.append(row)
    return rows


def _reasons(calls: Calls, i: int, basis: str, seen: tuple[bool, bool]) -> list[str]:
    hours = (calls.end_ms[i] - calls.start_ms[i]) / 3.6e6
    port = str(calls.port[i])
    near = f"{port}, {calls.port_nm[i]:.1f} nm from its listed place" if port else "a berth with no listed port near"
    where = {
        BERTH: f"Lay at a berth of {near}" if port else f"Lay at {near}",
        BUOY: f"Lay in {near}: stopped off the shore, where discharge through buoys is reported",
        ROADSTEAD: f"Lay at anchor off {near}: may only have waited",
    }[basis]
    lines = [f"{where}, for {hours:.1f} h in {calls.stops[i]} stop(s)."]
    if basis != ROADSTEAD and calls.waited_h[i] > 0:
        lines.append(f"Of that {calls.waited_h[i]:.1f} h at anchor off the port.")
    for is_seen, far, coming in ((seen[0], calls.approach_nm[i], True), (seen[1], calls.departure_nm[i], False)):
        if is_seen:
            lines.append(
                f"Her {'approach' if coming else 'departure'} was heard, from {far:.0f} nm off."
                if coming
                else f"Her departure was heard, to {far:.0f} nm off."
            )
        elif np.isnan(far):
            lines.append(f"Not heard {'before' if coming else 'after'} the stop.")
        else:
            lines.append(
                f"Her {'arrival' if coming else 'departure'} was not seen: within {far:.1f} nm all the time heard."
            )
    if calls.silent_h[i] > 3:
        lines.append(f"Silent for up to {calls.silent_h[i]:.0f} h in it; she is taken to have stayed.")
    return lines


def is_feasible(call: Call, /) -> bool:
    """Whether a call is inferred from a silence only."""
    return call.basis == FEASIBLE
