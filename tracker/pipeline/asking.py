"""Asking the rules about the events of a run: each by itself, or with what is the same for many of them asked once.

What a ship *is* is the same at most of her events: it is asked once for each set of her papers. What she *did* is asked
of those ships that ever did such a thing, and of the others never; once where all of it lies near her events, else at
each of them. What she did alone is scored once for all events that share these answers. Both ways give the same answers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import nan
from typing import Any

from tracker.pipeline.freight import Said, freight_of
from tracker.pipeline.graph import Graph
from tracker.pipeline.history import History
from tracker.pipeline.naming import Hits
from tracker.pipeline.papers import SAID, Papers
from tracker.pipeline.rows import Rows
from tracker.pipeline.scored import MEETINGS
from tracker.risk.checks import EVENT_RULES, SHIP_RULES
from tracker.risk.facts import EventFacts, ShipFacts, VoyageFact
from tracker.risk.legal import DPRK, LegalRule, legal_flags
from tracker.risk.occasions import AT_ANY_EVENT, DPRK_RULES, group_of
from tracker.risk.outcome import CLEAR, Fired, Outcome
from tracker.risk.rules import Answers, RiskParams, ask, assess, assess_one, own_answers
from tracker.risk.score import Score

Row = Mapping[str, Any]
EVENT = (
    "type", "verdict", "in_port", "start_time", "end_time", "lon", "lat", "duration_h", "confidence", "is_international",
    "draught_change_1_m", "draught_change_2_m", "state", "event_id", "donor_mmsi", "receiver_mmsi",
)  # fmt: skip
"""Columns that facts of an event are made of."""
VOYAGE_RULES = frozenset({"R36"})


@dataclass(frozen=True)
class Told:
    """What rules said of an event, and what they looked at."""

    facts: EventFacts
    answers: Answers
    legal: tuple[LegalRule, ...]


@dataclass
class _Known:
    """A ship by her papers, what rules answer to them that is not clear, and rules that her conduct may touch."""

    facts: ShipFacts
    answers: Mapping[str, Outcome]
    rules: frozenset[str]
    near: Mapping[str, Outcome] | None = None
    """Answers at events with all that she did near them; None: not asked yet."""
    scores: dict[tuple[Any, ...], Score] = field(default_factory=dict)
    """Of such events at which she was alone, by what else they depend on."""


class Asking:
    """The rules, and where their facts come from."""

    def __init__(
        self,
        rows: Rows,
        hits: Sequence[Hits],
        papers: Papers,
        graph: Graph,
        history: History,
        lists_name: frozenset[str],
        products: Mapping[str, Said],
        params: RiskParams,
        /,
    ) -> None:
        self._rows, self._hits = rows, hits
        self._papers, self._graph, self._history = papers, graph, history
        self._lists_name, self._products, self._params = lists_name, products, params
        self._said = [[rows.column(f"{name}_{n}") for name in SAID] for n in (1, 2)]
        self._hulls = [rows.column(f"hull_id_{n}") for n in (1, 2)]
        self._places = rows.column("is_international")
        self._spans = rows.column("start_time"), rows.column("end_time")
        self._of_event = [rows.column(name) for name in ("type", "verdict", "draught_change_1_m", "draught_change_2_m")]
        self._of_event_facts = {name: rows.column(name) for name in EVENT}
        self._of_ship_papers = [
            {f"{name}_{n}": rows.column(f"{name}_{n}") for name in (*SAID, "hull_id")} for n in (1, 2)
        ]
        self._known: dict[tuple[Any, ...], _Known | None] = {}
        self._groups: dict[tuple[Any, ...], tuple[Mapping[str, Outcome], frozenset[str]]] = {}
        self._of_events: dict[tuple[Any, ...], Mapping[str, Outcome]] = {}

    def one_by_one(self, row: Row, place: int, /) -> Told:
        """Every rule asked about an event.

        Parameters
        ----------
        place : of the row among all of the run
        """
        ships = [
            self._papers.ship_facts(row, n, self._hits[place][n - 1], self._graph, place, self._history)
            for n in _ships_of(row)
        ]
        facts = self._with_freight(row, self._facts(row, tuple(ships)))
        return Told(facts, ask(facts, self._params), legal_flags(facts))

    def at_once(self, place: int, /, *, night_share: float | None) -> tuple[Score, tuple[LegalRule, ...]]:
        """Score and legal rules of an event, from the same answers but for those that are clear.

        Parameters
        ----------
        night_share : share of a meeting between dusk and dawn; None: not worked out
        """
        if (score := self._alone(place)) is not None:
            return score, ()
        row = self._rows[place]
        if row["type"] == "dark_encounter" or is_one_hull(row):
            told = self.one_by_one(row, place)
            return score_of_event(row, told.answers, self._params), told.legal
        asked = [self._asked(row, n, place) for n in _ships_of(row)]
        facts = self._facts(row, tuple(ship for ship, *_ in asked), night_share=night_share)
        answers: Answers = {}
        for ship, of_ship, _ in asked:
            for rule_id, outcome in of_ship.items():
                answers.setdefault(rule_id, []).append((ship.mmsi, outcome))
        answers |= {rule_id: [(None, outcome)] for rule_id, outcome in self._event_outcomes(facts).items()}
        if self._params.own:
            answers |= own_answers(dict(facts.columns), self._params)
        # all legal rules have to do with the DPRK or with a list
        matters = any(ship.flag == DPRK or ship.hits or rules >= DPRK_RULES for ship, _, rules in asked)
        return assess(answers, self._params), legal_flags(self._with_freight(row, facts)) if matters else ()

    def _alone(self, place: int) -> Score | None:
        """Score of what a ship did alone, where it is the same at other events of hers; None: it may not be.

        Legal rules are about meetings, and about ships on lists, whose papers depend on the day.
        """
        of_event = tuple(column[place] for column in self._of_event)
        if of_event[0] in MEETINGS or self._said[1][0][place] is not None or self._params.own:
            return None
        known = self._known_at(place, 1)
        if known is None or not self._is_near(known, place, 1):
            return None
        voyage = self._voyage(place, 1)
        key = (*of_event, voyage)
        if key not in known.scores:
            if of_event not in self._of_events:
                self._of_events[of_event] = self._event_outcomes(self._facts(self._event(place), ()))
            found = {**self._answers_near(known, place, 1, voyage), **self._of_events[of_event]}
            known.scores[key] = assess_one(found, self._params)
        return known.scores[key]

    def _asked(self, row: Row, n: int, place: int) -> tuple[ShipFacts, Mapping[str, Outcome], frozenset[str]]:
        """A ship of an event, what rules answer of her that is not clear, and those that her conduct may touch."""
        known, voyage = self._known_at(place, n) or self._looked_up(row, n, place), self._voyage(place, n)
        if self._is_near(known, place, n):
            return known.facts, self._answers_near(known, place, n, voyage), known.rules
        ship = known.facts._replace(**self._papers.conduct(row, n, self._graph, place, self._history))
        rules = known.rules | VOYAGE_RULES
        return ship, self._with(known.answers, place, ship, rules), rules

    def _is_near(self, known: _Known, place: int, n: int) -> bool:
        """Whether rules answer of a ship what they answer at any event with all that she did near it."""
        if not known.rules:
            return True
        return known.rules <= AT_ANY_EVENT and self._history.is_all_near(
            self._hulls[n - 1][place], self._spans[0][place]
        )

    def _answers_near(self, known: _Known, place: int, n: int, voyage: VoyageFact | None) -> Mapping[str, Outcome]:
        if known.near is None:
            known.near = known.answers
            if known.rules:
                deeds = self._history.deeds(self._hulls[n - 1][place], self._spans[0][place])
                known.near = self._with(known.near, place, known.facts._replace(deeds=deeds), known.rules)
        if voyage is None:
            return known.near
        return self._with(known.near, place, known.facts._replace(voyage=voyage), VOYAGE_RULES)

    def _with(
        self, answers: Mapping[str, Outcome], place: int, ship: ShipFacts, rules: Iterable[str]
    ) -> dict[str, Outcome]:
        """Answers and those of some rules, now that they know more of a ship; clear ones are left out."""
        found = {**answers, **self._outcomes(self._facts(self._event(place), (ship,)), ship, rules)}
        return {rule_id: outcome for rule_id, outcome in found.items() if outcome is not CLEAR}

    def _known_at(self, place: int, n: int) -> _Known | None:
        """What is known of a ship of an event; None where it depends on the day."""
        hits = self._hits[place][n - 1]
        if hits:
            return None
        said = tuple(column[place] for column in self._said[n - 1])
        # one rule asks whether the event was off the coast
        key = (*said, self._hulls[n - 1][place], self._places[place])
        if key not in self._known:
            depends = self._papers.depend_on_the_day(*said)
            self._known[key] = None if depends else self._looked_up(self._ship(place, n), n, place)
        return self._known[key]

    def _event(self, place: int) -> Row:
        """What rules ask of an event but for its ships; all of it where the user has rules of his own."""
        if self._params.own:
            return self._rows[place]
        return {name: values[place] for name, values in self._of_event_facts.items()}

    def _ship(self, place: int, n: int) -> Row:
        """What papers ask of a ship of an event."""
        told = {name: values[place] for name, values in self._of_ship_papers[n - 1].items()}
        return told | {"start_time": self._spans[0][place], "is_international": self._places[place]}

    def _looked_up(self, row: Row, n: int, place: int) -> _Known:
        mmsi, hits = row[f"mmsi_{n}"], self._hits[place][n - 1]
        papers = self._papers.papers(row, n, hits)
        ship = ShipFacts(**papers, **self._papers.idle(mmsi, self._graph, self._history))
        rules = self._history.rules(row[f"hull_id_{n}"], mmsi) | frozenset(self._graph.rules(mmsi))
        group = group_of(ship)
        if group is None:
            return _Known(ship, self._with({}, place, ship, SHIP_RULES), rules)
        # a rule that fires says of whom
        key = (group, row["is_international"])
        if key not in self._groups:
            found = self._with({}, place, ship, SHIP_RULES)
            own = frozenset(rule_id for rule_id, outcome in found.items() if isinstance(outcome, Fired))
            self._groups[key] = {rule_id: one for rule_id, one in found.items() if rule_id not in own}, own
        shared, own = self._groups[key]
        return _Known(ship, self._with(shared, place, ship, own) if own else shared, rules)

    def _voyage(self, place: int, n: int) -> VoyageFact | None:
        mmsi = self._said[n - 1][0][place]
        return self._papers.voyage(mmsi, *(column[place] for column in self._spans))

    def _outcomes(self, event: EventFacts, ship: ShipFacts, rules: Iterable[str]) -> dict[str, Outcome]:
        """Answers of those of some rules that are about ships and in force."""
        in_force = self._params.in_force
        return {
            rule_id: of_ship(event, ship)
            for rule_id in rules
            if rule_id in in_force and (of_ship := SHIP_RULES.get(rule_id)) is not None
        }

    def _event_outcomes(self, facts: EventFacts) -> dict[str, Outcome]:
        """Answers of rules about an event as a whole that are not clear."""
        in_force = self._params.in_force
        return {
            rule_id: outcome
            for rule_id, rule in EVENT_RULES.items()
            if rule_id in in_force and (outcome := rule(facts)) is not CLEAR
        }

    def _facts(self, row: Row, ships: tuple[ShipFacts, ...], *, night_share: float | None = None) -> EventFacts:
        own = self._params.own
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
            lists_name=self._lists_name,
            searched=self._history.searched,
            delivery_legs=self._history.delivery_legs(row),
            columns=tuple((n, value) for n, value in row.items() if not isinstance(value, list)) if own else (),
            night_share=night_share,
        )

    def _with_freight(self, row: Row, facts: EventFacts) -> EventFacts:
        product, basis = freight_of(row, facts.ships, self._products.get(row["event_id"]))
        return facts if product is None else facts._replace(product=product, product_basis=basis)


def _ships_of(row: Row) -> tuple[int, ...]:
    return tuple(n for n in (1, 2) if row[f"mmsi_{n}"] is not None)


def is_one_hull(row: Row, /) -> bool:
    """Whether both ships of an event are one hull under two identities."""
    return row["hull_id_1"] is not None and row["hull_id_1"] == row["hull_id_2"]


def score_of_event(row: Row, answers: Answers, params: RiskParams, /) -> Score:
    """Score of the answers about an event; one hull under two identities did each thing once."""
    counted = {rule: strongest(found) for rule, found in answers.items()} if is_one_hull(row) else answers
    return assess(counted, params)


def strongest(found: list[tuple[int | None, Outcome]], /) -> list[tuple[int | None, Outcome]]:
    """Answers of a rule about one hull: those about events, and of those about her the strongest."""
    of_event = [answer for answer in found if answer[0] is None]
    of_ship = [answer for answer in found if answer[0] is not None]
    fired = [answer for answer in of_ship if isinstance(answer[1], Fired)]
    best = max(fired, key=lambda a: (a[1].share, a[1].times) if isinstance(a[1], Fired) else (0.0, 0), default=None)
    return [*of_event, *([best] if best else of_ship[:1])]
