"""Columns of text to values, vectorised: one malformed field costs that field, and says so.

The fast way (Arrow's own cast) is tried first; where anything odd is found, each distinct value is looked at with care.
Every reader here gives the values and a mask of the fields that held something unreadable, which is None when all is well.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tracker.tables.column import UTC_MS

Wrong = npt.NDArray[np.bool_] | None

BLANK = ("", "-", "--", "null", "none", "nan", "nat", "n/a", "na", "unknown", "unknown value", "undefined", "\\n")
"""What providers write for nothing; compared in lower case."""
NUMBER = r"^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,3})?$"
ISO = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?$"
SLASHED = r"^[0-9]{1,2}[/.][0-9]{1,2}[/.][0-9]{4}([T ]|$)"
EPOCH_LIMITS = ((1e11, 1_000.0), (1e14, 1.0), (1e17, 1e-3), (9e18, 1e-6))
"""Numbers below are s, ms, µs, ns since 1970: 1e11 s is the year 5138, 1e11 ms is 1973."""

Read = Callable[[Any], tuple[Any, Wrong]]


def flat(column: Any, /) -> Any:
    """One array of a chunked or plain column."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def by_value(column: Any, read: Read, /) -> tuple[Any, Wrong]:
    """Apply a reader to the distinct values of a dictionary-encoded column, or to a plain one as it is."""
    column = flat(column)
    if not isinstance(column, pa.DictionaryArray):
        return read(column)
    values, wrong = read(column.dictionary)
    places = column.indices
    if wrong is None:
        return values.take(places), None
    mask = pc.fill_null(pa.array(wrong).take(places), False).to_numpy(zero_copy_only=False)
    return values.take(places), mask


def texts(column: Any, /) -> tuple[Any, Wrong]:
    """Any column as trimmed text, blanks null."""
    return by_value(column, lambda values: (_texts(values), None))


def _texts(column: Any) -> Any:
    if not (pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type)):
        column = column.cast(pa.string()).cast(pa.binary())
    try:
        # Parquet's text is not looked at when it is read: this is where bytes that are no UTF-8 are found
        column = column.cast(pa.binary()).cast(pa.string())
    except pa.ArrowInvalid:
        column = pa.array(
            [None if v is None else v.decode("utf-8", "replace") for v in column.to_pylist()], pa.string()
        )
    column = pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.is_in(pc.utf8_lower(column), pa.array(BLANK)), pa.scalar(None, pa.string()), column)


def numbers(column: Any, kind: Any = None, /) -> tuple[Any, Wrong]:
    """Numbers of a column, float64 unless `kind` says otherwise; NaN is nothing, infinity and fractions of codes are wrong."""
    return by_value(column, lambda values: _numbers(values, kind or pa.float64()))


def _numbers(column: Any, kind: Any) -> tuple[Any, Wrong]:
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type) or pa.types.is_decimal(column.type):
        return _fitted(column.cast(pa.float64(), safe=False), kind, None)
    try:
        if pa.types.is_integer(kind):
            return column.cast(kind), None
        return _fitted(column.cast(pa.float64()), kind, None)
    except pa.ArrowInvalid:
        text = _texts(column)
    is_number = pc.fill_null(pc.match_substring_regex(text, pattern=NUMBER), False)
    wrong = np.logical_and(text.is_valid(), np.logical_not(is_number))
    return _fitted(pc.if_else(is_number, text, pa.scalar(None, pa.string())).cast(pa.float64()), kind, wrong)


def _fitted(values: Any, kind: Any, wrong: Wrong) -> tuple[Any, Wrong]:
    """Narrow float64 to a kind; what does not fit becomes null."""
    plain = pc.fill_null(values, np.nan).to_numpy(zero_copy_only=False)
    good = np.isfinite(plain)
    odd = np.isinf(plain)
    if pa.types.is_integer(kind):
        with np.errstate(invalid="ignore"):
            fits = good & (np.abs(plain) <= 2 ** (kind.bit_width - 1) - 1) & (plain == np.rint(plain))
        odd |= good & ~fits
        good = fits
    elif kind == pa.float32():
        large = good & (np.abs(plain) > np.finfo(np.float32).max)
        odd |= large
        good &= ~large
    if odd.any():
        wrong = odd if wrong is None else wrong | odd
    narrow = np.where(good, plain, 0).astype(kind.to_pandas_dtype())
    return pa.array(narrow, kind, mask=~good), wrong if wrong is not None and wrong.any() else None


def times(column: Any, /, *, day_first: bool = True) -> tuple[Any, Wrong]:
    """UTC times (ms) of a column.

    Reads timestamps as they are (without a zone: UTC), ISO 8601 text with ``T`` or a blank, ``dd/mm/yyyy`` (``mm/dd/yyyy``
    unless `day_first`), and s, ms, µs or ns since 1970.
    """
    column = flat(column)
    if isinstance(column, pa.DictionaryArray):
        return by_value(column, lambda values: times(values, day_first=day_first))
    if pa.types.is_timestamp(column.type) or pa.types.is_date(column.type):
        zone = column.type.tz if pa.types.is_timestamp(column.type) else None
        return column.cast(pa.timestamp("ms", tz=zone), safe=False).cast(UTC_MS), None
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        return _epochs(column.cast(pa.float64(), safe=False))
    for unit in ("ms", "us"):
        try:
            # Arrow goes on after the first failure, and each one costs: a glance first
            column.slice(0, 8).cast(pa.timestamp(unit))
            return column.cast(pa.timestamp(unit)).cast(pa.timestamp("ms"), safe=False).cast(UTC_MS), None
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            continue
    # few distinct times stand for many rows: care costs little
    return by_value(_texts(column).dictionary_encode(), lambda values: _moments(values, day_first))


def _moments(text: Any, day_first: bool) -> tuple[Any, Wrong]:
    """Times of distinct texts of any kind that is read."""
    plain = pc.replace_substring_regex(text, pattern=r" ?(UTC|GMT|Z)$", replacement="")
    # 00:00:00:365 is a clock with milliseconds
    plain = pc.replace_substring_regex(plain, pattern=r"(:[0-9]{2}:[0-9]{2}):([0-9]{3})$", replacement=r"\1.\2")
    order = r"\3-\2-\1" if day_first else r"\3-\1-\2"
    plain = pc.replace_substring_regex(plain, pattern=r"^([0-9])([/.])", replacement=r"0\1\2")
    plain = pc.replace_substring_regex(plain, pattern=r"^([0-9]{2}[/.])([0-9][/.])", replacement=r"\10\2")
    plain = pc.replace_substring_regex(plain, pattern=r"^([0-9]{2})[/.]([0-9]{2})[/.]([0-9]{4})", replacement=order)
    is_iso = pc.fill_null(pc.match_substring_regex(plain, pattern=ISO), False)
    iso = pc.if_else(is_iso, plain, pa.scalar(None, pa.string()))
    has_zone = pc.fill_null(pc.match_substring_regex(iso, pattern=r":.*[+-][0-9]{2}:?[0-9]{2}$|Z$"), False)
    has_clock = pc.fill_null(pc.match_substring(iso, ":"), False)
    iso = pc.if_else(has_clock, iso, pc.binary_join_element_wise(iso, "00:00", "T"))
    iso = pc.if_else(has_zone, iso, pc.binary_join_element_wise(iso, "Z", ""))
    read = _cast_times(iso)
    is_number = pc.fill_null(pc.match_substring_regex(text, pattern=r"^[0-9]{9,19}(\.[0-9]*)?$"), False)
    if pc.any(is_number).as_py():
        epochs, _ = _epochs(pc.if_else(is_number, text, pa.scalar(None, pa.string())).cast(pa.float64()))
        read = pc.coalesce(read, epochs)
    wrong = np.logical_and(text.is_valid(), read.is_null())
    return read, np.asarray(wrong) if np.any(wrong) else None


def _cast_times(iso: Any) -> Any:
    """ISO text with zones to UTC; a 13th month or a 25th hour is null."""
    kind = pa.timestamp("ns", tz="UTC")
    try:
        return iso.cast(kind).cast(UTC_MS, safe=False)
    except pa.ArrowInvalid:
        return pa.array([_moment(value) for value in iso.to_pylist()], pa.int64()).cast(UTC_MS)


def _moment(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return int(pa.scalar(text).cast(pa.timestamp("us", tz="UTC")).value // 1000)
    except pa.ArrowInvalid:
        try:
            return int(pa.scalar(text).cast(pa.timestamp("ns", tz="UTC")).value // 1_000_000)
        except pa.ArrowInvalid:
            return None


def _epochs(values: Any) -> tuple[Any, Wrong]:
    plain = pc.fill_null(values, np.nan).to_numpy(zero_copy_only=False)
    size = np.abs(plain)
    factor = np.select([size < limit for limit, _ in EPOCH_LIMITS], [unit for _, unit in EPOCH_LIMITS], default=np.nan)
    ms = plain * factor
    good = np.isfinite(ms)
    wrong = ~np.isnan(plain) & ~good
    read = pa.array(np.where(good, np.rint(ms), 0).astype(np.int64), mask=~good).cast(UTC_MS)
    return read, wrong if wrong.any() else None


def is_slashed(column: Any, /) -> bool:
    """Whether dates stand as ``03/04/2018``, of which day and month cannot be told apart as such."""
    text, _ = texts(column)
    return bool(pc.any(pc.match_substring_regex(text, pattern=SLASHED)).as_py())


def first_parts(column: Any, /) -> tuple[int, int]:
    """The largest first and second number of dates such as ``31/12/2018``; 0 where there are none."""
    text, _ = texts(column)
    found = pc.extract_regex(
        pc.filter(text, pc.fill_null(pc.match_substring_regex(text, pattern=SLASHED), False)),
        pattern=r"^(?P<a>[0-9]{1,2})[/.](?P<b>[0-9]{1,2})",
    )
    if not len(found):
        return 0, 0
    one, two = (pc.max(pc.struct_field(found, name).cast(pa.int64())).as_py() for name in ("a", "b"))
    return int(one), int(two)
