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
from tracker.engine.watch_again import Echo, echoes, replayed, said_twice
from tracker.tables.fixes import Fixes, frozen
from tracker.tables.hours import ENDS, HEARD
from tracker.units import MILLISECONDS_PER_HOUR

JUMP, WILD, STILL, CONFINED, REPLAY = 1, 2, 4, 8, 16
"""Kinds of marks: out of reach of the report before; out and back; one place while she says that she goes; a long way
in a small space; places said before, in the same order."""
FIRST_SHIPS = 1024
SAMPLE_ROWS = 4_000_000
BATCH_ROWS = 1 << 19

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

    echoes: tuple[Echo, ...] = ()
    """Pairs of ships of which one says the other's places, in order of MMSI and lag."""

    def of(self, kinds: int, /) -> npt.NDArray[np.int32]:
        """MMSIs with a mark of one of the kinds, in order."""
        return np.unique(self.mmsi[(self.kind & kinds) > 0])


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
        heard = np.empty(sum(map(len, self._heard)) + len(still), HEARD)
        place = len(heard) - len(still)
        heard[place:] = still
        # none of them is held twice for longer than it takes to copy it
        while self._heard:
            part = self._heard.pop()
            heard[place - len(part) : place] = part
            place -= len(part)
        self._heard = [heard[: len(heard) - len(still)]]
        return ends, heard

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
        """Close the watch: the sample of places is given back."""
        from tracker.engine.watch_kernel import end_watch

        ended = 0
        while (ended := end_watch(ended, self._ships, self._marks, self._counters)) < self._counters[SHIPS]:
            self._marks = grow(self._marks, 2 * len(self._marks))
        found = self._marks[: self._counters[MARKS]]
        key, said_ms, ship = said_twice(*(column[: self._sampled] for column in self._sample))
        self._sample, self._sampled = _sample_of(0), 0
        again_mmsi, again_ms = replayed(key, said_ms, ship)
        mmsi = np.concatenate([found["mmsi"], again_mmsi])
        kind = np.concatenate([found["kind"], np.full(len(again_mmsi), REPLAY, np.int32)])
        time_ms = np.concatenate([found["time_ms"], again_ms])
        order = np.lexsort((kind, time_ms, mmsi))
        return Marks(
            mmsi[order], kind[order], time_ms[order], int(self._counters[REPEATED]), echoes(key, said_ms, ship)
        )


def _sample_of(rows: int) -> tuple[npt.NDArray[Any], ...]:
    """Room for keys, times and ships of reports."""
    return np.empty(rows, np.uint64), np.empty(rows, np.int64), np.empty(rows, np.int32)


def hours_of(marks: Marks, kinds: int, /) -> dict[int, npt.NDArray[np.int64]]:
    """Hours (since 1970) with a mark of one of the kinds, by MMSI."""
    chosen = (marks.kind & kinds) > 0
    mmsi, hour = marks.mmsi[chosen], marks.time_ms[chosen] // MILLISECONDS_PER_HOUR
    ids, starts = np.unique(mmsi, return_index=True)
    return dict(zip(ids.tolist(), np.split(hour, starts[1:]), strict=True)) if len(ids) else {}
