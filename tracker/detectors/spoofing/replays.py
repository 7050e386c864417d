"""A track said again: places to the last digit, in the same order, after one and the same time.

Two causes look alike but for one thing. When the copy runs beside the original it is a clock that is wrong, in a
receiver or a feed: `clock_shifted`, set aside and no event. When the original has long ended, somebody plays it again.
A ferry repeats her route and never her digits: GPS error alone moves her by more than the last one.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.detectors.spoofing.falsehood import Falsehood, Rows, SpoofingParams, Track, falsehood
from tracker.geo.kernels import distance_m
from tracker.units import METRES_PER_NAUTICAL_MILE, MILLISECONDS_PER_HOUR

LAG_MS = 10_000
SHORTEST_LAG_MS = 120_000
GOING_KN = 2.0
SAME_LAG_MS = 2000
MOST_REPEATS = 20
"""Of one place: more, and it is a berth."""


@dataclass(frozen=True)
class Copy:
    """Rows that say places again, those that they repeat, and the time between, ms."""

    again: Rows
    first: Rows
    lag_ms: int

    def is_beside(self, track: Track, /) -> bool:
        """Whether the original still ran when the copy began."""
        return bool(track.fixes.time_ms[self.again[0]] <= track.fixes.time_ms[self.first[-1]])


def find_copy(track: Track, /, *, params: SpoofingParams) -> Copy | None:
    """The longest stretch of a track that repeats an earlier one; None when there is none."""
    fixes = track.fixes
    # a place that is said several times in a row is told as frozen
    stays = np.append(False, (np.diff(fixes.lon_e7) == 0) & (np.diff(fixes.lat_e7) == 0))
    stays |= np.append(stays[1:], False)
    moving = np.flatnonzero(~(fixes.sog_kn < GOING_KN) & ~stays)
    if len(moving) < 2 * params.replay_reports:
        return None
    key = _place_key(fixes.lon_e7[moving], fixes.lat_e7[moving])
    is_again = _is_said_again(key)
    moving, key = moving[is_again], key[is_again]
    # reports are in order of time
    by_place = np.argsort(key, kind="stable")
    order, key = moving[by_place], key[by_place]
    time_ms = fixes.time_ms[order]
    pairs: list[Rows] = []
    at = np.arange(len(order))
    for step in range(1, MOST_REPEATS):
        # what is a place again so many reports on is so at each before
        at = at[: np.searchsorted(at, len(order) - step)]
        at = at[key[at + step] == key[at]]
        same = at[time_ms[at + step] - time_ms[at] >= SHORTEST_LAG_MS]
        if not len(same):
            break
        pairs.append(np.stack([order[same], order[same + step]]))
    if not pairs:
        return None
    first, again = np.concatenate(pairs, axis=1)
    lag = fixes.time_ms[again] - fixes.time_ms[first]
    bins, count = np.unique(lag // LAG_MS, return_counts=True)
    best = int(bins[np.argmax(count)])
    chosen = np.abs(lag - (best + 0.5) * LAG_MS) <= LAG_MS
    first, again = first[chosen], again[chosen]
    by_time = np.argsort(again, kind="stable")
    first, again = first[by_time], again[by_time]
    again, at = np.unique(again, return_index=True)
    return Copy(again, first[at], int(np.median(fixes.time_ms[again] - fixes.time_ms[first[at]])))


def _is_said_again(key: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Places that another report says too: few, and only they are put in order."""
    in_order = np.sort(key)
    twice = in_order[1:][in_order[1:] == in_order[:-1]]
    if not len(twice):
        return np.zeros(len(key), np.bool_)
    return np.asarray(twice[np.minimum(np.searchsorted(twice, key), len(twice) - 1)] == key)


def _place_key(lon_e7: npt.NDArray[np.int32], lat_e7: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """Both digits of places as one integer."""
    return (lon_e7.astype(np.int64) << 32) + lat_e7


def judge_copy(track: Track, copy: Copy, /, *, params: SpoofingParams) -> list[Falsehood]:
    """A replay as a finding; nothing when it is too short, or the copy runs beside its original."""
    fixes, again = track.fixes, copy.again
    if len(again) < params.replay_reports or copy.is_beside(track):
        return []
    meanwhile = np.arange(again[0], again[-1] + 1)
    moving = meanwhile[~(fixes.sog_kn[meanwhile] < GOING_KN)]
    share = len(again) / max(len(moving), 1)
    way_m = float(
        distance_m(fixes.lon[again][:-1], fixes.lat[again][:-1], fixes.lon[again][1:], fixes.lat[again][1:]).sum()
    )
    places = len(np.unique(_place_key(fixes.lon_e7[again], fixes.lat_e7[again])))
    if places < params.replay_reports or share < params.replay_share or way_m < params.replay_way_m:
        return []
    why = [
        f"{len(again)} reports say, to the last digit and in the same order, the places of "
        f"{copy.lag_ms / MILLISECONDS_PER_HOUR:.2f} h before: {100 * share:.0f} % of what was heard meanwhile, "
        f"{way_m / METRES_PER_NAUTICAL_MILE:.1f} nm of way.",
        "Consistent with a recorded track that is sent again; GPS error alone keeps a ship from repeating herself so.",
    ]
    confidence = 0.75 + 0.2 * min(len(again) / 50.0, 1.0)
    return [falsehood("replayed", track, meanwhile, confidence=confidence, why=why, is_false=True)]


def shifted_rows(track: Track, copy: Copy | None, /, *, params: SpoofingParams) -> Rows:
    """Rows that are copies with a shifted clock: the copy runs beside its original.

    The lag is told by reports under way; with it, those of a ship that lies or drifts are known too.
    """
    if copy is None or len(copy.again) < params.replay_reports or not copy.is_beside(track):
        return np.empty(0, np.int64)
    fixes = track.fixes
    then_ms = fixes.time_ms - copy.lag_ms
    at = np.searchsorted(fixes.time_ms, then_ms)
    is_copy = np.zeros(len(fixes), np.bool_)
    for step in (-2, -1, 0, 1, 2):
        near = np.clip(at + step, 0, len(fixes) - 1)
        is_copy |= (
            (np.abs(fixes.time_ms[near] - then_ms) <= SAME_LAG_MS)
            & (fixes.lon_e7[near] == fixes.lon_e7)
            & (fixes.lat_e7[near] == fixes.lat_e7)
        )
    return np.union1d(np.flatnonzero(is_copy), copy.again)
