"""One MMSI in two places at once, and ships that jump.

Hulls under one MMSI that take turns are two transmitters, or one and a false track: `two_places`. A hull that ends
where another begins, too far off for the time between, is a `jump`; it lasts until the ship is back, or as long as the
new place is heard. A single fix far off is neither: it has been set aside before.
"""

from dataclasses import dataclass

import numpy as np

from tracker.detectors.spoofing.falsehood import Falsehood, Rows, SpoofingParams, Track, falsehood
from tracker.geo.kernels import distance_m
from tracker.units import METRES_PER_NAUTICAL_MILE, METRES_PER_SECOND_PER_KNOT, MILLISECONDS_PER_HOUR

MOST_HULLS = 12
"""Hulls under one MMSI that are compared with each other: the largest."""


@dataclass(frozen=True)
class Leap:
    """A jump of a ship: from the last row before to the rows of the stay after it, and the row of the return (or -1)."""

    before: int
    stay: Rows
    back: int
    speed_kn: float
    distance_nm: float


def find_two_places(track: Track, /, *, params: SpoofingParams) -> list[Falsehood]:
    """At most one finding: the times in which hulls of this MMSI took turns, told by the pair that did so most."""
    best: tuple[int, Rows, Rows] | None = None
    rows_of_all: list[Rows] = []
    hulls = _largest(track)
    for n, one in enumerate(hulls):
        for other in hulls[n + 1 :]:
            pair = _turns(track, one, other, params)
            if pair is None:
                continue
            rows_of_all += [pair[1], pair[2]]
            best = pair if best is None or pair[0] > best[0] else best
    if best is None:
        return []
    swaps, one_rows, other_rows = best
    fixes, merged = track.fixes, np.sort(np.concatenate([one_rows, other_rows]))
    step = np.flatnonzero(np.isin(merged[:-1], one_rows) != np.isin(merged[1:], one_rows))
    i, j = merged[step], merged[step + 1]
    metres = distance_m(fixes.lon[i], fixes.lat[i], fixes.lon[j], fixes.lat[j])
    seconds = np.maximum((fixes.time_ms[j] - fixes.time_ms[i]) / 1000.0, 1.0)
    speed = float(np.median(metres / seconds)) / METRES_PER_SECOND_PER_KNOT
    why = [
        "Consistent with two transmitters under one MMSI, or with one ship and a false track: "
        f"{len(hulls)} hulls were heard under {track.mmsi}.",
        f"Two of them took turns {swaps} times ({len(one_rows)} and {len(other_rows)} reports), "
        f"{float(np.median(metres)) / METRES_PER_NAUTICAL_MILE:.1f} nm apart (median); one ship would have had to make "
        f"{speed:,.0f} kn (median).",
    ]
    everything = np.unique(np.concatenate(rows_of_all))
    confidence = 0.99 if swaps >= 3 * params.swaps else 0.9
    return [falsehood("two_places", track, everything, confidence=confidence, why=why, is_false=False)]


def _largest(track: Track) -> list[int]:
    """The hulls most heard, by number."""
    hulls, count = np.unique(track.label[track.label >= 0], return_counts=True)
    return sorted(int(h) for h in hulls[np.lexsort((hulls, -count))][:MOST_HULLS])


def _turns(track: Track, one: int, other: int, params: SpoofingParams) -> tuple[int, Rows, Rows] | None:
    """How often two hulls took turns, and the rows of each while they did; None when they did not, or lie too near."""
    rows = track.rows(one), track.rows(other)
    begin, end = max(rows[0][0], rows[1][0]), min(rows[0][-1], rows[1][-1])
    inside = [r[(r >= begin - 1) & (r <= end + 1)] for r in rows]
    both = np.sort(np.concatenate(inside))
    if begin >= end or min(len(inside[0]), len(inside[1])) < params.min_reports:
        return None
    is_one = np.isin(both, inside[0])
    turn = np.flatnonzero(is_one[1:] != is_one[:-1])
    i, j, fixes = both[turn], both[turn + 1], track.fixes
    metres = distance_m(fixes.lon[i], fixes.lat[i], fixes.lon[j], fixes.lat[j])
    reach = params.max_speed_kn * METRES_PER_SECOND_PER_KNOT * (fixes.time_ms[j] - fixes.time_ms[i]) / 1000.0
    far = (metres > reach) & (metres >= params.apart_nm * METRES_PER_NAUTICAL_MILE)
    swaps = int(np.count_nonzero(far))
    return (swaps, inside[0], inside[1]) if swaps >= params.swaps else None


def find_leaps(track: Track, /, *, params: SpoofingParams) -> list[Leap]:
    """Jumps between stays of hulls that do not take turns, in order of time."""
    rows = np.flatnonzero(track.label >= 0)
    if len(rows) < 2 * params.min_reports:
        return []
    label, fixes = track.label[rows], track.fixes
    cut = np.flatnonzero(np.diff(label)) + 1
    runs = [run for run in np.split(rows, cut) if len(run)]
    leaps: list[Leap] = []
    back_of_last = -1
    for n in range(1, len(runs)):
        before, stay = int(runs[n - 1][-1]), runs[n]
        if n == back_of_last:
            continue
        elapsed_s = max((fixes.time_ms[stay[0]] - fixes.time_ms[before]) / 1000.0, 1.0)
        metres = float(distance_m(fixes.lon[before], fixes.lat[before], fixes.lon[stay[0]], fixes.lat[stay[0]]))
        speed_kn = metres / elapsed_s / METRES_PER_SECOND_PER_KNOT
        lasted_min = (fixes.time_ms[stay[-1]] - fixes.time_ms[stay[0]]) / 60_000
        if (
            len(stay) < params.min_reports
            or len(runs[n - 1]) < params.min_reports
            or lasted_min < params.min_stay_min
            or speed_kn <= params.max_speed_kn
            or metres < params.jump_nm * METRES_PER_NAUTICAL_MILE
        ):
            continue
        back = -1
        if n + 1 < len(runs) and track.label[runs[n + 1][0]] == track.label[before]:
            waited_h = (fixes.time_ms[runs[n + 1][0]] - fixes.time_ms[before]) / MILLISECONDS_PER_HOUR
            if waited_h <= params.jump_return_h:
                back, back_of_last = int(runs[n + 1][0]), n + 1
        leaps.append(Leap(before, stay, back, speed_kn, metres / METRES_PER_NAUTICAL_MILE))
    return leaps


def jump_of(track: Track, leap: Leap, /) -> Falsehood:
    """A jump as a finding: from the last report before it to the return, or to the last report of the stay."""
    fixes = track.fixes
    elapsed_min = (fixes.time_ms[leap.stay[0]] - fixes.time_ms[leap.before]) / 60_000
    hours = (fixes.time_ms[leap.stay[-1]] - fixes.time_ms[leap.stay[0]]) / MILLISECONDS_PER_HOUR
    why = [
        f"Moved {leap.distance_nm:.1f} nm in {elapsed_min:.1f} min: {leap.speed_kn:,.0f} kn, which no ship makes.",
        f"Then heard there {len(leap.stay)} times in {hours:.1f} h"
        + (", and back where she was." if leap.back >= 0 else "; not heard at the first place since."),
    ]
    last = leap.back if leap.back >= 0 else int(leap.stay[-1])
    rows = np.array([leap.before, *leap.stay.tolist(), last], np.int64)
    confidence = 0.9 if leap.back >= 0 else 0.8
    return falsehood("jump", track, np.unique(rows), confidence=confidence, why=why, is_false=False)
