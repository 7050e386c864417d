"""Laws of parts: cut the data at any times, scan the parts apart, join them in any grouping: the answer of one pass."""

from functools import reduce

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.fleet import T0_MS, cut, fixes_at, random_fleet
from tracker.engine import Scanner, ScanParams, scan
from tracker.engine.cutting import HullState, HullTracker, cut_at
from tracker.engine.pieces import Pieces, close, stitch

seeds = st.integers(0, 2**32 - 1)
few = settings(max_examples=6)


def scan_in_parts(fixes, edges_ms, params):
    """Pieces of each part, travelled as Arrow tables."""
    pieces = []
    for part in cut_at(edges_ms, params=params):
        time_ms = fixes.time_ms
        tracker = HullTracker(params)
        tracker.feed(fixes.take(time_ms < part.feed_ms))
        state = HullState.of(tracker.state().table())
        scanner = Scanner(params, stretch=part.stretch, hulls=state)
        scanner.feed(fixes.take((time_ms >= part.feed_ms) & (time_ms < part.begin_ms)))
        scanner.forget_counts()
        own = fixes.take((time_ms >= part.begin_ms) & (time_ms < part.end_ms))
        for batch in cut(own, [len(own) // 3]):
            scanner.feed(batch)
        pieces.append(Pieces.of(scanner.finish_part().tables()))
    return pieces


def assert_same(one, other):
    """Whether two scans are equal, byte for byte."""
    for name in ("candidates", "slow_spells", "silences"):
        assert getattr(one, name).equals(getattr(other, name)), name
    assert one.counts == other.counts


@few
@given(seeds, st.sampled_from([0.0, 38.0, -60.0, 84.999]), st.data())
def test_parts_cut_anywhere_join_to_the_answer_of_one_pass(seed, lat, data):
    hours = 110
    fixes = random_fleet(seed, lon=179.99, lat=lat, ships=9, hours=hours)
    params = ScanParams(
        min_steps=data.draw(st.integers(1, 5)),
        missed_steps=data.draw(st.integers(0, 3)),
        slow_bridge_s=data.draw(st.sampled_from([3600, 4 * 3600, 43_200])),
    )
    edges_h = data.draw(st.lists(st.floats(1, hours), min_size=1, max_size=3, unique=True))
    edges_ms = sorted({T0_MS + round(hour * 3_600_000) for hour in edges_h})
    pieces = scan_in_parts(fixes, edges_ms, params)
    joined = reduce(lambda a, b: stitch(a, b, params=params), pieces)
    assert_same(close(joined, params=params), scan([fixes], params=params))
    backwards = reduce(lambda b, a: stitch(a, b, params=params), reversed(pieces))
    assert_same(close(backwards, params=params), close(joined, params=params))


def test_a_meeting_over_three_days_is_one_though_each_day_is_scanned_apart():
    rows = [(t, 1 + n, 122.0, 36.0 + n * 7e-4) for t in range(0, 72 * 3600, 180) for n in (0, 1)]
    fixes, params = fixes_at(rows), ScanParams()
    pieces = scan_in_parts(fixes, [T0_MS + day * 86_400_000 for day in (1, 2)], params)
    joined = reduce(lambda a, b: stitch(a, b, params=params), pieces)
    assert [len(part.runs) for part in (*pieces, joined)] == [1, 1, 1, 1]
    assert [len(part.spells) for part in (*pieces, joined)] == [2, 2, 2, 2]
    assert_same(close(joined, params=params), scan([fixes]))
