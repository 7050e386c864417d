"""Nearest of many points in space: a few questions are answered by a scan, from then on by a tree.

Building the tree over the world's coast and loading the library for it take a second, a scan of it a hundredth:
a process that asks for one place never builds the tree. Both give the same distance to the last bit.
"""

import sys
import threading
from typing import Any, ClassVar, Final

import numpy as np
import numpy.typing as npt

from tracker.zones.earth import fast_tree

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SCANNED: Final = 40_000_000
"""Distances that a process works out one by one before it builds trees: about what loading and building them costs."""
A_QUESTION: Final = 4_000
"""Distances that take as long as asking for them."""
FEW: Final = 50
"""Questions about the same points for which no tree is built even where the library for it is at hand."""


class Spots:
    """Points in space, shape (n, 3), metres, that may be asked by several threads at once."""

    _left: ClassVar[int] = SCANNED

    def __init__(self, points: Floats) -> None:
        self.points = points
        self._tree: Any = None
        self._asked = 0
        self._lock = threading.Lock()

    def nearest(self, asked: Floats, /, *, within_m: float = np.inf, workers: int = 1) -> tuple[Floats, Ints]:
        """Chord to the nearest point and its number, for places of shape (m, 3).

        Nearer than `within_m` only: else the chord is infinite and the number that of no point, n.
        """
        if self._tree is None:
            Spots._left -= len(asked) * (len(self.points) + A_QUESTION)
            self._asked += len(asked)
            is_dear = Spots._left < 0 or (self._asked > FEW and "scipy.spatial" in sys.modules)
            if not is_dear or not len(self.points):
                return self._scan(asked, within_m)
            with self._lock:
                if self._tree is None:
                    self._tree = fast_tree(self.points)
        chord, number = self._tree.query(asked, distance_upper_bound=within_m, workers=workers)
        return chord, number

    def _scan(self, asked: Floats, within_m: float) -> tuple[Floats, Ints]:
        number = np.full(len(asked), len(self.points), np.int64)
        chord = np.full(len(asked), np.inf)
        if not len(self.points):
            return chord, number
        x, y, z = self.points.T
        for row, place in enumerate(asked):
            # summed in this order, as the tree does
            squared = (x - place[0]) ** 2 + (y - place[1]) ** 2 + (z - place[2]) ** 2
            at = int(squared.argmin())
            found = float(np.sqrt(squared[at]))
            if found < within_m:
                chord[row], number[row] = found, at
        return chord, number
