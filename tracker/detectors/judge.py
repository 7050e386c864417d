"""How sure are we that a contact was a transfer-like meeting? A sum of stated parts, through a logistic curve.

Each part is a reading (`tracker.detectors.readings`) and the logits that the packaged table of weights gives it
(`tracker.detectors.weights`); the sum gives ``confidence`` and the sentences give ``why``. Poses in favour count less
where few moments were heard: little evidence may not make certainty, it may well make doubt. Rules that are no matter
of weight (in port, too few reports) set ceilings and say so.
"""

from dataclasses import dataclass

from tracker.detectors.berths import BerthParams, Setting, port_reason
from tracker.detectors.evidence import JOINT_S, Evidence
from tracker.detectors.readings import Draughts, Reading, read_contact
from tracker.detectors.weights import Weights, chance, packaged_weights
from tracker.params import Params, param
from tracker.tables.ship import Ship

JUDGED = "engineering judgement; see the module's note"

EDGE_H = 0.75
"""A silence this long beside the start or end of a contact leaves that end open (judgement)."""


class JudgeParams(Params):
    """Cut points on confidence, and its ceilings."""

    likely: float = param(0.80, "confidence from which a contact is a likely transfer", gt=0, lt=1, source=JUDGED)
    possible: float = param(0.40, "confidence from which it is a possible one", gt=0, lt=1, source=JUDGED)
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
    draughts: Draughts | None = None,
    weights: Weights | None = None,
) -> Judgement:
    """Judge one contact.

    Parameters
    ----------
    draughts : declared before and after; None when nothing was declared
    weights : None: those of this edition
    """
    table = packaged_weights() if weights is None else weights
    readings = read_contact(evidence, ship_1, ship_2, duration_h, draughts or Draughts())
    total, parts = _add_up(readings, evidence, table)
    parts += _open_ends(evidence)
    confidence = min(chance(total), table.ceiling)
    fewest = min(evidence.reports_1, evidence.reports_2)
    if fewest < params.min_reports and confidence >= params.likely:
        parts.append(Part("few_reports", 0.0, f"Only {fewest} report(s) of a ship inside it: not called likely."))
        confidence = params.likely - 0.01
    if evidence.hull_gap_m is None and None in (ship_1.length_m, ship_2.length_m) and confidence >= params.likely:
        text = "How they lay was not seen, for want of a size and of headings: not called likely."
        parts.append(Part("unseen", 0.0, text))
        confidence = params.likely - 0.01
    is_still = max(evidence.spread_1_m, evidence.spread_2_m) <= berths.still_spread_m
    reason = port_reason(setting, is_still=is_still, is_moving=evidence.median_speed_kn > 1.0, params=berths)
    if reason is not None:
        parts.append(Part("in_port", 0.0, f"In port: {reason}."))
        confidence = min(confidence, params.in_port_cap)
    if confidence == table.ceiling:
        text = f"No confidence is above {table.ceiling:.2f}: the weights were fitted on synthetic fleets."
        parts.append(Part("ceiling", 0.0, text))
    confidence = round(confidence, 3)
    verdict = "likely" if confidence >= params.likely else "possible" if confidence >= params.possible else "unlikely"
    return Judgement(confidence, verdict, reason is not None, tuple(parts))


def _add_up(readings: list[Reading], evidence: Evidence, weights: Weights) -> tuple[float, list[Part]]:
    """The sum of all parts, and the parts as they entered it."""
    pose = sum(weights.logit(r) for r in readings if r.is_pose)
    share = weights.share(evidence.samples) if pose > 0 else 1.0
    parts = [Part(r.part, round(weights.logit(r) * (share if r.is_pose else 1.0), 2), r.sentence) for r in readings]
    rest = sum(weights.logit(r) for r in readings if not r.is_pose)
    text = f"Both ships were heard within {JOINT_S / 60:g} min of each other at {evidence.joint} moment(s)"
    parts.append(
        Part("samples", 0.0, f"{text}: what the poses say in favour counts {share:.0%}." if pose > 0 else f"{text}.")
    )
    return weights.base + pose * share + rest, parts


def _open_ends(evidence: Evidence) -> list[Part]:
    """Silences that leave the times open; they say nothing for or against."""
    parts = []
    for hours, edge, met in (
        (evidence.silent_before_h, "begins", "met earlier"),
        (evidence.silent_after_h, "ends", "stayed longer"),
    ):
        if hours > EDGE_H:
            text = f"It {edge} at the edge of {hours:.1f} h of silence of a ship: they may have {met}."
            parts.append(Part(edge, 0.0, text))
    if evidence.longest_silence_min > 45.0:
        text = f"The longest silence of a ship inside it is {evidence.longest_silence_min:.0f} min."
        parts.append(Part("silence", 0.0, text))
    return parts
