"""What the ships themselves show during a contact: closeness, rigidity, parallel keels, equal speeds, coming and going.

Ships made fast keep their pose: seen from the larger hull, the other stays put within the slack of its lines and
the error of GPS, whatever wind and tide do. Neighbours at anchor swing on their own. So the spread of the other's
antenna in the body frame of the larger hull is the strongest single sign, and it needs no radius.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isnan

import numpy as np
import numpy.typing as npt

from tracker.detectors.contact import Contacts
from tracker.detectors.hulls import Plans
from tracker.detectors.lanes import IntArray
from tracker.detectors.order import medians_of, quantiles_of
from tracker.detectors.paths import PLACE_1, Paths
from tracker.detectors.pose import (
    from_parallel_deg,
    gap_between,
    gap_if_parallel,
    moments_of,
    rigidity,
    speeds_kn,
    turning_deg,
)
from tracker.geo.kernels import local_xy_m, surface_deg, wrap_deg
from tracker.tables.fixes import Fixes
from tracker.tables.ship import Ship
from tracker.units import DEGREE_E7

FloatArray = npt.NDArray[np.float64]

CLOSE_S = 30.0
"""A moment this near to reports of both ships owes little to the line between them: 20 m at 1.4 kn."""
JOINT_S = 150.0
"""Both ships were heard at a moment when each has a report this near (judgement; at 2 kn a ship makes 150 m in it)."""
SAMPLE_LEG_S = 900.0
"""Failing that, each was heard within this time before and after (judgement)."""
FEW = 3
"""Fewer moments than this are an accident."""
JOINT, NEAR, BETWEEN = "joint", "near", "between"
"""How well the path is known: moments at which both were heard, near reports of both, or only far ones."""
APART_M = 1852.0
"""A ship that was or went this far away came, or left."""
APART_LEG_S = 5400.0
"""Ships were seen apart at a moment when each was heard this near before and after: a line through a longer silence
shows nothing (the sparsest fleets that the weights were fitted on report every 65 min)."""
APART_WINDOW_S = 12 * 3600.0
"""They came or left when they were seen apart within this before or after, s."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Measures of one contact; None where the data cannot say."""

    samples: float
    """Moments that count: those with both ships heard, half of those between near reports; no more than either's reports."""
    joint: int
    """Moments at which both ships were heard."""
    basis: str
    """`JOINT`, `NEAR` or `BETWEEN`."""
    min_distance_m: float
    median_distance_m: float
    hull_gap_m: float | None
    gap_is_certain: bool
    rigidity_m: float
    """Robust spread of the pose in the body frame of the larger hull (or of the distance, without headings), m."""
    has_body_frame: bool
    heading_difference_deg: float | None
    median_speed_kn: float
    relative_speed_kn: float
    reports_1: int
    reports_2: int
    longest_silence_min: float
    hole_h: float
    came: bool | None
    """The ships were seen apart before; None when they were not both heard before."""
    left: bool | None
    spread_1_m: float
    """How far ship 1 itself moved about its median place, 90th percentile, m."""
    spread_2_m: float
    astern: bool
    """One lies ahead of the other on its keel line, beyond both half lengths: in line, not alongside."""
    silent_before_h: float
    """How long one of them had been silent when the contact begins, h: they may have met earlier."""
    silent_after_h: float
    lon: float
    lat: float
    by_course: bool = False
    """Courses stand in for headings that a ship did not send."""
    begins_with: tuple[bool, bool] = (False, False)
    """For each ship, whether the contact begins with the first report held of her about it: they may have met earlier."""
    ends_with: tuple[bool, bool] = (False, False)
    """The same of its end and her last report."""
    turning_deg: float | None = None
    """Robust spread of the angle between the keels, degrees."""
    parallel_gap_m: float | None = None
    """Median gap if the keel of a ship that tells none lay parallel to the other's, m; None where both are told."""


def weigh(paths: Paths, contacts: Contacts, ships: Sequence[tuple[Ship, Ship]], /) -> list[Evidence]:
    """Measure contacts.

    Parameters
    ----------
    paths : of their pairs
    ships : of each contact
    """
    pair, start_s, end_s = contacts.pair, contacts.start_s, contacts.end_s
    moments = moments_of(paths, pair, start_s, end_s)
    plans = Plans.of([pair[0] for pair in ships]), Plans.of([pair[1] for pair in ships])
    lengths_m = np.array([[np.nan if ship.length_m is None else ship.length_m for ship in pair] for pair in ships])
    gap, certain = gap_between(moments, plans)
    spread_m, has_frame, in_line = rigidity(moments, lengths_m)
    own_kn, relative_kn = speeds_kn(paths, pair, start_s, end_s)
    ends = [_Ends.of(paths, pair + n * len(paths.lanes), start_s, end_s) for n in (0, 1)]
    reports = [end.reports for end in ends]
    joint, near, min_distance_m = _nearness(paths, contacts)
    samples = np.minimum(joint + 0.5 * (near - joint), np.minimum(*reports))
    basis = np.where(joint >= FEW, JOINT, np.where(near >= FEW, NEAR, BETWEEN))
    came, left = _seen_apart(paths, contacts)
    lon, lat = _middles(paths, contacts)
    measured = {
        "samples": samples.tolist(),
        "joint": joint.tolist(),
        "basis": basis.tolist(),
        "min_distance_m": min_distance_m.tolist(),
        "median_distance_m": medians_of(moments.distance_m, moments.used).tolist(),
        "hull_gap_m": _or_none(gap),
        "gap_is_certain": certain.tolist(),
        "rigidity_m": spread_m.tolist(),
        "has_body_frame": has_frame.tolist(),
        "heading_difference_deg": _or_none(from_parallel_deg(moments)),
        "median_speed_kn": own_kn.tolist(),
        "relative_speed_kn": relative_kn.tolist(),
        "reports_1": reports[0].tolist(),
        "reports_2": reports[1].tolist(),
        "longest_silence_min": (np.maximum(*(end.silence_s for end in ends)) / 60.0).tolist(),
        "hole_h": (contacts.hole_s / 3600.0).tolist(),
        "came": came,
        "left": left,
        "spread_1_m": ends[0].spread_m.tolist(),
        "spread_2_m": ends[1].spread_m.tolist(),
        "astern": in_line.tolist(),
        "silent_before_h": np.maximum(*(end.silent_before_h for end in ends)).tolist(),
        "silent_after_h": np.maximum(*(end.silent_after_h for end in ends)).tolist(),
        "lon": lon.tolist(),
        "lat": lat.tolist(),
        "by_course": moments.by_course.tolist(),
        "begins_with": list(zip(*(end.is_first.tolist() for end in ends), strict=True)),
        "ends_with": list(zip(*(end.is_last.tolist() for end in ends), strict=True)),
        "turning_deg": _or_none(turning_deg(moments)),
        "parallel_gap_m": _or_none(gap_if_parallel(moments, plans, np.isnan(gap))),
    }
    return [Evidence(**dict(zip(measured, row, strict=True))) for row in zip(*measured.values(), strict=True)]


def _or_none(values: FloatArray) -> list[float | None]:
    return [None if isnan(value) else value for value in values.tolist()]


def _nearness(paths: Paths, contacts: Contacts) -> tuple[IntArray, IntArray, FloatArray]:
    """Of each contact the moments at which both were heard; those or near reports of both; the least distance, m."""
    lanes, pair = paths.lanes, contacts.pair
    begin, stop = lanes.places(pair, contacts.start_s), lanes.places(pair, contacts.end_s, after=True)
    # a contact between two reports: what is counted is its nearest report
    _, nearest = lanes.nearest_to(pair, 0.5 * (contacts.start_s + contacts.end_s)[:, None])
    begin = np.where(begin < stop, begin, nearest[:, 0])
    stop = np.maximum(stop, begin + 1)
    is_joint = paths.nearest_s <= JOINT_S
    kinds = (paths.nearest_s <= CLOSE_S, is_joint, is_joint | (paths.farther_s <= SAMPLE_LEG_S))
    close, joint, near = (_count(kind, begin, stop) for kind in kinds)
    distance = np.append(paths.distance_m, np.inf)
    edges = np.column_stack([begin, stop]).ravel()
    least = [
        np.minimum.reduceat(distance if kind is None else np.where(np.append(kind, False), distance, np.inf), edges)[
            ::2
        ]
        for kind in (*kinds, None)
    ]
    # a straight line through a turn cuts corners: the closest moments are those that were heard, where there are any
    return joint, near, np.select([close >= FEW, joint >= FEW, near >= FEW], least[:3], least[3])


def _count(rows: npt.NDArray[np.bool_], begin: IntArray, stop: IntArray) -> IntArray:
    """How many of the rows of each stretch are so."""
    total = np.append(0, np.cumsum(rows))
    return np.asarray(total[stop] - total[begin])


def _seen_apart(paths: Paths, contacts: Contacts) -> list[list[bool | None]]:
    """Whether the two were apart before and after, by the moments at which both are told; None without two of them."""
    told = paths.is_told & (paths.farther_s <= APART_LEG_S)
    apart = told & (paths.distance_m > APART_M)
    found: list[list[bool | None]] = []
    for first_s, last_s in (
        (contacts.start_s - APART_WINDOW_S, contacts.start_s),
        (contacts.end_s, contacts.end_s + APART_WINDOW_S),
    ):
        begin, stop = paths.lanes.places(contacts.pair, first_s), paths.lanes.places(contacts.pair, last_s, after=True)
        counts = zip(*(_count(rows, begin, stop).tolist() for rows in (told, apart)), strict=True)
        found.append([None if seen < 2 else far > 0 for seen, far in counts])
    return found


def _middles(paths: Paths, contacts: Contacts) -> tuple[FloatArray, FloatArray]:
    """Where ship 1 was half-way through, degrees."""
    middle_s = 0.5 * (contacts.start_s + contacts.end_s)
    before, after, share = (side[:, 0] for side in paths.lanes.legs_at(contacts.pair, middle_s[:, None]))
    (lon, lat), (next_lon, next_lat) = (
        surface_deg(*paths.columns[PLACE_1 : PLACE_1 + 3, side]) for side in (before, after)
    )
    return wrap_deg(lon + wrap_deg(next_lon - lon) * share), lat + (next_lat - lat) * share


@dataclass(frozen=True)
class _Ends:
    """What the reports of one ship tell of each contact by themselves."""

    reports: IntArray
    silence_s: FloatArray
    spread_m: FloatArray
    silent_before_h: FloatArray
    """Hours to the last report a second and more before the contact; 0 where there is none."""
    silent_after_h: FloatArray
    is_first: npt.NDArray[np.bool_]
    """The contact begins with the first report."""
    is_last: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, paths: Paths, ship: IntArray, start_s: FloatArray, end_s: FloatArray, /) -> "_Ends":
        tracks, times = paths.tracks, paths.tracks.time_s
        first, last = tracks.starts[ship], tracks.starts[ship + 1] - 1
        begin, stop = tracks.places(ship, start_s), tracks.places(ship, end_s, after=True)
        # a report within the second is one with which the contact begins or ends
        before, after = tracks.places(ship, start_s - 1.0) - 1, tracks.places(ship, end_s + 1.0, after=True)
        is_few = stop - begin < 2
        widened = np.where(is_few, np.maximum(begin - 1, first), begin)
        upto = np.where(is_few, np.minimum(tracks.places(ship, end_s) + 1, last + 1), stop)
        return cls(
            stop - begin,
            _silences_s(times, begin, stop, start_s, end_s),
            _spreads_m(paths.fixes, widened, upto),
            np.where(before >= first, start_s - times[before], 0.0) / 3600.0,
            np.where(after <= last, times[np.minimum(after, last)] - end_s, 0.0) / 3600.0,
            start_s <= times[first] + 1.0,
            end_s >= times[last] - 1.0,
        )


def _silences_s(
    times: FloatArray, begin: IntArray, stop: IntArray, start_s: FloatArray, end_s: FloatArray
) -> FloatArray:
    """Longest time of each contact without a report of the ship, its start and end taken for reports."""
    inside = np.append(np.diff(times), [0.0, 0.0])
    longest = np.maximum.reduceat(inside, np.column_stack([begin, np.maximum(stop - 1, begin)]).ravel())[::2]
    longest = np.where(stop - begin >= 2, longest, 0.0)
    is_heard, most = stop > begin, len(times) - 1
    since_s = np.where(is_heard, times[np.minimum(begin, most)] - start_s, end_s - start_s)
    until_s = np.where(is_heard, end_s - times[np.maximum(stop - 1, 0)], 0.0)
    return np.maximum(longest, np.maximum(since_s, until_s))


def _spreads_m(fixes: Fixes, begin: IntArray, stop: IntArray) -> FloatArray:
    """How far ships moved about their median place in some of their reports, 90th percentile, m."""
    spread = np.empty(len(begin))
    for rows in _of_like_size(stop - begin):
        number = np.arange(int((stop - begin)[rows].max()))[None, :]
        places, known = begin[rows, None] + number, number < (stop - begin)[rows, None]
        places = np.where(known, places, begin[rows, None])
        lon, lat = fixes.lon_e7[places] / DEGREE_E7, fixes.lat_e7[places] / DEGREE_E7
        east, north = local_xy_m(lon, lat, lon[:, :1], lat[:, :1])
        off = np.hypot(east - medians_of(east, known)[:, None], north - medians_of(north, known)[:, None])
        spread[rows] = quantiles_of(off, known, 0.9)
    return spread


def _of_like_size(sizes: IntArray) -> Iterable[IntArray]:
    """Places of sizes that differ by no more than a factor of two: lines of one array without much to fill."""
    group = np.ceil(np.log2(np.maximum(sizes, 16))).astype(np.int64)
    return (np.flatnonzero(group == one) for one in np.unique(group))
