"""Known incidents: an event that fits one in ship, date and place says so with the source, and others do not."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

from tests.shared_data import shared
from tracker.errors import EmptyInputError, MissingColumnError
from tracker.tables.events import EVENTS
from tracker.tables.given import INCIDENTS, GivenTable, read_given
from tracker.watchlists.incidents import fits_of, read_incidents

HEADER = "case_id,date_start,date_end,vessel_a,vessel_a_imo,vessel_b,lat,lon,radius_km,source\n"
CASE = "K-1,2020-01-12,2020-01-12,CHON MA SAN,8660313,MING BO 5,31.21,123.99,92,mofa.go.jp page4e_001176\n"


def given(text: str) -> GivenTable:
    return GivenTable(INCIDENTS, "cases.csv", sha256(text.encode()).hexdigest(), text)


def event(**changes: Any) -> dict[str, Any]:
    start = datetime(2020, 1, 11, 15, 10, tzinfo=UTC)
    row: dict[str, Any] = dict.fromkeys(EVENTS.names)
    row |= {"start_time": start, "end_time": start + timedelta(hours=5), "lon": 124.4, "lat": 31.0}
    row |= {"mmsi_1": 445000001, "name_1": "CHON MA SAN", "imo_1": 8660313, "mmsi_2": 412000001, "name_2": "X 9"}
    return row | changes


def fits(text: str, **changes: Any) -> list[str]:
    return fits_of(event(**changes), read_incidents(given(text)).rows)


def test_an_event_that_fits_in_ship_date_and_place_says_so_with_the_source() -> None:
    (told,) = fits(HEADER + CASE)
    for words in ("K-1", "2020-01-12", "CHON MA SAN by IMO", "MING BO 5", "known to 92 km", "page4e_001176"):
        assert words in told


@pytest.mark.parametrize(
    "change",
    [
        {"imo_1": 8122347},  # the same name on another hull
        {"name_1": "CHON MA", "imo_1": None},
        {"name_1": "CHON MA SAN 2", "imo_1": None},
        {"start_time": datetime(2020, 1, 15, tzinfo=UTC), "end_time": datetime(2020, 1, 15, 5, tzinfo=UTC)},
        {"lat": 33.0},
    ],
    ids=["hull", "name", "numeral", "date", "place"],
)
def test_one_that_differs_in_ship_date_or_place_says_nothing(change: dict[str, Any]) -> None:
    assert fits(HEADER + CASE, **change) == []


def test_a_ship_without_a_number_is_known_by_her_name_and_it_is_said() -> None:
    (told,) = fits(HEADER + CASE, imo_1=None, name_1="M/V CHON MA SAN")
    assert "CHON MA SAN by name" in told


def test_a_case_without_a_position_is_not_compared_in_place_and_says_so() -> None:
    (told,) = fits("date,vessel,imo,place,source\n2020-01-12,CHON MA SAN,8660313,off Nampo,press\n", lat=-10.0)
    assert "off Nampo" in told
    assert "not compared" in told


def test_ships_in_one_column_are_read_as_names_and_numbers() -> None:
    (told,) = fits("date,ships,place,source\n2020-01-12,412000001; OTHER SHIP,at sea,press\n")
    assert "MMSI" in told
    assert "OTHER SHIP" in told


def test_what_is_no_case_is_set_aside_with_the_reason() -> None:
    read = read_incidents(
        given(
            HEADER
            + "A,2020-02-30,,SHIP ONE,,,,,,press\nB,2020-02-03,2020-02-01,SHIP ONE,,,,,,press\n"
            + "C,2020-02-03,,unknown small vessel,,,,,,press\nD,2020-02-03,,SHIP ONE,,,,,,\n"
            + "E,2020-02-03,,SHIP ONE,1234568,,95,200,,press\nF,1990-01-01,2020-01-01,SHIP ONE,,,,,,press\n"
            + "G,0001-01-01,,SHIP ONE,,,,,,press\nH,9999-12-31,,SHIP ONE,,,,,,press\n"
        )
    )
    assert [one.incident_id for one in read.rows] == ["E"]
    assert read.rows[0].lat is None
    assert read.rows[0].ships[0].imo is None
    assert sum(read.faults.counts.values()) == 9


def test_an_empty_file_and_one_without_sources_are_refused() -> None:
    with pytest.raises(EmptyInputError):
        read_incidents(given(""))
    with pytest.raises(MissingColumnError, match="source"):
        read_incidents(given("date,vessel\n2020-01-01,A\n"))


def test_the_public_cases_are_read_but_for_the_one_that_names_no_ship() -> None:
    for name, rows in (("dprk_sts_cases_public", 23), ("direct_delivery_cases_public", 3)):
        read = read_incidents(read_given(shared(f"reference/{name}.csv"), role=INCIDENTS))
        assert len(read.rows) == rows, read.faults.lines()
    read = read_incidents(read_given(shared("reference/dprk_sts_cases_public.csv"), role=INCIDENTS))
    (told,) = fits_of(event(), read.rows)
    assert "PUB-023" in told


def test_hostile_words_of_a_case_reach_no_control_character() -> None:
    (told,) = fits("date,vessel,imo,place,source\n2020-01-12,CHON MA SAN,8660313,\u202eoff,pr\x07ess\n")
    assert "\u202e" not in told
    assert "\x07" not in told
