"""Values as text and as JSON, the same in every text format.

Numbers carry no more digits than they have (a float32 length is 12.3, not 12.300000190734863), times are
ISO 8601 with ``Z``, unknown is empty or null. Ship names come from the radio: signs that steer a terminal or
turn the reading direction have no place in text, and a spreadsheet must not take a name for a formula.
"""

import json
import re
from datetime import datetime
from typing import Any, cast

import numpy as np
import pyarrow as pa

DECIMALS_OF_DEGREES = 7
"""Stored positions are counts of 1e-7 degree (1 cm)."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""First signs that make a spreadsheet take a cell for a formula (OWASP, CSV injection)."""

UNSEEN = r"\x00-\x1f\x7f-\x9f" + "\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
"""Control signs, line separators and marks of direction: Unicode Standard Annex 9 and general category Cc. As ranges of a regular expression."""

_UNSEEN = re.compile(f"[{UNSEEN}]")

_JSON = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def iso_time(moment: datetime | None, /) -> str | None:
    """``2020-01-31T12:00:00Z``; milliseconds only where there are any."""
    if moment is None:
        return None
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{moment.microsecond // 1000:03d}Z" if moment.microsecond else f"{text}Z"


def iso_times(moments: Any, /) -> list[str | None]:
    """A column of times (Arrow) as `iso_time` writes each."""
    counts = moments.cast(pa.timestamp("ms"), safe=False).cast(pa.int64()).fill_null(0).to_numpy()
    texts = np.datetime_as_string(counts.astype("datetime64[ms]"))
    is_whole = (counts % 1000 == 0).tolist()
    return [
        (f"{text[:19]}Z" if whole else f"{text}Z") if known else None
        for text, whole, known in zip(texts.tolist(), is_whole, moments.is_valid().to_pylist(), strict=True)
    ]


def plain_values(events: Any, /) -> dict[str, list[Any]]:
    """Columns as plain Python values that JSON can hold: times as text, numbers finite or None."""
    columns: dict[str, list[Any]] = {}
    for field in events.schema:
        values = events.column(field.name)
        if pa.types.is_timestamp(field.type):
            columns[field.name] = iso_times(values)
        elif pa.types.is_floating(field.type):
            columns[field.name] = numbers_of(values, field.name)
        else:
            columns[field.name] = values.to_pylist()
    return columns


def safe_text(text: str, /) -> str:
    """Text without unseen signs, and with a leading apostrophe where a spreadsheet would see a formula."""
    shown = drop_unseen(text)
    return f"'{shown}" if text.startswith(FORMULA_STARTS) or shown.startswith(FORMULA_STARTS) else shown


def drop_unseen(text: str, /) -> str:
    """Text without control signs, separators and marks of direction."""
    return _UNSEEN.sub("", text)


def strip_unseen(text: str, /) -> str:
    """Text without signs that steer a terminal, turn the reading direction or cannot be written at all."""
    return _UNSEEN.sub("", text).encode("utf-8", errors="replace").decode("utf-8")


def to_json(value: object, /) -> bytes:
    """JSON in UTF-8, compact; signs that are unseen, and ``<``, are escaped, so that the text is safe to look at and to embed."""
    return json_text(value).encode("utf-8", errors="backslashreplace")


def json_text(value: object, /) -> str:
    """`to_json` before it is encoded."""
    text = _JSON.encode(value).replace("<", "\\u003c")
    if not text.isascii() or "\x7f" in text:
        # the other unseen signs of ASCII are escaped already
        text = _UNSEEN.sub(lambda match: f"\\u{ord(match.group()):04x}", text)
    return text


def numbers_of(values: Any, name: str, /) -> list[float | None]:
    """Finite numbers of a column with the digits that they have; None in place of the others."""
    if values.null_count == len(values):
        return [None] * len(values)
    numbers = values.to_numpy()
    known = np.isfinite(numbers)
    if values.type == pa.float32():
        # as a text a float32 has the digits that it has; there are few different ones
        some, place = np.unique(numbers, return_inverse=True)
        numbers = some.astype(str).astype(np.float64)[place]
    found = numbers.tolist()
    if name in ("lon", "lat"):
        found = [round(number, DECIMALS_OF_DEGREES) for number in found]
    if not known.all():
        for row in np.flatnonzero(~known).tolist():
            found[row] = None
    return cast(list[float | None], found)
