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

from tracker.params import Params, param
from tracker.tables.fixes import Fixes, frozen
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


@dataclass(frozen=True)
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
    reach = 0.5 * ((length_1_m or 0.0) + (length_2_m or 0.0)) + params.reach_margin_m
    return max(params.open_distance_m, reach)


def may_meet(one: Fixes, two: Fixes, distance_m: float, /, *, least_s: float = 0.0) -> bool:
    """Whether a compiled look at bounds lets two tracks be within a distance, the last time `least_s` after the first.

    False is certain, and cheap.
    """
    from tracker.geo.kernels.tracks import may_come_within

    if len(one) < 2 or len(two) < 2:
        return False
    columns = (frozen(column) for track in (one, two) for column in (track.time_ms, track.lon_e7, track.lat_e7))
    return bool(may_come_within(*columns, distance_m, least_ms_of(least_s)))


def least_ms_of(least_s: float, /) -> float:
    """A time for looks at bounds, ms: a second less, so that nothing hangs on rounding."""
    return max(least_s - 1.0, 0.0) * 1000.0


def pair_tracks(one: Fixes, two: Fixes, /, *, params: ContactParams) -> Pair | None:
    """Put two tracks (time-ordered reports of one hull each) on the union of their report times.

    Returns None when their times do not overlap.
    """
    from tracker.geo.kernels.pairing import pair_up

    if len(one) < 2 or len(two) < 2 or max(one.time_ms[0], two.time_ms[0]) >= min(one.time_ms[-1], two.time_ms[-1]):
        return None
    out, heard = np.empty((len(one) + len(two), 7)), np.empty((len(one) + len(two), 2), np.bool_)
    # the plane touches the globe half-way between the ships: exchanging them turns the vector and nothing else
    count = pair_up(*_legs(one, params), *_legs(two, params), out, heard)
    time_s, lon_1, lat_1, lon_2, lat_2, east_m, north_m = np.ascontiguousarray(out[:count].T)
    heard_1, heard_2 = np.ascontiguousarray(heard[:count].T)
    return Pair(time_s, lon_1, lat_1, lon_2, lat_2, east_m, north_m, heard_1 & heard_2, heard_1, heard_2)


def _legs(fixes: Fixes, params: ContactParams) -> tuple[npt.NDArray[np.int64], FloatArray, BoolArray]:
    """Times of a track, its places in earth-centred metres, and which of its legs may be read as straight lines."""
    from tracker.geo.kernels.pairing import straight_legs, to_ecef

    time_ms, xyz, straight = frozen(fixes.time_ms), np.empty((len(fixes), 3)), np.zeros(len(fixes), np.bool_)
    to_ecef(frozen(fixes.lon_e7), frozen(fixes.lat_e7), xyz)
    slow_m_s = params.slow_bridge_kn * METRES_PER_SECOND_PER_KNOT
    straight_legs(time_ms, xyz, params.bridge_min * 60.0, params.slow_bridge_h * 3600.0, slow_m_s, straight)
    return time_ms, xyz, straight


def spans_within(pair: Pair, distance_m: float, /) -> FloatArray:
    """Spans (n, 2) of seconds during which the two ships were within a distance, from heard intervals only."""
    x0, y0, x1, y1 = pair.east_m[:-1], pair.north_m[:-1], pair.east_m[1:], pair.north_m[1:]
    dx, dy = x1 - x0, y1 - y0
    a = dx * dx + dy * dy
    b = x0 * dx + y0 * dy
    c = x0 * x0 + y0 * y0 - distance_m * distance_m
    disc = b * b - a * c
    moving = a > 1e-12
    root = np.sqrt(np.maximum(disc, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        enter = np.where(moving, (-b - root) / a, np.where(c <= 0, 0.0, 2.0))
        leave = np.where(moving, (-b + root) / a, np.where(c <= 0, 1.0, -1.0))
    enter, leave = np.clip(enter, 0.0, None), np.clip(leave, None, 1.0)
    inside = pair.heard[:-1] & (disc >= 0.0) & (enter <= leave)
    step = np.diff(pair.time_s)
    begin = (pair.time_s[:-1] + enter * step)[inside]
    end = (pair.time_s[:-1] + leave * step)[inside]
    return _join(begin, end, 1e-6)


def _join(begin: FloatArray, end: FloatArray, slack_s: float) -> FloatArray:
    """Join spans (in order) that touch within a slack."""
    if not len(begin):
        return np.empty((0, 2))
    first = np.r_[True, begin[1:] > end[:-1] + slack_s]
    starts = np.flatnonzero(first)
    ends = np.r_[starts[1:], len(begin)] - 1
    return np.column_stack([begin[starts], end[ends]])


def find_contacts(pair: Pair, /, *, open_distance_m: float, params: ContactParams) -> list[Contact]:
    """Find the contacts of two tracks, in order of time; too short ones are left out."""
    together = spans_within(pair, open_distance_m)
    if not len(together):
        return []
    joined = [
        _belongs_together(pair, together[i, 1], together[i + 1, 0], open_distance_m, params)
        for i in range(len(together) - 1)
    ]
    contacts = []
    first = 0
    for i, is_joined in enumerate([*joined, False]):
        if is_joined:
            continue
        spans = together[first : i + 1]
        first = i + 1
        start, end = float(spans[0, 0]), float(spans[-1, 1])
        if end - start >= params.min_duration_min * 60.0:
            contacts.append(Contact(start, end, spans, _unheard_s(pair, start, end)))
    return contacts


def _belongs_together(pair: Pair, end_s: float, start_s: float, open_distance_m: float, params: ContactParams) -> bool:
    """Whether two spans of nearness are one contact, judged by what lies between them."""
    apart_s = start_s - end_s
    between = slice(
        max(int(np.searchsorted(pair.time_s, end_s, side="right")) - 1, 0),
        int(np.searchsorted(pair.time_s, start_s, side="left")) + 1,
    )
    distance = pair.distance_m[between]
    heard = pair.heard[between][:-1]
    is_within = distance <= open_distance_m + params.close_margin_m
    if np.all(heard):
        return bool(apart_s <= params.grace_min * 60.0 or np.all(is_within))
    # a hole: together before and after, and nothing heard in between says that they parted
    is_known = np.r_[False, heard] | np.r_[heard, False]
    return bool(
        apart_s <= params.hole_h * 3600.0 and np.all(distance <= params.hole_stray_m) and np.all(is_within[is_known])
    )


def _unheard_s(pair: Pair, start_s: float, end_s: float) -> float:
    """Seconds inside a contact that no bridged leg covers."""
    begin, end = np.clip(pair.time_s[:-1], start_s, end_s), np.clip(pair.time_s[1:], start_s, end_s)
    return float(np.sum((end - begin)[~pair.heard[:-1]]))
