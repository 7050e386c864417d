"""Voyages and deliveries: DPRK to China runs, and round trips into a DPRK port, as tables that can be counted."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detectors.harbour_scenes import SEAS, caller, harbours_in, ports_at, quay
from tests.scenes import Scene
from tracker.detectors.calls import call_events
from tracker.identity.cards import Cards
from tracker.pipeline.journeys import journey_tables
from tracker.simulate.hulls import hull
from tracker.simulate.motion import away
from tracker.tables.events import EVENTS


def tables_of(scene: Scene, ports: Any) -> dict[str, list[dict[str, Any]]]:
    """Journeys of a scene, flags by the first three digits as a run would give them."""
    found = harbours_in(scene, ports)
    rows = call_events(found.calls)
    for row in rows:
        row |= {"run_id": "r", "flag_1": {412: "CHN", 445: "PRK"}.get(row["mmsi_1"] // 1_000_000)}
    statics = scene.statics()
    tables = journey_tables(
        found, EVENTS.from_rows(rows), statics, Cards(statics).ship_at, run_id="r", voyage_probability=0.5
    )
    return {name: table.to_pylist() for name, table in tables.items()}


@pytest.mark.parametrize("sea", SEAS)
def test_a_round_trip_of_a_chinese_ship_into_a_port_of_the_dprk_is_two_voyages_and_one_delivery(sea: str) -> None:
    place = SEAS[sea]
    scene = Scene(place=place, hours=90)
    other = away(place, bearing_deg=150, distance_nm=100)
    quay(scene, place)
    quay(scene, other)
    barge = scene.ship("cargo", length_m=85.0)
    caller(scene, [(place, 2, 16, "moor"), (other, 26, 60, "moor"), (place, 70, 88, "moor")], ship=barge)
    found = tables_of(scene, ports_at(("Home", "CHN", place), ("Nampo-like", "PRK", other)))
    legs = [row for row in found["voyages"] if row["mmsi"] == barge.mmsi]
    ends = [(row["from_port"], row["to_port"]) for row in legs]
    assert ends == [(None, "Home"), ("Home", "Nampo-like"), ("Nampo-like", "Home"), ("Home", None)]
    assert [row["leg"] for row in legs] == [1, 2, 3, 4]
    assert legs[1]["hours"] == pytest.approx(100 / 12, abs=0.5)
    assert (legs[1]["flag"], legs[1]["ship_class"], legs[1]["probability"]) == ("CHN", "cargo", 1.0)
    delivery = next(row for row in found["deliveries"] if row["mmsi"] == barge.mmsi)
    assert (delivery["port"], delivery["basis"], delivery["flag_class"]) == ("Nampo-like", "berth", "foreign")
    assert delivery["delivery_id"] == legs[1]["to_call"] == legs[2]["from_call"]


def test_an_inferred_call_under_even_odds_is_named_beside_the_voyage_and_is_a_delivery_with_its_probability() -> None:
    place = SEAS["mid latitude"]
    scene = Scene(place=place, hours=90)
    home = away(place, bearing_deg=200, distance_nm=120)
    quay(scene, home)
    waits = away(place, bearing_deg=200, distance_nm=30)
    ship = scene.ship("tanker", length_m=95.0)
    stops = [(home, 1, 12, "moor"), (waits, 24, 46, "anchor"), (home, 56, 88, "moor")]
    caller(scene, stops, ship=ship, silent=[(25.0, 45.0)])
    found = tables_of(scene, ports_at(("Home", "CHN", home), ("Nampo-like", "PRK", place)))
    (delivery,) = found["deliveries"]
    assert delivery["basis"] == "feasible"
    assert 0.1 <= delivery["probability"] < 0.5
    trip = next(row for row in found["voyages"] if (row["from_port"], row["to_port"]) == ("Home", "Home"))
    assert trip["feasible_between"] == f"Nampo-like {delivery['probability']:.2f}"


def test_draughts_on_arrival_and_departure_stand_with_the_delivery() -> None:
    place = SEAS["equator"]
    scene = Scene(place=place, hours=60)
    quay(scene, place)
    far = away(place, bearing_deg=200, distance_nm=100)
    ship = caller(scene, [(place, 10, 40, "moor")], comes_from=far, goes_to=far)
    statics = scene.statics().to_pylist()
    told = [row for row in statics if row["mmsi"] == ship.mmsi]
    assert told, "the scene says who she is"
    found = tables_of(scene, ports_at(("Nampo-like", "PRK", place)))
    delivery = next(row for row in found["deliveries"] if row["mmsi"] == ship.mmsi)
    assert delivery["draught_arrival_m"] == pytest.approx(told[0]["draught_m"], abs=0.05)


def test_a_ship_that_lay_there_when_the_data_began_is_no_arrival() -> None:
    place = SEAS["equator"]
    scene = Scene(place=place, hours=40)
    laid_up = {ship.mmsi for ship in quay(scene, place)}
    ship = caller(scene, [(place, 12, 38, "moor")], comes_from=away(place, bearing_deg=200, distance_nm=90))
    found = tables_of(scene, ports_at(("X", "PRK", place)))
    assert {row["mmsi"] for row in found["deliveries"]} == {ship.mmsi}
    assert laid_up <= {row["mmsi"] for row in found["voyages"]}


def test_a_fishing_vessel_in_a_port_of_the_dprk_delivers_nothing() -> None:
    place = SEAS["equator"]
    scene = Scene(place=place, hours=40)
    quay(scene, place)
    boat = scene.ship("fishing", length_m=40.0)
    caller(scene, [(place, 4, 38, "moor")], ship=boat)
    assert boat.mmsi not in {row["mmsi"] for row in tables_of(scene, ports_at(("X", "PRK", place)))["deliveries"]}


def test_a_ship_of_the_dprk_is_counted_under_its_flag() -> None:
    place = SEAS["mid latitude"]
    scene = Scene(place=place, hours=40)
    quay(scene, place)
    ship = hull(445_000_777, "tanker", length_m=90.0)
    caller(scene, [(place, 9, 38, "moor")], ship=ship, comes_from=away(place, bearing_deg=200, distance_nm=90))
    rows = tables_of(scene, ports_at(("X", "PRK", place)))["deliveries"]
    assert next(row for row in rows if row["mmsi"] == 445_000_777)["flag_class"] == "DPRK"
