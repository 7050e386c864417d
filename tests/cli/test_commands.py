"""Every command answers what it was asked, or says in two lines why not; the same question gives the same bytes."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.cli.calling import OUTPUTS, Caller, accounted, lines_of, state_of, write_lines
from tests.scenes import PLACES, Scene
from tracker.cli import call

ROOT = Path(__file__).resolve().parents[2]

# ── the call itself is wrong ───────────────────────────────────────────────────────────────────────────────────────

WRONG_RUNS = {
    "--set encounters.judge.likley=0.8": "encounters.judge.likely",
    "--set encounters.judge.likely=abc": "encounters.judge.likely",
    "--set encounters.judge.likely=7": "encounters.judge.likely",
    "--set hulls.max_speed_kn=inf": "hulls.max_speed_kn",
    "--set hulls.max_speed_kn=nan": "hulls.max_speed_kn",
    "--set encounters=3": "encounters",
    "--set nonsense": "NAME=VALUE",
    "--set =3": "no parameter",
    "--set ..=3": "no parameter",
    "--set columns.mmsi=X": "no parameter",
    "--config absent.toml": "absent.toml",
    "--config .": "Cannot read the configuration",
    "--format noa-csv": "noaa-csv",
    "--base-time nonsense": "2020-01-31T12:00:00Z",
    "--base-time 2020-13-01": "2020-01-31T12:00:00Z",
    "--cse x": "--case",
}


@pytest.mark.parametrize("wrong", WRONG_RUNS)
def test_a_wrong_option_of_run_is_wrong_usage_and_touches_nothing(
    tracker: Caller, tmp_path: Path, meeting_csv: Path, wrong: str
) -> None:
    answer = tracker("run", meeting_csv, "--case", tmp_path / "case", *wrong.split(" ", 1))
    assert answer.code == 2
    assert WRONG_RUNS[wrong] in answer.one_error()
    assert not (tmp_path / "case").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[[", "not valid TOML"),
        ("[encounter]\nx = 1\n", "encounters"),
        ("[encounters.judge]\nlikley = 1\n", "encounters.judge.likely"),
        ("columns = 3\n", "[columns]"),
        ('[columns]\nmmzi = "MMSI"\n', "mmzi"),
    ],
)
def test_a_wrong_configuration_is_wrong_usage(
    tracker: Caller, tmp_path: Path, meeting_csv: Path, text: str, words: str
) -> None:
    config = tmp_path / "wrong.toml"
    config.write_text(text, encoding="utf-8")
    answer = tracker("run", meeting_csv, "--case", tmp_path / "case", "--config", config)
    assert answer.code == 2
    assert words in answer.one_error()
    assert not (tmp_path / "case").exists()


def test_a_mapping_that_does_not_fit_says_what_the_table_has(tracker: Caller, tmp_path: Path) -> None:
    file, config = tmp_path / "odd.csv", tmp_path / "map.toml"
    file.write_text("ship,where,when\n1,2,3\n", encoding="utf-8")
    for text, words in (
        ('mmsi = "sip"', "'sip', which the table lacks"),
        ('mmsi = "ship"', "none is known as time, lon, lat"),
    ):
        config.write_text(f"[columns]\n{text}\n", encoding="utf-8")
        answer = tracker("run", file, "--case", tmp_path / "case", "--config", config)
        assert answer.code == 3
        assert words in answer.one_error()


@pytest.mark.parametrize("args", [["rnu"], ["run"], ["run", "x"], ["events"], ["export", "x"], ["map", "x"], ["zone"]])
def test_a_call_that_lacks_something_is_wrong_usage(tracker: Caller, args: list[str]) -> None:
    answer = tracker(*args)
    assert answer.code == 2
    assert "--help" in answer.one_error()


WRONG_QUESTIONS = {
    "--region": [
        "Yelow Sea",
        "1,2,3",
        "nan,1,2,3",
        "999,30,999,33",
        "120,33,130,30",
        "120,-91,130,91",
        "no.geojson",
        "",
    ],
    "--flag": ["XX", "PRK,XX", "", "'; drop"],
    "--state": ["Neverland"],
    "--since": ["x", "2020-13", "2020-02-30", "99999", ""],
    "--until": ["x", "0000"],
    "--sort": ["nope", "-nope", "claimants", ""],
    "--limit": ["-1", "x", "1.5", "1e3"],
    "--mmsi": ["x", "-5", "4129000011"],
    "--imo": ["12AB"],
    "--name": [" "],
    "--type": ["x"],
    "--verdict": ["maybe"],
    "--waters": ["sea"],
    "--min-confidence": ["2", "-0.5", "nan"],
    "--min-risk": ["101", "x"],
    "--as": ["xml"],
}


@pytest.mark.parametrize("option", WRONG_QUESTIONS)
def test_a_wrong_filter_is_wrong_usage_and_never_an_empty_answer(tracker: Caller, finished: Path, option: str) -> None:
    for value in WRONG_QUESTIONS[option]:
        answer = tracker("events", finished, option, value)
        assert answer.code == 2, value
        answer.one_error()


def test_a_period_that_ends_before_it_begins_is_wrong_usage(tracker: Caller, finished: Path) -> None:
    assert tracker("events", finished, "--since", "2021", "--until", "2020").code == 2


# ── the case ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_no_case_is_named_and_left_alone(tracker: Caller, tmp_path: Path, meeting_csv: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.doc").write_text("x", encoding="utf-8")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    before = state_of(tmp_path)
    for args in (
        ("run", meeting_csv, "--case", tmp_path / "other"),
        ("run", meeting_csv, "--case", tmp_path / "file"),
        ("detect", "--case", tmp_path / "absent"),
        ("events", tmp_path / "absent"),
        ("events", tmp_path / "other"),
        ("map", tmp_path / "absent", "--to", tmp_path / "m.html"),
        ("export", tmp_path / "absent", "--to", tmp_path / "e.csv"),
    ):
        answer = tracker(*args)
        assert answer.code == 3
        answer.one_error()
    assert state_of(tmp_path) == before


def test_a_case_of_a_newer_version_is_refused_by_every_command_and_untouched(
    tracker: Caller, tmp_path: Path, meeting_csv: Path, finished: Path
) -> None:
    import duckdb

    case = shutil.copytree(finished, tmp_path / "case")
    with duckdb.connect(str(case / "tracker.duckdb")) as connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
    before = state_of(case)
    for args in (["run", meeting_csv, "--case", case], ["events", case], ["map", case, "--to", tmp_path / "m.html"]):
        answer = tracker(*args)
        assert answer.code == 1
        assert "schema 99" in answer.one_error()
    assert state_of(case) == before


# ── the answer ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_run_gives_the_same_bytes_again_elsewhere_and_under_another_name(
    tracker: Caller, tmp_path: Path, meeting_csv: Path, finished: Path
) -> None:
    known = {name: (finished / name).read_bytes() for name in OUTPUTS}
    case = shutil.copytree(finished, tmp_path / "again")
    again = tracker("run", meeting_csv, "--case", case)
    assert again.code == 0
    assert "Already in the case: 1 input(s)" in again.err
    assert {name: (case / name).read_bytes() for name in OUTPUTS} == known
    renamed = shutil.copy(meeting_csv, tmp_path / "SYNTHETIC_renamed.csv")
    assert tracker("run", renamed, "--case", tmp_path / "elsewhere" / "fresh").code == 0
    assert {name: (tmp_path / "elsewhere" / "fresh" / name).read_bytes() for name in OUTPUTS} == known


@pytest.mark.parametrize(
    "box", ["-120.5,30,-116.5,33.6", "170,-20,-170,-10", "124,30,125,31", "-180,-90,180,90", "East China Sea", "CHN"]
)
def test_boxes_are_read_as_typed(tracker: Caller, finished: Path, box: str) -> None:
    for asked in (["--region", box], [f"--region={box}"]):
        answer = tracker("events", finished, *asked, "--as", "csv")
        assert answer.code == 0
        rows = list(csv.DictReader(io.StringIO(answer.out)))
        assert len(rows) == (0 if box.startswith(("-120", "170")) else 1)


def test_nothing_found_is_an_answer_in_every_format(tracker: Caller, tmp_path: Path, finished: Path) -> None:
    for form in ("table", "json", "csv", "geojson"):
        answer = tracker("events", finished, "--until", "2019", "--as", form)
        assert answer.code == 0
        if "json" in form:
            told = json.loads(answer.out)
            assert (told["features"] if form == "geojson" else told) == []
    assert tracker("map", finished, "--flag", "PRK", "--to", tmp_path / "none.html").code == 0
    assert tracker("export", finished, "--limit", "0", "--to", tmp_path / "none.parquet").code == 0
    assert pq.read_table(tmp_path / "none.parquet").num_rows == 0


def test_what_exists_is_not_overwritten_unless_forced(tracker: Caller, tmp_path: Path, finished: Path) -> None:
    for command, name in (("export", "e.csv"), ("map", "m.html")):
        target = tmp_path / name
        target.write_text("mine", encoding="utf-8")
        answer = tracker(command, finished, "--to", target)
        assert answer.code == 2
        assert "--force" in answer.one_error()
        assert target.read_text(encoding="utf-8") == "mine"
        assert tracker(command, finished, "--to", target, "--force").code == 0
        assert target.read_text(encoding="utf-8") != "mine"


def test_targets_that_cannot_be_written_are_errors_and_leave_nothing(
    tracker: Caller, tmp_path: Path, finished: Path
) -> None:
    (tmp_path / "folder.csv").mkdir()
    for command, name, code in (
        ("export", "e.xyz", 2),
        ("export", "e", 2),
        ("export", "absent/e.csv", 1),
        ("export", "folder.csv", 1),
        ("map", "absent/m.html", 1),
        ("map", "m.csv", 2),
    ):
        answer = tracker(command, finished, "--to", tmp_path / name, *(["--force"] if name == "folder.csv" else []))
        assert answer.code == code, name
        answer.one_error()
    assert [path.name for path in tmp_path.rglob("*")] == ["folder.csv"]


def test_a_zone_is_told_for_negative_degrees_and_refused_beyond_the_earth(tracker: Caller) -> None:
    for lat, lon in (("33.1", "-117.2"), ("-33.1", "-71"), ("30.5", "124"), ("71", "180"), ("-90", "-180")):
        answer = tracker("zone", lat, lon)
        assert answer.code == 0
        assert "Waters" in answer.out
        assert json.loads(tracker("zone", "--json", lat, lon).out)["lat"] == float(lat)
    for args in (
        ("95", "0"),
        ("30", "999"),
        ("nan", "3"),
        ("3", "inf"),
        ("x", "y"),
        ("30",),
        ("1e400", "1"),
        ("1", "2", "3"),
    ):
        answer = tracker("zone", *args)
        assert answer.code == 2
        answer.one_error()


def test_a_table_of_points_keeps_its_columns_and_gains_waters(tracker: Caller, tmp_path: Path) -> None:
    file = tmp_path / "points.csv"
    file.write_text(
        '\ufefflat,lon,source,note\r\n30.5,124,a friend,"x, y"\r\n-33.1,-72,,\r\n95,0,,\r\n', encoding="utf-8"
    )
    answer = tracker("zone", "--csv", file)
    assert answer.code == 0
    rows = list(csv.DictReader(io.StringIO(answer.out)))
    alone = [json.loads(tracker("zone", "--json", row["lat"], row["lon"]).out)["waters"] for row in rows[:2]]
    assert [row["waters"] for row in rows] == [*alone, ""]
    assert alone[0] == "eez"
    assert rows[0]["source_given"] == "a friend"
    assert rows[0]["source"] != "a friend"
    assert rows[0]["note"] == "x, y"


def test_rows_without_a_position_stay_in_their_order_and_are_counted(tracker: Caller, tmp_path: Path) -> None:
    file = tmp_path / "points.csv"
    file.write_text(
        "id,Longitude,Latitude,id\n1,124,30.5,a\n2,,,\n3,30.5,124,b\n4,x\n5,-117.2,33.1,=c\n", encoding="utf-8"
    )
    answer = tracker("zone", "--csv", file)
    assert answer.code == 0
    rows = list(csv.reader(io.StringIO(answer.out)))
    assert rows[0][:5] == ["id", "Longitude", "Latitude", "id", "waters"]
    assert [row[0] for row in rows[1:]] == list("12345")
    assert [bool(row[4]) for row in rows[1:]] == [True, False, False, False, True]
    assert rows[5][3] == "=c", "what the user gave comes back as it was"
    assert "3 of 5 rows have no usable position; first: row 2" in answer.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("name;lat;lon\nGrün;30,5;124,0\n".encode(), ""),
        ("name\tlat\tlon\nGrün\t30.5\t124.0\n".encode(), ""),
        ("name,lat,lon\nGrün,30.5,124.0\n".encode("cp1252"), "read as Windows-1252"),
        ("name,lat,lon\nGrün,30.5,124.0\n".encode("utf-16"), ""),
    ],
)
def test_tables_as_spreadsheets_write_them_are_read(tracker: Caller, tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "points.csv"
    file.write_bytes(content)
    answer = tracker("zone", "--csv", file)
    assert answer.code == 0, answer.err
    assert said in answer.err
    (row,) = csv.DictReader(io.StringIO(answer.out))
    assert (row["name"], row["waters"], row["state"]) == ("Grün", "eez", "CHN")


def test_a_table_with_latitude_and_longitude_swapped_is_suspected(tracker: Caller, tmp_path: Path) -> None:
    file = tmp_path / "points.csv"
    file.write_text("lat,lon\n124,30.5\n125,31\n", encoding="utf-8")
    answer = tracker("zone", "--csv", file)
    assert answer.code == 3
    assert "Are latitude and longitude swapped?" in answer.one_error()
    assert "Are they swapped?" in tracker("zone", "124", "30.5").one_error()


def test_bytes_that_are_no_text_are_bad_input(tracker: Caller, tmp_path: Path) -> None:
    file = tmp_path / "points.csv"
    file.write_bytes(b"lat,lon\n1,2\xff\x00\n")
    answer = tracker("zone", "--csv", file)
    assert answer.code == 3
    assert "no text" in answer.one_error()


def test_a_users_zones_win_in_zone_and_a_file_without_known_columns_is_bad_input(
    tracker: Caller, tmp_path: Path
) -> None:
    ring = [[123, 29], [126, 29], [126, 32], [123, 32], [123, 29]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    path = tmp_path / "mine.geojson"
    feature = {"type": "Feature", "properties": {"OWNER": "Japan"}, "geometry": shape}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    answer = tracker("zone", "30.5", "124.0", "--zones", path)
    assert answer.code == 3
    assert "Columns found: OWNER" in answer.err
    answer = tracker("zone", "30.5", "124.0", "--json", "--zones", path, "--zones-columns", "state=OWNER")
    assert json.loads(answer.out)["state"] == "JPN"
    assert "No column says which waters" in answer.err
    assert tracker("zone", "30.5", "124.0", "--zones-columns", "state=OWNER").code == 2


@pytest.mark.parametrize(
    "text",
    ["", "lat,lon\n", "lat,lng\n1,2\n", "lat,lon\nx,2\n", "lat,lon\n33\n", "lat,lon\n1,2,3\n", "lat,lon,lat\n1,2,3\n"],
)
def test_a_table_of_points_that_is_none_is_bad_input(tracker: Caller, tmp_path: Path, text: str) -> None:
    file = tmp_path / "points.csv"
    file.write_text(text, encoding="utf-8")
    for path in (file, tmp_path / "absent.csv", tmp_path):
        answer = tracker("zone", "--csv", path)
        assert answer.code == 3
        assert str(path) in answer.one_error()


HOSTILE = (
    "<script>alert(1)</script>",
    "=cmd()",
    "+1+1",
    "@SUM(A1)",
    "\u202egnp.exe",
    '"</script><b>"',
    "A" * 3000,
    "\x1b[31m",
    "\U0001f6a2\U0001f480 SEA",
    "@" * 20,
)


def test_hostile_names_come_out_as_text_everywhere(tracker: Caller, tmp_path: Path, meeting: list[str]) -> None:
    for n in range(0, len(HOSTILE), 2):
        lines = [meeting[0]]
        for line in meeting[1:]:
            name = HOSTILE[n + (line.startswith("412900002"))]
            lines.append(line.replace("SYN 1", name, 1).replace("SYN 2", name, 1).replace("\n", " "))
        file = tmp_path / f"{n}.csv"
        write_lines(file, [line.replace('"', "'") for line in lines])
        case = tmp_path / f"case{n}"
        answer = tracker("run", file, "--case", case)
        assert answer.code == 0
        accounted(case, answer)
        assert "1 likely" in answer.err
        assert "\x1b" not in answer.err
        assert "\u202e" not in answer.err
        page = (case / "map.html").read_text(encoding="utf-8")
        assert "<script>alert" not in page
        assert "</script><b>" not in page
        table = (case / "events.csv").read_text(encoding="utf-8")
        for row in csv.DictReader(io.StringIO(table)):
            for cell in row.values():
                assert cell[:1] not in {"=", "@", "\t", "\r"}
                assert not cell.startswith("+1+1")
                assert len(cell) < 2000
        for text in (page, table, (case / "events.geojson").read_text(encoding="utf-8")):
            assert "\u202e" not in text
            assert "\x1b" not in text
        json.loads((case / "events.geojson").read_text(encoding="utf-8"))
        assert pq.read_table(case / "events.parquet").num_rows == 1


@pytest.mark.parametrize("place", ["antimeridian", "71 north"])
def test_a_meeting_at_the_edge_of_the_chart_is_found_and_shown(tracker: Caller, tmp_path: Path, place: str) -> None:
    scene = Scene(place=PLACES[place], hours=10, every_min=3)
    scene.transfer(meets_h=4, hours=3)
    case = tmp_path / "case"
    answer = tracker("run", write_lines(tmp_path / "edge.csv", lines_of(scene)), "--case", case)
    assert answer.code == 0
    accounted(case, answer)
    assert "Found 1 meetings: 1 likely" in answer.err
    lon, lat = PLACES[place]
    box = f"{lon - 3 if lon < 178 else 177},{lat - 2},{lon + 3 if lon < 177 else -177},{lat + 2}"
    assert len(json.loads(tracker("events", case, "--region", box, "--as", "json").out)) == 1


def test_the_column_that_tells_time_filters_by_overlap(tracker: Caller, finished: Path) -> None:
    event = json.loads(tracker("events", finished, "--as", "json").out)[0]
    start, end = event["start_time"], event["end_time"]
    for asked, count in (
        (["--since", end], 1),
        (["--until", start], 0),
        (["--since", start[:10], "--until", end], 1),
        (["--since", "2020-02"], 0),
    ):
        assert len(json.loads(tracker("events", finished, *asked, "--as", "json").out)) == count


# ── the other end of the pipe ──────────────────────────────────────────────────────────────────────────────────────


def test_a_reader_that_leaves_early_is_no_failure(finished: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tracker", "events", str(finished), "--as", "csv"],
            stdout=writing, stderr=subprocess.PIPE, cwd=ROOT, check=False,
        )  # fmt: skip
    finally:
        os.close(writing)
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert b"Broken" not in done.stderr


def test_debug_shows_the_traceback_that_is_hidden_otherwise(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="no file, folder or pattern"):
        call(["--debug", "run", str(tmp_path / "absent"), "--case", str(tmp_path / "case")])


def test_names_of_files_cannot_write_on_the_terminal(tracker: Caller, tmp_path: Path) -> None:
    file = tmp_path / "a\x1b[31m\u202e.csv"
    file.write_bytes(b"")
    answer = tracker("run", file, "--case", tmp_path / "case")
    assert answer.code == 3
    assert "\\x1b[31m\\u202e" in answer.one_error()


def test_a_run_is_not_kept_waiting_for_pandas(tmp_path: Path, meeting_csv: Path) -> None:
    program = (
        "import sys\nfrom tracker.cli import main\n"
        "try:\n    main(sys.argv[1:])\nfinally:\n    print(sorted({'pandas', 'geopandas', 'pyais'} & set(sys.modules)))"
    )
    given = ["run", str(meeting_csv), "--case", str(tmp_path / "case")]
    done = subprocess.run([sys.executable, "-c", program, *given], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert (tmp_path / "case" / "map.html").exists()
