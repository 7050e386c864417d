"""Pairs that stay near each other, found at a few steps and followed to both ends.

The stride search is exact. A contact of n near steps with never more than m missed between them cannot jump over
m + 1 adjacent steps, and has too few steps to lie between two such groups that begin n + m apart: so it is near at
one of them. Pairs are searched at those anchor steps only; the rest of a contact is read off the two rows.
"""

import math
from typing import Any

from tracker.engine.records import SCATTER, UNKNOWN
from tracker.geo.kernels.compiled import HALF_TURN_E7, distance2_m2, wrap_e7
from tracker.geo.kernels.jit import inner, kernel, whole


@inner
def belt_of(y: int, cells: Any) -> Any:
    """The belt of a latitude."""
    return cells.belts[whole((y + HALF_TURN_E7 // 2) * cells.rows_per_e7) >> cells.belt_shift]


@inner
def is_near(x0: int, y0: int, x1: int, y1: int, belt: Any, cells: Any) -> bool:
    """Whether two places are within the radius, the first in the belt; the bounds of the belt decide nearly all."""
    dx, dy = abs(wrap_e7(x1 - x0)), abs(y1 - y0)
    if dy > cells.reach_y_e7 or dx > belt.reach_x_e7:
        return False
    east, north = dx * belt.east_most_m, dy * belt.north_most_m
    if east * east + north * north <= cells.radius2_m2:
        return True
    east, north = dx * belt.east_least_m, dy * belt.north_least_m
    if east * east + north * north > cells.radius2_m2:
        return False
    return bool(distance2_m2(x0, y0, x1, y1) <= cells.radius2_m2)


@inner
def nearest2(x0: int, y0: int, x1: int, y1: int, belt: Any, nearest: float) -> float:
    """The lesser of a squared distance and that of two near places; no trigonometry where it cannot be less."""
    dx, dy = wrap_e7(x1 - x0), y1 - y0
    east, north = dx * belt.east_least_m, dy * belt.north_least_m
    if east * east + north * north >= nearest:
        return nearest
    lesser: float = min(nearest, distance2_m2(x0, y0, x1, y1))
    return lesser


@kernel
def find_pairs(
    places: Any,
    mmsi: Any,
    cells: Any,
    runs: Any,
    carried: Any,
    after: Any,
    heads: Any,
    chain: Any,
    keys: Any,
    seen: Any,
    pairs: Any,
) -> tuple[int, int]:
    """Pairs of rows within the radius at one step that have no run which `follow_runs` has carried over it.

    Each place is looked up among the ones before it and then entered: every pair once. In a port nearly all pairs
    were near at the step before: where a row has as many of them as runs, nothing is new.

    Returns how many pairs are near, and how many of them are new, also when `pairs` holds fewer.
    """
    mask = heads.shape[0] - 1
    for slot in range(heads.shape[0]):
        heads[slot] = -1
    found = new = 0
    for i in range(mmsi.shape[0]):
        seen[i] = -1
        if places[i, 1] == UNKNOWN:
            continue
        begin = new
        x = whole(places[i, 0])
        y = whole(places[i, 1])
        up = y + HALF_TURN_E7 // 2
        right = x + HALF_TURN_E7
        own_row = whole(up * cells.rows_per_e7)
        own = cells.belts[own_row >> cells.belt_shift]
        south = whole(max(up - cells.reach_y_e7, 0) * cells.rows_per_e7)
        north = min(whole((up + cells.reach_y_e7) * cells.rows_per_e7), cells.top_row)
        for row in range(south, north + 1):
            belt = cells.belts[row >> cells.belt_shift]
            columns = belt.columns
            west = math.floor((right - own.reach_x_e7) * belt.columns_per_e7)
            east = math.floor((right + own.reach_x_e7) * belt.columns_per_e7)
            if east - west + 1 >= columns:
                west = 0
                east = columns - 1
            for column in range(west, east + 1):
                if column < 0:
                    key = (row << 32) | (column + columns)
                elif column >= columns:
                    key = (row << 32) | (column - columns)
                else:
                    key = (row << 32) | column
                j = heads[((key * SCATTER) >> 24) & mask]
                while j >= 0:
                    if (
                        keys[j] == key
                        and is_near(x, y, whole(places[j, 0]), whole(places[j, 1]), own, cells)
                        and mmsi[j] != mmsi[i]
                    ):
                        if new < pairs.shape[0]:
                            pairs[new, 0] = j
                            pairs[new, 1] = i
                        new += 1
                    j = chain[j]
        keys[i] = (own_row << 32) | whole(right * own.columns_per_e7)
        slot = ((keys[i] * SCATTER) >> 24) & mask
        chain[i] = heads[slot]
        heads[slot] = i
        found += new - begin
        if new - begin == carried[i, 0]:
            new = begin
        elif carried[i, 0] > 0 and new <= pairs.shape[0]:
            k = carried[i, 1]
            while k >= 0:
                seen[min(whole(runs[k].row_1), whole(runs[k].row_2))] = i
                k = after[k]
            end, new = new, begin
            for p in range(begin, end):
                pairs[new, 0] = pairs[p, 0]
                pairs[new, 1] = i
                new += seen[pairs[p, 0]] != i
    return found, new


@kernel
def follow_runs(
    places: Any, runs: Any, n_runs: int, step: int, missed: int, cells: Any, carried: Any, after: Any
) -> None:
    """Carry all runs that are open over one step.

    Of each row, `carried` has how many of the carried runs are with rows before it, and the last of them; `after` has
    the one before each.
    """
    for row in range(carried.shape[0]):
        carried[row, 0] = 0
        carried[row, 1] = -1
    for i in range(n_runs):
        run = runs[i]
        y0, y1 = whole(places[run.row_1, 1]), whole(places[run.row_2, 1])
        # no latitude is less
        if step - run.last > missed + 1 or min(y0, y1) == UNKNOWN:
            continue
        x0, x1 = whole(places[run.row_1, 0]), whole(places[run.row_2, 0])
        belt = belt_of(y0, cells)
        if is_near(x0, y0, x1, y1, belt, cells):
            run.last = step
            run.steps += 1
            run.distance2 = nearest2(x0, y0, x1, y1, belt, run.distance2)
            row = max(whole(run.row_1), whole(run.row_2))
            after[i] = carried[row, 1]
            carried[row, 1] = i
            carried[row, 0] += 1


@inner
def distance2_at(ring: Any, a: int, b: int, k: int) -> float:
    """Squared distance of two rows at a step, m2; infinite where either place is unknown."""
    i = k & (ring.shape[0] - 1)
    y0, y1 = whole(ring[i, a, 1]), whole(ring[i, b, 1])
    if min(y0, y1) == UNKNOWN:
        return 1e30
    distance2: float = distance2_m2(whole(ring[i, a, 0]), y0, whole(ring[i, b, 0]), y1)
    return distance2


@kernel
def open_runs(
    ring: Any, rows: Any, pairs: Any, step: int, missed: int, begin: int, cells: Any, runs: Any, n_runs: int
) -> int:
    """Open a run for each pair that is near at an anchor step and has none.

    A pair that was near at an earlier anchor step, with no more than `missed` steps between, has an open run. A new
    run began at most a few steps ago, which are read back here. Steps before `begin` belong to other parts of the data.

    Returns the number of runs; `runs` has room for one more for each pair.
    """
    places = ring[step & (ring.shape[0] - 1)]
    for p in range(pairs.shape[0]):
        a, b = pairs[p, 0], pairs[p, 1]
        run = runs[n_runs]
        n_runs += 1
        run.row_1, run.row_2 = (a, b) if rows[a].mmsi < rows[b].mmsi else (b, a)
        run.start = run.last = step
        run.steps = 1
        run.distance2 = 1e30
        k = step - 1
        while run.start - k <= missed + 1 and k >= begin:
            distance2 = distance2_at(ring, a, b, k)
            if distance2 <= cells.radius2_m2:
                run.start = k
                run.steps += 1
                run.distance2 = min(run.distance2, distance2)
            k -= 1
        x0, y0, x1, y1 = (
            whole(places[a, 0]),
            whole(places[a, 1]),
            whole(places[b, 0]),
            whole(places[b, 1]),
        )
        run.distance2 = nearest2(x0, y0, x1, y1, belt_of(y0, cells), run.distance2)
    return n_runs


@kernel
def end_runs(runs: Any, n_runs: int, last: int, missed: int, done: Any) -> tuple[int, int]:
    """After the step `last`: keep the open runs in front and copy the ended ones; returns both numbers."""
    still = 0
    ended = 0
    for i in range(n_runs):
        if last - runs[i].last <= missed:
            if still != i:
                runs[still] = runs[i]
            still += 1
        else:
            done[ended] = runs[i]
            ended += 1
    return still, ended
