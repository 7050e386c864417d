"""Tracks around events, packed as delta-coded integers.

A ship that meets several others is packed once: the union of the time windows of its events. The page cuts the
window of the event that is chosen. Longitudes run on across the antimeridian (179.9, 180.1, ...), so that a line
never jumps around the globe.
"""

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

MICRO = 100_000
"""Steps per degree: 1e-5 degree, about a metre."""

DECI_KNOTS = 10.0


class TrackArrays(Protocol):
    """What a track must offer, equally long and in order of time; `tracker.tables.fixes.Fixes` does."""

    @property
    def time_ms(self) -> npt.NDArray[np.int64]: ...
    @property
    def mmsi(self) -> npt.NDArray[np.int32]: ...
    @property
    def lon(self) -> npt.NDArray[np.float64]: ...
    @property
    def lat(self) -> npt.NDArray[np.float64]: ...
    @property
    def sog_kn(self) -> npt.NDArray[np.float32]: ...
    @property
    def heading_deg(self) -> npt.NDArray[np.float32]: ...


Tracks = Mapping[str | int, TrackArrays]
"""By ``event_id`` (rows of both ships) or by MMSI (rows of that ship)."""

Rows = dict[str, npt.NDArray[Any]]


def pack_tracks(events: pa.Table, tracks: Tracks, /, *, window_h: float, max_fixes: int) -> dict[str, Any]:
    """Packed tracks by MMSI for the ships of `events` that `tracks` knows.

    Parameters
    ----------
    events
        Events with ``event_id``, ``mmsi_1``, ``mmsi_2``, ``start_time``, ``end_time``.
    tracks
        By event id or MMSI.
    window_h
        Hours kept before the start and after the end of each event.
    max_fixes
        Most fixes of one ship in one window; what lies outside the event is thinned first.
    """
    names = ("event_id", "mmsi_1", "mmsi_2", "start_time", "end_time")
    ids, first, second = (events.column(name).to_pylist() for name in names[:3])
    starts, ends = (events.column(name).cast(pa.int64()).to_pylist() for name in names[3:])
    margin = int(window_h * 3_600_000)
    parts: dict[int, list[Rows]] = {}
    for event, mmsis, start, end in zip(ids, zip(first, second, strict=True), starts, ends, strict=True):
        for mmsi in mmsis:
            if mmsi is None:
                continue
            source = tracks.get(event, tracks.get(mmsi))
            if source is None:
                continue
            rows = _window(source, mmsi=mmsi, span=(start - margin, end + margin), by_event=event in tracks)
            parts.setdefault(mmsi, []).append(_thinned(rows, event=(start, end), max_fixes=max_fixes))
    return {str(mmsi): packed for mmsi, rows in sorted(parts.items()) if (packed := _packed(rows)) is not None}


def _window(source: TrackArrays, *, mmsi: int, span: tuple[int, int], by_event: bool) -> Rows:
    time = np.asarray(source.time_ms, dtype=np.int64)
    keep = (time >= span[0]) & (time <= span[1])
    if by_event:
        keep &= np.asarray(source.mmsi) == mmsi
    lon, lat = np.asarray(source.lon, dtype=np.float64), np.asarray(source.lat, dtype=np.float64)
    keep &= np.isfinite(lon) & np.isfinite(lat) & (np.abs(lat) <= 90) & (np.abs(lon) <= 180)
    return {
        "time": time[keep] // 1000,
        "lon": lon[keep],
        "lat": lat[keep],
        "sog": np.asarray(source.sog_kn, dtype=np.float64)[keep],
        "heading": np.asarray(source.heading_deg, dtype=np.float64)[keep],
    }


def _thinned(rows: Rows, *, event: tuple[int, int], max_fixes: int) -> Rows:
    time = rows["time"]
    if len(time) <= max_fixes:
        return rows
    inside = np.flatnonzero((time >= event[0] // 1000) & (time <= event[1] // 1000))
    outside = np.setdiff1d(np.arange(len(time)), inside)
    step = max(1, -(-len(inside) // max(1, max_fixes // 2)))
    inside = inside[::step]
    outside = outside[:: max(1, -(-len(outside) // max(1, max_fixes - len(inside))))]
    chosen = np.union1d(inside, outside)
    return {name: values[chosen] for name, values in rows.items()}


def _packed(parts: list[Rows]) -> dict[str, Any] | None:
    rows = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    # The windows of two events may overlap: one fix for one second is enough to draw.
    _, unique = np.unique(rows["time"], return_index=True)
    rows = {name: values[unique] for name, values in rows.items()}
    if not len(unique):
        return None
    x = np.rint(rows["lon"] * MICRO).astype(np.int64)
    step = np.diff(x)
    step = (step + 180 * MICRO) % (360 * MICRO) - 180 * MICRO
    y = np.rint(rows["lat"] * MICRO).astype(np.int64)
    packed = {
        "t": [int(rows["time"][0]), *np.diff(rows["time"]).tolist()],
        "x": [int(x[0]), *step.tolist()],
        "y": [int(y[0]), *np.diff(y).tolist()],
    }
    for key, values, scale in (("s", rows["sog"], DECI_KNOTS), ("h", rows["heading"], 1.0)):
        known = np.isfinite(values) & (values >= 0) & (values < 1000)
        if known.any():
            packed[key] = np.where(known, np.rint(np.where(known, values, 0) * scale), -1).astype(np.int64).tolist()
    return packed
