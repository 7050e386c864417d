"""Berths are learnt from ships that lay still, and being in port is not the same as being near one."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa

from tracker.detectors.berths import CELL_M, BerthParams, Setting, learn_berths, port_reason
from tracker.tables.scan import SLOW_SPELLS

PARAMS = BerthParams()
DAY = datetime(2020, 1, 30, tzinfo=UTC)


def spells(*rows: tuple[int, float, float, float, float]) -> pa.Table:
    return SLOW_SPELLS.from_rows(
        {
            "mmsi": mmsi,
            "start_time": DAY,
            "end_time": DAY + timedelta(hours=hours),
            "lon": lon,
            "lat": lat,
            "spread_m": spread,
            "median_speed_kn": 0.0,
        }
        for mmsi, lon, lat, spread, hours in rows
    )


def test_three_ships_that_lay_still_side_by_side_make_a_berth() -> None:
    berths = learn_berths(
        spells((1, 122.0, 30.0, 3.0, 5), (2, 122.001, 30.0, 4.0, 5), (3, 122.0, 30.001, 2.0, 5)), params=PARAMS
    )
    assert berths.near(122.0005, 30.0005, radius_m=PARAMS.radius_m) == 3
    assert berths.near(122.1, 30.0, radius_m=PARAMS.radius_m) == 0


def test_a_raft_of_two_is_not_a_berth() -> None:
    berths = learn_berths(spells((1, 122.0, 30.0, 3.0, 5), (2, 122.001, 30.0, 4.0, 5)), params=PARAMS)
    assert berths.near(122.0, 30.0, radius_m=PARAMS.radius_m) == 0


def test_one_ship_that_returns_every_night_is_one_ship() -> None:
    berths = learn_berths(spells(*[(1, 122.0 + 0.0001 * n, 30.0, 3.0, 8) for n in range(5)]), params=PARAMS)
    assert len(berths.vessels) == 0


def test_ships_that_swing_at_anchor_teach_no_berth() -> None:
    berths = learn_berths(spells(*[(n, 122.0 + 0.001 * n, 30.0, 80.0, 20) for n in range(1, 6)]), params=PARAMS)
    assert len(berths.vessels) == 0


def test_berths_are_found_across_the_antimeridian() -> None:
    berths = learn_berths(
        spells((1, 179.9995, 52.0, 3.0, 5), (2, -179.9995, 52.0, 4.0, 5), (3, 180.0, 52.001, 2.0, 5)), params=PARAMS
    )
    assert berths.near(-179.9999, 52.0, radius_m=PARAMS.radius_m) == 3


def test_a_full_port_has_as_many_berths_as_it_has_room_for_and_counts_each_ship_once() -> None:
    rng = np.random.default_rng(4)
    side_m, n = 300.0, 4000
    east, north = rng.uniform(0, side_m, (2, n))
    lon, lat = 122.0 + east / (111_320 * np.cos(np.radians(30.0))), 30.0 + north / 111_320
    rows = zip((1 + np.arange(n) % 50).tolist(), lon.tolist(), lat.tolist(), [3.0] * n, [5.0] * n, strict=True)
    berths = learn_berths(spells(*rows), params=PARAMS)
    assert len(berths.vessels) <= 3 * (side_m / CELL_M + 2) ** 2, "cells lie at any angle to the ground"
    assert berths.near(122.0015, 30.0013, radius_m=PARAMS.radius_m) == 50


def test_no_slow_spells_no_berths() -> None:
    assert len(learn_berths(SLOW_SPELLS.empty(), params=PARAMS).vessels) == 0


def test_swinging_at_anchor_off_a_port_is_not_in_port() -> None:
    roadstead = Setting(coast_distance_nm=1.0, port="Ningbo", port_distance_nm=1.5)
    assert port_reason(roadstead, is_still=False, is_moving=False, params=PARAMS) is None


def test_two_ships_made_fast_near_the_coast_are_in_port_and_the_port_is_named() -> None:
    quay = Setting(coast_distance_nm=0.4, port="Ningbo", port_distance_nm=1.5)
    reason = port_reason(quay, is_still=True, is_moving=False, params=PARAMS)
    assert reason is not None
    assert "Ningbo" in reason


def test_two_ships_made_fast_to_each_other_far_out_are_not_in_port() -> None:
    assert port_reason(Setting(coast_distance_nm=30.0), is_still=True, is_moving=False, params=PARAMS) is None


def test_passing_a_berth_under_way_is_not_lying_at_it() -> None:
    channel = Setting(coast_distance_nm=0.8, berth_vessels=9)
    assert port_reason(channel, is_still=False, is_moving=True, params=PARAMS) is None
    assert port_reason(channel, is_still=False, is_moving=False, params=PARAMS) is not None
