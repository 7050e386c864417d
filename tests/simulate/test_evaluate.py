"""The measure itself: hand-made cases whose score is known."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from tests.scenes import Scene
from tracker.simulate.evaluate import Score, count_vessel_days, evaluate
from tracker.simulate.outcomes import Outcomes, outcomes_of
from tracker.simulate.summary import summary_lines
from tracker.simulate.sweep_table import dark_table
from tracker.simulate.truth import TRUTH
from tracker.tables.events import EVENTS

NOON = datetime(2020, 1, 30, 12, tzinfo=UTC)


def at(hour: float) -> datetime:
    return NOON + timedelta(hours=hour)


def truth(*rows: dict[str, Any]) -> Any:
    """Meetings of ships 1 and 2 from noon to 15:00 unless said otherwise."""
    usual = {"type": "encounter", "mmsi_1": 1, "mmsi_2": 2, "class": "transfer"}
    usual |= {"start_time": at(0), "end_time": at(3)}
    return TRUTH.from_rows([{"truth_id": f"T{n}"} | usual | row for n, row in enumerate(rows)])


def events(*rows: dict[str, Any]) -> Any:
    usual = {"type": "encounter", "verdict": "likely", "confidence": 0.9, "in_port": False, "mmsi_1": 1, "mmsi_2": 2}
    usual |= {"start_time": at(0), "end_time": at(3), "duration_h": 3.0, "lon": 0.0, "lat": 0.0}
    return EVENTS.from_rows([{"event_id": str(n)} | usual | row for n, row in enumerate(rows)])


def test_a_meeting_found_as_it_was_scores_full() -> None:
    score = evaluate(events({}), truth({}), vessel_days=10)
    assert (score.recall, score.precision, score.false_likely) == (1.0, 1.0, 0)
    assert (score.classes[0].start_error_min, score.classes[0].end_error_min, score.classes[0].split) == (0.0, 0.0, 0)
    assert score.brier == pytest.approx(0.01)
    assert score.false_per_1000_vessel_days == 0.0


def test_a_meeting_not_found_costs_recall_only() -> None:
    score = evaluate(events({}), truth({}, {"mmsi_2": 3}))
    assert (score.recall, score.precision) == (0.5, 1.0)


def test_nothing_found_and_nothing_to_find_have_no_share() -> None:
    assert evaluate(EVENTS.empty(), truth({})).precision is None
    assert evaluate(EVENTS.empty(), truth({})).recall == 0.0
    assert evaluate(events({}), truth({"type": "decoy"})).recall is None


def test_a_meeting_found_in_two_pieces_counts_once_and_is_called_split() -> None:
    score = evaluate(events({"end_time": at(1)}, {"start_time": at(2), "end_time": at(3.1)}), truth({}))
    assert (score.found, score.likely_events, score.precision, score.classes[0].split) == (1, 2, 1.0, 1)
    assert score.classes[0].start_error_min == 0.0
    assert score.classes[0].end_error_min == pytest.approx(6.0)


def test_the_right_pair_at_the_wrong_time_is_a_miss_and_a_false_alarm() -> None:
    score = evaluate(events({"start_time": at(5), "end_time": at(8)}), truth({}), vessel_days=500)
    assert (score.found, score.false_likely, score.precision) == (0, 1, 0.0)
    assert score.false_by_decoy == {"other": 1}
    assert score.false_per_1000_vessel_days == 2.0


def test_vessels_in_the_other_order_are_the_same_pair() -> None:
    assert evaluate(events({"mmsi_1": 2, "mmsi_2": 1}), truth({})).recall == 1.0


@pytest.mark.parametrize(("verdict", "recall", "precision"), [("possible", 1.0, None), ("unlikely", 0.0, None)])
def test_recall_counts_possible_and_precision_counts_likely(verdict: str, recall: float, precision: float) -> None:
    score = evaluate(events({"verdict": verdict}), truth({}))
    assert (score.recall, score.precision) == (recall, precision)


def test_falling_for_a_decoy_is_false_and_says_for_which() -> None:
    decoys = ({"type": "decoy", "class": "tow"}, {"type": "decoy", "class": "waiting", "mmsi_1": 5, "mmsi_2": None})
    found = ({}, {"mmsi_1": 5, "mmsi_2": 9}, {"mmsi_1": 6, "mmsi_2": 7, "verdict": "possible"})
    score = evaluate(events(*found), truth(*decoys))
    assert score.false_by_decoy == {"tow": 1, "waiting": 1}


def test_a_contact_in_port_is_not_judged() -> None:
    score = evaluate(events({"in_port": True, "verdict": "unlikely"}), truth({"type": "decoy", "class": "berth"}))
    assert (score.false_likely, score.brier) == (0, None)


def test_two_guests_of_one_mother_are_neither_right_nor_wrong() -> None:
    raft = [{"mmsi_1": 1, "mmsi_2": n, "group_id": "r", "class": "raft"} for n in (2, 3)]
    score = evaluate(events({}, {"mmsi_2": 3}, {"mmsi_1": 2, "mmsi_2": 3}), truth(*raft))
    assert (score.found, score.likely_events, score.precision) == (2, 2, 1.0)
    later = evaluate(events({"mmsi_1": 2, "mmsi_2": 3, "start_time": at(9), "end_time": at(10)}), truth(*raft))
    assert later.false_likely == 1


def dark(listed: list[int], **more: Any) -> Score:
    ranked = json.dumps([{"mmsi": mmsi, "probability": 0.5} for mmsi in listed])
    row = {"type": "dark_encounter", "mmsi_2": listed[0] if listed else None, "candidates": ranked}
    return evaluate(events(row | {"verdict": "possible"} | more), truth({"type": "dark_encounter", "class": "dark"}))


def test_a_dark_partner_counts_by_its_rank() -> None:
    scores = [dark(listed) for listed in ([2], [7, 8, 2], [7, 8, 9, 2], [7], [])]
    assert [(s.dark_found, s.dark_first, s.dark_in_three) for s in scores] == [
        (1, 1, 1),
        (1, 0, 1),
        (1, 0, 0),
        (1, 0, 0),
        (1, 0, 0),
    ]
    assert dark([2], start_time=at(9), end_time=at(10)).dark_found == 0
    assert dark([2], candidates="not json").dark_first == 1


def test_dark_meetings_are_not_in_the_recall_of_those_with_two_ships() -> None:
    assert dark([2]).meetings == 0
    assert dark([2]).recall is None


def test_confidence_that_means_what_it_says_has_no_calibration_error() -> None:
    pairs = [{"mmsi_2": n, "confidence": 0.7, "verdict": "possible"} for n in range(2, 12)]
    seven = truth(*({"mmsi_2": n} for n in range(2, 9)))
    assert evaluate(events(*pairs), seven).calibration_error == pytest.approx(0.0)
    assert evaluate(events(*pairs), seven).brier == pytest.approx(0.21)
    sure = [row | {"confidence": 1.0} for row in pairs]
    assert evaluate(events(*sure), seven).calibration_error == pytest.approx(0.3)
    assert evaluate(events(*sure), seven).bins[0].share_right == pytest.approx(0.7)


def test_one_ship_events_are_passed_over() -> None:
    score = evaluate(events({"type": "loitering", "mmsi_2": None, "verdict": None}), truth({}))
    assert (score.found, score.likely_events) == (0, 0)


def test_events_without_confidence_or_candidates_can_be_scored() -> None:
    bare = events({}).select(["type", "verdict", "mmsi_1", "mmsi_2", "start_time", "end_time"])
    assert evaluate(bare, truth({})).recall == 1.0
    assert evaluate(bare, truth({})).brier is None


def test_the_summary_stands_the_methods_side_by_side() -> None:
    told = truth({}, {"mmsi_2": 3, "class": "bunker"})
    ours = evaluate(events({}, {"mmsi_2": 3}), told, vessel_days=100)
    theirs = evaluate(events({}, {"mmsi_1": 8, "mmsi_2": 9}), told, vessel_days=100)
    lines = summary_lines({"tracker": ours, "reference": theirs})
    recall = next(line for line in lines if line.startswith("recall"))
    assert recall.split() == ["recall", "1.00", "0.50"]
    assert any(line.split() == ["per", "1,000", "vessel-days", "0.0", "10.0"] for line in lines)
    assert any(line.split()[:2] == ["bunker", "tracker"] for line in lines)
    assert all(len(line) < 120 for line in lines)
    json.dumps(ours.as_dict())


def test_vessel_days_count_each_ship_once_a_day() -> None:
    scene = Scene(start="2020-01-30T12:00:00Z", hours=24)
    scene.neighbours(count=3)
    assert count_vessel_days(scene.fixes()) == 6


def test_the_order_of_rows_does_not_matter() -> None:
    shuffled = pa.concat_tables([truth({"mmsi_2": 3}), truth({})])
    assert evaluate(events({"mmsi_2": 3}, {}), shuffled).recall == 1.0


def dark_outcomes(*rows: dict[str, Any], heard: set[int] | None = None) -> Outcomes:
    return outcomes_of(events(*rows), truth({"type": "dark_encounter", "class": "dark"}), heard=heard)


def test_a_partner_of_whom_no_report_exists_is_counted_apart_as_one_that_nobody_can_name() -> None:
    row = {"type": "dark_encounter", "verdict": "possible", "mmsi_2": None, "candidates": "[]"}
    for heard, is_heard in (({1, 2}, True), ({1, 9}, False), (None, True)):
        (met,) = dark_outcomes(row, heard=heard).met
        assert met.is_heard is is_heard
        assert met.partner_rank is None
    outcomes = dark_outcomes(row, heard={1, 9})
    line = dark_table([("shore", 60.0, outcomes, outcomes)])[2]
    assert "| 1 | 1 | – | – | – | – |" in line


def test_a_partner_named_in_an_unlikely_event_only_has_a_rank_in_no_possible_one() -> None:
    row = {"type": "dark_encounter", "verdict": "unlikely", "candidates": json.dumps([{"mmsi": 9}, {"mmsi": 2}])}
    (met,) = dark_outcomes(row).met
    assert (met.is_found, met.partner_rank, met.told_rank) == (False, None, 2)
    (met,) = dark_outcomes(row | {"verdict": "possible"}).met
    assert (met.is_found, met.partner_rank, met.told_rank) == (True, 2, 2)


def test_a_dark_meeting_called_possible_that_was_not_staged_is_a_false_one() -> None:
    row = {"type": "dark_encounter", "verdict": "possible", "mmsi_1": 5, "mmsi_2": 6}
    (called,) = dark_outcomes(row).called
    assert called.is_dark
    assert called.is_possible
    assert not called.is_right
