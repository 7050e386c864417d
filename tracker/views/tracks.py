"""Tracks around events, packed as delta-coded integers.

A ship that meets several others is packed once: the union of the time windows of its events. The page cuts the
window of the event that is chosen. Longitudes run on across the antimeridian (179.9, 180.1, ...), so that a line
never jumps around the globe.
"""

from collections.abc import Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Thinning:
    """One fix is kept in each step; the ends of every silence are kept, so that thinning never makes one."""

    track_step_s: int
    contact_step_s: int
    silence_s: int


def pack_tracks(events: pa.Table, tracks: Tracks, /, *, window_h: float, thinning: Thinning) -> dict[str, Any]:
    """Packed tracks by MMSI for the ships of `events` that `tracks` knows, for `tracker.views.text.script_json`.

    Parameters
    ----------
    events
        Events with ``event_id``, ``mmsi_1``, ``mmsi_2``, ``start_time``, ``end_time``.
    tracks
        By event id or MMSI.
    window_h
        Hours kept before the start and after the end of each event.
    thinning
        How much of a dense track is left out.
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
            parts.setdefault(mmsi, []).append(_thinned(rows, event=(start, end), thinning=thinning))
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


def _thinned(rows: Rows, *, event: tuple[int, int], thinning: Thinning) -> Rows:
    time = rows["time"]
    if not len(time):
        return rows
    during = (time >= event[0] // 1000) & (time <= event[1] // 1000)
    bucket = time // np.where(during, thinning.contact_step_s, thinning.track_step_s)
    # Whoever waits nearly a silence keeps both ends: a fix left out before it would make it one.
    gap = np.diff(time) > thinning.silence_s - max(thinning.track_step_s, thinning.contact_step_s)
    keep = np.ones(len(time), dtype=bool)
    keep[1:-1] = (np.diff(bucket) != 0)[:-1] | gap[:-1] | gap[1:]
    return {name: values[keep] for name, values in rows.items()}


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
    time = rows["time"]
    packed = {
        "t": pa.array(np.append(time[:1], np.diff(time))),
        "x": pa.array(np.append(x[:1], step)),
        "y": pa.array(np.append(y[:1], np.diff(y))),
    }
    for key, values, scale, limit in (("s", rows["sog"], DECI_KNOTS, 102.25), ("h", rows["heading"], 1.0, 360.0)):
        known = np.isfinite(values) & (values >= 0) & (values < limit)
        if known.any():
            packed[key] = pa.array(np.where(known, np.rint(np.where(known, values, 0) * scale), -1).astype(np.int64))
    return packed
