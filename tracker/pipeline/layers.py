"""The chart under the events: coast, limits, joint zones, ports and names of seas around a set of points."""

from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.views.layers import Box, region_of
from tracker.zones.limits import limits_geojson
from tracker.zones.outlines import coast_geojson
from tracker.zones.ports import read_ports
from tracker.zones.seas import read_seas

Floats = npt.NDArray[np.float64]

LAND_MARGIN_DEG = 25.0
LIMIT_MARGIN_DEG = 3.0
PORT_MARGIN_DEG = 1.5
"""How far beyond the events each is drawn: land for orientation, the rest where it matters."""
COAST_DEG = 0.001
"""How far the drawn coast may be moved when it is thinned: 100 m."""
WORLD: Box = (-180.0, -75.0, 179.999, 80.0)


def map_layers(lon: Floats, lat: Floats, /) -> dict[str, Any]:
    """Layers for `tracker.views.map.write_map` around points; the whole world's coast when there are none."""
    wide = region_of(lon, lat, margin_deg=LAND_MARGIN_DEG)
    if wide is None:
        return {"land": coast_geojson(WORLD)}
    layers: dict[str, Any] = {"land": coast_geojson(wide, tolerance_deg=COAST_DEG), "limits": [], "zones": []}
    near, ports_box = region_of(lon, lat, margin_deg=LIMIT_MARGIN_DEG), region_of(lon, lat, margin_deg=PORT_MARGIN_DEG)
    if near is None or ports_box is None:
        return layers
    for feature in limits_geojson(near)["features"]:
        told = feature["properties"]
        if told["kind"] == "limit":
            layers["limits"].append(
                {"kind": f"{told['limit_nm']:g}nm", "name": told["name"], "geometry": feature["geometry"]}
            )
        elif told["kind"] == "baseline":
            layers["limits"].append({"kind": "baseline", "name": told["name"], "geometry": feature["geometry"]})
        else:
            layers["zones"].append({"kind": told["kind"], "name": told["name"], "geometry": feature["geometry"]})
    ports = read_ports()
    inside = np.flatnonzero(_is_inside(ports_box, ports.lon, ports.lat))
    layers["ports"] = [
        {"name": str(ports.name[i]), "lon": float(ports.lon[i]), "lat": float(ports.lat[i])} for i in inside.tolist()
    ]
    layers["seas"] = _sea_labels(wide)
    return layers


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
