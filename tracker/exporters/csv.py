"""CSV (RFC 4180, UTF-8): one row for each event, lists joined with ``;``, unknown empty."""

from collections.abc import Mapping
from typing import Any

from tracker.exporters.exporter import Target
from tracker.exporters.rows import CSV_FORM, Texts, write_rows
from tracker.exporters.texts import row_texts


class CsvExporter:
    """Comma-separated values; see the module."""

    name = "CSV"
    suffixes = ("csv",)
    media_type = "text/csv; charset=utf-8"
    between = ""
    tail = b""

    def write(self, events: Any, target: Target, /, *, provenance: dict[str, Any]) -> None:
        """Write events; provenance has no place in a table and is left out."""
        write_rows(events, {self: target}, provenance=provenance)

    def head(self, events: Any, provenance: Mapping[str, Any], /) -> bytes:
        """Names of the columns."""
        return (",".join(events.column_names) + "\n").encode()

    def rows(self, some: Texts, /) -> Any:
        """A line for each event."""
        return row_texts(*some.pieces(CSV_FORM), "\n", unknown="")


CSV = CsvExporter()
