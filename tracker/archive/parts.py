"""Parquet parts: the same rows give the same bytes and so the same name.

lz4 and plain numbers decode several times faster than dictionaries and zstd; row groups of 2**19 rows let a
reader skip by time. Groups are cut at fixed row counts whatever chunks the rows come in, and no clock or
random number goes in.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tracker.archive.disk import flush_file, storage_errors
from tracker.archive.layout import Part, part_path
from tracker.errors import CaseError
from tracker.tables.fixes import DTYPES, UNKNOWN, numbers_of

ROWS_PER_GROUP = 1 << 19
_COLD = ("nav_status", "msg_type", "ais_class", "flags", "station")
"""Columns of few values: dictionaries make them nearly free. The hot numbers stay plain."""


class PartWriter:
    """Writes one part below `folder`; give it rows in their final order, then `close`."""

    def __init__(self, folder: Path, schema: Any, *, name: str, dictionaries: tuple[str, ...] | bool = _COLD) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{name}.parquet.tmp"
        self.rows = 0
        self._first_ms: int | None = None
        self._last_ms: int | None = None
        self._waiting: list[Any] = []
        self._waiting_rows = 0
        columns = list(dictionaries) if isinstance(dictionaries, tuple) else dictionaries
        with storage_errors("write", self.path):
            self._writer = pq.ParquetWriter(
                str(self.path), schema, compression="lz4", use_dictionary=columns, write_statistics=True, version="2.6"
            )

    def write(self, table: Any, /) -> None:
        """Append rows.

        Raises
        ------
        StorageError
            When the disk refuses.
        """
        if not table.num_rows:
            return
        self.rows += table.num_rows
        self._note_times(table)
        self._waiting.append(table)
        self._waiting_rows += table.num_rows
        while self._waiting_rows >= ROWS_PER_GROUP:
            self._write_group(ROWS_PER_GROUP)

    def close(self, *, kind: str, key: str) -> Part:
        """Finish the file, flush it to the disk and name it by its content; the file keeps its temporary name."""
        if self._waiting_rows:
            self._write_group(self._waiting_rows)
        with storage_errors("write", self.path):
            self._writer.close()
            flush_file(self.path)
            with self.path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Part(
            folder=kind,
            key=key,
            path=part_path(kind, key, digest),
            rows=self.rows,
            first_ms=self._first_ms if self._first_ms is not None else 0,
            last_ms=self._last_ms if self._last_ms is not None else 0,
            sha256=digest,
        )

    def abandon(self) -> None:
        """Close and remove the file."""
        try:
            self._writer.close()
        except OSError:
            pass
        finally:
            self.path.unlink(missing_ok=True)

    def _note_times(self, table: Any) -> None:
        ends = pc.min_max(table.column("time").cast(pa.int64())).as_py()
        if ends["min"] is not None:
            self._first_ms = ends["min"] if self._first_ms is None else min(self._first_ms, ends["min"])
            self._last_ms = ends["max"] if self._last_ms is None else max(self._last_ms, ends["max"])

    def _write_group(self, rows: int) -> None:
        table = pa.concat_tables(self._waiting)
        # page limits follow the chunks of the input, so one chunk is what makes the bytes repeatable
        group = table.slice(0, rows).combine_chunks()
        rest = table.slice(rows)
        self._waiting = [rest] if rest.num_rows else []
        self._waiting_rows = rest.num_rows
        with storage_errors("write", self.path):
            self._writer.write_table(group, row_group_size=rows)


def opened(path: str, /) -> Any:
    """A context with what Parquet reads from: the path itself, or an open file of an object store (``s3://…``)."""
    if "://" not in path:
        return nullcontext(path)
    import fsspec

    return fsspec.open(path, "rb")


def names_receivers(path: Path | str, /) -> bool:
    """Whether any report of a part of positions names its receiver, as its statistics tell."""
    with opened(str(path)) as source, pq.ParquetFile(source) as file:
        place = file.schema_arrow.get_field_index("station")
        groups = (file.metadata.row_group(group) for group in range(file.num_row_groups))
        found = ((group.column(place).statistics, group.num_rows) for group in groups)
        return any(known is None or not known.has_null_count or known.null_count < rows for known, rows in found)


def read_groups(
    path: Path | str, columns: list[str] | None = None, /, *, first_ms: int | None = None, last_ms: int | None = None
) -> Iterator[Any]:
    """Row groups of a part in order, as tables; those wholly outside the times (inclusive, ms) are not read."""
    with opened(str(path)) as source, pq.ParquetFile(source) as file:
        for group, begin_ms, end_ms in _groups_of(file):
            if (first_ms is None or end_ms >= first_ms) and (last_ms is None or begin_ms <= last_ms):
                yield file.read_row_group(group, columns=columns)


def number_groups(
    path: Path | str, columns: Sequence[str], /, *, is_met: Callable[[int, int], bool] | None = None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Rows of each row group of a part, in order, and its columns (of `FIX_COLUMNS`) as arrays.

    One number stands where statistics tell that all rows have the same: reports without course, heading or status are
    read faster. ``is_met`` says of the first and the last time of a row group whether it is wanted.
    """
    with opened(str(path)) as source, pq.ParquetFile(source, pre_buffer=False) as file:
        for group, begin_ms, end_ms in _groups_of(file):
            if is_met is None or is_met(begin_ms, end_ms):
                yield file.metadata.row_group(group).num_rows, _numbers(file, group, columns)


def _numbers(file: Any, group: int, columns: Sequence[str]) -> dict[str, Any]:
    known = file.metadata.row_group(group)
    found = {name: _same(known.column(file.schema_arrow.get_field_index(name)), name) for name in columns}
    rest = [name for name in columns if found[name] is None]
    if rest:
        table = file.read_row_group(group, columns=rest, use_threads=False)
        found |= {name: numbers_of(table.column(name), name) for name in rest}
    return found


def _same(chunk: Any, name: str) -> Any:
    """The value that all rows of a column chunk have; None where they differ, or statistics do not tell."""
    seen = chunk.statistics
    if seen is None or not seen.has_null_count:
        return None
    if seen.null_count == chunk.num_values:
        return UNKNOWN[name]
    # statistics of floats pass over those that are no number
    is_one = DTYPES[name].kind in "iu" and not seen.null_count and seen.has_min_max and seen.min_raw == seen.max_raw
    return seen.min_raw if is_one else None


@contextmanager
def reading(path: Path | str, /) -> Iterator[None]:
    """Errors of reading a part, told as those of the case."""
    try:
        yield
    except FileNotFoundError as error:
        raise CaseError(
            f"{path} is gone: the case changed while it was read, or the file was removed by hand. Try again."
        ) from error
    except (pa.ArrowInvalid, OSError) as error:
        raise CaseError(f"Cannot read {path}: {str(error).splitlines()[0]}. The file is damaged.") from error


def _groups_of(file: Any) -> Iterator[tuple[int, int, int]]:
    """Row groups with the first and the last time in them; without statistics all time there is."""
    place = file.schema_arrow.get_field_index("time")
    for group in range(file.num_row_groups):
        ends = file.metadata.row_group(group).column(place).statistics
        if ends is not None and ends.has_min_max:
            yield group, ends.min_raw, ends.max_raw
        else:
            yield group, -(1 << 62), 1 << 62
