"""Tables of what detection made of reports: hulls, and runs of reports set aside."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tracker.geo.kernels import distance_m
from tracker.tables.column import UTC_MS
from tracker.tables.fixes import Fixes
from tracker.tables.segments import REASON_NAMES, SEGMENTS, SET_ASIDE
from tracker.tables.tracks import Tracks
from tracker.units import METRES_PER_SECOND_PER_KNOT

LEAST_LEG_S = 600.0


def set_aside_table(fixes: Fixes, reason: npt.NDArray[np.uint8], /) -> Any:
    """`SET_ASIDE` of reports of some MMSIs, one after another: successive ones with one reason are one row."""
    rows = np.flatnonzero(reason)
    if not len(rows):
        return SET_ASIDE.empty()
    new = np.ones(len(rows), np.bool_)
    new[1:] = (np.diff(rows) > 1) | (reason[rows[1:]] != reason[rows[:-1]])
    new[1:] |= fixes.mmsi[rows[1:]] != fixes.mmsi[rows[:-1]]
    first = np.flatnonzero(new)
    last = np.append(first[1:], len(rows)) - 1
    columns = {
        "mmsi": pa.array(fixes.mmsi[rows[first]], pa.int32()),
        "reason": pa.array(REASON_NAMES).take(pa.array(reason[rows[first]])),
        "first_time": _times(fixes.time_ms[rows[first]]),
        "last_time": _times(fixes.time_ms[rows[last]]),
        "reports": pa.array(last - first + 1, pa.int64()),
        "lon": fixes.lon[rows[first]],
        "lat": fixes.lat[rows[first]],
    }
    return SET_ASIDE.conform(pa.table(columns))


def segment_table(tracks: Tracks, label: npt.NDArray[np.int32], /) -> Any:
    """`SEGMENTS` of some MMSIs; nothing for one that is a single hull."""
    several = np.unique(tracks.fixes.mmsi[label > 0]).tolist()
    parts = [_segments(mmsi, tracks[mmsi], label[tracks.rows_of(mmsi)]) for mmsi in tracks if mmsi in several]
    return pa.concat_tables([SEGMENTS.empty(), *parts])


def _segments(mmsi: int, fixes: Fixes, label: npt.NDArray[np.int32]) -> Any:
    hulls = np.unique(label[label >= 0])
    if len(hulls) < 2:
        return SEGMENTS.empty()
    rows = [np.flatnonzero(label == hull) for hull in hulls]
    first, last = np.array([r[0] for r in rows]), np.array([r[-1] for r in rows])
    columns = {
        "mmsi": pa.array(np.full(len(hulls), mmsi), pa.int32()),
        "hull": pa.array(np.arange(len(hulls)), pa.int32()),
        "first_time": _times(fixes.time_ms[first]),
        "last_time": _times(fixes.time_ms[last]),
        "reports": pa.array([len(r) for r in rows], pa.int64()),
        "lon_first": fixes.lon[first],
        "lat_first": fixes.lat[first],
        "lon_last": fixes.lon[last],
        "lat_last": fixes.lat[last],
        "max_speed_kn": pa.array([_max_speed_kn(fixes.take(r)) for r in rows], pa.float64()),
    }
    return SEGMENTS.conform(pa.table(columns))


def _max_speed_kn(fixes: Fixes) -> float | None:
    seconds = np.diff(fixes.time_ms) / 1000.0
    metres = distance_m(fixes.lon[:-1], fixes.lat[:-1], fixes.lon[1:], fixes.lat[1:])
    long = seconds >= LEAST_LEG_S
    return round(float((metres[long] / seconds[long]).max()) / METRES_PER_SECOND_PER_KNOT, 1) if long.any() else None


def _times(time_ms: npt.NDArray[np.int64]) -> Any:
    return pa.array(time_ms, pa.int64()).cast(UTC_MS)
