"""`tracker reach`: where a silent ship could have been, asked as a user does."""

import json
from pathlib import Path

import pytest
import shapely.geometry

from tests.cli.calling import Caller, lines_of, write_lines
from tests.detectors.alone import put_traffic
from tests.scenes import Scene
from tracker.api import open_case
from tracker.cli import call
from tracker.simulate.meetings import pass_by


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with one ship silent from hour 6 to hour 14, among others that are heard."""
    folder = tmp_path_factory.mktemp("quiet")
    scene = Scene(hours=20, every_min=10)
    put_traffic(scene, count=4)
    ship = scene.ship(mmsi=412_999_999)
    track = pass_by(scene.place, time_s=scene.time_s(10), course_deg=0.0, speed_kn=9.0, hours=10, rng=scene.rng(1))
    scene.add(ship, track, silent=[(6, 14)])
    file = write_lines(folder / "SYNTHETIC_quiet.csv", lines_of(scene))
    assert call(["run", str(file), "--case", str(folder / "case"), "-q"]) == 0
    return folder / "case"


def gap_of(case: Path) -> str:
    (event,) = open_case(case).events(mmsi=412_999_999, type="gap").event_id
    return str(event)


def test_the_reach_of_a_gap_is_told_in_words_with_its_speed_resolution_and_limits(tracker: Caller, quiet: Path) -> None:
    answer = tracker("reach", quiet, gap_of(quiet))
    assert answer.code == 0
    for words in ("silent for 8.", "Speed assumed:", "Land is a barrier at", "Nothing here says that she was there"):
        assert words in answer.out


def test_the_reach_as_geojson_holds_area_reports_and_ports(tracker: Caller, quiet: Path) -> None:
    answer = tracker("reach", quiet, gap_of(quiet)[:8], "--speed-kn", "14", "--as", "geojson")
    features = json.loads(answer.out)["features"]
    kinds = [f["properties"]["kind"] for f in features]
    assert kinds[:3] == ["reach", "last report", "next report"]
    area = shapely.geometry.shape(features[0]["geometry"])
    assert area.is_valid
    assert all(area.contains(shapely.geometry.shape(f["geometry"])) for f in features[1:3])
    assert features[0]["properties"]["synthetic"] is True


def test_at_a_time_the_area_is_smaller_and_a_ship_and_a_time_name_the_same_silence(
    tracker: Caller, quiet: Path
) -> None:
    case = open_case(quiet)
    whole = case.reach(gap_of(quiet))
    moment = "2020-01-30T22:00:00Z"
    then, same = case.reach(gap_of(quiet), at=moment), case.reach(mmsi=412_999_999, at=moment)
    assert then.area.area < whole.area.area
    assert whole.area.buffer(0.02).contains(then.area)
    assert json.dumps(then.geojson()) == json.dumps(same.geojson() | {}) or then.area.equals(same.area)


def test_the_map_draws_the_reach_of_a_chosen_gap(tracker: Caller, quiet: Path, tmp_path: Path) -> None:
    answer = tracker("map", quiet, "--to", tmp_path / "map.html", "--reach", gap_of(quiet))
    assert answer.code == 0
    text = (tmp_path / "map.html").read_text(encoding="utf-8")
    layers = json.loads(text.split('id="tracker-data">')[1].split("</script>")[0])["layers"]
    (reach,) = layers["reaches"]
    assert reach["name"].startswith("SYN 99999, 2020-01-30T17:54")
    assert reach["area"] is True
    assert sum(len(line) for line in reach["lines"]) > 40


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "--mmsi N --at"),
        (("nonsense",), "There is no event"),
        (("--mmsi", "412999999", "--at", "yesterday"), "not a date"),
        (("--mmsi", "412999999", "--at", "2020-01-30T13:00Z"), "was not silent"),
        (("--mmsi", "999", "--at", "2020-01-30T13:00Z"), "was not heard"),
    ],
)
def test_a_reach_of_nothing_is_wrong_usage(
    tracker: Caller, quiet: Path, arguments: tuple[str, ...], words: str
) -> None:
    answer = tracker("reach", quiet, *arguments)
    assert answer.code == 2
    assert words in answer.one_error()


@pytest.mark.parametrize(
    ("place", "west_of", "east_of"),
    [((124.3, -30.6), "E", "E"), ((25.0, 71.6), "E", "E"), ((-30.0, 0.0), "W", "W"), ((180.0, -17.0), "E", "W")],
)
def test_the_area_is_told_by_hemispheres_and_not_as_the_whole_globe(
    tracker: Caller, tmp_path: Path, place: tuple[float, float], west_of: str, east_of: str
) -> None:
    scene = Scene(place=place, hours=20, every_min=10)
    put_traffic(scene, count=4)
    ship = scene.ship(mmsi=412_999_999)
    track = pass_by(scene.place, time_s=scene.time_s(10), course_deg=80.0, speed_kn=9.0, hours=10, rng=scene.rng(1))
    scene.add(ship, track, silent=[(6, 14)])
    file = write_lines(tmp_path / "SYNTHETIC_quiet.csv", lines_of(scene))
    assert call(["run", str(file), "--case", str(tmp_path / "case"), "-q"]) == 0
    answer = open_case(tmp_path / "case").reach(gap_of(tmp_path / "case"))
    west, south, east, north = answer.record()["box"]
    assert 0.5 < (east - west) % 360.0 < 10.0
    assert south < place[1] < north
    (line,) = [
        line
        for line in tracker("reach", tmp_path / "case", gap_of(tmp_path / "case")).out.splitlines()
        if "inside an area" in line
    ]
    degrees = rf"{abs(west):.2f} {west_of} to {abs(east):.2f} {east_of}"
    assert degrees in line
