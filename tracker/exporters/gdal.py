"""GeoPackage (OGC 12-128r18) and FlatGeobuf, through the GDAL that pyogrio carries.

Both have flat columns: lists are joined with ``;`` as in CSV. The same events give the same bytes under one version of
GDAL: the only clock that would go in, the GeoPackage's date of last change, is held at 1970. FlatGeobuf orders its
rows by place (its index needs that), and its times carry no zone: they are UTC.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from tracker.exporters.beside import Beside, point_wkb, track_layers
from tracker.exporters.cells import strip_unseen
from tracker.exporters.exporter import Target, open_target
from tracker.exporters.statement import statement
from tracker.exporters.styles import write_styles

NO_CLOCK = "1970-01-01T00:00:00.000Z"


class GeoPackageExporter:
    """Layers ``events``, and where given ``tracks``, ``gaps``, ``ports`` and ``areas``, each with a style for QGIS."""

    name = "GeoPackage"
    suffixes = ("gpkg",)
    media_type = "application/geopackage+sqlite3"

    def write(self, events: Any, target: Target, /, *, provenance: dict[str, Any]) -> None:
        """Write events alone."""
        self.write_layers(events, target, provenance=provenance, beside=Beside())

    def write_layers(self, events: Any, target: Target, /, *, provenance: dict[str, Any], beside: Beside) -> None:
        """Write events, tracks, silences, ports and areas; layers without a row are left out, events never."""
        layers = {"events": (_flat(events), "Point")}
        tracks, gaps = track_layers(beside)
        if tracks.num_rows:
            layers["tracks"] = (tracks, "LineString")
        if gaps.num_rows:
            layers["gaps"] = (gaps, "LineString")
        if beside.ports:
            layers["ports"] = (_ports(beside), "Point")
        if beside.areas:
            layers["areas"] = (_areas(beside), "MultiPolygon")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "events.gpkg"
            about = {name: strip_unseen(text) for name, text in _about(provenance).items()}
            for number, (name, (table, kind)) in enumerate(layers.items()):
                _write(table, path, "GPKG", layer=name, kind=kind, append=number > 0, metadata=about)
            write_styles(path, list(layers))
            with open_target(target) as stream:
                stream.write(path.read_bytes())


class FlatGeobufExporter:
    """FlatGeobuf with its spatial index; title and description say what it is."""

    name = "FlatGeobuf"
    suffixes = ("fgb",)
    media_type = "application/vnd.flatgeobuf"

    def write(self, events: Any, target: Target, /, *, provenance: dict[str, Any]) -> None:
        """Write events."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "events.fgb"
            about = _about(provenance)
            _write(_flat(events), path, "FlatGeobuf", layer="events", kind="Point", description=json.dumps(about))
            with open_target(target) as stream:
                stream.write(path.read_bytes())


def _write(
    table: Any,
    path: Path,
    driver: str,
    /,
    *,
    layer: str,
    kind: str,
    append: bool = False,
    metadata: dict[str, str] | None = None,
    description: str | None = None,
) -> None:
    import pyogrio

    options: dict[str, Any] = {"GEOMETRY_NAME": "geometry"}
    if description is not None:
        options = {"TITLE": "Suspected ship-to-ship transfers", "DESCRIPTION": description}
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": NO_CLOCK})
    try:
        pyogrio.write_arrow(
            table,
            path,
            driver=driver,
            layer=layer,
            geometry_name="geometry",
            geometry_type=kind,
            crs="EPSG:4326",
            append=append,
            layer_metadata=metadata,
            **options,
        )
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def _about(provenance: dict[str, Any]) -> dict[str, str]:
    """The statement as a dictionary; names that come more than once are joined by lines."""
    about: dict[str, str] = {}
    for name, text in statement(provenance):
        about[name] = f"{about[name]}\n{text}" if name in about else text
    return about | {"provenance": json.dumps(provenance, sort_keys=True)}


def _flat(events: Any) -> Any:
    """Columns that every GIS knows, and a WKB point."""
    columns: dict[str, Any] = {}
    for field in events.schema:
        values = events.column(field.name)
        if pa.types.is_list(field.type):
            rows = [None if row is None else ";".join(_inside(item) for item in row) for row in values.to_pylist()]
            values = pa.array(rows, pa.string())
        elif pa.types.is_string(field.type):
            values = pa.array(
                [None if text is None else strip_unseen(text) for text in values.to_pylist()], pa.string()
            )
        elif pa.types.is_floating(field.type):
            numbers = values.to_numpy()
            values = pa.array(numbers, field.type, mask=~np.isfinite(numbers))
        columns[field.name] = values
    lon, lat = columns["lon"].to_pylist(), columns["lat"].to_pylist()
    columns["geometry"] = pa.array([point_wkb(x, y) for x, y in zip(lon, lat, strict=True)], pa.binary())
    return pa.table(columns).combine_chunks()


def _inside(item: str | None) -> str:
    return strip_unseen(item or "").replace(";", ",")


def _ports(beside: Beside) -> Any:
    return pa.table(
        {
            "name": pa.array([strip_unseen(name) for name, _, _ in beside.ports], pa.string()),
            "geometry": pa.array([point_wkb(lon, lat) for _, lon, lat in beside.ports], pa.binary()),
        }
    )


def _areas(beside: Beside) -> Any:
    name, kind, shape = zip(*beside.areas, strict=True)
    return pa.table(
        {
            "name": pa.array([strip_unseen(text) for text in name], pa.string()),
            "kind": pa.array([strip_unseen(text) for text in kind], pa.string()),
            "geometry": pa.array(shape, pa.binary()),
        }
    )


GEOPACKAGE = GeoPackageExporter()
FLATGEOBUF = FlatGeobufExporter()
