"""Deliveries of a case: what a ship had on board, which legs filled it, and which calls are no delivery."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tracker.cargo.arrivals import Arrivals, arrivals_of
from tracker.cargo.ledger import LedgerParams
from tracker.cargo.publish import FromCase, ledger_files

START = datetime(2020, 1, 1, tzinfo=UTC)
TODAY = date(2024, 1, 1)


def hours(h: float) -> datetime:
    return START + timedelta(hours=h)


def transfer(name: str, donor: int, receiver: int, h: float, tonnes: float = 1000.0) -> dict[str, Any]:
    row = {"event_id": name, "type": "encounter", "verdict": "likely", "in_port": False, "product": "gasoil"}
    row |= {"donor_mmsi": donor, "receiver_mmsi": receiver, "start_time": hours(h), "end_time": hours(h + 6)}
    span = (("low", 0.8), ("best", 1.0), ("high", 1.2))
    return row | {f"cargo_{key}_t": share * tonnes for key, share in span} | {"cargo_grade": "B"}


def call(name: str, mmsi: int, h: float, **changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {"delivery_id": name, "mmsi": mmsi, "arrival_time": hours(h), "departure_time": hours(h + 30)}
    row |= {"date": str((hours(h) + timedelta(hours=9)).date()), "vessel_name": f"SHIP {mmsi}", "imo": None}
    row |= {"flag": "PRK", "flag_class": "DPRK", "ship_type": 80, "ship_class": "tanker", "length_m": 79.9}
    row |= {"dwt_t": 3500.0, "dwt_basis": "registry", "port": "Nampo", "basis": "berth", "probability": 1.0}
    row |= {"arrival_seen": True, "draught_arrival_m": None, "draught_departure_m": None, "cargo_t": None}
    return row | changes


def port_call(name: str) -> dict[str, Any]:
    return {"event_id": name, "type": "port_call", "verdict": None, "in_port": True, "beam_m_1": 14.2}


def found(calls: list[dict[str, Any]], events: list[dict[str, Any]], **more: Any) -> Arrivals:
    events = [*events, *(port_call(c["delivery_id"]) for c in calls)]
    return arrivals_of(calls, events, name="case", digest="d", is_synthetic=False, today=TODAY, **more)


def test_two_donors_before_one_arrival_are_two_transfers_and_one_delivery() -> None:
    events = [transfer("a", 2, 1, 10), transfer("b", 3, 1, 40), transfer("z", 4, 2, 1)]
    arrivals = found([call("d", 1, 100)], events)
    (delivery,) = arrivals.counted.rows
    assert delivery.legs == ("a", "b")
    assert delivery.span_t == pytest.approx((1600, 2000, 2400))
    assert delivery.product == "gasoil"
    assert [(leg["level"], leg["event_id"]) for leg in arrivals.legs] == [(1, "a"), (1, "b"), (2, "z")]


def test_a_leg_before_the_last_call_filled_another_delivery() -> None:
    arrivals = found(
        [call("d1", 1, 30), call("d2", 1, 200)], [transfer("a", 2, 1, 10), transfer("b", 2, 1, 120, 500.0)]
    )
    assert [d.legs for d in arrivals.counted.rows] == [("a",), ("b",)]
    assert sum(d.span_t[1] for d in arrivals.counted.rows if d.span_t) == pytest.approx(1500)


def test_the_draught_on_arrival_weighs_more_than_the_legs_but_not_at_ballast_draught() -> None:
    deep, light = found(
        [call("d1", 1, 100, draught_arrival_m=5.4), call("d2", 9, 100, draught_arrival_m=3.3)],
        [transfer("a", 2, 1, 10, 400.0)],
    ).counted.rows
    assert deep.span_t is not None
    assert deep.span_t[1] == pytest.approx(2_900, abs=120)
    assert "M1b" in deep.method
    assert light.span_t is None
    assert light.grade == "D"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"basis": "feasible", "probability": 0.3}, "not seen"),
        ({"ship_class": "cargo"}, "no tanker"),
        ({"draught_arrival_m": 3.3, "draught_departure_m": 5.4}, "loaded"),
        ({"arrival_seen": False}, "when the data begin"),
        ({"date": "2031-01-01"}, "future"),
    ],
)
def test_a_call_that_is_no_delivery_is_kept_with_the_reason(change: dict[str, Any], reason: str) -> None:
    arrivals = found([call("d", 1, 2, **change)], [], data_from=START)
    assert arrivals.counted.rows == ()
    ((_, told),) = arrivals.others
    assert reason in told
    assert reason in arrivals.counted.faults.lines()[0]


def test_a_ship_that_came_from_the_dark_counts_where_the_data_began_long_before() -> None:
    assert len(found([call("d", 1, 200, arrival_seen=False)], [], data_from=START).counted.rows) == 1


def test_the_files_join_the_two_ledgers_and_add_nothing_twice() -> None:
    arrivals = found(
        [call("d", 1, 100), call("e", 5, 120, ship_class="cargo")], [transfer("a", 2, 1, 10), transfer("b", 3, 1, 40)]
    )
    files = ledger_files(
        arrivals.counted,
        None,
        year=None,
        params=LedgerParams(draws=400),
        version="0",
        case=FromCase(arrivals.others, arrivals.legs, []),
    )
    rows = {
        name: list(csv.DictReader(io.StringIO(files[f"{name}.csv"].decode())))
        for name in ("cumulative", "deliveries", "chain")
    }
    measured = [r for r in rows["cumulative"] if (r["scenario"], r["factor_set"]) == ("measured", "committee")]
    assert float(measured[-1]["tonnes_cum"]) == pytest.approx(2000, rel=0.02)
    assert measured[-1]["n_deliveries_cum"] == "1"
    assert float(measured[-1]["p10_bbl"]) < float(measured[-1]["bbl_cum"]) < float(measured[-1]["p90_bbl"])
    assert [r["counted"][:3] for r in rows["deliveries"]] == ["yes", "no:"]
    assert rows["deliveries"][0]["transfers"] == "a;b"
    assert len(rows["chain"]) == 2
    summary = json.loads(files["summary.json"])
    assert summary["not_counted"] == {"no tanker: a call, and no delivery of oil": 1}
