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
    order, left = _said_again(_place_key(fixes.lon_e7[moving], fixes.lat_e7[moving]))
    order = moving[order]
    time_ms = fixes.time_ms[order]
    pairs: list[tuple[Rows, Rows, Rows]] = []
    at = np.arange(len(order))
    for step in range(1, MOST_REPEATS):
        at = at[left[at] >= step]
        lag = time_ms[at + step] - time_ms[at]
        is_long = lag >= SHORTEST_LAG_MS
        if not is_long.any():
            break
        pairs.append((at[is_long], at[is_long] + step, lag[is_long]))
    if not pairs:
        return None
    first, again, lag = (np.concatenate(column) for column in zip(*pairs, strict=True))
    best = int(np.argmax(np.bincount(lag // LAG_MS)))
    chosen = np.abs(lag - (best * LAG_MS + LAG_MS // 2)) <= LAG_MS
    first, again = order[first[chosen]], order[again[chosen]]
    by_time = np.argsort(again, kind="stable")
    first, again = first[by_time], again[by_time]
    again, at = np.unique(again, return_index=True)
    return Copy(again, first[at], int(np.median(fixes.time_ms[again] - fixes.time_ms[first[at]])))


def _said_again(key: npt.NDArray[np.int64]) -> tuple[Rows, Rows]:
    """Rows of places that another row says too, place after place and in order in each; and how many of it follow."""
    order = np.argsort(key)
    key = key[order]
    is_first = np.append(True, key[1:] != key[:-1])
    is_twice = ~(is_first & np.append(is_first[1:], True))
    # an order that holds within equals takes three times as long as this
    both = (np.cumsum(is_first[is_twice]) - 1 << 32) | order[is_twice]
    both.sort()
    place = both >> 32
    return both & 0xFFFFFFFF, np.cumsum(np.bincount(place))[place] - 1 - np.arange(len(place))


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
