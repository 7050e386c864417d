"""Distances agree with the geodesic of PROJ (Karney 2013, through pyproj), everywhere on the globe."""

import numpy as np
import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.compiled import chord_place_e7, distance2_m2, wrap_e7
from tracker.geo.kernels import distance_m, from_local_xy_m, local_xy_m, midpoint, radii_m, wrap_deg
from tracker.tables.positions import degrees_e7

GEOD = pyproj.Geod(ellps="WGS84")
BANDS = [(0.0, 60.0), (60.0, 85.0), (85.0, 90.0)]


def legs(length_m, band, count=20_000):
    """Random legs of one length whose start lies in a band of latitude, north or south."""
    rng = np.random.default_rng(7)
    lat = rng.uniform(*band, count) * rng.choice([-1, 1], count)
    lon = rng.uniform(-180, 180, count)
    lon[:100] = 180.0 - 1e-4
    lon2, lat2, _ = GEOD.fwd(lon, lat, rng.uniform(0, 360, count), np.full(count, length_m))
    return lon, lat, np.asarray(lon2), np.asarray(lat2)


@pytest.mark.parametrize("band", BANDS)
@pytest.mark.parametrize(
    ("length_m", "error_m"), [(0.1, 1e-7), (500, 1e-6), (1e3, 1e-6), (1e4, 1e-4), (1e5, 0.01), (9.9e5, 10)]
)
def test_distance_is_the_geodesic(length_m, error_m, band):
    assert np.abs(distance_m(*legs(length_m, band)) - length_m).max() < error_m


@pytest.mark.parametrize("length_m", [2e6, 8e6, 1.9e7])
def test_far_distances_are_within_six_per_mille(length_m):
    assert np.abs(distance_m(*legs(length_m, (0, 90))) / length_m - 1).max() < 0.006


def test_haversine_on_the_mean_sphere_would_be_metres_off_at_500_m():
    lon, lat, lon2, lat2 = np.radians(legs(500, (0, 60)))
    h = np.sin((lat2 - lat) / 2) ** 2 + np.cos(lat) * np.cos(lat2) * np.sin((lon2 - lon) / 2) ** 2
    assert 2.7 < np.abs(2 * 6_371_008.8 * np.arcsin(np.sqrt(h)) - 500).max() < 2.9


@pytest.mark.parametrize("band", BANDS)
def test_local_metres_have_the_length_and_bearing_of_the_geodesic(band):
    lon, lat, lon2, lat2 = legs(1_000, band)
    east, north = local_xy_m(lon2, lat2, lon, lat)
    assert np.abs(np.hypot(east, north) - 1_000).max() < 1e-5
    bearing, _, _ = GEOD.inv(lon, lat, lon2, lat2)
    turn = wrap_deg(np.degrees(np.arctan2(east, north)) - bearing)
    assert np.abs(turn).max() < 1e-4


@pytest.mark.parametrize("band", BANDS)
def test_the_way_back_from_local_metres_is_exact(band):
    lon, lat, _, _ = legs(1_000, band)
    rng = np.random.default_rng(3)
    east, north = rng.uniform(-50e3, 50e3, (2, len(lon)))
    back = local_xy_m(*from_local_xy_m(east, north, lon, lat), lon, lat)
    assert np.abs(np.array(back) - [east, north]).max() < 1e-6


@pytest.mark.parametrize("band", BANDS)
def test_the_midpoint_is_as_far_from_both_ends(band):
    lon, lat, lon2, lat2 = legs(1_000, band)
    middle = midpoint(lon, lat, lon2, lat2)
    assert np.abs(distance_m(lon, lat, *middle) - 500).max() < 1e-3
    assert np.abs(distance_m(*middle, lon2, lat2) - 500).max() < 1e-3


def test_the_midpoint_across_the_antimeridian_is_not_in_greenwich():
    lon, lat = midpoint(179.9, 10.0, -179.9, 10.0)
    assert abs(abs(float(lon)) - 180) < 1e-9
    assert abs(float(lat) - 10) < 1e-4


def test_radii_are_those_of_the_ellipsoid_at_equator_and_pole():
    along, across = radii_m([0.0, 90.0])
    assert across[0] == pytest.approx(6_378_137.0)
    assert along[0] == pytest.approx(6_335_439.3273, abs=1e-3)
    assert along[1] == pytest.approx(6_399_593.6258, abs=1e-3)
    assert across[1] == pytest.approx(along[1])


@given(st.floats(-1e4, 1e4), st.integers(-3, 3))
def test_wrapping_ends_in_range_and_whole_turns_change_nothing(lon, turns):
    wrapped = float(wrap_deg(lon))
    assert -180 <= wrapped < 180
    assert abs(wrap_deg(float(wrap_deg(lon + 360 * turns)) - wrapped)) < 1e-8


@given(st.floats(-180, 180), st.floats(-90, 90), st.floats(-180, 180), st.floats(-90, 90))
def test_distance_is_symmetric_and_whole_turns_change_nothing(lon1, lat1, lon2, lat2):
    there = float(distance_m(lon1, lat1, lon2, lat2))
    assert float(distance_m(lon2, lat2, lon1, lat1)) == pytest.approx(there, abs=1e-6)
    assert float(distance_m(lon1 + 360, lat1, lon2, lat2)) == pytest.approx(there, abs=1e-6)


def test_unknown_places_have_unknown_distances_without_a_warning():
    assert np.isnan(distance_m([0.0, np.nan, np.inf], 0.0, 1.0, 1.0)).tolist() == [False, True, True]
    far = distance_m([0.0, np.nan, np.inf, 0.0], [0.0, 0.0, 0.0, np.inf], 170.0, 1.0)
    assert np.isnan(far).tolist() == [False, True, True, True]
    assert distance_m([], [], [], []).shape == (0,)


@pytest.mark.parametrize(("band", "error_m"), [((0, 85), 2e-4), ((85, 90), 1e-4)])
def test_the_compiled_distance_is_the_geodesic_to_a_fraction_of_a_millimetre_at_1_km(band, error_m):
    lon, lat, lon2, lat2 = (degrees_e7(v) for v in legs(1_000, band, 5_000))
    ours = np.sqrt([distance2_m2(*leg) for leg in zip(lon, lat, lon2, lat2, strict=True)])
    _, _, truth = GEOD.inv(lon * 1e-7, lat * 1e-7, lon2 * 1e-7, lat2 * 1e-7)
    assert np.abs(ours - truth).max() < error_m


def test_the_compiled_distance_of_far_places_falls_short_by_a_ten_thousandth_at_300_km():
    lon, lat, lon2, lat2 = (degrees_e7(v) for v in legs(300_000, (0, 90), 2_000))
    ours = np.sqrt([distance2_m2(*leg) for leg in zip(lon, lat, lon2, lat2, strict=True)])
    assert np.abs(ours / 300_000 - 1).max() < 1.2e-4


@pytest.mark.parametrize("band", BANDS)
def test_a_place_on_a_leg_divides_it_in_proportion(band):
    lon, lat, lon2, lat2 = (degrees_e7(v) for v in legs(100_000, band, 2_000))
    for x0, y0, x1, y1 in zip(lon.tolist(), lat.tolist(), lon2.tolist(), lat2.tolist(), strict=True):
        dx, y = chord_place_e7(wrap_e7(x1 - x0), y0, y1, 0.25)
        place = (wrap_e7(x0 + dx) * 1e-7, y * 1e-7)
        assert distance_m(x0 * 1e-7, y0 * 1e-7, *place) == pytest.approx(25_000, abs=3)
        assert distance_m(*place, x1 * 1e-7, y1 * 1e-7) == pytest.approx(75_000, abs=3)
        if x0 % 50:
            continue
        middle = chord_place_e7(wrap_e7(x1 - x0), y0, y1, 1.0)
        assert middle == (wrap_e7(x1 - x0), y1)
