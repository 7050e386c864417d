"""Reports of ships in many stretches of time, read once from the first to the last, a few hours at a time.

What is kept of each stretch is decided slice by slice, so that memory follows what is kept and how many ships are heard
in a few hours, however long the stretches are and however many.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tracker.tables.column import UTC_MS
from tracker.tables.fixes import Fixes
from tracker.units import MILLISECONDS_PER_HOUR

Ints = npt.NDArray[np.int64]
Stretch = tuple[int, int, int]
"""MMSI, first and last moment (ms, both inclusive)."""
Kept = TypeVar("Kept")

SLICE_MS: Final = 12 * MILLISECONDS_PER_HOUR


class Windowed(Protocol):
    """What is asked of positions."""

    def windows(self, requests: Any, /) -> Mapping[int, Fixes]:
        """Reports of vessels inside windows (table: mmsi, start, end; both inclusive)."""
        ...


def read_stretches(
    asked: Sequence[Stretch], positions: Windowed, /, *, keep: Callable[[int, Fixes], Kept]
) -> Iterator[tuple[int, list[Kept]]]:
    """Number of each stretch in which anything was heard, and what is kept of its slices, as stretches end.

    Parameters
    ----------
    keep
        What to keep of the reports, one at least, of a stretch (by its number) in one slice; slices begin on whole
        multiples of `SLICE_MS` since 1970.
    """
    order = sorted(range(len(asked)), key=lambda i: asked[i][1:])
    found: dict[int, list[Kept]] = {}
    open_: list[int] = []
    begin, at = 0, 0
    while at < len(order) or open_:
        if not open_:
            begin = asked[order[at]][1] // SLICE_MS * SLICE_MS
        end = begin + SLICE_MS
        while at < len(order) and asked[order[at]][1] < end:
            open_.append(order[at])
            at += 1
        cut = [(asked[i][0], max(asked[i][1], begin), min(asked[i][2], end - 1)) for i in open_]
        tracks = positions.windows(requests_of(*np.array(cut, np.int64).T))
        for i, (mmsi, start, last) in zip(open_, cut, strict=True):
            track = tracks.get(mmsi)
            rows = slice(0) if track is None else slice(*np.searchsorted(track.time_ms, [start, last + 1]).tolist())
            if track is not None and rows.stop > (rows.start or 0):
                found.setdefault(i, []).append(keep(i, track.take(rows)))
            if asked[i][2] < end and i in found:
                yield i, found.pop(i)
        open_ = [i for i in open_ if asked[i][2] >= end]
        begin = end


def requests_of(mmsi: Ints, start_ms: Ints, end_ms: Ints, /) -> Any:
    """What is asked of `Windowed.windows`: a table of vessel, start and end."""
    columns = [pa.array(mmsi.astype(np.int32)), pa.array(start_ms).cast(UTC_MS), pa.array(end_ms).cast(UTC_MS)]
    return pa.table(columns, names=["mmsi", "start", "end"])
