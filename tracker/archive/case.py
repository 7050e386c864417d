"""A case: the folder that holds one investigation, opened for reading; `Case.writer` extends it."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tracker.archive.commit import has_leftovers, recover
from tracker.archive.database import fetch_table, open_reader, schema_of
from tracker.archive.given import read_given_tables
from tracker.archive.layout import DATABASE, REJECTS_FOLDER, active
from tracker.archive.ledger import LedgerEntry, read_ledger
from tracker.archive.lists import read_lists
from tracker.archive.lock import CaseLock
from tracker.archive.notes import read_notes
from tracker.archive.parts import read_groups
from tracker.archive.reading import PositionStore
from tracker.archive.runs import read_events, read_retracted, read_runs
from tracker.archive.schema import newest, parts_of
from tracker.archive.transaction import Transaction
from tracker.errors import LockedCaseError, NotACaseError, StorageError
from tracker.tables.column import Table
from tracker.tables.coverage import COVERAGE, OUTAGES
from tracker.tables.detections import DETECTIONS
from tracker.tables.estimates import ESTIMATES
from tracker.tables.given import GivenTable
from tracker.tables.journeys import ANCHORAGES, DELIVERIES, STOPS, VOYAGES
from tracker.tables.listing import WatchList
from tracker.tables.notes import NOTES
from tracker.tables.rejects import REJECTS
from tracker.tables.segments import SEGMENTS, SET_ASIDE

BUFFER_ROWS = 4_000_000
"""Positions kept in memory while reading: about 200 MB."""


def open_case(path: str | Path, /, *, create: bool = False) -> "Case":
    """Open a case; what a killed writer left is finished or undone first.

    Parameters
    ----------
    path
        Folder of the case.
    create
        Whether a folder that is absent or empty may become a case (when its first writer commits).

    Raises
    ------
    NotACaseError
        When there is no case, or the folder holds other things.
    NewerCaseError
        When a newer version of tracker made it.
    StorageError
        When it cannot be read.
    """
    folder = Path(path)
    try:
        is_folder, exists = folder.is_dir(), folder.exists()
        visible = sorted(entry.name for entry in folder.iterdir() if entry.name[0] != ".") if is_folder else []
    except OSError as error:
        raise StorageError(f"Cannot read {folder}: {error.strerror}.") from error
    if exists and not is_folder:
        raise NotACaseError(f"{folder} is a file; a case is a folder.")
    if is_folder:
        _settle_leftovers(folder)
    if is_folder and (folder / DATABASE).exists():
        case = Case(folder)
        with open_reader(folder / DATABASE) as connection:
            is_old = schema_of(connection, path=folder / DATABASE) < newest()
        if is_old:
            with case.writer(command="tracker (upgrading the case)") as transaction:
                transaction.commit()
        return case
    visible = [name for name in visible if (folder / name).exists()]
    if not create:
        raise NotACaseError(f"There is no case in {folder}. Make one: tracker run INPUT... --case {folder}")
    if visible:
        raise NotACaseError(
            f"{folder} is no case but holds {len(visible)} other thing(s), first: {visible[0]}. "
            "Name an empty or a new folder."
        )
    return Case(folder)


class Case:
    """One investigation; see `open_case`. Every question opens the database for a moment only."""

    def __init__(self, path: Path, /) -> None:
        self.path = path

    def __repr__(self) -> str:
        return f"Case({str(self.path)!r})"

    def writer(self, *, command: str = "tracker", buffer_rows: int = BUFFER_ROWS) -> Transaction:
        """Give the one writer's transaction (a context manager)."""
        return Transaction(self.path, command=command, buffer_rows=buffer_rows)

    def store(self) -> PositionStore:
        """Positions and statics as they are now."""
        parts = [] if not self._exists() else self._parts()
        return PositionStore(parts, {part.path: self.path / part.path for part in parts})

    def latest_events(self) -> Any:
        """Events of the last run (Arrow, `EVENTS`), by start, vessels and id; empty before the first run."""
        with open_reader(self.path / DATABASE) as connection:
            return read_events(connection, None)

    def events_of(self, run_id: str, /) -> Any:
        """Events of one run."""
        with open_reader(self.path / DATABASE) as connection:
            return read_events(connection, run_id)

    def retracted(self) -> Any:
        """Events that the last run no longer finds, with ``retracted_by``, ``reason`` and ``replaced_by``."""
        with open_reader(self.path / DATABASE) as connection:
            return read_retracted(connection)

    def notes(self) -> Any:
        """Notes of analysts (Arrow, `NOTES`), oldest first."""
        if not self._exists():
            return NOTES.empty()
        with open_reader(self.path / DATABASE) as connection:
            return read_notes(connection)

    def runs(self) -> list[dict[str, Any]]:
        """Run records, oldest first; the last one is the latest run."""
        with open_reader(self.path / DATABASE) as connection:
            return read_runs(connection)

    def stops(self) -> Any:
        """Stops of the last run (Arrow, `STOPS`), by vessel and time."""
        return self._journeys(STOPS, "mmsi, start_time, end_time")

    def anchorages(self) -> Any:
        """Anchorages of the last run (Arrow, `ANCHORAGES`), those with most ships first."""
        return self._journeys(ANCHORAGES, "vessels DESC NULLS LAST, label, lon, lat")

    def voyages(self) -> Any:
        """Voyages of the last run (Arrow, `VOYAGES`), by vessel and leg."""
        return self._journeys(VOYAGES, "mmsi, leg")

    def deliveries(self) -> Any:
        """Deliveries of the last run (Arrow, `DELIVERIES`): port calls in the DPRK, by arrival and vessel."""
        return self._journeys(DELIVERIES, "arrival_time, mmsi, delivery_id")

    def coverage(self) -> Any:
        """Reception of the last run (Arrow, `COVERAGE`), by hour and cell."""
        return self._journeys(COVERAGE, "hour, south, west")

    def outages(self) -> Any:
        """Outages of the last run (Arrow, `OUTAGES`), by time."""
        return self._journeys(OUTAGES, "start_time, scope, west, south")

    def segments(self) -> Any:
        """Hulls of MMSIs that are more than one ship (Arrow, `SEGMENTS`)."""
        return self._journeys(SEGMENTS, "mmsi, hull")

    def set_aside(self) -> Any:
        """Reports that detection did not use (Arrow, `SET_ASIDE`), by vessel and time."""
        return self._journeys(SET_ASIDE, "mmsi, first_time, reason")

    def detections(self) -> Any:
        """Detections of the user's files as the last run matched them (Arrow, `DETECTIONS`)."""
        return self._journeys(DETECTIONS, "time, file, row")

    def estimates(self) -> Any:
        """Estimates of the last run with what they rest on (Arrow, `ESTIMATES`)."""
        return self._journeys(ESTIMATES, "event_id")

    def _journeys(self, table: Table, order: str) -> Any:
        if not self._exists():
            return table.empty()
        with open_reader(self.path / DATABASE) as connection:
            return table.conform(fetch_table(connection, f"SELECT * FROM {table.name} ORDER BY {order}"))

    def heard(self) -> dict[int, tuple[int, datetime, datetime]]:
        """Positions, first and last time of every MMSI in the case."""
        if not self._exists():
            return {}
        with open_reader(self.path / DATABASE) as connection:
            table = fetch_table(connection, "SELECT mmsi, positions, first_time, last_time FROM vessels ORDER BY mmsi")
        columns = (table.column(name).to_pylist() for name in ("mmsi", "positions", "first_time", "last_time"))
        return {mmsi: (count, first, last) for mmsi, count, first, last in zip(*columns, strict=True)}

    def lists(self) -> list[WatchList]:
        """Watchlists and registries of the case, by role and name."""
        if not self._exists():
            return []
        with open_reader(self.path / DATABASE) as connection:
            return read_lists(connection)

    def user_tables(self) -> list[GivenTable]:
        """Known incidents and measurements that users gave, by role and name."""
        if not self._exists():
            return []
        with open_reader(self.path / DATABASE) as connection:
            return read_given_tables(connection)

    def ledger(self) -> list[LedgerEntry]:
        """Inputs that were read, by name."""
        if not self._exists():
            return []
        with open_reader(self.path / DATABASE) as connection:
            return read_ledger(connection)

    def rejects(self, *, reason: str | None = None) -> Any:
        """Rows set aside (Arrow, `REJECTS`), by input and row."""
        tables = [REJECTS.empty()]
        for part in active(self._parts(), folder=REJECTS_FOLDER):
            for table in read_groups(self.path / part.path):
                kept = table if reason is None else table.filter(pc.equal(table.column("reason"), reason))
                tables.append(REJECTS.conform(kept))
        return pa.concat_tables(tables)

    def _exists(self) -> bool:
        return (self.path / DATABASE).exists()

    def _parts(self) -> list[Any]:
        with open_reader(self.path / DATABASE) as connection:
            return parts_of(connection.execute("FROM parts").fetchall())


def _settle_leftovers(folder: Path) -> None:
    """Finish or undo what a killed writer left; while a writer is alive its work is none of ours."""
    if not has_leftovers(folder):
        return
    lock = CaseLock(folder, command="tracker (recovering)")
    try:
        lock.acquire()
    except (LockedCaseError, StorageError):
        return
    try:
        recover(folder)
    finally:
        lock.release()
