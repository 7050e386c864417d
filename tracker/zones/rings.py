"""Which places lie inside a ring of land: a packaged mask answers most, the rings themselves those near a coast."""

import threading
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
FEW: Final = 64
"""Fewer places than this are compared with the box of every ring; a tree of boxes is built for more."""


class Rings:
    """Rings of land of a coast; polygons are made when they are first asked about."""

    def __init__(self, coast: Coast) -> None:
        self.coast = coast
        self._polygons: dict[int, Any] = {}
        self._boxes: Any = None
        self._tree: Any = None
        self._lock = threading.Lock()

    def hold(self, lon: Floats, lat: Floats, /) -> Bools:
        """Places (degrees, longitude in [-180, 180)) inside a ring; lakes and rivers count as land."""
        rows, cols = self.coast.is_land.shape
        row = np.floor((lat + 90) / MASK_CELL_DEG).astype(np.int64).clip(0, rows - 1)
        col = np.floor((lon + 180) / MASK_CELL_DEG).astype(np.int64) % cols
        ice = lat < ALL_ICE_SOUTH_OF
        land: Bools = self.coast.is_land[row, col] | ice
        doubtful = np.flatnonzero(self.coast.is_mixed[row, col] & ~ice)
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
        import shapely

        with self._lock:
            if self._boxes is None:
                self._boxes = _boxes(self.coast)
            number, west, south, east, north = self._boxes
            if len(lon) >= FEW and self._tree is None:
                self._tree = shapely.STRtree(shapely.box(west, south, east, north))
        if len(lon) >= FEW:
            which, box = self._tree.query(shapely.points(lon, lat))
            return which, number[box]
        places = zip(lon, lat, strict=True)
        pairs = [np.flatnonzero((west <= x) & (x <= east) & (south <= y) & (y <= north)) for x, y in places]
        return np.repeat(np.arange(len(lon)), [len(p) for p in pairs]), number[np.concatenate(pairs)]

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
