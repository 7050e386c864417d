"""The score: bounded, order-free, held by caps; bands need independent groups."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.risk.score import Part, combine, repeat_points, score_of
from tracker.risk.sun import night_share, sun_elevation_deg

POINTS = st.lists(st.floats(0, 100), max_size=20)


def part(rule: str, group: str, points: float) -> Part:
    return Part(rule, group, rule, 1, points, ())


@given(POINTS, st.randoms())
def test_a_score_is_bounded_and_does_not_depend_on_order(points: list[float], random: object) -> None:
    shuffled = points.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert 0.0 <= combine(points) <= 100.0
    assert combine(points) == combine(shuffled)


@given(POINTS, st.floats(0, 100))
def test_another_reason_never_lowers_a_score(points: list[float], more: float) -> None:
    assert combine([*points, more]) >= combine(points) - 1e-9


@given(st.floats(0.1, 100), st.floats(0.1, 100), st.integers(1, 50))
def test_repeats_rise_towards_the_cap_and_never_above_it(one: float, other: float, times: int) -> None:
    weight, cap = min(one, other), max(one, other)
    assert repeat_points(weight, cap, 1) == pytest.approx(weight)
    assert weight - 1e-9 <= repeat_points(weight, cap, times) <= cap + 1e-9
    assert repeat_points(weight, cap, times) <= repeat_points(weight, cap, times + 1) + 1e-9


def test_flag_and_ownership_alone_stay_low() -> None:
    assert score_of([part("R13", "flag", 25), part("R14", "flag", 30), part("R33", "corporate", 25)]).band == "low"


def test_high_needs_two_groups_unless_a_ship_is_listed() -> None:
    assert score_of([part("R04", "identity", 60)]).band == "watch"
    assert score_of([part("R04", "identity", 60), part("R20", "behaviour", 25)]).band == "high"
    assert score_of([part("R01", "identity", 100)]).band == "severe"


@pytest.mark.parametrize(("points", "band"), [(24.9, "low"), (25.0, "watch"), (49.9, "watch")])
def test_bands_begin_at_their_lower_bound(points: float, band: str) -> None:
    assert score_of([part("R20", "behaviour", points)]).band == band


def test_the_sun_stands_where_the_almanac_puts_it() -> None:
    # equinox noon on the equator at Greenwich, within the equation of time; midsummer noon at the tropic
    assert sun_elevation_deg(0.0, 0.0, datetime(2020, 3, 20, 12, 7, tzinfo=UTC)) == pytest.approx(90.0, abs=0.5)
    assert sun_elevation_deg(0.0, 23.43, datetime(2020, 6, 20, 12, 2, tzinfo=UTC)) == pytest.approx(90.0, abs=0.5)
    assert sun_elevation_deg(124.0, 30.5, datetime(2020, 1, 31, 16, tzinfo=UTC)) < -60.0


def test_polar_night_is_night_all_day() -> None:
    day = datetime(2020, 12, 21, tzinfo=UTC)
    assert night_share(20.0, 80.0, day, day.replace(hour=23)) == 1.0
    assert night_share(20.0, 80.0, day.replace(month=6), day.replace(month=6, hour=23)) == 0.0
