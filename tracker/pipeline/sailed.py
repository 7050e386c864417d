"""How far ships sailed from one port call to the next, beside the shortest way over water: what rule R36 looks at.

The way is measured on half-hourly places that lie a mile or more apart, so that swinging at anchor adds nothing; over a
silence it is the straight line, and how much longer it can have been there is told beside it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tracker.detectors.calls import Call
from tracker.geo.grids import Grid
from tracker.geo.kernels import distance_m, ecef_m, midpoint, surface_deg
from tracker.geo.ways import ways_at_m, ways_m
from tracker.pipeline.meetings import ms_of
from tracker.pipeline.returns import Positions
from tracker.pipeline.stretches import read_stretches
from tracker.risk.facts import VoyageFact
from tracker.tables.fixes import Fixes, concat_fixes
from tracker.tables.journeys import FEASIBLE
from tracker.units import METRES_PER_NAUTICAL_MILE, MILLISECONDS_PER_HOUR, MILLISECONDS_PER_MINUTE
from tracker.zones.destinations import ports_said
from tracker.zones.index import read_index
from tracker.zones.ports import read_ports

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

STEP_MS = 30 * MILLISECONDS_PER_MINUTE
STILL_NM = 1.0
FASTEST_KN = 40.0
"""No cargo ship is faster: a place that needs more is a wrong fix."""
LEAST_STEP_H = 1.0 / 60.0
SERVICE_KN = 11.0
"""How fast a ship may have gone while she was silent (cargo-and-law.md, rule R16)."""
SILENT_H = 2.0
BACK_NM = 20.0
"""Nearer than this to where she left she is back there."""
ENOUGH = 1.3
"""A way under this multiple of the straight line is no detour, whatever lies between (rule R36: 30 %)."""
MOST_NM = 3000.0
"""Ways over water are not sought beyond: cells would be too coarse for straits."""
HALF_CELLS = 120
SNAP_NM = 4.0
LOOK_NM = 1.0
FAR_NM = 50.0
"""A call farther than this from the port that was named is not there (judgement: roadsteads and estuaries)."""
SETTLED_MS = 6 * MILLISECONDS_PER_HOUR
"""A destination said this long before arrival was where she was going; later ones are of the next voyage."""
LEAST_REPORTS = 3


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
    asked: Iterable[tuple[int, int, int]], legs: Sequence[Leg], statics: Any, positions: Positions, /
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
    found = _measured(sorted(set(wanted.values()), key=lambda leg: (leg.mmsi, leg.start_ms)), statics, positions)
    return {key: found[leg] for key, leg in wanted.items() if leg in found}


def _measured(legs: Sequence[Leg], statics: Any, positions: Positions) -> dict[Leg, VoyageFact]:
    said = _destinations(statics, {leg.mmsi for leg in legs})
    asked = [(leg.mmsi, leg.start_ms, leg.end_ms) for leg in legs]
    found = {}
    for i, parts in read_stretches(asked, positions, keep=lambda _, track: _thinned(track)):
        fact = _voyage(legs[i], concat_fixes(parts), said.get(legs[i].mmsi, []))
        if fact is not None:
            found[legs[i]] = fact
    return found


def _thinned(track: Fixes) -> Fixes:
    """The first report of each half hour, and the last."""
    _, first = np.unique(track.time_ms // STEP_MS, return_index=True)
    return track.take(np.unique(np.append(first, len(track) - 1)))


def _voyage(leg: Leg, track: Fixes, said: Sequence[tuple[int, int, str]]) -> VoyageFact | None:
    time, lon, lat = _places(_thinned(track))
    if len(time) < 2:
        return None
    steps_nm, hours = _steps(time, lon, lat)
    if (steps_nm / np.maximum(hours, LEAST_STEP_H) > FASTEST_KN).any():
        return None
    way_nm = _way_nm(lon, lat)
    silent = hours >= SILENT_H
    hidden_nm = float(np.maximum(hours[silent] * SERVICE_KN - steps_nm[silent], 0.0).sum())
    straight_nm = _nm(lon[0], lat[0], lon[-1], lat[-1])
    is_loop = straight_nm < BACK_NM
    shortest: float | None = straight_nm
    if is_loop:
        shortest = None
    elif way_nm > ENOUGH * straight_nm:
        # without land in between the straight line is the way: the rest is asked of the sea only when it matters
        shortest = _over_water_nm((lon[0], lat[0]), (lon[-1], lat[-1]), way_nm)
    return VoyageFact(
        from_port=leg.from_port,
        to_port=leg.to_port,
        way_nm=way_nm,
        shortest_nm=shortest,
        hidden_nm=hidden_nm,
        is_loop=is_loop,
        missed=_missed(leg, said, (lon[0], lat[0]), (lon[-1], lat[-1])),
    )


def _places(track: Fixes) -> tuple[Ints, Floats, Floats]:
    """Places of a track, wrong fixes left out: times (ms), longitudes, latitudes."""
    time, lon, lat = track.time_ms, track.lon, track.lat
    while len(time) > 2:
        steps_nm, hours = _steps(time, lon, lat)
        fast = steps_nm / np.maximum(hours, LEAST_STEP_H) > FASTEST_KN
        # a wrong fix is reached and left too fast; one at an end is only one of the two
        ends = [fast[0] & ~fast[1], fast[-1] & ~fast[-2]]
        lone = np.concatenate([ends[:1], fast[:-1] & fast[1:], ends[1:]])
        if not lone.any():
            break
        time, lon, lat = time[~lone], lon[~lone], lat[~lone]
    return time, lon, lat


def _way_nm(lon: Floats, lat: Floats) -> float:
    """Length of the way over places that lie a mile or more apart, and the last."""
    kept, last = [0], len(lon) - 1
    near = np.append(np.asarray(distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:])), 0.0) / METRES_PER_NAUTICAL_MILE
    for row in range(1, last):
        away = near[kept[-1]] if row == kept[-1] + 1 else _nm(lon[kept[-1]], lat[kept[-1]], lon[row], lat[row])
        if away >= STILL_NM:
            kept.append(row)
    kept.append(last)
    steps = distance_m(lon[kept][:-1], lat[kept][:-1], lon[kept][1:], lat[kept][1:])
    return float(np.asarray(steps).sum()) / METRES_PER_NAUTICAL_MILE


def _steps(time: Ints, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    away = np.asarray(distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:])) / METRES_PER_NAUTICAL_MILE
    return away, np.diff(time) / MILLISECONDS_PER_HOUR


def _over_water_nm(one: tuple[float, float], two: tuple[float, float], way_nm: float) -> float | None:
    """Shortest way over water between two places; None where none is found. It is no longer than the way that was sailed."""
    if _is_open_sea(one, two):
        return _nm(*one, *two)
    if way_nm > MOST_NM:
        return None
    half_m = 0.53 * way_nm * METRES_PER_NAUTICAL_MILE
    middle = midpoint(*one, *two)
    grid = Grid(float(middle[0]), float(middle[1]), half_m / HALF_CELLS, HALF_CELLS + 2)
    lon, lat = grid.degrees
    water = ~read_index().is_on_land((lon.ravel() + 180.0) % 360.0 - 180.0, lat.ravel()).reshape(lon.shape)
    snap_m = max(SNAP_NM * METRES_PER_NAUTICAL_MILE, 2.0 * grid.cell_m)
    ways = ways_m(grid, water, *one, snap_m=snap_m)
    way_m = np.inf if ways is None else float(ways_at_m(grid, ways, *two, snap_m=snap_m)[0])
    return way_m / METRES_PER_NAUTICAL_MILE if np.isfinite(way_m) else None


def _is_open_sea(one: tuple[float, float], two: tuple[float, float]) -> bool:
    """Whether no land lies on the straight way, looked at every mile, but for the harbours at its ends."""
    length_nm = _nm(*one, *two)
    part = np.linspace(0.0, 1.0, int(length_nm / LOOK_NM) + 3)
    (x1, y1, z1), (x2, y2, z2) = ecef_m(*one), ecef_m(*two)
    lon, lat = surface_deg(*(np.asarray(a + part * (b - a), np.float64) for a, b in ((x1, x2), (y1, y2), (z1, z2))))
    at_sea = (part * length_nm >= SNAP_NM) & ((1.0 - part) * length_nm >= SNAP_NM)
    return not bool(read_index().is_on_land(lon[at_sea], lat[at_sea]).any())


def _destinations(statics: Any, mmsis: set[int]) -> dict[int, list[tuple[int, int, str]]]:
    """Destinations by ship: first and last time said (ms), and the text; those said often enough."""
    own = statics.filter(
        pc.and_(pc.is_in(statics["mmsi"], pa.array(sorted(mmsis), pa.int32())), pc.is_valid(statics["destination"]))
    )
    folded = own.group_by(["mmsi", "destination"], use_threads=False).aggregate(
        [("time", "min"), ("last_time", "max"), ("reports", "sum")]
    )
    said: dict[int, list[tuple[int, int, str]]] = {}
    for row in folded.to_pylist():
        if row["reports_sum"] >= LEAST_REPORTS:
            span = (ms_of(row["time_min"]), ms_of(row["last_time_max"]), row["destination"])
            said.setdefault(row["mmsi"], []).append(span)
    return said


def _missed(
    leg: Leg, said: Sequence[tuple[int, int, str]], left: tuple[float, float], reached: tuple[float, float]
) -> str | None:
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
