"""Voyages in columns give what the plain rule gives for each voyage alone."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.detectors.listening import Listener
from tracker.detectors.hourly import FASTEST_KN, STILL_NM, Places, hidden_nm, way_nm, without_wrong_fixes
from tracker.detectors.way import Way
from tracker.geo.kernels import distance_m
from tracker.tables.fixes import Fixes
from tracker.units import METRES_PER_NAUTICAL_MILE, MILLISECONDS_PER_HOUR

HOUR_S = 3600
Place = tuple[int, float, float]
"""Hour, longitude and latitude."""
voyages = st.lists(
    st.lists(st.tuples(st.sampled_from([0.0, 0.01, 0.2, 0.5, 3.0]), st.floats(-0.3, 0.3)), max_size=12), max_size=5
)


def nm(one: Place, two: Place) -> float:
    return float(distance_m(*one[1:], *two[1:])) / METRES_PER_NAUTICAL_MILE


def kept_alone(voyage: list[Place]) -> list[Place]:
    """Wrong fixes left out one round after the other."""
    while len(voyage) > 2:
        fast = [nm(a, b) / (b[0] - a[0]) > FASTEST_KN for a, b in pairwise(voyage)]
        inner = [fast[i - 1] and fast[i] for i in range(1, len(fast))]
        lone = [fast[0] and not fast[1], *inner, fast[-1] and not fast[-2]]
        if not any(lone):
            break
        voyage = [place for place, is_wrong in zip(voyage, lone, strict=True) if not is_wrong]
    return voyage


def way_alone(voyage: list[Place]) -> float:
    """Over places a mile or more from the one that counted before, and the last."""
    counted = voyage[:1]
    for place in voyage[1:-1]:
        if nm(counted[-1], place) >= STILL_NM:
            counted.append(place)
    counted += voyage[1:][-1:]
    return sum(nm(a, b) for a, b in pairwise(counted))


def columns(every: list[list[Place]]) -> Places:
    rows = [place for voyage in every for place in voyage]
    hour, lon, lat = np.array(rows, np.float64).reshape(-1, 3).T
    starts = np.cumsum([0, *map(len, every)])
    return Places(starts, (hour * MILLISECONDS_PER_HOUR).astype(np.int64), lon, lat)


@given(voyages)
def test_many_voyages_are_cleaned_and_measured_as_each_alone(steps: list[list[tuple[float, float]]]) -> None:
    every = []
    for moves in steps:
        lon, lat = np.cumsum([(0.0, 0.0), *moves], axis=0).T + np.array([[20.0], [30.0]])
        every.append([(hour, float(x), float(y)) for hour, (x, y) in enumerate(zip(lon, lat, strict=True))])
    places, alone = without_wrong_fixes(columns(every)), [kept_alone(voyage) for voyage in every]
    assert places.count.tolist() == [len(voyage) for voyage in alone]
    assert places.lon.tolist() == [place[1] for voyage in alone for place in voyage]
    assert way_nm(places) == pytest.approx([way_alone(voyage) for voyage in alone])
    # one voyage alone is what it is among others
    for i in range(len(every)):
        assert way_nm(places.of(np.array([i]))) == pytest.approx(way_nm(places)[i : i + 1])


def test_a_silence_hides_what_a_ship_could_have_sailed_more_in_it_and_the_stay_before_hides_nothing() -> None:
    places = columns([[(0, 20.0, 0.0), (4, 20.5, 0.0), (5, 20.7, 0.0)], [(0, 20.0, 0.0), (4, 20.5, 0.0)]])
    hour = MILLISECONDS_PER_HOUR
    hidden = hidden_nm(places, np.array([0, 1]) * hour, np.array([5, 2]) * hour)
    assert hidden == pytest.approx([4 * 11 - 0.5 * 60.1, 0.0], abs=0.1)


def test_the_places_of_a_stretch_are_the_first_of_each_hour_and_their_times_are_when_she_was_there() -> None:
    times = np.array([600, 2 * HOUR_S - 60, 2 * HOUR_S + 60, 2 * HOUR_S + 120, 5 * HOUR_S], np.int64) * 1000
    n, real = len(times), np.zeros(len(times), np.float32)
    x = np.arange(n, dtype=np.int32) * 1_000_000
    listener, flags = Listener(), np.zeros(n, np.uint8)
    listener.feed(Fixes(times, np.full(n, 7, np.int32), x, x, real, real, real, np.zeros(n, np.int8), flags))
    way = Way(listener.hearing())
    asked = np.array([7, 7, 8]), np.array([0, 3, 0]) * HOUR_S * 1000, np.array([3, 4, 9]) * HOUR_S * 1000
    places = way.places(*asked)
    assert places.count.tolist() == [3, 1, 0]
    assert places.time_ms.tolist() == [times[0], times[1], times[2], times[4]]
    assert places.lon.tolist() == pytest.approx([0.0, 0.1, 0.2, 0.4])


def test_three_speeds_tell_whether_a_ship_makes_way_however_many_hours_they_came_in() -> None:
    times = np.array([0, 1, 2, 2.1, 2.2, 30, 30.5], np.float64) * HOUR_S * 1000
    speeds = np.array([9.0, 0.2, 0.3, np.nan, 0.1, 0.0, np.nan], np.float32)
    n, real, x = len(times), np.zeros(len(times), np.float32), np.zeros(len(times), np.int32)
    listener = Listener()
    listener.feed(
        Fixes(
            *(times.astype(np.int64), np.full(n, 7, np.int32), x, x, speeds, real, real),
            np.zeros(n, np.int8),
            np.zeros(n, np.uint8),
        )
    )
    way = Way(listener.hearing())
    asked = np.array([0, 1, 2, 30, 60]) * HOUR_S * 1000
    # she goes at 0 h and lies from then on; a day later only the last is known of, and after two nothing
    assert way.under_way(np.full(5, 7), asked, hours=24).tolist() == [1, 1, 0, 0, -1]
    assert way.under_way(np.array([8]), asked[:1], hours=24).tolist() == [-1]
    lon, _ = way.first_at(
        np.array([7, 7, 8]), (np.array([0.0, 2.2, 0.0]) * HOUR_S * 1000).astype(np.int64), within_ms=1000
    )
    # at 2.2 h she was heard, but not first in the hour
    assert np.isnan(lon).tolist() == [False, True, True]
