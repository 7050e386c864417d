"""Columns of text to values, vectorised: one malformed field costs that field, and is counted.

The fast way is tried first (Arrow's own cast); a batch with anything odd in it is looked at with care.
"""

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tracker.tables.column import UTC_MS

BLANK = (
    "",
    "null",
    "NULL",
    "None",
    "none",
    "NaN",
    "nan",
    "N/A",
    "n/a",
    "-",
    "Unknown",
    "unknown",
    "Undefined",
    "undefined",
    "\\N",
)
"""What providers write for nothing."""
NUMBER = r"^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,3})?$"
ISO = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?( ?UTC|Z|[+-][0-9]{2}:?[0-9]{2})?$"
EPOCH_MS_FROM = 100_000_000_000
"""Numbers from here on are milliseconds since 1970, below seconds: 1e11 s is the year 5138, 1e11 ms is 1973."""


def texts(column: Any, /) -> Any:
    """Any column as trimmed text, blanks null; bytes that are not UTF-8 are replaced, never an error."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
        column = _decoded(column)
    elif not pa.types.is_string(column.type):
        column = column.cast(pa.string())
    column = pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.is_in(column, pa.array(BLANK)), pa.scalar(None, pa.string()), column)


def _decoded(column: Any) -> Any:
    try:
        return column.cast(pa.string())
    except pa.ArrowInvalid:
        # latin-1 names in an old file: rare, so slowly
        values = [None if v is None else v.decode("utf-8", "replace") for v in column.to_pylist()]
        return pa.array(values, pa.string())


def numbers(column: Any, kind: Any = None, /) -> tuple[Any, int]:
    """Numbers of a column (float64 unless `kind`), and how many fields were not numbers."""
    kind = kind or pa.float64()
    if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
        return _fitted(column.cast(pa.float64()), kind)
    text = texts(column)
    try:
        values = text.cast(pa.float64())
        wrong = 0
    except pa.ArrowInvalid:
        is_number = pc.fill_null(pc.match_substring_regex(text, pattern=NUMBER), False)
        values = pc.if_else(is_number, text, pa.scalar(None, pa.string())).cast(pa.float64())
        wrong = len(text) - text.null_count - (pc.sum(is_number).as_py() or 0)
    fitted, outside = _fitted(values, kind)
    return fitted, wrong + outside


def _fitted(values: Any, kind: Any) -> tuple[Any, int]:
    """Cast to a narrower kind; what does not fit (or is not finite) becomes null and is counted."""
    is_finite = pc.fill_null(pc.is_finite(values), False)
    outside = (len(values) - values.null_count) - (pc.sum(is_finite).as_py() or 0)
    values = pc.if_else(is_finite, values, pa.scalar(None, pa.float64()))
    if pa.types.is_integer(kind):
        limit = 2 ** (kind.bit_width - 1) - 1
        fits = pc.fill_null(pc.less_equal(pc.abs(values), float(limit)), False)
        outside += (len(values) - values.null_count) - (pc.sum(fits).as_py() or 0)
        values = pc.round(pc.if_else(fits, values, pa.scalar(None, pa.float64())))
    return values.cast(kind, safe=False), outside


def times(column: Any, /) -> tuple[Any, int]:
    """UTC times (ms) of a column, and how many fields were unreadable.

    Reads timestamps as they are (without a zone: UTC), ISO 8601 text with ``T`` or a blank, ``dd/mm/yyyy HH:MM:SS``, and
    seconds or milliseconds since 1970.
    """
    if pa.types.is_timestamp(column.type):
        return column.cast(pa.timestamp("ms", tz=column.type.tz), safe=False).cast(UTC_MS), 0
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        return _epochs(column.cast(pa.float64()))
    text = texts(column)
    first = next((value for value in text.to_pylist() if value is not None), "")
    if len(first) >= 10 and first[2:3] == "/" and first[5:6] == "/":
        parts = [pc.utf8_slice_codeunits(text, a, b) for a, b in ((6, 10), (3, 5), (0, 2))]
        day = pc.binary_join_element_wise(*parts, "-")
        text = pc.binary_join_element_wise(day, pc.utf8_slice_codeunits(text, 10, 40), "")
    elif first.replace(".", "", 1).isdigit():
        values, wrong = numbers(text)
        read, odd = _epochs(values)
        return read, wrong + odd
    is_iso = pc.fill_null(pc.match_substring_regex(text, pattern=ISO), False)
    wrong = len(text) - text.null_count - (pc.sum(is_iso).as_py() or 0)
    text = pc.replace_substring_regex(
        pc.if_else(is_iso, text, pa.scalar(None, pa.string())), pattern=" ?UTC$", replacement="Z"
    )
    has_zone = pc.fill_null(pc.match_substring_regex(text, pattern=r"(Z|[+-][0-9]{2}:?[0-9]{2})$"), False)
    text = pc.if_else(has_zone, text, pc.binary_join_element_wise(text, "Z", ""))
    try:
        # through ns: text with microseconds does not fit into ms as it stands
        return text.cast(pa.timestamp("ns", tz="UTC")).cast(UTC_MS, safe=False), wrong
    except pa.ArrowInvalid:
        read = [_moment(value) for value in text.to_pylist()]
        bad = sum(value is None for value in read) - text.null_count
        return pa.array(read, UTC_MS), wrong + bad


def _moment(text: str | None) -> datetime | None:
    """A time that Arrow would not read as part of a batch; None when there is no such moment (13th month)."""
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")[:19] + "+00:00").astimezone(UTC)
    except ValueError:
        return None


def _epochs(values: Any) -> tuple[Any, int]:
    is_sane = pc.fill_null(pc.and_(pc.is_finite(values), pc.less(pc.abs(values), 1e14)), False)
    wrong = (len(values) - values.null_count) - (pc.sum(is_sane).as_py() or 0)
    values = pc.if_else(is_sane, values, pa.scalar(None, pa.float64()))
    ms = pc.if_else(pc.less(values, float(EPOCH_MS_FROM)), pc.multiply(values, 1000.0), values)
    return pc.round(ms).cast(pa.int64()).cast(UTC_MS), wrong
