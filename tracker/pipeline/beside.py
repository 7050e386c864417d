"""What a GeoPackage shows beside the events: the tracks of their ships as on the map, ports and areas around them."""

from typing import Any

import numpy as np

from tracker.cleaning.hulls import HullParams
from tracker.exporters.beside import Beside
from tracker.pipeline.layers import map_layers
from tracker.pipeline.picture import event_tracks
from tracker.pipeline.source import PositionSource
from tracker.views.columns import rank_events
from tracker.views.map import MapParams
from tracker.zones.seas import read_seas

Area = tuple[str, str, bytes]
"""Name, kind, WKB of a multipolygon."""


def beside_events(
    events: Any, source: PositionSource, /, *, hulls: HullParams | None = None, params: MapParams | None = None
) -> Beside:
    """Tracks of the ships of the foremost events, and ports near any; ships that are masked have no track."""
    shown = events.filter([mmsi is not None for mmsi in events["mmsi_1"].to_pylist()])
    tracks = event_tracks(rank_events(shown), source, hulls=hulls or HullParams(), params=params or MapParams())
    lon, lat = (np.asarray(events[name].to_numpy(), np.float64) for name in ("lon", "lat"))
    layers = map_layers(lon, lat) if len(lon) else {}
    return Beside(
        {int(mmsi): fixes for mmsi, fixes in tracks.items()},
        tuple((port["name"], port["lon"], port["lat"]) for port in layers.get("ports", [])),
        (*_seas(events), *_zones(layers.get("zones", []))),
    )


def _seas(events: Any) -> list[Area]:
    """The named seas that hold an event."""
    held = set(events["sea"].to_pylist())
    return [(sea.name, "sea", _wkb(sea.polygon)) for sea in read_seas() if sea.name in held]


def _zones(zones: list[dict[str, Any]]) -> list[Area]:
    """Joint and special zones on the map around the events; treaty lines hold no area."""
    found = [(zone, shape_of(zone["geometry"])) for zone in zones]
    return [(zone["name"], zone["kind"], _wkb(shape)) for zone, shape in found if "Polygon" in shape.geom_type]


def _wkb(polygon: Any) -> bytes:
    import shapely

    many = polygon if polygon.geom_type == "MultiPolygon" else shapely.MultiPolygon([polygon])
    return bytes(shapely.to_wkb(many, byte_order=1))


def shape_of(geometry: Any, /) -> Any:
    """A shapely geometry of one, or of GeoJSON."""
    import shapely.geometry

    return geometry if hasattr(geometry, "geom_type") else shapely.geometry.shape(geometry)
