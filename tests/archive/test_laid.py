"""Positions laid ship after ship while they are read: windows out of that file are those decoded, and nothing stays."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.archive.reports_made_up import DAY_MS, START_MS, batch_of, ingest, positions
from tracker.archive import laid, parts
from tracker.archive.case import Case, open_case
from tracker.archive.laid import LaidStore
from tracker.archive.sheaves import FIRST_SHIPS, Ships
from tracker.tables.fixes import FIX_COLUMNS, PASS_COLUMNS, Fixes
from tracker.tables.positions import POSITIONS
from tracker.tables.tracks import Tracks

ROOT = Path(__file__).resolve().parents[2]
REPORTS = 1500


def said(seed: int, days: int) -> Any:
    """Reports of which many say the same second, and some a course and heading; of the last day none does."""
    table = positions(REPORTS, seed=seed, days=days, vessels=12)
    rng = np.random.default_rng(seed)
    time = table["time"].cast(pa.int64()).to_numpy() // 600_000 * 600_000
    is_silent = (rng.random(REPORTS) < 0.3) | (time >= START_MS + 2 * DAY_MS)
    angles = [pa.array(rng.uniform(0, 360, REPORTS).astype(np.float32), mask=is_silent) for _ in range(2)]
    columns = {"time": pa.array(time).cast(table["time"].type), "cog_deg": angles[0], "heading_deg": angles[1]}
    columns["flags"] = pa.array(np.where(is_silent, 0, rng.integers(0, 255, REPORTS)).astype(np.uint8))
    for name, column in columns.items():
        table = table.drop_columns(name).append_column(name, column)
    return POSITIONS.conform(table)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Row groups of a few hours; a second file came late for the first day."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "ROWS_PER_GROUP", 90)
        folder = tmp_path_factory.mktemp("laid") / "case"
        ingest(folder, "a", batch_of(said(1, 3)))
        return ingest(folder, "b", batch_of(said(2, 1)))


def laid_of(case: Case, folder: Path) -> LaidStore:
    plain = case.store()
    return LaidStore(plain._positions, plain._files, folder=folder)


@pytest.fixture(scope="module")
def store(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LaidStore]:
    with closing(laid_of(case, tmp_path_factory.mktemp("room"))) as made:
        for _ in made.batches(columns=PASS_COLUMNS):
            pass
        yield made


def requests_of(asked: list[tuple[int, int, int]]) -> Any:
    ms = pa.timestamp("ms", "UTC")
    return pa.table(
        {
            "mmsi": pa.array([200_000_000 + vessel for vessel, *_ in asked], pa.int32()),
            "start": pa.array([START_MS + start for _, start, _ in asked], ms),
            "end": pa.array([START_MS + start + length for _, start, length in asked], ms),
        }
    )


def assert_same(one: Tracks, other: Tracks) -> None:
    assert list(one) == list(other)
    assert one.starts.tolist() == other.starts.tolist()
    assert_same_fixes(one.fixes, other.fixes)


def assert_same_fixes(one: Fixes, other: Fixes) -> None:
    for name in Fixes.__dataclass_fields__:
        own, its = getattr(one, name), getattr(other, name)
        assert own.dtype == its.dtype
        assert own.tobytes() == its.tobytes(), name


MOMENTS = st.one_of(st.integers(-DAY_MS, 4 * DAY_MS), st.integers(-6, 500).map(lambda n: n * 600_000))
WINDOWS = st.lists(st.tuples(st.integers(0, 14), MOMENTS, st.integers(-1000, DAY_MS)), max_size=25)


@settings(max_examples=40)
@given(asked=WINDOWS, columns=st.one_of(st.just(FIX_COLUMNS), st.sets(st.sampled_from(FIX_COLUMNS))))
def test_windows_out_of_the_file_are_those_decoded_and_those_of_a_naive_filter(
    case: Case, store: LaidStore, asked: list[tuple[int, int, int]], columns: Any
) -> None:
    requests = requests_of(asked)
    got = store.windows(requests, columns=tuple(columns))
    assert_same(got, case.store().windows(requests, columns=tuple(columns)))
    kept: dict[int, list[int]] = {}
    for fixes in case.store().batches(columns=PASS_COLUMNS):
        for mmsi, time_ms in zip(fixes.mmsi.tolist(), fixes.time_ms.tolist(), strict=True):
            if any(200_000_000 + v == mmsi and s <= time_ms - START_MS <= s + n for v, s, n in asked):
                kept.setdefault(mmsi, []).append(time_ms)
    assert {mmsi: track.time_ms.tolist() for mmsi, track in got.items()} == kept


def test_the_pass_reads_the_same_batches_whether_they_are_laid_or_not(case: Case, tmp_path: Path) -> None:
    made = laid_of(case, tmp_path)
    for again in range(2):
        whole = [np.concatenate([b.time_ms for b in s.batches(batch_rows=50)]) for s in (made, case.store())]
        assert whole[0].tolist() == whole[1].tolist(), again
        for one, other in zip(made.batches(), case.store().batches(), strict=True):
            assert_same_fixes(one, other)
    made.close()


def test_whoever_asks_before_the_pass_is_answered_too_and_after_a_pass_broken_off(case: Case, tmp_path: Path) -> None:
    everything = requests_of([(vessel, 0, 4 * DAY_MS) for vessel in range(14)])
    made = laid_of(case, tmp_path)
    batches = made.batches()
    next(batches)
    next(batches)
    assert_same(made.windows(everything), case.store().windows(everything))
    assert made.windows(everything).fixes.time_ms.size == 2 * REPORTS
    made.close()
    assert_same(made.windows(everything), case.store().windows(everything))


def test_who_began_to_read_and_goes_on_after_windows_were_asked_lays_nothing_twice(case: Case, tmp_path: Path) -> None:
    everything = requests_of([(vessel, 0, 4 * DAY_MS) for vessel in range(14)])
    with closing(laid_of(case, tmp_path)) as made:
        half = made.batches()
        first = len(next(half))
        assert_same(made.windows(everything), case.store().windows(everything))
        assert first + sum(map(len, half)) == 2 * REPORTS
        assert_same(made.windows(everything), case.store().windows(everything))


@pytest.mark.parametrize("written", [0, 3])
def test_where_the_disk_is_full_windows_are_decoded_as_ever(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    made = laid_of(case, tmp_path)
    add, calls = laid._SheafFile.add, iter(range(1000))

    def full(self: Any, sheaf: Any) -> None:
        if next(calls) >= written:
            raise OSError(errno.ENOSPC, "No space left on device")
        add(self, sheaf)

    monkeypatch.setattr(laid._SheafFile, "add", full)
    assert sum(map(len, made.batches())) == 2 * REPORTS
    everything = requests_of([(vessel, 0, 4 * DAY_MS) for vessel in range(14)])
    assert_same(made.windows(everything), case.store().windows(everything))


def test_a_disk_with_too_little_room_is_left_alone(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = laid.shutil.disk_usage(tmp_path)
    monkeypatch.setattr(laid.shutil, "disk_usage", lambda _: usage._replace(free=laid.LEFT_BYTES))
    made = laid_of(case, tmp_path)
    assert made._file is None
    assert sum(map(len, made.batches())) == 2 * REPORTS


def test_where_a_file_cannot_be_shown_in_memory_windows_are_decoded_as_ever(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))

    monkeypatch.setattr(laid.mmap, "mmap", refuse)
    made = laid_of(case, tmp_path)
    assert sum(map(len, made.batches())) == 2 * REPORTS
    everything = requests_of([(vessel, 0, 4 * DAY_MS) for vessel in range(14)])
    assert_same(made.windows(everything), case.store().windows(everything))
    assert made._file is None


KILLED = """
import sys
from pathlib import Path
from tracker.archive.case import open_case
from tracker.archive.laid import LaidStore
plain = open_case(Path(sys.argv[1])).store()
store = LaidStore(plain._positions, plain._files, folder=Path(sys.argv[2]))
for _ in store.batches():
    pass
assert store._is_whole
print("laid", flush=True)
sys.stdin.read()
"""


def test_a_killed_process_leaves_nothing_behind(case: Case, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(case.path), str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "laid\n"
        assert list(tmp_path.iterdir()) == []
        os.kill(process.pid, signal.SIGKILL)
    assert list(tmp_path.iterdir()) == []


def test_ships_are_numbered_as_they_come_however_many(tmp_path: Path) -> None:
    mmsi = np.random.default_rng(3).integers(1, 2_000_000_000, 5 * FIRST_SHIPS).astype(np.int32)
    said_again = np.concatenate([mmsi[:1500], mmsi, mmsi[::-1]])
    said_again.flags.writeable = False
    ships = Ships()
    numbers = ships.number(said_again)
    order: dict[int, int] = {}
    assert numbers.tolist() == [order.setdefault(one, len(order)) for one in said_again.tolist()]
    assert ships.find(mmsi[:9]).tolist() == [order[one] for one in mmsi[:9].tolist()]
    assert ships.find(np.array([0, -7], np.int32)).tolist() == [len(order)] * 2


def test_of_a_case_without_positions_nothing_is_found(tmp_path: Path) -> None:
    empty = open_case(tmp_path / "none", create=True)
    made = laid_of(empty, tmp_path)
    assert list(made.batches()) == []
    assert len(made.windows(requests_of([(1, 0, DAY_MS)]))) == 0
    made.close()
