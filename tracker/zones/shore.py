"""The nearest coast: its points are laid out and put into trees tile by tile, when places near them are asked.

The answer is that of one tree over the coast of the world, which takes half a second and 100 MB: a tile is left out only
where a bound says that it is farther off than what was found. A process that asks all over the world has that one tree.
"""

import threading
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tracker.zones.coast import Coast
from tracker.zones.earth import point_to_segment_m, to_ecef
from tracker.zones.pieces import Pieces, Points
from tracker.zones.spots import Spots

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

TILE_DEG: Final = 2.0
CELL_M: Final = 100_000.0
"""Places are asked by cubes of this edge."""
CELL_REACH_M: Final = CELL_M
"""No place is farther from the middle of its cube: 87 km."""
MOST_CELLS: Final = 1_000
"""A question about more cubes than this is about the world."""
MOST_PARTS: Final = 12
"""More sets of tiles than this become one."""
MANY_POINTS: Final = 50_000
"""From here on the search uses every core."""
DEGREE_M: Final = 111_700.0
"""No degree of latitude or longitude is longer."""


@dataclass(frozen=True, eq=False)
class _Part:
    """Tiles whose points are laid out."""

    is_in: Bools
    """Of each tile."""
    points: Points
    spots: Spots

    def to_coast(self, places: Floats, nearest: Ints) -> Floats:
        """Chord to the coast on either side of the nearest point of each place."""
        here = self.points.xyz[nearest]
        sides = (self.points.xyz[beside[nearest]] for beside in (self.points.before, self.points.after))
        return np.minimum(*(point_to_segment_m(places, here, side) for side in sides))


class _Found:
    """The nearest points found so far of some places in space, shape (n, 3), metres; none is so far as the bound."""

    def __init__(self, places: Floats, bound_m: float) -> None:
        self._places = places
        self.point_m = np.full(len(places), bound_m)
        self.coast_m = np.full(len(places), np.inf)
        self.label = np.zeros(len(places), np.int64)

    def ask(self, part: _Part, rows: Ints) -> None:
        """Look whether points of a part are nearer to some of the places."""
        if not len(rows):
            return
        workers, bound_m = -1 if len(rows) > MANY_POINTS else 1, float(self.point_m[rows].max())
        chord, nearest = part.spots.nearest(self._places[rows], within_m=bound_m, workers=workers)
        is_nearer = chord < self.point_m[rows]
        rows, nearest = rows[is_nearer], nearest[is_nearer]
        self.point_m[rows] = chord[is_nearer]
        self.coast_m[rows] = part.to_coast(self._places[rows], nearest)
        self.label[rows] = part.points.code[nearest]


class Shore:
    """The coast of states, and rocks; several threads may ask it at once.

    Parameters
    ----------
    coast, pieces
        With the labels that are asked for.
    is_left_out
        Of each label, whether its coast does not count.
    rocks, rock_code
        More points in space, shape (n, 3), metres, and their labels.
    """

    def __init__(self, coast: Coast, pieces: Pieces, /, *, is_left_out: Bools, rocks: Floats, rock_code: Ints) -> None:
        self._coast, self._pieces, self._is_left_out = coast, pieces, is_left_out
        self._lock = threading.Lock()
        self._kept = np.flatnonzero(np.logical_or.reduceat(~is_left_out[coast.code], pieces.start))
        middle, reach_m, self._tile = _tiles(pieces, self._kept)
        # each rock is a tile, and laid out from the first
        self._middle = np.vstack([middle, rocks])
        self._reach_m = np.append(reach_m, np.zeros(len(rocks)))
        itself = np.arange(len(rocks), dtype=np.int32)
        is_in = np.arange(len(self._reach_m)) >= len(reach_m)
        self._rocks = _Part(is_in, Points(rocks, rock_code, itself, itself), Spots(rocks))
        self._parts: tuple[_Part, ...] = (self._rocks,)

    def nearest(self, places: Floats, /, *, within_m: float = np.inf) -> tuple[Floats, Ints]:
        """Chord to the coast, m, and label of its nearest point, for places in space, shape (n, 3), metres.

        Nearer points than `within_m` only: else the chord is infinite and the label 0.
        """
        found, every = _Found(places, within_m), np.ones(len(self._reach_m), np.bool_)
        is_whole = bool((self._parts[-1].is_in | self._rocks.is_in).all())
        cells, of = _cells(places[:0] if is_whole else places)
        if is_whole or len(cells) > MOST_CELLS:
            for part in self._laid_out(every):
                found.ask(part, np.arange(len(places)))
            return found.coast_m, found.label
        squared = np.add.outer((cells**2).sum(axis=1), (self._middle**2).sum(axis=1))
        squared -= 2.0 * np.einsum("ij,kj->ik", cells, self._middle)
        gap_m = np.sqrt(np.maximum(squared, 0.0)) - (self._reach_m + CELL_REACH_M)
        # first the nearest tile, then all that may be nearer than what was found there
        is_asked: Bools = np.zeros(gap_m.shape, np.bool_)
        is_asked[np.arange(len(cells)), gap_m.argmin(axis=1)] = True
        is_asked &= gap_m <= within_m
        farthest_m, done = np.zeros(len(cells)), dict[_Part, Bools]()
        for _ in range(2):
            for part in self._laid_out(np.logical_or.reduce(is_asked)):
                of_part = np.logical_or.reduce(is_asked & part.is_in, axis=1) & ~done.get(part, False)
                found.ask(part, np.flatnonzero(of_part[of]))
                done[part] = of_part
            np.maximum.at(farthest_m, of, found.point_m)
            is_asked = np.asarray(gap_m <= farthest_m[:, None])
        return found.coast_m, found.label

    def everywhere(self) -> tuple[Floats, Ints]:
        """All points in space, shape (n, 3), metres, and their labels."""
        return self._points(self._kept)

    def labelled(self, is_asked: Bools, /) -> Floats:
        """Points in space of those labels that are asked for."""
        # a point between two vertices may bear the label of the second
        coast = self._coast
        is_of = is_asked[coast.code]
        is_of[coast.start + coast.size - 1] |= is_of[coast.start]
        is_of[:-1] |= is_of[1:]
        points, code = self._points(self._kept[np.logical_or.reduceat(is_of, self._pieces.start)[self._kept]])
        return points[is_asked[code]]

    def _points(self, chosen: Ints) -> tuple[Floats, Ints]:
        points, rocks = self._lay_out(chosen), self._rocks.points
        n = len(points)
        return np.vstack([points.xyz[:n], rocks.xyz]), np.append(points.code[:n], rocks.code)

    def _lay_out(self, chosen: Ints) -> Points:
        coast = self._coast
        if len(chosen) < len(self._kept):
            return Points.along(coast, *self._pieces.cut(chosen), is_left_out=self._is_left_out)
        # whole rings have no ends
        start, size = coast.start, coast.size
        return Points.along(coast, start, size, np.ones(len(size), np.bool_), is_left_out=self._is_left_out)

    def _laid_out(self, is_asked: Bools) -> tuple[_Part, ...]:
        """Parts that hold some tiles, and others."""
        with self._lock:
            is_in = np.logical_or.reduce([part.is_in for part in self._parts])
            missing = is_asked & ~is_in
            if missing.any():
                parts = self._parts
                if 2 * np.count_nonzero(is_in | missing) > len(is_in):
                    parts, missing = parts[:1], ~self._rocks.is_in
                elif len(parts) > MOST_PARTS:
                    parts, missing = parts[:1], (is_in | missing) & ~self._rocks.is_in
                points = self._lay_out(self._kept[missing[self._tile]])
                self._parts = (*parts, _Part(missing, points, Spots(points.xyz[: len(points)])))
            return self._parts


def _tiles(pieces: Pieces, chosen: Ints) -> tuple[Floats, Floats, Ints]:
    """Middle of tiles in space, how far their pieces lie from it, and the tile of each piece."""
    row, col = (
        np.floor((low[chosen] + high[chosen]) / (2 * TILE_DEG)).astype(np.int64)
        for low, high in ((pieces.south, pieces.north), (pieces.west, pieces.east))
    )
    key = (row * 1024 + col + 512).astype(np.int32)
    order = np.argsort(key, kind="stable")
    begin = np.flatnonzero(np.diff(key[order], prepend=-(1 << 30)))
    tile = np.empty(len(order), np.int64)
    tile[order] = np.repeat(np.arange(len(begin)), np.diff(begin, append=len(order)))
    west, south, east, north = (
        pick.reduceat(side[chosen[order]], begin)
        for pick, side in (
            (np.minimum, pieces.west),
            (np.minimum, pieces.south),
            (np.maximum, pieces.east),
            (np.maximum, pieces.north),
        )
    )
    # along the meridian, and then along the parallel of the box that is nearest to the equator
    off_equator = np.where(south * north < 0, 0.0, np.minimum(np.abs(south), np.abs(north)))
    across_m = DEGREE_M * ((north - south) + (east - west) * np.cos(np.radians(off_equator)))
    return to_ecef((west + east) / 2, (south + north) / 2), across_m / 2 + 1.0, tile


def _cells(places: Floats) -> tuple[Floats, Ints]:
    """Middles of the cubes that places lie in, and the cube of each place."""
    key = (np.round(places / CELL_M).astype(np.int64) + 512) @ np.array([1 << 20, 1 << 10, 1])
    cells, of = np.unique(key, return_inverse=True)
    return (np.column_stack([cells >> 20, cells >> 10 & 1023, cells & 1023]) - 512) * CELL_M, of
