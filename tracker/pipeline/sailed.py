"""How far ships sailed from one port call to the next, beside the shortest way over water: what rule R36 looks at.

The way is measured on the place that the pass kept of each hour, of which those count that lie a mile or more apart, so
that swinging at anchor adds nothing; over a silence it is the straight line, and how much longer it can have been there
is told beside it. Straight from hour to hour it is never longer than it was.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isnan
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tracker.detectors.calls import Call
from tracker.detectors.hourly import hidden_nm, way_nm, without_wrong_fixes
from tracker.detectors.way import Way
from tracker.geo.kernels import distance_m
from tracker.pipeline.meetings import ms_of
from tracker.pipeline.over_water import over_water_nm
from tracker.risk.facts import VoyageFact
from tracker.tables.journeys import FEASIBLE
from tracker.units import METRES_PER_NAUTICAL_MILE, MILLISECONDS_PER_HOUR
from tracker.zones.destinations import ports_said
from tracker.zones.ports import read_ports

Said = tuple[int, int, str]
"""First and last time a destination was said (ms), and its text."""

BACK_NM = 20.0
"""Nearer than this to where she left she is back there."""
ENOUGH = 1.3
"""A way under this multiple of the straight line is no detour, whatever lies between (rule R36: 30 %)."""
FAR_NM = 50.0
"""A call farther than this from the port that was named is not there (judgement: roadsteads and estuaries)."""
SETTLED_MS = 6 * MILLISECONDS_PER_HOUR
"""A destination said this long before arrival was where she was going; later ones are of the next voyage."""
LEAST_REPORTS = 3
AT_ONCE = 2_000
"""Voyages measured at a time: bounds the memory, not the answer."""


@dataclass(frozen=True)
class Leg:
    """From the end of one call to the start of the next, both seen."""

    mmsi: int
    from_port: str
    to_port: str
    start_ms: int
    end_ms: int


def legs_of_calls(calls: Iterable[Call], /, *, least: float) -> list[Leg]:
    """Legs between calls as voyages are counted: a call that is only feasible ends one when its probability is `least`."""
    by_ship: dict[int, list[Call]] = {}
    for one in calls:
        if one.basis != FEASIBLE or one.probability >= least:
            by_ship.setdefault(one.ship.mmsi, []).append(one)
    legs = []
    for mmsi, every in by_ship.items():
        for one, two in pairwise(every):
            if FEASIBLE not in {one.basis, two.basis}:
                legs.append(Leg(mmsi, one.label, two.label, one.end_ms, two.start_ms))
    return legs


def legs_of_voyages(rows: Iterable[Mapping[str, Any]], /) -> list[Leg]:
    """Legs from the table ``voyages`` of a case."""
    return [
        Leg(row["mmsi"], row["from_port"], row["to_port"], ms_of(row["departure_time"]), ms_of(row["arrival_time"]))
        for row in rows
        if row["departure_time"] is not None
        and row["arrival_time"] is not None
        and FEASIBLE not in {row["from_basis"], row["to_basis"]}
    ]


def sailed_in(
    asked: Iterable[tuple[int, int, int]], legs: Sequence[Leg], statics: Any, way: Way, /
) -> dict[tuple[int, int, int], VoyageFact]:
    """The voyage about each stretch of time (MMSI, start and end in ms); stretches in no leg are not there."""
    by_ship: dict[int, list[Leg]] = {}
    for leg in legs:
        by_ship.setdefault(leg.mmsi, []).append(leg)
    wanted: dict[tuple[int, int, int], Leg] = {}
    for mmsi, start, end in asked:
        about = [leg for leg in by_ship.get(mmsi, []) if leg.start_ms <= end and leg.end_ms >= start]
        if about:
            wanted[mmsi, start, end] = max(
                about, key=lambda leg: (min(leg.end_ms, end) - max(leg.start_ms, start), -leg.start_ms)
            )
    chosen = sorted(set(wanted.values()), key=lambda leg: (leg.mmsi, leg.start_ms))
    if not chosen:
        return {}
    said = _destinations(statics, {leg.mmsi for leg in chosen})
    found: dict[Leg, VoyageFact] = {}
    for begin in range(0, len(chosen), AT_ONCE):
        found |= _measured(chosen[begin : begin + AT_ONCE], said, way)
    return {key: found[leg] for key, leg in wanted.items() if leg in found}


def _measured(legs: Sequence[Leg], said: Mapping[int, Sequence[Said]], way: Way) -> dict[Leg, VoyageFact]:
    """Voyages of legs; one with fewer than two places, or with steps that no ship makes, is not there."""
    mmsi, start, end = np.array([(leg.mmsi, leg.start_ms, leg.end_ms) for leg in legs], np.int64).T
    places = without_wrong_fixes(way.places(mmsi, start, end))
    wrong = np.bincount(places.owner[:-1][places.is_fast], minlength=len(legs)) > 0
    sure = np.flatnonzero((places.count >= 2) & ~wrong)
    places, start, end = places.of(sure), start[sure], end[sure]
    lengths, hidden = way_nm(places), hidden_nm(places, start, end)
    first, last = places.starts[:-1], places.starts[1:] - 1
    lines = places.lon[first], places.lat[first], places.lon[last], places.lat[last]
    shortest = np.asarray(distance_m(*lines)) / METRES_PER_NAUTICAL_MILE
    is_loop = shortest < BACK_NM
    # without land in between the straight line is the way: the rest is asked of the sea only when it matters
    asked = np.flatnonzero(~is_loop & (lengths > ENOUGH * shortest))
    lon_1, lat_1, lon_2, lat_2 = (column[asked] for column in lines)
    shortest[asked] = over_water_nm((lon_1, lat_1, lon_2, lat_2), lengths[asked])
    shortest[is_loop] = np.nan
    columns = (column.tolist() for column in (sure, lengths, shortest, hidden, is_loop, *lines))
    return {
        legs[i]: VoyageFact(
            from_port=legs[i].from_port,
            to_port=legs[i].to_port,
            way_nm=sailed_nm,
            shortest_nm=None if isnan(over_nm) else over_nm,
            hidden_nm=more_nm,
            is_loop=comes_back,
            missed=_missed(legs[i], said.get(legs[i].mmsi, ()), (ends[0], ends[1]), (ends[2], ends[3])),
        )
        for i, sailed_nm, over_nm, more_nm, comes_back, *ends in zip(*columns, strict=True)
    }


def _destinations(statics: Any, mmsis: set[int]) -> dict[int, list[Said]]:
    """Destinations by ship: first and last time said (ms), and the text; those said often enough."""
    own = statics.filter(
        pc.and_(pc.is_in(statics["mmsi"], pa.array(sorted(mmsis), pa.int32())), pc.is_valid(statics["destination"]))
    )
    folded = own.group_by(["mmsi", "destination"], use_threads=False).aggregate(
        [("time", "min"), ("last_time", "max"), ("reports", "sum")]
    )
    said: dict[int, list[Said]] = {}
    for row in folded.to_pylist():
        if row["reports_sum"] >= LEAST_REPORTS:
            span = (ms_of(row["time_min"]), ms_of(row["last_time_max"]), row["destination"])
            said.setdefault(row["mmsi"], []).append(span)
    return said


def _missed(leg: Leg, said: Sequence[Said], left: tuple[float, float], reached: tuple[float, float]) -> str | None:
    """The destination that she gave on the way and did not reach; None too where it names no port, or the one she left."""
    until = leg.end_ms - SETTLED_MS
    held = [one for one in said if one[0] <= until and one[1] >= leg.start_ms]
    if not held:
        return None
    text = max(held)[2]
    ports, rows = read_ports(), ports_said(text)
    if not rows or any(
        _nm(lon, lat, ports.lon[row], ports.lat[row]) <= FAR_NM for lon, lat in (left, reached) for row in rows
    ):
        return None
    return text


def _nm(lon_1: float, lat_1: float, lon_2: float, lat_2: float) -> float:
    return float(distance_m(lon_1, lat_1, lon_2, lat_2)) / METRES_PER_NAUTICAL_MILE
