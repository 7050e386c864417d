"""CSV (RFC 4180, UTF-8): one row for each event, lists joined with ``;``, unknown empty."""

import csv
import io
from typing import Any

from tracker.exporters.cells import plain_values, safe_text
from tracker.exporters.exporter import Target, open_target


class CsvExporter:
    """Comma-separated values; see the module."""

    name = "CSV"
    suffixes = ("csv",)
    media_type = "text/csv; charset=utf-8"

    def write(self, events: Any, target: Target, /, *, provenance: dict[str, Any]) -> None:
        """Write events; provenance has no place in a table and is left out."""
        columns = plain_values(events)
        with open_target(target) as stream:
            text = io.TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="", write_through=True)
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(zip(*map(_cells, columns.values()), strict=True))
            text.flush()
            text.detach()


def _cells(values: list[Any]) -> list[str]:
    """A column as text; a text is made safe once, however often it stands there."""
    known = {value: _cell(value) for value in set(values)} if _is_text(values) else None
    return [_cell(value) for value in values] if known is None else [known[value] for value in values]


def _is_text(values: list[Any]) -> bool:
    return all(value is None or isinstance(value, str) for value in values)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return safe_text(value)
    if isinstance(value, list):
        # inside an element the separator would read as two
        return safe_text(";".join((item or "").replace(";", ",") for item in value))
    return repr(value)


CSV = CsvExporter()
