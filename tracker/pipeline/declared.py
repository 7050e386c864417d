"""Declared draughts before and after contacts, as evidence: what the crews said, joined to who met whom and when."""

from collections.abc import Sequence
from typing import Any

from tracker.cargo.draughts import Reading, change_around, readings_of
from tracker.detectors.found import Found
from tracker.detectors.readings import Draughts


def draughts_of(found: Sequence[Found], statics: Any, /) -> list[Draughts]:
    """Draughts around each contact; ships that declared no change have None."""
    wanted = {mmsi for f in found for mmsi in (f.mmsi_1, f.mmsi_2)}
    runs: dict[int, list[tuple[float | None, int, int, int]]] = {}
    columns = [statics[name].to_pylist() for name in ("mmsi", "draught_m", "reports")]
    times = [statics[name].cast("int64").to_pylist() for name in ("time", "last_time")]
    for mmsi, draught, reports, first, last in zip(*columns, *times, strict=True):
        if mmsi in wanted and draught is not None:
            runs.setdefault(mmsi, []).append((draught, first, last, reports))
    readings = {mmsi: readings_of(rows) for mmsi, rows in runs.items()}
    return [_of_pair(_around(readings.get(f.mmsi_1, []), f), _around(readings.get(f.mmsi_2, []), f)) for f in found]


Change = tuple[float | None, float | None, int | None]
"""Before, after (m), and when the new draught was first said (ms)."""


def _of_pair(one: Change, two: Change) -> Draughts:
    return Draughts(*one[:2], *two[:2], one[2], two[2])


def _around(readings: Sequence[Reading], found: Found) -> Change:
    start_ms, end_ms = round(found.contact.start_s * 1000), round(found.contact.end_s * 1000)
    change = change_around(readings, start_ms=start_ms, end_ms=end_ms)
    if change.before is None or change.after is None:
        return None, None, None
    return change.before.draught_m, change.after.draught_m, change.after.first_ms
