"""Runs as versions: nothing found is ever lost, and what is no longer found says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.archive.reports_made_up import batch_of, event, files_of, ingest, positions, run
from tracker.archive.case import open_case
from tracker.archive.runs import run_id_of
from tracker.errors import CaseError
from tracker.tables.events import EVENTS


def test_the_same_inputs_parameters_and_version_are_the_same_run(tmp_path: Path) -> None:
    case = ingest(tmp_path / "case", "a", batch_of(positions(20)))
    first = run(case.path, [0, 30], parameters={"radius_m": 500})
    before, events = files_of(case.path), case.latest_events()
    assert run(case.path, [0, 30], parameters={"radius_m": 500}) == first
    assert files_of(case.path) == before
    assert case.latest_events().equals(events)
    assert [record["run_id"] for record in case.runs()] == [first]
    assert case.retracted().num_rows == 0


def test_another_input_parameter_or_version_is_another_run() -> None:
    known = run_id_of(["a", "b"], {"x": 1, "y": {"z": 2.5}}, "1")
    assert run_id_of(["b", "a"], {"y": {"z": 2.5}, "x": 1}, "1") == known
    others = {
        run_id_of(["a"], {"x": 1, "y": {"z": 2.5}}, "1"),
        run_id_of(["a", "b"], {"x": 1, "y": {"z": 2.6}}, "1"),
        run_id_of(["a", "b"], {"x": 1, "y": {"z": 2.5}}, "2"),
        known,
    }
    assert len(others) == 4


def test_what_a_later_run_no_longer_finds_is_retracted_and_says_why(tmp_path: Path) -> None:
    case = ingest(tmp_path / "case", "a", batch_of(positions(20)))
    first = run(case.path, [0, 300], parameters={"encounter": {"radius_m": 500, "hours": 2}})
    second = run(case.path, [300], parameters={"encounter": {"radius_m": 300, "hours": 2}})
    (gone,) = case.retracted().to_pylist()
    assert gone["event_id"] == event(first, minute=0)["event_id"]
    assert (gone["run_id"], gone["retracted_by"]) == (first, second)
    assert gone["reason"] == "not found with other parameters (encounter.radius_m 500 -> 300)"
    assert case.events_of(first).num_rows == 2
    assert case.latest_events().num_rows == 1


def test_an_event_whose_start_moved_names_the_event_that_replaced_it(tmp_path: Path) -> None:
    case = ingest(tmp_path / "case", "a", batch_of(positions(20)))
    run(case.path, [0], parameters={})
    ingest(case.path, "b", batch_of(positions(20, seed=3)))
    second = run(case.path, [2], parameters={})
    (gone,) = case.retracted().to_pylist()
    assert gone["replaced_by"] == event(second, minute=2)["event_id"]
    assert gone["reason"] == "not found with 1 more input(s)"


def test_an_event_found_again_is_no_longer_retracted(tmp_path: Path) -> None:
    case = ingest(tmp_path / "case", "a", batch_of(positions(20)))
    run(case.path, [0], parameters={"a": 1})
    run(case.path, [], parameters={"a": 2})
    assert case.retracted().num_rows == 1
    run(case.path, [0], parameters={"a": 3})
    assert case.retracted().num_rows == 0
    run(case.path, [], parameters={"a": 2})
    assert case.retracted().num_rows == 1
    assert len(case.runs()) == 3


def test_a_run_without_events_is_a_run(tmp_path: Path) -> None:
    run(tmp_path / "case", [], parameters={})
    case = open_case(tmp_path / "case")
    assert case.latest_events().equals(EVENTS.empty())
    assert len(case.runs()) == 1


def test_events_come_back_as_they_went_in(tmp_path: Path) -> None:
    run_id = run(tmp_path / "case", [0], parameters={})
    stored = open_case(tmp_path / "case").latest_events()
    assert stored.equals(EVENTS.from_rows([event(run_id)]))


@pytest.mark.parametrize(
    ("owners", "record", "words"),
    [
        (["other"], {"parameters": {}}, "first: other"),
        (["r", "r"], {"parameters": {}}, "occur twice"),
        ([], {}, "lacks parameters"),
    ],
)
def test_events_and_record_that_do_not_fit_are_refused(
    tmp_path: Path, owners: list[str], record: dict[str, object], words: str
) -> None:
    events = EVENTS.from_rows(event(owner) for owner in owners)
    record = {"run_id": "r", "version": "1", "inputs": []} | record
    with (
        open_case(tmp_path / "case", create=True).writer() as transaction,
        pytest.raises(CaseError, match=words),
    ):
        transaction.commit_run(events, record, files={})
    assert not (tmp_path / "case").exists()


@pytest.mark.parametrize("name", ["../out.csv", "tracker.duckdb", "tracker.duckdb.wal", ".lock", "positions", "a/b"])
def test_a_run_may_not_write_where_the_case_keeps_its_own(tmp_path: Path, name: str) -> None:
    with (
        open_case(tmp_path / "case", create=True).writer() as transaction,
        pytest.raises(CaseError, match="cannot be the name"),
    ):
        transaction.commit(files={name: b""})
    assert list(tmp_path.iterdir()) == []
