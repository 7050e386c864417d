"""Two tracks on the union of their report times, in compiled loops: where both are, and how surely, at each of them."""

import math
from typing import Any

import numpy as np

from tracker.geo.kernels.jit import inner, kernel, whole
from tracker.geo.kernels.tracks import first_from, near_between, surely_apart
from tracker.geo.kernels.wgs84 import AXIS_RATIO2, ECCENTRICITY2, RADIANS, SEMI_MAJOR_M

TIME, PLACE_1, PLACE_2, EAST, NORTH, HEARD, NEAREST, FARTHER, COLUMNS = 0, 1, 4, 7, 8, 9, 10, 11, 12
"""Columns of paths: time, s; places of both ships (earth-centred, m; three each); the vector from ship 1 to ship 2, m; who
may be read as a straight line on the leg after that time (0 nobody, 1 or 2 that ship, 3 both); time to the nearest report
of the ship whose nearest is farther away, s; time to the farthest of the reports before and after of both, s."""
AT, WAS, STOP = range(3)


@inner
def place_of(lon_e7: int, lat_e7: int) -> tuple[float, float, float]:
    """Earth-centred coordinates of a report, m."""
    lon, lat = lon_e7 / 1e7 * RADIANS, lat_e7 / 1e7 * RADIANS
    sin_lat, cos_lat = math.sin(lat), math.cos(lat)
    across = SEMI_MAJOR_M / math.sqrt(1.0 - ECCENTRICITY2 * sin_lat * sin_lat)
    return across * cos_lat * math.cos(lon), across * cos_lat * math.sin(lon), across * AXIS_RATIO2 * sin_lat


@kernel
def to_ecef(lon_e7: Any, lat_e7: Any, xyz: Any) -> None:
    """Earth-centred coordinates of reports: `xyz` is (n, 3), m."""
    for i in range(lon_e7.shape[0]):
        xyz[i, 0], xyz[i, 1], xyz[i, 2] = place_of(lon_e7[i], lat_e7[i])


@inner
def straight_above(x: float, y: float, z: float) -> tuple[float, float, float, float, float]:
    """Cosine and sine of longitude and of latitude of the place on the ellipsoid straight above; radius across, m."""
    axis = math.sqrt(x * x + y * y)
    cos_lon, sin_lon = (x / axis, y / axis) if axis > 0.0 else (1.0, 0.0)
    run = AXIS_RATIO2 * axis
    length = math.sqrt(z * z + run * run)
    sin_lat, cos_lat = z / length, run / length
    return cos_lon, sin_lon, cos_lat, sin_lat, SEMI_MAJOR_M / math.sqrt(1.0 - ECCENTRICITY2 * sin_lat * sin_lat)


@kernel
def follow_pair(
    time_ms: Any, lon_e7: Any, lat_e7: Any, a: int, b: int, c: int, d: int, bounds: Any, path: Any, found: int
) -> int:
    """Fill a row for each time at which either ship reports while both are followed, from row `found` on; gives the end.

    Parameters
    ----------
    time_ms, lon_e7, lat_e7 : reports of many tracks, those of each in order of time
    a, b, c, d : the one has the reports a up to b, the other c up to d; two or more
    bounds : longest straight leg, s; longest one made slowly, s; what slowly is, m/s
    path : (n, COLUMNS)
    """
    t, end = max(time_ms[a], time_ms[c]), min(time_ms[b - 1], time_ms[d - 1])
    # of each ship the places at both ends of the leg that she is on, and whether it is straight; the rows of its begin
    # and of the one before, and the end of her rows
    leg, rows = np.empty((2, 7)), np.empty((2, 3), np.int64)
    rows[0, AT], rows[1, AT], rows[0, STOP], rows[1, STOP] = a, c, b, d
    rows[0, WAS] = rows[1, WAS] = -2
    while t <= end:
        row, following = path[found], end
        nearest_ms, farther_ms = 0, 0
        for n in range(2):
            i, own = rows[n, AT], leg[n]
            while i + 2 < rows[n, STOP] and time_ms[i + 1] <= t:
                i += 1
            if i != rows[n, WAS]:
                if i == rows[n, WAS] + 1:
                    own[0], own[1], own[2] = own[3], own[4], own[5]
                else:
                    own[0], own[1], own[2] = place_of(lon_e7[i], lat_e7[i])
                own[3], own[4], own[5] = place_of(lon_e7[i + 1], lat_e7[i + 1])
                x, y, z = own[3] - own[0], own[4] - own[1], own[5] - own[2]
                # the arc over such a way is longer than its chord by less than a part in ten thousand
                way_m, leg_s = math.sqrt(x * x + y * y + z * z), max((time_ms[i + 1] - time_ms[i]) / 1000.0, 1e-3)
                own[6] = leg_s <= bounds[0] or (leg_s <= bounds[1] and way_m <= bounds[2] * leg_s)
                rows[n, AT] = rows[n, WAS] = i
            since_ms, until_ms = t - time_ms[i], time_ms[i + 1] - t
            if until_ms > 0:
                following = min(following, time_ms[i + 1])
                # at a report of hers none is far
                if since_ms > 0:
                    nearest_ms = max(nearest_ms, min(since_ms, until_ms))
                    farther_ms = max(farther_ms, since_ms, until_ms)
            share = since_ms / max(since_ms + until_ms, 1)
            x = own[0] + (own[3] - own[0]) * share
            y = own[1] + (own[4] - own[1]) * share
            z = own[2] + (own[5] - own[2]) * share
            cos_lon, sin_lon, cos_lat, sin_lat, across = straight_above(x, y, z)
            row[PLACE_1 + 3 * n] = across * cos_lat * cos_lon
            row[PLACE_1 + 3 * n + 1] = across * cos_lat * sin_lon
            row[PLACE_1 + 3 * n + 2] = across * AXIS_RATIO2 * sin_lat
        # on the plane that touches the globe half-way between them
        x, y, z = row[PLACE_2] - row[PLACE_1], row[PLACE_2 + 1] - row[PLACE_1 + 1], row[PLACE_2 + 2] - row[PLACE_1 + 2]
        cos_lon, sin_lon, cos_lat, sin_lat, across = straight_above(
            0.5 * (row[PLACE_1] + row[PLACE_2]),
            0.5 * (row[PLACE_1 + 1] + row[PLACE_2 + 1]),
            0.5 * (row[PLACE_1 + 2] + row[PLACE_2 + 2]),
        )
        row[TIME] = t / 1000.0
        row[EAST], row[NORTH] = cos_lon * y - sin_lon * x, cos_lat * z - sin_lat * (cos_lon * x + sin_lon * y)
        row[HEARD] = leg[0, 6] + 2.0 * leg[1, 6]
        row[NEAREST], row[FARTHER] = nearest_ms / 1000.0, farther_ms / 1000.0
        found += 1
        if t >= end:
            break
        t = following
    return found


@kernel
def pair_windows(
    starts: Any, time_ms: Any, lon_e7: Any, lat_e7: Any, window: int, asked: Any, limit_m: Any, least_ms: float,
    bounds: Any, path: Any, pairs: Any,
) -> tuple[int, int, int]:  # fmt: skip
    """Pairs of tracks in windows, from window `window` on, that may come within a distance, as many as there is room for.

    Rows are filled from where the two were surely seen apart before to where they were after, or all that there are.
    Gives the window to go on with, how many pairs there are, and how many rows.

    Parameters
    ----------
    starts : track n has the reports starts[n] up to starts[n + 1]
    asked : (windows, 4) two tracks, begin and end, ms, both inclusive
    limit_m, least_ms : of each window the distance; how long the time from the first such moment to the last must be
    bounds : of `follow_pair`, and the limits of `surely_apart`
    path : of `follow_pair`
    pairs : (n, 6) filled with: window, reports of the one and of the other in it (the last not included), first row
    """
    # not a constant: numba would compile `follow_pair` once more for it
    row = found = whole(0)
    while window < asked.shape[0]:
        one, two, begin_ms, end_ms = asked[window, 0], asked[window, 1], asked[window, 2], asked[window, 3]
        a = first_from(time_ms, starts[one], starts[one + 1], begin_ms)
        b = first_from(time_ms, a, starts[one + 1], end_ms + 1)
        c = first_from(time_ms, starts[two], starts[two + 1], begin_ms)
        d = first_from(time_ms, c, starts[two + 1], end_ms + 1)
        if b - a >= 2 and d - c >= 2 and max(time_ms[a], time_ms[c]) < min(time_ms[b - 1], time_ms[d - 1]):
            since_ms, until_ms = near_between(time_ms, lon_e7, lat_e7, a, b, c, d, limit_m[window])
            if until_ms - since_ms >= least_ms:
                i, n = a, b
                for side in range(2):
                    at_ms = whole(until_ms if side else since_ms)
                    p = min(max(first_from(time_ms, a, b, at_ms + 1) - 1 + side, a), b - 1)
                    p = surely_apart(time_ms, lon_e7, lat_e7, p, 2 * side - 1, a, b, c, d, bounds[3:])
                    # a report more than is asked for, so that none of those is the last
                    i, n = (i, min(p + 2, b)) if side else (max(p - 1, a), n)
                if max(time_ms[i], time_ms[c]) >= min(time_ms[n - 1], time_ms[d - 1]):
                    i, n = a, b
                if row + (n - i) + (d - c) > path.shape[0] or found == pairs.shape[0]:
                    break
                pair = pairs[found]
                pair[0], pair[1], pair[2], pair[3], pair[4], pair[5] = window, a, b, c, d, row
                row = follow_pair(time_ms, lon_e7, lat_e7, i, n, c, d, bounds, path, row)
                found += 1
        window += 1
    return window, found, row
