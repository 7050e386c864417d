"""Pieces of the coast: short runs of vertices with their boxes, so that whatever is asked touches only those near it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tracker.zones.coast import Coast, before_of, densify, following_of, is_cut
from tracker.zones.earth import to_ecef

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

LONGEST: Final = 64
"""Vertices of a piece; rings of so many or fewer are one piece."""


@dataclass(frozen=True)
class Pieces:
    """Runs of successive vertices of a ring, in order of the vertices.

    Attributes
    ----------
    start, size
        First vertex and number of vertices.
    is_ring
        Whether it is a whole ring.
    west, south, east, north
        Box of its vertices and the one that follows, degrees.
    """

    start: Ints
    size: Ints
    is_ring: Bools
    west: Floats
    south: Floats
    east: Floats
    north: Floats

    @classmethod
    def of(cls, coast: Coast, /) -> "Pieces":
        """Cut the rings of a coast."""
        number = -(-coast.size // LONGEST)
        ring = np.repeat(np.arange(len(number)), number)
        at = np.arange(len(ring)) - np.repeat(np.cumsum(number) - number, number)
        start = coast.start[ring] + LONGEST * at
        size = np.minimum(coast.size[ring] - LONGEST * at, LONGEST)
        end = coast.start[ring] + coast.size[ring]
        after = np.where(start + size == end, coast.start[ring], start + size)
        boxes = [
            pick(pick.reduceat(degrees, start), degrees[after])
            for pick in (np.minimum, np.maximum)
            for degrees in (coast.lon, coast.lat)
        ]
        return cls(start, size, number[ring] == 1, *boxes)

    def touch(self, west: float, south: float, east: float, north: float, /) -> Ints:
        """Pieces whose boxes touch a box (degrees)."""
        is_near = (self.south <= north) & (self.north >= south)
        is_near &= (self.west <= east) & (self.east >= west)
        return np.flatnonzero(is_near)

    def cut(self, chosen: Ints, /) -> tuple[Ints, Ints, Bools]:
        """First vertices of some pieces, how many they have, and whether they are whole rings."""
        return self.start[chosen], self.size[chosen], self.is_ring[chosen]

    def vertices_of(self, chosen: Ints, /) -> Ints:
        """Vertices of some pieces, one after another."""
        size = self.size[chosen]
        return np.repeat(self.start[chosen] + size - np.cumsum(size), size) + np.arange(int(size.sum()))


@dataclass(frozen=True)
class Points:
    """Points along pieces of the coast; behind them those just beyond their ends, which only tell neighbours.

    Attributes
    ----------
    xyz
        In space, shape (n + beyond, 3), metres.
    code
        Label of each, shape (n + beyond,).
    before, after
        The points beside the first n on their rings; at a seam, the point itself.
    """

    xyz: Floats
    code: Ints
    before: npt.NDArray[np.int32]
    after: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.before)

    @classmethod
    def along(cls, coast: Coast, start: Ints, size: Ints, is_ring: Bools, /, *, is_left_out: Bools) -> "Points":
        """Of some pieces (as `Pieces` has them, in order), without those whose labels are left out."""
        beyond = (~is_ring).astype(np.int64)
        size = size + 2 * beyond
        begin, piece = np.cumsum(size) - size, np.repeat(np.arange(len(size)), size)
        vertex = np.repeat(start - beyond - begin, size) + np.arange(len(piece))
        open_ = np.flatnonzero(beyond)
        first, last = begin[open_], (begin + size)[open_] - 1
        vertex[first] = before_of(coast, vertex[first + 1])
        vertex[last] = following_of(coast, vertex[last - 1])
        is_own = np.ones(len(vertex), np.bool_)
        is_own[first] = is_own[last] = False

        lon, lat, code, at = densify(coast, vertex)
        if is_left_out[code].any():
            kept = ~is_left_out[code]
            lon, lat, code, at = lon[kept], lat[kept], code[kept], at[kept]
        xyz = to_ecef(lon, lat)
        before, after = _neighbours(piece[at], is_cut(coast.lon[vertex], coast.lat[vertex])[at])
        own = np.flatnonzero(is_own[at])
        if len(own) == len(at):
            return cls(xyz, code, before.astype(np.int32), after.astype(np.int32))
        order = np.concatenate([own, np.flatnonzero(~is_own[at])])
        place = np.empty(len(order), np.int32)
        place[order] = np.arange(len(order))
        return cls(xyz[order], code[order], place[before[own]], place[after[own]])


def _neighbours(piece: Ints, at_seam: Bools) -> tuple[Ints, Ints]:
    """The points before and after each point of its piece, as of a ring; a point at a seam is its own neighbour."""
    n = len(piece)
    first = np.flatnonzero(np.diff(piece, prepend=-1))
    last = np.append(first[1:], n)[: len(first)] - 1
    before, after = np.arange(n) - 1, np.arange(n) + 1
    before[first], after[last] = last, first
    seam = np.flatnonzero(at_seam)
    stays_after, stays_before = seam[at_seam[after[seam]]], seam[at_seam[before[seam]]]
    after[stays_after], before[stays_before] = stays_after, stays_before
    return before, after
