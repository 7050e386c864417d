"""What analysts write stays with its event over runs, travels in exports, and runs can be compared."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.archive.reports_made_up import batch_of, event, ingest, positions, run
from tracker.api import open_case
from tracker.cli.versions import diff, notes
from tracker.errors import UnknownNameError, UsageError
from tracker.exporters import exporter_of
from tracker.pipeline.params import RunParams, recorded_params
from tracker.pipeline.versions import compare
from tracker.query import Filters
from tracker.query.marks import precision
from tracker.tables.events import EVENTS

NOON = datetime(2020, 2, 1, 12, tzinfo=UTC)


@pytest.fixture
def case_path(tmp_path: Path) -> Path:
    """A case with one run of two events of the same ships, at minutes 0 and 300."""
    path = ingest(tmp_path / "case", "a", batch_of(positions(20))).path
    run(path, [0, 300], parameters={"hours": 2})
    return path


def marks(path: Path) -> list[tuple[int, str | None]]:
    """Start minute and mark of each event of the last run."""
    rows = open_case(path).select(Filters.of({"in_port": True, "sort": "start_time"})).to_pylist()
    return [(row["start_time"].minute + 60 * row["start_time"].hour, row["analyst_mark"]) for row in rows]


def test_a_mark_survives_a_run_that_moves_the_start_and_reaches_only_its_event(case_path: Path) -> None:
    case = open_case(case_path)
    first = case.select(Filters.of({"sort": "start_time"})).to_pylist()[0]["event_id"]
    case.note(first, mark="dismissed", text="bunkering, by the port's log", author="A", written_at=NOON)
    before = marks(case_path)
    assert [mark for _, mark in before] == ["dismissed", None]
    run(case_path, [2, 302], parameters={"hours": 3})
    after = marks(case_path)
    assert [minute - earlier for (minute, _), (earlier, _) in zip(after, before, strict=True)] == [2, 2]
    assert [mark for _, mark in after] == ["dismissed", None]


def test_the_last_mark_counts_all_texts_stay_and_both_travel_in_exports(case_path: Path) -> None:
    case = open_case(case_path)
    one = case.select(Filters.of({"sort": "start_time"})).to_pylist()[0]["event_id"]
    case.note(one[:8], mark="reviewed", text="=cmd() looked at \u202eagain", author="A", written_at=NOON)
    case.note(one, mark="confirmed", source="Member State letter", written_at=NOON + timedelta(days=1))
    (row,) = case.select(Filters.of({"mark": "confirmed"})).to_pylist()
    assert row["analyst_note"].splitlines() == [
        "2020-02-01; A; reviewed; =cmd() looked at \u202eagain",
        "2020-02-02; confirmed; source: Member State letter",
    ]
    assert case.select(Filters.of({"mark": "none"})).num_rows == 1
    stream = io.BytesIO()
    exporter_of("csv").write(case.select(), stream, provenance=case.provenance())
    assert "Member State letter" in stream.getvalue().decode()
    assert "\u202e" not in stream.getvalue().decode()


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ({"mark": "dismised", "text": "x"}, "Did you mean dismissed"),
        ({"mark": "dismissed"}, "needs its reason"),
        ({"mark": "confirmed", "text": "x"}, "--source"),
        ({}, "Nothing to keep"),
        ({"text": "x" * 10_001}, "at most 10,000"),
    ],
)
def test_a_judgement_without_its_ground_is_refused_and_nothing_is_kept(
    case_path: Path, asked: dict[str, Any], word: str
) -> None:
    case = open_case(case_path)
    one = case.select().to_pylist()[0]["event_id"]
    with pytest.raises(UsageError, match=word):
        case.note(one, written_at=NOON, **asked)
    with pytest.raises(UnknownNameError, match="no event"):
        case.note("nothing", text="x", written_at=NOON)
    assert case.archive.notes().num_rows == 0


def test_notes_of_events_that_are_gone_or_in_port_are_listed_and_say_which_run_retracted_them(
    case_path: Path,
) -> None:
    case = open_case(case_path)
    for row in case.select(Filters.of({"in_port": True})).to_pylist():
        case.note(row["event_id"], mark="reviewed", text=f"minute {row['start_time'].minute}", written_at=NOON)
    assert [row["retracted_by"] for row in case.noted()] == [None, None]
    run(case_path, [2, 900], parameters={"hours": 3})
    case = open_case(case_path)
    told = {row["analyst_mark"]: row["retracted_by"] for row in case.noted() if row["retracted_by"]}
    assert told == {"reviewed": case.record()["run_id"]}
    assert len(case.noted()) == 2, "the moved event is told once, with the note it took over"
    shown = CliRunner().invoke(notes, [str(case_path)])
    assert case.record()["run_id"][:8] in shown.stdout
    assert "2 event(s) with notes, 1 of them retracted; 2 note(s)" in shown.stderr


def test_a_table_of_differences_tells_the_reason_between_the_runs_once(case_path: Path) -> None:
    run(case_path, [2, 900], parameters={"hours": 3})
    told = CliRunner().invoke(diff, [str(case_path)])
    assert (told.stdout + told.stderr).count("hours 2 -> 3") == 1
    rows = json.loads(CliRunner().invoke(diff, [str(case_path), "--as", "json"]).stdout)
    assert [row["difference"] for row in rows if row["what"] == "new"] == ["with other parameters (hours 2 -> 3)"]


def test_precision_counts_only_judged_events_and_says_how_many() -> None:
    base = {"verdict": "likely", "sea": "Yellow Sea", "state": None, "risk_reasons": ["R01", "R17"]}
    rows = [base | {"analyst_mark": mark} for mark in ("confirmed", "seen", "dismissed", "reviewed", None)]
    rows.append(base | {"analyst_mark": "not_seen", "risk_reasons": ["R17"], "verdict": "possible"})
    told = {(row["by"], row["value"]): (row["n"], row["precision"]) for row in precision(rows)}
    assert told["all", ""] == (4, 0.5)
    assert told["rule", "R01"] == (3, 2 / 3)
    assert told["rule", "R17"] == (4, 0.5)
    assert told["verdict", "possible"] == (1, 0.0)
    assert precision([]) == []


def test_a_comparison_tells_new_changed_and_retracted_events_with_the_reason(case_path: Path) -> None:
    run(case_path, [2, 900], parameters={"hours": 3})
    comparison = open_case(case_path).diff()
    assert comparison.reason == "with other parameters (hours 2 -> 3)"
    told = [(change.what, change.differences[0]) for change in comparison.changes]
    assert [what for what, _ in told] == ["changed", "retracted", "new"]
    assert told[0][1].startswith("start_time: ")
    assert told[1][1] == told[2][1] == comparison.reason
    back = open_case(case_path).diff(comparison.new[:10], comparison.old)
    assert [change.what for change in back.changes] == ["changed", "new", "retracted"]
    with pytest.raises(UnknownNameError, match="Runs, oldest first"):
        open_case(case_path).diff("zz", comparison.new)


def test_a_run_compared_with_itself_differs_in_nothing() -> None:
    events = EVENTS.from_rows([event("r", minute=minute) for minute in (0, 300)])
    assert compare(events, events, reason="") == []


def test_one_run_cannot_be_compared(case_path: Path) -> None:
    with pytest.raises(UsageError, match="holds 1 run"):
        open_case(case_path).diff()


def test_a_record_of_an_older_version_is_read_though_names_of_parameters_have_changed() -> None:
    params = RunParams()
    record = params.model_dump(mode="json")
    record["encounters"]["judge"]["a_name_of_old"] = 1.0
    record["gone"] = {"x": 1}
    del record["hulls"]
    assert recorded_params(record) == params
