"""A user's own zones: polygons of any common file win over the computed answer, and what was done to them is told."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
from shapely import MultiPolygon, Polygon, box

from tracker.errors import CorruptInputError, InputError, MissingColumnError, ParameterError
from tracker.zones.given import parse_columns, read_zones
from tracker.zones.locate import locate
from tracker.zones.polygons import read_polygons

Rows = list[dict[str, Any]]


def frame(rows: Rows, shapes: list[Any], *, crs: int | str | None = 4326) -> Any:
    return geopandas.GeoDataFrame(rows, geometry=shapes, crs=crs)


def marine_regions(**changes: object) -> dict[str, object]:
    row: dict[str, object] = {"MRGID": 8322, "GEONAME": "Test zone", "POL_TYPE": "200NM", "ISO_SOV1": "JPN"}
    row |= {"SOVEREIGN1": "Japan", "ISO_SOV2": None, "SOVEREIGN2": None}
    return row | changes


EAST_CHINA_SEA = box(123.0, 29.0, 126.0, 32.0)


def ask(path: Path, lon: float, lat: float) -> dict[str, Any]:
    return locate([lon], [lat], zones=read_zones(path)).to_pylist()[0]  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", ["eez.gpkg", "eez.geojson", "eez.shp", "eez.fgb", "eez.parquet", "eez.zip"])
def test_a_polygon_of_any_common_file_wins_over_the_computed_state(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    zones = frame([marine_regions()], [EAST_CHINA_SEA])
    if path.suffix == ".parquet":
        zones.to_parquet(path)
    elif path.suffix == ".zip":
        zones.to_file(tmp_path / "inside.shp")
        with zipfile.ZipFile(path, "w") as packed:
            for part in tmp_path.glob("inside.*"):
                packed.write(part, part.name)
    else:
        zones.to_file(path)
    answer = ask(path, 124.0, 30.5)
    assert (answer["waters"], answer["state"], answer["claimants"]) == ("eez", "JPN", ["JPN"])
    assert answer["source"].startswith(f"{name}: Test zone; computed: eez CHN")
    assert answer["waters_uncertain"], "the two disagree"


def test_points_in_no_polygon_fall_back_and_say_so(tmp_path: Path) -> None:
    path = tmp_path / "eez.gpkg"
    frame([marine_regions()], [EAST_CHINA_SEA]).to_file(path)
    computed, inside = locate([122.5, 124.0], [38.2, 30.5], zones=read_zones(path)).to_pylist()
    assert computed["source"].startswith("in no polygon of eez.gpkg, computed; low-water coast")
    plain = locate([122.5], [38.2]).to_pylist()[0]
    assert {k: v for k, v in computed.items() if k != "source"} == {k: v for k, v in plain.items() if k != "source"}
    assert inside["state"] == "JPN"


@pytest.mark.parametrize(
    ("kind", "joint"), [("Overlapping claim", "Overlapping claim"), ("Joint regime", "Joint regime")]
)
def test_an_overlapping_claim_or_joint_regime_names_every_claimant(tmp_path: Path, kind: str, joint: str) -> None:
    path = tmp_path / "eez.geojson"
    row = marine_regions(POL_TYPE=kind, GEONAME=f"{joint}: somewhere", ISO_SOV2="CHN", SOVEREIGN2="China")
    frame([row], [EAST_CHINA_SEA]).to_file(path)
    answer = ask(path, 124.0, 30.5)
    assert answer["state"] == "CHN", "the computed one, as it is among the claimants"
    assert answer["claimants"] == ["CHN", "JPN"]
    assert answer["special_zones"] == [f"{joint}: somewhere"]
    assert answer["waters_uncertain"]


def test_a_zone_reaches_the_shore_but_the_computed_territorial_sea_inside_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "eez.gpkg"
    frame([marine_regions(ISO_SOV1="KOR", SOVEREIGN1="South Korea")], [box(126.0, 32.5, 127.5, 34.0)]).to_file(path)
    near_jeju, off_jeju = locate([126.9, 127.45], [33.15, 32.6], zones=read_zones(path)).to_pylist()
    assert (near_jeju["waters"], near_jeju["state"]) == ("territorial_sea", "KOR")
    assert not near_jeju["is_international"]
    assert off_jeju["waters"] == "eez"


def test_the_innermost_kind_decides_and_a_drawn_territorial_sea_replaces_the_computed_one(tmp_path: Path) -> None:
    path = tmp_path / "zones.gpkg"
    rows = [marine_regions(), marine_regions(POL_TYPE="12NM"), marine_regions(POL_TYPE="Internal waters")]
    shapes = [box(126.0, 32.0, 128.0, 34.0), box(126.0, 32.0, 126.6, 33.0), box(126.0, 32.0, 126.1, 32.1)]
    frame(rows, shapes).to_file(path)
    lon, lat = [126.05, 126.5, 126.9], [32.05, 32.5, 33.15]
    waters = locate(lon, lat, zones=read_zones(path)).column("waters").to_pylist()
    assert waters == ["internal_waters", "territorial_sea", "contiguous_zone"], "the last is 12 nm off Jeju as computed"


def test_high_seas_polygons_have_no_state(tmp_path: Path) -> None:
    path = tmp_path / "High_Seas_v2.geojson"
    frame([{"name": "High Seas", "mrgid": 63203}], [EAST_CHINA_SEA]).to_file(path)
    answer = ask(path, 124.0, 30.5)
    assert (answer["waters"], answer["state"], answer["is_international"]) == ("high_seas", None, True)


def test_a_file_without_known_columns_is_refused_with_its_columns_and_an_example(tmp_path: Path) -> None:
    path = tmp_path / "mine.geojson"
    frame([{"OWNER": "Japan", "TYP": "EEZ"}], [EAST_CHINA_SEA]).to_file(path)
    with pytest.raises(
        MissingColumnError, match=r"OWNER, TYP.*\n.*--zones-columns state=COUNTRY,waters=KIND,name=LABEL"
    ):
        read_zones(path)
    with pytest.raises(MissingColumnError, match="there is no column 'NOPE'"):
        read_zones(path, columns={"state": "NOPE"})
    zones = read_zones(path, columns=parse_columns("state=OWNER, waters=TYP"))
    assert locate([124.0], [30.5], zones=zones).column("state").to_pylist() == ["JPN"]
    with pytest.raises(ParameterError, match="fields are state, waters, name"):
        parse_columns("owner=OWNER")


def test_another_coordinate_system_is_reprojected_and_told(tmp_path: Path) -> None:
    path = tmp_path / "utm.gpkg"
    frame([marine_regions()], [EAST_CHINA_SEA]).to_crs(32651).to_file(path)
    zones = read_zones(path)
    assert any("reprojected from WGS 84 / UTM zone 51N" in note for note in zones.notes)
    assert locate([124.0], [30.5], zones=zones).column("state").to_pylist() == ["JPN"]


def test_a_shapefile_without_a_coordinate_system_is_degrees_and_told_but_metres_are_refused(tmp_path: Path) -> None:
    frame([marine_regions()], [EAST_CHINA_SEA]).to_file(tmp_path / "bare.shp")
    (tmp_path / "bare.prj").unlink()
    assert any("degrees (WGS 84) are assumed" in note for note in read_zones(tmp_path / "bare.shp").notes)
    frame([marine_regions()], [EAST_CHINA_SEA]).to_crs(32651).to_file(tmp_path / "metres.shp")
    (tmp_path / "metres.prj").unlink()
    with pytest.raises(CorruptInputError, match="no degrees of longitude and latitude"):
        read_zones(tmp_path / "metres.shp")


def test_swapped_coordinates_are_recognised(tmp_path: Path) -> None:
    path = tmp_path / "swapped.geojson"
    frame([marine_regions()], [box(29.0, 123.0, 32.0, 126.0)]).to_file(path)
    with pytest.raises(CorruptInputError, match="Are latitude and longitude swapped"):
        read_zones(path)


def test_a_self_crossing_polygon_is_mended_and_told(tmp_path: Path) -> None:
    path = tmp_path / "bowtie.geojson"
    bowtie = Polygon([(123, 30), (125, 32), (125, 30), (123, 32)])
    frame([marine_regions(), marine_regions(ISO_SOV1="KOR")], [bowtie, box(140, 20, 141, 21)]).to_file(path)
    zones = read_zones(path)
    assert "1 of 2 polygon(s) crossed themselves and were mended." in zones.notes
    answers = locate([123.2, 124.8, 124.0], [31.0, 31.0, 31.8], zones=zones).column("state").to_pylist()
    assert answers == ["JPN", "JPN", "CHN"]


ACROSS: dict[str, Any] = {
    "in two halves": MultiPolygon([box(178, -20, 180, -15), box(-180, -20, -178, -15)]),
    "past 180": box(178, -20, 182, -15),
    "past 180 west": box(-182, -20, -178, -15),
    "stepping over": Polygon([(178, -20), (-178, -20), (-178, -15), (178, -15)]),
}


@pytest.mark.parametrize("drawn", ACROSS)
def test_a_polygon_across_the_antimeridian_holds_both_sides_and_not_the_world(tmp_path: Path, drawn: str) -> None:
    path = tmp_path / "fiji.geojson"
    frame([marine_regions(ISO_SOV1="FJI", GEONAME="Across")], [ACROSS[drawn]]).to_file(path)
    zones = read_zones(path)
    source = locate([179.0, -179.0, 180.0, 0.0, 170.0], [-17.0] * 5, zones=zones).column("source").to_pylist()
    assert [s.startswith("fiji.geojson: Across") for s in source] == [True, True, True, False, False]


def test_a_cap_around_the_pole_holds_the_pole(tmp_path: Path) -> None:
    path = tmp_path / "cap.geojson"
    ring = [(lon, 80.0) for lon in range(-170, 180, 20)]
    frame([{"name": "Arctic", "waters": "high seas"}], [Polygon(ring)]).to_file(path)
    zones = read_zones(path)
    source = locate([0.0, 179.9, -100.0, 10.0], [89.9, 85.0, 83.0, 70.0], zones=zones).column("source").to_pylist()
    assert [s.startswith("cap.geojson: Arctic") for s in source] == [True, True, True, False]


def test_names_of_states_are_read_and_strange_ones_told(tmp_path: Path) -> None:
    path = tmp_path / "named.geojson"
    rows = [{"state": "Korea, Republic of", "waters": "eez"}, {"state": "Atlantis", "waters": "eez"}]
    frame(rows, [EAST_CHINA_SEA, box(140, 20, 141, 21)]).to_file(path)
    zones = read_zones(path)
    assert zones.states == (("KOR",), ()) or zones.states == ((), ("KOR",))
    assert any("first: 'Atlantis'" in note for note in zones.notes)


def test_hostile_names_do_not_reach_the_answer(tmp_path: Path) -> None:
    path = tmp_path / "eez.geojson"
    frame([marine_regions(GEONAME="A\u202eB\n\x1b[31m;" + "x" * 500)], [EAST_CHINA_SEA]).to_file(path)
    source = ask(path, 124.0, 30.5)["source"]
    assert source.isprintable()
    assert len(source) < 200


def write(text: str | bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(text.encode() if isinstance(text, str) else text) and None


BAD = {
    "empty.geojson": ("", "is empty"),
    "text.geojson": ("not json", "does not begin like"),
    "broken.geojson": ('{"type": "FeatureCollection", "features": [', "cannot be read as polygons"),
    "none.geojson": ('{"type": "FeatureCollection", "features": []}', "no layer with features"),
    "remote.gpkg": ('<OGRVRTDataSource><OGRVRTLayer name="x"/></OGRVRTDataSource>', "does not begin like"),
    "some.vrt": ("<OGRVRTDataSource/>", "polygons are read from"),
    "no.zip": ("PK\x03\x04 broken", "zip file is damaged"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_not_what_it_claims_is_refused(tmp_path: Path, name: str) -> None:
    content, words = BAD[name]
    (tmp_path / name).write_text(content)
    with pytest.raises(InputError, match=words):
        read_polygons(tmp_path / name)


def test_points_lines_and_unnumbered_polygons_are_left_out_and_told(tmp_path: Path) -> None:
    path = tmp_path / "mixed.geojson"
    ring = [[123, 29], [126, 29], [126, 32], [123, 32], [123, 29]]
    features: Rows = [
        {"type": "Feature", "properties": {"state": "JPN"}, "geometry": {"type": "Polygon", "coordinates": [ring]}},
        {"type": "Feature", "properties": {"state": "JPN"}, "geometry": {"type": "Point", "coordinates": [124, 30]}},
        {"type": "Feature", "properties": {"state": "JPN"}, "geometry": None},
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    zones = read_zones(path)
    assert len(zones.polygons) == 1
    assert "2 feature(s) without a polygon were left out." in zones.notes


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        read_zones(tmp_path / "nowhere.gpkg")
    with pytest.raises(InputError, match="is a folder"):
        read_zones(tmp_path)


def test_many_points_in_many_sets_of_polygons_get_the_answer_of_each_alone(tmp_path: Path) -> None:
    path = tmp_path / "many.gpkg"
    rng = np.random.default_rng(5)
    corners = rng.uniform((118, 24), (126, 34), (12, 2))
    rows = [marine_regions(ISO_SOV1=s, GEONAME=f"{s} {k}") for k, s in enumerate(["JPN", "CHN", "KOR", "TWN"] * 3)]
    frame(rows, [box(x, y, x + 3, y + 3) for x, y in corners]).to_file(path)
    zones = read_zones(path)
    lon, lat = rng.uniform(117, 130, 300), rng.uniform(23, 38, 300)
    together = locate(lon, lat, zones=zones).to_pylist()
    for row in range(0, 300, 13):
        assert together[row] == locate(lon[row : row + 1], lat[row : row + 1], zones=zones).to_pylist()[0]
