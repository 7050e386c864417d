"""A copied track through the whole of detection: no transfer, no raft, and an event that says what it is."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tests.detectors.spoofed import both, later, shifted
from tests.pipeline.test_spoofed import found_in, meetings
from tests.scenes import PLACES, Scene
from tracker.pipeline.find import Findings
from tracker.simulate.motion import away, join, sail
from tracker.tables.fixes import Fixes

everywhere = pytest.mark.parametrize("place", PLACES)
COPY = 413_000_777


def replays(found: Findings) -> list[dict[str, Any]]:
    return [row for row in found.events.to_pylist() if row["spoofing_type"] == "replayed"]


def with_copy(fixes: Fixes, mmsi: int, *, lag_s: float = 90.0, east_m: float = 0.0) -> Fixes:
    copy = later(fixes.take(np.flatnonzero(fixes.mmsi == mmsi)), hours=lag_s / 3600.0, mmsi=COPY)
    return both(fixes, shifted(copy, np.arange(len(copy)), east_m=east_m, north_m=0.0))


@everywhere
@pytest.mark.parametrize(("lag_s", "east_m"), [(90.0, 0.0), (0.0, 110.0), (0.0, 0.0)])
def test_a_ship_and_the_copy_of_her_track_have_not_met(place: str, lag_s: float, east_m: float) -> None:
    scene = Scene(place=PLACES[place])
    ship = scene.loiterer(from_h=8.0, hours=6.0)
    cards = scene.statics()
    hers = cards.set_column(
        cards.column_names.index("mmsi"), cards.schema.field("mmsi"), pa.array([COPY] * len(cards), pa.int32())
    )
    found = found_in(
        with_copy(scene.fixes(), ship.mmsi, lag_s=lag_s, east_m=east_m),
        pa.concat_tables([cards, hers.cast(cards.schema)]),
    )
    assert meetings(found) == []
    (row,) = replays(found)
    assert row["mmsi_1"] == COPY
    assert row["mmsi_2"] is None
    assert str(ship.mmsi) in row["why"][0]
    contacts = [r for r in found.events.to_pylist() if r["type"] == "encounter"]
    assert contacts
    for contact in contacts:
        assert contact["verdict"] == "unlikely"
        assert contact["confidence"] <= 0.05
        assert contact["why"][1].startswith("The two tracks are one")
        assert contact["group_id"] == row["group_id"]
    (alone,) = [r for r in found.events.to_pylist() if r["type"] == "loitering" and r["mmsi_1"] == COPY]
    assert "Her track is that of" in alone["why"][0]


@everywhere
def test_the_copy_of_a_guest_has_met_nobody_and_the_meeting_itself_is_untouched(place: str) -> None:
    scene = Scene(place=PLACES[place])
    host, guest = scene.transfer(meets_h=8, hours=4)
    plain = found_in(scene.fixes(), scene.statics())
    found = found_in(with_copy(scene.fixes(), guest.mmsi), scene.statics())
    (one,), (other,) = meetings(plain), meetings(found)
    assert {other["mmsi_1"], other["mmsi_2"]} == {host.mmsi, guest.mmsi}
    for name in ("confidence", "start_time", "end_time", "group_id", "verdict"):
        assert one[name] == other[name]
    assert len(replays(found)) == 1
    with_host = [
        row
        for row in found.events.to_pylist()
        if row["type"] == "encounter" and {row["mmsi_1"], row["mmsi_2"]} == {COPY, host.mmsi}
    ]
    assert with_host
    assert all(row["verdict"] == "unlikely" for row in with_host)
    assert all("it was not she who met" in row["why"][1] for row in with_host)


@everywhere
def test_two_numbers_of_one_hull_make_one_meeting_told_under_the_lower(place: str) -> None:
    scene = Scene(place=PLACES[place])
    host, guest = scene.transfer(meets_h=8, hours=4)
    found = found_in(with_copy(scene.fixes(), guest.mmsi, lag_s=0.0), scene.statics())
    (row,) = meetings(found)
    assert {row["mmsi_1"], row["mmsi_2"]} == {host.mmsi, guest.mmsi}
    told = [r for r in found.events.to_pylist() if r["type"] == "encounter" and COPY in (r["mmsi_1"], r["mmsi_2"])]
    assert any(f"told under {guest.mmsi}" in line for r in told for line in r["why"])


@everywhere
def test_ships_that_keep_company_are_no_copies(place: str) -> None:
    scene = Scene(place=PLACES[place], every_min=3.0)
    scene.raft()
    scene.transfer(mode="underway", speed_kn=5.0)
    scene.tow()
    scene.convoy()
    scene.fishing()
    assert replays(found_in(scene.fixes(), scene.statics())) == []


@everywhere
@pytest.mark.parametrize("lag_h", [0.5, 26.0])
def test_a_recorded_track_sent_under_another_number_where_nobody_is_near_is_told(place: str, lag_h: float) -> None:
    scene = Scene(place=PLACES[place], hours=48)
    ship = scene.loiterer(from_h=8.0, hours=6.0)
    fixes = scene.fixes()
    hers = fixes.take(np.flatnonzero((fixes.mmsi == ship.mmsi) & (fixes.time_ms < 1000 * scene.time_s(20.0))))
    found = found_in(both(fixes, later(hers, hours=lag_h, mmsi=COPY)), scene.statics())
    (row,) = replays(found)
    assert row["mmsi_1"] == COPY
    assert str(ship.mmsi) in row["why"][0]
    assert row["duration_h"] > 15.0
    assert meetings(found) == []


@everywhere
def test_what_may_be_one_track_or_two_ships_in_company_is_not_called_likely(place: str) -> None:
    scene = Scene(place=PLACES[place], hours=20.0, every_min=2.0)
    ship = scene.ship(length_m=120.0)
    there = away(PLACES[place], bearing_deg=60.0, distance_nm=50.0)
    goal = away(there, bearing_deg=60.0, distance_nm=8.0)
    slow = sail([there, goal], depart_s=scene.time_s(6.0), speed_kn=1.0)
    scene.add(ship, join(sail([PLACES[place], there], depart_s=scene.start_s, speed_kn=8.5), slow))
    fixes = scene.fixes()
    fixes = Fixes(**{**fixes.__dict__, "time_ms": fixes.time_ms // 120_000 * 120_000})
    doubled = with_copy(fixes, ship.mmsi, lag_s=90.0, east_m=50.0)
    coarse = {n: (np.rint(getattr(doubled, n) / 1000.0) * 1000).astype(np.int32) for n in ("lon_e7", "lat_e7")}
    found = found_in(Fixes(**{**doubled.__dict__, **coarse}), scene.statics())
    rows = [row for row in found.events.to_pylist() if row["type"] == "encounter"]
    assert rows
    assert all(row["verdict"] != "likely" for row in rows)


@everywhere
def test_a_slow_straight_stretch_on_a_common_clock_does_not_hide_a_copy_that_turns_elsewhere(place: str) -> None:
    scene = Scene(place=PLACES[place], hours=20.0, every_min=2.0)
    ship = scene.ship(length_m=120.0)
    there = away(PLACES[place], bearing_deg=60.0, distance_nm=50.0)
    end = away(there, bearing_deg=75.0, distance_nm=8.0)
    goal = away(end, bearing_deg=20.0, distance_nm=50.0)
    slow = sail([there, end], depart_s=scene.time_s(6.0), speed_kn=1.0)
    last = sail([end, goal], depart_s=scene.time_s(14.1), speed_kn=9.0)
    scene.add(ship, join(sail([PLACES[place], there], depart_s=scene.start_s, speed_kn=8.5), slow, last))
    fixes = scene.fixes()
    fixes = Fixes(**{**fixes.__dict__, "time_ms": fixes.time_ms // 120_000 * 120_000})
    doubled = with_copy(fixes, ship.mmsi, lag_s=90.0, east_m=77.0)
    copied = doubled.mmsi == COPY
    coarse = {
        n: np.where(copied, np.rint(getattr(doubled, n) / 1000.0) * 1000, getattr(doubled, n)).astype(np.int32)
        for n in ("lon_e7", "lat_e7")
    }
    found = found_in(Fixes(**{**doubled.__dict__, **coarse}), scene.statics())
    assert len(replays(found)) == 1
    assert meetings(found) == []
