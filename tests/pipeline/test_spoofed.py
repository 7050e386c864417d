"""B14 through the whole of detection: what is false or heard twice makes no meeting and hides none."""

from typing import Any

import numpy as np
import pytest

from tests.detectors.spoofed import between, both, circling, later, ordered
from tests.scenes import PLACES, Scene
from tracker.pipeline.find import Findings, find_events
from tracker.pipeline.params import RunParams
from tracker.pipeline.progress import Silence
from tracker.pipeline.source import FixesSource
from tracker.simulate.motion import away, sail
from tracker.tables.fixes import Fixes

everywhere = pytest.mark.parametrize("place", PLACES)


def found_in(fixes: Fixes, statics: Any) -> Findings:
    return find_events(
        FixesSource(ordered(fixes)),
        statics,
        params=RunParams(),
        run_id="",
        progress=Silence(),
        total_rows=len(fixes),
    )


def meetings(found: Findings) -> list[dict[str, Any]]:
    """Contacts at sea that last, and are not called unlikely."""
    rows = [row for row in found.events.to_pylist() if row["type"] == "encounter"]
    return [row for row in rows if row["verdict"] in {"likely", "possible"} and row["duration_h"] > 0.5]


@everywhere
def test_b14_a_copy_of_the_guest_with_a_late_clock_neither_doubles_nor_lengthens_the_meeting(place: str) -> None:
    scene = Scene(place=PLACES[place])
    host, guest = scene.transfer(meets_h=8, hours=4)
    fixes = scene.fixes()
    copy = later(fixes.take(fixes.mmsi == guest.mmsi), hours=1.0)
    plain, doubled = (found_in(f, scene.statics()) for f in (fixes, both(fixes, copy)))
    (one,), (other,) = meetings(plain), meetings(doubled)
    assert {other["mmsi_1"], other["mmsi_2"]} == {host.mmsi, guest.mmsi}
    assert abs((one["start_time"] - other["start_time"]).total_seconds()) <= 600
    assert abs((one["end_time"] - other["end_time"]).total_seconds()) <= 600
    assert doubled.set_aside["clock_shifted"] > 100


@everywhere
def test_b14_two_ships_drawn_on_one_ring_by_a_spoofer_have_not_met(place: str) -> None:
    scene = Scene(place=PLACES[place], every_min=3.0)
    ships = []
    for bearing in (40.0, 250.0):
        ship = scene.ship()
        start = away(PLACES[place], bearing_deg=bearing, distance_nm=30.0)
        goal = away(start, bearing_deg=bearing, distance_nm=260.0)
        scene.add(ship, sail([start, goal], depart_s=scene.start_s, speed_kn=11.0, rng=scene.rng(90)))
        ships.append(ship)
    fixes = scene.fixes()
    for ship in ships:
        rows = between(scene, fixes, ship.mmsi, 8.0, 12.0)
        fixes = circling(fixes, rows, place=PLACES[place], radius_m=90.0, speed_kn=22.0)
    found = found_in(fixes, scene.statics())
    assert meetings(found) == []
    told = [row for row in found.events.to_pylist() if row["type"] == "spoofing"]
    assert sorted(row["mmsi_1"] for row in told) == sorted(ship.mmsi for ship in ships)
    assert {row["spoofing_type"] for row in told} <= {"circle", "on_land"}
    assert found.coverage["statement"].startswith("Coverage: ")


@everywhere
def test_b14_the_same_reports_rounded_otherwise_leave_the_meeting_as_it_is(place: str) -> None:
    scene = Scene(place=PLACES[place])
    scene.transfer(meets_h=8, hours=4)
    fixes = scene.fixes()
    rounded = {name: np.rint(getattr(fixes, name) / 167.0).astype(np.int32) * 167 for name in ("lon_e7", "lat_e7")}
    doubled = found_in(both(fixes, Fixes(**{**fixes.__dict__, **rounded})), scene.statics())
    (one,), (other,) = meetings(found_in(fixes, scene.statics())), meetings(doubled)
    for name in ("mmsi_1", "mmsi_2", "reports_1", "reports_2", "verdict"):
        assert one[name] == other[name]
    assert abs((one["start_time"] - other["start_time"]).total_seconds()) <= 5
    assert doubled.set_aside["repeated_report"] >= len(fixes)
