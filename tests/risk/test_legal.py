"""A legal rule is never asked before it took effect, and says which paragraph it is."""

import csv
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared_data import shared
from tracker.risk.facts import EventFacts, ListFact, ShipFacts
from tracker.risk.legal import (
    LedgerFacts,
    SupplyFacts,
    ledger_answers,
    legal_answers,
    legal_flags,
    legal_rules,
    supply_answer,
    undecided,
)
from tracker.risk.outcome import Clear, Fired, Missing

DAY = datetime(2020, 1, 31, tzinfo=UTC)
UN = ListFact("confirmed", True, False, ("UN 1718",))
MEETING = EventFacts(
    "encounter",
    "likely",
    False,
    DAY,
    DAY + timedelta(hours=4),
    124.0,
    30.5,
    (ShipFacts(352000001, flag="PAN", hits=(UN,)), ShipFacts(445000001, flag="PRK", hits=())),
)


def codes(event: EventFacts) -> list[str]:
    return [rule.rule_id for rule in legal_flags(event)]


def test_a_meeting_with_the_dprk_flag_touches_resolution_2375_paragraph_11() -> None:
    assert codes(MEETING) == ["L1", "L7"]
    assert legal_flags(MEETING)[0].authority == "S/RES/2375 (2017) op 11"


def test_a_list_that_is_not_the_un_s_does_not_say_that_a_ship_is_not_designated() -> None:
    ships = tuple(ship._replace(hits=()) for ship in MEETING.ships)
    assert isinstance(legal_answers(MEETING._replace(ships=ships))["L7"], Clear)
    assert isinstance(legal_answers(MEETING._replace(ships=ships, lists_name=frozenset()))["L7"], Missing)


def test_a_candidate_that_was_not_heard_is_named_as_one() -> None:
    listed, korean = (ship._replace(is_candidate_share=0.7) for ship in MEETING.ships)
    reasons = [rule.because for rule in legal_flags(MEETING._replace(type="dark_encounter", ships=(listed, korean)))]
    assert all("a candidate at 70%" in reason for reason in reasons)
    assert not any("candidate" in rule.because for rule in legal_flags(MEETING))


def test_a_foreign_ship_that_meets_a_foreign_ship_is_not_l1() -> None:
    ships = (ShipFacts(352000001, flag="PAN"), ShipFacts(671000001, flag="TGO"))
    assert codes(MEETING._replace(ships=ships)) == []


def test_a_berth_is_no_transfer_at_sea() -> None:
    assert "L1" not in codes(MEETING._replace(in_port=True))
    assert "L1" not in codes(MEETING._replace(verdict="unlikely"))


@given(st.datetimes(datetime(2006, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))
def test_no_rule_is_asked_before_it_took_effect(when: datetime) -> None:
    event = MEETING._replace(start=when, end=when + timedelta(hours=4))
    found = legal_flags(event)
    rules, day = legal_rules(), when.date()
    over = ledger_answers(LedgerFacts(day, 1e9, 1e9, 1e9, 1e9))
    asked = {*legal_answers(event), *(rule.rule_id for rule in undecided(event)), *over}
    assert all(rules[rule_id].in_force(day) for rule_id in asked)
    assert {rule_id for rule_id in over if rule_id != "L4C"} == {r for r in ("L2", "L3") if rules[r].in_force(day)}
    assert (supply_answer(SupplyFacts(day, day + timedelta(days=99), False, False)) is None) == (
        day < rules["L8"].effective_from
    )
    assert ("L1" in [rule.rule_id for rule in found]) == (when.date() >= datetime(2017, 9, 11).date())


def test_the_dates_are_those_of_the_table_of_measures() -> None:
    text = shared("reference/unsc_measures.csv").read_text(encoding="utf-8")
    known = {(row["resolution"], row["op"], row["effective_from"]) for row in csv.DictReader(text.splitlines())}
    for rule in legal_rules().values():
        assert (rule.resolution, rule.paragraph, rule.effective_from.isoformat()) in known


PLAIN = MEETING._replace(ships=(ShipFacts(352000001, flag="PAN", hits=()), ShipFacts(671000001, flag="TGO", hits=())))
DPRK = PLAIN._replace(ships=(PLAIN.ships[0], PLAIN.ships[1]._replace(flag="PRK")))


@pytest.mark.parametrize(
    ("rule_id", "fires", "clear", "missing"),
    [
        ("L1", DPRK, PLAIN, PLAIN._replace(ships=(PLAIN.ships[0], PLAIN.ships[1]._replace(flag=None)))),
        ("L4", DPRK._replace(product="coal"), PLAIN._replace(product="coal"), DPRK),
        ("L5", DPRK._replace(product="sand"), DPRK._replace(product="gasoil"), DPRK),
        ("L6", DPRK._replace(product="condensate"), DPRK._replace(product="gasoil"), DPRK),
        ("L6", DPRK._replace(product="ngl"), DPRK._replace(product="coal"), DPRK._replace(product="oil")),
        ("L7", MEETING, PLAIN, PLAIN._replace(ships=(PLAIN.ships[0]._replace(hits=None), PLAIN.ships[1]))),
    ],
)
def test_a_rule_of_one_event_fires_stays_silent_and_says_what_it_lacks(
    rule_id: str, fires: EventFacts, clear: EventFacts, missing: EventFacts
) -> None:
    assert isinstance(legal_answers(fires)[rule_id], Fired)
    assert isinstance(legal_answers(clear)[rule_id], Clear)
    assert isinstance(legal_answers(missing)[rule_id], Missing)
    assert rule_id in [rule.rule_id for rule in undecided(missing)]


@pytest.mark.parametrize(
    ("rule_id", "fires", "clear", "missing"),
    [
        ("L2", {"refined_bbl_in_year": 500_001}, {"refined_bbl_in_year": 500_000}, {}),
        (
            "L3",
            {"crude_t_in_12_months": 525_001},
            {"crude_t_in_12_months": 400_000, "crude_bbl_in_12_months": 3_000_000},
            {"crude_bbl_in_12_months": 3_000_000},
        ),
    ],
)
def test_a_cap_is_passed_kept_or_not_known(
    rule_id: str, fires: dict[str, float], clear: dict[str, float], missing: dict[str, float]
) -> None:
    day = date(2020, 9, 30)
    assert isinstance(ledger_answers(LedgerFacts(day, **fires))[rule_id], Fired)
    assert isinstance(ledger_answers(LedgerFacts(day, **clear))[rule_id], Clear)
    assert isinstance(ledger_answers(LedgerFacts(day, **missing))[rule_id], Missing)


def test_the_coal_cap_held_for_the_months_of_2017_before_the_ban() -> None:
    over = [date(2016, 12, 31), date(2017, 8, 4), date(2017, 8, 5)]
    assert [("L4C" in ledger_answers(LedgerFacts(day, coal_t_in_year=8e6))) for day in over] == [False, True, False]


def test_no_declaration_counts_only_when_its_time_is_over() -> None:
    delivered = date(2020, 3, 1)

    def asked(days: int, *, crude: bool = False, declared: bool | None = False) -> object:
        return supply_answer(SupplyFacts(delivered, delivered + timedelta(days=days), crude, declared))

    assert isinstance(asked(31), Fired)
    assert isinstance(asked(30), Clear)
    assert isinstance(asked(31, crude=True), Clear)
    assert isinstance(asked(91, crude=True), Fired)
    assert isinstance(asked(99, declared=True), Clear)
    assert isinstance(asked(99, declared=None), Missing)


@pytest.mark.parametrize(
    ("product", "since", "authority"),
    [
        ("copper", date(2016, 11, 30), "S/RES/2321 (2016) op 28-29"),
        ("seafood", date(2017, 8, 5), "S/RES/2371 (2017) op 9-10"),
        ("lead", date(2017, 8, 5), "S/RES/2371 (2017) op 9-10"),
        ("textiles", date(2017, 9, 11), "S/RES/2375 (2017) op 16"),
        ("sand", date(2017, 12, 22), "S/RES/2397 (2017) op 6"),
        ("machinery", date(2017, 12, 22), "S/RES/2397 (2017) op 6"),
    ],
)
def test_each_good_is_banned_from_the_day_of_its_own_paragraph(product: str, since: date, authority: str) -> None:
    def asked(day: date) -> list[str]:
        start = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        event = DPRK._replace(product=product, start=start, end=start + timedelta(hours=4))
        return [rule.authority for rule in legal_flags(event) if rule.rule_id == "L5"]

    assert asked(since) == [authority]
    assert asked(since - timedelta(days=1)) == []
