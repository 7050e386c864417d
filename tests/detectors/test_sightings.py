"""Ships seen from space: those that were heard are recognised, and what lies unknown beside a slow ship is evidence."""

import json

import numpy as np
import pytest

from tests.detectors.alone import alone_in, put_traffic
from tests.detectors.meetings import PARAMS
from tests.scenes import PLACES, Scene
from tracker.cleaning.hull_params import HullParams
from tracker.detectors.dark import DarkParams, join_dark
from tracker.detectors.sightings import SightingParams, read_detections
from tracker.identity.cards import Cards
from tracker.pipeline.sighted import Sighted, match_given
from tracker.simulate.motion import away
from tracker.tables.given import SEEN, GivenTable

HEAD = "time,lon,lat,length_m,source\n"
everywhere = pytest.mark.parametrize("place", PLACES)


class SceneSource:
    """A scene's reports, as detection reads them."""

    def __init__(self, scene: Scene) -> None:
        self.fixes = scene.fixes()

    def windows(self, requests):  # type: ignore[no-untyped-def]
        found = {}
        columns = (requests["mmsi"], requests["start"].cast("int64"), requests["end"].cast("int64"))
        for mmsi, start, end in zip(*(c.to_pylist() for c in columns), strict=True):
            f = self.fixes
            keep = (f.mmsi == mmsi) & (f.time_ms >= start) & (f.time_ms <= end)
            if keep.any():
                found[mmsi] = f.take(keep)
        return found


def seen(text: str) -> GivenTable:
    return GivenTable(SEEN, "SYNTHETIC_sar.csv", "0" * 64, HEAD + text)


def line(scene: Scene, hour: float, place: tuple[float, float], length: float | str = "", source: str = "S1") -> str:
    from datetime import UTC, datetime

    when = datetime.fromtimestamp(scene.time_s(hour), UTC).isoformat()
    return f"{when},{place[0]:.5f},{place[1]:.5f},{length},{source}\n"


def where(scene: Scene, ship, hour: float) -> tuple[float, float]:  # type: ignore[no-untyped-def]
    pose = scene.voyage(ship).track.at([scene.time_s(hour)])
    return float((pose.lon[0] + 180.0) % 360.0 - 180.0), float(pose.lat[0])


def matched(scene: Scene, text: str) -> Sighted:
    ship_at = Cards(scene.statics()).ship_at
    hearing = alone_in(scene).hearing
    return match_given([seen(text)], hearing, SceneSource(scene), ship_at, hulls=HullParams(), params=SightingParams())


@everywhere
def test_a_detection_on_the_way_of_a_ship_that_was_heard_is_that_ship(place: str) -> None:
    scene = Scene(place=PLACES[place], every_min=10)
    ships = put_traffic(scene, count=4)
    lines = [line(scene, 12.3, where(scene, ship, 12.3), ship.length_m + 8) for ship in ships]
    nobody = away(scene.place, bearing_deg=45.0, distance_nm=25.0)
    lines.append(line(scene, 12.3, ((nobody[0] + 180.0) % 360.0 - 180.0, nobody[1]), 90))
    rows = matched(scene, "".join(lines)).table("run").to_pylist()
    assert [row["mmsi"] for row in rows[:-1]] == [ship.mmsi for ship in ships]
    assert [row["status"] for row in rows] == ["matched"] * 4 + ["unmatched"]
    assert all(row["distance_m"] <= row["uncertainty_m"] for row in rows[:-1])


def test_a_detection_twice_as_long_as_the_ship_is_another() -> None:
    scene = Scene(every_min=10)
    (ship,) = put_traffic(scene, count=1)
    rows = matched(scene, line(scene, 9, where(scene, ship, 9), 2.0 * ship.length_m)).table("run").to_pylist()
    assert rows[0]["status"] == "unmatched"


def test_two_detections_in_one_scene_are_not_both_one_ship() -> None:
    scene = Scene(every_min=10)
    (ship,) = put_traffic(scene, count=1)
    at = where(scene, ship, 9)
    beside = away(at, bearing_deg=90.0, distance_nm=0.05)
    rows = matched(scene, line(scene, 9, at, 118) + line(scene, 9, beside, 90)).table("run").to_pylist()
    assert [row["status"] for row in rows] == ["matched", "unmatched"]


def test_a_detection_where_nobody_was_heard_is_not_called_unmatched() -> None:
    scene = Scene(every_min=10)
    put_traffic(scene, count=1)
    far = (-140.0, -30.0)
    rows = matched(scene, line(scene, 9, far, 90)).table("run").to_pylist()
    assert rows[0]["status"] == "outside the data"


def test_bad_rows_are_counted_with_their_reason_and_hostile_texts_are_defused() -> None:
    text = (
        "2020-01-31T00:00:00Z,124.0,30.0,90,=cmd()\u202e<script>\n"
        "yesterday,124.0,30.0,90,S1\n"
        "2020-01-31,124.0,30.0,90,S1\n"
        "2020-01-31T00:00:00Z,nan,30.0,90,S1\n"
        "2020-01-31T00:00:00Z,124.0,95.0,90,S1\n"
        "2020-01-31T00:00:00Z,124.0,30.0,-5,S1\n"
        "2020-01-31T00:00:00Z,190.0,30.0,1e9,S1\n"
    )
    found = read_detections(seen(text))
    assert len(found.rows) == 3
    assert found.lon[2] == pytest.approx(-170.0)
    assert np.isnan(found.length_m[1:]).all()
    assert "\u202e" not in found.source[0]
    assert found.faults.counts == {
        "time is no date and time": 2,
        "lon or lat is no place": 2,
        "length_m is no length of a ship, taken as not known": 2,
    }


def dark(scene: Scene, text: str | None):  # type: ignore[no-untyped-def]
    found, ship_at = alone_in(scene), Cards(scene.statics()).ship_at
    beside = None
    if text is not None:
        sighted = matched(scene, text)
        beside = [sighted.beside(one) for one in found.loiterers]
    docked = np.zeros(len(found.silences), np.bool_)
    return join_dark(
        found.loiterers,
        found.silences,
        found.stories,
        docked,
        ship_at,
        params=DarkParams(),
        judge=PARAMS.judge,
        beside=beside,
    )


@everywhere
def test_an_unknown_hull_seen_beside_a_slow_ship_raises_the_confidence_and_is_told(place: str) -> None:
    scene = Scene(place=PLACES[place], hours=36, every_min=10)
    put_traffic(scene, count=20)
    host, guest = scene.transfer(meets_h=14, hours=5, silent_guest=[(7, 26)])
    at, side = where(scene, host, 16), where(scene, guest, 16)
    text = line(scene, 16, at, host.length_m) + line(scene, 16, side, guest.length_m)
    (before,), (after,) = dark(scene, None), dark(scene, text)
    assert before["confidence"] < after["confidence"] < 0.8
    assert after["mmsi_2"] == guest.mmsi
    assert after["verdict"] == "possible"
    assert any("fits no ship that was heard" in sentence for sentence in after["why"])


def test_the_length_seen_ranks_the_candidates() -> None:
    scene = Scene(hours=36, every_min=10)
    put_traffic(scene, count=12)
    host, guest = scene.transfer(meets_h=14, hours=5, silent_guest=[(7, 26)])
    shares = []
    for length in (guest.length_m, 230.0):
        text = line(scene, 16, where(scene, host, 16), host.length_m) + line(scene, 16, where(scene, guest, 16), length)
        (row,) = dark(scene, text)
        listed = {one["mmsi"]: one["probability"] for one in json.loads(row["candidates"])}
        shares.append(listed.get(guest.mmsi, 0.0))
    assert shares[0] > 0.5 > shares[1]


def test_a_hull_seen_beside_a_ship_without_any_silent_candidate_is_a_meeting_with_a_ship_unknown() -> None:
    scene = Scene(hours=36, every_min=10)
    put_traffic(scene)
    ship = scene.loiterer(from_h=8, hours=6)
    at = where(scene, ship, 11)
    beside = away(at, bearing_deg=0.0, distance_nm=0.06)
    (row,) = dark(scene, line(scene, 11, at, ship.length_m) + line(scene, 11, beside, 85))
    assert row["mmsi_2"] is None
    assert row["verdict"] == "possible"
    assert "No silent ship" in " ".join(row["why"])


def test_a_detection_is_no_second_ship_where_the_slow_ship_herself_was_not_detected() -> None:
    scene = Scene(hours=36, every_min=10)
    put_traffic(scene)
    ship = scene.loiterer(from_h=8, hours=6)
    beside = away(where(scene, ship, 11), bearing_deg=0.0, distance_nm=0.35)
    assert dark(scene, line(scene, 11, beside, 2.5 * ship.length_m)) == []


@everywhere
def test_one_detection_is_told_once_however_many_files_of_detections_were_given(place: str) -> None:
    scene = Scene(place=PLACES[place], hours=36, every_min=10)
    put_traffic(scene, count=4)
    host, guest = scene.transfer(meets_h=14, hours=5, silent_guest=[(7, 26)])
    at, side = where(scene, host, 16), where(scene, guest, 16)
    text = line(scene, 16, at, host.length_m) + line(scene, 16, side, guest.length_m)
    other = line(scene, 15, where(scene, host, 15), host.length_m, source="S2")
    ship_at, found = Cards(scene.statics()).ship_at, alone_in(scene)
    given = (found.hearing, SceneSource(scene), ship_at)
    alone, both = (
        match_given([seen(t) for t in texts], *given, hulls=HullParams(), params=SightingParams())
        for texts in ((text,), (text, other))
    )
    (host_stop,) = [one for one in found.loiterers if one.ship.mmsi == host.mmsi]
    assert alone.beside(host_stop) == both.beside(host_stop)
    assert len(both.beside(host_stop)) == 1
