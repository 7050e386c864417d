"""What rules about changes, borrowed numbers, silences and owners rest on, from reports and registries to the fact."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from tests.risk.test_history import CARRIER, DAY, HAND, alone, positions, returned
from tests.risk.test_identify import IMO_A, PAIR, meeting
from tests.risk.test_rules import SILENT, of_ship
from tracker.identity.hull_ids import HullIds
from tracker.identity.owners import Owners
from tracker.pipeline.changes import changes_of
from tracker.pipeline.identify import assess_events
from tracker.pipeline.returns import _over_water_nm
from tracker.pipeline.twins import hours_in_two_places
from tracker.risk.outcome import Clear, Fired, Missing
from tracker.risk.rules import RiskParams
from tracker.tables.events import EVENTS
from tracker.tables.listing import REGISTRY, Entry, Tie, WatchList
from tracker.tables.statics import STATICS
from tracker.zones.ports import read_ports

AT_SEA, IN_BUSAN = (124.0, 30.5), (129.04, 35.10)


def said(first_h: float, last_h: float, mmsi: int = HAND, reports: int = 9, **fields: Any) -> dict[str, Any]:
    times = {"time": DAY + timedelta(hours=first_h), "last_time": DAY + timedelta(hours=last_h)}
    return times | {"reports": reports, "mmsi": mmsi, "length_m": 100.0} | fields


def changed(*rows: dict[str, Any], place: tuple[float, float] = AT_SEA) -> list[tuple[str, str, str, bool | None]]:
    there = positions((HAND, DAY + timedelta(hours=10), *place, 0.0, 0))
    found = changes_of(STATICS.from_rows(rows), [HAND], there).get(HAND, ())
    return [(c.field, c.before, c.after, None if c.port_nm is None else c.port_nm > 12) for c in found]


def test_a_new_name_at_sea_is_told_with_its_distance_from_port() -> None:
    rows = said(0, 9, name="SYN ONE"), said(10, 20, name="SYN TWO")
    assert changed(*rows) == [("name", "SYN ONE", "SYN TWO", True)]
    assert changed(*rows, place=IN_BUSAN) == [("name", "SYN ONE", "SYN TWO", False)]


def test_a_change_where_no_position_was_heard_is_not_placed() -> None:
    assert changed(said(0, 9, name="SYN ONE"), said(40, 50, name="SYN TWO")) == [("name", "SYN ONE", "SYN TWO", None)]


@pytest.mark.parametrize(
    "rows",
    [
        (said(0, 9, name="SYN ONE"), said(10, 20, name="SYN-ONE ")),
        (said(0, 18, name="SYN ONE"), said(10, 20, name="SYN TWO")),
        (said(0, 9, name="SYN ONE"), said(10, 20, name="SYN TWO", length_m=180.0)),
        (said(0, 9, name="SYN ONE"), said(10, 10, name="SYN TWO", reports=1), said(11, 20, name="SYN ONE")),
    ],
    ids=["the same name", "two names in turn", "another hull", "a slip"],
)
def test_what_is_no_change_is_not_told(rows: tuple[dict[str, Any], ...]) -> None:
    assert changed(*rows) == []


def test_an_mmsi_put_on_at_sea_is_a_change_of_identity() -> None:
    row = meeting(0, CARRIER, 352000009)
    put_on = alone("identity_change", 2, 1, 352000009, mmsi_2=CARRIER, in_port=False)
    events = EVENTS.from_rows([row, put_on])
    said_so = STATICS.from_rows([said(0, 9, mmsi=352000009, name="SYN")])
    found = assess_events(events, said_so, [], params=RiskParams())[0]
    assert any(isinstance(o, Fired) and "MMSI on" in o.reason for _, o in found.answers["R08"])


def bearers(place: tuple[float, float], hours: int = 12) -> float | None:
    rows = [(HAND, DAY + timedelta(minutes=10 * n), *AT_SEA, 0.0, 0) for n in range(6 * hours)]
    rows += [(CARRIER, DAY + timedelta(minutes=10 * n + 3), *place, 0.0, 0) for n in range(6 * hours)]
    statics = STATICS.from_rows([said(0, hours, mmsi=m, imo=IMO_A) for m in (HAND, CARRIER)])
    hulls = HullIds(statics)
    assert not hulls.contested
    return hours_in_two_places(hulls.bearers, [IMO_A], positions(*rows)).get((IMO_A, HAND))


def test_one_imo_number_in_two_places_is_counted_by_the_hour_though_the_hulls_are_of_one_size() -> None:
    assert bearers((126.0, 30.5)) == 12.0
    # her second set, or the ship beside her
    assert bearers((124.01, 30.5)) == 0.0


def test_a_number_borne_twice_is_not_clean_where_no_position_was_asked() -> None:
    statics = STATICS.from_rows([said(0, 12, mmsi=m, imo=IMO_A) for m in (352000001, CARRIER)])
    one = assess_events(EVENTS.from_rows([PAIR]), statics, [], params=RiskParams())[0]
    assert isinstance(dict(one.answers["R09"])[352000001], Missing)


def port(name: str) -> int:
    return int(np.flatnonzero(read_ports().name == name)[0])


def test_the_east_coast_is_far_from_the_yellow_sea_over_water() -> None:
    assert _over_water_nm(port("Wonsan"), 124.5, 38.0) > 600
    assert 30 < _over_water_nm(port("Nampo"), 124.5, 38.0) < 80
    # far from Korea the straight line serves
    assert _over_water_nm(port("Nampo"), 10.0, 54.0) == pytest.approx(4300, rel=0.1)


def feasible(hours: float, speed_kn: float) -> str | None:
    gap = alone("gap", 0, hours, CARRIER, lon=123.0, lat=37.0)
    before = [(CARRIER, DAY - timedelta(minutes=30 * n), 123.0, 37.0, speed_kn, 0) for n in range(10)]
    back = (CARRIER, gap["end_time"], 123.05, 37.0, speed_kn, 0)
    return returned(gap, positions(*before, back))[gap["event_id"]].feasible_port


def test_a_slow_ship_has_no_time_for_a_call_that_a_fast_one_could_make() -> None:
    # some 2 x 145 nm to the Taedong and back
    assert feasible(24, 14.0) is not None
    assert feasible(24, 8.0) is None


def test_a_ship_that_lay_still_and_a_class_b_set_are_no_silence_under_way() -> None:
    assert isinstance(of_ship("R15", {"deeds": (SILENT,)}), Fired)
    assert isinstance(of_ship("R15", {"deeds": (SILENT._replace(was_under_way=False),)}), Clear)
    assert isinstance(of_ship("R15", {"deeds": (SILENT._replace(is_class_b=True),)}), Clear)


def test_a_silence_that_ends_in_a_risk_area_counts_and_one_of_unknown_end_is_not_clean() -> None:
    far = SILENT._replace(lon=150.0)
    assert isinstance(of_ship("R15", {"deeds": (far._replace(back=(124.0, 30.5)),)}), Fired)
    assert isinstance(of_ship("R15", {"deeds": (far._replace(back=(151.0, 30.5)),)}), Clear)
    assert isinstance(of_ship("R15", {"deeds": (far._replace(knows_return=False),)}), Missing)


def registry(ships: int, state: str | None) -> tuple[Owners, Entry]:
    def entry(n: int, owner: str) -> Entry:
        return Entry(
            str(n), f"SYN {n}", imo=None, mmsis=(671000100 + n,), ties=(Tie("owner", owner),), owner_state=state
        )

    entries = [entry(0, "SYN SHELL LTD"), *(entry(n, "SYN FLEET LTD") for n in range(1, ships))]
    return Owners([WatchList("own", REGISTRY, "csv", "d", tuple(entries))]), entries[0]


def test_the_only_ship_of_a_company_is_told_by_a_registry_of_more_than_a_few_ships() -> None:
    owners, entry = registry(20, "MHL")
    assert owners.ships_of(entry) == 1
    assert registry(5, "MHL")[0].ships_of(entry) is None
    known = {"has_registry": True, "owned_since": date(2015, 1, 1)}
    assert isinstance(of_ship("R33", known | {"owner_state": "MHL", "owner_ships": 1}), Fired)
    assert isinstance(of_ship("R33", known | {"owner_state": "MHL", "owner_ships": 9}), Clear)
    assert isinstance(of_ship("R33", known | {"owner_state": "JPN", "owner_ships": 1}), Clear)
    assert isinstance(of_ship("R33", known | {"owner_state": "MHL", "owner_ships": None}), Missing)
    assert isinstance(of_ship("R33", known | {"owner_state": None}), Missing)
