"""Events on standard output: a table for people, or one of the exporters' formats."""

from collections.abc import Sequence
from typing import IO, Any

import click


def print_table(events: Any, names: tuple[str, ...], /) -> None:
    """Print some columns as aligned text; the number of events goes to standard error."""
    from tracker.cli.summary import event_cell

    rows = [_guess_marked(row) for row in events.select(list(names)).to_pylist()]
    cells = [[event_cell(name, row[name]) for name in names] for row in rows]
    for line in aligned([list(names), *cells] if rows else []):
        click.echo(line)
    click.echo(f"{len(rows):,} event(s).", err=True)


def aligned(rows: Sequence[Sequence[str]], /) -> list[str]:
    """Rows of equally many cells, titles first, as lines whose columns stand under each other."""
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _guess_marked(row: dict[str, Any]) -> dict[str, Any]:
    """The second ship of a dark encounter was not heard: its name is in brackets, with a question mark."""
    if row.get("type") != "dark_encounter":
        return row
    known = row.get("name_2") or row.get("mmsi_2")
    return row | {"name_2": f"({known}?)" if known else "(not heard)"}


def write_to_stream(events: Any, form: str, /, *, provenance: dict[str, Any], stream: IO[bytes]) -> None:
    """Write events in an exporter's format."""
    from tracker.exporters import exporter_of

    exporter_of(form).write(events, stream, provenance=provenance)
    stream.flush()


def printable(text: str, /) -> str:
    """Text for a terminal: what a file or its name smuggles in (escapes, marks that turn the line around) is spelt out."""
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)


def print_plain(table: Any, /) -> None:
    """Print any Arrow table as aligned text."""
    from tracker.exporters.cells import plain_values, strip_unseen

    columns = {
        name: [name, *("" if value is None else strip_unseen(str(value)) for value in values)]
        for name, values in plain_values(table).items()
    }
    for line in aligned(list(zip(*columns.values(), strict=True))):
        click.echo(line)


def write_plain(table: Any, form: str, /) -> None:
    """Write any Arrow table to standard output in an exporter's format."""
    import sys

    from tracker.exporters import exporter_of

    exporter_of(form).write(table, sys.stdout.buffer, provenance={})
    sys.stdout.buffer.flush()
