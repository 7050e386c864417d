"""What the pass finds in scenes of two or three ships: the behaviours of AIS that a cheap search must survive."""

import sys
import time

import numpy as np
import pytest

from tests.compiled import distance2_m2, near_and_nearest2
from tests.engine.fleet import T0_MS, concat_fixes, cut, fixes_at, random_fleet
from tests.engine.oracle import scan_plainly
from tracker.engine import Scanner, ScanParams, contacts, scan
from tracker.engine.aside import Aside
from tracker.engine.cells import cut_cells
from tracker.engine.records import RUN
from tracker.engine.searches import PairSearch
from tracker.geo.kernels import distance_m, from_local_xy_m
from tracker.tables.fixes import Fixes
from tracker.tables.positions import degrees_e7
from tracker.tables.scan import CANDIDATES, SILENCES, SLOW_SPELLS

A, B = 412_000_001, 511_000_002
HERE = (122.0, 36.0)
PLACES = [(120.0, 38.0), (15.0, 71.0), (-160.0, 0.01), (179.99, -17.0), (40.0, 89.97), (0.0, -90.0)]


def track(mmsi, time_h, east_m=0.0, north_m=0.0, *, at=HERE):
    """Rows of one ship at hours after T0, metres from a place."""
    time_h = np.atleast_1d(np.asarray(time_h, dtype=float))
    lon, lat = from_local_xy_m(*np.broadcast_arrays(east_m, north_m, time_h)[:2], *at)
    return list(zip(time_h * 3600, np.full(len(time_h), mmsi), lon, lat, strict=True))


def every(minutes, start_h, end_h):
    """Report times, hours."""
    return np.arange(start_h * 60, end_h * 60 + 1e-9, minutes) / 60


def found(*rows, **params):
    """The scan of a few tracks."""
    return scan([fixes_at([row for rows_ in rows for row in rows_])], params=ScanParams(**params))


def hours(table, column):
    """Times of a column as hours after T0."""
    return [(value.timestamp() * 1000 - T0_MS) / 3_600_000 for value in table.column(column).to_pylist()]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("seed", [1, 2])
def test_the_pass_agrees_with_every_pair_at_every_step(place, seed):
    fixes = random_fleet(seed, lon=place[0], lat=place[1], ships=8, hours=20)
    # no pair of these fleets comes within the centimetre of this radius that rounding moves
    params = ScanParams(min_steps=[3, 5][seed - 1], missed_steps=[1, 2][seed - 1], candidate_radius_m=1_005)
    candidates, spells, silences, counts = scan_plainly(fixes, params)
    result = scan([fixes], params=params)
    assert len(candidates) > 5
    ours = [tuple(row.values()) for row in result.candidates.to_pylist()]
    assert [(*row[:2], _ms(row[2]), _ms(row[3]), row[4]) for row in ours] == [row[:5] for row in candidates]
    assert [row[5] for row in ours] == pytest.approx([row[5] for row in candidates], abs=0.05)
    ours = [tuple(row.values()) for row in result.slow_spells.to_pylist()]
    assert [(row[0], _ms(row[1]), _ms(row[2])) for row in ours] == [row[:3] for row in spells]
    assert distance_m(
        *np.array([(*row[3:5], *plain[3:5]) for row, plain in zip(ours, spells, strict=True)]).T
    ).max() < (
        5.0 if abs(place[1]) < 85 else np.inf  # a mean longitude means nothing at a pole
    )
    assert [row[6] for row in ours] == pytest.approx([row[6] for row in spells], abs=0.06)
    if abs(place[1]) < 85:
        assert [row[5] for row in ours] == pytest.approx([row[5] for row in spells], rel=0.02, abs=1.0)
    ours = [tuple(row.values()) for row in result.silences.to_pylist()]
    assert [(row[0], _ms(row[1]), _ms(row[2])) for row in ours] == silences
    assert {name: result.counts[name] for name in counts} == counts


@pytest.mark.parametrize("radius_m", [50.0, 1_000.0, 20_000.0])
@pytest.mark.parametrize("place", [*PLACES, (-180.0, 60.0), (0.0, 88.99), (100.0, -89.0)])
def test_cells_miss_no_pair_and_give_each_once(place, radius_m):
    rng = np.random.default_rng(5)
    size_m = 4 * radius_m
    lon, lat = from_local_xy_m(*rng.uniform(-size_m, size_m, (2, 400)), *place)
    xs, ys = degrees_e7((lon + 180) % 360 - 180), degrees_e7(lat)
    mmsi = np.arange(1, 401, dtype=np.int32)
    mmsi[:2] = 7
    pairs, heads = np.empty((80_000, 2), np.int32), np.empty(256, np.int32)
    places, chain, keys = np.column_stack([xs, ys]), np.empty(400, np.int32), np.empty(400, np.int64)
    cells, runs, after = cut_cells(radius_m), np.zeros(40_000, RUN), np.empty(40_000, np.int32)
    carried = np.zeros((400, 2), np.int32)
    work = (heads, chain, keys, chain.copy())
    found, n = contacts.find_pairs(places, mmsi, cells, runs, carried, after, *work, pairs)
    assert found == n
    a, b = np.triu_indices(400, 1)
    gap_m = distance_m(xs[a] * 1e-7, ys[a] * 1e-7, xs[b] * 1e-7, ys[b] * 1e-7)
    given = list(map(tuple, np.sort(pairs[:n], axis=1).tolist()))
    slack_m = 1e-3 + radius_m * 1e-5
    assert len(given) == len(set(given))
    assert set(zip(a[gap_m < radius_m - slack_m], b[gap_m < radius_m - slack_m], strict=True)) - set(given) <= {(0, 1)}
    assert set(given) <= set(zip(a[gap_m < radius_m + slack_m], b[gap_m < radius_m + slack_m], strict=True)) - {(0, 1)}
    few = pairs[:3].copy()
    assert contacts.find_pairs(places, mmsi, cells, runs, carried, after, *work, few) == (n, n)
    # with runs of some pairs, in either order of rows, the others are new; of the last row all are known
    has_run = (rng.random(n) < 0.6) | (pairs[:n, 1] == pairs[:n, 1].max())
    known = int(has_run.sum())
    runs["row_1"][:known], runs["row_2"][:known] = rng.permuted(pairs[:n][has_run], axis=1).T
    expected = pairs[:n][~has_run].copy()
    contacts.follow_runs(places, runs, known, 1, 0, cells, carried, after)
    found, new = contacts.find_pairs(places, mmsi, cells, runs, carried, after, *work, pairs)
    assert (found, pairs[:new].tolist()) == (n, expected.tolist())


@pytest.mark.parametrize("place", PLACES)
def test_bounds_without_trigonometry_say_what_distances_say(place):
    rng = np.random.default_rng(3)
    cells, radius2 = cut_cells(1_000.0), 1_000.0**2
    angle, gap_m = rng.uniform(0, 2 * np.pi, 2_000), 1_000.0 + rng.normal(0, 0.05, 2_000)
    lon, lat = from_local_xy_m(gap_m * np.cos(angle), gap_m * np.sin(angle), *place)
    x0, y0 = degrees_e7(np.array(place)).tolist()
    for x1, y1 in zip(degrees_e7((lon + 180) % 360 - 180).tolist(), degrees_e7(lat).tolist(), strict=True):
        exact = distance2_m2(x0, y0, x1, y1)
        assert near_and_nearest2(x0, y0, x1, y1, radius2, cells) == (exact <= radius2, min(exact, radius2))


def test_a_meeting_over_the_new_year_is_one_candidate():
    result = found(track(A, every(2, -1, 3)), track(B, every(3, -1, 3), 80))
    assert result.candidates.num_rows == 1
    row = result.candidates.to_pylist()[0]
    assert (row["mmsi_1"], row["mmsi_2"]) == (A, B)
    assert hours(result.candidates, "start_time")[0] == pytest.approx(-1, abs=1 / 12)
    assert hours(result.candidates, "end_time")[0] == pytest.approx(3, abs=1 / 12)
    assert row["min_distance_m"] == pytest.approx(80, abs=0.05)


@pytest.mark.parametrize("offset_min", range(5))
def test_fifteen_minutes_together_are_never_missed(offset_min):
    times = offset_min / 60 + every(1, 0, 1.25)
    away = np.where((times >= 0.5 + offset_min / 60) & (times <= 0.75 + offset_min / 60), 100.0, 5_000.0)
    result = found(track(A, times), track(B, times, away))
    assert result.candidates.num_rows == 1


def test_reports_every_65_minutes_alongside_are_one_candidate_of_ten_hours():
    result = found(track(A, every(65, 0, 10)), track(B, every(65, 0.5, 10), 60))
    assert result.candidates.num_rows == 1
    assert hours(result.candidates, "end_time")[0] - hours(result.candidates, "start_time")[0] > 8
    assert result.silences.num_rows > 10


def test_a_reception_hole_of_hours_inside_a_contact_does_not_cut_it():
    times = np.concatenate([every(3, 0, 2), every(3, 6, 8)])
    result = found(track(A, times), track(B, times, 60))
    assert result.candidates.num_rows == 1
    assert result.candidates.column("steps").to_pylist() == [97]
    assert result.counts["bridged_silences"] == 2


def test_a_ship_that_sailed_fast_over_a_silence_has_no_places_in_it():
    there_and_on = track(A, [0, 4], [0.0, 80_000.0])
    result = found(track(B, every(5, 0, 4), 40_000), there_and_on)
    assert result.candidates.num_rows == 0
    assert result.silences.num_rows == 1


def test_a_silent_ship_does_not_meet_one_that_is_seen_50_km_away():
    result = found(track(A, [*every(5, 0, 1), *every(5, 7, 8)]), track(B, every(5, 0, 8), 50_000))
    assert result.candidates.num_rows == 0


def test_single_bad_places_inside_a_contact_do_not_cut_it():
    times = every(5, 0, 3)
    bad = np.where(np.arange(len(times)) % 12 == 6, 1_300.0, 60.0)
    result = found(track(A, times), track(B, times, bad))
    assert result.candidates.num_rows == 1
    assert result.candidates.column("steps").to_pylist() == [34]


def test_a_bad_place_far_away_opens_a_hull_and_leaves_the_track_alone():
    spike = track(B, [1.01], 400_000)
    plain, spoilt = (found(track(A, every(3, 0, 3)), track(B, every(3, 0, 3), 60), s) for s in ([], spike))
    assert spoilt.candidates == plain.candidates
    assert spoilt.slow_spells == plain.slow_spells
    assert spoilt.counts["jumps"] == 1


def test_two_hulls_on_one_number_keep_a_track_each_and_never_meet_each_other():
    here, there = track(A, every(3, 0, 3)), track(A, every(4, 0, 3), 90_000)
    result = found(here, there, track(B, every(3, 0, 3), 60), track(B + 1, every(3, 0, 3), 90_050))
    assert [(r["mmsi_1"], r["mmsi_2"], r["steps"]) for r in result.candidates.to_pylist()] == [
        (A, B, 37),
        (A, B + 1, 37),
    ]
    assert result.slow_spells.num_rows == 4
    assert result.counts["hulls"] == 4
    assert found(here, [(t + 37, m, x, y) for t, m, x, y in here]).candidates.num_rows == 0


def test_more_hulls_on_one_number_than_are_followed_cost_the_longest_unheard():
    many = [track(A, every(30, n / 60, 6), 150_000 * n) for n in range(9)]
    result = found(*many, track(B, every(2, 0, 6), 8 * 150_000 + 50), max_hulls=9)
    assert result.candidates.num_rows == 1
    assert result.counts["hulls_recycled"] == 0
    assert found(*many, max_hulls=4).counts["hulls_recycled"] > 50


def test_late_and_repeated_and_impossible_reports_are_counted_and_not_used():
    fixes = fixes_at(track(A, every(10, 0, 2)))
    late, twice = fixes.take([3]), fixes.take([-1, -1])
    wrong = Fixes(twice.time_ms, np.array([0, A], np.int32), np.array([1, 1_900_000_000], np.int32), *_rest(twice))
    counts = scan([concat_fixes([fixes, late, twice, wrong])]).counts
    assert (counts["fixes"], counts["used"], counts["late"], counts["duplicates"], counts["invalid"]) == (
        18,
        13,
        1,
        2,
        2,
    )


def test_type_27_reports_fill_the_grid_and_are_counted():
    fixes = fixes_at(track(A, every(10, 0, 2)) + track(B, every(10, 0, 2), 60))
    fixes.flags[:] = 1
    result = scan([fixes])
    assert result.candidates.num_rows == 1
    assert result.counts["low_accuracy"] == len(fixes)


def test_slow_spells_come_from_places_and_tell_where_how_wide_and_how_fast():
    sail, drift = every(5, 0, 2), every(5, 2, 6)
    east = np.concatenate([(sail - 2) * 18_520, (drift - 2)[1:] * 1_852])
    result = found(track(A, np.concatenate([sail, drift[1:]]), east))
    spell = result.slow_spells.to_pylist()[0]
    assert result.slow_spells.num_rows == 1
    assert hours(result.slow_spells, "start_time") == [2]
    assert hours(result.slow_spells, "end_time") == [6]
    assert spell["median_speed_kn"] == pytest.approx(1.0, abs=0.06)
    assert spell["spread_m"] == pytest.approx(1_852 * 4 / np.sqrt(12), rel=0.03)
    assert distance_m(spell["lon"], spell["lat"], *from_local_xy_m(3_704 + 77, 0, *HERE)) < 5


def test_a_silence_has_the_reports_before_and_after_it():
    fixes = fixes_at(track(A, [0, 1, 1.5, 30], [0, 100, 200, 9_000]))
    fixes.sog_kn[:] = [5, np.nan, 7.5, 2]
    silences = scan([fixes]).silences.to_pylist()
    assert [(s["sog_kn_1"], s["sog_kn_2"]) for s in silences] == [(5, None), (7.5, 2)]
    assert silences[1]["lon_1"] == fixes.lon[2]
    assert silences[1]["lat_2"] == fixes.lat[3]
    assert _ms(silences[1]["end_time"]) - _ms(silences[1]["start_time"]) == 28.5 * 3_600_000


def test_no_positions_make_empty_tables_of_the_declared_columns():
    for batches in ([], [fixes_at([])], [fixes_at(track(A, [1]))]):
        result = scan(batches)
        assert result.candidates == CANDIDATES.empty()
        assert result.slow_spells == SLOW_SPELLS.empty()
        assert result.silences == SILENCES.empty()


def test_years_without_a_report_cost_nothing_and_join_nothing():
    result = found(*[track(m, every(5, s, s + 2), 60 * (m == B)) for m in (A, B) for s in (0, 200_000)])
    assert result.candidates.num_rows == 2


def test_every_table_grows_and_the_answer_stays(monkeypatch):
    fixes = random_fleet(3, ships=20, hours=24)
    plain = scan([fixes])
    monkeypatch.setattr(sys.modules[Scanner.__module__], "FIRST_ROWS", 2)
    assert _same(scan(cut(fixes, [500])), plain)


@pytest.mark.parametrize("is_slow", [False, True])
def test_the_answer_does_not_hang_on_which_thread_is_faster(monkeypatch, is_slow):
    fleet = random_fleet(11, ships=12, hours=90)
    beside, searches = scan([fleet]), []
    search = PairSearch.search

    def slow_search(*given):
        searches.append(given[-2:])
        time.sleep(0.05)
        search(*given)

    if is_slow:
        monkeypatch.setattr(PairSearch, "search", slow_search)
    else:
        # nothing goes on while a search is at work
        monkeypatch.setattr(Aside, "start", lambda self, work: work())
    other = scan(cut(fleet, range(97, len(fleet), 97)))
    assert len(searches) >= 5 * is_slow
    assert other.counts == beside.counts
    for name in ("candidates", "slow_spells", "silences"):
        assert getattr(other, name).num_rows
        assert getattr(other, name).equals(getattr(beside, name))


def test_an_error_of_the_search_ends_the_pass(monkeypatch):
    def fail(*_given):
        raise MemoryError("no room")

    monkeypatch.setattr(PairSearch, "search", fail)
    with pytest.raises(MemoryError, match="no room"):
        scan([random_fleet(11, ships=3, hours=60)])


def test_ships_that_have_gone_make_room_in_the_ring():
    scanner = Scanner(ScanParams())
    for day in range(8):
        ships = np.arange(600)
        lon, lat = from_local_xy_m(3_000.0 * ships, 0.0, 10.0, 5.0)
        times = [day * 86_400 + minute * 60 for minute in (0, 20, 40)]
        scanner.feed(fixes_at([(t, 1 + day * 600 + s, lon[s], lat[s]) for t in times for s in ships]))
    assert len(scanner._rows) == 1024
    assert scanner.finish().counts["hulls"] == 4_800


def _ms(time):
    return round(time.timestamp() * 1000)


def _rest(fixes):
    return (fixes.lat_e7, fixes.sog_kn, fixes.cog_deg, fixes.heading_deg, fixes.nav_status, fixes.flags)


def _same(one, other):
    tables = ("candidates", "slow_spells", "silences")
    return all(getattr(one, t) == getattr(other, t) for t in tables) and one.counts == other.counts
