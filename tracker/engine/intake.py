"""From reports to grid steps: which hull a report belongs to, and where that hull was at each step since.

One MMSI may be several hulls (a cloned or default number, a clock-shifted copy). A report goes to the hull from
which it can have come, the one nearest in space and time; if it can have come from none, it opens another. A
single bad report therefore opens a hull that is never heard again and leaves the track alone.
"""

from typing import Any

import numpy as np
from numba import njit

from tracker.engine.mmsi_table import look_ahead, slot_of
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
    SILENCES,
    TOUCHED,
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
from tracker.geo.kernels.jit import inner, kernel, whole

LONG_LEG_E7 = 2_000_000
"""A leg longer than this (22 km of latitude) follows the straight line: 20 kn for an hour is 54 m off at 60 N."""
BLOCK_ROWS = 128
"""Reports whose records are loaded ahead: at 40,000 ships the pass waits for memory, not for arithmetic."""
POLAR_E7 = 800_000_000
TYPICAL_M_MS = 5.0e-3
"""10 kn: how fast a hull that was not heard loses its claim to a report."""


@inner
def is_within(x0: int, y0: int, x1: int, y1: int, limit_m: float) -> bool:
    """Whether two places are at most `limit_m` apart; without trigonometry where a bound decides."""
    reach = (abs(wrap_e7(x1 - x0)) + abs(y1 - y0)) * LONGEST_METRES_E7
    return bool(reach <= limit_m or distance2_m2(whole(x0), whole(y0), x1, y1) <= limit_m * limit_m)


@inner
def goes_on(hull: Any, t: int, x: int, y: int, limits: Limits) -> bool:
    """Whether a bound alone shows that a report can have come from the only hull of its MMSI: nearly always."""
    reach_m = limits.noise_m + limits.max_speed_m_ms * (t - hull.time_ms)
    rough_m = (abs(wrap_e7(x - hull.x)) + abs(y - hull.y)) * LONGEST_METRES_E7
    return bool(hull.next < 0 and rough_m <= reach_m)


@inner
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
        h = whole(hulls[h].next)
    return best


@inner
def open_hull(hulls: Any, rows: Any, first: int, counters: Any, limits: Limits) -> int:
    """A record for one more hull of an MMSI: a new one, or that of the hull which is missed least."""
    siblings = 0
    victim = -1
    h = first
    while h >= 0:
        siblings += 1
        # a hull heard once is worth less than one with a track; then the one longest unheard goes
        is_track, was_track = hulls[h].fixes >= 2, hulls[victim].fixes >= 2
        is_older = hulls[h].time_ms < hulls[victim].time_ms
        if victim < 0 or is_track < was_track or (is_track == was_track and is_older):
            victim = h
        h = hulls[h].next
    if siblings < limits.max_hulls:
        fresh: int = counters[HULLS]
        counters[HULLS] += 1
        hulls[fresh].next = -1
        if first >= 0:
            hulls[fresh].next = hulls[first].next
            hulls[first].next = fresh
        return fresh
    counters[RECYCLED] += 1
    if hulls[victim].row >= 0:
        rows[hulls[victim].row].hull = -1
        rows[hulls[victim].row].last = hulls[victim].step
    return victim


@inner
def note_silence(silence: Any, hull: Any, t: int, x: int, y: int, sog_kn: float) -> None:
    """Write the silence of a hull that ends with a report."""
    silence.mmsi = hull.mmsi
    silence.start_ms = hull.time_ms
    silence.end_ms = t
    silence.x_1 = hull.x
    silence.y_1 = hull.y
    silence.x_2 = x
    silence.y_2 = y
    silence.sog_kn_1 = hull.sog_kn
    silence.sog_kn_2 = sog_kn


@inner
def open_row(row: Any, hull: Any, h: int) -> None:
    """Give a free row of the ring to a hull."""
    row.mmsi = hull.mmsi
    row.hull = h
    row.born_ms = hull.born_ms
    row.born_x = hull.born_x
    row.born_y = hull.born_y
    row.spell_steps = 0


@njit(nogil=True, forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)
def fill_leg(ring: Any, hull: Any, t: int, x: int, y: int, low: int, high: int, step_ms: int) -> None:
    """Write the places of a hull at steps low..high, all between its last report and the new one."""
    mask = ring.shape[0] - 1
    x0 = whole(hull.x)
    y0 = whole(hull.y)
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
        ring[k & mask, hull.row, 0] = wrap_e7(x0 + along)
        ring[k & mask, hull.row, 1] = y_k


@kernel
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
    now, step, edge, filled = counters[NOW_MS], counters[NOW_STEP], counters[EDGE_MS], counters[FILLED_STEP]
    used = late = duplicates = invalid = 0
    taken: int = time_ms.shape[0]
    heads = np.empty(BLOCK_ROWS, np.int32)
    block = ahead = first
    for i in range(first, time_ms.shape[0]):
        if i == ahead:
            block = i
            ahead, counters[TOUCHED] = look_ahead(mmsi, i, table, hulls, heads)
        t = time_ms[i]
        if t < now:
            late += 1
            continue
        m = mmsi[i]
        if m <= 0 or abs(whole(lon_e7[i])) > HALF_TURN_E7 or abs(whole(lat_e7[i])) > HALF_TURN_E7 // 2:
            invalid += 1
            continue
        if t >= edge:
            if t // step_ms > horizon:
                taken = i
                break
            step = t // step_ms
            edge = (step + 1) * step_ms
        now = t
        x = wrap_e7(whole(lon_e7[i]))
        y = whole(lat_e7[i])
        head = heads[i - block]
        if head < 0:
            place = slot_of(table, m)
            head = table[place, 1] if table[place, 0] == m else -1
        # the call with all that it is given costs as much as all else
        is_plain = head >= 0 and goes_on(hulls[head], t, x, y, limits)
        h = whole(head) if is_plain else choose_hull(hulls, head, t, x, y, limits)
        if h < 0:
            if counters[HULLS] == hulls.shape[0]:
                taken = i
                break
            h = open_hull(hulls, rows, head, counters, limits)
            if head < 0:
                place = slot_of(table, m)
                table[place, 0] = m
                table[place, 1] = h
            else:
                counters[JUMP] += 1
            hull = hulls[h]
            hull.mmsi = m
            hull.row = -1
            hull.fixes = 0
            hull.born_ms = t
            hull.born_x = x
            hull.born_y = y
        else:
            hull = hulls[h]
            elapsed = t - hull.time_ms
            if elapsed == 0:
                duplicates += 1
                continue
            low = hull.step + (hull.time_ms != hull.step * step_ms)
            is_silence = elapsed >= limits.silence_ms and (hull.fixes >= 2 or (h == head and hull.next < 0))
            if low <= step or is_silence:
                if counters[FREE_ROWS] == 0 or counters[SILENCES] == silences.shape[0]:
                    taken = i
                    break
                if is_silence:
                    note_silence(silences[counters[SILENCES]], hull, t, x, y, sog_kn[i])
                    counters[SILENCES] += 1
                is_bridged = elapsed <= limits.bridge_ms
                if not is_bridged and elapsed <= limits.slow_bridge_ms:
                    is_bridged = is_within(hull.x, hull.y, x, y, limits.slow_bridge_m_ms * elapsed)
                    counters[BRIDGED] += is_bridged
                if is_bridged and low <= step:
                    if hull.row < 0:
                        counters[FREE_ROWS] -= 1
                        hull.row = free[counters[FREE_ROWS]]
                        open_row(rows[hull.row], hull, h)
                        counters[USED_ROWS] = max(counters[USED_ROWS], whole(hull.row) + 1)
                    fill_leg(ring, hull, t, x, y, low, step, step_ms)
                    filled = max(filled, step)
        hull.time_ms = t
        hull.step = step
        hull.x = x
        hull.y = y
        hull.sog_kn = sog_kn[i]
        hull.fixes = min(whole(hull.fixes) + 1, 2)
        used += 1
    counters[NOW_MS], counters[NOW_STEP], counters[EDGE_MS], counters[FILLED_STEP] = now, step, edge, filled
    counters[USED] += used
    counters[LATE] += late
    counters[DUPLICATE] += duplicates
    counters[INVALID] += invalid
    return taken
