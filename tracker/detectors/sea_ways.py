"""How far ports are from places by sea: round land and not over it, for questions that are asked of many silences.

One grid about each port that is asked for, coarser than that of `tracker.detectors.ways_out`: a cell of which any
quarter is water lets a ship through, so that ways come out rather too short than too long.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt

from tracker.detectors.ways_out import IsLand, water_share
from tracker.geo.grids import Grid
from tracker.geo.kernels import distance_m
from tracker.geo.ways import ways_at_m, ways_m
from tracker.units import METRES_PER_NAUTICAL_MILE

Floats = npt.NDArray[np.float64]
WaysFrom = Callable[[int, Floats, Floats], Floats]
"""Number of a port, longitudes and latitudes to ways, nm."""

CELL_NM, HALF_CELLS = 3.0, 110
"""A grid of 660 nm across: round Korea from Nampo to Wonsan is inside."""
SNAP_NM = 8.0
"""Rivers and harbours are land to the coast index: the way begins at water this near."""


def ways_from(lon: Floats, lat: Floats, is_land: IsLand, /) -> WaysFrom:
    """A question for the way over water from one of some ports to places.

    Parameters
    ----------
    lon, lat : of the ports, degrees
    is_land : tells land from water for arrays of longitude and latitude, degrees

    Returns
    -------
    ways in nm, never shorter than the straight line: for places beyond the grid, over its edge and then straight; the
    straight line where the port has no water near it; infinite where no way leads there; NaN for NaN
    """

    @cache
    def grid_of(port: int) -> tuple[Grid, Floats | None]:
        grid = Grid(float(lon[port]), float(lat[port]), CELL_NM * METRES_PER_NAUTICAL_MILE, HALF_CELLS)
        water = water_share(grid, is_land) > 0
        snap_m = SNAP_NM * METRES_PER_NAUTICAL_MILE
        return grid, ways_m(grid, water, grid.lon0, grid.lat0, snap_m=snap_m)

    def ways(port: int, to_lon: Floats, to_lat: Floats) -> Floats:
        straight = np.asarray(distance_m(to_lon, to_lat, lon[port], lat[port])) / METRES_PER_NAUTICAL_MILE
        known = np.flatnonzero(np.isfinite(straight))
        if not len(known):
            return straight
        grid, found = grid_of(port)
        if found is None:
            return straight
        places = to_lon[known], to_lat[known]
        way = ways_at_m(grid, found, *places, snap_m=SNAP_NM * METRES_PER_NAUTICAL_MILE)
        out = ~np.isfinite(way)
        way[out] = _over_the_edge_m(grid, found, places[0][out], places[1][out])
        # the middle of a cell stands for all of it
        straight[known] = np.maximum(straight[known], way / METRES_PER_NAUTICAL_MILE - CELL_NM)
        return straight

    return ways


def _over_the_edge_m(grid: Grid, found: Floats, lon: Floats, lat: Floats) -> Floats:
    """Over water to the edge of the grid, and from there straight: no way out of it can be shorter, m."""
    edge = np.ones(found.shape, np.bool_)
    edge[1:-1, 1:-1] = False
    edge &= np.isfinite(found)
    if not edge.any():
        return np.full(len(lon), np.inf)
    lon_e, lat_e = (column[edge] for column in grid.degrees)
    on = np.asarray(distance_m(lon[:, None], lat[:, None], lon_e[None, :], lat_e[None, :]))
    return np.asarray((found[edge][None, :] + on).min(axis=1))
