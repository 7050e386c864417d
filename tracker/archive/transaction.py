"""One run, one commit: everything is staged beside the case and joins it at once, or not at all."""

import secrets
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tracker.archive.commit import Outputs, Plan, publish, recover, settle, stage_outputs
from tracker.archive.database import open_copy, open_reader
from tracker.archive.days import merge_day
from tracker.archive.disk import remove_if_empty, storage_errors
from tracker.archive.intake import Intake
from tracker.archive.kept import Kept
from tracker.archive.laid import LaidStore
from tracker.archive.layout import DATABASE, POSITIONS_FOLDER, STAGING, STATICS_FOLDER, Part, day_text
from tracker.archive.ledger import LedgerEntry, read_ledger, write_entries
from tracker.archive.lock import CaseLock
from tracker.archive.partlist import PartList
from tracker.archive.reading import PositionStore
from tracker.archive.runs import run_id_of, store_run
from tracker.archive.schema import parts_of
from tracker.archive.statics import draughts_of, merge_statics
from tracker.errors import CaseError
from tracker.tables.batch import Batch
from tracker.tables.given import GivenTable
from tracker.tables.listing import WatchList

SLICE_ROWS = 2_000_000
"""Rows sorted at a time: 100 bytes each at the peak."""


@dataclass(frozen=True)
class MergeReport:
    """What merging did: days that changed, position reports that are new, and copies dropped."""

    days: tuple[str, ...]
    new: int
    duplicates: int


class Transaction:
    """The right to extend a case, as a context manager; leaving without a commit leaves the case as it was.

    Parameters
    ----------
    case
        Folder of the case; made when it does not exist.
    command
        What other processes are told when they find the case locked.
    buffer_rows
        Position reports kept in memory before they are spilled to temporary files.
    """

    def __init__(self, case: Path, *, command: str, buffer_rows: int) -> None:
        self._case = case
        self._lock = CaseLock(case, command=command)
        self._buffer_rows = buffer_rows
        self._is_new = False
        self._made_folder = False
        self._is_committed = False

    def __enter__(self) -> Self:
        """Take the lock, settle what a killed writer left, and read the state of the case.

        Raises
        ------
        LockedCaseError, NewerCaseError, NotACaseError, StorageError
        """
        self._made_folder = not self._case.exists()
        with storage_errors("make the folder", self._case):
            self._case.mkdir(parents=True, exist_ok=True)
        self._lock.acquire()
        try:
            recover(self._case)
            self._is_new = not (self._case / DATABASE).exists()
            self._staging = self._case / STAGING / secrets.token_hex(8)
            with storage_errors("write", self._case):
                self._staging.mkdir(parents=True)
            self._load()
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Undo what was not committed, finish what was, and let go of the lock."""
        self._leave()

    # ---- ingest

    def already(self, digest: str, /) -> bool:
        """Whether content with this digest was read before, by the case or in this transaction."""
        return digest in self._known or any(entry.digest == digest for entry in self._intake.entries)

    def add(self, batch: Batch, /) -> None:
        """Take a batch of the current input."""
        self._intake.add(batch)

    def finish_input(self, *, digest: str, name: str, format_name: str, size_bytes: int) -> LedgerEntry:
        """Keep what the current input brought and enter it in the ledger.

        Returns
        -------
        LedgerEntry
            With duplicates still uncounted (0): they are known after `merge_days`, see `inputs`.
        """
        if self.already(digest):
            raise CaseError(f"{name} was read before: its content is in the ledger.")
        rejects = self._intake.finish(digest=digest, name=name, format_name=format_name, size_bytes=size_bytes)
        if rejects is not None:
            self._parts.put(*rejects)
        return self._intake.entries[-1]

    def drop_input(self) -> None:
        """Forget every row of the current input: it turned out bad. The others stay."""
        self._intake.drop()

    def merge_days(self) -> MergeReport:
        """Merge what the finished inputs brought into their days; afterwards `store` sees it.

        Raises
        ------
        CaseError
            When the current input is neither finished nor dropped.
        StorageError
            When the disk refuses.
        """
        if self._intake.is_half_read:
            raise CaseError("An input is half read: finish or drop it before merging.")
        changed: list[str] = []
        duplicates = new = 0
        for day in self._intake.positions.days():
            key = day_text(day)
            existing, existing_rows = self._parts.find(POSITIONS_FOLDER, key)
            merged = merge_day(
                self._intake.positions,
                day,
                existing=existing,
                existing_rows=existing_rows,
                folder=self._new_folder(),
                slice_rows=SLICE_ROWS,
            )
            self._intake.positions.clear(day)
            if merged is None:
                continue
            new += merged.part.rows - existing_rows
            self._intake.charge(merged.duplicates)
            duplicates += sum(merged.duplicates.values())
            if self._parts.put(merged.part, merged.file):
                changed.append(key)
                self._kept.vessel_days[key] = merged.vessels
        for key, table in self._intake.statics.take_days().items():
            before = self._parts.read(STATICS_FOLDER, key)
            part, file, rows = merge_statics(table, before, day=key, folder=self._new_folder())
            if self._parts.put(part, file):
                self._kept.draughts[key] = draughts_of(rows)
        return MergeReport(tuple(changed), new, duplicates)

    # ---- state

    def inputs(self) -> list[LedgerEntry]:
        """Inputs of this transaction in order of reading; duplicates are counted once `merge_days` was called."""
        return self._intake.entries

    def digests(self) -> list[str]:
        """Digests of everything the case has read, this transaction included, sorted."""
        return sorted({*self._known, *(entry.digest for entry in self._intake.entries)})

    def run_id(self, parameters: Mapping[str, Any], version: str, /) -> str:
        """Id of a run over all inputs with these parameters: content hash of both and the version."""
        return run_id_of(self.digests(), parameters, version)

    def keep_lists(self, lists: Sequence[WatchList], /) -> None:
        """Make these the watchlists and registries of the case, with the commit."""
        self._kept.lists = tuple(lists)

    def keep_tables(self, tables: Sequence[GivenTable], /) -> None:
        """Make these the user's own tables of the case (known incidents, measurements), with the commit."""
        self._kept.given = tuple(tables)

    def add_note(self, note: Mapping[str, Any], /) -> None:
        """Write a note of an analyst (a row of `NOTES` without its id), with the commit."""
        self._kept.notes.append(note)

    def store(self) -> PositionStore:
        """Positions and statics as they will be after the commit; merges first what still waits."""
        self.merge_days()
        return PositionStore(self._parts.parts, self._parts.files)

    def laid_store(self) -> LaidStore:
        """As `store`, for a run that asks about many windows; it is a context manager."""
        self.merge_days()
        return LaidStore(self._parts.parts, self._parts.files, folder=self._staging)

    # ---- commit

    def commit(self, *, files: Outputs | None = None) -> None:
        """Make what was ingested part of the case, without a run.

        Raises
        ------
        StorageError
            When the disk refuses; the case is then as it was.
        """
        self._commit(files or {}, None, None)

    def commit_run(
        self,
        events: Any,
        record: Mapping[str, Any],
        /,
        *,
        files: Outputs,
        tables: Mapping[str, Any] | None = None,
    ) -> None:
        """Make what was ingested, the events, the run's record and its files part of the case at one stroke.

        Parameters
        ----------
        events
            Arrow table that conforms to `EVENTS`; ``run_id`` is that of the record in every row.
        record
            At least ``run_id`` (see `run_id`), ``version``, ``inputs`` (see `digests`) and ``parameters``.
        files
            Name in the case -> bytes, or a function that writes the file; several names -> one that writes them all.
        tables
            Tables of `tracker.archive.schema.RUN_TABLES` by name.

        Raises
        ------
        CaseError
            When record and events do not fit together.
        StorageError
            When the disk refuses; the case is then as it was.
        """
        self._commit(files, events, record, tables)

    def _commit(
        self,
        files: Outputs,
        events: Any,
        record: Mapping[str, Any] | None,
        tables: Mapping[str, Any] | None = None,
    ) -> None:
        if self._is_committed:
            raise CaseError("This transaction is committed already: open another.")
        self.merge_days()
        with ThreadPoolExecutor(1) as beside:
            stored = beside.submit(self._write_database, events, record, tables)
            outputs = stage_outputs(self._case, self._staging, files)
            stored.result()
        plan = Plan(parts=self._parts.moves(), outputs=outputs, active=[part.path for part in self._parts.parts])
        self._is_committed = True
        publish(self._case, self._staging, plan)

    def _write_database(self, events: Any, record: Mapping[str, Any] | None, tables: Mapping[str, Any] | None) -> None:
        with open_copy(self._case / DATABASE, self._staging / DATABASE) as connection:
            write_entries(connection, self._intake.entries)
            self._parts.write(connection)
            self._kept.write(connection)
            if record is not None:
                store_run(connection, events, record, tables=tables)
                self._kept.write_used(connection, str(record["run_id"]))

    # ---- inner state

    def _load(self) -> None:
        parts: list[Part] = []
        self._known: set[str] = set()
        if not self._is_new:
            with open_reader(self._case / DATABASE) as connection:
                parts = parts_of(connection.execute("FROM parts").fetchall())
                self._known = {entry.digest for entry in read_ledger(connection)}
        self._parts = PartList(self._case, self._staging, parts)
        self._intake = Intake(self._staging, buffer_rows=self._buffer_rows)
        self._serial = 0
        self._kept = Kept()

    def _new_folder(self) -> Path:
        self._serial += 1
        return self._staging / f"merge-{self._serial}"

    def _leave(self) -> None:
        try:
            staging = getattr(self, "_staging", None)
            if staging is not None and staging.exists():
                with storage_errors("clean up", self._case):
                    settle(self._case, staging)
            remove_if_empty(self._case / STAGING)
            if not (self._case / DATABASE).exists() and self._is_new:
                self._lock.remove()
                if self._made_folder:
                    remove_if_empty(self._case)
        finally:
            self._lock.release()
