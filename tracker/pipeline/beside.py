"""What a GeoPackage shows beside the events: the tracks of their ships as on the map, and the ports around them."""

from typing import Any

import numpy as np

from tracker.cleaning.hulls import HullParams
from tracker.exporters.beside import Beside
from tracker.pipeline.layers import map_layers
from tracker.pipeline.picture import event_tracks
from tracker.pipeline.source import PositionSource
from tracker.views.map import MapParams


def beside_events(
    events: Any, source: PositionSource, /, *, hulls: HullParams | None = None, params: MapParams | None = None
) -> Beside:
    """Tracks of the ships of the foremost events, and ports near any; ships that are masked have no track."""
    shown = events.filter([mmsi is not None for mmsi in events["mmsi_1"].to_pylist()])
    tracks = event_tracks(shown, source, hulls=hulls or HullParams(), params=params or MapParams())
    lon, lat = (np.asarray(events[name].to_numpy(), np.float64) for name in ("lon", "lat"))
    ports = map_layers(lon, lat).get("ports", []) if len(lon) else []
    return Beside(
        {int(mmsi): fixes for mmsi, fixes in tracks.items()},
        tuple((port["name"], port["lon"], port["lat"]) for port in ports),
    )
