"""What looks wrong while positions stream past: cheap marks that say which ships, and when, deserve a closer look.

One record a ship and a few comparisons a report; no report is judged here. The same record counts the reports of each
ship and hour (`tracker.detectors.hearing`). A mark is told once for each ship, hour and
kind. Places that moving ships say are sampled by a hash of the place, so that a place said again, days later, is
sampled again: that is how a replayed track is noticed in bounded memory.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.engine.records import grow, lined
from tracker.tables.fixes import Fixes, frozen
from tracker.tables.hours import ENDS, HEARD
from tracker.units import MILLISECONDS_PER_HOUR

JUMP, WILD, STILL, CONFINED, REPLAY = 1, 2, 4, 8, 16
"""Kinds of marks: out of reach of the report before; out and back; one place while she says that she goes; a long way
in a small space; places said before, in the same order."""
FIRST_SHIPS = 1024
SAMPLE_ROWS = 4_000_000
BATCH_ROWS = 1 << 19
LEAST_REPLAYED = 3
LAG_MS = 10_000
SHORTEST_LAG_MS = 600_000
LEAST_COPIED = 5
"""Places that one ship says after another, all one lag later: fewer agree by chance where sources round."""
MOST_COPIES = 500
"""Pairs that are told, those with most such places first: bounds what is read again."""

SHIP = np.dtype(
    [
        ("time_ms", "i8"),
        ("x", "i4"),
        ("y", "i4"),
        ("sog_kn", "f4"),
        ("home_x", "i4"),  # first place of the hour
        ("west", "i4"),  # from there, 1e-7 degree
        ("east", "i4"),
        ("south", "i4"),
        ("north", "i4"),
        ("way_m", "f4"),  # by her own word, in this hour
        ("said_s", "f4"),
        ("reports", "i4"),  # in this hour, those heard twice left out
        ("heard", "i4"),  # in this hour, all
        ("hour", "i4"),  # since 1970
        ("marked", "u1"),  # kinds told in this hour
        ("is_long", "u1"),  # the way from the place before was longer than said: measured, not bounded
        ("is_again", "u1"),  # the last report was one heard twice
        ("lies_moving", "u1"),  # in the hour: lying by her status, and under way by her speed
        # the second line of the cache
        ("still_ms", "i8"),  # since when the place is the same while she says that she goes
        ("first_ms", "i8"),  # her first report of all
        ("leg_ms", "u4"),  # time from the place before
        ("before_x", "i4"),
        ("before_y", "i4"),
        ("mmsi", "i4"),
        ("home_y", "i4"),
        ("into_ms", "i4"),  # when the hour was first heard, since it began
        ("first_x", "i4"),
        ("first_y", "i4"),
        ("first_sog_kn", "f4"),
        ("speeds", "u1"),  # known in the hour, at most `LAST_SPEEDS`
        ("slow", "u1"),  # of the last of them, in a row
        ("has_status", "u1"),  # at any time
        ("unused", "i8"),  # to the length of two lines
    ],
    align=True,
)
LAST = np.dtype([("last_ms", "i8"), ("last_x", "i4"), ("last_y", "i4"), ("last_sog_kn", "f4")], align=True)
"""The last report of a ship that was heard twice: it is no part of her track, yet her last word."""
MARK = np.dtype([("mmsi", "i4"), ("kind", "i4"), ("time_ms", "i8")], align=True)
SHIPS, MARKS, REPEATED, HOURS = range(4)
COUNTERS = 5


@dataclass(frozen=True)
class Marks:
    """Ships and hours that deserve a closer look, in order of MMSI and time."""

    mmsi: npt.NDArray[np.int32]
    kind: npt.NDArray[np.int32]
    time_ms: npt.NDArray[np.int64]
    repeated: int
    """Reports of the same second and place as the report before: heard twice."""

    echoes: tuple["Echo", ...] = ()
    """Pairs of ships of which one says the other's places, in order of MMSI and lag."""

    def of(self, kinds: int, /) -> npt.NDArray[np.int32]:
        """MMSIs with a mark of one of the kinds, in order."""
        return np.unique(self.mmsi[(self.kind & kinds) > 0])


@dataclass(frozen=True)
class Echo:
    """Two ships that say some places of the sample one lag apart."""

    first: int
    """MMSI that says them first; of two that do at one time, the lower."""
    again: int
    lag_ms: int
    start_ms: int
    """First and last time at which the other says them again."""
    end_ms: int


class Watcher:
    """Marks what looks wrong, and counts who was heard in which hour, while batches stream past.

    `marks` closes the watch; `heard` gives the counts.
    """

    def __init__(self) -> None:
        self._table = np.zeros((4 * FIRST_SHIPS, 2), np.int32)
        self._ships = lined(np.zeros(0, SHIP), FIRST_SHIPS)
        self._last = np.empty(FIRST_SHIPS, LAST)
        self._marks = np.zeros(1024, MARK)
        self._hours = np.empty(16 * FIRST_SHIPS, HEARD)
        self._counters = np.zeros(COUNTERS, np.int64)
        self._heard: list[npt.NDArray[Any]] = []
        self._sample = _sample_of(SAMPLE_ROWS + BATCH_ROWS)
        self._sampled, self._sieve = 0, np.uint64(0)

    def overhear(self, batches: Iterable[Fixes], /) -> Iterator[Fixes]:
        """Pass batches on unchanged and watch what is in them."""
        for batch in batches:
            self.feed(batch)
            yield batch

    def feed(self, fixes: Fixes, /) -> None:
        """Watch one batch, in time order after the batches before."""
        from tracker.engine.mmsi_table import rehash
        from tracker.engine.watch_kernel import observe

        columns = [frozen(c) for c in (fixes.time_ms, fixes.mmsi, fixes.lon_e7, fixes.lat_e7, fixes.sog_kn)]
        status = frozen(fixes.nav_status)
        taken = 0
        while True:
            taken = observe(
                taken,
                *columns,
                status,
                self._table,
                self._ships,
                self._last,
                self._marks,
                self._hours,
                self._counters,
            )
            if taken == len(fixes):
                break
            if self._counters[SHIPS] == len(self._ships):
                self._ships = lined(self._ships, 2 * len(self._ships))
                self._last = grow(self._last, len(self._ships))
                table = np.zeros((2 * len(self._table), 2), np.int32)
                rehash(self._table, table)
                self._table = table
            elif self._counters[HOURS] == len(self._hours):
                self._take_hours()
            else:
                self._marks = grow(self._marks, 2 * len(self._marks))
        self._take_sample(columns)

    def heard(self) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """Ships with their first and last reports (`ENDS`), and ships by hours (`HEARD`), in no order."""
        self._take_hours()
        ships = self._ships[: self._counters[SHIPS]]
        still, ends = np.empty(len(ships), HEARD), np.empty(len(ships), ENDS)
        own = {"reports": "heard", "x": "home_x", "y": "home_y"}
        for name in HEARD.names or ():
            still[name] = ships[own.get(name, name)]
        own = {"last_ms": "time_ms", "last_x": "x", "last_y": "y", "last_sog_kn": "sog_kn"}
        for name in ENDS.names or ():
            ends[name] = ships[own.get(name, name)]
        is_again = ships["is_again"] > 0
        for name in LAST.names or ():
            ends[name][is_again] = self._last[: len(ships)][name][is_again]
        return ends, np.concatenate([*self._heard, still])

    def _take_hours(self) -> None:
        self._heard.append(self._hours[: self._counters[HOURS]].copy())
        self._counters[HOURS] = 0

    def _take_sample(self, columns: list[npt.NDArray[Any]]) -> None:
        from tracker.engine.watch_sample import sample_places, sift

        needed = self._sampled + len(columns[0])
        if needed > len(self._sample[0]):
            self._sample = tuple(grow(column, needed) for column in self._sample)
        self._sampled = sample_places(*columns, self._sieve, *self._sample, self._sampled)
        while self._sampled > SAMPLE_ROWS:
            self._sieve = np.uint64(2 * int(self._sieve) + 1)
            self._sampled = sift(self._sieve, *self._sample, self._sampled)

    def marks(self) -> Marks:
        """Close the watch."""
        from tracker.engine.watch_kernel import end_watch

        ended = 0
        while (ended := end_watch(ended, self._ships, self._marks, self._counters)) < self._counters[SHIPS]:
            self._marks = grow(self._marks, 2 * len(self._marks))
        found = self._marks[: self._counters[MARKS]]
        key, said_ms, ship = _twice(*(column[: self._sampled] for column in self._sample))
        again_mmsi, again_ms = _replayed(key, said_ms, ship)
        mmsi = np.concatenate([found["mmsi"], again_mmsi])
        kind = np.concatenate([found["kind"], np.full(len(again_mmsi), REPLAY, np.int32)])
        time_ms = np.concatenate([found["time_ms"], again_ms])
        order = np.lexsort((kind, time_ms, mmsi))
        return Marks(
            mmsi[order], kind[order], time_ms[order], int(self._counters[REPEATED]), _echoes(key, said_ms, ship)
        )


Sample = tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64], npt.NDArray[np.int32]]
"""Keys of places, times and ships."""


def _twice(key: npt.NDArray[np.uint64], time_ms: npt.NDArray[np.int64], mmsi: npt.NDArray[np.int32], /) -> Sample:
    """Those of places said more than once, by place and time: most are said once and need not be put side by side."""
    from tracker.engine.watch_sample import may_be_twice

    rows = np.empty(len(key), np.int64)
    rows = rows[: may_be_twice(key, np.zeros(1 << (4 * len(key) + 16).bit_length(), np.uint8), rows)]
    # the sample is in time order: a stable sort keeps it
    rows = rows[np.argsort(key[rows], kind="stable")]
    return key[rows], time_ms[rows], mmsi[rows]


def _echoes(
    key: npt.NDArray[np.uint64], time_ms: npt.NDArray[np.int64], mmsi: npt.NDArray[np.int32], /
) -> tuple[Echo, ...]:
    """Pairs of ships that say several places one after the other, after one and the same time."""
    later = np.flatnonzero((key[1:] == key[:-1]) & (mmsi[1:] != mmsi[:-1])) + 1
    if not len(later):
        return ()
    one, two, lag = mmsi[later - 1].astype(np.int64), mmsi[later].astype(np.int64), np.diff(time_ms)[later - 1]
    # at one time the lower number is first, whatever the order of rows
    swap = (lag == 0) & (one > two)
    one, two = np.where(swap, two, one), np.where(swap, one, two)
    pairs, pair = np.unique(one << 30 | two, return_inverse=True)
    bin_ = lag // LAG_MS
    lags, at, count = np.unique(pair.ravel() << 32 | bin_, return_inverse=True, return_counts=True)
    next_bin = np.append((lags[1:] == lags[:-1] + 1) * count[1:], 0)
    total = count + next_bin
    told = np.flatnonzero(total >= LEAST_COPIED)
    # the fullest lag of each pair, and of pairs the fullest
    told = told[np.lexsort((lags[told], -total[told]))]
    _, first = np.unique(lags[told] >> 32, return_index=True)
    told = told[np.sort(first)][:MOST_COPIES]
    found = []
    for n in told.tolist():
        rows = np.flatnonzero((at.ravel() == n) | ((at.ravel() == n + 1) & bool(next_bin[n])))
        times = time_ms[later[rows]]
        source, copy = int(pairs[lags[n] >> 32]) >> 30, int(pairs[lags[n] >> 32]) & (1 << 30) - 1
        found.append(Echo(source, copy, int(np.median(lag[rows])), int(times.min()), int(times.max())))
    return tuple(sorted(found, key=lambda one: (one.first, one.again, one.lag_ms)))


def _sample_of(rows: int) -> tuple[npt.NDArray[Any], ...]:
    """Room for keys, times and ships of reports."""
    return np.empty(rows, np.uint64), np.empty(rows, np.int64), np.empty(rows, np.int32)


def _replayed(
    key: npt.NDArray[np.uint64], time_ms: npt.NDArray[np.int64], mmsi: npt.NDArray[np.int32], /
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """Ships that say several places again after one and the same time, with when they first do."""
    order = np.lexsort((mmsi, key))
    key, time_ms, mmsi = key[order], time_ms[order], mmsi[order]
    lag = np.diff(time_ms)
    again = np.flatnonzero((key[1:] == key[:-1]) & (mmsi[1:] == mmsi[:-1]) & (lag >= SHORTEST_LAG_MS)) + 1
    if not len(again):
        return np.empty(0, np.int32), np.empty(0, np.int64)
    who, bin_ = mmsi[again].astype(np.int64), lag[again - 1] // LAG_MS
    pair, count = np.unique(who << 32 | bin_, return_counts=True)
    # a lag near the edge of a bin falls into two
    next_bin = np.append((pair[1:] == pair[:-1] + 1) * count[1:], 0)
    ships = np.unique((pair >> 32)[count + next_bin >= LEAST_REPLAYED])
    first = [int(time_ms[again[who == ship]].min()) for ship in ships.tolist()]
    return ships.astype(np.int32), np.array(first, np.int64)


def hours_of(marks: Marks, kinds: int, /) -> dict[int, npt.NDArray[np.int64]]:
    """Hours (since 1970) with a mark of one of the kinds, by MMSI."""
    chosen = (marks.kind & kinds) > 0
    mmsi, hour = marks.mmsi[chosen], marks.time_ms[chosen] // MILLISECONDS_PER_HOUR
    ids, starts = np.unique(mmsi, return_index=True)
    return dict(zip(ids.tolist(), np.split(hour, starts[1:]), strict=True)) if len(ids) else {}
