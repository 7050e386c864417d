"""JSON: an array of events, or one event a line."""

from typing import Any

from tracker.exporters.exporter import Target, open_target
from tracker.exporters.texts import json_rows, json_texts, object_template


class JsonExporter:
    """One array, an event a line, so that it reads well and differs by line."""

    name = "JSON"
    suffixes = ("json",)
    media_type = "application/json"

    def write(self, events: Any, target: Target, /, *, provenance: dict[str, Any]) -> None:
        """Write events; an array has no place for the provenance."""
        columns = json_texts(events)
        with open_target(target) as stream:
            stream.write(b"[")
            for number, row in enumerate(json_rows(columns.values(), object_template(columns))):
                stream.write((b",\n" if number else b"\n") + row)
            stream.write(b"\n]\n")


class JsonLinesExporter:
    """One event a line."""

    name = "JSON lines"
    suffixes = ("jsonl", "ndjson")
    media_type = "application/x-ndjson"

    def write(self, events: Any, target: Target, /, *, provenance: dict[str, Any]) -> None:
        """Write events; lines have no place for the provenance."""
        columns = json_texts(events)
        with open_target(target) as stream:
            for row in json_rows(columns.values(), object_template(columns)):
                stream.write(row + b"\n")


JSON = JsonExporter()
JSON_LINES = JsonLinesExporter()
