"""Cells for finding neighbours: rows of latitude, each cut into columns as wide as its latitude asks.

The tables are integers in counts of 1e-7 degree, so that a neighbour is found by integer arithmetic alone and
trigonometry is left to pairs that are already near. Columns close around the globe; near the poles a row is
one cell.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tracker.geo.kernels.wgs84 import AXIS_RATIO2, RADIANS, SEMI_MAJOR_M

CELL_RADII = 1.5
"""Height and width of a cell in search radii: fewer cells to look into against fewer places in each."""
POLAR_DEG = 89.0
MARGIN = 1.001


class Cells(NamedTuple):
    """The cutting for one search radius."""

    radius2_m2: float
    height_e7: int
    reach_y_e7: int
    """Largest difference of latitude between two places within the radius."""
    reach_x_e7: npt.NDArray[np.int64]
    """For each row: the same for longitude, one of the places being in the row."""
    columns: npt.NDArray[np.int64]


def cut_cells(radius_m: float, /) -> Cells:
    """Cut the globe for one search radius (m)."""
    shortest_metres_per_degree = SEMI_MAJOR_M * AXIS_RATIO2 * RADIANS
    reach_deg = MARGIN * radius_m / shortest_metres_per_degree
    reach_y = int(np.ceil(reach_deg * 1e7)) + 1
    height = int(reach_y * CELL_RADII)
    south = np.arange(1_800_000_000 // height + 1, dtype=np.float64) * height * 1e-7 - 90.0
    # the pair's other place may lie one reach further towards the pole
    highest_lat = np.minimum(np.maximum(np.abs(south), np.abs(south + height * 1e-7)) + reach_deg, 90.0)
    shrink = np.cos(highest_lat * RADIANS)
    reach_x_deg = np.where(
        highest_lat < POLAR_DEG, MARGIN * radius_m / (SEMI_MAJOR_M * RADIANS * np.maximum(shrink, 1e-3)), 360.0
    )
    reach_x = np.minimum(np.ceil(reach_x_deg * 1e7) + 1, 3_600_000_000).astype(np.int64)
    columns = np.maximum(1, (3_600_000_000 / (reach_x * CELL_RADII)).astype(np.int64))
    return Cells(radius_m * radius_m, height, reach_y, reach_x, columns)
