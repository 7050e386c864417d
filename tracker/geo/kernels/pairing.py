"""Two tracks on the union of their report times, in one compiled loop: places, and the vector from one ship to the other.

The formulas are those of `tracker.geo.kernels.wgs84` and `.plane`. Sines and cosines of a place on a chord are its
coordinates over their length, so only the reports themselves need trigonometry.
"""

import math
from typing import Any

from numba import njit

from tracker.geo.kernels.wgs84 import AXIS_RATIO2, ECCENTRICITY2, RADIANS, SEMI_MAJOR_M


@njit(cache=True, nogil=True)
def to_ecef(lon_e7: Any, lat_e7: Any, xyz: Any) -> None:
    """Earth-centred coordinates of reports: `xyz` is (n, 3), m."""
    for i in range(lon_e7.shape[0]):
        lon, lat = lon_e7[i] / 1e7 * RADIANS, lat_e7[i] / 1e7 * RADIANS
        sin_lat, cos_lat = math.sin(lat), math.cos(lat)
        across = SEMI_MAJOR_M / math.sqrt(1.0 - ECCENTRICITY2 * sin_lat * sin_lat)
        xyz[i, 0] = across * cos_lat * math.cos(lon)
        xyz[i, 1] = across * cos_lat * math.sin(lon)
        xyz[i, 2] = across * AXIS_RATIO2 * sin_lat


@njit(cache=True, nogil=True)
def straight_legs(
    time_ms: Any, xyz: Any, bridge_s: float, slow_bridge_s: float, slow_m_s: float, straight: Any
) -> None:
    """Which legs of a track may be read as straight lines: short ones, and longer ones that she made slowly."""
    for i in range(time_ms.shape[0] - 1):
        leg_s = max((time_ms[i + 1] - time_ms[i]) / 1000.0, 1e-3)
        is_straight = leg_s <= bridge_s
        if not is_straight and leg_s <= slow_bridge_s:
            dx, dy, dz = xyz[i + 1, 0] - xyz[i, 0], xyz[i + 1, 1] - xyz[i, 1], xyz[i + 1, 2] - xyz[i, 2]
            # the arc over such a way is longer than its chord by less than a part in ten thousand
            is_straight = math.sqrt(dx * dx + dy * dy + dz * dz) <= slow_m_s * leg_s
        straight[i] = is_straight


@njit(cache=True, nogil=True)
def _on_surface(x: float, y: float, z: float) -> tuple[float, float, float, float, float, float, float]:
    """Straight above a place: its coordinates on the ellipsoid, and cosine and sine of its longitude and latitude."""
    axis = math.sqrt(x * x + y * y)
    cos_lon, sin_lon = (x / axis, y / axis) if axis > 0.0 else (1.0, 0.0)
    rise, run = z, AXIS_RATIO2 * axis
    length = math.sqrt(rise * rise + run * run)
    sin_lat, cos_lat = rise / length, run / length
    across = SEMI_MAJOR_M / math.sqrt(1.0 - ECCENTRICITY2 * sin_lat * sin_lat)
    return (
        across * cos_lat * cos_lon,
        across * cos_lat * sin_lon,
        across * AXIS_RATIO2 * sin_lat,
        cos_lon,
        sin_lon,
        cos_lat,
        sin_lat,
    )


@njit(cache=True, nogil=True)
def pair_up(
    time_1: Any, xyz_1: Any, straight_1: Any, time_2: Any, xyz_2: Any, straight_2: Any, out: Any, heard: Any
) -> int:
    """Fill a row of `out` for each time at which either ship reports while both are followed; gives their number.

    Columns of `out`: time, s; longitude and latitude of ship 1 and of ship 2, degrees; vector from ship 1 to ship 2
    east and north, m, on the plane that touches the globe half-way. `heard`: whether the leg after it is straight.
    """
    begin, end = max(time_1[0], time_2[0]), min(time_1[-1], time_2[-1])
    i = j = 0
    found = 0
    t = begin
    while True:
        while i + 2 < time_1.shape[0] and time_1[i + 1] <= t:
            i += 1
        while j + 2 < time_2.shape[0] and time_2[j + 1] <= t:
            j += 1
        share_1 = (t - time_1[i]) / max(time_1[i + 1] - time_1[i], 1)
        share_2 = (t - time_2[j]) / max(time_2[j + 1] - time_2[j], 1)
        ax, ay, az, _, _, _, _ = _on_surface(
            xyz_1[i, 0] + (xyz_1[i + 1, 0] - xyz_1[i, 0]) * share_1,
            xyz_1[i, 1] + (xyz_1[i + 1, 1] - xyz_1[i, 1]) * share_1,
            xyz_1[i, 2] + (xyz_1[i + 1, 2] - xyz_1[i, 2]) * share_1,
        )
        bx, by, bz, _, _, _, _ = _on_surface(
            xyz_2[j, 0] + (xyz_2[j + 1, 0] - xyz_2[j, 0]) * share_2,
            xyz_2[j, 1] + (xyz_2[j + 1, 1] - xyz_2[j, 1]) * share_2,
            xyz_2[j, 2] + (xyz_2[j + 1, 2] - xyz_2[j, 2]) * share_2,
        )
        _, _, _, cos_lon, sin_lon, cos_lat, sin_lat = _on_surface(0.5 * (ax + bx), 0.5 * (ay + by), 0.5 * (az + bz))
        dx, dy, dz = bx - ax, by - ay, bz - az
        out[found, 0] = t / 1000.0
        out[found, 1] = math.atan2(ay, ax) / RADIANS
        out[found, 2] = math.atan2(az, AXIS_RATIO2 * math.sqrt(ax * ax + ay * ay)) / RADIANS
        out[found, 3] = math.atan2(by, bx) / RADIANS
        out[found, 4] = math.atan2(bz, AXIS_RATIO2 * math.sqrt(bx * bx + by * by)) / RADIANS
        out[found, 5] = -sin_lon * dx + cos_lon * dy
        out[found, 6] = -sin_lat * cos_lon * dx - sin_lat * sin_lon * dy + cos_lat * dz
        heard[found, 0] = straight_1[i]
        heard[found, 1] = straight_2[j]
        found += 1
        if t >= end:
            return found
        # the next report of either; an index stands still at the last leg of its track
        following = end
        if time_1[i + 1] > t:
            following = min(following, time_1[i + 1])
        if time_2[j + 1] > t:
            following = min(following, time_2[j + 1])
        t = following
