"""How two ships lay to each other, read along their whole paths at evenly spaced moments of a contact.

Moments belong to the contact's time, not to the reports: a report that only confirms the straight line between its
neighbours changes no measure, and a ship that reports often does not outvote one that reports seldom. Time that
neither report nor short bridge covers is not read.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.detectors.contact import Contact, Pair
from tracker.detectors.hulls import body_frame_m, hull_gap_m, plan_of
from tracker.detectors.order import median_of
from tracker.geo.kernels import distance_m
from tracker.tables.fixes import Fixes
from tracker.tables.ship import Ship
from tracker.units import METRES_PER_SECOND_PER_KNOT

FloatArray = npt.NDArray[np.float64]

MOMENT_S = 60.0
"""Time between moments of a short contact; long ones have at most `MOST_MOMENTS`."""
MOST_MOMENTS = 240
FEWEST_MOMENTS = 12
LAG_S = 600.0
"""Speeds are those made good over this time: over less, the error of two positions would be taken for speed."""
COURSE_AS_HEADING_KN = 2.0
"""Above this speed the course stands in for a heading that is not sent (judgement; leeway is a few degrees)."""
HEADING_AGE_S = 3600.0
"""A heading is carried this far from the report that sent it, where none is nearer (judgement; one turn of a tide is 6 h)."""
MOST = 0.5
"""Share of the moments at which headings must be known: those of the approach alone say nothing about lying alongside."""


@dataclass(frozen=True)
class Moments:
    """The vector from antenna 1 to antenna 2 (east, north; m), both keels (degrees, NaN unknown), at evenly spaced times."""

    time_s: FloatArray
    east_m: FloatArray
    north_m: FloatArray
    heading_1: FloatArray
    heading_2: FloatArray
    is_heard: npt.NDArray[np.bool_]
    """The moment lies on legs of both ships that may be read as straight lines."""

    @property
    def distance_m(self) -> FloatArray:
        """Distance between the antennas, m."""
        return np.hypot(self.east_m, self.north_m)

    def heard(self) -> "Moments":
        """Those moments alone; all of them where none is."""
        if not self.is_heard.any():
            return self
        keep = self.is_heard
        return Moments(*(getattr(self, name)[keep] for name in self.__annotations__))


def moments_of(pair: Pair, contact: Contact, one: Fixes, two: Fixes, /) -> Moments:
    """Read a contact at evenly spaced moments."""
    span_s = contact.end_s - contact.start_s
    count = int(min(max(span_s / MOMENT_S, FEWEST_MOMENTS), MOST_MOMENTS))
    time_s = contact.start_s + span_s * (np.arange(count) + 0.5) / count
    leg = np.maximum(np.searchsorted(pair.time_s, time_s, side="right") - 1, 0)
    return Moments(
        time_s,
        np.interp(time_s, pair.time_s, pair.east_m),
        np.interp(time_s, pair.time_s, pair.north_m),
        heading_at(one, time_s),
        heading_at(two, time_s),
        pair.heard[leg],
    )


def heading_at(fixes: Fixes, time_s: FloatArray, /) -> FloatArray:
    """Keel direction at times, degrees: sent headings, else the course of a ship under way; NaN where unknown.

    A heading holds for `HEADING_AGE_S`. A course holds where the nearest report of all has it: a ship that came to
    anchor lies otherwise than she came.
    """
    heading = fixes.heading_deg.astype(np.float64)
    course = np.where(fixes.sog_kn >= COURSE_AS_HEADING_KN, fixes.cog_deg, np.nan).astype(np.float64)
    by_course = np.isnan(heading) & ~np.isnan(course)
    heading = np.where(by_course, course, heading)
    known = ~np.isnan(heading)
    if not known.any():
        return np.full(len(time_s), np.nan)
    times, rad = fixes.time_ms / 1000.0, np.radians(heading[known])
    east, north = np.interp(time_s, times[known], np.sin(rad)), np.interp(time_s, times[known], np.cos(rad))
    is_told = _since_nearest_s(time_s, times[known & ~by_course])[0] <= HEADING_AGE_S
    if by_course.any():
        # the nearest report of all, with a heading or without
        age_s, nearest = _since_nearest_s(time_s, times)
        is_told |= by_course[nearest] & (age_s <= HEADING_AGE_S)
    return np.where(is_told, np.degrees(np.arctan2(east, north)) % 360.0, np.nan)


def stands_in(fixes: Fixes, time_s: FloatArray, /) -> bool:
    """Whether at most of some times the keel is read from a course, for want of a sent heading within `HEADING_AGE_S`."""
    is_sent = ~np.isnan(fixes.heading_deg)
    by_course = ~is_sent & (fixes.sog_kn >= COURSE_AS_HEADING_KN) & ~np.isnan(fixes.cog_deg)
    if not by_course.any():
        return False
    times = fixes.time_ms / 1000.0
    nearest = _since_nearest_s(time_s, times)[1]
    return bool(np.mean((_since_nearest_s(time_s, times[is_sent])[0] > HEADING_AGE_S) & by_course[nearest]) > MOST)


def _since_nearest_s(time_s: FloatArray, times: FloatArray) -> tuple[FloatArray, npt.NDArray[np.int64]]:
    """Seconds to the nearest of some times, and which it is; infinite where there is none."""
    if not len(times):
        return np.full(len(time_s), np.inf), np.zeros(len(time_s), np.int64)
    after = np.minimum(np.searchsorted(times, time_s), len(times) - 1)
    before = np.maximum(after - 1, 0)
    nearest = np.where(np.abs(times[after] - time_s) < np.abs(times[before] - time_s), after, before)
    return np.abs(times[nearest] - time_s), nearest


def gap_between(moments: Moments, ship_1: Ship, ship_2: Ship, /) -> tuple[float | None, bool]:
    """Median water between the hulls, m, and whether the antennas' places were reported."""
    plan_1, plan_2 = plan_of(ship_1), plan_of(ship_2)
    if plan_1 is None or plan_2 is None or _few_known(moments.heading_1, moments.heading_2):
        return None, False
    gap = hull_gap_m(moments.east_m, moments.north_m, moments.heading_1, moments.heading_2, plan_1, plan_2)
    if np.count_nonzero(~np.isnan(gap)) < MOST * len(gap):
        return None, False
    return median(gap), plan_1.is_certain and plan_2.is_certain


def _few_known(one: FloatArray, two: FloatArray) -> bool:
    """Whether both headings are known at too few moments: then no gap is."""
    return int(np.count_nonzero(np.isnan(one) | np.isnan(two))) > (1.0 - MOST) * len(one)


def gap_if_parallel(moments: Moments, ship_1: Ship, ship_2: Ship, /) -> float | None:
    """Median water between the hulls, m, were the keel of a ship that tells none parallel to the other's."""
    plan_1, plan_2 = plan_of(ship_1), plan_of(ship_2)
    if plan_1 is None or plan_2 is None:
        return None
    one = np.where(np.isnan(moments.heading_1), moments.heading_2, moments.heading_1)
    two = np.where(np.isnan(moments.heading_2), moments.heading_1, moments.heading_2)
    if _few_known(one, two):
        return None
    gaps = [
        hull_gap_m(moments.east_m, moments.north_m, one + turn_1, two + turn_2, plan_1, plan_2)
        for turn_1, turn_2 in _turns(moments)
    ]
    if np.count_nonzero(~np.isnan(gaps[0])) < MOST * len(gaps[0]):
        return None
    # she may lie bow to stern as well: the nearer of the two is what the data allow
    return min(median_of(gap[~np.isnan(gap)]) for gap in gaps)


def _turns(moments: Moments) -> list[tuple[float, float]]:
    """Both ways in which the keel that is less known may lie parallel to the other."""
    is_first = np.isnan(moments.heading_1).sum() > np.isnan(moments.heading_2).sum()
    return [(0.0, 0.0), (180.0, 0.0) if is_first else (0.0, 180.0)]


def turning_deg(moments: Moments, /) -> float | None:
    """Robust spread of the angle between the keels, degrees; None when too few headings are known.

    Ships made fast turn as one; neighbours at anchor turn with one tide and each with a yaw of her own.
    """
    angle = np.radians(moments.heading_2 - moments.heading_1)
    angle = angle[~np.isnan(angle)]
    if len(angle) < MOST * len(moments.time_s):
        return None
    off = np.degrees(angle - np.arctan2(np.sin(angle).mean(), np.cos(angle).mean()))
    off = (off + 180.0) % 360.0 - 180.0
    return 1.4826 * median_of(np.abs(off - median_of(off)))


def rigidity(moments: Moments, ship_1: Ship, ship_2: Ship, /) -> tuple[float, bool, bool]:
    """Spread of the pose, m; whether it is in a body frame; whether one lies in line with the other's keel."""
    known_1, known_2 = ~np.isnan(moments.heading_1), ~np.isnan(moments.heading_2)
    is_first = (ship_1.length_m or 0.0) >= (ship_2.length_m or 0.0)
    enough = MOST * len(moments.time_s)
    if min(known_1.sum(), known_2.sum()) < enough:
        is_first = bool(known_1.sum() >= known_2.sum())
    known = known_1 if is_first else known_2
    if known.sum() < enough:
        return _spread(moments.distance_m, np.zeros(len(moments.time_s))), False, False
    heading = (moments.heading_1 if is_first else moments.heading_2)[known]
    sign = 1.0 if is_first else -1.0
    ahead, abeam = body_frame_m(sign * moments.east_m[known], sign * moments.north_m[known], heading)
    reach = 0.5 * ((ship_1.length_m or 60.0) + (ship_2.length_m or 60.0))
    ahead_m = abs(median_of(ahead))
    in_line = ahead_m > reach and abs(median_of(abeam)) < 0.5 * ahead_m
    return _spread(ahead, abeam), True, in_line


def from_parallel_deg(moments: Moments, /) -> float | None:
    """Median angle between the keels, 0 to 90; None when too few headings are known."""
    angle = np.abs((moments.heading_2 - moments.heading_1 + 90.0) % 180.0 - 90.0)
    return median(angle) if np.count_nonzero(~np.isnan(angle)) >= MOST * len(angle) else None


def speeds_kn(pair: Pair, contact: Contact, /) -> tuple[float, float]:
    """Median speed made good of the two ships, and of one relative to the other, knots, over `LAG_S`."""
    lag_s = min(LAG_S, contact.end_s - contact.start_s)
    if lag_s < 1.0:
        return 0.0, 0.0
    count = int(min(max((contact.end_s - contact.start_s) / MOMENT_S, FEWEST_MOMENTS), MOST_MOMENTS))
    begin = contact.start_s + (contact.end_s - contact.start_s - lag_s) * np.arange(count) / max(count - 1, 1)
    leg = np.maximum(np.searchsorted(pair.time_s, begin, side="right") - 1, 0)
    if pair.heard[leg].any():
        begin = begin[pair.heard[leg]]
    end = begin + lag_s
    east, north = (
        np.interp(end, pair.time_s, v) - np.interp(begin, pair.time_s, v) for v in (pair.east_m, pair.north_m)
    )
    knot_m = lag_s * METRES_PER_SECOND_PER_KNOT
    own = []
    for lon, lat in ((unwrapped(pair.lon_1), pair.lat_1), (unwrapped(pair.lon_2), pair.lat_2)):
        ends = [np.interp(t, pair.time_s, v) for t in (begin, end) for v in (lon, lat)]
        own.append(median_of(distance_m(*ends)) / knot_m)
    return 0.5 * (own[0] + own[1]), median_of(np.hypot(east, north)) / knot_m


def unwrapped(lon: FloatArray, /) -> FloatArray:
    """Longitudes as they run on, degrees: without a seam at 180."""
    return lon if lon.max() - lon.min() < 180.0 else np.unwrap(lon, period=360.0)


def median(values: FloatArray, /) -> float | None:
    """Median of what is known."""
    known = values[~np.isnan(values)]
    return median_of(known) if len(known) else None


def _spread(x: FloatArray, y: FloatArray) -> float:
    """Robust radius: median distance from the median point, scaled to a standard deviation for one axis."""
    return float(1.4826 * median_of(np.hypot(x - median_of(x), y - median_of(y))) / np.sqrt(2.0))
