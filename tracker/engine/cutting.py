"""Cutting the data into parts that can be scanned apart, on other machines, with the answer of one pass.

A report is laid to a hull by all that was heard before it, so a part begins from the hulls that all earlier reports
left (`HullTracker`: a light run ahead that keeps one record a hull). From there it is fed the reports of some time
before its own, so that the places at its first steps are known, and then its own reports.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tracker.engine import records
from tracker.engine.params import ScanParams
from tracker.engine.pieces import AFTER_ALL, BEFORE_ALL, Stretch
from tracker.engine.scan import Scanner
from tracker.tables.fixes import Fixes
from tracker.units import MILLISECONDS_PER_DAY

NEVER_MS = 1 << 62


@dataclass(frozen=True)
class Cut:
    """One part: reports in [feed_ms, begin_ms) prepare it, those in [begin_ms, end_ms) are its own."""

    feed_ms: int
    begin_ms: int
    end_ms: int
    stretch: Stretch


@dataclass(frozen=True)
class HullState:
    """The hulls that reports left, the first of each MMSI marked, and the time of the last report."""

    hulls: npt.NDArray[Any]
    is_head: npt.NDArray[np.bool_]
    now_ms: int

    def table(self) -> Any:
        """As Arrow, to travel."""
        columns = {name: np.ascontiguousarray(self.hulls[name]) for name in records.HULL.names or ()}
        table = pa.table(columns | {"is_head": self.is_head})
        return table.replace_schema_metadata({"now_ms": str(self.now_ms)})

    @classmethod
    def of(cls, table: Any, /) -> "HullState":
        """Back from `table`."""
        hulls = np.empty(table.num_rows, records.HULL)
        for name in records.HULL.names or ():
            hulls[name] = table.column(name).to_numpy()
        is_head = table.column("is_head").to_numpy(zero_copy_only=False)
        return cls(hulls, np.asarray(is_head, np.bool_), int(table.schema.metadata[b"now_ms"]))


def cut_at(edges_ms: list[int], /, *, params: ScanParams) -> list[Cut]:
    """Parts between times (ms, in order); the first begins before all and the last ends after all."""
    step_ms = params.step_s * 1000
    lag_ms = 1000 * max(params.bridge_s, params.slow_bridge_s)
    stride = params.min_steps + params.missed_steps
    # what a scanner keeps of final steps, and a step more
    ahead_ms = lag_ms + (stride + 2 * params.missed_steps + 4) * step_ms
    ahead_ms = -(-ahead_ms // MILLISECONDS_PER_DAY) * MILLISECONDS_PER_DAY
    edges = [(-NEVER_MS, BEFORE_ALL), *((ms, -((lag_ms - ms) // step_ms)) for ms in edges_ms), (NEVER_MS, AFTER_ALL)]
    return [
        Cut(max(begin_ms - ahead_ms, -NEVER_MS), begin_ms, end_ms, Stretch(begin, end))
        for (begin_ms, begin), (end_ms, end) in pairwise(edges)
    ]


class HullTracker:
    """Follows hulls and nothing else: what state a part begins from."""

    def __init__(self, params: ScanParams, /, *, state: HullState | None = None) -> None:
        self._scanner = Scanner(params, hulls=state)
        # no silence is bridged and none recorded: no place is written, no step becomes final
        self._scanner.follow_hulls_only()

    def feed(self, fixes: Fixes, /) -> None:
        """Take one batch in time order."""
        self._scanner.feed(fixes)

    def state(self) -> HullState:
        """The hulls as they are now."""
        return HullState(*self._scanner.hulls_now())
