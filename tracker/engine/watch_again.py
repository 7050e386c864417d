"""Places of the sample that were said twice: by two ships one after the other, or by one ship on the same way again."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

CHUNK_ROWS = 1 << 19
SIEVE_BITS = 22
"""As good as room for each place that was said twice; what shares its room goes no further than the sort."""
LEAST_REPLAYED = 3
LAG_MS = 10_000
SHORTEST_LAG_MS = 600_000
LEAST_COPIED = 5
"""Places that one ship says after another, all one lag later: fewer agree by chance where sources round."""
MOST_COPIES = 500
"""Pairs that are told, those with most such places first: bounds what is read again."""


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


Sample = tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64], npt.NDArray[np.int32]]
"""Keys of places, times and ships."""


def said_twice(key: npt.NDArray[np.uint64], time_ms: npt.NDArray[np.int64], mmsi: npt.NDArray[np.int32], /) -> Sample:
    """Those of places said more than once, by place and time: most are said once and need not be put side by side."""
    # numbers alone are sorted in an eighth of the time that their order takes
    keys = np.sort(key)
    twice = keys[1:][keys[1:] == keys[:-1]]
    del keys
    may_be = np.zeros(1 << SIEVE_BITS, np.bool_)
    may_be[_slots(twice)] = True
    starts = range(0, len(key), CHUNK_ROWS)
    rows = [start + np.flatnonzero(may_be[_slots(key[start : start + CHUNK_ROWS])]) for start in starts]
    at = np.concatenate([np.empty(0, np.int64), *rows])
    # the sample is in time order: a stable sort keeps it
    at = at[np.argsort(key[at], kind="stable")]
    return key[at], time_ms[at], mmsi[at]


def _slots(key: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    return (key >> np.uint64(20)) & np.uint64((1 << SIEVE_BITS) - 1)


def echoes(
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


def replayed(
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
