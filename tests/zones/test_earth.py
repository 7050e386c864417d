"""Distances: arcs from chords agree with geodesics of the WGS-84 ellipsoid."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from tracker.zones.earth import arc_nm, chord_m, point_to_segment_m, to_ecef, wrap_lon

GEOD = Geod(ellps="WGS84")


@pytest.mark.parametrize("distance_nm", [3, 12, 24, 200])
def test_an_arc_is_within_one_metre_of_the_geodesic_at_every_limit(distance_nm: int) -> None:
    rng = np.random.default_rng(7)
    lon, lat = rng.uniform(-180, 180, 5000), rng.uniform(-80, 80, 5000)
    lon2, lat2, _ = GEOD.fwd(lon, lat, rng.uniform(0, 360, 5000), np.full(5000, distance_nm * 1852.0))
    chord = np.linalg.norm(to_ecef(lon, lat) - to_ecef(lon2, lat2), axis=1)
    assert np.abs(arc_nm(chord) - distance_nm).max() * 1852 < 1.0


@given(st.floats(-720, 720))
def test_any_turn_of_longitude_comes_back_between_180_west_and_180_east(lon: float) -> None:
    wrapped = float(wrap_lon([lon])[0])
    assert -180 <= wrapped < 180
    assert abs(np.sin(np.radians(wrapped)) - np.sin(np.radians(lon))) < 1e-9


@given(st.floats(0.001, 3000))
def test_a_chord_and_its_arc_undo_each_other(arc: float) -> None:
    assert float(arc_nm(chord_m(arc))) == pytest.approx(arc)


def test_the_distance_to_a_segment_is_never_more_than_to_its_ends() -> None:
    rng = np.random.default_rng(3)
    p, a, b = (rng.normal(size=(500, 3)) for _ in range(3))
    d = point_to_segment_m(p, a, b)
    ends = np.minimum(np.linalg.norm(p - a, axis=1), np.linalg.norm(p - b, axis=1))
    assert (d <= ends + 1e-12).all()
    assert point_to_segment_m(p, a, a) == pytest.approx(np.linalg.norm(p - a, axis=1))
