"""Polygons that threads may ask side by side."""

from typing import Any

import numpy as np


def prepare(polygon: Any, /) -> Any:
    """Prepare a polygon in place, and give it back.

    GEOS builds the tree of a prepared polygon when it is first asked about a place in its box, which is not safe when
    two threads do so at once: so it is asked here.
    """
    import shapely

    shapely.prepare(polygon)
    for part in shapely.get_parts(polygon):
        west, south, east, north = shapely.bounds(part)
        middle = np.array([(west + east) / 2]), np.array([(south + north) / 2])
        for _ in range(2):
            shapely.contains_xy(polygon, *middle)
            shapely.intersects_xy(polygon, *middle)
    return polygon
