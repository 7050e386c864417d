"""Trials are what they claim: every kind is staged, on open water, hard to hear, and the same for the same seed."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tests.scenes import hull_gap_m
from tracker.geo.kernels import distance_m
from tracker.simulate.falsehoods import KINDS
from tracker.simulate.trials.ears import Ears, hear
from tracker.simulate.trials.ground import ROADS, SITES, TESTING, TRAINING, road, site
from tracker.simulate.trials.roads import BLIND, FAST, NEIGHBOURS
from tracker.simulate.trials.trial import DARK, LIKENESSES, MEETINGS, hear_trial, stage_trial
from tracker.simulate.truth import MEETING_TYPES
from tracker.zones.locate import locate

PLAY = stage_trial(TESTING[3], seed=7)


def test_every_kind_of_meeting_and_of_likeness_is_staged() -> None:
    rows = PLAY.stage.fleet.truth
    met = {row["class"] for row in rows if row["type"] in MEETING_TYPES}
    assert {row["class"] for row in rows if row["type"] == "spoofing"} == set(KINDS)
    alike = {row["class"] for row in rows if row["type"] == "decoy"}
    assert met == {*MEETINGS, "roadstead", FAST, FAST + BLIND}
    assert alike == {put.__name__ for put in LIKENESSES} - {"quay"} | {"berth", NEIGHBOURS, NEIGHBOURS + BLIND}


def test_the_ships_of_a_meeting_lie_alongside_through_it_and_those_of_a_wait_do_not() -> None:
    fleet = PLAY.stage.fleet
    by_mmsi = {voyage.hull.mmsi: voyage for voyage in fleet.voyages}
    for row in fleet.truth:
        if row["mmsi_2"] is None:
            continue
        one, two = by_mmsi[row["mmsi_1"]], by_mmsi[row["mmsi_2"]]
        start, end = row["start_time"].timestamp(), row["end_time"].timestamp()
        gaps = hull_gap_m(one, two, np.linspace(start + 60.0, end - 60.0, 9).tolist())
        if row["type"] != "decoy":
            assert np.median(gaps) < 12.0, row["class"]
        elif row["class"] in {"pool", "standoff", "anchorage", "overtaking", "convoy", "fishing"}:
            assert np.median(gaps) > 15.0, row["class"]


def test_meetings_last_forty_five_minutes_or_more_and_lie_inside_the_trial() -> None:
    fleet = PLAY.stage.fleet
    for row in fleet.truth:
        if row["type"] in MEETING_TYPES and row["class"] != "handover":
            assert (row["end_time"] - row["start_time"]).total_seconds() >= 44 * 60
            if row["class"].removesuffix(BLIND) == FAST:
                continue  # some are under way when the data begin
            assert fleet.start_s < row["start_time"].timestamp() < row["end_time"].timestamp() < fleet.end_s


def test_the_same_seed_gives_the_same_reports_and_another_does_not() -> None:
    ears = Ears("shore", 1800.0)
    one, two, other = (hear_trial(stage_trial(TRAINING[0], seed=seed), ears, seed=seed).fixes for seed in (3, 3, 4))
    assert np.array_equal(one.lon_e7, two.lon_e7)
    assert not np.array_equal(one.lon_e7[:50], other.lon_e7[:50])


@pytest.mark.parametrize("ears", [Ears("shore", 300.0), Ears("space", 1800.0)])
def test_ships_are_heard_about_as_often_as_asked_with_losses(ears: Ears) -> None:
    fixes = hear_trial(PLAY, ears, seed=7).fixes
    assert (np.diff(fixes.time_ms) >= 0).all()
    gaps = np.concatenate([np.diff(fixes.time_ms[fixes.mmsi == m]) for m in np.unique(fixes.mmsi)]) / 1000.0
    assert 0.05 * ears.interval_s < np.median(gaps) < 1.6 * ears.interval_s
    assert np.percentile(gaps, 99) > 1.8 * ears.interval_s


def test_sizes_are_missing_or_wrong_in_some_static_reports() -> None:
    rows = PLAY.statics().to_pylist()
    true_m = {hull.mmsi: hull.length_m for hull in PLAY.stage.fleet.hulls()}
    assert 0.02 < np.mean([row["length_m"] is None for row in rows]) < 0.3
    assert 0.1 < np.mean([row["to_bow_m"] is None for row in rows]) < 0.6
    assert any(row["length_m"] is not None and abs(row["length_m"] - true_m[row["mmsi"]]) > 9 for row in rows)


def test_grounds_for_fitting_and_for_measuring_are_apart_and_all_sites_are_open_sea() -> None:
    assert not {ground.name for ground in TRAINING} & {ground.name for ground in TESTING}
    grounds = (*TRAINING, *TESTING)
    spots = [*((site, n) for n in range(SITES)), *((road, n) for n in range(ROADS))]
    lon, lat = np.array([where(ground, n) for ground in grounds for where, n in spots]).T
    places = locate((lon + 180.0) % 360.0 - 180.0, lat).to_pylist()
    near = [
        ground.name
        for n, ground in enumerate(grounds)
        if any((row["coast_distance_nm"] or 99.0) < 5.0 for row in places[n * len(spots) : (n + 1) * len(spots)])
    ]
    assert near == []


def test_sites_are_a_lattice_that_crosses_the_antimeridian_without_a_jump() -> None:
    places = [site(TRAINING[3], n) for n in range(SITES)]
    assert all(abs(one[0] - two[0]) < 5.0 for one, two in pairwise(places))


def test_a_partner_who_hides_is_heard_on_one_side_of_her_silence_at_least() -> None:
    for seed in (1, 2):
        fleet = stage_trial(TRAINING[seed], seed=seed, cast=DARK).stage.fleet
        hidden = [row["mmsi_2"] for row in fleet.truth if row["type"] == "dark_encounter"]
        assert len(hidden) == DARK.meetings["dark"]
        for voyage in fleet.voyages:
            if voyage.hull.mmsi in hidden:
                ((since, until),) = voyage.silences
                assert since - voyage.track.time_s[0] >= 3600.0 or voyage.track.time_s[-1] - until >= 3600.0


@pytest.mark.parametrize("kind", KINDS)
def test_false_positions_are_what_their_kind_says_and_the_rest_of_the_fleet_is_heard_as_before(kind: str) -> None:
    ears = Ears("shore", 60.0)
    (false,) = [one for one in PLAY.falsehoods if one.kind == kind]
    voyage = PLAY.stage.fleet.voyages[false.voyage]
    told, true = (hear(PLAY.stage.fleet, ears, seed=7, falsehoods=some) for some in ([false], []))
    lies = (told.hull == false.voyage) & (told.time_s >= false.start_s) & (told.time_s <= false.end_s)
    assert lies.sum() > 30
    assert np.array_equal(told.lon[~lies], true.lon[~lies])
    places = np.unique(np.stack([told.lon[lies], told.lat[lies]]), axis=1).shape[1]
    off_nm = distance_m(told.lon[lies], told.lat[lies], true.lon[lies], true.lat[lies]) / 1852.0
    if kind == "frozen":
        assert places == 1
        assert np.median(told.sog_kn[lies]) > 5.0
    elif kind == "grid":
        assert places <= 30
    elif kind == "jump":
        assert np.ptp(off_nm) < 0.5
    else:
        middle = np.median(told.lon[lies]), np.median(told.lat[lies])
        radius_m = distance_m(told.lon[lies], told.lat[lies], *middle)
        assert np.median(radius_m) == pytest.approx(false.size_m, rel=0.3)
    if kind != "frozen":
        assert off_nm.min() > 10.0
    assert voyage.hull.mmsi not in {row["mmsi_2"] for row in PLAY.stage.fleet.truth}
