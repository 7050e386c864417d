"""Vessels of a case: the card of one, and the ranking of all."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracker.archive.case import Case
from tracker.errors import UnknownNameError, UsageError
from tracker.identity.hull_ids import HullIds, is_twin
from tracker.identity.mmsi import flag_of
from tracker.identity.owners import Owners
from tracker.identity.registered import Registered, ship_of
from tracker.identity.spells import Conflict, Spell, conflicts_of, flag_spells, spells_of
from tracker.pipeline.checks_of_card import dimensions_of, last_said, notes_on
from tracker.pipeline.freight import products_said
from tracker.pipeline.identify import Assessed, assess_events, hull_answers
from tracker.pipeline.known import Who
from tracker.pipeline.params import RunParams, recorded_params
from tracker.pipeline.sailed import legs_of_voyages
from tracker.risk.rules import assess
from tracker.risk.score import Score
from tracker.tables.imo import is_imo
from tracker.tables.kinds import kind_of_code
from tracker.tables.listing import REGISTRY, STRENGTHS, Hit, WatchList
from tracker.tables.ship import Ship
from tracker.watchlists.match import Matcher, Subject

Heard = dict[int, tuple[int, datetime, datetime]]
MOST_NAMED = 5
LONGEST_NAME = 60


@dataclass(frozen=True)
class Card:
    """All that a case knows of one hull."""

    hull_id: str
    mmsis: tuple[int, ...]
    heard: Heard
    spells: tuple[Spell, ...]
    conflicts: tuple[Conflict, ...]
    notes: tuple[str, ...]
    registered: tuple[Registered, ...]
    hits: tuple[Hit, ...]
    events: tuple[dict[str, Any], ...]
    score: Score | None
    dimensions: tuple[str, ...] = ()
    """What she says of her size against itself, against a plausible hull and against registries."""
    behind: tuple[str, ...] = ()
    """Ways to owners, managers, parents and addresses; to listed ones; and what partners of her meetings share."""


@dataclass(frozen=True)
class Ranked:
    """One hull among all: its identity, what it did and what its score is made of."""

    hull_id: str
    mmsis: tuple[int, ...]
    name: str | None
    flag: str | None
    listed: tuple[str, ...]
    events: dict[str, int]
    score: Score


def vessel_card(case: Case, /, *, mmsi: int | None = None, imo: int | None = None, name: str | None = None) -> Card:
    """The card of one hull, asked by exactly one of MMSI, IMO number and name.

    Raises
    ------
    UsageError
        When not exactly one is given, or a name fits several hulls.
    UnknownNameError
        When the case never heard it.
    """
    if sum(asked is not None for asked in (mmsi, imo, name)) != 1:
        raise UsageError("Name the vessel by one of --mmsi, --imo and --name.")
    statics, heard = case.store().statics(), case.heard()
    hulls = HullIds(statics)
    mmsis, hull_id = _hull_asked(statics, hulls, heard, mmsi, imo, name)
    mmsis, hull_id = followed(case.latest_events(), mmsis, hull_id, heard)
    spells = spells_of(statics, mmsis)
    own = {number: heard[number] for number in mmsis if number in heard}
    flags = flag_spells([(number, first, last, count) for number, (count, first, last) in own.items()])
    lists = case.lists()
    assessed = _assessed(case, statics, lists)
    mine = [
        (one, number)
        for one in assessed
        for n, number in _ships(one.row)
        if one.row[f"hull_id_{n}"] == hull_id or (number in mmsis and is_twin(one.row[f"hull_id_{n}"]))
    ]
    number_said = last_said(spells, "imo")
    who = Who(statics, lists)
    scored = [(one, number) for one, number in mine if one.score is not None]
    score = assess(hull_answers(scored), _params(case).risk) if scored else None
    names = tuple(dict.fromkeys(s.value for s in spells if s.field == "name"))
    last_day = max((last.date() for _, _, last in own.values()), default=None)
    subjects = [
        Subject(
            names=names,
            imo=number_said,
            mmsi=number,
            callsign=last_said(spells, "callsign"),
            flag=flag_of(number),
            mid_flag=flag_of(number),
            ship_kind=kind_of_code(last_said(spells, "ship_type")),
            length_m=last_said(spells, "length_m"),
            day=last_day,
        )
        for number in mmsis
    ]
    watchlists = [one for one in lists if one.role != REGISTRY]
    return Card(
        hull_id=hull_id,
        mmsis=tuple(mmsis),
        heard=own,
        spells=(*spells, *flags),
        conflicts=tuple(conflicts_of([*spells, *flags])),
        notes=tuple(notes_on(mmsis, spells, hulls)),
        registered=tuple(who.all_registered(_said_ship(mmsis[-1], spells))),
        hits=_hits_of(Matcher(watchlists), subjects),
        events=tuple({one.row["event_id"]: one.row for one, _ in mine}.values()),
        score=score,
        dimensions=tuple(dimensions_of(spells, who.all_registered(_said_ship(mmsis[-1], spells)))),
        behind=tuple(_behind(who.owners, _said_ship(mmsis[-1], spells), [one.row for one, _ in mine], set(mmsis))),
    )


def rank_vessels(case: Case, /, *, event_ids: Collection[str] | None = None) -> list[Ranked]:
    """Hulls of the case's events by score, highest first; `event_ids` keeps to some events."""
    assessed = _assessed(case, case.store().statics(), case.lists())
    hulls: dict[str, list[tuple[Assessed, int, int]]] = {}
    for one in assessed:
        if event_ids is not None and one.row["event_id"] not in event_ids:
            continue
        for n, mmsi in _ships(one.row):
            hulls.setdefault(one.row[f"hull_id_{n}"], []).append((one, n, mmsi))
    params = _params(case).risk
    ranked = []
    for hull_id, found in hulls.items():
        last, n, _ = found[-1]
        counted: dict[str, int] = {}
        # a change of identity is there under both of the hull's MMSIs
        for one in {one.row["event_id"]: one for one, _, _ in found}.values():
            kind = one.row["type"] if not one.row["verdict"] else f"{one.row['verdict']} {one.row['type']}"
            counted[kind] = counted.get(kind, 0) + 1
        ranked.append(
            Ranked(
                hull_id,
                tuple(sorted({mmsi for _, _, mmsi in found})),
                last.row[f"name_{n}"],
                last.row[f"flag_{n}"],
                tuple(sorted({hit.code for one, m, _ in found for hit in one.hits[m - 1]})),
                dict(sorted(counted.items())),
                assess(hull_answers((one, mmsi) for one, _, mmsi in found if one.score is not None), params),
            )
        )
    return sorted(ranked, key=lambda one: (-one.score.score, one.hull_id))


def _assessed(case: Case, statics: Any, lists: Sequence[WatchList]) -> list[Assessed]:
    legs = legs_of_voyages(case.voyages().to_pylist())
    return assess_events(
        case.latest_events(),
        statics,
        lists,
        params=_params(case).risk,
        positions=case.store(),
        legs=legs,
        products=products_said(case.estimates().to_pylist()),
    )


def _params(case: Case) -> RunParams:
    runs = case.runs()
    return recorded_params(runs[-1]["parameters"]) if runs else RunParams()


def _ships(row: dict[str, Any]) -> list[tuple[int, int]]:
    return [(n, row[f"mmsi_{n}"]) for n in (1, 2) if row[f"mmsi_{n}"] is not None]


def _hull_asked(
    statics: Any, hulls: HullIds, heard: Heard, mmsi: int | None, imo: int | None, name: str | None
) -> tuple[list[int], str]:
    """MMSIs of the hull that was asked for, by first time heard, and its id."""
    if name is not None:
        if not folded(name):
            raise UsageError("The name is empty. Ask by a part of a name, --mmsi or --imo.")
        known = names_said(statics)
        # the whole name wins over names that hold it: SYN PEARL 2 is not SYN PEARL 27
        fitting = known.get(folded(name)) or {n for plain, ns in known.items() if folded(name) in plain for n in ns}
        ids = {hulls.hull_of(number, None): number for number in sorted(fitting)}
        if len(ids) > 1:
            told = ", ".join(f"MMSI {number:09d}" for number in list(ids.values())[:MOST_NAMED])
            raise UsageError(
                f"{len(ids)} vessels in the case have {name!r} in their names, such as {told}. Ask by --mmsi."
            )
        mmsi = next(iter(ids.values()), None)
        if mmsi is None:
            raise UnknownNameError(f"No vessel in the case ever said a name with {name[:LONGEST_NAME]!r} in it.")
    if imo is not None:
        bearers = hulls.mmsis_of(imo)
        if not bearers:
            doubt = "" if is_imo(imo) else " Its check digit is wrong: tracker vessel --mmsi shows numbers as sent."
            raise UnknownNameError(f"IMO {imo} was never heard in this data.{doubt}")
        if imo in hulls.contested:
            told = ", ".join(f"{number:09d}" for number in bearers)
            raise UsageError(
                f"IMO {imo} is borne by hulls of different size at one time: ask by --mmsi, one of {told}."
            )
        mmsi = bearers[0]
    assert mmsi is not None
    if mmsi not in heard and not _says_anything(statics, mmsi):
        raise UnknownNameError(f"MMSI {mmsi:09d} was never heard in this data.")
    hull_id = hulls.hull_of(mmsi, None)
    numbers = hulls.imos_of(mmsi)
    own = hulls.mmsis_of(numbers[0]) if len(numbers) == 1 and "-" not in hull_id else [mmsi]
    return sorted(own, key=lambda number: (heard[number][1].timestamp() if number in heard else 0.0, number)), hull_id


def followed(events: Any, mmsis: list[int], hull_id: str, heard: Heard, /) -> tuple[list[int], str]:
    """MMSIs and id of a hull that events follow over a change of identity."""
    pairs = [
        pair
        for n in (1, 2)
        for pair in zip(events[f"mmsi_{n}"].to_pylist(), events[f"hull_id_{n}"].to_pylist(), strict=True)
        # a card is of a number: what one of several hulls under it did is on it, and does not name it
        if None not in pair and not is_twin(pair[1])
    ]
    ids = sorted({hull for number, hull in pairs if number in mmsis}, key=lambda hull: (hull == hull_id, hull))
    if not ids:
        return mmsis, hull_id
    own = {*mmsis, *(number for number, hull in pairs if hull in ids)}
    first = {number: heard[number][1].timestamp() if number in heard else 0.0 for number in own}
    return sorted(own, key=lambda number: (first[number], number)), ids[0]


def _hits_of(matcher: Matcher, subjects: Sequence[Subject], /) -> tuple[Hit, ...]:
    """Hits of a hull under each of its MMSIs; one for each entry, by its strongest key."""
    found = [hit for subject in subjects for hit in matcher.hits(subject)]
    found.sort(key=lambda hit: (STRENGTHS.index(hit.strength), hit.list_name, hit.entry.entry_id))
    return tuple({(hit.list_name, hit.entry.entry_id): hit for hit in reversed(found)}.values())[::-1]


def _says_anything(statics: Any, mmsi: int) -> bool:
    return bool(spells_of(statics, [mmsi]))


def names_said(statics: Any, /) -> dict[str, set[int]]:
    """MMSIs by the names that they gave, folded."""
    names: dict[str, set[int]] = {}
    pairs = statics.select(["name", "mmsi"]).group_by(["name", "mmsi"], use_threads=False).aggregate([])
    for row in pairs.to_pylist():
        if row["name"]:
            names.setdefault(folded(row["name"]), set()).add(row["mmsi"])
    return names


def folded(text: str, /) -> str:
    """A name without case and doubled blanks."""
    return " ".join(text.casefold().split())


def _behind(owners: Owners, ship: Ship, rows: Sequence[dict[str, Any]], own: set[int]) -> list[str]:
    """Lines about who stands behind a ship, and what ships that she met have in common with her."""
    if not owners:
        return []
    lines = [path.text for path in owners.above(ship).values()]
    lines += [f"LISTED {one.told()}" for one in owners.listed(ship)]
    partners = {
        row[f"mmsi_{n}"]: partner
        for row in rows
        for n in (1, 2)
        if row[f"mmsi_{n}"] not in own and (partner := ship_of(row, n)) is not None
    }
    for partner in partners.values():
        lines += [f"shares {one.name} with {partner.label}: {one.text}" for one in owners.shared(ship, partner)]
    return lines


def _said_ship(mmsi: int, spells: Sequence[Spell]) -> Ship:
    """A ship by what its hull said last."""
    fields = ("name", "imo", "callsign", "ship_type", "length_m", "beam_m")
    return Ship(mmsi, **{field: last_said(spells, field) for field in fields})
