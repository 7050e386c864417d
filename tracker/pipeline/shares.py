"""`waters_share` of events: how long each was in which waters, along the whole path of the ship that was heard.

Only an event that moved farther than the nearest limit, or lies where states are in doubt, can have crossed one; the
others are left out before anything is located. Between reports the ship is taken to have gone straight and steadily. A
silence has no path and gets no shares.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tracker.geo.kernels import distance_m, wrap_deg
from tracker.pipeline.source import PositionSource
from tracker.tables.column import UTC_MS
from tracker.tables.fixes import Fixes
from tracker.units import DEGREE_E7, METRES_PER_NAUTICAL_MILE
from tracker.zones.given import GivenZones
from tracker.zones.shares import share_by_name, zone_names

Floats = npt.NDArray[np.float64]

CHUNK_ROWS: Final = 2000
"""Events whose reports are read at a time: bounds the memory, not the answer."""
SAMPLES: Final = 101
"""Moments at which a path is asked: shares to a hundredth."""
WITHOUT_A_PATH: Final = ("gap", "identity_change", "spoofing")
NEAR_ANOTHER_STATE_NM: Final = 2.0


def waters_shares(
    rows: Sequence[Mapping[str, Any]], source: PositionSource, /, *, zones: GivenZones | None = None
) -> list[str | None]:
    """Time shares by state and zone as JSON (``{"CHN eez": 0.6, "high_seas": 0.4}``), None where no limit is crossed.

    Parameters
    ----------
    rows
        Events with place, times, MMSIs and the columns of their waters.
    source
        Where the reports of their ships are.
    zones
        A user's polygons, which win.
    """
    asked = [n for n, row in enumerate(rows) if row["type"] not in WITHOUT_A_PATH]
    asked.sort(key=lambda n: rows[n]["start_time"])
    out: list[str | None] = [None] * len(rows)
    for begin in range(0, len(asked), CHUNK_ROWS):
        part = asked[begin : begin + CHUNK_ROWS]
        tracks = source.windows(_requests([rows[n] for n in part]))
        heard = {n: own for n in part if (own := _reports(rows[n], tracks.get(rows[n]["mmsi_1"]))) is not None}
        paths: dict[int, tuple[Floats, Floats]] = {}
        numbers = list(heard)
        for n in (numbers[i] for i in _may_leave([rows[n] for n in numbers], list(heard.values()))):
            path = _path(rows[n], heard[n])
            if _may_cross(rows[n], *path):
                paths[n] = path
        _tell(out, paths, zones)
    return out


def _tell(out: list[str | None], paths: Mapping[int, tuple[Floats, Floats]], zones: GivenZones | None) -> None:
    """Write the shares of some paths into their rows."""
    if not paths:
        return
    names = zone_names(
        np.concatenate([lon for lon, _ in paths.values()]),
        np.concatenate([lat for _, lat in paths.values()]),
        zones=zones,
    ).reshape(len(paths), SAMPLES)
    # the ends stand for half a step
    weight = np.ones(SAMPLES)
    weight[[0, -1]] = 0.5
    for n, own in zip(paths, names, strict=True):
        shares = {name: round(share, 2) for name, share in share_by_name(own, weight).items() if share >= 0.005}
        largest = next(iter(shares))
        # what rounding leaves over: the shares of a path add up to the whole
        shares[largest] = round(shares[largest] + 1.0 - sum(shares.values()), 2)
        out[n] = json.dumps(shares) if len(shares) > 1 else None


def _requests(rows: Sequence[Mapping[str, Any]]) -> Any:
    return pa.table(
        {
            "mmsi": pa.array([row["mmsi_1"] for row in rows], pa.int32()),
            "start": pa.array([row["start_time"] for row in rows], UTC_MS),
            "end": pa.array([row["end_time"] for row in rows], UTC_MS),
        }
    )


def _reports(row: Mapping[str, Any], track: Fixes | None) -> Fixes | None:
    """Reports of the ship between the start and the end of an event; None where they make no path."""
    if track is None:
        return None
    start, end = (row[name].timestamp() * 1000 for name in ("start_time", "end_time"))
    first, last = np.searchsorted(track.time_ms, [start, end + 1])
    return track.take(slice(int(first), int(last))) if last - first >= 2 else None


def _may_leave(rows: Sequence[Mapping[str, Any]], heard: Sequence[Fixes]) -> list[int]:
    """Events whose path may leave the circle of `_may_cross`: the box about their reports does, or waters are in doubt."""
    if not rows:
        return []
    lon, lat = (np.array([row[name] for row in rows], np.float64) for name in ("lon", "lat"))
    ends = [(f(p.lon_e7), g(p.lat_e7)) for f in (np.min, np.max) for g in (np.min, np.max) for p in heard]
    corners = np.array(ends, np.float64).reshape(4, len(rows), 2) / DEGREE_E7
    reach_nm = (
        np.max(np.asarray(distance_m(lon, lat, corners[..., 0], corners[..., 1])), axis=0) / METRES_PER_NAUTICAL_MILE
    )
    # a box is not quite convex on the globe
    leaves = 1.01 * reach_nm >= np.array([_leeway_nm(row) for row in rows])
    return np.flatnonzero(leaves | np.array([bool(row["waters_uncertain"]) for row in rows])).tolist()


def _path(row: Mapping[str, Any], part: Fixes) -> tuple[Floats, Floats]:
    """Places of the ship at `SAMPLES` moments between the start and the end of an event."""
    start, end = (row[name].timestamp() * 1000 for name in ("start_time", "end_time"))
    moments = np.linspace(start, end, SAMPLES)
    lon = np.interp(moments, part.time_ms, np.unwrap(part.lon, period=360.0))
    return wrap_deg(lon), np.interp(moments, part.time_ms, part.lat)


def _may_cross(row: Mapping[str, Any], lon: Floats, lat: Floats) -> bool:
    """Whether the path leaves the circle that surely lies in the zone of the event's middle."""
    at = np.full(SAMPLES, row["lon"]), np.full(SAMPLES, row["lat"])
    reach_nm = float(np.max(distance_m(*at, lon, lat))) / METRES_PER_NAUTICAL_MILE
    return bool(row["waters_uncertain"]) or reach_nm >= _leeway_nm(row)


def _leeway_nm(row: Mapping[str, Any]) -> float:
    """How far from its middle an event surely lies in the same zone."""
    margin = row["margin_nm"]
    return NEAR_ANOTHER_STATE_NM if margin is None else min(NEAR_ANOTHER_STATE_NM, float(margin))
