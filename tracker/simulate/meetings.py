"""Two ships that meet: how one comes to another, lies alongside and leaves, and how the first one spends that time.

The time of contact is the time made fast: from the end of the approach to the moment of casting off. Before and
after it, the ship that comes is closing or opening for `EASE_S`.
"""

from dataclasses import dataclass

import numpy as np

from tracker.geo.kernels import distance_m, local_xy_m, wrap_deg
from tracker.simulate.hulls import Hull
from tracker.simulate.motion import (
    FloatArray,
    Place,
    Rng,
    Track,
    anchor,
    away,
    drift,
    hold,
    join,
    sail,
    sail_until,
    speed_kn,
    wander,
)
from tracker.units import METRES_PER_SECOND_PER_KNOT

EASE_S = 900.0
"""From 700 m off to made fast, and back."""
STAND_OFF_M = 700.0


@dataclass(frozen=True)
class Plan:
    """When, where and how a host spends her time: she comes, waits, and goes."""

    place: Place
    start_s: float
    end_s: float
    mode: str = "drift"
    """'drift', 'anchor' or 'underway'."""
    speed_kn: float = 0.6
    """Of the drift, or of the way made together."""
    course_deg: float = 40.0
    transit_kn: float = 9.5
    origin: Place | None = None
    """Where she comes from; None: she is there from the beginning."""
    goal: Place | None = None
    """Where she goes to; None: she is there to the end."""


def stay(ship: Hull, plan: Plan, /, *, rng: Rng) -> Track:
    """The host's track: transit, the stay from `start_s` to `end_s`, transit."""
    if plan.mode == "anchor":
        middle = anchor(
            plan.place,
            start_s=plan.start_s,
            end_s=plan.end_s,
            rng=rng,
            length_m=ship.length_m,
            stream_deg=plan.course_deg,
        )
    elif plan.mode == "underway":
        hours = (plan.end_s - plan.start_s) / 3600.0
        reach = away(plan.place, bearing_deg=plan.course_deg, distance_nm=plan.speed_kn * hours)
        middle = sail([plan.place, reach], depart_s=plan.start_s, speed_kn=plan.speed_kn, rng=rng)
    else:
        middle = drift(
            plan.place,
            start_s=plan.start_s,
            end_s=plan.end_s,
            rng=rng,
            heading_deg=plan.course_deg + 90.0,
            set_deg=plan.course_deg,
            speed_kn=plan.speed_kn,
        )
    parts = [middle]
    if plan.origin is not None:
        first = (float(middle.lon[0]), float(middle.lat[0]))
        parts.insert(
            0, sail_until([plan.origin, first], arrive_s=plan.start_s - 300.0, speed_kn=plan.transit_kn, rng=rng)
        )
    if plan.goal is not None:
        depart = float(middle.time_s[-1]) + 300.0
        parts.append(sail([middle.last, plan.goal], depart_s=depart, speed_kn=plan.transit_kn, rng=rng))
    return join(*parts)


def lie_alongside(
    host: Track,
    /,
    *,
    meet_s: float,
    part_s: float,
    ahead_m: float,
    right_m: float,
    rng: Rng,
    origin: Place | None,
    goal: Place | None,
    speed_kn: float = 10.0,
    reverse: bool = False,
    ease_s: float = EASE_S,
    sway_m: float = 0.3,
) -> Track:
    """The track of a ship that comes to a host, lies beside her from `meet_s` to `part_s`, and goes.

    Parameters
    ----------
    ahead_m, right_m
        Place of the middle of her hull in the host's frame while alongside; the sign of `right_m` is the side.
    origin, goal
        Where she comes from and goes to; None: she is beside the host from the beginning, or to the end.
    reverse
        Heads opposed (port to port) instead of parallel.
    """
    parts = [
        hold(
            host,
            start_s=meet_s,
            end_s=part_s,
            ahead_m=ahead_m,
            right_m=right_m,
            rng=rng,
            reverse=reverse,
            sway_m=sway_m,
        )
    ]
    if origin is not None:
        coming = _ease(host, parts[0], start_s=meet_s - ease_s, end_s=meet_s, ahead_m=-350.0, closing=True)
        first = (float(coming.lon[0]), float(coming.lat[0]))
        parts = [sail_until([origin, first], arrive_s=meet_s - ease_s, speed_kn=speed_kn, rng=rng), coming, *parts]
    if goal is not None:
        going = _ease(host, parts[-1], start_s=part_s, end_s=part_s + ease_s, ahead_m=250.0, closing=False)
        parts += [going, sail([going.last, goal], depart_s=part_s + ease_s, speed_kn=speed_kn, rng=rng)]
    return join(*parts)


def _ease(host: Track, fast: Track, /, *, start_s: float, end_s: float, ahead_m: float, closing: bool) -> Track:
    """Between a place abeam of the host and the pose made fast: smooth in the host's frame."""
    base = host.at(np.append(np.arange(start_s, end_s, 15.0), end_s))
    share = (base.time_s - start_s) / (end_s - start_s)
    near = share if closing else 1.0 - share
    smooth = near * near * (3.0 - 2.0 * near)
    end = fast.at(end_s if closing else start_s)
    anchor_pose = host.at(end.time_s)
    ahead, right = frame_of(anchor_pose, end)
    side = 1.0 if right[0] >= 0 else -1.0
    lon, lat = base.beside(
        ahead_m=ahead_m + (ahead[0] - ahead_m) * smooth,
        right_m=side * STAND_OFF_M + (right[0] - side * STAND_OFF_M) * smooth,
    )
    turn = float(wrap_deg(end.heading_deg[0] - anchor_pose.heading_deg[0]))
    # parallel long before touching: ships do not come alongside bow first
    slant = (-side if closing else side) * 25.0 * (1.0 - np.clip(near * 1.6, 0.0, 1.0))
    heading = base.heading_deg + turn + slant * np.cos(np.radians(turn))
    return Track(base.time_s, lon, lat, heading, np.zeros(len(base.time_s), np.int8))


def frame_of(host: Track, guest: Track, /) -> tuple[FloatArray, FloatArray]:
    """Metres ahead and to starboard of the host at which the guest's middle is, pose by pose."""
    east, north = local_xy_m(guest.lon, guest.lat, host.lon, host.lat)
    turn = np.radians(host.heading_deg)
    return east * np.sin(turn) + north * np.cos(turn), east * np.cos(turn) - north * np.sin(turn)


def abreast_m(one: Hull, two: Hull, /, *, gap_m: float) -> float:
    """Distance between the middle lines of two hulls side by side with so much water between them."""
    return 0.5 * (one.beam_m + two.beam_m) + gap_m


def pass_by(place: Place, /, *, time_s: float, course_deg: float, speed_kn: float, hours: float, rng: Rng) -> Track:
    """Straight through a place at a time, from `hours` before to `hours` after."""
    run = speed_kn * hours
    ends = [away(place, bearing_deg=course_deg + turn, distance_nm=run) for turn in (180.0, 0.0)]
    return sail([ends[0], place, ends[1]], depart_s=time_s - 3600.0 * hours, speed_kn=speed_kn, rng=rng)


def follow(lead: Track, /, *, seconds: float) -> Track:
    """In the wake of another: where she was so many seconds ago."""
    time_s = lead.time_s[lead.time_s >= lead.time_s[0] + seconds]
    past = lead.at(time_s - seconds)
    return Track(time_s, past.lon, past.lat, past.heading_deg, past.status)


def tow_line(tug: Track, /, *, length_m: float, rng: Rng) -> Track:
    """What follows on a tow line: where the tug was a line's length ago, sheering by some degrees."""
    wake = follow(tug, seconds=length_m / (float(np.median(speed_kn(tug))) * METRES_PER_SECOND_PER_KNOT))
    yaw = wander(rng, wake.time_s, sd=4.0, minutes=2.0)
    return Track(wake.time_s, wake.lon, wake.lat, wake.heading_deg + yaw, wake.status)


def near_times(one: Track, two: Track, /, *, within_m: float = 1852.0) -> tuple[float, float]:
    """First and last time at which two tracks are within a distance; all their common time when they never are."""
    start, end = max(one.time_s[0], two.time_s[0]), min(one.time_s[-1], two.time_s[-1])
    times = np.append(np.arange(start, end, 60.0), end)
    here, there = one.at(times), two.at(times)
    near = times[np.asarray(distance_m(here.lon, here.lat, there.lon, there.lat)) <= within_m]
    return (float(near[0]), float(near[-1])) if len(near) else (float(start), float(end))
