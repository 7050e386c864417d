"""Ships that come on to land at a ship's pace are told; rivers, lakes, canals and lone ships are not."""

import numpy as np
import pytest

from tests.detectors.spoofed import kinds, spoofing_in
from tests.scenes import Scene
from tracker.detectors.spoofing.falsehood import SpoofingParams
from tracker.simulate.motion import Place, away, join, sail
from tracker.zones.inland import inland_nm

COASTS: dict[str, tuple[Place, float]] = {
    "mid latitude": ((120.62, 33.58), 265.0),
    "71 north": ((66.3, 71.0), 95.0),
    "equator": ((9.25, -0.25), 80.0),
    "antimeridian": ((-179.75, 69.15), 205.0),
}
"""A place at sea, and the way on to land from it: Jiangsu, Yamal, Gabon, and Chukotka across 180 degrees."""
coasts = pytest.mark.parametrize("coast", COASTS)


def crossing(coast: str, *, speed_kn: float, miles: float = 40.0, every_min: float = 5.0) -> Scene:
    """A ship that goes straight on to land."""
    place, bearing = COASTS[coast]
    scene = Scene(place=place, hours=miles / speed_kn + 1.0, every_min=every_min)
    goal = away(place, bearing_deg=bearing, distance_nm=miles)
    ship = scene.ship("cargo")
    scene.add(ship, sail([place, goal], depart_s=scene.start_s, speed_kn=speed_kn))
    depth = inland_nm(*(np.array([p[n] for p in (place, goal)]) for n in (0, 1)))
    assert depth[0] == 0
    assert depth[1] > SpoofingParams().land_nm
    return scene


def crowd(scene: Scene, *, count: int = 12) -> None:
    """Ships off the coast, heard by the same receivers."""
    place, bearing = next(one for one in COASTS.values() if one[0] == scene.place)
    for n in range(count):
        start = away(place, bearing_deg=bearing + 180.0, distance_nm=4.0 + 0.5 * n)
        goal = away(start, bearing_deg=bearing + 90.0, distance_nm=8.0)
        scene.add(scene.ship("cargo"), sail([start, goal, start], depart_s=scene.start_s, speed_kn=6.0))


def land(scene: Scene) -> list[dict[str, object]]:
    return [row for row in spoofing_in(scene).rows if row["spoofing_type"] == "on_land"]


@coasts
def test_a_ship_adrift_from_the_sea_on_to_land_is_on_land(coast: str) -> None:
    (row,) = land(crossing(coast, speed_kn=1.2, miles=24.0))
    assert any("adrift" in sentence for sentence in row["why"])  # type: ignore[attr-defined]


@coasts
def test_a_straight_way_over_land_is_told_where_others_off_the_coast_were_heard_and_none_there(coast: str) -> None:
    scene = crossing(coast, speed_kn=10.0)
    assert land(scene) == []
    crowd(scene)
    (row,) = land(scene)
    assert any("straight line" in sentence for sentence in row["why"])  # type: ignore[attr-defined]
    assert row["confidence"] == 0.65


@coasts
def test_where_another_ship_went_the_same_way_there_may_be_a_river(coast: str) -> None:
    scene = crossing(coast, speed_kn=1.2, miles=24.0)
    place, bearing = COASTS[coast]
    other = scene.ship("cargo")
    goal = away(place, bearing_deg=bearing, distance_nm=24.0)
    scene.add(other, sail([place, goal], depart_s=scene.start_s, speed_kn=5.0))
    assert land(scene) == []


WATERWAYS: dict[str, list[Place]] = {
    "Lake Superior": [(-91.0, 47.0), (-87.0, 47.8)],
    "Kiel Canal": [(9.15, 53.9), (9.6, 54.2), (10.1, 54.36)],
    "Caspian Sea": [(50.5, 40.5), (52.0, 41.0)],
    "Suez Canal": [(32.3, 31.4), (32.33, 30.6), (32.55, 29.8)],
    "Rhine": [(6.65, 51.5), (6.75, 51.3), (6.7, 51.25), (6.9, 51.0)],
}


@pytest.mark.parametrize("name", WATERWAYS)
@pytest.mark.parametrize("speed_kn", [1.5, 9.0])
def test_known_waters_inland_and_winding_ways_are_not_on_land(name: str, speed_kn: float) -> None:
    scene = Scene(place=WATERWAYS[name][0], hours=24)
    scene.add(scene.ship("cargo"), sail(WATERWAYS[name], depart_s=scene.start_s, speed_kn=speed_kn))
    for n in range(12):
        lon, lat = WATERWAYS[name][0]
        spot = away((lon, lat), bearing_deg=30.0 * n, distance_nm=9.0)
        scene.add(
            scene.ship("cargo"),
            sail([spot, away(spot, bearing_deg=30.0 * n, distance_nm=6.0)], depart_s=scene.start_s, speed_kn=5.0),
        )
    assert "on_land" not in kinds(spoofing_in(scene))


def test_a_ship_that_lies_inland_all_the_while_is_not_decided() -> None:
    scene = Scene(place=(6.4, 46.95), hours=24)
    ship = scene.ship("cargo")
    there = away(scene.place, bearing_deg=20.0, distance_nm=0.3)
    scene.add(ship, join(sail([scene.place, there], depart_s=scene.start_s, speed_kn=0.3)))
    assert kinds(spoofing_in(scene)) == []
