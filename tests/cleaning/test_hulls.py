"""Several hulls on one MMSI, and single wild fixes."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detectors.test_contact import track
from tests.shared_data import shared
from tracker.cleaning import hulls as cleaning
from tracker.cleaning.hulls import OUTLIER, HullParams, segment, split_hulls, split_tracks
from tracker.geo.kernels import distance_m
from tracker.tables.fixes import Fixes, concat_fixes
from tracker.tables.segments import REASON_NAMES
from tracker.tables.tracks import Tracks

PARAMS = HullParams()


def interleave(*tracks: Fixes) -> Fixes:
    joined = concat_fixes(list(tracks))
    return joined.take(np.argsort(joined.time_ms, kind="stable"))


def test_two_hulls_that_share_an_mmsi_come_apart() -> None:
    here = track(412000000, [(float(m), 100.0 * m, 0.0) for m in range(0, 120, 2)])
    there = track(412000000, [(m + 1.0, 90_000.0, 80.0 * m) for m in range(0, 120, 2)])
    hulls, label = split_hulls(interleave(here, there), params=PARAMS)
    assert [len(hull.fixes) for hull in hulls] == [60, 60]
    assert not np.any(label == OUTLIER)


def test_one_hull_stays_one() -> None:
    hulls, label = split_hulls(track(412000000, [(float(m), 300.0 * m, 0.0) for m in range(0, 600, 3)]), params=PARAMS)
    assert len(hulls) == 1
    assert np.all(label == 0)


def test_single_wild_fixes_are_set_aside_and_the_ship_goes_on() -> None:
    legs = [(float(m), 20.0 * m, 0.0) for m in range(0, 300, 2)]
    legs[40] = (legs[40][0], legs[40][1], 700.0)
    legs[90] = (legs[90][0], legs[90][1] + 40_000.0, 0.0)
    hulls, label = split_hulls(track(412000000, legs), params=PARAMS)
    assert len(hulls) == 1
    assert np.flatnonzero(label == OUTLIER).tolist() == [40, 90]


def test_a_fast_ferry_that_turns_is_not_wild() -> None:
    # 40 kn out and back, and says so
    legs = [(float(m), 1235.0 * m if m <= 10 else 1235.0 * (20 - m), 0.0) for m in range(21)]
    ferry = track(412000000, legs)
    ferry = Fixes(**{**ferry.__dict__, "sog_kn": np.full(21, 40.0, np.float32)})
    _, label = split_hulls(ferry, params=PARAMS)
    assert not np.any(label == OUTLIER)


def test_nothing_gives_nothing() -> None:
    hulls, label = split_hulls(track(1, [(0.0, 0.0, 0.0)]).take(slice(0, 0)), params=PARAMS)
    assert hulls == []
    assert len(label) == 0


def test_the_shared_taiwanese_mmsi_is_several_hulls_each_of_which_could_be_a_ship() -> None:
    text = shared("real/gfw/gfw_segment_416000000_taiwan_shared_mmsi.jsonl").read_text()
    rows = [json.loads(line) for line in text.splitlines()]
    rows = sorted({(row["timestamp"], row["lon"], row["lat"]) for row in rows})
    time_ms = (
        np.array([np.datetime64(t[:19].replace(" ", "T")) for t, _, _ in rows])
        .astype("datetime64[ms]")
        .astype(np.int64)
    )
    n = len(rows)
    unknown = np.full(n, np.nan, np.float32)
    lon, lat = np.array([row[1] for row in rows]), np.array([row[2] for row in rows])
    fixes = Fixes(
        time_ms=time_ms,
        mmsi=np.full(n, 416000000, np.int32),
        lon_e7=np.rint(lon * 1e7).astype(np.int32),
        lat_e7=np.rint(lat * 1e7).astype(np.int32),
        sog_kn=unknown,
        cog_deg=unknown,
        heading_deg=unknown,
        nav_status=np.full(n, -1, np.int8),
        flags=np.zeros(n, np.uint8),
    )
    hulls, _ = split_hulls(fixes, params=PARAMS)
    assert len(hulls) >= 3
    for hull in hulls:
        f = hull.fixes
        leg_m = distance_m(f.lon[:-1], f.lat[:-1], f.lon[1:], f.lat[1:])
        slip_m = PARAMS.position_error_m + 0.51445 * 10.0 * PARAMS.clock_slip_s
        reach_m = slip_m + PARAMS.max_speed_kn * 0.51445 * np.diff(f.time_ms) / 1000.0
        assert np.all(leg_m <= 2 * PARAMS.position_error_m + reach_m)
        hours = np.diff(f.time_ms) / 3.6e6
        silent = hours > 2.0
        assert np.all(leg_m[silent] / 1852.0 / hours[silent] < 40.0)


def reasons(fixes: Fixes) -> list[str]:
    return [REASON_NAMES[code] for code in segment(fixes, params=PARAMS).reason]


def said(fixes: Fixes, sog_kn: float, cog_deg: float = 90.0) -> Fixes:
    """The same reports with a speed and a course."""
    n = len(fixes)
    return Fixes(
        **{**fixes.__dict__, "sog_kn": np.full(n, sog_kn, np.float32), "cog_deg": np.full(n, cog_deg, np.float32)}
    )


PLACES = [(124.3, 30.6), (25.0, 71.0), (-30.0, 0.0), (180.0, -17.0)]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("away_m", [8_000.0, 46_000.0, 90_000.0])
def test_a_bad_fix_far_off_after_a_silence_is_set_aside_and_the_hull_goes_on(
    place: tuple[float, float], away_m: float
) -> None:
    drifting = [(float(m), 15.0 * m, 0.0) for m in [*range(0, 60, 3), *range(240, 330, 3)]]
    drifting[20] = (drifting[20][0], drifting[20][1], away_m)
    fixes = said(track(412000000, drifting, place), 0.5)
    hulls, label = split_hulls(fixes, params=PARAMS)
    assert len(hulls) == 1
    assert np.flatnonzero(label == OUTLIER).tolist() == [20]
    assert reasons(fixes)[20] in {"far_after_silence", "wild_position"}


@pytest.mark.parametrize("place", PLACES)
def test_a_bad_fix_far_off_before_a_silence_is_set_aside_and_the_hull_goes_on(place: tuple[float, float]) -> None:
    drifting = [(float(m), 15.0 * m, 0.0) for m in [*range(0, 60, 3), *range(300, 390, 3)]]
    drifting[19] = (drifting[19][0], drifting[19][1], 46_000.0)
    fixes = said(track(412000000, drifting, place), 0.5)
    hulls, label = split_hulls(fixes, params=PARAMS)
    assert len(hulls) == 1
    assert np.flatnonzero(label == OUTLIER).tolist() == [19]


def test_a_ship_that_really_went_there_during_the_silence_loses_no_fix() -> None:
    went = [(float(m), 0.0, 0.0) for m in range(0, 60, 3)] + [(float(m), 46_000.0, 0.0) for m in range(240, 330, 3)]
    assert set(reasons(said(track(412000000, went), 0.1))) == {""}


@pytest.mark.parametrize("step_e7", [100, 167, 1000])
def test_the_same_fixes_with_other_rounding_from_another_file_count_once(step_e7: int) -> None:
    # five decimals, 1/10,000 minute as NMEA sends, four decimals
    one = said(track(412000000, [(float(m), 300.0 * m, 40.0 * m) for m in range(0, 120, 2)]), 9.7)
    rounded = {name: np.rint(getattr(one, name) / step_e7).astype(np.int32) * step_e7 for name in ("lon_e7", "lat_e7")}
    other = Fixes(**{**one.__dict__, **rounded})
    both = interleave(one, other)
    hulls, _ = split_hulls(both, params=PARAMS)
    assert [len(hull.fixes) for hull in hulls] == [len(one)]
    assert reasons(both).count("repeated_report") == len(one)


def test_a_fix_heard_again_by_a_station_with_a_late_clock_counts_once() -> None:
    one = said(track(412000000, [(float(m), 300.0 * m, 0.0) for m in range(0, 120, 2)]), 9.7)
    late = Fixes(**{**one.__dict__, "time_ms": one.time_ms + 41_000})
    both = interleave(one, late)
    assert reasons(both).count("repeated_report") == len(one)
    (hull,) = split_hulls(both, params=PARAMS)[0]
    assert np.array_equal(hull.fixes.time_ms, one.time_ms)


def test_a_ship_at_anchor_that_says_the_same_again_and_again_repeats_nothing() -> None:
    assert set(reasons(said(track(412000000, [(m / 2.0, 0.0, 0.0) for m in range(200)]), 0.0))) == {""}


def test_reports_relayed_some_minutes_late_do_not_make_a_second_hull() -> None:
    legs = [(float(m), 500.0 * m, 0.0) for m in range(0, 120, 2)]
    slipped = [(m + (4.0 if 40 <= m < 44 else 0.0), east, north) for m, east, north in legs]
    hulls, _ = split_hulls(said(track(412000000, sorted(slipped)), 16.2), params=PARAMS)
    assert len(hulls) == 1


@pytest.mark.parametrize("sog_kn", [None, 0.0])
def test_a_ship_that_says_no_speed_or_always_nought_may_turn(sog_kn: float | None) -> None:
    legs = [(5.0 * m, 3000.0 * min(m, 20), 3000.0 * max(m - 20, 0)) for m in range(41)]
    fixes = track(412000000, legs)
    fixes = fixes if sog_kn is None else said(fixes, sog_kn)
    assert set(reasons(fixes)) == {""}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 600), st.integers(-90, 90), st.integers(-90, 90)), min_size=1, max_size=60))
def test_every_report_is_in_a_hull_or_set_aside_with_a_reason_and_hulls_are_possible(
    rows: list[tuple[int, int, int]],
) -> None:
    fixes = track(412000000, [(float(m), 1000.0 * e, 1000.0 * n) for m, e, n in sorted(rows)])
    found = segment(fixes, params=PARAMS)
    assert np.array_equal(found.label == OUTLIER, found.reason > 0)
    assert sum(len(hull.fixes) for hull in found.hulls) == np.count_nonzero(found.label != OUTLIER)
    for hull in found.hulls:
        f = hull.fixes
        hours = np.maximum(np.diff(f.time_ms) / 3.6e6, 1e-9)
        leg_m = distance_m(f.lon[:-1], f.lat[:-1], f.lon[1:], f.lat[1:])
        assert np.all(leg_m <= 2000.0 + 60.0 * 1852.0 * hours)


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 59.0, -71.0, 88.0]))
def test_a_track_taken_for_plain_is_one_hull_by_the_exact_rules(seed: int, lat: float) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 80))
    minutes = np.cumsum(rng.choice([0.0, 0.02, 0.2, 1.0, 3.0, 45.0, 200.0], n))
    knots = rng.uniform(0, 20)
    legs = [(m, knots * 30.87 * m + rng.normal(0, 20), rng.normal(0, 20)) for m in minutes.tolist()]
    fixes = track(412000000, legs)
    moved = {"lat_e7": fixes.lat_e7 + np.int32(lat * 1e7) - fixes.lat_e7[0]}
    said = {"sog_kn": np.where(rng.random(n) < 0.2, np.nan, knots + rng.normal(0, 1, n)).astype(np.float32)}
    if rng.random() < 0.6:
        # a wild fix or two, a little farther than the rules let pass or a little less
        at = rng.integers(0, n, 2)
        moved["lat_e7"] = moved["lat_e7"].copy()
        moved["lat_e7"][at] += rng.integers(5_000, 60_000, 2).astype(np.int32)
    fixes = Fixes(**{**fixes.__dict__, **moved, **said})
    found, look = segment(fixes, params=PARAMS), cleaning._look_over
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cleaning, "_look_over", lambda *asked: (look(*asked)[0], np.array([False])))
        exact = segment(fixes, params=PARAMS)
    assert found.label.tolist() == exact.label.tolist()
    assert found.reason.tolist() == exact.reason.tolist()
    assert [h.fixes.time_ms.tolist() for h in found.hulls] == [h.fixes.time_ms.tolist() for h in exact.hulls]


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_many_tracks_split_at_once_are_split_as_each_alone(seed: int) -> None:
    rng = np.random.default_rng(seed)
    tracks = {}
    for mmsi in range(412000000, 412000006):
        n = int(rng.integers(1, 60))
        minutes = np.cumsum(rng.choice([0.0, 0.02, 1.0, 3.0, 200.0], n))
        legs = [(m, 200.0 * m + rng.choice([0.0, 0.0, 0.0, 30_000.0]), rng.normal(0, 20)) for m in minutes.tolist()]
        tracks[mmsi] = track(mmsi, legs)
    found = split_tracks(Tracks.of(tracks), params=PARAMS)
    for mmsi, fixes in tracks.items():
        alone = [hull.fixes.time_ms.tolist() for hull in segment(fixes, params=PARAMS).hulls]
        assert [hull.time_ms.tolist() for hull in found[mmsi]] == alone
