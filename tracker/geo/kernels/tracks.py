"""A loop over the raw reports of two ships, compiled: whether they may have met, without building anything.

It answers on the safe side: the exact figures are asked for only where it cannot exclude them. Lengths are bounds
from spherical degrees, some per cent wide, so no answer hangs on rounding.
"""

import math
from typing import Any

from tracker.geo.kernels.compiled import RADIANS_E7, wrap_e7
from tracker.geo.kernels.jit import inner, kernel, whole

SHORTEST_METRES_E7 = 0.0110570
"""No 1e-7 degree of latitude is shorter (m); nor one of longitude, times the cosine of its latitude."""
LONGEST_METRES_E7 = 0.0111951
POLAR_E7 = 800_000_000
EIGHT_RADII_M = 50_800_000.0
BAND_E7 = 1_000_000
"""Bounds of the cosine are kept for a belt of latitudes this much wider than a leg, on either side."""


@inner
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


@kernel
def may_come_within(
    time_ms: Any, lon_e7: Any, lat_e7: Any, i: int, n: int, j: int, m: int, limit_m: float, least_ms: float
) -> bool:
    """Whether two tracks, straight between their reports, may come within a distance; False is certain.

    The one has the reports i up to n, the other j up to m, two or more. Times are ms and in order, places counts of
    1e-7 degree. From the first to the last such moment it must be at least `least_ms`.
    """
    first_ms, is_begun = 0.0, False
    lowest, highest, widest, narrowest, bend = 1, 0, 1.0, 1.0, 1.0
    t = max(time_ms[i], time_ms[j])
    end = min(time_ms[n - 1], time_ms[m - 1])
    while i + 2 < n and time_ms[i + 1] <= t:
        i += 1
    while j + 2 < m and time_ms[j + 1] <= t:
        j += 1
    while t <= end:
        until = min(time_ms[i + 1], time_ms[j + 1], end)
        ya, yb = whole(lat_e7[i]), whole(lat_e7[j])
        xa, xb = whole(lon_e7[i]), whole(lon_e7[j])
        if max(abs(ya), abs(yb)) > POLAR_E7:
            return True
        dxa, dya = wrap_e7(lon_e7[i + 1] - xa), lat_e7[i + 1] - ya
        dxb, dyb = wrap_e7(lon_e7[j + 1] - xb), lat_e7[j + 1] - yb
        pa, pb = 1.0 / max(time_ms[i + 1] - time_ms[i], 1), 1.0 / max(time_ms[j + 1] - time_ms[j], 1)
        x = float(wrap_e7(xb - xa))
        y = float(yb - ya)
        x0 = x + dxb * ((t - time_ms[j]) * pb) - dxa * ((t - time_ms[i]) * pa)
        y0 = y + dyb * ((t - time_ms[j]) * pb) - dya * ((t - time_ms[i]) * pa)
        x1 = x + dxb * ((until - time_ms[j]) * pb) - dxa * ((until - time_ms[i]) * pa)
        y1 = y + dyb * ((until - time_ms[j]) * pb) - dya * ((until - time_ms[i]) * pa)
        top = max(abs(ya), abs(ya + dya), abs(yb), abs(yb + dyb))
        foot = max(min(abs(ya) - abs(dya), abs(yb) - abs(dyb)), 0)
        if top > POLAR_E7:
            return True
        if foot < lowest or top > highest:
            lowest, highest = max(foot - BAND_E7, 0), top + BAND_E7
            widest, narrowest = math.cos(lowest * RADIANS_E7), math.cos(highest * RADIANS_E7)
            bend = LONGEST_METRES_E7 * LONGEST_METRES_E7 * (1.0 + 4.0 * math.tan(highest * RADIANS_E7)) / EIGHT_RADII_M
        # along the straight line a ship is off the line of even degrees by some of its leg squared
        ea, eb = dxa * widest, dxb * widest
        slack = 2.0 + bend * (ea * ea + float(dya) * dya + eb * eb + float(dyb) * dyb)
        x0 *= narrowest
        x1 *= narrowest
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
        while i + 2 < n and time_ms[i + 1] <= t:
            i += 1
        while j + 2 < m and time_ms[j + 1] <= t:
            j += 1
    return False


@inner
def first_from(time_ms: Any, begin: int, end: int, moment_ms: int) -> int:
    """The first of some rows in order of time that is not before a moment."""
    while begin < end:
        middle = (begin + end) // 2
        if time_ms[middle] < moment_ms:
            begin = middle + 1
        else:
            end = middle
    return begin
