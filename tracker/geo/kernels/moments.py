"""Moments among the reports of tracks, in compiled loops: where they stand, and whether two tracks share them."""

import math
from typing import Any

import numpy as np

from tracker.geo.kernels.jit import kernel
from tracker.geo.kernels.tracks import first_from


@kernel
def may_share_moments(
    time_ms: Any,
    tracks: Any,
    about_ms: Any,
    most_lag_ms: int,
    probes: int,
    share: float,
    least: int,
    votes: Any,
    may: Any,
) -> None:
    """Of pairs of tracks, whether some lag (to the second) lets enough of one's reports stand at the other's times.

    Parameters
    ----------
    time_ms : reports of many tracks, those of each in order of time
    tracks : (n, 4) the one has the reports a up to b, the other c up to d
    about_ms : (n, 2) the time of the other's reports of which some, evenly over it, are held against the one's
    most_lag_ms, probes, share, least : longest lag; how many reports; which share of them must stand so, and how many
    votes : zeros, three more than whole seconds in twice the longest lag
    may : (n,) filled
    """
    # two sides, as other kernels have: each other kind of array would be compiled for itself
    asked = np.empty((probes, 1), np.int64)
    for n in range(tracks.shape[0]):
        a, b, c, d = tracks[n, 0], tracks[n, 1], tracks[n, 2], tracks[n, 3]
        may[n] = False
        if b <= a or d <= c:
            continue
        begin, stop = first_from(time_ms, c, d, about_ms[n, 0]), first_from(time_ms, c, d, about_ms[n, 1])
        lacking = max(probes - (stop - begin), 0)
        begin, stop = max(begin - lacking // 2 - lacking % 2, c), min(stop + lacking // 2, d)
        way, count = max(stop - 1 - begin, 0), 0
        for k in range(probes):
            # to the nearest row; there is no half-way
            row = min(begin + (2 * k * way + probes - 1) // (2 * (probes - 1)), d - 1)
            if count == 0 or row != asked[count - 1, 0]:
                asked[count, 0] = row
                count += 1
        needed = max(math.ceil(share * count), least)
        for is_counted in range(2):
            row = first_from(time_ms, a, b, time_ms[asked[0, 0]] - most_lag_ms)
            for k in range(count):
                latest = time_ms[asked[k, 0]] + most_lag_ms
                while row < b and time_ms[row] < latest - 2 * most_lag_ms:
                    row += 1
                i = row
                while i < b and time_ms[i] <= latest:
                    second = (latest - time_ms[i]) // 1000 + 1
                    if not is_counted:
                        votes[second] += 1
                    elif votes[second - 1] + votes[second] + votes[second + 1] >= needed:
                        may[n] = True
                    i += 1
        for second in range(votes.shape[0]):
            votes[second] = 0


@kernel
def places_in(time_s: Any, first: Any, stop: Any, asked_s: Any, is_after: bool, found: Any) -> None:
    """Where times would stand in series of times: before those equal to them, or after.

    Parameters
    ----------
    time_s, first, stop : series n is time_s[first[n] : stop[n]], in order
    asked_s : (n, m) in order, of each series
    found : (n, m) filled
    """
    for n in range(asked_s.shape[0]):
        low, end = first[n], stop[n]
        high, asked = end, asked_s[n, 0]
        while low < high:
            middle = (low + high) >> 1
            if time_s[middle] < asked:
                low = middle + 1
            else:
                high = middle
        for k in range(asked_s.shape[1]):
            asked = asked_s[n, k]
            while low < end and (time_s[low] < asked or (is_after and time_s[low] == asked)):
                low += 1
            found[n, k] = low
