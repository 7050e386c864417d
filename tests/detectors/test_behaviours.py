"""The behaviours B1 to B17 of the design, each at mid latitude, at 71 N, on the equator and on the antimeridian.

Names begin with the number of the behaviour. What each asserts is the right answer, not what happens to come out.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from tests.detectors.alone import alone_in, put_traffic
from tests.detectors.listening import Listener
from tests.detectors.meetings import events_in, events_of
from tests.scenes import PLACES, Scene
from tracker.cleaning.hulls import HullParams, split_hulls
from tracker.detectors.berths import Setting
from tracker.detectors.handovers import link_hulls
from tracker.detectors.identities import IdentityParams, find_handovers
from tracker.identity.cards import Cards
from tracker.tables.fixes import Fixes

everywhere = pytest.mark.parametrize("place", PLACES)
TEN_MINUTES = timedelta(minutes=10)
QUARTER = 0.25


def lasting(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Contacts of twenty minutes and more."""
    return [row for row in rows if row["duration_h"] >= 1 / 3]


def only(rows: list[dict[str, Any]]) -> dict[str, Any]:
    (row,) = lasting(rows)
    return row


def is_over(row: dict[str, Any], scene: Scene, *, slack: timedelta = TEN_MINUTES) -> bool:
    """Whether an event begins and ends with the only meeting of a scene."""
    (truth,) = [t for t in scene.truth().to_pylist() if t["type"] != "decoy"]
    return bool(
        abs(row["start_time"] - truth["start_time"]) <= slack and abs(row["end_time"] - truth["end_time"]) <= slack
    )


@everywhere
@pytest.mark.parametrize("start", ["2019-12-31T12:00:00Z", "2020-02-29T12:00:00Z"])
def test_b1_a_contact_across_midnight_month_and_year_is_one_whole_event(place: str, start: str) -> None:
    scene = Scene(place=PLACES[place], start=start)
    scene.transfer(meets_h=10.5, hours=3)
    row = only(events_in(scene))
    assert row["verdict"] == "likely"
    assert is_over(row, scene)


@everywhere
def test_b2_reports_every_65_min_alongside_are_one_event_with_less_confidence_and_the_silence_stated(
    place: str,
) -> None:
    rows = []
    for every_min in (10, 65):
        scene = Scene(place=PLACES[place], every_min=every_min, hours=30)
        scene.transfer(meets_h=8, hours=10)
        rows.append(only(events_in(scene)))
    often, seldom = rows
    assert seldom["confidence"] < often["confidence"]
    assert seldom["duration_h"] == pytest.approx(10.0, abs=2.2)
    assert any("longest silence" in sentence for sentence in seldom["why"])


@everywhere
def test_b3_single_bad_fixes_do_not_split_a_contact(place: str) -> None:
    scene = Scene(place=PLACES[place])
    host, guest = scene.transfer(mode="anchor", meets_h=8, hours=4)
    scene.spoil(host, at_h=9.2, metres=600.0)
    scene.spoil(guest, at_h=10.4, metres=700.0)
    row = only(events_in(scene))
    assert row["verdict"] == "likely"
    assert is_over(row, scene, slack=timedelta(minutes=20))


@everywhere
@pytest.mark.parametrize("hours", [0.75, 1.5])
def test_b4_a_barge_or_bunker_transfer_of_45_to_90_min_is_found(place: str, hours: float) -> None:
    scene = Scene(place=PLACES[place])
    scene.transfer(hours=hours)
    row = only(events_in(scene))
    assert row["verdict"] == "likely"
    assert is_over(row, scene)


@everywhere
@pytest.mark.parametrize("speed_kn", [2.0, 8.0])
def test_b5_a_transfer_under_way_is_one_event(place: str, speed_kn: float) -> None:
    scene = Scene(place=PLACES[place])
    scene.transfer(mode="underway", speed_kn=speed_kn)
    assert only(events_in(scene))["verdict"] == "likely"


@everywhere
def test_b6_three_in_a_raft_are_pairs_of_one_group_and_it_is_said_who_lies_against_whom(place: str) -> None:
    scene = Scene(place=PLACES[place])
    mother, *guests = scene.raft(count=3)
    rows = lasting(events_in(scene))
    likely = {frozenset((row["mmsi_1"], row["mmsi_2"])) for row in rows if row["verdict"] == "likely"}
    assert likely == {frozenset((mother.mmsi, guest.mmsi)) for guest in guests}
    assert len({row["group_id"] for row in rows if row["verdict"] == "likely"}) == 1
    outer = [row for row in rows if mother.mmsi not in (row["mmsi_1"], row["mmsi_2"])]
    assert all("lies between" in " ".join(row["why"]) or row["verdict"] == "unlikely" for row in outer)


@everywhere
def test_b7_a_partner_that_changes_mmsi_is_one_hull_and_its_contacts_are_linked(place: str) -> None:
    scene = Scene(place=PLACES[place])
    host, guest = scene.transfer(meets_h=8, hours=5, renamed_h=10.5)
    listener = Listener()
    listener.feed(scene.fixes())
    changes = find_handovers(listener.hearing(), Cards(scene.statics()).ship_at, params=IdentityParams())
    assert [change.before.mmsi for change in changes] == [guest.mmsi]
    rows = [row for row in link_hulls(lasting(events_in(scene)), changes) if row["verdict"] == "likely"]
    assert len(rows) == 2
    assert all(host.mmsi in (row["mmsi_1"], row["mmsi_2"]) for row in rows)
    assert len({row["group_id"] for row in rows}) == 1
    overlap = max(row["start_time"] for row in rows) - min(row["end_time"] for row in rows)
    assert timedelta(0) <= overlap <= TEN_MINUTES


def dark(place: str, *, both: bool = False) -> tuple[Scene, int, int]:
    scene = Scene(place=PLACES[place], hours=36, every_min=10)
    put_traffic(scene, count=20)
    silent = [(7.0, 26.0)]
    host, guest = scene.transfer(meets_h=14, hours=5, silent_guest=silent, silent=silent if both else [])
    return scene, host.mmsi, guest.mmsi


@everywhere
def test_b8_a_stop_beside_a_silent_ship_in_reach_is_a_dark_encounter_and_never_likely(place: str) -> None:
    scene, host, guest = dark(place)
    (row,) = alone_in(scene).dark
    assert (row["mmsi_1"], row["mmsi_2"], row["verdict"]) == (host, guest, "possible")


@everywhere
def test_b9_when_both_are_dark_nothing_is_called_and_both_silences_are_told_as_switched_off(place: str) -> None:
    # the meeting itself is not found yet; that it may not be called is the half of B9 that holds
    scene, host, guest = dark(place, both=True)
    found = alone_in(scene)
    assert [row for row in found.dark if row["verdict"] != "unlikely"] == []
    off = {row["mmsi_1"]: row["confidence"] for row in found.gaps}
    assert min(off[host], off[guest]) > 0.5
    assert [row for row in lasting(events_in(scene)) if {row["mmsi_1"], row["mmsi_2"]} == {host, guest}] == []


@everywhere
def test_b10_a_ship_silent_for_hours_while_the_other_is_seen_far_away_gives_no_event_over_the_silence(
    place: str,
) -> None:
    scene = Scene(place=PLACES[place])
    scene.drifting_pair(silent_from_h=6.0, silent_h=6.0)
    begin, end = scene.time_s(6.5), scene.time_s(11.5)
    over = [r for r in events_in(scene) if r["start_time"].timestamp() < begin and r["end_time"].timestamp() > end]
    assert over == []


@everywhere
def test_b11_neighbours_that_swing_at_anchor_are_no_transfer(place: str) -> None:
    scene = Scene(place=PLACES[place], hours=72)
    scene.neighbours(distance_m=400.0, count=3)
    assert {row["verdict"] for row in events_in(scene)} <= {"unlikely"}


DECOYS: dict[str, Callable[[Scene], object]] = {
    "passing": lambda scene: scene.passing(),
    "meeting head on": lambda scene: scene.passing(opposed=True),
    "convoy": lambda scene: scene.convoy(),
    "tow": lambda scene: scene.tow(),
    "pilot": lambda scene: scene.pilot(),
    "fishing": lambda scene: scene.fishing(),
}


@everywhere
@pytest.mark.parametrize("decoy", DECOYS)
def test_b12_what_only_looks_like_a_meeting_is_no_transfer(place: str, decoy: str) -> None:
    scene = Scene(place=PLACES[place], every_min=5)
    DECOYS[decoy](scene)
    assert {row["verdict"] for row in events_in(scene)} <= {"unlikely"}


@everywhere
def test_b13_ships_at_berths_are_in_port_with_its_name_and_have_no_dark_partner(place: str) -> None:
    quay = Setting(coast_distance_nm=0.2, port="Synthetic Harbour", port_distance_nm=0.4, berth_vessels=6)
    scene = Scene(place=PLACES[place])
    scene.berths(double_banked=True)
    rows = events_in(scene, setting=quay)
    assert rows
    assert all(row["in_port"] and row["verdict"] == "unlikely" for row in rows)
    assert all("Synthetic Harbour" in " ".join(row["why"]) for row in rows)
    stop, *_ = dark(place)
    assert alone_in(stop, setting=quay).dark == []


@everywhere
def test_b14_two_hulls_on_one_mmsi_are_split_and_the_transfer_of_one_is_found_whole(place: str) -> None:
    scene = Scene(place=PLACES[place])
    host, guest = scene.transfer(meets_h=8, hours=4)
    far = scene.loiterer(from_h=0.5, hours=22, at=(PLACES[place][0], PLACES[place][1] + 4.0))
    fixes = scene.fixes()
    mmsi = np.where(fixes.mmsi == far.mmsi, guest.mmsi, fixes.mmsi).astype(np.int32)
    shared = Fixes(**{**fixes.__dict__, "mmsi": mmsi})
    hulls, _ = split_hulls(shared.take(mmsi == guest.mmsi), params=HullParams())
    assert len(hulls) == 2
    row = only(events_of(shared, scene.statics()))
    assert {row["mmsi_1"], row["mmsi_2"]} == {host.mmsi, guest.mmsi}
    assert row["verdict"] == "likely"
    assert is_over(row, scene)


@everywhere
def test_b15_a_reception_hole_inside_a_contact_is_stated_and_makes_nobody_dark(place: str) -> None:
    scene = Scene(place=PLACES[place], every_min=10)
    hole = [(10.0, 13.5)]
    put_traffic(scene, silent=hole)
    host, guest = scene.transfer(meets_h=7, hours=9, silent=hole)
    pair = {host.mmsi, guest.mmsi}
    rows = [row for row in lasting(events_in(scene)) if {row["mmsi_1"], row["mmsi_2"]} == pair]
    assert len(rows) == 1 or len({row["group_id"] for row in rows} - {None}) == 1
    assert rows[0]["longest_silence_min"] > 180
    found = alone_in(scene)
    assert max(found.gap_of(ship)["confidence"] for ship in (host, guest)) < 0.1
    assert found.dark == []


def test_b16_a_meeting_comes_out_the_same_wherever_on_the_globe() -> None:
    seen = set()
    for place in [*PLACES.values(), (179.9999, 52.0), (-179.9999, -45.0), (0.0, 0.0)]:
        scene = Scene(place=place)
        scene.transfer(hours=3)
        row = only(events_in(scene))
        seen.add(
            (row["verdict"], row["confidence"], row["start_time"], row["end_time"].replace(second=0, microsecond=0))
        )
    assert len({(verdict, confidence) for verdict, confidence, *_ in seen}) == 1
    starts = [start for _, _, start, _ in seen]
    assert max(starts) - min(starts) <= timedelta(seconds=30)


@everywhere
def test_b17_a_ship_silent_among_ships_that_are_heard_had_probably_switched_off(place: str) -> None:
    found = []
    for hole in ([], [(7.0, 26.0)]):
        scene = Scene(place=PLACES[place], hours=36, every_min=10)
        put_traffic(scene, count=20, silent=hole)
        _, guest = scene.transfer(meets_h=14, hours=5, silent_guest=[(7.0, 26.0)], silent=hole)
        found.append(alone_in(scene).gap_of(guest)["confidence"])
    off, hole_of_all = found
    assert off > 0.8
    assert hole_of_all < 0.2
