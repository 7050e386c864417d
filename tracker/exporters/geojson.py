"""GeoJSON (RFC 7946): a point for each event, in WGS 84 longitude and latitude, the other columns as properties."""

from typing import Any

from tracker.exporters.cells import to_json
from tracker.exporters.exporter import Target, open_target
from tracker.exporters.texts import bytes_of, in_pieces, json_object, json_texts, row_texts


class GeoJsonExporter:
    """Feature collection, a feature a line; ``provenance`` is a foreign member (RFC 7946, section 6.1)."""

    name = "GeoJSON"
    suffixes = ("geojson",)
    media_type = "application/geo+json"

    def write(self, events: Any, target: Target, /, *, provenance: dict[str, Any]) -> None:
        """Write events."""
        with open_target(target) as stream:
            stream.write(b'{"type":"FeatureCollection","provenance":' + to_json(provenance) + b',"features":[')
            for number, some in enumerate(in_pieces(events)):
                columns = json_texts(some)
                place = [columns.pop("lon"), ",", columns.pop("lat")]
                head = [',\n{"type":"Feature","id":', columns["event_id"]]
                point = [',"geometry":{"type":"Point","coordinates":[', *place, ']},"properties":']
                rows = row_texts(*head, *point, *json_object(columns), "}")
                stream.write(bytes_of(rows)[0 if number else 1 :])
            stream.write(b"\n]}\n")


GEOJSON = GeoJsonExporter()
