"""The longest straight part of a way, compiled: every end is tried, and each looks back as far as the way is a line."""

import math
from typing import Any

from tracker.geo.kernels.jit import inner, kernel, whole
from tracker.geo.kernels.wgs84 import AXIS_RATIO2, ECCENTRICITY2, RADIANS, SEMI_MAJOR_M


@inner
def _is_line(
    xyz: Any, lon: float, lat: float, first: int, last: int, off_m: float, least_m: float, most_m: float
) -> bool:
    """Whether places go on along the line from the first to the last, none of them far off it."""
    sin_lon, cos_lon = math.sin(lon * RADIANS), math.cos(lon * RADIANS)
    sin_lat, cos_lat = math.sin(lat * RADIANS), math.cos(lat * RADIANS)
    length, to_east, to_north, before = 0.0, 0.0, 0.0, 0.0
    # the last place tells the line, then all of them are held against it
    for k in range(first - 1, last + 1):
        place = last if k < first else k
        dx, dy, dz = xyz[place, 0] - xyz[first, 0], xyz[place, 1] - xyz[first, 1], xyz[place, 2] - xyz[first, 2]
        east = -sin_lon * dx + cos_lon * dy
        north = -sin_lat * cos_lon * dx - sin_lat * sin_lon * dy + cos_lat * dz
        if k < first:
            length, to_east, to_north = math.hypot(east, north), east, north
            if not least_m <= length <= most_m:
                return False
            continue
        along = (east * to_east + north * to_north) / length
        if abs(east * to_north - north * to_east) / length > off_m or (k > first and along <= before):
            return False
        before = along
    return True


@kernel
def longest_line(
    xyz: Any, lon: Any, lat: Any, off_m: float, least_m: float, most_m: float, enough_m: float
) -> tuple[int, int]:
    """First and last of the places of the longest straight part; two places are always one. -1 where one is too long.

    Parameters
    ----------
    xyz, lon, lat : places in order, earth-centred (n, 3; m) and in degrees
    off_m : how far a place may be off the line from the first to the last of its part
    least_m, most_m : how long the line of a part of more than two places may be
    enough_m : a part longer than this ends the search
    """
    # not a constant: numba would compile `_is_line` once more for it
    first, begin, end, longest = whole(0), 0, 0, 0.0
    for last in range(1, lat.shape[0]):
        while last > first + 1 and not _is_line(xyz, lon[first], lat[first], first, last, off_m, least_m, most_m):
            first += 1
        dx, dy, dz = xyz[last, 0] - xyz[first, 0], xyz[last, 1] - xyz[first, 1], xyz[last, 2] - xyz[first, 2]
        chord = math.sqrt(dx * dx + dy * dy + dz * dz)
        sin_lat = math.sin(0.5 * (lat[first] + lat[last]) * RADIANS)
        w = 1.0 - ECCENTRICITY2 * sin_lat * sin_lat
        diameter = SEMI_MAJOR_M / math.sqrt(w) * (1.0 + AXIS_RATIO2 / w)
        length = diameter * math.asin(min(chord / diameter, 1.0))
        if length >= longest:
            begin, end, longest = first, last, length
        if longest > enough_m:
            return -1, -1
    return begin, end
