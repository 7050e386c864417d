"""Merge what came in with what a day holds already, in bounded memory.

A crowded day (tens of millions of rows) is cut into stretches of time that fit; since time leads the order, the
stretches follow one another in the part and the bytes do not depend on the cut.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tracker.archive.buffer import DayBuffer
from tracker.archive.layout import POSITIONS_FOLDER, Part, day_text
from tracker.archive.merge import EXISTING, merge_rows
from tracker.archive.parts import PartWriter, read_groups
from tracker.tables.positions import POSITIONS
from tracker.units import MILLISECONDS_PER_DAY, MILLISECONDS_PER_MINUTE

_MINUTES = MILLISECONDS_PER_DAY // MILLISECONDS_PER_MINUTE

Piece = tuple[Any, npt.NDArray[np.int32]]


@dataclass(frozen=True)
class MergedDay:
    """One day after merging.

    ``file`` is where the part lies for now. ``duplicates`` counts the exact copies dropped by source number.
    ``vessels`` has one row for each MMSI: ``mmsi, positions, first_time, last_time``.
    """

    part: Part
    file: Path
    duplicates: dict[int, int]
    vessels: Any


def merge_day(
    buffer: DayBuffer, day: int, /, *, existing: Path | None, existing_rows: int, folder: Path, slice_rows: int
) -> MergedDay | None:
    """Merge the rows waiting for one day with its part; None when every row of it was dropped.

    Parameters
    ----------
    day
        Counted from 1970-01-01.
    existing, existing_rows
        The day's part in the case, and its rows.
    folder
        Where to write the new part.
    slice_rows
        Rows to sort at a time, about.
    """
    key = day_text(day)
    start_ms = day * MILLISECONDS_PER_DAY
    writer = PartWriter(folder, POSITIONS.schema, name=f"{POSITIONS_FOLDER}-{key}")
    duplicates: Counter[int] = Counter()
    summaries = []
    try:
        for first_ms, last_ms in _stretches(buffer, day, existing, existing_rows, slice_rows):
            pieces = list(_pieces(buffer, day, existing, start_ms + first_ms, start_ms + last_ms))
            if not pieces:
                continue
            merged = merge_rows([table for table, _ in pieces], [source for _, source in pieces])
            duplicates.update(merged.duplicates)
            summaries.append(_summary(merged.table))
            writer.write(merged.table)
            del pieces, merged
        if not writer.rows:
            writer.abandon()
            return None
        part = writer.close(kind=POSITIONS_FOLDER, key=key)
    except BaseException:
        writer.abandon()
        raise
    return MergedDay(part, writer.path, dict(duplicates), _join(summaries))


def _stretches(
    buffer: DayBuffer, day: int, existing: Path | None, existing_rows: int, slice_rows: int
) -> Iterator[tuple[int, int]]:
    """Stretches of the day in ms from its start, inclusive, each of about `slice_rows` rows."""
    if existing_rows + buffer.rows(day) <= slice_rows:
        yield 0, MILLISECONDS_PER_DAY - 1
        return
    counts = np.zeros(_MINUTES, dtype=np.int64)
    for table, _ in _pieces(buffer, day, existing, None, None, columns=["time"]):
        of_day = table.column("time").cast(pa.int64()).to_numpy() % MILLISECONDS_PER_DAY
        counts += np.bincount(of_day // MILLISECONDS_PER_MINUTE, minlength=_MINUTES)
    start = rows = 0
    for minute, count in enumerate(counts.tolist()):
        if rows and rows + count > slice_rows:
            yield start * MILLISECONDS_PER_MINUTE, minute * MILLISECONDS_PER_MINUTE - 1
            start, rows = minute, 0
        rows += count
    yield start * MILLISECONDS_PER_MINUTE, MILLISECONDS_PER_DAY - 1


def _pieces(
    buffer: DayBuffer,
    day: int,
    existing: Path | None,
    first_ms: int | None,
    last_ms: int | None,
    *,
    columns: list[str] | None = None,
) -> Iterator[Piece]:
    """Tables of a day inside a stretch of time: those of the case first, then in order of arrival."""
    if existing is not None:
        for table in read_groups(existing, columns, first_ms=first_ms, last_ms=last_ms):
            yield from _within((table, np.full(table.num_rows, EXISTING, dtype=np.int32)), first_ms, last_ms)
    for piece in buffer.pieces(day):
        yield from _within(piece, first_ms, last_ms)


def _within(piece: Piece, first_ms: int | None, last_ms: int | None) -> Iterator[Piece]:
    table, source = piece
    if first_ms is None or last_ms is None or not table.num_rows:
        if table.num_rows:
            yield piece
        return
    time = table.column("time").cast(pa.int64()).to_numpy()
    inside = (time >= first_ms) & (time <= last_ms)
    if inside.all():
        yield piece
    elif inside.any():
        yield table.filter(pa.array(inside)), source[inside]


def _summary(table: Any) -> Any:
    return (
        table.select(["mmsi", "time"])
        .group_by("mmsi")
        .aggregate([("time", "count"), ("time", "min"), ("time", "max")])
        .rename_columns(["mmsi", "positions", "first_time", "last_time"])
    )


def _join(summaries: list[Any]) -> Any:
    table = (
        pa.concat_tables(summaries)
        .group_by("mmsi")
        .aggregate([("positions", "sum"), ("first_time", "min"), ("last_time", "max")])
        .rename_columns(["mmsi", "positions", "first_time", "last_time"])
    )
    return table.take(pc.sort_indices(table, [("mmsi", "ascending")]))
