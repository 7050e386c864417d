"""A loop over the raw reports of two ships, compiled: whether they may have met, without building anything.

It answers on the safe side: the exact figures are asked for only where it cannot exclude them. Lengths are bounds
from spherical degrees, some per cent wide, so no answer hangs on rounding.
"""

import math
from typing import Any

from numba import njit

from tracker.geo.kernels.compiled import RADIANS_E7, wrap_e7

SHORTEST_METRES_E7 = 0.0110570
"""No 1e-7 degree of latitude is shorter (m); nor one of longitude, times the cosine of its latitude."""
LONGEST_METRES_E7 = 0.0111951
POLAR_E7 = 800_000_000
EIGHT_RADII_M = 50_800_000.0


@njit(cache=True, nogil=True)
def _longest_m(dx: int, dy: int, y: int) -> float:
    """Upper bound of the distance of two places near the latitude `y`, m."""
    shrink = math.cos(max(abs(y) - abs(dy), 0) * RADIANS_E7)
    east = dx * shrink
    length: float = LONGEST_METRES_E7 * math.sqrt(east * east + float(dy) * float(dy))
    return length


@njit(cache=True, nogil=True)
def _inside(x0: float, y0: float, vx: float, vy: float, radius: float) -> tuple[float, float]:
    """From which to which share of its way a point is within a radius of the origin; 1 to 0 where it never is."""
    a, b, c = vx * vx + vy * vy, x0 * vx + y0 * vy, x0 * x0 + y0 * y0 - radius * radius
    if a <= 0.0:
        return (0.0, 1.0) if c <= 0.0 else (1.0, 0.0)
    disc = b * b - a * c
    if disc < 0.0:
        return 1.0, 0.0
    root = math.sqrt(disc)
    return max((-b - root) / a, 0.0), min((-b + root) / a, 1.0)


@njit(cache=True, nogil=True)
def may_come_within(
    time_1: Any, lon_1: Any, lat_1: Any, time_2: Any, lon_2: Any, lat_2: Any, limit_m: float, least_ms: float
) -> bool:
    """Whether two tracks, straight between their reports, may come within a distance; False is certain.

    Times are ms and in order, places counts of 1e-7 degree. From the first to the last such moment it must be at
    least `least_ms`.
    """
    first_ms, is_begun = 0.0, False
    n, m = len(time_1), len(time_2)
    i, j = 0, 0
    t = max(time_1[0], time_2[0])
    end = min(time_1[n - 1], time_2[m - 1])
    while i + 2 < n and time_1[i + 1] <= t:
        i += 1
    while j + 2 < m and time_2[j + 1] <= t:
        j += 1
    while t <= end:
        until = min(time_1[i + 1], time_2[j + 1], end)
        ya, yb = int(lat_1[i]), int(lat_2[j])
        if max(abs(ya), abs(yb)) > POLAR_E7:
            return True
        dxa, dya = wrap_e7(int(lon_1[i + 1]) - int(lon_1[i])), int(lat_1[i + 1]) - ya
        dxb, dyb = wrap_e7(int(lon_2[j + 1]) - int(lon_2[j])), int(lat_2[j + 1]) - yb
        # along the straight line a ship is off the line of even degrees by some of its leg squared
        leg_a, leg_b = _longest_m(dxa, dya, ya), _longest_m(dxb, dyb, yb)
        pa, pb = 1.0 / max(time_1[i + 1] - time_1[i], 1), 1.0 / max(time_2[j + 1] - time_2[j], 1)
        x = float(wrap_e7(int(lon_2[j]) - int(lon_1[i])))
        y = float(yb - ya)
        x0 = x + dxb * ((t - time_2[j]) * pb) - dxa * ((t - time_1[i]) * pa)
        y0 = y + dyb * ((t - time_2[j]) * pb) - dya * ((t - time_1[i]) * pa)
        x1 = x + dxb * ((until - time_2[j]) * pb) - dxa * ((until - time_1[i]) * pa)
        y1 = y + dyb * ((until - time_2[j]) * pb) - dya * ((until - time_1[i]) * pa)
        highest = max(abs(ya), abs(ya + dya), abs(yb), abs(yb + dyb))
        if highest > POLAR_E7:
            return True
        shrink = math.cos(highest * RADIANS_E7)
        bend = 1.0 + 4.0 * math.tan(highest * RADIANS_E7)
        slack = 2.0 + bend * (leg_a * leg_a + leg_b * leg_b) / EIGHT_RADII_M
        x0 *= shrink
        x1 *= shrink
        vx, vy = x1 - x0, y1 - y0
        begin, stop = _inside(x0, y0, vx, vy, (limit_m + slack) / SHORTEST_METRES_E7)
        if begin <= stop:
            if not is_begun:
                first_ms, is_begun = t + begin * (until - t), True
            if t + stop * (until - t) - first_ms >= least_ms:
                return True
        if until >= end:
            return False
        t = until
        while i + 2 < n and time_1[i + 1] <= t:
            i += 1
        while j + 2 < m and time_2[j + 1] <= t:
            j += 1
    return False


@njit(cache=True, nogil=True)
def _first_from(time_ms: Any, begin: int, end: int, moment_ms: int) -> int:
    """The first of some rows in order of time that is not before a moment."""
    while begin < end:
        middle = (begin + end) // 2
        if time_ms[middle] < moment_ms:
            begin = middle + 1
        else:
            end = middle
    return begin


@njit(cache=True, nogil=True)
def may_meet_in_windows(
    starts: Any, time_ms: Any, lon: Any, lat: Any, one: Any, two: Any, begin_ms: Any, end_ms: Any, limit_m: Any,
    least_ms: float, may: Any,
) -> None:  # fmt: skip
    """Of windows of two tracks each, whether the two `may_come_within` their limit there; two reports of each are needed.

    Parameters
    ----------
    starts : track n has the rows starts[n] up to starts[n + 1]
    one, two, begin_ms, end_ms, limit_m : the tracks and the time (both inclusive) of each window, and its limit
    may : filled
    """
    for n in range(may.shape[0]):
        a = _first_from(time_ms, starts[one[n]], starts[one[n] + 1], begin_ms[n])
        b = _first_from(time_ms, a, starts[one[n] + 1], end_ms[n] + 1)
        c = _first_from(time_ms, starts[two[n]], starts[two[n] + 1], begin_ms[n])
        d = _first_from(time_ms, c, starts[two[n] + 1], end_ms[n] + 1)
        may[n] = (
            b - a >= 2
            and d - c >= 2
            and may_come_within(
                time_ms[a:b], lon[a:b], lat[a:b], time_ms[c:d], lon[c:d], lat[c:d], limit_m[n], least_ms
            )
        )
