"""Longitude and latitude of WKB points, the geometry column of GeoParquet; vectorised over equally long values."""

from typing import Any

import numpy as np
import pyarrow as pa

POINT_BYTES = 21
"""Byte order, type, x, y (OGC 06-103r4, 8.2)."""


def point_columns(geometry: Any, /) -> tuple[Any, Any]:
    """Longitude and latitude (float64; null where the value is no little-endian 2-D point)."""
    column = geometry.combine_chunks() if isinstance(geometry, pa.ChunkedArray) else geometry
    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    values = column.to_pylist()
    good = np.array([value is not None and len(value) >= POINT_BYTES and value[0] == 1 for value in values], np.bool_)
    if not good.any():
        nothing = pa.nulls(len(values), pa.float64())
        return nothing, nothing
    xy = np.full((len(values), 2), np.nan)
    joined = b"".join(value[5:POINT_BYTES] for value, is_good in zip(values, good, strict=True) if is_good)
    xy[good] = np.frombuffer(joined, dtype="<f8").reshape(-1, 2)
    return pa.array(xy[:, 0], mask=~good), pa.array(xy[:, 1], mask=~good)
