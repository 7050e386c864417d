"""Events on standard output: a table for people, or one of the exporters' formats."""

from typing import IO, Any

import click

from tracker.cli.summary import event_cell


def print_table(events: Any, names: tuple[str, ...], /) -> None:
    """Print some columns as aligned text; the number of events goes to standard error."""
    rows = [_guess_marked(row) for row in events.select(list(names)).to_pylist()]
    cells = [[event_cell(name, row[name]) for name in names] for row in rows]
    widths = [max([len(name), *(len(row[i]) for row in cells)]) for i, name in enumerate(names)]
    if rows:
        click.echo("  ".join(name.ljust(width) for name, width in zip(names, widths, strict=True)).rstrip())
    for row in cells:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    click.echo(f"{len(rows):,} event(s).", err=True)


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
    widths = [max(len(text) for text in texts) for texts in columns.values()]
    for row in zip(*columns.values(), strict=True):
        click.echo("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())


def write_plain(table: Any, form: str, /) -> None:
    """Write any Arrow table to standard output in an exporter's format."""
    import sys

    from tracker.exporters import exporter_of

    exporter_of(form).write(table, sys.stdout.buffer, provenance={})
    sys.stdout.buffer.flush()
