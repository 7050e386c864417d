"""How far inland points lie: the depth behind the coast, whatever rivers and lakes there are."""

import numpy as np
import numpy.typing as npt

from tracker.zones.earth import wrap_lon
from tracker.zones.index import read_index
from tracker.zones.locate import INLAND_NM, LANDLOCKED_SEA
from tracker.zones.seas import sea_called

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


def coast_and_land(
    lon_deg: npt.ArrayLike, lat_deg: npt.ArrayLike, /, *, within_nm: float = np.inf
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Distance to the coast, nm, and whether points lie on land, as `tracker.zones.locate.locate` tells them.

    Parameters
    ----------
    within_nm : of points at sea, coasts farther off than this may be left out (infinite)

    Returns
    -------
    distance, NaN on a landlocked sea and where the position is none; whether on land
    """
    given_lon, given_lat = (np.atleast_1d(np.asarray(axis, np.float64)) for axis in (lon_deg, lat_deg))
    coast_nm, on_land = np.full(len(given_lon), np.nan), np.zeros(len(given_lon), np.bool_)
    good = np.flatnonzero(np.isfinite(given_lon) & (np.abs(given_lat) <= 90.0))
    lon, lat, index = wrap_lon(given_lon[good]), given_lat[good], read_index()
    on_land[good] = is_land = np.asarray(index.is_on_land(lon, lat), np.bool_)
    for rows, reach_nm in ((np.flatnonzero(~is_land), within_nm), (np.flatnonzero(is_land), np.inf)):
        coast_nm[good[rows]] = index.coast_nm(lon[rows], lat[rows], within_nm=reach_nm)
    deep = np.flatnonzero(on_land & (coast_nm > INLAND_NM))
    afloat = deep[sea_called(LANDLOCKED_SEA).contains(wrap_lon(given_lon[deep]), given_lat[deep])]
    coast_nm[afloat], on_land[afloat] = np.nan, False
    return coast_nm, on_land
