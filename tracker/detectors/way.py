"""Where ships were heard, hour by hour: how far off, and how long not, in many stretches of time at once."""

from functools import cached_property

import numpy as np
import numpy.typing as npt

from tracker.detectors.hearing import Hearing
from tracker.detectors.hourly import Places
from tracker.geo.kernels import distance_m, ecef_m
from tracker.tables.hours import LAST_SPEEDS
from tracker.units import METRES_PER_NAUTICAL_MILE, MILLISECONDS_PER_HOUR

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Way:
    """Where ships were heard, hour by hour; questions about many stretches of time at once.

    Its columns are of one length, ship after ship and each in order of hours: ``order`` (rows of the hearing), ``ship``
    (place among ``ids``), ``mmsi``, ``hour``, ``lon`` and ``lat``. ``begin_ms`` is the first report of all.
    """

    def __init__(self, hearing: Hearing, /) -> None:
        heard = np.flatnonzero(hearing.reports > 0)
        # they are in order of hours
        self.order = order = heard[np.argsort(hearing.ship[heard], kind="stable")]
        self.ids, self.ship, self.mmsi = hearing.ids, hearing.ship[order], hearing.mmsi[order]
        self.hour, self.lon, self.lat = hearing.hour[order], hearing.lon[order], hearing.lat[order]
        self._into_ms, self._speeds, self._slow = (c[order] for c in (hearing.into_ms, hearing.speeds, hearing.slow))
        self.begin_ms = hearing.begin_ms
        self._floor = int(self.hour.min()) if len(order) else 0
        self._key = self._keys(self.mmsi, self.hour)

    @cached_property
    def xyz(self) -> Floats:
        """Where ships were heard, earth-centred, m, (n, 3)."""
        return np.column_stack(ecef_m(self.lon, self.lat))

    def _keys(self, mmsi: Ints, hour: Ints) -> Ints:
        """Vessel and hour in one number that grows with both."""
        return np.asarray((mmsi << 32) + np.clip(hour - self._floor + 1, 0, (1 << 31)), np.int64)

    def first_at(self, mmsi: Ints, time_ms: Ints, /, *, within_ms: int) -> tuple[Floats, Floats]:
        """Longitude and latitude of reports that are the first of their ships in their hours; NaN for others.

        The end of a silence that began in another hour is such a report. Times are right to `within_ms`.
        """
        row = np.searchsorted(self._key, self._keys(mmsi, time_ms // MILLISECONDS_PER_HOUR))
        known = np.flatnonzero(row < len(self._key))
        at = row[known]
        first_ms = self.hour[at] * MILLISECONDS_PER_HOUR + self._into_ms[at]
        is_it = self._key[at] == self._keys(mmsi[known], time_ms[known] // MILLISECONDS_PER_HOUR)
        is_it &= np.abs(first_ms - time_ms[known]) <= within_ms
        lon, lat = np.full(len(mmsi), np.nan), np.full(len(mmsi), np.nan)
        lon[known[is_it]], lat[known[is_it]] = self.lon[at[is_it]], self.lat[at[is_it]]
        return lon, lat

    def under_way(self, mmsi: Ints, until_ms: Ints, /, *, hours: int) -> Ints:
        """Whether a ship made way by any of the last three speeds known up to the end of an hour: 1 or 0, -1 for not known.

        Parameters
        ----------
        hours : speeds of earlier hours tell nothing
        """
        known = self._speeds > 0
        keys, speeds, slow = (column[known] for column in (self._key, self._speeds, self._slow))
        until = until_ms // MILLISECONDS_PER_HOUR
        row = np.searchsorted(keys, self._keys(mmsi, until), side="right") - 1
        floor = self._keys(mmsi, until - hours)
        told, taken = np.full(len(mmsi), -1, np.int64), np.zeros(len(mmsi), np.int64)
        for _ in range(LAST_SPEEDS):
            asked = np.flatnonzero((row >= 0) & (taken < LAST_SPEEDS) & (told != 1))
            asked = asked[keys[row[asked]] >= floor[asked]]
            at = row[asked]
            more = np.minimum(speeds[at], LAST_SPEEDS - taken[asked])
            told[asked] = slow[at] < more
            taken[asked] += more
            row[asked] -= 1
        return told

    def places(self, mmsi: Ints, from_ms: Ints, to_ms: Ints, /) -> Places:
        """The first place in each hour, for each stretch of time: from the hour it begins in to the one after it ends in.

        A stretch between two stays begins and ends with a place in them, where the ship was heard there.
        """
        rows, starts = self._rows(mmsi, from_ms // MILLISECONDS_PER_HOUR, to_ms // MILLISECONDS_PER_HOUR + 1)
        return Places(starts, self._time_ms(rows), self.lon[rows], self.lat[rows])

    def _rows(self, mmsi: Ints, first: Ints, last: Ints) -> tuple[Ints, Ints]:
        """Rows of ships in stretches of hours, and where each stretch begins among them, and the last ends."""
        begin = np.searchsorted(self._key, self._keys(mmsi, first), side="left")
        count = np.maximum(np.searchsorted(self._key, self._keys(mmsi, last), side="right") - begin, 0)
        starts = np.concatenate([[0], np.cumsum(count)])
        return np.repeat(begin - starts[:-1], count) + np.arange(starts[-1]), starts

    def _time_ms(self, rows: Ints) -> Ints:
        return np.asarray(self.hour[rows] * MILLISECONDS_PER_HOUR + self._into_ms[rows], np.int64)

    def between(self, mmsi: Ints, from_ms: Ints, to_ms: Ints, lon: Floats, lat: Floats, /) -> tuple[Floats, Floats]:
        """Longest silence (hours, to the hour) and greatest distance from a place (nm), for each stretch of time.

        Distance is NaN where the ship was not heard at all in whole or part of an hour of the stretch.
        """
        first, last = from_ms // MILLISECONDS_PER_HOUR, to_ms // MILLISECONDS_PER_HOUR
        rows, starts = self._rows(mmsi, first, last)
        silent, far = (last - first).astype(np.float64), self._farthest_nm(rows, starts, lon, lat)
        some = np.flatnonzero(np.diff(starts))
        if len(some):
            begin, end = starts[some], starts[some + 1] - 1
            step = np.diff(self.hour[rows], prepend=0)
            step[begin] = self.hour[rows[begin]] - first[some]
            silent[some] = np.maximum(np.maximum.reduceat(step, begin), last[some] - self.hour[rows[end]])
        return silent, far

    def reach_nm(self, mmsi: Ints, from_ms: Ints, to_ms: Ints, lon: Floats, lat: Floats, /) -> Floats:
        """How far from a place ships were heard at most, at the first report of each hour within stretches of time.

        NaN where there is no such report.
        """
        rows, starts = self._rows(mmsi, from_ms // MILLISECONDS_PER_HOUR, to_ms // MILLISECONDS_PER_HOUR)
        time_ms, count = self._time_ms(rows), np.diff(starts)
        inside = (time_ms >= np.repeat(from_ms, count)) & (time_ms <= np.repeat(to_ms, count))
        return self._farthest_nm(rows[inside], np.concatenate([[0], np.cumsum(inside)])[starts], lon, lat)

    def _farthest_nm(self, rows: Ints, starts: Ints, lon: Floats, lat: Floats) -> Floats:
        """Greatest distance of the rows of each stretch from a place; NaN without any."""
        far, some = np.full(len(lon), np.nan), np.flatnonzero(np.diff(starts))
        if not len(some):
            return far
        begin, count = starts[some], np.diff(starts)[some]
        off = np.take(self.xyz, rows, axis=0)
        off -= np.repeat(np.column_stack(ecef_m(lon[some], lat[some])), count, axis=0)
        chord2 = np.einsum("ij,ij->i", off, off)
        longest = np.flatnonzero(chord2 == np.repeat(np.maximum.reduceat(chord2, begin), count))
        # the longest straight line is the longest way: only that is measured
        at = rows[longest[np.searchsorted(longest, begin)]]
        far[some] = np.asarray(distance_m(self.lon[at], self.lat[at], lon[some], lat[some])) / METRES_PER_NAUTICAL_MILE
        return far
