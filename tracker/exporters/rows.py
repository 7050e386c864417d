"""Rows of events as text, some at a time, for every file that is made of them at once.

Columns that say something in few rows only are put together in those rows, and all others get one text for the lot.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any, Final, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tracker.exporters.cells import json_text
from tracker.exporters.exporter import Target, open_target
from tracker.exporters.texts import Column, column_of, row_texts

ROWS_AT_ONCE: Final = 8192
"""Rows made into text at a time: some 20 MB."""
FEW: Final = 0.25
"""Share of rows up to which a column says something in few."""


@dataclass(frozen=True)
class Form:
    """How a cell is written: what stands before it, its pieces (see `row_texts`), and what stands for the unknown."""

    before: Callable[[str], str]
    cells: Callable[[Column], list[Any]]
    unknown: str


@cache
def _member(name: str) -> str:
    return f",{json_text(name)}:"


JSON_FORM: Final = Form(_member, lambda column: column.json(), "null")
CSV_FORM: Final = Form(lambda name: ",", lambda column: column.csv(), "")


class Texts:
    """Rows of a table, of which texts are made in one form or more; what the forms share is made once.

    Parameters
    ----------
    table
        Arrow table with a row at least.
    few
        Share of rows up to which a column is left out of most of them; 0 for none.
    """

    def __init__(self, table: Any, /, *, few: float = FEW) -> None:
        self._table = table
        self._columns: dict[str, Column] = {}
        self._is_known = {name: table.column(name).null_count < len(table) for name in table.column_names}
        self._runs: list[tuple[list[str], _Few | None]] = []
        for is_few, run in groupby(
            table.column_names, key=lambda name: len(table) - table.column(name).null_count <= few * len(table)
        ):
            names = list(run)
            said = any(self._is_known[name] for name in names)
            self._runs.append((names, _few_of(table.select(names)) if is_few and said else None))

    def cells(self, name: str, form: Form, /) -> list[Any]:
        """Pieces of a column's cells."""
        if not self._is_known[name]:
            return [form.unknown]
        if name not in self._columns:
            self._columns[name] = column_of(self._table.column(name), name)
        return form.cells(self._columns[name])

    def pieces(self, form: Form, /, *, without: tuple[str, ...] = ()) -> list[Any]:
        """Pieces of all cells, each with what stands before it; no comma comes before the first."""
        first, *others = self._pieces(form, without)
        return [first[1:] if isinstance(first, str) else pc.utf8_slice_codeunits(first, 1), *others]

    def _pieces(self, form: Form, without: tuple[str, ...] = ()) -> list[Any]:
        pieces: list[Any] = []
        for names, few in self._runs:
            if few is not None and not set(names) & set(without):
                pieces.append(few.texts(form))
                continue
            for name in names:
                if name not in without:
                    pieces += [form.before(name), *self.cells(name, form)]
        return pieces


@dataclass(frozen=True)
class _Few:
    """Columns that say something in few rows: those rows, and which of them each row is (after the last: none)."""

    said: Texts
    place: Any
    names: list[str]

    def texts(self, form: Form) -> Any:
        known = row_texts(*self.said._pieces(form), unknown=form.unknown)
        blank = "".join(form.before(name) + form.unknown for name in self.names)
        return pa.concat_arrays([known, pa.array([blank], pa.string())]).take(self.place)


def _few_of(table: Any) -> _Few | None:
    """Columns put together where one of them says something; None where that is in most rows."""
    is_said = np.zeros(len(table), bool)
    for column in table.columns:
        if column.null_count < len(table):
            is_said |= column.is_valid().to_numpy()
    count = int(is_said.sum())
    if count > len(table) / 2:
        return None
    place = np.where(is_said, np.cumsum(is_said) - 1, count)
    return _Few(Texts(table.filter(pa.array(is_said)), few=0), pa.array(place), table.column_names)


def json_object(some: Texts, /, *, without: tuple[str, ...] = ()) -> list[Any]:
    """Pieces of an object for each row."""
    return ["{", *some.pieces(JSON_FORM, without=without), "}"]


class RowsExporter(Protocol):
    """An exporter of rows of text."""

    between: str
    tail: bytes

    def head(self, events: Any, provenance: Mapping[str, Any], /) -> bytes:
        """What comes before the rows."""

    def rows(self, some: Texts, /) -> Any:
        """A text for each row, ``between`` in front."""


def in_pieces(events: Any, /) -> Iterator[Texts]:
    """Some rows at a time."""
    for begin in range(0, events.num_rows, ROWS_AT_ONCE):
        yield Texts(events.slice(begin, ROWS_AT_ONCE))


def write_rows(events: Any, targets: Mapping[RowsExporter, Target], /, *, provenance: Mapping[str, Any]) -> None:
    """Write events in several formats at once.

    Raises
    ------
    StorageError
        When the disk refuses; files that were there before are still there.
    """
    with ExitStack() as stack:
        streams = {exporter: stack.enter_context(open_target(target)) for exporter, target in targets.items()}
        for exporter, stream in streams.items():
            stream.write(exporter.head(events, provenance))
        for number, some in enumerate(in_pieces(events)):
            for exporter, stream in streams.items():
                stream.write(_bytes_of(exporter.rows(some))[0 if number else len(exporter.between) :])
        for exporter, stream in streams.items():
            stream.write(exporter.tail)


def _bytes_of(texts: Any) -> memoryview:
    """Texts that were just made, one after the other, in UTF-8."""
    _, ends, content = texts.buffers()
    return memoryview(content)[: np.frombuffer(ends, np.int32)[len(texts)]]
