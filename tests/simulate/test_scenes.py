"""The scenes that all tests stand on: what they call a meeting is one, in metres, wherever on the globe it lies."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tests.scenes import PLACES, Scene, hull_gap_m
from tracker.geo.kernels import distance_m
from tracker.simulate.hulls import Hull
from tracker.tables.fixes import Fixes
from tracker.units import METRES_PER_SECOND_PER_KNOT

EVERYWHERE = pytest.mark.parametrize("place", PLACES.values(), ids=PLACES.keys())


def of(fixes: Fixes, ship: Hull) -> Fixes:
    """The reports of one ship."""
    return fixes.take(fixes.mmsi == ship.mmsi)


def implied_kn(fixes: Fixes) -> np.ndarray:
    """Speed that successive reports imply."""
    metres = np.asarray(distance_m(fixes.lon[1:], fixes.lat[1:], fixes.lon[:-1], fixes.lat[:-1]))
    return metres / (np.diff(fixes.time_ms) / 1000.0) / METRES_PER_SECOND_PER_KNOT


@EVERYWHERE
@pytest.mark.parametrize("mode", ["drift", "anchor", "underway"])
@pytest.mark.parametrize("reverse", [False, True], ids=["parallel", "opposed"])
def test_hulls_in_a_transfer_lie_as_far_apart_as_asked_from_start_to_end_and_not_before_or_after(
    place: tuple[float, float], mode: str, reverse: bool
) -> None:
    scene = Scene(place=place, hours=20)
    speed_kn = 4.0 if mode == "underway" else 0.6
    pair = scene.transfer(meets_h=8, hours=3, gap_m=4, mode=mode, speed_kn=speed_kn, reverse=reverse)
    ships = [scene.voyage(ship) for ship in pair]
    inside = hull_gap_m(*ships, np.arange(scene.time_s(8), scene.time_s(11), 60.0))
    assert inside.min() > 3.0
    assert inside.max() < 6.5
    for hours in (np.arange(4.0, 7.8, 0.05), np.arange(11.2, 15.0, 0.05)):
        assert hull_gap_m(*ships, [scene.time_s(h) for h in hours]).min() > 250.0


@EVERYWHERE
def test_no_ship_of_a_scene_moves_faster_than_ships_do_nor_touches_another_unasked(place: tuple[float, float]) -> None:
    scene = Scene(place=place, hours=16, every_min=5, noise_m=0.0)
    scene.transfer(meets_h=8, hours=2)
    for ship in scene.fleet.hulls():
        assert implied_kn(of(scene.fixes(), ship)).max() < 12.0


@pytest.mark.parametrize("distance_m_", [300.0, 400.0, 800.0])
def test_neighbours_at_anchor_swing_but_never_come_alongside(distance_m_: float) -> None:
    scene = Scene(hours=48)
    ships = scene.neighbours(distance_m=distance_m_, count=3)
    times = np.arange(scene.time_s(0), scene.time_s(48), 300.0)
    for one, two in pairwise(ships):
        gaps = hull_gap_m(scene.voyage(one), scene.voyage(two), times)
        assert gaps.min() > 60.0
        assert np.ptp(gaps) > 30.0


def test_in_a_raft_each_guest_touches_her_neighbour_and_not_the_ship_beyond() -> None:
    scene = Scene(hours=20)
    mother, *guests = scene.raft(meets_h=8, hours=5, count=4)
    times = np.arange(scene.time_s(10), scene.time_s(11), 120.0)

    def gap(one: Hull, two: Hull) -> float:
        return float(hull_gap_m(scene.voyage(one), scene.voyage(two), times).max())

    assert gap(mother, guests[0]) < 6.0
    assert gap(mother, guests[1]) < 6.0
    assert gap(guests[0], guests[2]) < 6.0
    assert gap(guests[0], guests[1]) > 15.0
    assert gap(mother, guests[2]) > 10.0
    assert set(scene.truth()["group_id"].to_pylist()) == {"raft"}


def test_decoys_are_told_as_decoys() -> None:
    scene = Scene(hours=12)
    scene.neighbours()
    scene.passing()
    scene.convoy()
    scene.tow()
    scene.tow(on_the_hip=True)
    scene.pilot()
    scene.berths(double_banked=True)
    scene.fishing()
    assert set(scene.truth()["type"].to_pylist()) == {"decoy"}


def test_reports_are_those_of_the_antenna_not_of_the_middle_of_the_hull() -> None:
    scene = Scene(hours=6, noise_m=0.0)
    ship = scene.berths(count=1, quay_deg=0.0)[0]
    fixes = scene.fixes()
    north = np.asarray(distance_m(fixes.lon, fixes.lat, *scene.place))
    # heading north with the bridge aft: the antenna is south of the middle
    assert np.median(north) == pytest.approx(-ship.antenna_ahead_m, abs=3.0)
    assert (fixes.lat < scene.place[1]).all()


def test_a_silence_is_silent_and_a_bad_fix_is_one_report() -> None:
    clean = Scene(hours=20)
    clean.transfer(meets_h=8, hours=3)
    scene = Scene(hours=20)
    host, guest = scene.transfer(meets_h=8, hours=3, silent_guest=[(6, 13)])
    scene.spoil(host, at_h=9.5, metres=650)
    assert not (
        (of(scene.fixes(), guest).time_ms / 1000 > scene.time_s(6))
        & (of(scene.fixes(), guest).time_ms / 1000 < scene.time_s(13))
    ).any()
    before, after = of(clean.fixes(), host), of(scene.fixes(), host)
    moved = np.asarray(distance_m(before.lon, before.lat, after.lon, after.lat))
    assert np.sort(moved)[-2:] == pytest.approx([0.0, 650.0], abs=1.0)
    assert scene.truth()["type"].to_pylist() == ["dark_encounter"]


def test_the_same_seed_gives_the_same_reports_whatever_else_is_in_the_scene() -> None:
    alone, crowded = Scene(hours=20), Scene(hours=20)
    pair = alone.transfer()
    crowded.transfer()
    crowded.loiterer(at=(100.0, -10.0))
    for ship in pair:
        one, other = of(alone.fixes(), ship), of(crowded.fixes(), ship)
        assert np.array_equal(one.lon_e7, other.lon_e7)
        assert np.array_equal(one.time_ms, other.time_ms)
    different = Scene(hours=20, seed=2)
    different.transfer()
    assert not np.array_equal(alone.fixes().lon_e7, different.fixes().lon_e7)


def test_a_ship_that_changes_her_number_is_two_hulls_one_after_the_other() -> None:
    scene = Scene(hours=20)
    host, guest = scene.transfer(meets_h=8, hours=3, renamed_h=9.5)
    other = next(h for h in scene.fleet.hulls() if h not in (host, guest))
    fixes = scene.fixes()
    assert of(fixes, guest).time_ms.max() < of(fixes, other).time_ms.min()
    assert other.length_m == guest.length_m


def test_identity_reports_carry_the_antenna_unless_the_source_has_none() -> None:
    scene = Scene(hours=6)
    ship = scene.berths(count=1)[0]
    row = scene.statics().to_pylist()[0]
    assert (row["mmsi"], row["to_bow_m"], row["to_stern_m"]) == (ship.mmsi, ship.to_bow_m, ship.to_stern_m)
    assert scene.statics(antenna_known=False)["to_bow_m"].null_count == scene.statics().num_rows
