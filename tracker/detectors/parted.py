"""Pairs that can have met at both ends of a silence and hardly at any other moment: they make no candidate of the pass.

The grid of the pass bridges a silence that a ship made slowly: two that lie together are near at its steps. One that
went on at speed leaves steps without a place; where she also came up fast, there are too few near steps on either side.
Such silences are few, and who was about her at both ends is known by the hour.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tracker.detectors.contact import ContactParams
from tracker.detectors.hearing import MMSI_SPAN, Hearing
from tracker.geo.kernels import distance_m
from tracker.tables.column import UTC_MS
from tracker.tables.scan import CANDIDATES
from tracker.units import METRES_PER_NAUTICAL_MILE, METRES_PER_SECOND_PER_KNOT, MILLISECONDS_PER_HOUR

ABOUT_NM, TOUCH_NM = 30.0, 1.0
"""A ship met within an hour of her place of that hour is no farther from it (judgement: 30 kn); where it is known when she
was there, no farther than she comes in that time, and this."""
DETOUR, OFF_NM = 1.2, 8.0
"""Nor is the way from her place of one hour to the next by the meeting longer than the straight one times this, and this
(judgement: she may have come up to the other and turned)."""
BANDS, BANDS_A_DEGREE = 1 << 15, 100
"""Hour and band of latitude share one key; more bands than 180 degrees have."""
CHUNK_ROWS = 1_000_000
"""Ships beside silences looked at a time: bounds memory, not the answer."""
Ids = npt.NDArray[np.int64]
Places = npt.NDArray[np.float64]


def with_silences(
    candidates: Any, silences: Any, hearing: Hearing, wild: tuple[Any, Any] | None = None, /, *, params: ContactParams
) -> Any:
    """Candidates (`CANDIDATES`), and one of no steps for each pair that was about at both ends of a silence under way.

    Parameters
    ----------
    silences : table of `tracker.tables.scan.SILENCES`
    hearing : where every ship was in which hour
    wild : MMSI and time, ms, of wild places: the place of such an hour may be one, and when she was there tells nothing
    """
    if wild is not None and len(wild[0]):
        key = np.unique(wild[1] // MILLISECONDS_PER_HOUR * MMSI_SPAN + wild[0])
        is_wild = np.isin(hearing.hour * MMSI_SPAN + hearing.mmsi, key)
        hearing = replace(hearing, reports=np.where(is_wild, 0, hearing.reports))
    start, end = (silences[name].cast(pa.int64()).to_numpy() for name in ("start_time", "end_time"))
    lon_1, lat_1, lon_2, lat_2 = (silences[name].to_numpy() for name in ("lon_1", "lat_1", "lon_2", "lat_2"))
    seconds = np.maximum(end - start, 1) / 1000.0
    pace_kn = distance_m(lon_1, lat_1, lon_2, lat_2) / seconds / METRES_PER_SECOND_PER_KNOT
    asked = np.flatnonzero((seconds <= params.hole_h * 3600.0) & (pace_kn > params.slow_bridge_kn))
    mmsi = silences["mmsi"].to_numpy().astype(np.int64)
    if not len(asked):
        return candidates
    hours = _Hours.of(hearing)
    ends = [
        _Moments.of(hours, time_ms[asked], lon[asked], lat[asked])
        for time_ms, lon, lat in ((start, lon_1, lat_1), (end, lon_2, lat_2))
    ]
    pairs: list[tuple[Ids, Ids]] = []
    for rows in _chunks(ends[0].count + ends[1].count):
        one, two = (side.beside(hours, rows, mmsi[asked[rows]]) for side in ends)
        # few are near both ends, and only they are looked at closely
        one, two = _both(one, two, hearing.mmsi)
        is_about = ends[0].is_about(hours, *one)
        is_about[is_about] = ends[1].is_about(hours, two[0][is_about], two[1][is_about])
        which, row = one[0][is_about], one[1][is_about]
        order = np.lexsort((hearing.mmsi[row], which))
        pairs.append((asked[which[order]], hearing.mmsi[row[order]]))
    at, other = (np.concatenate(column) for column in zip(*pairs, strict=True))
    if not len(at):
        return candidates
    more = {
        "mmsi_1": pa.array(np.minimum(mmsi[at], other), pa.int32()),
        "mmsi_2": pa.array(np.maximum(mmsi[at], other), pa.int32()),
        "start_time": pa.array(start[at], pa.int64()).cast(UTC_MS),
        "end_time": pa.array(end[at], pa.int64()).cast(UTC_MS),
        "steps": pa.array(np.zeros(len(at), np.int32)),
        "min_distance_m": pa.array(np.zeros(len(at))),
    }
    table = pa.table(more).select(CANDIDATES.names).cast(candidates.schema)
    return pa.concat_tables([candidates, table])


@dataclass(frozen=True)
class _Hours:
    """Where every ship was in which hour, found by latitude and by MMSI."""

    hearing: Hearing
    rows: Ids
    """In order of hour and band of latitude; the columns below are in that order."""
    cell: Ids
    lon: Places
    lat: Places
    time_ms: Places
    """When she was there; NaN where she was not heard in that hour."""
    key: Ids
    """Hour and MMSI of the rows as they are."""

    @classmethod
    def of(cls, hearing: Hearing) -> "_Hours":
        from tracker.geo.kernels.select import by_number

        hour, band = hearing.hour - int(hearing.hour.min(initial=0)), _band(hearing.lat)
        rows = np.arange(len(hour))
        for numbers in (band, hour):
            own, order = numbers[rows].astype(np.int32), np.empty(len(rows), np.int64)
            by_number(own, np.append(0, np.cumsum(np.bincount(own))), order)
            rows = rows[order]
        cell, key = hearing.hour * BANDS + band, hearing.hour * MMSI_SPAN + hearing.mmsi
        times = _times(hearing, slice(None))
        return cls(hearing, rows, cell[rows], hearing.lon[rows], hearing.lat[rows], times[rows], key)

    def later(self, rows: Ids, step: int) -> Ids:
        """The rows of the same ships so many hours later; their own where there are none."""
        wanted = self.key[rows] + step * MMSI_SPAN
        at = np.minimum(np.searchsorted(self.key, wanted), len(self.key) - 1)
        return np.where(self.key[at] == wanted, at, rows)


@dataclass(frozen=True)
class _Moments:
    """One end of each silence, and which rows of `_Hours`, by their cells, may be near it."""

    time_ms: Ids
    lon: Places
    lat: Places
    first: Ids
    count: Ids

    @classmethod
    def of(cls, hours: _Hours, time_ms: Ids, lon: Places, lat: Places) -> "_Moments":
        hour, width_deg = time_ms // MILLISECONDS_PER_HOUR * BANDS, ABOUT_NM / 59.0
        first = np.searchsorted(hours.cell, hour + _band(lat - width_deg))
        last = np.searchsorted(hours.cell, hour + _band(lat + width_deg), side="right")
        return cls(time_ms, lon, lat, first, last - first)

    def beside(self, hours: _Hours, numbers: slice, mmsi: Ids) -> tuple[Ids, Ids]:
        """Rows of other ships, heard or not in that hour, in a box about each place: number of the place, and row."""
        count, lat = self.count[numbers], self.lat[numbers]
        which = np.repeat(np.arange(numbers.start, numbers.stop), count)
        at = np.arange(len(which)) + np.repeat(self.first[numbers] + count - np.cumsum(count), count)
        since_ms = np.repeat(self.time_ms[numbers], count) - hours.time_ms[at]
        reach_deg = np.minimum(_reach_nm(since_ms), ABOUT_NM) / 59.0
        wider = 1.0 / np.maximum(np.cos(np.radians(np.minimum(np.abs(lat) + 1.0, 89.9))), 1e-3)
        off_deg = np.abs(hours.lon[at] - np.repeat(self.lon[numbers], count))
        inside = np.minimum(off_deg, 360.0 - off_deg) <= reach_deg * np.repeat(wider, count)
        inside &= np.abs(hours.lat[at] - np.repeat(lat, count)) <= reach_deg
        which, rows = which[inside], hours.rows[at[inside]]
        is_other = hours.hearing.mmsi[rows] != mmsi[which - numbers.start]
        return which[is_other], rows[is_other]

    def is_about(self, hours: _Hours, which: Ids, near: Ids) -> npt.NDArray[np.bool_]:
        """Whether places by the hour let ships (rows of hearing) be at moments at places (the number of each)."""
        hearing, is_about = hours.hearing, np.zeros(len(near), np.bool_)
        since_ms = self.time_ms[which] - _times(hearing, near)
        way_m = distance_m(self.lon[which], self.lat[which], hearing.lon[near], hearing.lat[near])
        may = way_m <= _reach_nm(since_ms) * METRES_PER_NAUTICAL_MILE
        for step in (-1, 1):
            # the place of an hour may be from before the moment or from after it, where it is not known when she was there
            asked = np.flatnonzero(may & ~is_about & ~(since_ms * step < 0.0))
            own, moment = near[asked], which[asked]
            other = hours.later(own, step)
            there = hearing.lon[other], hearing.lat[other]
            leg_m = distance_m(hearing.lon[own], hearing.lat[own], *there)
            way_back_m = distance_m(self.lon[moment], self.lat[moment], *there)
            reach_m = _reach_nm(self.time_ms[moment] - _times(hearing, other)) * METRES_PER_NAUTICAL_MILE
            straight_m = DETOUR * leg_m + OFF_NM * METRES_PER_NAUTICAL_MILE
            is_about[asked] = (way_m[asked] + way_back_m <= straight_m) & (way_back_m <= reach_m)
        return is_about


def _times(hearing: Hearing, rows: Ids | slice) -> Places:
    """When ships were at their places of the hour, ms; NaN where they were not heard in it."""
    time_ms = hearing.hour[rows] * MILLISECONDS_PER_HOUR + hearing.into_ms[rows]
    return np.where(hearing.reports[rows] > 0, time_ms, np.nan)


def _reach_nm(since_ms: Places) -> Places:
    """How far off a ship may be from where she was so long before or after; infinite where the time is not known."""
    return np.nan_to_num(ABOUT_NM / MILLISECONDS_PER_HOUR * np.abs(since_ms) + TOUCH_NM, nan=np.inf)


def _band(lat: Places) -> Ids:
    """Number of the band of latitude."""
    return np.floor((np.clip(lat, -90.0, 90.0) + 90.0) * BANDS_A_DEGREE).astype(np.int64)


def _chunks(count: Ids) -> Iterator[slice]:
    """Stretches of numbers that have at most `CHUNK_ROWS` together, or one."""
    end, begin = np.cumsum(count), 0
    while begin < len(count):
        before = int(end[begin - 1]) if begin else 0
        stop = max(int(np.searchsorted(end, before + CHUNK_ROWS, side="right")), begin + 1)
        yield slice(begin, stop)
        begin = stop


def _both(one: tuple[Ids, Ids], two: tuple[Ids, Ids], mmsi: Ids) -> tuple[tuple[Ids, Ids], tuple[Ids, Ids]]:
    """Of ships about places (number of the place, and row) those that are about the same number in both."""
    key, other = (which * MMSI_SPAN + mmsi[rows] for which, rows in (one, two))
    order = np.argsort(other)
    other = other[order]
    at = np.minimum(np.searchsorted(other, key), max(len(other) - 1, 0))
    is_both = other[at] == key if len(other) else np.zeros(len(key), np.bool_)
    chosen = order[at[is_both]]
    return (one[0][is_both], one[1][is_both]), (two[0][chosen], two[1][chosen])
