"""The compiled looks at raw tracks never exclude what the exact functions find."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.fleet import fixes_at, random_fleet
from tracker.cleaning.hulls import HullParams, split_hulls, split_tracks
from tracker.detectors.contact import ContactParams, find_contacts, opening_distance_m, pair_tracks, spans_within
from tracker.detectors.encounters import EncounterParams, refine, windows_of
from tracker.detectors.order import medians_of, quantiles_of
from tracker.engine import scan
from tracker.geo.kernels import distance_m, ecef_m, local_xy_m, midpoint, surface_deg
from tracker.geo.kernels.straight import longest_line
from tracker.geo.kernels.tracks import near_between
from tracker.tables.fixes import concat_fixes, frozen
from tracker.tables.positions import LOW_ACCURACY
from tracker.tables.ship import Ship
from tracker.tables.tracks import Tracks

few = settings(max_examples=6)
seeds = st.integers(0, 2**32 - 1)
latitudes = st.sampled_from([0.0, 38.0, -52.0, 71.0, 79.9, -90.0])


STEP_S = 300.0
LONG = ContactParams(bridge_min=1e5, min_duration_min=25.0)
"""Every leg is straight, and a contact is not short."""


def tracks_of(fixes):
    """Reports by MMSI."""
    return [fixes.take(fixes.mmsi == mmsi) for mmsi in np.unique(fixes.mmsi)]


def may_meet(one, two, limit_m, *, least_s=0.0):
    """The compiled look at bounds."""
    if min(len(one), len(two)) < 2:
        return False
    both = concat_fixes([one, two])
    columns = (frozen(column) for column in (both.time_ms, both.lon_e7, both.lat_e7))
    first_ms, last_ms = near_between(*columns, 0, len(one), len(one), len(both), limit_m)
    return last_ms - first_ms >= 1000.0 * least_s


@few
@given(seeds, latitudes, st.sampled_from([50.0, 250.0, 900.0]))
def test_tracks_that_come_within_a_distance_are_never_excluded(seed, lat, limit_m):
    tracks = tracks_of(random_fleet(seed, lon=179.99, lat=lat, ships=6, hours=20))
    for i, one in enumerate(tracks):
        for two in tracks[:i]:
            pair = pair_tracks(one, two, params=LONG)
            if pair is not None and not may_meet(one, two, limit_m):
                assert pair.distance_m.min() > limit_m
                assert not len(spans_within(pair, limit_m))
            for contact in [] if pair is None else find_contacts(pair, open_distance_m=limit_m, params=LONG):
                assert may_meet(one, two, limit_m, least_s=60.0 * LONG.min_duration_min - 1.0)
                assert contact.end_s - contact.start_s >= 60.0 * LONG.min_duration_min


def test_ships_moored_400_m_apart_are_excluded_at_300_and_not_at_450():
    rng = np.random.default_rng(2)
    time_s = np.arange(400) * 180.0
    one, two = (
        fixes_at([(t + n, 1 + n, 122.0 + rng.normal(0, 3e-5), 36.0 + n * 0.0036 + rng.normal(0, 3e-5)) for t in time_s])
        for n in (0, 1)
    )
    assert not may_meet(one, two, 300.0)
    assert may_meet(one, two, 450.0)


@few
@given(seeds)
def test_windows_left_out_hold_no_contact_with_a_whole_step_together(seed):
    fixes = random_fleet(seed, ships=10, hours=20, size_m=2_500.0)
    candidates, params = scan([fixes]).candidates, EncounterParams()
    hulls = {int(t.mmsi[0]): [h.fixes for h in split_hulls(t, params=HullParams())[0]] for t in tracks_of(fixes)}

    def ship_at(mmsi, _time_ms):
        return Ship(mmsi, length_m=100.0 + mmsi % 7 * 40)

    every, few_windows = windows_of(candidates), windows_of(candidates, ship_at, params=params)
    assert set(few_windows) <= set(every)
    found, all_found = (list(refine(windows, hulls, ship_at, params=params)) for windows in (few_windows, every))
    ours = {(f.mmsi_1, f.mmsi_2, f.contact.start_s) for f in found}
    for f in all_found:
        # nearer than the opening distance for a whole step, they are so at a step
        longest_s = np.diff(f.contact.together_s, axis=1).max()
        assert (f.mmsi_1, f.mmsi_2, f.contact.start_s) in ours or longest_s < STEP_S


@few
@given(seeds, latitudes)
def test_contacts_found_in_all_windows_at_once_are_those_that_each_pair_of_tracks_has(seed, lat):
    fixes = random_fleet(seed, lon=-179.99, lat=lat, ships=10, hours=20, size_m=2_500.0)
    rng = np.random.default_rng(seed)
    flags = np.where(rng.random(len(fixes)) < 0.05, LOW_ACCURACY, 0).astype(np.uint8)
    fixes = replace(fixes, flags=flags)
    hulls = split_tracks(Tracks.of({int(t.mmsi[0]): t for t in tracks_of(fixes)}), params=HullParams())
    every, params = windows_of(scan([fixes]).candidates), EncounterParams()

    def ship_at(mmsi, _time_ms):
        return Ship(mmsi, length_m=100.0 + mmsi % 7 * 40)

    expected = []
    for mmsi_1, mmsi_2, begin_ms, end_ms in every:
        open_m = opening_distance_m(*(ship_at(m, 0).length_m for m in (mmsi_1, mmsi_2)), params=params.contact)
        sides = [
            [t.take((t.time_ms >= begin_ms) & (t.time_ms <= end_ms) & (t.flags == 0)) for t in hulls[mmsi]]
            for mmsi in (mmsi_1, mmsi_2)
        ]
        for one in sides[0]:
            for two in sides[1]:
                pair = pair_tracks(one, two, params=params.contact)
                if pair is not None:
                    expected += [
                        (mmsi_1, mmsi_2, contact, pair)
                        for contact in find_contacts(pair, open_distance_m=open_m, params=params.contact)
                    ]
    for given_hulls in (hulls, dict(hulls)):
        found = list(refine(every, given_hulls, ship_at, params=params))
        assert len(found) == len(expected)
        for f, (mmsi_1, mmsi_2, contact, pair) in zip(found, expected, strict=True):
            assert (f.mmsi_1, f.mmsi_2) == (mmsi_1, mmsi_2)
            assert np.allclose(f.contact.together_s, contact.together_s, rtol=0.0, atol=1e-5)
            assert np.isclose(f.contact.hole_s, contact.hole_s, rtol=0.0, atol=1e-5)
            e = f.evidence
            inside = (pair.time_s >= contact.start_s - 1e-6) & (pair.time_s <= contact.end_s + 1e-6)
            assert not inside.any() or e.min_distance_m >= pair.distance_m[inside].min() - 1e-5


@settings(max_examples=8)
@given(seeds, latitudes, st.sampled_from([2_500.0, 4_000.0]))
def test_paths_that_end_where_ships_were_seen_apart_tell_of_a_contact_what_whole_paths_do(seed, lat, size_m):
    fixes = random_fleet(seed, lon=179.99, lat=lat, ships=14, hours=30, size_m=size_m)
    hulls = split_tracks(Tracks.of({int(t.mmsi[0]): t for t in tracks_of(fixes)}), params=HullParams())
    every, params = windows_of(scan([fixes]).candidates), EncounterParams()

    def found():
        for f in refine(every, hulls, lambda mmsi, _: Ship(mmsi, length_m=90.0, beam_m=15.0), params=params):
            yield f.mmsi_1, f.mmsi_2, f.contact.together_s.tolist(), f.contact.hole_s, f.evidence

    cut = list(found())
    with pytest.MonkeyPatch.context() as patch:
        # a ship that has to be farther off than any is never seen so, and the path is whole
        patch.setattr("tracker.detectors.refining.APART_M", np.inf)
        assert cut == list(found())


def test_passing_within_a_distance_for_minutes_is_excluded_where_a_quarter_of_an_hour_is_asked_for():
    time_s = np.arange(60) * 120.0
    one, two = (
        fixes_at([(t + n, 1 + n, 122.0 + sign * (t - 3600.0) * 5e-5, 36.0 + n * 0.001) for t in time_s])
        for n, sign in ((0, 1.0), (1, -1.0))
    )
    assert may_meet(one, two, 250.0)
    assert not may_meet(one, two, 250.0, least_s=900.0)


@few
@given(seeds, latitudes)
def test_compiled_pairs_lie_where_the_plain_formulas_put_them(seed, lat):
    tracks = [t for t in tracks_of(random_fleet(seed, lon=-179.99, lat=lat, ships=4, hours=10)) if len(t) > 1]
    for i, one in enumerate(tracks):
        for two in tracks[:i]:
            pair = pair_tracks(one, two, params=ContactParams())
            times = [track.time_ms / 1000.0 for track in (one, two)]
            if pair is None:
                assert max(t[0] for t in times) >= min(t[-1] for t in times)
                continue
            # seconds since 1970 as a float are off by a quarter of a microsecond, in which a wild fix makes a millimetre or two:
            # the unit of a place, 11 mm, is what must agree
            union = np.union1d(*times)
            union = union[(union >= max(t[0] for t in times)) & (union <= min(t[-1] for t in times))]
            assert pair.time_s.tolist() == union.tolist()
            lon_1, lat_1, lon_2, lat_2 = (
                c
                for track, own in zip((one, two), times, strict=True)
                for c in surface_deg(*(np.interp(union, own, axis) for axis in ecef_m(track.lon, track.lat)))
            )
            middle = midpoint(lon_1, lat_1, lon_2, lat_2)
            vector = [
                b - a for a, b in zip(local_xy_m(lon_1, lat_1, *middle), local_xy_m(lon_2, lat_2, *middle), strict=True)
            ]
            assert np.max(distance_m(pair.lon_1, pair.lat_1, lon_1, lat_1)) < 1e-2
            assert np.max(distance_m(pair.lon_2, pair.lat_2, lon_2, lat_2)) < 1e-2
            if abs(lat) < 80.0:
                np.testing.assert_allclose(pair.east_m, vector[0], atol=1e-2, rtol=1e-8)
                np.testing.assert_allclose(pair.north_m, vector[1], atol=1e-2, rtol=1e-8)
            else:
                np.testing.assert_allclose(pair.distance_m, np.hypot(*vector), atol=1e-2, rtol=1e-8)


@settings(max_examples=60)
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40), st.sampled_from([0.0, 0.25, 0.5, 0.9, 1.0]))
def test_medians_and_quantiles_are_those_of_numpy_to_the_last_bit(values, share):
    lines = np.array([[*values, np.nan, 3.0], [*values[::-1], 0.0, np.inf], [np.nan] * (len(values) + 2)])
    known = np.array([[True] * len(values) + [False, False]] * 2 + [[False] * (len(values) + 2)])
    for many, one in (
        (medians_of(lines, known), np.median(values)),
        (quantiles_of(lines, known, share), np.quantile(values, share)),
    ):
        assert many[:2].tolist() == [one, one]
        assert np.isnan(many[2])


@few
@given(seeds, st.sampled_from([(20.0, 0.0), (179.95, 10.0), (30.0, -70.0)]), st.sampled_from([0.01, 0.1, 0.6]))
def test_the_longest_straight_part_is_that_of_the_plain_rules(seed, place, bend):
    rng = np.random.default_rng(seed)
    course = np.cumsum(rng.normal(0.0, bend, int(rng.integers(2, 60))))
    lon = (place[0] + np.cumsum(np.sin(course) * 0.008) + 180.0) % 360.0 - 180.0
    lat = place[1] + np.cumsum(np.cos(course) * 0.005)

    def is_line(part):
        east, north = local_xy_m(lon[part], lat[part], lon[part.start], lat[part.start])
        length = np.hypot(east[-1], north[-1])
        off, along = np.abs(east * north[-1] - north * east[-1]), (east * east[-1] + north * north[-1])
        return 500.0 <= length <= 1e5 and off.max() <= 463.0 * length and (np.diff(along) > 0).all()

    best, first = (0.0, 0, 0), 0
    for last in range(1, len(lon)):
        while last > first + 1 and not is_line(slice(first, last + 1)):
            first += 1
        best = max(best, (float(distance_m(lon[first], lat[first], lon[last], lat[last])), first, last))
    assert longest_line(np.column_stack(ecef_m(lon, lat)), lon, lat, 463.0, 500.0, 1e5, np.inf) == best[1:]


@settings(max_examples=50)
@given(sizes=st.lists(st.integers(0, 30), max_size=12), most=st.integers(1, 60))
def test_parts_of_tracks_hold_every_vessel_once_and_few_reports(sizes: list[int], most: int) -> None:
    fixes = fixes_at([(float(n), ship, 10.0, 50.0) for ship, size in enumerate(sizes) for n in range(size)])
    starts = np.append(0, np.cumsum(sizes, dtype=np.int64))
    tracks = Tracks(fixes.take(np.argsort(fixes.mmsi, kind="stable")), np.arange(len(sizes), dtype=np.int32), starts)
    parts = list(tracks.in_parts(most))
    assert [vessel for part in parts for vessel in part] == list(tracks)
    assert all(len(part.fixes) <= most or len(part) == 1 for part in parts)
    for part in parts:
        for vessel in part:
            assert part[vessel].time_ms.tolist() == tracks[vessel].time_ms.tolist()
            assert set(part[vessel].mmsi.tolist()) <= {vessel}
