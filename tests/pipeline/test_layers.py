"""The chart under the events."""

from typing import Any

import numpy as np
from shapely.geometry import shape
from shapely.ops import unary_union

from tracker.pipeline.layers import map_layers


def _land(lon: list[float], lat: list[float]) -> Any:
    found = map_layers(np.array(lon), np.array(lat))["land"]
    features = found.get("features", [{"geometry": found}])
    return unary_union([shape(feature["geometry"]).buffer(0) for feature in features])


def test_no_continent_ends_in_a_straight_line_where_events_lie_over_most_of_the_world() -> None:
    land = _land([-118.0, 5.0, 125.0], [33.0, 55.0, 30.0])
    brazil, south_africa, patagonia = (-50.0, -10.0), (25.0, -30.0), (-70.0, -45.0)
    for lon, lat in (brazil, south_africa, patagonia):
        assert land.distance(shape({"type": "Point", "coordinates": (lon, lat)})) == 0.0


def test_land_far_from_events_of_one_sea_is_not_drawn() -> None:
    land = _land([124.0, 125.0], [30.0, 31.0])
    assert land.distance(shape({"type": "Point", "coordinates": (-50.0, -10.0)})) > 50.0
