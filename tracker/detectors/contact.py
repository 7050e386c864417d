"""When were two ships within a distance? In continuous time, from raw fixes.

Between reports a position is linear (in earth-centred coordinates, so longitude has no seam and the poles are
places like any other), and so is the vector from one ship to the other between two *consecutive* report times of
either. The times at which its length is a given distance solve a quadratic: no grid, no sampling error.

A contact opens when the ships come within one distance and lasts until they have been farther than a wider one, or
out for longer than a grace time. A silence is bridged when it is short, or when the ship plainly went nowhere;
longer holes inside a contact are bridged only if the ships were together before and after and nothing heard in
between says otherwise.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.detectors.lanes import IntArray, Lanes
from tracker.geo.kernels import surface_deg
from tracker.params import Params, param
from tracker.tables.fixes import Fixes, concat_fixes, frozen
from tracker.units import METRES_PER_SECOND_PER_KNOT

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


class ContactParams(Params):
    """When a contact opens, lasts and closes."""

    open_distance_m: float = param(
        250.0, "antennas nearer than this open a contact, m", gt=0, source="Skylight 250 m / 30 min; GFW 500 m / 2 h"
    )
    reach_margin_m: float = param(
        100.0,
        "added to half of both lengths for large ships, m",
        ge=0,
        source="fenders 3-5 m, GPS error, drift while making fast",
    )
    close_margin_m: float = param(
        350.0,
        "a contact closes beyond the opening distance plus this, m",
        ge=0,
        source="detection.md B3: bad fixes of 600-700 m",
    )
    grace_min: float = param(
        20.0, "time apart that does not end a contact, min", ge=0, source="judgement: two report intervals"
    )
    bridge_min: float = param(
        30.0,
        "any silence up to this is bridged in a straight line, min",
        gt=0,
        source="engine.md: linear up to about 30 min",
    )
    slow_bridge_h: float = param(
        2.5,
        "a silence up to this is bridged when the ship went slowly, h",
        gt=0,
        source="detection.md B2: reports every 65 min",
    )
    slow_bridge_kn: float = param(5.0, "what went slowly means, kn over ground", gt=0, source="engine.md: under 5 kn")
    hole_h: float = param(
        6.0,
        "longest hole inside a contact, h",
        ge=0,
        source="detection.md: reception holes of 30 min to 4 h inside real lightering",
    )
    hole_stray_m: float = param(
        3000.0,
        "farthest that the ship still heard may be from the other's straight line in a hole, m",
        gt=0,
        source="judgement",
    )
    min_duration_min: float = param(
        10.0,
        "shortest contact that is looked at, min",
        ge=0,
        source="Starboard 50 m / 10 min is the shortest rule in use",
    )


@dataclass(frozen=True)
class Pair:
    """Two tracks on the union of their report times.

    ``east_m, north_m`` is the vector from ship 1 to ship 2 at ``time_s``; ``heard`` says whether the elementary
    interval that begins at that time may be read as a straight line for both ships.
    """

    time_s: FloatArray
    lon_1: FloatArray
    lat_1: FloatArray
    lon_2: FloatArray
    lat_2: FloatArray
    east_m: FloatArray
    north_m: FloatArray
    heard: BoolArray
    heard_1: BoolArray
    heard_2: BoolArray

    @property
    def distance_m(self) -> FloatArray:
        """Distance between the antennas at the report times, m."""
        return np.hypot(self.east_m, self.north_m)


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact: seconds since 1970, and the spans in which the ships were within the opening distance."""

    start_s: float
    end_s: float
    together_s: FloatArray
    """(n, 2): begin and end of each such span."""
    hole_s: float
    """Time inside the contact that neither report nor short bridge covers."""


def opening_distance_m(length_1_m: float | None, length_2_m: float | None, /, *, params: ContactParams) -> float:
    """Antenna distance at which two hulls may lie alongside: half of both lengths and a margin, at least the rule's."""
    return max(params.open_distance_m, 0.5 * ((length_1_m or 0.0) + (length_2_m or 0.0)) + params.reach_margin_m)


def opening_distances_m(lengths_m: FloatArray, /, *, params: ContactParams) -> FloatArray:
    """`opening_distance_m` of pairs: lengths of shape (n, 2), m, 0 where not known."""
    return np.asarray(np.maximum(params.open_distance_m, 0.5 * lengths_m.sum(axis=1) + params.reach_margin_m))


def bounds_of(params: ContactParams, /) -> FloatArray:
    """Which legs are straight: all up to a time, s; slow ones up to another, s; what slow is, m/s."""
    slow_m_s = params.slow_bridge_kn * METRES_PER_SECOND_PER_KNOT
    return np.array([params.bridge_min * 60.0, params.slow_bridge_h * 3600.0, slow_m_s])


def pair_tracks(one: Fixes, two: Fixes, /, *, params: ContactParams) -> Pair | None:
    """Put two tracks (time-ordered reports of one hull each) on the union of their report times.

    Returns None when their times do not overlap.
    """
    from tracker.geo.kernels.pairing import COLUMNS, EAST, HEARD, NORTH, PLACE_1, PLACE_2, TIME, follow_pair

    n, both = len(one), len(one) + len(two)
    if n < 2 or both - n < 2 or max(one.time_ms[0], two.time_ms[0]) >= min(one.time_ms[-1], two.time_ms[-1]):
        return None
    fixes, path = concat_fixes([one, two]), np.empty((both, COLUMNS))
    columns = (frozen(column) for column in (fixes.time_ms, fixes.lon_e7, fixes.lat_e7))
    path = path[: follow_pair(*columns, 0, n, n, both, bounds_of(params), path, 0)]
    column = np.ascontiguousarray(path.T)
    lonlat = (*surface_deg(*column[PLACE_1:PLACE_2]), *surface_deg(*column[PLACE_2:EAST]))
    heard_1, heard_2 = (column[HEARD].astype(np.int64) & side > 0 for side in (1, 2))
    return Pair(column[TIME], *lonlat, column[EAST], column[NORTH], heard_1 & heard_2, heard_1, heard_2)


@dataclass(frozen=True)
class Spans:
    """Spans of time in which the two of a pair were within a distance, in order."""

    begin_s: FloatArray
    end_s: FloatArray
    pair: IntArray


@dataclass(frozen=True)
class Contacts:
    """Contacts of many pairs, in order of pair and time."""

    pair: IntArray
    start_s: FloatArray
    end_s: FloatArray
    hole_s: FloatArray
    first_span: IntArray
    last_span: IntArray
    """The last of its spans."""
    spans: Spans

    def __len__(self) -> int:
        return len(self.pair)

    def take(self, rows: slice, /) -> "Contacts":
        """Some of them."""
        return Contacts(
            self.pair[rows],
            self.start_s[rows],
            self.end_s[rows],
            self.hole_s[rows],
            self.first_span[rows],
            self.last_span[rows],
            self.spans,
        )

    def each(self) -> list[Contact]:
        """One by one."""
        spans = np.column_stack([self.spans.begin_s, self.spans.end_s])
        columns = (self.start_s, self.end_s, self.hole_s, self.first_span, self.last_span)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        # a copy: a view would hold the spans of a whole batch
        return [Contact(start, end, spans[first : last + 1].copy(), hole) for start, end, hole, first, last in rows]


def spans_within(pair: Pair, distance_m: float, /) -> FloatArray:
    """Spans (n, 2) of seconds during which the two ships were within a distance, from heard intervals only."""
    lanes = Lanes(pair.time_s, np.array([0, len(pair.time_s)]))
    spans = _spans_in(lanes, pair.east_m, pair.north_m, pair.heard, np.array([distance_m]))
    return np.column_stack([spans.begin_s, spans.end_s])


def find_contacts(pair: Pair, /, *, open_distance_m: float, params: ContactParams) -> list[Contact]:
    """Find the contacts of two tracks, in order of time; too short ones are left out."""
    lanes = Lanes(pair.time_s, np.array([0, len(pair.time_s)]))
    return contacts_in(lanes, pair.east_m, pair.north_m, pair.heard, np.array([open_distance_m]), params=params).each()


def contacts_in(
    lanes: Lanes,
    east_m: FloatArray,
    north_m: FloatArray,
    heard: BoolArray,
    open_distance_m: FloatArray,
    /,
    *,
    params: ContactParams,
) -> Contacts:
    """Find the contacts of many pairs; too short ones are left out.

    Parameters
    ----------
    lanes : report times of the pairs, one after another
    east_m, north_m, heard : vector from ship 1 to ship 2 at these times, and whether the leg after is straight for both
    open_distance_m : of each pair
    """
    spans = _spans_in(lanes, east_m, north_m, heard, open_distance_m)
    is_joined = np.zeros(len(spans.pair), np.bool_)
    gaps = np.flatnonzero(spans.pair[1:] == spans.pair[:-1])
    is_joined[gaps + 1] = _belong_together(
        lanes, np.hypot(east_m, north_m), heard, spans.pair[gaps], spans.end_s[gaps], spans.begin_s[gaps + 1],
        open_distance_m, params,
    )  # fmt: skip
    first = np.flatnonzero(~is_joined)
    last = np.append(first[1:], len(spans.pair))[: len(first)] - 1
    is_long = spans.end_s[last] - spans.begin_s[first] >= params.min_duration_min * 60.0
    first, last = first[is_long], last[is_long]
    pair, start_s, end_s = spans.pair[first], spans.begin_s[first], spans.end_s[last]
    # a contact begins and ends on a leg that was heard: what was not are whole legs between
    leg_ms = np.append(np.diff(np.rint(lanes.time_s * 1000.0).astype(np.int64)), 0)
    unheard_ms = np.append(0, np.cumsum(np.where(heard, 0, leg_ms)))
    begin, stop = (np.maximum(lanes.places(pair, at_s, after=True) - 1, 0) for at_s in (start_s, end_s))
    return Contacts(pair, start_s, end_s, (unheard_ms[stop] - unheard_ms[begin]) / 1000.0, first, last, spans)


def _spans_in(lanes: Lanes, east_m: FloatArray, north_m: FloatArray, heard: BoolArray, distance_m: FloatArray) -> Spans:
    is_leg = heard.copy()
    is_leg[lanes.starts[1:] - 1] = False
    leg = np.flatnonzero(is_leg)
    pair = np.repeat(np.arange(len(lanes.starts) - 1), np.diff(lanes.starts))[leg]
    x0, y0 = east_m[leg], north_m[leg]
    dx, dy = east_m[leg + 1] - x0, north_m[leg + 1] - y0
    limit_m = distance_m[pair]
    a = dx * dx + dy * dy
    b = x0 * dx + y0 * dy
    c = x0 * x0 + y0 * y0 - limit_m * limit_m
    disc = b * b - a * c
    moving = a > 1e-12
    root = np.sqrt(np.maximum(disc, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        enter = np.where(moving, (-b - root) / a, np.where(c <= 0, 0.0, 2.0))
        leave = np.where(moving, (-b + root) / a, np.where(c <= 0, 1.0, -1.0))
    enter, leave = np.maximum(enter, 0.0), np.minimum(leave, 1.0)
    inside = (disc >= 0.0) & (enter <= leave)
    leg, pair, time_s = leg[inside], pair[inside], lanes.time_s
    step = time_s[leg + 1] - time_s[leg]
    begin, end = time_s[leg] + enter[inside] * step, time_s[leg] + leave[inside] * step
    # spans that touch are one
    first = np.flatnonzero(np.append(True, (begin[1:] > end[:-1] + 1e-6) | (pair[1:] != pair[:-1]))[: len(leg)])
    last = np.append(first[1:], len(leg))[: len(first)] - 1
    return Spans(begin[first], end[last], pair[first])


def _belong_together(
    lanes: Lanes, distance_m: FloatArray, heard: BoolArray, pair: IntArray, end_s: FloatArray, start_s: FloatArray,
    open_distance_m: FloatArray, params: ContactParams,
) -> BoolArray:  # fmt: skip
    """Whether two spans of nearness are one contact, judged by what lies between them."""
    apart_s = start_s - end_s
    begin = np.maximum(lanes.places(pair, end_s, after=True) - 1, lanes.starts[pair])
    last = np.minimum(lanes.places(pair, start_s), lanes.starts[pair + 1] - 1)

    def are_all(rows: BoolArray, stop: IntArray) -> BoolArray:
        total = np.append(0, np.cumsum(~rows))
        return np.asarray(total[stop] == total[begin])

    limit_m = np.repeat(open_distance_m + params.close_margin_m, np.diff(lanes.starts))
    is_within = distance_m <= limit_m
    # a hole: together before and after, and nothing heard in between says that they parted
    is_known = heard | np.append(False, heard[:-1])
    between = np.append(0, np.cumsum(is_known & ~is_within))
    parted = np.maximum(between[last] - between[np.minimum(begin + 1, last)], 0) > 0
    parted |= (begin < last) & ((heard[begin] & ~is_within[begin]) | (heard[last - 1] & ~is_within[last]))
    is_hole = (apart_s <= params.hole_h * 3600.0) & are_all(distance_m <= params.hole_stray_m, last + 1) & ~parted
    is_short = (apart_s <= params.grace_min * 60.0) | are_all(is_within, last + 1)
    return np.where(are_all(heard, last), is_short, is_hole)
