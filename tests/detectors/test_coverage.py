"""Coverage: what was heard against what was there, outages of receivers and feeds, and the sentence of every total."""

import numpy as np
import pytest

from tests.detectors.alone import put_traffic
from tests.detectors.listening import Listener
from tests.scenes import PLACES, Scene
from tracker.detectors.coverage import Coverage, CoverageParams, coverage_statement, measure_coverage
from tracker.simulate.motion import anchor, away
from tracker.tables.fixes import Fixes

everywhere = pytest.mark.parametrize("place", PLACES)


def coverage_of(fixes: Fixes, *, max_rows: int = 200_000) -> Coverage:
    listener = Listener()
    listener.feed(fixes)
    return measure_coverage(listener.hearing(), params=CoverageParams(max_rows=max_rows))


def roadstead(place: str, *, ships: int = 8, silent: list[tuple[float, float]] | None = None) -> Scene:
    """Ships at anchor near each other, and as many far away."""
    scene = Scene(place=PLACES[place], hours=48, every_min=10)
    for far in (0.0, 900.0):
        for n in range(ships):
            spot = away(PLACES[place], bearing_deg=180.0, distance_nm=far + 2.0 + n)
            ship = scene.ship("cargo")
            times = {"start_s": scene.fleet.start_s, "end_s": scene.fleet.end_s}
            track = anchor(spot, rng=scene.rng(60, n), length_m=100.0, **times)
            scene.add(ship, track, silent=(silent or []) if far == 0.0 else [])
    return scene


@everywhere
def test_ships_that_are_heard_all_the_time_leave_no_outage_and_the_sentence_says_so(place: str) -> None:
    found = coverage_of(roadstead(place).fixes())
    assert found.outages.num_rows == 0
    assert set(found.cells["state"].to_pylist()) <= {"heard", "unknown"}
    assert found.totals["heard_share"] == 1.0
    assert "100 %" in found.totals["statement"]
    assert "no outage found" in found.totals["statement"]
    assert "never heard are in no figure" in found.totals["statement"]


@everywhere
def test_all_ships_of_an_area_silent_together_are_one_outage_of_that_area(place: str) -> None:
    scene = roadstead(place, silent=[(14.1, 20.9)])
    found = coverage_of(scene.fixes())
    (outage,) = found.outages.to_pylist()
    assert outage["scope"] == "area"
    assert outage["start_time"].timestamp() == pytest.approx(scene.time_s(15.0), abs=3600)
    assert outage["end_time"].timestamp() == pytest.approx(scene.time_s(20.0), abs=3600)
    assert outage["ship_hours"] == pytest.approx(8 * 5, abs=8)
    lon = (PLACES[place][0] - outage["west"]) % 360.0
    assert lon <= (outage["east"] - outage["west"]) % 360.0 or lon > 358.0
    assert outage["south"] - 1.0 <= PLACES[place][1] <= outage["north"] + 1.0
    down = [row for row in found.cells.to_pylist() if row["state"] == "down"]
    assert len(down) >= 5
    assert found.totals["area_outages"] == 1


@everywhere
def test_an_hour_in_which_nobody_at_all_is_heard_is_an_outage_of_the_feed(place: str) -> None:
    scene = Scene(place=PLACES[place], hours=36, every_min=10)
    put_traffic(scene, silent=[(10.1, 13.9)])
    (outage,) = coverage_of(scene.fixes()).outages.to_pylist()
    assert outage["scope"] == "feed"
    assert outage["cells"] is None
    assert (outage["end_time"] - outage["start_time"]).total_seconds() == 2 * 3600


def test_one_silent_ship_among_many_is_no_outage() -> None:
    scene = Scene(hours=36, every_min=10)
    put_traffic(scene)
    scene.transfer(meets_h=14, hours=5, silent_guest=[(7.0, 26.0)])
    assert coverage_of(scene.fixes()).outages.num_rows == 0


def test_the_silence_of_a_single_ship_says_nothing_of_the_feed() -> None:
    scene = Scene(hours=36, every_min=10)
    scene.neighbours(count=1)
    fixes = scene.fixes()
    quiet = fixes.take(np.abs(fixes.time_ms / 1000.0 - scene.time_s(18.0)) > 4 * 3600)
    assert coverage_of(quiet).outages.num_rows == 0


def test_the_table_stays_within_its_bound_by_coarser_cells_and_loses_no_ship() -> None:
    rng = np.random.default_rng(2)
    n = 40_000
    unknown = np.full(n, np.nan, np.float32)
    fixes = Fixes(
        time_ms=np.sort(rng.integers(0, 48 * 3_600_000, n)) + 1_580_000_000_000,
        mmsi=rng.integers(200_000_000, 200_020_000, n).astype(np.int32),
        lon_e7=rng.integers(-1_800_000_000, 1_800_000_000, n).astype(np.int32),
        lat_e7=rng.integers(-800_000_000, 800_000_000, n).astype(np.int32),
        sog_kn=unknown,
        cog_deg=unknown,
        heading_deg=unknown,
        nav_status=np.full(n, -1, np.int8),
        flags=np.zeros(n, np.uint8),
    )
    fine, coarse = coverage_of(fixes), coverage_of(fixes, max_rows=1000)
    assert coarse.cells.num_rows <= 1000 < fine.cells.num_rows
    for name in ("ships", "heard", "reports"):
        assert sum(fine.cells[name].to_pylist()) == sum(coarse.cells[name].to_pylist())
    assert sum(fine.cells["reports"].to_pylist()) == n


def test_nothing_heard_is_said_in_words() -> None:
    found = measure_coverage(Listener().hearing(), params=CoverageParams())
    assert found.cells.num_rows == found.outages.num_rows == 0
    assert found.totals["statement"] == coverage_statement({}) == "Coverage: nothing was heard."
