"""Stops, anchorages, voyages and deliveries stay with the case until its next run, and can be asked in SQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.archive.reports_made_up import batch_of, ingest, positions, run
from tracker.archive.case import Case, open_case
from tracker.archive.sql import ask
from tracker.tables.events import EVENTS
from tracker.tables.journeys import DELIVERIES, JOURNEY_TABLES, VOYAGES, flag_class, ship_class

DAY = datetime(2020, 1, 31, tzinfo=UTC)
SHIP = {"mmsi": 412_000_001, "vessel_name": "FICTION", "flag": "CHN", "flag_class": "foreign", "ship_class": "cargo"}


def voyage(leg: int, run_id: str, calls: tuple[tuple[str, str], tuple[str, str]], day: float) -> dict[str, Any]:
    (one, state_1), (two, state_2) = calls
    times = {"departure_time": DAY + timedelta(days=day), "arrival_time": DAY + timedelta(days=day + 1)}
    ends = {"from_call": one, "from_state": state_1, "to_call": two, "to_state": state_2}
    return SHIP | ends | times | {"voyage_id": f"v{leg}", "leg": leg, "probability": 1.0, "run_id": run_id}


def delivery(run_id: str) -> dict[str, Any]:
    where = {"port": "Nampo", "basis": "berth", "probability": 0.95, "lon": 125.4, "lat": 38.7}
    when = {"date": "2020-01-31", "arrival_time": DAY, "departure_time": DAY + timedelta(hours=20)}
    return SHIP | where | when | {"delivery_id": "d1", "run_id": run_id}


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """A case whose last run found a delivery and a barge's way to Nampo and back."""
    ingest(tmp_path / "case", "a", batch_of(positions(20)))
    with open_case(tmp_path / "case").writer() as transaction:
        run_id = transaction.run_id({}, "1")
        record = {"run_id": run_id, "version": "1", "inputs": transaction.digests(), "parameters": {}}
        legs = [
            voyage(1, run_id, (("c1", "CHN"), ("c2", "PRK")), 0),
            voyage(2, run_id, (("c2", "PRK"), ("c3", "CHN")), 3),
            voyage(3, run_id, (("c3", "CHN"), ("c4", "JPN")), 6),
        ]
        journeys = {"voyages": VOYAGES.from_rows(legs), "deliveries": DELIVERIES.from_rows([delivery(run_id)])}
        transaction.commit_run(EVENTS.empty(), record, files={}, tables=journeys)
    return open_case(tmp_path / "case")


def test_voyages_and_deliveries_come_back_as_they_went_in(case: Case) -> None:
    assert [row["leg"] for row in case.voyages().to_pylist()] == [1, 2, 3]
    assert [row["port"] for row in case.deliveries().to_pylist()] == ["Nampo"]
    assert case.stops().num_rows == case.anchorages().num_rows == 0


def test_a_round_trip_into_a_port_of_the_dprk_is_counted_in_sql(case: Case) -> None:
    (trip,) = ask(case, "SELECT from_state, via_state, mmsi FROM round_trips WHERE via_state = 'PRK'").to_pylist()
    assert trip == {"from_state": "CHN", "via_state": "PRK", "mmsi": SHIP["mmsi"]}


def test_every_column_is_documented(case: Case) -> None:
    for table in JOURNEY_TABLES:
        described = ask(case, f"DESCRIBE {table.name}")["column_name"].to_pylist()
        assert described == table.names
        assert all(column.meaning for column in table.columns)


def test_the_next_run_replaces_them(case: Case) -> None:
    run(case.path, [0], parameters={"other": 1})
    assert open_case(case.path).voyages().num_rows == 0


CLASSES = {
    (80, ""): "tanker", (70, "PAE 7"): "cargo", (31, ""): "barge or tow", (79, "BARGE 12"): "barge or tow",
    (None, "X"): "unknown", (30, ""): "fishing", (60, ""): "passenger", (52, ""): "barge or tow", (37, ""): "other",
    (99, ""): "other",
}  # fmt: skip


@pytest.mark.parametrize(("said", "expected"), CLASSES.items())
def test_ships_are_counted_by_class(said: tuple[int | None, str], expected: str) -> None:
    assert ship_class(*said) == expected


def test_an_unknown_flag_is_neither_foreign_nor_dprk() -> None:
    assert [flag_class(flag) for flag in (None, "PRK", "CHN")] == ["unknown", "DPRK", "foreign"]
