"""Hull rectangles against shapely, an outside authority on polygons."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon
from shapely.affinity import rotate, translate

from tracker.detectors.hulls import Plan, body_frame_m, hull_gap_m, plan_of
from tracker.tables.ship import Ship

degrees = st.floats(0, 359.9)
metres = st.floats(-400, 400)
sizes = st.tuples(st.integers(20, 330), st.integers(5, 60), st.floats(0, 1), st.floats(0, 1))


def ship(mmsi: int, size: tuple[int, int, float, float]) -> Ship:
    length, beam, fore, side = size
    bow, port = round(length * fore), round(beam * side)
    return Ship(
        mmsi,
        length_m=float(length),
        beam_m=float(beam),
        to_bow_m=bow,
        to_stern_m=length - bow,
        to_port_m=port,
        to_starboard_m=beam - port,
    )


def rectangle(vessel: Ship, heading: float, east: float, north: float) -> Polygon:
    assert vessel.to_bow_m is not None
    assert vessel.to_stern_m is not None
    assert vessel.to_port_m is not None
    assert vessel.to_starboard_m is not None
    port, starboard = -vessel.to_port_m, vessel.to_starboard_m
    bow, stern = vessel.to_bow_m, -vessel.to_stern_m
    north_up = Polygon([(port, stern), (starboard, stern), (starboard, bow), (port, bow)])
    return translate(rotate(north_up, -heading, origin=(0, 0)), east, north)


@given(sizes, sizes, degrees, degrees, metres, metres)
@settings(max_examples=200, deadline=None)
def test_the_gap_between_hulls_is_that_of_the_rectangles(
    size_1: tuple[int, int, float, float],
    size_2: tuple[int, int, float, float],
    heading_1: float,
    heading_2: float,
    east: float,
    north: float,
) -> None:
    one, two = ship(1, size_1), ship(2, size_2)
    plan_1, plan_2 = plan_of(one), plan_of(two)
    assert plan_1 is not None
    assert plan_2 is not None
    arrays = (np.array([east]), np.array([north]), np.array([heading_1]), np.array([heading_2]))
    gap = hull_gap_m(*arrays, plan_1, plan_2)[0]
    assert gap == pytest.approx(
        rectangle(one, heading_1, 0, 0).distance(rectangle(two, heading_2, east, north)), abs=1e-6
    )


def test_an_unknown_heading_gives_an_unknown_gap() -> None:
    plan = Plan(40.0, 7.0, 0.0, 0.0, True)
    one, nan = np.array([1.0]), np.array([np.nan])
    assert np.isnan(hull_gap_m(one, one, nan, one, plan, plan)[0])


def test_a_ship_without_size_has_no_plan_and_one_without_antenna_says_so() -> None:
    assert plan_of(Ship(1)) is None
    assumed = plan_of(Ship(1, length_m=80.0, beam_m=14.0))
    assert assumed is not None
    assert not assumed.is_certain


def test_north_of_a_ship_heading_east_is_to_port() -> None:
    ahead, starboard = body_frame_m(np.array([0.0]), np.array([10.0]), np.array([90.0]))
    assert (ahead[0], starboard[0]) == pytest.approx((0.0, -10.0))
