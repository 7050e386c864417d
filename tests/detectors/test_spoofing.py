"""False positions are told by type, with the numbers; ships that only look odd are not. At four places of the world."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detectors.spoofed import (
    between,
    both,
    circling,
    kinds,
    later,
    put,
    shifted,
    spoofing_among,
    spoofing_in,
)
from tests.scenes import PLACES, Scene
from tracker.engine.scan import scan
from tracker.simulate.hulls import Hull
from tracker.simulate.motion import anchor, away, join, sail
from tracker.tables.fixes import Fixes

everywhere = pytest.mark.parametrize("place", PLACES)
INLAND = {
    "mid latitude": (118.0, 31.2),
    "71 north": (25.5, 69.5),
    "equator": (12.0, 0.0),
    "antimeridian": (177.97, -17.75),
}
OFFSHORE = {
    "mid latitude": (124.3, 30.6),
    "71 north": (25.0, 71.6),
    "equator": (7.0, 0.0),
    "antimeridian": (180.0, -17.4),
}


def numbers(text: str) -> list[float]:
    return [float(found.replace(",", "")) for found in re.findall(r"\d[\d,]*\.?\d*", text)]


def under_way(place: str, *, hours: float = 24.0, every_min: float = 5.0) -> tuple[Scene, Hull]:
    scene = Scene(place=PLACES[place], hours=hours, every_min=every_min)
    ship = scene.ship()
    goal = away(PLACES[place], bearing_deg=60.0, distance_nm=11.0 * hours)
    scene.add(ship, sail([PLACES[place], goal], depart_s=scene.start_s, speed_kn=11.0, rng=scene.rng(50)))
    return scene, ship


@everywhere
@pytest.mark.parametrize(("radius_m", "every_min"), [(120.0, 2.0), (400.0, 5.0), (2500.0, 5.0)])
def test_a_ring_of_positions_far_from_her_way_is_a_circle(place: str, radius_m: float, every_min: float) -> None:
    scene, ship = under_way(place, every_min=every_min)
    fixes = scene.fixes()
    rows = between(scene, fixes, ship.mmsi, 8.0, 12.0)
    ring = away(PLACES[place], bearing_deg=5.0, distance_nm=60.0)
    found = spoofing_among(circling(fixes, rows, place=ring, radius_m=radius_m, speed_kn=24.0), scene.statics())
    (row,) = found.rows
    assert row["spoofing_type"] == "circle"
    assert abs(row["start_time"].timestamp() - scene.time_s(8.0)) < 3600.0
    assert abs(row["end_time"].timestamp() - scene.time_s(12.0)) < 3600.0
    assert numbers(row["why"][0])[1] == pytest.approx(radius_m, rel=0.05)
    assert row["confidence"] >= 0.5
    assert found.counts["spoofed_position"] >= 0.9 * len(rows)


def on_a_grid(fixes: Fixes, rows: np.ndarray, *, place: tuple[float, float], step_m: float, sog_kn: float) -> Fixes:
    """The reports with some of them at crossings of a lattice, in no order that a ship would take."""
    rng = np.random.default_rng(6)
    step_deg = step_m / 111_120.0
    east, north = rng.integers(0, 6, len(rows)), rng.integers(0, 5, len(rows))
    lon = place[0] + east * step_deg / np.cos(np.radians(place[1]))
    return put(fixes, rows, lon, place[1] + north * step_deg, sog_kn=sog_kn)


@everywhere
@pytest.mark.parametrize(("step_m", "sog_kn"), [(300.0, 8.0), (1000.0, 0.0), (5000.0, 12.0)])
def test_reports_on_the_crossings_of_a_lattice_are_a_grid(place: str, step_m: float, sog_kn: float) -> None:
    scene, ship = under_way(place, every_min=3.0)
    fixes = scene.fixes()
    rows = between(scene, fixes, ship.mmsi, 8.0, 12.0)
    lattice = away(PLACES[place], bearing_deg=0.0, distance_nm=30.0)
    found = spoofing_among(on_a_grid(fixes, rows, place=lattice, step_m=step_m, sog_kn=sog_kn), scene.statics())
    (row,) = [row for row in found.rows if row["spoofing_type"] == "grid"]
    assert abs(row["start_time"].timestamp() - scene.time_s(8.0)) < 3600.0
    assert abs(row["end_time"].timestamp() - scene.time_s(12.0)) < 3600.0
    assert numbers(row["why"][0])[3] == pytest.approx(step_m, rel=0.01)
    assert found.counts["spoofed_position"] >= 0.9 * len(rows)


@everywhere
def test_a_source_that_rounds_and_a_survey_to_and_fro_are_no_grid(place: str) -> None:
    scene = Scene(place=PLACES[place], hours=12.0, every_min=2.0)
    ship = scene.ship()
    corners = []
    for line in range(9):
        ends = [away(PLACES[place], bearing_deg=0.0, distance_nm=0.4 * line)]
        ends.append(away(ends[0], bearing_deg=90.0, distance_nm=6.0))
        corners += ends if line % 2 == 0 else ends[::-1]
    scene.add(ship, sail(corners, depart_s=scene.start_s, speed_kn=6.0, rng=scene.rng(50)))
    fixes = scene.fixes()
    assert "grid" not in kinds(spoofing_among(fixes, scene.statics()))
    coarse = dict(fixes.__dict__)
    for name in ("lon_e7", "lat_e7"):
        coarse[name] = (np.rint(coarse[name] / 20_000) * 20_000).astype(np.int32)
    assert "grid" not in kinds(spoofing_among(Fixes(**coarse), scene.statics()))


@everywhere
def test_ships_that_swing_at_anchor_are_no_circle(place: str) -> None:
    scene = Scene(place=PLACES[place], hours=72)
    scene.neighbours(count=3)
    assert kinds(spoofing_in(scene)) == []


@everywhere
def test_a_place_that_stays_to_the_last_digit_while_she_says_eleven_knots_is_frozen(place: str) -> None:
    scene, ship = under_way(place)
    fixes = scene.fixes()
    rows = between(scene, fixes, ship.mmsi, 6.0, 9.0)
    stuck = put(fixes, rows, fixes.lon[rows[0]], fixes.lat[rows[0]])
    found = spoofing_among(stuck, scene.statics())
    assert kinds(found) == ["frozen"]
    (row,) = found.rows
    assert row["duration_h"] == pytest.approx(3.0, abs=0.3)
    assert "11." in row["why"][0]


@everywhere
def test_ships_made_fast_whose_place_never_moves_are_not_frozen(place: str) -> None:
    scene = Scene(place=PLACES[place], noise_m=0.0)
    scene.berths()
    assert kinds(spoofing_in(scene)) == []


def played_again(scene: Scene, ship: Hull, *, hours: float) -> Fixes:
    fixes = scene.fixes()
    first = fixes.take(between(scene, fixes, ship.mmsi, 2.0, 8.0))
    return both(first, later(first, hours=hours))


@everywhere
def test_a_recorded_track_that_is_sent_again_the_next_day_is_replayed(place: str) -> None:
    scene, ship = under_way(place)
    found = spoofing_among(played_again(scene, ship, hours=24.0), scene.statics())
    (row,) = [row for row in found.rows if row["spoofing_type"] == "replayed"]
    assert "24.00 h before" in row["why"][0]
    assert row["start_time"].timestamp() == pytest.approx(scene.time_s(26.0), abs=900)


@everywhere
@pytest.mark.parametrize("decimals", [5, 4])
def test_a_ferry_that_keeps_her_timetable_to_the_second_is_not_replayed(place: str, decimals: int) -> None:
    scene = Scene(place=PLACES[place], hours=96, every_min=2)
    ferry = scene.ship("cargo", length_m=60.0)
    far = away(PLACES[place], bearing_deg=50.0, distance_nm=12.0)
    trips = []
    for n in range(95):
        ends = [PLACES[place], far] if n % 2 == 0 else [far, PLACES[place]]
        trips.append(sail(ends, depart_s=scene.time_s(n), speed_kn=14.0))
    scene.add(ferry, join(*trips))
    fixes = scene.fixes()
    step = 10 ** (7 - decimals)
    rounded = {name: np.rint(getattr(fixes, name) / step).astype(np.int32) * step for name in ("lon_e7", "lat_e7")}
    assert kinds(spoofing_among(Fixes(**{**fixes.__dict__, **rounded}), scene.statics())) == []


@everywhere
def test_a_copy_of_her_track_with_a_clock_an_hour_late_is_set_aside_and_no_event(place: str) -> None:
    scene, ship = under_way(place)
    fixes = scene.fixes()
    rows = between(scene, fixes, ship.mmsi, 2.0, 14.0)
    found = spoofing_among(both(fixes, later(fixes.take(rows), hours=1.0)), scene.statics())
    assert kinds(found) == []
    assert found.counts["clock_shifted"] >= 0.9 * len(rows)


@everywhere
@pytest.mark.parametrize("comes_back", [True, False])
def test_a_ship_that_is_forty_miles_off_in_a_minute_and_stays_is_a_jump(place: str, comes_back: bool) -> None:
    scene, ship = under_way(place)
    fixes = scene.fixes()
    rows = between(scene, fixes, ship.mmsi, 7.0, 10.0 if comes_back else 24.0)
    found = spoofing_among(shifted(fixes, rows, east_m=0.0, north_m=75_000.0), scene.statics())
    (row,) = found.rows
    assert row["spoofing_type"] == "jump"
    assert row["start_time"].timestamp() == pytest.approx(scene.time_s(7.0), abs=600)
    assert row["end_time"].timestamp() == pytest.approx(scene.time_s(10.0 if comes_back else 24.0), abs=900)
    assert 38.0 <= numbers(row["why"][0])[0] <= 43.0


@everywhere
def test_a_glitch_of_one_fix_is_set_aside_with_its_reason_and_is_no_event(place: str) -> None:
    scene, ship = under_way(place)
    fixes = scene.fixes()
    rows = between(scene, fixes, ship.mmsi, 7.0, 24.0)[[0, 40, 90]]
    found = spoofing_among(shifted(fixes, rows, east_m=0.0, north_m=[75_000.0, -9_000.0, 4_000.0]), scene.statics())
    assert kinds(found) == []
    assert sum(found.counts.values()) == 3
    assert set(found.set_aside["reason"].to_pylist()) <= {"lone_position", "wild_position"}


@everywhere
def test_two_ships_that_send_one_mmsi_at_the_same_time_are_two_places(place: str) -> None:
    scene, ship = under_way(place)
    twin = scene.loiterer(from_h=0.5, hours=22, at=away(PLACES[place], bearing_deg=180.0, distance_nm=240.0))
    fixes = scene.fixes()
    shared = Fixes(**{**fixes.__dict__, "mmsi": np.where(fixes.mmsi == twin.mmsi, ship.mmsi, fixes.mmsi)})
    found = spoofing_among(shared, scene.statics())
    assert kinds(found) == ["two_places"]
    assert found.segments["mmsi"].to_pylist() == [ship.mmsi, ship.mmsi]


@everywhere
def test_two_antennas_of_one_large_ship_are_not_two_places(place: str) -> None:
    scene, ship = under_way(place, every_min=1.0)
    fixes = scene.fixes()
    rows = between(scene, fixes, ship.mmsi, 0.0, 24.0)[::2]
    found = spoofing_among(shifted(fixes, rows, east_m=260.0, north_m=0.0), scene.statics())
    assert kinds(found) == []


@pytest.mark.parametrize("place", INLAND)
def test_a_ship_that_was_at_sea_and_is_deep_inland_a_minute_later_is_on_land(place: str) -> None:
    scene = Scene(place=OFFSHORE[place])
    ship = scene.loiterer(from_h=2.0, hours=20.0)
    fixes = scene.fixes()
    rows = between(scene, fixes, ship.mmsi, 9.0, 11.0)
    found = spoofing_among(put(fixes, rows, *INLAND[place]), scene.statics())
    (row,) = found.rows
    assert row["spoofing_type"] in {"on_land", "frozen"}
    assert any("inland" in sentence for sentence in row["why"])
    moving = shifted(
        put(fixes, rows, *INLAND[place]), rows, east_m=np.linspace(0, 900, len(rows)), north_m=np.zeros(len(rows))
    )
    (row,) = spoofing_among(moving, scene.statics()).rows
    assert row["spoofing_type"] == "on_land"


RIVERS = {
    "Yangtze below Wuhan": [(114.9, 30.5), (115.05, 30.2)],
    "Rhine above Duisburg": [(6.65, 51.5), (6.75, 51.3)],
    "Amazon at Manaus": [(-60.1, -3.16), (-59.8, -3.1)],
    "Lower Mississippi": [(-91.2, 30.4), (-91.15, 30.2)],
}


@pytest.mark.parametrize("river", RIVERS)
def test_a_ship_in_a_river_is_not_on_land(river: str) -> None:
    scene = Scene(place=RIVERS[river][0], hours=12)
    ship = scene.ship("cargo")
    scene.add(ship, sail(RIVERS[river], depart_s=scene.start_s, speed_kn=4.0))
    assert kinds(spoofing_in(scene)) == []


def crowd(place: str, count: int = 10) -> tuple[Scene, list[Hull]]:
    scene = Scene(place=PLACES[place], every_min=3.0)
    ships = []
    for n in range(count):
        ship = scene.ship("cargo")
        start = away(PLACES[place], bearing_deg=36.0 * n, distance_nm=4.0 + n)
        end = away(start, bearing_deg=36.0 * n + 90.0, distance_nm=60.0)
        scene.add(ship, sail([start, end], depart_s=scene.start_s, speed_kn=2.5))
        ships.append(ship)
    return scene, ships


def disturbed(scene: Scene, ships: list[Hull]) -> Fixes:
    rng, fixes = np.random.default_rng(3), scene.fixes()
    for ship in ships:
        rows = between(scene, fixes, ship.mmsi, 6.0, 8.0)[1::5]
        fixes = shifted(
            fixes, rows, east_m=rng.uniform(20e3, 60e3, len(rows)), north_m=rng.uniform(-60e3, 60e3, len(rows))
        )
    return fixes


@everywhere
def test_many_ships_that_lose_their_places_together_are_jammed(place: str) -> None:
    scene, ships = crowd(place)
    found = spoofing_among(disturbed(scene, ships), scene.statics())
    rows = [row for row in found.rows if row["spoofing_type"] == "jamming"]
    assert rows
    assert min(row["start_time"].timestamp() for row in rows) == pytest.approx(scene.time_s(6.0), abs=3600)
    assert max(row["end_time"].timestamp() for row in rows) == pytest.approx(scene.time_s(8.0), abs=3600)
    assert "ships lost their places" in rows[0]["why"][0]


@everywhere
def test_one_ship_with_a_bad_antenna_among_many_is_not_jamming(place: str) -> None:
    scene, ships = crowd(place)
    found = spoofing_among(disturbed(scene, ships[:1]), scene.statics())
    assert kinds(found) == []
    assert sum(found.counts.values()) >= 8


@everywhere
def test_ordinary_traffic_meetings_and_fishing_give_no_false_position(place: str) -> None:
    # the ships of a scene come from all sides: off the North Cape some would come over land
    open_sea = {**PLACES, "71 north": (5.0, 71.0)}
    scene = Scene(place=open_sea[place], every_min=3.0)
    scene.transfer(mode="anchor")
    scene.tow()
    scene.fishing()
    scene.pilot()
    scene.raft()
    found = spoofing_in(scene)
    assert kinds(found) == []
    assert found.counts == {}


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 5000), st.integers(0, 2**31))
def test_however_the_reports_are_cut_and_shuffled_the_findings_are_the_same(batch_rows: int, seed: int) -> None:
    scene, ship = under_way("antimeridian", hours=12.0)
    fixes = scene.fixes()
    rows = between(scene, fixes, ship.mmsi, 4.0, 6.0)
    false = shifted(fixes, rows, east_m=0.0, north_m=75_000.0)
    mixed = false.take(np.random.default_rng(seed).permutation(len(false)))
    one, other = (spoofing_among(f, scene.statics(), batch_rows=n) for f, n in ((false, 10**6), (mixed, batch_rows)))
    assert one.rows == other.rows
    assert one.counts == other.counts
    assert one.set_aside.equals(other.set_aside)


@everywhere
def test_a_bad_fix_after_a_silence_neither_ends_it_nor_moves_the_place_of_return(place: str) -> None:
    scene = Scene(place=PLACES[place], every_min=5.0)
    ship = scene.ship()
    times = {"start_s": scene.fleet.start_s, "end_s": scene.fleet.end_s}
    scene.add(ship, anchor(PLACES[place], rng=scene.rng(80), length_m=100.0, **times), silent=[(8.0, 14.0)])
    fixes = scene.fixes()
    first = between(scene, fixes, ship.mmsi, 14.0, 24.0)[:1]
    spoiled = shifted(fixes, first, east_m=0.0, north_m=60_000.0)
    found = spoofing_among(spoiled, scene.statics())
    assert kinds(found) == []
    assert found.counts == {"far_after_silence": 1}
    seen = scan([spoiled])
    (silence,) = found.mend(seen.silences).to_pylist()
    assert silence["end_time"].timestamp() * 1000 == fixes.time_ms[first[0] + 1]
    assert abs(silence["lat_2"] - silence["lat_1"]) < 0.01
