"""A silence is read against what was heard from other ships near by in the same hours (B15, B17)."""

import json
from typing import Any

import numpy as np
import pytest

from tests.detectors.alone import alone_in, put_traffic
from tests.detectors.listening import Listener
from tests.scenes import PLACES, Scene
from tracker.detectors.silences import silences_of
from tracker.engine.scan import scan
from tracker.simulate.meetings import pass_by
from tracker.simulate.motion import anchor, away
from tracker.tables.fixes import Fixes


def passer(scene: Scene, *, silent: list[tuple[float, float]], kind: str = "tanker", **more: float):  # type: ignore[no-untyped-def]
    ship = scene.ship(kind)
    track = pass_by(
        scene.place,
        time_s=scene.time_s(scene.hours / 2),
        course_deg=70.0,
        speed_kn=5.0,
        hours=scene.hours / 2,
        rng=scene.rng(30),
    )
    return scene.add(ship, track, silent=silent, **more)


@pytest.mark.parametrize("place", PLACES)
def test_a_ship_silent_while_its_neighbours_are_heard_had_probably_switched_off(place: str) -> None:
    scene = Scene(place=PLACES[place], every_min=10)
    put_traffic(scene)
    ship = passer(scene, silent=[(8, 15)])
    row = alone_in(scene).gap_of(ship)
    assert row["confidence"] > 0.8
    assert row["duration_h"] == pytest.approx(7.0, abs=0.4)
    assert any("were heard in the same hour" in sentence for sentence in row["why"])


@pytest.mark.parametrize("place", PLACES)
def test_a_silence_shared_by_all_neighbours_is_a_receiver_hole_not_a_dark_ship(place: str) -> None:
    scene = Scene(place=PLACES[place], every_min=10)
    put_traffic(scene, silent=[(8, 15)])
    ship = passer(scene, silent=[(8, 15)])
    row = alone_in(scene).gap_of(ship)
    assert row["confidence"] < 0.05
    assert "receiver hole" in row["why"][0]


def test_both_ships_of_a_contact_silent_together_are_a_receiver_hole() -> None:
    scene = Scene(every_min=10)
    host, guest = scene.transfer(meets_h=6, hours=10, silent=[(9, 13)])
    found = alone_in(scene)
    assert found.gap_of(host)["confidence"] < 0.1
    assert found.gap_of(guest)["confidence"] < 0.1


def test_without_any_neighbour_the_data_cannot_say() -> None:
    scene = Scene(every_min=10)
    ship = passer(scene, silent=[(8, 15)])
    row = alone_in(scene).gap_of(ship)
    assert row["confidence"] < 0.5
    assert any("not known" in sentence for sentence in row["why"])


def test_a_ship_that_is_seldom_heard_is_missed_by_chance() -> None:
    scene = Scene(every_min=10, hours=72)
    put_traffic(scene)
    often, seldom = passer(scene, silent=[(30, 34.5)]), passer(scene, silent=[], every_min=270.0)
    found = alone_in(scene)
    sparse = [row["confidence"] for row in found.gaps if row["mmsi_1"] == seldom.mmsi]
    assert sparse
    assert max(sparse) < 0.5 < found.gap_of(often)["confidence"]


def test_where_all_ships_vanish_and_come_back_reception_ends() -> None:
    # every passer, this ship too, is heard before hour 8 and after hour 15 only, each at another time of its own,
    # while ships that stay near the place are heard throughout
    scene = Scene(every_min=10, hours=30)
    for n in range(6):
        passer(scene, silent=[(8 + n * 0.1, 15 + n * 0.1)])
    put_traffic(scene, count=3)
    found = alone_in(scene)
    edges = [
        row for row in found.gaps if "left the area" in row["why"][0] or "edge of reception" in " ".join(row["why"])
    ]
    assert len(edges) == 6
    assert max(row["confidence"] for row in found.gaps) < 0.7


def test_a_gap_is_shorter_than_the_limit_or_an_event() -> None:
    scene = Scene(every_min=10)
    put_traffic(scene)
    passer(scene, silent=[(8, 10.5)])
    assert alone_in(scene).gaps == []


def test_where_a_report_is_cut_into_batches_changes_no_count() -> None:
    scene = Scene(every_min=10)
    put_traffic(scene, silent=[(8, 15)])
    fixes = scene.fixes()
    whole, parts = Listener(), Listener()
    whole.feed(fixes)
    for start in range(0, len(fixes), 37):
        parts.feed(fixes.take(slice(start, start + 37)))
    one, two = whole.hearing(), parts.hearing()
    for name in ("hour", "mmsi", "reports", "lon", "lat"):
        assert np.array_equal(getattr(one, name), getattr(two, name))
    assert np.array_equal(one.last.time_ms, two.last.time_ms)
    assert np.array_equal(one.first.lon, two.first.lon)


def test_a_listener_that_heard_nothing_knows_nothing() -> None:
    hearing = Listener().hearing()
    assert len(hearing.hour) == 0
    assert len(hearing.first.mmsi) == 0


@pytest.mark.parametrize("place", PLACES)
def test_the_causes_of_every_gap_sum_to_one(place: str) -> None:
    scene = Scene(place=PLACES[place], every_min=10)
    put_traffic(scene, count=3)
    for n in range(4):
        passer(scene, silent=[(5 + n, 9 + 2 * n)], every_min=(10.0, 60.0)[n % 2])
    gaps = alone_in(scene).gaps
    assert len(gaps) >= 4
    for row in gaps:
        causes = json.loads(row["silence_causes"])
        assert list(causes) == ["switched_off", "receiver_down", "out_of_range", "missed"]
        assert sum(causes.values()) == pytest.approx(1.0, abs=1e-9)
        assert row["confidence"] == pytest.approx(causes["switched_off"], abs=0.002)
        assert any("Switched off" in line and "receiver down" in line for line in row["why"])


@pytest.mark.parametrize("place", PLACES)
def test_a_silence_that_begins_and_ends_at_one_anchor_ranks_after_one_at_sea(place: str) -> None:
    scene = Scene(place=PLACES[place], every_min=10, hours=30)
    put_traffic(scene)
    at_sea = passer(scene, silent=[(8, 15)])
    lies = scene.ship("tanker")
    spot = away(scene.place, bearing_deg=200.0, distance_nm=9.0)
    track = anchor(spot, start_s=scene.time_s(0), end_s=scene.time_s(30), rng=scene.rng(31), length_m=90.0)
    scene.add(lies, track, silent=[(8, 15)])
    found = alone_in(scene)
    sailed, stayed = found.gap_of(at_sea), found.gap_of(lies)
    assert stayed["confidence"] < 0.3 * sailed["confidence"]
    assert json.loads(stayed["silence_causes"])["switched_off"] > 0.5
    assert any("lay still in one place before and after" in line for line in stayed["why"])
    assert not any("before and after: sets" in line for line in sailed["why"])


@pytest.mark.parametrize("place", PLACES)
def test_bad_fixes_hours_apart_are_no_silence_of_a_ship_that_was_heard_meanwhile(place: str) -> None:
    scene = Scene(place=PLACES[place], every_min=0.2, hours=12)
    ship = passer(scene, silent=[])
    for at_h in (1.6, 2.0, 9.0):
        scene.spoil(ship, at_h=at_h, metres=2500.0)
    fixes = scene.fixes()
    seen = scan([fixes]).silences
    # to the pass they are a track of their own
    assert max((end - start).total_seconds() for start, end in zip(*ends(seen), strict=True)) > 6 * 3600
    assert alone_in(scene).gaps == []


def test_a_silence_stays_when_another_ship_far_off_bears_the_number() -> None:
    scene = Scene(every_min=10, hours=30)
    put_traffic(scene)
    ship = passer(scene, silent=[(8, 15)])
    spot = away(scene.place, bearing_deg=180.0, distance_nm=900.0)
    twin = scene.ship("tanker")
    track = anchor(spot, start_s=scene.time_s(0), end_s=scene.time_s(30), rng=scene.rng(32), length_m=90.0)
    scene.add(twin, track)
    fixes = scene.fixes()
    shared = Fixes(**{**fixes.__dict__, "mmsi": np.where(fixes.mmsi == twin.mmsi, ship.mmsi, fixes.mmsi)})
    listener = Listener()
    found = silences_of(scan(listener.overhear([shared])).silences, listener.hearing())
    assert (found.hours[found.mmsi == ship.mmsi] > 6.5).sum() == 1


def ends(silences: Any) -> tuple[list[Any], list[Any]]:
    return silences["start_time"].to_pylist(), silences["end_time"].to_pylist()
