"""What the JSON formats share: a sniff by the keys of the first records, and reading in batches with one time rule."""

from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import islice
from typing import Any, Final

from tracker.errors import MissingTimeError
from tracker.formats.format import ReadOptions, Source
from tracker.formats.json_lines import BATCH_ROWS, Fields, read_objects, reject, to_reports
from tracker.tables.reports import Reports

_SNIFFED: Final = 50


def share_of(source: Source, is_ours: Callable[[dict[str, Any]], bool], /) -> float:
    """Share of the first records of `source` that are ours; a last one cut off by the end of the head is passed over."""
    if not source.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        return 0.0
    found = list(islice(read_objects(BytesIO(source.head)), _SNIFFED))
    if len(found) > 1 and isinstance(found[-1], bytes):
        found.pop()
    ours = sum(isinstance(record, dict) and is_ours(record) for record in found)
    return ours / len(found) if found else 0.0


def read_records(
    source: Source, options: ReadOptions, read: Callable[[dict[str, Any], Fields], dict[str, Any]], /
) -> Iterator[Reports]:
    """Yield reports of the records of `source`; `read` makes the row of one.

    Raises
    ------
    MissingTimeError
        When no record has a time.
    """
    fields = Fields()
    rows: list[dict[str, Any]] = []
    first_row, has_time = 1, False
    limit = min(options.batch_rows, BATCH_ROWS)
    with source.open() as stream:
        tell: Any = getattr(stream, "tell_compressed", lambda: source.size_bytes)
        for record in read_objects(stream):
            if len(rows) >= limit:
                yield to_reports(rows, first_row=first_row, read_bytes=int(tell()), fields=fields)
                first_row += len(rows)
                rows = []
            row = reject("bad_sentence", record) if isinstance(record, bytes) else read(record, fields)
            has_time = has_time or row.get("time") is not None
            rows.append(row)
    if not has_time and (rows or first_row > 1):
        raise MissingTimeError(
            f"{source.name}: none of its {first_row + len(rows) - 1} records carries an absolute time. Give records "
            "with a time (aisstream.io: MetaData.time_utc; Global Fishing Watch: timestamp)."
        )
    if rows:
        yield to_reports(rows, first_row=first_row, read_bytes=source.size_bytes, fields=fields)
