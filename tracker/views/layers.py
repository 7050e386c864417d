"""Land, limits, zones, ports and names of seas, packed for drawing.

Lines are delta-coded integers on a grid: fine near the events, coarse elsewhere. So the whole coast that is given
stays on the map when a reader zooms out, and costs little; an island smaller than the coarse grid is left out there.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tracker.errors import UsageError
from tracker.views.text import plain_text

UNITS = 10_000
"""Steps per degree in the file: 1e-4 degree, about 11 m."""

GRIDS_DEG = (
    (0.0001, 0.02, 0.3),
    (0.0005, 0.05, 0.3),
    (0.001, 0.05, 0.5),
    (0.002, 0.1, 0.5),
    (0.005, 0.1, 0.5),
    (0.01, 0.2, 1.0),
)
"""Grids near the events, within `MIDDLE_DEG` of them, and beyond; the first whose vertices are few enough is taken."""

MIDDLE_DEG = 20.0
WIDE_DEG = 198.0
"""A box about events that is wider is looked at with all of the world: its land must not end, nor grow coarse."""

LAYERS = ("land", "limits", "zones", "given", "reaches", "ports", "seas", "sightings", "coverage")

Box = tuple[float, float, float, float]
"""West, south, east, north; west > east crosses the antimeridian."""


def pack_layers(layers: Mapping[str, Any], /, *, region: Box | None, max_vertices: int) -> dict[str, Any]:
    """JSON-ready layers.

    Parameters
    ----------
    layers
        Any of `LAYERS`: ``land`` (GeoJSON-like polygons), ``limits`` (``kind`` and ``coordinates`` or
        ``geometry``), ``zones`` (``name``, ``kind``, ``polygon``), ``ports`` (``name``, ``lon``, ``lat``),
        ``seas`` and ``sightings`` (``name``, ``lon``, ``lat``), ``given`` (a user's polygons) and ``reaches`` as zones, ``coverage`` (``west``, ``east``,
        ``south``, ``north`` in degrees, ``ships``, ``heard``: ship-hours).
    region
        Where the events lie; finely drawn. None draws everything finely.
    max_vertices
        Most vertices of land; the grids are widened until they fit.

    Raises
    ------
    UsageError
        When a layer has a name that is not known, or a geometry cannot be drawn.
    """
    unknown = sorted(set(layers) - set(LAYERS))
    if unknown:
        raise UsageError(f"Unknown map layer(s) {', '.join(map(repr, unknown))}; known: {', '.join(LAYERS)}.")
    packed: dict[str, Any] = {"units": UNITS}
    if layers.get("land"):
        packed["land"] = _packed_land(layers["land"], region=region, max_vertices=max_vertices)
    for name, key in (("limits", "coordinates"), ("zones", "polygon"), ("given", "polygon"), ("reaches", "polygon")):
        if layers.get(name):
            packed[name] = [_packed_feature(item, key=key, region=region) for item in layers[name]]
    for name in ("ports", "seas", "sightings"):
        if layers.get(name):
            packed[name] = [
                [plain_text(str(item["name"])), round(float(item["lon"]), 4), round(float(item["lat"]), 4)]
                for item in layers[name]
            ]
    if layers.get("coverage"):
        packed["coverage"] = [_packed_cell(item) for item in layers["coverage"]]
    return packed


def _packed_cell(item: Mapping[str, Any]) -> list[float]:
    """Edges in degrees, percent heard, ship-hours."""
    edges = [round(float(item[name]), 3) for name in ("west", "east", "south", "north")]
    return [*edges, round(100.0 * item["heard"] / max(item["ships"], 1)), int(item["ships"])]


def lines_of(geometry: Any, /) -> list[npt.NDArray[np.float64]]:
    """All rings and lines of a GeoJSON-like object (or one with ``__geo_interface__``), each (n, 2) lon, lat."""
    return [line for line, _ in _lines_and_holes(geometry)]


def _lines_and_holes(geometry: Any) -> list[tuple[npt.NDArray[np.float64], bool]]:
    if hasattr(geometry, "__geo_interface__"):
        geometry = geometry.__geo_interface__
    if isinstance(geometry, Mapping):
        kind = geometry.get("type")
        if kind == "FeatureCollection":
            return [line for item in geometry["features"] for line in _lines_and_holes(item["geometry"])]
        if kind == "GeometryCollection":
            return [line for item in geometry["geometries"] for line in _lines_and_holes(item)]
        if kind == "Feature":
            return _lines_and_holes(geometry["geometry"])
        return list(_nested_lines(geometry["coordinates"], of_polygon="Polygon" in str(kind)))
    return list(_nested_lines(geometry, of_polygon=False))


def _nested_lines(
    coordinates: Any, *, of_polygon: bool, inner: bool = False
) -> Iterable[tuple[npt.NDArray[np.float64], bool]]:
    if not len(coordinates):
        return
    first = coordinates[0]
    if len(first) and np.ndim(first[0]) == 0:
        line = np.asarray(coordinates, dtype=np.float64)[:, :2]
        if line.shape[1:] != (2,) or not np.isfinite(line).all():
            raise UsageError("A map layer holds a line with a point that is not a finite longitude and latitude.")
        yield line, inner
    else:
        # In a polygon, every ring after the first is a hole.
        holds_rings = of_polygon and len(first) and np.ndim(first[0]) == 1
        for number, part in enumerate(coordinates):
            yield from _nested_lines(part, of_polygon=of_polygon, inner=bool(holds_rings and number))


def _packed_land(geometry: Any, *, region: Box | None, max_vertices: int) -> dict[str, Any]:
    lines = _lines_and_holes(geometry)
    is_wide = region is not None and is_world_wide(region)
    is_hole = pa.array([hole for _, hole in lines], pa.bool_())
    packed: dict[str, Any] = {}
    for fine, middle, far in GRIDS_DEG:
        grids = (fine, middle, middle if is_wide else far)
        rings = pack_lines([line for line, _ in lines], region=region, grids_deg=grids)
        is_shown = pc.greater_equal(pc.list_value_length(rings), 8)
        packed = {
            "shores": rings.filter(pc.and_(is_shown, pc.invert(is_hole))),
            "lakes": rings.filter(pc.and_(is_shown, is_hole)),
        }
        if sum(len(rings.flatten()) for rings in packed.values()) <= 2 * max_vertices:
            break
    return packed


def _packed_feature(item: Mapping[str, Any], *, key: str, region: Box | None) -> dict[str, Any]:
    geometry = item.get(key, item.get("geometry"))
    if geometry is None:
        raise UsageError(f"A map layer entry has neither {key!r} nor 'geometry': {sorted(item)}.")
    lines = pack_lines(lines_of(geometry), region=region)
    lines = lines.filter(pc.greater_equal(pc.list_value_length(lines), 4))
    names = {name: plain_text(str(item.get(name) or "")) for name in ("name", "kind")}
    return {**names, "area": _is_area(geometry, key=key), "lines": lines}


def _is_area(geometry: Any, *, key: str) -> bool:
    geometry = getattr(geometry, "__geo_interface__", geometry)
    if isinstance(geometry, Mapping):
        return "Polygon" in str(geometry.get("geometry", geometry).get("type"))
    return key == "polygon"


def pack_lines(
    lines: Sequence[npt.NDArray[np.float64]],
    /,
    *,
    region: Box | None,
    grids_deg: tuple[float, float, float] = GRIDS_DEG[1],
) -> Any:
    """Lines, each (n, 2) with a point at least, as ``[x0, y0, dx, dy, ...]`` in `UNITS`, repeated points dropped.

    An Arrow array of lists.
    """
    if not lines:
        return pa.array([], pa.list_(pa.int64()))
    points, first = _joined(lines)
    fine, middle, far = (max(1, round(deg * UNITS)) for deg in grids_deg)
    grid = np.full(len(points), fine)
    if region is not None:
        grid[~_is_inside(points, region, around_deg=0.0)] = middle
        grid[~_is_inside(points, region, around_deg=MIDDLE_DEG)] = far
    snapped = (np.rint(points * UNITS / grid[:, None]) * grid[:, None]).astype(np.int64)
    steps = np.diff(snapped, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    steps[first] = snapped[first]
    moved = (steps != 0).any(axis=1)
    moved[first] = True
    flat = steps[moved].ravel()
    ends = np.append(2 * (np.cumsum(moved)[first] - 1), len(flat))
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.array(flat))


def _joined(lines: Sequence[npt.NDArray[np.float64]]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Points of all lines, `_unrolled`, and where each line begins."""
    first = np.cumsum([0, *(len(line) for line in lines[:-1])])
    points = np.concatenate(lines)
    jumps = np.flatnonzero(np.abs(np.diff(points[:, 0])) >= 180.0) + 1
    jumps = jumps[~np.isin(jumps, first)]
    if not len(jumps):
        return points, first
    turned = list(lines)
    for number in np.unique(np.searchsorted(first, jumps, side="right") - 1).tolist():
        turned[number] = _unrolled(lines[number])
    return np.concatenate(turned), np.cumsum([0, *(len(line) for line in turned[:-1])])


def _unrolled(line: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """A line that jumps from 180 E to 180 W runs on instead; one that goes round a pole takes the pole in."""
    lon = np.unwrap(line[:, 0], period=360.0)
    if np.array_equal(lon, line[:, 0]):
        return line
    lon -= 360.0 * np.round((lon.min() + lon.max()) / 720.0)
    turned = np.column_stack([lon, line[:, 1]])
    if abs(lon[-1] - lon[0]) > 180 and np.array_equal(line[0], line[-1]):
        pole = float(np.copysign(90.0, line[:, 1].mean()))
        turned = np.vstack([turned, [lon[-1], pole], [lon[0], pole], turned[:1]])
    return turned


def _is_inside(line: npt.NDArray[np.float64], box: Box, *, around_deg: float) -> npt.NDArray[np.bool_]:
    west, south, east, north = box
    east_of_west = np.mod(line[:, 0] - west + around_deg, 360.0)
    inside: npt.NDArray[np.bool_] = (
        (east_of_west <= min(360.0, (east - west) % 360.0 + 2 * around_deg))
        & (line[:, 1] >= south - around_deg)
        & (line[:, 1] <= north + around_deg)
    )
    return inside


def is_world_wide(region: Box, /) -> bool:
    """Whether the box around events (`region_of`) takes in so much of the globe that all of it is drawn."""
    west, _, east, _ = region
    return (east - west) % 360.0 > WIDE_DEG


def region_of(lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64], /, *, margin_deg: float = 4.0) -> Box | None:
    """Smallest box around the points, on the short side of the globe, widened by a margin; None without points."""
    if not len(lon):
        return None
    turned = np.unique(np.mod(lon, 360.0))
    holes = np.diff(np.append(turned, turned[0] + 360.0))
    widest = int(np.argmax(holes))
    west = float(turned[(widest + 1) % len(turned)])
    span = 360.0 - float(holes[widest])
    south, north = max(-90.0, float(lat.min()) - margin_deg), min(90.0, float(lat.max()) + margin_deg)
    if span + 2 * margin_deg >= 360:
        return (-180.0, south, 179.9999, north)

    def wrapped(value: float) -> float:
        return (value + 180.0) % 360.0 - 180.0

    return (wrapped(west - margin_deg), south, wrapped(west + span + margin_deg), north)
