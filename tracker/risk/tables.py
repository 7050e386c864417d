"""Tables that rules read: weak flags and the areas where transfers were reported."""

import csv
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt


@cache
def weak_flags() -> frozenset[str]:
    """Flags of convenience and those with a history of false papers, alpha-3."""
    return frozenset(row["state"] for row in _rows("flags.csv"))


@cache
def shell_states() -> frozenset[str]:
    """Jurisdictions in which companies with one ship and no public owner are usual, alpha-3."""
    return frozenset(row["state"] for row in _rows("shells.csv"))


@cache
def risk_areas() -> dict[str, tuple[float, float, float, float]]:
    """Boxes by name: south, north, west, east, degrees."""
    names = ("lat_min", "lat_max", "lon_min", "lon_max")
    boxes = {}
    for row in _rows("areas.csv"):
        south, north, west, east = (float(row[name]) for name in names)
        boxes[row["name"]] = (south, north, west, east)
    return boxes


def _rows(name: str) -> list[dict[str, str]]:
    text = files("tracker").joinpath(f"data/risk/{name}").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def area_of(lon: float, lat: float, /, *, only: frozenset[str] | None = None) -> str | None:
    """Name of the first area that holds a place; `only` keeps to some areas, by name."""
    for name, (south, north, west, east) in risk_areas().items():
        if south <= lat <= north and west <= lon <= east and (only is None or name in only):
            return name
    return None


def are_in_areas(lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64], /) -> npt.NDArray[np.bool_]:
    """Whether any area holds each of many places."""
    inside = np.zeros(len(lon), np.bool_)
    for south, north, west, east in risk_areas().values():
        inside |= (south <= lat) & (lat <= north) & (west <= lon) & (lon <= east)
    return inside
