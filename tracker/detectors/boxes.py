"""Places of ships in boxes of sea: who was about a place is asked of boxes, and of single places only in those near it."""

from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tracker.units import METRES_PER_NAUTICAL_MILE

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

BOX_M = 5.0 * METRES_PER_NAUTICAL_MILE
SHARED_M = 20.0 * METRES_PER_NAUTICAL_MILE
"""Places this near each other are asked about with one list of boxes."""
BITS = 20
"""Of each side of a box's number."""


class Boxes:
    """Places by box.

    Parameters
    ----------
    xyz : (n, 3) places, earth-centred, m
    ship : (n,) whose they are, counted from 0
    box_m : side of a box, m
    """

    def __init__(self, xyz: FloatArray, ship: npt.NDArray[np.integer[Any]], /, *, box_m: float = BOX_M) -> None:
        from tracker.geo.kernels.select import by_number

        box, count, self.middle, self._reach = _gathered(xyz, box_m)
        self._begin = np.append(0, np.cumsum(count))
        order = np.empty(len(box), np.int64)
        by_number(box, self._begin[:-1].copy(), order)
        self._ships, self._rows = ship[order].astype(np.int32), np.take(xyz, order, axis=0)

    @cached_property
    def _tree(self) -> Any:
        from scipy.spatial import cKDTree

        return cKDTree(self.middle)

    def only_ships(self) -> npt.NDArray[np.int32]:
        """The ship of each box in which there is one alone, else -1."""
        if not len(self.middle):
            return np.empty(0, np.int32)
        least, most = (ufunc.reduceat(self._ships, self._begin[:-1]) for ufunc in (np.minimum, np.maximum))
        return np.where(least == most, least, np.int32(-1))

    def about(self, xyz: FloatArray, radius_m: float, /) -> tuple[Any, ...]:
        """What the kernels of `tracker.geo.kernels.around` ask.

        Returns
        -------
        all boxes with a middle, or a place, within a radius of places, and others: place i has the boxes
        ``boxes[first[g]:first[g + 1]]`` with ``g = group[i]``; of each box its middle, how far from it its places are
        at most, m, where they begin, whose they are, and the places
        """
        group, count, middle, reach = _gathered(xyz, SHARED_M)
        first, boxes = np.zeros(len(count) + 1, np.int64), np.empty(0, np.int64)
        if len(self.middle):
            found = self._tree.query_ball_point(middle, radius_m + reach + float(self._reach.max()))
            first[1:] = np.cumsum([len(one) for one in found])
            boxes = np.fromiter(chain.from_iterable(found), np.int64, int(first[-1]))
        return group, first, boxes, self.middle, self._reach, self._begin, self._ships, self._rows


def _gathered(xyz: FloatArray, side_m: float) -> tuple[npt.NDArray[np.int32], IntArray, FloatArray, FloatArray]:
    """Places by cubes: the cube of each; of each cube how many there are, their middle, and the farthest from it, m."""
    code = np.zeros(len(xyz), np.int64)
    for axis in xyz.T:
        code = (code << BITS) + (np.floor(axis / side_m).astype(np.int64) + (1 << (BITS - 1)))
    number = np.array(pa.array(code).dictionary_encode().indices, np.int32)
    count = np.bincount(number)
    middle = np.column_stack([np.bincount(number, axis) / count for axis in xyz.T])
    reach = np.zeros(len(count))
    off = xyz - middle[number]
    np.maximum.at(reach, number, np.einsum("ij,ij->i", off, off))
    return number, count, middle, np.sqrt(reach)
