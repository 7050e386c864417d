"""Cargo of events: the real lightering by its declared draughts, and the synthetic scenario against its truth."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.shared_data import shared
from tracker.cargo.panel import CargoParams
from tracker.cli import call
from tracker.pipeline.given import cargo_inputs
from tracker.pipeline.run import run
from tracker.pipeline.weigh import Scales
from tracker.tables.given import MEASUREMENTS, GivenTable
from tracker.tables.listing import Entry, WatchList
from tracker.tables.statics import STATICS

START = datetime(2020, 1, 10, 2, tzinfo=UTC)
PARAMS = CargoParams()
SMALL = {"ship_type": 80, "length_m": 79.9, "beam_m": 14.2}
LARGE = {"ship_type": 80, "length_m": 110.0, "beam_m": 18.0}


def event(n: int, mmsi_1: int, mmsi_2: int, *, hours_after: float = 0.0, **changes: Any) -> dict[str, Any]:
    start = START + timedelta(hours=hours_after)
    row: dict[str, Any] = {
        "event_id": f"{n:016x}",
        "type": "encounter",
        "verdict": "likely",
        "confidence": 0.9,
        "group_id": None,
        "in_port": False,
        "start_time": start,
        "end_time": start + timedelta(hours=6),
        "duration_h": 6.0,
        "longest_silence_min": 5.0,
        "why": ["said"],
        "mmsi_1": mmsi_1,
        "mmsi_2": mmsi_2,
    }
    hulls = {1: SMALL, 2: LARGE, 3: SMALL}
    for n_side, mmsi in ((1, mmsi_1), (2, mmsi_2)):
        row |= {f"name_{n_side}": f"SHIP {mmsi}"} | {f"{k}_{n_side}": v for k, v in hulls[mmsi].items()}
    return row | changes


def statics(*runs: tuple[int, float, float, float]) -> Any:
    """Runs of (mmsi, draught, first hour, last hour) from the start of the first event."""
    rows = [
        {
            "time": START + timedelta(hours=first),
            "last_time": START + timedelta(hours=last),
            "reports": 9,
            "mmsi": mmsi,
            "draught_m": draught,
        }
        for mmsi, draught, first, last in runs
    ]
    return STATICS.conform(pa.Table.from_pylist(rows, schema=STATICS.schema)) if rows else STATICS.empty()


BEFORE_AFTER = ((1, 3.6, -20.0, -1.0), (1, 5.4, 8.0, 20.0), (2, 7.5, -20.0, -1.0), (2, 6.3, 9.0, 20.0))


def test_both_draughts_make_grade_a_with_donor_and_receiver() -> None:
    (row,) = Scales([event(1, 1, 2)], statics(*BEFORE_AFTER), params=PARAMS).columns()
    assert (row["cargo_grade"], row["donor_mmsi"], row["receiver_mmsi"]) == ("A", 2, 1)
    assert (row["draught_change_1_m"], row["draught_change_2_m"]) == (1.8, -1.2)
    assert row["cargo_low_t"] < 1655 < row["cargo_high_t"]
    assert row["why"][0] == "said"
    assert "grade A" in row["why"][-1]


def test_without_statics_there_is_a_range_and_no_draught() -> None:
    (row,) = Scales([event(1, 1, 2)], STATICS.empty(), params=PARAMS).columns()
    assert row["cargo_grade"] == "D"
    assert row["draught_change_1_m"] is None
    assert row["cargo_low_t"] < row["cargo_best_t"] < row["cargo_high_t"]
    assert "why" not in row


def test_a_mother_ship_that_serves_two_has_a_change_that_is_neither_ones() -> None:
    rows = [event(1, 1, 2), event(2, 2, 3, hours_after=1.0)]
    first, second = Scales(rows, statics(*BEFORE_AFTER), params=PARAMS).columns()
    assert (first["cargo_grade"], second["cargo_grade"]) == ("B", "D")
    assert second["draught_change_1_m"] == -1.2


def test_a_draught_set_after_the_next_transfer_is_not_this_ones() -> None:
    rows = [event(1, 1, 2), event(2, 1, 3, hours_after=30.0)]
    late = statics((1, 3.6, -20.0, -1.0), (1, 5.4, 40.0, 50.0))
    first, second = Scales(rows, late, params=PARAMS).columns()
    assert first["draught_change_1_m"] is None
    assert (second["draught_change_1_m"], second["cargo_grade"]) == (1.8, "D")


def test_two_legs_of_one_meeting_are_weighed_once() -> None:
    legs = [
        event(1, 1, 2, group_id="g", confidence=0.5, verdict="possible"),
        event(2, 1, 2, hours_after=10.0, group_id="g"),
    ]
    first, second = Scales(legs, STATICS.empty(), params=PARAMS).columns()
    assert "cargo_best_t" not in first
    assert second["event_id"] if "event_id" in second else second["cargo_best_t"]
    assert legs[1]["event_id"] in first["why"][-1]


def test_a_measurement_and_a_registry_reach_the_estimate_with_their_source() -> None:
    text = "event_id,tonnes,sd_t,source\n" + f"{1:016x},600,60,bill of lading\n"
    tables = [GivenTable(MEASUREMENTS, "bills.csv", "d", text)]
    ships = tuple(Entry(str(n), f"SHIP {n}", mmsis=(n,), ship_type="LPG tanker") for n in (1, 2))
    fleet = WatchList("fleet", "registry", "csv", "e", ships)
    rows = [event(1, 1, 2, imo_1=None, imo_2=None, callsign_1=None, callsign_2=None)]
    plain = Scales(rows, STATICS.empty(), params=PARAMS).deadweights()
    scales = Scales(rows, STATICS.empty(), params=PARAMS, given=cargo_inputs(tables, [fleet]))
    (row,) = scales.columns()
    assert scales.deadweights()["dwt_t_1"] < plain["dwt_t_1"]
    assert "M4 measurement" in row["cargo_method"]
    assert row["cargo_grade"] == "C"
    assert 450 < row["cargo_low_t"] < 600 < row["cargo_high_t"] < 850
    told = scales.explain(f"{1:016x}")
    assert told is not None
    assert any("bill of lading" in line for line in told.reasoning)
    assert (row["product"], row["factor_set"]) == ("lpg", "committee")
    assert row["cargo_best_bbl"] == pytest.approx(11.65 * row["cargo_best_t"], abs=6)
    (record,) = scales.records
    assert record["product_basis"].endswith("registry")
    assert record["direction_probability"] > 0.5
    assert "bill of lading" in record["reasoning"]


def test_a_draught_pair_is_told_in_ten_lines_and_kept_with_its_direction() -> None:
    scales = Scales([event(1, 1, 2)], statics(*BEFORE_AFTER), params=PARAMS)
    scales.columns()
    (record,) = scales.records
    assert len(record["reasoning"].splitlines()) <= 9  # and the headline
    assert (record["donor_mmsi"], record["receiver_mmsi"], record["grade"]) == (2, 1, "A")
    assert record["direction_probability"] >= 0.95


def test_a_port_call_between_ends_the_time_of_a_new_draught_and_carries_its_own_back() -> None:
    call = {"type": "port_call", "mmsi_1": 1, "mmsi_2": None, "port": "Nampo", "verdict": None, "in_port": True}
    call |= {"start_time": START + timedelta(hours=200), "end_time": START + timedelta(hours=230)}
    call |= {f"{name}_1": value for name, value in SMALL.items()} | {"event_id": "f" * 16}
    late = statics((1, 3.6, -20.0, 199.0), (1, 5.4, 201.0, 220.0))
    row, _ = Scales([event(1, 1, 2), call], late, params=PARAMS).columns()
    assert (row["draught_change_1_m"], row["cargo_grade"]) == (1.8, "C")
    row, *_ = Scales([event(1, 1, 2)], late, params=PARAMS).columns()
    assert row["draught_change_1_m"] is None


@pytest.mark.parametrize(
    "change", [{"in_port": True}, {"verdict": "unlikely"}, {"length_m_2": None}, {"type": "loitering"}]
)
def test_no_cargo_is_claimed_where_there_is_no_ground_for_it(change: dict[str, Any]) -> None:
    scales = Scales([event(1, 1, 2, **change)], statics(*BEFORE_AFTER), params=PARAMS)
    assert "cargo_best_t" not in scales.columns()[0]
    assert scales.deadweights()["dwt_t_1"][0] > 0


def test_the_order_of_rows_does_not_matter() -> None:
    rows = [event(1, 1, 2), event(2, 1, 3, hours_after=40.0)]
    forth = Scales(rows, statics(*BEFORE_AFTER), params=PARAMS).columns()
    back = Scales(rows[::-1], statics(*BEFORE_AFTER), params=PARAMS).columns()
    assert forth == back[::-1]


def test_the_real_lightering_goes_from_hydra_to_polaris_near_what_their_draughts_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = shared("real/socal_ais_2018-06-01_to_06-03T06_marinecadastre.csv.gz")
    found = run([source], tmp_path / "case").events.to_pylist()
    (row,) = [r for r in found if r["verdict"] == "likely" and {r["mmsi_1"], r["mmsi_2"]} == {311000013, 311000112}]
    assert (row["donor_mmsi"], row["receiver_mmsi"]) == (311000013, 311000112)
    assert (row["draught_change_1_m"], row["draught_change_2_m"]) == (-3.6, 3.7)
    assert row["cargo_grade"] == "A"
    assert row["product"] == "crude"
    assert 42_000 <= row["cargo_best_t"] <= 64_000
    assert "more_than_heard_hours" in row["cargo_method"]
    capsys.readouterr()
    assert call(["cargo", str(tmp_path / "case"), row["event_id"]]) == 0
    told = capsys.readouterr().out
    for words in ("HYDRA VOYAGER -> POLARIS VOYAGER", "18.5 m", "14.9 m", "9.7 m", "13.4 m", "silence", "grade A"):
        assert words in told
    assert f"P50 {row['cargo_best_t']:,.0f}" in told
    assert call(["cargo", str(tmp_path / "case"), "0" * 16]) == 2


def test_the_deadweight_of_a_registry_is_the_one_that_is_weighed() -> None:
    plain = event(1, 1, 2)
    registered = plain | {"dwt_t_1": 2000.0, "dwt_basis_1": "registry", "dwt_t_2": 9000.0, "dwt_basis_2": "watchlist"}
    scales = Scales([registered], statics(), params=PARAMS)
    known = scales.deadweights()
    assert (known["dwt_t_1"], known["dwt_basis_1"]) == ([2000.0], ["registry"])
    assert (known["dwt_t_2"], known["dwt_basis_2"]) == ([9000.0], ["watchlist"])
    (found,) = scales.columns()
    assert found["cargo_s50_t"] == pytest.approx(1000.0)
    (hulls,) = Scales([plain], statics(), params=PARAMS).columns()
    assert hulls["cargo_s50_t"] != pytest.approx(1000.0)
