"""Tables of any layout to reports: a layout says which of its columns is which of ours, this does the rest."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tracker.errors import CorruptInputError
from tracker.formats.values import numbers, texts, times
from tracker.tables.reports import HAS_POSITION, HAS_STATIC, REPORTS, Reports

TEXTS = ("name", "callsign", "imo", "destination", "ais_class", "station")
STATIC = (
    "name",
    "callsign",
    "imo",
    "ship_type",
    "length_m",
    "beam_m",
    "to_bow_m",
    "to_stern_m",
    "to_port_m",
    "to_starboard_m",
    "draught_m",
    "destination",
)
ANTENNA = ("to_bow_m", "to_stern_m", "to_port_m", "to_starboard_m")

Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class Layout:
    """Where our columns are in a table.

    ``columns`` maps our name to theirs; ``convert`` turns a column (of text) into ours before the common conversion:
    words to codes, say. ``not_ships`` maps values of their column ``mobile`` to a reason for setting a row aside.
    """

    columns: Mapping[str, str]
    convert: Mapping[str, Convert] = field(default_factory=dict)
    mobile: str | None = None
    not_ships: Mapping[str, str] = field(default_factory=dict)


def to_reports(table: Any, layout: Layout, /, *, rows: Any, read_bytes: int) -> Reports:
    """Map a table to reports.

    Parameters
    ----------
    rows : row numbers in the input, from 1
    """
    faults: dict[str, int] = {}
    columns: dict[str, Any] = {"row": pa.array(rows, pa.int64())}
    for name, theirs in layout.columns.items():
        if theirs not in table.column_names:
            continue
        column = table.column(theirs)
        column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        if name in layout.convert:
            column = layout.convert[name](column)
        if name == "time":
            columns[name], wrong = times(column)
        elif name in TEXTS:
            columns[name], wrong = texts(column), 0
        else:
            columns[name], wrong = numbers(column, REPORTS.schema.field(name).type)
        if wrong:
            faults[name] = wrong
    static = np.zeros(table.num_rows, np.bool_)
    for name in STATIC:
        if name in columns:
            static |= columns[name].is_valid().to_numpy(zero_copy_only=False)
    columns["kind"] = pa.array(np.where(static, HAS_POSITION | HAS_STATIC, HAS_POSITION).astype(np.uint8))
    if layout.mobile is not None and layout.mobile in table.column_names:
        mobile = texts(table.column(layout.mobile).combine_chunks())
        known = list(layout.not_ships)
        place = pc.index_in(mobile, pa.array(known))
        columns["reject"] = pc.take(pa.array([layout.not_ships[value] for value in known]), place)
        columns["detail"] = pc.if_else(pc.is_valid(place), mobile, pa.scalar(None, pa.string()))
    # a field that must be there is judged with its row, not counted as a fault of a field
    for name in ("time", "mmsi", "lon", "lat"):
        faults.pop(name, None)
    return Reports(REPORTS.conform(pa.table(columns)), read_bytes, faults)


def read_csv(
    stream: IO[bytes], name: str, /, *, delimiter: str = ",", batch_rows: int, header: bool = True
) -> Iterator[tuple[Any, Any, Reports | None, int]]:
    """Read a CSV in bounded memory, every column as bytes.

    Yields
    ------
    table : Arrow table
    rows : row numbers of its rows, from 1 for the first line after the header
    bad : reports of rows with a wrong number of fields, or None
    read_bytes : how far into the file on disk
    """
    from pyarrow import csv

    bad: list[tuple[int, str]] = []
    first = 1 if header else 0

    def set_aside(row: Any) -> str:
        bad.append((row.number - first, row.text or ""))
        return "skip"

    columns = _header(stream, delimiter)
    names = [
        f"{name}#{n}" if name in columns[:n] else name.strip().removeprefix("\ufeff") for n, name in enumerate(columns)
    ]
    try:
        reader = csv.open_csv(
            stream,
            read_options=csv.ReadOptions(use_threads=False, block_size=max(1 << 16, min(batch_rows * 64, 1 << 24))),
            parse_options=csv.ParseOptions(delimiter=delimiter, invalid_row_handler=set_aside),
            convert_options=csv.ConvertOptions(column_types=dict.fromkeys(columns, pa.binary()), check_utf8=False),
        )
        last = 0
        for batch in reader:
            odd, bad[:] = list(bad), []
            numbers_ = np.arange(last + 1, last + 1 + batch.num_rows + len(odd))
            if odd:
                numbers_ = np.setdiff1d(numbers_, np.array([row for row, _ in odd]), assume_unique=True)[
                    : batch.num_rows
                ]
            last += batch.num_rows + len(odd)
            yield pa.Table.from_batches([batch]).rename_columns(names), numbers_, _bad_rows(odd), _told(stream)
        if bad:
            yield None, None, _bad_rows(bad), _told(stream)
    except pa.ArrowInvalid as error:
        raise CorruptInputError(f"{name} is not a readable table: {str(error).splitlines()[0]}") from error


def _header(stream: IO[bytes], delimiter: str) -> list[str]:
    """Cells of the first line, as they stand; the stream is not moved."""
    return _cells(stream.peek(1 << 16) if hasattr(stream, "peek") else b"", delimiter)


def _told(stream: IO[bytes]) -> int:
    return int(stream.tell_compressed()) if hasattr(stream, "tell_compressed") else 0


def _bad_rows(bad: list[tuple[int, str]]) -> Reports | None:
    """Reports for rows with a wrong number of fields."""
    if not bad:
        return None
    table = pa.table(
        {
            "row": pa.array([row for row, _ in bad], pa.int64()),
            "kind": pa.array([0] * len(bad), pa.uint8()),
            "reject": pa.array(["bad_row"] * len(bad)),
            "detail": pa.array([text.encode("utf-8", "replace").decode("utf-8", "replace")[:200] for _, text in bad]),
        }
    )
    return Reports(REPORTS.conform(table), 0, {})


def read_layout(
    stream: IO[bytes], name: str, layout: Layout, /, *, delimiter: str = ",", batch_rows: int
) -> Iterator[Reports]:
    """Reports of a CSV whose layout is known."""
    for table, rows, bad, read_bytes in read_csv(stream, name, delimiter=delimiter, batch_rows=batch_rows):
        if bad is not None:
            yield bad
        if table is not None and table.num_rows:
            yield to_reports(table, layout, rows=rows, read_bytes=read_bytes)


def header_of(head: bytes, delimiter: str = ",", /) -> list[str]:
    """Column names of the first line of a table; nothing when it is none."""
    return [cell.strip() for cell in _cells(head, delimiter)]


def _cells(head: bytes, delimiter: str) -> list[str]:
    import csv

    lines = head[: 1 << 16].decode("utf-8-sig", "replace").splitlines()
    try:
        return next(csv.reader(lines[:1], delimiter=delimiter), [])
    except csv.Error:
        return []
