"""Any CSV whose columns can be told: by well-known names, or by ``[columns]`` of the configuration.

``[columns]`` maps our names to theirs. A value may join several columns (``time = "{DATE} {CLOCK}"``), ``#3`` is the third
column of a table without a header, and ``date_order`` says how dates such as 03/04/2018 are meant.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

import pyarrow.compute as pc

from tracker.errors import MissingColumnError, MissingTimeError, ParameterError
from tracker.formats.aliases import match_columns, missing_of, pieces, split_columns
from tracker.formats.csv_blocks import Block, header_cells, numbered_columns, read_blocks
from tracker.formats.format import ReadOptions, Source
from tracker.formats.tabular import Layout, header_of, reports_of_blocks
from tracker.formats.values import first_parts, flat, is_slashed, numbers
from tracker.tables.reports import Reports

DELIMITERS = ",;\t|"


class AnyCsv:
    """The format ``csv``."""

    name = "csv"
    doc = "any CSV with known column names, or mapped by [columns] in the configuration"

    def sniff(self, source: Source, options: ReadOptions, /) -> float:
        """Fairly sure when time, MMSI and place can be told from the header; exact formats win."""
        if b"\x00" in source.head[:4096]:
            return 0.0
        try:
            header, _ = _header(source, options)
            return 0.0 if missing_of(match_columns(header, options.columns)) else 0.7
        except ParameterError:
            return 0.0

    def read(self, source: Source, options: ReadOptions, /) -> Iterator[Reports]:
        """Yield reports in input order.

        Raises
        ------
        MissingColumnError
            When time, MMSI, longitude or latitude cannot be told.
        MissingTimeError
            When the times are only seconds of a minute, or dates of which day and month cannot be told apart.
        """
        header, has_header = _header(source, options)
        found = match_columns(header, options.columns)
        refuse_missing(found, source.name, header)
        delimiter = delimiter_of(source.head)
        order = split_columns(options.columns)[1]
        layout = Layout(found, day_first=order != "month_first", decimal_comma=delimiter != ",")
        with source.open() as stream:
            blocks = read_blocks(
                stream,
                source.name,
                delimiter=delimiter,
                wanted=layout.wanted,
                varied=layout.varied,
                has_header=has_header,
            )
            # the first rows tell how the dates of all are meant
            early: list[Block] = []
            for block in blocks:
                early.append(block)
                if len(block.rows):
                    layout = replace(layout, day_first=_day_first(block.table, found["time"], order, source.name))
                    break
            yield from reports_of_blocks(chain(early, blocks), layout, stream, options.batch_rows)


def refuse_missing(found: dict[str, str], name: str, header: Sequence[str], /) -> None:
    """Raise `MissingColumnError` when what is needed cannot be told from a header."""
    missing = missing_of(found)
    if missing:
        raise MissingColumnError(
            f"{name}: no column is known as {', '.join(missing)}; it has: {', '.join(header)[:200]}.\n"
            f'Map it in a TOML file given with --config: [columns] {missing[0]} = "ITS NAME".'
        )


def delimiter_of(head: bytes, /) -> str:
    """The mark that separates the header's cells: the most frequent of the usual ones."""
    first = next((line for line in head.split(b"\n") if line.strip()), b"").decode("utf-8", "replace")
    return max(DELIMITERS, key=lambda mark: (first.count(mark), -DELIMITERS.index(mark)))


def _header(source: Source, options: ReadOptions) -> tuple[list[str], bool]:
    """Names of the columns, and whether they stand in the file; ``#1`` in ``[columns]`` says that they do not."""
    delimiter = delimiter_of(source.head)
    mapped = [piece for theirs in split_columns(options.columns)[0].values() for piece in pieces(theirs)]
    if any(piece.startswith("#") for piece in mapped):
        return numbered_columns(len(header_cells(source.head, delimiter))), False
    return header_of(source.head, delimiter), True


def _day_first(table: Any, theirs: str, order: str | None, name: str) -> bool:
    """How dates with slashes are meant, as far as the first block tells."""
    if len(pieces(theirs)) > 1 or theirs not in table.column_names:
        return order != "month_first"
    column = flat(table.column(theirs))
    values, _ = numbers(column)
    known = pc.drop_null(values)
    if len(known) and pc.max(known).as_py() < 64 and pc.min(known).as_py() >= 0:
        raise MissingTimeError(
            f"{name}: {theirs!r} holds only seconds of a minute (0..63), no date and no hour: no absolute time.\n"
            'If another column holds it, map it with [columns] in a TOML file: time = "ITS NAME".'
        )
    if order is not None or not is_slashed(column):
        return order != "month_first"
    one, two = first_parts(column)
    if (one > 12) == (two > 12):
        raise MissingTimeError(
            f"{name}: dates such as {_example(column)!r} do not say which is the day and which the month.\n"
            'Say so in a TOML file given with --config: [columns] date_order = "day_first" (or "month_first").'
        )
    return one > 12


def _example(column: Any) -> str:
    return str(pc.drop_null(column)[0].as_py())[:40]


FORMAT = AnyCsv()
