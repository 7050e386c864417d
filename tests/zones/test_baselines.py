"""Declared lines and joint zones: their geometry agrees with what was published about them."""

import numpy as np
import pytest
import shapely
from pyproj import Geod

from tracker.zones.baselines import densify_chain, read_chains, read_internal_waters
from tracker.zones.earth import to_ecef
from tracker.zones.index import read_index
from tracker.zones.locate import locate
from tracker.zones.packaged import rows_of
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


ROCKS = {"T8 Wenggongshi", "T15 Qixingyan", "D1 Xibeijiao", "D4 Xinanjiao"}
"""Base points on rocks and reefs that the coast of this project does not show."""


@pytest.mark.parametrize(("state", "count", "within_km"), [("VNM", 22, 1.1), ("TWN", 26, 2.6)])
def test_base_points_of_viet_nam_and_taiwan_lie_on_the_coast_that_was_surveyed_by_others(
    state: str, count: int, within_km: float
) -> None:
    points = [row for row in rows_of("baselines.csv") if row["state"] == state]
    assert len(points) == count
    index = read_index()
    known = np.array([row["name"] not in ROCKS for row in points])
    lon, lat = (np.array([float(row[key]) for row in points]) for key in ("lon", "lat"))
    distance_km = index.nearest(to_ecef(lon, lat)).effective_nm * 1.852
    assert distance_km[known].max() <= within_km


def test_the_lines_of_viet_nam_join_at_con_co() -> None:
    chains = {chain.name: chain for chain in read_chains()}
    south, north = chains["VNM-1982"], chains["VNM-2025-GulfOfTonkin"]
    assert (south.lon[-1], south.lat[-1]) == pytest.approx((north.lon[0], north.lat[0]), abs=1e-4)


def test_thirty_miles_off_the_mekong_and_between_taiwan_and_penghu_are_internal_waters_by_declaration() -> None:
    mekong, strait, outside = locate([106.9, 119.9, 109.5], [9.2, 23.55, 9.5]).to_pylist()
    assert (mekong["waters"], mekong["state"]) == ("internal_waters", "VNM")
    assert "declared baseline VNM-1982" in mekong["source"]
    assert mekong["coast_distance_nm"] > 25
    assert (strait["waters"], strait["state"], strait["claimants"]) == ("internal_waters", "TWN", ["TWN", "CHN"])
    assert strait["waters_uncertain"]
    assert (outside["waters"], outside["state"]) == ("eez", "VNM")


def test_the_distance_to_a_declared_line_is_within_a_metre_of_the_geodesic_up_to_200_miles() -> None:
    parts = [densify_chain(chain)[:2] for chain in read_chains()]
    ends = np.cumsum([len(part[0]) for part in parts])
    lon, lat = (np.concatenate([part[axis] for part in parts]) for axis in (0, 1))
    rng = np.random.default_rng(2)
    x, y = rng.uniform(107, 130, 400), rng.uniform(8, 39, 400)
    index = read_index()
    line_nm = index.nearest(to_ecef(x, y), landward=np.ones(len(x), bool)).line_nm
    _, nearest = index.line_spots.nearest(to_ecef(x, y))
    within = np.flatnonzero(line_nm <= 200)
    assert len(within) > 150
    for row in within.tolist():
        at = int(nearest[row])
        own = int(np.searchsorted(ends, at, side="right"))
        stretch = np.arange(max(at - 1, ends[own] - len(parts[own][0])), min(at + 1, ends[own] - 1) + 1)
        fine = np.linspace(stretch[0], stretch[-1], 401)
        way = np.interp(fine, stretch, lon[stretch]), np.interp(fine, stretch, lat[stretch])
        _, _, metres = GEOD.inv(np.full(len(fine), x[row]), np.full(len(fine), y[row]), *way)
        assert abs(metres.min() - line_nm[row] * 1852) < 1.0
