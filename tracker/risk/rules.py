"""Rules as data, the user's changes to them, and the assessment of an event by all of them."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import Any, Literal

import pyarrow as pa
from pydantic import Field, field_validator

from tracker.errors import ParameterError
from tracker.params import Params, param
from tracker.risk.checks import EVENT_RULES, SHIP_RULES
from tracker.risk.facts import EventFacts, ShipFacts
from tracker.risk.outcome import CLEAR, Fired, Missing, Outcome
from tracker.risk.score import Part, Score, repeat_points, score_of
from tracker.tables.events import EVENTS

Answers = dict[str, list[tuple[int | None, Outcome]]]
"""By rule, the answers with the MMSI they are about (None: the event)."""

GROUPS = ("identity", "flag", "ais", "behaviour", "corporate", "context")


@dataclass(frozen=True)
class Rule:
    """One rule: what it is called, its group, weight and cap, and what may speak against it."""

    rule_id: str
    group: str
    name: str
    weight: float
    cap: float
    false_positives: str
    source: str


class OwnRule(Params):
    """A rule of the user's: it fires when every condition on the event's columns holds.

    A condition is ``[column, operator, value]``; a column of a ship without its number (``flag``) is met when either
    ship meets it. In TOML: ``[[risk.own]]`` with ``when = [["flag", "in", ["TGO", "SLE"]], ["duration_h", ">=", 6]]``.
    """

    rule_id: str = Field(pattern=r"^U\d\d$")
    group: Literal["identity", "flag", "ais", "behaviour", "corporate", "context"]
    name: str
    weight: float = Field(gt=0, le=100)
    when: tuple[tuple[str, Literal["==", "!=", "<", "<=", ">", ">=", "in"], Any], ...] = Field(min_length=1)

    @field_validator("when")
    @classmethod
    def _can_be_asked(cls, when: tuple[tuple[str, str, Any], ...]) -> tuple[tuple[str, str, Any], ...]:
        for name, operator, wanted in when:
            _check_condition(name, operator, wanted)
        return when


class RiskParams(Params):
    """What the user changes in the rules."""

    weights: dict[str, float] = param({}, "weight by rule, 0..100, in place of the table's", source="the user")
    off: tuple[str, ...] = param((), "rules that are not asked", source="the user")
    own: tuple[OwnRule, ...] = param((), "rules of the user's own", source="the user")

    @field_validator("weights")
    @classmethod
    def _can_weigh(cls, weights: dict[str, float]) -> dict[str, float]:
        for rule_id, weight in weights.items():
            _check_rule(rule_id)
            # NaN is outside too
            if not 0.0 <= weight <= 100.0:
                raise ValueError(f"{rule_id} = {weight} is outside 0..100")
        return weights

    @field_validator("off")
    @classmethod
    def _can_be_switched(cls, off: tuple[str, ...]) -> tuple[str, ...]:
        for rule_id in off:
            _check_rule(rule_id)
        return off

    @field_validator("own")
    @classmethod
    def _ids_differ(cls, own: tuple[OwnRule, ...]) -> tuple[OwnRule, ...]:
        ids = [rule.rule_id for rule in own]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise ValueError(f"the rule {twice[0]} is defined more than once")
        return own

    @cached_property
    def in_force(self) -> dict[str, Rule]:
        """Rules with the user's weights, without those switched off, with the user's own."""
        rules = dict(packaged_rules())
        for rule_id, weight in self.weights.items():
            rules[rule_id] = replace(rules[rule_id], weight=weight, cap=max(weight, rules[rule_id].cap))
        for own in self.own:
            rules[own.rule_id] = Rule(own.rule_id, own.group, own.name, own.weight, own.weight, "", "the user")
        return {rule_id: rule for rule_id, rule in rules.items() if rule_id not in self.off}


def _check_rule(rule_id: str) -> None:
    if rule_id not in packaged_rules():
        raise ValueError(f"There is no risk rule {rule_id!r}. Rules: R01 to R36; own ones stand in [[risk.own]]")


def _check_condition(name: str, operator: str, wanted: Any) -> None:
    """Refuse a condition that no event could ever meet: before anything is read, not after an hour of detection."""
    kinds = {column.name: column.type for column in EVENTS.columns}
    kind = next((kinds[column] for column in (name, f"{name}_1") if column in kinds), None)
    if kind is None:
        near = get_close_matches(name, [column.removesuffix("_1") for column in kinds], n=1)
        raise ValueError(f"events have no column {name!r}{f'; near: {near[0]}' if near else ''}")
    if pa.types.is_list(kind) or pa.types.is_timestamp(kind):
        raise ValueError(f"the column {name!r} holds {kind}, which a rule cannot compare")
    if operator == "in" and not isinstance(wanted, list | tuple):
        raise ValueError(f"{name} in {wanted!r}: give a list, [{wanted!r}]")
    is_text = pa.types.is_string(kind)
    for value in wanted if operator == "in" else (wanted,):
        if is_text != isinstance(value, str):
            raise ValueError(f"the column {name!r} holds {'text' if is_text else 'numbers'}, not {value!r}")


@cache
def packaged_rules() -> dict[str, Rule]:
    """The 36 rules of ``data/risk/rules.csv`` by id."""
    text = files("tracker").joinpath("data/risk/rules.csv").read_text(encoding="utf-8")
    return {
        row["rule_id"]: Rule(
            row["rule_id"],
            row["category"],
            row["name"],
            float(row["weight"]),
            float(row["cap_with_repeats"]),
            row["false_positive_note"],
            row["source"],
        )
        for row in csv.DictReader(text.splitlines())
    }


def ask(event: EventFacts, params: RiskParams, /) -> Answers:
    """Ask every rule in force: by rule, the answers with the MMSI they are about (None: the event)."""
    answers: Answers = {}
    is_sure = all(ship.is_candidate_share >= 1.0 for ship in event.ships)
    for rule_id in params.in_force:
        if rule_id in SHIP_RULES:
            of_ship = SHIP_RULES[rule_id]
            answers[rule_id] = [
                (ship.mmsi, of_ship(event, ship) if is_sure else _weighed(of_ship(event, ship), ship))
                for ship in event.ships
            ]
        elif rule_id in EVENT_RULES:
            answers[rule_id] = [(None, EVENT_RULES[rule_id](event))]
    return answers | own_answers(dict(event.columns), params)


def own_answers(columns: Mapping[str, object], params: RiskParams, /) -> Answers:
    """The user's own rules that an event meets by its columns."""
    return {
        own.rule_id: [(None, Fired("as you defined it"))]
        for own in params.own
        if own.rule_id in params.in_force and all(_holds(columns, *condition) for condition in own.when)
    }


def _weighed(outcome: Outcome, ship: ShipFacts) -> Outcome:
    """What is known of a candidate counts by the probability that it was she."""
    if isinstance(outcome, Fired) and ship.is_candidate_share < 1.0:
        told = f"{outcome.reason}, a candidate at {ship.is_candidate_share:.0%}"
        return replace(outcome, reason=told, share=outcome.share * ship.is_candidate_share)
    return outcome


def assess(answers: Mapping[str, Sequence[tuple[int | None, Outcome]]], params: RiskParams, /) -> Score:
    """Score answers: those of one event, or of all events of a hull put together by rule."""
    parts, missing = [], []
    for rule_id, found in answers.items():
        fired, needs = [], None
        for _, outcome in found:
            if outcome is CLEAR:
                continue
            if isinstance(outcome, Fired):
                fired.append(outcome)
            elif isinstance(outcome, Missing) and needs is None:
                needs = outcome.needs
        if fired:
            parts.append(_part(params.in_force[rule_id], fired))
        elif needs is not None:
            missing.append((rule_id, needs))
    return score_of(parts, missing)


def assess_one(outcomes: Mapping[str, Outcome], params: RiskParams, /) -> Score:
    """The same of answers of which each rule gave one."""
    parts, missing = [], []
    for rule_id, outcome in outcomes.items():
        if isinstance(outcome, Missing):
            missing.append((rule_id, outcome.needs))
        elif isinstance(outcome, Fired):
            parts.append(_part(params.in_force[rule_id], [outcome]))
    return score_of(parts, missing)


def _part(rule: Rule, fired: list[Fired]) -> Part:
    share = max(outcome.share for outcome in fired)
    times = sum(outcome.times for outcome in fired)
    reasons = tuple(dict.fromkeys(outcome.reason for outcome in fired))
    return Part(rule.rule_id, rule.group, rule.name, times, _points(rule.weight, rule.cap, share, times), reasons)


@lru_cache(maxsize=10_000)
def _points(weight: float, cap: float, share: float, times: int) -> float:
    return round(repeat_points(weight * share, cap, times), 2)


def _holds(columns: Mapping[str, object], name: str, operator: str, wanted: Any) -> bool:
    present = [column for column in (name, f"{name}_1", f"{name}_2") if column in columns]
    if not present:
        raise ParameterError(f"A rule of yours asks for the column {name!r}, which events do not have.")
    return any(_compare(columns[column], operator, wanted) for column in present)


def _compare(value: Any, operator: str, wanted: Any) -> bool:
    if value is None:
        return False
    try:
        if operator == "in":
            return value in wanted
        return bool(
            {
                "==": lambda: value == wanted,
                "!=": lambda: value != wanted,
                "<": lambda: value < wanted,
                "<=": lambda: value <= wanted,
                ">": lambda: value > wanted,
                ">=": lambda: value >= wanted,
            }[operator]()
        )
    except TypeError as error:
        raise ParameterError(f"A rule of yours compares {value!r} with {wanted!r}: {error}.") from error
