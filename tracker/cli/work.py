"""Commands that read and find: run, ingest, detect."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tracker.cli.options import zones_of, zones_options
from tracker.cli.output import printable
from tracker.cli.progress import Console

if TYPE_CHECKING:
    from tracker.zones.given import GivenZones

FAILURES_TOLD = 10
"""Failed inputs that are told one by one; the rest is a number."""
Paths = tuple[tuple[Path, ...], ...]
NO_FILES: tuple[Paths, Paths] = ((), ()), ()
Command = TypeVar("Command", bound=Callable[..., Any])


def _settings(command: Command) -> Command:
    command = click.option("--case", required=True, type=click.Path(path_type=Path), help="Folder of the case.")(
        command
    )
    command = click.option("--config", type=click.Path(path_type=Path), help="Parameters as TOML.")(command)
    return click.option(
        "--set",
        "values",
        multiple=True,
        metavar="NAME=VALUE",
        help="One parameter, such as encounters.judge.likely=0.85.",
    )(command)


def _lists(command: Command) -> Command:
    for name, text in (
        ("--registry", "Ships with type, size, owner, flag history: wins over AIS. Repeatable."),
        ("--watchlist", "OFAC, OpenSanctions, UN 1718 or any CSV of ships. Repeatable."),
        ("--incidents", "Known incidents: CSV of date, place, ships, source. Repeatable."),
        ("--detections", "Ships seen from space: CSV of time, lon, lat, length_m, source. Repeatable."),
        ("--scenes", "Catalogue of satellite scenes: CSV of time and footprint, or GeoJSON, for `tracker scenes`."),
        ("--measurements", "Cargo as others measured it: CSV of event_id (or date and ship), tonnes, sd_t, source."),
    ):
        command = click.option(name, multiple=True, type=click.Path(path_type=Path), metavar="FILE", help=text)(command)
    return click.option(
        "--anchorages",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        expose_value=False,
        callback=_keep_value,
        help="Your anchorages: CSV of lat, lon, label, iso3; they win over listed ports. Repeatable.",
    )(command)


def _workers(command: Command) -> Command:
    for name, text, kind in (
        (
            "--workers",
            "How many workers to start on this machine.  [default: one for each core]",
            click.IntRange(1, 1024),
        ),
        ("--scheduler", "Address of an existing cluster: tcp://… of dask, spark://… of Spark.", click.STRING),
        ("--runner", "Who searches the days: local (one go, the default), processes, dask or spark.", click.STRING),
    ):
        command = click.option(name, type=kind, expose_value=False, callback=_keep_value, help=text)(command)
    return command


def _keep_value(context: click.Context, option: click.Parameter, value: Any) -> None:
    context.meta[f"tracker.{option.name}"] = value


def _crew() -> Any:
    """The runner and its place, as the options of this call name them."""
    from tracker.pipeline.sweep import crew_of

    said = click.get_current_context().meta
    return crew_of(*(said.get(f"tracker.{name}") for name in ("runner", "scheduler", "workers")))


def _reading(command: Command) -> Command:
    command = click.option("--format", "format_name", help="Name of the format; it is recognised otherwise.")(command)
    return click.option("--base-time", metavar="TIME", help="UTC time of the first sentence, for NMEA without times.")(
        command
    )


@click.command()
@click.argument("inputs", nargs=-1, required=True)
@_settings
@_workers
@_reading
@_lists
@zones_options
@click.option("-q", "--quiet", is_flag=True, help="No bar and no summary.")
def run(
    inputs: tuple[str, ...],
    case: Path,
    config: Path | None,
    values: tuple[str, ...],
    format_name: str | None,
    base_time: str | None,
    watchlist: tuple[Path, ...],
    registry: tuple[Path, ...],
    incidents: tuple[Path, ...],
    measurements: tuple[Path, ...],
    detections: tuple[Path, ...],
    scenes: tuple[Path, ...],
    zones: Path | None,
    zones_columns: str | None,
    quiet: bool,
) -> int:
    """The whole job: read AIS, find meetings, place and weigh them, write events and map.

    INPUTS are files, folders or patterns; plain, .gz, .zst, .xz or .zip; also addresses such as s3://bucket/day.csv.gz.
    """
    files = (watchlist, registry), (incidents, measurements, detections, scenes)
    own = zones_of(zones, zones_columns)
    return _work(inputs, case, config, values, format_name, base_time, quiet, files, own, detects=True)


@click.command()
@click.argument("inputs", nargs=-1, required=True)
@_settings
@_reading
@click.option("-q", "--quiet", is_flag=True, help="No bar and no summary.")
def ingest(
    inputs: tuple[str, ...],
    case: Path,
    config: Path | None,
    values: tuple[str, ...],
    format_name: str | None,
    base_time: str | None,
    quiet: bool,
) -> int:
    """Read AIS into a case: positions only."""
    return _work(inputs, case, config, values, format_name, base_time, quiet, NO_FILES, None, detects=False)


@click.command()
@_settings
@_workers
@_lists
@zones_options
@click.option("-q", "--quiet", is_flag=True, help="No bar and no summary.")
def detect(
    case: Path,
    config: Path | None,
    values: tuple[str, ...],
    watchlist: tuple[Path, ...],
    registry: tuple[Path, ...],
    incidents: tuple[Path, ...],
    measurements: tuple[Path, ...],
    detections: tuple[Path, ...],
    scenes: tuple[Path, ...],
    zones: Path | None,
    zones_columns: str | None,
    quiet: bool,
) -> int:
    """Find events in a case again, with other parameters."""
    files = (watchlist, registry), (incidents, measurements, detections, scenes)
    own = zones_of(zones, zones_columns)
    return _work((), case, config, values, None, None, quiet, files, own, detects=True)


def _work(
    inputs: tuple[str, ...],
    case: Path,
    config: Path | None,
    values: tuple[str, ...],
    format_name: str | None,
    base_time: str | None,
    quiet: bool,
    files: tuple[Paths, Paths],
    zones: "GivenZones | None",
    *,
    detects: bool,
) -> int:
    from tracker.cli.summary import summary_lines
    from tracker.formats.format import ReadOptions
    from tracker.pipeline.given import load_given
    from tracker.pipeline.identify import load_lists
    from tracker.pipeline.params import load_config
    from tracker.pipeline.run import run as work

    params, columns = load_config(config, values)
    options = ReadOptions(base_time=_moment(base_time), columns=columns)
    roads = click.get_current_context().meta.get("tracker.anchorages", ())
    lists, tables, crew = load_lists(*files[0][:2]), load_given(*files[1][:4], anchorages=roads), _crew()
    with Console(quiet=quiet) as console:
        summary = work(
            list(inputs),
            case,
            params=params,
            options=options,
            format_name=format_name,
            detects=detects,
            lists=lists,
            tables=tables,
            zones=zones,
            crew=crew,
            progress=console,
        )
    if not quiet:
        for line in summary_lines(summary):
            click.echo(printable(line), err=True)
    for one in lists:
        for warning in one.warnings:
            click.echo(printable(f"tracker: {one.role} {one.name}: {warning}"), err=True)
    if zones is not None:
        click.echo(
            printable(f"tracker: zones {zones.name}: {len(zones.polygons):,} polygons win over computed waters."),
            err=True,
        )
        for note in zones.notes:
            click.echo(printable(f"tracker: zones {zones.name}: {note}"), err=True)
    for table in summary.record["tables"]:
        for line in table["set_aside"]:
            click.echo(printable(f"tracker: {table['role']} {table['name']}: {line}"), err=True)
    for line in summary.record.get("measurements_unused", ()):
        click.echo(printable(f"tracker: measurements: {line}"), err=True)
    for name, error in summary.failures[:FAILURES_TOLD]:
        text = str(error)
        click.echo(printable(f"tracker: not read: {text if name in text else f'{name}: {text}'}"), err=True)
    if len(summary.failures) > FAILURES_TOLD:
        more = len(summary.failures) - FAILURES_TOLD
        click.echo(f"tracker: and {more} more input(s) not read; run.json names them all.", err=True)
    return 1 if summary.failures else 0


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError as error:
        raise click.BadParameter(
            f"{text!r} is not a time; write 2020-01-31T12:00:00Z.", param_hint="--base-time"
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
