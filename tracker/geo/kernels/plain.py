"""A loop over tracks, compiled: whether nothing in one can be another hull or a wild fix.

Most tracks are of that kind, and need no exact distances at all. It answers on the safe side: lengths are upper bounds.
"""

import math
from typing import Any

import numpy as np

from tracker.geo.kernels.compiled import LONGEST_METRES_E7, RADIANS_E7, wrap_e7
from tracker.geo.kernels.jit import inner, kernel, whole
from tracker.geo.kernels.segments import REPEATED, mark_repeats
from tracker.units import METRES_PER_SECOND_PER_KNOT

SLACK = 1.01
"""Beyond 1,000 km the exact distance is one of the mean sphere, off by up to 0.6 %."""
BELT_E7 = 1_000_000
"""Degrees of longitude are taken as wide as at the edge of a belt of latitudes, 0.1 degree, that is nearer the equator."""


@inner
def is_plain(
    time_ms: Any,
    x: Any,
    y: Any,
    sog_kn: Any,
    label: Any,
    begin: int,
    end: int,
    reach: Any,
) -> bool:
    """Whether the reports begin..end of a track that are not `REPEATED` are one hull without any wild fix; True is certain.

    `reach` is of `tracker.cleaning.hull_params.HullParams`, in s, m, m/s and knots; times in order.
    """
    noise_m, burst_s, burst_m_s, steady_m_s, detour_m, excess_kn = reach
    # the last reports that count, and the leg that leads to the last
    before, last = -1, -1
    leg_m, seconds = 0.0, 1.0
    # below a leg of this length nothing is asked of it
    short_e7 = 0.5 * min(detour_m, 2.0 * noise_m) / (SLACK * LONGEST_METRES_E7)
    # the widest that a degree of longitude is in a belt of latitudes
    belt, wide = -1, 1.0
    for i in range(begin, end):
        if label[i] == REPEATED:
            continue
        if last >= 0:
            former_m, former_s = leg_m, seconds
            seconds = (time_ms[i] - time_ms[last]) / 1000.0
            dx, dy = abs(wrap_e7(whole(x[i]) - x[last])), abs(whole(y[i]) - y[last])
            if dx + dy < short_e7:
                leg_m = SLACK * LONGEST_METRES_E7 * (dx + dy)
            else:
                foot = max(min(abs(whole(y[i])), abs(whole(y[last]))) - dy, 0) // BELT_E7
                if foot != belt:
                    belt, wide = foot, math.cos(foot * BELT_E7 * RADIANS_E7)
                east = dx * wide
                leg_m = SLACK * LONGEST_METRES_E7 * math.sqrt(east * east + float(dy) * float(dy))
                if leg_m > noise_m + burst_m_s * min(seconds, burst_s) + steady_m_s * max(seconds - burst_s, 0.0):
                    return False
                # the way round by a fix is longer than the direct one by no more than twice the shorter leg
                if before >= 0 and 2.0 * min(former_m, leg_m) >= detour_m:
                    said_kn = 0.0
                    if not (math.isnan(sog_kn[before]) or math.isnan(sog_kn[i])):
                        said_kn = max(np.float64(sog_kn[before]), np.float64(sog_kn[i]))
                    former_kn = former_m / max(former_s, 1.0) / METRES_PER_SECOND_PER_KNOT
                    leg_kn = leg_m / max(seconds, 1.0) / METRES_PER_SECOND_PER_KNOT
                    slower, faster = min(former_kn, leg_kn), max(former_kn, leg_kn)
                    if slower > said_kn + excess_kn or faster > said_kn + 3.0 * excess_kn:
                        return False
        before, last = last, i
    return True


@inner
def rank_reports(x: Any, y: Any, sog_kn: Any, heading_deg: Any, flags: Any, coarse: int, rank: Any) -> None:
    """How much each report says, for `tracker.geo.kernels.segments.mark_repeats`: heading, speed, fine digits."""
    for i in range(x.shape[0]):
        said = 4 * (not math.isnan(heading_deg[i])) + 2 * (not math.isnan(sog_kn[i]))
        said += x[i] % 100 != 0 or y[i] % 100 != 0
        rank[i] = said - 8 if flags[i] & coarse else said


@kernel
def look_over(
    starts: Any, time_ms: Any, x: Any, y: Any, sog_kn: Any, cog_deg: Any, heading_deg: Any, flags: Any, coarse: int,
    repeats: Any, reach: Any, label: Any, rank: Any, plain: Any,
) -> None:  # fmt: skip
    """Of many tracks, the rows that repeat others, and whether the rest of a track is one hull without any wild fix.

    Parameters
    ----------
    starts : track n has the rows starts[n] up to starts[n + 1]
    coarse : the bit of `flags` of a coarse place
    repeats : the limits of `mark_repeats`
    reach : the limits of `is_plain`
    label : of zeros; `REPEATED` where a row repeats another
    rank, plain : filled, by row and by track
    """
    rank_reports(x, y, sog_kn, heading_deg, flags, coarse, rank)
    for n in range(plain.shape[0]):
        mark_repeats(time_ms, x, y, sog_kn, cog_deg, rank, label, starts[n], starts[n + 1], repeats)
        plain[n] = is_plain(time_ms, x, y, sog_kn, label, starts[n], starts[n + 1], reach)
