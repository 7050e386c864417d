"""Ships on land that came there at a ship's pace: adrift from the sea, or straight across country.

Depth inland alone says nothing: rivers, canals and docks are land to the coast index. What a waterway does not explain is
a ship that comes in from the sea at a pace at which nobody goes up a river, or a way as straight as none winds, in places
where no other ship of the data ever was. Where others were, or a lake, a great canal or a port is known to be, nothing is
said. Not decidable, and not told: a ship that lies inland all the while, one that winds as a river does, and any way
across country of a ship that is alone in the data; a river may be there.
"""

import csv
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import Protocol

import numpy as np
import numpy.typing as npt

from tracker.detectors.spoofing.falsehood import Falsehood, Rows, SpoofingParams, Track, falsehood
from tracker.detectors.spoofing.inland import Inland
from tracker.detectors.spoofing.shapes import FloatArray
from tracker.geo.kernels import distance_m, ecef_m
from tracker.tables.fixes import concat_fixes
from tracker.units import METRES_PER_NAUTICAL_MILE, MILLISECONDS_PER_HOUR

STEP_M = 500.0
"""Reports nearer than this to the last one kept tell no more of a way."""
LONGEST_STEP_MS = 3 * MILLISECONDS_PER_HOUR
"""How a ship came is told by reports no further apart."""
LONGEST_STRAIGHT_M = 100_000.0
"""On the plane, a great circle bends by less than 250 m up to here."""


class Company(Protocol):
    """Other ships of the data about places (MMSI; longitudes and latitudes, degrees)."""

    def is_alone(self, mmsi: int, lon: FloatArray, lat: FloatArray, /) -> bool:
        """Whether none of them was ever there."""
        ...

    def around(self, mmsi: int, lon: FloatArray, lat: FloatArray, /) -> int:
        """How many were in hearing of the same receivers."""
        ...


PortAway = Callable[[FloatArray, FloatArray], FloatArray]
"""Longitudes and latitudes -> distance of the nearest port, nm."""


def find_over_land(
    tracks: Sequence[Track], inland_nm: Inland, company: Company, port_nm: PortAway, /, *, params: SpoofingParams
) -> list[Falsehood]:
    """Stretches of the hulls of tracks that lead over land as no waterway does."""
    ways = [
        (track, rows)
        for track in tracks
        for hull in np.unique(track.label[track.label >= 0]).tolist()
        if len(rows := _thinned(track, track.rows(hull))) >= params.min_reports
    ]
    if not ways:
        return []
    # all at once: a look-up costs more than its places
    places = concat_fixes([track.fixes.take(rows) for track, rows in ways])
    depths = np.split(inland_nm(places.lon, places.lat), np.cumsum([len(rows) for _, rows in ways])[:-1])
    found = []
    for (track, rows), depth in zip(ways, depths, strict=True):
        found += _over_land(track, rows, depth, company, port_nm, params)
    return found


def _over_land(
    track: Track, rows: Rows, depth: FloatArray, company: Company, port_nm: PortAway, params: SpoofingParams
) -> list[Falsehood]:
    """Of one hull."""
    found = []
    for begin, stop in _runs(depth > 0):
        deep = np.flatnonzero(depth[begin:stop] >= params.land_nm) + begin
        if len(deep) < params.min_reports:
            continue
        told = _adrift(track, rows, depth, begin, deep, params) or _straight(track, rows, depth, begin, stop, params)
        if told is None:
            continue
        part, needs, confidence, words = told
        places = track.fixes.take(part)
        lon, lat = places.lon, places.lat
        if _is_inland_water(lon, lat) or not company.is_alone(track.mmsi, lon, lat):
            continue
        if float(port_nm(lon, lat).min()) <= params.land_port_nm:
            continue
        others = company.around(track.mmsi, lon, lat)
        if others < needs:
            continue
        why = [
            f"{len(part)} places up to {float(depth[begin:stop].max()):.1f} nm inland, beyond the error of the coast.",
            words,
            f"None of {others} other ship(s) heard within {params.land_around_nm:.0f} nm was ever near these "
            "places: a river or canal that ships use would show them. One that nobody else used would explain it.",
        ]
        found.append(falsehood("on_land", track, part, confidence=confidence, why=why, is_false=False))
    return found


Told = tuple[Rows, int, float, str]
"""Rows, other ships that must have been in hearing, confidence, words."""


def _adrift(
    track: Track, rows: Rows, depth: FloatArray, begin: int, deep: npt.NDArray[np.int64], params: SpoofingParams
) -> Told | None:
    """She was at sea, and came inland slower than anybody goes up a river."""
    if begin == 0:
        return None
    fixes, last, first = track.fixes, rows[begin - 1], rows[deep[0]]
    way = rows[begin - 1 : deep[0] + 1]
    if len(way) < params.min_reports + 1 or np.diff(fixes.time_ms[way]).max() > LONGEST_STEP_MS:
        return None
    hours = (fixes.time_ms[first] - fixes.time_ms[last]) / MILLISECONDS_PER_HOUR
    places = fixes.take(way)
    made = distance_m(places.lon[:-1], places.lat[:-1], places.lon[1:], places.lat[1:])
    way_nm = float(made.sum()) / METRES_PER_NAUTICAL_MILE
    if way_nm >= params.land_adrift_kn * hours:
        return None
    words = (
        f"She came from the sea and was {float(depth[deep[0]]):.1f} nm inland {hours:.1f} h later, at {way_nm / hours:.1f} kn: "
        "a ship adrift is not carried up a river, and none goes up one at such a pace."
    )
    return rows[begin : deep[-1] + 1], 0, 0.7, words


def _straight(
    track: Track, rows: Rows, depth: FloatArray, begin: int, stop: int, params: SpoofingParams
) -> Told | None:
    """Her way over land is straighter than a river winds."""
    from tracker.geo.kernels.straight import longest_line

    way = track.fixes.take(rows[begin:stop])
    lon, lat, off_m = way.lon, way.lat, params.land_straight_off_nm * METRES_PER_NAUTICAL_MILE
    first, last = longest_line(np.column_stack(ecef_m(lon, lat)), lon, lat, off_m, STEP_M, LONGEST_STRAIGHT_M)
    length_nm = float(distance_m(lon[first], lat[first], lon[last], lat[last])) / METRES_PER_NAUTICAL_MILE
    first, last = begin + first, begin + last
    fixes, part = track.fixes, rows[first : last + 1]
    if length_nm < params.land_straight_nm or len(part) < 2 * params.min_reports:
        return None
    if np.count_nonzero(depth[first : last + 1] >= params.land_nm) < params.min_reports:
        return None
    if np.diff(fixes.time_ms[part]).max() > LONGEST_STEP_MS:
        return None
    hours = (fixes.time_ms[part[-1]] - fixes.time_ms[part[0]]) / MILLISECONDS_PER_HOUR
    words = (
        f"{length_nm:.1f} nm over land in a straight line, never {params.land_straight_off_nm:g} nm off it, at "
        f"{length_nm / max(hours, 1e-3):.1f} kn: rivers wind."
    )
    return part, params.land_others, 0.65, words


def _thinned(track: Track, rows: Rows) -> Rows:
    """Rows about a step apart along the way."""
    fixes = track.fixes
    if len(rows) < 2:
        return rows
    way = fixes.take(rows)
    lon, lat = way.lon, way.lat
    # errors of a ship that lies add up to a way too: that leaves more rows and none too few
    way_m = np.r_[0.0, np.cumsum(distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:]))]
    return rows[np.r_[True, np.diff(way_m // STEP_M) > 0]]


def _runs(flags: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.r_[False, flags, False].astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


@cache
def _boxes() -> npt.NDArray[np.float64]:
    text = (files("tracker") / "data" / "detection" / "inland_waters.csv").read_text(encoding="utf-8")
    names = ("lon_min", "lat_min", "lon_max", "lat_max")
    return np.array([[float(row[name]) for name in names] for row in csv.DictReader(text.splitlines())])


def _is_inland_water(lon: FloatArray, lat: FloatArray) -> bool:
    """Whether any place lies in a lake or on a great canal that is known by its extent."""
    box = _boxes()
    inside = (lon[:, None] >= box[:, 0]) & (lon[:, None] <= box[:, 2])
    return bool((inside & (lat[:, None] >= box[:, 1]) & (lat[:, None] <= box[:, 3])).any())
