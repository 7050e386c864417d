"""Columns of a table as text, a column at a time: what stands in many cells is written once.

Every cell is as `tracker.exporters.cells` writes a single value: JSON as `to_json`, a cell of a table as `safe_text`.
What JSON and CSV write alike, and what both begin with, is made once for both.
"""

from itertools import groupby
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tracker.exporters.cells import DECIMALS_OF_DEGREES
from tracker.exporters.signed import Signed
from tracker.tables.coded import coded
from tracker.tables.digits import number_texts


class Column(Protocol):
    """A column as pieces of its cells (see `row_texts`), null where nothing is known."""

    def json(self) -> list[Any]:
        """As JSON."""

    def csv(self) -> list[Any]:
        """As cells of CSV: lists joined with ``;``, nothing that a spreadsheet takes for a formula."""


def column_of(values: Any, name: str, /) -> Column:
    """A column of a table (Arrow, chunked or not), some of it known."""
    whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if pa.types.is_list(whole.type):
        return _Lists(whole)
    if pa.types.is_timestamp(whole.type):
        return _Moments(whole)
    if pa.types.is_floating(whole.type):
        numbers = whole.to_numpy(zero_copy_only=False)
        return _Alike(number_texts(_degrees(numbers) if name in ("lon", "lat") else numbers))
    if pa.types.is_boolean(whole.type) or pa.types.is_integer(whole.type):
        return _Alike(whole.cast(pa.string()))
    return _Words(whole)


def row_texts(*pieces: Any, unknown: str | None = None) -> Any:
    """One text for each row of pieces, each a column of texts or the same text for all; one of them is a column.

    ``unknown`` stands for what is null in a column; without it the whole row is null.
    """
    runs = ((is_same, list(some)) for is_same, some in groupby(pieces, key=lambda piece: isinstance(piece, str)))
    joined = [piece for is_same, some in runs for piece in (["".join(some)] if is_same else some)]
    if unknown is None:
        return pc.binary_join_element_wise(*joined, "")
    return pc.binary_join_element_wise(*joined, "", null_handling="replace", null_replacement=unknown)


class _Alike:
    """Numbers, and whether something is so."""

    def __init__(self, texts: Any) -> None:
        self._texts = texts

    def json(self) -> list[Any]:
        return [self._texts]

    def csv(self) -> list[Any]:
        return [self._texts]


class _Moments:
    """Times, as `tracker.exporters.cells.iso_time` writes each."""

    def __init__(self, moments: Any) -> None:
        counts = moments.cast(pa.timestamp("ms"), safe=False)
        seconds = counts.cast(pa.timestamp("s"), safe=False)
        texts = seconds.cast(pa.string())
        is_whole = pc.equal(counts, seconds.cast(pa.timestamp("ms")))
        if not pc.all(is_whole).as_py():
            texts = pc.if_else(is_whole, texts, counts.cast(pa.string()))
        self._texts = pc.replace_substring(texts, " ", "T", max_replacements=1)

    def json(self) -> list[Any]:
        return _around('"', self._texts, 'Z"')

    def csv(self) -> list[Any]:
        return _around("", self._texts, "Z")


class _Words:
    """Texts, each different one written once where the same come again."""

    def __init__(self, texts: Any) -> None:
        different, self._codes = coded(texts)
        self._different = Signed(different)

    def json(self) -> list[Any]:
        return _around('"', self._each(self._different.json()), '"')

    def csv(self) -> list[Any]:
        return [self._each(self._different.safe().quoted())]

    def _each(self, texts: Any) -> Any:
        return texts if self._codes is None else texts.take(self._codes)


class _Lists:
    """Lists of texts, each different element written once."""

    def __init__(self, lists: Any) -> None:
        found = lists.flatten().dictionary_encode()
        self._different = Signed(found.dictionary)
        # elements that are null come after all others
        self._codes = found.indices.fill_null(len(found.dictionary)).to_numpy()
        lengths = lists.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
        self._ends = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
        self._unknown = lists.is_null() if lists.null_count else None

    def json(self) -> list[Any]:
        written = _and(row_texts('"', self._different.json(), '"'), "null")
        return _around("[", self._joined(written, self._codes, ","), "]")

    def csv(self) -> list[Any]:
        # inside an element the separator would read as two
        whole = self._different.replaced(";", ",")
        shown, safe = whole.shown(), whole.safe()
        texts, codes = _and(shown.doubled(), ""), self._codes
        needs = np.append(shown.needs_quotes(), False)
        is_quoted = np.diff(np.append(0, np.cumsum(needs[codes]))[self._ends]) > 0
        if safe is not shown:
            # only what stands first can make a formula
            firsts = self._ends[:-1][np.diff(self._ends) > 0]
            texts, codes = pa.concat_arrays([texts, _and(safe.doubled(), "")]), codes.copy()
            codes[firsts] += len(needs)
        joined = self._joined(texts, codes, ";")
        if not is_quoted.any():
            return [joined]
        quote = '"' if is_quoted.all() else pa.array(["", '"']).take(pa.array(is_quoted.astype(np.int8)))
        return [quote, joined, quote]

    def _joined(self, texts: Any, codes: Any, between: str) -> Any:
        items = texts.take(pa.array(codes))
        return pc.binary_join(pa.ListArray.from_arrays(pa.array(self._ends), items, mask=self._unknown), between)


def _degrees(numbers: Any) -> Any:
    """Degrees to 1e-7 as Python's ``round`` gives them: a half is decided by the digits that the number really has."""
    counts = numbers * 10.0**DECIMALS_OF_DEGREES
    rounded = np.rint(counts) / 10.0**DECIMALS_OF_DEGREES
    for row in np.flatnonzero(np.abs(counts - np.floor(counts) - 0.5) < 1e-3).tolist():
        rounded[row] = round(float(numbers[row]), DECIMALS_OF_DEGREES)
    return rounded


def _around(before: str, texts: Any, after: str) -> list[Any]:
    """Pieces with the same text on either side of each that is known."""
    pieces = [before, texts, after]
    return [row_texts(*pieces)] if texts.null_count else pieces


def _and(texts: Any, last: str) -> Any:
    return pa.concat_arrays([texts, pa.array([last], pa.string())])
