"""Every rule that is asked: a scene in which it fires, one in which it must not, one in which its data are missing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import nan
from typing import Any

import pytest

from tracker.errors import ParameterError
from tracker.risk.checks import EVENT_RULES, SHIP_RULES
from tracker.risk.facts import Change, Deed, DraughtSpell, EventFacts, ListFact, ShipFacts, VoyageFact
from tracker.risk.outcome import Clear, Fired, Missing, Outcome
from tracker.risk.rules import GROUPS, RiskParams, ask, assess, packaged_rules
from tracker.tables.events import EVENT_TYPES

DAY = datetime(2020, 1, 31, 14, tzinfo=UTC)
EVENT = EventFacts(
    "encounter",
    "likely",
    False,
    DAY,
    DAY + timedelta(hours=4),
    124.0,
    30.5,
    duration_h=4.0,
    is_international=True,
    searched=frozenset(EVENT_TYPES),
    delivery_legs=0,
)
RENAMED = Change("name", "SYN ONE", "SYN TWO", 0, port_nm=80.0)
STRAIGHT = VoyageFact("Busan", "Dalian", way_nm=102.0, shortest_nm=100.0)
SHIP = ShipFacts(
    352000001,
    flag="LBN",
    mid_flag="LBN",
    length_m=100.0,
    imo=9187629,
    changes_30d=(),
    hits=(),
    kind="tanker",
    wrong_imo_reports=0,
    number_elsewhere_h=0.0,
    moored_moving_h=0.0,
    voyage=STRAIGHT,
    receivers_30d=0,
)
HIT = ListFact("confirmed", is_sanction=True, later_designated=False)


def deed(kind: str, days: float, hours: float, **more: Any) -> Deed:
    """Something the ship did so many days after the event's day."""
    start = DAY + timedelta(days=days)
    return Deed(kind, start, start + timedelta(hours=hours), more.pop("lon", 124.0), more.pop("lat", 30.5), **more)


def declared(metres: float, first: float, last: float) -> DraughtSpell:
    """A draught said from one day to another."""
    return DraughtSpell(metres, DAY + timedelta(days=first), DAY + timedelta(days=last), 9)


NAMPO = {"lon": 125.37, "lat": 38.72, "state": "PRK", "port": "Nampo"}
AT_SEA = {"lon": 150.0, "lat": 30.0}
SILENT = deed("gap", -2, 20, confidence=0.8, knows_return=True)
CALLED = deed("port_call", 3, 12, **NAMPO)
FROM_CHINA, BACK_IN_CHINA = (deed("port_call", day, 10, state="CHN", port="Dalian") for day in (-4, 9))
CALLS = (deed("port_call", -20, 10), deed("port_call", -5, 10))
Ship = dict[str, object]
SHIP_SCENES: dict[str, tuple[Ship, Ship, Ship]] = {
    "R01": ({"hits": (HIT,)}, {"hits": (replace(HIT, strength="identity_conflict"),)}, {"hits": None}),
    "R02": ({"hits": (replace(HIT, strength="probable"),)}, {"hits": (replace(HIT, strength="weak"),)}, {"hits": None}),
    "R03": ({"hits": (replace(HIT, strength="possible"),)}, {"hits": ()}, {"hits": None}),
    "R04": ({"flag": "PRK"}, {"flag": "KOR"}, {"flag": None, "mid_flag": None}),
    "R05": ({"linked_partners_90d": 1}, {"linked_partners_90d": 0}, {"linked_partners_90d": None}),
    "R06": (
        {"wrong_imo_reports": 3, "wrong_imo_span_h": 0.2, "wrong_imos": ("1234560",)},
        {"wrong_imo_reports": 40, "wrong_imo_span_h": 0.05, "wrong_imos": ("1234560",)},
        {"wrong_imo_reports": None},
    ),
    "R07": ({"imo": None}, {"imo": None, "length_m": 30.0}, {"length_m": None}),
    "R08": (
        {"changes_30d": (RENAMED,)},
        {"changes_30d": (replace(RENAMED, port_nm=3.0),)},
        {"changes_30d": (replace(RENAMED, port_nm=None),)},
    ),
    "R09": ({"number_elsewhere_h": 30.0}, {"number_elsewhere_h": 1.0}, {"number_elsewhere_h": None}),
    "R11": (
        {"has_registry": True, "registry_status": "Broken up 2017"},
        {"has_registry": True, "registry_status": "in service"},
        {"has_registry": True, "registry_status": None},
    ),
    "R10": ({"registry_length_m": 130.0}, {"registry_length_m": 104.0}, {"length_m": None}),
    "R12": ({"flag": "TGO"}, {"flag": "JPN"}, {"flag": None}),
    "R13": ({"flag_changes_24m": 1}, {"flag_changes_24m": 0}, {"flag_changes_24m": None}),
    "R14": ({"registry_flag": "TGO"}, {"registry_flag": "LBN"}, {"registry_flag": None}),
    "R15": (
        {"deeds": (SILENT,)},
        {"deeds": (SILENT._replace(confidence=0.2), SILENT._replace(lon=150.0))},
        {"searched": frozenset()},
    ),
    "R16": (
        {"deeds": (SILENT._replace(feasible_port="Nampo"),)},
        {"deeds": (SILENT,)},
        {"deeds": (SILENT._replace(knows_return=False),)},
    ),
    "R18": (
        {"deeds": (deed("spoofing", 1, 2, detail="circle"),)},
        {"deeds": (deed("spoofing", 1, 2, detail="jamming"),)},
        {"searched": frozenset()},
    ),
    "R19": ({"moored_moving_h": 5.0}, {"moored_moving_h": 1.0}, {"moored_moving_h": None}),
    "R23": ({"deeds": (deed("loitering", 1, 8),)}, {"deeds": (deed("loitering", 1, 3),)}, {"kind": None}),
    "R24": (
        {"draughts": (declared(4.0, -9, -1), declared(6.2, 1, 5))},
        {"draughts": (declared(4.0, -9, -1), declared(6.2, 2, 5)), "deeds": (deed("port_call", 1, 9),)},
        {"draughts": ()},
    ),
    "R26": (
        {"draughts": (declared(5.0, -50, 1),), "deeds": CALLS},
        {"draughts": (declared(5.0, -50, 1),), "deeds": CALLS[:1]},
        {"draughts": ()},
    ),
    "R27": ({"deeds": (CALLED,)}, {"deeds": (CALLED._replace(state="KOR"),)}, {"searched": frozenset()}),
    "R28": (
        {"deeds": (CALLED._replace(port="Nampo", detail="buoy"),)},
        {"deeds": (CALLED,)},
        {"searched": frozenset()},
    ),
    "R31": (
        {"deeds": (FROM_CHINA, CALLED, BACK_IN_CHINA), "imo": None},
        {"deeds": (FROM_CHINA, CALLED, BACK_IN_CHINA._replace(start=DAY + timedelta(days=40))), "imo": None},
        {"searched": frozenset()},
    ),
    "R36": (
        {"voyage": replace(STRAIGHT, way_nm=150.0)},
        {"voyage": replace(STRAIGHT, way_nm=125.0)},
        {"voyage": replace(STRAIGHT, hidden_nm=60.0)},
    ),
    "R29": ({"receivers_30d": 2}, {"receivers_30d": 1}, {"receivers_30d": None}),
    "R33": (
        {"has_registry": True, "owned_since": date(2020, 1, 1)},
        {"has_registry": True, "owned_since": date(2019, 1, 1), "owner_state": "JPN"},
        {"has_registry": False},
    ),
    "R34": (
        {"has_registry": True, "owned_since": date(2019, 6, 1), "built": 1990},
        {"has_registry": True, "owned_since": date(2019, 6, 1), "built": 2010},
        {"has_registry": True, "owned_since": date(2019, 6, 1), "built": None},
    ),
    "R35": ({"hits": (replace(HIT, is_detention=True),)}, {"hits": (HIT,)}, {"hits": None}),
}
COAL = (SHIP._replace(flag="PRK", kind="cargo"), SHIP._replace(flag="CHN", kind="cargo", imo=None))
EVENT_SCENES: dict[str, tuple[Ship, Ship, Ship]] = {
    "R17": ({"type": "dark_encounter", "verdict": "possible"}, {}, {"searched": frozenset()}),
    "R30": ({"delivery_legs": 2}, {"delivery_legs": 1}, {"delivery_legs": None}),
    "R32": (
        {"duration_h": 20.0, "state": "CHN", "ships": COAL},
        {"duration_h": 20.0, "state": "CHN", "ships": (COAL[0], COAL[1]._replace(imo=9074729))},
        {"duration_h": 20.0, "state": "CHN", "ships": (COAL[0], COAL[1]._replace(kind=None))},
    ),
    "R20": ({}, {"in_port": True}, {"verdict": None}),
    "R21": ({}, {"start": DAY - timedelta(hours=12), "end": DAY - timedelta(hours=8)}, {"lat": nan}),
    "R22": ({}, {"lon": 150.0}, {"lon": nan}),
    "R25": (
        {"draught_changes_m": (-1.6, 2.0)},
        {"draught_changes_m": (1.6, 2.0)},
        {"draught_changes_m": (None, 2.0)},
    ),
}


def of_ship(rule: str, changes: Ship) -> Outcome:
    own = {name: value for name, value in changes.items() if name != "searched"}
    event = EVENT._replace(searched=changes.get("searched", EVENT.searched))  # type: ignore[arg-type]
    return SHIP_RULES[rule](event, SHIP._replace(**own))  # type: ignore[arg-type]


def of_event(rule: str, changes: Ship) -> Outcome:
    return EVENT_RULES[rule](EVENT._replace(**changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("rule", sorted({*SHIP_RULES, *EVENT_RULES}))
def test_a_rule_fires_stays_silent_and_says_what_it_lacks(rule: str) -> None:
    scenes = SHIP_SCENES[rule] if rule in SHIP_RULES else EVENT_SCENES[rule]
    ask_one = of_ship if rule in SHIP_RULES else of_event
    fires, clear, missing = (ask_one(rule, scene) for scene in scenes)
    assert isinstance(fires, Fired)
    assert isinstance(clear, Clear)
    assert isinstance(missing, Missing)


def test_every_one_of_the_36_rules_is_asked_and_has_its_three_scenes() -> None:
    assert {*SHIP_RULES, *EVENT_RULES} == set(packaged_rules()) == {f"R{n:02d}" for n in range(1, 37)}
    assert (set(SHIP_SCENES), set(EVENT_SCENES)) == (set(SHIP_RULES), set(EVENT_RULES))
    assert all(len(scenes) == 3 for scenes in (*SHIP_SCENES.values(), *EVENT_SCENES.values()))
    assert {rule.group for rule in packaged_rules().values()} == set(GROUPS)


def test_a_number_of_another_register_weighs_less_than_one_with_a_wrong_check_digit() -> None:
    sent = {"wrong_imo_reports": 9, "wrong_imo_span_h": 5.0}
    shares = [of_ship("R06", sent | {"wrong_imos": numbers}) for numbers in (("IMO1234560",), ("896788800",))]
    assert [o.share for o in shares if isinstance(o, Fired)] == [1.0, pytest.approx(1 / 3)]


def test_a_later_designation_is_no_listing_on_the_day() -> None:
    assert isinstance(of_ship("R01", {"hits": (replace(HIT, later_designated=True),)}), Clear)


def test_an_entry_that_is_no_sanction_does_not_turn_the_list_flag_red() -> None:
    assert isinstance(of_ship("R01", {"hits": (replace(HIT, is_sanction=False),)}), Clear)


def test_a_longer_silence_weighs_more_up_to_a_day() -> None:
    shares = [of_ship("R15", {"deeds": (deed("gap", -2, hours, confidence=0.9),)}) for hours in (6, 12, 24, 200)]
    assert [o.share for o in shares if isinstance(o, Fired)] == [0.25, 0.5, 1.0, 1.0]


def test_what_is_known_of_a_candidate_counts_by_its_probability() -> None:
    listed = SHIP._replace(hits=(HIT,), is_candidate_share=0.2)
    found = assess(ask(EVENT._replace(type="dark_encounter", ships=(SHIP, listed)), RiskParams()), RiskParams())
    (part,) = (part for part in found.parts if part.rule_id == "R01")
    assert part.points == 20.0
    assert "a candidate at 20%" in part.reasons[0]


def test_a_guessed_meeting_counts_by_its_confidence_and_a_heard_one_in_full() -> None:
    dark = EVENT._replace(type="dark_encounter", confidence=0.4)
    found = [EVENT_RULES[rule](event) for rule in ("R17", "R20") for event in (dark, EVENT._replace(confidence=0.4))]
    assert [o.share for o in found if isinstance(o, Fired)] == [0.4, 0.4, 1.0]


def test_a_draught_that_still_held_long_after_an_event_did_not_change_there() -> None:
    spells = (declared(21.6, -2, -1), declared(18.5, -1, 0.8), declared(14.9, 0.9, 3))
    assert isinstance(of_ship("R24", {"draughts": spells}), Clear)
    spells = (spells[0], declared(18.5, -1, 0.2), spells[2])
    found = of_ship("R24", {"draughts": spells})
    assert isinstance(found, Fired)
    assert "-3.6 m" in found.reason


def test_a_silence_with_time_for_a_port_hides_a_call_and_one_that_was_hardly_switched_off_says_nothing() -> None:
    spells = (declared(4.0, -9, -1), declared(6.2, 1, 5))
    silent = deed("gap", 0.2, 12, call_fits=True)
    assert isinstance(of_ship("R24", {"draughts": spells, "deeds": (silent,)}), Missing)
    assert isinstance(of_ship("R24", {"draughts": spells, "deeds": (silent._replace(call_fits=False),)}), Fired)
    stale = (declared(4.0, -9, 0.3), declared(6.2, 0.4, 5))
    over = deed("gap", -0.2, 6, call_fits=True)
    assert isinstance(of_ship("R24", {"draughts": stale, "deeds": (over,)}), Missing)
    over_before = over._replace(end=EVENT.start)
    assert isinstance(of_ship("R24", {"draughts": stale, "deeds": (over_before,)}), Fired)
    ship = SHIP._replace(draughts=spells)
    gap = EVENT._replace(type="gap", verdict=None, ships=(ship,))
    assert isinstance(SHIP_RULES["R24"](gap._replace(confidence=0.9), ship), Fired)
    assert isinstance(SHIP_RULES["R24"](gap._replace(confidence=0.3), ship), Clear)


def test_a_list_without_detentions_does_not_say_that_there_was_none() -> None:
    ship = SHIP._replace(hits=())
    assert isinstance(SHIP_RULES["R35"](EVENT._replace(lists_name=frozenset()), ship), Missing)


def test_a_listing_without_a_date_is_told_as_such() -> None:
    undated, dated = (of_ship("R01", {"hits": (replace(HIT, listed_on=day),)}) for day in (None, date(2018, 1, 1)))
    assert isinstance(undated, Fired)
    assert isinstance(dated, Fired)
    assert "since when the list does not say" in undated.reason
    assert "since when" not in dated.reason


def test_a_call_that_was_only_feasible_counts_by_its_probability_and_ends_no_voyage() -> None:
    feasible = CALLED._replace(detail="feasible", confidence=0.3)
    found = of_ship("R27", {"deeds": (feasible,)})
    assert isinstance(found, Fired)
    assert found.share == 0.3
    assert "not seen" in found.reason
    trip = {"deeds": (FROM_CHINA, feasible, BACK_IN_CHINA), "imo": None}
    assert isinstance(of_ship("R31", trip), Clear)


def test_a_slow_spell_and_the_port_call_about_it_are_one_stay() -> None:
    slow = deed("loitering", 3, 12, **NAMPO)
    both = {"deeds": (slow, CALLED)}
    found = of_ship("R27", both)
    assert isinstance(found, Fired)
    assert found.times == 1
    assert isinstance(of_ship("R27", {"deeds": (slow,)}), Fired)
    assert isinstance(of_ship("R23", both), Clear)
    assert isinstance(of_ship("R23", {"deeds": (slow,)}), Fired)


def test_one_number_in_two_places_is_told_as_that_and_not_as_spoofing() -> None:
    twice = {"deeds": (deed("spoofing", 1, 5, detail="two_places"),)}
    assert isinstance(of_ship("R09", twice), Fired)
    assert isinstance(of_ship("R18", twice), Clear)


def test_papers_that_changed_this_month_are_no_false_flag() -> None:
    new = {"registry_flag": "TGO", "registry_flag_since": date(2020, 1, 10)}
    assert isinstance(of_ship("R14", new), Clear)
    assert isinstance(of_ship("R14", new | {"registry_flag_since": date(2019, 1, 10)}), Fired)


def test_a_detention_of_years_ago_is_over() -> None:
    detained = replace(HIT, is_detention=True, listed_on=date(2016, 1, 1))
    assert isinstance(of_ship("R35", {"hits": (detained,)}), Clear)
    assert isinstance(of_ship("R35", {"hits": (replace(detained, listed_on=date(2019, 1, 1)),)}), Fired)


def test_a_receiver_that_goes_to_the_dprk_and_back_twice_shuttles() -> None:
    lifts = [deed("encounter", day, 5, is_receiver=True) for day in (-30, -10)]
    calls = [deed("port_call", day, 12, **NAMPO) for day in (-25, -5)]
    assert isinstance(of_ship("R29", {"deeds": (*lifts, *calls)}), Fired)
    assert isinstance(of_ship("R29", {"deeds": (*lifts, calls[0])}), Clear)


def test_more_changes_of_flag_weigh_more() -> None:
    shares = [of_ship("R13", {"flag_changes_24m": n}) for n in (1, 2, 3, 9)]
    assert [round(o.share * 25) for o in shares if isinstance(o, Fired)] == [6, 14, 25, 25]


def test_rules_without_data_are_listed_and_not_counted_as_clean() -> None:
    score = assess(ask(EVENT._replace(ships=(SHIP._replace(hits=None),)), RiskParams()), RiskParams())
    assert ("R01", "a watchlist (--watchlist FILE)") in score.missing
    assert f"{len(score.missing)} rule(s) lack data" in score.sentence


def test_a_user_changes_weights_switches_rules_off_and_adds_own() -> None:
    own = {"rule_id": "U01", "group": "context", "name": "Long", "weight": 10, "when": [["duration_h", ">=", 3]]}
    params = RiskParams.of({"weights": {"R20": 50}, "off": ["R21", "R22"], "own": [own]})
    event = EVENT._replace(ships=(SHIP,), columns=(("duration_h", 4.0),))
    parts = {part.rule_id: part.points for part in assess(ask(event, params), params).parts}
    assert parts == {"R20": 50.0, "U01": 10.0}


OWN = {"rule_id": "U01", "group": "context", "name": "Long", "weight": 10}


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (["duraton_h", ">=", 3], "near: duration_h"),
        (["duration_h", ">=", "long"], "holds numbers"),
        (["flag", "in", "TGO"], "give a list"),
        (["flag", "==", 5], "holds text"),
        (["why", "==", "x"], "cannot compare"),
        (["start_time", ">=", 5], "cannot compare"),
    ],
)
def test_a_condition_that_no_event_can_meet_is_refused_before_anything_is_read(
    condition: list[Any], words: str
) -> None:
    with pytest.raises(ParameterError, match=words):
        RiskParams.of({"own": [OWN | {"when": [condition]}]})


def test_two_rules_of_one_name_are_refused() -> None:
    own = OWN | {"when": [["duration_h", ">=", 3]]}
    with pytest.raises(ParameterError, match="more than once"):
        RiskParams.of({"own": [own, own]})


@pytest.mark.parametrize("values", [{"off": ["R99"]}, {"weights": {"R01": 101.0}}, {"weights": {"X": 1.0}}])
def test_a_rule_that_does_not_exist_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(ParameterError):
        ask(EVENT._replace(ships=(SHIP,)), RiskParams.of(values))
