"""Which places lie inside a ring of land: a packaged mask answers most, the rings themselves those near a coast."""

import threading
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tracker.zones.coast import MASK_CELL_DEG, Coast, ring_of
from tracker.zones.prepared import prepare

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

ALL_ICE_SOUTH_OF: Final = -82.0
"""No open sea lies farther south; the pole itself is where rings are cut."""
CELL_DEG: Final = 0.5
ROW: Final = 1024
"""More cells than go round the globe."""
FEW: Final = 200
"""Rings about a place are looked up by cell; for more cells than this a tree of boxes is built, in a twelfth of a second."""


class Rings:
    """Rings of land of a coast; polygons are made when they are first asked about."""

    def __init__(self, coast: Coast) -> None:
        self.coast = coast
        self._polygons: dict[int, Any] = {}
        self._boxes: Any = None
        self._tree: Any = None
        self._in_cell: dict[int, Ints] = {}
        self._lock = threading.Lock()

    def hold(self, lon: Floats, lat: Floats, /) -> Bools:
        """Places (degrees, longitude in [-180, 180)) inside a ring; lakes and rivers count as land."""
        rows, cols = self.coast.is_land.shape
        row = ((lat + 90) / MASK_CELL_DEG).astype(np.int32).clip(0, rows - 1)
        col = np.floor((lon + 180) / MASK_CELL_DEG).astype(np.int32)
        if len(col) and (col.min() < 0 or col.max() >= cols):
            col %= cols
        cell = row * cols + col
        ice = lat < ALL_ICE_SOUTH_OF
        land: Bools = self.coast.is_land.ravel()[cell] | ice
        doubtful = np.flatnonzero(self.coast.is_mixed.ravel()[cell] & ~ice)
        if len(doubtful):
            land[doubtful] = self._inside(lon[doubtful], lat[doubtful])
        return land

    def _inside(self, lon: Floats, lat: Floats) -> Bools:
        import shapely

        inside = np.zeros(len(lon), bool)
        which, ring = self._candidates(lon, lat)
        order = np.argsort(ring, kind="stable")
        which, ring = which[order], ring[order]
        begin = 0
        for end in (np.flatnonzero(np.diff(ring, append=-1)) + 1).tolist():
            rows = which[begin:end]
            held = shapely.contains_xy(self._polygon(int(ring[begin])), lon[rows], lat[rows])
            inside[rows[held]] = True
            begin = end
        return inside

    def _candidates(self, lon: Floats, lat: Floats) -> tuple[Ints, Ints]:
        """Pairs of a place and a ring whose box holds it."""
        row, column = (np.floor(part / CELL_DEG).astype(np.int64) for part in (lat + 90.0, lon + 180.0))
        key = row * ROW + column
        by_cell = np.argsort(key, kind="stable")
        first = np.flatnonzero(np.diff(key[by_cell], prepend=-1))
        cells = key[by_cell[first]].tolist()
        with self._lock:
            if self._boxes is None:
                self._boxes = _boxes(self.coast)
            number, *boxes = self._boxes
            unknown = [cell for cell in cells if cell not in self._in_cell] if self._tree is None else []
            if len(unknown) + len(self._in_cell) > FEW:
                import shapely

                self._tree = shapely.STRtree(shapely.box(*boxes))
            else:
                self._in_cell |= {cell: _touching(boxes, cell) for cell in unknown}
        if self._tree is not None:
            import shapely

            which, box = self._tree.query(shapely.points(lon, lat))
            return which, number[box]
        west, south, east, north = boxes
        pairs = []
        for rows, cell in zip(np.split(by_cell, first[1:]), cells, strict=True):
            near = self._in_cell[cell]
            x, y = lon[rows, None], lat[rows, None]
            place, ring = np.nonzero((west[near] <= x) & (x <= east[near]) & (south[near] <= y) & (y <= north[near]))
            pairs.append((rows[place], number[near[ring]]))
        which, ring = (np.concatenate(column) for column in zip(*pairs, strict=True))
        return which, ring

    def _polygon(self, number: int) -> Any:
        import shapely

        if number not in self._polygons:
            with self._lock:
                if number not in self._polygons:
                    self._polygons[number] = prepare(shapely.polygons(ring_of(self.coast, number)))
        return self._polygons[number]


def _boxes(coast: Coast) -> tuple[Ints, Floats, Floats, Floats, Floats]:
    """Rings of three vertices or more, and their boxes."""
    number = np.flatnonzero(coast.size >= 3)
    low = [np.minimum.reduceat(v, coast.start)[number] for v in (coast.lon, coast.lat)]
    high = [np.maximum.reduceat(v, coast.start)[number] for v in (coast.lon, coast.lat)]
    return number, low[0], low[1], high[0], high[1]


def _touching(boxes: Sequence[Floats], cell: int) -> Ints:
    """Boxes that touch a cell."""
    west, south, east, north = boxes
    row, column = divmod(cell, ROW)
    x, y = column * CELL_DEG - 180.0, row * CELL_DEG - 90.0
    is_near = (south <= y + CELL_DEG) & (north >= y) & (west <= x + CELL_DEG) & (east >= x)
    return np.flatnonzero(is_near)
