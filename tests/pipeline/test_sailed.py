"""Ways from call to call: measured on reports, set against the shortest way over water, and told as missing when unheard."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.pipeline.sailing import START, Place, sailed, write
from tests.risk.test_rules import EVENT, SHIP
from tracker.detectors.way import Way
from tracker.pipeline.run import run
from tracker.pipeline.sailed import Leg, sailed_in
from tracker.pipeline.source import MemorySource
from tracker.pipeline.sweep import hear
from tracker.risk.checks import SHIP_RULES
from tracker.risk.facts import VoyageFact
from tracker.risk.outcome import Clear, Fired, Missing, Outcome
from tracker.tables.positions import POSITIONS
from tracker.tables.statics import STATICS
from tracker.zones.destinations import ports_said

SHIP_A, SHIP_B = 352000001, 671000002
INCHEON, BUSAN = (126.60, 37.40), (129.05, 35.05)
ROUND_KOREA: tuple[Place, ...] = ((125.9, 37.2), (125.8, 34.6), (126.2, 33.9), (128.0, 34.2))
OPEN_SEA = ((150.0, 20.0), (155.0, 20.0))


def voyage(*places: Place, said: str | None = None, drop: tuple[float, float] | None = None) -> VoyageFact | None:
    """The voyage of a ship that sails these places at 12 kn; `drop`: hours without reports."""
    rows = sailed([(place, 0, 12) for place in places], mmsi=SHIP_A)
    times = [(datetime.fromisoformat(row["time"]) - START) / timedelta(hours=1) for row in rows]
    rows = [row for row, t in zip(rows, times, strict=True) if drop is None or not drop[0] < t < drop[1]]
    return measured(rows, said=said)


def measured(rows: Sequence[dict[str, Any]], *, said: str | None = None) -> VoyageFact | None:
    table = pa.Table.from_pylist(
        [
            {"time": datetime.fromisoformat(row["time"]), "mmsi": SHIP_A, "sog_kn": 12.0, "flags": 0}
            | {"lon_e7": round(row["lon"] * 1e7), "lat_e7": round(row["lat"] * 1e7)}
            for row in rows
        ]
    )
    source = MemorySource(POSITIONS.conform(table))
    end = max(datetime.fromisoformat(row["time"]) for row in rows)
    start_ms, end_ms = (round(t.timestamp() * 1000) for t in (START, end))
    statics = STATICS.from_rows(
        [{"time": START, "last_time": end, "reports": 99, "mmsi": SHIP_A, "destination": said}] if said else []
    )
    key = (SHIP_A, start_ms + 1, end_ms - 1)
    leg = Leg(SHIP_A, "A", "B", start_ms, end_ms)
    return sailed_in([key], [leg], statics, Way(hear(source))).get(key)


def judged(fact: VoyageFact | None) -> Outcome:
    return SHIP_RULES["R36"](EVENT, SHIP._replace(kind="tanker", voyage=fact))


def test_the_way_round_a_peninsula_is_the_shortest_over_water_and_no_detour() -> None:
    fact = voyage(INCHEON, *ROUND_KOREA, BUSAN)
    assert fact is not None
    assert fact.shortest_nm is not None
    assert 1.0 <= fact.way_nm / fact.shortest_nm < 1.15
    assert fact.way_nm > 1.5 * 184  # the straight line over land is 184 nm
    assert isinstance(judged(fact), Clear)


def test_a_way_half_as_long_again_over_open_sea_is_a_detour() -> None:
    fact = voyage(OPEN_SEA[0], (152.5, 23.0), OPEN_SEA[1])
    found = judged(fact)
    assert isinstance(found, Fired)
    assert "longer than over water" in found.reason


def test_a_straight_way_is_none() -> None:
    assert isinstance(judged(voyage(*OPEN_SEA)), Clear)


def test_a_silence_in_which_a_detour_fits_leaves_it_open() -> None:
    # 283 nm at 12 kn are 23.6 h; the reports between are not there, and the ship comes a day late
    rows = sailed([(OPEN_SEA[0], 0, 12), ((152.0, 20.0), 24, 12), (OPEN_SEA[1], 0, 12)], mmsi=SHIP_A)
    quiet = [row for row in rows if row["sog_kn"] > 0]
    assert isinstance(judged(measured(quiet)), Missing)
    assert isinstance(judged(measured(rows)), Clear)


def test_out_to_sea_and_back_to_where_she_left_is_a_loop() -> None:
    found = judged(voyage(OPEN_SEA[0], (151.5, 20.0), OPEN_SEA[0]))
    assert isinstance(found, Fired)
    assert "back without a call" in found.reason


def test_one_wrong_fix_makes_no_detour() -> None:
    rows = sailed([(place, 0, 12) for place in OPEN_SEA], mmsi=SHIP_A)
    rows[100] = rows[100] | {"lat": 40.0}
    assert isinstance(judged(measured(rows)), Clear)


@pytest.mark.parametrize("said", ["KRPUS", "KR PUS", "Pusan", "JPTYO>KRPUS"])
def test_a_destination_that_was_not_reached_is_told(said: str) -> None:
    found = judged(voyage(*OPEN_SEA, said=said))
    assert isinstance(found, Fired)
    assert found.reason == f"MMSI {SHIP_A:09d}, said {said}, called at B"


@pytest.mark.parametrize("said", ["FOR ORDERS", "OFFSHORE", "XXYYY", ""])
def test_a_destination_that_names_no_port_was_not_missed(said: str) -> None:
    assert ports_said(said) == []
    assert isinstance(judged(voyage(*OPEN_SEA, said=said or None)), Clear)


def test_the_port_she_left_is_a_destination_not_yet_changed() -> None:
    assert isinstance(judged(voyage(BUSAN, (129.6, 34.6), (132.0, 37.0), said="KRPUS")), Clear)


def test_without_calls_before_and_after_nothing_is_known() -> None:
    assert isinstance(judged(None), Missing)


def test_a_run_finds_the_detour_and_the_wrong_number_of_a_ship_and_not_of_her_partner(tmp_path: Path) -> None:
    busan, pohang, met = (129.045, 35.1005), (129.40, 36.02), (127.5, 32.0)
    hull = {"ship_type": 80, "beam_m": 16, "callsign": ""}
    ways = [(busan, 8, 10), ((129.1, 34.9), 0, 12), (met, 4, 12), ((129.9, 35.4), 0, 12), (pohang, 8, 0)]
    one = sailed(ways, mmsi=SHIP_A, name="SYNTHETIC WANDERER", imo="1234560", length_m=110, **hull)
    beside = ((127.5008, 33.6), 0.0, 12.0), ((127.5008, 32.0001), 4.0, 12.0), ((127.5, 30.5), 0.0, 12.0)
    other = sailed(beside, mmsi=SHIP_B, name="SYNTHETIC PARTNER", imo="9187629", length_m=90, **hull)
    still = [min(r["time"] for r in rows if r["sog_kn"] == 0 and r["lat"] < 33) for rows in (one, other)]
    shift = datetime.fromisoformat(still[0]) - datetime.fromisoformat(still[1])
    for row in other:
        row["time"] = (datetime.fromisoformat(row["time"]) + shift).isoformat()
    events = run([write([*one, *other], tmp_path / "SYNTHETIC.csv")], tmp_path / "case").events.to_pylist()
    (meeting,) = (row for row in events if row["type"] == "encounter")
    assert {"R06", "R36"} <= set(meeting["risk_reasons"])
    (told,) = (text for text in meeting["why"] if text.startswith("Risk "))
    assert f"MMSI {SHIP_A:09d} sent 1234560 in" in told
    assert "Pusan to Pohang" in told
    assert f"R06 Invalid IMO +15 (MMSI {SHIP_B:09d}" not in told
