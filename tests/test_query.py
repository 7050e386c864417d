"""Questions to events: each filter picks what its words say, unknown never matches, wrong words are refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest

from tracker.errors import UsageError
from tracker.query import Filters, parse_time, region_of, select, sort_events
from tracker.tables.events import EVENTS


def scene() -> Any:
    """Seven synthetic events, each named by its id."""
    base = {
        "type": "encounter",
        "start_time": datetime(2020, 1, 10, 6, tzinfo=UTC),
        "end_time": datetime(2020, 1, 10, 9, tzinfo=UTC),
        "duration_h": 3.0,
        "lon": 124.0,
        "lat": 33.0,
        "mmsi_1": 412_000_001,
        "run_id": "r",
    }
    rows = [
        {"event_id": "dprk", "flag_1": "CHN", "flag_2": "PRK", "mmsi_2": 445_000_102, "imo_2": 9_307_839},
        {"event_id": "chinese territorial", "waters": "territorial_sea", "state": "CHN", "is_international": False},
        {"event_id": "chinese contiguous", "waters": "contiguous_zone", "state": "CHN", "is_international": True},
        {"event_id": "japanese eez claimed", "waters": "eez", "state": "JPN", "claimants": ["JPN", "CHN"]},
        {"event_id": "high seas near china", "waters": "high_seas", "state": "CHN", "is_international": True},
        {"event_id": "in port", "in_port": True, "verdict": "unlikely", "confidence": 0.1},
        {
            "event_id": "listed gap",
            "type": "gap",
            "name_1": "Lady  <b>Q</b>",
            "listed_2": ["ofac:1:strong"],
            "verdict": None,
            "confidence": 0.9,
            "risk_score": 80.0,
            "lon": -179.5,
            "start_time": datetime(2020, 2, 1, tzinfo=UTC),
            "end_time": datetime(2020, 2, 3, tzinfo=UTC),
        },
    ]
    return EVENTS.from_rows(base | row for row in rows)


def picked(**asked: object) -> set[str]:
    filters = Filters.of(asked)
    return set(select(scene(), filters, region=region_of(filters)).column("event_id").to_pylist())


EVERYTHING = set(scene().column("event_id").to_pylist())


def test_without_filters_all_but_contacts_in_port_are_shown() -> None:
    assert picked() == EVERYTHING - {"in port"}
    assert picked(in_port=True) == EVERYTHING


def test_a_column_of_either_ship_matches() -> None:
    assert picked(flag="KP") == picked(flag="prk") == picked(flag="North Korea") == {"dprk"}
    assert picked(flag="CHN,JPN") == {"dprk"}
    assert picked(mmsi="445000102") == picked(mmsi=[445_000_102]) == picked(mmsi=445_000_102) == {"dprk"}
    assert picked(imo="IMO9307839") == {"dprk"}
    assert picked(listed=True) == {"listed gap"}


def test_a_name_matches_in_part_whatever_case_and_spacing_and_never_as_a_pattern() -> None:
    assert picked(name="lady <B>") == {"listed gap"}
    assert picked(name=".*") == set()


def test_eez_includes_the_contiguous_zone() -> None:
    assert picked(waters="eez") == {"chinese contiguous", "japanese eez claimed"}
    assert picked(waters="contiguous-zone") == {"chinese contiguous"}
    assert picked(waters="territorial sea, high_seas") == {"chinese territorial", "high seas near china"}


def test_unknown_waters_are_not_international() -> None:
    assert picked(international=True) == {"chinese contiguous", "high seas near china"}


def test_the_region_of_a_state_is_its_waters_and_not_the_high_seas_near_it() -> None:
    assert picked(region="CHN") == {"chinese territorial", "chinese contiguous"}
    assert picked(region="CHN", claimant=True) == {"chinese territorial", "chinese contiguous", "japanese eez claimed"}
    assert picked(state="CN") == {"chinese territorial", "chinese contiguous", "high seas near china"}
    assert picked(state="CHN", claimant=True) == picked(state="CHN") | {"japanese eez claimed"}


def test_the_waters_of_a_state_are_those_of_its_dependencies_too_and_a_dependency_has_its_own() -> None:
    when = {"start_time": datetime(2020, 1, 10, tzinfo=UTC), "end_time": datetime(2020, 1, 10, 3, tzinfo=UTC)}
    base = when | {"type": "encounter", "mmsi_1": 338_000_001, "run_id": "r", "waters": "eez", "duration_h": 3.0}
    places = {"guam": ("GUM", 144.6, 13.4), "oahu": ("USA", -158.2, 21.6), "apia": ("WSM", -171.8, -13.7)}
    rows = [base | {"event_id": n, "state": s, "lon": x, "lat": y} for n, (s, x, y) in places.items()]
    events = EVENTS.from_rows(rows)
    for option in ("region", "state"):
        for asked, expected in (("USA", {"guam", "oahu"}), ("GUM", {"guam"}), ("WSM", {"apia"})):
            filters = Filters.of({option: asked})
            found = select(events, filters, region=region_of(filters)).column("event_id").to_pylist()
            assert set(found) == expected, (option, asked)


def test_a_box_may_cross_the_antimeridian() -> None:
    assert picked(region="170,30,-170,40") == {"listed gap"}
    assert picked(region="-170,30,170,40") == EVERYTHING - {"listed gap", "in port"}


def test_a_meeting_on_a_border_river_is_in_the_region_of_both_banks_and_of_no_third() -> None:
    yalu = {"event_id": "yalu", "type": "encounter", "lon": 124.38, "lat": 40.1, "mmsi_1": 412_000_001, "run_id": "r"}
    when = {"start_time": datetime(2020, 1, 10, tzinfo=UTC), "end_time": datetime(2020, 1, 10, 3, tzinfo=UTC)}
    place = {"waters": "internal_waters", "state": "CHN", "waters_uncertain": True, "duration_h": 3.0}
    events = EVENTS.from_rows([yalu | when | place])
    found = {}
    for state in ("CHN", "PRK", "KOR"):
        filters = Filters.of({"region": state})
        found[state] = select(events, filters, region=region_of(filters)).num_rows
    assert found == {"CHN": 1, "PRK": 1, "KOR": 0}


def test_a_region_is_asked_for_places_only() -> None:
    class West:
        bbox = (-180.0, -90.0, 0.0, 90.0)
        states = ()

        def contains(self, lon_deg: Any, lat_deg: Any) -> Any:
            return np.asarray(lon_deg) < 0

    assert select(scene(), Filters(), region=West()).column("event_id").to_pylist() == ["listed gap"]


def test_an_event_counts_when_any_of_it_lies_in_the_interval() -> None:
    assert picked(since="2020-02-02", until="2020-02-02T01:00Z") == {"listed gap"}
    assert picked(since="2020-02") == {"listed gap"}
    assert picked(until="2020-02-01") == EVERYTHING - {"listed gap", "in port"}
    assert picked(until="2020-02-01T00:00:01Z") == EVERYTHING - {"in port"}
    assert picked(since=date(2020, 1, 10), until=datetime(2020, 1, 10, 6, tzinfo=UTC)) == set()


def test_scores_that_are_unknown_are_below_every_threshold() -> None:
    assert picked(min_confidence=0, in_port=True) == {"in port", "listed gap"}
    assert picked(min_confidence="0.5") == {"listed gap"}
    assert picked(min_risk=80) == {"listed gap"}


def test_types_and_verdicts_are_words_of_the_contract() -> None:
    assert picked(type="gap") == {"listed gap"}
    assert picked(verdict="unlikely", in_port=True) == {"in port"}


def test_sorting_puts_the_unknown_last_and_ties_in_one_order() -> None:
    ids = sort_events(scene(), "-confidence").column("event_id").to_pylist()
    # the gap is surer, but it is no meeting: what has a verdict comes first
    assert ids.index("in port") < ids.index("listed gap")
    assert ids[2:] == sorted(ids[2:], key=lambda event: (event != "dprk", event)), "a null vessel 2 comes last"
    backwards = scene().take(list(reversed(range(scene().num_rows))))
    assert sort_events(backwards, "-confidence").equals(sort_events(scene(), "-confidence"))
    assert sort_events(scene(), "lon").column("event_id").to_pylist()[0] == "listed gap"


def test_limit_counts_after_sorting() -> None:
    assert picked(limit=1) == {"listed gap"}
    assert picked(limit="0") == set()


def test_a_case_without_events_answers_every_question() -> None:
    asked = {
        "region": "CHN",
        "claimant": True,
        "flag": "PRK",
        "name": "x",
        "listed": True,
        "since": "2020",
        "imo": "9307839",
    }
    filters = Filters.of(asked)
    assert select(EVENTS.empty(), filters, region=region_of(filters)).num_rows == 0


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"waters": "ocean"}, "Accepted: internal_waters, archipelagic_waters"),
        ({"type": "meeting"}, "Accepted: encounter"),
        ({"verdict": "sure"}, "Accepted: likely, possible, unlikely"),
        ({"flag": "Atlantis"}, "no such state"),
        ({"mmsi": "12a"}, "not an MMSI"),
        ({"mmsi": -5}, "not an MMSI"),
        ({"mmsi": "1234567890"}, "not an MMSI"),
        ({"imo": "123"}, "seven digits"),
        ({"since": "31/01/2020"}, "Accepted: 2020, 2020-01, 2020-01-31"),
        ({"since": "2020-02-30"}, "is not a date"),
        ({"since": "2020-13"}, "is not a date"),
        ({"since": "2021", "until": "2020"}, "is not before"),
        ({"min_confidence": "70"}, "from 0 to 1"),
        ({"min_confidence": "nan"}, "from 0 to 1"),
        ({"min_risk": "high"}, "from 0 to 100"),
        ({"sort": "distance"}, "Near: .*distance"),
        ({"sort": "why"}, "no such column"),
        ({"limit": "-1"}, "not a whole number"),
        ({"limit": "1.5"}, "not a whole number"),
        ({"name": " "}, "is empty"),
        ({"flags": "PRK"}, "Did you mean flag"),
        ({"listed": "yes"}, "either given or not"),
        ({"region": "Atlantis"}, "no such region"),
    ],
)
def test_a_wrong_value_is_told_the_right_ones(asked: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        region_of(Filters.of(asked))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2020", datetime(2020, 1, 1, tzinfo=UTC)),
        ("2020-03", datetime(2020, 3, 1, tzinfo=UTC)),
        ("2020-01-31", datetime(2020, 1, 31, tzinfo=UTC)),
        ("2020-01-31T12:00Z", datetime(2020, 1, 31, 12, tzinfo=UTC)),
        ("2020-01-31 12:00", datetime(2020, 1, 31, 12, tzinfo=UTC)),
        ("2020-01-31T12:00:30+09:00", datetime(2020, 1, 31, 3, 0, 30, tzinfo=UTC)),
    ],
)
def test_dates_are_read_as_utc_from_the_year_to_the_second(text: str, moment: datetime) -> None:
    assert parse_time(text) == moment


def test_port_calls_at_berths_are_hidden_unless_asked_for_by_type_or_in_port() -> None:
    call = {"event_id": "call", "type": "port_call", "in_port": True, "verdict": None, "activity": "berth"}
    buoy = {"event_id": "buoy", "type": "port_call", "in_port": False, "verdict": None, "activity": "buoy"}
    first = scene().to_pylist()[0]
    table = EVENTS.from_rows([first | call, first | buoy])

    def shown(**asked: object) -> set[str]:
        return set(select(table, Filters.of(asked)).column("event_id").to_pylist())

    assert shown() == {"buoy"}
    assert shown(type="port_call") == shown(in_port=True) == {"call", "buoy"}
