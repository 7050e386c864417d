"""Who the ships of events are: hull, flag of the day, list hits, risk and legal flags, added to found events.

Identity, watchlists and risk meet here as tables. Pure: the same events, statics and lists give the same answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tracker.detectors.hearing import Hearing
from tracker.detectors.way import Way
from tracker.pipeline.asking import Asking, score_of_event, strongest
from tracker.pipeline.changes import changes_of
from tracker.pipeline.filled import NAMED, Found, asked_of, filled
from tracker.pipeline.freight import Said
from tracker.pipeline.graph import Graph
from tracker.pipeline.history import History
from tracker.pipeline.known import Who
from tracker.pipeline.meetings import ms_of
from tracker.pipeline.naming import Hits, hits_of, is_nothing_known, name_ships, risk_sentences, sentences
from tracker.pipeline.papers import Papers
from tracker.pipeline.returns import returns_of
from tracker.pipeline.rows import Rows
from tracker.pipeline.sailed import Leg, sailed_in
from tracker.pipeline.scored import are_scored, night_shares_of
from tracker.pipeline.source import PositionSource
from tracker.pipeline.sweep import hear
from tracker.pipeline.twins import hours_in_two_places
from tracker.risk.facts import EventFacts, ShipFacts
from tracker.risk.of_conduct import CARRIERS
from tracker.risk.of_identity import met_linked_ships_at_all
from tracker.risk.outcome import Fired, Outcome
from tracker.risk.rules import Answers, RiskParams
from tracker.risk.score import Score
from tracker.tables.kinds import kind_of_code
from tracker.tables.listing import REGISTRY, Hit, WatchList
from tracker.watchlists.read import read_list


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
    known = _look_up(rows, statics, lists, params, positions, hearing, legs, products or {})
    return filled(events, rows, _answers(rows, known, params))


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
    """What `identify` writes into events, with all that is behind it: every rule is asked about each event by itself.

    Parameters
    ----------
    positions : asked for what only they say; without them some rules lack data
    hearing : what the pass over the positions heard; they are read for it without
    legs : ways between port calls, as voyages are counted
    products : product and its basis by event, as estimates give them
    """
    rows = asked_of(events, for_own_rules=bool(params.own))
    known = _look_up(rows, statics, lists, params, positions, hearing, legs, products or {})
    who, assessed = known.who, []
    for place, (row, hits) in enumerate(zip(events.to_pylist(), known.hits, strict=True)):
        row |= {name: rows.column(name)[place] for name in NAMED}
        told = known.asking.one_by_one(row, place) if known.is_scored[place] else None
        score = None if told is None else score_of_event(row, told.answers, params)
        row["listed_1"], row["listed_2"] = (([hit.code for hit in h] if who.has_watchlist else None) for h in hits)
        row["risk_score"] = None if score is None else score.score
        row["risk_band"] = None if score is None else score.band
        row["risk_reasons"] = None if score is None else [*score.codes]
        row["risk_missing"] = None if score is None else [*score.lacking]
        row["owners_1"], row["owners_2"] = (who.owner_paths(row, n) for n in (1, 2))
        row["legal_flags"] = None if told is None else [rule.rule_id for rule in told.legal]
        lines = tuple(sentences(row, hits, who, score, () if told is None else told.legal))
        row["why"] = [*(row["why"] or []), *lines]
        facts, answers = (None, {}) if told is None else (told.facts, told.answers)
        assessed.append(Assessed(row, facts, hits, answers, lines, score))
    return assessed


@dataclass(frozen=True)
class _LookedUp:
    """What was looked up about the ships of events before rules are asked."""

    who: Who
    hits: Sequence[Hits]
    is_scored: Sequence[bool]
    asking: Asking


def _look_up(
    rows: Rows,
    statics: Any,
    lists: Sequence[WatchList],
    params: RiskParams,
    positions: PositionSource | None,
    hearing: Hearing | None,
    legs: Sequence[Leg],
    products: Mapping[str, Said],
) -> _LookedUp:
    """Who the ships are, as far as it is known before; fills hull ids and flags of the day into the rows."""
    is_scored = are_scored(rows)
    mmsis = {*rows.column("mmsi_1"), *rows.column("mmsi_2")} - {None}
    ships = [
        ship
        for n in (1, 2)
        for ship, is_asked in zip(
            rows.some(f"mmsi_{n}", f"imo_{n}", f"ship_type_{n}", "start_time", "end_time"), is_scored, strict=True
        )
        if is_asked and ship[0] is not None
    ]
    if hearing is None and positions is not None:
        hearing = hear(positions)
    way = None if hearing is None else Way(hearing)
    spans = [(mmsi, ms_of(start), ms_of(end)) for mmsi, _, code, start, end in ships if kind_of_code(code) in CARRIERS]
    who = Who(statics, lists)
    imos = {imo for _, imo, *_ in ships} - {None}
    papers = Papers(
        who,
        statics,
        mmsis,
        moored_moving_h=None if hearing is None else hearing.lies_moving_h(),
        sailed=None if way is None else sailed_in(spans, legs, statics, way),
        changes=changes_of(statics, {mmsi for mmsi, *_ in ships}, positions),
        twins=None if positions is None else hours_in_two_places(who.hulls.bearers, imos, positions),
    )
    name_ships(rows, who)
    hits = hits_of(rows, who)
    returns = None if positions is None or way is None else returns_of(rows, way, positions)
    history = History(rows, statics, returns=returns)
    asking = Asking(rows, hits, papers, Graph(rows, hits), history, who.lists_name, products, params)
    return _LookedUp(who, hits, is_scored, asking)


def _answers(rows: Rows, known: _LookedUp, params: RiskParams) -> Found:
    """What is written of each event; what is behind it is let go of before the next is asked."""
    who, found = known.who, Found(len(rows))
    nights = night_shares_of(rows, known.is_scored)
    knows_nothing = is_nothing_known(who)
    for place, (is_asked, hits) in enumerate(zip(known.is_scored, known.hits, strict=True)):
        if not is_asked and knows_nothing:
            continue
        score, legal = known.asking.at_once(place, night_share=nights.get(place)) if is_asked else (None, ())
        if score is not None:
            found.score[place], found.band[place] = score.score, score.band
            found.reasons[place], found.missing[place] = score.codes, score.lacking
            found.legal[place] = tuple(rule.rule_id for rule in legal)
        if knows_nothing:
            found.told[place] = tuple(risk_sentences(score, legal))
            continue
        row = rows[place]
        for n in (1, 2):
            if who.has_watchlist:
                found.listed[n - 1][place] = tuple(hit.code for hit in hits[n - 1])
            if (paths := who.owner_paths(row, n)) is not None:
                found.owners[n - 1][place] = tuple(paths)
        found.told[place] = tuple(sentences(row, hits, who, score, legal))
    return found


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
    return {rule_id: strongest(found) for rule_id, found in merged.items()}


def _ship(facts: EventFacts, mmsi: int) -> ShipFacts:
    return next(ship for ship in facts.ships if ship.mmsi == mmsi)


def _scaled(outcome: Outcome, share: float) -> Outcome:
    """What an event says counts for a candidate by the probability that it was she."""
    return replace(outcome, share=outcome.share * share) if isinstance(outcome, Fired) else outcome
