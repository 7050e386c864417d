"""GeoJSON (RFC 7946): a point for each event, in WGS 84 longitude and latitude, the other columns as properties."""

from collections.abc import Mapping
from typing import Any

from tracker.exporters.cells import to_json
from tracker.exporters.exporter import Target
from tracker.exporters.rows import JSON_FORM, Texts, json_object, write_rows
from tracker.exporters.texts import row_texts


class GeoJsonExporter:
    """Feature collection, a feature a line; ``provenance`` is a foreign member (RFC 7946, section 6.1)."""

    name = "GeoJSON"
    suffixes = ("geojson",)
    media_type = "application/geo+json"
    between = ","
    tail = b"\n]}\n"

    def write(self, events: Any, target: Target, /, *, provenance: dict[str, Any]) -> None:
        """Write events."""
        write_rows(events, {self: target}, provenance=provenance)

    def head(self, events: Any, provenance: Mapping[str, Any], /) -> bytes:
        """Beginning of the collection."""
        return b'{"type":"FeatureCollection","provenance":' + to_json(provenance) + b',"features":['

    def rows(self, some: Texts, /) -> Any:
        """A feature for each event."""
        event, lon, lat = (some.cells(name, JSON_FORM) for name in ("event_id", "lon", "lat"))
        feature = [self.between, '\n{"type":"Feature","id":', *event]
        point = [',"geometry":{"type":"Point","coordinates":[', *lon, ",", *lat, ']},"properties":']
        properties = json_object(some, without=("lon", "lat"))
        return row_texts(*feature, *point, *properties, "}", unknown=JSON_FORM.unknown)


GEOJSON = GeoJsonExporter()
