"""Ports: those that matter are there, none is twice, and the list agrees with the World Port Index."""

import csv

import numpy as np
import pytest

from tests.shared_data import shared
from tracker.geo.states import names_by_code
from tracker.zones.earth import arc_nm, fast_tree, to_ecef
from tracker.zones.index import read_index
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
    assert sum(r["state"] == "CHN" for r in rows) > 170


def test_ports_of_different_sources_are_more_than_five_kilometres_apart() -> None:
    rows = rows_of("ports.csv")
    own = [r for r in rows if r["source"] == "own"]
    rest = [r for r in rows if r["source"] != "own"]
    xyz = [to_ecef([float(r["lon"]) for r in part], [float(r["lat"]) for r in part]) for part in (own, rest)]
    distance, _ = fast_tree(xyz[0]).query(xyz[1])
    assert distance.min() > 5000


# degrees and minutes as charts give them; the sources write them with a point between
IN_MINUTES = {"USLAT": (-(118 + 4 / 60), 33 + 48 / 60), "JPYOS": (139 + 40 / 60, 35 + 17 / 60)}
IN_MINUTES |= {"TWTPE": (121 + 31 / 60, 25 + 2 / 60)}


@pytest.mark.parametrize("locode", IN_MINUTES)
def test_degrees_and_minutes_are_not_read_as_decimals(locode: str) -> None:
    row = next(r for r in rows_of("ports.csv") if r["locode"] == locode)
    here, there = (to_ecef([x], [y]) for x, y in ((float(row["lon"]), float(row["lat"])), IN_MINUTES[locode]))
    assert arc_nm(np.linalg.norm(here - there, axis=1))[0] < 1


def test_decimals_on_the_whole_minute_stay_decimals() -> None:
    newlyn = next(r for r in rows_of("ports.csv") if r["locode"] == "GBNYL")
    assert (float(newlyn["lon"]), float(newlyn["lat"])) == (-5.55, 50.1)


def test_no_port_lies_at_sea_but_offshore_terminals() -> None:
    rows = rows_of("ports.csv")
    lon, lat = (np.array([float(r[k]) for r in rows]) for k in ("lon", "lat"))
    index = read_index()
    at_sea = ~index.is_on_land(lon, lat) & (index.nearest(to_ecef(lon, lat)).coast_nm > 5)
    names = [r["name"] for r, far in zip(rows, at_sea, strict=True) if far]
    assert [n for n in names if "Terminal" not in n and n not in {"Abu Al Bukhoosh", "Cayo Arcas", "Taboneo"}] == []
    assert len(names) > 5, "the offshore terminals are there"


def test_no_port_of_california_stands_on_san_clemente_island() -> None:
    rows = [r for r in rows_of("ports.csv") if r["state"] == "USA"]
    island = [r for r in rows if -118.7 < float(r["lon"]) < -118.3 and 32.7 < float(r["lat"]) < 33.1]
    assert island == []


def test_nine_in_ten_ports_are_within_five_miles_of_the_world_port_index_by_locode() -> None:
    known: dict[str, list[tuple[float, float]]] = {}
    with shared("wpi_ports.csv").open(encoding="utf-8", newline="") as file:
        for r in csv.DictReader(file):
            known.setdefault(r["locode"].replace(" ", ""), []).append((float(r["lon"]), float(r["lat"])))
    known.pop("", None)
    ours = [r for r in rows_of("ports.csv") if r["locode"] in known]
    off = []
    for r in ours:
        there = to_ecef(*np.array(known[r["locode"]]).T)
        here = to_ecef([float(r["lon"])], [float(r["lat"])])
        off.append(arc_nm(np.linalg.norm(there - here, axis=1)).min())
    assert len(ours) > 2000
    assert np.mean(np.array(off) > 5) < 0.1
    assert np.mean(np.array(off) > 20) < 0.025


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


@pytest.mark.parametrize(
    ("lon", "lat", "name", "state"),
    [(124.15, 39.83, "Dandong", "CHN"), (121.87, 29.95, "Ningbo", "CHN"), (131.38, 42.86, "Slavyanka", "RUS")],
)
def test_a_seaport_far_from_its_town_is_known_at_its_berths(lon: float, lat: float, name: str, state: str) -> None:
    answer = nearest_port([lon], [lat]).to_pylist()[0]
    assert name in answer["port"]
    assert answer["port_state"] == state
    assert answer["port_distance_nm"] < 2
