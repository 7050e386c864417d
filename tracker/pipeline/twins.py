"""Hours in which one IMO number was borne in two places at once: no ship goes from one to the other so fast (rule R09)."""

from collections.abc import Iterable, Mapping, Sequence
from math import nan

import numpy as np
import pyarrow as pa

from tracker.geo.kernels import distance_m
from tracker.identity.hull_ids import Bearer
from tracker.pipeline.stretches import Windowed
from tracker.tables.column import UTC_MS
from tracker.tables.fixes import Fixes
from tracker.units import METRES_PER_NAUTICAL_MILE, MILLISECONDS_PER_HOUR

FASTEST_KN = 60.0
"""Source: rule R09."""
LEAST_NM = 5.0
"""Nearer than this, two clocks that differ by minutes explain it."""
WINDOW_MS = 30 * 24 * MILLISECONDS_PER_HOUR
"""So much of an overlap is looked at, from its beginning: a stolen number is borne for long."""


PAIRS_AT_ONCE = 8
"""Pairs whose reports are read together: bounds the memory, not the answer."""
MOST_BEARERS = 12
"""A number that more ships bear is one that many crews type in; pairs grow with the square."""


def hours_in_two_places(
    bearers: Mapping[int, Sequence[Bearer]], imos: Iterable[int], positions: Windowed, /
) -> dict[tuple[int, int], float]:
    """Hours of the clock, by IMO number and MMSI; pairs of bearers that were never heard at one time are not there.

    NaN for bearers beyond the first `MOST_BEARERS`, which are not compared.
    """
    pairs = [
        (imo, one, other)
        for imo in sorted(set(imos))
        for i, one in enumerate(bearers.get(imo, ())[:MOST_BEARERS])
        for other in bearers[imo][i + 1 : MOST_BEARERS]
        if one.first_ms <= other.last_ms and other.first_ms <= one.last_ms
    ]
    found = {(imo, one.mmsi): nan for imo in set(imos) for one in bearers.get(imo, ())[MOST_BEARERS:]}
    pairs.sort(key=lambda pair: (_span(*pair[1:]), pair[0], pair[1].mmsi, pair[2].mmsi))
    for begin in range(0, len(pairs), PAIRS_AT_ONCE):
        part = pairs[begin : begin + PAIRS_AT_ONCE]
        asked = [(ship.mmsi, *_span(one, other)) for _, one, other in part for ship in (one, other)]
        mmsis, starts, ends = (pa.array(column, pa.int64()) for column in zip(*asked, strict=True))
        columns = [mmsis.cast(pa.int32()), starts.cast(UTC_MS), ends.cast(UTC_MS)]
        tracks = positions.windows(pa.table(columns, names=["mmsi", "start", "end"]))
        for imo, one, other in part:
            own = [_cut(tracks.get(ship.mmsi), *_span(one, other)) for ship in (one, other)]
            if own[0] is None or own[1] is None:
                continue
            hours = apart_h(own[0], own[1])
            for mmsi in (one.mmsi, other.mmsi):
                found[imo, mmsi] = max(found.get((imo, mmsi), 0.0), hours)
    return found


def _span(one: Bearer, other: Bearer) -> tuple[int, int]:
    """So much of the time in which both were heard as is looked at."""
    start = max(one.first_ms, other.first_ms)
    return start, min(one.last_ms, other.last_ms, start + WINDOW_MS)


def _cut(track: Fixes | None, start_ms: int, end_ms: int) -> Fixes | None:
    """What a track holds between two moments; None for nothing."""
    if track is None:
        return None
    first, last = np.searchsorted(track.time_ms, [start_ms, end_ms + 1])
    return track.take(slice(int(first), int(last))) if last > first else None


def apart_h(one: Fixes, other: Fixes, /) -> float:
    """Hours of the clock in which two tracks were too far apart for one ship."""
    if not len(one) or not len(other):
        return 0.0
    after = np.clip(np.searchsorted(other.time_ms, one.time_ms), 1, max(len(other) - 1, 1))
    before = np.clip(after - 1, 0, len(other) - 1)
    after = np.clip(after, 0, len(other) - 1)
    nearer = np.abs(other.time_ms[after] - one.time_ms) < np.abs(other.time_ms[before] - one.time_ms)
    row = np.where(nearer, after, before)
    away_nm = np.asarray(distance_m(one.lon, one.lat, other.lon[row], other.lat[row])) / METRES_PER_NAUTICAL_MILE
    hours = np.abs(other.time_ms[row] - one.time_ms) / MILLISECONDS_PER_HOUR
    twice = (away_nm > LEAST_NM) & (hours <= 1.0) & (away_nm > FASTEST_KN * hours)
    return float(len(np.unique(one.time_ms[twice] // MILLISECONDS_PER_HOUR)))
