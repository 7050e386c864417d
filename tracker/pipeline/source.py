"""Where positions come from at detection: a case, or a table in memory. The detectors cannot tell."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tracker.detectors.receivers import NO_RECEIVERS, Receivers
from tracker.pipeline.stretches import Windowed
from tracker.tables.fixes import Fixes, fixes_of
from tracker.units import MILLISECONDS_PER_HOUR

BATCH_ROWS = 1_000_000


class PositionSource(Windowed, Protocol):
    """Positions that can be streamed in time order and read back by vessel and window."""

    def batches(self) -> Iterator[Fixes]:
        """All positions, in time order."""
        ...


def receivers_of(source: PositionSource, /) -> Receivers:
    """Which receiver heard whom in which hour; nothing where the reports do not name theirs."""
    tables = getattr(source, "receptions", None)
    if tables is None:
        return NO_RECEIVERS
    parts = [part for part in map(_counted, tables()) if part.num_rows]
    if not parts:
        return NO_RECEIVERS
    whole = pa.concat_tables(parts).group_by(["mmsi", "hour", "station"]).aggregate([("reports", "sum")])
    return Receivers.of(
        {
            (mmsi, hour, station): reports
            for mmsi, hour, station, reports in zip(
                *(whole[name].to_pylist() for name in ("mmsi", "hour", "station", "reports_sum")), strict=True
            )
        }
    )


def _counted(positions: Any) -> Any:
    """Reports by ship, hour and receiver of a table of time, MMSI and station."""
    known = positions.filter(pc.is_valid(positions["station"]))
    hour = pc.divide(known["time"].cast(pa.int64()), MILLISECONDS_PER_HOUR)
    table = pa.table({"mmsi": known["mmsi"], "hour": hour, "station": known["station"].cast(pa.string())})
    counted = table.group_by(["mmsi", "hour", "station"]).aggregate([([], "count_all")])
    return counted.rename_columns(["mmsi", "hour", "station", "reports"])


class FixesSource:
    """Positions held as arrays, in time order."""

    def __init__(self, fixes: Fixes, /) -> None:
        self._fixes = fixes

    def batches(self) -> Iterator[Fixes]:
        """All positions, in time order."""
        for start in range(0, len(self._fixes), BATCH_ROWS):
            yield self._fixes.take(slice(start, start + BATCH_ROWS))

    def windows(self, requests: Any, /) -> Mapping[int, Fixes]:
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
        self._positions = positions
        super().__init__(fixes_of(positions.sort_by(order).combine_chunks()))

    def receptions(self) -> Iterator[Any]:
        """Tables of time, MMSI and station of the reports."""
        yield self._positions.select(["time", "mmsi", "station"])


def _spans(requests: Any) -> dict[int, list[tuple[int, int]]]:
    spans: dict[int, list[tuple[int, int]]] = {}
    columns = (requests["mmsi"], requests["start"].cast(pa.int64()), requests["end"].cast(pa.int64()))
    for mmsi, start, end in zip(*(column.to_pylist() for column in columns), strict=True):
        spans.setdefault(mmsi, []).append((start, end))
    return spans
