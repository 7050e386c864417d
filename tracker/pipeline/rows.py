"""Events by their columns, and as rows that are made when they are looked at: a row held for each took most of the
memory, and most of an event, its sentences above all, is not asked for who the ships were."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tracker.tables.column import UTC_MS

Row = dict[str, Any]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Rows(Sequence[Row]):
    """Columns of an Arrow table as Python's own values; a row is made anew each time."""

    def __init__(self, table: Any, names: Iterable[str], /) -> None:
        self._length: int = table.num_rows
        self._columns = {name: _values(table[name].combine_chunks()) for name in names}

    def column(self, name: str, /) -> list[Any]:
        """Values of a column, one for each row."""
        return self._columns[name]

    def some(self, /, *names: str) -> Iterator[tuple[Any, ...]]:
        """Some columns, row by row."""
        return zip(*(self._columns[name] for name in names), strict=True)

    def fill(self, name: str, values: list[Any], /) -> None:
        """Put values into a column."""
        self._columns[name] = values

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Row]:
        if not self._columns:
            return iter([{} for _ in range(self._length)])
        names = list(self._columns)
        return (dict(zip(names, row, strict=True)) for row in zip(*self._columns.values(), strict=True))

    @overload
    def __getitem__(self, place: int, /) -> Row: ...
    @overload
    def __getitem__(self, place: slice, /) -> list[Row]: ...
    def __getitem__(self, place: int | slice, /) -> Row | list[Row]:
        if isinstance(place, slice):
            return [self[at] for at in range(*place.indices(self._length))]
        return {name: values[place] for name, values in self._columns.items()}


def column(rows: Sequence[Mapping[str, Any]], name: str, /) -> list[Any]:
    """A column of rows, whatever they are held in."""
    return rows.column(name) if isinstance(rows, Rows) else [row[name] for row in rows]


def columns(rows: Sequence[Mapping[str, Any]], /, *names: str) -> Iterator[tuple[Any, ...]]:
    """Some columns of rows, row by row."""
    return zip(*(column(rows, name) for name in names), strict=True)


def _values(column: Any) -> list[Any]:
    """A column as Python's own values: numbers through numpy, moments from milliseconds, equal texts as one object."""
    kind = column.type
    if column.null_count == len(column):
        return [None] * len(column)
    if pa.types.is_timestamp(kind):
        ms = _values(column.cast(UTC_MS).cast(pa.int64()))
        return [None if one is None else EPOCH + timedelta(milliseconds=one) for one in ms]
    if pa.types.is_string(kind):
        coded = column.dictionary_encode()
        texts = [*coded.dictionary.to_pylist(), None]
        codes = pc.fill_null(coded.indices, len(texts) - 1).to_numpy(zero_copy_only=False)
        return [texts[code] for code in codes.tolist()]
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind)):
        values: list[Any] = column.to_pylist()
        return values
    values = pc.fill_null(column, 0).to_numpy(zero_copy_only=False).tolist()
    for i in np.flatnonzero(column.is_null().to_numpy(zero_copy_only=False)).tolist():
        values[i] = None
    return values
