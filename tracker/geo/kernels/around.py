"""Who is about many places at once: loops over the boxes near each place, so that cost follows ships and not their reports."""

import math
from typing import Any

import numpy as np

from tracker.geo.kernels.jit import kernel
from tracker.geo.kernels.wgs84 import RADIANS

SECTORS = 360


@kernel
def widest_gaps(
    table: Any, box_xyz: Any, only: Any, radius: float, xyz: Any, lon: Any, lat: Any, ship: Any, widest: Any
) -> None:
    """Widest sector about each place without a box in it, degrees, 360 without any; right where it is over a degree.

    Parameters
    ----------
    table : boxes near each place, as in `count_about`
    box_xyz : middles of boxes on the surface, earth-centred, m
    only : the one ship of a box that holds no other, else -1; such boxes are not there for that ship
    radius : boxes with a middle farther from the place are left out, m
    xyz, lon, lat, ship : the places (earth-centred, m; degrees), and who asks
    widest : filled
    """
    group, first, boxes, middle = table[0], table[1], table[2], table[3]
    least, most = np.empty(SECTORS), np.empty(SECTORS)
    for i in range(lon.shape[0]):
        most[:] = -1.0
        x, y, z = xyz[i, 0], xyz[i, 1], xyz[i, 2]
        sin_lon, cos_lon = math.sin(lon[i] * RADIANS), math.cos(lon[i] * RADIANS)
        sin_lat, cos_lat = math.sin(lat[i] * RADIANS), math.cos(lat[i] * RADIANS)
        for k in range(first[group[i]], first[group[i] + 1]):
            box = boxes[k]
            dx, dy, dz = middle[box, 0] - x, middle[box, 1] - y, middle[box, 2] - z
            if only[box] == ship[i] or dx * dx + dy * dy + dz * dz > radius * radius:
                continue
            dx, dy, dz = box_xyz[box, 0] - x, box_xyz[box, 1] - y, box_xyz[box, 2] - z
            east = -sin_lon * dx + cos_lon * dy
            north = -sin_lat * cos_lon * dx - sin_lat * sin_lon * dy + cos_lat * dz
            bearing = math.atan2(east, north) / RADIANS
            if bearing < 0.0:
                bearing += 360.0
            sector = min(int(bearing), SECTORS - 1)
            if most[sector] < 0.0:
                least[sector] = bearing
                most[sector] = bearing
            else:
                least[sector] = min(least[sector], bearing)
                most[sector] = max(most[sector], bearing)
        begin, last, gap = -1.0, -1.0, 0.0
        for sector in range(SECTORS):
            if most[sector] >= 0.0:
                if begin < 0.0:
                    begin = least[sector]
                else:
                    gap = max(gap, least[sector] - last)
                last = most[sector]
        widest[i] = 360.0 if begin < 0.0 else max(gap, begin + 360.0 - last)


@kernel
def count_about(xyz: Any, ship: Any, tables: Any, radius: float, marks: Any, counts: Any) -> None:
    """Count the other ships within a radius of each place, and those of them that other tables hold there too.

    Parameters
    ----------
    xyz, ship : the places (earth-centred, m), and who asks
    tables : three of `tracker.detectors.boxes.Boxes.about`
    marks : (4, ships) of -1
    counts : (n, 3) filled: ships of the first table; of those, in the second; of the rest, in the third
    """
    for i in range(ship.shape[0]):
        x, y, z = xyz[i, 0], xyz[i, 1], xyz[i, 2]
        marks[0, ship[i]] = i
        for n in range(3):
            group, first, boxes, middle, reach, begin, ships, places, rows = tables[n]
            # left out are the ship itself, and in the end those of the second table
            apart, least, found = (2 if n == 2 else 0), (i if n else -1), 0
            for k in range(first[group[i]], first[group[i] + 1]):
                box = boxes[k]
                dx, dy, dz = middle[box, 0] - x, middle[box, 1] - y, middle[box, 2] - z
                away = math.sqrt(dx * dx + dy * dy + dz * dz)
                if away > radius + reach[box]:
                    continue
                is_inside = away + reach[box] < radius - 1.0
                for one in range(begin[box], begin[box + 1]):
                    other = ships[one]
                    if marks[n + 1, other] == i or marks[apart, other] == i or marks[1, other] < least:
                        continue
                    is_near = is_inside
                    row = places[one]
                    while not is_near and row < places[one + 1]:
                        dx, dy, dz = rows[row, 0] - x, rows[row, 1] - y, rows[row, 2] - z
                        is_near = dx * dx + dy * dy + dz * dz <= radius * radius
                        row += 1
                    if is_near:
                        marks[n + 1, other] = i
                        found += 1
            counts[i, n] = found
