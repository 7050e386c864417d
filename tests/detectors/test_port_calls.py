"""Port calls: coming, lying and leaving are told; what is not seen is not claimed."""

from __future__ import annotations

import pytest

from tests.detectors.harbour_scenes import SEAS, caller, harbours_in, ports_at, quay
from tests.scenes import Scene
from tracker.detectors.calls import Call
from tracker.pipeline.harbours import Harbours
from tracker.simulate.hulls import Hull
from tracker.simulate.motion import away
from tracker.tables.journeys import BERTH, BUOY, FEASIBLE, ROADSTEAD

everywhere = pytest.mark.parametrize("sea", SEAS)


def of(found: Harbours, ship: Hull) -> list[Call]:
    """Calls of a ship."""
    return [call for call in found.calls if call.ship.mmsi == ship.mmsi]


def hours(scene: Scene, call: Call) -> tuple[float, float]:
    """Start and end of a call, hours of the scene."""
    return tuple((ms / 1000 - scene.start_s) / 3600 for ms in (call.start_ms, call.end_ms))  # type: ignore[return-value]


@everywhere
def test_a_ship_that_comes_lies_at_a_berth_and_leaves_makes_one_call(sea: str) -> None:
    place = SEAS[sea]
    scene = Scene(place=place, hours=36)
    quay(scene, place)
    far = away(place, bearing_deg=200, distance_nm=90)
    ship = caller(scene, [(place, 9, 25, "moor")], comes_from=far, goes_to=far)
    (call,) = of(harbours_in(scene, ports_at(("Fakeport", "JPN", place))), ship)
    assert (call.basis, call.port, call.port_state) == (BERTH, "Fakeport", "JPN")
    assert hours(scene, call) == pytest.approx((9, 25), abs=0.5)
    assert (call.arrival_seen, call.departure_seen) == (True, True)
    assert call.probability >= 0.9


@everywhere
def test_waiting_in_the_roadstead_before_the_berth_is_part_of_the_call(sea: str) -> None:
    place = SEAS[sea]
    scene = Scene(place=place, hours=48)
    quay(scene, place)
    far, road = (away(place, bearing_deg=200, distance_nm=d) for d in (80, 4))
    ship = caller(scene, [(road, 8, 20, "anchor"), (place, 21, 40, "moor")], comes_from=far, goes_to=far)
    found = harbours_in(scene, ports_at(("Fakeport", "JPN", place)))
    (call,) = of(found, ship)
    assert call.basis == BERTH
    assert hours(scene, call) == pytest.approx((8, 40), abs=0.6)
    assert any("at anchor off the port" in line for line in call.why)
    kinds = [a for m, a in zip(found.stops.mmsi, found.stops.activity, strict=True) if m == ship.mmsi]
    assert kinds == [ROADSTEAD, BERTH]


@everywhere
def test_a_stop_at_sea_far_from_ports_is_no_call(sea: str) -> None:
    place = SEAS[sea]
    scene = Scene(place=place, hours=24)
    ship = scene.loiterer(from_h=6, hours=8)
    port = away(place, bearing_deg=10, distance_nm=40)
    found = harbours_in(scene, ports_at(("Fakeport", "JPN", port)))
    assert of(found, ship) == []
    assert set(found.stops.activity) <= {"drifting", "anchored"}


@everywhere
def test_a_ship_passing_close_by_a_port_makes_no_call(sea: str) -> None:
    place = SEAS[sea]
    scene = Scene(place=place, hours=12)
    scene.passing()
    assert harbours_in(scene, ports_at(("Fakeport", "JPN", place))).calls == []


@everywhere
def test_stopping_among_the_buoys_is_a_call_without_a_berth_and_shown(sea: str) -> None:
    place = SEAS[sea]
    scene = Scene(place=place, hours=36)
    far = away(place, bearing_deg=230, distance_nm=70)
    spot = away(place, bearing_deg=100, distance_nm=3)
    ship = caller(scene, [(spot, 7, 20, "anchor")], comes_from=far, goes_to=far)
    area = ports_at(("Fake buoy area", "PRK", place), kind="buoy_area", radius_nm=7)
    (call,) = of(harbours_in(scene, area), ship)
    assert (call.basis, call.is_told) == (BUOY, True)
    assert call.probability < 0.95


def test_a_ship_that_only_anchors_off_a_foreign_port_ends_a_voyage_and_is_no_event() -> None:
    place = SEAS["mid latitude"]
    scene = Scene(place=place, hours=36)
    far = away(place, bearing_deg=230, distance_nm=70)
    ship = caller(scene, [(away(place, bearing_deg=90, distance_nm=5), 7, 20, "anchor")], comes_from=far, goes_to=far)
    (call,) = of(harbours_in(scene, ports_at(("Fakeport", "JPN", place))), ship)
    assert (call.basis, call.is_told) == (ROADSTEAD, False)
    (call,) = of(harbours_in(scene, ports_at(("Fakeport", "PRK", place))), ship)
    assert (call.basis, call.is_told) == (ROADSTEAD, True)


@everywhere
def test_a_ship_heard_once_a_day_at_one_quay_lay_there_all_the_time(sea: str) -> None:
    place = SEAS[sea]
    scene = Scene(place=place, hours=96)
    quay(scene, place)
    far = away(place, bearing_deg=200, distance_nm=60)
    silent = [(9.5, 30.0), (30.4, 55.0), (55.4, 78.0)]
    ship = caller(scene, [(place, 8, 80, "moor")], comes_from=far, goes_to=far, silent=silent)
    (call,) = of(harbours_in(scene, ports_at(("Fakeport", "JPN", place))), ship)
    assert hours(scene, call) == pytest.approx((8, 80), abs=1.1)


def test_two_calls_with_a_voyage_between_are_two() -> None:
    place = SEAS["mid latitude"]
    scene = Scene(place=place, hours=72)
    quay(scene, place)
    other = away(place, bearing_deg=150, distance_nm=100)
    quay(scene, other)
    ship = caller(scene, [(place, 2, 16, "moor"), (other, 26, 40, "moor"), (place, 50, 70, "moor")])
    found = of(harbours_in(scene, ports_at(("One", "CHN", place), ("Two", "PRK", other))), ship)
    assert [(call.port, call.port_state) for call in found] == [("One", "CHN"), ("Two", "PRK"), ("One", "CHN")]


def test_a_ferry_heard_at_the_fairway_on_her_way_out_and_home_does_not_lie_there() -> None:
    place = SEAS["equator"]
    scene = Scene(place=place, hours=30)
    far = away(place, bearing_deg=180, distance_nm=60)
    ship = caller(scene, [(place, 8, 14, "moor")], comes_from=far, goes_to=far, silent=[(7.76, 14.24)])
    assert of(harbours_in(scene, ports_at(("Fakeport", "JPN", place))), ship) == []


@pytest.mark.parametrize(("length_m", "calls"), [(20.0, 0), (90.0, 1)])
def test_small_craft_make_no_calls(length_m: float, calls: int) -> None:
    place = SEAS["equator"]
    scene = Scene(place=place, hours=30)
    quay(scene, place)
    far = away(place, bearing_deg=200, distance_nm=60)
    ship = scene.ship("cargo", length_m=length_m)
    caller(scene, [(place, 8, 20, "moor")], ship=ship, comes_from=far, goes_to=far)
    assert len(of(harbours_in(scene, ports_at(("Fakeport", "JPN", place))), ship)) == calls


# ── silences near a port of the DPRK ───────────────────────────────────────────────────────────────────────────────


@everywhere
def test_a_silence_near_a_port_of_the_dprk_is_a_feasible_call_with_a_probability_and_never_certain(sea: str) -> None:
    place = SEAS[sea]
    scene = Scene(place=place, hours=80)
    far = away(place, bearing_deg=200, distance_nm=90)
    # she vanishes about 12 nm off, and comes back there two days later
    ship = caller(scene, [(place, 9, 55, "moor")], comes_from=far, goes_to=far, silent=[(8.0, 56.0)])
    (call,) = of(harbours_in(scene, ports_at(("Fakeport", "PRK", place))), ship)
    assert call.basis == FEASIBLE
    assert 0.3 <= call.probability <= 0.8
    assert any("an inference from a silence" in line for line in call.why)
    start, end = hours(scene, call)
    assert 8.0 <= start <= 10.0
    assert 54.0 <= end <= 56.0
    assert of(harbours_in(scene, ports_at(("Fakeport", "JPN", place))), ship) == []


def test_a_silence_too_short_for_a_stop_makes_no_call_feasible() -> None:
    place = SEAS["mid latitude"]
    scene = Scene(place=place, hours=40)
    far = away(place, bearing_deg=200, distance_nm=90)
    ship = caller(scene, [(place, 9, 12, "moor")], comes_from=far, goes_to=far, silent=[(5.6, 14.4)])
    assert of(harbours_in(scene, ports_at(("Fakeport", "PRK", place))), ship) == []


def test_a_silence_in_a_port_of_another_state_next_door_hardly_counts() -> None:
    place = SEAS["mid latitude"]
    near = away(place, bearing_deg=90, distance_nm=9)
    far = away(place, bearing_deg=200, distance_nm=90)
    chances = {}
    for spot in (place, near):
        scene = Scene(place=place, hours=80)
        ship = caller(scene, [(spot, 9, 55, "moor")], comes_from=far, goes_to=far, silent=[(8.8, 55.2)])
        ports = ports_at(("North side", "PRK", place), ("South side", "CHN", near))
        chances[spot] = max((call.probability for call in of(harbours_in(scene, ports), ship)), default=0.0)
    assert chances[near] < 0.6 * chances[place]


def test_several_silences_of_one_visit_are_one_call() -> None:
    place = SEAS["mid latitude"]
    scene = Scene(place=place, hours=140)
    far = away(place, bearing_deg=200, distance_nm=90)
    road = away(place, bearing_deg=200, distance_nm=14)
    stops = [(road, 8, 9, "anchor"), (place, 11, 55, "moor"), (road, 57, 58, "anchor"), (place, 60, 100, "moor")]
    ship = caller(scene, stops, comes_from=far, goes_to=far, silent=[(9.2, 56.5), (58.5, 103.0)])
    (call,) = of(harbours_in(scene, ports_at(("Fakeport", "PRK", place))), ship)
    assert call.basis == FEASIBLE
    assert call.probability <= 0.8
    assert any("More than one silence" in line for line in call.why)


def test_a_silence_beside_a_call_that_was_seen_is_the_same_visit() -> None:
    place = SEAS["mid latitude"]
    scene = Scene(place=place, hours=120)
    quay(scene, place)
    far = away(place, bearing_deg=200, distance_nm=90)
    ship = caller(scene, [(place, 9, 80, "moor")], comes_from=far, goes_to=far, silent=[(20.0, 81.0)])
    (call,) = of(harbours_in(scene, ports_at(("Fakeport", "PRK", place))), ship)
    assert call.basis == BERTH
