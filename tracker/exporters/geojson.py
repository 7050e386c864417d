"""GeoJSON (RFC 7946): a point for each event, in WGS 84 longitude and latitude, the other columns as properties."""

from typing import Any

from tracker.exporters.cells import plain_values, to_json
from tracker.exporters.exporter import Target, open_target


class GeoJsonExporter:
    """Feature collection, a feature a line; ``provenance`` is a foreign member (RFC 7946, section 6.1)."""

    name = "GeoJSON"
    suffixes = ("geojson",)
    media_type = "application/geo+json"

    def write(self, events: Any, target: Target, /, *, provenance: dict[str, Any]) -> None:
        """Write events."""
        columns = plain_values(events)
        lon, lat, ids = columns.pop("lon"), columns.pop("lat"), columns["event_id"]
        with open_target(target) as stream:
            stream.write(b'{"type":"FeatureCollection","provenance":' + to_json(provenance) + b',"features":[')
            for number, row in enumerate(zip(*columns.values(), strict=True)):
                feature = {
                    "type": "Feature",
                    "id": ids[number],
                    "geometry": {"type": "Point", "coordinates": [lon[number], lat[number]]},
                    "properties": dict(zip(columns, row, strict=True)),
                }
                stream.write((b",\n" if number else b"\n") + to_json(feature))
            stream.write(b"\n]}\n")


GEOJSON = GeoJsonExporter()
