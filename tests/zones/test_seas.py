"""Named seas: the smallest that holds a point, the names people use, and agreement with Natural Earth."""

import json

import numpy as np
import pytest
import shapely

from tests.shared_data import shared
from tracker.errors import UnknownNameError
from tracker.zones.index import read_index
from tracker.zones.packaged import rows_of
from tracker.zones.seas import name_seas, read_seas, sea_called

SPOTS = {
    (119.5, 38.8): "Bohai Sea",
    (123.0, 35.0): "Yellow Sea",
    (124.0, 39.0): "Korea Bay",
    (125.0, 29.0): "East China Sea",
    (119.5, 24.5): "Taiwan Strait",
    (115.0, 18.0): "South China Sea",
    (107.5, 19.5): "Gulf of Tonkin",
    (121.4, 20.8): "Luzon Strait",
    (129.5, 34.3): "Korea Strait",
    (133.0, 39.0): "Sea of Japan",
    (133.0, 34.1): "Seto Inland Sea",
    (130.0, 20.0): "Philippine Sea",
    (150.0, 55.0): "Sea of Okhotsk",
    (179.0, 58.0): "Bering Sea",
    (-179.0, 58.0): "Bering Sea",
    (-117.78, 33.0): "North Pacific Ocean",
    (56.0, 25.8): "Persian Gulf",
    (56.5, 26.55): "Strait of Hormuz",
    (25.3, 59.9): "Gulf of Finland",
    (2.5, 56.0): "North Sea",
    (0.0, -30.0): "South Atlantic Ocean",
    (90.0, -30.0): "Indian Ocean",
}


def test_known_spots_lie_in_the_seas_that_sailors_name() -> None:
    lon, lat = np.array(list(SPOTS)).T
    assert dict(zip(SPOTS, name_seas(lon, lat).to_pylist(), strict=True)) == SPOTS


def test_parents_and_synonyms_lead_to_seas_that_exist() -> None:
    names = {sea.name for sea in read_seas()}
    assert {sea.parent for sea in read_seas()} - {""} <= names
    assert {row["name"] for row in rows_of("sea_names.csv")} <= names
    assert not {row["synonym"] for row in rows_of("sea_names.csv")} & names
    assert all(sea.basis for sea in read_seas())


@pytest.mark.parametrize("name", ["West Sea", "yellow  sea", "HUANG HAI"])
def test_a_sea_has_many_names(name: str) -> None:
    assert sea_called(name).name == "Yellow Sea"


def test_a_mistyped_sea_offers_the_near_ones() -> None:
    with pytest.raises(UnknownNameError, match="East China Sea"):
        sea_called("Est China Sea")


def test_nine_in_ten_of_the_worlds_and_97_in_100_of_east_asias_points_agree_with_natural_earth() -> None:
    features = json.loads(shared("ne_10m_marine_polys.geojson").read_text("utf-8"))["features"]
    shapes = [shapely.make_valid(shapely.geometry.shape(f["geometry"])) for f in features]
    names = [" ".join((f["properties"]["name"] or "").lower().split()) for f in features]
    same = {"bo hai": "bohai sea", "inner sea": "seto inland sea"}
    for box, floor in (((105, 135, 15, 42), 0.97), ((-180, 180, -75, 85), 0.90)):
        rng = np.random.default_rng(11)
        lon = rng.uniform(*box[:2], 8000)
        lat = np.degrees(np.arcsin(rng.uniform(*np.sin(np.radians(box[2:])), 8000)))
        theirs = np.full(8000, "", object)
        for k in np.argsort([-s.area for s in shapes]):
            theirs[shapely.contains_xy(shapes[k], lon, lat)] = same.get(names[k], names[k])
        at_sea = ~read_index().is_on_land(lon, lat) & (theirs != "")
        ours = name_seas(lon, lat).to_pylist()
        parent = {sea.name: sea.parent for sea in read_seas()}
        agree = [
            t in {(o or "").lower(), parent.get(o, "").lower() if o == "Korea Bay" else ""}
            for t, o in zip(theirs, ours, strict=True)
        ]
        assert np.mean(np.array(agree)[at_sea]) >= floor


def test_no_place_at_sea_is_without_a_name_not_even_on_a_limit_between_two_seas() -> None:
    lon, lat = np.array([-180.0, 180.0, 0.0, 124.0, 35.8]), np.array([0.0, 0.0, 90.0, -0.5, 46.2])
    names = name_seas(lon, lat).to_pylist()
    assert None not in names
    assert (names[2], names[4]) == ("Arctic Ocean", "Sea of Azov")
