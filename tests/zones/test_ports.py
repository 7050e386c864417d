"""Ports: those that matter are there, none is twice, and the list agrees with the World Port Index."""

import csv

import numpy as np
import pytest

from tests.shared_data import shared
from tracker.geo.states import names_by_code
from tracker.zones.earth import arc_nm, fast_tree, to_ecef
from tracker.zones.packaged import rows_of
from tracker.zones.ports import nearest_port, read_ports

DPRK = {
    "Nampo": (125.40, 38.73), "Chongjin": (129.82, 41.77), "Hungnam": (127.62, 39.83), "Wonsan": (127.44, 39.17),
    "Haeju": (125.70, 38.00), "Najin": (130.30, 42.23), "Songnim": (125.63, 38.73), "Kimchaek": (129.20, 40.67),
    "Sinuiju": (124.39, 40.10), "Tanchon": (128.92, 40.42),
}  # fmt: skip


@pytest.mark.parametrize("name", DPRK)
def test_the_ports_of_north_korea_are_known(name: str) -> None:
    lon, lat = DPRK[name]
    answer = nearest_port([lon], [lat]).to_pylist()[0]
    assert name in answer["port"]
    assert answer["port_state"] == "PRK"
    assert answer["port_distance_nm"] < 4


def test_berths_of_southern_california_are_near_a_port() -> None:
    ports = nearest_port([-119.265, -117.185, -117.78], [34.245, 32.705, 33.0]).to_pylist()
    assert ports[0]["port"] == "Ventura Harbor"
    assert ports[1]["port"].startswith("San Diego")
    assert [p["port_distance_nm"] < 1 for p in ports] == [True, True, False]


def test_rows_are_whole_and_no_locode_is_twice() -> None:
    rows = rows_of("ports.csv")
    assert len(rows) > 3500
    assert all(r["name"] and r["state"] in names_by_code() and r["source"] for r in rows)
    locodes = [r["locode"] for r in rows if r["locode"] and r["source"].startswith("sea-ports")]
    assert len(locodes) == len(set(locodes))
    assert sum(r["state"] == "CHN" for r in rows) > 180


def test_ports_of_different_sources_are_more_than_five_kilometres_apart() -> None:
    rows = rows_of("ports.csv")
    own = [r for r in rows if r["source"] == "own"]
    rest = [r for r in rows if r["source"] != "own"]
    xyz = [to_ecef([float(r["lon"]) for r in part], [float(r["lat"]) for r in part]) for part in (own, rest)]
    distance, _ = fast_tree(xyz[0]).query(xyz[1])
    assert distance.min() > 5000


def test_a_position_that_is_none_has_no_port() -> None:
    row = nearest_port([np.nan], [10.0]).to_pylist()[0]
    assert set(row.values()) == {None}


def test_two_in_three_ports_of_the_world_port_index_have_one_of_ours_within_ten_miles() -> None:
    with shared("wpi_ports.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lon, lat = (np.array([float(r[k]) for r in rows]) for k in ("lon", "lat"))
    chord, _ = read_ports().tree.query(to_ecef(lon, lat))
    assert np.mean(arc_nm(chord) < 10) > 2 / 3
    korea = np.array([r["country"] == "North Korea" for r in rows])
    assert (arc_nm(chord)[korea] < 25).all()
