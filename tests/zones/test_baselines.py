"""Declared lines and joint zones: their geometry agrees with what was published about them."""

import numpy as np
import pytest
import shapely
from pyproj import Geod

from tracker.zones.baselines import densify_chain, read_chains, read_internal_waters
from tracker.zones.treaties import is_inside, read_special_zones, side_of

GEOD = Geod(ellps="WGS84")


@pytest.mark.parametrize(
    ("zone", "area_km2"), [("CHN-KOR-PMZ", 83_487), ("CHN-JPN-2008-JDB", 2_694), ("JPN-KOR-1974-JDZ", 82_634)]
)
def test_joint_zones_have_the_published_area(zone: str, area_km2: float) -> None:
    xy = next(z for z in read_special_zones() if z.zone == zone).xy
    area, _ = GEOD.polygon_area_perimeter(xy[:, 0], xy[:, 1])
    assert abs(area) / 1e6 == pytest.approx(area_km2, rel=0.01)


def test_no_point_of_a_line_is_far_from_the_next() -> None:
    for chain in read_chains():
        lon, lat, limit = densify_chain(chain)
        assert len(lon) == len(lat) == len(limit)
        if len(lon) > 1:
            assert np.hypot(np.diff(lon), np.diff(lat)).max() <= 0.00501


def test_a_contradicted_declaration_moves_no_limit() -> None:
    assert not [c.name for c in read_chains() if "Diaoyu" in c.name]


def test_internal_waters_are_whole_polygons_that_hold_known_places() -> None:
    areas = {a.name: a for a in read_internal_waters()}
    assert all(a.polygon.is_valid for a in areas.values())
    assert shapely.contains_xy(areas["Bohai"].polygon, 119.0, 38.5)
    assert shapely.contains_xy(areas["CHN-mainland"].polygon, 122.3, 30.3), "Zhoushan"
    assert shapely.contains_xy(areas["KOR-south-west"].polygon, 125.9, 34.6), "off Mokpo"
    assert not any(shapely.contains_xy(a.polygon, 124.0, 30.5) for a in areas.values())


def test_japan_lies_to_the_right_of_the_japan_korea_line_and_korea_to_the_left() -> None:
    line = next(z for z in read_special_zones() if z.rule == "divide" and "JPN" in z.states)
    _, is_left, is_abeam = side_of(line, np.array([128.9, 129.4]), np.array([35.0, 34.3]))
    assert is_left.tolist() == [True, False]
    assert is_abeam.all()


def test_only_points_near_the_northern_limit_line_are_named() -> None:
    line = next(z for z in read_special_zones() if z.rule == "near")
    assert is_inside(line, np.array([125.69, 125.69, 0.0]), np.array([37.72, 37.0, 0.0])).tolist() == [
        True,
        False,
        False,
    ]
