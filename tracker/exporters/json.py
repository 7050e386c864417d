"""JSON: an array of events, or one event a line."""

from typing import Any

from tracker.exporters.exporter import Target, open_target
from tracker.exporters.texts import bytes_of, in_pieces, json_object, json_texts, row_texts


class JsonExporter:
    """One array, an event a line, so that it reads well and differs by line."""

    name = "JSON"
    suffixes = ("json",)
    media_type = "application/json"

    def write(self, events: Any, target: Target, /, *, provenance: dict[str, Any]) -> None:
        """Write events; an array has no place for the provenance."""
        with open_target(target) as stream:
            stream.write(b"[")
            for number, some in enumerate(in_pieces(events)):
                rows = row_texts(",\n", *json_object(json_texts(some)))
                stream.write(bytes_of(rows)[0 if number else 1 :])
            stream.write(b"\n]\n")


class JsonLinesExporter:
    """One event a line."""

    name = "JSON lines"
    suffixes = ("jsonl", "ndjson")
    media_type = "application/x-ndjson"

    def write(self, events: Any, target: Target, /, *, provenance: dict[str, Any]) -> None:
        """Write events; lines have no place for the provenance."""
        with open_target(target) as stream:
            for some in in_pieces(events):
                stream.write(bytes_of(row_texts(*json_object(json_texts(some)), "\n")))


JSON = JsonExporter()
JSON_LINES = JsonLinesExporter()
