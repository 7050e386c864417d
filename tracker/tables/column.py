"""What a column and a table are, and what derives from their declaration.

A `Table` is a tuple of `Column` records. Stages exchange ``pyarrow.Table`` objects that conform to one;
`conform` casts and orders, and refuses what is missing or of the wrong kind.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from tracker.errors import MissingColumnError

UTC_MS = pa.timestamp("ms", tz="UTC")


@dataclass(frozen=True)
class Column:
    """One column: its name (with unit), Arrow type, meaning, and whether a value may be unknown."""

    name: str
    type: pa.DataType
    meaning: str
    required: bool = False
    low: float | None = None
    high: float | None = None
    source: str = ""
    absent: str | None = None
    """What stands in tables that lack the column, where null would claim something; null unless given."""


@dataclass(frozen=True)
class Table:
    """A named table: its columns in order."""

    name: str
    doc: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """Column names in order."""
        return [column.name for column in self.columns]

    @property
    def schema(self) -> Any:
        """The Arrow schema; required columns are not nullable."""
        return pa.schema([pa.field(c.name, c.type, nullable=not c.required) for c in self.columns])

    def empty(self) -> Any:
        """An Arrow table with the declared columns and no rows."""
        return self.schema.empty_table()

    def conform(self, table: Any, /) -> Any:
        """Order and cast the columns of an Arrow table; absent optional columns become null, or what they declare for that.

        Raises
        ------
        MissingColumnError
            When a required column is absent, or holds nulls.
        """
        missing = [c.name for c in self.columns if c.required and c.name not in table.column_names]
        if missing:
            raise MissingColumnError(
                f"Table {self.name!r} lacks {len(missing)} required column(s): {', '.join(missing)}."
            )
        arrays = []
        for column in self.columns:
            if column.name not in table.column_names:
                arrays.append(pa.repeat(pa.scalar(column.absent, column.type), table.num_rows))
                continue
            array = table.column(column.name)
            array = array if array.type == column.type else array.cast(column.type)
            if column.required and array.null_count:
                raise MissingColumnError(f"Table {self.name!r}: {array.null_count} rows have no {column.name!r}.")
            arrays.append(array)
        return pa.Table.from_arrays(arrays, schema=self.schema)

    def from_rows(self, rows: Iterable[dict[str, Any]], /) -> Any:
        """An Arrow table from dictionaries; names that are not declared are an error."""
        rows = list(rows)
        unknown = sorted({name for row in rows for name in row} - set(self.names))
        if unknown:
            raise MissingColumnError(f"Table {self.name!r} has no column(s) {', '.join(unknown)}.")
        return pa.Table.from_pylist(rows, schema=self.schema)
