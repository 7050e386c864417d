"""Roads stage two things that are hard to tell apart: neighbours that swing at anchor, and small ships made fast there."""

from __future__ import annotations

import numpy as np
import pytest

from tests.scenes import hull_gap_m
from tracker.geo.kernels import distance_m
from tracker.simulate.fleet import Voyage
from tracker.simulate.trials.cast import Play
from tracker.simulate.trials.ground import TESTING, TRAINING
from tracker.simulate.trials.roads import ACTS, BLIND, FAST, NEIGHBOURS, clear_m, fast_at_anchor, neighbours
from tracker.simulate.trials.trial import Cast, stage_trial

ONLY_ROADS = Cast({}, {}, 0, (), {neighbours: 8, fast_at_anchor: 6})
PLAYS = [stage_trial(ground, seed=11 + n, cast=ONLY_ROADS) for n, ground in enumerate((TESTING[1], TRAINING[3]))]


def pairs(play: Play, name: str) -> list[tuple[Voyage, Voyage, float, float]]:
    """The two voyages of each row of a class, and its start and end."""
    by_mmsi = {voyage.hull.mmsi: voyage for voyage in play.stage.fleet.voyages}
    return [
        (by_mmsi[row["mmsi_1"]], by_mmsi[row["mmsi_2"]], row["start_time"].timestamp(), row["end_time"].timestamp())
        for row in play.stage.fleet.truth
        if row["class"].removesuffix(BLIND) == name
    ]


@pytest.mark.parametrize("play", PLAYS, ids=["71 north", "antimeridian"])
def test_between_neighbours_there_is_water_at_every_moment_and_many_lie_within_a_hulls_length(play: Play) -> None:
    nearest = []
    for one, two, *_ in pairs(play, NEIGHBOURS):
        assert clear_m((one.hull, two.hull), (one.track, two.track)) >= 8.0
        start, end = (pick(v.track.time_s[k] for v in (one, two)) for pick, k in ((max, 0), (min, -1)))
        moments = np.linspace(start, end, 200)
        here, there = one.track.at(moments), two.track.at(moments)
        apart_m = np.asarray(distance_m(here.lon, here.lat, there.lon, there.lat))
        nearest.append(apart_m.min() / max(one.hull.length_m, two.hull.length_m))
    assert len(nearest) >= 7
    assert np.median(nearest) < 2.0


@pytest.mark.parametrize("play", PLAYS, ids=["71 north", "antimeridian"])
def test_neighbours_turn_with_one_tide_and_each_with_a_yaw_of_her_own(play: Play) -> None:
    for one, two, start, end in pairs(play, NEIGHBOURS):
        moments = np.linspace(start + 0.25 * (end - start), end - 0.25 * (end - start), 100)
        keels = [np.radians(v.track.at(moments).heading_deg) for v in (one, two)]
        off_deg = np.degrees(np.angle(np.exp(1j * (keels[1] - keels[0]))))
        assert np.abs(np.median(off_deg)) < 90.0
        assert np.ptp(off_deg) > 2.0


@pytest.mark.parametrize("play", PLAYS, ids=["71 north", "antimeridian"])
def test_ships_made_fast_in_the_roads_lie_alongside_and_are_of_the_sizes_of_neighbours(play: Play) -> None:
    for one, two, start, end in pairs(play, FAST):
        assert np.median(hull_gap_m(one, two, np.linspace(start + 60.0, end - 60.0, 9).tolist())) < 12.0
    lengths = [[v.hull.length_m for pair in pairs(play, name) for v in pair[:2]] for name in (NEIGHBOURS, FAST)]
    for found in lengths:
        assert 55 <= min(found) < 115
        assert max(found) <= 180


def test_a_class_is_blind_where_one_of_the_two_sends_no_heading() -> None:
    told = [
        (row["class"].endswith(BLIND), one.hull.has_heading and two.hull.has_heading)
        for play in PLAYS
        for name in (NEIGHBOURS, FAST)
        for row, (one, two, *_) in zip(
            [r for r in play.stage.fleet.truth if r["class"].removesuffix(BLIND) == name],
            pairs(play, name),
            strict=True,
        )
    ]
    assert all(is_blind is not sees for is_blind, sees in told)
    assert {is_blind for is_blind, _ in told} == {True, False}


def test_all_of_them_come_and_leave_unless_the_data_begin_or_end_meanwhile() -> None:
    cut, whole = 0, 0
    for play in PLAYS:
        fleet = play.stage.fleet
        for one, two, start, end in (*pairs(play, NEIGHBOURS), *pairs(play, FAST)):
            for track in (one.track, two.track):
                middle = track.at(0.5 * (start + end))
                far = (
                    np.asarray(distance_m(track.lon[[0, -1]], track.lat[[0, -1]], middle.lon[0], middle.lat[0]))
                    > 1852.0
                )
                is_cut = [track.time_s[0] <= fleet.start_s, track.time_s[-1] >= fleet.end_s]
                assert all(away or edge for away, edge in zip(far, is_cut, strict=True))
                cut, whole = cut + (not far.all()), whole + bool(far.all())
    assert 0 < cut < whole


def test_roads_leave_the_rest_of_a_fleet_as_it_is_without_them() -> None:
    meetings = {"drift": 1, "barge": 1}
    bare, full = (stage_trial(TESTING[0], seed=5, cast=Cast(meetings, {}, 4, (), roads)) for roads in ({}, ACTS))
    count = len(bare.stage.fleet.voyages)
    assert count + sum(ACTS.values()) < len(full.stage.fleet.voyages) <= count + 2 * sum(ACTS.values())
    for one, two in zip(bare.stage.fleet.voyages, full.stage.fleet.voyages, strict=False):
        assert one.hull == two.hull
        assert np.array_equal(one.track.lon, two.track.lon)
