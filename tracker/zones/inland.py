"""How far inland points lie: the depth behind the coast, whatever rivers and lakes there are."""

import numpy as np
import numpy.typing as npt

from tracker.zones.earth import wrap_lon
from tracker.zones.index import read_index

Floats = npt.NDArray[np.float64]


def inland_nm(lon_deg: npt.ArrayLike, lat_deg: npt.ArrayLike, /) -> Floats:
    """Distance to the coast of points on land, nm; 0 for points on the sea.

    Rivers, canals and most lakes are land here: the coast index does not know them.
    """
    lon, lat = wrap_lon(np.atleast_1d(np.asarray(lon_deg, np.float64))), np.atleast_1d(np.asarray(lat_deg, np.float64))
    depth = np.zeros(len(lon))
    index = read_index()
    rows = np.flatnonzero(index.is_on_land(lon, lat))
    if len(rows):
        depth[rows] = index.coast_nm(lon[rows], lat[rows])
    return depth


def is_inland(lon_deg: npt.ArrayLike, lat_deg: npt.ArrayLike, /) -> npt.NDArray[np.bool_]:
    """Whether points lie on land by the coast index; much cheaper than how deep."""
    lon, lat = wrap_lon(np.atleast_1d(np.asarray(lon_deg, np.float64))), np.atleast_1d(np.asarray(lat_deg, np.float64))
    return np.asarray(read_index().is_on_land(lon, lat), np.bool_)
