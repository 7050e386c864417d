"""The table of weights: what it may not say, and what is read from it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.detectors.meetings import scanned_events_of
from tests.scenes import Scene
from tracker.detectors.readings import Draughts, Reading
from tracker.detectors.weights import packaged_weights, read_weights
from tracker.simulate.meetings import lie_alongside
from tracker.simulate.motion import away

TABLE = ["# remark", "part,variant,at,logit", "base,,,-1", "few_moments,,,2", "gap,,0,2", "gap,,10,0", "kind,,tug,-3"]


def test_numbers_are_looked_up_between_knots_and_held_at_the_ends() -> None:
    weights = read_weights(TABLE)
    values = [weights.logit(Reading("gap", "", gap, "")) for gap in (-5.0, 0.0, 5.0, 10.0, 500.0)]
    assert values == [2.0, 2.0, 1.0, 0.0, 0.0]
    assert (weights.base, weights.share(2.0), weights.share(0.0)) == (-1.0, 0.5, 0.0)


@given(st.floats(-10.0, 1000.0))
def test_between_knots_weights_are_those_of_numpy(value: float) -> None:
    weights = packaged_weights()
    for (part, variant), table in weights.knots.items():
        assert weights.logit(Reading(part, variant, value, "")) == np.interp(value, *table)


def test_names_are_looked_up_and_unknown_ones_count_nothing() -> None:
    weights = read_weights(TABLE)
    assert weights.logit(Reading("kind", "", "tug", "")) == -3.0
    assert weights.logit(Reading("kind", "", "barque", "")) == 0.0
    assert weights.logit(Reading("rigid", "body", 3.0, "")) == 0.0


@pytest.mark.parametrize("part", ["gap", "distance", "rigid", "parallel", "together"])
def test_more_distance_angle_or_speed_between_two_ships_never_raises_the_confidence(part: str) -> None:
    tables = [table for (name, _), table in packaged_weights().knots.items() if name == part]
    assert tables
    for knots, logits in tables:
        assert (np.diff(knots) > 0).all()
        assert (np.diff(logits) <= 0).all()


def test_no_confidence_is_above_what_synthetic_fleets_can_teach() -> None:
    scene = Scene()
    scene.transfer(hours=4)
    (row,) = [r for r in scanned_events_of(scene.fixes(), scene.statics()) if r["duration_h"] > 0.5]
    assert row["confidence"] == packaged_weights().ceiling == 0.98
    assert any("synthetic fleets" in line for line in row["why"])


def test_more_moments_heard_never_lower_what_poses_in_favour_count() -> None:
    shares = [packaged_weights().share(n) for n in (0.0, 1.0, 3.0, 10.0, 1000.0)]
    assert shares == sorted(shares)


def test_levels_rise_as_sense_demands() -> None:
    levels = packaged_weights().levels
    came, draught, kind = (levels[(name, "")] for name in ("came_and_left", "draught", "kind"))
    assert came["both"] >= came["one"] > came["neither"]
    assert draught["opposite"] >= draught["one"] >= 0.0
    assert kind["both_tankers"] >= kind["one_tanker"] > max(kind["service"], kind["leisure"], kind["both_fish"])


def test_a_draught_that_changed_raises_the_confidence_and_is_named_and_none_is_needed() -> None:
    scene = Scene(every_min=65, hours=30)
    scene.transfer(meets_h=8, hours=5)
    found = {}
    for name, said in (("none", Draughts()), ("one", Draughts(8.1, 5.9)), ("both", Draughts(8.1, 5.9, 4.0, 7.2))):
        rows = scanned_events_of(scene.fixes(), scene.statics(), draughts=said)
        (found[name],) = [row for row in rows if row["duration_h"] > 0.5]
    assert found["none"]["confidence"] < found["one"]["confidence"] <= found["both"]["confidence"]
    assert any(
        "8.1 m before and 5.9 m after" in line and "One came out lighter" in line for line in found["both"]["why"]
    )


def test_a_change_said_once_speaks_for_the_surest_contact_and_not_for_a_visit_the_day_before() -> None:
    scene = Scene(hours=40)
    host, _ = scene.transfer(meets_h=24, hours=5)
    launch = scene.ship("other", length_m=14, beam_m=4)
    track = scene.voyage(host).track
    spot = scene.time_s(22.6)
    other = lie_alongside(
        track,
        meet_s=spot,
        part_s=spot + 1200.0,
        ahead_m=0.0,
        right_m=14.0,
        rng=scene.rng(1),
        origin=away(scene.place, bearing_deg=10.0, distance_nm=9.0),
        goal=away(scene.place, bearing_deg=10.0, distance_nm=9.0),
    )
    scene.add(launch, other)
    said = Draughts(8.1, 5.9, None, None, 1_600_000_000_000, None)
    with_it, without = (scanned_events_of(scene.fixes(), scene.statics(), draughts=d) for d in (said, Draughts()))
    pairs = {(r["mmsi_1"], r["mmsi_2"]): r["confidence"] for r in without}
    assert len(with_it) == len(without) >= 2
    for row in with_it:
        is_visit = launch.mmsi in (row["mmsi_1"], row["mmsi_2"])
        assert any("Declared draughts" in line for line in row["why"]) is not is_visit
        assert not is_visit or row["confidence"] == pairs[(row["mmsi_1"], row["mmsi_2"])]


def test_a_meeting_with_neither_size_nor_heading_is_told_and_not_called_likely() -> None:
    scene = Scene()
    scene.transfer()
    fixes = scene.fixes()
    blind = type(fixes)(**{**fixes.__dict__, "heading_deg": np.full(len(fixes), np.nan, np.float32)})
    (row,) = [r for r in scanned_events_of(blind, scene.statics().slice(0, 0)) if r["duration_h"] > 0.5]
    assert row["verdict"] == "possible"
    assert any("not called likely" in line for line in row["why"])
