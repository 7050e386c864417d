"""`--detections`, `--scenes` and `tracker scenes`: what satellites saw, and which of them to ask, as a user does it."""

import json
from pathlib import Path

import pytest
import shapely

from tests.cli.calling import Caller, lines_of, record_of, write_lines
from tests.detectors.alone import put_traffic
from tests.scenes import Scene
from tracker.api import open_case
from tracker.simulate.meetings import pass_by

DAY = "2020-01-30T"


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with AIS of a ship silent from hour 6 to 14, detections, and catalogues."""
    folder = tmp_path_factory.mktemp("satellites")
    scene = Scene(hours=20, every_min=10)
    put_traffic(scene, count=3)
    ship = scene.ship(mmsi=412_999_999)
    track = pass_by(scene.place, time_s=scene.time_s(10), course_deg=0.0, speed_kn=9.0, hours=10, rng=scene.rng(1))
    scene.add(ship, track, silent=[(6, 14)])
    write_lines(folder / "SYNTHETIC_quiet.csv", lines_of(scene))
    (folder / "sar.csv").write_text(
        "time,lon,lat,length_m,source\n2020-01-30T22:00:00Z,124.3,30.6,88,made up\nnever,1,2,3,x\n", encoding="utf-8"
    )
    (folder / "scenes.csv").write_text(
        "id,time,footprint,platform\n"
        f'whole,{DAY}22:00:00Z,"POLYGON((122 28,127 28,127 33,122 33,122 28))",radar\n'
        f'half,{DAY}22:00:00Z,"POLYGON((124.3 28,127 28,127 33,124.3 33,124.3 28))",radar\n'
        f'elsewhere,{DAY}22:00:00Z,"POLYGON((10 28,12 28,12 33,10 33,10 28))",radar\n'
        f'late,{DAY}05:00:00Z,"POLYGON((122 28,127 28,127 33,122 33,122 28))",radar\n'
        f"broken,{DAY}22:00:00Z,POLYGON((1 2),radar\n",
        encoding="utf-8",
    )
    return folder


@pytest.fixture(scope="module")
def case(given: Path) -> Path:
    from tracker.cli import call

    folder = given / "case"
    files = ("--detections", str(given / "sar.csv"), "--scenes", str(given / "scenes.csv"))
    assert call(["run", str(given / "SYNTHETIC_quiet.csv"), "--case", str(folder), "-q", *files]) == 0
    return folder


def gap_of(case: Path) -> str:
    (event,) = open_case(case).events(mmsi=412_999_999, type="gap").event_id
    return str(event)


def test_detections_stay_with_the_case_digested_and_bad_rows_are_told(case: Path) -> None:
    tables = {one["role"]: one for one in record_of(case)["tables"]}
    assert len(tables["detections"]["sha256"]) == 64
    assert tables["detections"]["set_aside"] == ["1 x time is no date and time; first: row 2: 'never'"]
    assert "footprint is no area" in tables["scenes"]["set_aside"][0]


def test_unmatched_detections_are_a_table_that_sql_answers(tracker: Caller, case: Path) -> None:
    answer = tracker("sql", case, "SELECT status, length_m, source FROM detections", "--as", "json")
    assert json.loads(answer.out) == [{"status": "unmatched", "length_m": 88.0, "source": "made up"}]


def test_unmatched_detections_are_on_the_map(case: Path) -> None:
    text = (case / "map.html").read_text(encoding="utf-8")
    layers = json.loads(text.split('id="tracker-data">')[1].split("</script>")[0])["layers"]
    assert layers["sightings"] == [["2020-01-30 22:00Z 88 m made up", 124.3, 30.6]]


def test_scenes_that_must_and_may_hold_a_silent_ship_are_told_apart(tracker: Caller, case: Path) -> None:
    told = json.loads(tracker("scenes", case, gap_of(case), "--as", "json").out)
    assert [one["scene"] for one in told["must"]] == ["whole"]
    assert [one["scene"] for one in told["may"]] == ["half"]
    assert told["outside"] == 2
    west, south, east, north = told["box"]
    assert west < 124.3 < east
    assert south < 30.6 < north
    assert "--mark seen|not_seen|inconclusive" in told["outcome"]


def test_the_stac_search_has_area_time_and_collections_and_no_box_beside_the_area(tracker: Caller, case: Path) -> None:
    search = json.loads(tracker("scenes", case, gap_of(case), "--as", "stac").out)
    assert set(search) == {"collections", "datetime", "intersects", "limit"}
    assert shapely.geometry.shape(search["intersects"]).is_valid
    begin, end = search["datetime"].split("/")
    assert begin < end
    assert begin.endswith("Z")


def test_a_catalogue_as_stac_items_is_read_too(tracker: Caller, case: Path, tmp_path: Path) -> None:
    box = [[[122, 28], [127, 28], [127, 33], [122, 33], [122, 28]]]
    item = {
        "type": "Feature",
        "id": "item-1",
        "properties": {"datetime": f"{DAY}21:00:00Z", "platform": "sentinel-1a"},
        "geometry": {"type": "Polygon", "coordinates": box},
    }
    file = tmp_path / "items.json"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [item]}), encoding="utf-8")
    told = json.loads(tracker("scenes", case, gap_of(case), "--scenes", file, "--as", "json").out)
    assert {one["scene"] for one in told["must"]} == {"whole", "item-1"}


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.csv", "time,where\n2020-01-30T22:00:00Z,here\n", "footprint as WKT"),
        ("a.csv", "", "no row"),
        ("a.json", "{", "no GeoJSON"),
        ("a.json", '{"type": "FeatureCollection", "features": []}', "no feature"),
    ],
)
def test_a_catalogue_that_is_none_is_bad_input(
    tracker: Caller, case: Path, tmp_path: Path, name: str, text: str, words: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    answer = tracker("scenes", case, gap_of(case), "--scenes", tmp_path / name)
    assert answer.code == 3
    assert words in answer.one_error()
