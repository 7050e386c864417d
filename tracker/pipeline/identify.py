"""Who the ships of events are: hull, flag of the day, list hits, risk and legal flags, added to found events.

Identity, watchlists and risk meet here as tables. Pure: the same events, statics and lists give the same answer.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import nan
from pathlib import Path
from typing import Any

from tracker.detectors.hearing import Hearing
from tracker.detectors.way import Way
from tracker.identity.hull_ids import HullIds
from tracker.pipeline.changes import changes_of
from tracker.pipeline.filled import asked_of, filled
from tracker.pipeline.freight import Said, freight_of
from tracker.pipeline.graph import Graph
from tracker.pipeline.history import History, state_of
from tracker.pipeline.known import Who
from tracker.pipeline.meetings import ms_of
from tracker.pipeline.returns import returns_of
from tracker.pipeline.sailed import Leg, sailed_in
from tracker.pipeline.source import PositionSource
from tracker.pipeline.sweep import hear
from tracker.pipeline.twins import hours_in_two_places
from tracker.risk.facts import EventFacts, ShipFacts
from tracker.risk.legal import LegalRule, legal_flags
from tracker.risk.of_conduct import CARRIERS
from tracker.risk.of_identity import met_linked_ships_at_all
from tracker.risk.outcome import Fired, Outcome
from tracker.risk.rules import RiskParams, ask, assess
from tracker.risk.score import Score
from tracker.tables.kinds import kind_of_code
from tracker.tables.listing import REGISTRY, Hit, WatchList
from tracker.watchlists.read import read_list

Answers = dict[str, list[tuple[int | None, Outcome]]]


def load_lists(watchlists: Iterable[str | Path], registries: Iterable[str | Path], /) -> list[WatchList]:
    """Read the files that a user named; see `tracker.watchlists.read.read_list` for what they may be."""
    return [
        *(read_list(path) for path in watchlists),
        *(read_list(path, role=REGISTRY) for path in registries),
    ]


def together(kept: Sequence[WatchList], new: Sequence[WatchList], /) -> list[WatchList]:
    """Lists of a case and new ones, by role and name; a new one replaces its namesake."""
    named = {(one.role, one.name): one for one in (*kept, *new)}
    return [named[key] for key in sorted(named)]


@dataclass(frozen=True)
class Assessed:
    """What was found out about one event; facts and answers of those that are scored only."""

    row: dict[str, Any]
    facts: EventFacts | None
    hits: tuple[tuple[Hit, ...], tuple[Hit, ...]]
    answers: Answers
    told: tuple[str, ...]
    """Sentences for ``why``."""
    score: Score | None
    """None for a meeting that is not taken for a transfer, or in port: its ships keep their list hits."""


def identify(
    events: Any,
    statics: Any,
    lists: Sequence[WatchList],
    /,
    *,
    params: RiskParams,
    positions: PositionSource | None = None,
    hearing: Hearing | None = None,
    legs: Sequence[Leg] = (),
    products: Mapping[str, Said] | None = None,
) -> Any:
    """Events (Arrow, `EVENTS`) with hull ids, flags, list hits, risk and legal flags filled."""
    rows = asked_of(events, for_own_rules=bool(params.own))
    found = _assess(rows, statics, lists, params, positions, hearing, legs, products or {})
    # what is behind an event, some 50 kB, is let go of before the next is asked
    return filled(events, ((one.row, one.told) for one in found))


def assess_events(
    events: Any,
    statics: Any,
    lists: Sequence[WatchList],
    /,
    *,
    params: RiskParams,
    positions: PositionSource | None = None,
    hearing: Hearing | None = None,
    legs: Sequence[Leg] = (),
    products: Mapping[str, Said] | None = None,
) -> list[Assessed]:
    """What `identify` writes into events, with all that is behind it.

    Parameters
    ----------
    positions : asked for what only they say; without them some rules lack data
    hearing : what the pass over the positions heard; they are read for it without
    legs : ways between port calls, as voyages are counted
    products : product and its basis by event, as estimates give them
    """
    found = []
    for one in _assess(events.to_pylist(), statics, lists, params, positions, hearing, legs, products or {}):
        one.row["why"] = [*(one.row["why"] or []), *one.told]
        found.append(one)
    return found


def _assess(
    rows: list[dict[str, Any]],
    statics: Any,
    lists: Sequence[WatchList],
    params: RiskParams,
    positions: PositionSource | None,
    hearing: Hearing | None,
    legs: Sequence[Leg],
    products: Mapping[str, Said],
) -> Iterator[Assessed]:
    mmsis = {row[f"mmsi_{n}"] for row in rows for n in (1, 2) if row[f"mmsi_{n}"] is not None}
    scored = {row[f"mmsi_{n}"] for row in rows for n in (1, 2) if _is_scored(row) and row[f"mmsi_{n}"] is not None}
    if hearing is None and positions is not None:
        hearing = hear(positions)
    spans = [
        (row[f"mmsi_{n}"], ms_of(row["start_time"]), ms_of(row["end_time"]))
        for row in rows
        for n in (1, 2)
        if _is_scored(row) and row[f"mmsi_{n}"] is not None and kind_of_code(row[f"ship_type_{n}"]) in CARRIERS
    ]
    way = None if hearing is None else Way(hearing)
    sailed = None if way is None else sailed_in(spans, legs, statics, way)
    hulls = HullIds(statics)
    imos = {row[f"imo_{n}"] for row in rows for n in (1, 2) if _is_scored(row)} - {None}
    who = Who(
        statics,
        lists,
        mmsis,
        moored_moving_h=None if hearing is None else hearing.lies_moving_h(),
        sailed=sailed,
        changes=changes_of(statics, scored, positions),
        twins=None if positions is None else hours_in_two_places(hulls.bearers, imos, positions),
        hulls=hulls,
    )
    hits = [_name_ships(row, who) for row in rows]
    graph = Graph(rows, hits)
    history = History(
        rows, statics, returns=None if positions is None or way is None else returns_of(rows, way, positions)
    )
    for place, (row, found) in enumerate(zip(rows, hits, strict=True)):
        facts, score = None, None
        answers: Answers = {}
        rules: tuple[LegalRule, ...] = ()
        if _is_scored(row):
            ships = tuple(
                who.ship_facts(row, n, found[n - 1], graph, place, history)
                for n in (1, 2)
                if row[f"mmsi_{n}"] is not None
            )
            freight = freight_of(row, ships, products.get(row["event_id"]))
            facts = _event_facts(row, ships, history, who.lists_name, freight, with_columns=bool(params.own))
            answers = ask(facts, params)
            # one hull under two identities did each thing once
            is_one_hull = row["hull_id_1"] is not None and row["hull_id_1"] == row["hull_id_2"]
            counted = {rule: _strongest(said) for rule, said in answers.items()} if is_one_hull else answers
            score, rules = assess(counted, params), legal_flags(facts)
        row["listed_1"], row["listed_2"] = (([hit.code for hit in h] if who.has_watchlist else None) for h in found)
        row["risk_score"] = None if score is None else score.score
        row["risk_band"] = None if score is None else score.band
        row["risk_reasons"] = None if score is None else score.codes
        row["risk_missing"] = None if score is None else [f"{rule}: {needs}" for rule, needs in score.missing]
        row["owners_1"], row["owners_2"] = (who.owner_paths(row, n) for n in (1, 2))
        row["legal_flags"] = None if score is None else [rule.rule_id for rule in rules]
        told = [sentence for n in (1, 2) for sentence in who.registry_sentences(row, n)]
        told += [_told(hit, row, n) for n in (1, 2) for hit in found[n - 1]]
        told += [] if score is None else [*who.owner_sentences(row), score.sentence]
        told += [
            f"{rule.rule_id}, {rule.authority}, in force since {rule.effective_from}: {rule.test}. "
            f"Touched because: {rule.because}. A question for a lawyer, no finding."
            for rule in rules
        ]
        yield Assessed(row, facts, found, answers, tuple(told), score)


def hull_answers(assessed: Iterable[tuple[Assessed, int]], /) -> Answers:
    """Answers about one hull over its events (each with its MMSI there).

    What a ship *is* counts once, by its strongest answer; what it *did* counts for each event.
    """
    merged: Answers = {}
    told: set[int] = set()
    for one, mmsi in assessed:
        # a change of identity is there under both of the hull's MMSIs
        is_new = id(one) not in told
        told.add(id(one))
        for rule_id, found in one.answers.items():
            share = 1.0 if one.facts is None else _ship(one.facts, mmsi).is_candidate_share
            own = [(m, _scaled(o, share) if m is None else o) for m, o in found if m == mmsi or (m is None and is_new)]
            if rule_id == "R05" and one.facts is not None:
                own = [(mmsi, met_linked_ships_at_all(one.facts, _ship(one.facts, mmsi)))]
            merged.setdefault(rule_id, []).extend(own)
    return {rule_id: _strongest(found) for rule_id, found in merged.items()}


def _ship(facts: EventFacts, mmsi: int) -> ShipFacts:
    return next(ship for ship in facts.ships if ship.mmsi == mmsi)


def _scaled(outcome: Outcome, share: float) -> Outcome:
    """What an event says counts for a candidate by the probability that it was she."""
    return replace(outcome, share=outcome.share * share) if isinstance(outcome, Fired) else outcome


def _strongest(found: list[tuple[int | None, Outcome]]) -> list[tuple[int | None, Outcome]]:
    of_event = [answer for answer in found if answer[0] is None]
    of_ship = [answer for answer in found if answer[0] is not None]
    fired = [answer for answer in of_ship if isinstance(answer[1], Fired)]
    best = max(fired, key=lambda a: (a[1].share, a[1].times) if isinstance(a[1], Fired) else (0.0, 0), default=None)
    return [*of_event, *([best] if best else of_ship[:1])]


def _name_ships(row: dict[str, Any], who: Who) -> tuple[tuple[Hit, ...], tuple[Hit, ...]]:
    """Fill hull id and flag of the day, and give the list hits of both ships."""
    for n in (1, 2):
        mmsi = row[f"mmsi_{n}"]
        if mmsi is None:
            continue
        # a hull followed over a change of identity has its id already
        row[f"hull_id_{n}"] = row[f"hull_id_{n}"] or who.hulls.hull_of(mmsi, row[f"imo_{n}"])
        _, spell = who.flag_spell(row, n)
        if spell is not None:
            basis = "history" if spell.since is not None or spell.until is not None else "registry"
            row[f"flag_{n}"], row[f"flag_basis_{n}"] = spell.state, f"{basis}, false" if spell.is_false else basis
    return who.hits(row, 1), who.hits(row, 2)


def _is_scored(row: Mapping[str, Any]) -> bool:
    """Meetings at sea that may be transfers, what ships do alone at sea, and port calls in the DPRK."""
    if row["type"] == "port_call":
        return state_of(row) == "PRK"
    return not row["in_port"] and row["verdict"] != "unlikely"


def _event_facts(
    row: Mapping[str, Any],
    ships: tuple[ShipFacts, ...],
    history: History,
    lists_name: frozenset[str],
    freight: tuple[str | None, str | None],
    *,
    with_columns: bool,
) -> EventFacts:
    return EventFacts(
        type=row["type"],
        verdict=row["verdict"],
        in_port=bool(row["in_port"]),
        start=row["start_time"],
        end=row["end_time"],
        lon=nan if row["lon"] is None else row["lon"],
        lat=nan if row["lat"] is None else row["lat"],
        ships=ships,
        duration_h=row["duration_h"],
        confidence=row["confidence"],
        is_international=row["is_international"],
        draught_changes_m=(row["draught_change_1_m"], row["draught_change_2_m"]),
        state=row["state"],
        lists_name=lists_name,
        searched=history.searched,
        delivery_legs=history.delivery_legs(row),
        product=freight[0],
        product_basis=freight[1],
        columns=tuple((n, value) for n, value in row.items() if not isinstance(value, list)) if with_columns else (),
    )


def _told(hit: Hit, row: Mapping[str, Any], n: int) -> str:
    """A list hit in words, with what it rests on."""
    entry, ship = hit.entry, row[f"name_{n}"] or f"MMSI {row[f'mmsi_{n}']:09d}"
    kind = "sanctions entry" if entry.is_sanction else "entry, not a sanction"
    since = f"listed {entry.listed_on}" if entry.listed_on else "the list gives no date"
    later = ", later designated: not on the list on the day" if hit.later_designated else ""
    programmes = f" ({', '.join(entry.programmes[:4])})" if entry.programmes else ""
    edition = f"edition {hit.edition}" if hit.edition else "edition not stated"
    return (
        f"{ship}: {hit.strength.replace('_', ' ')} match with {entry.name}{programmes} of {hit.list_name}, {edition}, "
        f"{kind}, by {', '.join(hit.matched)}; {since}{later}."
    )
