"""Where positions come from at detection: a case, or a table in memory. The detectors cannot tell."""

from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from tracker.tables.fixes import Fixes, fixes_of

BATCH_ROWS = 1_000_000


class PositionSource(Protocol):
    """Positions that can be streamed in time order and read back by vessel and window."""

    def batches(self) -> Iterator[Fixes]:
        """All positions, in time order."""
        ...

    def windows(self, requests: Any, /) -> dict[int, Fixes]:
        """Reports of vessels inside windows (table: mmsi, start, end; both inclusive), each vessel in time order."""
        ...


class FixesSource:
    """Positions held as arrays, in time order."""

    def __init__(self, fixes: Fixes, /) -> None:
        self._fixes = fixes

    def batches(self) -> Iterator[Fixes]:
        """All positions, in time order."""
        for start in range(0, len(self._fixes), BATCH_ROWS):
            yield self._fixes.take(slice(start, start + BATCH_ROWS))

    def windows(self, requests: Any, /) -> dict[int, Fixes]:
        """Reports of vessels inside windows, each vessel in time order."""
        by_vessel = np.argsort(self._fixes.mmsi, kind="stable")
        ids, starts = np.unique(self._fixes.mmsi[by_vessel], return_index=True)
        rows = dict(zip(ids.tolist(), np.split(by_vessel, starts[1:]), strict=True)) if len(ids) else {}
        found = {}
        for mmsi, spans in _spans(requests).items():
            if mmsi not in rows:
                continue
            track = self._fixes.take(rows[mmsi])
            keep = np.zeros(len(track), np.bool_)
            for start, end in spans:
                keep |= (track.time_ms >= start) & (track.time_ms <= end)
            found[mmsi] = track.take(keep)
        return found


class MemorySource(FixesSource):
    """Positions held in one Arrow table (columns of `tracker.tables.positions.POSITIONS`), in any order."""

    def __init__(self, positions: Any, /) -> None:
        order = [("time", "ascending"), ("mmsi", "ascending"), ("lon_e7", "ascending"), ("lat_e7", "ascending")]
        super().__init__(fixes_of(positions.sort_by(order).combine_chunks()))


def _spans(requests: Any) -> dict[int, list[tuple[int, int]]]:
    spans: dict[int, list[tuple[int, int]]] = {}
    columns = (requests["mmsi"], requests["start"].cast(pa.int64()), requests["end"].cast(pa.int64()))
    for mmsi, start, end in zip(*(column.to_pylist() for column in columns), strict=True):
        spans.setdefault(mmsi, []).append((start, end))
    return spans
