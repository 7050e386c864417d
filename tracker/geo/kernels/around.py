"""Who is about many places at once: loops over the boxes near each place, so that cost follows ships and not their reports."""

import math
from typing import Any

from tracker.geo.kernels.jit import kernel


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
            group, first, boxes, middle, reach, begin, ships, places, runs, rows = tables[n]
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
                    run = places[one]
                    while not is_near and run < places[one + 1]:
                        row = runs[run, 0]
                        while not is_near and row < runs[run, 1]:
                            dx, dy, dz = rows[row, 0] - x, rows[row, 1] - y, rows[row, 2] - z
                            is_near = dx * dx + dy * dy + dz * dz <= radius * radius
                            row += 1
                        run += 1
                    if is_near:
                        marks[n + 1, other] = i
                        found += 1
            counts[i, n] = found
