"""Commands about what was not heard: reach, scenes."""

import json
from pathlib import Path
from typing import Any

import click

PORTS_TOLD = 25
"""Ports in the table for people; the other forms carry all."""


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("event_id", required=False)
@click.option("--mmsi", type=int, metavar="N", help="The ship; with --at any silence of hers, without an event.")
@click.option(
    "--at", "moment", metavar="TIME", help="Where she could have been at that time; else anywhere on her way."
)
@click.option("--speed-kn", type=click.FloatRange(0.1, 60.0), metavar="KN", help="Speed assumed; else from her track.")
@click.option("--as", "form", type=click.Choice(["table", "json", "geojson"]), default="table", show_default=True)
def reach(
    case: Path, event_id: str | None, mmsi: int | None, moment: str | None, speed_kn: float | None, form: str
) -> None:
    """Where a silent ship could have been, over water, and which port calls were feasible: DPRK ports first.

    EVENT_ID is a gap or a dark encounter (or any event of a ship that was silent during it). GeoJSON holds the area.
    """
    from tracker.api import open_case

    answer = open_case(case).reach(event_id, mmsi=mmsi, at=moment, speed_kn=speed_kn)
    if form == "geojson":
        click.echo(json.dumps(answer.geojson()))
    elif form == "json":
        click.echo(json.dumps(answer.record(), indent=1))
    else:
        _tell(answer)


def _tell(answer: Any) -> None:
    from tracker.cli.output import aligned, printable

    told = answer.record()
    who = f"{told['name'] or 'Ship'} ({told['mmsi']})"
    click.echo(
        printable(
            f"{who} was silent for {told['silence_h']:.1f} h: {told['silent_from']} to {told['silent_until']}"
            f"{'' if told['next_position'] else ', and was not heard again'}."
        )
    )
    click.echo(f"Speed assumed: {told['speed_kn']:.1f} kn ({told['speed_basis']}).")
    west, south, east, north = answer.box
    where = "On her way" if told["at"] is None else f"At {told['at']}"
    box = f"{_side(south, 'NS')} to {_side(north, 'NS')}, {_side(west, 'EW')} to {_side(east, 'EW')}"
    click.echo(f"{where} she could have been inside an area between {box}; --as geojson draws it.")
    for note in told["notes"]:
        click.echo(note)
    ports = told["ports"]
    if not ports:
        click.echo("No port call fits into it.")
        return
    rows = [("port", "state", "from", "until", "stay_h", "way_nm", "needs_kn")]
    for one in ports[:PORTS_TOLD]:
        cells = (one["arrive_at_earliest"], one["leave_at_latest"], one["longest_stay_h"], one["way_nm"])
        rows.append((one["port"], one["state"], *(str(c) for c in cells), str(one["least_speed_kn"])))
    for line in aligned(rows):
        click.echo(printable(line))
    if len(ports) > PORTS_TOLD:
        click.echo(f"and {len(ports) - PORTS_TOLD} more port(s); --as json has all.", err=True)


def _side(degrees: float, letters: str) -> str:
    return f"{abs(degrees):.2f} {letters[degrees < 0]}"


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.argument("event_id")
@click.option("--mmsi", type=int, metavar="N", help="Another ship than vessel 1: a dark candidate, vessel 2.")
@click.option(
    "--scenes",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Catalogue, also of a run.",
)
@click.option("--as", "form", type=click.Choice(["table", "json", "stac"]), default="table", show_default=True)
def scenes(case: Path, event_id: str, mmsi: int | None, files: tuple[Path, ...], form: str) -> None:
    """Satellite check of one event: box, time window, scenes that must or may show the ship, a STAC search.

    Catalogues given to `run` or `detect` with --scenes are asked too. What you see in an image is noted with
    `tracker note CASE EVENT_ID --mark seen|not_seen|inconclusive`.
    """
    from tracker.archive.case import open_case
    from tracker.cli.output import printable
    from tracker.pipeline.given import load_given
    from tracker.pipeline.scenes import check_scenes

    check = check_scenes(open_case(case), event_id, mmsi=mmsi, tables=load_given((), (), (), files))
    told = check.record()
    if form != "table":
        click.echo(json.dumps(told["stac_search"] if form == "stac" else told, indent=1))
        return
    west, south, east, north = told["box"]
    click.echo(f"Ship {check.mmsi}, {told['since']} to {told['until']}")
    click.echo(f"Box: {west:.3f},{south:.3f},{east:.3f},{north:.3f} (west, south, east, north)")
    for word, found in (("must", told["must"]), ("may", told["may"])):
        for one in found:
            click.echo(printable(f"{word:4}  {one['time']}  {one['scene']}  {one['platform']}"))
    names = ", ".join(told["catalogues"]) or "no catalogue: give --scenes FILE"
    click.echo(printable(f"{told['outside']:,} other scene(s) cannot show her ({names}). --as stac gives a search."))
    for note in told["notes"]:
        click.echo(printable(note))
