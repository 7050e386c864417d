"""Ships in batches of so many reports: bounds the memory of reading their tracks, whatever the length of the data."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tracker.archive.windows import STRIDE, Windows
from tracker.detectors.hearing import Hearing
from tracker.tables.tracks import Tracks
from tracker.units import MILLISECONDS_PER_HOUR

MOST_REPORTS = 3_000_000
"""Some 100 MB of reports at a time. Each batch reads through the positions once."""


def in_batches(requests: Any, hearing: Hearing, /) -> Iterator[npt.NDArray[np.int64]]:
    """Ships (MMSIs in order) a few at a time, whose windows hold at most `MOST_REPORTS` reports together, or one ship.

    Parameters
    ----------
    requests : table of mmsi, start and end, as for `tracker.archive.reading.PositionStore.windows`
    """
    ships, of = np.unique(requests["mmsi"].to_numpy().astype(np.int64), return_inverse=True)
    first, last = (requests[name].cast(pa.int64()).to_numpy() // MILLISECONDS_PER_HOUR for name in ("start", "end"))
    end = np.cumsum(_reports(ships, of, first, last, hearing))
    begin = 0
    while begin < len(ships):
        before = end[begin - 1] if begin else 0
        stop = max(int(np.searchsorted(end, before + MOST_REPORTS, side="right")), begin + 1)
        yield ships[begin:stop]
        begin = stop


def within(tracks: Tracks, requests: Any, /) -> Tracks:
    """Reports of the vessels asked for inside their windows."""
    windows = Windows.of(requests)
    asked = windows.vessels[windows.vessel]
    vessels = np.fromiter(tracks, np.int64, len(tracks))
    picked = np.zeros(len(tracks.fixes), np.bool_)
    if len(vessels):
        order = np.argsort(vessels)
        place = order[np.searchsorted(vessels, asked, sorter=order).clip(max=len(order) - 1)]
        key = np.repeat(np.arange(len(vessels)) * STRIDE, np.diff(tracks.starts)) + tracks.fixes.time_ms
        begin = np.searchsorted(key, place * STRIDE + windows.starts_ms)
        size = np.searchsorted(key, place * STRIDE + windows.ends_ms, side="right") - begin
        size[vessels[place] != asked] = 0
        picked[np.arange(int(size.sum())) + np.repeat(begin - (np.cumsum(size) - size), size)] = True
    return tracks.keep(picked).heard()


def _reports(
    ships: npt.NDArray[np.int64],
    of: npt.NDArray[np.int64],
    first_hour: npt.NDArray[np.int64],
    last_hour: npt.NDArray[np.int64],
    hearing: Hearing,
) -> npt.NDArray[np.int64]:
    """Reports of each ship in the hours of her windows, each hour once."""
    if not len(ships):
        return np.empty(0, np.int64)
    number = np.minimum(np.searchsorted(ships, hearing.mmsi), len(ships) - 1)
    rows = np.flatnonzero((ships[number] == hearing.mmsi) & (hearing.reports > 0))
    # in order of hours already
    rows = rows[np.argsort(number[rows], kind="stable")]
    number, hour, span = number[rows], hearing.hour[rows], int(hearing.hour.max(initial=0)) + 2
    key = number * span + hour
    first = np.searchsorted(key, of * span + np.clip(first_hour, 0, span - 1))
    last = np.searchsorted(key, of * span + np.clip(last_hour, 0, span - 1), side="right")
    asked = np.cumsum(np.bincount(first, minlength=len(rows) + 1) - np.bincount(last, minlength=len(rows) + 1))[:-1]
    reports = np.where(asked > 0, hearing.reports[rows], 0)
    return np.bincount(number, weights=reports, minlength=len(ships)).astype(np.int64)
