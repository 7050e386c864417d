"""Which silences may be those of a slow ship's partner: all slow ships against all silences, by time, place and speed.

What there is to weigh of each is in `tracker.detectors.partners`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tracker.detectors.courses import bearing_deg
from tracker.detectors.loitering import Loiter
from tracker.detectors.partners import (
    TRAITS,
    BoolArray,
    Candidate,
    Field,
    FloatArray,
    IntArray,
    PartnerParams,
    PartnerWeights,
    cruise_kn,
    kind_traits,
    weight_vector,
)
from tracker.detectors.reception import Stories
from tracker.detectors.silences import Silences
from tracker.detectors.types import UNKNOWN, role_of
from tracker.geo.kernels import distance_m, ecef_m
from tracker.tables.ship import Ship
from tracker.units import METRES_PER_NAUTICAL_MILE, MILLISECONDS_PER_HOUR

AIMED, AIM_DEG = 0.6, 20.0
"""Share of ships that head for where they are bound when they fall silent, or come from there, and how exactly."""
AIM_NM = 5.0
"""Nearer to the place than this, a course says nothing."""
MOST_ASKED = 60
"""Of more candidates than this only the best by time and place are asked who they are; all of them are counted."""
RETURNED_NM, RETURNED_H = 3.0, 6.0
"""A ship heard again within a harbour's width after half a day mostly lay there."""
FAST_KN = 18.0
"""Tankers make 12 to 16 kn."""
CHUNK_LOITERERS = 256
"""Slow ships asked about at a time: bounds memory, not the answer."""
TOGETHER = 32
"""Of them so many after one another are held against the silences about their time."""


def find_candidates(
    loiterers: Sequence[Loiter],
    silences: Silences,
    stories: Stories,
    docked: BoolArray,
    ship_at: Callable[[int, int], Ship],
    /,
    *,
    params: PartnerParams,
    weights: PartnerWeights,
) -> list[Field]:
    """For each slow ship, ships that were silent and could have lain beside her long enough.

    Parameters
    ----------
    docked : for each silence, whether every known end of it lies in port
    """
    can = (silences.hours >= params.min_silence_h) & (stories.off >= params.min_off) & ~docked
    reach = _Reach(silences, np.flatnonzero(can), params)
    fields: list[Field] = []
    for begin in range(0, len(loiterers), CHUNK_LOITERERS):
        some = loiterers[begin : begin + CHUNK_LOITERERS]
        fits = _fits(some, silences, stories, *reach.pairs(some), params)
        score = fits.traits @ weight_vector(weights)
        ends = np.searchsorted(fits.loiter, np.arange(len(some) + 1))
        for loiter, first, last in zip(some, ends[:-1].tolist(), ends[1:].tolist(), strict=True):
            if first == last:
                fields.append(Field([], 0, 0))
                continue
            best = np.argsort(-score[first:last], kind="stable")[:MOST_ASKED] + first
            fields.append(_field(loiter, fits, first, last, np.sort(best), silences, stories, ship_at, params))
    return fields


class _Reach:
    """Silences by time and place, for a first look at which may be those of partners."""

    def __init__(self, silences: Silences, rows: IntArray, params: PartnerParams) -> None:
        s = silences
        # in order of time: of those heard on both sides few are looked at for one slow ship
        rows = rows[np.lexsort((s.start_ms[rows], s.is_open[rows]))]
        self._rows = rows
        self._closed = int((~s.is_open[rows]).sum())
        self._mmsi, self._start_ms, self._end_ms = s.mmsi[rows], s.start_ms[rows], s.end_ms[rows]
        self._longest_ms = int((self._end_ms - self._start_ms)[: self._closed].max(initial=0))
        ends = (s.lon_1[rows], s.lat_1[rows]), (s.lon_2[rows], s.lat_2[rows])
        self._xyz = [np.column_stack(ecef_m(*end)) for end in ends]
        # a straight line through the globe, and a hundredth less: no way over it is shorter
        pace_kn = cruise_kn(s.sog_kn_1[rows], s.sog_kn_2[rows], params) * params.hurry
        self._ms_per_m = 0.99 / METRES_PER_NAUTICAL_MILE * MILLISECONDS_PER_HOUR / pace_kn
        self._least_ms = params.min_meeting_h * MILLISECONDS_PER_HOUR - 1000.0
        # both ways together are at least twice that from the middle between the ends
        way_m = np.maximum(self._end_ms - self._start_ms - self._least_ms, 0.0) / self._ms_per_m
        one, two = (np.isfinite(xyz[:, :1]) for xyz in self._xyz)
        self._middle = np.where(one & two, 0.5 * (self._xyz[0] + self._xyz[1]), np.where(one, *self._xyz))
        self._reach_m = np.where((one & two)[:, 0], 0.5, 1.0) * way_m + 1.0

    def pairs(self, loiterers: Sequence[Loiter]) -> tuple[IntArray, IntArray]:
        """Slow ships and silences, by their rows, that may fit by time and place; in the order of both."""
        begin = np.array([one.start_ms for one in loiterers], np.int64)
        end = np.array([one.end_ms for one in loiterers], np.int64)
        mmsi = np.array([one.ship.mmsi for one in loiterers], np.int64)
        place = np.column_stack(ecef_m([one.lon for one in loiterers], [one.lat for one in loiterers]))
        few = [slice(first, first + TOGETHER) for first in range(0, len(loiterers), TOGETHER)]
        found = [self._at_first_sight(begin[some], end[some], place[some]) for some in few]
        loiter = np.concatenate([rows + some.start for some, (rows, _) in zip(few, found, strict=True)])
        at = np.concatenate([silences for _, silences in found])
        arrives = np.maximum(self._start_ms[at] + self._away_ms(0, at, place[loiter]), begin[loiter])
        leaves = np.minimum(self._end_ms[at] - self._away_ms(1, at, place[loiter]), end[loiter])
        may = (leaves - arrives >= self._least_ms) & (self._mmsi[at] != mmsi[loiter])
        loiter, rows = loiter[may], self._rows[at[may]]
        order = np.lexsort((rows, loiter))
        return loiter[order], rows[order]

    def _at_first_sight(self, begin: IntArray, end: IntArray, place: FloatArray) -> tuple[IntArray, IntArray]:
        """Slow ships and silences that overlap in time, and whose ways may reach so far."""
        starts = self._start_ms[: self._closed]
        first, stop = np.searchsorted(starts, (int(begin.min()) - self._longest_ms, int(end.max())))
        asked = np.r_[first:stop, self._closed : len(self._rows)]
        may = (self._end_ms[asked] > begin[:, None]) & (self._start_ms[asked] < end[:, None])
        # squares of the distances between all of them, by one multiplication
        middle = self._middle[asked]
        square, off = (np.einsum("ij,ij->i", xyz, xyz) for xyz in (place, middle))
        may &= square[:, None] - place @ (2.0 * middle.T) <= self._reach_m[asked] ** 2 - off
        loiter, at = np.nonzero(may)
        return loiter, asked[at]

    def _away_ms(self, end: int, at: IntArray, place: FloatArray) -> FloatArray:
        """Least time between an end of silences and places; 0 on an open side."""
        off = self._xyz[end][at] - place
        return np.asarray(np.nan_to_num(np.sqrt(np.einsum("ij,ij->i", off, off)) * self._ms_per_m[at]))


@dataclass(frozen=True)
class _Fits:
    """Silences that fit slow ships, a row for each pair, those of one slow ship together."""

    loiter: IntArray
    silence: IntArray
    traits: FloatArray
    arrives_ms: FloatArray
    leaves_ms: FloatArray
    spare_h: FloatArray
    detour_nm: FloatArray


def _fits(
    loiterers: Sequence[Loiter], s: Silences, stories: Stories, loiter: IntArray, rows: IntArray, params: PartnerParams
) -> _Fits:
    """Of pairs that may fit those that do, and what there is to weigh."""
    lon, lat = np.array([one.lon for one in loiterers]), np.array([one.lat for one in loiterers])
    hours = np.array([one.hours for one in loiterers])
    begin, end = (np.array([getattr(one, name) for one in loiterers], np.int64) for name in ("start_ms", "end_ms"))
    way_1 = _miles(s.lon_1[rows], s.lat_1[rows], lon[loiter], lat[loiter])
    way_2 = _miles(s.lon_2[rows], s.lat_2[rows], lon[loiter], lat[loiter])
    cruise = cruise_kn(s.sog_kn_1[rows], s.sog_kn_2[rows], params)
    ms = MILLISECONDS_PER_HOUR / (cruise * params.hurry)
    here, gone = s.start_ms[rows] + np.nan_to_num(way_1 * ms), s.end_ms[rows] - np.nan_to_num(way_2 * ms)
    early = np.where(np.isnan(way_1), gone - end[loiter], np.where(np.isnan(way_2), begin[loiter] - here, np.nan))
    arrives, leaves = np.maximum(here, begin[loiter]), np.minimum(gone, end[loiter])
    can = np.flatnonzero(leaves - arrives >= params.min_meeting_h * MILLISECONDS_PER_HOUR)
    loiter, rows, way_1, way_2, cruise = loiter[can], rows[can], way_1[can], way_2[can], cruise[can]
    arrives, leaves, early_h = arrives[can], leaves[can], early[can] / MILLISECONDS_PER_HOUR
    direct = s.moved_m[rows] / METRES_PER_NAUTICAL_MILE
    spare = s.hours[rows] - (way_1 + way_2) / cruise
    detour = way_1 + way_2 - direct
    traits = np.zeros((len(rows), len(TRAITS)))
    off = np.clip(stories.off[rows], 0.02, 0.98)
    share = (leaves - arrives) / MILLISECONDS_PER_HOUR / np.maximum(hours[loiter], 0.1)
    one_end = np.isnan(spare)
    tight = ~one_end & (spare < params.min_meeting_h)
    excess = np.log1p(np.maximum(np.nan_to_num(spare) - hours[loiter] - params.stop_h, 0.0) / 2.0)
    both = ~one_end & ~tight
    ends = np.stack([s.sog_kn_1[rows], s.sog_kn_2[rows]])
    for name, values in (
        ("off", np.clip(np.log(off / (1.0 - off)), -3.0, 2.0)),
        ("brief", share < 0.25),
        ("long", share >= 0.5),
        ("one_end", one_end),
        ("tight", tight),
        ("excess", np.where(both, excess, 0.0)),
        ("detour", np.where(both, np.minimum(np.nan_to_num(detour) / 100.0, 2.0), 0.0)),
        ("early", np.where(one_end, np.log1p(np.maximum(np.nan_to_num(early_h), 0.0) / 2.0), 0.0)),
        ("far", np.where(one_end, np.log(np.maximum(np.nan_to_num(way_1) + np.nan_to_num(way_2), 25.0) / 50.0), 0.0)),
        ("course", _heading(s, rows, lon[loiter], lat[loiter])),
        ("lay", (ends < 0.5).sum(0)),
        ("slow", ((ends >= 0.5) & (ends < 3.0)).sum(0)),
        ("returned", (direct < RETURNED_NM) & (s.hours[rows] >= RETURNED_H)),
    ):
        traits[:, TRAITS.index(name)] = values
    return _Fits(loiter, rows, traits, arrives, leaves, spare, detour)


def _field(
    loiter: Loiter,
    fits: _Fits,
    first: int,
    last: int,
    best: IntArray,
    s: Silences,
    stories: Stories,
    ship_at: Callable[[int, int], Ship],
    params: PartnerParams,
) -> Field:
    """Who the best of the rows first..last are; the others are counted."""
    found = []
    left_out = np.zeros(2, np.int64)
    for k in best.tolist():
        row, is_one_end = int(fits.silence[k]), bool(np.isnan(fits.spare_h[k]))
        ship = ship_at(int(s.mmsi[row]), int(s.start_ms[row]))
        if ship.length_m is not None and ship.length_m < params.min_length_m:
            left_out[int(is_one_end)] += 1
            continue
        traits = fits.traits[k] + kind_traits(loiter.ship, ship)
        is_fast = s.sog_kn_1[row] > FAST_KN or s.sog_kn_2[row] > FAST_KN
        traits[TRAITS.index("fast")] = role_of(ship.ship_type) == UNKNOWN and is_fast
        span = int(fits.arrives_ms[k]), int(fits.leaves_ms[k])
        rest = float(fits.spare_h[k]), float(fits.detour_nm[k]), float(stories.off[row])
        found.append(Candidate(ship, row, traits, *span, *rest))
    open_count = int(np.isnan(fits.spare_h[first:last]).sum())
    return Field(found, last - first - open_count - int(left_out[0]), open_count - int(left_out[1]))


def _heading(s: Silences, rows: IntArray, to_lon: FloatArray, to_lat: FloatArray) -> FloatArray:
    """Logarithm of how much likelier the courses at both ends are when she came to a place and left from there."""
    told = np.zeros(len(rows))
    for lon, lat, course, turn in (
        (s.lon_1[rows], s.lat_1[rows], s.course_deg_1[rows], 0.0),
        (s.lon_2[rows], s.lat_2[rows], s.course_deg_2[rows], 180.0),
    ):
        off_deg = (course - bearing_deg(lon, lat, to_lon, to_lat) - turn + 180.0) % 360.0 - 180.0
        aimed = 360.0 / (AIM_DEG * np.sqrt(2.0 * np.pi)) * np.exp(-0.5 * (off_deg / AIM_DEG) ** 2)
        is_known = np.isfinite(off_deg) & (_miles(lon, lat, to_lon, to_lat) >= AIM_NM)
        told += np.where(is_known, np.log(AIMED * np.nan_to_num(aimed) + 1.0 - AIMED), 0.0)
    return told


def _miles(lon_1: FloatArray, lat_1: FloatArray, lon_2: FloatArray, lat_2: FloatArray) -> FloatArray:
    return np.asarray(distance_m(lon_1, lat_1, lon_2, lat_2)) / METRES_PER_NAUTICAL_MILE
