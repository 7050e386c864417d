"""The bundled synthetic scenario: its truth is found, and nothing else is called likely."""

from pathlib import Path
from typing import Any

from tracker.simulate.evaluate import evaluate
from tracker.simulate.truth import read_truth

SCENARIO = Path(__file__).resolve().parent.parent / "data" / "ais" / "east-china-sea"


def test_every_two_sided_transfer_is_found_and_no_other_meeting_is_called_likely(demo: Any) -> None:
    score = evaluate(demo.events, read_truth(SCENARIO / "truth.csv"))
    assert score.meetings == 16
    assert score.found == score.meetings
    assert score.false_likely == 0
    assert score.likely_right == score.likely_events >= 16


def test_the_scenario_says_everywhere_that_it_is_synthetic(demo: Any) -> None:
    assert demo.record["synthetic"]
    assert "SYNTHETIC" in (demo.case / "map.html").read_text(encoding="utf-8")
    assert all("SYNTHETIC" in path.name for path in SCENARIO.glob("*.csv.zst"))


def test_the_transfers_lie_in_territorial_seas_economic_zones_and_beyond(demo: Any) -> None:
    likely = [row for row in demo.events.to_pylist() if row["verdict"] == "likely"]
    assert {"territorial_sea", "eez"} <= {row["waters"] for row in likely}
    assert {row["is_international"] for row in likely} == {True, False}
    assert "PRK" in {row[f"flag_{n}"] for row in likely for n in (1, 2)}


def test_a_raft_of_three_is_one_group(demo: Any) -> None:
    groups: dict[str, set[int]] = {}
    for row in demo.events.to_pylist():
        if row["group_id"] and row["verdict"] in {"likely", "possible"}:
            groups.setdefault(row["group_id"], set()).update((row["mmsi_1"], row["mmsi_2"]))
    assert any(len(ships) == 3 for ships in groups.values())


def test_dark_partners_port_calls_and_false_positions_of_the_scenario_are_found(demo: Any) -> None:
    score = evaluate(demo.events, read_truth(SCENARIO / "truth.csv"))
    assert (score.dark_meetings, score.dark_first) == (3, 3)
    marks = {one.type: one for one in score.singles if not one.kind}
    assert {one.found == one.staged > 0 for one in marks.values()} == {True}
    assert set(marks) == {"port_call", "spoofing"}


def test_a_cargo_that_went_from_ship_to_ship_is_delivered_off_nampo(demo: Any) -> None:
    (row,) = [one for one in demo.events.to_pylist() if one["type"] == "port_call" and one["activity"] == "buoy"]
    assert row["flag_1"] == "PRK"
    received = [
        one
        for one in demo.events.to_pylist()
        if one["verdict"] == "likely" and row["mmsi_1"] in (one["mmsi_1"], one["mmsi_2"])
    ]
    assert [one["end_time"] < row["start_time"] for one in received] == [True]
