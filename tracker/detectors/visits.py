"""One visit, one call: inferred calls of a ship that stayed about a port are joined, and give way to a call that was seen.

A ship that is heard now and then off Nampo has several silences, and each could hold a call; unless she was heard far
away in between, it is one visit. Deliveries are counted from calls, so counting too few is the safer error.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tracker.detectors.calls import Call
from tracker.detectors.way import Way
from tracker.tables.journeys import DPRK


def one_for_each_visit(
    feasible: Sequence[Call], seen: Sequence[Call], way: Way, /, *, leaves_nm: float, ceiling: float
) -> list[Call]:
    """Inferred calls, at most one for each visit to the waters about a port of the DPRK in which no call was seen.

    Parameters
    ----------
    leaves_nm : a ship heard farther than this from the port has left its waters, nm
    ceiling : highest probability of joined calls
    """
    kept = _not_beside_seen(feasible, [one for one in seen if one.port_state == DPRK], way, leaves_nm)
    joined: list[Call] = []
    for one in sorted(kept, key=lambda c: (c.ship.mmsi, c.start_ms)):
        last = joined[-1] if joined else None
        if last is not None and last.ship.mmsi == one.ship.mmsi and _is_one_visit(last, one, way, leaves_nm):
            surer = max(last, one, key=lambda c: c.probability)
            chance = min(1.0 - (1.0 - last.probability) * (1.0 - one.probability), ceiling)
            told = f"More than one silence of this visit could hold it: probability {chance:.2f} together."
            joined[-1] = replace(
                surer,
                start_ms=last.start_ms,
                end_ms=max(last.end_ms, one.end_ms),
                probability=round(chance, 3),
                why=(*(line for line in surer.why if not line.startswith("More than one silence")), told),
            )
        else:
            joined.append(one)
    return joined


def _not_beside_seen(feasible: Sequence[Call], seen: Sequence[Call], way: Way, leaves_nm: float) -> list[Call]:
    by_ship: dict[int, list[Call]] = {}
    for call in seen:
        by_ship.setdefault(call.ship.mmsi, []).append(call)
    kept = []
    for one in feasible:
        near = by_ship.get(one.ship.mmsi, [])
        if not any(
            _is_one_visit(min(one, call, key=_start), max(one, call, key=_start), way, leaves_nm) for call in near
        ):
            kept.append(one)
    return kept


def _is_one_visit(first: Call, second: Call, way: Way, leaves_nm: float) -> bool:
    """Whether the ship was not heard far from either place between two calls."""
    start, end = min(first.end_ms, second.start_ms), max(first.end_ms, second.start_ms)
    for place in (first, second):
        at = (np.array([place.lon]), np.array([place.lat]))
        _, far = way.between(np.array([first.ship.mmsi]), np.array([start]), np.array([end]), *at)
        if far[0] <= leaves_nm or np.isnan(far[0]):
            return True
    return False


def _start(call: Call) -> int:
    return call.start_ms
