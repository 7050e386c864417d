"""Asking the rules about the events of a run: each by itself, or with what is the same for many of them asked once.

What a ship *is* is the same at most of her events: it is asked once for each set of her papers. What she *did* is asked
event by event of those ships that ever did such a thing, and of the others never. Both ways give the same answers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import nan
from typing import Any

from tracker.pipeline.freight import Said, freight_of
from tracker.pipeline.graph import Graph
from tracker.pipeline.history import History
from tracker.pipeline.papers import Papers
from tracker.risk.checks import EVENT_RULES, SHIP_RULES
from tracker.risk.facts import EventFacts, ShipFacts
from tracker.risk.legal import DPRK, LegalRule, legal_flags
from tracker.risk.occasions import DPRK_RULES
from tracker.risk.outcome import CLEAR, Outcome
from tracker.risk.rules import Answers, RiskParams, ask, own_answers
from tracker.tables.listing import Hit

Row = Mapping[str, Any]
Hits = tuple[tuple[Hit, ...], tuple[Hit, ...]]


@dataclass(frozen=True)
class Told:
    """What rules said of an event, and what they looked at."""

    facts: EventFacts
    answers: Answers
    legal: tuple[LegalRule, ...]


@dataclass(frozen=True)
class _Known:
    """A ship by her papers alone, and what rules answer of her that is not clear."""

    facts: ShipFacts
    answers: Mapping[str, Outcome]


@dataclass
class Asking:
    """The rules, and where their facts come from."""

    papers: Papers
    graph: Graph
    history: History
    lists_name: frozenset[str]
    products: Mapping[str, Said]
    params: RiskParams
    _known: dict[tuple[Any, ...], _Known] = field(default_factory=dict)
    _rules: dict[tuple[str, int], frozenset[str]] = field(default_factory=dict)

    def one_by_one(self, row: Row, place: int, hits: Hits, /) -> Told:
        """Every rule asked about an event.

        Parameters
        ----------
        place : of the row among all of the run
        hits : of each ship
        """
        ships = [self.papers.ship_facts(row, n, hits[n - 1], self.graph, place, self.history) for n in _ships_of(row)]
        facts = self._with_freight(row, self._facts(row, tuple(ships)))
        return Told(facts, ask(facts, self.params), legal_flags(facts))

    def at_once(self, row: Row, place: int, hits: Hits, /, *, night_share: float | None) -> Told:
        """The same, but for answers that are clear, and for deeds of which nothing follows.

        Parameters
        ----------
        night_share : share of a meeting between dusk and dawn; None: not worked out
        """
        is_one_hull = row["hull_id_1"] is not None and row["hull_id_1"] == row["hull_id_2"]
        if row["type"] == "dark_encounter" or is_one_hull:
            return self.one_by_one(row, place, hits)
        asked = [self._asked(row, n, place, hits[n - 1]) for n in _ships_of(row)]
        facts = self._facts(row, tuple(ship for ship, *_ in asked), night_share=night_share)
        answers: Answers = {}
        for ship, known, rules in asked:
            of_ship = {**known, **self._outcomes(facts, ship, rules)} if rules else known
            for rule_id, outcome in of_ship.items():
                if outcome is not CLEAR:
                    answers.setdefault(rule_id, []).append((ship.mmsi, outcome))
        in_force = self.params.in_force
        for rule_id, rule in EVENT_RULES.items():
            if rule_id in in_force and (outcome := rule(facts)) is not CLEAR:
                answers[rule_id] = [(None, outcome)]
        if self.params.own:
            answers |= own_answers(dict(facts.columns), self.params)
        # all legal rules have to do with the DPRK or with a list
        matters = any(ship.flag == DPRK or ship.hits or rules >= DPRK_RULES for ship, _, rules in asked)
        return Told(facts, answers, legal_flags(self._with_freight(row, facts)) if matters else ())

    def _asked(
        self, row: Row, n: int, place: int, hits: tuple[Hit, ...]
    ) -> tuple[ShipFacts, Mapping[str, Outcome], frozenset[str]]:
        """A ship of an event, what rules answer to her papers, and those that her conduct may touch."""
        mmsi, hull_id = row[f"mmsi_{n}"], row[f"hull_id_{n}"]
        key = self.papers.key(row, n, hits)
        known = None if key is None else self._known.get(key)
        if known is None:
            papers = self.papers.papers(row, n, hits) | self.papers.idle(mmsi, self.graph, self.history)
            ship = ShipFacts(**papers)
            outcomes = self._outcomes(self._facts(row, (ship,)), ship, SHIP_RULES)
            known = _Known(ship, {rule_id: one for rule_id, one in outcomes.items() if one is not CLEAR})
            if key is not None:
                self._known[key] = known
        rules = self._rules.get((hull_id, mmsi))
        if rules is None:
            rules = self.history.rules(hull_id, mmsi) | frozenset(self.graph.rules(mmsi))
            self._rules[hull_id, mmsi] = rules
        if self.papers.voyage(row, n) is not None:
            rules |= {"R36"}
        if not rules:
            return known.facts, known.answers, rules
        conduct = self.papers.conduct(row, n, self.graph, place, self.history)
        return replace(known.facts, **conduct), known.answers, rules

    def _outcomes(self, event: EventFacts, ship: ShipFacts, rules: Iterator[str] | Any) -> dict[str, Outcome]:
        """Answers of those of some rules that are about ships and in force."""
        in_force = self.params.in_force
        return {
            rule_id: of_ship(event, ship)
            for rule_id in rules
            if rule_id in in_force and (of_ship := SHIP_RULES.get(rule_id)) is not None
        }

    def _facts(self, row: Row, ships: tuple[ShipFacts, ...], *, night_share: float | None = None) -> EventFacts:
        own = self.params.own
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
            lists_name=self.lists_name,
            searched=self.history.searched,
            delivery_legs=self.history.delivery_legs(row),
            columns=tuple((n, value) for n, value in row.items() if not isinstance(value, list)) if own else (),
            night_share=night_share,
        )

    def _with_freight(self, row: Row, facts: EventFacts) -> EventFacts:
        product, basis = freight_of(row, facts.ships, self.products.get(row["event_id"]))
        return facts if product is None else replace(facts, product=product, product_basis=basis)


def _ships_of(row: Row) -> tuple[int, ...]:
    return tuple(n for n in (1, 2) if row[f"mmsi_{n}"] is not None)
