"""Vectors for the map: land clipped to a box, limits that agree with the answers."""

import json

import numpy as np
import pytest
import shapely

from tracker.errors import ParameterError
from tracker.zones.charted import NM12, box_of, digest_of_sources, read_charted, tile_at
from tracker.zones.limits import known_features, limit_features
from tracker.zones.locate import locate
from tracker.zones.outlines import coast_geojson


def test_land_is_clipped_to_the_box_and_holds_shanghai() -> None:
    land = shapely.geometry.shape(coast_geojson((118.0, 28.0, 128.0, 35.0)))
    assert land.bounds == (118.0, 28.0, 128.0, 35.0)
    assert shapely.contains_xy(land, 121.0, 31.0)
    assert not shapely.contains_xy(land, 125.0, 31.0)


def test_open_sea_has_no_land() -> None:
    assert coast_geojson((-150.0, 35.0, -140.0, 45.0)) == {"type": "MultiPolygon", "coordinates": []}


def test_land_runs_on_across_the_antimeridian() -> None:
    land = shapely.geometry.shape(coast_geojson((170.0, 60.0, -160.0, 70.0)))
    assert 170 <= land.bounds[0] < 180 < land.bounds[2] <= 200
    assert shapely.contains_xy(land, 176.0, 68.0), "Chukotka west of 180"
    assert shapely.contains_xy(land, 182.0, 67.5), "Chukotka east of 180"
    assert shapely.contains_xy(land, 198.0, 65.5), "Alaska"


def test_the_world_is_small_enough_for_a_map() -> None:
    text = json.dumps(coast_geojson((-180.0, -90.0, 180.0, 90.0)), default=lambda ring: ring.tolist())
    assert 100_000 < len(text) < 700_000


@pytest.mark.parametrize("limits_nm", [(12.0, 24.0, 200.0), (12.0, 24.0)])
def test_limit_lines_lie_at_their_distance(limits_nm: tuple[float, ...]) -> None:
    limits = limit_features((119.0, 28.0, 127.0, 35.0), limits_nm=limits_nm)
    assert {f["properties"]["limit_nm"] for f in limits} == {12.0, 24.0}
    for feature in limits:
        xy = np.concatenate([np.array(line) for line in feature["geometry"]["coordinates"]])
        distance = np.array(locate(xy[:, 0], xy[:, 1]).column("baseline_distance_nm").to_pylist(), dtype=float)
        assert np.nanquantile(np.abs(distance - feature["properties"]["limit_nm"]), 0.95) < 0.6


def test_twelve_miles_are_drawn_finely_in_a_box_as_wide_as_a_sea() -> None:
    for feature in limit_features((112.0, 15.0, 140.0, 45.0), limits_nm=(12.0, 24.0)):
        xy = np.concatenate([np.array(line) for line in feature["geometry"]["coordinates"]])
        distance = locate(xy[:, 0], xy[:, 1]).column("baseline_distance_nm").to_numpy()
        assert np.nanquantile(np.abs(distance - feature["properties"]["limit_nm"]), 0.95) < 0.3


def test_joint_zones_lines_and_claims_are_named_with_their_status() -> None:
    features = known_features((117.0, 25.0, 131.0, 41.0))
    kinds = {f["properties"]["kind"] for f in features}
    assert kinds == {"baseline", "joint_zone", "treaty_line", "claim"}
    nll = next(f for f in features if "Northern Limit" in f["properties"]["name"])
    assert nll["properties"]["status"] == "approximate, unverified"
    json.dumps(features, allow_nan=False)


def test_a_very_wide_box_draws_only_what_it_can() -> None:
    features = limit_features((-180.0, -60.0, 180.0, 70.0))
    assert {feature["properties"]["limit_nm"] for feature in features} == {200.0}


def test_a_box_without_extent_is_refused() -> None:
    with pytest.raises(ParameterError, match="no extent"):
        limit_features((120.0, 30.0, 120.0, 31.0))
    with pytest.raises(ParameterError, match="no extent"):
        known_features((120.0, 30.0, 120.0, 31.0))


def test_islands_that_several_states_claim_are_areas_of_twelve_miles_around_them() -> None:
    features = known_features((120.0, 24.0, 133.0, 38.0))
    claims = {f["properties"]["name"]: f for f in features if f["properties"]["kind"] == "claim"}
    assert {"Senkaku/Diaoyu", "Dokdo/Takeshima", "Ieodo/Suyan"} <= set(claims)
    assert "Taiwan" not in claims
    dokdo = claims["Dokdo/Takeshima"]
    assert dokdo["properties"]["status"] == "KOR;JPN"
    area = shapely.geometry.shape(dokdo["geometry"])
    edge = shapely.get_coordinates(area.exterior if area.geom_type == "Polygon" else area.geoms[0].exterior)
    distance = locate(edge[:, 0], edge[:, 1]).column("coast_distance_nm").to_numpy()
    assert np.abs(distance - 12.0).max() < 1.0


def test_the_prepared_lines_are_those_that_the_index_gives_today() -> None:
    charted = read_charted()
    assert charted.built_from == digest_of_sources(), "run scripts/build_limits.py"
    for lon, lat in ((122.3, 30.9), (-118.4, 33.7), (178.5, -17.5)):
        tile = int(tile_at(np.array([lon]), np.array([lat]))[0])
        west, south, east, north = box_of(tile)
        assert west <= lon < east
        assert south <= lat < north
        (twelve,) = limit_features((west, south, east, north), limits_nm=(12.0, 24.0))[:1]
        kept = charted.lines(charted.of_tiles(NM12, np.array([tile])), box=(west, south, east, north))
        assert [np.round(line, 3).tolist() for line in kept] == twelve["geometry"]["coordinates"]


def test_prepared_lines_run_on_past_180_in_a_box_that_does() -> None:
    charted = read_charted()
    box = (170.0, -25.0, -170.0, -10.0)
    lines = charted.lines(charted.touching(NM12, box), box=box)
    lon = np.concatenate(lines)[:, 0]
    assert 169 < lon.min() < 180 < lon.max() < 191
