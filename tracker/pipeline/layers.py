"""The chart under the events: coast, limits, joint zones, ports and names of seas around a set of points."""

from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.tables.given import GivenTable
from tracker.views.layers import Box, is_world_wide, region_of
from tracker.zones.charted import BOUNDARY, NM12, NM24, NM200, TILE_DEG, read_charted, tile_at
from tracker.zones.drawn import drawn_near
from tracker.zones.limits import WIDEST_NEAR_SHORE_DEG, known_features
from tracker.zones.outlines import coast_geojson
from tracker.zones.ports import read_ports
from tracker.zones.seas import read_seas

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LAND_MARGIN_DEG = 25.0
EEZ_MARGIN_DEG = 8.0
LIMIT_MARGIN_DEG = 6.0
PORT_MARGIN_DEG = 1.5
"""How far beyond the events each is drawn: land for orientation, the rest where it matters."""
MOST_TILES = 40
"""Where events lie far apart, 12 and 24 nm are drawn in tiles around them, those with most events first."""
WORLD: Box = (-180.0, -75.0, 179.999, 80.0)


def map_layers(lon: Floats, lat: Floats, /, *, zones: GivenTable | None = None) -> dict[str, Any]:
    """Layers for `tracker.views.map.write_map` around points, with the outlines of a user's zones where there are any.

    The whole world's coast when there are no points.
    """
    wide = region_of(lon, lat, margin_deg=LAND_MARGIN_DEG)
    if wide is None:
        return {"land": coast_geojson(WORLD)}
    around = region_of(lon, lat)
    if around is not None and is_world_wide(around):
        # or a continent ends in a straight line
        wide = (WORLD[0], min(wide[1], WORLD[1]), WORLD[2], max(wide[3], WORLD[3]))
    layers: dict[str, Any] = {"land": coast_geojson(wide, tolerance_deg=0.0), "limits": [], "zones": []}
    near, ports_box = region_of(lon, lat, margin_deg=LIMIT_MARGIN_DEG), region_of(lon, lat, margin_deg=PORT_MARGIN_DEG)
    if near is None or ports_box is None:
        return layers
    outer = region_of(lon, lat, margin_deg=EEZ_MARGIN_DEG) or wide
    charted, tiles = read_charted(), _shore_tiles(near, lon, lat)
    for kind, name, chosen in (
        (NM12, "12 nm", charted.of_tiles(NM12, tiles)),
        (NM24, "24 nm", charted.of_tiles(NM24, tiles)),
        (NM200, "200 nm", charted.touching(NM200, outer)),
        (BOUNDARY, "waters of two states meet", charted.touching(BOUNDARY, outer)),
    ):
        if len(chosen):
            drawn = {"type": "MultiLineString", "coordinates": charted.lines(chosen, box=outer)}
            short = "boundary" if kind == BOUNDARY else name.replace(" ", "")
            layers["limits"].append({"kind": short, "name": name, "geometry": drawn})
    for feature in known_features(outer):
        told = feature["properties"]
        which = "limits" if told["kind"] == "baseline" else "zones"
        layers[which].append({"kind": told["kind"], "name": told["name"], "geometry": feature["geometry"]})
    if zones is not None:
        layers["given"] = drawn_near(zones, outer)
    ports = read_ports()
    inside = np.flatnonzero(_is_inside(ports_box, ports.lon, ports.lat))
    layers["ports"] = [
        {"name": str(ports.name[i]), "lon": float(ports.lon[i]), "lat": float(ports.lat[i])} for i in inside.tolist()
    ]
    layers["seas"] = _sea_labels(wide)
    return layers


def _shore_tiles(near: Box, lon: Floats, lat: Floats) -> Ints:
    """Tiles in which 12 and 24 nm are shown: those in the box around all events, or around those with most of them."""
    west, south, east, north = near
    span = (east - west) % 360.0
    if max(span, north - south) <= WIDEST_NEAR_SHORE_DEG:
        x, y = np.meshgrid(
            np.append(np.arange(west, west + span, TILE_DEG), west + span),
            np.append(np.arange(south, north, TILE_DEG), north),
        )
        return np.unique(tile_at(x.ravel(), y.ravel()))
    around = [tile_at(lon + dx * TILE_DEG, lat + dy * TILE_DEG) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    tiles, count = np.unique(np.concatenate(around), return_counts=True)
    return tiles[np.argsort(-count, kind="stable")[:MOST_TILES]]


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
