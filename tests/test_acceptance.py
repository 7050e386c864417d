"""The main job on real AIS: the lightering S1 of 2 June 2018, and what must not be called one.

The expected rows (``socal_sts_expected.csv``) are derived from the AIS itself: distance, speed, declared draughts and
the declared destination "Pacific Area Lightering".
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.shared_data import shared
from tracker.api import open_case
from tracker.geo.kernels import distance_m
from tracker.pipeline.run import run

WHOLE = "real/socal_ais_2018-06-01_to_06-03T06_marinecadastre.csv.gz"
ENCODINGS = (
    "real/socal_2018-06-02T20_8h_noaa2025.csv.zst",
    "real/socal_2018-06-02T20_8h_noaa2024_geoparquet.parquet",
    "real/socal_2018-06-02T20_8h_aisdk.csv.gz",
    "real/socal_2018-06-02T20_8h_nmea_tagblock.nmea.gz",
)
S1 = (311000013, 311000112)
ACCEPTED = {S1, (538002262, 538004026)}
"""Pairs that may be called likely, each looked at: the second are two tankers out at sea, abreast at 2.3 kn for 1.2 h."""
NOT_TRANSFERS = ((369950276, 369970281), (303849000, 367218000), (366813530, 366899260))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Any:
    case = tmp_path_factory.mktemp("socal") / "case"
    return run([shared(WHOLE)], case)


def of_pair(events: Any, pair: tuple[int, int]) -> list[dict[str, Any]]:
    return [row for row in events.to_pylist() if (row["mmsi_1"], row["mmsi_2"]) == pair]


def test_the_real_lightering_is_a_likely_encounter_over_its_core_interval(whole: Any) -> None:
    likely = [row for row in of_pair(whole.events, S1) if row["verdict"] == "likely"]
    assert len(likely) == 1
    row = likely[0]
    core = datetime(2018, 6, 2, 21, 37, tzinfo=UTC), datetime(2018, 6, 3, 1, 30, tzinfo=UTC)
    assert row["start_time"] <= core[0] + timedelta(minutes=1)
    assert row["end_time"] >= core[1]
    assert row["end_time"] <= core[1] + timedelta(minutes=20)
    assert (row["lat"], row["lon"]) == (pytest.approx(33.0, abs=0.05), pytest.approx(-117.78, abs=0.05))
    assert row["median_distance_m"] == pytest.approx(74, abs=10)
    assert 0.5 <= row["median_speed_kn"] <= 2.5
    assert not row["in_port"]
    assert (row["state"], row["flag_1"], row["flag_2"]) == ("USA", "BHS", "BHS")
    assert row["cargo_low_t"] < row["cargo_best_t"] < row["cargo_high_t"]
    assert row["receiver_mmsi"] == 311000112


def test_the_morning_approach_is_linked_to_it(whole: Any) -> None:
    rows = of_pair(whole.events, S1)
    assert len(rows) == 2
    assert rows[0]["group_id"] is not None
    assert rows[0]["group_id"] == rows[1]["group_id"]


def test_nothing_is_called_likely_that_an_analyst_would_not_accept(whole: Any) -> None:
    likely = {(row["mmsi_1"], row["mmsi_2"]) for row in whole.events.to_pylist() if row["verdict"] == "likely"}
    assert likely <= ACCEPTED


@pytest.mark.parametrize("pair", NOT_TRANSFERS)
def test_a_naval_pair_a_fuel_pier_and_a_marina_are_not_called_transfers(whole: Any, pair: tuple[int, int]) -> None:
    assert {row["verdict"] for row in of_pair(whole.events, pair)} <= {"unlikely"}


def test_contacts_in_marinas_are_kept_and_marked(whole: Any) -> None:
    in_port = [row for row in whole.events.to_pylist() if row["in_port"] and row["type"] == "encounter"]
    assert len(in_port) > 100
    assert {row["verdict"] for row in in_port} == {"unlikely"}
    assert any(row["port"] and "Ventura" in row["port"] for row in in_port)


def test_the_rows_add_up_to_those_read(whole: Any) -> None:
    read = whole.record["read"]
    assert read["rows"] == 106_887
    assert (
        read["positions"] + read["static_reports"] + read["duplicates"] + sum(read["rejects"].values()) == read["rows"]
    )


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_four_layouts_of_the_same_fixes_give_the_same_event(whole: Any, tmp_path: Path, encoding: str) -> None:
    found = run([shared(encoding)], tmp_path / "case").events
    (row,) = [row for row in of_pair(found, S1) if row["verdict"] != "unlikely"]
    (expected,) = [row for row in of_pair(whole.events, S1) if row["verdict"] == "likely"]
    assert row["verdict"] == "likely"
    assert abs(row["start_time"] - expected["start_time"]) <= timedelta(minutes=1)
    assert abs(row["end_time"] - expected["end_time"]) <= timedelta(minutes=1)
    assert distance_m(row["lon"], row["lat"], expected["lon"], expected["lat"]) <= 20.0
    assert row["min_distance_m"] == pytest.approx(expected["min_distance_m"], abs=20.0)


def test_the_same_inputs_give_the_same_bytes_and_reading_twice_changes_nothing(tmp_path: Path) -> None:
    source = shared(ENCODINGS[0])
    first, second = tmp_path / "one", tmp_path / "two"
    run([source], first)
    run([source], second)
    run([source], second)
    for name in ("events.parquet", "events.csv", "events.geojson", "map.html"):
        assert (first / name).read_bytes() == (second / name).read_bytes()
    assert open_case(second).archive.store().rows == open_case(first).archive.store().rows
