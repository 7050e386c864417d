"""Every rule that is asked: a scene in which it fires, one in which it must not, one in which its data are missing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tracker.errors import ParameterError
from tracker.risk.checks import EVENT_RULES, SHIP_RULES, WAITING
from tracker.risk.facts import EventFacts, ListFact, ShipFacts
from tracker.risk.outcome import Clear, Fired, Missing, Outcome
from tracker.risk.rules import GROUPS, RiskParams, ask, assess, packaged_rules

DAY = datetime(2020, 1, 31, 14, tzinfo=UTC)
EVENT = EventFacts(
    "encounter", "likely", False, DAY, DAY + timedelta(hours=4), 124.0, 30.5, duration_h=4.0, is_international=True
)
SHIP = ShipFacts(352000001, flag="LBN", mid_flag="LBN", length_m=100.0, imo=9187629, names_30d=1, hits=())
HIT = ListFact("confirmed", is_sanction=True, later_designated=False)

Ship = dict[str, object]
SHIP_SCENES: dict[str, tuple[Ship, Ship, Ship | None]] = {
    "R01": ({"hits": (HIT,)}, {"hits": (replace(HIT, strength="identity_conflict"),)}, {"hits": None}),
    "R02": ({"hits": (replace(HIT, strength="probable"),)}, {"hits": (replace(HIT, strength="weak"),)}, {"hits": None}),
    "R03": ({"hits": (replace(HIT, strength="possible"),)}, {"hits": ()}, {"hits": None}),
    "R04": ({"flag": "PRK"}, {"flag": "KOR"}, {"flag": None, "mid_flag": None}),
    "R05": ({"linked_partners_90d": 1}, {"linked_partners_90d": 0}, None),
    "R07": ({"imo": None}, {"imo": None, "length_m": 30.0}, {"length_m": None}),
    "R08": ({"names_30d": 2}, {"names_30d": 1}, {"names_30d": None}),
    "R10": ({"registry_length_m": 130.0}, {"registry_length_m": 104.0}, {"length_m": None}),
    "R12": ({"flag": "TGO"}, {"flag": "JPN"}, {"flag": None}),
    "R13": ({"flag_changes_24m": 1}, {"flag_changes_24m": 0}, {"flag_changes_24m": None}),
    "R14": ({"registry_flag": "TGO"}, {"registry_flag": "LBN"}, {"registry_flag": None}),
    "R29": ({"receivers_30d": 2}, {"receivers_30d": 1}, {"receivers_30d": None}),
    "R33": (
        {"has_registry": True, "owned_since": date(2020, 1, 1)},
        {"has_registry": True, "owned_since": date(2019, 1, 1)},
        {"has_registry": False},
    ),
    "R34": (
        {"has_registry": True, "owned_since": date(2019, 6, 1), "built": 1990},
        {"has_registry": True, "owned_since": date(2019, 6, 1), "built": 2010},
        {"has_registry": True, "owned_since": date(2019, 6, 1), "built": None},
    ),
    "R35": ({"hits": (replace(HIT, is_detention=True),)}, {"hits": (HIT,)}, {"hits": None}),
}
EVENT_SCENES: dict[str, tuple[Ship, Ship, Ship | None]] = {
    "R20": ({}, {"in_port": True}, None),
    "R21": ({}, {"start": DAY - timedelta(hours=12), "end": DAY - timedelta(hours=8)}, None),
    "R22": ({}, {"lon": 150.0}, None),
    "R25": (
        {"draught_changes_m": (-1.6, 2.0)},
        {"draught_changes_m": (1.6, 2.0)},
        {"draught_changes_m": (None, 2.0)},
    ),
}


def of_ship(rule: str, changes: Ship) -> Outcome:
    return SHIP_RULES[rule](EVENT, replace(SHIP, **changes))  # type: ignore[arg-type]


def of_event(rule: str, changes: Ship) -> Outcome:
    return EVENT_RULES[rule](replace(EVENT, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("rule", sorted(SHIP_RULES))
def test_a_rule_of_a_ship_fires_stays_silent_and_says_what_it_lacks(rule: str) -> None:
    fires, clear, missing = SHIP_SCENES[rule]
    assert isinstance(of_ship(rule, fires), Fired)
    assert isinstance(of_ship(rule, clear), Clear)
    if missing is not None:
        assert isinstance(of_ship(rule, missing), Missing)


@pytest.mark.parametrize("rule", sorted(EVENT_RULES))
def test_a_rule_of_an_event_fires_stays_silent_and_says_what_it_lacks(rule: str) -> None:
    fires, clear, missing = EVENT_SCENES[rule]
    assert isinstance(of_event(rule, fires), Fired)
    assert isinstance(of_event(rule, clear), Clear)
    if missing is not None:
        assert isinstance(of_event(rule, missing), Missing)


def test_every_one_of_the_36_rules_is_asked_or_says_what_it_waits_for() -> None:
    asked, waiting = {*SHIP_RULES, *EVENT_RULES}, set(WAITING)
    assert asked | waiting == set(packaged_rules()) == {f"R{n:02d}" for n in range(1, 37)}
    assert not asked & waiting
    assert {rule.group for rule in packaged_rules().values()} == set(GROUPS)


def test_a_later_designation_is_no_listing_on_the_day() -> None:
    assert isinstance(of_ship("R01", {"hits": (replace(HIT, later_designated=True),)}), Clear)


def test_an_entry_that_is_no_sanction_does_not_turn_the_list_flag_red() -> None:
    assert isinstance(of_ship("R01", {"hits": (replace(HIT, is_sanction=False),)}), Clear)


def test_more_changes_of_flag_weigh_more() -> None:
    shares = [of_ship("R13", {"flag_changes_24m": n}) for n in (1, 2, 3, 9)]
    assert [round(o.share * 25) for o in shares if isinstance(o, Fired)] == [6, 14, 25, 25]


def test_rules_without_data_are_listed_and_not_counted_as_clean() -> None:
    score = assess(ask(replace(EVENT, ships=(replace(SHIP, hits=None),)), RiskParams()), RiskParams())
    assert ("R01", "a watchlist (--watchlist FILE)") in score.missing
    assert f"{len(score.missing)} rule(s) lack data" in score.sentence


def test_a_user_changes_weights_switches_rules_off_and_adds_own() -> None:
    own = {"rule_id": "U01", "group": "context", "name": "Long", "weight": 10, "when": [["duration_h", ">=", 3]]}
    params = RiskParams.of({"weights": {"R20": 50}, "off": ["R21", "R22"], "own": [own]})
    event = replace(EVENT, ships=(SHIP,), columns=(("duration_h", 4.0),))
    parts = {part.rule_id: part.points for part in assess(ask(event, params), params).parts}
    assert parts == {"R20": 50.0, "U01": 10.0}


@pytest.mark.parametrize("values", [{"off": ["R99"]}, {"weights": {"R01": 101.0}}, {"weights": {"X": 1.0}}])
def test_a_rule_that_does_not_exist_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(ParameterError):
        ask(replace(EVENT, ships=(SHIP,)), RiskParams.of(values))
