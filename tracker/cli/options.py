"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from tracker.api import Case
    from tracker.query import Filters
    from tracker.zones.given import GivenZones

Command = TypeVar("Command", bound=Callable[..., Any])

# the filters of the contract: option, metavar, help
FILTERS = (
    (
        "--region",
        "NAME|FILE|BOX",
        "A named sea, a state with its dependencies, a risk area (NAMPO), a polygon file, or LON_MIN,LAT_MIN,LON_MAX,LAT_MAX.",
    ),
    ("--waters", "ZONE", "internal_waters, archipelagic_waters, territorial_sea, contiguous_zone, eez or high_seas."),
    ("--state", "STATE", "Whose waters; those of dependencies too (USA has Guam, GUM is Guam alone)."),
    ("--flag", "STATE", "Flag of either ship."),
    ("--mmsi", "N", "MMSI of either ship."),
    ("--imo", "N", "IMO number of either ship."),
    ("--name", "TEXT", "Part of the name of either ship."),
    ("--since", "TIME", "Events that ended at that time or later."),
    ("--until", "TIME", "Events that began before that time."),
    ("--type", "TYPE", "encounter, dark_encounter, loitering, gap, spoofing, port_call, identity_change."),
    ("--verdict", "VERDICT", "likely, possible or unlikely."),
    ("--min-confidence", "0..1", "Confidence at least."),
    ("--min-risk", "0..100", "Risk score at least."),
    ("--mark", "MARK", "Mark of an analyst: reviewed, dismissed, confirmed, seen, not_seen, inconclusive; or none."),
    ("--sort", "COLUMN", "Sort by a column; -COLUMN for descending. Default: -confidence."),
    ("--limit", "N", "At most so many events."),
)
FLAGS = (
    ("--international", "Beyond every territorial sea."),
    ("--claimant", "With --region STATE or --state: also where the state only claims."),
    ("--listed", "A ship is on a watchlist."),
    ("--in-port", "Also contacts in port, which are hidden otherwise."),
)


def filters(command: Command, /) -> Command:
    """Add the FILTERS of the contract to a command; `filters_of` reads them from its context."""
    for name, text in reversed(FLAGS):
        command = click.option(name, is_flag=True, expose_value=False, callback=_keep, help=text)(command)
    for name, metavar, text in reversed(FILTERS):
        command = click.option(name, metavar=metavar, expose_value=False, callback=_keep, help=text)(command)
    return command


def _keep(ctx: click.Context, option: click.Parameter, value: Any) -> None:
    """Keep what was asked beside the command's own parameters; ``--flag "$FLAG"`` with nothing in it asks for no flag."""
    if isinstance(value, str) and not value.strip():
        raise click.BadParameter("it is empty.", param=option)
    if value not in (None, False) and option.name is not None:
        ctx.meta.setdefault("asked", {})[option.name] = value


def filters_of(ctx: click.Context, /) -> "Filters":
    """The filters that a user asked for.

    Raises
    ------
    UsageError
        When a value is not one of those accepted.
    """
    from tracker.query import Filters

    return Filters.of(ctx.meta.get("asked", {}))


def what_is_hidden(case: "Case", ctx: click.Context, /) -> list[str]:
    """What a reader of a query must know: contacts in port left out, and a list filter without a list."""
    from dataclasses import replace

    asked = filters_of(ctx)
    lines = []
    if not asked.in_port:
        every = case.select(replace(asked, in_port=True, limit=None))
        columns = (every[name].to_pylist() for name in ("type", "in_port", "state"))
        hidden = [(kind, state) for kind, in_port, state in zip(*columns, strict=True) if in_port]
        calls = [state for kind, state in hidden if kind == "port_call"]
        contacts = len(hidden) - len(calls)
        if contacts:
            lines.append(f"{contacts:,} in port hidden; --in-port shows them.")
        if calls and "port_call" not in asked.type:
            inside = calls.count("PRK")
            told = f", {inside:,} of them in ports of the DPRK" if inside else ""
            lines.append(f"{len(calls):,} port calls at berths hidden{told}; --type port_call shows them.")
    if asked.listed and not case.archive.lists():
        lines.append(
            "No watchlist was given to this case, so nothing can be listed: tracker detect --case CASE --watchlist FILE."
        )
    return lines


def zones_options(command: Command) -> Command:
    """A user's own polygons of waters, and which of their columns is which."""
    command = click.option(
        "--zones-columns",
        metavar="FIELD=COLUMN,...",
        help="Columns of --zones that are not known: state=COUNTRY,waters=KIND,name=LABEL.",
    )(command)
    return click.option(
        "--zones",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Polygons that win over computed waters: GeoPackage, shapefile, GeoJSON; columns of Marine Regions.",
    )(command)


def zones_of(file: Path | None, columns: str | None, /) -> "GivenZones | None":
    """Read the polygons of `--zones`; None without."""
    from tracker.zones.given import parse_columns, read_zones

    if file is None:
        if columns is not None:
            raise click.UsageError("--zones-columns says how to read the file of --zones; give that too.")
        return None
    return read_zones(file, columns=None if columns is None else parse_columns(columns))
