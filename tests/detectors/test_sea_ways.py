"""Ways of ports are ways over water: over open sea the geodesic, round land where land lies between."""

import numpy as np
import pytest
from pyproj import Geod

from tests.scenes import PLACES
from tracker.detectors.sea_ways import CELL_NM, ways_from
from tracker.simulate.motion import away
from tracker.zones.index import read_index

GEOD = Geod(ellps="WGS84")


def dry(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    return np.asarray(read_index().is_on_land(lon, lat))


def wet(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    return np.zeros(len(lon), np.bool_)


def way_nm(port: tuple[float, float], place: tuple[float, float], is_land=dry) -> float:  # type: ignore[no-untyped-def]
    ways = ways_from(np.array([port[0]]), np.array([port[1]]), is_land)
    return float(ways(0, np.array([place[0]]), np.array([place[1]]))[0])


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("miles", [4.0, 60.0, 280.0, 600.0])
def test_over_open_water_the_way_is_the_geodesic(place: str, miles: float) -> None:
    port = PLACES[place]
    there = away(port, bearing_deg=145.0, distance_nm=miles)
    true = GEOD.inv(*port, *there)[2] / 1852.0
    # our distances are those of the mean sphere beyond 1,000 km: right to 0.6 %
    assert 0.994 * true - 0.1 <= way_nm(port, there, wet) <= true + 2 * CELL_NM


def test_from_nampo_to_wonsan_ships_go_round_korea() -> None:
    # straight on it is 95 nm; by the Korea Strait about 850 nm (chart distances differ with the route round the islands)
    nampo, off_wonsan = (125.4, 38.717), (127.9, 39.3)
    assert GEOD.inv(*nampo, *off_wonsan)[2] / 1852.0 < 130.0
    assert 600.0 < way_nm(nampo, off_wonsan) < 950.0


def test_a_place_beyond_the_grid_is_no_nearer_than_over_its_edge() -> None:
    nampo, sea_of_japan = (125.4, 38.717), (134.5, 39.5)
    straight = GEOD.inv(*nampo, *sea_of_japan)[2] / 1852.0
    assert straight > 330.0
    assert way_nm(nampo, sea_of_japan) > straight + 150.0


def test_a_place_that_is_not_known_has_no_way() -> None:
    assert np.isnan(way_nm((125.4, 38.717), (float("nan"), float("nan"))))
