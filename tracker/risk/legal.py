"""Which legal rules a meeting touches on its date. A rule is never asked before it took effect.

The answer is a flag for a lawyer, not a finding: AIS does not show goods. L1 turns on the flag of a partner; a
foreign ship that meets a foreign ship is not L1, even if the second later calls in the DPRK.
"""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from tracker.risk.facts import EventFacts


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

    def in_force(self, day: date, /) -> bool:
        """Whether the rule has effect on a day."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)

    @property
    def authority(self) -> str:
        """``S/RES/2375 (2017) op 11``."""
        return f"S/RES/{self.resolution} ({self.adopted}) op {self.paragraph}"


@cache
def legal_rules() -> dict[str, LegalRule]:
    """L1 to L8 by id."""
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
    """Rules that the event touches, in force when it began: L1 and L7; the others need more than one event."""
    day = event.start.date()
    tests = {"L1": _touches_dprk_flag, "L7": _is_designated}
    rules = legal_rules()
    return tuple(rules[rule_id] for rule_id, test in tests.items() if rules[rule_id].in_force(day) and test(event))


def undecided(day: date, /) -> tuple[LegalRule, ...]:
    """Rules in force on a day that one event cannot decide, each with what it needs."""
    return tuple(r for rule_id, r in legal_rules().items() if rule_id not in {"L1", "L7"} and r.in_force(day))


def _touches_dprk_flag(event: EventFacts) -> bool:
    return event.is_transfer_like and any(ship.flag == "PRK" for ship in event.ships)


def _is_designated(event: EventFacts) -> bool:
    return any(
        hit.strength in {"confirmed", "probable"}
        and not hit.later_designated
        and any("1718" in programme for programme in hit.programmes)
        for ship in event.ships
        for hit in ship.hits or ()
    )
