"""Commands about ships and lists: vessel, vessels, screen, lists."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from tracker.cli.options import filters, filters_of
from tracker.cli.output import printable

MOST_NAMESAKES = 5
OLD_DAYS = 90
"""A watchlist older than this is told to be old: sanctions lists change every week."""


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option("--mmsi", type=click.IntRange(0, 999_999_999), help="Maritime mobile service identity, nine digits.")
@click.option("--imo", type=click.IntRange(0, 9_999_999), help="IMO number, seven digits.")
@click.option("--name", help="Part of a name that one vessel has.")
def vessel(case: Path, mmsi: int | None, imo: int | None, name: str | None) -> None:
    """Identity card and timeline of one vessel.

    What she said with first and last date, conflicts, registries, owners, list hits as of the last day she was heard,
    the parts of her score, the rules that lacked data, and her events.
    """
    from tracker.archive.case import open_case
    from tracker.pipeline.who import vessel_card

    card = vessel_card(open_case(case), mmsi=mmsi, imo=imo, name=name)
    _say(_card_lines(card))


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@filters
def vessels(case: Path) -> None:
    """Vessels ranked by risk, with what each score is made of.

    What a ship is counts once, what its events say counts for each; filters choose the events. Weights are judgement.
    """
    from tracker.api import open_case
    from tracker.pipeline.who import rank_vessels

    opened = open_case(case)
    asked = filters_of(click.get_current_context())
    # the limit is one of vessels, not of their events
    events = opened.select(replace(asked, limit=None))
    ranked = rank_vessels(opened.archive, event_ids=set(events["event_id"].to_pylist()))
    shown = ranked if asked.limit is None else ranked[: asked.limit]
    has_lists = any(one.role == "watchlist" for one in opened.archive.lists())
    _say(line for one in shown for line in _ranked_lines(one, has_lists=has_lists))
    if not has_lists:
        click.echo("No watchlist is loaded: that a vessel is on no list is not known. --watchlist FILE", err=True)
    click.echo(f"{len(ranked):,} vessel(s) in {events.num_rows:,} event(s).", err=True)


@click.command()
@click.argument("list_file", metavar="LIST.csv", type=click.Path(path_type=Path))
@click.argument("case", required=False, type=click.Path(path_type=Path))
@click.option(
    "--watchlist",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Screen against this too; repeatable.",
)
def screen(list_file: Path, case: Path | None, watchlist: tuple[Path, ...]) -> None:
    """Any list of IMO, MMSI or names against watchlists and a case.

    Against the lists kept with CASE and those named by --watchlist; without CASE nothing is said of who was heard. A list
    is asked as it is today: it does not know what stood on it on another day.
    """
    from tracker.archive.case import open_case
    from tracker.pipeline.identify import load_lists, together
    from tracker.pipeline.screening import screen as screen_list
    from tracker.watchlists.read import read_list

    opened = None if case is None else open_case(case)
    lists = together([] if opened is None else opened.lists(), load_lists(watchlist, ()))
    if not lists and opened is None:
        raise click.UsageError("Nothing to screen against: name a CASE, or --watchlist FILE.")
    for one in lists:
        click.echo(printable(_list_line(one, _today())), err=True)
    asked = read_list(list_file)
    for warning in asked.warnings:
        click.echo(printable(f"{list_file.name}: {warning}"), err=True)
    watchlists = [one for one in lists if one.role == "watchlist"]
    for row in screen_list(asked, lists, case=opened):
        key = f"IMO {row.entry.imo}" if row.entry.imo else ", ".join(f"MMSI {m:09d}" for m in row.entry.mmsis)
        _say([f"{row.entry.name or '-'}  {key}".rstrip()])
        _say(f"  {line}" for hit in row.hits for line in _hit_lines(hit))
        _say(f"  {doubt}: not asked by it" for doubt in row.entry.doubts)
        can_be_asked = bool(row.entry.name or row.entry.imo or row.entry.mmsis)
        if not can_be_asked:
            _say(["  NOT SCREENED: nothing in this row can be asked by"])
            continue
        if not row.hits:
            _say(["  on none of the lists" if watchlists else "  no watchlist was given"])
        if opened is not None:
            _say(_heard_lines(row.heard) or ["  never heard in this data"])
            if row.namesakes:
                told = ", ".join(f"MMSI {mmsi:09d}" for mmsi in row.namesakes[:MOST_NAMESAKES])
                more = f" and {len(row.namesakes) - MOST_NAMESAKES} more" if len(row.namesakes) > MOST_NAMESAKES else ""
                _say([f"  her name was said by {told}{more}, with other numbers or none"])


@click.command()
@click.argument("case", required=False, type=click.Path(path_type=Path))
def lists(case: Path | None) -> None:
    """Watchlists and registries loaded: edition, age, counts. Without CASE: the formats that are read."""
    from tracker.archive.case import open_case
    from tracker.identity.mmsi import mids_edition
    from tracker.watchlists.read import FORMATS

    if case is None:
        click.echo("No list is bundled. These are read with --watchlist FILE and --registry FILE:")
        _say(f"  {name:<24}{text}" for name, text in FORMATS.items())
        return
    click.echo(f"table of MIDs: {mids_edition()}")
    kept = open_case(case).lists()
    if not kept:
        click.echo("No watchlist and no registry is loaded: tracker detect --case CASE --watchlist FILE", err=True)
    for one in kept:
        _say([_list_line(one, _today()), *(f"  {warning}" for warning in one.warnings)])


def _list_line(one: Any, today: date) -> str:
    ships = one.vessels
    sanctioned = sum(entry.is_sanction for entry in ships)
    imos = sum(entry.imo is not None for entry in ships)
    companies = len(one.entries) - len(ships)
    if one.edition is None:
        age = "edition not stated: its age is not known"
    else:
        days = (today - one.edition).days
        age = f"edition {one.edition}, {days:,} days old" + (": OLD, get a newer one" if days > OLD_DAYS else "")
    counts = f"{len(ships):,} ships, {imos:,} with IMO number, {sanctioned:,} sanctioned"
    counts += f", {companies:,} companies" if companies else ""
    return f"{one.role} {one.name} ({one.format}): {counts}; {age}; sha256 {one.digest[:12]}"


def _card_lines(card: Any) -> Iterator[str]:
    yield f"{card.hull_id}   MMSI {', '.join(f'{mmsi:09d}' for mmsi in card.mmsis)}"
    yield from _heard_lines(card.heard)
    for spell in card.spells:
        yield f"  {spell.field:<12} {spell.value!s:<24} {_span(spell.first, spell.last)}  {spell.reports:>7,} reports  MMSI {spell.mmsi:09d}"
    for conflict in card.conflicts:
        one, other = conflict.one, conflict.other
        yield f"  CONFLICT     {conflict.field}: {one.value} and {other.value} at one time (MMSI {one.mmsi:09d}, {other.mmsi:09d})"
    yield from (f"  NOTE         {note}" for note in card.notes)
    for found in card.registered:
        yield from _registered_lines(found)
    yield from (f"  behind       {line}" for line in card.behind)
    yield from (f"  LISTED       {line}" for hit in card.hits for line in _hit_lines(hit))
    yield from (f"  dimensions   {line}" for line in card.dimensions)
    if card.score is not None:
        yield f"  Risk {card.score.score:.0f} of 100, {card.score.band}{_held_down(card.score)}"
        yield from _part_lines(card.score)
        yield from (f"  lacks data   {rule} {needs}" for rule, needs in card.score.missing)
    for row in card.events:
        other = row["name_2"] if row["mmsi_1"] in card.mmsis else row["name_1"]
        start = row["start_time"].strftime("%Y-%m-%d %H:%MZ")
        yield f"  {start} {row['duration_h']:>5.1f} h  {row['verdict'] or '':<8} {row['type']:<15} {other or ''}  [{row['event_id']}]"


def _registered_lines(found: Any) -> Iterator[str]:
    entry = found.entry
    flags = "; ".join(
        f"{f.state}{' (FALSE)' if f.is_false else ''} {f.since or '?'} to {f.until or '?'}" for f in entry.flags
    )
    sizes = f"{_or_unknown(entry.length_m, ' m')} x {_or_unknown(entry.beam_m, ' m')}"
    yield (
        f"  registry     {found.list_name}: {entry.name}, {entry.ship_type or 'type ?'}, {sizes}, "
        f"{_or_unknown(entry.dwt_t, ' t DWT')}, built {entry.built or '?'}"
    )
    yield (
        f"               owner {', '.join(entry.owners) or '?'}{f' since {entry.owned_since}' if entry.owned_since else ''}; "
        f"manager {', '.join(entry.managers) or '?'}; flags {flags or '?'}"
    )
    if found.against:
        yield f"  CONFLICT     {' and '.join(found.against)} differ from the registry: another hull may bear its number"


def _or_unknown(value: float | None, unit: str) -> str:
    return "?" if value is None else f"{value:,.0f}{unit}"


def _ranked_lines(one: Any, *, has_lists: bool) -> Iterator[str]:
    stands_out = has_lists and one.score.band in {"high", "severe"} and not one.listed
    lead = "  HIGH AND ON NO LIST YET" if stands_out else _held_down(one.score)
    events = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in one.events.items())
    yield f"{one.score.score:>5.1f} {one.score.band:<7} {one.name or '-'} ({one.flag or 'flag unknown'})  {one.hull_id}{lead}"
    yield f"      {events}"
    yield from _part_lines(one.score)
    yield from (f"      listed {code}" for code in one.listed)


def _part_lines(score: Any) -> Iterator[str]:
    yield from (f"      {p.points:>5.1f}  {p.rule_id} {p.name} [{p.group}] {', '.join(p.reasons)}" for p in score.parts)


def _held_down(score: Any) -> str:
    """Why the band is lower than the score alone would make it."""
    from tracker.risk.score import BANDS

    by_score = next(name for least, name in BANDS if score.score >= least)
    groups = sorted({part.group for part in score.parts})
    return "" if by_score == score.band else f"  (not {by_score}: all reasons are of the group {' and '.join(groups)})"


def _hit_lines(hit: Any) -> Iterator[str]:
    kind = "sanction" if hit.entry.is_sanction else "of interest, no sanction"
    since = f"listed {hit.entry.listed_on}" if hit.entry.listed_on else "date of listing not in the file"
    edition = hit.edition or "not stated"
    programmes = ", ".join(hit.entry.programmes) or "-"
    yield (
        f"{hit.code}  {hit.entry.name}  {kind}  programmes {programmes}  {since}  edition {edition}  "
        f"by {', '.join(hit.matched)}"
    )


def _heard_lines(heard: Any) -> list[str]:
    return [f"  heard        MMSI {m:09d} {n:>9,} positions {_span(a, b)}" for m, (n, a, b) in heard.items()]


def _span(first: datetime, last: datetime) -> str:
    return f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"


def _say(lines: Any) -> None:
    for line in lines:
        click.echo(printable(line))


def _today() -> date:
    return datetime.now(UTC).date()
