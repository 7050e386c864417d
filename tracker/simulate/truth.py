"""The truth of a scenario: what really happened, one row for each meeting and for each decoy that is none."""

from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from typing import Any

import pyarrow as pa

from tracker.errors import CorruptInputError, EmptyInputError, MissingColumnError, StorageError
from tracker.tables.column import UTC_MS, Column, Table

MEETING_TYPES = ("encounter", "dark_encounter")
TRUTH_TYPES = (*MEETING_TYPES, "port_call", "spoofing", "decoy")
"""``decoy``: something that looks like a transfer and is none."""

TRUTH = Table(
    "truth",
    "What really happened. Times of a meeting are those made fast; of a decoy, those of its likeness to one.",
    (
        Column("truth_id", pa.string(), "name of the row", required=True),
        Column("type", pa.string(), "one of TRUTH_TYPES", required=True),
        Column("mmsi_1", pa.int32(), "lower MMSI; of a dark_encounter, the ship that was heard", required=True),
        Column("mmsi_2", pa.int32(), "other MMSI; null where it is about one ship"),
        Column("start_time", UTC_MS, "start, UTC", required=True),
        Column("end_time", UTC_MS, "end, UTC", required=True),
        Column("lon", pa.float64(), "longitude of the middle, degrees", low=-180, high=180),
        Column("lat", pa.float64(), "latitude of the middle, degrees", low=-90, high=90),
        Column(
            "class",
            pa.string(),
            "kind of meeting (transfer, bunker, underway, raft, dark), of call, of spoofing, or of decoy",
        ),
        Column("cargo_t", pa.float64(), "mass moved, t; null where nothing was", low=0),
        Column("donor_mmsi", pa.int32(), "the ship that gave"),
        Column("group_id", pa.string(), "same raft"),
    ),
)


def write_truth(truth: Any, path: Path, /) -> None:
    """Write a truth table as CSV, times as ISO 8601 with ``Z``, longitudes and latitudes to five places."""
    lines = [",".join(TRUTH.names)]
    for row in truth.to_pylist():
        cells = []
        for name in TRUTH.names:
            value = row[name]
            if value is None:
                cells.append("")
            elif isinstance(value, datetime):
                cells.append(value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
            elif isinstance(value, float):
                cells.append(f"{value:.1f}" if name == "cargo_t" else f"{value:.5f}")
            else:
                cells.append(str(value))
        lines.append(",".join(cells))
    try:
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise StorageError(f"Cannot write the truth to {path}: {error.strerror}.") from error


def read_truth(path: Path, /) -> Any:
    """Read a ``truth.csv``.

    Raises
    ------
    EmptyInputError
        When there is no such file or it has no rows.
    MissingColumnError
        When a required column is absent.
    CorruptInputError
        When the file is not CSV, or a row holds a value of the wrong kind, an unknown type, or an end before its
        start; the first is named.
    """
    import csv

    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            names = list(reader.fieldnames or [])
            rows = list(reader)
    except OSError as error:
        raise EmptyInputError(f"Cannot read the truth {path}: {error.strerror}.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise CorruptInputError(f"The truth {path} is not a CSV file in UTF-8: {error}.") from error
    missing = [c.name for c in TRUTH.columns if c.required and c.name not in names]
    if missing:
        raise MissingColumnError(
            f"The truth {path} lacks {len(missing)} column(s): {', '.join(missing)}. "
            f"Needed: {', '.join(c.name for c in TRUTH.columns if c.required)}."
        )
    if not rows:
        raise EmptyInputError(f"The truth {path} has a header and no rows.")
    read = []
    for number, row in enumerate(rows, start=2):
        try:
            read.append(_row({name: row.get(name) for name in TRUTH.names}))
        except ValueError as error:
            raise CorruptInputError(f"The truth {path}, line {number}: {error}.") from error
    return TRUTH.conform(pa.Table.from_pylist(read, schema=TRUTH.schema))


def _row(cells: dict[str, str | None], /) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column in TRUTH.columns:
        text = (cells[column.name] or "").strip()
        if not text:
            if column.required:
                raise ValueError(f"{column.name} is empty")
            values[column.name] = None
        elif column.type == UTC_MS:
            values[column.name] = _time(text, column.name)
        elif column.type == pa.string():
            values[column.name] = text
        else:
            values[column.name] = _number(text, column)
    if values["type"] not in TRUTH_TYPES:
        raise ValueError(f"type {values['type'][:40]!r} is not one of {', '.join(TRUTH_TYPES)}")
    if values["end_time"] < values["start_time"]:
        raise ValueError("end_time is before start_time")
    if values["mmsi_1"] == values["mmsi_2"]:
        raise ValueError(f"mmsi_1 and mmsi_2 are both {values['mmsi_1']}: a ship does not meet herself")
    if values["type"] == "encounter" and values["mmsi_2"] is None:
        raise ValueError("mmsi_2 is empty: an encounter is of two ships that were heard")
    return values


def _time(text: str, name: str, /) -> datetime:
    try:
        time = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise ValueError(f"{name} {text[:40]!r} is not an ISO 8601 time") from None
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time


def _number(text: str, column: Column, /) -> float | int:
    try:
        number = int(text) if pa.types.is_integer(column.type) else float(text)
    except ValueError:
        raise ValueError(f"{column.name} {text[:40]!r} is not a number") from None
    low, high = (1, 999_999_999) if pa.types.is_integer(column.type) else (column.low, column.high)
    if not (isfinite(number) and (low is None or number >= low) and (high is None or number <= high)):
        raise ValueError(f"{column.name} {text[:40]!r} is out of range")
    return number
