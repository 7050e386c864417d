"""B9: two silences that admit a meeting are told with low confidence, few, never likely, with what chance alone gives."""

import numpy as np
import pytest

from tests.detectors.alone import alone_in, put_traffic
from tests.scenes import PLACES, Scene
from tracker.simulate.meetings import pass_by
from tracker.simulate.motion import away


def both_silent(place: str, *, seed: int = 1) -> tuple[Scene, set[int]]:
    scene = Scene(place=PLACES[place], hours=40, every_min=10, seed=seed)
    put_traffic(scene, count=16)
    host, guest = scene.transfer(meets_h=17, hours=5, host_waits_h=2, silent=[(10, 29)])
    return scene, {host.mmsi, guest.mmsi}


@pytest.mark.parametrize("place", PLACES)
def test_b9_a_meeting_of_two_dark_ships_is_a_dark_encounter_of_low_confidence(place: str) -> None:
    scene, pair = both_silent(place)
    (row,) = alone_in(scene).both_dark
    assert {row["mmsi_1"], row["mmsi_2"]} == pair
    assert row["mmsi_1"] < row["mmsi_2"]
    assert row["type"] == "dark_encounter"
    assert row["verdict"] == "unlikely"
    assert 0.1 <= row["confidence"] <= 0.3
    assert (row["reports_1"], row["reports_2"]) == (0, 0)
    assert "Neither ship was heard" in row["why"][0]
    assert any("by chance" in line for line in row["why"])
    (truth,) = [t for t in scene.truth().to_pylist() if t["type"] == "encounter"]
    assert row["start_time"] < truth["end_time"]
    assert row["end_time"] > truth["start_time"]


@pytest.mark.parametrize("place", PLACES)
def test_ships_that_sail_on_while_silent_have_no_time_for_a_meeting(place: str) -> None:
    scene = Scene(place=PLACES[place], hours=30, every_min=10)
    put_traffic(scene, count=16)
    for n in range(2):
        track = pass_by(
            scene.place, time_s=scene.time_s(15), course_deg=80.0 * n, speed_kn=11.0, hours=14, rng=scene.rng(50, n)
        )
        scene.add(scene.ship(), track, silent=[(10, 20)])
    assert alone_in(scene).both_dark == []


def test_among_many_silences_pairs_are_few_and_chance_takes_their_confidence() -> None:
    scene = Scene(hours=72, every_min=15)
    rng = np.random.default_rng(3)
    count = 40
    for n in range(count):
        spot = away(scene.place, bearing_deg=float(rng.uniform(0, 360)), distance_nm=float(rng.uniform(5, 70)))
        since = float(rng.uniform(4, 55))
        track = pass_by(
            spot,
            time_s=scene.time_s(since + 5),
            course_deg=float(rng.uniform(0, 360)),
            speed_kn=float(rng.uniform(3.5, 6)),
            hours=70,
            rng=scene.rng(51, n),
        )
        scene.add(scene.ship(), track, silent=[(since, since + float(rng.uniform(6, 14)))])
    found = alone_in(scene)
    assert len(found.silences) >= count
    assert len(found.both_dark) <= count / 2
    assert all(row["confidence"] < 0.25 for row in found.both_dark)


def test_a_receiver_hole_over_both_is_no_meeting_of_dark_ships() -> None:
    scene = Scene(hours=40, every_min=10)
    put_traffic(scene, count=16, silent=[(10, 29)])
    scene.transfer(meets_h=17, hours=5, host_waits_h=2, silent=[(10, 29)])
    assert alone_in(scene).both_dark == []
