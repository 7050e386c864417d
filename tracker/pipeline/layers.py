"""The chart under the events: coast, limits, joint zones, ports and names of seas around a set of points."""

from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.tables.given import GivenTable
from tracker.views.layers import Box, region_of
from tracker.zones.boundaries import state_boundaries
from tracker.zones.drawn import drawn_near
from tracker.zones.limits import WIDEST_NEAR_SHORE_DEG, limit_features, limits_geojson
from tracker.zones.outlines import coast_geojson
from tracker.zones.ports import read_ports
from tracker.zones.seas import read_seas

Floats = npt.NDArray[np.float64]

LAND_MARGIN_DEG = 25.0
EEZ_MARGIN_DEG = 8.0
LIMIT_MARGIN_DEG = 6.0
PORT_MARGIN_DEG = 1.5
"""How far beyond the events each is drawn: land for orientation, the rest where it matters."""
COAST_DEG = 0.001
"""How far the drawn coast may be moved when it is thinned: 100 m."""
SHORE_NM = (12.0, 24.0)
TILE_DEG = 3.0
MOST_TILES = 40
"""Where events lie far apart, 12 and 24 nm are drawn in tiles around them, those with most events first."""
BOUNDARY_STEP_DEG = 0.25
BOUNDARY_NODES = 400
WORLD: Box = (-180.0, -75.0, 179.999, 80.0)


def map_layers(lon: Floats, lat: Floats, /, *, zones: GivenTable | None = None) -> dict[str, Any]:
    """Layers for `tracker.views.map.write_map` around points, with the outlines of a user's zones where there are any.

    The whole world's coast when there are no points.
    """
    wide = region_of(lon, lat, margin_deg=LAND_MARGIN_DEG)
    if wide is None:
        return {"land": coast_geojson(WORLD)}
    layers: dict[str, Any] = {"land": coast_geojson(wide, tolerance_deg=COAST_DEG), "limits": [], "zones": []}
    near, ports_box = region_of(lon, lat, margin_deg=LIMIT_MARGIN_DEG), region_of(lon, lat, margin_deg=PORT_MARGIN_DEG)
    if near is None or ports_box is None:
        return layers
    for box in _shore_boxes(near, lon, lat):
        layers["limits"] += [_limit(feature) for feature in limit_features(box, limits_nm=SHORE_NM)]
    outer = region_of(lon, lat, margin_deg=EEZ_MARGIN_DEG) or wide
    for feature in limits_geojson(outer, limits_nm=(200.0,))["features"]:
        if _is(feature, "limit") or _is(feature, "baseline"):
            layers["limits"].append(_limit(feature))
        else:
            told = feature["properties"]
            layers["zones"].append({"kind": told["kind"], "name": told["name"], "geometry": feature["geometry"]})
    if zones is not None:
        layers["given"] = drawn_near(zones, outer)
    west, south, east, north = outer
    unrolled = (west, south, east + (360.0 if west > east else 0.0), north)
    step = max(BOUNDARY_STEP_DEG, (unrolled[2] - west) / BOUNDARY_NODES)
    lines = state_boundaries(unrolled, step_deg=step)
    if lines:
        drawn = {"type": "MultiLineString", "coordinates": lines}
        layers["limits"].append({"kind": "boundary", "name": "waters of two states meet", "geometry": drawn})
    ports = read_ports()
    inside = np.flatnonzero(_is_inside(ports_box, ports.lon, ports.lat))
    layers["ports"] = [
        {"name": str(ports.name[i]), "lon": float(ports.lon[i]), "lat": float(ports.lat[i])} for i in inside.tolist()
    ]
    layers["seas"] = _sea_labels(wide)
    return layers


def _is(feature: dict[str, Any], kind: str) -> bool:
    return bool(feature["properties"]["kind"] == kind)


def _limit(feature: dict[str, Any]) -> dict[str, Any]:
    """A limit or baseline as the map wants it."""
    told = feature["properties"]
    kind = f"{told['limit_nm']:g}nm" if told["kind"] == "limit" else "baseline"
    return {"kind": kind, "name": told["name"], "geometry": feature["geometry"]}


def _shore_boxes(near: Box, lon: Floats, lat: Floats) -> list[Box]:
    """Boxes small enough to show 12 and 24 nm: the one around all events, or tiles around those with most of them."""
    west, south, east, north = near
    if max((east - west) % 360.0, north - south) <= WIDEST_NEAR_SHORE_DEG:
        return [near]
    # beyond the poles are rows of their own, so that each tile has one number
    across, up = round(360.0 / TILE_DEG), round(180.0 / TILE_DEG) + 4
    x, y = (np.floor(deg / TILE_DEG).astype(np.int64) for deg in (lon, lat))
    around = [(x + dx) % across * up + y + dy + up // 2 for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    tiles, count = np.unique(np.concatenate(around), return_counts=True)
    most = tiles[np.argsort(-count, kind="stable")[:MOST_TILES]]
    boxes = []
    for x0, y0 in zip((most // up * TILE_DEG).tolist(), ((most % up - up // 2) * TILE_DEG).tolist(), strict=True):
        start = (x0 + 180.0) % 360.0 - 180.0
        boxes.append((start, max(y0, -80.0), start + TILE_DEG, min(max(y0, -80.0) + TILE_DEG, 84.0)))
    return [box for box in boxes if box[1] < box[3]]


MOST_CELLS = 3000
"""Cells of coverage on a map, those with most ships: about 30 bytes each."""


def coverage_layer(cells: Any, /) -> list[dict[str, Any]]:
    """Cells of coverage (`tracker.tables.coverage.COVERAGE`) added up over all hours, those with most ships first."""
    edges = ["west", "east", "south", "north"]
    sums = cells.group_by(edges).aggregate([("ships", "sum"), ("heard", "sum")])
    order = [("ships_sum", "descending"), *((name, "ascending") for name in edges)]
    rows = sums.sort_by(order).slice(0, MOST_CELLS).to_pylist()
    return [
        {name: row[name] for name in edges} | {"ships": row["ships_sum"], "heard": row["heard_sum"]} for row in rows
    ]


def _sea_labels(box: Box) -> list[dict[str, Any]]:
    """Names of seas at a point inside each."""
    labels = []
    for sea in read_seas():
        point = sea.polygon.representative_point()
        lon = (point.x + 180.0) % 360.0 - 180.0
        if _is_inside(box, np.array([lon]), np.array([point.y]))[0]:
            labels.append({"name": sea.name, "lon": lon, "lat": point.y})
    return labels


def _is_inside(box: Box, lon: Floats, lat: Floats) -> npt.NDArray[np.bool_]:
    west, south, east, north = box
    across = (lon >= west) | (lon <= east) if west > east else (lon >= west) & (lon <= east)
    return across & (lat >= south) & (lat <= north)
