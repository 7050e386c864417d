"""Put the position rows of one day in their one order and drop exact copies.

The order is total (time, MMSI, then every other column), so the same set of rows gives the same table however
the files were cut or in whatever order they came. Two rows can only be equal when time and MMSI are, so a
single integer key sorts everything and only the rows that tie on it are compared in full.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tracker.tables.positions import POSITIONS
from tracker.units import MILLISECONDS_PER_DAY

EXISTING = -1
"""Source number of rows that the case has already: they win over copies that come later."""

_MMSI_BITS = 30
"""999,999,999 < 2**30; the milliseconds of a day need 27 bits, so the key fits in 57."""

_FLOATS = ("sog_kn", "cog_deg", "heading_deg")
_TEXTS = ("ais_class", "station")


@dataclass(frozen=True)
class Merged:
    """Rows in order without copies; ``duplicates`` counts the copies dropped, by source number."""

    table: Any
    duplicates: dict[int, int]


def canonical(table: Any, /) -> Any:
    """Give one value one representation: NaN becomes null and -0.0 becomes 0.0, or equal rows would have unequal bytes."""
    table = POSITIONS.conform(table)
    for name in _FLOATS:
        column = table.column(name)
        values = pc.add(column, pa.scalar(0.0, pa.float32()))
        if pc.any(pc.is_nan(values)).as_py():
            values = pc.if_else(pc.is_nan(values), pa.scalar(None, pa.float32()), values)
        table = table.set_column(table.schema.get_field_index(name), table.schema.field(name), values)
    return table


def merge_rows(pieces: list[Any], sources: list[npt.NDArray[np.int32]], /) -> Merged:
    """Sort rows of one UTC day and drop exact copies.

    Parameters
    ----------
    pieces
        Tables of canonical positions, those of the case first, then in order of arrival.
    sources
        For each piece the source number of each of its rows; a copy is charged to the later source.
    """
    table = pa.concat_tables(pieces)
    source = np.concatenate(sources) if sources else np.empty(0, np.int32)
    if not table.num_rows:
        return Merged(table, {})
    time = table.column("time").cast(pa.int64()).to_numpy()
    key = (time % MILLISECONDS_PER_DAY << _MMSI_BITS) | table.column("mmsi").to_numpy()
    del time
    order = None
    if not bool(np.all(key[1:] >= key[:-1])):
        order = np.argsort(key, kind="quicksort")
        key = key[order]
    tied = np.zeros(len(key), dtype=bool)
    np.equal(key[1:], key[:-1], out=tied[1:])
    tied[:-1] |= tied[1:].copy()
    places = np.flatnonzero(tied)
    del key, tied
    if not len(places):
        return Merged(_take(table, order), {})
    if order is None:
        order = np.arange(table.num_rows)
    rows, repeated = _settle_ties(table, order[places])
    order[places] = rows
    keep = np.ones(len(order), dtype=bool)
    keep[places[repeated]] = False
    numbers, counts = np.unique(source[rows[repeated]], return_counts=True)
    duplicates = {int(number): int(count) for number, count in zip(numbers, counts, strict=True)}
    return Merged(_take(table, order[keep]), duplicates)


def _settle_ties(table: Any, rows: npt.NDArray[np.int64], /) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Order the rows that tie on time and MMSI by all their columns; say which repeat the row before them."""
    few = _take(table, rows)
    columns = [_comparable(few.column(name), name) for name in POSITIONS.names]
    arrival = rows
    ranks = np.lexsort([arrival, *reversed(columns)])
    repeated = np.ones(len(rows), dtype=bool)
    repeated[0] = False
    for column in columns:
        inside = column[ranks]
        repeated[1:] &= inside[1:] == inside[:-1]
    return rows[ranks], repeated


def _comparable(column: Any, name: str, /) -> npt.NDArray[Any]:
    """Numbers that order and compare as the column's values do, unknown first."""
    if name in _TEXTS:
        coded = column.combine_chunks().dictionary_encode()
        coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
        words = coded.dictionary
        rank = np.empty(len(words) + 1, dtype=np.int32)
        rank[np.asarray(pc.sort_indices(words))] = np.arange(len(words), dtype=np.int32)
        rank[-1] = -1
        codes = coded.indices.fill_null(len(words)).to_numpy(zero_copy_only=False)
        return np.asarray(rank[codes])
    if name == "time":
        return np.asarray(column.cast(pa.int64()).to_numpy())
    if name in _FLOATS:
        return np.asarray(pc.fill_null(column, -np.inf).to_numpy())
    return np.asarray(pc.fill_null(column.cast(pa.int64()), -(1 << 40)).to_numpy())


def _take(table: Any, order: npt.NDArray[np.int64] | None, /) -> Any:
    """Rows in an order, column by column so that only one column at a time is held twice."""
    if order is None:
        return table.combine_chunks()
    index = pa.array(order)
    columns = [pc.take(table.column(name).combine_chunks(), index) for name in table.column_names]
    return pa.table(columns, schema=table.schema)
