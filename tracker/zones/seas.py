"""Named seas: our own polygons, drawn from the limits of IHO S-23, and the names people use for them.

A point belongs to the smallest sea that holds it. Edges that run over land are drawn freely, since only the
water between matters; East Asia is drawn to a few kilometres, the rest of the world coarsely.
Source: IHO Special Publication 23, Limits of Oceans and Seas (3rd edition, 1953, and the draft of 2002);
``seas.csv`` says which limit each polygon follows.
"""

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tracker.errors import UnknownNameError
from tracker.zones.columns import numbers, texts
from tracker.zones.packaged import rows_of
from tracker.zones.prepared import prepare

GAP_DEG: Final = 3.0
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Sea:
    """One named sea; `polygon` may run past 180 degrees east."""

    name: str
    parent: str
    polygon: Any
    bounds: tuple[float, float, float, float]
    basis: str

    def may_reach(self, box: tuple[float, float, float, float], /) -> bool:
        """Whether the sea can hold a point of a box (west, south, east, north; longitude in [-180, 180])."""
        west, south, east, north = self.bounds
        turns = any(box[0] + turn <= east and box[2] + turn >= west for turn in (0.0, 360.0))
        return turns and box[1] <= north and box[3] >= south

    def contains(self, lon: Floats, lat: Floats) -> Bools:
        """Points (longitude in [-180, 180], degrees) inside the polygon."""
        import shapely

        west, south, east, north = self.bounds
        inside = np.zeros(len(lon), bool)
        for turn in (0.0, 360.0):
            if west > 180 + turn or east < -180 + turn:
                continue
            rows = np.flatnonzero((lon + turn >= west) & (lon + turn <= east) & (lat >= south) & (lat <= north))
            if len(rows):
                inside[rows] |= shapely.intersects_xy(self.polygon, lon[rows] + turn, lat[rows])
        return inside


@cache
def read_seas() -> tuple[Sea, ...]:
    """All seas, the smallest first."""
    import shapely

    seas = []
    for row in rows_of("seas.csv"):
        xy = np.array([[float(v) for v in pair.split()] for pair in row["points"].split(";")])
        polygon = shapely.make_valid(shapely.polygons(xy))
        prepare(polygon)
        seas.append(Sea(row["name"], row["parent"], polygon, polygon.bounds, row["basis"]))
    return tuple(sorted(seas, key=lambda sea: float(sea.polygon.area)))


def name_seas(lon: Floats, lat: Floats) -> Any:
    """Name of the smallest sea that holds each point, else of one within 3 degrees (the polygons leave small gaps).

    Parameters
    ----------
    lon, lat
        Degrees, shape (n,); longitude in [-180, 180].

    Returns
    -------
    pyarrow.Array
        Strings, length n; null far from every sea.
    """
    return sea_names(sea_codes(lon, lat))


def sea_names(codes: Ints, /) -> Any:
    """The names that `sea_codes` stand for, as a pyarrow.Array; null for -1."""
    seas = read_seas()
    words = texts([*(sea.name for sea in seas), None])
    return words.take(numbers(np.where(codes < 0, len(seas), codes)))


def sea_codes(lon: Floats, lat: Floats, /) -> Ints:
    """Number in `read_seas` of the sea of each point (`name_seas` says which); -1 far from every sea."""
    code = np.full(len(lon), -1)
    left = np.arange(len(lon))
    if not len(left):
        return code
    box = (float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max()))
    for number, sea in enumerate(read_seas()):
        if not len(left):
            return code
        if not sea.may_reach(box):
            continue
        inside = sea.contains(lon[left], lat[left])
        if inside.any():
            code[left[inside]] = number
            left = left[~inside]
    if len(left):
        import shapely

        found, nearest = _tree().query_nearest(
            shapely.points(lon[left], lat[left]), max_distance=GAP_DEG, all_matches=False
        )
        code[left[found]] = nearest
    return code


@cache
def _tree() -> Any:
    import shapely

    return shapely.STRtree([sea.polygon for sea in read_seas()])


@cache
def known_sea_names() -> dict[str, str]:
    """Every name and synonym in lower case, to the name we use."""
    names = {sea.name.lower(): sea.name for sea in read_seas()}
    return names | {row["synonym"].lower(): row["name"] for row in rows_of("sea_names.csv")}


def sea_called(text: str, /) -> Sea:
    """The sea of that name or synonym, whatever its case.

    Raises
    ------
    UnknownNameError
        With the nearest known names.
    """
    names = known_sea_names()
    wanted = " ".join(text.lower().split())
    if wanted not in names:
        near = get_close_matches(wanted, names, n=3, cutoff=0.5)
        hint = ", ".join(names[n] for n in near) or "Yellow Sea, East China Sea, Sea of Japan"
        raise UnknownNameError(f"No sea is called {text!r}. Near: {hint}.")
    return next(sea for sea in read_seas() if sea.name == names[wanted])
