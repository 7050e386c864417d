"""Places of ships in boxes of sea: who was about a place is asked of boxes, and of single places only in those near it."""

from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.units import METRES_PER_NAUTICAL_MILE

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

BOX_M = 5.0 * METRES_PER_NAUTICAL_MILE
BITS = 20
"""Of each side of a box's number."""


class Boxes:
    """Places by box, and within a box by ship.

    Parameters
    ----------
    xyz : (n, 3) places, earth-centred, m
    ship : (n,) whose they are, counted from 0
    """

    def __init__(self, xyz: FloatArray, ship: IntArray, /) -> None:
        sides = np.floor(xyz / BOX_M).astype(np.int64) + (1 << (BITS - 1))
        number, box = np.unique((sides[:, 0] << 2 * BITS) | (sides[:, 1] << BITS) | sides[:, 2], return_inverse=True)
        count = np.bincount(box, minlength=len(number))
        self.middle = np.column_stack([np.bincount(box, axis, len(number)) / np.maximum(count, 1) for axis in xyz.T])
        order = np.argsort(box * (int(ship.max(initial=0)) + 1) + ship, kind="stable")
        self._ships, self._rows = ship[order], np.ascontiguousarray(xyz[order])
        self._begin = np.append(0, np.cumsum(count))
        away_m = np.sqrt(((self._rows - self.middle[box[order]]) ** 2).sum(axis=1))
        self._reach = np.maximum.reduceat(away_m, self._begin[:-1]) if len(number) else np.empty(0)

    @cached_property
    def _tree(self) -> Any:
        from scipy.spatial import cKDTree

        return cKDTree(self.middle)

    def only_ships(self) -> IntArray:
        """The ship of each box in which there is one alone, else -1."""
        last = self._ships[self._begin[1:] - 1]
        first = self._ships[self._begin[:-1]]
        return np.where(first == last, first, -1)

    def near(self, xyz: FloatArray, radius_m: float, /) -> tuple[IntArray, IntArray]:
        """Boxes whose middles are within a radius of places: place i has ``boxes[first[i]:first[i + 1]]``."""
        if not len(self.middle):
            return np.zeros(len(xyz) + 1, np.int64), np.empty(0, np.int64)
        found = self._tree.query_ball_point(xyz, radius_m)
        first = np.append(0, np.cumsum([len(one) for one in found]))
        return first, np.fromiter(chain.from_iterable(found), np.int64, int(first[-1]))

    def about(self, xyz: FloatArray, radius_m: float, /) -> tuple[Any, ...]:
        """What `tracker.geo.kernels.around.count_about` asks: all boxes with a place within a radius, and their places."""
        first, boxes = self.near(xyz, radius_m + float(self._reach.max(initial=0.0)))
        return first, boxes, self.middle, self._reach, self._begin, self._ships, self._rows
