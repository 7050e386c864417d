"""JSON: an array of events, or one event a line."""

from collections.abc import Iterator
from typing import Any

from tracker.exporters.cells import plain_values, to_json
from tracker.exporters.exporter import Target, open_target


class JsonExporter:
    """One array, an event a line, so that it reads well and differs by line."""

    name = "JSON"
    suffixes = ("json",)
    media_type = "application/json"

    def write(self, events: Any, target: Target, /, *, provenance: dict[str, Any]) -> None:
        """Write events; an array has no place for the provenance."""
        with open_target(target) as stream:
            stream.write(b"[")
            for number, record in enumerate(_records(events)):
                stream.write((b",\n" if number else b"\n") + to_json(record))
            stream.write(b"\n]\n")


class JsonLinesExporter:
    """One event a line."""

    name = "JSON lines"
    suffixes = ("jsonl", "ndjson")
    media_type = "application/x-ndjson"

    def write(self, events: Any, target: Target, /, *, provenance: dict[str, Any]) -> None:
        """Write events; lines have no place for the provenance."""
        with open_target(target) as stream:
            for record in _records(events):
                stream.write(to_json(record) + b"\n")


def _records(events: Any) -> Iterator[dict[str, Any]]:
    columns = plain_values(events)
    for row in zip(*columns.values(), strict=True):
        yield dict(zip(columns, row, strict=True))


JSON = JsonExporter()
JSON_LINES = JsonLinesExporter()
