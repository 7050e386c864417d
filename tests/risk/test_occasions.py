"""Ships of one group are told the same by every rule, but for names and figures."""

from datetime import UTC, datetime
from random import Random
from typing import Any

from tests.risk.test_rules import EVENT
from tracker.risk.checks import SHIP_RULES
from tracker.risk.facts import DraughtSpell, ShipFacts
from tracker.risk.occasions import group_of
from tracker.risk.outcome import Fired

SPELL = DraughtSpell(4.0, datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 2, tzinfo=UTC), 9)
PAPERS: dict[str, tuple[Any, ...]] = {
    "flag": (None, "PAN", "PRK", "NOR"),
    "mid_flag": (None, "PRK", "NOR"),
    "imo": (None, 9187629),
    "kind": (None, "tanker", "tug"),
    "has_statics": (True, False),
    "length_m": (None, 30.0, 90.0),
    "hits": (None, ()),
    "changes_30d": (None, ()),
    "linked_partners_90d": (None, 0),
    "receivers_30d": (None, 0),
    "draughts": ((), (SPELL,), (SPELL, SPELL)),
    "wrong_imo_reports": (None, 0),
    "number_elsewhere_h": (None, 0.0, 9.0),
    "moored_moving_h": (None, 0.0, 9.0),
    "sizes_m": ((), (50.0,), (50.0, 90.0)),
    "flag_changes_24m": (None, None, 2),
}


def test_ships_of_a_group_are_told_the_same_but_for_names_and_figures() -> None:
    rnd, told = Random(0), dict[Any, Any]()
    for _ in range(4_000):
        ship = ShipFacts(352000001, **{name: rnd.choice(values) for name, values in PAPERS.items()})
        one = rnd.choice(list(PAPERS))
        for other in (ship, ship._replace(**{one: rnd.choice(PAPERS[one])})):
            group = group_of(other)
            if group is not None:
                outcomes = {rule: of_ship(EVENT, other) for rule, of_ship in SHIP_RULES.items()}
                kinds = {rule: type(one) if isinstance(one, Fired) else one for rule, one in outcomes.items()}
                assert told.setdefault(group, kinds) == kinds
    assert len(told) > 1000
