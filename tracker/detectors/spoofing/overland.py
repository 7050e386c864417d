"""Ships on land that came there at a ship's pace: adrift from the sea, or straight across country.

Depth inland alone says nothing: rivers, canals and docks are land to the coast index. What a waterway does not explain is
a ship that comes in from the sea at a pace at which nobody goes up a river, or a way as straight as none winds, in places
where no other ship of the data ever was. Where others were, or a lake, a great canal or a port is known to be, nothing is
said. Not decidable, and not told: a ship that lies inland all the while, one that winds as a river does, and any way
across country of a ship that is alone in the data; a river may be there.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Protocol

import numpy as np
import numpy.typing as npt

from tracker.detectors.spoofing.falsehood import Falsehood, Rows, SpoofingParams, Track, falsehood
from tracker.detectors.spoofing.inland import Inland
from tracker.detectors.spoofing.shapes import FloatArray
from tracker.geo.kernels import distance_m
from tracker.tables.fixes import Fixes, concat_fixes, frozen
from tracker.units import METRES_PER_NAUTICAL_MILE, MILLISECONDS_PER_HOUR

Bools = npt.NDArray[np.bool_]
STEP_M = 500.0
"""Reports nearer than this to the last one kept tell no more of a way."""
LONGEST_STEP_MS = 3 * MILLISECONDS_PER_HOUR
"""How a ship came is told by reports no further apart."""
LONGEST_STRAIGHT_M = 100_000.0
"""On the plane, a great circle bends by less than 250 m up to here."""


class Company(Protocol):
    """Other ships of the data about places (MMSI; longitudes and latitudes, degrees)."""

    def is_met(self, mmsi: npt.NDArray[np.int64], lon: FloatArray, lat: FloatArray, /) -> Bools:
        """Of each place of the ship beside it, whether another was surely there: asked of all places at once."""
        ...

    def is_alone(self, mmsi: int, lon: FloatArray, lat: FloatArray, /) -> bool:
        """Whether none of them was ever there."""
        ...

    def around(self, mmsi: int, lon: FloatArray, lat: FloatArray, /) -> int:
        """How many were in hearing of the same receivers."""
        ...


@dataclass(frozen=True)
class Around:
    """What is asked of places, by longitudes and latitudes in degrees."""

    is_inland: Callable[[FloatArray, FloatArray], Bools]
    inland_nm: Inland
    port_nm: Callable[[FloatArray, FloatArray], FloatArray]
    """Distance of the nearest port, nm."""
    company: Company


@dataclass(frozen=True)
class Ways:
    """Places about a step apart along the ways of hulls, one way after another."""

    fixes: Fixes
    starts: npt.NDArray[np.int64]
    """Where each begins, and the end of all."""
    way_m: FloatArray
    """Made so far on each."""
    xyz: FloatArray
    """Earth-centred places, shape (n, 3), m."""

    @classmethod
    def of(cls, fixes: Fixes, starts: npt.NDArray[np.int64], /) -> "Ways":
        """Of the reports of hulls, those of one after those of another; ``starts`` as here."""
        from tracker.geo.kernels.pairing import to_ecef

        xyz, way_m = np.empty((len(fixes), 3)), np.zeros(len(fixes))
        to_ecef(frozen(fixes.lon_e7), frozen(fixes.lat_e7), xyz)
        step = np.diff(xyz, axis=0)
        # between reports so near each other the chord is the way; between others it is not known
        step_m = np.sqrt(np.einsum("ij,ij->i", step, step))
        for begin, stop in pairwise(starts.tolist()):
            np.cumsum(step_m[begin : max(stop - 1, begin)], out=way_m[begin + 1 : stop])
        # errors of a ship that lies add up to a way too: that leaves more places and none too few
        kept = np.append(True, np.diff(way_m // STEP_M) != 0)[: len(fixes)]
        kept[starts[:-1][np.diff(starts) > 0]] = True
        return cls(fixes.take(kept), np.append(0, np.cumsum(kept))[starts], way_m[kept], xyz[kept])


def find_over_land(ways: Ways, about: Around, /, *, params: SpoofingParams) -> list[Falsehood]:
    """Stretches of the ways of hulls that lead over land as no waterway does."""
    places = ways.fixes
    lon, lat = places.lon, places.lat
    is_land = about.is_inland(lon, lat)
    is_met = about.company.is_met(places.mmsi.astype(np.int64), lon, lat)
    told = []
    for way, begin, stop, may_drift, longest_m in _runs(ways, is_land, is_met, params):
        track = Track(int(places.mmsi[way.start]), places.take(way), np.zeros(way.stop - way.start, np.int32))
        one = _adrift(track, begin, stop, about.inland_nm, params) if may_drift else None
        if one is None and longest_m > 0.0:
            one = _straight(track, ways.xyz[way][begin:stop], begin, stop, longest_m, params)
        if one is None:
            continue
        part = slice(way.start + one.rows[0], way.start + one.rows[-1] + 1)
        # company first: most have it, and it is known already
        if (
            not is_met[part].any()
            and not _is_inland_water(lon[part], lat[part])
            and about.company.is_alone(track.mmsi, lon[part], lat[part])
            and float(about.port_nm(lon[part], lat[part]).min()) > params.land_port_nm
        ):
            told.append((track, begin, stop, one))
    if not told:
        return []
    # all at once: a look-up costs more than its places
    runs = concat_fixes([track.fixes.take(slice(begin, stop)) for track, begin, stop, _ in told])
    depths = np.split(about.inland_nm(runs.lon, runs.lat), np.cumsum([stop - begin for _, begin, stop, _ in told])[:-1])
    found = [_over_land(*one, depth, about.company, params) for one, depth in zip(told, depths, strict=True)]
    return [one for one in found if one is not None]


@dataclass(frozen=True)
class _Told:
    """Rows of a way, other ships that must have been in hearing, confidence, words."""

    rows: Rows
    needs: int
    confidence: float
    words: str


def _over_land(
    track: Track, begin: int, stop: int, told: _Told, depth: FloatArray, company: Company, params: SpoofingParams
) -> Falsehood | None:
    """Where it is deep enough inland, and enough others were in hearing."""
    if np.count_nonzero(depth[told.rows - begin] >= params.land_nm) < params.min_reports:
        return None
    places = track.fixes.take(told.rows)
    others = company.around(track.mmsi, places.lon, places.lat)
    if others < told.needs:
        return None
    why = [
        f"{len(told.rows)} places up to {float(depth.max()):.1f} nm inland, beyond the error of the coast.",
        told.words,
        f"None of {others} other ship(s) heard within {params.land_around_nm:.0f} nm was ever near these "
        "places: a river or canal that ships use would show them. One that nobody else used would explain it.",
    ]
    return falsehood("on_land", track, told.rows, confidence=told.confidence, why=why, is_false=False)


def _runs(
    ways: Ways, is_land: Bools, is_met: Bools, params: SpoofingParams
) -> Iterator[tuple[slice, int, int, bool, float]]:
    """Ways and their runs on land (first row and the end, of the way) in which she can have gone adrift or straight.

    The last two say whether adrift, and how long a straight way where nobody was met can be, m. Bounds: on what is told nobody was met, and the way is as long as it must be.
    """
    of = np.repeat(np.arange(len(ways.starts) - 1), np.diff(ways.starts))
    run_first, run_stop = _stretches(is_land, of)
    first, stop = _stretches(is_land & ~is_met, of)
    run = np.searchsorted(run_first, first, side="right") - 1
    begins = (first == run_first[run]) & (first > ways.starts[of[first]])
    # from the place at sea before it, where the stretch begins at the sea
    came_m = ways.way_m[stop - 1] - ways.way_m[first - begins]
    went_m = ways.way_m[stop - 1] - ways.way_m[first]
    is_enough = stop - first >= params.min_reports
    may_drift = is_enough & begins & (came_m >= 0.99 * METRES_PER_NAUTICAL_MILE * params.land_nm)
    for n in np.flatnonzero(may_drift).tolist():
        may_drift[n] = _is_slow(ways, first[n] - 1, stop[n], params)
    may_go = (stop - first >= 2 * params.min_reports) & (
        went_m >= 0.999 * METRES_PER_NAUTICAL_MILE * params.land_straight_nm
    )
    drifts = np.zeros(len(run_first), np.bool_)
    drifts[run[may_drift]] = True
    straight_m = np.zeros(len(run_first))
    np.maximum.at(straight_m, run[may_go], went_m[may_go])
    for n in np.unique(run[is_enough & (may_drift | may_go)]).tolist():
        way = of[run_first[n]]
        start = int(ways.starts[way])
        yield (
            slice(start, int(ways.starts[way + 1])),
            int(run_first[n]) - start,
            int(run_stop[n]) - start,
            bool(drifts[n]),
            float(straight_m[n]),
        )


def _is_slow(ways: Ways, first: int, stop: int, params: SpoofingParams) -> bool:
    """Whether any place deep enough can have been reached as slowly as a ship adrift does."""
    made_nm = (ways.way_m[first:stop] - ways.way_m[first]) / METRES_PER_NAUTICAL_MILE
    hours = (ways.fixes.time_ms[first:stop] - ways.fixes.time_ms[first]) / MILLISECONDS_PER_HOUR
    return bool(np.any((made_nm >= 0.99 * params.land_nm) & (made_nm < 1.01 * params.land_adrift_kn * hours)))


def _stretches(flags: Bools, of: npt.NDArray[np.int64]) -> tuple[Rows, Rows]:
    """First row and the end of each run of flags within one way."""
    begins = flags.copy()
    begins[1:] &= ~flags[:-1] | (of[1:] != of[:-1])
    ends = flags.copy()
    ends[:-1] &= ~flags[1:] | (of[1:] != of[:-1])
    return np.flatnonzero(begins), np.flatnonzero(ends) + 1


def _adrift(track: Track, begin: int, stop: int, inland_nm: Inland, params: SpoofingParams) -> _Told | None:
    """She was at sea, and came inland slower than anybody goes up a river."""
    fixes = track.fixes
    run = fixes.take(slice(begin, stop))
    depth = inland_nm(run.lon, run.lat)
    deep = np.flatnonzero(depth >= params.land_nm) + begin
    if len(deep) < params.min_reports:
        return None
    way = slice(begin - 1, int(deep[0]) + 1)
    if way.stop - way.start < params.min_reports + 1 or np.diff(fixes.time_ms[way]).max() > LONGEST_STEP_MS:
        return None
    hours = (fixes.time_ms[deep[0]] - fixes.time_ms[begin - 1]) / MILLISECONDS_PER_HOUR
    places = fixes.take(way)
    made = distance_m(places.lon[:-1], places.lat[:-1], places.lon[1:], places.lat[1:])
    way_nm = float(made.sum()) / METRES_PER_NAUTICAL_MILE
    if way_nm >= params.land_adrift_kn * hours:
        return None
    words = (
        f"She came from the sea and was {float(depth[deep[0] - begin]):.1f} nm inland {hours:.1f} h later, at "
        f"{way_nm / hours:.1f} kn: a ship adrift is not carried up a river, and none goes up one at such a pace."
    )
    return _Told(np.arange(begin, deep[-1] + 1), 0, 0.7, words)


def _straight(
    track: Track, xyz: FloatArray, begin: int, stop: int, longest_m: float, params: SpoofingParams
) -> _Told | None:
    """Her way over land is straighter than a river winds, and no longer than it can be where she met nobody."""
    from tracker.geo.kernels.straight import longest_line

    fixes = track.fixes
    way = fixes.take(slice(begin, stop))
    lon, lat, off_m = way.lon, way.lat, params.land_straight_off_nm * METRES_PER_NAUTICAL_MILE
    # with some metres for arcs and chords
    first, last = longest_line(xyz, lon, lat, off_m, STEP_M, LONGEST_STRAIGHT_M, 1.001 * longest_m + 10.0)
    if last < 0:
        return None
    length_nm = float(distance_m(lon[first], lat[first], lon[last], lat[last])) / METRES_PER_NAUTICAL_MILE
    part = np.arange(begin + first, begin + last + 1)
    if length_nm < params.land_straight_nm or len(part) < 2 * params.min_reports:
        return None
    if np.diff(fixes.time_ms[part]).max() > LONGEST_STEP_MS:
        return None
    hours = (fixes.time_ms[part[-1]] - fixes.time_ms[part[0]]) / MILLISECONDS_PER_HOUR
    words = (
        f"{length_nm:.1f} nm over land in a straight line, never {params.land_straight_off_nm:g} nm off it, at "
        f"{length_nm / max(hours, 1e-3):.1f} kn: rivers wind."
    )
    return _Told(part, params.land_others, 0.65, words)


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
