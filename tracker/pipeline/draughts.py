"""Declared draughts of a ship before and after a stretch of time, from the static reports.

The last value said up to its start, and the first said from its end on. A crew may update it late or never: what to
make of that is for the cargo methods.
"""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


class Draughts:
    """Draught readings by MMSI, in order of time."""

    def __init__(self, statics: Any, /) -> None:
        known = statics.filter(pc.is_valid(statics["draught_m"]))
        mmsi = known["mmsi"].to_numpy()
        first, last = (known[name].cast(pa.int64()).to_numpy() for name in ("time", "last_time"))
        value = known["draught_m"].to_numpy().astype(np.float64)
        order = np.lexsort((value, last, first, mmsi))
        ids, starts = np.unique(mmsi[order], return_index=True)
        parts = np.split(order, starts[1:]) if len(ids) else []
        self._of = {int(ship): (first[p], last[p], value[p]) for ship, p in zip(ids.tolist(), parts, strict=True)}

    def around(self, mmsi: int, start_ms: int, end_ms: int, /) -> tuple[float | None, float | None]:
        """Draught in force at the start and at the end of a stretch, m; None where nothing was said."""
        found = self._of.get(mmsi)
        if found is None:
            return None, None
        first, last, value = found
        said, still = np.flatnonzero(first <= start_ms), np.flatnonzero(last >= end_ms)
        before = None if not len(said) else said[np.minimum(last[said], start_ms).argmax()]
        # among readings in force or yet to come the one that begins last before the end is the newer
        after = None
        if len(still):
            begun = still[first[still] <= end_ms]
            after = begun[first[begun].argmax()] if len(begun) else still[first[still].argmin()]
        return (
            None if before is None else round(float(value[before]), 2),
            None if after is None else round(float(value[after]), 2),
        )
