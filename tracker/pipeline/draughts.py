"""Declared draughts of a ship before and after a stretch of time, from the static reports.

The last value said up to its start, and the first said from its end on. A crew may update it late or never: what to
make of that is for the cargo methods.
"""

from collections.abc import Iterator
from itertools import pairwise
from math import isnan
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

AT_ONCE: Final = 1_000_000
"""Readings held against stretches at a time: bounds the memory, not the answer."""
NEVER: Final = np.iinfo(np.int64).min
LATER: Final = 1 << 61
"""More than any time in ms: ranks a reading that is yet to come behind all that are in force."""


class Draughts:
    """Draught readings by MMSI, in order of time."""

    def __init__(self, statics: Any, /) -> None:
        known = statics.filter(pc.is_valid(statics["draught_m"]))
        mmsi = known["mmsi"].to_numpy()
        first, last = (known[name].cast(pa.int64()).to_numpy() for name in ("time", "last_time"))
        value = known["draught_m"].to_numpy().astype(np.float64)
        order = np.lexsort((value, last, first, mmsi))
        self._first, self._last, self._value = first[order], last[order], value[order]
        self._mmsi, starts = np.unique(mmsi[order], return_index=True)
        self._bounds = np.append(starts, len(order))

    def around(self, mmsi: int, start_ms: int, end_ms: int, /) -> tuple[float | None, float | None]:
        """Draught in force at the start and at the end of a stretch, m; None where nothing was said."""
        before, after = self.around_each(*(np.array([value], np.int64) for value in (mmsi, start_ms, end_ms)))
        return _known(before[0]), _known(after[0])

    def around_each(self, mmsi: Ints, start_ms: Ints, end_ms: Ints, /) -> tuple[Floats, Floats]:
        """Draughts in force at the start and at the end of stretches, m; NaN where nothing was said."""
        out = np.full((2, len(mmsi)), np.nan)
        if not len(self._mmsi):
            return out[0], out[1]
        place = np.searchsorted(self._mmsi, mmsi).clip(max=len(self._mmsi) - 1)
        asked = np.flatnonzero(self._mmsi[place] == mmsi)
        begin, end = self._bounds[place[asked]], self._bounds[place[asked] + 1]
        for part in _parts(end - begin):
            which, low = asked[part], begin[part]
            counts = end[part] - low
            starts = np.cumsum(counts) - counts
            of = np.repeat(np.arange(len(which)), counts)
            readings = np.arange(len(of)) + (low - starts)[of]
            first, last = self._first[readings], self._last[readings]
            start, finish = start_ms[which][of], end_ms[which][of]
            # the reading in force, or heard last
            said = np.where(first <= start, np.minimum(last, start), NEVER)
            # among readings in force or yet to come the one that begins last before the end is the newer
            still = np.where(last < finish, NEVER, np.where(first <= finish, first, -first - LATER))
            for side, score in enumerate((said, still)):
                best = np.maximum.reduceat(score, starts)
                at = np.minimum.reduceat(np.where(score == best[of], readings, len(self._value)), starts)
                heard = best > NEVER
                out[side, which[heard]] = self._value[at[heard]]
        before, after = (np.array([round(value, 2) for value in side.tolist()], np.float64) for side in out)
        return before, after


def _known(draught_m: float) -> float | None:
    return None if isnan(draught_m) else float(draught_m)


def _parts(counts: Ints) -> Iterator[slice]:
    """Slices of about `AT_ONCE` of what is counted."""
    part = np.cumsum(counts) // AT_ONCE
    bounds = [0, *(np.flatnonzero(np.diff(part)) + 1).tolist(), len(counts)]
    return (slice(*pair) for pair in pairwise(bounds) if pair[0] < pair[1])
