"""Commands of judgement and time: note, notes, diff."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from tracker.cli.options import filters, filters_of

FORMS = click.Choice(["table", "json", "csv"])


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("event_id")
@click.option("--mark", help="reviewed, dismissed, confirmed, seen, not_seen or inconclusive.")
@click.option("--text", default="", help="The note; a dismissal needs its reason here.")
@click.option("--source", help="What the judgement rests on; a confirmation needs it.")
@click.option("--author", envvar="TRACKER_AUTHOR", help="Who writes; TRACKER_AUTHOR in the environment does as well.")
def note(case: Path, event_id: str, mark: str | None, text: str, source: str | None, author: str | None) -> None:
    """Mark an event, or write a note to it. Notes survive later runs and travel in exports."""
    from tracker.api import open_case

    kept = open_case(case).note(
        event_id,
        mark=mark,
        text=text,
        source=source,
        author=author,
        written_at=datetime.now(UTC).replace(microsecond=0),
    )
    click.echo(f"{kept['event_id']}: {kept['mark'] or 'note'} kept.", err=True)


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@filters
@click.option("--as", "form", type=FORMS, default="table", show_default=True)
@click.option(
    "--precision", "as_precision", is_flag=True, help="How often marked events were right: by verdict, rule, sea."
)
def notes(case: Path, form: str, as_precision: bool) -> None:
    """Notes of analysts and, with --precision, how often events were right by them.

    Noted contacts in port are listed without asking, and so are noted events that a later run no longer finds, with
    the run that retracted them.
    """
    from tracker.api import open_case
    from tracker.query.marks import precision

    opened = open_case(case)
    asked = filters_of(click.get_current_context())
    if as_precision:
        rows = precision(opened.select(asked).to_pylist())
        _show(rows, ("by", "value", "n", "right", "wrong", "precision"), form)
        click.echo("Right: confirmed, seen. Wrong: dismissed, not_seen. Few events make no rate.", err=True)
        return
    held = opened.noted(asked)
    names = (
        "event_id",
        "type",
        "verdict",
        "confidence",
        "start_time",
        "name_1",
        "name_2",
        "analyst_mark",
        "analyst_note",
        "retracted_by",
    )
    _show(held, names, form)
    total = opened.archive.notes().num_rows
    gone = sum(row["retracted_by"] is not None for row in held)
    retracted = f", {gone:,} of them retracted" if gone else ""
    click.echo(f"{len(held):,} event(s) with notes{retracted}; {total:,} note(s) in the case.", err=True)


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("runs", nargs=-1)
@click.option("--as", "form", type=FORMS, default="table", show_default=True)
def diff(case: Path, runs: tuple[str, ...], form: str) -> None:
    """Events new, changed and retracted between two runs (the last two when none are named), with the reason."""
    from tracker.api import open_case

    if len(runs) not in (0, 2):
        raise click.UsageError("Name two runs, or none for the last two: tracker diff CASE OLD NEW")
    comparison = open_case(case).diff(*runs)
    rows = [
        {
            "what": change.what,
            "event_id": change.event["event_id"],
            "type": change.event["type"],
            "verdict": change.event["verdict"],
            "start_time": change.event["start_time"],
            "mmsi_1": change.event["mmsi_1"],
            "name_1": change.event["name_1"],
            "mmsi_2": change.event["mmsi_2"],
            "name_2": change.event["name_2"],
            "difference": "; ".join(change.differences) if change.what == "changed" or form != "table" else "",
        }
        for change in comparison.changes
    ]
    _show(
        rows,
        ("what", "event_id", "type", "verdict", "start_time", "mmsi_1", "name_1", "mmsi_2", "name_2", "difference"),
        form,
    )
    counts = {what: sum(row["what"] == what for row in rows) for what in ("new", "changed", "retracted")}
    click.echo(
        f"From run {comparison.old} to {comparison.new}: "
        + ", ".join(f"{count:,} {what}" for what, count in counts.items())
        + f". Between the runs: {comparison.reason}.",
        err=True,
    )


def _show(rows: list[dict[str, Any]], names: tuple[str, ...], form: str) -> None:
    """Rows as aligned text, JSON or CSV; whatever stands in a name cannot steer a terminal or a spreadsheet."""
    from tracker.cli.output import aligned
    from tracker.cli.summary import event_cell
    from tracker.exporters.cells import iso_time, safe_text, strip_unseen

    def plain(value: Any) -> Any:
        return iso_time(value) if isinstance(value, datetime) else value

    chosen = [{name: plain(row[name]) for name in names} for row in rows]
    if form == "json":
        click.echo(json.dumps(chosen, ensure_ascii=False, indent=1))
        return
    if form == "csv":
        import csv

        writer = csv.writer(sys.stdout, lineterminator="\r\n")
        writer.writerow(names)
        for row in chosen:
            writer.writerow([safe_text(v) if isinstance(v, str) else v for v in row.values()])
        return
    texts = [[strip_unseen(event_cell(name, row[name])) for name in names] for row in rows]
    for line in aligned([list(names), *texts] if rows else []):
        click.echo(line)
