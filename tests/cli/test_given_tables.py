"""Known incidents and measurements on the command line: told with the source, kept with the case, refused in time."""

import json
import shutil
from pathlib import Path

from tests.cli.calling import Caller


def test_incidents_and_measurements_stay_with_the_case_and_reach_the_event(
    finished: Path, tracker: Caller, tmp_path: Path
) -> None:
    case = tmp_path / "case"
    shutil.copytree(finished, case)
    (event,) = json.loads(tracker("events", case, "--as", "json").out)
    incidents = tmp_path / "incidents.csv"
    incidents.write_text(
        "case_id,date,vessel,mmsi,place,source\n"
        f"K-7,{event['start_time'][:10]},A SHIP,{event['mmsi_1']},at sea,press of the day\nK-8,never,B,,,press\n"
    )
    measured = tmp_path / "measured.csv"
    measured.write_text(f"event_id,tonnes,sd_t,source\n{event['event_id']},777,40,customs\nffff,1,1,customs\n")
    answer = tracker("detect", "--case", case, "--incidents", incidents, "--measurements", measured)
    assert answer.code == 0
    assert "K-8" in answer.err
    assert "ffff" not in answer.out
    assert "no transfer that was found fits it" in answer.err
    (event,) = json.loads(tracker("events", case, "--as", "json").out)
    why = " ".join(event["why"])
    assert "K-7" in why
    assert "press of the day" in why
    assert 690 < event["cargo_best_t"] < 860
    told = tracker("cargo", case, event["event_id"])
    assert "777" in told.out
    assert "customs" in told.out
    record = json.loads((case / "run.json").read_text())
    assert {table["role"] for table in record["tables"]} == {"incidents", "measurements"}
    # they stay: detecting again without naming them tells the same
    assert tracker("detect", "--case", case).code == 0
    assert json.loads((case / "run.json").read_text())["run_id"] == record["run_id"]


def test_a_file_that_is_no_table_of_incidents_is_refused_and_the_case_stays(
    finished: Path, tracker: Caller, tmp_path: Path
) -> None:
    before = (finished / "run.json").read_bytes()
    bad = tmp_path / "bad.csv"
    bad.write_text("date,vessel\n2020-01-01,A\n")
    for option in ("--incidents", "--measurements"):
        answer = tracker("detect", "--case", finished, option, bad)
        assert answer.code == 3
        assert "source" in answer.err
        assert tracker("detect", "--case", finished, option, tmp_path / "absent.csv").code == 3
    assert (finished / "run.json").read_bytes() == before


def test_the_ledger_of_a_case_without_deliveries_says_so_and_writes_its_tables(
    finished: Path, tracker: Caller, tmp_path: Path
) -> None:
    for folder in ("a", "b"):
        answer = tracker("ledger", finished, "--to", tmp_path / folder)
        assert answer.code == 0
        assert "no imports" in answer.err
        assert "No delivery of refined product was found" in answer.err
    names = {path.name for path in (tmp_path / "a").iterdir()}
    assert {"cumulative.csv", "deliveries.csv", "transfers.csv", "chain.csv", "ships.csv", "summary.json"} <= names
    assert all((tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() for name in names)
    summary = json.loads((tmp_path / "a" / "summary.json").read_text())
    assert summary["transfers"]["likely"]["n"] == 1
    assert summary["case"]["run_id"]
