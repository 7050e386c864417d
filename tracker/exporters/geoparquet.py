"""GeoParquet 1.1: every column with its type, a WKB point, and a bounding box column for skipping row groups.

The metadata is written here, after https://geoparquet.org/releases/v1.1.0/. No ``crs`` means OGC:CRS84:
longitude first, WGS 84.
"""

import json
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tracker.exporters.exporter import Target, open_target

_POINT = np.dtype([("order", "<u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8")])
"""Well-known binary of a point, little-endian: OGC 06-103r4, section 8.2."""


class GeoParquetExporter:
    """GeoParquet; see the module."""

    name = "GeoParquet"
    suffixes = ("parquet",)
    media_type = "application/vnd.apache.parquet"

    def write(self, events: Any, target: Target, /, *, provenance: dict[str, Any]) -> None:
        """Write events; the provenance stands in the file's metadata as JSON."""
        lon, lat = (np.asarray(events.column(name).to_numpy(), dtype=np.float64) for name in ("lon", "lat"))
        table = events.append_column(pa.field("geometry", pa.binary()), _points(lon, lat))
        corners = {"xmin": lon, "ymin": lat, "xmax": lon, "ymax": lat}
        boxes = pa.StructArray.from_arrays([pa.array(side) for side in corners.values()], names=list(corners))
        table = table.append_column("bbox", boxes)
        metadata = {
            b"geo": _compact(_geo(lon, lat)),
            b"provenance": _compact(provenance),
        }
        with open_target(target) as stream:
            pq.write_table(
                table.replace_schema_metadata(metadata).combine_chunks(), stream, compression="zstd", version="2.6"
            )


def _points(lon: Any, lat: Any) -> Any:
    points = np.empty(len(lon), _POINT)
    points["order"], points["kind"], points["x"], points["y"] = 1, 1, lon, lat
    offsets = np.arange(len(lon) + 1, dtype=np.int32) * _POINT.itemsize
    return pa.Array.from_buffers(
        pa.binary(), len(lon), [None, pa.py_buffer(offsets.tobytes()), pa.py_buffer(points.tobytes())]
    )


def _geo(lon: Any, lat: Any) -> dict[str, Any]:
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": ["Point"],
        "covering": {"bbox": {side: ["bbox", side] for side in ("xmin", "ymin", "xmax", "ymax")}},
    }
    if len(lon):
        column["bbox"] = [float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())]
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}


def _compact(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


GEOPARQUET = GeoParquetExporter()
