"""Where a state keeps a territorial sea of less than 12 nm off its whole coast.

Source: ``breadths.csv``, each row with its basis. Rows that are ``approximate`` have edges of our own: between the
kept breadth and 12 nm the answer is uncertain there.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from tracker.zones.packaged import rows_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Breadth:
    """Area in degrees in which a state's territorial sea ends at `limit_nm`."""

    area: str
    state: str
    south: float
    north: float
    west: float
    east: float
    limit_nm: float
    is_approximate: bool


@cache
def read_breadths() -> tuple[Breadth, ...]:
    """All areas, in the order of the file."""
    return tuple(
        Breadth(
            row["area"],
            row["state"],
            float(row["lat_min"]),
            float(row["lat_max"]),
            float(row["lon_min"]),
            float(row["lon_max"]),
            float(row["limit_nm"]),
            row["status"] == "approximate",
        )
        for row in rows_of("breadths.csv")
    )


def breadth_codes(state: Ints, *, states: tuple[str, ...], lon: Floats, lat: Floats) -> Ints:
    """Number of the area that holds each point off its state's coast, or -1."""
    out = np.full(len(lon), -1)
    for number, area in enumerate(read_breadths()):
        if area.state not in states:
            continue
        inside = (lat >= area.south) & (lat <= area.north) & (lon >= area.west) & (lon <= area.east)
        out[inside & (state == states.index(area.state))] = number
    return out
