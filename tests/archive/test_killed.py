"""Kills, crashes, full disks and second writers: the case is as before, or as after, never between."""

from __future__ import annotations

import errno
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.archive.reports_made_up import batch_of, event, files_of, ingest, positions, read_in, run, statics
from tracker.archive import commit, database, disk, parts, schema
from tracker.archive.case import open_case
from tracker.errors import LockedCaseError, NewerCaseError, StorageError
from tracker.tables.events import EVENTS

ROOT = Path(__file__).resolve().parents[2]


def extend(case: Path) -> None:
    """A second file and a second run."""
    with open_case(case, create=True).writer(buffer_rows=50) as transaction:
        read_in(transaction, "second", batch_of(positions(300, seed=4, days=3), static=statics(["SECOND"])))
        run_id = transaction.run_id({"second": True}, "1")
        record = {
            "run_id": run_id,
            "version": "1",
            "inputs": transaction.digests(),
            "parameters": {"second": True},
        }
        files = {"run.json": b"second", "events.csv": b"second", "map.html": b"second"}
        transaction.commit_run(EVENTS.from_rows([event(run_id, minute=99)]), record, files=files)


TABLES = ("ingest_ledger", "parts", "vessel_days", "draughts", "runs", "events", "retractions")


def state_of(case: Path) -> object:
    """Everything that a case says: its files, and every row of its database. None where there is no case."""
    if not case.exists():
        return None
    open_case(case, create=True)
    if not (case / "tracker.duckdb").exists():
        return None
    with database.open_reader(case / "tracker.duckdb") as connection:
        rows = {
            name: sorted(map(repr, database.fetch_table(connection, f"FROM {name}").to_pylist())) for name in TABLES
        }
        listed = {part[0] for part in connection.execute("SELECT path FROM parts").fetchall()}
    files = files_of(case)
    assert listed == {name for name in files if name.endswith(".parquet")}, "what is listed is there, and nothing else"
    return files, rows


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def patched(module: object, name: str, at: int, act: Callable[[], None], *, after: bool) -> None:
    """Make the `at`-th call of a function act before or after its work."""
    original = getattr(module, name)
    calls = [0]

    def wrapper(*arguments: object, **named: object) -> object:
        calls[0] += 1
        if calls[0] == at and not after:
            act()
        result = original(*arguments, **named)
        if calls[0] == at and after:
            act()
        return result

    setattr(module, name, wrapper)


KILLS = [
    (parts, "flush_file", 1, False),
    (parts, "flush_file", 3, True),
    (database, "flush_file", 1, False),
    (database, "upgrade", 1, True),
    (commit, "flush_folder", 1, False),
    (commit, "move_into_place", 1, False),
    (commit, "move_into_place", 3, True),
    (commit, "move_into_place", 4, True),
    (commit, "move_into_place", 5, True),
    (commit, "_finish", 1, False),
    (commit, "move_into_place", 6, True),
    (commit, "find_part_files", 1, False),
    (commit, "remove_tree", 1, False),
]
"""Moments of `extend`, before or after a call: while merging, writing the database, moving parts, and cleaning up."""


FIRST_COMMITTED = 8
"""From this place on the new database has taken its name."""


@dataclass(frozen=True)
class Story:
    """A case before a run, and what it says before and after."""

    path: Path
    before: object
    after: object

    def copy_to(self, folder: Path) -> Path:
        """The case before the run, once more."""
        if self.path.exists():
            shutil.copytree(self.path, folder / "case")
        return folder / "case"


def extend_and_die(case: Path, place: int) -> None:
    module, name, at, after = KILLS[place]
    patched(module, name, at, die, after=after)
    extend(case)


@pytest.fixture(scope="module", params=[False, True], ids=["second run", "first run"])
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder = tmp_path_factory.mktemp("story")
    is_first = bool(request.param)
    if not is_first:
        ingest(folder / "before", "first", batch_of(positions(200), static=statics(["FIRST"])))
        run(folder / "before", [0, 50], parameters={})
        shutil.copytree(folder / "before", folder / "after")
    extend(folder / "after")
    return Story(folder / "before", state_of(folder / "before"), state_of(folder / "after"))


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("place", range(len(KILLS)))
def test_a_kill_leaves_the_case_as_before_or_as_after(tmp_path: Path, story: Story, place: int) -> None:
    case = story.copy_to(tmp_path)
    process = multiprocessing.get_context("fork").Process(target=extend_and_die, args=(case, place))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    found = state_of(case)
    assert found == (story.after if place >= FIRST_COMMITTED else story.before)
    assert not (case / ".staging").exists()


@pytest.mark.parametrize(
    ("place", "number"), [*((place, errno.ENOSPC) for place in range(len(KILLS))), (0, errno.EACCES), (6, errno.EACCES)]
)
def test_a_disk_that_refuses_is_a_clear_word_and_leaves_the_case_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, story: Story, place: int, number: int
) -> None:
    module, name, at, after = KILLS[place]
    case = story.copy_to(tmp_path)

    def refuse() -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(module, name, getattr(module, name))
        patched(module, name, at, refuse, after=after)
        with pytest.raises(StorageError, match="disk is full" if number == errno.ENOSPC else "No permission"):
            extend(case)
    assert not (case / ".staging").exists()
    assert state_of(case) == (story.after if place >= FIRST_COMMITTED else story.before)


def test_past_the_commit_point_a_refusing_disk_delays_but_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = ingest(tmp_path / "case", "first", batch_of(positions(200)))

    def refuse(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patch:
        patch.setattr(commit, "_finish", refuse)
        with pytest.raises(StorageError):
            extend(case.path)
    assert open_case(case.path).latest_events().num_rows == 1
    assert (case.path / "map.html").read_bytes() == b"second"


def test_an_interrupt_leaves_no_trace(tmp_path: Path) -> None:
    def interrupted() -> None:
        with open_case(tmp_path / "case", create=True).writer() as transaction:
            transaction.add(batch_of(positions(100)))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(tmp_path.iterdir()) == []


def test_a_writer_that_does_not_commit_leaves_the_case_as_it_was(tmp_path: Path) -> None:
    case = ingest(tmp_path / "case", "first", batch_of(positions(200)))
    before = state_of(case.path)
    with case.writer() as transaction:
        read_in(transaction, "second", batch_of(positions(50, seed=8)))
        transaction.merge_days()
    assert state_of(case.path) == before


def test_a_second_writer_is_told_who_holds_the_case(tmp_path: Path) -> None:
    case = ingest(tmp_path / "case", "first", batch_of(positions(20)))
    script = (
        "import sys\nfrom pathlib import Path\nfrom tracker.archive.case import open_case\n"
        "from tracker.errors import LockedCaseError\n"
        "try:\n    open_case(Path(sys.argv[1])).writer().__enter__()\n"
        "except LockedCaseError as error:\n    sys.stdout.write(str(error))\n"
    )
    with case.writer(command="tracker run a.csv"):
        told = subprocess.run(
            [sys.executable, "-c", script, str(case.path)], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        assert case.store().rows == 20, "readers are not held up"
    assert f"process {os.getpid()}" in told
    assert "tracker run a.csv" in told
    with case.writer():
        pass


def test_a_stale_lock_is_no_lock(tmp_path: Path) -> None:
    case = ingest(tmp_path / "case", "first", batch_of(positions(20)))
    (case.path / ".lock").write_text('{"pid": 1, "host": "elsewhere", "command": "tracker run"}')
    with case.writer():
        pass


def test_two_writers_in_one_process_are_two_writers(tmp_path: Path) -> None:
    case = open_case(tmp_path / "case", create=True)
    with case.writer(), pytest.raises(LockedCaseError), case.writer():
        pass


def test_an_open_reader_does_not_stop_a_writer(tmp_path: Path) -> None:
    case = ingest(tmp_path / "case", "first", batch_of(positions(20)))
    with database.open_reader(case.path / "tracker.duckdb"):
        extend(case.path)
    assert case.latest_events().num_rows == 1


def test_a_case_of_a_newer_version_is_refused_and_untouched(tmp_path: Path) -> None:
    import duckdb

    case = ingest(tmp_path / "case", "first", batch_of(positions(20)))
    with duckdb.connect(str(case.path / "tracker.duckdb")) as connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
    before = (case.path / "tracker.duckdb").read_bytes()
    with pytest.raises(NewerCaseError, match="schema 99"):
        open_case(case.path)
    with pytest.raises(NewerCaseError), case.writer():
        pass
    assert (case.path / "tracker.duckdb").read_bytes() == before


def test_an_older_case_is_brought_forward_and_a_copy_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = ingest(tmp_path / "case", "first", batch_of(positions(20)))
    old = (case.path / "tracker.duckdb").read_bytes()

    def add_colour(connection: object) -> None:
        connection.execute("ALTER TABLE lists_used ADD COLUMN colour VARCHAR")  # type: ignore[attr-defined]

    found = schema.newest()
    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, add_colour))
    opened = open_case(case.path)
    assert opened.store().rows == 20
    assert (case.path / f"tracker.duckdb.schema-{found}.bak").read_bytes() == old
    with database.open_reader(case.path / "tracker.duckdb") as connection:
        assert connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchall() == [(str(found + 1),)]
        assert connection.execute("SELECT colour FROM lists_used").fetchall() == []


def test_a_log_left_by_another_program_is_not_lost(tmp_path: Path) -> None:
    case = ingest(tmp_path / "case", "first", batch_of(positions(20)))
    script = (
        "import duckdb, os, sys\nc = duckdb.connect(sys.argv[1])\n"
        "c.execute(\"INSERT INTO lists_used VALUES ('r', 'by hand', NULL, 'd', 1)\")\nos._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(case.path / "tracker.duckdb")], check=True)
    assert (case.path / "tracker.duckdb.wal").exists()
    extend(case.path)
    with database.open_reader(case.path / "tracker.duckdb") as connection:
        assert connection.execute("SELECT name FROM lists_used").fetchall() == [("by hand",)]


def test_words_for_a_full_disk_say_the_way_out() -> None:
    words = disk.explain(OSError(errno.ENOSPC, "x"), doing="write", path=Path("case"))
    assert words == "The disk is full: could not write case. Free some space or put the case on another disk."
    assert "No permission" in disk.explain(PermissionError(errno.EACCES, "x"), doing="write", path=Path("case"))
    assert "disk is full" in disk.explain(OSError("[Errno 28] No space left on device"), doing="x", path=Path("y"))
