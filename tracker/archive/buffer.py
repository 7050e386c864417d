"""Rows waiting for their day to be merged: in memory up to a limit, in temporary files beyond it.

A year of AIS in one vessel-sorted file touches every day at once; the limit keeps memory flat whatever the
order of the input. Each row remembers which input it came from, so that a bad file can be dropped whole.
"""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tracker.archive.disk import storage_errors
from tracker.archive.merge import canonical
from tracker.units import MILLISECONDS_PER_DAY

_SOURCE = "source"


class DayBuffer:
    """Positions by UTC day; ``limit_rows`` is how many may be in memory."""

    def __init__(self, folder: Path, *, limit_rows: int) -> None:
        self._folder = folder
        self._limit_rows = limit_rows
        self._pieces: dict[int, list[tuple[int, Any]]] = {}
        self._spilled: dict[int, list[Path]] = {}
        self._in_memory = 0
        self._spills = 0
        self._dropped: set[int] = set()
        self._rows: dict[int, int] = {}

    def add(self, table: Any, /, *, source: int) -> None:
        """Take positions of one input.

        Raises
        ------
        StorageError
            When the limit is passed and the disk refuses the rows.
        """
        if not table.num_rows:
            return
        for day, piece in _by_day(canonical(table)):
            self._pieces.setdefault(day, []).append((source, piece))
            self._rows[day] = self._rows.get(day, 0) + piece.num_rows
        self._in_memory += table.num_rows
        if self._in_memory > self._limit_rows:
            self._spill()

    def drop(self, source: int, /) -> None:
        """Forget every row of one input."""
        self._dropped.add(source)
        for day, pieces in list(self._pieces.items()):
            kept = [(owner, piece) for owner, piece in pieces if owner != source]
            self._in_memory -= sum(piece.num_rows for _, piece in pieces) - sum(piece.num_rows for _, piece in kept)
            if kept:
                self._pieces[day] = kept
            else:
                del self._pieces[day]

    def days(self) -> list[int]:
        """Days (counted from 1970-01-01) that hold rows, in order; one whose rows were all dropped may be among them."""
        return sorted(self._pieces.keys() | self._spilled.keys())

    def rows(self, day: int, /) -> int:
        """Rows of one day, at most (rows that were dropped may be counted)."""
        return self._rows.get(day, 0)

    def pieces(self, day: int, /) -> Iterator[tuple[Any, npt.NDArray[np.int32]]]:
        """Tables of one day in order of arrival, with the source number of each row."""
        for path in self._spilled.get(day, []):
            with storage_errors("read", path), pa.memory_map(str(path)) as file:
                reader = pa.ipc.open_file(file)
                for number in range(reader.num_record_batches):
                    table = pa.Table.from_batches([reader.get_batch(number)])
                    owner = table.column(_SOURCE).to_numpy()
                    table = table.drop_columns([_SOURCE])
                    if self._dropped:
                        kept = ~np.isin(owner, list(self._dropped))
                        table, owner = table.filter(pa.array(kept)), owner[kept]
                    yield table, owner
        for source, table in self._pieces.get(day, []):
            yield table, np.full(table.num_rows, source, dtype=np.int32)

    def clear(self, day: int, /) -> None:
        """Forget a day that has been merged."""
        self._in_memory -= sum(piece.num_rows for _, piece in self._pieces.pop(day, []))
        self._rows.pop(day, None)
        for path in self._spilled.pop(day, []):
            path.unlink(missing_ok=True)

    def _spill(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._spills += 1
        for day in sorted(self._pieces):
            path = self._folder / f"spill-{day}-{self._spills}.arrow"
            tables = [
                piece.append_column(_SOURCE, pa.array(np.full(piece.num_rows, source, dtype=np.int32)))
                for source, piece in self._pieces[day]
            ]
            table = pa.concat_tables(tables)
            options = pa.ipc.IpcWriteOptions(compression="lz4")
            with (
                storage_errors("write", path),
                pa.OSFile(str(path), "wb") as file,
                pa.ipc.new_file(file, table.schema, options=options) as writer,
            ):
                writer.write_table(table, max_chunksize=1 << 19)
            self._spilled.setdefault(day, []).append(path)
            del self._pieces[day]
        self._in_memory = 0


def _by_day(table: Any, /) -> Iterator[tuple[int, Any]]:
    """Split rows by UTC day, keeping their order inside a day."""
    day = table.column("time").cast(pa.int64()).to_numpy() // MILLISECONDS_PER_DAY
    first, last = int(day.min()), int(day.max())
    if first == last:
        yield first, table
        return
    offset = (day - first).astype(np.int32)
    if not bool(np.all(offset[1:] >= offset[:-1])):
        order = np.argsort(offset, kind="stable")
        offset = offset[order]
        table = pc.take(table, pa.array(order))
    edges = np.concatenate([[0], np.flatnonzero(np.diff(offset)) + 1, [len(offset)]])
    for start, end in pairwise(edges.tolist()):
        yield first + int(offset[start]), table.slice(start, end - start)
