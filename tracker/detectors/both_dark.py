"""Meetings of which neither side was heard: two silences that admit a stop side by side. The weakest finding there is.

Two ships, each silent with time to spare that her way does not explain, could have met where their ways come near each
other. So could many others: what is told with each pair is how many pairs as good chance alone gives, counted by
shifting one side of all pairs by whole days, which keeps the place, the hour and the traffic. A pair is the best of
both its silences, so that their number is bounded by that of the silences; confidence has a low ceiling, the verdict is
always ``unlikely``, and no total counts them.

Cost is linear: each silence is held against its nearest few in place and time.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.detectors.partners import JUDGED, BoolArray, PartnerParams, cruise_kn
from tracker.detectors.reception import Stories
from tracker.detectors.rows import event_row
from tracker.detectors.silences import Silences
from tracker.detectors.types import CARRIES, is_tanker, role_of
from tracker.geo.kernels import distance_m, ecef_m, surface_deg
from tracker.params import Params, param
from tracker.tables.ship import Ship
from tracker.units import (
    METRES_PER_NAUTICAL_MILE,
    METRES_PER_SECOND_PER_KNOT,
    MILLISECONDS_PER_DAY,
    MILLISECONDS_PER_HOUR,
)

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

SHIFTS_DAYS = (-2, -1, 1, 2)
"""Shifts of one side by which chance is counted: whole days keep the hour."""


class BothDarkParams(Params):
    """Which pairs of silences are told."""

    min_off: float = param(0.60, "silences less likely to be switched off are not asked", ge=0, le=1, source=JUDGED)
    min_h: float = param(3.0, "shortest silence, h", gt=0, source="as for gaps")
    max_h: float = param(48.0, "longest silence, h: beyond it she could have been anywhere", gt=0, source=JUDGED)
    min_spare_h: float = param(1.5, "time that her straight way leaves unexplained, h", gt=0, source="a meeting")
    min_meeting_h: float = param(1.5, "shortest time together, h", gt=0, source="a transfer with manoeuvres")
    neighbours: int = param(8, "silences held against each", ge=1, source="bounds the cost")
    reach_nm: float = param(120.0, "middles of two silences at most this far apart, nm", gt=0, source=JUDGED)
    ceiling: float = param(0.30, "highest confidence", gt=0, lt=0.4, source="detection.md B9: low; never in totals")
    min_confidence: float = param(0.10, "pairs less sure than this are not told", ge=0, lt=1, source=JUDGED)
    most: int = param(200, "pairs told, the best ones", ge=0, source="a list that is read")


@dataclass(frozen=True)
class _Pairs:
    one: IntArray
    two: IntArray
    lon: FloatArray
    lat: FloatArray
    arrive_ms: FloatArray
    leave_ms: FloatArray
    score: FloatArray


def join_both_dark(
    silences: Silences,
    stories: Stories,
    docked: BoolArray,
    ship_at: Callable[[int, int], Ship],
    /,
    *,
    params: BothDarkParams,
    partners: PartnerParams,
) -> list[dict[str, Any]]:
    """Event rows of pairs of silences, best first in order of time.

    Parameters
    ----------
    docked : for each silence, whether every known end of it lies in port
    """
    s = silences
    cruise = cruise_kn(s.sog_kn_1, s.sog_kn_2, partners)
    direct_h = s.moved_m / METRES_PER_NAUTICAL_MILE / cruise
    few = ~s.is_open & ~docked & (stories.off >= params.min_off) & (s.hours >= params.min_h)
    few &= (s.hours <= params.max_h) & (s.hours - np.nan_to_num(direct_h) >= params.min_spare_h)
    # a ship that lies still before and after mostly lay still in between
    few &= ~((s.sog_kn_1 < 0.5) & (s.sog_kn_2 < 0.5))
    ships = {int(i): ship_at(int(s.mmsi[i]), int(s.start_ms[i])) for i in np.flatnonzero(few)}
    rows = np.array([i for i, ship in ships.items() if _carries(ship, partners)], np.int64)
    if len(rows) < 2:
        return []
    tankers = np.zeros(len(s), np.bool_)
    tankers[[i for i in rows.tolist() if is_tanker(ships[i].ship_type)]] = True
    off = np.log(np.clip(stories.off, 0.02, 0.98) / (1 - np.clip(stories.off, 0.02, 0.98)))
    found = _pairs(s, rows, cruise, off, tankers, 0, params)
    by_chance = np.concatenate([_pairs(s, rows, cruise, off, tankers, days, params).score for days in SHIFTS_DAYS])
    kept = _mutual_best(found)
    chance = _as_good(by_chance, found.score[kept]) / len(SHIFTS_DAYS)
    as_good = _as_good(found.score, found.score[kept])
    confidence = params.ceiling * np.clip(1.0 - (chance + 0.5) / (as_good + 0.5), 0.0, 1.0)
    order = np.argsort(-confidence, kind="stable")
    order = order[confidence[order] >= params.min_confidence][: params.most]
    events = [
        _row(found, int(kept[k]), ships, s, stories, float(confidence[k]), int(as_good[k]), float(chance[k]))
        for k in order.tolist()
    ]
    return sorted(events, key=lambda row: (row["start_time"], row["mmsi_1"], row["mmsi_2"]))


def _carries(ship: Ship, partners: PartnerParams) -> bool:
    return role_of(ship.ship_type) == CARRIES and (ship.length_m is None or ship.length_m >= partners.min_length_m)


def _pairs(
    s: Silences,
    rows: IntArray,
    cruise: FloatArray,
    off: FloatArray,
    tankers: BoolArray,
    shift_days: int,
    params: BothDarkParams,
) -> _Pairs:
    """Pairs of silences that admit a meeting, the second of each shifted in time."""
    from scipy.spatial import cKDTree

    shift = shift_days * MILLISECONDS_PER_DAY
    ends = [np.stack(ecef_m(lon[rows], lat[rows])) for lon, lat in ((s.lon_1, s.lat_1), (s.lon_2, s.lat_2))]
    middle = 0.5 * (ends[0] + ends[1])
    time_s = 0.5 * (s.start_ms[rows] + s.end_ms[rows]) / 1000.0
    # a ship's speed makes hours into metres: near in both means near in one
    pace = 8.0 * METRES_PER_SECOND_PER_KNOT
    here = np.column_stack([*middle, pace * time_s])
    there = np.column_stack([*middle, pace * (time_s + shift / 1000.0)])
    k = min(params.neighbours + 1, len(rows))
    reach_m = params.reach_nm * METRES_PER_NAUTICAL_MILE
    away, at = cKDTree(there).query(here, k=list(range(1, k + 1)), distance_upper_bound=2.0 * reach_m)
    first, slot = np.nonzero(np.isfinite(away))
    second = at[first, slot]
    pair = np.column_stack(
        np.divmod(np.unique(np.minimum(first, second) * len(rows) + np.maximum(first, second)), len(rows))
    )
    pair = pair[s.mmsi[rows[pair[:, 0]]] != s.mmsi[rows[pair[:, 1]]]]
    a, b = rows[pair[:, 0]], rows[pair[:, 1]]
    tanker = tankers[a] | tankers[b]
    a, b, pair = a[tanker], b[tanker], pair[tanker]
    # no place lets them be together for longer than both are silent
    common_ms = np.minimum(s.end_ms[a], s.end_ms[b] + shift) - np.maximum(s.start_ms[a], s.start_ms[b] + shift)
    long = common_ms >= params.min_meeting_h * MILLISECONDS_PER_HOUR
    a, b, pair = a[long], b[long], pair[long]
    mid = middle.T
    best: list[FloatArray] | None = None
    for spot in (0.5 * (mid[pair[:, 0]] + mid[pair[:, 1]]), mid[pair[:, 0]], mid[pair[:, 1]]):
        lon, lat = surface_deg(*spot.T)
        trial = _window(s, a, b, cruise, shift, lon, lat)
        if best is None:
            best = trial
            continue
        better = trial[3] - trial[2] > best[3] - best[2]
        best = [np.where(better, new, old) for new, old in zip(trial, best, strict=True)]
    assert best is not None
    lon, lat, arrive, leave, spare, detour = best
    window_h = (leave - arrive) / MILLISECONDS_PER_HOUR
    ok = window_h >= params.min_meeting_h
    score = np.minimum(off[a], 2.0) + np.minimum(off[b], 2.0) + 1.0 * (tankers[a] & tankers[b])
    score -= np.log1p(np.maximum(spare - 6.0, 0.0) / 2.0) + detour / 100.0
    return _Pairs(a[ok], b[ok], lon[ok], lat[ok], arrive[ok], leave[ok], score[ok])


def _window(
    s: Silences, a: IntArray, b: IntArray, cruise: FloatArray, shift: int, lon: FloatArray, lat: FloatArray
) -> list[FloatArray]:
    """When both can have been at a place; with the spare time and the detours of both together."""
    arrive, leave = np.full(len(a), -np.inf), np.full(len(a), np.inf)
    spare, detour = np.zeros(len(a)), np.zeros(len(a))
    for rows, later in ((a, 0), (b, shift)):
        there = _miles(s.lon_1[rows], s.lat_1[rows], lon, lat)
        on = _miles(s.lon_2[rows], s.lat_2[rows], lon, lat)
        ms = MILLISECONDS_PER_HOUR / cruise[rows]
        arrive = np.maximum(arrive, s.start_ms[rows] + later + there * ms)
        leave = np.minimum(leave, s.end_ms[rows] + later - on * ms)
        spare += s.hours[rows] - (there + on) / cruise[rows]
        detour += there + on - s.moved_m[rows] / METRES_PER_NAUTICAL_MILE
    return [lon, lat, arrive, leave, spare, detour]


def _as_good(scores: FloatArray, asked: FloatArray) -> IntArray:
    """How many of some scores are as high as each of others, or higher."""
    return np.asarray(len(scores) - np.searchsorted(np.sort(scores), asked), np.int64)


def _mutual_best(found: _Pairs) -> IntArray:
    """Pairs that are the best of both their silences."""
    best: dict[int, int] = {}
    order = np.lexsort((found.two, found.one, -found.score))
    for k in order.tolist():
        for row in (int(found.one[k]), int(found.two[k])):
            best.setdefault(row, k)
    return np.array([k for k in order.tolist() if best[int(found.one[k])] == k == best[int(found.two[k])]], np.int64)


def _row(
    found: _Pairs,
    k: int,
    ships: dict[int, Ship],
    s: Silences,
    stories: Stories,
    confidence: float,
    as_good: int,
    by_chance: float,
) -> dict[str, Any]:
    pair = sorted((int(found.one[k]), int(found.two[k])), key=lambda i: int(s.mmsi[i]))
    one, two = (ships[i] for i in pair)
    row = event_row(
        "dark_encounter",
        one,
        two,
        start_ms=round(found.arrive_ms[k]),
        end_ms=round(found.leave_ms[k]),
        lon=float(found.lon[k]),
        lat=float(found.lat[k]),
    )
    hours = (found.leave_ms[k] - found.arrive_ms[k]) / MILLISECONDS_PER_HOUR
    return row | {
        "verdict": "unlikely",
        "confidence": round(confidence, 3),
        "reports_1": 0,
        "reports_2": 0,
        "candidates": json.dumps([{"mmsi": two.mmsi, "probability": round(confidence, 3)}]),
        "why": [
            f"Neither ship was heard: {one.label} was silent for {s.hours[pair[0]]:.1f} h and {two.label} for "
            f"{s.hours[pair[1]]:.1f} h, and both could have been here together for up to {hours:.1f} h. "
            "Two silences that fit are no observation of a meeting; never counted in totals.",
            f"Switched off with probability {stories.off[pair[0]]:.2f} and {stories.off[pair[1]]:.2f}.",
            f"Pairs of silences as good as this one in the data: {as_good}; by chance (one side shifted by whole days) "
            f"{by_chance:.1f} are expected.",
            "Place and time are the middle of what is possible, not where they met.",
        ],
    }


def _miles(lon_1: FloatArray, lat_1: FloatArray, lon_2: FloatArray, lat_2: FloatArray) -> FloatArray:
    return np.asarray(distance_m(lon_1, lat_1, lon_2, lat_2)) / METRES_PER_NAUTICAL_MILE
