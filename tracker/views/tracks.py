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

_SECONDS = 1 << 40
"""More than any two times lie apart."""


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
    cuts: list[_Cut] = []
    for event, mmsis, start, end in zip(ids, zip(first, second, strict=True), starts, ends, strict=True):
        for mmsi in mmsis:
            source = None if mmsi is None else tracks.get(event, tracks.get(mmsi))
            if source is not None:
                begin, stop = np.searchsorted(source.time_ms, (start - margin, end + margin + 1)).tolist()
                cuts.append(_Cut(source, slice(begin, stop), mmsi, start // 1000, end // 1000, event in tracks))
    cuts.sort(key=lambda cut: cut.mmsi)
    return _packed(_thinned(_gathered(cuts), cuts, thinning=thinning)) if cuts else {}


@dataclass(frozen=True)
class _Cut:
    """Rows of a track in the window of an event, whose times are in s."""

    source: TrackArrays
    rows: slice
    mmsi: int
    start_s: int
    end_s: int
    is_of_both: bool


def _gathered(cuts: list[_Cut]) -> Rows:
    """Rows of all cuts one after the other, with the number of its cut and the ship of each."""
    columns = ("time_ms", "mmsi", "lon", "lat", "sog_kn", "heading_deg")
    rows = {name: np.concatenate([np.asarray(getattr(cut.source, name))[cut.rows] for cut in cuts]) for name in columns}
    sizes = [cut.rows.stop - cut.rows.start for cut in cuts]
    rows["cut"] = np.repeat(np.arange(len(cuts)), sizes)
    wanted = np.repeat([cut.mmsi for cut in cuts], sizes)
    lon, lat = rows["lon"], rows["lat"]
    keep = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lat) <= 90) & (np.abs(lon) <= 180)
    keep &= (rows["mmsi"] == wanted) | ~np.repeat([cut.is_of_both for cut in cuts], sizes)
    rows["mmsi"] = wanted
    return rows if keep.all() else {name: values[keep] for name, values in rows.items()}


def _thinned(rows: Rows, cuts: list[_Cut], *, thinning: Thinning) -> Rows:
    time, cut = rows.pop("time_ms") // 1000, rows.pop("cut")
    rows["time"] = time
    start, end = (np.array(times)[cut] for times in zip(*((cut.start_s, cut.end_s) for cut in cuts), strict=True))
    bucket = time // np.where((time >= start) & (time <= end), thinning.contact_step_s, thinning.track_step_s)
    # Whoever waits nearly a silence keeps both ends: a fix left out before it would make it one.
    wait = thinning.silence_s - max(thinning.track_step_s, thinning.contact_step_s)
    is_other = np.diff(cut) != 0
    is_apart = is_other | (np.diff(time) > wait)
    keep = np.ones(len(time), dtype=bool)
    keep[1:] = is_apart | (np.diff(bucket) != 0)
    keep[:-1] |= is_apart
    keep[-1:] = True
    return {name: values[keep] for name, values in rows.items()}


def _packed(rows: Rows) -> dict[str, Any]:
    # The windows of two events may overlap: one fix for one second is enough to draw.
    # ships come in order, and windows in that of their times but for those: little is left to sort
    place = np.cumsum(np.diff(rows["mmsi"], prepend=-1) != 0) * _SECONDS + rows["time"]
    order = np.argsort(place, kind="stable")
    order = order[np.diff(place[order], prepend=np.iinfo(np.int64).min) != 0]
    mmsi, time = rows["mmsi"][order], rows["time"][order]
    begins = np.flatnonzero(np.diff(mmsi, prepend=-1))
    ships = mmsi[begins]
    x, y = (np.rint(rows[name][order].astype(np.float64) * MICRO).astype(np.int64) for name in ("lon", "lat"))
    columns = {name: np.diff(values, prepend=0) for name, values in (("t", time), ("x", x), ("y", y))}
    columns["x"] = (columns["x"] + 180 * MICRO) % (360 * MICRO) - 180 * MICRO
    for name, values in (("t", time), ("x", x), ("y", y)):
        columns[name][begins] = values[begins]
    said = {}
    for key, name, scale, limit in (("s", "sog_kn", DECI_KNOTS, 102.25), ("h", "heading_deg", 1.0, 360.0)):
        values = rows[name][order].astype(np.float64)
        known = np.isfinite(values) & (values >= 0) & (values < limit)
        columns[key] = np.where(known, np.rint(np.where(known, values, 0) * scale), -1).astype(np.int64)
        said[key] = np.logical_or.reduceat(known, begins) if len(begins) else known
    packed: dict[str, Any] = {}
    for number, (ship, begin, end) in enumerate(
        zip(ships.tolist(), begins.tolist(), [*begins[1:].tolist(), len(order)], strict=True)
    ):
        names = [name for name in columns if name not in said or said[name][number]]
        packed[str(ship)] = {name: pa.array(columns[name][begin:end]) for name in names}
    return packed
