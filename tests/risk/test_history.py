"""What ships did besides an event reaches the rules: silences with their return, port calls, chains, status, draughts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from tests.risk.test_identify import DAY, meeting
from tracker.detectors.way import Way
from tracker.pipeline.history import History, Return
from tracker.pipeline.identify import identify
from tracker.pipeline.returns import returns_of
from tracker.pipeline.source import MemorySource
from tracker.pipeline.sweep import hear
from tracker.risk.rules import RiskParams
from tracker.tables.events import EVENTS, event_id
from tracker.tables.positions import POSITIONS
from tracker.tables.statics import STATICS

GIVER, HAND, CARRIER = 352000001, 671000002, 671000003


def alone(kind: str, day: float, hours: float, mmsi: int, **more: Any) -> dict[str, Any]:
    start = DAY + timedelta(days=day)
    return {
        "event_id": event_id(kind, mmsi, None, round(start.timestamp() * 1000)),
        "type": kind,
        "confidence": 0.9,
        "in_port": kind == "port_call",
        "start_time": start,
        "end_time": start + timedelta(hours=hours),
        "duration_h": hours,
        "lon": 124.0,
        "lat": 30.5,
        "mmsi_1": mmsi,
        "why": [],
    } | more


def passed(day: float, donor: int, receiver: int) -> dict[str, Any]:
    one, other = sorted((donor, receiver))
    return meeting(0, one, other) | {
        "event_id": event_id("encounter", one, other, round((DAY + timedelta(days=day)).timestamp() * 1000)),
        "start_time": DAY + timedelta(days=day),
        "end_time": DAY + timedelta(days=day, hours=4),
        "donor_mmsi": donor,
        "receiver_mmsi": receiver,
    }


def reasons(rows: list[dict[str, Any]], place: int = 0, **more: Any) -> list[str]:
    events = EVENTS.from_rows(rows)
    found: list[str] = identify(events, STATICS.empty(), [], params=RiskParams(), **more).to_pylist()[place][
        "risk_reasons"
    ]
    return found


def positions(*rows: tuple[int, datetime, float, float, float, int | None]) -> MemorySource:
    table = pa.Table.from_pylist(
        [
            {
                "time": time,
                "mmsi": mmsi,
                "lon_e7": round(lon * 1e7),
                "lat_e7": round(lat * 1e7),
                "sog_kn": sog,
                "nav_status": status,
                "flags": 0,
            }
            for mmsi, time, lon, lat, sog, status in sorted(rows, key=lambda row: row[1])
        ]
    )
    return MemorySource(POSITIONS.conform(table))


def returned(gap: dict[str, Any], heard: MemorySource) -> dict[str, Return]:
    return returns_of([gap], Way(hear(heard)), heard)


NAMPO_CALL = {"state": "PRK", "port": "Nampo", "activity": "berth", "lon": 125.37, "lat": 38.72}


def test_a_lot_that_goes_through_two_hands_to_the_dprk_is_layered_and_the_chain_that_ends_elsewhere_is_not() -> None:
    chain = [passed(0, GIVER, HAND), passed(3, HAND, CARRIER), alone("port_call", 6, 20, CARRIER, **NAMPO_CALL)]
    assert "R30" in reasons(chain, 0)
    assert "R30" in reasons(chain, 1)
    elsewhere = [*chain[:2], alone("port_call", 6, 20, CARRIER, **NAMPO_CALL | {"state": "KOR", "port": None})]
    assert "R30" not in reasons(elsewhere, 0)
    assert "R30" not in reasons([chain[0], chain[2]], 0)


def test_a_call_in_the_dprk_counts_for_the_ship_and_is_scored_itself() -> None:
    rows = [passed(0, GIVER, CARRIER), alone("port_call", 6, 20, CARRIER, **NAMPO_CALL)]
    assert "R27" in reasons(rows, 0)
    assert "R27" in reasons(rows, 1)


def test_a_call_that_was_not_seen_ends_no_chain() -> None:
    feasible = alone("port_call", 6, 20, CARRIER, **NAMPO_CALL | {"activity": "feasible", "in_port": False})
    chain = [passed(0, GIVER, HAND), passed(3, HAND, CARRIER), feasible]
    assert "R30" not in reasons(chain, 0)
    assert "R27" in reasons(chain, 1)


def test_a_circle_of_transfers_ends() -> None:
    ring = [passed(day, ships[0], ships[1]) for day, ships in enumerate([(GIVER, HAND), (HAND, GIVER)] * 8)]
    assert "R30" in reasons([*ring, alone("port_call", 17, 20, GIVER, **NAMPO_CALL)], 0)


def test_a_long_silence_in_the_yellow_sea_leaves_time_for_a_call_and_a_short_one_does_not() -> None:
    def asked(hours: float) -> list[str]:
        gap = alone("gap", 0, hours, CARRIER, lon=123.5, lat=38.0)
        end = gap["end_time"]
        return reasons([gap], positions=positions((CARRIER, end, 123.6, 38.0, 9.0, 0)))

    assert {"R15", "R16"} <= set(asked(48))
    assert "R15" in asked(8)
    assert "R16" not in asked(8)


def test_a_silence_that_the_way_alone_explains_leaves_no_time_for_a_call() -> None:
    gap = alone("gap", 0, 48, CARRIER, lon=124.6, lat=38.6)
    back = positions((CARRIER, gap["end_time"], 121.5, 32.0, 9.0, 0))
    assert returned(gap, back)[gap["event_id"]].feasible_port is None


def test_a_silence_more_likely_not_heard_than_switched_off_is_not_asked() -> None:
    gap = alone("gap", 0, 48, CARRIER, lon=123.5, lat=38.0, confidence=0.3)
    back = positions((CARRIER, gap["end_time"], 123.6, 38.0, 9.0, 0))
    assert returned(gap, back) == {}


def test_moored_at_ten_knots_is_counted_by_the_hour_and_a_ship_without_status_is_not_known() -> None:
    rows = [(HAND, DAY + timedelta(minutes=20 * n), 124.0, 30.0, 10.0, 5) for n in range(12)]
    rows += [(CARRIER, DAY + timedelta(minutes=20 * n), 124.0, 30.0, 10.0, 0) for n in range(12)]
    rows += [(GIVER, DAY + timedelta(minutes=20 * n), 124.0, 30.0, 10.0, None) for n in range(12)]
    assert hear(positions(*rows)).lies_moving_h() == {HAND: 4.0, CARRIER: 0.0}


def test_draughts_said_on_following_days_are_one_spell_and_slips_are_none() -> None:
    said = [
        {"time": DAY + timedelta(days=n), "last_time": DAY + timedelta(days=n, hours=20), "reports": reports}
        | {"mmsi": HAND, "draught_m": metres}
        for n, (metres, reports) in enumerate([(4.0, 9), (4.0, 9), (9.9, 1), (6.0, 9)])
    ]
    history = History(EVENTS.from_rows([meeting(0, GIVER, HAND)]).to_pylist(), STATICS.from_rows(said))
    assert [spell.draught_m for spell in history.draughts(HAND)] == [4.0, 6.0]
    assert history.draughts(HAND)[0].last - history.draughts(HAND)[0].first == timedelta(days=1, hours=20)


def test_what_was_not_searched_is_missing_and_not_clean() -> None:
    row = identify(EVENTS.from_rows([passed(0, GIVER, HAND)]), STATICS.empty(), [], params=RiskParams()).to_pylist()[0]
    (sentence,) = (text for text in row["why"] if text.startswith("Risk "))
    assert "lack data and are not counted as clean" in sentence
    assert DAY.tzinfo is UTC


def test_time_for_a_call_is_the_way_to_the_nearest_port_and_back_and_the_stay() -> None:
    gaps = [
        alone("gap", day, hours, GIVER, port_distance_nm=port_nm)
        for day, hours, port_nm in ((0, 9.0, 40.0), (1, 9.0, 60.0), (2, 9.0, None))
    ]
    rows = EVENTS.from_rows(gaps).to_pylist()
    back = {row["event_id"]: Return(None, (124.0, 30.5)) for row in rows[:1]}
    for returns in ({}, back):
        deeds = History(rows, STATICS.empty(), returns=returns).deeds(rows[0]["hull_id_1"], DAY)
        assert [deed.call_fits for deed in deeds] == [True, False, False]
