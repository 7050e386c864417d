"""Static reports as runs: one row for each day, MMSI and content, with first and last time and a count."""

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tracker.tables.statics import CONTENT, STATICS

DAY_MS = 86_400_000


def static_runs(reports: Any, /) -> Any:
    """Fold single reports (``time`` and the columns of `CONTENT`) into runs, in order of day, MMSI and content."""
    if not reports.num_rows:
        return STATICS.empty()
    content = [name for name in STATICS.names if name in CONTENT]
    table = pa.table({name: _column(reports, name) for name in ("time", *content)})
    day = pc.divide(table.column("time").cast(pa.int64()), DAY_MS)
    keys = ["day", *content]
    folded = (
        table.append_column("day", day)
        .group_by(keys, use_threads=False)
        .aggregate([("time", "min"), ("time", "max"), ("time", "count")])
        .sort_by([(name, "ascending") for name in keys])
    )
    columns = {name: folded.column(name) for name in content}
    columns |= {
        "time": folded.column("time_min"),
        "last_time": folded.column("time_max"),
        "reports": folded.column("time_count").cast(pa.int32()),
    }
    return STATICS.conform(pa.table(columns))


def _column(reports: Any, name: str) -> Any:
    if name in reports.column_names:
        return reports.column(name)
    return pa.nulls(reports.num_rows, STATICS.schema.field(name).type)
