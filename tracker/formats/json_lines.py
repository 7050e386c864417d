"""JSON records of AIS messages: objects out of a byte stream, and single fields out of objects that may be hostile.

An object may fill a line, several lines (pretty-printed), share a line with others, or be an element of one large
array; memory is bounded by the longest object that is read. A line that is no object costs only itself.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import IO, Any, Final

from tracker.formats.lines import CHUNK_BYTES, show
from tracker.tables.reports import REPORTS, Reports

OBJECT_LIMIT: Final = 1 << 20
"""Longest object that is read, bytes; one AIS message has about a thousand."""

BATCH_ROWS: Final = 50_000
"""Rows of Python objects held at once; a table of them is ten times smaller."""

_LINE_TRIAL: Final = 1 << 16
_BETWEEN = re.compile(rb"[\s,\[\]\xef\xbb\xbf]*")
_TOKEN = re.compile(rb'"(?:[^"\\\n]|\\.)*"|[{}]|\n(?=\{)')
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,12}))?\s*(?:(Z|UTC)|([+-])(\d\d):?(\d\d)(?:\s+UTC)?)?"
)


def read_objects(stream: IO[bytes], /) -> Iterator[dict[str, Any] | bytes]:
    """Yield the JSON objects of `stream` in order, and as bytes the text between them that is none."""
    text, place, is_whole = b"", 0, False
    while not is_whole:
        chunk = stream.read(CHUNK_BYTES)
        is_whole = not chunk
        text, place = text[place:] + (chunk or b"\n"), 0
        while True:
            found, end = _next(text, place, is_whole=is_whole)
            if end == place:
                break
            place = end
            if found is not None:
                yield found


def _next(text: bytes, place: int, *, is_whole: bool) -> tuple[dict[str, Any] | bytes | None, int]:
    """The object or fault at `place` and where it ends; the same place when more text is needed."""
    between = _BETWEEN.match(text, place)
    begin = between.end() if between else place
    if begin >= len(text):
        return None, begin
    newline = text.find(b"\n", begin)
    if newline < 0 and not is_whole and len(text) - begin <= OBJECT_LIMIT:
        newline = len(text)
    line_end = len(text) if newline < 0 else newline
    if text[begin] != ord("{"):
        is_cut = line_end == len(text) and not is_whole and len(text) - begin <= OBJECT_LIMIT
        return (None, place) if is_cut else (text[begin:line_end][:OBJECT_LIMIT], line_end)
    if line_end < len(text) and line_end - begin <= _LINE_TRIAL:
        record = _load(text[begin:line_end].rstrip(b" \t\r,]"))
        if record is not None:
            return record, line_end
    depth = 0
    for token in _TOKEN.finditer(text, begin):
        match token.group()[:1]:
            case b"{":
                depth += 1
            case b"}":
                depth -= 1
                if depth == 0:
                    piece = text[begin : token.end()]
                    return _load(piece) or piece, token.end()
            case b"\n":  # a new object at the margin while one is open: that one was cut short
                return text[begin : token.start()], token.start()
    if is_whole or len(text) - begin > OBJECT_LIMIT:
        return text[begin:line_end], line_end
    return None, place


def _load(piece: bytes) -> dict[str, Any] | None:
    try:
        record = json.loads(piece)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


@dataclass
class Fields:
    """Reads single values; what is malformed becomes unknown and is counted by column."""

    faults: Counter[str] = field(default_factory=Counter)

    def number(self, value: Any, column: str, /) -> float | None:
        """A finite number, sent as such or as text."""
        if value is None or value == "":
            return None
        try:
            number = math.nan if isinstance(value, bool) else float(value)
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if math.isfinite(number) and abs(number) < 1e30:
            return number
        self.faults[column] += 1
        return None

    def integer(self, value: Any, column: str, /, *, high: int = 32_767) -> int | None:
        """A whole number from 0 to `high`."""
        number = self.number(value, column)
        if number is None:
            return None
        if number.is_integer() and 0 <= number <= high:
            return int(number)
        self.faults[column] += 1
        return None

    def text(self, value: Any, column: str, /) -> str | None:
        """Text of at most 200 characters; None when blank."""
        if value is None:
            return None
        if not isinstance(value, str | int):
            self.faults[column] += 1
            return None
        return str(value)[:200].encode("utf-8", "replace").decode("utf-8").strip() or None

    def mmsi(self, *values: Any) -> int | None:
        """The first of `values` that is a whole number; what it may be is judged later."""
        for value in values:
            try:
                if value is not None and not isinstance(value, bool) and abs(int(value)) < 1 << 62:
                    return int(value)
            except (TypeError, ValueError, OverflowError):
                continue
        return None


def parse_time(value: Any, /) -> int | None:
    """Milliseconds since 1970 of ISO text (``2022-12-29 18:22:32.318353 +0000 UTC``) or of seconds; None if neither.

    Text without a zone is UTC. Digits beyond the millisecond are cut off.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return round(value * 1000) if 0 <= value < 1e11 else None
    match = _TIME.fullmatch(value.strip()) if isinstance(value, str) and len(value) < 80 else None
    if match is None:
        return None
    day, hour, minute, second, fraction, _, sign, zone_hours, zone_minutes = match.groups()
    start = _day_ms(day)
    if start is None or int(hour) > 23 or int(minute) > 59 or int(second) > 59:
        return None
    zone = int(sign + "1") * (int(zone_hours) * 60 + int(zone_minutes)) if sign else 0
    milliseconds = int((fraction or "0").ljust(3, "0")[:3])
    return start + ((int(hour) * 60 + int(minute) - zone) * 60 + int(second)) * 1000 + milliseconds


@lru_cache(maxsize=1024)
def _day_ms(day: str) -> int | None:
    try:
        return round(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()) * 1000
    except ValueError:
        return None


def reject(reason: str, text: Any = None, /) -> dict[str, Any]:
    """The row of a record that cannot be used."""
    shown = text if isinstance(text, bytes) else str(text).encode("ascii", "backslashreplace")
    return {"kind": 0, "reject": reason, "detail": None if text is None else show(shown)}


def to_reports(rows: list[dict[str, Any]], /, *, first_row: int, read_bytes: int, fields: Fields) -> Reports:
    """A batch of reports from rows without numbers; the faults counted so far go with it."""
    table = REPORTS.from_rows({"row": number, **row} for number, row in enumerate(rows, start=first_row))
    faults = dict(fields.faults)
    fields.faults.clear()
    return Reports(table, read_bytes, faults)
