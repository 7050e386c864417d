"""Time in each zone along a path."""

import pytest

from tracker.zones.shares import zone_names, zone_shares


def test_a_ship_that_leaves_the_territorial_sea_is_told_by_time_and_not_by_reports() -> None:
    hours = [0, 1, 2, 3, 9, 10]
    lon = [122.95, 122.96, 122.97, 122.98, 124.0, 124.0]
    shares = zone_shares(lon, [30.0] * 6, time_ms=[h * 3_600_000 for h in hours])
    assert list(shares) == ["CHN territorial_sea", "CHN eez"]
    assert shares == pytest.approx({"CHN territorial_sea": 0.6, "CHN eez": 0.4})


def test_one_report_has_one_zone_and_no_report_none() -> None:
    assert zone_shares([-150.0], [40.0], time_ms=[0]) == {"high_seas": 1.0}
    assert zone_shares([], [], time_ms=[]) == {}


def test_a_place_of_no_water_is_unknown_and_keeps_its_row() -> None:
    assert zone_names([103.8, -150.0], [36.0, 40.0]).tolist() == ["unknown", "high_seas"]
