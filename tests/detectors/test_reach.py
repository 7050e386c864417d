"""Where a silent ship could have been: the geodesic is the oracle at sea, and land is gone round, not crossed."""

import numpy as np
import numpy.typing as npt
import pytest
import shapely
from pyproj import Geod, Transformer

from tests.scenes import PLACES
from tracker.detectors.reach import Reach, Silence
from tracker.detectors.ways_out import ReachParams, find_reach
from tracker.zones.ports import read_ports

HOUR = 3_600_000
GEOD = Geod(ellps="WGS84")
SEAS = {**PLACES, "pole": (40.0, 89.6)}
FEW = ReachParams(half_cells=60)
Floats = npt.NDArray[np.float64]

everywhere = pytest.mark.parametrize("place", SEAS)


def away(place: tuple[float, float], *, bearing_deg: float, distance_nm: float) -> tuple[float, float]:
    return GEOD.fwd(*place, bearing_deg, distance_nm * 1852.0)[:2]  # type: ignore[no-any-return]


def open_sea(lon: Floats, lat: Floats) -> npt.NDArray[np.bool_]:
    return np.zeros(len(lon), np.bool_)


def silence(place: str, *, hours: float = 10.0, apart_nm: float = 60.0, bearing_deg: float = 70.0) -> Silence:
    start = SEAS[place]
    end = away(start, bearing_deg=bearing_deg, distance_nm=apart_nm)
    return Silence(1, 0, round(hours * HOUR), *start, *end)


def miles(one: tuple[float, float], lon: Floats, lat: Floats) -> Floats:
    n = np.full(len(lon), 0.0)
    return np.asarray(GEOD.inv(n + one[0], n + one[1], lon, lat)[2]) / 1852.0


def points_round(s: Silence, *, most_nm: float = 90.0, count: int = 600) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(7)
    spots = [
        away((s.lon_1, s.lat_1), bearing_deg=float(b), distance_nm=float(d))
        for b, d in zip(rng.uniform(0, 360, count), most_nm * np.sqrt(rng.uniform(0, 1, count)), strict=True)
    ]
    return np.array([p[0] for p in spots]), np.array([p[1] for p in spots])


def wrapped(lon: Floats) -> Floats:
    return (lon + 180.0) % 360.0 - 180.0


@everywhere
@pytest.mark.parametrize("share", [0.1, 0.5, 0.85])
def test_at_sea_the_area_at_a_time_is_what_geodesics_at_her_speed_leave(place: str, share: float) -> None:
    s = silence(place)
    reach = find_reach(s, open_sea, speed_kn=12.0, params=FEW)
    area = reach.at(round(share * s.end_ms))
    lon, lat = points_round(s)
    slack = np.maximum(
        miles((s.lon_1, s.lat_1), lon, lat) - 12.0 * s.hours * share,
        miles((s.lon_2, s.lat_2), lon, lat) - 12.0 * s.hours * (1 - share),
    )
    inside = shapely.contains_xy(area, wrapped(lon), lat)
    assert area.is_valid
    assert inside[slack < -1.5 * reach.cell_nm].all()
    assert not inside[slack > 1.5 * reach.cell_nm].any()
    assert (slack < -1.5 * reach.cell_nm).sum() > 5


@everywhere
def test_over_the_whole_silence_it_is_the_ellipse_of_both_ways(place: str) -> None:
    s = silence(place)
    reach = find_reach(s, open_sea, speed_kn=12.0, params=FEW)
    lon, lat = points_round(s, most_nm=120.0)
    slack = miles((s.lon_1, s.lat_1), lon, lat) + miles((s.lon_2, s.lat_2), lon, lat) - 12.0 * s.hours
    inside = shapely.contains_xy(reach.envelope, wrapped(lon), lat)
    assert inside[slack < -3 * reach.cell_nm].all()
    assert not inside[slack > 3 * reach.cell_nm].any()


@everywhere
def test_an_area_over_the_date_line_or_a_pole_stays_in_degrees_that_every_reader_knows(place: str) -> None:
    s = silence(place)
    area = find_reach(s, open_sea, params=FEW).envelope
    west, south, east, north = area.bounds
    assert -180.0 <= west < east <= 180.0
    assert -90.0 <= south < north <= 90.0
    assert area.is_valid
    # its true size, on the plane that keeps areas; its edges are straight in degrees
    plane = Transformer.from_crs(4326, f"+proj=laea +lat_0={SEAS[place][1]} +lon_0={SEAS[place][0]}", always_xy=True)
    flat = shapely.transform(shapely.segmentize(area, 0.5), lambda xy: np.column_stack(plane.transform(*xy.T)))
    square_miles = flat.area / 1852.0**2
    half_long, half_focus = 0.5 * 14.0 * 10.0, 30.0
    expected = np.pi * half_long * np.sqrt(half_long**2 - half_focus**2)
    assert square_miles == pytest.approx(expected, rel=0.03)


# ── a wall of land ─────────────────────────────────────────────────────────────────────────────────────────────────


def peninsula(
    place: str, *, tip_nm: float = 40.0, width_nm: float = 10.0
) -> tuple[Silence, object, tuple[float, float]]:
    """A wall between two reports, from far south to a tip north of them; the ways round it turn at the tip's corners."""
    middle = SEAS[place]
    one, two = (away(middle, bearing_deg=b, distance_nm=30.0) for b in (270.0, 90.0))

    def is_land(lon: Floats, lat: Floats) -> npt.NDArray[np.bool_]:
        azimuth, _, metres = GEOD.inv(np.full(len(lon), middle[0]), np.full(len(lon), middle[1]), lon, lat)
        east = metres * np.sin(np.radians(azimuth)) / 1852.0
        north = metres * np.cos(np.radians(azimuth)) / 1852.0
        return np.asarray((np.abs(east) < 0.5 * width_nm) & (north < tip_nm))

    return Silence(1, 0, 12 * HOUR, *one, *two), is_land, middle


@pytest.mark.parametrize("place", PLACES)
def test_behind_a_peninsula_the_way_goes_round_the_tip(place: str) -> None:
    s, is_land, middle = peninsula(place)
    reach = find_reach(s, is_land, speed_kn=14.0, params=FEW)  # type: ignore[arg-type]
    corner = np.hypot(40.0, 25.0)
    expected_nm = 2 * corner + 10.0
    assert reach.speed_needed_kn(s.lon_2, s.lat_2) * s.hours == pytest.approx(
        expected_nm, rel=0.03, abs=2 * reach.cell_nm
    )
    # a place on the far side that the straight line reaches in time, and the way over water does not
    far = away(middle, bearing_deg=100.0, distance_nm=45.0)
    seven = reach.at(7 * HOUR)
    assert not shapely.contains_xy(seven, *(wrapped(np.array([far[0]])), np.array([far[1]])))[0]
    straight = find_reach(s, open_sea, speed_kn=14.0, params=FEW)
    assert shapely.contains_xy(straight.at(7 * HOUR), *(wrapped(np.array([far[0]])), np.array([far[1]])))[0]
    on_land = away(middle, bearing_deg=180.0, distance_nm=5.0)
    assert not shapely.contains_xy(reach.envelope, *(wrapped(np.array([on_land[0]])), np.array([on_land[1]])))[0]


def test_a_silence_too_short_for_the_way_round_raises_the_speed_and_says_so() -> None:
    s, is_land, _ = peninsula("mid latitude")
    s = Silence(1, 0, 5 * HOUR, s.lon_1, s.lat_1, s.lon_2, s.lat_2)
    reach = find_reach(s, is_land, speed_kn=13.0, params=FEW)  # type: ignore[arg-type]
    assert reach.speed_kn == pytest.approx(104.3 / 5 * 1.02, rel=0.04)
    assert "over water" in reach.speed_basis
    assert not reach.at(2 * HOUR).is_empty


def test_where_no_water_joins_the_reports_land_is_no_barrier_and_that_is_said() -> None:
    s, _, middle = peninsula("equator")

    def is_land(lon: Floats, lat: Floats) -> npt.NDArray[np.bool_]:
        return np.asarray(np.abs(lon - middle[0]) < 0.1)

    reach = find_reach(s, is_land, params=FEW)
    assert "not taken for a barrier" in reach.notes[0]
    assert reach.envelope.area > 0


# ── ports ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def windows(reach: Reach, spots: list[tuple[str, str, tuple[float, float]]], **more: float):  # type: ignore[no-untyped-def]
    names, states, places = zip(*spots, strict=True)
    lon, lat = (np.array([p[i] for p in places]) for i in (0, 1))
    empty = np.array([""] * len(names))
    return reach.ports(np.array(names), np.array(states), empty, lon, lat, min_call_h=more.get("min_call_h", 2.0))


@everywhere
def test_a_port_call_is_feasible_between_the_earliest_arrival_and_the_latest_leaving(place: str) -> None:
    s = silence(place, hours=12.0, apart_nm=30.0)
    reach = find_reach(s, open_sea, speed_kn=10.0, params=FEW)
    port = away((s.lon_1, s.lat_1), bearing_deg=10.0, distance_nm=35.0)
    far = away((s.lon_1, s.lat_1), bearing_deg=250.0, distance_nm=45.0)
    (window,) = windows(reach, [("Near", "KOR", port), ("Far", "KOR", far)])
    there = float(miles((s.lon_1, s.lat_1), np.array([port[0]]), np.array([port[1]]))[0])
    on = float(miles((s.lon_2, s.lat_2), np.array([port[0]]), np.array([port[1]]))[0])
    assert window.port == "Near"
    assert window.arrive_ms / HOUR == pytest.approx(there / 10.0, abs=0.15)
    assert window.leave_ms / HOUR == pytest.approx(12.0 - on / 10.0, abs=0.15)
    assert window.least_speed_kn == pytest.approx((there + on) / 10.0, rel=0.03)


def test_ports_of_the_dprk_come_first() -> None:
    s = silence("mid latitude", hours=20.0, apart_nm=10.0)
    reach = find_reach(s, open_sea, params=FEW)
    near, far = (away(PLACES["mid latitude"], bearing_deg=10.0, distance_nm=d) for d in (10.0, 90.0))
    assert [w.port for w in windows(reach, [("Closer", "CHN", near), ("Nampo", "PRK", far)])] == ["Nampo", "Closer"]


def test_after_the_last_report_only_the_way_there_binds() -> None:
    place = PLACES["mid latitude"]
    s = Silence(1, 0, 10 * HOUR, *place)
    reach = find_reach(s, open_sea, speed_kn=10.0, params=FEW)
    lon, lat = points_round(s, most_nm=130.0)
    away_nm = miles(place, lon, lat)
    inside = shapely.contains_xy(reach.at(8 * HOUR), wrapped(lon), lat)
    assert inside[away_nm < 80.0 - 2 * reach.cell_nm].all()
    assert not inside[away_nm > 80.0 + 2 * reach.cell_nm].any()


def test_from_off_dandong_a_day_of_silence_admits_nampo_round_the_land_and_not_through_it() -> None:
    from tracker.zones.index import read_index

    s = Silence(1, 0, 24 * HOUR, 124.0, 39.3, 124.2, 39.2)
    reach = find_reach(s, read_index().is_on_land, speed_kn=12.0, params=FEW)
    p = read_ports()
    found = {w.port: w for w in reach.ports(p.name, p.state, p.locode, p.lon, p.lat, min_call_h=3.0)}
    assert found["Nampo"].state == "PRK"
    # 12 kn for 21 h: no port of the sea east of Korea can be among them, though 110 nm away as the crow flies
    assert not {"Wonsan", "Hungnam", "Sokcho"} & set(found)


def test_a_ship_seen_faster_than_is_believed_is_told_to_have_perhaps_been_farther() -> None:
    reach = find_reach(silence("equator"), open_sea, seen_kn=24.9, params=FEW)
    assert reach.speed_kn == FEW.most_kn
    assert "24.9 kn" in reach.speed_basis
    assert "could have been farther" in reach.speed_basis
