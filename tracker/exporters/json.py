"""JSON: an array of events, or one event a line."""

from collections.abc import Mapping
from typing import Any

from tracker.exporters.exporter import Target
from tracker.exporters.rows import JSON_FORM, Texts, json_object, write_rows
from tracker.exporters.texts import row_texts


class JsonExporter:
    """One array, an event a line, so that it reads well and differs by line."""

    name = "JSON"
    suffixes: tuple[str, ...] = ("json",)
    media_type = "application/json"
    begin, before, between, after, tail = b"[", "\n", ",", "", b"\n]\n"

    def write(self, events: Any, target: Target, /, *, provenance: dict[str, Any]) -> None:
        """Write events; neither an array nor lines have a place for the provenance."""
        write_rows(events, {self: target}, provenance=provenance)

    def head(self, events: Any, provenance: Mapping[str, Any], /) -> bytes:
        """Beginning of the array."""
        return self.begin

    def rows(self, some: Texts, /) -> Any:
        """An object for each event."""
        return row_texts(self.between, self.before, *json_object(some), self.after, unknown=JSON_FORM.unknown)


class JsonLinesExporter(JsonExporter):
    """One event a line."""

    name = "JSON lines"
    suffixes = ("jsonl", "ndjson")
    media_type = "application/x-ndjson"
    begin, before, between, after, tail = b"", "", "", "\n", b""


JSON = JsonExporter()
JSON_LINES = JsonLinesExporter()
