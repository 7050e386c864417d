"""Commands about who dealt with whom: chain, network, voyages."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.options import filters, filters_of
from tracker.cli.output import print_plain, printable, write_plain

if TYPE_CHECKING:
    from tracker.query.chain import Link
    from tracker.query.links import Links, Transfer

FORMS = click.Choice(["table", "csv", "json"])
MOST_TOLD = 15
"""Pairs and hotspots printed; the file holds all."""
SIDES = {
    "upstream": "Supplied her",
    "met": "Met her; who gave is not known",
    "downstream": "She supplied, or delivered",
}


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--mmsi", type=int, required=True, help="The ship asked about.")
@click.option("--days", type=click.IntRange(1, 365), default=30, show_default=True, help="Longest time between links.")
@click.option(
    "--as",
    "form",
    type=click.Choice(["text", "csv", "json"]),
    default="text",
    show_default=True,
    help="Text for people, or a table.",
)
def chain(case: Path, mmsi: int, days: int, form: str) -> None:
    """Who supplied whom, to which port: the chain of one ship, by declared draughts and times."""
    from datetime import timedelta

    from tracker.archive.case import open_case
    from tracker.query.chain import chain_of, chain_table
    from tracker.query.links import links_of

    opened = open_case(case)
    links = links_of(opened.latest_events(), opened.deliveries())
    found = chain_of(links, mmsi, horizon=timedelta(days=days))
    if form != "text":
        write_plain(chain_table(links, found), form)
    else:
        for line in _chain_lines(links, links.keys[mmsi], found):
            click.echo(printable(line))
    _tell_synthetic(opened.runs())
    click.echo(f"{len(found):,} link(s). Links follow in time; that cargo passed on is for you to judge.", err=True)


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@filters
@click.option("--to", "target", type=click.Path(path_type=Path), help="FILE.graphml or FILE.ftm.json.")
@click.option("--force", is_flag=True, help="Overwrite a file that exists.")
def network(case: Path, target: Path | None, force: bool) -> None:
    """Who met whom, how often, where: repeat pairs and hotspots; the whole network to a file."""
    from dataclasses import replace

    from tracker.api import open_case
    from tracker.cli.graphs import graph_of, network_events
    from tracker.exporters import write_events
    from tracker.exporters.graphml import write_graph
    from tracker.exporters.statement import statement
    from tracker.query.links import links_of
    from tracker.query.network import hotspots, repeat_pairs

    name = "" if target is None else target.name.lower()
    if target is not None and not name.endswith((".graphml", ".ftm.json")):
        raise click.UsageError(f"--to must end in .graphml or .ftm.json: {target}")
    opened = open_case(case)
    asked = filters_of(click.get_current_context())
    picked = opened.select(replace(asked, in_port=True))
    links = links_of(picked, _deliveries_among(opened.archive.deliveries(), picked))
    pairs, spots = repeat_pairs(links), hotspots(links)
    for line in (*_pair_lines(links, pairs[:MOST_TOLD]), *_hotspot_lines(spots[:MOST_TOLD])):
        click.echo(printable(line))
    _tell_synthetic(opened.archive.runs())
    told = f"{len(links.vessels):,} hulls, {len(pairs):,} pairs, {len(links.arrivals):,} calls in the DPRK"
    if target is None:
        click.echo(f"{told}. --to FILE.graphml or FILE.ftm.json keeps the network.", err=True)
        return
    if name.endswith(".graphml"):
        words = "; ".join(f"{key}: {text}" for key, text in statement(opened.provenance()) if key != "parameters")
        write_graph(*graph_of(links), target, told=words, force=force)
    else:
        write_events(network_events(picked, links), target, provenance=opened.provenance(), force=force)
    click.echo(f"{told}: {target}", err=True)


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option(
    "--from", "from_end", metavar="STATE|PORT", help="Where voyages began: a state, or part of a port's name."
)
@click.option("--to", "to_end", metavar="STATE|PORT", help="Where they ended.")
@click.option("--flag", metavar="STATE", help="Flag on arrival; several with commas.")
@click.option("--mmsi", type=int, multiple=True, help="Of these vessels.")
@click.option("--class", "ship_class", metavar="CLASS", help="tanker, cargo, 'barge or tow', passenger, fishing, ...")
@click.option("--since", metavar="TIME", help="Arrived at that time or later, or not yet.")
@click.option("--until", metavar="TIME", help="Departed before that time.")
@click.option("--min-probability", type=click.FloatRange(0, 1), default=0.0, help="Inferred calls at least so likely.")
@click.option("--open", "is_open", is_flag=True, help="Also voyages of which one end was not seen.")
@click.option("--round-trips", is_flag=True, help="Out into another state and back: one row for each trip.")
@click.option("--count", is_flag=True, help="Counts by states, class and flag in place of voyages.")
@click.option("--as", "form", type=FORMS, default="table", show_default=True)
def voyages(
    case: Path,
    from_end: str | None,
    to_end: str | None,
    flag: str | None,
    mmsi: tuple[int, ...],
    ship_class: str | None,
    since: str | None,
    until: str | None,
    min_probability: float,
    is_open: bool,
    round_trips: bool,
    count: bool,
    form: str,
) -> None:
    """Voyages between port calls: DPRK to China runs, round trips of barges, counted by class.

    \b
    tracker voyages CASE --from PRK --to CHN --count
    tracker voyages CASE --from CHN --to PRK --flag CHN --round-trips --count
    """
    from tracker.archive.case import open_case
    from tracker.query.asked import parse_time
    from tracker.query.filters import Filters
    from tracker.query.voyages import VoyageFilters, count_voyages, pick_voyages, round_trips_of

    asked = VoyageFilters(
        from_end=from_end,
        to_end=to_end,
        flag=Filters.of({"flag": flag}).flag,
        mmsi=mmsi,
        ship_class=tuple(word.strip().lower() for word in (ship_class or "").split(",") if word.strip()),
        since=None if since is None else parse_time(since),
        until=None if until is None else parse_time(until),
        least_probability=min_probability,
        is_whole=not is_open,
    )
    opened = open_case(case)
    every = opened.voyages()
    found = pick_voyages(every, asked)
    if round_trips:
        found = round_trips_of(found, every)
    number = found.num_rows
    shown = count_voyages(found) if count else found if form != "table" else found.select(_shown(round_trips))
    if form == "table":
        print_plain(shown)
    else:
        write_plain(shown, form)
    _tell_synthetic(opened.runs())
    kind = "round trip(s)" if round_trips else "voyage(s)"
    click.echo(f"{number:,} {kind}; ports are seen in AIS unless probability is under 1.", err=True)


def _tell_synthetic(runs: list[dict[str, Any]]) -> None:
    if runs and runs[-1].get("synthetic"):
        click.echo("SYNTHETIC DATA: nothing here is evidence of anything.", err=True)


def _shown(round_trips: bool) -> list[str]:
    who = ["mmsi", "vessel_name", "flag", "ship_class", "dwt_t"]
    ends = ["from_port", "from_state", "departure_time", "to_port", "to_state", "to_basis", "arrival_time"]
    back = ["back_port", "back_time"] if round_trips else ["draught_departure_m", "draught_arrival_m"]
    return [*who, *ends, *back, "probability"]


def _deliveries_among(deliveries: Any, events: Any) -> Any:
    """Deliveries whose call is among the events picked, and those by ships of the meetings picked, wherever."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from tracker.query.links import is_transfer

    ships = {row[f"mmsi_{n}"] for row in events.to_pylist() if is_transfer(row) for n in (1, 2)}
    named = pc.is_in(deliveries["delivery_id"], events["event_id"].combine_chunks())
    return deliveries.filter(pc.or_(named, pc.is_in(deliveries["mmsi"], pa.array(sorted(ships), pa.int32()))))


def _chain_lines(links: "Links", key: str, found: "list[Link]") -> list[str]:
    from tracker.query.links import Transfer

    ship = links.vessels[key]
    lines = [
        f"{ship.label} ({ship.flag or 'flag unknown'}, MMSI {ship.mmsi:09d}{f', IMO {ship.imo}' if ship.imo else ''})"
    ]
    side = ""
    for one in found:
        if one.side != side:
            side = one.side
            lines.append(f"{SIDES[side]}:")
        indent = "  " * one.step
        link = one.link
        if isinstance(link, Transfer):
            lines.append(indent + _transfer_line(links, link))
        else:
            caller = links.vessels[link.vessel].label
            how = "could have called" if link.basis == "feasible" else f"called ({link.basis})"
            lines.append(
                f"{indent}{link.arrival:%Y-%m-%d %H:%MZ}  {caller} {how} at {link.port}, probability"
                f" {link.probability:.2f}, until {link.departure:%Y-%m-%d %H:%MZ}  [{link.delivery_id}]"
            )
    return lines


def _transfer_line(links: "Links", link: "Transfer") -> str:
    one, two = (links.vessels[key] for key in (link.one, link.two))
    tonnes = f", {link.low_t:,.0f}-{link.high_t:,.0f} t" if link.low_t is not None and link.high_t is not None else ""
    guess = "; the partner was not heard, best candidate" if link.is_guess else ""
    arrow = "->" if link.is_directed else "--"
    ships = f"{one.label} ({one.flag or '?'}) {arrow} {two.label} ({two.flag or '?'})"
    return (
        f"{link.start:%Y-%m-%d %H:%MZ}  {ships}  {link.verdict} {link.confidence:.2f}{tonnes}{guess}  [{link.event_id}]"
    )


def _pair_lines(links: "Links", pairs: Any) -> list[str]:
    if not pairs:
        return ["No meeting that is at least possible, outside ports."]
    lines = ["Pairs, by number of meetings (likely among them):"]
    for pair in pairs:
        one, two = (links.vessels[key] for key in (pair.one, pair.two))
        tonnes = "" if pair.best_t is None else f", about {pair.best_t:,.0f} t"
        lines.append(
            f"  {pair.meetings:>4} ({pair.likely})  {one.label} ({one.flag or '?'}) and {two.label} ({two.flag or '?'}),"
            f" {pair.first:%Y-%m-%d} to {pair.last:%Y-%m-%d}{tonnes}"
        )
    return lines


def _hotspot_lines(spots: Any) -> list[str]:
    if not spots:
        return ["No place of two or more meetings."]
    lines = ["Hotspots (places of two or more meetings of ships that were heard):"]
    for spot in spots:
        where = ", ".join(part for part in (spot.sea, spot.state) if part)
        lines.append(
            f"  {spot.meetings:>4} ({spot.likely})  {spot.lat:.3f} {spot.lon:.3f}, within {spot.radius_nm:.1f} nm,"
            f" {spot.vessels} hulls, {spot.first:%Y-%m-%d} to {spot.last:%Y-%m-%d}  [{where}]"
        )
    return lines
