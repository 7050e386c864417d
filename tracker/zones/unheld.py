"""Areas in which states have agreed on limits whose lines are not in the index: there the computed answer is uncertain.

Source: ``unheld_lines.csv``; the boxes are this project's, drawn about the waters in question.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from tracker.zones.packaged import rows_of

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Unheld:
    """Box in degrees, the states that have agreed, and what is missing, in words."""

    area: str
    states: tuple[str, ...]
    south: float
    north: float
    west: float
    east: float
    what: str

    def contains(self, lon: Floats, lat: Floats, /) -> npt.NDArray[np.bool_]:
        """Which points lie in the box."""
        inside = (lat >= self.south) & (lat <= self.north) & (lon >= self.west) & (lon <= self.east)
        return np.asarray(inside, np.bool_)


@cache
def read_unheld() -> tuple[Unheld, ...]:
    """All areas, in the order of the file."""
    return tuple(
        Unheld(
            row["area"],
            tuple(row["states"].split()),
            float(row["lat_min"]),
            float(row["lat_max"]),
            float(row["lon_min"]),
            float(row["lon_max"]),
            row["what"],
        )
        for row in rows_of("unheld_lines.csv")
    )
