"""CSV (RFC 4180, UTF-8): one row for each event, lists joined with ``;``, unknown empty."""

from typing import Any

from tracker.exporters.exporter import Target, open_target
from tracker.exporters.texts import bytes_of, csv_texts, in_pieces, row_texts


class CsvExporter:
    """Comma-separated values; see the module."""

    name = "CSV"
    suffixes = ("csv",)
    media_type = "text/csv; charset=utf-8"

    def write(self, events: Any, target: Target, /, *, provenance: dict[str, Any]) -> None:
        """Write events; provenance has no place in a table and is left out."""
        with open_target(target) as stream:
            stream.write((",".join(events.column_names) + "\n").encode())
            for some in in_pieces(events):
                first, *others = csv_texts(some).values()
                rows = row_texts(first, *(piece for texts in others for piece in (",", texts)), "\n")
                stream.write(bytes_of(rows))


CSV = CsvExporter()
