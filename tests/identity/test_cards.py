"""Who an MMSI is at a time: what it said most often near then."""

from datetime import UTC, datetime, timedelta

from tracker.identity.cards import Cards
from tracker.tables.ship import Ship
from tracker.tables.statics import STATICS

DAY = datetime(2020, 1, 30, tzinfo=UTC)


def said(day: int, reports: int, **content: object) -> dict[str, object]:
    time = DAY + timedelta(days=day)
    return {"time": time, "last_time": time + timedelta(hours=20), "reports": reports, "mmsi": 445000102} | content


def ms(day: float) -> int:
    return round((DAY + timedelta(days=day)).timestamp() * 1000)


def test_a_slip_of_the_crew_does_not_rename_a_ship() -> None:
    cards = Cards(STATICS.from_rows([said(0, 200, name="SYN HAE 12", length_m=80.0), said(0, 1, name="SYN HAE 1")]))
    assert cards.ship_at(445000102, ms(0.5)).name == "SYN HAE 12"


def test_a_report_without_dimensions_does_not_hide_those_another_sent() -> None:
    cards = Cards(
        STATICS.from_rows([said(0, 9, name="SYN HAE 12"), said(0, 2, name="SYN HAE 12", length_m=80.0, beam_m=14.0)])
    )
    ship = cards.ship_at(445000102, ms(0.5))
    assert (ship.length_m, ship.beam_m) == (80.0, 14.0)


def test_a_renamed_ship_has_the_name_of_the_day() -> None:
    cards = Cards(STATICS.from_rows([said(0, 100, name="SYN HAE 12"), said(30, 5, name="SYN STAR")]))
    assert cards.ship_at(445000102, ms(0.2)).name == "SYN HAE 12"
    assert cards.ship_at(445000102, ms(30.2)).name == "SYN STAR"


def test_a_ship_that_never_said_who_it_is_is_unknown_not_invented() -> None:
    assert Cards(STATICS.empty()).ship_at(445000102, ms(0)) == Ship(445000102)


def test_the_antenna_is_taken_from_one_report_never_mixed() -> None:
    four = {"to_bow_m": 60, "to_stern_m": 20, "to_port_m": 7, "to_starboard_m": 7}
    cards = Cards(STATICS.from_rows([said(0, 3, **four), said(0, 8, to_bow_m=1)]))
    ship = cards.ship_at(445000102, ms(0.5))
    assert ship.has_antenna
    assert (ship.to_bow_m, ship.to_stern_m) == (60, 20)
