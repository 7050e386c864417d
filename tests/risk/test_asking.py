"""What is asked once for many events is what every rule answers when it is asked about each of them by itself."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.risk.test_history import NAMPO_CALL, alone, positions
from tests.risk.test_identify import DAY, IMO_A, IMO_B, meeting
from tracker.pipeline.identify import assess_events, identify
from tracker.pipeline.sailed import Leg
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


@settings(max_examples=60)
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
