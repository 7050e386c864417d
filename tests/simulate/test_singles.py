"""Port calls and false positions are measured against what was staged: by ship, kind and time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tracker.simulate.evaluate import evaluate
from tracker.simulate.singles import SingleScore, add_singles, score_singles
from tracker.simulate.summary import summary_lines
from tracker.simulate.truth import TRUTH
from tracker.tables.events import EVENTS

NOON = datetime(2020, 1, 30, 12, tzinfo=UTC)


def rows(table: Any, *given: dict[str, Any]) -> Any:
    usual = {"mmsi_1": 1, "start_time": NOON, "end_time": NOON + timedelta(hours=3), "duration_h": 3.0}
    usual |= {"lon": 0.0, "lat": 0.0}
    ids = "truth_id" if table is TRUTH else "event_id"
    return table.from_rows(
        [{k: v for k, v in (usual | row | {ids: str(n)}).items() if k in table.names} for n, row in enumerate(given)]
    )


def told(events: Any, truth: Any) -> dict[tuple[str, str], SingleScore]:
    return {(one.type, one.kind): one for one in score_singles(events, truth)}


def test_a_call_is_found_by_an_event_of_the_same_ship_kind_and_time() -> None:
    truth = rows(
        TRUTH,
        {"type": "port_call", "class": "berth"},
        {"type": "port_call", "class": "berth", "mmsi_1": 2},
        {"type": "port_call", "class": "buoy", "mmsi_1": 3},
    )
    events = rows(
        EVENTS,
        {"type": "port_call", "activity": "berth"},
        {"type": "port_call", "activity": "berth", "mmsi_1": 9},
        {"type": "port_call", "activity": "berth", "mmsi_1": 2, "start_time": NOON + timedelta(hours=4)}
        | {"end_time": NOON + timedelta(hours=5)},
        {"type": "port_call", "activity": "roadstead", "mmsi_1": 3},
    )
    marks = told(events, truth)
    every = marks["port_call", ""]
    assert (every.staged, every.found, every.called, every.right) == (3, 1, 4, 1)
    assert marks["port_call", "buoy"].recall == 0.0
    assert marks["port_call", "berth"].precision == 1 / 3


def test_a_call_that_is_only_feasible_is_no_call_that_is_counted() -> None:
    truth = rows(TRUTH, {"type": "port_call", "class": "berth"})
    marks = told(rows(EVENTS, {"type": "port_call", "activity": "feasible"}), truth)
    assert (marks["port_call", ""].called, marks["port_call", ""].precision) == (0, None)


def test_a_false_position_counts_as_found_by_its_own_type_only() -> None:
    truth = rows(TRUTH, {"type": "spoofing", "class": "circle"})
    for kind, found in (("circle", 1), ("frozen", 0)):
        marks = told(rows(EVENTS, {"type": "spoofing", "spoofing_type": kind}), truth)
        every = marks["spoofing", ""]
        assert every.found == every.right == found
        assert every.found_any == every.right_any == 1


def test_scores_of_several_fleets_add_up() -> None:
    truth = rows(TRUTH, {"type": "spoofing", "class": "circle"})
    events = rows(EVENTS, {"type": "spoofing", "spoofing_type": "circle"})
    (every, circle) = add_singles([*score_singles(events, truth), *score_singles(EVENTS.empty(), truth)])
    assert (every.staged, every.found, every.called, every.recall) == (2, 1, 1, 0.5)
    assert (circle.kind, circle.precision) == ("circle", 1.0)


def test_a_truth_that_tells_no_calls_measures_none_and_calls_are_no_meetings() -> None:
    events = rows(EVENTS, {"type": "port_call", "activity": "berth"})
    assert score_singles(events, rows(TRUTH, {"type": "encounter", "mmsi_2": 2, "class": "drift"})) == ()
    score = evaluate(events, rows(TRUTH, {"type": "port_call", "class": "berth"}))
    assert (score.meetings, score.dark_meetings) == (0, 0)
    assert any(line.startswith("port call") and "1 of 1" in line for line in summary_lines({"ours": score}))


def test_a_truth_that_tells_no_kinds_counts_any_kind_and_stands_beside_rows_that_do() -> None:
    truth = rows(
        TRUTH,
        {"type": "spoofing"},
        {"type": "spoofing", "class": "jump", "mmsi_1": 2},
        {"type": "encounter", "mmsi_1": 3, "mmsi_2": 4},
    )
    events = rows(
        EVENTS,
        {"type": "spoofing", "spoofing_type": "circle"},
        {"type": "spoofing", "spoofing_type": "circle", "mmsi_1": 2},
    )
    marks = told(events, truth)
    assert (marks["spoofing", ""].staged, marks["spoofing", ""].found) == (2, 1)
    assert set(marks) == {("spoofing", ""), ("spoofing", "circle"), ("spoofing", "jump")}
    lines = summary_lines({"tracker": evaluate(events, truth)})
    assert any(line.startswith("not classed") for line in lines)
    assert not any("None" in line for line in lines)
