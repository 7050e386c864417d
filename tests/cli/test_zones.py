"""A user's zones on the command line: they win in events, are in the record, and a bad file leaves the case alone."""

import json
import shutil
from pathlib import Path

from tests.cli.calling import Caller

ROUND_THE_WORLD = [[-180, -80], [180, -80], [180, 80], [-180, 80], [-180, -80]]


def polygons(path: Path, properties: dict[str, str]) -> Path:
    shape = {"type": "Polygon", "coordinates": [ROUND_THE_WORLD]}
    feature = {"type": "Feature", "properties": properties, "geometry": shape}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    return path


def test_given_zones_decide_the_waters_of_events_and_stand_in_the_record(
    tracker: Caller, finished: Path, tmp_path: Path
) -> None:
    case = shutil.copytree(finished, tmp_path / "case")
    before = json.loads((case / "run.json").read_text())["run_id"]
    path = polygons(tmp_path / "eez.geojson", {"ISO_SOV1": "FJI", "POL_TYPE": "200NM", "GEONAME": "<b>Everything"})
    answer = tracker("detect", "--case", case, "--zones", path)
    assert answer.code == 0, answer.err
    assert "zones eez.geojson: 1 polygons win over computed waters" in answer.err
    record = json.loads((case / "run.json").read_text())
    assert record["zones"]["name"] == "eez.geojson"
    assert record["run_id"] != before
    rows = json.loads(tracker("events", case, "--in-port", "--as", "json").out)
    rows = rows["events"] if isinstance(rows, dict) else rows
    assert {row["state"] for row in rows} == {"FJI"}
    drawn = '"given":[{"name":"\\u003cb\\u003eEverything (FJI: eez)"'
    assert drawn in (case / "map.html").read_text(encoding="utf-8")
    assert tracker("map", case, "--to", tmp_path / "again.html").code == 0
    assert drawn in (tmp_path / "again.html").read_text(encoding="utf-8"), "the case keeps the outlines"
    assert tracker("detect", "--case", case).code == 0
    assert '"given":' not in (case / "map.html").read_text(encoding="utf-8"), "this run went without polygons"


def test_a_zones_file_without_known_columns_leaves_the_case_as_it_was(
    tracker: Caller, finished: Path, tmp_path: Path
) -> None:
    case = shutil.copytree(finished, tmp_path / "case")
    before = (case / "run.json").read_bytes()
    answer = tracker("detect", "--case", case, "--zones", polygons(tmp_path / "odd.geojson", {"OWNER": "x"}))
    assert answer.code == 3
    assert "Columns found: OWNER" in answer.one_error()
    assert (case / "run.json").read_bytes() == before
