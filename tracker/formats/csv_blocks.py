"""CSV in blocks of whole lines: fast where a block is clean, careful where it is not, and always the right row number.

Arrow parses a block of some megabytes at once. Only when the number of rows it finds is not the number of lines (a
stray quote, a wrong number of fields, bytes that are no UTF-8) is that block looked at line by line, so one bad line
costs itself and no clean file pays for the care. A line is a row: AIS has no field with a line break.
"""

import csv
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import IO, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tracker.errors import CorruptInputError, EmptyInputError
from tracker.formats.ahead import in_order

BLOCK_BYTES = 1 << 23
LONGEST_LINE_BYTES = 1 << 26
EXCERPT = 200


@dataclass(frozen=True)
class Block:
    """Some rows of a CSV: a table of text columns, the row number of each, and the lines that are no rows."""

    table: Any
    rows: npt.NDArray[np.int64]
    bad: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Lines:
    """Whole lines of a CSV, its columns, the number of the first row and how many there are."""

    block: bytes
    columns: list[str]
    first: int
    count: int


def read_blocks(
    stream: IO[bytes],
    name: str,
    /,
    *,
    delimiter: str,
    wanted: Collection[str],
    varied: Collection[str] = (),
    has_header: bool = True,
) -> Iterator[Block]:
    """Read the wanted columns of a CSV in bounded memory.

    Parameters
    ----------
    wanted : names of columns as `column_names` gives them
    varied : those whose values seldom repeat; they come as plain text, the others dictionary-encoded

    Raises
    ------
    CorruptInputError
        When the compressed stream is damaged, or a line has no end within 64 MiB.
    EmptyInputError
        When there is no row.
    """
    lines = _numbered(stream, name, delimiter, has_header=has_header)
    yield from in_order(lines, partial(_parse, delimiter=delimiter, wanted=wanted, varied=varied))


def _numbered(stream: IO[bytes], name: str, delimiter: str, *, has_header: bool) -> Iterator[_Lines]:
    """Stretches of lines behind the header, each with its columns and the number of its first row."""
    columns: list[str] = []
    first = 1
    for lines in _line_blocks(stream, name):
        block = lines
        if not columns:
            block, cells = _take_header(lines, delimiter)
            columns = column_names(cells) if has_header else numbered_columns(len(cells))
            block = block if has_header else lines.removeprefix(b"\xef\xbb\xbf")
        if not block:
            continue
        count = block.count(b"\n")
        yield _Lines(block, columns, first, count)
        first += count
    if first == 1:
        raise EmptyInputError(f"{name} holds {'a header and no row' if columns else 'nothing'}.")


def column_names(cells: Sequence[str], /) -> list[str]:
    """Names of columns, trimmed and made different (``name``, ``name#2``)."""
    names: list[str] = []
    for cell in cells:
        plain = cell.strip().removeprefix("#").strip()
        names.append(plain if plain not in names else f"{plain}#{len(names) + 1}")
    return names


def numbered_columns(count: int, /) -> list[str]:
    """Names of the columns of a table without a header: ``#1``, ``#2``, …."""
    return [f"#{n}" for n in range(1, count + 1)]


def header_cells(head: bytes, delimiter: str = ",", /) -> list[str]:
    """Cells of the first line that is not blank, as they stand; nothing where it is no table."""
    return _take_header(head[: 1 << 16], delimiter)[1]


def _take_header(lines: bytes, delimiter: str) -> tuple[bytes, list[str]]:
    """Split the first line that is not blank from the rest."""
    rest = lines.removeprefix(b"\xef\xbb\xbf")
    line = b""
    while rest and not line.strip():
        line, _, rest = rest.partition(b"\n")
    return rest, _cells(line.rstrip(b"\r").decode("utf-8", "replace"), delimiter) or []


def _cells(line: str, delimiter: str) -> list[str] | None:
    """Fields of one line; None when it cannot be read."""
    if '"' not in line:
        return line.split(delimiter)
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return None


def _line_blocks(stream: IO[bytes], name: str) -> Iterator[bytes]:
    """Stretches of whole lines; the last is given a newline."""
    rest = b""
    while chunk := stream.read(BLOCK_BYTES):
        body, newline, tail = chunk.rpartition(b"\n")
        if newline:
            yield rest + body + newline
            rest = tail
        else:
            rest += chunk
            if len(rest) > LONGEST_LINE_BYTES:
                raise CorruptInputError(f"{name} is no table: a line of more than {LONGEST_LINE_BYTES >> 20} MiB.")
    if rest:
        yield rest + b"\n"


def _parse(lines: _Lines, /, *, delimiter: str, wanted: Collection[str], varied: Collection[str]) -> Block:
    block, columns, first, count = lines.block, lines.columns, lines.first, lines.count
    if _is_plain(block):
        table = _arrow(block, columns, delimiter=delimiter, wanted=wanted, varied=varied)
        if table is not None and table.num_rows == count and not _runs_over(table):
            return Block(table, np.arange(first, first + count))
    good, cells, bad = _sort_lines(block, len(columns), first, delimiter)
    rows = np.array(good, np.int64)
    text = "\n".join(delimiter.join(_quoted(cell) for cell in line) for line in cells)
    table = _arrow(text.encode("utf-8"), columns, delimiter=delimiter, wanted=wanted, varied=varied) if cells else None
    if table is None or table.num_rows != len(cells):
        table = pa.table(
            {
                name: pa.array([line[place] or None for line in cells], pa.string())
                for place, name in enumerate(columns)
                if name in wanted
            }
        )
    return Block(table, rows, bad)


def _is_plain(block: bytes) -> bool:
    """Whether Arrow sees the line ends that we see: a lone carriage return is one to Arrow and not to us."""
    return b"\r" not in block or block.count(b"\r") == block.count(b"\r\n")


def _runs_over(table: Any) -> bool:
    """Whether a quote that opens in the last line took the line's end in: no number of rows tells."""
    last = table.slice(table.num_rows - 1).to_pylist()
    return any("\n" in value for row in last for value in row.values() if value is not None)


def _arrow(block: bytes, columns: list[str], /, *, delimiter: str, wanted: Any, varied: Any) -> Any:
    """What Arrow makes of a block; None when it does not like it."""
    from pyarrow import csv as arrow_csv

    kinds = {name: pa.string() if name in varied else pa.dictionary(pa.int32(), pa.string()) for name in columns}
    try:
        return arrow_csv.read_csv(
            pa.BufferReader(block),
            arrow_csv.ReadOptions(column_names=columns, block_size=1 << 20),
            arrow_csv.ParseOptions(delimiter=delimiter),
            arrow_csv.ConvertOptions(
                column_types=kinds,
                include_columns=[name for name in columns if name in wanted],
                null_values=[""],
                strings_can_be_null=True,
            ),
        )
    except pa.ArrowException:
        return None


def _sort_lines(
    block: bytes, width: int, first: int, delimiter: str
) -> tuple[list[int], list[list[str]], list[tuple[int, str]]]:
    """Lines with the right number of fields, with their row numbers, and the others; blank lines are neither."""
    good: list[int] = []
    cells: list[list[str]] = []
    bad: list[tuple[int, str]] = []
    for row, raw in enumerate(block[:-1].split(b"\n"), first):
        line = _text(raw.rstrip(b"\r"))
        if not line.strip():
            continue
        fields = _cells(line, delimiter)
        if fields is not None and len(fields) == width:
            good.append(row)
            cells.append(fields)
        else:
            bad.append((row, line[:EXCERPT]))
    return good, cells, bad


def _text(raw: bytes) -> str:
    """UTF-8, else Latin-1: the two encodings in which ships' names are published."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""').replace("\r", " ") + '"' if cell else ""
