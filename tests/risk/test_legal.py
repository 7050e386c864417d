"""A legal rule is never asked before it took effect, and says which paragraph it is."""

import csv
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.shared_data import shared
from tracker.risk.facts import EventFacts, ListFact, ShipFacts
from tracker.risk.legal import legal_flags, legal_rules, undecided

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


def test_a_foreign_ship_that_meets_a_foreign_ship_is_not_l1() -> None:
    ships = (ShipFacts(352000001, flag="PAN"), ShipFacts(671000001, flag="TGO"))
    assert codes(replace(MEETING, ships=ships)) == []


def test_a_berth_is_no_transfer_at_sea() -> None:
    assert "L1" not in codes(replace(MEETING, in_port=True))
    assert "L1" not in codes(replace(MEETING, verdict="unlikely"))


@given(st.datetimes(datetime(2006, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))
def test_no_rule_is_asked_before_it_took_effect(when: datetime) -> None:
    found = legal_flags(replace(MEETING, start=when, end=when + timedelta(hours=4)))
    assert all(rule.effective_from <= when.date() for rule in (*found, *undecided(when.date())))
    assert ("L1" in [rule.rule_id for rule in found]) == (when.date() >= datetime(2017, 9, 11).date())


def test_the_dates_are_those_of_the_table_of_measures() -> None:
    text = shared("reference/unsc_measures.csv").read_text(encoding="utf-8")
    known = {(row["resolution"], row["op"], row["effective_from"]) for row in csv.DictReader(text.splitlines())}
    for rule in legal_rules().values():
        assert (rule.resolution, rule.paragraph, rule.effective_from.isoformat()) in known
