"""How two ships lay to each other, read along their whole paths at evenly spaced moments of their contacts.

Moments belong to the contact's time, not to the reports: a report that only confirms the straight line between its
neighbours changes no measure, and a ship that reports often does not outvote one that reports seldom. Time that
neither report nor short bridge covers is not read. Contacts are read many at once: a line of each array is one contact.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.detectors.hulls import Plans, body_frame_m, hull_gap_m
from tracker.detectors.lanes import IntArray, Lanes
from tracker.detectors.order import medians_of
from tracker.detectors.paths import EAST, NORTH, PLACE_1, PLACE_2, Paths
from tracker.tables.fixes import Fixes
from tracker.units import METRES_PER_SECOND_PER_KNOT

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

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
    """The vector from antenna 1 to antenna 2 (east, north; m), and both keels (degrees, NaN unknown), at moments."""

    time_s: FloatArray
    east_m: FloatArray
    north_m: FloatArray
    heading_1: FloatArray
    heading_2: FloatArray
    used: BoolArray
    """Moments on legs of both ships that may be read as straight lines (all of a contact that has no such); the others
    only fill their line."""
    by_course: BoolArray
    """(contacts,) Whether at most moments the keel of a ship is read from a course, for want of a sent heading."""

    @property
    def distance_m(self) -> FloatArray:
        """Distance between the antennas, m."""
        return np.hypot(self.east_m, self.north_m)

    @property
    def count(self) -> IntArray:
        """Moments that are used, of each contact."""
        return np.asarray(np.count_nonzero(self.used, axis=1))

    def most(self, known: BoolArray, /) -> BoolArray:
        """Of which contacts something is known at enough of the moments."""
        return np.asarray(np.count_nonzero(known & self.used, axis=1) >= MOST * self.count)

    def take(self, rows: IntArray, /) -> "Moments":
        """Those of some contacts."""
        return Moments(*(getattr(self, name)[rows] for name in self.__annotations__))


def _counts(span_s: FloatArray) -> tuple[IntArray, FloatArray]:
    """Moments of contacts of some lengths, and the numbers 0, 1, … up to the most of them."""
    count = np.clip(span_s / MOMENT_S, FEWEST_MOMENTS, MOST_MOMENTS).astype(np.int64)
    return count[:, None], np.arange(int(count.max()), dtype=np.float64)[None, :]


def _heard_or_all(used: BoolArray, heard: BoolArray) -> BoolArray:
    """Used moments that were heard; all of them in contacts where none was."""
    return used & (heard | ~(used & heard).any(axis=1, keepdims=True))


def moments_of(paths: Paths, pair: IntArray, start_s: FloatArray, end_s: FloatArray, /) -> Moments:
    """Read contacts at evenly spaced moments.

    Parameters
    ----------
    pair, start_s, end_s : of each contact
    """
    span_s = (end_s - start_s)[:, None]
    count, number = _counts(end_s - start_s)
    time_s = np.minimum(start_s[:, None] + span_s * (number + 0.5) / count, end_s[:, None])
    vector, heard = paths.at(pair, time_s, slice(EAST, NORTH + 1))
    used = _heard_or_all(number < count, heard)
    ship, n = np.concatenate([pair, pair + len(paths.lanes)]), len(pair)
    heading, by_course = keels_at(paths.fixes, paths.tracks, ship, np.concatenate([time_s, time_s]))
    stands_in = np.count_nonzero(by_course & np.concatenate([used, used]), axis=1)
    most = np.maximum(stands_in[:n], stands_in[n:]) > MOST * np.count_nonzero(used, axis=1)
    return Moments(time_s, vector[0], vector[1], heading[:n], heading[n:], used, most)


def keels_at(fixes: Fixes, tracks: Lanes, ship: IntArray, time_s: FloatArray, /) -> tuple[FloatArray, BoolArray]:
    """Keel direction of ships at times, degrees: sent headings, else the course of a ship under way; NaN where unknown.

    A heading holds for `HEADING_AGE_S`. A course holds where the nearest report of all has it: a ship that came to
    anchor lies otherwise than she came. Given besides: whether a course stands in for want of a heading.

    Parameters
    ----------
    fixes, tracks : reports of ships, one after another, and their times
    ship, time_s : (n,) of which ship, at which times (n, m)
    """
    heading = fixes.heading_deg.astype(np.float64)
    is_sent = ~np.isnan(heading)
    by_course = ~is_sent & (fixes.sog_kn >= COURSE_AS_HEADING_KN) & ~np.isnan(fixes.cog_deg)
    known, stands_in = is_sent | by_course, np.zeros(time_s.shape, np.bool_)
    if not known.any():
        return np.full(time_s.shape, np.nan), stands_in
    is_told = tracks.keep(is_sent).nearest_to(ship, time_s)[0] <= HEADING_AGE_S
    if by_course.any():
        # the nearest report of all, with a heading or without
        age_s, nearest = tracks.nearest_to(ship, time_s)
        stands_in = by_course[nearest] & ~is_told
        is_told = is_told | (by_course[nearest] & (age_s <= HEADING_AGE_S))
    rad = np.radians(np.where(by_course, fixes.cog_deg, heading)[known])
    before, after, share = tracks.keep(known).legs_at(ship, time_s)
    east, north = (axis[before] + (axis[after] - axis[before]) * share for axis in (np.sin(rad), np.cos(rad)))
    return np.where(is_told, np.degrees(np.arctan2(east, north)) % 360.0, np.nan), stands_in


def gap_between(moments: Moments, plans: tuple[Plans, Plans], /) -> tuple[FloatArray, BoolArray]:
    """Median water between the hulls, m (NaN: not known), and whether the antennas' places were reported."""
    known = ~np.isnan(moments.heading_1) & ~np.isnan(moments.heading_2)
    rows = np.flatnonzero(plans[0].is_known & plans[1].is_known & moments.most(known))
    gap, certain = np.full(len(known), np.nan), np.zeros(len(known), np.bool_)
    own, known = moments.take(rows), known[rows]
    one, two = (plan.take(rows) for plan in plans)
    water = hull_gap_m(own.east_m, own.north_m, own.heading_1, own.heading_2, one, two)
    gap[rows] = medians_of(water, known & own.used)
    certain[rows] = one.is_certain & two.is_certain
    return gap, certain


def gap_if_parallel(moments: Moments, plans: tuple[Plans, Plans], asked: BoolArray, /) -> FloatArray:
    """Median water between the hulls, m, were the keel of a ship that tells none parallel to the other's; NaN unknown."""
    unknown = tuple(np.isnan(heading) for heading in (moments.heading_1, moments.heading_2))
    rows = np.flatnonzero(asked & plans[0].is_known & plans[1].is_known & moments.most(~(unknown[0] & unknown[1])))
    gap = np.full(len(asked), np.nan)
    if not len(rows):
        return gap
    own, one, two = moments.take(rows), plans[0].take(rows), plans[1].take(rows)
    is_less = tuple(np.count_nonzero(side[rows] & own.used, axis=1) for side in unknown)
    turn = np.where(is_less[0] > is_less[1], 180.0, 0.0)[:, None]
    first = np.where(unknown[0][rows], own.heading_2, own.heading_1)
    second = np.where(unknown[1][rows], own.heading_1, own.heading_2)
    # she may lie bow to stern as well: the nearer of the two is what the data allow
    gaps = [
        medians_of(hull_gap_m(own.east_m, own.north_m, a, b, one, two), own.used & ~np.isnan(a) & ~np.isnan(b))
        for a, b in ((first, second), (first + turn, second + (180.0 - turn)))
    ]
    gap[rows] = np.minimum(*gaps)
    return gap


def turning_deg(moments: Moments, /) -> FloatArray:
    """Robust spread of the angle between the keels, degrees; NaN when too few headings are known.

    Ships made fast turn as one; neighbours at anchor turn with one tide and each with a yaw of her own.
    """
    angle = np.radians(moments.heading_2 - moments.heading_1)
    known = ~np.isnan(angle) & moments.used
    sin, cos = (np.where(known, turn(angle), 0.0).sum(axis=1) for turn in (np.sin, np.cos))
    off = np.degrees(angle - np.arctan2(sin, cos)[:, None])
    off = (off + 180.0) % 360.0 - 180.0
    spread = 1.4826 * medians_of(np.abs(off - medians_of(off, known)[:, None]), known)
    return np.where(moments.most(known), spread, np.nan)


def from_parallel_deg(moments: Moments, /) -> FloatArray:
    """Median angle between the keels, 0 to 90; NaN when too few headings are known."""
    angle = np.abs((moments.heading_2 - moments.heading_1 + 90.0) % 180.0 - 90.0)
    known = ~np.isnan(angle) & moments.used
    return np.where(moments.most(known), medians_of(angle, known), np.nan)


def rigidity(moments: Moments, lengths_m: FloatArray, /) -> tuple[FloatArray, BoolArray, BoolArray]:
    """Spread of the pose, m; whether it is in a body frame; whether one lies in line with the other's keel.

    Parameters
    ----------
    lengths_m : (contacts, 2), NaN where not known
    """
    known = [~np.isnan(heading) & moments.used for heading in (moments.heading_1, moments.heading_2)]
    told = [np.count_nonzero(side, axis=1) for side in known]
    said = np.nan_to_num(lengths_m)
    are_both_told = moments.most(known[0]) & moments.most(known[1])
    is_first = np.where(are_both_told, said[:, 0] >= said[:, 1], told[0] >= told[1])[:, None]
    seen = np.where(is_first, *known)
    has_frame = moments.most(seen)
    sign = np.where(is_first, 1.0, -1.0)
    heading = np.where(is_first, moments.heading_1, moments.heading_2)
    ahead, abeam = body_frame_m(sign * moments.east_m, sign * moments.north_m, heading)
    framed = has_frame[:, None]
    ahead, abeam = np.where(framed, ahead, moments.distance_m), np.where(framed, abeam, 0.0)
    seen = np.where(framed, seen, moments.used)
    reach_m = 0.5 * np.where(said > 0.0, said, 60.0).sum(axis=1)
    middle, beside = medians_of(ahead, seen), medians_of(abeam, seen)
    in_line = has_frame & (np.abs(middle) > reach_m) & (np.abs(beside) < 0.5 * np.abs(middle))
    # median distance from the median point, scaled to a standard deviation for one axis
    off = medians_of(np.hypot(ahead - middle[:, None], abeam - beside[:, None]), seen)
    return 1.4826 * off / np.sqrt(2.0), has_frame, in_line


def speeds_kn(paths: Paths, pair: IntArray, start_s: FloatArray, end_s: FloatArray, /) -> tuple[FloatArray, FloatArray]:
    """Median speed made good of the two ships, and of one relative to the other, knots, over `LAG_S`."""
    lag_s = np.minimum(LAG_S, end_s - start_s)[:, None]
    count, number = _counts(end_s - start_s)
    begin_s = start_s[:, None] + ((end_s - start_s)[:, None] - lag_s) * np.minimum(
        number / np.maximum(count - 1, 1), 1.0
    )
    asked = slice(PLACE_1, NORTH + 1)
    (before, heard), (way, _) = paths.at(pair, begin_s, asked), paths.at(pair, begin_s + lag_s, asked)
    used = _heard_or_all(number < count, heard)
    way -= before
    knot_m = np.maximum(lag_s[:, 0], 1.0) * METRES_PER_SECOND_PER_KNOT
    # the arc over such a way is longer than its chord by less than a part in a million
    steps = (way[place - PLACE_1 :][:3] for place in (PLACE_1, PLACE_2))
    own = [medians_of(np.sqrt((step * step).sum(axis=0)), used) / knot_m for step in steps]
    relative = medians_of(np.hypot(way[EAST - PLACE_1], way[NORTH - PLACE_1]), used) / knot_m
    is_long = lag_s[:, 0] >= 1.0
    return np.where(is_long, 0.5 * (own[0] + own[1]), 0.0), np.where(is_long, relative, 0.0)
