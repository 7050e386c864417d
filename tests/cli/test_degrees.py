"""Degrees are read as people write them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.cli.degrees import degrees_of, place_of

WRITTEN = [
    "33.008333N",
    "33 00.5 N",
    "33-00.5N",
    "33°00.5'N",
    "33°00'30\"N",
    "33°00′30″N",
    "N33 00 30",
    "33,008333 n",
    "33d00m30N",
]


@pytest.mark.parametrize("text", WRITTEN)
def test_a_latitude_is_read_however_it_is_written(text: str) -> None:
    value, axis = degrees_of(text)
    assert value == pytest.approx(33 + 0.5 / 60, abs=1e-6)
    assert axis == "lat"


@pytest.mark.parametrize(
    "text", ["", "x", "33N4", "33 61 N", "33 00 60N", "-33S", "N33S", "33.5 30 N", "33 00.5 Q", "=1+1", "1 2 3 4"]
)
def test_what_is_no_angle_is_none(text: str) -> None:
    assert math.isnan(degrees_of(text)[0])


def test_letters_say_which_is_the_latitude() -> None:
    assert (
        place_of("117-47.0W", "33-00.5N")
        == place_of("33-00.5N", "117-47.0W")
        == pytest.approx((33.008333, -117.783333))
    )
    assert math.isnan(place_of("33N", "34N")[0])
    assert math.isnan(place_of("124", "30.5")[0])
    assert math.isnan(place_of("1e400", "1")[0])


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_plain_degrees_stay_what_they_are(lat: float, lon: float) -> None:
    assert place_of(str(lat), str(lon)) == (lat, lon)
