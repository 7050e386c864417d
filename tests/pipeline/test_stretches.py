"""Reports in stretches of time come whole and in order, however the stretches lie and however long they are."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as hst

from tracker.pipeline.source import FixesSource
from tracker.pipeline.stretches import SLICE_MS, read_stretches
from tracker.tables.fixes import Fixes

SHIPS, DAYS_MS = (412000001, 412000002), 4 * 86_400_000
REPORTS = hst.lists(hst.tuples(hst.integers(0, DAYS_MS), hst.sampled_from(SHIPS)), max_size=60, unique=True)
STRETCHES = hst.lists(
    hst.tuples(hst.sampled_from(SHIPS), hst.integers(0, DAYS_MS), hst.integers(0, 3 * SLICE_MS)), max_size=8
)


def reports(told: list[tuple[int, int]]) -> Fixes:
    time = np.array(sorted(told), np.int64).reshape(-1, 2)
    n = len(time)
    nothing, nowhere = np.full(n, np.nan, np.float32), np.zeros(n, np.int32)
    status, flags = np.full(n, -1, np.int8), np.zeros(n, np.uint8)
    return Fixes(time[:, 0], time[:, 1].astype(np.int32), nowhere, nowhere, nothing, nothing, nothing, status, flags)


@given(REPORTS, STRETCHES)
@settings(max_examples=60, deadline=None)
def test_every_stretch_gets_its_reports_once_and_in_order(
    told: list[tuple[int, int]], asked: list[tuple[int, int, int]]
) -> None:
    stretches = [(mmsi, start, start + length) for mmsi, start, length in asked]
    found = {
        i: [time for part in parts for time in part]
        for i, parts in read_stretches(stretches, FixesSource(reports(told)), keep=lambda _, t: t.time_ms.tolist())
    }
    wanted = [sorted(t for t, ship in told if ship == mmsi and a <= t <= b) for mmsi, a, b in stretches]
    assert found == {i: times for i, times in enumerate(wanted) if times}


def test_what_is_kept_of_a_long_stretch_is_decided_half_a_day_at_a_time() -> None:
    every_min = reports([(minute * 60_000, SHIPS[0]) for minute in range(4 * 1440)])
    stretch = (SHIPS[0], 0, DAYS_MS)
    ((_, sizes),) = read_stretches([stretch], FixesSource(every_min), keep=lambda _, track: len(track))
    assert sizes == [720] * 8
