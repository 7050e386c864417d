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
        box, count, self.middle, self._reach = _gathered(xyz, box_m)
        by_ship = _in_order(ship.astype(np.int32), np.bincount(ship))
        order = by_ship[_in_order(box[by_ship], count)]
        box, ship = box[order], ship[order].astype(np.int32)
        self._rows = np.take(xyz, order, axis=0)
        # those of a ship in a box together
        first = np.flatnonzero(np.r_[len(box) > 0, (box[1:] != box[:-1]) | (ship[1:] != ship[:-1])])
        self._ships, self._places = ship[first], np.append(first, len(box))
        self._begin = np.append(0, np.cumsum(np.bincount(box[first], minlength=len(count))))

    @cached_property
    def _tree(self) -> Any:
        from scipy.spatial import cKDTree

        return cKDTree(self.middle)

    def only_ships(self) -> npt.NDArray[np.int32]:
        """The ship of each box in which there is one alone, else -1."""
        lone = np.diff(self._begin) == 1
        return np.where(lone, self._ships[self._begin[:-1]], np.int32(-1))

    def about(self, xyz: FloatArray, radius_m: float, /) -> tuple[Any, ...]:
        """What the kernels of `tracker.geo.kernels.around` ask.

        Returns
        -------
        all boxes with a middle, or a place, within a radius of places, and others: place i has the boxes
        ``boxes[first[g]:first[g + 1]]`` with ``g = group[i]``; of each box its middle, how far from it its places are
        at most, m, and where its ships begin; the ships, where the places of each in a box begin, and the places
        """
        group, count, middle, reach = _gathered(xyz, SHARED_M)
        first, boxes = np.zeros(len(count) + 1, np.int64), np.empty(0, np.int64)
        if len(self.middle):
            found = self._tree.query_ball_point(middle, radius_m + reach + float(self._reach.max()))
            first[1:] = np.cumsum([len(one) for one in found])
            boxes = np.fromiter(chain.from_iterable(found), np.int64, int(first[-1]))
        return group, first, boxes, self.middle, self._reach, self._begin, self._ships, self._places, self._rows


def _in_order(number: npt.NDArray[np.int32], count: IntArray) -> IntArray:
    """Stable order of rows by a number that each has, given how many have it."""
    from tracker.geo.kernels.select import by_number

    order = np.empty(len(number), np.int64)
    by_number(number, np.append(0, np.cumsum(count))[:-1], order)
    return order


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
