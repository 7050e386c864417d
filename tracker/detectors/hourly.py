"""Voyages on hourly places, all at once: wrong fixes left out, how long each way is, and how much longer it can have been.

The places of all voyages lie in columns one after another; where each voyage begins stands beside them.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tracker.geo.kernels import distance_m, ecef_m
from tracker.units import METRES_PER_NAUTICAL_MILE, MILLISECONDS_PER_HOUR

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

STILL_NM = 1.0
FASTEST_KN = 40.0
"""No cargo ship is faster: a place that needs more is a wrong fix."""
LEAST_STEP_H = 1.0 / 60.0
SERVICE_KN = 11.0
"""How fast a ship may have gone while she was silent (cargo-and-law.md, rule R16)."""
SILENT_H = 2.0


@dataclass(frozen=True)
class Places:
    """Places of many voyages: ``starts`` (voyages + 1) holds where each begins in the columns, and where the last ends."""

    starts: Ints
    time_ms: Ints
    lon: Floats
    lat: Floats

    @cached_property
    def count(self) -> Ints:
        """Places of each voyage."""
        return np.diff(self.starts)

    @cached_property
    def owner(self) -> Ints:
        """Number of the voyage of each place."""
        return np.repeat(np.arange(len(self.count)), self.count)

    @cached_property
    def is_step(self) -> Bools:
        """Whether a place and the next are of one voyage."""
        return np.asarray(self.owner[1:] == self.owner[:-1])

    @cached_property
    def steps_nm(self) -> Floats:
        """From each place to the next, of whatever voyage that is."""
        lon, lat = self.lon, self.lat
        return np.asarray(distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:])) / METRES_PER_NAUTICAL_MILE

    @cached_property
    def is_fast(self) -> Bools:
        """Whether each step is faster than any cargo ship."""
        hours = np.maximum(np.diff(self.time_ms) / MILLISECONDS_PER_HOUR, LEAST_STEP_H)
        return np.asarray(self.is_step & (self.steps_nm / hours > FASTEST_KN))

    def only(self, kept: Bools, /) -> "Places":
        """Some of the places; a voyage may be left with none."""
        starts = np.concatenate([[0], np.cumsum(kept)])[self.starts]
        return Places(starts, self.time_ms[kept], self.lon[kept], self.lat[kept])

    def of(self, voyages: Ints, /) -> "Places":
        """Some of the voyages, in the order asked."""
        count = self.count[voyages]
        starts = np.concatenate([[0], np.cumsum(count)])
        rows = np.repeat(self.starts[:-1][voyages] - starts[:-1], count) + np.arange(starts[-1])
        return Places(starts, self.time_ms[rows], self.lon[rows], self.lat[rows])


def without_wrong_fixes(places: Places, /) -> Places:
    """Leave out places that are reached and left too fast for a cargo ship, until none is left."""
    keep, rows = np.ones(len(places.lon), np.bool_), np.arange(len(places.lon))
    asked = places
    while len(rows):
        lone = _lone(asked)
        if not lone.any():
            break
        keep[rows[lone]] = False
        # a voyage in which nothing was wrong has nothing wrong later
        again = np.isin(asked.owner, asked.owner[lone]) & ~lone
        asked, rows = asked.only(again), rows[again]
    return places.only(keep)


def _lone(places: Places) -> Bools:
    fast, at = places.is_fast, np.arange(len(places.lon))
    came, goes = np.concatenate([[False], fast]), np.concatenate([fast, [False]])
    begin, last = places.starts[:-1][places.owner], places.starts[1:][places.owner] - 1
    # one at an end is reached or left only: it is wrong when the next step is none that is too fast
    is_first = (at == begin) & goes & ~goes[np.minimum(at + 1, len(at) - 1)]
    is_last = (at == last) & came & ~came[np.maximum(at - 1, 0)]
    return np.asarray(((came & goes) | is_first | is_last) & (places.count[places.owner] > 2))


def way_nm(places: Places, /) -> Floats:
    """Length of each way over places that lie a mile or more apart, and its last; 0 with fewer than two places."""
    kept = _apart(places)
    again = places.only(kept)
    lengths = np.bincount(
        again.owner[:-1][again.is_step], weights=again.steps_nm[again.is_step], minlength=len(places.count)
    )
    return np.asarray(lengths, np.float64)


def _apart(places: Places) -> Bools:
    """Which places count: each a mile or more from the one that counted before, the first and the last of each voyage."""
    kept = np.ones(len(places.lon), np.bool_)
    is_short = places.is_step & (places.steps_nm < STILL_NM)
    still = np.flatnonzero(is_short).tolist()
    last = (places.starts[1:] - 1)[places.owner[still]].tolist()
    x, y, z = (column.tolist() for column in ecef_m(places.lon, places.lat))
    near = (STILL_NM * METRES_PER_NAUTICAL_MILE) ** 2
    left, until = [], 0
    for begin, end in zip(still, last, strict=True):
        row = max(begin, until)
        # where she lies still or swings, each place is asked about the one that counted before; elsewhere all count
        while row < end and is_short[row]:
            base, row = row, row + 1
            while row < end and (x[row] - x[base]) ** 2 + (y[row] - y[base]) ** 2 + (z[row] - z[base]) ** 2 < near:
                left.append(row)
                row += 1
        until = row
    kept[left] = False
    return kept


def hidden_nm(places: Places, start_ms: Ints, end_ms: Ints, /) -> Floats:
    """How much longer than straight each way can have been in silences between the start and the end of its voyage."""
    first, next_ = (
        np.clip(t, start_ms[places.owner[:-1]], end_ms[places.owner[:-1]])
        for t in (places.time_ms[:-1], places.time_ms[1:])
    )
    hours = (next_ - first) / MILLISECONDS_PER_HOUR
    silent = places.is_step & (hours >= SILENT_H)
    more = np.maximum(hours[silent] * SERVICE_KN - places.steps_nm[silent], 0.0)
    return np.asarray(np.bincount(places.owner[:-1][silent], weights=more, minlength=len(places.count)), np.float64)
