"""Anchorages: learnt where several ships lay, called inferred; a user's own win over listed ports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.detectors.harbour_scenes import SEAS, caller, harbours_in, ports_at, quay
from tests.scenes import Scene
from tracker.detectors.anchorages import AnchorageParams, anchorage_of, learn_anchorages
from tracker.errors import MissingColumnError
from tracker.geo.kernels import distance_m
from tracker.simulate.motion import anchor, away
from tracker.tables.given import ANCHORAGES_GIVEN, GivenTable, read_given
from tracker.zones.anchorages import ports_and, read_anchorages
from tracker.zones.ports import Ports

everywhere = pytest.mark.parametrize("sea", SEAS)


def at_anchor(scene: Scene, count: int, *, apart_nm: float = 0.5) -> None:
    """Ships at anchor in a row all through the scene."""
    for n in range(count):
        ship = scene.ship(length_m=95.0)
        spot = away(scene.place, bearing_deg=80.0, distance_nm=n * apart_nm)
        times = {"start_s": scene.fleet.start_s, "end_s": scene.fleet.end_s}
        scene.add(ship, anchor(spot, rng=scene.rng(51, n), length_m=95.0, **times))


def nowhere(sea: str) -> Any:
    """A port list whose only port is far away."""
    return ports_at(("Far", "JPN", away(SEAS[sea], bearing_deg=0, distance_nm=200)))


@everywhere
def test_several_ships_at_anchor_close_together_teach_an_anchorage(sea: str) -> None:
    scene = Scene(place=SEAS[sea], hours=16)
    at_anchor(scene, 5)
    stops = harbours_in(scene, nowhere(sea)).stops
    found = learn_anchorages(stops, params=AnchorageParams())
    assert len(found) == 1
    assert found.vessels[0] == 5
    middle = away(SEAS[sea], bearing_deg=80.0, distance_nm=1.0)
    assert float(distance_m(found.lon[0], found.lat[0], *middle)) < 500
    assert 1.0 <= found.radius_nm[0] <= 2.5
    rows = anchorage_of(stops, found.lon, found.lat, found.radius_nm)
    assert (rows == 0).sum() == 5


def test_two_ships_at_anchor_teach_none() -> None:
    scene = Scene(place=SEAS["equator"], hours=16)
    at_anchor(scene, 2)
    assert len(learn_anchorages(harbours_in(scene, nowhere("equator")).stops, params=AnchorageParams())) == 0


def test_one_ship_that_returns_again_and_again_teaches_none() -> None:
    scene = Scene(place=SEAS["equator"], hours=80)
    near = away(scene.place, bearing_deg=90, distance_nm=0.4)
    far = away(scene.place, bearing_deg=0, distance_nm=30)
    stops = [(scene.place, 1, 8, "anchor"), (far, 12, 18, "anchor"), (near, 24, 30, "anchor"), (far, 34, 40, "anchor")]
    caller(scene, stops)
    assert len(learn_anchorages(harbours_in(scene, nowhere("equator")).stops, params=AnchorageParams())) == 0


def table(text: str) -> GivenTable:
    """A user's file."""
    return GivenTable(ANCHORAGES_GIVEN, "mine.csv", "0" * 64, text)


@everywhere
def test_a_users_anchorage_gives_its_name_to_a_call(sea: str) -> None:
    place = SEAS[sea]
    scene = Scene(place=place, hours=40)
    far = away(place, bearing_deg=200, distance_nm=80)
    ship = caller(scene, [(place, 9, 30, "anchor")], comes_from=far, goes_to=far)
    given = read_anchorages(table(f"lat,lon,label,iso3\n{place[1]},{place[0]},OUTER ROADS,PRK\n"))
    ports = ports_and([given])
    assert ports is not None
    (call,) = [one for one in harbours_in(scene, ports).calls if one.ship.mmsi == ship.mmsi]
    assert (call.port, call.port_state, call.basis) == ("OUTER ROADS", "PRK", "roadstead")


def test_a_users_anchorage_does_not_name_the_quays_beside_it() -> None:
    place = SEAS["equator"]
    scene = Scene(place=place, hours=40)
    quay(scene, place)
    road = away(place, bearing_deg=180, distance_nm=1.0)
    far = away(place, bearing_deg=200, distance_nm=80)
    moored = caller(scene, [(place, 9, 30, "moor")], comes_from=far, goes_to=far)
    anchored = caller(scene, [(road, 9, 30, "anchor")], comes_from=far, goes_to=far)
    listed = ports_at(("Harbour", "JPN", place), ("ROADS", "JPN", road))
    ports = Ports(**{**listed.__dict__, "kind": np.array(["port", "anchorage"]), "radius_nm": np.array([np.nan, 2.0])})
    named = {one.ship.mmsi: one.port for one in harbours_in(scene, ports).calls}
    assert (named[moored.mmsi], named[anchored.mmsi]) == ("Harbour", "ROADS")


def test_lines_without_a_place_or_label_are_counted_and_unknown_states_left_empty() -> None:
    text = "s2id,latitude,longitude,label,sublabel,iso3\n" + "\n".join(
        ("1,38.7,125.1,NAMPO ROADS,,PRK", "2,,125,X,,PRK", "3,95,125,X,,PRK", "4,38,125,,,PRK", "5,38,125,Y\u202e,,QQQ")
    )
    given = read_anchorages(table(text))
    assert [row.label for row in given.rows] == ["NAMPO ROADS", "Y\ufffd"]
    assert [row.state for row in given.rows] == ["PRK", ""]
    assert given.faults.counts == {
        "set aside: no place on the globe": 2,
        "set aside: no label": 1,
        "unknown state, left empty": 1,
    }


def test_a_file_without_the_columns_says_which_it_has(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(MissingColumnError, match="It has: a, b"):
        read_anchorages(read_given(path, role=ANCHORAGES_GIVEN))


def test_no_anchorages_are_no_ports_of_ones_own() -> None:
    assert ports_and([]) is None
    assert np.isnan(ports_at(("A", "JPN", (0.0, 0.0))).radius_nm).all()
