"""Tables of any layout to reports: a layout says which of its columns is which of ours, this does the rest."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tracker.errors import CorruptInputError, MissingColumnError
from tracker.formats.ahead import in_order
from tracker.formats.aliases import NEEDED, PIECE, pieces
from tracker.formats.codes import ais_classes, ais_statuses, ais_types
from tracker.formats.csv_blocks import Block, column_names, header_cells, read_blocks
from tracker.formats.values import Wrong, by_value, flat, numbers, texts, times
from tracker.tables.reports import HAS_POSITION, HAS_STATIC, REPORTS, Reports

VARIED = ("time", "mmsi", "lon", "lat")
TEXTS = ("name", "callsign", "imo", "destination", "station")
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


@dataclass(frozen=True)
class Layout:
    """Where our columns are in a table.

    ``columns`` maps our name to theirs, or to a template such as ``{DATE} {CLOCK}`` that joins several of theirs.
    ``not_ships`` maps values of their column ``mobile`` to the reason for setting a row aside.
    """

    columns: Mapping[str, str]
    mobile: str | None = None
    not_ships: Mapping[str, str] | None = None
    day_first: bool = True
    decimal_comma: bool = False

    @property
    def wanted(self) -> set[str]:
        """Their columns that must be read."""
        found = {piece for theirs in self.columns.values() for piece in pieces(theirs)}
        return found | {self.mobile} if self.mobile is not None else found

    @property
    def varied(self) -> set[str]:
        """Those of them whose values seldom repeat."""
        return {piece for ours in VARIED if ours in self.columns for piece in pieces(self.columns[ours])}


def to_reports(table: Any, layout: Layout, /, *, rows: Any, read_bytes: int) -> Reports:
    """Map a table to reports.

    Parameters
    ----------
    rows : row numbers in the input, from 1

    Raises
    ------
    CorruptInputError
        When a column is of a kind that holds no such values (a list as an MMSI).
    """
    faults: dict[str, int] = {}
    columns: dict[str, Any] = {"row": pa.array(rows, pa.int64())}
    unreadable: dict[str, tuple[Any, Any]] = {}
    for ours, theirs in layout.columns.items():
        if not all(piece in table.column_names for piece in pieces(theirs)):
            continue
        column = _joined(table, theirs)
        try:
            columns[ours], wrong = _read(ours, column, layout)
        except (pa.ArrowException, TypeError, OverflowError) as error:
            raise CorruptInputError(f"The column {theirs!r} ({column.type}) cannot be read as {ours}.") from error
        if wrong is not None and ours in NEEDED:
            unreadable[ours] = (column, wrong)
        elif wrong is not None:
            faults[ours] = int(np.count_nonzero(wrong))
    columns["kind"] = _kinds(columns, table.num_rows, {ours: wrong for ours, (_, wrong) in unreadable.items()})
    if layout.mobile is not None and layout.mobile in table.column_names:
        columns["reject"], columns["detail"] = _not_ships(table, layout)
    if unreadable:
        named = {layout.columns[ours]: odd for ours, odd in unreadable.items()}
        columns["detail"] = _details(columns.get("detail"), named, table.num_rows)
    return Reports(REPORTS.conform(pa.table(columns)), read_bytes, faults)


def _joined(table: Any, theirs: str) -> Any:
    if not PIECE.search(theirs):
        return flat(table.column(theirs))
    parts: list[Any] = []
    for place, text in enumerate(PIECE.split(theirs)):
        parts.append(texts(table.column(text))[0] if place % 2 else pa.scalar(text))
    return pc.binary_join_element_wise(*parts, "")


def _read(ours: str, column: Any, layout: Layout) -> tuple[Any, Wrong]:
    if ours == "time":
        return times(column, day_first=layout.day_first)
    if ours in TEXTS:
        return texts(column)
    is_text = not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type))
    if ours == "ais_class":
        return by_value(column, lambda values: (ais_classes(texts(values)[0]), None))
    kind = REPORTS.schema.field(ours).type
    if is_text and ours == "nav_status":
        return by_value(column, lambda values: numbers(ais_statuses(texts(values)[0]), kind))
    if ours == "ship_type":
        return by_value(column, lambda values: numbers(ais_types(texts(values)[0]), kind))
    if is_text and layout.decimal_comma:
        return by_value(column, lambda values: numbers(pc.replace_substring(texts(values)[0], ",", "."), kind))
    return numbers(column, kind)


def _kinds(columns: Mapping[str, Any], count: int, unreadable: Mapping[str, Any]) -> Any:
    """A row with a place (even a bad one) is a position; one with an identity only is a static report."""
    said = np.zeros(count, np.bool_)
    for name in STATIC:
        if name in columns and columns[name].null_count < count:
            said |= columns[name].is_valid().to_numpy(zero_copy_only=False)
    placed = np.zeros(count, np.bool_)
    for name in ("lon", "lat"):
        if name in columns:
            placed |= columns[name].is_valid().to_numpy(zero_copy_only=False)
        if name in unreadable:
            placed |= unreadable[name]
    return pa.array(np.where(said, HAS_STATIC, 0) | np.where(placed | ~said, HAS_POSITION, 0), pa.uint8())


def _not_ships(table: Any, layout: Layout) -> tuple[Any, Any]:
    reasons = dict(layout.not_ships or {})
    mobile = texts(table.column(layout.mobile))[0]
    place = pc.index_in(mobile, pa.array(list(reasons), pa.string()))
    reject = pc.take(pa.array(list(reasons.values()), pa.string()), place)
    return reject, pc.if_else(pc.is_valid(place), mobile, pa.scalar(None, pa.string()))


def _details(detail: Any, unreadable: Mapping[str, tuple[Any, Any]], count: int) -> Any:
    """The text of needed fields that could not be read: it explains the reject that follows."""
    detail = pa.nulls(count, pa.string()) if detail is None else detail
    for theirs, (column, wrong) in unreadable.items():
        said = pc.binary_join_element_wise(pa.scalar(theirs), pc.utf8_slice_codeunits(texts(column)[0], 0, 160), "=")
        detail = pc.coalesce(detail, pc.if_else(pa.array(wrong), said, pa.scalar(None, pa.string())))
    return detail


def read_layout(
    stream: IO[bytes], name: str, layout: Layout, /, *, delimiter: str = ",", batch_rows: int, has_header: bool = True
) -> Iterator[Reports]:
    """Reports of a CSV whose layout is known."""
    blocks = read_blocks(
        stream, name, delimiter=delimiter, wanted=layout.wanted, varied=layout.varied, has_header=has_header
    )
    yield from reports_of_blocks(blocks, layout, stream, batch_rows)


def reports_of_blocks(
    blocks: Iterable[Block], layout: Layout, stream: IO[bytes], batch_rows: int, /
) -> Iterator[Reports]:
    """Reports of blocks in batches, in the order of their lines; several blocks are worked on at a time."""

    def reports(block: Block) -> list[Reports]:
        told = int(stream.tell_compressed()) if hasattr(stream, "tell_compressed") else 0
        return list(_reports_of_block(block, layout, told, batch_rows))

    for batches in in_order(blocks, reports):
        yield from batches


def _reports_of_block(block: Block, layout: Layout, read_bytes: int, batch_rows: int, /) -> Iterator[Reports]:
    """Reports of a block in batches, in the order of its lines."""
    for start in range(0, len(block.rows), batch_rows) if not block.bad else ():
        rows = block.rows[start : start + batch_rows]
        yield to_reports(block.table.slice(start, len(rows)), layout, rows=rows, read_bytes=read_bytes)
    if block.bad:
        good = to_reports(block.table, layout, rows=block.rows, read_bytes=read_bytes)
        table = pa.concat_tables([good.table, _bad_rows(block.bad)]).sort_by("row")
        for start in range(0, table.num_rows, batch_rows):
            faults = good.field_faults if start == 0 else {}
            yield Reports(table.slice(start, batch_rows), read_bytes, faults)


def _bad_rows(bad: Sequence[tuple[int, str]]) -> Any:
    """Rows with a wrong number of fields, as `REPORTS`."""
    table = pa.table(
        {
            "row": pa.array([row for row, _ in bad], pa.int64()),
            "kind": pa.array(np.zeros(len(bad), np.uint8)),
            "reject": pa.array(["bad_row"] * len(bad)),
            "detail": pa.array([text for _, text in bad], pa.string()),
        }
    )
    return REPORTS.conform(table)


def find_columns(header: Sequence[str], names: Mapping[str, str], /) -> dict[str, str]:
    """Our column -> theirs, for the names (``|`` between spellings) that a header has, whatever their case."""
    plain = {name.lower(): name for name in reversed(header)}
    found = {}
    for ours, spellings in names.items():
        for spelling in spellings.split("|"):
            if spelling.lower() in plain:
                found[ours] = plain[spelling.lower()]
                break
    return found


def need_columns(found: Mapping[str, str], names: Mapping[str, str], /, *, name: str, header: Sequence[str]) -> None:
    """Refuse a table without time, MMSI and place.

    Raises
    ------
    MissingColumnError
        Naming what is missing and what there is.
    """
    missing = [names[ours].split("|")[0] for ours in NEEDED if ours not in found]
    if missing:
        raise MissingColumnError(
            f"{name} lacks {len(missing)} column(s): {', '.join(missing)}. It has: {', '.join(header)[:200]}.\n"
            "Leave --format out, or map its columns with [columns] in a TOML file (--config)."
        )


def header_of(head: bytes, delimiter: str = ",", /) -> list[str]:
    """Column names of the first line of a table that is not blank; nothing when it is none."""
    return column_names(header_cells(head, delimiter))
