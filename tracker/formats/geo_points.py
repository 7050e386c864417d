"""Longitude and latitude of the geometry column of GeoParquet: WKB points, or GeoArrow's pairs of numbers."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

PLAIN = (b"\x01\x01\x00\x00\x00", b"\x01\xe9\x03\x00\x00", b"\x01\x01\x00\x00\x80")
"""Little-endian point, with z (ISO) and with z (extended): x and y follow (OGC 06-103r4, 8.2)."""
PLACE = 5
POINT_BYTES = 21


def point_columns(geometry: Any, /) -> tuple[Any, Any]:
    """Longitude and latitude (float64; null where the value is no point)."""
    column = geometry.combine_chunks() if isinstance(geometry, pa.ChunkedArray) else geometry
    if isinstance(column, pa.ChunkedArray):  # several chunks of an extension type
        column = pa.concat_arrays(column.chunks)
    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    if pa.types.is_struct(column.type):
        return _of_structs(column)
    if not (pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type)):
        nothing = pa.nulls(len(column), pa.float64())
        return nothing, nothing
    column = column.cast(pa.binary())
    plain = pc.fill_null(
        pc.and_(
            pc.greater_equal(pc.binary_length(column), POINT_BYTES),
            pc.is_in(pc.binary_slice(column, 0, PLACE), pa.array(PLAIN)),
        ),
        False,
    ).to_numpy(zero_copy_only=False)
    xy = np.full((len(column), 2), np.nan)
    if plain.any():
        pairs = pc.binary_slice(column.filter(pa.array(plain)), PLACE, POINT_BYTES)
        xy[plain] = np.frombuffer(b"".join(pairs.to_pylist()), dtype="<f8").reshape(-1, 2)
    other = ~plain & column.is_valid().to_numpy(zero_copy_only=False)
    if other.any():
        xy[other] = _with_shapely(column.filter(pa.array(other)).to_pylist())
    good = np.isfinite(xy).all(axis=1)
    return pa.array(xy[:, 0], mask=~good), pa.array(xy[:, 1], mask=~good)


def _of_structs(column: Any) -> tuple[Any, Any]:
    names = [column.type.field(n).name for n in range(column.type.num_fields)]
    if "x" not in names or "y" not in names:
        nothing = pa.nulls(len(column), pa.float64())
        return nothing, nothing
    return pc.struct_field(column, "x").cast(pa.float64()), pc.struct_field(column, "y").cast(pa.float64())


def _with_shapely(values: list[bytes]) -> Any:
    """Points in rarer dresses (big-endian, with a reference system); NaN for what is none."""
    import shapely

    points = shapely.from_wkb(values, on_invalid="ignore")
    is_point = shapely.get_type_id(points) == 0
    return np.column_stack(
        [np.where(is_point, shapely.get_x(points), np.nan), np.where(is_point, shapely.get_y(points), np.nan)]
    )
