"""What is asked once for many events is what every rule answers when it is asked about each of them by itself."""

from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.risk.test_history import NAMPO_CALL, alone, positions
from tests.risk.test_identify import DAY, IMO_A, IMO_B, meeting
from tracker.pipeline.identify import assess_events, identify
from tracker.pipeline.meetings import ms_of
from tracker.pipeline.sailed import Leg
from tracker.risk.checks import EVENT_RULES, SHIP_RULES
from tracker.risk.rules import RiskParams
from tracker.tables.events import EVENTS
from tracker.tables.listing import ORGANISATION, REGISTRY, WATCHLIST, Entry, FlagSpell, Tie, WatchList
from tracker.tables.statics import STATICS

SHIPS = (352000001, 352000002, 445000001, 671000001, 671000002)
PLACES = ({"lon": 124.0, "lat": 30.5}, {"lon": 125.2, "lat": 38.6}, {"lon": 150.0, "lat": 20.0})
FLAGS = {3: "PAN", 4: "PRK", 6: None}


def own(mmsi: int, n: int = 1) -> dict[str, Any]:
    """What a ship says of herself, always the same."""
    place = SHIPS.index(mmsi)
    told = {"imo": (IMO_A, None, IMO_B, IMO_A, None)[place], "ship_type": (80, 70, 70, None, 52)[place]}
    told |= {"flag": FLAGS[mmsi // 10**8], "length_m": (100.0, 30.0, 120.0, None, 90.0)[place], "name": f"SYN {place}"}
    return {f"{name}_{n}": value for name, value in told.items()}


@st.composite
def things_done(draw: st.DrawFn) -> dict[str, Any]:
    """Any event of these ships."""
    day, hours = draw(st.integers(0, 70)), draw(st.sampled_from([2.0, 4.0, 8.0, 30.0, 90.0]))
    one, other = sorted(draw(st.lists(st.sampled_from(SHIPS), min_size=2, max_size=2, unique=True)))
    kind = draw(st.sampled_from(["encounter", "dark_encounter", "loitering", "gap", "port_call", "spoofing", "change"]))
    about: dict[str, Any] = {
        "confidence": draw(st.sampled_from([0.2, 0.5, 0.9])),
        "in_port": draw(st.booleans()),
        "port_distance_nm": draw(st.sampled_from([None, 10.0, 300.0])),
        **draw(st.sampled_from(PLACES)),
    }
    if kind in {"encounter", "dark_encounter", "change"}:
        start = DAY + timedelta(days=day)
        row = meeting(day, one, other, start_time=start, end_time=start + timedelta(hours=hours), duration_h=hours)
        row |= about | own(one) | own(other, 2) | {"verdict": draw(st.sampled_from(["likely", "possible", "unlikely"]))}
        row |= {"draught_change_1_m": draw(st.sampled_from([None, -1.0])), "draught_change_2_m": 1.0}
        if draw(st.booleans()):
            row |= {"donor_mmsi": one, "receiver_mmsi": other}
        told = f'[{{"mmsi": {other}, "probability": 0.4}}]' if kind == "dark_encounter" else None
        if kind == "change":
            return row | {"type": "identity_change", "verdict": None, "hull_id_1": "H", "hull_id_2": "H"}
        return row | {"type": kind, "candidates": told, "in_port": draw(st.booleans())}
    more = draw(st.sampled_from(["circle", "two_places", "jamming"])) if kind == "spoofing" else None
    row = alone(kind, day, hours, one, **about, **own(one), spoofing_type=more)
    if kind == "port_call":
        row |= draw(st.sampled_from([NAMPO_CALL, {"state": "CHN", "port": "Dalian", "activity": "berth"}, {}]))
        row |= draw(st.sampled_from([{}, {"activity": "feasible"}, {"activity": "buoy"}]))
    return row


@st.composite
def statics(draw: st.DrawFn) -> Any:
    """Static reports in which draughts and names change, and numbers are wrong."""
    rows = []
    for mmsi in SHIPS:
        for place in range(draw(st.integers(0, 3))):
            time = DAY + timedelta(days=20 * place)
            row: dict[str, Any] = {"mmsi": mmsi, "time": time, "last_time": time + timedelta(days=19), "reports": 9}
            row |= {
                "draught_m": draw(st.sampled_from([None, 4.0, 6.5])),
                "length_m": draw(st.sampled_from([None, 99.0])),
            }
            row |= {"name": draw(st.sampled_from([None, "SYN A", "SYN B"])), "imo": own(mmsi)["imo_1"]}
            rows.append(row | {"imo_sent": draw(st.sampled_from([None, "1234560"]))})
    return STATICS.from_rows(rows)


OWNER = Entry("c1", "SYN TOP", ORGANISATION, company_imo=5012345, is_sanction=True)
LISTED = Entry("7", "SYN 0", imo=IMO_A, is_sanction=True, programmes=("SYN 1718",), listed_on=date(2020, 2, 20))
KNOWN = Entry(
    "1",
    "SYN 2",
    imo=IMO_B,
    flags=(FlagSpell("TGO", date(2015, 1, 1), date(2020, 2, 9)), FlagSpell("MNG", date(2020, 2, 10))),
    ties=(Tie("owner", "SYN TOP SHIPPING", company_imo=5012345),),
    built=1990,
    owned_since=date(2020, 1, 20),
    status="laid up",
)
WATCH = WatchList("syn", WATCHLIST, "csv", "d", (LISTED, OWNER), date(2020, 1, 1))
REGISTER = WatchList("own", REGISTRY, "csv", "r", (KNOWN,))
OWN_RULE = {"rule_id": "U01", "group": "context", "name": "long", "weight": 9, "when": [["duration_h", ">=", 8]]}


@settings(max_examples=40)
@given(
    st.lists(things_done(), min_size=1, max_size=12, unique_by=lambda row: row["event_id"]),
    statics(),
    st.sets(st.sampled_from(["watch", "register"])),
    st.sampled_from([{}, {"off": ["R23", "R20"]}, {"own": [OWN_RULE]}]),
    st.booleans(),
)
def test_every_column_is_what_asking_one_by_one_gives(
    rows: list[dict[str, Any]], said: Any, lists: set[str], values: dict[str, Any], heard: bool
) -> None:
    events = EVENTS.from_rows(rows)
    known = [one for name, one in (("watch", WATCH), ("register", REGISTER)) if name in lists]
    more: dict[str, Any] = {"params": RiskParams.of(values)}
    more["products"] = {row["event_id"]: ("coal", "measured") for row in rows[:6]}
    if heard:
        places = [(ship, DAY + timedelta(hours=h), 124.0 + h / 9, 30.5, 9.0, 0) for ship in SHIPS for h in range(9)]
        more["positions"] = positions(*places)
        more["legs"] = [
            Leg(SHIPS[0], "A", "B", *(round((DAY + timedelta(hours=h)).timestamp() * 1000) for h in (0, 8)))
        ]
    at_once = identify(events, said, known, **more).to_pylist()
    one_by_one = [one.row for one in assess_events(events, said, known, **more)]
    assert at_once == EVENTS.from_rows(one_by_one).to_pylist()


FLEET = (352000011, 352000012, 445000011, 412000011, 412000012, 671000011, 677000012, 677000011, 273000011, 412000013)
SEEDS = range(16)
HOURS = 60
DALIAN_CALL = {"state": "CHN", "port": "Dalian", "activity": "berth"}
BY_NUMBER = Entry("8", "SYN 3", mmsis=(FLEET[3],), is_sanction=True)
BY_NAME = Entry("9", "SYN 5", is_sanction=True, flags=(FlagSpell("TGO"),), ship_type="cargo")
HELD = Entry("10", "SYN 2", imo=IMO_B, status="detained", listed_on=date(2020, 2, 2))
WATCH_OF_FLEET = WatchList("syn", WATCHLIST, "csv", "d", (LISTED, OWNER, BY_NUMBER, BY_NAME, HELD), date(2020, 1, 1))


def ship(mmsi: int, n: int, rnd: Random) -> dict[str, Any]:
    """What a ship of the fleet says of herself: mostly the same, now and then less."""
    place = FLEET.index(mmsi)
    told: dict[str, Any] = {"imo": (IMO_A, None, IMO_B, None, 9176187, None, IMO_A, None, 9000003, None)[place]}
    told |= {"ship_type": (80, 70, 80, 70, 79, 70, 80, None, 30, 52)[place], "name": f"SYN {place}"}
    told |= {"flag": {352: "PAN", 445: "PRK", 412: "CHN", 671: "TGO", 677: "TZA", 273: None}[mmsi // 10**6]}
    told |= {"length_m": (100.0, 90.0, 120.0, 80.0, 110.0, 44.0, 98.0, None, 60.0, 50.0)[place], "beam_m": 14.0}
    if rnd.random() < 0.1:
        told |= rnd.choice([{"flag": None}, {"length_m": None}, {"ship_type": None}, {"imo": None}])
    return {f"{name}_{n}": value for name, value in told.items()}


def deed(rnd: Random) -> dict[str, Any]:
    """An event of one or two ships of the fleet, near others in time and place."""
    days, hours = rnd.choice([0, 0.5, 1, 2, 5, 9, 14, 25, 45, 70, 100]), rnd.choice([2.0, 8.0, 30.0, 90.0])
    start = DAY + timedelta(days=days)
    one, other = sorted(rnd.sample(FLEET, 2))
    weights = {"encounter": 6, "loitering": 3, "gap": 5, "port_call": 6, "spoofing": 1, "change": 1, "dark": 1}
    kind = rnd.choices([*weights], [*weights.values()])[0]
    about = {"confidence": rnd.choice([None, 0.2, 0.9]), "in_port": rnd.random() < 0.1}
    about |= rnd.choice(PLACES) | {"port_distance_nm": rnd.choice([None, 10.0, 300.0])}
    about |= {"is_international": rnd.random() < 0.8, "state": rnd.choice([None, None, "CHN", "PRK"])}
    if kind in {"encounter", "dark", "change"}:
        row = meeting(0, FLEET[0], FLEET[1], start_time=start, end_time=start + timedelta(hours=hours))
        row |= about | ship(one, 1, rnd) | ship(other, 2, rnd) | {"mmsi_1": one, "mmsi_2": other, "duration_h": hours}
        row |= {"event_id": f"{kind}-{one}-{other}-{days}", "verdict": rnd.choice(["likely", "possible", "unlikely"])}
        row |= {"draught_change_1_m": rnd.choice([None, -1.0]), "draught_change_2_m": rnd.choice([None, 1.0])}
        if rnd.random() < 0.5:
            row |= rnd.choice(
                [{"donor_mmsi": one, "receiver_mmsi": other}, {"donor_mmsi": other, "receiver_mmsi": one}]
            )
        if kind == "dark":
            return row | {"type": "dark_encounter", "candidates": f'[{{"mmsi": {other}, "probability": 0.4}}]'}
        return row | ({"type": "identity_change", "verdict": None} if kind == "change" else {})
    row = alone(kind, days, hours, one, **about, **ship(one, 1, rnd))
    if kind == "gap":
        row |= rnd.choice([PLACES[1], {}])
    if kind == "spoofing":
        row |= {"spoofing_type": rnd.choice(["circle", "two_places", "jamming"])}
    if kind == "port_call":
        row |= rnd.choice([NAMPO_CALL, DALIAN_CALL])
        row |= rnd.choice([{}, {}, {"activity": "feasible"}, {"activity": "buoy"}])
    return row


def reports(rnd: Random) -> list[dict[str, Any]]:
    """Static reports: draughts and names that change, numbers that are wrong or borne twice, sizes that differ."""
    rows = []
    for mmsi in rnd.sample(FLEET, 7):
        told = {name.removesuffix("_1"): value for name, value in ship(mmsi, 1, rnd).items() if name != "flag_1"}
        changes = rnd.random() < 0.3
        for days in sorted(rnd.sample([-40, -5, 1, 3, 21, 26, 46, 80], rnd.randint(1, 5))):
            time = DAY + timedelta(days=days)
            row = told | {"mmsi": mmsi, "time": time, "last_time": time + timedelta(hours=rnd.choice([1, 1, 30, 800]))}
            row |= {"reports": rnd.choice([1, 9]), "draught_m": rnd.choice([None, 4.0, 6.5])}
            if changes:
                row |= {"name": rnd.choice(["SYN A", "SYN B"]), "length_m": rnd.choice([None, 70.0, 99.0])}
            if rnd.random() < 0.15:
                row |= {"imo": None, "imo_sent": rnd.choice(["1234560", "77"]), "reports": 9}
            rows.append(row)
    # one number, under one flag after the other
    for mmsi, days in ((FLEET[0], -40), (FLEET[6], 21)):
        time = DAY + timedelta(days=days)
        rows.append({"mmsi": mmsi, "time": time, "last_time": time, "reports": 9, "imo": IMO_A, "length_m": 100.0})
    return rows


def tracks(rnd: Random) -> dict[str, Any]:
    """Positions by the hour, out and back or zigzag, moored by their status or not, and the legs between two calls."""
    rows, legs = [], []
    for mmsi in rnd.sample(FLEET, 8):
        status, swing, lat = rnd.choice([None, 0, 5]), rnd.choice([0.0, 0.4]), rnd.choice([30.5, 37.5])
        for hour in range(HOURS):
            lon = 124.0 + (abs(HOURS / 2 - hour) if swing == 0.0 else hour) / 8.0
            time = DAY + timedelta(hours=hour)
            rows.append((mmsi, time, lon, lat + swing * (hour % 2), 9.0, status))
        legs.append(Leg(mmsi, "A", "B", ms_of(DAY), ms_of(DAY + timedelta(hours=HOURS - 1))))
    return {"positions": positions(*rows), "legs": legs}


def scene(seed: int) -> tuple[Any, Any, list[WatchList], dict[str, Any]]:
    """Many events of few ships, all that rules look at among them."""
    rnd = Random(seed)
    calls = [
        alone("port_call", day, 8.0, FLEET[3], **ship(FLEET[3], 1, rnd), **where)
        for day, where in ((30, DALIAN_CALL), (33, NAMPO_CALL), (36, DALIAN_CALL))
    ]
    deeds = [*(deed(rnd) for _ in range(100)), *(calls if seed % 3 == 0 else ())]
    rows = list({row["event_id"]: row for row in deeds}.values())
    if seed % 5 == 0:
        rows = [row | {"donor_mmsi": None, "receiver_mmsi": None} for row in rows]
    more: dict[str, Any] = {"params": RiskParams.of({"own": [OWN_RULE]} if seed % 4 == 3 else {})}
    more["products"] = {row["event_id"]: (rnd.choice(["coal", "sand"]), "measured") for row in rows[::2]}
    lists = [one for one, is_given in ((WATCH_OF_FLEET, seed % 8 < 4), (REGISTER, seed % 4 > 1)) if is_given]
    return EVENTS.from_rows(rows), STATICS.from_rows(reports(rnd)), lists, more | (tracks(rnd) if seed % 4 else {})


@cache
def told_of(seed: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Events of a scene, asked at once and one by one."""
    events, said, lists, more = scene(seed)
    one_by_one = [one.row for one in assess_events(events, said, lists, **more)]
    return identify(events, said, lists, **more).to_pylist(), EVENTS.from_rows(one_by_one).to_pylist()


@pytest.mark.parametrize("seed", SEEDS)
def test_where_much_happens_at_once_every_event_is_told_what_it_is_told_alone(seed: int) -> None:
    at_once, one_by_one = told_of(seed)
    for row, alone_row in zip(at_once, one_by_one, strict=True):
        assert row == alone_row


def test_in_these_scenes_every_rule_fires() -> None:
    rows = [row for seed in SEEDS for row in told_of(seed)[1]]
    fired = {code for row in rows for code in (*(row["risk_reasons"] or ()), *(row["legal_flags"] or ()))}
    assert fired >= {*SHIP_RULES, *EVENT_RULES, "U01", "L1", "L4", "L5", "L7"}
