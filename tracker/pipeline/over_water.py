"""The shortest ways over water between many pairs of places, no longer than ways that were sailed between them."""

import numpy as np
import numpy.typing as npt

from tracker.geo.grids import Grid
from tracker.geo.kernels import distance_m, ecef_m, midpoint, surface_deg
from tracker.geo.ways import ways_at_m, ways_m
from tracker.units import METRES_PER_NAUTICAL_MILE
from tracker.zones.index import read_index

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Lines = tuple[Floats, Floats, Floats, Floats]
"""Longitudes and latitudes of places, and of the places that they are to be joined with."""

MOST_NM = 3000.0
"""Ways over water are not sought beyond: cells would be too coarse for straits."""
HALF_CELLS = 120
NEAR, NEAR_CELLS = 1.5, 60
"""Most ways round land are no longer than this multiple of the straight line: they are found on fewer cells as small."""
BESIDE = 1.05
"""Most of them touch a cape only: these are found on the few cells beside the straight line."""
SNAP_NM = 4.0
LOOK_NM = 1.0
LOOKS_AT_ONCE = 200_000
"""Places asked for land at a time: bounds the memory, not the answer."""


def over_water_nm(lines: Lines, sailed_nm: Floats, /) -> Floats:
    """Shortest way over water of each pair of places; NaN where none is found that is no longer than what was sailed."""
    straight = np.asarray(distance_m(*lines)) / METRES_PER_NAUTICAL_MILE
    found = np.where(_is_open_sea(lines, straight), straight, np.nan)
    for i in np.flatnonzero(np.isnan(found) & (sailed_nm <= MOST_NM)).tolist():
        lon_1, lat_1, lon_2, lat_2 = (float(column[i]) for column in lines)
        found[i] = _way_nm((lon_1, lat_1), (lon_2, lat_2), float(sailed_nm[i]))
    return found


def _is_open_sea(lines: Lines, straight_nm: Floats) -> Bools:
    """Whether no land lies on each straight way, looked at every mile, but for the harbours at its ends."""
    looks = (straight_nm / LOOK_NM).astype(np.int64) + 3
    is_open = np.ones(len(looks), np.bool_)
    part = np.cumsum(looks) // LOOKS_AT_ONCE
    for rows in np.split(np.arange(len(looks)), np.flatnonzero(np.diff(part)) + 1) if len(looks) else ():
        owner = np.repeat(rows, looks[rows])
        ends = np.cumsum(looks[rows])
        share = (np.arange(len(owner)) - np.repeat(ends - looks[rows], looks[rows])) / (looks[owner] - 1)
        away = share * straight_nm[owner]
        at_sea = (away >= SNAP_NM) & (straight_nm[owner] - away >= SNAP_NM)
        owner, share = owner[at_sea], share[at_sea]
        one, two = ecef_m(*(column[owner] for column in lines[:2])), ecef_m(*(column[owner] for column in lines[2:]))
        lon, lat = surface_deg(*(np.asarray(a + share * (b - a), np.float64) for a, b in zip(one, two, strict=True)))
        is_open[owner[read_index().is_on_land(lon, lat)]] = False
    return is_open


def _way_nm(one: tuple[float, float], two: tuple[float, float], sailed_nm: float) -> float:
    """A way that is found near the straight line is the shortest: farther off none is; else up to what was sailed."""
    middle = midpoint(*one, *two)
    whole = _grid(middle, sailed_nm, half_cells=HALF_CELLS)
    straight_nm = float(distance_m(*one, *two)) / METRES_PER_NAUTICAL_MILE
    near_nm = NEAR * straight_nm
    # most searches that find nothing end ashore: that is seen without the sea between
    if not (_is_by_water(whole, *one) and _is_by_water(whole, *two)):
        return np.nan
    is_near = near_nm < sailed_nm
    grid = _grid(middle, near_nm, half_cells=NEAR_CELLS) if is_near else whole
    for most_nm in (BESIDE * straight_nm, *([near_nm] if is_near else [])):
        found_nm = _on_cells_nm(grid, one, two, most_nm=most_nm)
        if found_nm <= most_nm:
            return found_nm
    return _on_cells_nm(whole, one, two, most_nm=np.inf)


def _grid(middle: tuple[Floats, Floats], most_nm: float, *, half_cells: int) -> Grid:
    """Cells that hold every way of a length between two places about a middle."""
    half_m = 0.53 * most_nm * METRES_PER_NAUTICAL_MILE
    return Grid(float(middle[0]), float(middle[1]), half_m / half_cells, half_cells + 2)


def _snap_m(grid: Grid) -> float:
    return max(SNAP_NM * METRES_PER_NAUTICAL_MILE, 2.0 * grid.cell_m)


def _on_cells_nm(grid: Grid, one: tuple[float, float], two: tuple[float, float], *, most_nm: float) -> float:
    """The shortest way over cells of water; one that is longer than `most_nm` may not be found."""
    # a way no longer than that keeps to the cells from which both ends are as near in all
    to_ends_m = sum(np.linalg.norm(grid.xyz_m - np.stack(ecef_m(*end)), axis=-1) for end in (one, two))
    water = np.asarray(to_ends_m <= most_nm * METRES_PER_NAUTICAL_MILE)
    water[water] = _is_water(*(of_cells[water] for of_cells in grid.degrees))
    ways = ways_m(grid, water, *one, snap_m=_snap_m(grid))
    way_m = np.inf if ways is None else float(ways_at_m(grid, ways, *two, snap_m=_snap_m(grid))[0])
    return way_m / METRES_PER_NAUTICAL_MILE if np.isfinite(way_m) else np.nan


def _is_by_water(grid: Grid, lon: float, lat: float) -> bool:
    """Whether any of the cells in which the way from a place may begin is of water."""
    reach = int(np.ceil(_snap_m(grid) / grid.cell_m)) + 1
    rows, cols = (grid.axis_m[max(int(i) - reach, 0) : int(i) + reach + 1] for i in grid.cell_of(lon, lat))
    return bool(_is_water(*grid.to_degrees(*np.meshgrid(cols, rows))).any())


def _is_water(lon: Floats, lat: Floats) -> Bools:
    return ~read_index().is_on_land((lon.ravel() + 180.0) % 360.0 - 180.0, lat.ravel()).reshape(lon.shape)
