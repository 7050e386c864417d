"""Commands that ask and show: events, export, map, zone."""

import sys
from functools import partial
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.options import filters, filters_of, what_is_hidden, zones_of, zones_options

if TYPE_CHECKING:
    from tracker.exporters.beside import Beside
    from tracker.zones.given import GivenZones

SHOWN = (
    "event_id",
    "type",
    "verdict",
    "confidence",
    "start_time",
    "duration_h",
    "mmsi_1",
    "name_1",
    "flag_1",
    "mmsi_2",
    "name_2",
    "flag_2",
    "min_distance_m",
    "waters",
    "state",
    "sea",
    "cargo_low_t",
    "cargo_high_t",
)
"""Columns of the table for people; the other formats carry all."""


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@filters
@click.option(
    "--as", "form", type=click.Choice(["table", "json", "csv", "geojson"]), default="table", show_default=True
)
def events(case: Path, form: str) -> None:
    """Query the events of a case; to standard output. No event is a result."""
    from tracker.api import open_case
    from tracker.cli.output import print_table, write_to_stream

    opened = open_case(case)
    found = opened.select(filters_of(click.get_current_context()))
    if form == "table":
        print_table(found, SHOWN)
        for line in what_is_hidden(opened, click.get_current_context()):
            click.echo(line, err=True)
    else:
        write_to_stream(found, form, provenance=opened.provenance(), stream=sys.stdout.buffer)


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@filters
@click.option(
    "--to", "target", required=True, help="File; its suffix is the format. Or a PostGIS database: postgresql://…"
)
@click.option("--force", is_flag=True, help="Overwrite a file, or the rows of this run, that exist.")
@click.option("--public", is_flag=True, help="Mask the ships of events below likely.")
def export(case: Path, target: str, force: bool, public: bool) -> None:
    """Write events to a file, whose suffix is the format, or to a PostGIS database."""
    from tracker.api import open_case
    from tracker.exporters import write_events
    from tracker.exporters.postgis import is_database, without_password, write_to_postgis
    from tracker.exporters.public import NOTE, mask_unlikely
    from tracker.pipeline.annexes import annex_sheets
    from tracker.pipeline.beside import beside_events

    opened = open_case(case)
    found = opened.select(filters_of(click.get_current_context()))
    provenance = opened.provenance()
    if public:
        found, provenance = mask_unlikely(found), provenance | {"public": NOTE}

    def beside() -> "Beside":
        return beside_events(found, opened.archive.store())

    if is_database(target):
        write_to_postgis(found, target, provenance=provenance, force=force, beside=beside)
    else:
        # deliveries name ships, so a public release goes without them
        tables = None if public else partial(annex_sheets, opened.archive)
        write_events(found, Path(target), provenance=provenance, force=force, beside=beside, tables=tables)
    click.echo(f"{found.num_rows:,} events: {without_password(target)}", err=True)


@click.command(name="map")
@click.argument("case", type=click.Path(path_type=Path))
@filters
@click.option("--to", "target", required=True, type=click.Path(path_type=Path), help="HTML file.")
@click.option("--force", is_flag=True, help="Overwrite a file that exists.")
@click.option(
    "--reach", multiple=True, metavar="EVENT_ID", help="Draw where a silent ship could have been. Repeatable."
)
@click.option("--at", "moment", metavar="TIME", help="With --reach: at that time; else anywhere on her way.")
def map_(case: Path, target: Path, force: bool, reach: tuple[str, ...], moment: str | None) -> None:
    """Write an HTML map of a case: one file, no network needed."""
    from tracker.api import open_case

    if target.suffix.lower() not in {".html", ".htm"}:
        raise click.UsageError(f"A map is HTML: --to {target} must end in .html. Tables are written by tracker export.")
    opened = open_case(case)
    found = opened.select(filters_of(click.get_current_context()))
    reaches = [opened.reach(event, at=moment) for event in reach]
    opened.map(target, events=found, force=force, reaches=reaches)
    click.echo(f"{found.num_rows:,} events: {target}", err=True)


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("lat", required=False)
@click.argument("lon", required=False)
@click.option("--csv", "file", type=click.Path(path_type=Path), help="CSV with columns lat and lon; answers as CSV.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@zones_options
def zone(
    lat: str | None,
    lon: str | None,
    file: Path | None,
    as_json: bool,
    zones: Path | None,
    zones_columns: str | None,
) -> None:
    """Whose water is this? LAT LON (30.5 124, 30-30.0N 124-00.0E), or a CSV of points."""
    from tracker.cli.degrees import place_of
    from tracker.cli.places import answer_csv, answer_point

    if file is not None and lat is None:
        for line in answer_csv(file, zones=_own_zones(zones, zones_columns), tell=_tell):
            click.echo(line)
        return
    if lat is None or lon is None or file is not None:
        raise click.UsageError("Give LAT LON, or --csv FILE: tracker zone 30.5 124.0")
    y, x = place_of(lat, lon)
    if isnan(y):
        hint = "" if isnan(place_of(lon, lat)[0]) else " Are they swapped?"
        raise click.UsageError(f"{lat} {lon} is not a place: latitude -90..90 first, then longitude -180..180.{hint}")
    for line in answer_point(y, x, as_json=as_json, zones=_own_zones(zones, zones_columns)):
        click.echo(line)


def _tell(text: str) -> None:
    from tracker.cli.output import printable

    click.echo(printable(f"tracker: {text}"), err=True)


def _own_zones(file: Path | None, columns: str | None) -> "GivenZones | None":
    own = zones_of(file, columns)
    for note in () if own is None else own.notes:
        _tell(note)
    return own
