"""Values as text and as JSON, the same in every text format.

Numbers carry no more digits than they have (a float32 length is 12.3, not 12.300000190734863), times are
ISO 8601 with ``Z``, unknown is empty or null. Ship names come from the radio: signs that steer a terminal or
turn the reading direction have no place in text, and a spreadsheet must not take a name for a formula.
"""

import json
import re
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa

DECIMALS_OF_DEGREES = 7
"""Stored positions are counts of 1e-7 degree (1 cm)."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""First signs that make a spreadsheet take a cell for a formula (OWASP, CSV injection)."""

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
"""Control signs, line separators and marks of direction: Unicode Standard Annex 9 and general category Cc."""


def iso_time(moment: datetime | None, /) -> str | None:
    """``2020-01-31T12:00:00Z``; milliseconds only where there are any."""
    if moment is None:
        return None
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{moment.microsecond // 1000:03d}Z" if moment.microsecond else f"{text}Z"


def plain_values(events: Any, /) -> dict[str, list[Any]]:
    """Columns as plain Python values that JSON can hold: times as text, numbers finite or None."""
    columns: dict[str, list[Any]] = {}
    for field in events.schema:
        values = events.column(field.name)
        if pa.types.is_timestamp(field.type):
            columns[field.name] = [iso_time(value) for value in values.to_pylist()]
        elif pa.types.is_floating(field.type):
            columns[field.name] = _numbers(values, digits=DECIMALS_OF_DEGREES if field.name in ("lon", "lat") else None)
        else:
            columns[field.name] = values.to_pylist()
    return columns


def safe_text(text: str, /) -> str:
    """Text without unseen signs, and with a leading apostrophe where a spreadsheet would see a formula."""
    shown = _UNSEEN.sub("", text)
    return f"'{shown}" if text.startswith(FORMULA_STARTS) or shown.startswith(FORMULA_STARTS) else shown


def strip_unseen(text: str, /) -> str:
    """Text without signs that steer a terminal, turn the reading direction or cannot be written at all."""
    return _UNSEEN.sub("", text).encode("utf-8", errors="replace").decode("utf-8")


def to_json(value: object, /) -> bytes:
    """JSON in UTF-8, compact; signs that are unseen, and ``<``, are escaped, so that the text is safe to look at and to embed."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")
    if not text.isascii() or "\x7f" in text:
        # the other unseen signs of ASCII are escaped already
        text = _UNSEEN.sub(lambda match: f"\\u{ord(match.group()):04x}", text)
    return text.encode("utf-8", errors="backslashreplace")


def _numbers(values: Any, *, digits: int | None) -> list[float | None]:
    """Finite numbers with the digits that they have; None in place of the others."""
    if values.null_count == len(values):
        return [None] * len(values)
    numbers = values.to_numpy()
    known = np.isfinite(numbers).tolist()
    if values.type == pa.float32():
        numbers = numbers.astype(str).astype(np.float64)
    found = numbers.tolist()
    return [
        (v if digits is None else round(v, digits)) if is_known else None
        for v, is_known in zip(found, known, strict=True)
    ]
