"""Reading the tables that users give: rows of a CSV, dates as they are written, numbers that are numbers.

Whatever is in such a file is hostile until it is checked; what is set aside keeps its reason and its first example.
"""

import csv
import io
import math
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tracker.errors import EmptyInputError, InputError, MissingColumnError
from tracker.tables.given import read_given

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_LONGEST_TEXT = 200
_NUMBER = re.compile(r"[+-]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)


@dataclass
class Faults:
    """Reasons why rows or values were set aside: how many, and the first."""

    counts: dict[str, int] = field(default_factory=dict)
    first: dict[str, str] = field(default_factory=dict)

    def add(self, reason: str, where: str, /) -> None:
        """Count one."""
        self.counts[reason] = self.counts.get(reason, 0) + 1
        self.first.setdefault(reason, where)

    def join(self, other: "Faults", /) -> None:
        """Add the counts of another."""
        for reason, count in other.counts.items():
            self.counts[reason] = self.counts.get(reason, 0) + count
            self.first.setdefault(reason, other.first[reason])

    def lines(self) -> list[str]:
        """Sentences: count, reason, first example."""
        return [f"{count:,} x {reason}; first: {self.first[reason]}" for reason, count in sorted(self.counts.items())]


def read_csv(path: Path, /, *, needs: tuple[str, ...]) -> tuple[list[dict[str, str]], str]:
    """Rows of a CSV file with the columns it must have, names in lower case, and the SHA-256 of its bytes.

    Raises
    ------
    InputError
        When the file cannot be read as UTF-8 CSV.
    EmptyInputError
        When it has no row.
    MissingColumnError
        When a column is missing.
    """
    given = read_given(path, role="rows")
    return rows_of(given.content, str(path), needs=needs), given.digest


def rows_of(text: str, name: str, /, *, needs: tuple[str, ...]) -> list[dict[str, str]]:
    """Rows of CSV text, `name` being what errors call it; raises as `read_csv`.

    The comma separates; a semicolon or a tab does where the first line has no comma.
    """
    head = text.split("\n", 1)[0]
    comma = next((c for c in (",", ";", "\t") if c in head), ",")
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True, delimiter=comma)
        rows = [
            {(name or "").strip().lower(): _told(value) for name, value in row.items() if isinstance(name, str)}
            for row in reader
        ]
        columns = [column.strip().lower() for column in reader.fieldnames or ()]
    except csv.Error as error:
        raise InputError(f"Cannot read {name}: {error}. It must be a CSV file in UTF-8.") from error
    twice = sorted({column for column in columns if column and columns.count(column) > 1})
    if twice:
        raise InputError(f"{name} has a column twice: {', '.join(twice)}. Which one counts cannot be known.")
    if not rows:
        raise EmptyInputError(f"There is no row in {name}. It needs the columns {', '.join(needs)}.")
    missing = [column for column in needs if column not in rows[0]]
    if missing:
        raise MissingColumnError(
            f"{name} lacks {len(missing)} column(s): {', '.join(missing)}. It has: {', '.join(rows[0])}."
        )
    return rows


def plain(text: str, /) -> str:
    """Text without unseen signs, at most `_LONGEST_TEXT` long."""
    return _UNSEEN.sub("\ufffd", text.strip())[:_LONGEST_TEXT]


def number(text: str, /) -> float | None:
    """A finite number from text; None when it is none.

    A comma is read only where it parts thousands (``12,479``): ``3,5`` could be 3.5 or 35, and is no number.
    """
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text.replace(",", ""))
    return value if math.isfinite(value) else None


def day_of(text: str, /, *, utc_offset_h: float) -> date | None:
    """Day of a date as written, or of a time (UTC unless it says otherwise) in the ledger's zone."""
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        return (moment.astimezone(UTC) + timedelta(hours=utc_offset_h)).date()
    except OverflowError:
        return None


def _told(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
