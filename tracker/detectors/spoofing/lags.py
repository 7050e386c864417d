"""At which lags do the reports of two tracks stand at one time and keep one offset? Nearly all ships share no moments."""

import numpy as np
import numpy.typing as npt

from tracker.detectors.spoofing.said import Floats, Ints, Said, apart_m, nearest
from tracker.tables.fixes import frozen
from tracker.units import MILLISECONDS_PER_HOUR

MOST_LAG_MS = 2 * MILLISECONDS_PER_HOUR
SAME_TIME_MS = 1500
"""Clocks that keep whole seconds differ by one."""
PROBES, LEAST_PROBES, MOST_LAGS, MOST_TRIED = 32, 6, 300, 6
LEAST_SHARE = 0.3
"""Of the reports of the side heard less: each copy may be heard half of the time."""


def may_be_one_track(
    times: tuple[Ints, Ints], place_1: Ints, place_2: Ints, about_ms: npt.NDArray[np.int64], /
) -> npt.NDArray[np.bool_]:
    """Of which pairs `lags_of` can find anything.

    Parameters
    ----------
    times : ms, of the fine reports of tracks, those of one after those of another; where each begins, and the end of all
    place_1, place_2 : (n,) which tracks
    about_ms : (n, 2) as `probes_of` is asked
    """
    from tracker.geo.kernels.moments import may_share_moments

    time_ms, starts = times
    may = np.zeros(len(place_1), np.bool_)
    votes = np.zeros(2 * MOST_LAG_MS // 1000 + 3, np.int64)
    tracks = np.column_stack([starts[place_1], starts[place_1 + 1], starts[place_2], starts[place_2 + 1]])
    may_share_moments(frozen(time_ms), tracks, about_ms, MOST_LAG_MS, PROBES, LEAST_SHARE, LEAST_PROBES, votes, may)
    return may


def probes_of(times: Ints, about_ms: tuple[int, int] | None) -> Ints:
    """Rows to ask, evenly over a time; over more when few are in it."""
    begin, stop = (0, len(times)) if about_ms is None else np.searchsorted(times, about_ms).tolist()
    lacking = max(PROBES - (stop - begin), 0)
    begin, stop = max(begin - lacking // 2 - lacking % 2, 0), min(stop + lacking // 2, len(times))
    rows = np.minimum(np.rint(np.linspace(begin, max(stop - 1, begin), PROBES)).astype(np.int64), len(times) - 1)
    return np.asarray(rows[np.append(True, rows[1:] != rows[:-1])])


def lags_of(ours: Said, theirs: Said, probes: Ints, error_m: float) -> list[int]:
    """Lags (ms) at which reports of both sides stand at one time and keep one offset, the likeliest first."""
    times = theirs.time_ms[probes]
    first = ours.time_ms.searchsorted(times - MOST_LAG_MS)
    count = ours.time_ms.searchsorted(times + MOST_LAG_MS, side="right") - first
    stops = np.cumsum(count)
    rows = np.arange(int(stops[-1])) + np.repeat(first - stops + count, count)
    seconds = (np.repeat(times + MOST_LAG_MS, count) - ours.time_ms[rows]) // 1000
    votes = np.bincount(seconds, minlength=2 * MOST_LAG_MS // 1000 + 1)
    # whole seconds of two clocks differ by one
    near = votes.copy()
    near[:-1] += votes[1:]
    near[1:] += votes[:-1]
    least = max(int(np.ceil(LEAST_SHARE * len(probes))), LEAST_PROBES)
    lags = np.flatnonzero((near >= least) & (votes > 0)) * 1000 - MOST_LAG_MS
    if not len(lags):
        return []
    lags = lags[np.lexsort((np.abs(lags), -near[(lags + MOST_LAG_MS) // 1000]))][:MOST_LAGS]
    at = nearest(ours.time_ms, times[None, :] - lags[:, None])
    is_told = np.abs(times[None, :] - lags[:, None] - ours.time_ms[at]) <= SAME_TIME_MS
    east, north = apart_m(ours, theirs, at, np.broadcast_to(probes, at.shape))
    off = np.hypot(east - _middle(east, is_told), north - _middle(north, is_told))
    told = is_told.sum(axis=1)
    agreed = ((off <= 2.0 * error_m) & is_told).sum(axis=1)
    is_one = (agreed >= 0.7 * told) & (told >= least)
    if not is_one.any():
        return []
    ranked = lags[np.lexsort((np.abs(lags), -agreed, ~is_one))][: np.count_nonzero(is_one)].tolist()
    kept: list[int] = []
    for lag in ranked:
        if len(kept) < MOST_TRIED and all(abs(lag - other) > 2 * SAME_TIME_MS for other in kept):
            kept.append(int(lag))
    return kept


def _middle(values: Floats, is_told: npt.NDArray[np.bool_]) -> Floats:
    """Median of the told values of each line, as a column."""
    ranked = np.sort(np.where(is_told, values, np.inf), axis=1)
    place = np.maximum(is_told.sum(axis=1) - 1, 0) // 2
    middle = ranked[np.arange(len(ranked)), place]
    return np.asarray(np.where(np.isfinite(middle), middle, 0.0)[:, None])
