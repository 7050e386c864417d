"""From reports to grid steps: which hull a report belongs to, and where that hull was at each step since.

One MMSI may be several hulls (a cloned or default number, a clock-shifted copy). A report goes to the hull from
which it can have come, the one nearest in space and time; if it can have come from none, it opens another. A
single bad report therefore opens a hull that is never heard again and leaves the track alone.
"""

from typing import Any

import numpy as np
from numba import njit

from tracker.engine.records import (
    BRIDGED,
    DUPLICATE,
    EDGE_MS,
    FILLED_STEP,
    FREE_ROWS,
    HULLS,
    INVALID,
    JUMP,
    LATE,
    NOW_MS,
    NOW_STEP,
    RECYCLED,
    SCATTER,
    SILENCES,
    TOUCHED,
    UNKNOWN,
    USED,
    USED_ROWS,
    Limits,
)
from tracker.geo.kernels.compiled import (
    HALF_TURN_E7,
    LONGEST_METRES_E7,
    chord_place_e7,
    distance2_m2,
    wrap_e7,
)

LONG_LEG_E7 = 2_000_000
"""A leg longer than this (22 km of latitude) follows the straight line: 20 kn for an hour is 54 m off at 60 N."""
BLOCK_ROWS = 128
"""Reports whose records are loaded ahead: at 40,000 ships the pass waits for memory, not for arithmetic."""
POLAR_E7 = 800_000_000
TYPICAL_M_MS = 5.0e-3
"""10 kn: how fast a hull that was not heard loses its claim to a report."""


@njit(cache=True, nogil=True)
def slot_of(table: Any, mmsi: int) -> int:
    """Where an MMSI stands in the open-addressing table of (mmsi, first hull), or the free place for it."""
    mask = table.shape[0] - 1
    place: int = ((mmsi * SCATTER) >> 24) & mask
    while table[place, 0] != mmsi and table[place, 0] != 0:
        place = (place + 1) & mask
    return place


@njit(cache=True, nogil=True)
def rehash(old: Any, new: Any) -> None:
    """Move all entries to a larger table of zeros."""
    for i in range(old.shape[0]):
        if old[i, 0] != 0:
            place = slot_of(new, old[i, 0])
            new[place, 0] = old[i, 0]
            new[place, 1] = old[i, 1]


@njit(cache=True, nogil=True)
def is_within(x0: int, y0: int, x1: int, y1: int, limit_m: float) -> bool:
    """Whether two places are at most `limit_m` apart; without trigonometry where a bound decides."""
    reach = (abs(wrap_e7(x1 - x0)) + abs(y1 - y0)) * LONGEST_METRES_E7
    return bool(reach <= limit_m or distance2_m2(x0, y0, x1, y1) <= limit_m * limit_m)


@njit(cache=True, nogil=True)
def choose_hull(hulls: Any, first: int, t: int, x: int, y: int, limits: Limits) -> int:
    """The hull of an MMSI from which a report can have come, nearest in space and time; -1 if from none."""
    if first >= 0 and hulls[first].next < 0:
        reach_m = limits.noise_m + limits.max_speed_m_ms * (t - hulls[first].time_ms)
        return first if is_within(hulls[first].x, hulls[first].y, x, y, reach_m) else -1
    best = -1
    best_rank = 1e30
    h = first
    while h >= 0:
        elapsed = t - hulls[h].time_ms
        rank = elapsed * TYPICAL_M_MS
        if rank < best_rank:
            x0 = hulls[h].x
            y0 = hulls[h].y
            rank += (abs(wrap_e7(x - x0)) + abs(y - y0)) * LONGEST_METRES_E7
            reach_m = limits.noise_m + limits.max_speed_m_ms * elapsed
            if rank < best_rank and is_within(x0, y0, x, y, reach_m):
                best = h
                best_rank = rank
        h = int(hulls[h].next)
    return best


@njit(cache=True, nogil=True)
def open_hull(hulls: Any, rows: Any, first: int, counters: Any, limits: Limits) -> int:
    """A record for one more hull of an MMSI: a new one, or that of the hull which is missed least."""
    siblings = 0
    victim = -1
    h = first
    while h >= 0:
        siblings += 1
        # a hull heard once is worth less than one with a track; then the one longest unheard goes
        if victim < 0 or (hulls[h].fixes < 2, -hulls[h].time_ms) > (hulls[victim].fixes < 2, -hulls[victim].time_ms):
            victim = h
        h = hulls[h].next
    if siblings < limits.max_hulls:
        h = int(counters[HULLS])
        counters[HULLS] += 1
        hulls[h].next = -1
        if first >= 0:
            hulls[h].next = hulls[first].next
            hulls[first].next = h
        return h
    counters[RECYCLED] += 1
    if hulls[victim].row >= 0:
        rows[hulls[victim].row].hull = -1
    return victim


@njit(cache=True, nogil=True)
def fill_leg(ring: Any, row: Any, r: int, hull: Any, t: int, x: int, y: int, low: int, high: int, step_ms: int) -> None:
    """Write the places of a hull at steps low..high, all between its last report and the new one."""
    mask = ring.shape[1] - 1
    # steps that no leg covered since the last one written; the ring holds older places there
    for k in range(max(row.last + 1, low - mask), low):
        ring[r, k & mask, 1] = UNKNOWN
    x0 = hull.x
    y0 = hull.y
    dx = wrap_e7(x - x0)
    dy = y - y0
    per_ms = 1.0 / (t - hull.time_ms)
    is_straight = abs(dx) + abs(dy) > LONG_LEG_E7 or abs(y0) > POLAR_E7 or abs(y) > POLAR_E7
    for k in range(low, high + 1):
        share = (k * step_ms - hull.time_ms) * per_ms
        if is_straight:
            along, y_k = chord_place_e7(dx, y0, y, share)
        else:
            along = round(dx * share)
            y_k = y0 + round(dy * share)
        ring[r, k & mask, 0] = wrap_e7(x0 + along)
        ring[r, k & mask, 1] = y_k
    row.last = high


@njit(cache=True, nogil=True)
def touch_ahead(
    mmsi: Any, first: int, step: int, table: Any, hulls: Any, ring: Any, rows: Any, heads: Any
) -> tuple[int, int]:
    """Load what the next reports will need, many at a time instead of one waiting for another.

    Returns the end of the block and a number that nobody needs, so that the loads are not optimised away.
    """
    end = min(first + heads.shape[0], mmsi.shape[0])
    column = step & (ring.shape[1] - 1)
    seen = 0
    for i in range(first, end):
        place = slot_of(table, mmsi[i])
        heads[i - first] = table[place, 1] if table[place, 0] == mmsi[i] else -1
    for i in range(end - first):
        if heads[i] >= 0:
            heads[i] = hulls[heads[i]].row
    for i in range(end - first):
        if heads[i] >= 0:
            seen += rows[heads[i]].last + ring[heads[i], column, 1]
    return end, seen


@njit(cache=True, nogil=True)
def consume(
    first: int,
    horizon: int,
    time_ms: Any,
    mmsi: Any,
    lon_e7: Any,
    lat_e7: Any,
    sog_kn: Any,
    table: Any,
    hulls: Any,
    ring: Any,
    rows: Any,
    free: Any,
    silences: Any,
    counters: Any,
    limits: Limits,
) -> int:
    """Take reports from `first` on; returns the first one not taken.

    Stops before a report beyond the step `horizon`, or when hulls, rows or silences have no room for one more.
    """
    step_ms = limits.step_ms
    ahead = first
    heads = np.empty(BLOCK_ROWS, np.int32)
    for i in range(first, time_ms.shape[0]):
        if i == ahead:
            ahead, counters[TOUCHED] = touch_ahead(mmsi, i, counters[NOW_STEP], table, hulls, ring, rows, heads)
        t = time_ms[i]
        if t < counters[NOW_MS]:
            counters[LATE] += 1
            continue
        m = mmsi[i]
        if m <= 0 or abs(int(lon_e7[i])) > HALF_TURN_E7 or abs(int(lat_e7[i])) > HALF_TURN_E7 // 2:
            counters[INVALID] += 1
            continue
        x = wrap_e7(int(lon_e7[i]))
        y = int(lat_e7[i])
        step = counters[NOW_STEP]
        if t >= counters[EDGE_MS]:
            step = t // step_ms
            if step > horizon:
                return i
        if counters[HULLS] == hulls.shape[0] or counters[FREE_ROWS] == 0 or counters[SILENCES] == silences.shape[0]:
            return i
        counters[NOW_MS] = t
        if step != counters[NOW_STEP]:
            counters[NOW_STEP] = step
            counters[EDGE_MS] = (step + 1) * step_ms

        place = slot_of(table, m)
        head = table[place, 1] if table[place, 0] == m else -1
        h = choose_hull(hulls, head, t, x, y, limits)
        if h < 0:
            if head >= 0:
                counters[JUMP] += 1
            h = open_hull(hulls, rows, head, counters, limits)
            if head < 0:
                table[place, 0] = m
                table[place, 1] = h
            hulls[h].mmsi = m
            hulls[h].row = -1
            hulls[h].fixes = 0
            hulls[h].born_ms = t
            hulls[h].born_x = x
            hulls[h].born_y = y
        else:
            hull = hulls[h]
            t0 = hull.time_ms
            elapsed = t - t0
            if elapsed == 0:
                counters[DUPLICATE] += 1
                continue
            if elapsed >= limits.silence_ms and (hull.fixes >= 2 or (h == head and hull.next < 0)):
                s = counters[SILENCES]
                silences[s].mmsi = m
                silences[s].start_ms = t0
                silences[s].end_ms = t
                silences[s].x_1 = hull.x
                silences[s].y_1 = hull.y
                silences[s].x_2 = x
                silences[s].y_2 = y
                silences[s].sog_kn_1 = hull.sog_kn
                silences[s].sog_kn_2 = sog_kn[i]
                counters[SILENCES] = s + 1
            low = hull.step
            if t0 != low * step_ms:
                low += 1
            if low <= step:
                is_bridged = elapsed <= limits.bridge_ms
                if not is_bridged and elapsed <= limits.slow_bridge_ms:
                    is_bridged = is_within(hull.x, hull.y, x, y, limits.slow_bridge_m_ms * elapsed)
                    counters[BRIDGED] += is_bridged
                if is_bridged:
                    if hull.row < 0:
                        counters[FREE_ROWS] -= 1
                        r = free[counters[FREE_ROWS]]
                        hull.row = r
                        rows[r].last = low - 1
                        rows[r].mmsi = m
                        rows[r].hull = h
                        rows[r].born_ms = hull.born_ms
                        rows[r].born_x = hull.born_x
                        rows[r].born_y = hull.born_y
                        rows[r].spell_steps = 0
                        ring[r, :, 1] = UNKNOWN
                        counters[USED_ROWS] = max(counters[USED_ROWS], r + 1)
                    fill_leg(ring, rows[hull.row], hull.row, hull, t, x, y, low, step, step_ms)
                    counters[FILLED_STEP] = max(counters[FILLED_STEP], step)
        hulls[h].time_ms = t
        hulls[h].step = step
        hulls[h].x = x
        hulls[h].y = y
        hulls[h].sog_kn = sog_kn[i]
        hulls[h].fixes = min(hulls[h].fixes + 1, 2)
        counters[USED] += 1
    return len(time_ms)
