"""Regions that a user names: a sea, a state's waters, a box, or a polygon file.

``resolve_region`` reads the text of ``--region``; the region answers which points it holds and in which box
of longitudes and latitudes they can be at all, so that a query can skip the rest.
"""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from tracker.errors import ParameterError, UnknownNameError
from tracker.geo.states import alpha3, names_by_code, with_dependencies
from tracker.zones.columns import texts
from tracker.zones.doubts import SECOND_STATE_NM
from tracker.zones.earth import to_ecef, wrap_lon
from tracker.zones.index import read_index
from tracker.zones.locate import locate
from tracker.zones.packaged import rows_of
from tracker.zones.polygons import SUFFIXES, holds, read_polygons
from tracker.zones.seas import Sea, known_sea_names, sea_called

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Box = tuple[float, float, float, float]

WORLD: Box = (-180.0, -90.0, 180.0, 90.0)
_NUMBER = re.compile(r"^[+-]?(\d+(\.\d*)?|\.\d+)$")


@dataclass(frozen=True)
class Region:
    """A part of the sea.

    Attributes
    ----------
    name
        What to call it in a report.
    kind
        ``sea``, ``state``, ``area`` (a risk area), ``box`` or ``file``.
    bbox
        West, south, east, north in degrees; west > east when it crosses the antimeridian.
    state
        Alpha-3 code when it is the waters of a state, else empty.
    states
        That code and those of its dependencies.
    """

    name: str
    kind: str
    bbox: Box
    state: str = ""
    shape: Any = None

    @property
    def states(self) -> tuple[str, ...]:
        return with_dependencies(self.state) if self.state else ()

    def contains(self, lon_deg: npt.ArrayLike, lat_deg: npt.ArrayLike) -> Bools:
        """Which points lie in the region; positions that are none do not. Shape (n,)."""
        lon, lat = np.atleast_1d(np.asarray(lon_deg, np.float64)), np.atleast_1d(np.asarray(lat_deg, np.float64))
        good = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lat) <= 90)
        inside = np.zeros(len(lon), bool)
        rows = np.flatnonzero(good)
        x, y = wrap_lon(lon[rows]), lat[rows]
        near = _in_box(x, y, box=self.bbox)
        inside[rows[near]] = self._holds(x[near], y[near])
        return inside

    def _holds(self, lon: Floats, lat: Floats) -> Bools:
        if self.kind in {"box", "area"} or not len(lon):
            return np.ones(len(lon), bool)
        if self.kind == "state":
            return _of_states(lon, lat, states=self.states)
        if isinstance(self.shape, Sea):
            return self.shape.contains(lon, lat)
        return holds(self.shape, lon, lat)


def _in_box(lon: Floats, lat: Floats, *, box: Box) -> Bools:
    west, south, east, north = box
    across = (lon >= west) | (lon <= east) if west > east else (lon >= west) & (lon <= east)
    # 180 E and 180 W are one meridian
    if east >= 180:
        across |= lon == -180.0
    return np.asarray(across & (lat >= south) & (lat <= north), dtype=bool)


def _of_states(lon: Floats, lat: Floats, *, states: tuple[str, ...]) -> Bools:
    """Waters of states; a border river belongs to both banks, so that neither state's region loses it."""
    places = locate(lon, lat)
    held: Bools = np.array(pc.is_in(places.column("state"), texts(states)), dtype=bool)
    ashore = np.array(pc.starts_with(places.column("source"), "on land"), dtype=bool)
    other = np.flatnonzero(ashore & ~held & np.array(pc.is_valid(places.column("waters")), dtype=bool))
    if len(other):
        coast_nm = np.asarray(places.column("coast_distance_nm"), np.float64)[other]
        points, index = to_ecef(lon[other], lat[other]), read_index()
        own_nm = np.min([index.state_nm(points, state=state) for state in states], axis=0)
        held[other] = own_nm < coast_nm + SECOND_STATE_NM
    return held


def resolve_region(text: str, /) -> Region:
    """Read the name of a region.

    Parameters
    ----------
    text
        A named sea, a state with its dependencies (alpha-2, alpha-3 or English name), ``LON_MIN,LAT_MIN,LON_MAX,LAT_MAX``, a risk
        area, or the path of a polygon file (GeoJSON; others through pyogrio).

    Returns
    -------
    Region

    Raises
    ------
    UnknownNameError
        When it is none of these; near names are offered.
    ParameterError
        When a box is out of range.
    CorruptInputError
        When a polygon file cannot be read or holds no polygon.
    """
    text = text.strip()
    if len(parts := text.split(",")) == 4 and all(_NUMBER.match(p.strip()) for p in parts):
        return _box(text, [float(p) for p in parts])
    if text.lower() in known_sea_names():
        sea = sea_called(text)
        return Region(sea.name, "sea", _wrapped(sea.polygon.bounds), shape=sea)
    if (area := _risk_areas().get(text.lower())) is not None:
        return area
    if (code := alpha3(text)) is not None:
        return Region(names_by_code().get(code, code), "state", WORLD, state=code)
    path = Path(text).expanduser()
    if path.suffix and path.is_file():
        return _file(path)
    if path.suffix.lower() in SUFFIXES:
        raise UnknownNameError(f"{text!r}: no such file.")
    areas = {name: area.name for name, area in _risk_areas().items()}
    names = {**known_sea_names(), **areas, **{name.lower(): name for name in names_by_code().values()}}
    near = [names[n] for n in get_close_matches(text.lower(), names, n=3, cutoff=0.5)]
    hint = f"Near: {', '.join(dict.fromkeys(near))}." if near else "Examples: 'Yellow Sea', CHN, 122,28,126,32."
    raise UnknownNameError(f"{text!r}: no such region. {hint}")


@cache
def _risk_areas() -> dict[str, Region]:
    """Boxes of ``risk_areas.csv`` by identifier and by name, lower case."""
    areas = {}
    for row in rows_of("risk_areas.csv"):
        west, south, east, north = (float(row[k]) for k in ("lon_min", "lat_min", "lon_max", "lat_max"))
        region = Region(row["name"], "area", (west, south, east, north))
        areas[row["area_id"].lower()] = areas[row["name"].lower()] = region
    return areas


def _box(text: str, numbers: list[float]) -> Region:
    west, south, east, north = numbers
    fault = ""
    if not (-180 <= west <= 360 and -180 <= east <= 360):
        fault = "a longitude is outside -180..360"
    elif not (-90 <= south <= 90 and -90 <= north <= 90):
        fault = "a latitude is outside -90..90; the order is LON_MIN,LAT_MIN,LON_MAX,LAT_MAX"
    elif south > north:
        fault = "LAT_MIN is above LAT_MAX"
    if fault:
        raise ParameterError(f"Box {text!r}: {fault}.")
    return Region(text, "box", _wrapped((west, south, east, north)))


def _wrapped(box: Box) -> Box:
    west, south, east, north = box
    if east - west >= 360:
        return (-180.0, south, 180.0, north)
    west, east = (x - 360 if x > 180 else x + 360 if x < -180 else x for x in (west, east))
    return (west, south, east, north)


def _file(path: Path) -> Region:
    import shapely

    file = read_polygons(path)
    shape = shapely.union_all(file.polygons)
    shapely.prepare(shape)
    return Region(path.name, "file", _wrapped(shape.bounds), shape=shape)


def known_regions() -> dict[str, list[str]]:
    """Names that `resolve_region` knows: seas with their synonyms, risk areas, and states."""
    return {
        "areas": [row["area_id"] for row in rows_of("risk_areas.csv")],
        "seas": sorted(set(known_sea_names().values())),
        "synonyms": sorted(row["synonym"] for row in rows_of("sea_names.csv")),
        "states": sorted(names_by_code()),
    }
