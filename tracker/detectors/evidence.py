"""What the ships themselves show during a contact: closeness, rigidity, parallel keels, equal speeds, coming and going.

Ships made fast keep their pose: seen from the larger hull, the other stays put within the slack of its lines and
the error of GPS, whatever wind and tide do. Neighbours at anchor swing on their own. So the spread of the other's
antenna in the body frame of the larger hull is the strongest single sign, and it needs no radius.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.detectors.contact import Contact, Pair
from tracker.detectors.order import median_of, quantile_of
from tracker.detectors.pose import (
    from_parallel_deg,
    gap_between,
    gap_if_parallel,
    moments_of,
    rigidity,
    speeds_kn,
    stands_in,
    turning_deg,
    unwrapped,
)
from tracker.geo.kernels import local_xy_m, wrap_deg
from tracker.tables.fixes import Fixes
from tracker.tables.positions import LOW_ACCURACY
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


@dataclass(frozen=True)
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


def weigh(
    pair: Pair, contact: Contact, one: Fixes, two: Fixes, ship_1: Ship, ship_2: Ship, /, *, apart_window_h: float = 12.0
) -> Evidence:
    """Measure a contact."""
    inside = (pair.time_s >= contact.start_s) & (pair.time_s <= contact.end_s)
    if not inside.any():
        # a contact between two reports: what is counted is its nearest report
        inside[np.argmin(np.abs(pair.time_s - 0.5 * (contact.start_s + contact.end_s)))] = True
    times_1, times_2 = one.time_ms / 1000.0, two.time_ms / 1000.0
    away_1, away_2 = _Away.of(pair.time_s, times_1, one), _Away.of(pair.time_s, times_2, two)
    age_s = np.maximum(away_1.nearest_s[inside], away_2.nearest_s[inside])
    joint = age_s <= JOINT_S
    near = np.maximum(away_1.fine_s[inside], away_2.fine_s[inside]) <= SAMPLE_LEG_S
    near |= joint
    joint_count, near_count = int(np.count_nonzero(joint)), int(np.count_nonzero(near))
    seen = next(
        (which for which in (age_s <= CLOSE_S, joint, near) if np.count_nonzero(which) >= FEW),
        np.ones(len(age_s), np.bool_),
    )
    moments = moments_of(pair, contact, one, two).heard()
    gap, certain = gap_between(moments, ship_1, ship_2)
    spread, has_frame, in_line = rigidity(moments, ship_1, ship_2)
    told = (pair.heard_1 | pair.heard_2) & (np.maximum(away_1.fine_s, away_2.fine_s) <= APART_LEG_S)
    apart = pair.distance_m > APART_M
    own_kn, relative_kn = speeds_kn(pair, contact)
    own_1, own_2 = _own(one, times_1, contact), _own(two, times_2, contact)
    middle_s = 0.5 * (contact.start_s + contact.end_s)
    return Evidence(
        samples=float(min(joint_count + 0.5 * (near_count - joint_count), own_1.reports, own_2.reports)),
        joint=joint_count,
        basis=JOINT if joint_count >= FEW else NEAR if near_count >= FEW else BETWEEN,
        # a straight line through a turn cuts corners: the closest moments are those that were heard, where there are any
        min_distance_m=float(np.min(pair.distance_m[inside][seen])),
        median_distance_m=median_of(moments.distance_m),
        hull_gap_m=gap,
        gap_is_certain=certain,
        rigidity_m=spread,
        has_body_frame=has_frame,
        heading_difference_deg=from_parallel_deg(moments),
        median_speed_kn=own_kn,
        relative_speed_kn=relative_kn,
        reports_1=own_1.reports,
        reports_2=own_2.reports,
        longest_silence_min=max(own_1.silence_min, own_2.silence_min),
        hole_h=contact.hole_s / 3600.0,
        came=_was_apart(pair.time_s, apart, told, contact.start_s - apart_window_h * 3600.0, contact.start_s),
        left=_was_apart(pair.time_s, apart, told, contact.end_s, contact.end_s + apart_window_h * 3600.0),
        spread_1_m=own_1.spread_m,
        spread_2_m=own_2.spread_m,
        astern=in_line,
        silent_before_h=max(_silent_h(times, contact.start_s, before=True) for times in (times_1, times_2)),
        silent_after_h=max(_silent_h(times, contact.end_s, before=False) for times in (times_1, times_2)),
        lon=float(wrap_deg(np.interp(middle_s, pair.time_s, unwrapped(pair.lon_1)))),
        lat=float(np.interp(middle_s, pair.time_s, pair.lat_1)),
        by_course=stands_in(one, moments.time_s) or stands_in(two, moments.time_s),
        begins_with=(_starts(times_1, contact.start_s), _starts(times_2, contact.start_s)),
        ends_with=(_stops(times_1, contact.end_s), _stops(times_2, contact.end_s)),
        turning_deg=turning_deg(moments),
        parallel_gap_m=gap_if_parallel(moments, ship_1, ship_2) if gap is None else None,
    )


@dataclass(frozen=True)
class _Own:
    reports: int
    silence_min: float
    spread_m: float


def _own(fixes: Fixes, times: FloatArray, contact: Contact) -> _Own:
    """What one ship did during the contact, from its own reports."""
    begin, end = int(np.searchsorted(times, contact.start_s)), int(np.searchsorted(times, contact.end_s, side="right"))
    edges = np.concatenate(([contact.start_s], times[begin:end], [contact.end_s]))
    reports = end - begin
    if reports < 2:
        begin, end = max(begin - 1, 0), min(int(np.searchsorted(times, contact.end_s)) + 1, len(times))
    lon, lat = fixes.lon_e7[begin:end] / DEGREE_E7, fixes.lat_e7[begin:end] / DEGREE_E7
    east, north = local_xy_m(lon, lat, lon[0], lat[0])
    off = np.hypot(east - median_of(east), north - median_of(north))
    return _Own(reports, float(np.max(edges[1:] - edges[:-1]) / 60.0), quantile_of(off, 0.9))


def _silent_h(times: FloatArray, moment_s: float, *, before: bool) -> float:
    """Hours between a moment and the last report before it (the next after it); 0 where there is none."""
    if before:
        place = int(np.searchsorted(times, moment_s - 1.0)) - 1
        return float(moment_s - times[place]) / 3600.0 if place >= 0 else 0.0
    place = int(np.searchsorted(times, moment_s + 1.0, side="right"))
    return float(times[place] - moment_s) / 3600.0 if place < len(times) else 0.0


@dataclass(frozen=True)
class _Away:
    """How far in time the reports of a ship are from moments, s."""

    nearest_s: FloatArray
    """The nearest report."""
    fine_s: FloatArray
    """The farther of the last before and the next after, of those that are not coarse (type 27); infinite without any."""

    @classmethod
    def of(cls, time_s: FloatArray, times: FloatArray, fixes: Fixes) -> "_Away":
        before_s, after_s = _around(time_s, times)
        nearest_s = np.minimum(before_s, after_s)
        is_fine = (fixes.flags & LOW_ACCURACY) == 0
        if not is_fine.all():
            if not is_fine.any():
                return cls(nearest_s, np.full(len(time_s), np.inf))
            before_s, after_s = _around(time_s, times[is_fine])
        return cls(nearest_s, np.maximum(before_s, after_s))


def _starts(times: FloatArray, moment_s: float) -> bool:
    return bool(moment_s <= times[0] + 1.0)


def _stops(times: FloatArray, moment_s: float) -> bool:
    return bool(moment_s >= times[-1] - 1.0)


def _around(time_s: FloatArray, times: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Seconds from moments to the last report until them and the next from them; at an end both are the outermost."""
    before = np.maximum(np.searchsorted(times, time_s, side="right") - 1, 0)
    after = np.minimum(np.searchsorted(times, time_s), len(times) - 1)
    return np.abs(time_s - times[before]), np.abs(times[after] - time_s)


def _was_apart(
    time_s: FloatArray, apart: npt.NDArray[np.bool_], told: npt.NDArray[np.bool_], begin_s: float, end_s: float
) -> bool | None:
    """Whether the two were apart in a stretch of time, by the moments at which both are told; None without two of them."""
    rows = slice(int(np.searchsorted(time_s, begin_s)), int(np.searchsorted(time_s, end_s, side="right")))
    if np.count_nonzero(told[rows]) < 2:
        return None
    return bool(np.any(apart[rows] & told[rows]))
