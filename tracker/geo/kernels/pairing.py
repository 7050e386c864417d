"""Two tracks on the union of their report times, in compiled loops: which report of each is the last at each time."""

import math
from typing import Any

from numba import njit

from tracker.geo.kernels.tracks import first_from, may_come_within
from tracker.geo.kernels.wgs84 import AXIS_RATIO2, ECCENTRICITY2, RADIANS, SEMI_MAJOR_M


@njit(cache=True, nogil=True, error_model="numpy")
def to_ecef(lon_e7: Any, lat_e7: Any, xyz: Any) -> None:
    """Earth-centred coordinates of reports: `xyz` is (n, 3), m."""
    for i in range(lon_e7.shape[0]):
        lon, lat = lon_e7[i] / 1e7 * RADIANS, lat_e7[i] / 1e7 * RADIANS
        sin_lat, cos_lat = math.sin(lat), math.cos(lat)
        across = SEMI_MAJOR_M / math.sqrt(1.0 - ECCENTRICITY2 * sin_lat * sin_lat)
        xyz[i, 0] = across * cos_lat * math.cos(lon)
        xyz[i, 1] = across * cos_lat * math.sin(lon)
        xyz[i, 2] = across * AXIS_RATIO2 * sin_lat


@njit(cache=True, nogil=True, error_model="numpy")
def pair_times(time_ms: Any, a: int, b: int, c: int, d: int, rows: Any, found: int) -> int:
    """Fill a row for each time at which either ship reports while both are followed, from row `found` on; gives the end.

    Parameters
    ----------
    time_ms : reports of many tracks, those of each in order of time
    a, b, c, d : the one has the reports a up to b, the other c up to d; two or more
    rows : (n, 3) time, and the report of each with which the leg begins that she is on; an index stands still at the
        last leg of its track
    """
    t, end = max(time_ms[a], time_ms[c]), min(time_ms[b - 1], time_ms[d - 1])
    while t <= end:
        while a + 2 < b and time_ms[a + 1] <= t:
            a += 1
        while c + 2 < d and time_ms[c + 1] <= t:
            c += 1
        rows[found, 0], rows[found, 1], rows[found, 2] = t, a, c
        found += 1
        if t >= end:
            break
        # the next report of either
        following = end
        if time_ms[a + 1] > t:
            following = min(following, time_ms[a + 1])
        if time_ms[c + 1] > t:
            following = min(following, time_ms[c + 1])
        t = following
    return found


@njit(cache=True, nogil=True, error_model="numpy")
def pair_windows(
    starts: Any, time_ms: Any, lon_e7: Any, lat_e7: Any, window: int, asked: Any, limit_m: Any, least_ms: float,
    rows: Any, pairs: Any,
) -> tuple[int, int, int]:  # fmt: skip
    """Pairs of tracks in windows, from window `window` on, that may come within a distance, as many as there is room for.

    Gives the window to go on with, how many pairs there are, and how many rows.

    Parameters
    ----------
    starts : track n has the reports starts[n] up to starts[n + 1]
    asked : (windows, 4) two tracks, begin and end, ms, both inclusive
    limit_m, least_ms : of each window the distance; how long the time from the first such moment to the last must be
    rows : of `pair_times`
    pairs : (n, 6) filled with: window, reports of the one and of the other in it (the last not included), first row
    """
    row = found = 0
    while window < asked.shape[0]:
        one, two, begin_ms, end_ms = asked[window, 0], asked[window, 1], asked[window, 2], asked[window, 3]
        a = first_from(time_ms, starts[one], starts[one + 1], begin_ms)
        b = first_from(time_ms, a, starts[one + 1], end_ms + 1)
        c = first_from(time_ms, starts[two], starts[two + 1], begin_ms)
        d = first_from(time_ms, c, starts[two + 1], end_ms + 1)
        if b - a >= 2 and d - c >= 2 and max(time_ms[a], time_ms[c]) < min(time_ms[b - 1], time_ms[d - 1]):
            if row + (b - a) + (d - c) > rows.shape[0] or found == pairs.shape[0]:
                break
            if may_come_within(time_ms, lon_e7, lat_e7, a, b, c, d, limit_m[window], least_ms):
                pair = pairs[found]
                pair[0], pair[1], pair[2], pair[3], pair[4], pair[5] = window, a, b, c, d, row
                row = pair_times(time_ms, a, b, c, d, rows, row)
                found += 1
        window += 1
    return window, found, row
