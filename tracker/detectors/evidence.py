"""What the ships themselves show during a contact: closeness, rigidity, parallel keels, equal speeds, coming and going.

Ships made fast keep their pose: seen from the larger hull, the other stays put within the slack of its lines and
the error of GPS, whatever wind and tide do. Neighbours at anchor swing on their own. So the spread of the other's
antenna in the body frame of the larger hull is the strongest single sign, and it needs no radius.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.detectors.contact import Contact, Pair
from tracker.detectors.hulls import body_frame_m, hull_gap_m, plan_of
from tracker.geo.kernels import local_xy_m
from tracker.tables.fixes import Fixes
from tracker.tables.positions import LOW_ACCURACY
from tracker.tables.ship import Ship
from tracker.units import METRES_PER_SECOND_PER_KNOT

FloatArray = npt.NDArray[np.float64]

HEADING_AGE_S = 900.0
"""A heading is believed this long between two reports that carry one (judgement)."""
COURSE_AS_HEADING_KN = 2.0
"""Above this speed the course stands in for a heading that is not sent (judgement; leeway is a few degrees)."""
JOINT_S = 150.0
"""Both ships were heard at a moment when each has a report this near (judgement; at 2 kn a ship makes 150 m in it)."""
SAMPLE_LEG_S = 900.0
"""Failing that, poses are read where both were heard within this time before and after (judgement)."""
FEW = 3
"""Fewer moments than this show no spread."""
MOST = 0.5
"""Share of the moments at which headings must be known: those of the approach alone say nothing about lying alongside."""
JOINT, NEAR, BETWEEN = "joint", "near", "between"
"""How poses were read: at moments when both were heard, between near reports, or only between far ones."""
APART_M = 1852.0
"""A ship that was or went this far away came, or left."""


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
    rigidity_m: float | None
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
    """The ships were seen apart before; None when nothing was heard before."""
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


def weigh(
    pair: Pair, contact: Contact, one: Fixes, two: Fixes, ship_1: Ship, ship_2: Ship, /, *, apart_window_h: float = 12.0
) -> Evidence:
    """Measure a contact."""
    inside = (pair.time_s >= contact.start_s) & (pair.time_s <= contact.end_s)
    if not inside.any():
        # a contact between two reports: read it at its nearest report
        inside[np.argmin(np.abs(pair.time_s - 0.5 * (contact.start_s + contact.end_s)))] = True
    time_s, east, north = pair.time_s[inside], pair.east_m[inside], pair.north_m[inside]
    joint = _is_heard(time_s, one) & _is_heard(time_s, two)
    near = _is_sampled(time_s, one) & _is_sampled(time_s, two) | joint
    everything = np.ones(len(time_s), np.bool_)
    use, basis = next(
        (mask, name)
        for mask, name in ((joint, JOINT), (near, NEAR), (everything, BETWEEN))
        if mask.sum() >= FEW or name == BETWEEN
    )
    closest = next(mask for mask in (joint, near, everything) if mask.any())
    heading_1, heading_2 = _heading(one, time_s), _heading(two, time_s)
    gap, certain = _gap(east[use], north[use], heading_1[use], heading_2[use], ship_1, ship_2)
    rigidity, has_frame, in_line = _rigidity(east[use], north[use], heading_1[use], heading_2[use], ship_1, ship_2)
    angle = np.abs((heading_2 - heading_1 + 90.0) % 180.0 - 90.0)
    distance = np.hypot(east, north)
    step = np.maximum(np.diff(time_s), 1.0)
    calm = step >= 30.0
    relative = np.hypot(np.diff(east), np.diff(north)) / step / METRES_PER_SECOND_PER_KNOT
    own_1, own_2 = _own(one, contact), _own(two, contact)
    middle = int(np.argmin(np.abs(time_s - np.median(time_s))))
    lon_1, lat_1 = pair.lon_1[inside], pair.lat_1[inside]
    return Evidence(
        samples=float(min(joint.sum() + 0.5 * (near.sum() - joint.sum()), own_1.reports, own_2.reports)),
        joint=int(joint.sum()),
        basis=basis,
        min_distance_m=float(distance[closest].min()),
        median_distance_m=float(np.median(distance[use])),
        hull_gap_m=gap,
        gap_is_certain=certain,
        rigidity_m=rigidity,
        has_body_frame=has_frame,
        heading_difference_deg=_median(angle),
        median_speed_kn=float(np.median([own_1.speed_kn, own_2.speed_kn])),
        relative_speed_kn=float(np.median(relative[calm]))
        if calm.any()
        else float(abs(own_1.speed_kn - own_2.speed_kn)),
        reports_1=own_1.reports,
        reports_2=own_2.reports,
        longest_silence_min=max(own_1.silence_min, own_2.silence_min),
        hole_h=contact.hole_s / 3600.0,
        came=_was_apart(pair, contact.start_s - apart_window_h * 3600.0, contact.start_s),
        left=_was_apart(pair, contact.end_s, contact.end_s + apart_window_h * 3600.0),
        spread_1_m=own_1.spread_m,
        spread_2_m=own_2.spread_m,
        astern=in_line,
        silent_before_h=max(_silent_h(one, contact.start_s, before=True), _silent_h(two, contact.start_s, before=True)),
        silent_after_h=max(_silent_h(one, contact.end_s, before=False), _silent_h(two, contact.end_s, before=False)),
        lon=float(lon_1[middle]),
        lat=float(lat_1[middle]),
    )


@dataclass(frozen=True)
class _Own:
    reports: int
    speed_kn: float
    silence_min: float
    spread_m: float


def _own(fixes: Fixes, contact: Contact) -> _Own:
    """What one ship did during the contact, from its own reports."""
    times = fixes.time_ms / 1000.0
    rows = np.flatnonzero((times >= contact.start_s) & (times <= contact.end_s))
    around = np.arange(
        max(int(np.searchsorted(times, contact.start_s)) - 1, 0),
        min(int(np.searchsorted(times, contact.end_s)) + 1, len(times)),
    )
    edges = np.r_[contact.start_s, times[rows], contact.end_s]
    near = rows if len(rows) >= 2 else around
    lon, lat = fixes.lon[near], fixes.lat[near]
    east, north = local_xy_m(lon, lat, lon[0], lat[0])
    off = np.hypot(east - np.median(east), north - np.median(north))
    step = np.maximum(np.diff(times[near]), 1.0)
    made_good = np.hypot(np.diff(east), np.diff(north)) / step / METRES_PER_SECOND_PER_KNOT
    said = fixes.sog_kn[near].astype(np.float64)
    speed = _median(said)
    if speed is None:
        speed = float(np.median(made_good)) if len(made_good) else 0.0
    return _Own(len(rows), speed, float(np.max(np.diff(edges)) / 60.0), float(np.percentile(off, 90)))


def _silent_h(fixes: Fixes, moment_s: float, *, before: bool) -> float:
    """Hours between a moment and the last report before it (the next after it); 0 where there is none."""
    times = fixes.time_ms / 1000.0
    if before:
        place = int(np.searchsorted(times, moment_s - 1.0)) - 1
        return float(moment_s - times[place]) / 3600.0 if place >= 0 else 0.0
    place = int(np.searchsorted(times, moment_s + 1.0, side="right"))
    return float(times[place] - moment_s) / 3600.0 if place < len(times) else 0.0


def _is_heard(time_s: FloatArray, fixes: Fixes) -> npt.NDArray[np.bool_]:
    """Moments near to a report of a ship."""
    times = fixes.time_ms / 1000.0
    after = np.clip(np.searchsorted(times, time_s), 0, len(times) - 1)
    before = np.clip(after - 1, 0, len(times) - 1)
    return np.asarray(np.minimum(np.abs(times[after] - time_s), np.abs(time_s - times[before])) <= JOINT_S)


def _is_sampled(time_s: FloatArray, fixes: Fixes) -> npt.NDArray[np.bool_]:
    """Where a ship was heard shortly before and after, and not by a coarse (type 27) report."""
    fine = (fixes.flags & LOW_ACCURACY) == 0
    times = fixes.time_ms[fine] / 1000.0
    if not len(times):
        return np.zeros(len(time_s), np.bool_)
    after = np.clip(np.searchsorted(times, time_s), 0, len(times) - 1)
    before = np.clip(np.searchsorted(times, time_s, side="right") - 1, 0, len(times) - 1)
    return np.asarray(
        (np.abs(times[after] - time_s) <= SAMPLE_LEG_S) & (np.abs(time_s - times[before]) <= SAMPLE_LEG_S)
    )


def _heading(fixes: Fixes, time_s: FloatArray) -> FloatArray:
    """Keel direction at the times, degrees: sent headings, else the course when under way; NaN where unknown."""
    heading = fixes.heading_deg.astype(np.float64)
    course = np.where(fixes.sog_kn >= COURSE_AS_HEADING_KN, fixes.cog_deg, np.nan).astype(np.float64)
    heading = np.where(np.isnan(heading), course, heading)
    known = ~np.isnan(heading)
    if not known.any():
        return np.full(len(time_s), np.nan)
    times, rad = fixes.time_ms[known] / 1000.0, np.radians(heading[known])
    east, north = np.interp(time_s, times, np.sin(rad)), np.interp(time_s, times, np.cos(rad))
    nearest = times[np.clip(np.searchsorted(times, time_s), 0, len(times) - 1)]
    before = times[np.clip(np.searchsorted(times, time_s, side="right") - 1, 0, len(times) - 1)]
    is_fresh = np.minimum(np.abs(nearest - time_s), np.abs(before - time_s)) <= HEADING_AGE_S
    return np.where(is_fresh, np.degrees(np.arctan2(east, north)) % 360.0, np.nan)


def _gap(
    east: FloatArray, north: FloatArray, heading_1: FloatArray, heading_2: FloatArray, ship_1: Ship, ship_2: Ship
) -> tuple[float | None, bool]:
    """Median water between the hulls, and whether the antennas' places were reported."""
    plan_1, plan_2 = plan_of(ship_1), plan_of(ship_2)
    if plan_1 is None or plan_2 is None:
        return None, False
    gap = hull_gap_m(east, north, heading_1, heading_2, plan_1, plan_2)
    if np.count_nonzero(~np.isnan(gap)) < MOST * len(gap):
        return None, False
    return _median(gap), plan_1.is_certain and plan_2.is_certain


def _rigidity(
    east: FloatArray, north: FloatArray, heading_1: FloatArray, heading_2: FloatArray, ship_1: Ship, ship_2: Ship
) -> tuple[float | None, bool, bool]:
    """Spread of the pose, whether it is in a body frame, and whether one lies in line with the other's keel."""
    if len(east) < FEW:
        return None, False, False
    known_1, known_2 = ~np.isnan(heading_1), ~np.isnan(heading_2)
    is_first = (ship_1.length_m or 0.0) >= (ship_2.length_m or 0.0)
    enough = max(FEW, MOST * len(east))
    if min(known_1.sum(), known_2.sum()) < enough:
        is_first = known_1.sum() >= known_2.sum()
    known = known_1 if is_first else known_2
    if known.sum() < enough:
        return _spread(np.hypot(east, north), np.zeros(len(east))), False, False
    heading = (heading_1 if is_first else heading_2)[known]
    sign = 1.0 if is_first else -1.0
    ahead, abeam = body_frame_m(sign * east[known], sign * north[known], heading)
    reach = 0.5 * ((ship_1.length_m or 60.0) + (ship_2.length_m or 60.0))
    in_line = bool(abs(np.median(ahead)) > reach and abs(np.median(abeam)) < 0.5 * abs(np.median(ahead)))
    return _spread(ahead, abeam), True, in_line


def _spread(x: FloatArray, y: FloatArray) -> float:
    """Robust radius: median distance from the median point, scaled to a standard deviation for one axis."""
    return float(1.4826 * np.median(np.hypot(x - np.median(x), y - np.median(y))) / np.sqrt(2.0))


def _was_apart(pair: Pair, begin_s: float, end_s: float) -> bool | None:
    """Whether the two were heard apart in a stretch of time; None when nothing was heard of both."""
    rows = (pair.time_s >= begin_s) & (pair.time_s <= end_s) & (pair.heard_1 | pair.heard_2)
    if rows.sum() < 2:
        return None
    return bool(np.any(pair.distance_m[rows] > APART_M))


def _median(values: FloatArray) -> float | None:
    """Median of what is known."""
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else None
