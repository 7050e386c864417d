"""Loitering that knows anchor, drift and waiting; rafts that name their mother ship."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from tests.detectors.harbour_scenes import SEAS
from tests.detectors.meetings import events_in
from tests.scenes import Scene
from tracker.detectors.calls import Call
from tracker.detectors.posture import Posture, posture_of
from tracker.detectors.raft_words import tell_rafts
from tracker.detectors.waiting import WaitingParams, tell_activities
from tracker.simulate.hulls import Hull
from tracker.simulate.motion import anchor, away, drift, moor
from tracker.tables.fixes import Fixes
from tracker.tables.journeys import ANCHORED, BERTH, DRIFTING, FEASIBLE, WAITING
from tracker.tables.ship import Ship

everywhere = pytest.mark.parametrize("sea", SEAS)
ANCHOR_M = 400.0
DAY = datetime(2020, 1, 30, tzinfo=UTC)


def of(scene: Scene, ship: Hull) -> Fixes:
    """Reports of one ship."""
    fixes = scene.fixes()
    return fixes.take(fixes.mmsi == ship.mmsi)


def lying(scene: Scene, how: str, **more: Any) -> Fixes:
    """Reports of a ship at anchor, or adrift, all through the scene."""
    ship = scene.ship(length_m=95.0)
    times = {"start_s": scene.fleet.start_s, "end_s": scene.fleet.end_s, "rng": scene.rng(41)}
    if how == "anchor":
        track = anchor(scene.place, length_m=95.0, **times, **more)
    else:
        track = drift(scene.place, heading_deg=100.0, set_deg=60.0, **times, **more)
    scene.add(ship, track)
    return of(scene, ship)


def read(fixes: Fixes) -> Posture:
    """The posture; there are reports enough."""
    posture = posture_of(fixes)
    assert posture is not None
    return posture


def silent_about_status(fixes: Fixes) -> Fixes:
    """The same reports from a source without navigational status."""
    return Fixes(**{**fixes.__dict__, "nav_status": np.full(len(fixes), -1, np.int8)})


@everywhere
def test_a_ship_that_swings_is_at_anchor_whatever_she_says(sea: str) -> None:
    fixes = silent_about_status(lying(Scene(place=SEAS[sea], hours=10), "anchor"))
    posture = read(fixes)
    assert posture.swing_radius_m == pytest.approx(90 + 47, abs=50)
    assert posture.activity(anchor_spread_m=ANCHOR_M) == ANCHORED


@everywhere
def test_a_ship_that_goes_with_the_current_drifts_at_its_set_and_speed(sea: str) -> None:
    posture = read(silent_about_status(lying(Scene(place=SEAS[sea], hours=6), "drift", speed_kn=0.8)))
    assert posture.activity(anchor_spread_m=ANCHOR_M) == DRIFTING
    assert posture.drift_kn == pytest.approx(0.8, abs=0.15)
    assert posture.drift_course_deg == pytest.approx(60.0, abs=25.0)
    assert any("as a current would set her" in line for line in posture.sentences())


@everywhere
def test_without_headings_the_word_of_the_crew_tells_an_anchored_ship(sea: str) -> None:
    fixes = lying(Scene(place=SEAS[sea], hours=8), "anchor")
    mute = Fixes(**{**fixes.__dict__, "heading_deg": np.full(len(fixes), np.nan, np.float32)})
    posture = read(mute)
    assert posture.swing_radius_m is None
    assert posture.said_anchored == 1.0
    assert posture.activity(anchor_spread_m=ANCHOR_M) == ANCHORED


def test_a_ship_that_holds_her_place_without_a_swing_or_a_word_is_not_said_to_be_at_anchor() -> None:
    scene = Scene(hours=8)
    ship = scene.ship(length_m=80.0)
    scene.add(ship, moor(scene.place, start_s=scene.fleet.start_s, end_s=scene.fleet.end_s, heading_deg=30.0))
    posture = read(silent_about_status(of(scene, ship)))
    assert "Nothing shows an anchor" in posture.sentences()[-1]


def test_a_few_reports_tell_nothing() -> None:
    fixes = lying(Scene(hours=2), "anchor")
    assert posture_of(fixes.take(slice(0, 4))) is None


def loitering(day_h: float, hours: float, *, at: tuple[float, float], confidence: float = 0.6) -> dict[str, Any]:
    """A loitering row."""
    start = DAY + timedelta(hours=day_h)
    return {
        "event_id": f"e{day_h}",
        "type": "loitering",
        "mmsi_1": 412_000_001,
        "start_time": start,
        "end_time": start + timedelta(hours=hours),
        "duration_h": hours,
        "lon": at[0],
        "lat": at[1],
        "confidence": confidence,
        "activity": ANCHORED,
        "why": ["Slow."],
    }


def a_call(day_h: float, at: tuple[float, float], basis: str = BERTH) -> Call:
    """A call of the same ship."""
    start_ms = int((DAY + timedelta(hours=day_h)).timestamp() * 1000)
    ship = Ship(412_000_001)
    end_ms = start_ms + 36_000_000
    return Call(ship, start_ms, end_ms, at[0], at[1], basis, "Fakeport", "JPN", 0.0, 0.9, True, True, ())


@everywhere
def test_a_stop_off_a_port_before_a_call_there_is_waiting_and_counts_less(sea: str) -> None:
    place = SEAS[sea]
    port = away(place, bearing_deg=40, distance_nm=15)
    (row,) = tell_activities([loitering(2, 6, at=place)], {}, [a_call(14, port)], params=WaitingParams())
    assert row["activity"] == WAITING
    assert row["confidence"] < 0.6
    assert "6.0 h later she called at Fakeport" in row["why"][-1]


@pytest.mark.parametrize(
    ("call_h", "distance_nm", "basis"), [(80, 15, BERTH), (14, 60, BERTH), (14, 15, FEASIBLE)], ids=str
)
def test_a_call_that_is_late_far_or_only_feasible_explains_no_stop(
    call_h: float, distance_nm: float, basis: str
) -> None:
    port = away(SEAS["equator"], bearing_deg=40, distance_nm=distance_nm)
    rows = [loitering(2, 6, at=SEAS["equator"])]
    (row,) = tell_activities(rows, {}, [a_call(call_h, port, basis)], params=WaitingParams())
    assert (row["activity"], row["confidence"]) == (ANCHORED, 0.6)


@everywhere
def test_a_stop_at_the_berth_of_a_call_is_the_call_and_a_dark_meeting_there_is_in_port(sea: str) -> None:
    berth = SEAS[sea]
    call = a_call(2, berth)
    beside, roads = (away(berth, bearing_deg=40, distance_nm=nm) for nm in (0.1, 2.0))
    stop, wait = loitering(2.5, 9, at=beside), loitering(2.5, 9, at=roads)
    dark = loitering(3, 6, at=beside) | {"type": "dark_encounter", "verdict": "possible", "in_port": False}
    told = tell_activities([stop, wait, dark], {}, [call], params=WaitingParams())
    assert [row["type"] for row in told] == ["loitering", "dark_encounter"]
    assert told[0]["activity"] == WAITING
    assert told[1]["in_port"] is True
    assert told[1]["verdict"] == "unlikely"
    assert told[1]["confidence"] <= 0.15
    assert any("berth of Fakeport" in line for line in told[1]["why"])
    (kept,) = tell_activities([stop], {}, [a_call(2, berth, FEASIBLE)], params=WaitingParams())
    assert kept["activity"] == ANCHORED


def test_a_wait_in_parts_at_one_place_is_one_row() -> None:
    place = SEAS["antimeridian"]
    parts = [loitering(h, 5, at=place) for h in (0, 8, 16)]
    elsewhere = loitering(30, 5, at=away(place, bearing_deg=90, distance_nm=6))
    told = tell_activities([*parts, elsewhere], {}, [], params=WaitingParams())
    assert [row["duration_h"] for row in told] == [21.0, 5.0]
    assert sum("goes on at the same place" in line for line in told[0]["why"]) == 1


@everywhere
def test_a_raft_names_its_mother_ship_and_who_lies_against_whom(sea: str) -> None:
    scene = Scene(place=SEAS[sea])
    ships = scene.raft()
    rows = tell_rafts(events_in(scene))
    said = [line for row in rows for line in row["why"] if line.startswith("Raft of")]
    assert said
    assert len(set(said)) == 1
    assert f"Raft of {len(ships)} ships" in said[0]
    assert any(f"mother ship SYN {n}" in said[0] for n in range(1, len(ships) + 1))


def test_a_pair_is_no_raft() -> None:
    scene = Scene()
    scene.transfer()
    assert not any(line.startswith("Raft") for row in tell_rafts(events_in(scene)) for line in row["why"])
