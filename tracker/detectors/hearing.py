"""Who was heard in which hour, and who must have been there unheard: the base of the local reception model.

One row for each ship and hour of the data. A ship heard before and after an hour in which nothing came from her was
there all the same, somewhere on her way: such rows, with the place read off the straight line, are what tells a
receiver that was down from a ship that fell silent. They are collected while the streaming pass reads.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.geo.kernels import ecef_m, surface_deg
from tracker.tables.fixes import Fixes
from tracker.units import DEGREE_E7, MILLISECONDS_PER_HOUR

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

MMSI_SPAN = 1 << 30
"""One more than any MMSI, as a power of two: hour and MMSI share one integer key."""


@dataclass(frozen=True)
class Ends:
    """First or last report of each ship."""

    mmsi: IntArray
    time_ms: IntArray
    lon: FloatArray
    lat: FloatArray
    sog_kn: FloatArray


@dataclass(frozen=True)
class Hearing:
    """Ships by hours, ordered by hour and MMSI; ``hour`` counts from 1970."""

    hour: IntArray
    mmsi: IntArray
    lon: FloatArray
    lat: FloatArray
    reports: IntArray
    """0: she was there and not heard."""
    first: Ends
    last: Ends
    begin_ms: int
    end_ms: int
    """First and last report of all."""


class Listener:
    """Counts reports by ship and hour while they stream past; `hearing` closes the count."""

    def __init__(self) -> None:
        self._parts: list[tuple[IntArray, IntArray, npt.NDArray[np.int32], npt.NDArray[np.int32]]] = []
        self._first: dict[int, tuple[int, float, float, float]] = {}
        self._last: dict[int, tuple[int, float, float, float]] = {}

    def overhear(self, batches: Iterable[Fixes], /) -> Iterator[Fixes]:
        """Pass batches on unchanged and count what is in them."""
        for batch in batches:
            self.feed(batch)
            yield batch

    def feed(self, fixes: Fixes, /) -> None:
        """Count one batch, in time order after the batches before."""
        if not len(fixes):
            return
        key = fixes.time_ms // MILLISECONDS_PER_HOUR * MMSI_SPAN + fixes.mmsi
        keys, at, count = np.unique(key, return_index=True, return_counts=True)
        self._parts.append((keys, count.astype(np.int64), fixes.lon_e7[at], fixes.lat_e7[at]))
        for ends, step in ((self._first, 1), (self._last, -1)):
            ids, rows = np.unique(fixes.mmsi[::step], return_index=True)
            rows = rows if step == 1 else len(fixes) - 1 - rows
            for mmsi, row in zip(ids.tolist(), rows.tolist(), strict=True):
                if step == 1 and mmsi in ends:
                    continue
                ends[mmsi] = (
                    int(fixes.time_ms[row]),
                    float(fixes.lon_e7[row]) / DEGREE_E7,
                    float(fixes.lat_e7[row]) / DEGREE_E7,
                    float(fixes.sog_kn[row]),
                )

    def hearing(self, *, bridge_h: int = 24) -> Hearing:
        """Close the count.

        Parameters
        ----------
        bridge_h : a ship unheard for longer than this is not counted as present in between, h
        """
        first, last = _ends(self._first), _ends(self._last)
        if not self._parts:
            none, nothing = np.empty(0, np.int64), np.empty(0)
            return Hearing(none, none, nothing, nothing, none, first, last, 0, 0)
        keys, count, lon_e7, lat_e7 = (np.concatenate(column) for column in zip(*self._parts, strict=True))
        keys, at, inverse = np.unique(keys, return_index=True, return_inverse=True)
        reports = np.bincount(inverse, weights=count).astype(np.int64)
        hour, mmsi = keys // MMSI_SPAN, keys % MMSI_SPAN
        lon, lat = lon_e7[at] / DEGREE_E7, lat_e7[at] / DEGREE_E7
        missing = _unheard(hour, mmsi, lon, lat, bridge_h)
        columns = [
            np.concatenate(pair)
            for pair in zip((hour, mmsi, lon, lat, reports), (*missing, np.zeros(len(missing[0]))), strict=True)
        ]
        order = np.lexsort((columns[1], columns[0]))
        hour, mmsi, lon, lat, reports = (column[order] for column in columns)
        return Hearing(
            hour.astype(np.int64),
            mmsi.astype(np.int64),
            lon,
            lat,
            reports.astype(np.int64),
            first,
            last,
            int(first.time_ms.min()),
            int(last.time_ms.max()),
        )


def _ends(found: dict[int, tuple[int, float, float, float]]) -> Ends:
    ids = np.array(sorted(found), np.int64)
    rows = [found[mmsi] for mmsi in ids.tolist()]
    time_ms = np.array([row[0] for row in rows], np.int64)
    lon, lat, sog = (np.array([row[n] for row in rows], np.float64) for n in (1, 2, 3))
    return Ends(ids, time_ms, lon, lat, sog)


def _unheard(
    hour: IntArray, mmsi: IntArray, lon: FloatArray, lat: FloatArray, bridge_h: int
) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """Ship-hours between two heard ones of the same ship, with places on the straight line between them."""
    order = np.lexsort((hour, mmsi))
    hour, mmsi, lon, lat = hour[order], mmsi[order], lon[order], lat[order]
    skipped = np.where(mmsi[1:] == mmsi[:-1], np.diff(hour) - 1, 0)
    leg = np.flatnonzero((skipped > 0) & (skipped < bridge_h))
    times = skipped[leg]
    row = np.repeat(leg, times)
    step = np.arange(len(row)) - np.repeat(np.cumsum(times) - times, times) + 1
    share = step / (skipped[row] + 1.0)
    before, after = ecef_m(lon[row], lat[row]), ecef_m(lon[row + 1], lat[row + 1])
    place = surface_deg(*(a + share * (b - a) for a, b in zip(before, after, strict=True)))
    return hour[row] + step, mmsi[row], *place
