"""Pairs of tracks on the union of their report times, many at once: a row is a time at which either ship reports."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.detectors.lanes import IntArray, Lanes
from tracker.geo.kernels import ecef_m, onto_surface_m, vector_m
from tracker.tables.fixes import Fixes

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

PLACE_1, PLACE_2, EAST, NORTH = 0, 3, 6, 7
"""Columns of rows: places of both ships (earth-centred, m; three each), and the vector from ship 1 to ship 2, m."""


@dataclass(frozen=True)
class Legs:
    """Which legs between two reports may be read as straight lines."""

    bridge_s: float
    """All up to this."""
    slow_bridge_s: float
    """Those up to this that the ship made slowly."""
    slow_m_s: float


@dataclass(frozen=True)
class Paths:
    """Pairs of ships."""

    lanes: Lanes
    """Times, s, at which either ship of a pair reports while both are followed; a lane is a pair."""
    rows: FloatArray
    """(n, 8) at these times."""
    heard: BoolArray
    """(n, 2) For each ship whether the leg after that time may be read as a straight line."""
    nearest_s: FloatArray
    """Time to the nearest report of the ship whose nearest is farther away."""
    farther_s: FloatArray
    """Time to the farthest of the reports before and after of both."""
    fixes: Fixes
    """The reports of ship 1 of each pair, then those of ship 2 of each."""
    tracks: Lanes
    """Their times; a lane is a ship of a pair."""

    def at(self, pair: IntArray, time_s: FloatArray, columns: slice, /) -> tuple[FloatArray, BoolArray]:
        """Some columns at moments (n, m) of pairs (n,), and whether the legs they lie on may be read as straight lines."""
        before, after, share = self.lanes.legs_at(pair, time_s)
        rows = self.rows[:, columns]
        first = rows[before]
        first += (rows[after] - first) * share[:, :, None]
        # the last row of a pair begins no leg
        heard = self.heard[np.where(share < 1.0, before, after)]
        return first, heard[:, :, 0] & heard[:, :, 1]


def paths_of(fixes: Fixes, pairs: IntArray, rows: IntArray, /, *, legs: Legs) -> Paths:
    """Follow both ships of each pair along their reports.

    Parameters
    ----------
    fixes : the reports
    pairs, rows : of `tracker.geo.kernels.pairing.pair_windows`
    """
    first, stop = np.concatenate([pairs[:, 1], pairs[:, 3]]), np.concatenate([pairs[:, 2], pairs[:, 4]])
    sizes = stop - first
    starts = np.append(0, np.cumsum(sizes))
    own = fixes.take(np.arange(starts[-1]) + np.repeat(first - starts[:-1], sizes))
    time_ms, xyz = own.time_ms, ecef_m(own.lon, own.lat)
    leg_ms, ways = np.append(np.diff(time_ms), 0), [np.append(np.diff(axis), 0.0) for axis in xyz]
    straight = _are_straight(np.maximum(leg_ms / 1000.0, 1e-3), ways, legs)
    pair_starts = np.append(pairs[:, 5], len(rows))
    counts = np.diff(pair_starts)
    out, heard = np.empty((len(rows), 8)), np.empty((len(rows), 2), np.bool_)
    nearest_ms, farther_ms = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
    places = []
    for n, column in enumerate((PLACE_1, PLACE_2)):
        side = slice(n * len(pairs), (n + 1) * len(pairs))
        at = rows[:, 1 + n] + np.repeat(starts[:-1][side] - first[side], counts)
        since_ms, until_ms = rows[:, 0] - time_ms[at], time_ms[at + 1] - rows[:, 0]
        share = since_ms / np.maximum(leg_ms[at], 1)
        place = onto_surface_m(*(axis[at] + way[at] * share for axis, way in zip(xyz, ways, strict=True)))
        places.append(place)
        for k, axis in enumerate(place):
            out[:, column + k] = axis
        heard[:, n] = straight[at]
        # at a report of hers none is far
        away = (since_ms > 0) & (until_ms > 0)
        nearest_ms = np.maximum(nearest_ms, np.minimum(since_ms, until_ms) * away)
        farther_ms = np.maximum(farther_ms, np.maximum(since_ms, until_ms) * away)
    out[:, EAST], out[:, NORTH] = vector_m(*places)
    lanes = Lanes(rows[:, 0] / 1000.0, pair_starts)
    return Paths(lanes, out, heard, nearest_ms / 1000.0, farther_ms / 1000.0, own, Lanes(time_ms / 1000.0, starts))


def _are_straight(leg_s: FloatArray, ways: list[FloatArray], legs: Legs) -> BoolArray:
    """Short legs, and longer ones that the ship made slowly."""
    # the arc over such a way is longer than its chord by less than a part in ten thousand
    way_m = np.sqrt(sum(way * way for way in ways))
    return (leg_s <= legs.bridge_s) | ((leg_s <= legs.slow_bridge_s) & (way_m <= legs.slow_m_s * leg_s))
