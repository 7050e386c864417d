"""Loitering is a slow spell at sea that no berth, anchorage, trade or company explains."""

import pytest

from tests.detectors.alone import alone_in
from tests.scenes import PLACES, Scene
from tracker.detectors.berths import Setting


@pytest.mark.parametrize("place", PLACES)
def test_a_tanker_that_drifts_alone_for_five_hours_loiters(place: str) -> None:
    scene = Scene(place=PLACES[place])
    ship = scene.loiterer(from_h=4, hours=5)
    (row,) = alone_in(scene).loitering
    assert row["mmsi_1"] == ship.mmsi
    assert row["mmsi_2"] is None
    assert row["verdict"] is None
    assert row["duration_h"] == pytest.approx(5.0, abs=0.6)


def test_ships_that_wait_at_anchor_together_do_not_loiter() -> None:
    scene = Scene()
    scene.neighbours(distance_m=800.0, count=5)
    assert alone_in(scene).loitering == []


def test_ships_along_a_quay_do_not_loiter() -> None:
    scene = Scene()
    scene.berths()
    assert alone_in(scene, setting=Setting(coast_distance_nm=0.1)).loitering == []


def test_a_stop_at_a_known_berth_is_no_loitering() -> None:
    scene = Scene()
    scene.loiterer()
    assert alone_in(scene, setting=Setting(coast_distance_nm=1.0, berth_vessels=5)).loitering == []


def test_fishing_vessels_and_tugs_are_slow_by_trade() -> None:
    scene = Scene()
    one, two = scene.fishing(speed_kn=1.5)
    tug, _ = scene.tow(speed_kn=1.5)
    assert {row["mmsi_1"] for row in alone_in(scene).loitering} & {one.mmsi, two.mmsi, tug.mmsi} == set()


def test_a_ship_that_lay_three_days_in_silence_was_not_seen_to_loiter() -> None:
    scene = Scene(hours=24)
    ship = scene.loiterer(from_h=4, hours=9)
    scene.fleet.voyages[0] = type(scene.fleet.voyages[0])(
        **{**scene.fleet.voyages[0].__dict__, "silences": ((scene.time_s(4.5), scene.time_s(12.5)),)}
    )
    assert [row for row in alone_in(scene).loitering if row["mmsi_1"] == ship.mmsi] == []


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("every_min", [65.0, 120.0])
def test_a_stop_heard_once_an_hour_or_two_is_loitering_as_well(place: str, every_min: float) -> None:
    scene = Scene(place=PLACES[place], hours=48, every_min=every_min)
    ship = scene.loiterer(from_h=12, hours=16)
    (row,) = [row for row in alone_in(scene).loitering if row["mmsi_1"] == ship.mmsi]
    assert abs(row["start_time"].timestamp() - scene.time_s(12)) <= 60 * every_min
    assert abs(row["end_time"].timestamp() - scene.time_s(28)) <= 60 * every_min
    if every_min < 90.0:
        assert "No silence of hers in it was longer than 2.5 h." in row["why"]
