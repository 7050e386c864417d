"""How sure are we that a contact was a transfer-like meeting? A sum of stated parts, through a logistic curve.

Each part is a number of logits and a sentence; the sum gives ``confidence`` and the sentences give ``why``. The
weights are engineering judgement, set on what the sources of detection.md report about real lightering and checked
against the simulated truth (``tracker evaluate``) and the shared real sample; they are data, printed with every event.
"""

from dataclasses import dataclass

import numpy as np

from tracker.detectors.berths import BerthParams, Setting, port_reason
from tracker.detectors.evidence import BETWEEN, JOINT, JOINT_S, Evidence
from tracker.detectors.types import CARRIES, FISHES, LEISURE, SERVES, UNKNOWN, is_tanker, is_tow, role_of
from tracker.params import Params, param
from tracker.tables.ship import Ship

JUDGED = "engineering judgement; see the module's note"


EDGE_H = 0.75
"""A silence this long beside the start or end of a contact leaves that end open (judgement)."""


class JudgeParams(Params):
    """Cut points on confidence, and the sizes that the parts compare with."""

    likely: float = param(0.80, "confidence from which a contact is a likely transfer", gt=0, lt=1, source=JUDGED)
    possible: float = param(0.40, "confidence from which it is a possible one", gt=0, lt=1, source=JUDGED)
    base_logit: float = param(-2.5, "logit of a contact about which nothing else is known", source=JUDGED)
    alongside_gap_m: float = param(
        30.0, "hulls nearer than this lie alongside, m", gt=0, source="fenders 3-5 m plus the error of two antennas"
    )
    rigid_m: float = param(
        20.0, "a pose this steady is that of ships made fast, m", gt=0, source="mooring slack and GPS error"
    )
    loose_m: float = param(60.0, "a pose that wanders more is that of separate ships, m", gt=0, source=JUDGED)
    small_craft_m: float = param(35.0, "hulls shorter than this carry no cargo worth counting, m", gt=0, source=JUDGED)
    few_samples: float = param(4.0, "moments with both ships heard at which evidence counts half", gt=0, source=JUDGED)
    min_reports: int = param(
        3, "reports of each ship inside a contact without which it is not called likely", ge=1, source=JUDGED
    )
    in_port_cap: float = param(
        0.15, "highest confidence of a contact in port", gt=0, lt=1, source="contract: in port is unlikely"
    )


@dataclass(frozen=True)
class Part:
    """One part of a judgement."""

    code: str
    logit: float
    sentence: str


@dataclass(frozen=True)
class Judgement:
    """The confidence with its parts."""

    confidence: float
    verdict: str
    in_port: bool
    parts: tuple[Part, ...]


def judge(
    evidence: Evidence,
    ship_1: Ship,
    ship_2: Ship,
    setting: Setting,
    duration_h: float,
    /,
    *,
    params: JudgeParams,
    berths: BerthParams,
) -> Judgement:
    """Judge one contact."""
    parts = [
        *_closeness(evidence, ship_1, ship_2, params),
        *_pose(evidence, params),
        *_time(duration_h, evidence),
        *_coming_and_going(evidence),
        *_kinds(evidence, ship_1, ship_2, params),
    ]
    total = params.base_logit + sum(part.logit for part in parts)
    if total > 0:
        # little evidence may not make certainty; it may well make doubt
        weight = evidence.samples / (evidence.samples + params.few_samples)
        text = f"Both ships were heard within {JOINT_S / 60:g} min of each other at {evidence.joint} moment(s)."
        parts.append(Part("samples", round(total * (weight - 1.0), 2), text))
        total *= weight
    confidence = float(1.0 / (1.0 + np.exp(-total)))
    fewest = min(evidence.reports_1, evidence.reports_2)
    if fewest < params.min_reports and confidence >= params.likely:
        parts.append(Part("few_reports", 0.0, f"Only {fewest} report(s) of a ship inside it: not called likely."))
        confidence = params.likely - 0.01
    is_still = max(evidence.spread_1_m, evidence.spread_2_m) <= berths.still_spread_m
    reason = port_reason(setting, is_still=is_still, is_moving=evidence.median_speed_kn > 1.0, params=berths)
    if reason is not None:
        parts.append(Part("in_port", 0.0, f"In port: {reason}."))
        confidence = min(confidence, params.in_port_cap)
    confidence = round(confidence, 3)
    verdict = "likely" if confidence >= params.likely else "possible" if confidence >= params.possible else "unlikely"
    return Judgement(confidence, verdict, reason is not None, tuple(parts))


def _trust(evidence: Evidence) -> float:
    """What a pose counts that was read between far reports only."""
    return 0.5 if evidence.basis == BETWEEN else 1.0


def _between(evidence: Evidence) -> str:
    """Words for how a pose was read."""
    if evidence.basis == JOINT:
        return ""
    return ", interpolated between far reports" if evidence.basis == BETWEEN else ", read between reports minutes apart"


def _closeness(evidence: Evidence, ship_1: Ship, ship_2: Ship, params: JudgeParams) -> list[Part]:
    """Water between the hulls, or the antenna distance held against the hulls' size."""
    gap = evidence.hull_gap_m
    if gap is not None:
        slack = 1.0 if evidence.gap_is_certain else 2.0
        assumed = "" if evidence.gap_is_certain else " (antenna places assumed)"
        text = f"Median gap between the hulls {gap:.0f} m{assumed}{_between(evidence)}."
        if gap <= params.alongside_gap_m:
            return [Part("gap", (2.0 if evidence.gap_is_certain else 1.5) * _trust(evidence), text)]
        if gap <= params.alongside_gap_m * 2.0 * slack:
            return [Part("gap", 0.0, text)]
        return [Part("gap", -2.0 if gap <= 150.0 else -4.0, text)]
    reach = 0.5 * ((ship_1.length_m or 60.0) + (ship_2.length_m or 60.0)) + 20.0
    ratio = evidence.median_distance_m / reach
    text = f"Median distance between the antennas {evidence.median_distance_m:.0f} m; hull sizes or headings are not known."
    return [Part("distance", 1.0 if ratio <= 0.7 else 0.0 if ratio <= 1.1 else -2.0 if ratio <= 2.0 else -4.0, text)]


def _pose(evidence: Evidence, params: JudgeParams) -> list[Part]:
    """Rigid pose, parallel keels, equal speeds."""
    parts = []
    if evidence.rigidity_m is not None:
        seen = "seen from the larger hull" if evidence.has_body_frame else "by distance alone"
        text = f"The pose varied by {evidence.rigidity_m:.0f} m ({seen}){_between(evidence)}."
        strength = (1.0 if evidence.has_body_frame else 0.5) * _trust(evidence)
        if evidence.rigidity_m <= params.rigid_m:
            parts.append(Part("rigid", 2.0 * strength, text))
        elif evidence.rigidity_m <= params.loose_m:
            parts.append(Part("rigid", 0.0, text))
        else:
            parts.append(Part("rigid", -2.5 * strength, text))
    angle = evidence.heading_difference_deg
    if angle is not None:
        text = f"The keels were {angle:.0f}° from parallel (median)."
        parts.append(Part("parallel", 0.7 if angle <= 10.0 else 0.0 if angle <= 25.0 else -2.0, text))
    relative = evidence.relative_speed_kn
    text = f"Speed of one relative to the other {relative:.1f} kn while making {evidence.median_speed_kn:.1f} kn."
    parts.append(Part("together", 0.5 if relative <= 0.4 else 0.0 if relative <= 0.8 else -2.0, text))
    if evidence.astern:
        parts.append(Part("in_line", -2.0, "One lay ahead of the other in line, not beside it."))
    return parts


def _time(duration_h: float, evidence: Evidence) -> list[Part]:
    """How long, and how much of it was heard."""
    if duration_h < 1.0 / 3.0:
        logit = -3.0
    elif duration_h < 0.6:
        logit = -1.0
    elif duration_h < 1.25:
        logit = 0.3
    else:
        logit = 1.0 if duration_h < 72.0 else -1.0
    parts = [Part("duration", logit, f"Together for {duration_h:.1f} h.")]
    if evidence.hole_h > 0.5:
        text = f"{evidence.hole_h:.1f} h of it were silent and are bridged only because both ships were together before and after."
        parts.append(Part("hole", -1.0 if evidence.hole_h > 0.5 * duration_h else -0.3, text))
    for hours, edge in ((evidence.silent_before_h, "begins"), (evidence.silent_after_h, "ends")):
        if hours > EDGE_H:
            met = "met earlier" if edge == "begins" else "stayed longer"
            parts.append(
                Part(edge, 0.0, f"It {edge} at the edge of {hours:.1f} h of silence of a ship: they may have {met}.")
            )
    if evidence.longest_silence_min > 45.0:
        parts.append(
            Part("silence", 0.0, f"The longest silence of a ship inside it is {evidence.longest_silence_min:.0f} min.")
        )
    return parts


def _coming_and_going(evidence: Evidence) -> list[Part]:
    """A ship that comes, lies, and leaves."""
    came, left = evidence.came, evidence.left
    if came and left:
        return [Part("came_and_left", 1.0, "They were seen more than a mile apart before and after.")]
    if came is False and left is False:
        return [Part("came_and_left", -1.5, "They were never seen more than a mile apart within 12 h before or after.")]
    if came or left:
        return [
            Part(
                "came_and_left",
                0.3,
                f"They were seen more than a mile apart {'before, not after' if came else 'after, not before'}.",
            )
        ]
    return []


def _kinds(evidence: Evidence, ship_1: Ship, ship_2: Ship, params: JudgeParams) -> list[Part]:
    """Types and sizes: who can give cargo to whom."""
    parts = []
    roles = (role_of(ship_1.ship_type), role_of(ship_2.ship_type))
    if SERVES in roles or LEISURE in roles:
        odd = ship_1 if roles[0] in (SERVES, LEISURE) else ship_2
        parts.append(Part("kind", -4.0, f"{odd.label} is a {role_of(odd.ship_type)} (type {odd.ship_type})."))
    elif roles == (FISHES, FISHES):
        parts.append(Part("kind", -3.0, "Both are fishing vessels."))
    elif is_tanker(ship_1.ship_type) and is_tanker(ship_2.ship_type):
        parts.append(Part("kind", 1.0, "Both are tankers."))
    elif is_tanker(ship_1.ship_type) or is_tanker(ship_2.ship_type) or roles == (CARRIES, CARRIES):
        parts.append(
            Part(
                "kind",
                0.5,
                "At least one is a tanker."
                if CARRIES in roles and roles != (CARRIES, CARRIES)
                else "Both carry cargo.",
            )
        )
    elif UNKNOWN in roles:
        parts.append(Part("kind", -0.5, "The type of a ship is not known."))
    if (is_tow(ship_1.ship_type) or is_tow(ship_2.ship_type)) and evidence.median_speed_kn > 2.0:
        parts.append(Part("tow", -1.0, "A tug under way with another ship: towing or escorting."))
    lengths = [ship.length_m for ship in (ship_1, ship_2)]
    known = [length for length in lengths if length is not None]
    if known and min(known) < params.small_craft_m:
        parts.append(Part("size", -2.0, f"The smaller hull is {min(known):.0f} m long."))
    elif len(known) < 2:
        parts.append(Part("size", -0.5, "The size of a ship is not known."))
    return parts
