"""Shortest ways over water from a place to every cell of a grid, with land as a barrier.

Cells in sight of the place have the length of the geodesic, so that the open sea is exact. Behind land the way goes on
from the edge of what is in sight, from cell to cell in 32 directions (Dijkstra's search, scipy): that part is up to
1.4 % too long, and never too short by more than half a cell at each corner. Cost is bounded by the number of cells.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.geo.grids import Grid
from tracker.geo.kernels import distance_m, ecef_m
from tracker.geo.kernels.plane import LONGEST_CHORD_M

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

MOVES: tuple[tuple[int, int, tuple[tuple[int, int], ...]], ...] = (
    (0, 1, ()),
    (1, 0, ()),
    *((1, s, ()) for s in (1, -1)),
    *((1, 2 * s, ((0, s), (1, s))) for s in (1, -1)),
    *((2, s, ((1, 0), (1, s))) for s in (1, -1)),
    *((1, 3 * s, ((0, s), (1, 2 * s))) for s in (1, -1)),
    *((3, s, ((1, 0), (2, s))) for s in (1, -1)),
    *((2, 3 * s, ((1, s), (1, 2 * s))) for s in (1, -1)),
    *((3, 2 * s, ((1, s), (2, s))) for s in (1, -1)),
)
"""Steps (rows, columns) with the cells that each passes over; the opposite ones come with them."""
LOOKS_AHEAD = 32
"""Half cells that lines of sight are followed at a time: most end at land soon."""


def ways_m(grid: Grid, is_water: BoolArray, lon: float, lat: float, /, *, snap_m: float) -> FloatArray | None:
    """Length of the shortest way over water from a place to the middle of each cell, m; infinite where there is none.

    Parameters
    ----------
    is_water : (side, side)
    lon, lat : the place, degrees, inside the grid
    snap_m : a place on land begins at the nearest water within this distance

    Returns
    -------
    array (side, side), or None when there is no water near the place
    """
    start = nearest_water(grid, is_water, lon, lat, snap_m=snap_m)
    if start is None:
        return None
    row, col, snapped_m = start
    lon_c, lat_c = grid.degrees
    if snapped_m:
        lon, lat = float(lon_c[row, col]), float(lat_c[row, col])
    seen = _in_sight(grid, is_water, row, col)
    ways = _geodesic_m(grid, lon, lat, seen & is_water)
    if (is_water & ~seen).any():
        ways = _round_corners(grid, is_water, ways)
    return np.asarray(ways + snapped_m)


def nearest_water(
    grid: Grid, is_water: BoolArray, lon: float, lat: float, /, *, snap_m: float
) -> tuple[int, int, float] | None:
    """The cell of a place, or the nearest one of water: row, column and how far off, m; None when there is none."""
    rows, cols = grid.cell_of(lon, lat)
    row, col, side = int(rows), int(cols), grid.side
    if not (0 <= row < side and 0 <= col < side):
        return None
    if is_water[row, col]:
        return row, col, 0.0
    reach = int(np.ceil(snap_m / grid.cell_m)) + 1
    r0, c0 = max(row - reach, 0), max(col - reach, 0)
    window = is_water[r0 : row + reach + 1, c0 : col + reach + 1]
    at = np.argwhere(window)
    if not len(at):
        return None
    lon_c, lat_c = (v[r0 : row + reach + 1, c0 : col + reach + 1][window] for v in grid.degrees)
    off = distance_m(lon, lat, lon_c, lat_c)
    best = int(np.argmin(off))
    if off[best] > snap_m + grid.cell_m:
        return None
    return r0 + int(at[best, 0]), c0 + int(at[best, 1]), float(off[best])


def _geodesic_m(grid: Grid, lon: float, lat: float, asked: BoolArray) -> FloatArray:
    """Length of the geodesic to each cell that is asked, infinite to the others."""
    lon_c, lat_c = (of_cells[asked] for of_cells in grid.degrees)
    away = np.asarray(distance_m(lon, lat, lon_c, lat_c))
    far = away > 0.99 * LONGEST_CHORD_M
    if far.any():
        from pyproj import Geod

        flat = np.full(int(far.sum()), lon), np.full(int(far.sum()), lat)
        away[far] = Geod(ellps="WGS84").inv(*flat, lon_c[far], lat_c[far])[2]
    out = np.full(asked.shape, np.inf)
    out[asked] = away
    return out


def _in_sight(grid: Grid, is_water: BoolArray, row: int, col: int) -> BoolArray:
    """Cells that a straight line over water reaches: the first land in each direction hides what lies behind it."""
    side = grid.side
    if is_water.all():
        return np.ones_like(is_water)
    rows, cols = np.indices(is_water.shape)
    dy, dx = (rows - row).astype(np.float64), (cols - col).astype(np.float64)
    away = np.hypot(dy, dx)
    far = int(np.ceil(away.max()))
    directions = int(np.ceil(2.0 * np.pi * far))
    angle = np.arange(directions) * (2.0 * np.pi / directions)
    steps = np.arange(0.0, far + 1.0, 0.5)
    first = np.full(directions, np.inf)
    going = np.arange(directions)
    for begin in range(0, len(steps), LOOKS_AHEAD):
        ahead = steps[begin : begin + LOOKS_AHEAD]
        y = np.rint(row + np.sin(angle[going])[:, None] * ahead).astype(np.int64)
        x = np.rint(col + np.cos(angle[going])[:, None] * ahead).astype(np.int64)
        inside = (y >= 0) & (y < side) & (x >= 0) & (x < side)
        land = inside & ~is_water[np.where(inside, y, 0), np.where(inside, x, 0)]
        hit = land.any(axis=1)
        first[going[hit]] = ahead[land[hit].argmax(axis=1)]
        # what has left the grid does not come back
        going = going[~hit & inside[:, -1]]
        if not len(going):
            break
    turn = (np.arctan2(dy, dx) % (2.0 * np.pi)) * (directions / (2.0 * np.pi))
    below = np.floor(turn).astype(np.int64) % directions
    nearest_land = np.minimum(first[below], first[(below + 1) % directions])
    return np.asarray((away < nearest_land) | (away < 1.0))


def _round_corners(grid: Grid, is_water: BoolArray, ways: FloatArray) -> FloatArray:
    """Carry the ways on behind land."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import dijkstra

    side = grid.side
    known = np.isfinite(ways)
    # what is in sight needs no search, but for the rim that the rest is entered from
    rim = known & _dilate(is_water & ~known, 3)
    used = (is_water & ~known) | rim
    number = np.full(is_water.shape, -1, np.int64)
    number[used] = np.arange(1, int(used.sum()) + 1)
    xyz = grid.xyz_m
    heads, tails, lengths = [], [], []
    for dr, dc, passed in MOVES:
        a = slice(0, side - dr), slice(max(0, -dc), side - max(0, dc))
        b = slice(dr, side), slice(max(0, dc), side + min(0, dc))
        open_ = used[a] & used[b] & ~(known[a] & known[b])
        for pr, pc in passed:
            open_ &= is_water[_moved(a, pr, pc)]
        if dr and dc and not passed:
            # no squeezing between two corners of land
            open_ &= is_water[_moved(a, 0, dc)] | is_water[_moved(a, dr, 0)]
        heads.append(number[a][open_])
        tails.append(number[b][open_])
        lengths.append(np.linalg.norm(xyz[a][open_] - xyz[b][open_], axis=1))
    entry = number[rim]
    head = np.concatenate([*heads, np.zeros(len(entry), np.int64)])
    tail = np.concatenate([*tails, entry])
    # scipy takes a stored zero for no edge
    length = np.maximum(np.concatenate([*lengths, ways[rim]]), 1e-6)
    total = int(used.sum()) + 1
    graph: Any = csr_matrix((length, (head, tail)), shape=(total, total))
    found = dijkstra(graph, directed=False, indices=0)
    out = ways.copy()
    behind = is_water & ~known
    out[behind] = found[number[behind]]
    return out


def _moved(cells: tuple[slice, slice], rows: int, cols: int) -> tuple[slice, slice]:
    return tuple(slice(s.start + by, s.stop + by) for s, by in zip(cells, (rows, cols), strict=True))  # type: ignore[return-value]


def _dilate(mask: BoolArray, cells: int) -> BoolArray:
    from scipy.ndimage import binary_dilation

    return np.asarray(binary_dilation(mask, np.ones((2 * cells + 1, 2 * cells + 1), np.bool_)))


def ways_at_m(grid: Grid, ways: FloatArray, lon: npt.ArrayLike, lat: npt.ArrayLike, /, *, snap_m: float) -> FloatArray:
    """Ways to places, such as ports, that may lie on land: over water to the best cell near by, then straight, m."""
    lons, lats = np.atleast_1d(np.asarray(lon, np.float64)), np.atleast_1d(np.asarray(lat, np.float64))
    rows, cols = grid.cell_of(lons, lats)
    out = np.full(len(lons), np.inf)
    reach = int(np.ceil(max(snap_m, grid.cell_m) / grid.cell_m))
    for i, (row, col) in enumerate(zip(rows.tolist(), cols.tolist(), strict=True)):
        window = (
            slice(max(row - reach, 0), max(row + reach + 1, 0)),
            slice(max(col - reach, 0), max(col + reach + 1, 0)),
        )
        near = ways[window]
        if not near.size or not np.isfinite(near).any():
            continue
        xyz = grid.xyz_m[window] - np.stack(ecef_m(lons[i], lats[i]), axis=-1)
        off = np.linalg.norm(xyz, axis=-1)
        total = np.where(off <= max(snap_m, grid.cell_m), near + off, np.inf)
        out[i] = float(total.min())
    return out
