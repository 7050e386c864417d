"""Regions: seas, states, boxes and files, and what is said when a name is none of them."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared_data import shared
from tracker.errors import CorruptInputError, ParameterError, UnknownNameError
from tracker.geo.states import names_by_code, with_dependencies
from tracker.zones.regions import known_regions, resolve_region


def test_a_sea_is_found_by_synonym_and_holds_its_bays() -> None:
    region = resolve_region("west sea")
    assert (region.name, region.kind) == ("Yellow Sea", "sea")
    assert region.contains([123.0, 124.0, 125.0, np.nan], [35.0, 39.0, 29.0, 35.0]).tolist() == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("text", ["PRK", "kp", "North Korea", "DPRK"])
def test_a_state_is_found_by_code_or_name_and_holds_its_waters(text: str) -> None:
    region = resolve_region(text)
    assert region.state == "PRK"
    assert region.contains([123.9, 124.0, -150.0], [38.4, 30.5, 40.0]).tolist() == [True, False, False]


def test_a_box_across_the_antimeridian_holds_both_sides() -> None:
    region = resolve_region("170,-20,-170,20")
    assert region.contains([175, -175, 180, -180, 0, 169], [0, 0, 0, 0, 0, 0]).tolist() == [True] * 4 + [False] * 2


def test_a_box_may_begin_with_a_negative_number() -> None:
    assert resolve_region("-120.5, 30, -116.5, 33.6").contains([-117.78], [33.0]).all()


@given(st.floats(-180, 180), st.floats(-90, 90), st.floats(-180, 180), st.floats(-90, 90))
def test_a_box_holds_its_own_middle(w: float, s: float, e: float, n: float) -> None:
    s, n = sorted((s, n))
    region = resolve_region(f"{w:.6f},{s:.6f},{e:.6f},{n:.6f}")
    west, south, east, north = region.bbox
    middle = west + ((east - west) if west <= east else east - west + 360) / 2
    assert region.contains([middle], [(south + north) / 2]).all()


@pytest.mark.parametrize(
    ("text", "word"),
    [("1,2,3,400", "latitude"), ("28,122,32,126", "latitude"), ("400,2,3,4", "longitude"), ("1,5,3,4", "LAT_MIN")],
)
def test_a_box_out_of_range_says_which_number(text: str, word: str) -> None:
    with pytest.raises(ParameterError, match=word):
        resolve_region(text)


def test_an_unknown_name_offers_near_ones() -> None:
    with pytest.raises(UnknownNameError, match="Yellow Sea"):
        resolve_region("Yelow Sea")
    with pytest.raises(UnknownNameError, match="no such file"):
        resolve_region("nowhere.geojson")
    with pytest.raises(UnknownNameError, match="no such region"):
        resolve_region("<script>=cmd()\u202e")


def test_a_polygon_file_is_a_region_and_a_self_crossing_one_is_mended(tmp_path: Path) -> None:
    bowtie = [[120, 30], [122, 32], [122, 30], [120, 32], [120, 30]]
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [bowtie]}}
    path = tmp_path / "bowtie.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    region = resolve_region(str(path))
    assert region.contains([121.8, 121.0, 120.2], [31.0, 31.8, 31.0]).tolist() == [True, False, True]


@pytest.mark.parametrize("content", ["", "not json", '{"type": "FeatureCollection", "features": []}'])
def test_a_file_without_polygons_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "bad.geojson"
    path.write_text(content)
    with pytest.raises(CorruptInputError, match=r"bad\.geojson"):
        resolve_region(str(path))


def test_known_regions_are_all_resolvable() -> None:
    known = known_regions()
    for name in [*known["seas"], *known["synonyms"]]:
        assert resolve_region(name).kind == "sea"


def test_river_ports_are_in_the_region_of_their_state_and_a_border_river_in_both() -> None:
    shanghai, pyongyang, sinuiju = (121.50, 31.25), (125.68, 39.03), (124.38, 40.1)
    lon, lat = zip(shanghai, pyongyang, sinuiju, strict=True)
    assert resolve_region("CHN").contains(lon, lat).tolist() == [True, False, True]
    assert resolve_region("PRK").contains(lon, lat).tolist() == [False, True, True]
    assert not resolve_region("JPN").contains(lon, lat).any()


def test_the_waters_of_a_state_hold_those_of_its_dependencies_which_are_regions_of_their_own() -> None:
    guam, puerto_rico, oahu, rota, apia = (144.6, 13.4), (-66.1, 18.6), (-158.2, 21.6), (145.2, 14.3), (-171.8, -13.7)
    lon, lat = zip(guam, puerto_rico, oahu, rota, apia, strict=True)
    assert resolve_region("USA").contains(lon, lat).tolist() == [True, True, True, True, False]
    assert resolve_region("GUM").contains(lon, lat).tolist() == [True, False, False, False, False]
    assert resolve_region("Greenland").states == ("GRL",)
    assert resolve_region("Denmark").states == ("DNK", "FRO", "GRL")
    assert resolve_region("Yellow Sea").states == ()


def test_dependencies_are_states_of_iso_3166_and_depend_on_one() -> None:
    codes = set(names_by_code())
    below = [part for state in codes for part in with_dependencies(state)[1:]]
    assert set(below) <= codes
    assert len(below) == len(set(below)) == 49
    assert not set(below) & {state for state in codes if len(with_dependencies(state)) > 1}


def test_risk_areas_are_regions_by_identifier_and_by_name() -> None:
    nampo = resolve_region("nampo")
    assert (nampo.kind, nampo.name) == ("area", "Nampo and Taedong estuary")
    assert nampo.contains([125.1, 126.0], [38.7, 38.7]).tolist() == [True, False]
    assert resolve_region("Kaohsiung outer anchorage").bbox == (120.0, 22.3, 120.35, 22.75)
    assert resolve_region("Gulf of Tonkin").kind == "sea", "the sea wins over the area of that name"
    assert len(known_regions()["areas"]) == 15


def test_the_risk_areas_are_those_of_the_reference() -> None:
    import csv

    path = shared("reference/risk_areas.csv")
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            box = tuple(float(row[k]) for k in ("lon_min", "lat_min", "lon_max", "lat_max"))
            assert resolve_region(row["area_id"]).bbox == box


@pytest.mark.parametrize("west", [178.0, -182.0])
def test_a_polygon_file_across_the_antimeridian_holds_both_sides(tmp_path: Path, west: float) -> None:
    ring = [[west, -20], [west + 4, -20], [west + 4, -15], [west, -15], [west, -20]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    path = tmp_path / "fiji.geojson"
    feature = {"type": "Feature", "properties": {}, "geometry": shape}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    region = resolve_region(str(path))
    assert region.contains([179.0, -179.0, 180.0, 0.0], [-17.0] * 4).tolist() == [True, True, True, False]
