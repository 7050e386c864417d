"""Laws of the pass: what must not matter does not matter, to the last bit."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.fleet import cut, random_fleet, shuffle_ties
from tracker.engine import ScanParams, scan

seeds = st.integers(0, 2**32 - 1)
latitudes = st.sampled_from([0.0, 38.0, -52.0, 71.0, 84.999, 89.9, -90.0])
few = settings(max_examples=12)


def rows(table):
    """The rows of a table as tuples."""
    return [tuple(row.values()) for row in table.to_pylist()]


def same(one, other, *tables):
    """Whether two scans are equal, byte for byte."""
    return all(getattr(one, name).equals(getattr(other, name)) for name in tables)


@few
@given(seeds, latitudes, st.data())
def test_cutting_the_stream_anywhere_changes_nothing(seed, lat, data):
    fixes = random_fleet(seed, lon=179.99, lat=lat, ships=8)
    places = data.draw(st.lists(st.integers(0, len(fixes)), max_size=20))
    whole, parts = scan([fixes]), scan(cut(fixes, places))
    assert same(whole, parts, "candidates", "slow_spells", "silences")
    assert whole.counts == parts.counts


@few
@given(seeds, latitudes, st.integers(1, 6), st.integers(0, 4))
def test_the_stride_search_finds_what_a_search_of_every_step_finds(seed, lat, min_steps, missed_steps):
    fixes = random_fleet(seed, lat=lat, ships=10)
    stride = scan([fixes], params=ScanParams(min_steps=min_steps, missed_steps=missed_steps)).candidates
    # contacts of one step or more leave no step unsearched
    every = scan([fixes], params=ScanParams(min_steps=1, missed_steps=missed_steps)).candidates
    assert rows(stride) == [row for row in rows(every) if row[4] >= min_steps]


@few
@given(seeds, st.integers(1, 40))
def test_time_shifted_by_whole_steps_shifts_the_answer(seed, steps):
    fixes = random_fleet(seed, ships=8)
    shift_ms = steps * 300_000
    later = scan([replace(fixes, time_ms=fixes.time_ms + shift_ms)])
    for name in ("candidates", "slow_spells", "silences"):
        moved = getattr(scan([fixes]), name)
        for column in ("start_time", "end_time"):
            place = moved.schema.get_field_index(column)
            times = pa.array(moved.column(column).cast(pa.int64()).to_numpy() + shift_ms).cast(
                moved.schema.types[place]
            )
            moved = moved.set_column(place, moved.schema.field(place), times)
        assert getattr(later, name).equals(moved)


@few
@given(seeds, latitudes, st.integers(-1_800_000_000, 1_799_999_999))
def test_turning_the_globe_changes_nothing_but_longitudes(seed, lat, turn_e7):
    fixes = random_fleet(seed, lon=10.0, lat=lat, ships=8)
    lon = (fixes.lon_e7.astype(np.int64) + turn_e7 + 1_800_000_000) % 3_600_000_000 - 1_800_000_000
    turned, plain = scan([replace(fixes, lon_e7=lon.astype(np.int32))]), scan([fixes])
    assert same(turned, plain, "candidates")
    assert turned.counts == plain.counts
    for name in ("mmsi", "start_time", "end_time", "lat", "spread_m", "median_speed_kn"):
        assert turned.slow_spells.column(name).equals(plain.slow_spells.column(name))


@few
@given(seeds, latitudes)
def test_south_is_like_north(seed, lat):
    fixes = random_fleet(seed, lat=lat, ships=8)
    mirrored, plain = scan([replace(fixes, lat_e7=-fixes.lat_e7)]), scan([fixes])
    names = ("mmsi_1", "mmsi_2", "start_time", "end_time", "steps")
    assert mirrored.candidates.select(names).equals(plain.candidates.select(names))
    assert np.allclose(*(np.array(s.candidates.column("min_distance_m")) for s in (mirrored, plain)), atol=1e-6)


@few
@given(seeds, seeds)
def test_other_names_for_the_ships_are_all_that_changes(seed, other):
    fixes = random_fleet(seed, ships=8)
    old = np.unique(fixes.mmsi)
    new = np.random.default_rng(other).choice(999_999_999, len(old), replace=False).astype(np.int32) + 1
    renamed, plain = scan([replace(fixes, mmsi=new[np.searchsorted(old, fixes.mmsi)])]), scan([fixes])
    names = dict(zip(old.tolist(), new.tolist(), strict=True))
    assert rows(renamed.candidates) == sorted(
        (*sorted((names[a], names[b])), *rest) for a, b, *rest in rows(plain.candidates)
    )
    assert sorted(rows(renamed.slow_spells)) == sorted((names[m], *rest) for m, *rest in rows(plain.slow_spells))


@few
@given(seeds, seeds)
def test_the_order_of_reports_of_one_moment_does_not_matter(seed, other):
    fixes = random_fleet(seed, ships=8)
    fixes = fixes.take(np.sort(np.unique(np.rec.fromarrays([fixes.time_ms, fixes.mmsi]), return_index=True)[1]))
    assert same(scan([shuffle_ties(fixes, other)]), scan([fixes]), "candidates", "slow_spells", "silences")


@few
@given(seeds)
def test_a_fleet_on_the_other_side_of_the_globe_changes_nothing_here(seed):
    here = random_fleet(seed, lon=10.0, ships=6)
    there = random_fleet(seed + 1, lon=-170.0, lat=-38.0, ships=30)
    there = replace(there, mmsi=there.mmsi + 1_000)
    order = np.argsort(np.concatenate([here.time_ms, there.time_ms]), kind="stable")
    both = scan(
        [type(here)(*(np.concatenate([getattr(f, n) for f in (here, there)])[order] for n in here.__annotations__))]
    )
    ours = [row for row in rows(both.candidates) if row[0] < 100_001_000]
    assert ours == rows(scan([here]).candidates)


@few
@given(seeds)
def test_a_wider_radius_and_fewer_steps_never_lose_a_moment_of_contact(seed):
    fixes = random_fleet(seed, ships=8)
    narrow = rows(scan([fixes], params=ScanParams(candidate_radius_m=400, min_steps=4)).candidates)
    wide = rows(scan([fixes], params=ScanParams(candidate_radius_m=1_500, min_steps=2)).candidates)
    for a, b, start, end, *_ in narrow:
        assert any(row[:2] == (a, b) and row[2] <= start and end <= row[3] for row in wide)
