"""One point told in full, for ``tracker zone``."""

import pytest

from tracker.errors import ParameterError
from tracker.zones.point import describe_point


def test_a_point_in_the_yellow_sea_is_told_with_zone_sea_port_and_notes() -> None:
    answer = describe_point(34.5, 123.0)
    assert (answer["lat"], answer["lon"], answer["waters"], answer["sea"]) == (34.5, 123.0, "eez", "Yellow Sea")
    assert answer["port_distance_nm"] > 24
    assert any("Provisional Measures Zone" in note for note in answer["notes"])


def test_a_point_on_land_says_so_with_the_distance_to_the_sea() -> None:
    assert "nm from the sea" in describe_point(32.1, 118.8)["notes"][0]


def test_a_low_water_coast_is_said_to_be_a_lower_bound() -> None:
    assert any("may reach farther" in note for note in describe_point(33.0, -117.78)["notes"])


@pytest.mark.parametrize(("lat", "lon"), [(123.0, 34.5), (float("nan"), 0.0), (0.0, float("inf")), (91.0, 200.0)])
def test_what_is_no_position_is_refused(lat: float, lon: float) -> None:
    with pytest.raises(ParameterError, match="is not a position"):
        describe_point(lat, lon)


def test_swapped_coordinates_are_suspected() -> None:
    with pytest.raises(ParameterError, match="swapped"):
        describe_point(123.0, 34.5)
