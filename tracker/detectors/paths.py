"""Pairs of tracks on the union of their report times, many at once: a row is a time at which either ship reports."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.detectors.lanes import IntArray, Lanes
from tracker.tables.fixes import Fixes

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

PLACE_1, PLACE_2, EAST, NORTH = 0, 3, 6, 7
"""Lines of columns: places of both ships (earth-centred, m; three each), and the vector from ship 1 to ship 2, m."""


@dataclass(frozen=True)
class Paths:
    """Pairs of ships."""

    lanes: Lanes
    """Times, s, at which either ship of a pair reports while both are followed; a lane is a pair."""
    columns: FloatArray
    """(8, n) at these times."""
    distance_m: FloatArray
    """Between the ships."""
    is_straight: BoolArray
    """Whether the leg after that time may be read as a straight line for both."""
    is_told: BoolArray
    """For one of them at least."""
    nearest_s: FloatArray
    """Time to the nearest report of the ship whose nearest is farther away."""
    farther_s: FloatArray
    """Time to the farthest of the reports before and after of both."""
    fixes: Fixes
    """The reports of ship 1 of each pair, then those of ship 2 of each."""
    tracks: Lanes
    """Their times; a lane is a ship of a pair."""

    def at(self, pair: IntArray, time_s: FloatArray, lines: slice, /) -> tuple[FloatArray, BoolArray]:
        """Some of the columns (k, n, m) at moments (n, m) of pairs (n,), in order; whether their legs are straight for both."""
        before, after, share = self.lanes.legs_at(pair, time_s)
        columns = self.columns[lines]
        here, way = columns.take(before, axis=1), columns.take(after, axis=1)
        way -= here
        way *= share
        here += way
        # the last row of a pair begins no leg
        return here, self.is_straight.take(np.where(share < 1.0, before, after))


def paths_of(fixes: Fixes, pairs: IntArray, path: FloatArray, /) -> Paths:
    """Both ships of each pair along their reports.

    Parameters
    ----------
    fixes : the reports
    pairs, path : of `tracker.geo.kernels.pairing.pair_windows`
    """
    from tracker.geo.kernels.pairing import FARTHER, HEARD, NEAREST, TIME
    from tracker.geo.kernels.pairing import PLACE_1 as FIRST

    first, stop = np.concatenate([pairs[:, 1], pairs[:, 3]]), np.concatenate([pairs[:, 2], pairs[:, 4]])
    sizes = stop - first
    starts = np.append(0, np.cumsum(sizes))
    own = fixes.take(np.arange(starts[-1]) + np.repeat(first - starts[:-1], sizes))
    line = np.ascontiguousarray(path.T)
    columns, lanes = line[FIRST : FIRST + 8], Lanes(line[TIME], np.append(pairs[:, 5], len(path)))
    return Paths(
        lanes,
        columns,
        np.hypot(columns[EAST], columns[NORTH]),
        line[HEARD] == 3.0,
        line[HEARD] > 0.0,
        line[NEAREST],
        line[FARTHER],
        own,
        Lanes(own.time_ms / 1000.0, starts),
    )
