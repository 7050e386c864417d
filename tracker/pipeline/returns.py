"""What positions themselves say of silences: where ships came back, whether they made way before, and what fits between."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.detectors.way import Way
from tracker.geo.grids import Grid
from tracker.geo.kernels import distance_m
from tracker.geo.ways import ways_at_m, ways_m
from tracker.pipeline.history import Return
from tracker.pipeline.meetings import ms_of
from tracker.pipeline.rows import columns
from tracker.pipeline.stretches import Windowed, read_stretches
from tracker.tables.fixes import Fixes, concat_fixes
from tracker.units import METRES_PER_NAUTICAL_MILE, MILLISECONDS_PER_HOUR
from tracker.zones.index import read_index
from tracker.zones.ports import read_ports

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

ASKED = ("event_id", "mmsi_1", "start_time", "end_time", "lon", "lat", "duration_h")
SERVICE_KN, HURRY = 11.0, 1.1
"""Small tankers make 8 to 12 kn; a ship in a hurry a tenth more (cargo-and-law.md, rule R16)."""
SLOWEST_KN, FASTEST_KN = 8.0, 16.0
UNDER_WAY_KN = 3.0
BEFORE_MS = 24 * MILLISECONDS_PER_HOUR
END_MS = 1000
"""Times of events are right to this."""
KOREA = (127.0, 38.0)
CELL_M, HALF_CELLS = 5_556.0, 240
"""Cells of 3 nm, 720 nm about Korea: a ship that leaves them has no time for a call that is missed by it."""
SNAP_M = 27_780.0
"""15 nm: Nampo lies up the Taedong, which is land at this resolution."""
TWICE = 2.0
LEAST_OFF = 0.5


def returns_of(rows: Sequence[Mapping[str, Any]], way: Way, positions: Windowed, /) -> dict[str, Return]:
    """By event id of a silence that is more likely a switching off: where she came back, whether she made way before,
    and a port of the DPRK in which a call fits into it, over water and at a speed that she makes."""
    gaps = [
        dict(zip(ASKED, about, strict=True))
        for kind, confidence, *about in columns(rows, "type", "confidence", *ASKED)
        if kind == "gap" and (confidence or 0.0) >= LEAST_OFF
    ]
    if not gaps:
        return {}
    mmsi = np.array([row["mmsi_1"] for row in gaps], np.int64)
    starts, ends = (np.array([ms_of(row[name]) for row in gaps], np.int64) for name in ("start_time", "end_time"))
    lon, lat = way.first_at(mmsi, ends, within_ms=END_MS)
    made_way = way.under_way(mmsi, starts, hours=BEFORE_MS // MILLISECONDS_PER_HOUR)
    may_reach = _may_reach_the_dprk(gaps)
    # what the pass did not keep is read: the speeds of few ships, and ends that were not the first report of an hour
    _find(lon, lat, mmsi, starts, ends, positions)
    speeds = dict.fromkeys(range(len(gaps)), SERVICE_KN) | _speeds_kn(
        np.flatnonzero(may_reach), mmsi, starts, positions
    )
    found: dict[str, Return] = {}
    for i in np.flatnonzero(~np.isnan(lon)).tolist():
        back = float(lon[i]), float(lat[i])
        port = _feasible(gaps[i], *back, speeds[i]) if may_reach[i] else None
        found[gaps[i]["event_id"]] = Return(port, back, None if made_way[i] < 0 else bool(made_way[i]))
    return found


def _find(lon: Floats, lat: Floats, mmsi: Ints, starts: Ints, ends: Ints, positions: Windowed) -> None:
    """Fill in where ships were that are not told of: the report nearest to the end of a silence, else the last before."""
    rows = np.flatnonzero(np.isnan(lon)).tolist()
    windows = [(int(mmsi[i]), int(ends[i]) - END_MS, int(ends[i]) + END_MS) for i in rows]
    windows += [(int(mmsi[i]), int(starts[i]) - BEFORE_MS, int(starts[i]) + END_MS) for i in rows]
    about: dict[int, list[Fixes]] = {}
    for k, parts in read_stretches(
        windows, positions, keep=lambda k, track: track if k < len(rows) else track.take(slice(len(track) - 1, None))
    ):
        about.setdefault(rows[k % len(rows)], []).extend(parts)
    for i, parts in about.items():
        track = concat_fixes(parts)
        at = int(np.argmin(np.abs(track.time_ms - ends[i])))
        lon[i], lat[i] = track.lon[at], track.lat[at]


def _speeds_kn(rows: Ints, mmsi: Ints, starts: Ints, positions: Windowed) -> dict[int, float]:
    """How fast ships went before some of the silences."""
    windows = [(int(mmsi[i]), int(starts[i]) - BEFORE_MS, int(starts[i]) + END_MS) for i in rows]
    told = read_stretches(windows, positions, keep=lambda _, track: track.sog_kn[np.isfinite(track.sog_kn)])
    return {int(rows[k]): _speed_kn(np.concatenate(parts).astype(np.float64)) for k, parts in told}


def _speed_kn(known: npt.NDArray[np.float64]) -> float:
    """Fastest steady speed of the day before, within that of small tankers and the fastest carriers."""
    going = known[known >= UNDER_WAY_KN]
    return float(np.clip(np.percentile(going, 95), SLOWEST_KN, FASTEST_KN)) if len(going) >= 5 else SERVICE_KN


def _may_reach_the_dprk(rows: Sequence[Mapping[str, Any]]) -> npt.NDArray[np.bool_]:
    """Whether any port of the DPRK lies within each silence of where it began, straight and at the speed of the fastest."""
    lon, lat, hours = (np.array([row[name] for row in rows], np.float64) for name in ("lon", "lat", "duration_h"))
    ports, own = read_ports(), _ports_of_the_dprk()
    away_nm = np.stack([_nm(lon, lat, ports.lon[port], ports.lat[port]) for port in own])
    return np.asarray(away_nm.min(axis=0) <= HURRY * FASTEST_KN * hours)


@cache
def _ports_of_the_dprk() -> npt.NDArray[np.int64]:
    return np.flatnonzero(read_ports().state == "PRK")


def _feasible(row: Mapping[str, Any], lon: float, lat: float, speed_kn: float) -> str | None:
    """The nearest port of the DPRK, by the whole way over water, in which a call fits into a silence."""
    ports, own = read_ports(), _ports_of_the_dprk()
    reach_nm = HURRY * speed_kn * row["duration_h"]
    straight_nm = _nm(row["lon"], row["lat"], ports.lon[own], ports.lat[own]) + _nm(
        lon, lat, ports.lon[own], ports.lat[own]
    )
    direct_h = float(_nm(row["lon"], row["lat"], lon, lat)) / speed_kn
    if row["duration_h"] < TWICE * direct_h:
        return None
    ways = {
        int(port): one + other
        # over land no way is shorter than the straight line, so that most ports are never asked
        for port in own[straight_nm <= reach_nm]
        if (one := _over_water_nm(int(port), row["lon"], row["lat"])) <= reach_nm
        and one + (other := _over_water_nm(int(port), lon, lat)) <= reach_nm
    }
    return str(ports.name[min(ways, key=lambda port: (ways[port], port))]) if ways else None


def _nm(lon: Any, lat: Any, lons: Any, lats: Any) -> Any:
    return np.asarray(distance_m(lon, lat, lons, lats)) / METRES_PER_NAUTICAL_MILE


def _over_water_nm(port: int, lon: float, lat: float) -> float:
    """Way over water between a port of the DPRK and a place; the straight line far from Korea, and up rivers."""
    ports, grid = read_ports(), _korea()
    rows, cols = grid.cell_of(lon, lat)
    ways = _ways_m(port)
    if ways is not None and 0 <= int(rows) < grid.side and 0 <= int(cols) < grid.side:
        way_m = float(ways_at_m(grid, ways, lon, lat, snap_m=SNAP_M)[0])
        if np.isfinite(way_m):
            return way_m / METRES_PER_NAUTICAL_MILE
    return float(_nm(lon, lat, ports.lon[port], ports.lat[port]))


@cache
def _korea() -> Grid:
    return Grid(*KOREA, CELL_M, HALF_CELLS)


@cache
def _water() -> Any:
    grid = _korea()
    lon, lat = grid.degrees
    return ~read_index().is_on_land(lon.ravel(), lat.ravel()).reshape(lon.shape)


@cache
def _ways_m(port: int) -> Any:
    """Ways from a port to every cell about Korea; found once in a process, for the ports that are asked about."""
    ports = read_ports()
    return ways_m(_korea(), _water(), float(ports.lon[port]), float(ports.lat[port]), snap_m=SNAP_M)
