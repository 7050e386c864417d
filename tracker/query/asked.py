"""Reading what a user asked: each filter's value from text, or refused with the values that are accepted."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from difflib import get_close_matches
from typing import Any

import pyarrow as pa

from tracker.errors import UsageError
from tracker.geo.states import alpha3
from tracker.tables.events import EVENT_TYPES, EVENTS, VERDICTS, WATERS
from tracker.tables.notes import MARKS

_TIME = re.compile(
    r"(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d)"
    r"([T ](?P<hour>\d\d):(?P<minute>\d\d)(:(?P<second>\d\d)(\.\d+)?)?(?P<zone>Z|[+-]\d\d:\d\d)?)?)?)?"
)


def parse_time(text: str, /) -> datetime:
    """Read ``2020``, ``2020-01``, ``2020-01-31`` or ``2020-01-31T12:00Z`` as the first moment of it, UTC.

    Raises
    ------
    UsageError
        When it is none of these.
    """
    match = _TIME.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError
        if match["hour"] is None:
            return datetime(int(match["year"]), int(match["month"] or 1), int(match["day"] or 1), tzinfo=UTC)
        moment = datetime.fromisoformat(text.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except ValueError as error:
        raise UsageError(
            f"{text!r} is not a date. Accepted: 2020, 2020-01, 2020-01-31, 2020-01-31T12:00Z (UTC)."
        ) from error


def _several(value: object) -> list[object]:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return list(value) if isinstance(value, Iterable) else [value]


def _words(accepted: tuple[str, ...]) -> Any:
    def read(name: str, value: object) -> tuple[str, ...]:
        words = tuple(str(word).strip().lower().replace(" ", "_").replace("-", "_") for word in _several(value))
        for word in words:
            if word not in accepted:
                raise UsageError(f"{_option(name)} {word!r}: not known. Accepted: {', '.join(accepted)}.")
        return words

    return read


def _states(name: str, value: object) -> tuple[str, ...]:
    whole = alpha3(value) if isinstance(value, str) else None  # a name may hold a comma
    if whole is not None:
        return (whole,)
    codes = [(str(word), alpha3(str(word))) for word in _several(value)]
    for word, code in codes:
        if code is None:
            raise UsageError(f"{_option(name)} {word!r}: no such state. Accepted: PRK, KP, or its name.")
    return tuple(code for _, code in codes if code is not None)


def _whole(low: int, high: int, meaning: str) -> Any:
    def read(name: str, value: object) -> int:
        text = re.sub(r"(?i)^(imo|mmsi)\s*", "", str(value).strip())
        if not re.fullmatch(r"\d{1,12}", text) or not low <= int(text) <= high:
            raise UsageError(f"{_option(name)} {str(value)!r}: not {meaning}.")
        return int(text)

    return read


def _each(read: Any) -> Any:
    return lambda name, value: tuple(read(name, one) for one in _several(value))


def _number(low: float, high: float) -> Any:
    def read(name: str, value: object) -> float:
        try:
            number = float(str(value))
        except ValueError:
            number = float("nan")
        if not low <= number <= high:
            raise UsageError(f"{_option(name)} {str(value)!r}: not a number from {low:g} to {high:g}.")
        return number

    return read


def _moment(name: str, value: object) -> datetime:
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    try:
        return parse_time(str(value))
    except UsageError as error:
        raise UsageError(f"{_option(name)} {error}") from error


def _switch(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise UsageError(f"{_option(name)} {value!r}: it is either given or not.")
    return value


def _text(name: str, value: object) -> str:
    text = str(value).strip()
    if not text:
        raise UsageError(f"{_option(name)} is empty.")
    return text


def _column(_: str, value: object) -> str:
    text = str(value).strip()
    sortable = [column.name for column in EVENTS.columns if not pa.types.is_list(column.type)]
    if text.removeprefix("-") not in sortable:
        near = get_close_matches(text.removeprefix("-"), sortable, n=3) or sortable[:6]
        raise UsageError(f"--sort {text!r}: no such column. Near: {', '.join(near)}. -COLUMN: largest first.")
    return text


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


READERS: dict[str, Any] = {
    "region": _text,
    "waters": _words(WATERS),
    "international": _switch,
    "state": _states,
    "claimant": _switch,
    "flag": _states,
    "mmsi": _each(_whole(1, 999_999_999, "an MMSI (up to nine digits)")),
    "imo": _each(_whole(1_000_000, 9_999_999, "an IMO number (seven digits)")),
    "name": _text,
    "listed": _switch,
    "since": _moment,
    "until": _moment,
    "type": _words(EVENT_TYPES),
    "verdict": _words(VERDICTS),
    "min_confidence": _number(0, 1),
    "min_risk": _number(0, 100),
    "mark": _words((*MARKS, "none")),
    "in_port": _switch,
    "sort": _column,
    "limit": _whole(0, 1_000_000_000, "a whole number"),
}
"""Filter -> function of its name and what was written, giving its value."""
