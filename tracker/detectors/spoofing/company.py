"""What two ships in company would show and one track said twice does not: noise of their own, turns, moments of their own."""

import numpy as np

from tracker.detectors.spoofing.said import Floats, Ints
from tracker.units import METRES_PER_NAUTICAL_MILE, METRES_PER_SECOND_PER_KNOT

BESIDE_M = 200.0
"""Ships made fast lie within it: in data that is smoothed or put on one clock they can keep one offset at one time."""
FAST_KN, FAST_WAY_M = 8.0, 2.0 * METRES_PER_NAUTICAL_MILE
"""Nobody lies alongside at such a speed for so long."""
NOISE_ERRORS = 3.0
"""Errors of a place that a track must jitter by for its jitter to be more than its digits."""
LEAST_STEP_S = 15.0
REGULAR = 0.9
"""Mean resultant length of moments on a clock's round: above, a source puts its reports on one clock."""
LEG_M, LEG_ERRORS, COURSE_ERRORS = 200.0, 40.0, 4.0
"""Shortest way that tells a course, m and in errors of a place; what nine in ten courses of a straight way stay within,
in errors of a place over that way (2.7 for even errors)."""
UNDER_WAY_KN = 4.0
"""Above it a ship goes where she points."""


def is_irregular(times: Ints) -> bool:
    """Whether reports come at moments of the ship's own, and seldom enough that hitting them is no chance."""
    step_s = float(np.median(np.diff(times))) / 1000.0
    if step_s < LEAST_STEP_S:
        return False
    turn = 2.0 * np.pi * (times / 1000.0 % step_s) / step_s
    return bool(np.hypot(np.cos(turn).mean(), np.sin(turn).mean()) < REGULAR)


def would_turn(east: Floats, north: Floats, times: Ints, offset_m: float, error_m: float) -> bool:
    """Whether ships in company, whose offset turns with their keels, would have shown it by turns made under way.

    A ship adrift goes where she does not point: her courses say nothing of her keel.
    """
    leg_m = max(LEG_M, LEG_ERRORS * error_m)
    keep = [0]
    for n in range(1, len(east)):
        if np.hypot(east[n] - east[keep[-1]], north[n] - north[keep[-1]]) >= leg_m:
            keep.append(n)
    de, dn = np.diff(east[keep]), np.diff(north[keep])
    is_fast = np.hypot(de, dn) >= UNDER_WAY_KN * METRES_PER_SECOND_PER_KNOT * np.diff(times[keep]) / 1000.0
    if np.count_nonzero(is_fast) < 2:
        return False
    course = np.unwrap(np.arctan2(de, dn))[is_fast]
    turned = min(max(spread(course) - COURSE_ERRORS * error_m / leg_m, 0.0), np.pi)
    return bool(2.0 * offset_m * np.sin(0.5 * turned) >= 3.0 * error_m)


def jitter_m(east: Floats, north: Floats, times: Ints) -> float:
    """How far reports lie beside the line between their neighbours, the median, m: what two receivers never share."""
    span = np.maximum(times[2:] - times[:-2], 1)
    part = (times[1:-1] - times[:-2]) / span
    off = (line[1:-1] - line[:-2] - part * (line[2:] - line[:-2]) for line in (east, north))
    return float(np.median(np.hypot(*off)))


def fast_way_m(east: Floats, north: Floats, times: Ints) -> float:
    """How far the track goes at speeds at which ships do not lie alongside, m."""
    step_m = np.hypot(np.diff(east), np.diff(north))
    is_fast = step_m >= FAST_KN * METRES_PER_SECOND_PER_KNOT * np.diff(times) / 1000.0
    return float(step_m[is_fast].sum())


def spread(values: Floats) -> float:
    """What nine in ten of the values lie within."""
    low, high = np.percentile(values, [5, 95])
    return float(high - low)
