"""A meeting of which one side was heard: a slow spell of A joined with silences of ships that could have been there.

Candidates (`tracker.detectors.partners`) share one probability with the case that none of them came. The more silences
fit by chance, the less any of them says: the weight of each is divided by how many of its kind (heard on both sides, or
on one) there are, so that in waters where a hundred ships are silent at any time no stop points at one of them. A silence
can serve one slow ship only. That a meeting took place stays an inference: confidence has a ceiling under `likely`, and a
meeting is called possible only where one candidate stands out.
"""

import json
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.detectors.fits import find_candidates
from tracker.detectors.judge import JudgeParams
from tracker.detectors.loitering import Loiter
from tracker.detectors.partners import (
    FITTED,
    JUDGED,
    TRAITS,
    BoolArray,
    Candidate,
    Field,
    PartnerParams,
    PartnerWeights,
    weight_vector,
)
from tracker.detectors.reception import Stories
from tracker.detectors.rows import event_row
from tracker.detectors.sharing import share_out
from tracker.detectors.sightings import Sighting
from tracker.detectors.silences import Silences
from tracker.detectors.types import CARRIES, is_tanker, role_of
from tracker.params import Params, param
from tracker.tables.ship import Ship

IntArray = npt.NDArray[np.int64]
WORST_FIT = -9.0
"""A length may be declared wrongly: it never rules a ship out."""


class DarkParams(Params):
    """How candidates and the case that none of them came share one probability, and what is told."""

    partners: PartnerParams = PartnerParams()
    weights: PartnerWeights = PartnerWeights()
    none_logit: float = param(2.7, "logarithm of the weight of the case that no candidate came", source=FITTED)
    crowd: float = param(
        0.64,
        "power of the number of candidates of a kind by which their weights are divided",
        ge=0,
        le=2,
        source=FITTED,
    )
    long_h: float = param(
        24.0, "slow spell in which luck doubles the case of none: the longer, the more fits, h", gt=0, source=JUDGED
    )
    short_h: float = param(
        1.5, "slow spell at which the case of none doubles: ships pause for an hour everywhere, h", gt=0, source=JUDGED
    )
    near_shore_nm: float = param(1.0, "nearer to the coast a ship that lies is moored, nm", ge=0, source=JUDGED)
    near_shore: float = param(-2.0, "added to all weights of such a ship", source=JUDGED)
    no_tanker: float = param(-0.7, "added to all weights when the slow ship carries dry cargo", source=JUDGED)
    no_carrier: float = param(-1.5, "the same when her type does not say that she carries", source=JUDGED)
    least_chance: float = param(
        0.30, "a meeting is called possible from this probability of its best candidate", ge=0, le=1, source=JUDGED
    )
    unknown_ceiling: float = param(
        0.35, "highest confidence when the slow ship's type does not say that she carries", gt=0, lt=1, source=JUDGED
    )
    carrier_length_m: float = param(
        60.0,
        "a hull this long whose type was never sent is taken for one that may carry, m",
        gt=0,
        source="judgement: below it most are fishing, service and pleasure craft; those say their type",
    )
    unsaid_ceiling: float = param(
        0.50, "highest confidence of a slow ship of that length whose type was never sent", gt=0, lt=1, source=JUDGED
    )
    seen: float = param(
        2.5, "logarithm by which a detection beside the ship speaks against an empty sea", ge=0, source=JUDGED
    )
    seen_length_m: float = param(15.0, "error of a detected length, m", gt=0, source="SAR, 10 m resolution")
    seen_length_share: float = param(0.2, "or this share of the ship's length", ge=0, source=JUDGED)
    seen_ceiling: float = param(
        0.79, "highest confidence where one was seen: a dark encounter is never likely", gt=0, lt=0.8, source="B8"
    )
    least_none: float = param(
        0.05, "that no ship of this data came is never less probable", ge=0, lt=1, source="ships are never heard at all"
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


def join_dark(
    loiterers: Sequence[Loiter],
    silences: Silences,
    stories: Stories,
    docked: BoolArray,
    ship_at: Callable[[int, int], Ship],
    /,
    *,
    params: DarkParams,
    judge: JudgeParams,
    beside: Sequence[Sequence[Sighting]] | None = None,
) -> list[dict[str, Any]]:
    """Event rows of slow spells with their ranked candidates; spells without a fit give none.

    Parameters
    ----------
    docked : for each silence, whether every known end of it lies in port
    beside : for each slow spell, detections from space beside the ship that fit no ship heard
    """
    seen = [list(one) for one in beside] if beside is not None else [[] for _ in loiterers]
    fields = find_candidates(
        loiterers, silences, stories, docked, ship_at, params=params.partners, weights=params.weights
    )
    events = []
    weighed = weigh_fields(loiterers, fields, params=params, beside=seen)
    for loiter, (found, none), sightings in zip(loiterers, weighed, seen, strict=True):
        total = 1.0 - none
        if role_of(loiter.ship.ship_type) == CARRIES:
            top = params.ceiling
        else:
            top = params.unsaid_ceiling if _is_unsaid(loiter.ship, params) else params.unknown_ceiling
        confidence = min(total, params.seen_ceiling if sightings else top)
        if not (found or sightings) or confidence < params.min_confidence:
            continue
        # of a ship that may carry nothing, the candidates share what is believed at all
        scale = 1.0 if role_of(loiter.ship.ship_type) == CARRIES else confidence / total
        events.append(_row(loiter, [(c, p * scale) for c, p in found], confidence, sightings, params, judge))
    return events


def weigh_fields(
    loiterers: Sequence[Loiter],
    fields: Sequence[Field],
    /,
    *,
    params: DarkParams,
    beside: Sequence[Sequence[Sighting]] | None = None,
) -> list[tuple[list[tuple[Candidate, float]], float]]:
    """Candidates of each slow spell with their probabilities, best first, and the probability that nobody came.

    Where something was seen beside the ship, what is missing to 1 is a partner that is no candidate.
    """
    if not loiterers:
        return []
    seen = beside if beside is not None else [[] for _ in loiterers]
    sizes = [len(field.candidates) for field in fields]
    spell = np.repeat(np.arange(len(fields)), sizes)
    flat = [c for field in fields for c in field.candidates]
    scale = np.array([_kind(one, params) for one in loiterers])
    crowd = np.array([field.crowd(c) for field in fields for c in field.candidates], np.float64)
    traits = np.array([c.traits for c in flat]).reshape(len(flat), len(TRAITS))
    size = np.array([_size(c.ship, seen[s], params) for s, c in zip(spell.tolist(), flat, strict=True)])
    weight = np.exp(traits @ weight_vector(params.weights) + scale[spell] + size - params.crowd * np.log(crowd))
    hours = np.array([one.hours for one in loiterers])
    none = np.exp(params.none_logit) * (1.0 + hours / params.long_h + (params.short_h / np.maximum(hours, 0.1)) ** 2)
    # what was seen beside her makes an empty sea unlikely; that it is one of the silent ships it does not say
    saw = np.array([bool(one) for one in seen])
    other = np.where(saw, none, 0.0)
    nobody = np.where(saw, none * np.exp(-params.seen), none)
    hosts = np.array([one.ship.mmsi for one in loiterers], np.int64)
    silence = np.array([c.silence for c in flat], np.int64)
    chance = (1.0 - params.least_none) * share_out(spell, silence, hosts[spell], weight, nobody + other)
    left = 1.0 - np.bincount(spell, chance, len(fields))
    bounds = np.cumsum([0, *sizes])
    pairs = list(zip(flat, chance.tolist(), strict=True))
    return [
        (
            sorted(pairs[begin:end], key=lambda pair: (-pair[1], pair[0].ship.mmsi)),
            float(left[s] * nobody[s] / (nobody[s] + other[s])),
        )
        for s, (begin, end) in enumerate(pairwise(bounds.tolist()))
    ]


def _size(ship: Ship, sightings: Sequence[Sighting], params: DarkParams) -> float:
    """How well her length fits what was seen: logarithm of a likelihood, 0 where either is not known."""
    known = [s.length_m for s in sightings if np.isfinite(s.length_m)]
    if not known or ship.length_m is None:
        return 0.0
    error = max(params.seen_length_m, params.seen_length_share * ship.length_m)
    return max(-0.5 * ((float(np.median(known)) - ship.length_m) / error) ** 2, WORST_FIT)


def _kind(loiter: Loiter, params: DarkParams) -> float:
    lies_inshore = loiter.coast_nm is not None and loiter.coast_nm < params.near_shore_nm and loiter.speed_kn < 0.5
    shore = params.near_shore if lies_inshore else 0.0
    if is_tanker(loiter.ship.ship_type):
        return shore
    may_carry = role_of(loiter.ship.ship_type) == CARRIES or _is_unsaid(loiter.ship, params)
    return shore + (params.no_tanker if may_carry else params.no_carrier)


def _is_unsaid(ship: Ship, params: DarkParams) -> bool:
    """A hull as long as a carrier's, of which no type was ever sent (0 is none): hiding ships leave it out."""
    return not ship.ship_type and ship.length_m is not None and ship.length_m >= params.carrier_length_m


def _row(
    loiter: Loiter,
    chances: Sequence[tuple[Candidate, float]],
    confidence: float,
    sightings: Sequence[Sighting],
    params: DarkParams,
    judge: JudgeParams,
) -> dict[str, Any]:
    best, chance = chances[0] if chances else (None, 0.0)
    row = event_row(
        "dark_encounter",
        loiter.ship,
        None if best is None else best.ship,
        start_ms=loiter.start_ms,
        end_ms=loiter.end_ms,
        lon=loiter.lon,
        lat=loiter.lat,
    )
    confidence = round(confidence, 3)
    stands_out = chance >= params.least_chance or bool(sightings)
    verdict = "possible" if confidence >= judge.possible and stands_out else "unlikely"
    lines = [
        f"{'Possibly a meeting' if verdict == 'possible' else 'Not taken for a meeting'} with a ship that was not heard: "
        f"confidence {confidence:.2f}. An inference from a stop and a silence, not an observation.",
        f"{loiter.ship.label} was slow for {loiter.hours:.1f} h at {loiter.speed_kn:.1f} kn, away from berths, anchorages and other ships.",
        *_type_words(loiter.ship, params),
        *(s.sentence for s in sightings[:3]),
    ]
    if best is None:
        lines.append("No silent ship of this data could have been there.")
    else:
        lines += _candidate_lines(best, chance, chances)
    if not stands_out and confidence >= judge.possible:
        lines.append(
            f"No candidate stands out (probability {params.least_chance:.2f} or more): it is not called possible."
        )
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


def _type_words(ship: Ship, params: DarkParams) -> list[str]:
    if not _is_unsaid(ship, params):
        return []
    return [
        f"Her type was not sent; a hull of {ship.length_m:.0f} m may carry, and no confidence is above {params.unsaid_ceiling:.2f}."
    ]


def _candidate_lines(best: Candidate, chance: float, chances: Sequence[tuple[Candidate, float]]) -> list[str]:
    none = 1.0 - sum(p for _, p in chances)
    lines = [
        f"{len(chances)} silent ship(s) could have been there; best: {best.ship.label}, probability {chance:.2f}; "
        f"none of them: {none:.2f}.",
        f"Her silence is a ship switched off with probability {best.off:.2f}; she could have lain there for up to "
        f"{best.window_h:.1f} h.",
    ]
    if np.isfinite(best.spare_h):
        lines.append(
            f"At her own speed the way over this place leaves {best.spare_h:.1f} h to spare and is "
            f"{best.detour_nm:.0f} nm longer than the straight one."
        )
    else:
        lines.append("She was heard on one side of the silence only: her way is known by half.")
    return lines
