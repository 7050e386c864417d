"""Reading back: what a naive filter over all reports gives, without reading them all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.archive.reports_made_up import DAY_1, DAY_MS, START_MS, batch_of, ingest, positions, read_in
from tracker.archive.case import Case, open_case
from tracker.archive.windows import Windows
from tracker.errors import CaseError
from tracker.tables.fixes import Fixes, fixes_of

REPORTS = positions(3000, days=3, vessels=12)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return ingest(tmp_path_factory.mktemp("reading") / "case", "a", batch_of(REPORTS))


def everything() -> Fixes:
    fixes = fixes_of(REPORTS)
    return fixes.take(np.lexsort([fixes.mmsi, fixes.time_ms]))


def test_batches_give_every_report_once_in_order_of_time(case: Case) -> None:
    parts = list(case.store().batches(batch_rows=700))
    assert max(len(part) for part in parts) <= 700
    times = np.concatenate([part.time_ms for part in parts])
    expected = everything()
    assert (times == expected.time_ms).all()
    assert (np.concatenate([part.mmsi for part in parts]) == expected.mmsi).all()
    assert np.isnan(np.concatenate([part.sog_kn for part in parts])).sum() == REPORTS.column("sog_kn").null_count


def test_since_is_part_of_the_interval_and_until_is_not(case: Case) -> None:
    fixes = everything()
    first, last = int(fixes.time_ms[100]), int(fixes.time_ms[2500])
    moments = [datetime.fromtimestamp(0, tz=UTC) + timedelta(milliseconds=ms) for ms in (first, last)]
    got = np.concatenate([part.time_ms for part in case.store().batches(since=moments[0], until=moments[1])])
    assert (got == fixes.time_ms[(fixes.time_ms >= first) & (fixes.time_ms < last)]).all()
    assert case.store().positions(since=moments[0], until=moments[1], columns=["lon_e7"]).num_rows == len(got)


def test_tracks_are_by_vessel_and_then_by_time(case: Case) -> None:
    wanted = [200_000_003, 200_000_001, 999]
    tracks = case.store().tracks(wanted)
    fixes = everything()
    expected = fixes.take(np.isin(fixes.mmsi, wanted))
    expected = expected.take(np.argsort(expected.mmsi, kind="stable"))
    assert (tracks.mmsi == expected.mmsi).all()
    assert (tracks.time_ms == expected.time_ms).all()
    assert (tracks.lon_e7 == expected.lon_e7).all()


def test_a_vessel_never_heard_has_an_empty_track(case: Case) -> None:
    assert len(case.store().tracks([1])) == 0
    assert case.store().positions(mmsis=[1]).num_rows == 0


@settings(max_examples=40)
@given(
    requests=st.lists(
        st.tuples(st.integers(0, 14), st.integers(-DAY_MS, 4 * DAY_MS), st.integers(-1000, DAY_MS)), max_size=25
    )
)
def test_windows_give_what_a_naive_filter_gives(case: Case, requests: list[tuple[int, int, int]]) -> None:
    mmsi = np.array([200_000_000 + r[0] for r in requests], np.int32)
    start = np.array([START_MS + r[1] for r in requests], np.int64)
    end = start + np.array([r[2] for r in requests], np.int64)
    ms = pa.timestamp("ms", "UTC")
    got = case.store().windows(pa.table({"mmsi": mmsi, "start": pa.array(start, ms), "end": pa.array(end, ms)}))
    fixes = everything()
    for vessel in range(200_000_000, 200_000_015):
        held = np.zeros(len(fixes), bool)
        for one in np.flatnonzero(mmsi == vessel):
            held |= (fixes.mmsi == vessel) & (fixes.time_ms >= start[one]) & (fixes.time_ms <= end[one])
        if held.any():
            assert (got[vessel].time_ms == fixes.time_ms[held]).all()
            assert (got[vessel].lat_e7 == fixes.lat_e7[held]).all()
        else:
            assert vessel not in got


def test_windows_know_the_stretches_that_none_of_them_meets() -> None:
    ms = pa.timestamp("ms", "UTC")
    table = pa.table({"mmsi": [7, 8], "start": pa.array([10, 100], ms), "end": pa.array([20, 120], ms)})
    windows = Windows.of(table)
    assert (windows.first_ms, windows.last_ms) == (10, 120)
    assert [windows.touch(*stretch) for stretch in ((0, 9), (20, 30), (21, 99), (110, 115))] == [
        False,
        True,
        False,
        True,
    ]


def test_inside_a_run_the_reports_just_read_are_seen_with_the_old_ones(tmp_path: Path) -> None:
    case = ingest(tmp_path / "case", "a", batch_of(positions(300, days=2)))
    with case.writer() as transaction:
        read_in(transaction, "b", batch_of(positions(100, seed=5, days=3)))
        store = transaction.store()
        times = np.concatenate([part.time_ms for part in store.batches()])
        assert len(times) == 400
        assert (np.diff(times) >= 0).all()
        assert len(store.days()) == 3
        assert case.store().rows == 300
        read_in(transaction, "c", batch_of(positions(50, seed=6, days=1)))
        assert transaction.store().rows == 450
        transaction.commit()
    assert open_case(tmp_path / "case").store().rows == 450


def test_a_part_that_is_gone_is_said_to_be_gone(tmp_path: Path) -> None:
    case = ingest(tmp_path / "case", "a", batch_of(positions(30, days=1)))
    store = case.store()
    next(case.path.glob("positions/*/*.parquet")).unlink()
    with pytest.raises(CaseError, match="is gone"):
        list(store.batches())


def test_a_part_cut_short_is_said_to_be_damaged(tmp_path: Path) -> None:
    case = ingest(tmp_path / "case", "a", batch_of(positions(30, days=1)))
    part = next(case.path.glob("positions/*/*.parquet"))
    part.write_bytes(part.read_bytes()[:-20])
    with pytest.raises(CaseError, match="damaged"):
        list(case.store().batches())


def test_a_case_without_positions_reads_as_nothing(tmp_path: Path) -> None:
    store = open_case(tmp_path / "case", create=True).store()
    assert (store.rows, store.days(), store.first_ms, list(store.batches())) == (0, [], None, [])
    assert len(store.tracks([1])) == 0
    assert store.statics(since=DAY_1).num_rows == 0
