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
FAR_LEG_M, SURELY = 20_000.0, 1.3
"""On a leg up to this long a ship is off the line of even degrees by no more than a tenth of a mile; so much farther is sure."""
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
def near_between(
    time_ms: Any, lon_e7: Any, lat_e7: Any, i: int, n: int, j: int, m: int, limit_m: float
) -> tuple[float, float]:
    """Between which times, ms, two tracks, straight between their reports, may come within a distance; at no others.

    The one has the reports i up to n, the other j up to m, two or more. Times are ms and in order, places counts of
    1e-7 degree. Infinite and its negative where they never come within it.
    """
    first_ms, last_ms = math.inf, -math.inf
    lowest, highest, widest, narrowest, bend = 1, 0, 1.0, 1.0, 1.0
    t = max(time_ms[i], time_ms[j])
    since, end = float(t), min(time_ms[n - 1], time_ms[m - 1])
    while i + 2 < n and time_ms[i + 1] <= t:
        i += 1
    while j + 2 < m and time_ms[j + 1] <= t:
        j += 1
    while t <= end:
        until = min(time_ms[i + 1], time_ms[j + 1], end)
        ya, yb = whole(lat_e7[i]), whole(lat_e7[j])
        xa, xb = whole(lon_e7[i]), whole(lon_e7[j])
        if max(abs(ya), abs(yb)) > POLAR_E7:
            return since, float(end)
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
            return since, float(end)
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
            first_ms = min(first_ms, t + begin * (until - t))
            last_ms = t + stop * (until - t)
        if until >= end:
            break
        t = until
        while i + 2 < n and time_ms[i + 1] <= t:
            i += 1
        while j + 2 < m and time_ms[j + 1] <= t:
            j += 1
    return first_ms, last_ms


@inner
def surely_apart(
    time_ms: Any, lon_e7: Any, lat_e7: Any, p: int, step: int, a: int, b: int, c: int, d: int, limits: Any
) -> int:
    """The second report of the one, from report p on, at which the two were surely seen apart; the last if there is none.

    Parameters
    ----------
    step : 1 to look onwards, -1 backwards
    a, b, c, d : the one has the reports a up to b, the other c up to d
    limits : longest leg of the other over which she is seen, s; how far apart counts, m
    """
    seen, q = whole(0), first_from(time_ms, c, d, time_ms[p] + 1) - 1
    leg_ms, leg_e7, far_e7 = 1000.0 * limits[0], FAR_LEG_M / LONGEST_METRES_E7, SURELY * limits[1] / SHORTEST_METRES_E7
    while a < p < b - 1 and seen < 2:
        t = time_ms[p]
        while q + 1 < d and time_ms[q + 1] <= t:
            q += 1
        while q >= c and time_ms[q] > t:
            q -= 1
        if c <= q and q + 1 < d and time_ms[q + 1] - time_ms[q] <= leg_ms:
            dx, dy = wrap_e7(whole(lon_e7[q + 1]) - whole(lon_e7[q])), whole(lat_e7[q + 1]) - whole(lat_e7[q])
            share = (t - time_ms[q]) / max(time_ms[q + 1] - time_ms[q], 1)
            x = wrap_e7(whole(lon_e7[q]) - whole(lon_e7[p])) + dx * share
            y = whole(lat_e7[q]) - whole(lat_e7[p]) + dy * share
            top = max(abs(whole(lat_e7[p])), abs(whole(lat_e7[q])), abs(whole(lat_e7[q + 1])))
            if top <= POLAR_E7 and max(abs(dx), abs(dy)) <= leg_e7:
                east = x * math.cos(top * RADIANS_E7)
                seen += east * east + y * y > far_e7 * far_e7
        p += step
    return p


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
