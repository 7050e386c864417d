"""Where reception ends: a ship heard no more at the edge may have sailed out; one amid others that are heard has not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from tests.detectors.alone import alone_in
from tests.scenes import PLACES, Scene
from tracker.detectors.courses import bearing_deg
from tracker.detectors.edges import widest_sectors_deg
from tracker.simulate.meetings import pass_by
from tracker.simulate.motion import away

GEOD = Geod(ellps="WGS84")


def leavers(scene: Scene, *, beyond: bool) -> list[int]:
    """Six ships that sail north in company and are heard no more from hour 15 on; others pass south, and north if asked."""
    gone = []
    for n in range(6):
        spot = away(scene.place, bearing_deg=90.0, distance_nm=4.0 * (n - 2.5))
        track = pass_by(spot, time_s=scene.time_s(15), course_deg=0.0, speed_kn=8.0, hours=15, rng=scene.rng(50, n))
        gone.append(scene.add(scene.ship("cargo"), track, silent=[(15 + 0.1 * n, scene.hours)]).mmsi)
    for n, miles in enumerate((-30.0, -20.0, -10.0) + ((8.0, 18.0, 30.0) if beyond else ())):
        spot = away(scene.place, bearing_deg=0.0, distance_nm=miles)
        track = pass_by(spot, time_s=scene.time_s(15), course_deg=90.0, speed_kn=4.0, hours=15, rng=scene.rng(51, n))
        scene.add(scene.ship("cargo"), track)
    return gone


@pytest.mark.parametrize("place", PLACES)
def test_ships_heard_no_more_have_sailed_out_only_where_nobody_is_heard_beyond(place: str) -> None:
    off = {}
    for beyond in (False, True):
        scene = Scene(place=PLACES[place], every_min=10, hours=30)
        gone = leavers(scene, beyond=beyond)
        found = alone_in(scene)
        rows = np.isin(found.silences.mmsi, gone) & found.silences.is_open & (found.silences.hours > 10)
        assert rows.sum() == 6
        off[beyond] = found.stories.off[rows]
        assert (found.stories.out_of_range[rows].max() < 0.2) == beyond
    assert off[True].min() > off[False].max() + 0.2


@pytest.mark.parametrize("place", PLACES)
def test_the_courses_of_a_silent_ship_are_those_of_her_way_before_and_after(place: str) -> None:
    scene = Scene(place=PLACES[place], every_min=10, hours=30)
    track = pass_by(scene.place, time_s=scene.time_s(15), course_deg=70.0, speed_kn=9.0, hours=15, rng=scene.rng(52))
    ship = scene.add(scene.ship(), track, silent=[(10, 20)])
    silences = alone_in(scene).silences
    (row,) = np.flatnonzero((silences.mmsi == ship.mmsi) & (silences.hours > 9))
    way, _, _ = GEOD.inv(silences.lon_1[row], silences.lat_1[row], silences.lon_2[row], silences.lat_2[row])
    for course in (silences.course_deg_1[row], silences.course_deg_2[row]):
        assert abs((course - way + 180.0) % 360.0 - 180.0) < 8.0


def test_a_ship_that_lay_still_or_was_heard_once_has_no_course() -> None:
    scene = Scene(every_min=10, hours=30)
    ship = scene.loiterer(from_h=0.5, hours=29)
    silences = alone_in(scene).silences
    own = silences.mmsi == ship.mmsi
    assert np.isnan(silences.course_deg_1[own]).all()


@pytest.mark.parametrize("lat", [0.0, 35.0, -71.0])
def test_bearings_agree_with_the_geodesic_over_the_way_of_a_day(lat: float) -> None:
    rng = np.random.default_rng(7)
    lon_1, lat_1 = rng.uniform(-180, 180, 200), lat + rng.uniform(-1, 1, 200)
    lon_2, lat_2, _ = GEOD.fwd(lon_1, lat_1, rng.uniform(0, 360, 200), rng.uniform(1e3, 3e5, 200))
    told = bearing_deg(lon_1, lat_1, np.asarray(lon_2), np.asarray(lat_2))
    true = np.asarray(GEOD.inv(lon_1, lat_1, lon_2, lat_2)[0])
    assert np.abs((told - true + 180.0) % 360.0 - 180.0).max() < 0.1


@given(st.lists(st.tuples(st.integers(0, 4), st.floats(0, 360, exclude_max=True)), min_size=1))
def test_the_widest_sector_is_that_between_two_neighbours_round_the_compass(seen: list[tuple[int, float]]) -> None:
    place, widest = widest_sectors_deg(np.array([p for p, _ in seen]), np.array([deg for _, deg in seen]))
    assert place.tolist() == sorted({p for p, _ in seen})
    for one, found in zip(place.tolist(), widest.tolist(), strict=True):
        own = sorted(deg for p, deg in seen if p == one)
        assert found == pytest.approx(max(b - a for a, b in zip(own, [*own[1:], own[0] + 360.0], strict=True)))
