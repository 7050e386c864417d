"""Opening ``tracker.duckdb``: always for a moment, never in place.

Readers open it read-only. A writer never touches the file that readers see: it works on a copy which later
replaces it by a rename, so a kill, a full disk or an open reader cannot hurt it.
"""

import gzip
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tracker.archive.disk import explain, flush_file, move_into_place, storage_errors
from tracker.archive.schema import newest, refuse_newer, upgrade
from tracker.errors import LockedCaseError, NewerCaseError, NotACaseError, StorageError

_STORAGE_VERSION = "v1.2.0"
"""Oldest file layout that every DuckDB we support reads."""
EMPTY = Path(__file__).resolve().parents[1] / "data" / "archive" / "empty.duckdb.gz"
"""A database of the newest schema without a row, as a case begins: its tables and the meanings of their columns take a
quarter of a second to write (``scripts/build_empty_case.py``). One of an older schema would be brought up to date."""


@contextmanager
def open_reader(path: Path, /) -> Iterator[Any]:
    """Give a read-only connection to a case's database.

    Raises
    ------
    NotACaseError
        When the file is not a database of ours.
    NewerCaseError
        When it was written by a newer version.
    LockedCaseError
        When another program has it open for writing.
    """
    connection = _connect(path, read_only=True)
    try:
        refuse_newer(schema_of(connection, path=path))
        yield connection
    finally:
        connection.close()


@contextmanager
def open_copy(source: Path, target: Path, /) -> Iterator[Any]:
    """Give a connection for writing to a fresh copy of the database, or to a new one; one transaction.

    When the block ends well the copy is complete and flushed; else it is removed.

    Raises
    ------
    StorageError
        When the disk is full or refuses.
    """
    import duckdb

    try:
        if source.exists():
            _settle_log(source)
            with storage_errors("copy", source):
                shutil.copyfile(source, target)
        else:
            with storage_errors("write", target):
                target.write_bytes(gzip.decompress(EMPTY.read_bytes()))
        connection = _attach(target)
        try:
            found = schema_of(connection, path=target)
            if source.exists() and found < newest():
                _back_up(source, found=found)
            connection.execute("BEGIN")
            upgrade(connection, found=found)
            yield connection
            connection.execute("COMMIT")
            connection.execute("CHECKPOINT")
        except (duckdb.Error, OSError) as error:
            raise StorageError(explain(error, doing="write", path=target)) from error
        finally:
            connection.close()
        with storage_errors("write", target):
            flush_file(target)
    except BaseException:
        target.unlink(missing_ok=True)
        target.with_name(target.name + ".wal").unlink(missing_ok=True)
        raise


def make_empty(target: Path, /) -> None:
    """Take every step of the schema in a new database: what `EMPTY` holds."""
    connection = _attach(target)
    try:
        connection.execute("BEGIN")
        upgrade(connection, found=0)
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT")
    finally:
        connection.close()


def schema_of(connection: Any, /, *, path: Path) -> int:
    """Schema number of an open database.

    Raises
    ------
    NotACaseError
        When it is a database but not one of ours.
    """
    import duckdb

    try:
        rows = connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchall()
    except duckdb.CatalogException:
        rows = []
    if not rows or not str(rows[0][0]).isdigit():
        raise NotACaseError(f"{path} is a DuckDB file, but not one of tracker's. Name a folder made by tracker.")
    return int(rows[0][0])


def fetch_table(connection: Any, query: str, /, *, values: list[Any] | None = None) -> Any:
    """Result of a query as an Arrow table."""
    return connection.sql(query, params=values).to_arrow_table()


def insert_table(connection: Any, name: str, table: Any, /) -> None:
    """Append an Arrow table by column name."""
    connection.register("incoming", table)
    try:
        connection.execute(f"INSERT INTO {name} BY NAME SELECT * FROM incoming")
    finally:
        connection.unregister("incoming")


def _attach(path: Path) -> Any:
    import duckdb

    connection = duckdb.connect()
    try:
        connection.execute(
            f"ATTACH '{str(path).replace(chr(39), chr(39) * 2)}' AS casefile (STORAGE_VERSION '{_STORAGE_VERSION}')"
        )
        connection.execute("USE casefile")
        connection.execute("SET TimeZone = 'UTC'")
        # two threads take twice the time of one over a table of events from Arrow
        connection.execute("SET threads = 1")
        # a commit that is folded into the file at once needs no log beside it
        connection.execute("SET checkpoint_threshold = '1KB'")
        # looking for common syllables takes a fifth of the time of writing, and spares an eighth of the file
        connection.execute("SET disabled_compression_methods = 'fsst'")
    except BaseException:
        connection.close()
        raise
    return connection


def _back_up(source: Path, /, *, found: int) -> None:
    """Keep the database as it was before its schema changes."""
    backup = source.with_name(f"{source.name}.schema-{found}.bak")
    aside = backup.with_name(backup.name + ".tmp")
    with storage_errors("back up", source):
        shutil.copyfile(source, aside)
        flush_file(aside)
        move_into_place(aside, backup)


def _settle_log(path: Path) -> None:
    """Fold in what another program left in the write-ahead log, which a copy of the file alone would lose."""
    if path.with_name(path.name + ".wal").exists():
        connection = _connect(path, read_only=False)
        try:
            connection.execute("CHECKPOINT")
        finally:
            connection.close()


def _connect(path: Path, /, *, read_only: bool) -> Any:
    import duckdb

    try:
        connection = duckdb.connect(str(path), read_only=read_only)
        connection.execute("SET TimeZone = 'UTC'")
        return connection
    except duckdb.Error as error:
        text = str(error)
        if "set lock on file" in text or "conflicting lock" in text.lower():
            raise LockedCaseError(
                f"{path} is open for writing in another program. Close it there.\n{text.splitlines()[0]}"
            ) from error
        if "version number" in text:
            raise NewerCaseError(
                f"{path} was written by a newer DuckDB than the one installed. Update the duckdb package."
            ) from error
        if "not a valid DuckDB database" in text:
            raise NotACaseError(f"{path} is not a DuckDB file: the case is damaged or is not one.") from error
        if not isinstance(error, duckdb.IOException) or path.is_file():
            raise NotACaseError(
                f"{path} is damaged: {text.splitlines()[0]}\nRestore it, or read the inputs into a new case."
            ) from error
        raise StorageError(explain(error, doing="open", path=path)) from error
