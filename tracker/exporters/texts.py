"""Columns of a table as text, a column at a time: what stands in many cells is written once.

Every cell is as `tracker.exporters.cells` writes a single value: JSON as `to_json`, a cell of a table as `safe_text`.
Columns are Arrow arrays of texts, and a file is written some rows at a time.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tracker.exporters.cells import (
    DECIMALS_OF_DEGREES,
    FORMULA_STARTS,
    UNSEEN,
    drop_unseen,
    json_text,
    safe_text,
)
from tracker.tables.digits import number_texts

ROWS_AT_ONCE: Final = 4096
"""Rows made into text at a time: some 10 MB."""
_SEEN_BY_JSON: Final = f'[{UNSEEN}"\\\\<]'
_SEEN_BY_TABLES: Final = f"[{UNSEEN}]|^[{''.join(FORMULA_STARTS).replace('-', '')}-]"
"""Texts that must be looked at one by one: in all others there is nothing to escape or take away."""


def in_pieces(events: Any, /) -> Iterator[Any]:
    """Some rows at a time."""
    for begin in range(0, events.num_rows, ROWS_AT_ONCE):
        yield events.slice(begin, ROWS_AT_ONCE)


def json_texts(events: Any, /) -> dict[str, Any]:
    """Every column as JSON: a text for each row, or one for all where nothing is known."""
    return _columns(events, _json_cells, _json_lists, unknown="null")


def csv_texts(events: Any, /) -> dict[str, Any]:
    """Every column as cells of CSV: lists joined with ``;``, unknown empty, nothing that a spreadsheet takes for a formula."""
    return _columns(events, _csv_cells, _csv_lists, unknown="")


def json_object(columns: Mapping[str, Any], /) -> list[Any]:
    """Columns of JSON as pieces (see `row_texts`) of an object for each row."""
    pieces: list[Any] = []
    for name, texts in columns.items():
        pieces += [f"{',' if pieces else '{'}{json_text(name)}:", texts]
    return [*pieces, "}"]


def row_texts(*pieces: Any) -> Any:
    """One text for each row of pieces, each a column of texts or the same text for all; one of them is a column."""
    runs = ((is_same, list(some)) for is_same, some in groupby(pieces, key=lambda piece: isinstance(piece, str)))
    joined = [piece for is_same, some in runs for piece in (["".join(some)] if is_same else some)]
    return pc.binary_join_element_wise(*joined, "")


def bytes_of(texts: Any, /) -> memoryview:
    """Texts that were just made, one after the other, in UTF-8."""
    _, ends, content = texts.buffers()
    return memoryview(content)[: np.frombuffer(ends, np.int32)[len(texts)]]


def _columns(events: Any, cells: Callable[[Any], Any], lists: Callable[[Any], Any], *, unknown: str) -> dict[str, Any]:
    columns = {}
    for field in events.schema:
        values = events.column(field.name)
        if values.null_count == len(values):
            columns[field.name] = unknown
            continue
        whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
        columns[field.name] = pc.fill_null(_texts(whole, field.name, cells, lists), unknown)
    return columns


def _texts(values: Any, name: str, cells: Callable[[Any], Any], lists: Callable[[Any], Any]) -> Any:
    if pa.types.is_list(values.type):
        return lists(values)
    if pa.types.is_timestamp(values.type):
        return cells(_times(values))
    if pa.types.is_floating(values.type):
        numbers = values.to_numpy(zero_copy_only=False)
        return number_texts(_degrees(numbers) if name in ("lon", "lat") else numbers)
    if pa.types.is_boolean(values.type) or pa.types.is_integer(values.type):
        return values.cast(pa.string())
    return cells(values)


def _degrees(numbers: Any) -> Any:
    """Degrees to 1e-7 as Python's ``round`` gives them: a half is decided by the digits that the number really has."""
    counts = numbers * 10.0**DECIMALS_OF_DEGREES
    rounded = np.rint(counts) / 10.0**DECIMALS_OF_DEGREES
    for row in np.flatnonzero(np.abs(counts - np.floor(counts) - 0.5) < 1e-3).tolist():
        rounded[row] = round(float(numbers[row]), DECIMALS_OF_DEGREES)
    return rounded


def _times(moments: Any) -> Any:
    """As `tracker.exporters.cells.iso_time` writes each."""
    counts = moments.cast(pa.timestamp("ms"), safe=False)
    seconds = counts.cast(pa.timestamp("s"), safe=False)
    is_whole = pc.equal(counts, seconds.cast(pa.timestamp("ms")))
    texts = pc.if_else(is_whole, seconds.cast(pa.string()), counts.cast(pa.string()))
    return row_texts(pc.replace_substring(texts, " ", "T", max_replacements=1), "Z")


def _each(texts: Any, one: Callable[[str], str], rest: Callable[[Any], Any], *, seen: str) -> Any:
    """A column of texts, each different one written once: by ``one`` where it has something ``seen``, else by ``rest``."""
    coded = texts.dictionary_encode()
    different = coded.dictionary
    is_seen = pc.match_substring_regex(different, seen)
    written = rest(different)
    if pc.any(is_seen).as_py():
        odd = [one(text) for text in different.filter(is_seen).to_pylist()]
        written = pc.replace_with_mask(written, is_seen, pa.array(odd, pa.string()))
    return written.take(coded.indices)


def _json_cells(texts: Any) -> Any:
    return _each(texts, json_text, lambda plain: row_texts('"', plain, '"'), seen=_SEEN_BY_JSON)


def _json_lists(values: Any) -> Any:
    items, ends = _items(values)
    inside = _joined(pc.fill_null(_json_cells(items), "null"), ends, ",")
    return pc.if_else(values.is_valid(), row_texts("[", inside, "]"), None)


def _csv_cells(texts: Any) -> Any:
    coded = texts.dictionary_encode()
    return _quoted(_each(coded.dictionary, safe_text, _as_is, seen=_SEEN_BY_TABLES)).take(coded.indices)


def _csv_lists(values: Any) -> Any:
    items, ends = _items(values)
    # inside an element the separator would read as two
    whole = pc.replace_substring(pc.fill_null(items, ""), ";", ",")
    shown = _each(whole, drop_unseen, _as_is, seen=f"[{UNSEEN}]")
    begins = ends[:-1][np.diff(ends) > 0]
    if len(begins):
        # only what stands first can make a formula
        is_first = np.zeros(len(items), bool)
        is_first[begins] = True
        safe = _each(whole.filter(pa.array(is_first)), safe_text, _as_is, seen=_SEEN_BY_TABLES)
        shown = pc.replace_with_mask(shown, pa.array(is_first), safe)
    return _quoted(_joined(shown, ends, ";"))


def _as_is(texts: Any) -> Any:
    return texts


def _items(values: Any) -> tuple[Any, Any]:
    """Elements of all lists one after the other, and where each list begins and ends."""
    lengths = values.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    return values.flatten(), np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)


def _joined(items: Any, ends: Any, between: str) -> Any:
    return pc.binary_join(pa.ListArray.from_arrays(pa.array(ends), items), between)


def _quoted(texts: Any) -> Any:
    """RFC 4180, section 2; no line break is left in a text that was made safe."""
    quoted = row_texts('"', pc.replace_substring(texts, '"', '""'), '"')
    return pc.if_else(pc.match_substring_regex(texts, '[,"]'), quoted, texts)
