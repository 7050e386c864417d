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
        # rows after one another of one ship in one box are one run: of ships in order few runs are left
        first, box, self.middle, self._reach = _gathered(xyz, box_m, ship)
        whose, boxes = ship[first].astype(np.int32), len(self.middle)
        by_ship = in_order(whose, np.bincount(whose))
        order = by_ship[in_order(box[by_ship], np.bincount(box, minlength=boxes))]
        box, whose = box[order], whose[order]
        self._rows, self._runs = xyz, np.column_stack([first, np.append(first, len(xyz))[1:]])[order]
        # those of a ship in a box together
        head = np.flatnonzero(np.r_[len(box) > 0, (box[1:] != box[:-1]) | (whose[1:] != whose[:-1])])
        self._ships, self._places = whose[head], np.append(head, len(box))
        self._begin = np.append(0, np.cumsum(np.bincount(box[head], minlength=boxes)))

    @cached_property
    def _tree(self) -> Any:
        from scipy.spatial import cKDTree

        return cKDTree(self.middle)

    def only_ships(self) -> npt.NDArray[np.int32]:
        """The ship of each box in which there is one alone, else -1."""
        lone = np.diff(self._begin) == 1
        return np.where(lone, self._ships[self._begin[:-1]], np.int32(-1))

    def about(self, xyz: FloatArray, radius_m: float, /) -> tuple[Any, ...]:
        """What `tracker.geo.kernels.around.count_about` asks.

        Returns
        -------
        all boxes with a middle, or a place, within a radius of places, and others: place i has the boxes
        ``boxes[first[g]:first[g + 1]]`` with ``g = group[i]``; of each box its middle, how far from it its places are
        at most, m, and where its ships begin; the ships, where the runs of each in a box begin, the first row of each
        run and the one after its last, and the places
        """
        group, first, boxes = self._near(xyz, radius_m)
        parts = self._begin, self._ships, self._places, self._runs, self._rows
        return group, first, boxes, self.middle, self._reach, *parts

    def pairs(self, xyz: FloatArray, radius_m: float, /) -> tuple[IntArray, IntArray]:
        """Places, and boxes with a middle within a radius of them."""
        group, first, boxes = self._near(xyz, radius_m)
        count = np.diff(first)[group]
        place = np.repeat(np.arange(len(xyz)), count)
        box = boxes[np.arange(len(place)) + np.repeat(first[group] - np.cumsum(count) + count, count)]
        off = self.middle[box] - xyz[place]
        is_near = np.einsum("ij,ij->i", off, off) <= radius_m * radius_m
        return place[is_near], box[is_near]

    def _near(self, xyz: FloatArray, radius_m: float) -> tuple[npt.NDArray[np.int32], IntArray, IntArray]:
        """The group of each place, where the boxes near each group begin, and these."""
        begin, number, middle, reach = _gathered(xyz, SHARED_M)
        first, boxes = np.zeros(len(middle) + 1, np.int64), np.empty(0, np.int64)
        if len(self.middle):
            found = self._tree.query_ball_point(middle, radius_m + reach + float(self._reach.max()))
            first[1:] = np.cumsum([len(one) for one in found])
            boxes = np.fromiter(chain.from_iterable(found), np.int64, int(first[-1]))
        return np.repeat(number, np.diff(np.append(begin, len(xyz)))), first, boxes


def in_order(number: npt.NDArray[np.int32], count: IntArray, /) -> IntArray:
    """Stable order of rows by a number that each has, given how many have it."""
    from tracker.geo.kernels.select import by_number

    order = np.empty(len(number), np.int64)
    by_number(number, np.append(0, np.cumsum(count))[:-1], order)
    return order


def packed(x: IntArray, y: IntArray, z: IntArray, /) -> IntArray:
    """Three whole numbers, each under half a million either way, in one: in the order of the first, the second, the third."""
    half = 1 << (BITS - 1)
    return (((x + half) << BITS) + (y + half) << BITS) + (z + half)


def _gathered(
    xyz: FloatArray, side_m: float, ship: npt.NDArray[np.integer[Any]] | None = None
) -> tuple[IntArray, npt.NDArray[np.int32], FloatArray, FloatArray]:
    """Places by cubes: where runs of places in one cube (and of one ship) begin, and the cube of each run; of each cube
    the middle of its places, and the farthest from it, m."""
    code = packed(*(np.floor(axis / side_m).astype(np.int64) for axis in xyz.T))
    is_new = np.append(len(code) > 0, code[1:] != code[:-1])
    if ship is not None:
        is_new[1:] |= ship[1:] != ship[:-1]
    first = np.flatnonzero(is_new)
    if not len(first):
        return first, np.empty(0, np.int32), np.empty((0, 3)), np.empty(0)
    rows = np.diff(np.append(first, len(code)))
    number = np.array(pa.array(code[first]).dictionary_encode().indices, np.int32)
    count = np.bincount(number, rows)
    middle = np.column_stack([np.bincount(number, np.add.reduceat(axis, first)) / count for axis in xyz.T])
    reach = np.zeros(len(count))
    off = xyz - np.repeat(middle[number], rows, axis=0)
    np.maximum.at(reach, number, np.maximum.reduceat(np.einsum("ij,ij->i", off, off), first))
    return first, number, middle, np.sqrt(reach)
