"""Columns of a table as text, a column at a time: what stands in many cells is written once.

Every cell is as `tracker.exporters.cells` writes a single value: JSON as `to_json`, a cell of a table as `safe_text`.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from tracker.exporters.cells import drop_unseen, iso_times, json_text, numbers_of, safe_text

Texts = list[str]


def json_texts(events: Any, /) -> dict[str, Texts]:
    """Every column as JSON: a text for each row."""
    return {
        field.name: _texts(events.column(field.name), field.name, json_text, _json_lists) for field in events.schema
    }


def csv_texts(events: Any, /) -> dict[str, Texts]:
    """Every column as cells of CSV: lists joined with ``;``, unknown empty, nothing that a spreadsheet takes for a formula."""
    return {field.name: _texts(events.column(field.name), field.name, _cell, _csv_lists) for field in events.schema}


def json_rows(columns: Iterable[Texts], template: str, /) -> Iterator[bytes]:
    """Columns filled into a template of printf, row by row."""
    for row in zip(*columns, strict=True):
        yield (template % row).encode("utf-8", errors="backslashreplace")


def object_template(names: Iterable[str], /) -> str:
    """A JSON object of columns, as a template of printf."""
    return "{" + ",".join(f"{json_text(name)}:".replace("%", "%%") + "%s" for name in names) + "}"


def _texts(values: Any, name: str, one: Callable[[str | None], str], lists: Callable[[Any], Texts]) -> Texts:
    unknown = one(None)
    if pa.types.is_list(values.type):
        return lists(values)
    if values.null_count == len(values):
        return [unknown] * len(values)
    if pa.types.is_timestamp(values.type):
        return _each(pa.array(iso_times(values), pa.string()), one)
    if pa.types.is_floating(values.type):
        return [unknown if number is None else repr(number) for number in numbers_of(values, name)]
    if pa.types.is_boolean(values.type):
        return [unknown if value is None else "true" if value else "false" for value in values.to_pylist()]
    if pa.types.is_integer(values.type):
        return [unknown if value is None else str(value) for value in values.to_pylist()]
    return _each(values, one)


def _each(texts: Any, one: Callable[[str | None], str]) -> Texts:
    """A column of texts, each different one written once."""
    coded = (texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts).dictionary_encode()
    written = np.array([*map(one, coded.dictionary.to_pylist()), one(None)], object)
    found: Texts = written[coded.indices.fill_null(len(written) - 1).to_numpy()].tolist()
    return found


def _json_lists(values: Any) -> Texts:
    items, ends = _items(values)
    texts = _each(items, json_text)
    return [
        "null" if is_null else f"[{','.join(texts[begin:end])}]"
        for is_null, begin, end in zip(values.is_null().to_pylist(), ends[:-1], ends[1:], strict=True)
    ]


def _csv_lists(values: Any) -> Texts:
    items, ends = _items(values)
    # inside an element the separator would read as two
    shown = _each(items, lambda item: drop_unseen((item or "").replace(";", ",")))
    # only what stands first can make a formula
    first = _each(items, lambda item: safe_text((item or "").replace(";", ",")))
    return [
        _quoted(";".join([first[begin], *shown[begin + 1 : end]])) if begin < end else ""
        for begin, end in pairwise(ends)
    ]


def _items(values: Any) -> tuple[Any, list[int]]:
    """Elements of all lists one after the other, and where each list begins and ends."""
    lists = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    lengths = lists.value_lengths().fill_null(0).to_numpy()
    return lists.flatten(), [0, *np.cumsum(lengths).tolist()]


def _cell(text: str | None) -> str:
    return "" if text is None else _quoted(safe_text(text))


def _quoted(text: str) -> str:
    """RFC 4180, section 2; no line break is left in a text that was made safe."""
    return '"' + text.replace('"', '""') + '"' if "," in text or '"' in text else text
