"""Land as vectors for the base map: Natural Earth polygons, clipped to a box and thinned to its scale.

The map needs a picture, the index needs distances: this file is public domain, a few hundred kilobytes and
coarser than the coast index. Coordinates run on past 180 degrees when the box crosses the antimeridian.
"""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tracker.zones.packaged import arrays_of

Floats = npt.NDArray[np.float64]
Box = tuple[float, float, float, float]

QUANTUM_DEG: Final = 0.001


@dataclass(frozen=True)
class Land:
    """Polygons (shapely, EPSG:4326) and the tree over their boxes."""

    polygons: Any
    tree: Any


@cache
def read_land() -> Land:
    """Decode the packaged land.

    Raises
    ------
    DataFileError
        When the file is missing or damaged.
    """
    import shapely

    with arrays_of("land.npz") as packed:
        size = packed["ring_size"].astype(np.int64)
        hole = packed["ring_is_hole"]
        first = packed["ring_start"].astype(np.int64)
        planes = [(packed[f"{axis}_low"], packed[f"{axis}_high"]) for axis in ("lon", "lat")]
    start = np.cumsum(size) - size
    xy = np.empty((int(size.sum()), 2))
    for axis, (low, high) in enumerate(planes):
        zigzag = (high.astype(np.int64) << 8) | low.astype(np.int64)
        whole = np.cumsum((zigzag >> 1) ^ -(zigzag & 1))
        xy[:, axis] = (whole + np.repeat(first[:, axis] - whole[start], size)) * QUANTUM_DEG
    rings = shapely.linearrings(xy, indices=np.repeat(np.arange(len(size)), size))
    # a ring may touch itself after thinning: harmless in a picture, and mending Eurasia takes seconds
    polygons = shapely.polygons(rings, indices=np.cumsum(~hole) - 1)
    return Land(polygons, shapely.STRtree(polygons))


def coast_geojson(bbox: Box, *, tolerance_deg: float | None = None) -> dict[str, Any]:
    """Land inside a box, as a GeoJSON MultiPolygon.

    Parameters
    ----------
    bbox
        West, south, east, north, degrees; west > east crosses the antimeridian, and longitudes of the eastern
        part then run past 180.
    tolerance_deg
        How far a line may move when it is thinned; a thousandth of the box unless given, 0 leaves it as packaged.

    Returns
    -------
    dict
        ``{"type": "MultiPolygon", "coordinates": [...]}``, rings as arrays, to 1e-3 degree; empty at sea.
    """
    import shapely

    west, south, east, north = bbox
    parts = (
        [((west, south, 180.0, north), 0.0), ((-180.0, south, east, north), 360.0)] if west > east else [(bbox, 0.0)]
    )
    if tolerance_deg is None:
        tolerance_deg = max(((east - west) % 360 or 360) / 1000, QUANTUM_DEG)
    land = read_land()
    coordinates = []
    for box, shift in parts:
        frame = shapely.box(*box)
        near = land.polygons[np.sort(land.tree.query(frame))]
        if tolerance_deg:
            near = shapely.simplify(near, tolerance_deg)
        west, south, east, north = shapely.bounds(near).T
        is_cut = (west < box[0]) | (south < box[1]) | (east > box[2]) | (north > box[3])
        near[is_cut] = shapely.clip_by_rect(near[is_cut], *box)
        coordinates += _polygons(shapely.get_parts(shapely.get_parts(near)), shift=shift)
    return {"type": "MultiPolygon", "coordinates": coordinates}


def _polygons(shapes: Any, *, shift: float) -> list[list[Floats]]:
    """Rings of polygons, each an array of points; lines and points that clipping left are none."""
    import shapely

    polygons = shapes[(shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(shapes)]
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    parts = np.split(np.round(xy + np.array([shift, 0.0]), 3), np.flatnonzero(np.diff(ring)) + 1)
    first = np.searchsorted(polygon, np.arange(len(polygons) + 1)).tolist()
    return [parts[begin:end] for begin, end in pairwise(first)]
