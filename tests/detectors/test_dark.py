"""A meeting with a ship that is not heard is inferred from a stop and a silence (B8), and stays an inference."""

import json
from typing import Any

import pytest

from tests.detectors.alone import Alone, alone_among, alone_in, put_traffic
from tests.detectors.meetings import PARAMS
from tests.scenes import PLACES, Scene
from tracker.detectors.berths import Setting
from tracker.detectors.dark import DarkParams, join_dark
from tracker.identity.cards import Cards
from tracker.simulate.hulls import Hull
from tracker.simulate.meetings import pass_by
from tracker.simulate.motion import away, join, sail
from tracker.tables.statics import STATICS


def dark_scene(place: str = "mid latitude", *, seed: int = 1, others: int = 0) -> tuple[Scene, Hull, Hull]:
    scene = Scene(place=PLACES[place], hours=36, every_min=10, seed=seed)
    put_traffic(scene, count=20)
    host, guest = scene.transfer(meets_h=14, hours=5, silent_guest=[(7, 26)])
    for n in range(others):
        # ships switched off at the same time, whose way leaves them no time for a meeting, or that are no carriers
        kind = ("tanker", "fishing", "cargo")[n % 3]
        ship = scene.ship(kind, length_m=80.0)
        track = pass_by(
            away(scene.place, bearing_deg=50.0 * n, distance_nm=15.0 + 5.0 * n),
            time_s=scene.time_s(15),
            course_deg=33.0 * n,
            speed_kn=10.0,
            hours=16,
            rng=scene.rng(40, n),
        )
        scene.add(ship, track, silent=[(8 + n, 20 + n)])
    return scene, host, guest


def ranks(found: Alone, host: Hull, guest: Hull) -> list[int]:
    rows = [row for row in found.dark if row["mmsi_1"] == host.mmsi]
    listed = [[one["mmsi"] for one in json.loads(row["candidates"])] for row in rows]
    return [ids.index(guest.mmsi) + 1 for ids in listed if guest.mmsi in ids]


@pytest.mark.parametrize("place", PLACES)
def test_the_ship_that_was_silent_and_could_have_come_is_the_candidate(place: str) -> None:
    scene, host, guest = dark_scene(place)
    found = alone_in(scene)
    (row,) = found.dark
    assert (row["mmsi_1"], row["mmsi_2"]) == (host.mmsi, guest.mmsi)
    assert row["verdict"] == "possible"
    (truth,) = [t for t in scene.truth().to_pylist() if t["type"] == "dark_encounter"]
    assert row["start_time"] <= truth["start_time"]
    assert row["end_time"] >= truth["end_time"]


@pytest.mark.parametrize("place", PLACES)
def test_a_long_hull_that_never_said_her_type_may_have_met_a_dark_ship_and_a_warship_is_not_taken_to(
    place: str,
) -> None:
    scene, host, guest = dark_scene(place)

    def told(ship_type: int | None) -> list[dict[str, Any]]:
        rows = [
            row | ({"ship_type": ship_type} if row["mmsi"] == host.mmsi else {}) for row in scene.statics().to_pylist()
        ]
        return alone_among(scene.fixes(), STATICS.from_rows(rows)).dark

    (unsaid,) = told(None)
    assert (unsaid["verdict"], unsaid["mmsi_2"]) == ("possible", guest.mmsi)
    assert unsaid["confidence"] <= 0.5
    assert any("Her type was not sent" in line for line in unsaid["why"])
    assert all(row["verdict"] == "unlikely" for row in told(35))


def test_among_other_silent_ships_the_partner_is_among_the_first_three() -> None:
    found = [0, 0]
    for seed in range(6):
        scene, host, guest = dark_scene(seed=seed, others=6)
        place = ranks(alone_in(scene), host, guest)
        found[0] += bool(place and min(place) <= 3)
        found[1] += bool(place and min(place) == 1)
    assert found[0] >= 5
    assert found[1] >= 4


def test_a_dark_encounter_is_never_likely_and_says_that_it_is_an_inference() -> None:
    scene, *_ = dark_scene()
    (row,) = alone_in(scene).dark
    assert row["confidence"] < 0.8
    assert "inference" in row["why"][0]
    chances = [one["probability"] for one in json.loads(row["candidates"])]
    assert chances == sorted(chances, reverse=True)
    assert sum(chances) <= 1.0


def test_a_loiterer_without_a_silent_ship_in_reach_has_no_dark_encounter() -> None:
    scene = Scene(hours=36, every_min=10)
    put_traffic(scene)
    scene.loiterer(from_h=8, hours=6)
    found = alone_in(scene)
    assert len(found.loitering) == 1
    assert found.dark == []


def test_a_silent_ship_that_had_no_time_for_the_way_is_no_candidate() -> None:
    scene = Scene(hours=36, every_min=10)
    put_traffic(scene)
    scene.loiterer(from_h=8, hours=6)
    far = away(scene.place, bearing_deg=90.0, distance_nm=90.0)
    track = pass_by(far, time_s=scene.time_s(11), course_deg=0.0, speed_kn=11.0, hours=12, rng=scene.rng(41))
    scene.add(scene.ship(), track, silent=[(7, 15)])
    assert alone_in(scene).dark == []


def test_a_silence_of_all_receivers_makes_no_dark_encounter() -> None:
    scene = Scene(hours=36, every_min=10)
    put_traffic(scene, count=20, silent=[(8, 19)])
    scene.transfer(meets_h=12, hours=5, silent=[(8, 19)])
    scene.loiterer(from_h=7, hours=16)
    assert [row for row in alone_in(scene).dark if row["verdict"] != "unlikely"] == []


def test_where_none_came_has_a_share_and_a_crowd_of_silent_ships_makes_it_the_larger_one() -> None:
    best = []
    for others in (0, 12):
        scene, *_ = dark_scene(others=others)
        chances = [one["probability"] for row in alone_in(scene).dark for one in json.loads(row["candidates"])]
        assert sum(chances) < 1.0
        best.append(max(chances, default=0.0))
    assert best[0] > best[1]


def test_where_no_candidate_stands_out_a_meeting_is_not_called_possible() -> None:
    scene = Scene(hours=36, every_min=10)
    put_traffic(scene, count=20)
    scene.loiterer(from_h=10, hours=6)
    for n in range(6):
        # six ships alike: each comes from one side, is silent, and goes on to the other with time to spare
        ship, spot = scene.ship(), away(scene.place, bearing_deg=60.0 * n, distance_nm=10.0)
        track = pass_by(
            spot, time_s=scene.time_s(13), course_deg=60.0 * n + 90.0, speed_kn=5.0, hours=12, rng=scene.rng(44, n)
        )
        scene.add(ship, track, silent=[(6, 20)])
    for row in alone_in(scene).dark:
        chances = [one["probability"] for one in json.loads(row["candidates"])]
        assert row["verdict"] == "unlikely" or max(chances) >= 0.3


def test_a_silence_that_began_and_ended_in_port_belongs_to_no_partner() -> None:
    scene, _, guest = dark_scene()
    found = alone_in(scene)
    docked = found.silences.mmsi == guest.mmsi
    ship_at = Cards(scene.statics()).ship_at
    rows = join_dark(
        found.loiterers, found.silences, found.stories, docked, ship_at, params=DarkParams(), judge=PARAMS.judge
    )
    assert all(row["mmsi_2"] != guest.mmsi for row in rows)


def test_one_silence_serves_one_slow_ship_only() -> None:
    scene = Scene(hours=36, every_min=10)
    put_traffic(scene, count=20)
    _, guest = scene.transfer(meets_h=14, hours=5, silent_guest=[(7, 26)])
    scene.loiterer(from_h=12, hours=8, at=away(scene.place, bearing_deg=300.0, distance_nm=14.0))
    total = 0.0
    for row in alone_in(scene).dark:
        total += sum(one["probability"] for one in json.loads(row["candidates"]) if one["mmsi"] == guest.mmsi)
    assert 0.3 < total < 1.01


def test_a_stop_in_a_berth_has_no_dark_partner() -> None:
    scene, *_ = dark_scene()
    assert alone_in(scene, setting=Setting(coast_distance_nm=0.3, berth_vessels=6)).dark == []


def test_of_two_ships_silent_alike_the_one_that_was_heading_here_and_came_from_here_is_the_likelier() -> None:
    scene = Scene(hours=36, every_min=10)
    put_traffic(scene, count=20)
    scene.loiterer(from_h=15, hours=6)
    ships = []
    for n, aside_deg in enumerate((0.0, 60.0)):
        # one sails straight here and on; the other turns 60 degrees away after falling silent and before being heard
        ship = scene.ship("tanker", length_m=80.0)
        legs = []
        for way, hours in ((-1.0, (0.0, 11.0)), (1.0, (25.0, 36.0))):
            edge = away(scene.place, bearing_deg=90.0 + 90.0 * way + 7.0 * n, distance_nm=40.0)
            outward = 90.0 + 90.0 * way + aside_deg
            ends = (edge, away(edge, bearing_deg=outward, distance_nm=100.0))
            legs.append(
                sail(
                    ends if way > 0 else ends[::-1],
                    depart_s=scene.time_s(hours[0] + (0.0 if way > 0 else 1.0)),
                    speed_kn=10.0,
                    rng=scene.rng(45, n),
                )
            )
        scene.add(ship, join(*legs), silent=[(11, 25)])
        ships.append(ship)
    (row,) = alone_in(scene).dark
    chance = {one["mmsi"]: one["probability"] for one in json.loads(row["candidates"])}
    assert chance[ships[0].mmsi] > 3 * chance.get(ships[1].mmsi, 0.0)


def test_however_well_a_silence_fits_some_probability_stays_with_a_ship_that_is_in_no_data() -> None:
    scene, *_ = dark_scene()
    (row,) = alone_in(scene).dark
    assert sum(one["probability"] for one in json.loads(row["candidates"])) <= 1.0 - DarkParams().least_none + 0.002
