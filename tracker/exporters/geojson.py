"""GeoJSON (RFC 7946): a point for each event, in WGS 84 longitude and latitude, the other columns as properties."""

from typing import Any

from tracker.exporters.cells import to_json
from tracker.exporters.exporter import Target, open_target
from tracker.exporters.texts import json_rows, json_texts, object_template


class GeoJsonExporter:
    """Feature collection, a feature a line; ``provenance`` is a foreign member (RFC 7946, section 6.1)."""

    name = "GeoJSON"
    suffixes = ("geojson",)
    media_type = "application/geo+json"

    def write(self, events: Any, target: Target, /, *, provenance: dict[str, Any]) -> None:
        """Write events."""
        columns = json_texts(events)
        head = [columns["event_id"], columns.pop("lon"), columns.pop("lat")]
        template = (
            '{"type":"Feature","id":%s,"geometry":{"type":"Point","coordinates":[%s,%s]},"properties":'
            + object_template(columns)
            + "}"
        )
        with open_target(target) as stream:
            stream.write(b'{"type":"FeatureCollection","provenance":' + to_json(provenance) + b',"features":[')
            for number, row in enumerate(json_rows([*head, *columns.values()], template)):
                stream.write((b",\n" if number else b"\n") + row)
            stream.write(b"\n]}\n")


GEOJSON = GeoJsonExporter()
