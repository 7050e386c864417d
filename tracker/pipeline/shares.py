"""`waters_share` of events: how long each was in which waters, along the whole path of the ship that was heard.

Only an event that moved farther than the nearest limit, or lies where states are in doubt, can have crossed one; the
others are left out before anything is located. Between reports the ship is taken to have gone straight and steadily. A
silence has no path and gets no shares.
"""

import json
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tracker.geo.kernels import distance_m, wrap_deg
from tracker.pipeline.meetings import ms_of
from tracker.pipeline.source import PositionSource
from tracker.pipeline.stretches import read_stretches
from tracker.tables.fixes import Fixes
from tracker.units import DEGREE_E7, METRES_PER_NAUTICAL_MILE
from tracker.zones.given import GivenZones
from tracker.zones.shares import share_by_name, zone_names

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

CHUNK_ROWS: Final = 2000
"""Events whose paths are laid out at a time: bounds the memory, not the answer."""
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
    spans = [(rows[n]["mmsi_1"], ms_of(rows[n]["start_time"]), ms_of(rows[n]["end_time"])) for n in asked]
    out: list[str | None] = [None] * len(rows)
    ended = read_stretches(spans, source, keep=lambda i, track: _about_moments(track, *spans[i][1:]))
    while part := list(islice(ended, CHUNK_ROWS)):
        numbers, heard = [asked[i] for i, _ in part], [np.concatenate(slices) for _, slices in part]
        paths: dict[int, tuple[Floats, Floats]] = {}
        for i in _may_leave([rows[n] for n in numbers], heard):
            path = _path(rows[numbers[i]], heard[i])
            if _may_cross(rows[numbers[i]], *path):
                paths[numbers[i]] = path
        _tell(out, paths, zones)
    return out


def _about_moments(track: Fixes, start_ms: int, end_ms: int) -> Ints:
    """Time (ms), longitude and latitude (1e-7 degree), shape (n, 3), of the reports before and after each moment of the
    path: those that are between are on no line of it."""
    kept = np.column_stack([track.time_ms, track.lon_e7.astype(np.int64), track.lat_e7.astype(np.int64)])
    if len(kept) <= SAMPLES:
        return kept
    after = np.searchsorted(track.time_ms, np.linspace(start_ms, end_ms, SAMPLES), side="right")
    is_kept = np.zeros(len(kept), np.bool_)
    is_kept[np.concatenate([after - 1, after]).clip(0, len(kept) - 1)] = True
    return np.asarray(kept[is_kept])


def _tell(out: list[str | None], paths: Mapping[int, tuple[Floats, Floats]], zones: GivenZones | None) -> None:
    """Write the shares of some paths into their rows."""
    if not paths:
        return
    names = zone_names(
        np.concatenate([lon for lon, _ in paths.values()]),
        np.concatenate([lat for _, lat in paths.values()]),
        zones=zones,
    )
    words = np.array(sorted(set(names)))
    number = {word: i for i, word in enumerate(words.tolist())}
    code = np.array([number[name] for name in names]).reshape(len(paths), SAMPLES)
    # the ends stand for half a step
    weight = np.ones(SAMPLES)
    weight[[0, -1]] = 0.5
    for n, own in zip(paths, code, strict=True):
        if (own == own[0]).all():
            continue
        shares = {name: round(share, 2) for name, share in share_by_name(words[own], weight).items() if share >= 0.005}
        largest = next(iter(shares))
        # what rounding leaves over: the shares of a path add up to the whole
        shares[largest] = round(shares[largest] + 1.0 - sum(shares.values()), 2)
        out[n] = json.dumps(shares) if len(shares) > 1 else None


def _may_leave(rows: Sequence[Mapping[str, Any]], heard: Sequence[Ints]) -> list[int]:
    """Events whose path may leave the circle of `_may_cross`: the box about their reports does, or waters are in doubt."""
    if not rows:
        return []
    lon, lat = (np.array([row[name] for row in rows], np.float64) for name in ("lon", "lat"))
    low, high = (np.array([f(own[:, 1:], axis=0) for own in heard]) / DEGREE_E7 for f in (np.min, np.max))
    corners = np.stack([np.column_stack([x[:, 0], y[:, 1]]) for x in (low, high) for y in (low, high)])
    reach_nm = (
        np.max(np.asarray(distance_m(lon, lat, corners[..., 0], corners[..., 1])), axis=0) / METRES_PER_NAUTICAL_MILE
    )
    # a box is not quite convex on the globe
    leaves = 1.01 * reach_nm >= np.array([_leeway_nm(row) for row in rows])
    is_path = np.array([len(own) > 1 for own in heard])
    found: list[int] = np.flatnonzero(is_path & (leaves | [bool(row["waters_uncertain"]) for row in rows])).tolist()
    return found


def _path(row: Mapping[str, Any], heard: Ints) -> tuple[Floats, Floats]:
    """Places of the ship at `SAMPLES` moments between the start and the end of an event."""
    time, lon, lat = heard[:, 0], heard[:, 1] / DEGREE_E7, heard[:, 2] / DEGREE_E7
    moments = np.linspace(ms_of(row["start_time"]), ms_of(row["end_time"]), SAMPLES)
    return wrap_deg(np.interp(moments, time, np.unwrap(lon, period=360.0))), np.interp(moments, time, lat)


def _may_cross(row: Mapping[str, Any], lon: Floats, lat: Floats) -> bool:
    """Whether the path leaves the circle that surely lies in the zone of the event's middle."""
    if row["waters_uncertain"]:
        return True
    reach_nm = float(np.max(distance_m(row["lon"], row["lat"], lon, lat))) / METRES_PER_NAUTICAL_MILE
    return reach_nm >= _leeway_nm(row)


def _leeway_nm(row: Mapping[str, Any]) -> float:
    """How far from its middle an event surely lies in the same zone."""
    margin = row["margin_nm"]
    return NEAR_ANOTHER_STATE_NM if margin is None else min(NEAR_ANOTHER_STATE_NM, float(margin))
