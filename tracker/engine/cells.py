"""Cells for finding neighbours: rows of latitude, each cut into columns as wide as its latitude asks.

The tables are integers in counts of 1e-7 degree, so that a neighbour is found by integer arithmetic alone and
trigonometry is left to the few pairs that bounds of their row do not decide. Columns close around the globe; near the
poles a row is one cell.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tracker.geo.kernels import radii_m
from tracker.geo.kernels.wgs84 import AXIS_RATIO2, RADIANS, SEMI_MAJOR_M

CELL_RADII = 1.5
"""Height and width of a cell in search radii: fewer cells to look into against fewer places in each."""
POLAR_DEG = 89.0
PLANE_LIMIT_E7 = 849_000_000
"""`distance2_m2` takes the chord above 85 degrees."""
MARGIN = 1.001
ROUNDING = 1e-12


class Cells(NamedTuple):
    """The cutting for one search radius."""

    radius2_m2: float
    rows_per_e7: float
    """Rows in 1e-7 degree of latitude. Row and column need no exact division: the same place always falls alike."""
    reach_y_e7: int
    """Largest difference of latitude between two places within the radius."""
    reach_x_e7: npt.NDArray[np.int64]
    """For each row: the same for longitude, one of the places being in the row."""
    columns: npt.NDArray[np.int64]
    columns_per_e7: npt.NDArray[np.float64]
    metres: npt.NDArray[np.float64]
    """For each row, metres in 1e-7 degree of two places one of which is in it, as `distance2_m2` reckons them: of
    longitude at least and at most, of latitude at least and at most. Nothing and too much where it takes the chord."""


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
    lowest_lat = np.maximum(np.minimum(np.abs(south), np.abs(south + height * 1e-7)) - reach_deg, 0.0)
    (along_0, across_0), (along_1, across_1) = radii_m(lowest_lat), radii_m(highest_lat)
    bounds = [across_1 * np.cos(highest_lat * RADIANS), across_0 * np.cos(lowest_lat * RADIANS), along_0, along_1]
    metres = np.column_stack(bounds) * (RADIANS * 1e-7) * [1 - ROUNDING, 1 + ROUNDING, 1 - ROUNDING, 1 + ROUNDING]
    metres[highest_lat * 1e7 >= PLANE_LIMIT_E7] = [0.0, 1.0, 0.0, 1.0]
    return Cells(radius_m * radius_m, 1 / height, reach_y, reach_x, columns, columns / 3.6e9, metres)
