"""A user's polygons as the map draws them: thinned outlines with their names, kept with the case as GeoJSON.

The answers of a run rest on the polygons themselves; these outlines are for looking at.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from tracker.tables.given import ZONES_DRAWN, GivenTable
from tracker.zones.answer import ZONES
from tracker.zones.given import GivenZones

MOST_VERTICES: Final = 60_000
FINEST_DEG: Final = 0.002
"""Outlines are thinned by so much, and twice as much again until they have `MOST_VERTICES` at most."""
Box = tuple[float, float, float, float]


def outlines_of(zones: GivenZones | None, kept: Sequence[GivenTable], /, *, detects: bool) -> list[GivenTable]:
    """The outlines that a case keeps: those of this run, or of the one before where nothing is detected anew."""
    if zones is not None:
        return [drawn(zones)]
    return [] if detects else [table for table in kept if table.role == ZONES_DRAWN]


def drawn(zones: GivenZones, /) -> GivenTable:
    """The outlines of zones, to be kept with a case."""
    import shapely

    tolerance, thin = FINEST_DEG, shapely.simplify(zones.polygons, FINEST_DEG)
    while int(shapely.get_num_coordinates(thin).sum()) > MOST_VERTICES:
        tolerance *= 2
        thin = shapely.simplify(zones.polygons, tolerance)
    features = [
        {
            "type": "Feature",
            "properties": {"name": _name(zones, number), "kind": "contested" if zones.is_contested[number] else "own"},
            "geometry": json.loads(shapely.to_geojson(shapely.set_precision(shape, 1e-4, mode="pointwise"))),
        }
        for number, shape in enumerate(thin)
        if not shapely.is_empty(shape)
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    return GivenTable(ZONES_DRAWN, zones.name, zones.sha256, content)


def _name(zones: GivenZones, number: int) -> str:
    """``Label (JPN, CHN: eez)``."""
    says = ": ".join(part for part in (", ".join(zones.states[number]), ZONES[int(zones.kind[number])]) if part)
    label = zones.label[number]
    return f"{label} ({says})" if label else says


def drawn_near(table: GivenTable, box: Box, /) -> list[dict[str, Any]]:
    """Outlines that reach into a box (west > east crosses the antimeridian), as the map's layer ``given``."""
    west, south, east, north = box
    east += 360.0 if west > east else 0.0
    out = []
    for feature in json.loads(table.content)["features"]:
        xy = np.concatenate([np.asarray(ring) for ring in _rings(feature["geometry"])])
        low, high = xy.min(axis=0), xy.max(axis=0)
        across = any(low[0] + turn <= east and high[0] + turn >= west for turn in (-360.0, 0.0, 360.0))
        if across and low[1] <= north and high[1] >= south:
            out.append({**feature["properties"], "geometry": feature["geometry"]})
    return out


def _rings(geometry: dict[str, Any]) -> list[Any]:
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [ring for part in parts for ring in part]
