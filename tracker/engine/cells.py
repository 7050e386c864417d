"""Cells for finding neighbours: rows of latitude, each cut into columns as wide as its latitude asks.

The tables are integers in counts of 1e-7 degree, so that a neighbour is found by integer arithmetic alone and
trigonometry is left to the few pairs that bounds of their row do not decide. Columns close around the globe; near the
poles a row is one cell.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tracker.geo.kernels import radii_m
from tracker.geo.kernels.wgs84 import AXIS_RATIO2, RADIANS, SEMI_MAJOR_M

CELL_RADII = 2.0
"""Height and width of a cell in search radii: fewer cells to look into against fewer places in each."""
BELT_DEG = 0.1
"""Rows share a belt of at least one row and about this height: few enough belts to stay near the processor."""
POLAR_DEG = 89.0
PLANE_LIMIT_DEG = 84.9
"""`distance2_m2` takes the chord above 85 degrees."""
MARGIN = 1.001
ROUNDING = 1e-12

BELT = np.dtype(
    [
        (
            "reach_x_e7",
            "i8",
        ),  # largest difference of longitude of two places within the radius, one of them in the belt
        ("columns", "i8"),  # of each row
        ("columns_per_e7", "f8"),
        # metres in 1e-7 degree of longitude and of latitude, for such places and as `distance2_m2` reckons them;
        # nothing and too much where it takes the chord
        ("east_least_m", "f8"),
        ("east_most_m", "f8"),
        ("north_least_m", "f8"),
        ("north_most_m", "f8"),
        ("unused", "i8"),  # to the length of a line of the cache
    ],
    align=True,
)


class Cells(NamedTuple):
    """The cutting for one search radius."""

    radius2_m2: float
    rows_per_e7: float
    """Rows in 1e-7 degree of latitude. Row and column need no exact division: the same place always falls alike."""
    top_row: int
    belt_shift: int
    """A row is in the belt ``row >> belt_shift``."""
    reach_y_e7: int
    """Largest difference of latitude between two places within the radius."""
    belts: npt.NDArray[Any]


def cut_cells(radius_m: float, /) -> Cells:
    """Cut the globe for one search radius (m)."""
    reach_deg = MARGIN * radius_m / (SEMI_MAJOR_M * AXIS_RATIO2 * RADIANS)
    reach_y = int(np.ceil(reach_deg * 1e7)) + 1
    height = int(reach_y * CELL_RADII)
    shift = max(int(BELT_DEG * 1e7 // height).bit_length() - 1, 0)
    south = np.arange(1_800_000_000 // (height << shift) + 1) * (height << shift) * 1e-7 - 90.0
    north = south + (height << shift) * 1e-7
    # the pair's other place may lie one reach further towards the pole, or away from it
    highest = np.minimum(np.maximum(np.abs(south), np.abs(north)) + reach_deg, 90.0)
    lowest = np.maximum(np.minimum(np.abs(south), np.abs(north)) - reach_deg, 0.0)
    lowest[(south < 0) & (north > 0)] = 0.0
    shrink = np.maximum(np.cos(highest * RADIANS), 1e-3)
    reach_x_deg = np.where(highest < POLAR_DEG, MARGIN * radius_m / (SEMI_MAJOR_M * RADIANS * shrink), 360.0)
    belts = np.zeros(len(south), BELT)
    belts["reach_x_e7"] = np.minimum(np.ceil(reach_x_deg * 1e7) + 1, 3_600_000_000)
    belts["columns"] = np.maximum(1, 3_600_000_000 / (belts["reach_x_e7"] * CELL_RADII))
    belts["columns_per_e7"] = belts["columns"] / 3.6e9
    (along_least, across_least), (along_most, across_most) = radii_m(lowest), radii_m(highest)
    unit = RADIANS * 1e-7
    belts["east_least_m"] = across_most * np.cos(highest * RADIANS) * unit * (1 - ROUNDING)
    belts["east_most_m"] = across_least * np.cos(lowest * RADIANS) * unit * (1 + ROUNDING)
    belts["north_least_m"] = along_least * unit * (1 - ROUNDING)
    belts["north_most_m"] = along_most * unit * (1 + ROUNDING)
    for side, metres in (("least", 0.0), ("most", 1.0)):
        for way in ("east", "north"):
            belts[f"{way}_{side}_m"][highest >= PLANE_LIMIT_DEG] = metres
    return Cells(radius_m * radius_m, 1 / height, 1_800_000_000 // height, shift, reach_y, belts)
