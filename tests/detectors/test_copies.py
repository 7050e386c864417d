"""A track under two MMSIs is told from two ships in company, at four places of the world."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detectors.spoofed import later, ordered, shifted
from tests.scenes import PLACES, Scene
from tracker.detectors.spoofing.copies import OneTrack, Side, find_one_track
from tracker.detectors.spoofing.lags import lags_of, may_be_one_track, probes_of
from tracker.detectors.spoofing.said import Said
from tracker.simulate.motion import away, drift, join, sail
from tracker.tables.fixes import Fixes

everywhere = pytest.mark.parametrize("place", PLACES)
COPY = 413_000_777


def of(fixes: Fixes, mmsi: int) -> Fixes:
    return fixes.take(np.flatnonzero(fixes.mmsi == mmsi))


def one_track_of(
    one: Fixes, two: Fixes, about_ms: tuple[int, int] | None = None, *, or_open: bool = False
) -> OneTrack | None:
    return find_one_track(Side.of(one), Side.of(two), about_ms=about_ms, or_open=or_open)


def rounded(fixes: Fixes, decimals: int) -> Fixes:
    step = 10 ** (7 - decimals)
    coarse = {name: (np.rint(getattr(fixes, name) / step) * step).astype(np.int32) for name in ("lon_e7", "lat_e7")}
    return Fixes(**{**fixes.__dict__, **coarse})


def on_the_clock(fixes: Fixes, *, seconds: int) -> Fixes:
    """Every ship's reports at whole steps of one clock, as resampled sources give them."""
    step = 1000 * seconds
    return Fixes(**{**fixes.__dict__, "time_ms": fixes.time_ms // step * step})


def wanderer(place: str, *, every_min: float = 2.0) -> Fixes:
    """A tanker that comes, turns, drifts for two hours and goes."""
    scene = Scene(place=PLACES[place], hours=12, every_min=every_min)
    ship = scene.ship()
    corner = away(PLACES[place], bearing_deg=40.0, distance_nm=30.0)
    rest = away(corner, bearing_deg=110.0, distance_nm=12.0)
    in_ = sail([PLACES[place], corner, rest], depart_s=scene.start_s, speed_kn=10.0, rng=scene.rng(50))
    begin = scene.time_s(5.0)
    waiting = drift(rest, start_s=begin, end_s=begin + 7200.0, rng=scene.rng(51), heading_deg=10.0, set_deg=80.0)
    last = waiting.at(begin + 7200.0)
    out = (float(last.lon[0]), float(last.lat[0]))
    goal = away(out, bearing_deg=200.0, distance_nm=45.0)
    scene.add(ship, join(in_, waiting, sail([out, goal], depart_s=begin + 7260.0, speed_kn=9.5, rng=scene.rng(52))))
    return scene.fixes()


@everywhere
@pytest.mark.parametrize("lag_s", [0, 90, -300])
@pytest.mark.parametrize(
    ("off_m", "decimals"), [((0.0, 0.0), 7), ((120.0, -80.0), 7), ((0.0, 0.0), 5), ((150.0, 60.0), 4)]
)
def test_a_copy_is_found_late_moved_and_rounded(
    place: str, lag_s: int, off_m: tuple[float, float], decimals: int
) -> None:
    fixes = wanderer(place)
    copy = later(fixes, hours=lag_s / 3600.0, mmsi=COPY)
    copy = rounded(shifted(copy, np.arange(len(copy)), east_m=off_m[0], north_m=off_m[1]), decimals)
    found = one_track_of(fixes, copy)
    assert found is not None
    assert found.lag_ms == 1000 * lag_s
    assert found.offset_m == pytest.approx(np.hypot(*off_m), abs=10.0 if decimals == 4 else 1.0)
    assert len(found.again) >= 0.9 * len(copy)


@everywhere
@pytest.mark.parametrize("keep", [0.5, 0.8])
def test_a_copy_is_found_where_each_of_its_reports_may_be_lost(place: str, keep: float) -> None:
    fixes, rng = wanderer(place, every_min=1.0), np.random.default_rng(4)
    parts = [
        track.take(np.flatnonzero(rng.random(len(track)) < keep))
        for track in (fixes, later(fixes, hours=0.025, mmsi=COPY))
    ]
    found = one_track_of(*parts)
    assert found is not None
    assert found.lag_ms == 90_000


@everywhere
def test_a_copy_that_begins_half_way_is_told_from_where_it_begins(place: str) -> None:
    fixes = wanderer(place)
    half = len(fixes) // 2
    copy = later(fixes, hours=0.025, mmsi=COPY)
    rng = np.random.default_rng(8)
    own = shifted(copy, np.arange(half), east_m=9000.0 + rng.normal(0, 50.0, half), north_m=4000.0)
    found = one_track_of(fixes, own, about_ms=(int(copy.time_ms[half]), int(copy.time_ms[-1])))
    assert found is not None
    assert abs(int(found.again[0]) - half) <= 2


def straight(place: str) -> Fixes:
    scene = Scene(place=PLACES[place], hours=10, every_min=2.0)
    goal = away(PLACES[place], bearing_deg=60.0, distance_nm=90.0)
    scene.add(scene.ship(), sail([PLACES[place], goal], depart_s=scene.start_s, speed_kn=9.0, rng=scene.rng(53)))
    return scene.fixes()


@everywhere
def test_on_a_straight_way_in_coarse_digits_moments_of_her_own_tell_a_copy_and_a_common_clock_does_not(
    place: str,
) -> None:
    for seconds, is_sure in ((1, True), (120, False)):
        fixes = on_the_clock(straight(place), seconds=seconds)
        copy = later(fixes, hours=0.025, mmsi=COPY)
        copy = rounded(shifted(copy, np.arange(len(copy)), east_m=77.0, north_m=0.0), 4)
        assert (one_track_of(fixes, copy) is not None) == is_sure
        found = one_track_of(fixes, copy, or_open=True)
        assert found is not None
        assert found.is_sure == is_sure


def in_company(place: str, kind: str, every_min: float) -> Fixes:
    scene = Scene(place=PLACES[place], hours=12, every_min=every_min)
    match kind:
        case "convoy":
            scene.convoy(spacing_m=400.0, count=2)
        case "tow":
            scene.tow(line_m=200.0)
        case "on the hip":
            scene.tow(on_the_hip=True)
        case "trawl":
            scene.fishing()
        case "berths":
            scene.berths(count=2)
        case "neighbours":
            scene.neighbours(distance_m=200.0)
        case _:
            scene.transfer(mode=kind, meets_h=4, hours=5, speed_kn=5.0 if kind == "underway" else 0.6)
    return scene.fixes()


COMPANY = ("convoy", "tow", "on the hip", "trawl", "berths", "neighbours", "drift", "anchor", "underway")


@everywhere
@pytest.mark.parametrize("kind", COMPANY)
@pytest.mark.parametrize(("decimals", "clock_s", "every_min"), [(7, 1, 2.0), (4, 60, 1.0), (5, 600, 2.0), (7, 1, 0.1)])
def test_ships_in_company_are_not_one_track(
    place: str, kind: str, decimals: int, clock_s: int, every_min: float
) -> None:
    fixes = on_the_clock(rounded(in_company(place, kind, every_min), decimals), seconds=clock_s)
    one, two = (of(fixes, mmsi) for mmsi in np.unique(fixes.mmsi)[:2].tolist())
    assert one_track_of(one, two) is None
    assert one_track_of(two, one) is None


def same(one: OneTrack | None, two: OneTrack | None) -> bool:
    assert one is not None
    assert two is not None
    return one.lag_ms == two.lag_ms and abs(one.offset_m - two.offset_m) < 0.5 and len(one.again) == len(two.again)


@settings(max_examples=12, deadline=None)
@given(
    lag_s=st.integers(-3600, 3600),
    east_m=st.floats(-400, 400),
    north_m=st.floats(-400, 400),
    turn_deg=st.floats(-180, 180),
    days=st.integers(-400, 400),
)
def test_the_finding_turns_with_the_globe_moves_with_time_and_swaps_with_the_ships(
    lag_s: int, east_m: float, north_m: float, turn_deg: float, days: int
) -> None:
    fixes = wanderer("mid latitude", every_min=4.0)
    copy = later(fixes, hours=lag_s / 3600.0, mmsi=COPY)
    copy = shifted(copy, np.arange(len(copy)), east_m=east_m, north_m=north_m)
    found = one_track_of(fixes, copy)

    def elsewhere(track: Fixes) -> Fixes:
        lon = (track.lon_e7.astype(np.int64) + round(turn_deg * 1e7) + 1_800_000_000) % 3_600_000_000 - 1_800_000_000
        return later(Fixes(**{**track.__dict__, "lon_e7": lon.astype(np.int32)}), hours=24.0 * days)

    assert same(found, one_track_of(elsewhere(fixes), elsewhere(copy)))
    swapped = one_track_of(copy, fixes)
    assert found is not None
    assert swapped is not None
    assert swapped.lag_ms == -found.lag_ms
    assert len(swapped.again) == len(found.again)


def test_places_of_three_decimals_tell_nothing() -> None:
    fixes = rounded(wanderer("mid latitude"), 3)
    assert one_track_of(fixes, later(fixes, hours=0.025, mmsi=COPY)) is None
    assert one_track_of(ordered(fixes).take(slice(0, 5)), fixes) is None


@everywhere
@pytest.mark.parametrize("jitter_m", [0.0, 3.0])
def test_ships_made_fast_in_smoothed_data_on_one_clock_are_not_surely_one_track(place: str, jitter_m: float) -> None:
    lon, lat = PLACES[place]
    minutes, rng = np.arange(300), np.random.default_rng(7)
    north_m = 18.0 * minutes + jitter_m * rng.standard_normal(300)
    east_m = 400.0 * np.sin(minutes / 40.0) + jitter_m * rng.standard_normal(300)
    per_deg = 111_195.0
    base = wanderer(place).take(np.arange(300))
    x = (lon + east_m / per_deg / np.cos(np.radians(lat)) + 180.0) % 360.0 - 180.0
    one = replace(
        base,
        time_ms=minutes * 60_000,
        lon_e7=np.rint(x * 1e7).astype(np.int32),
        lat_e7=np.rint((lat + north_m / per_deg) * 1e7).astype(np.int32),
    )
    two = shifted(later(one, hours=0.0, mmsi=COPY), np.arange(300), east_m=25.0, north_m=0.0)
    assert one_track_of(one, two) is None


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    every_s=st.integers(2, 180),
    lag_s=st.integers(-7200, 7200),
    heard=st.floats(0.2, 1.0),
    clock_s=st.sampled_from([1, 10, 30]),
)
def test_no_lag_is_found_where_a_quick_look_sees_no_moments_shared(
    seed: int, every_s: int, lag_s: int, heard: float, clock_s: int
) -> None:
    rng = np.random.default_rng(seed)
    moments = np.cumsum(rng.integers(every_s, 3 * every_s, 400))
    own, again = (
        1000 * (np.sort(times) // clock_s * clock_s).astype(np.int64)
        for times in (moments, moments[rng.random(400) < heard] + lag_s)
    )
    ours, theirs = (Said(times, times // 500, times // 700) for times in (own, again))
    about = np.sort(rng.choice(again, 2))
    probes = probes_of(again, (int(about[0]), int(about[1])))
    times = np.concatenate([own, again]), np.array([0, len(own), len(own) + len(again)])
    may = bool(may_be_one_track(times, np.array([0]), np.array([1]), about[None, :])[0])
    assert may or not lags_of(ours, theirs, probes, 1e9)
    assert may or heard < 0.5


def test_two_ships_of_their_own_moments_are_left_out_at_a_quick_look() -> None:
    rng = np.random.default_rng(7)
    one, two = (np.cumsum(rng.integers(30_000, 90_000, 600)) for _ in range(2))
    times = np.concatenate([one, two, one + 60_000]), np.array([0, 600, 1200, 1800])
    about = np.full((2, 2), (one[200], one[400]))
    assert may_be_one_track(times, np.array([0, 0]), np.array([1, 2]), about).tolist() == [False, True]
