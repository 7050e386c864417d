"""Declared draughts before and after contacts, as evidence: what the crews said, joined to who met whom and when."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tracker.cargo.draughts import Reading, change_around, readings_of
from tracker.detectors.found import Found
from tracker.detectors.readings import Draughts


def draughts_of(found: Sequence[Found], statics: Any, /) -> list[Draughts]:
    """Draughts around each contact; ships that declared no change have None."""
    wanted = np.unique(np.array([(f.mmsi_1, f.mmsi_2) for f in found], np.int32))
    said = statics.filter(pc.and_(pc.is_valid(statics["draught_m"]), pc.is_in(statics["mmsi"], pa.array(wanted))))
    runs: dict[int, list[tuple[float | None, int, int, int]]] = {}
    columns = [said[name].to_pylist() for name in ("mmsi", "draught_m", "reports")]
    times = [said[name].cast("int64").to_pylist() for name in ("time", "last_time")]
    for mmsi, draught, reports, first, last in zip(*columns, *times, strict=True):
        runs.setdefault(mmsi, []).append((draught, first, last, reports))
    # who always said the same changed nothing
    changed = {mmsi: rows for mmsi, rows in runs.items() if len({draught for draught, *_ in rows}) > 1}
    readings = {mmsi: readings_of(rows) for mmsi, rows in changed.items()}
    return [_of_pair(_around(readings.get(f.mmsi_1), f), _around(readings.get(f.mmsi_2), f)) for f in found]


Change = tuple[float | None, float | None, int | None]
"""Before, after (m), and when the new draught was first said (ms)."""


def _of_pair(one: Change, two: Change) -> Draughts:
    return Draughts(*one[:2], *two[:2], one[2], two[2])


def _around(readings: Sequence[Reading] | None, found: Found) -> Change:
    if readings is None:
        return None, None, None
    start_ms, end_ms = round(found.contact.start_s * 1000), round(found.contact.end_s * 1000)
    change = change_around(readings, start_ms=start_ms, end_ms=end_ms)
    if change.before is None or change.after is None:
        return None, None, None
    return change.before.draught_m, change.after.draught_m, change.after.first_ms
