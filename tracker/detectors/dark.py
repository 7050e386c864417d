"""A meeting of which one side was heard: a slow spell of A joined with silences of ships that could have been there.

A silent ship B could have lain beside A from the earliest time at which she can have come from her last report to
the latest at which she must have left to be at her next. Many ships could: what tells them apart is how likely B had
switched off at all, whether the silence holds a stop of the right length (her own speed before and after says how long
the way takes), and whether she is a ship that carries. Candidates share one probability with the case that none of
them came; a silence that fits another slow ship better counts less here. That a meeting took place stays an inference:
confidence has a ceiling under `likely`.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.detectors.judge import JudgeParams
from tracker.detectors.loitering import Loiter
from tracker.detectors.reception import Stories
from tracker.detectors.rows import event_row
from tracker.detectors.silences import Silences
from tracker.detectors.types import CARRIES, FISHES, UNKNOWN, is_tanker, role_of
from tracker.geo.kernels import distance_m
from tracker.params import Params, param
from tracker.tables.ship import Ship
from tracker.units import METRES_PER_NAUTICAL_MILE, MILLISECONDS_PER_HOUR

JUDGED = "engineering judgement; see the module's note"
FloatArray = npt.NDArray[np.float64]


class DarkParams(Params):
    """When a silence could be the other half of a meeting, and how candidates are weighed."""

    min_meeting_h: float = param(0.75, "shortest time beside the ship, h", gt=0, source="detection.md B4: 45 min")
    min_silence_h: float = param(1.5, "shortest silence that is asked, h", gt=0, source="a meeting and the way to it")
    min_off: float = param(
        0.20, "silences less likely to be switched off than this are not asked", ge=0, le=1, source=JUDGED
    )
    slow_cruise_kn: float = param(8.0, "least cruising speed assumed, kn", gt=0, source="small tankers make 8-12 kn")
    fast_cruise_kn: float = param(16.0, "greatest cruising speed believed, kn", gt=0, source="tankers make 12-16 kn")
    hurry: float = param(1.15, "how much faster than seen a ship may have gone", ge=1, source=JUDGED)
    stop_h: float = param(
        3.0, "time beyond the slow spell that fits a stop: manoeuvres, waiting, hours", ge=0, source=JUDGED
    )
    none_logit: float = param(2.2, "weight, as a logarithm, of the case that no candidate came", source=JUDGED)
    crowd: float = param(
        1.0,
        "how much each further candidate as good as the best adds to that weight: many silences fit by chance",
        ge=0,
        source=JUDGED,
    )
    long_h: float = param(
        24.0, "slow spell in which luck doubles that weight: the longer, the more silences fit, h", gt=0, source=JUDGED
    )
    open_ceiling: float = param(
        0.50, "the same when the best candidate was heard on one side of her silence only", gt=0, lt=1, source=JUDGED
    )
    unknown_ceiling: float = param(
        0.35, "the same when the slow ship's type does not say that she carries", gt=0, lt=1, source=JUDGED
    )
    ceiling: float = param(
        0.75,
        "highest confidence without a second kind of evidence",
        gt=0,
        lt=1,
        source="detection.md B8: low confidence",
    )
    min_confidence: float = param(0.25, "meetings less sure than this are not told", ge=0, lt=1, source=JUDGED)
    most_candidates: int = param(10, "candidates listed", ge=1, source="a list that is read")
    least_told: float = param(0.01, "candidates after the third are listed from this probability", ge=0, source=JUDGED)
    min_length_m: float = param(35.0, "shorter hulls are no partners, m", ge=0, source="as in judging encounters")


@dataclass(frozen=True)
class Candidate:
    """A ship that could have been there."""

    ship: Ship
    silence: int
    """Row of the silence."""
    weight: float
    arrives_ms: int
    leaves_ms: int
    spare_h: float
    """Time left for a stop when she made the way at her own speed, h; NaN when one end of the silence is open."""
    detour_nm: float
    """How much longer the way over the place is than the straight one, nm; NaN when one end is open."""
    off: float
    way_nm: float
    """Over the place from the last report to the next; with one end open, the part that is known."""
    early_h: float
    """With one end open: hours between when she can have been here and the slow spell; NaN otherwise."""

    @property
    def window_h(self) -> float:
        """How long both could have been together at most."""
        return (self.leaves_ms - self.arrives_ms) / MILLISECONDS_PER_HOUR


def find_candidates(
    loiter: Loiter, silences: Silences, stories: Stories, ship_at: Callable[[int, int], Ship], /, *, params: DarkParams
) -> list[Candidate]:
    """Ships that were silent and could have lain beside this one long enough."""
    s = silences
    rows = np.flatnonzero(
        (s.end_ms > loiter.start_ms)
        & (s.start_ms < loiter.end_ms)
        & (s.mmsi != loiter.ship.mmsi)
        & (s.hours >= params.min_silence_h)
        & (stories.off >= params.min_off)
    )
    if not len(rows):
        return []
    way_1, way_2 = (
        np.asarray(distance_m(lon[rows], lat[rows], loiter.lon, loiter.lat)) / METRES_PER_NAUTICAL_MILE
        for lon, lat in ((s.lon_1, s.lat_1), (s.lon_2, s.lat_2))
    )
    direct = (
        np.asarray(distance_m(s.lon_1[rows], s.lat_1[rows], s.lon_2[rows], s.lat_2[rows])) / METRES_PER_NAUTICAL_MILE
    )
    cruise = _cruise_kn(s.sog_kn_1[rows], s.sog_kn_2[rows], params)
    ms = MILLISECONDS_PER_HOUR / (cruise * params.hurry)
    here, gone = s.start_ms[rows] + np.nan_to_num(way_1 * ms), s.end_ms[rows] - np.nan_to_num(way_2 * ms)
    early = np.where(np.isnan(way_1), gone - loiter.end_ms, np.where(np.isnan(way_2), loiter.start_ms - here, np.nan))
    arrives, leaves = np.maximum(here, loiter.start_ms), np.minimum(gone, loiter.end_ms)
    can = leaves - arrives >= params.min_meeting_h * MILLISECONDS_PER_HOUR
    found = []
    for k in np.flatnonzero(can).tolist():
        row = int(rows[k])
        ship = ship_at(int(s.mmsi[row]), int(s.start_ms[row]))
        if ship.length_m is not None and ship.length_m < params.min_length_m:
            continue
        spare = float(s.hours[row] - (way_1[k] + way_2[k]) / cruise[k])
        one = Candidate(
            ship,
            row,
            0.0,
            int(arrives[k]),
            int(leaves[k]),
            spare,
            float(way_1[k] + way_2[k] - direct[k]),
            float(stories.off[row]),
            float(np.nan_to_num(way_1[k]) + np.nan_to_num(way_2[k])),
            float(early[k]) / MILLISECONDS_PER_HOUR,
        )
        score = _score(one, loiter, params=params) + _at_ends(s.sog_kn_1[row]) + _at_ends(s.sog_kn_2[row])
        weight = float(np.exp(score))
        found.append(Candidate(**{**one.__dict__, "weight": weight}))
    return sorted(found, key=lambda one: (-one.weight, one.ship.mmsi))


def _cruise_kn(sog_1: FloatArray, sog_2: FloatArray, params: DarkParams) -> FloatArray:
    """Her own speed on passage: the mean of what was seen under way, within what such ships make."""
    seen = np.stack([sog_1, sog_2])
    seen = np.where(seen >= 3.0, seen, np.nan)
    known = np.isfinite(seen)
    mean = np.where(known, seen, 0.0).sum(0) / np.maximum(known.sum(0), 1)
    mean = np.where(known.any(0), mean, 10.0)
    return np.clip(mean, params.slow_cruise_kn, params.fast_cruise_kn)


def _at_ends(sog_kn: float) -> float:
    """Part of the score for the speed at one end of a silence: a ship that lies somewhere mostly stays there."""
    if sog_kn < 0.5:
        return -2.5
    return -0.75 if sog_kn < 3.0 else 0.0


def _score(one: Candidate, loiter: Loiter, /, *, params: DarkParams) -> float:
    """Logarithm of a candidate's weight, a sum of parts."""
    off = min(max(one.off, 0.02), 0.98)
    score = float(np.clip(np.log(off / (1.0 - off)), -3.0, 2.0))
    share = one.window_h / max(loiter.hours, 0.1)
    score += 1.0 if share >= 0.5 else 0.0 if share >= 0.25 else -1.0
    if np.isnan(one.spare_h):
        # one end is open: she may have gone anywhere, the more so the more time there was
        score += 0.8 - float(np.log1p(max(one.early_h, 0.0) / 2.0))
        # and the farther away she was, the more places there were to go to
        score -= float(np.log(max(one.way_nm, 25.0) / 50.0))
    elif one.spare_h < params.min_meeting_h:
        score -= 2.0
    else:
        excess_h = max(one.spare_h - loiter.hours - params.stop_h, 0.0)
        score += 1.5 - float(np.log1p(excess_h / 2.0)) - min(one.detour_nm / 100.0, 2.0)
    role = role_of(one.ship.ship_type)
    if is_tanker(one.ship.ship_type) and is_tanker(loiter.ship.ship_type):
        score += 1.0
    elif role == CARRIES:
        score += 0.3
    elif role == UNKNOWN:
        score -= 0.5 if one.ship.length_m is not None else 1.5
    else:
        score -= 2.5 if role == FISHES else 4.0
    if not is_tanker(loiter.ship.ship_type):
        score -= 0.7 if role_of(loiter.ship.ship_type) == CARRIES else 1.5
    return score


def join_dark(
    loiterers: Sequence[Loiter],
    silences: Silences,
    stories: Stories,
    ship_at: Callable[[int, int], Ship],
    /,
    *,
    params: DarkParams,
    judge: JudgeParams,
) -> list[dict[str, Any]]:
    """Event rows of slow spells with their ranked candidates; spells without a fit give none."""
    found = [find_candidates(one, silences, stories, ship_at, params=params) for one in loiterers]
    claims: dict[int, float] = {}
    for candidates in found:
        for c in candidates:
            claims[c.silence] = max(claims.get(c.silence, 0.0), c.weight)
    events = []
    for loiter, candidates in zip(loiterers, found, strict=True):
        shared = [(c, c.weight * c.weight / claims[c.silence]) for c in candidates]
        shared.sort(key=lambda pair: (-pair[1], pair[0].ship.mmsi))
        if not shared:
            continue
        weights = sum(weight for _, weight in shared)
        chances_by_luck = params.crowd * (weights / shared[0][1] - 1.0) + loiter.hours / params.long_h
        none = float(np.exp(params.none_logit)) * (1.0 + chances_by_luck)
        total = weights + none
        top = params.open_ceiling if np.isnan(shared[0][0].spare_h) else params.ceiling
        if role_of(loiter.ship.ship_type) != CARRIES:
            top = min(top, params.unknown_ceiling)
        confidence = min(1.0 - none / total, top)
        if confidence >= params.min_confidence:
            chances = [(c, weight / total) for c, weight in shared]
            events.append(_row(loiter, chances, confidence, params, judge))
    return events


def _row(
    loiter: Loiter,
    chances: Sequence[tuple[Candidate, float]],
    confidence: float,
    params: DarkParams,
    judge: JudgeParams,
) -> dict[str, Any]:
    best, chance = chances[0]
    row = event_row(
        "dark_encounter",
        loiter.ship,
        best.ship,
        start_ms=loiter.start_ms,
        end_ms=loiter.end_ms,
        lon=loiter.lon,
        lat=loiter.lat,
    )
    confidence = round(confidence, 3)
    verdict = "possible" if confidence >= judge.possible else "unlikely"
    lines = [
        f"{'Possibly a meeting' if verdict == 'possible' else 'Not taken for a meeting'} with a ship that was not heard: "
        f"confidence {confidence:.2f}. An inference from a stop and a silence, not an observation.",
        f"{loiter.ship.label} was slow for {loiter.hours:.1f} h at {loiter.speed_kn:.1f} kn, away from berths, anchorages and other ships.",
        f"{len(chances)} silent ship(s) could have been there; best: {best.ship.label}, probability {chance:.2f}.",
        f"Her silence is a ship switched off with probability {best.off:.2f}; she could have lain there for up to {best.window_h:.1f} h.",
    ]
    if np.isfinite(best.spare_h):
        lines.append(
            f"At her own speed the way over this place leaves {best.spare_h:.1f} h to spare and is {best.detour_nm:.0f} nm longer than the straight one."
        )
    else:
        lines.append("She was heard on one side of the silence only: her way is known by half.")
    listed = [
        {"mmsi": c.ship.mmsi, "probability": round(p, 3)}
        for n, (c, p) in enumerate(chances[: params.most_candidates])
        if n < 3 or p >= params.least_told
    ]
    return row | {
        "verdict": verdict,
        "confidence": confidence,
        "median_speed_kn": round(loiter.speed_kn, 2),
        "candidates": json.dumps(listed),
        "why": lines,
    }
