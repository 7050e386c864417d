"""Which hull of one MMSI sent each report, and which reports are the same one heard again: two loops over bare arrays."""

import math
from typing import Any

import numpy as np

from tracker.geo.kernels.compiled import LONGEST_METRES_E7, distance2_m2, wrap_e7
from tracker.geo.kernels.jit import inner, kernel, whole

REPEATED = -2
"""Label of a report that another one repeats."""
MOST_LIVE = 24
"""Hulls followed at a time: beyond that the one with least to it goes, so that noise stays linear."""
LAST, NUMBER, FIXES = range(3)
UNKNOWN_KN = 10.0
"""Speed of a ship that does not say it, as far as slips of clocks go."""


@inner
def apart_m(x0: int, y0: int, x1: int, y1: int) -> float:
    """Metres between two places, never too short by more than 0.01 %; cheap for places that are the same."""
    if x0 == x1 and y0 == y1:
        return 0.0
    metres: float = math.sqrt(distance2_m2(x0, y0, x1, y1))
    return metres


@inner
def mark_repeats(
    time_ms: Any,
    x: Any,
    y: Any,
    sog_kn: Any,
    cog_deg: Any,
    rank: Any,
    label: Any,
    begin: int,
    end: int,
    repeats: Any,
) -> None:
    """Label `REPEATED` those of the reports begin..end of a track that repeat another.

    Two kinds: a report of the same second (within `same_ms`) and place, as several files or stations give it, of which
    that of higher `rank` stays (`rank` under 0: a coarse place, compared with `coarse_m`); and one that says the same
    place, speed and course again later although the ship, by its own speed, has moved on by more than `echo_m`.
    """
    same_ms, same_m, coarse_m, echo_ms, echo_m, echo_kn = repeats
    for i in range(begin + 1, end):
        j = i - 1
        # of a slow ship only reports of the same second can be repeats
        back_ms = echo_ms if sog_kn[i] >= echo_kn else min(same_ms, echo_ms)
        while j >= begin and time_ms[i] - time_ms[j] <= back_ms:
            if label[j] != REPEATED:
                elapsed = time_ms[i] - time_ms[j]
                near = abs(wrap_e7(whole(x[i]) - x[j])) + abs(whole(y[i]) - y[j])
                is_same = sog_kn[i] == sog_kn[j] and cog_deg[i] == cog_deg[j] and near <= 120 and sog_kn[i] >= echo_kn
                if elapsed <= same_ms or (is_same and sog_kn[i] * 0.514444 * elapsed / 1000.0 > echo_m):
                    limit = coarse_m if rank[i] < 0 or rank[j] < 0 else same_m
                    if (
                        near * LONGEST_METRES_E7 <= 4.0 * limit
                        and apart_m(whole(x[i]), whole(y[i]), whole(x[j]), whole(y[j])) <= limit
                    ):
                        if elapsed <= same_ms and rank[i] > rank[j]:
                            label[j] = REPEATED
                            j -= 1
                            continue
                        label[i] = REPEATED
                        break
            j -= 1


@kernel
def label_hulls(
    time_ms: Any,
    x: Any,
    y: Any,
    sog_kn: Any,
    label: Any,
    noise_m: float,
    slip_m_kn: float,
    burst_ms: float,
    burst_m_ms: float,
    steady_m_ms: float,
    typical_m_ms: float,
) -> int:
    """Give each report that is not `REPEATED` to the hull, nearest in space and time, from which it can have come.

    Returns the number of hulls; labels count from 0 in order of first report. A hull's reach grows at `burst_m_ms`
    for `burst_ms` and at `steady_m_ms` after that, on top of `noise_m` and of what she makes good by her own word while
    a clock slips (`slip_m_kn`, metres for each knot).
    """
    # last report, number and reports of each hull that is followed
    own = np.empty((MOST_LIVE, 3), np.int64)
    live = 0
    hulls = 0
    for i in range(time_ms.shape[0]):
        if label[i] == REPEATED:
            continue
        best = -1
        best_rank = 1e30
        for h in range(live):
            j = own[h, LAST]
            elapsed = float(time_ms[i] - time_ms[j])
            away = elapsed * typical_m_ms
            if away >= best_rank:
                continue
            metres = apart_m(whole(x[j]), whole(y[j]), whole(x[i]), whole(y[i]))
            reach = noise_m + burst_m_ms * min(elapsed, burst_ms) + steady_m_ms * max(elapsed - burst_ms, 0.0)
            said = max(np.float64(sog_kn[i]), np.float64(sog_kn[j]))
            reach += slip_m_kn * (UNKNOWN_KN if math.isnan(said) else said)
            if metres <= reach and metres + away < best_rank:
                best = h
                best_rank = metres + away
        if best < 0:
            if live < MOST_LIVE:
                best = live
                live += 1
            else:
                best = 0
                for h in range(1, live):
                    is_track, was_track = own[h, FIXES] >= 3, own[best, FIXES] >= 3
                    is_older = time_ms[own[h, LAST]] < time_ms[own[best, LAST]]
                    if is_track < was_track or (is_track == was_track and is_older):
                        best = h
            own[best, NUMBER] = hulls
            own[best, FIXES] = 0
            hulls += 1
        own[best, LAST] = i
        own[best, FIXES] += 1
        label[i] = own[best, NUMBER]
    return hulls
