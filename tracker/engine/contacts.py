"""Pairs that stay near each other, found at a few steps and followed to both ends.

The stride search is exact. A contact of n near steps with never more than m missed between them cannot jump over
m + 1 adjacent steps, and has too few steps to lie between two such groups that begin n + m apart: so it is near at
one of them. Pairs are searched at those anchor steps only; the rest of a contact is read off the two rows.
"""

from typing import Any

from numba import njit

from tracker.engine.records import SCATTER, UNKNOWN
from tracker.geo.kernels.compiled import FULL_TURN_E7, HALF_TURN_E7, distance2_m2, wrap_e7


@njit(cache=True, nogil=True)
def gather(ring: Any, rows: Any, used: int, steps: Any, who: Any, xs: Any, ys: Any, counts: Any) -> None:
    """Copy the known places at some steps into one list each: `who`, `xs` and `ys` are (steps, rows)."""
    mask = ring.shape[1] - 1
    for r in range(used):
        if rows[r].mmsi == 0:
            continue
        for j in range(steps.shape[0]):
            k = steps[j]
            if k > rows[r].last:
                break
            y = ring[r, k & mask, 1]
            if y != UNKNOWN:
                n = counts[j]
                who[j, n] = r
                xs[j, n] = ring[r, k & mask, 0]
                ys[j, n] = y
                counts[j] = n + 1


@njit(cache=True, nogil=True)
def find_pairs(who: Any, xs: Any, ys: Any, rows: Any, cells: Any, heads: Any, chain: Any, keys: Any, pairs: Any) -> int:
    """Pairs of rows within the radius at one step; returns their number, also when `pairs` holds fewer.

    Each place is looked up among the ones before it and then entered: every pair once.
    """
    heads[:] = -1
    mask = heads.shape[0] - 1
    found = 0
    for i in range(who.shape[0]):
        x = int(xs[i])
        y = int(ys[i])
        row = (y + HALF_TURN_E7 // 2) // cells.height_e7
        reach_x = cells.reach_x_e7[row]
        south = max((y - cells.reach_y_e7 + HALF_TURN_E7 // 2) // cells.height_e7, 0)
        north = min((y + cells.reach_y_e7 + HALF_TURN_E7 // 2) // cells.height_e7, cells.columns.shape[0] - 1)
        for band in range(south, north + 1):
            columns = cells.columns[band]
            west = (x - reach_x + HALF_TURN_E7) * columns // FULL_TURN_E7
            east = (x + reach_x + HALF_TURN_E7) * columns // FULL_TURN_E7
            if east - west + 1 >= columns:
                west = 0
                east = columns - 1
            for column in range(west, east + 1):
                if column < 0:
                    key = (band << 32) | (column + columns)
                elif column >= columns:
                    key = (band << 32) | (column - columns)
                else:
                    key = (band << 32) | column
                j = heads[((key * SCATTER) >> 24) & mask]
                while j >= 0:
                    if (
                        keys[j] == key
                        and abs(ys[j] - y) <= cells.reach_y_e7
                        and abs(wrap_e7(xs[j] - x)) <= reach_x
                        and rows[who[j]].mmsi != rows[who[i]].mmsi
                        and distance2_m2(x, y, int(xs[j]), int(ys[j])) <= cells.radius2_m2
                    ):
                        if found < pairs.shape[0]:
                            pairs[found, 0] = who[j]
                            pairs[found, 1] = who[i]
                        found += 1
                    j = chain[j]
        column = (x + HALF_TURN_E7) * cells.columns[row] // FULL_TURN_E7
        keys[i] = (row << 32) | column
        slot = ((keys[i] * SCATTER) >> 24) & mask
        chain[i] = heads[slot]
        heads[slot] = i
    return found


@njit(cache=True, nogil=True)
def distance2_at(ring: Any, rows: Any, a: int, b: int, k: int) -> float:
    """Squared distance of two rows at a step, m2; infinite where either place is unknown."""
    if k > rows[a].last or k > rows[b].last:
        return 1e30
    i = k & (ring.shape[1] - 1)
    if ring[a, i, 1] == UNKNOWN or ring[b, i, 1] == UNKNOWN:
        return 1e30
    distance2: float = distance2_m2(int(ring[a, i, 0]), int(ring[a, i, 1]), int(ring[b, i, 0]), int(ring[b, i, 1]))
    return distance2


@njit(cache=True, nogil=True)
def follow(ring: Any, rows: Any, run: Any, first: int, last: int, missed: int, radius2: float) -> bool:
    """Follow a run over the steps first..last; whether it may go on after them."""
    for k in range(first, last + 1):
        if k - run.last > missed + 1:
            return False
        distance2 = distance2_at(ring, rows, run.row_1, run.row_2, k)
        if distance2 <= radius2:
            run.last = k
            run.steps += 1
            run.distance2 = min(run.distance2, distance2)
    return bool(last - run.last <= missed)


@njit(cache=True, nogil=True)
def follow_runs(
    ring: Any, rows: Any, runs: Any, n_runs: int, first: int, last: int, missed: int, radius2: float, done: Any
) -> tuple[int, int]:
    """Follow all open runs; keeps the open ones in front and copies the ended ones; returns both numbers."""
    still = 0
    ended = 0
    for i in range(n_runs):
        if follow(ring, rows, runs[i], first, last, missed, radius2):
            if still != i:
                runs[still] = runs[i]
            still += 1
        else:
            done[ended] = runs[i]
            ended += 1
    return still, ended


@njit(cache=True, nogil=True)
def is_anchor(k: int, stride: int, missed: int, begin: int, end: int) -> bool:
    """Whether pairs are searched at a step of the part `begin`..`end` (not inclusive)."""
    return bool(k % stride <= missed or k <= begin + missed or k >= end - 1 - missed)


@njit(cache=True, nogil=True)
def start_runs(
    ring: Any,
    rows: Any,
    pairs: Any,
    step: int,
    last: int,
    stride: int,
    missed: int,
    radius2: float,
    begin: int,
    end: int,
    runs: Any,
    n_runs: int,
    done: Any,
) -> tuple[int, int]:
    """Open a run for each pair near at an anchor step that no earlier anchor step has shown.

    Steps before `begin` and from `end` on belong to other parts of the data: a run is cut there. The first and the
    last few steps of a part are anchors too, so that no run that goes on beyond is overlooked.

    Returns the numbers of open runs and of those that had already ended by the step `last`.
    """
    ended = 0
    for p in range(pairs.shape[0]):
        a, b = pairs[p, 0], pairs[p, 1]
        start = step
        k = step - 1
        is_known = False
        while start - k <= missed + 1 and k >= begin:
            if distance2_at(ring, rows, a, b, k) <= radius2:
                if is_anchor(k, stride, missed, begin, end):
                    is_known = True
                    break
                start = k
            k -= 1
        if is_known:
            continue
        run = runs[n_runs]
        if rows[a].mmsi < rows[b].mmsi:
            run.row_1 = a
            run.row_2 = b
        else:
            run.row_1 = b
            run.row_2 = a
        run.mmsi_1 = rows[run.row_1].mmsi
        run.mmsi_2 = rows[run.row_2].mmsi
        run.start = start
        run.last = start
        run.steps = 1
        run.distance2 = distance2_at(ring, rows, a, b, start)
        if follow(ring, rows, run, start + 1, last, missed, radius2):
            n_runs += 1
        else:
            done[ended] = run
            ended += 1
    return n_runs, ended
