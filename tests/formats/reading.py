"""Read an input the way the pipeline does: find it, look at it, let the format turn it into reports."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from tracker.formats import FORMATS
from tracker.formats.format import ReadOptions, Source
from tracker.formats.source import expand, look
from tracker.tables.reports import REPORTS

BASE_TIME = datetime(2023, 11, 14, 22, 13, 0, tzinfo=UTC)


def source_of(content: str | bytes | Path, folder: Path | None = None) -> Source:
    """The source of a file, or of content that is written to a file in `folder` first."""
    if not isinstance(content, Path):
        assert folder is not None
        path = folder / "input"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        content = path
    return look(expand([content])[0][0])


def read_rows(name: str, source: Source, **options: Any) -> list[dict[str, Any]]:
    """All rows of a source, read by the format called `name`; numbered from 1 without a hole."""
    batches = [reports.table for reports in FORMATS.get(name).read(source, ReadOptions(**options))]
    assert all(batch.schema == REPORTS.schema for batch in batches)
    rows: list[dict[str, Any]] = pa.concat_tables(batches).to_pylist() if batches else []
    assert [row["row"] for row in rows] == list(range(1, len(rows) + 1))
    return rows


def count(rows: list[dict[str, Any]], column: str) -> dict[Any, int]:
    """How often each value of a column stands there; unknown values are left out."""
    return dict(Counter(row[column] for row in rows if row[column] is not None))
