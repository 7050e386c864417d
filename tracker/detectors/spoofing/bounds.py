"""Which of many ships may hold what the detectors of false places look for: bounds over all their reports at once.

No is certain; yes asks for the detector itself.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from tracker.detectors.spoofing.falsehood import SpoofingParams
from tracker.detectors.spoofing.grids import HALF_TURN_E7, LEAST_PLACES, METRES_PER_E7, in_succession, may_be_lattice
from tracker.detectors.spoofing.replays import GOING_KN
from tracker.detectors.spoofing.shapes import LEAST_FROZEN, LEAST_ON_RING, LONGEST_STEP_MS, rings_between
from tracker.tables.tracks import Tracks
from tracker.units import DEGREE_E7, MILLISECONDS_PER_HOUR

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Hours = Mapping[int, Ints]

STRIDE = np.int64(1) << 42
"""More milliseconds than lie between 1970 and 2109: number of a ship times this, and the time, is one key."""
MIXING, PLACE_BITS = np.uint64(0x9E3779B97F4A7C15), np.uint64(40)
"""Places are told apart by so many bits of a hash: two that fall together only ask for a closer look."""
ROUGH = 2.0
"""How far a radius on a plane of degrees may be off, as a factor: a tenth at most below `PLANE_LAT_DEG`, and more than
what fits of rings leave."""
PLANE_LAT_DEG = 75.0
CHUNK_ROWS = 200_000
"""Reports fitted at a time: bounds memory, not the answer."""


def may_repeat(tracks: Tracks, /, *, params: SpoofingParams) -> Bools:
    """Whether enough reports under way, each at another place than those beside it, say a place again."""
    fixes = tracks.fixes
    is_going = ~(fixes.sog_kn < GOING_KN)
    stays = _is_same_place(tracks)
    is_going[1:] &= ~stays
    is_going[:-1] &= ~stays
    ship = _ships(tracks)[is_going].astype(np.uint64)
    place = (fixes.lon_e7[is_going].astype(np.int64) << 32) + fixes.lat_e7[is_going]
    key = (place.view(np.uint64) * MIXING) >> (np.uint64(64) - PLACE_BITS)
    key |= ship << PLACE_BITS
    key.sort()
    again = key[1:][key[1:] == key[:-1]] >> PLACE_BITS
    return np.bincount(again.astype(np.int64), minlength=len(tracks)) >= params.replay_reports


def may_freeze(tracks: Tracks, /, *, params: SpoofingParams) -> Bools:
    """Whether a ship says one place for long, and for half of it or more that she goes."""
    fixes, may = tracks.fixes, np.zeros(len(tracks), np.bool_)
    if not len(fixes):
        return may
    same = _is_same_place(tracks) & (np.diff(fixes.time_ms) <= LONGEST_STEP_MS)
    first = np.append(0, np.flatnonzero(~same) + 1)
    last = np.append(first[1:], len(fixes)) - 1
    long = (last - first + 1 >= LEAST_FROZEN) & (
        fixes.time_ms[last] - fixes.time_ms[first] >= 60_000 * params.frozen_min
    )
    first, last = first[long], last[long]
    known, going = (np.cumsum(one) for one in (~np.isnan(fixes.sog_kn), fixes.sog_kn >= params.frozen_kn))
    known, going = (one[last] - np.where(first > 0, one[first - 1], 0) for one in (known, going))
    may[_ships(tracks)[first[2 * going >= known]]] = True
    return may


def may_circle(
    tracks: Tracks, label: npt.NDArray[np.int32], hours: Hours, /, *, params: SpoofingParams
) -> dict[int, Ints]:
    """Of the hours (since 1970) that were marked those in which a ring of a bearable radius may be fitted, by MMSI.

    Ships that are several hulls keep all their hours.
    """
    asked = [mmsi for mmsi in tracks if mmsi in hours]
    if not asked:
        return {}
    marked = [np.unique(hours[mmsi]) for mmsi in asked]
    owner = np.repeat([tracks.place[mmsi] for mmsi in asked], [len(one) for one in marked])
    hour = np.concatenate(marked)
    rows = np.flatnonzero(label >= 0)
    begin, end = _between(tracks, rows, owner, hour, hour + 1)
    is_enough = end - begin >= LEAST_ON_RING
    may = np.zeros(len(hour), np.bool_)
    seeds = np.flatnonzero(is_enough)
    reports = np.cumsum((end - begin)[seeds])
    for some in np.split(
        seeds, np.searchsorted(reports, np.arange(CHUNK_ROWS, int(reports.max(initial=0)), CHUNK_ROWS))
    ):
        if len(some):
            may[some] = _may_be_rings(tracks, rows, begin[some], end[some], params)
    several = np.zeros(len(tracks), np.bool_)
    several[_ships(tracks)[label > 0]] = True
    may |= several[owner]
    parts = np.split(may, np.cumsum([len(one) for one in marked])[:-1])
    return {mmsi: one[part] for mmsi, one, part in zip(asked, marked, parts, strict=True) if part.any()}


def _may_be_rings(tracks: Tracks, rows: Ints, begin: Ints, end: Ints, params: SpoofingParams) -> Bools:
    """Whether a circle through reports (from and to, of the rows) may have a bearable radius."""
    fixes, sizes = tracks.fixes, end - begin
    starts = np.cumsum(sizes) - sizes
    own = rows[np.arange(int(sizes.sum())) + np.repeat(begin - starts, sizes)]
    lon, lat = fixes.lon_e7[own].astype(np.int64), fixes.lat_e7[own].astype(np.int64)
    lat_deg = np.abs(lat[starts]) / DEGREE_E7
    narrow = METRES_PER_E7 * np.cos(np.radians(lat_deg))
    away = (lon - np.repeat(lon[starts], sizes) + HALF_TURN_E7) % (2 * HALF_TURN_E7) - HALF_TURN_E7
    x, y = away * np.repeat(narrow, sizes), (lat - np.repeat(lat[starts], sizes)) * METRES_PER_E7
    is_ring = rings_between(
        x, y, sizes, least_m=params.circle_min_m / ROUGH, most_m=params.circle_max_m * ROUGH, flat=1e-7
    )
    return np.asarray(is_ring | (lat_deg > PLANE_LAT_DEG))


def may_grid(tracks: Tracks, hours: Hours, /, *, params: SpoofingParams) -> Bools:
    """Whether reports of hours that were marked (since 1970, by MMSI) may stand on a lattice."""
    may = np.zeros(len(tracks), np.bool_)
    asked = [mmsi for mmsi in tracks if mmsi in hours]
    if not asked:
        return may
    stretches = [in_succession(hours[mmsi]) for mmsi in asked]
    owner = np.repeat([tracks.place[mmsi] for mmsi in asked], [len(first) for first, _ in stretches])
    first, last = (np.concatenate(one) for one in zip(*stretches, strict=True))
    begin, end = _between(tracks, np.arange(len(tracks.fixes)), owner, first, last + 1)
    long = end - begin >= LEAST_PLACES
    for place, a, b in zip(owner[long].tolist(), begin[long].tolist(), end[long].tolist(), strict=True):
        may[place] = may[place] or may_be_lattice(tracks.fixes.take(slice(a, b)), params=params)
    return may


def _between(tracks: Tracks, rows: Ints, owner: Ints, first_hour: Ints, end_hour: Ints) -> tuple[Ints, Ints]:
    """Places among some rows, in order, from which to which those of a ship (by place) lie in hours."""
    key = _ships(tracks)[rows] * STRIDE + tracks.fixes.time_ms[rows]
    begin, end = (
        np.searchsorted(key, owner * STRIDE + hour * MILLISECONDS_PER_HOUR) for hour in (first_hour, end_hour)
    )
    return begin, end


def _ships(tracks: Tracks) -> Ints:
    """Place of the ship of each report."""
    return np.repeat(np.arange(len(tracks)), np.diff(tracks.starts))


def _is_same_place(tracks: Tracks) -> Bools:
    """Of all reports but the first whether they say the place of the one before, of one ship."""
    fixes = tracks.fixes
    same = (fixes.lon_e7[1:] == fixes.lon_e7[:-1]) & (fixes.lat_e7[1:] == fixes.lat_e7[:-1])
    border = tracks.starts[1:-1]
    same[border[(border > 0) & (border < len(fixes))] - 1] = False
    return np.asarray(same)
