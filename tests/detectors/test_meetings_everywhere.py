"""More of the behaviours B2 to B16, where the first telling of each is easy: sparser, tighter, without headings.

As in `test_behaviours`: at mid latitude, at 71 N, on the equator and on the antimeridian; names begin with the number.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from tests.detectors.meetings import PARAMS, events_in, events_of, scanned_events_of
from tests.scenes import PLACES, Scene
from tracker.detectors.berths import Setting, learn_berths
from tracker.engine.scan import scan
from tracker.simulate.hulls import Hull
from tracker.simulate.meetings import Plan, abreast_m, lie_alongside, stay
from tracker.simulate.motion import away, moor, wander

everywhere = pytest.mark.parametrize("place", PLACES)


def lasting(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if row["duration_h"] >= 1 / 3]


def pairs(rows: list[dict[str, Any]]) -> set[frozenset[int]]:
    return {frozenset((row["mmsi_1"], row["mmsi_2"])) for row in rows}


def put_visit(
    scene: Scene, kind: str, /, *, length_m: float, minutes: float, gap_m: float = 1.0, steady: bool = True
) -> tuple[Hull, Hull]:
    """A craft that comes to a drifting tanker, lies beside her (or keeps her station off her), and goes."""
    ship, craft = scene.ship(length_m=120.0), scene.ship(kind, length_m=length_m, beam_m=max(4.0, length_m / 4.0))
    begin, end = scene.time_s(8.0), scene.time_s(8.0 + minutes / 60.0)
    home = away(scene.place, bearing_deg=160.0, distance_nm=9.0)
    plan = Plan(
        scene.place,
        start_s=begin - 5400.0,
        end_s=end + 3600.0,
        origin=away(scene.place, bearing_deg=20.0, distance_nm=60.0),
    )
    track = stay(ship, plan, rng=scene.rng(30))
    other = lie_alongside(
        track,
        meet_s=begin,
        part_s=end,
        ahead_m=0.0,
        right_m=abreast_m(ship, craft, gap_m=gap_m),
        rng=scene.rng(31),
        origin=home,
        goal=home,
        ease_s=400.0,
        sway_m=0.5 if steady else 25.0,
    )
    if not steady:
        other = replace(
            other, heading_deg=other.heading_deg + 25.0 + wander(scene.rng(32), other.time_s, sd=20.0, minutes=15.0)
        )
    scene.add(ship, track)
    scene.add(craft, other)
    return ship, craft


@everywhere
def test_b2_ten_hours_alongside_heard_every_half_hour_are_one_likely_event(place: str) -> None:
    scene = Scene(place=PLACES[place], every_min=30, hours=30)
    scene.transfer(meets_h=8, hours=10)
    (row,) = lasting(events_in(scene))
    assert row["verdict"] == "likely"
    assert row["duration_h"] == pytest.approx(10.0, abs=1.1)


@everywhere
@pytest.mark.parametrize("mode", ["drift", "anchor"])
def test_b4_forty_five_minutes_heard_every_ten_are_found(place: str, mode: str) -> None:
    scene = Scene(place=PLACES[place], every_min=10)
    pair = scene.transfer(hours=0.75, mode=mode)
    rows = [row for row in lasting(events_in(scene)) if row["verdict"] != "unlikely"]
    assert pairs(rows) == {frozenset(ship.mmsi for ship in pair)}


@everywhere
@pytest.mark.parametrize("reverse", [False, True], ids=["parallel", "opposed"])
def test_b5_a_transfer_under_way_is_found_without_headings_and_heads_opposed(place: str, reverse: bool) -> None:
    scene = Scene(place=PLACES[place])
    scene.transfer(mode="underway", speed_kn=4.0, hours=5, reverse=reverse)
    fixes = scene.fixes()
    blind = replace(fixes, heading_deg=np.full(len(fixes), np.nan, np.float32)) if not reverse else fixes
    (row,) = lasting(events_of(blind, scene.statics()))
    assert row["verdict"] == "likely"
    assert row["median_speed_kn"] == pytest.approx(4.0, abs=0.6)


@everywhere
def test_b6_a_raft_of_four_is_one_group_and_guests_that_come_in_company_are_both_found(place: str) -> None:
    scene = Scene(place=PLACES[place])
    scene.raft(count=4, stagger_h=0.0, hours=5)
    rows = [row for row in lasting(events_in(scene)) if row["verdict"] != "unlikely"]
    truth = {frozenset((t["mmsi_1"], t["mmsi_2"])) for t in scene.truth().to_pylist()}
    assert len(truth) == 3
    against = [row for row in rows if "lies between" not in " ".join(row["why"])]
    assert pairs(against) == truth
    assert len({row["group_id"] for row in rows}) == 1
    assert "likely" not in {row["verdict"] for row in rows if row not in against}


@everywhere
def test_b10_a_ship_silent_while_the_other_goes_far_and_never_heard_again_is_no_event_either(place: str) -> None:
    scene = Scene(place=PLACES[place])
    scene.drifting_pair(silent_from_h=6.0, silent_h=17.0)
    assert all(row["end_time"].timestamp() < scene.time_s(8.0) for row in events_in(scene))


@everywhere
@pytest.mark.parametrize("every_min", [5.0, 30.0])
def test_b11_neighbours_at_anchor_a_cable_and_a_half_apart_are_never_likely(place: str, every_min: float) -> None:
    scene = Scene(place=PLACES[place], hours=48, every_min=every_min)
    scene.neighbours(distance_m=280.0, count=3, length_m=110.0)
    assert "likely" not in {row["verdict"] for row in events_in(scene)}


@everywhere
@pytest.mark.parametrize(
    ("kind", "length_m", "minutes"), [("tug", 30.0, 40.0), ("pilot", 17.0, 15.0), ("other", 16.0, 25.0)]
)
def test_b12_a_tug_a_pilot_or_a_launch_at_the_side_is_not_called_a_transfer(
    place: str, kind: str, length_m: float, minutes: float
) -> None:
    scene = Scene(place=PLACES[place])
    put_visit(scene, kind, length_m=length_m, minutes=minutes)
    assert "likely" not in {row["verdict"] for row in events_in(scene)}


@everywhere
def test_b12_a_ship_that_keeps_her_station_a_cable_off_is_not_called_a_transfer(place: str) -> None:
    scene = Scene(place=PLACES[place])
    put_visit(scene, "tanker", length_m=95.0, minutes=120.0, gap_m=170.0, steady=False)
    assert {row["verdict"] for row in events_in(scene)} <= {"unlikely"}


@everywhere
def test_b12_a_barge_made_fast_to_a_tug_under_way_is_not_called_a_transfer(place: str) -> None:
    scene = Scene(place=PLACES[place])
    scene.tow(on_the_hip=True)
    assert {row["verdict"] for row in events_in(scene)} <= {"unlikely"}


@everywhere
def test_b13_a_marina_unknown_to_every_port_table_is_learnt_from_the_boats_in_it(place: str) -> None:
    scene = Scene(place=PLACES[place])
    for n in range(5):
        boat = scene.ship("ferry", length_m=15.0, beam_m=4.0)
        spot = away(scene.place, bearing_deg=80.0, distance_nm=n * 13.0 / 1852.0)
        times = {"start_s": scene.fleet.start_s, "end_s": scene.fleet.end_s}
        scene.add(boat, moor(spot, heading_deg=170.0, **times))
    fixes = scene.fixes()
    berths = learn_berths(scan([fixes]).slow_spells, params=PARAMS.berths)
    here = Setting(berth_vessels=berths.near(*scene.place, radius_m=PARAMS.berths.radius_m))
    rows = scanned_events_of(fixes, scene.statics(), setting=here)
    assert len(pairs(rows)) == 10
    assert all(row["in_port"] and row["verdict"] == "unlikely" for row in rows)


@everywhere
def test_b15_five_silent_hours_of_nine_are_stated_and_the_ends_stay_right(place: str) -> None:
    scene = Scene(place=PLACES[place], every_min=10)
    host, guest = scene.transfer(meets_h=7, hours=9, silent=[(9.0, 14.0)])
    rows = [r for r in lasting(events_in(scene)) if {r["mmsi_1"], r["mmsi_2"]} == {host.mmsi, guest.mmsi}]
    assert len(rows) == 1 or len({row["group_id"] for row in rows} - {None}) == 1
    first, last = min(row["start_time"] for row in rows), max(row["end_time"] for row in rows)
    assert abs(first.timestamp() - scene.time_s(7)) <= 900
    assert abs(last.timestamp() - scene.time_s(16)) <= 900
    assert max(row["longest_silence_min"] for row in rows) > 290


@everywhere
@pytest.mark.parametrize(("often", "seldom"), [(0.25, 30.0), (1.0, 65.0)])
def test_b16_a_ship_heard_every_minute_and_one_heard_by_satellite_now_and_then_are_one_event(
    place: str, often: float, seldom: float
) -> None:
    scene = Scene(place=PLACES[place], every_min=often)
    host, guest = scene.transfer(meets_h=8, hours=7)
    scene.every[scene.fleet.hulls().index(guest)] = (60.0 * seldom, 60.0 * seldom)
    rows = [row for row in lasting(events_in(scene)) if row["verdict"] != "unlikely"]
    assert pairs(rows) == {frozenset((host.mmsi, guest.mmsi))}
    slack = timedelta(minutes=seldom)
    assert abs(rows[0]["start_time"].timestamp() - scene.time_s(8)) <= slack.total_seconds()
    assert abs(rows[-1]["end_time"].timestamp() - scene.time_s(15)) <= slack.total_seconds()
