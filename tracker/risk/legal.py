"""Which legal rules a meeting touches on its date. A rule is never asked before it took effect.

The answer is a flag for a lawyer, not a finding: AIS does not show goods. L1 turns on the flag of a partner; a
foreign ship that meets a foreign ship is not L1, even if the second later calls in the DPRK.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files

from tracker.risk.facts import DESIGNATED, EventFacts, ShipFacts
from tracker.risk.goods import LIQUIDS, good_of
from tracker.risk.outcome import CLEAR, Fired, Missing, Outcome

DPRK = "PRK"
NEEDS_MORE = Missing("more than one event")
REFINED_BBL, CRUDE_BBL, CRUDE_T, COAL_T, COAL_USD = 500_000.0, 4_000_000.0, 525_000.0, 7_500_000.0, 400_870_018.0
"""Limits of S/RES/2397 (2017) op 5 and op 4 (either limb), and of S/RES/2321 (2016) op 26 (either limb)."""
DECLARE_REFINED_DAYS, DECLARE_CRUDE_DAYS = 30, 90


@dataclass(frozen=True)
class LegalRule:
    """A rule with its authority and the dates between which it can be asked."""

    rule_id: str
    test: str
    resolution: str
    paragraph: str
    effective_from: date
    effective_to: date | None
    adopted: int
    is_per_event: bool
    needs: str
    because: str = ""
    """Of a rule that an event touches: what that rests on."""

    def in_force(self, day: date, /) -> bool:
        """Whether the rule has effect on a day."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)

    @property
    def authority(self) -> str:
        """``S/RES/2375 (2017) op 11``."""
        return f"S/RES/{self.resolution} ({self.adopted}) op {self.paragraph}"


@cache
def legal_rules() -> dict[str, LegalRule]:
    """L1 to L8 by id, and L4C, the coal cap of 2017."""
    text = files("tracker").joinpath("data/risk/legal_rules.csv").read_text(encoding="utf-8")
    return {
        row["rule_id"]: LegalRule(
            row["rule_id"],
            row["test"],
            row["resolution"],
            row["op"],
            date.fromisoformat(row["effective_from"]),
            date.fromisoformat(row["effective_to"]) if row["effective_to"] else None,
            int(row["adopted"]),
            row["per_event"] == "yes",
            row["needs"],
        )
        for row in csv.DictReader(text.splitlines())
    }


def legal_flags(event: EventFacts, /) -> tuple[LegalRule, ...]:
    """Rules that the event touches, in force when it began, each with what it rests on.

    The rule about goods bears the paragraph and the date of the good that was moved.
    """
    answers = legal_answers(event)
    return tuple(
        replace(_of_good(legal_rules()[rule_id], event), because=outcome.reason)
        for rule_id, outcome in answers.items()
        if isinstance(outcome, Fired)
    )


def _of_good(rule: LegalRule, event: EventFacts) -> LegalRule:
    good = None if event.product is None else good_of(event.product)
    if good is None or good.rule_id != rule.rule_id:
        return rule
    return replace(
        rule, resolution=good.resolution, paragraph=good.paragraph, adopted=good.adopted, effective_from=good.since
    )


def legal_answers(event: EventFacts, /) -> dict[str, Outcome]:
    """What the rules that one event can decide answer; a rule not in force on the day is not there."""
    day = event.start.date()
    tests = {
        "L1": _touches_dprk_flag,
        "L4": lambda one: _moves(one, "L4"),
        "L5": lambda one: _moves(one, "L5"),
        "L6": lambda one: _moves(one, "L6"),
        "L7": _is_designated,
    }
    rules = legal_rules()
    return {rule_id: test(event) for rule_id, test in tests.items() if rules[rule_id].in_force(day)}


def undecided(event: EventFacts, /) -> tuple[LegalRule, ...]:
    """Rules in force on the day that this event cannot decide, each with what it needs."""
    answers, day = legal_answers(event), event.start.date()
    return tuple(
        rule
        for rule_id, rule in legal_rules().items()
        if rule.in_force(day) and isinstance(answers.get(rule_id, NEEDS_MORE), Missing)
    )


@dataclass(frozen=True)
class LedgerFacts:
    """Quantities up to a day, as a ledger gives them; None: not known, never zero."""

    day: date
    refined_bbl_in_year: float | None = None
    """Refined petroleum in the calendar year, declared and undeclared, by a stated factor set."""
    crude_bbl_in_12_months: float | None = None
    """From 22 December."""
    crude_t_in_12_months: float | None = None
    coal_t_in_year: float | None = None
    coal_usd_in_year: float | None = None


@dataclass(frozen=True)
class SupplyFacts:
    """One delivery and whether its supplier declared it; `is_declared` None: no declarations are known."""

    delivered: date
    asked: date
    is_crude: bool
    is_declared: bool | None = None


def ledger_answers(ledger: LedgerFacts, /) -> dict[str, Outcome]:
    """L2, L3 and the coal cap of 2017 (L4C) on a day; a rule not in force is not there."""
    limits: dict[str, tuple[tuple[float | None, float, str], ...]] = {
        "L2": ((ledger.refined_bbl_in_year, REFINED_BBL, "bbl refined"),),
        "L3": (
            (ledger.crude_bbl_in_12_months, CRUDE_BBL, "bbl crude"),
            (ledger.crude_t_in_12_months, CRUDE_T, "t crude"),
        ),
        "L4C": ((ledger.coal_t_in_year, COAL_T, "t coal"), (ledger.coal_usd_in_year, COAL_USD, "USD of coal")),
    }
    rules = legal_rules()
    return {
        rule_id: _over(limbs, rules[rule_id].needs)
        for rule_id, limbs in limits.items()
        if rules[rule_id].in_force(ledger.day)
    }


def supply_answer(supply: SupplyFacts, /) -> Outcome | None:
    """L8: no matching declaration when its time is over; None when the rule was not in force at the delivery."""
    rule = legal_rules()["L8"]
    if not rule.in_force(supply.delivered):
        return None
    if supply.is_declared is None:
        return Missing(rule.needs)
    late = (supply.asked - supply.delivered).days > (DECLARE_CRUDE_DAYS if supply.is_crude else DECLARE_REFINED_DAYS)
    return Fired("no matching declaration found") if late and not supply.is_declared else CLEAR


def _over(limbs: tuple[tuple[float | None, float, str], ...], needs: str) -> Outcome:
    over = [f"{value:,.0f} {what} against {limit:,.0f}" for value, limit, what in limbs if value and value > limit]
    if over:
        return Fired("; ".join(over))
    # one limb below its limit does not clear the other
    return Missing(needs) if any(value is None for value, _, _ in limbs) else CLEAR


def _touches_dprk_flag(event: EventFacts) -> Outcome:
    if not event.is_transfer_like:
        return CLEAR
    partners = [ship for ship in event.ships if ship.flag == DPRK]
    if partners:
        return Fired(f"a partner flies the flag of the DPRK{_unless_heard(partners)}")
    return CLEAR if len(event.ships) == 2 and all(ship.flag for ship in event.ships) else Missing("flag of both ships")


def _unless_heard(ships: Sequence[ShipFacts]) -> str:
    """What a reader must know of ships of which none was heard at the meeting."""
    share = max(ship.is_candidate_share for ship in ships)
    return f"; she was not heard there, a candidate at {share:.0%}" if share < 1.0 else ""


def _moves(event: EventFacts, rule_id: str) -> Outcome:
    """Goods under a rule, in force that day, with a ship of the DPRK's side in the meeting.

    Which way they went is for the analyst, where the basis of the product does not say it.
    """
    if not event.is_transfer_like:
        return CLEAR
    if event.product is None:
        return Missing(legal_rules()[rule_id].needs)
    good = good_of(event.product)
    if good is None:
        is_open = rule_id == "L6" and event.product in LIQUIDS
        return Missing("whether the oil is condensate or natural gas liquids") if is_open else CLEAR
    if good.rule_id != rule_id or event.start.date() < good.since:
        return CLEAR
    linked = any(
        ship.flag == DPRK or any(d.type == "port_call" and d.state == DPRK for d in ship.deeds) for ship in event.ships
    )
    basis = f" ({event.product_basis})" if event.product_basis else ""
    return Fired(f"{good.name}{basis}, with a ship of the DPRK's side") if linked else CLEAR


def _is_designated(event: EventFacts) -> Outcome:
    if any(ship.hits is None for ship in event.ships):
        return Missing("the UN 1718 list of vessels")
    found = [
        (ship, hit)
        for ship in event.ships
        for hit in ship.hits or ()
        if hit.strength in {"confirmed", "probable"} and not hit.later_designated and hit.is_designation
    ]
    if found:
        undated = "" if any(hit.listed_on is not None for _, hit in found) else ", which gives no date of designation"
        return Fired(f"designated on the 1718 list{undated}{_unless_heard([ship for ship, _ in found])}")
    return CLEAR if DESIGNATED in event.lists_name else Missing("the UN 1718 list of vessels")
