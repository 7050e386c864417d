"""CSV (RFC 4180, UTF-8): one row for each event, lists joined with ``;``, unknown empty."""

from typing import Any

from tracker.exporters.exporter import Target, open_target
from tracker.exporters.texts import csv_texts


class CsvExporter:
    """Comma-separated values; see the module."""

    name = "CSV"
    suffixes = ("csv",)
    media_type = "text/csv; charset=utf-8"

    def write(self, events: Any, target: Target, /, *, provenance: dict[str, Any]) -> None:
        """Write events; provenance has no place in a table and is left out."""
        columns = csv_texts(events)
        with open_target(target) as stream:
            for row in (columns, *zip(*columns.values(), strict=True)):
                stream.write((",".join(row) + "\n").encode("utf-8", errors="replace"))


CSV = CsvExporter()
