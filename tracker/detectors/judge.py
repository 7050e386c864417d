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


LEAST_SAMPLES = 0.5
"""Fewer moments than this are none: not one at which both ships were heard, nor one near reports of both."""
CARRIES_IT = {
    "came_and_left": "their coming and going",
    "kind": "the kinds of ships",
    "draught": "the change of draught",
    "duration": "the time together",
}
UNHEARD_H = 6.0
"""Reports are read this long before and after a contact at least (`tracker.detectors.encounters.PAD_MS`)."""


@dataclass(frozen=True)
class Bounds:
    """How a contact lies in the time of the data, h."""

    since_begin_h: float
    """From the first report of all to its start."""
    until_end_h: float
    """From its end to the last report of all."""


class JudgeParams(Params):
    """Cut points on confidence, and its ceilings."""

    likely: float = param(0.80, "confidence from which a contact is a likely transfer", gt=0, lt=1, source=JUDGED)
    possible: float = param(0.40, "confidence from which it is a possible one", gt=0, lt=1, source=JUDGED)
    min_reports: int = param(
        3, "reports of each ship inside a contact without which it is not called likely", ge=1, source=JUDGED
    )
    least_pose: float = param(
        0.1,
        "what poses, as far as measured, and draughts must say in favour of a contact that is called likely, logit",
        ge=0,
        source="judgement: that tankers came and left is no sight of their lying alongside",
    )
    enough_moments: float = param(
        6.0,
        "moments with both ships heard from which a confidence may reach the ceiling, unless a draught changed",
        gt=0,
        source="judgement: an hour at reports every ten minutes",
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
    bounds: Bounds | None = None,
) -> Judgement:
    """Judge one contact.

    Parameters
    ----------
    draughts : declared before and after; None when nothing was declared
    weights : None: those of this edition
    bounds : how it lies in the time of the data; None: not known
    """
    table = packaged_weights() if weights is None else weights
    readings = read_contact(evidence, ship_1, ship_2, duration_h, draughts or Draughts())
    total, pose, parts = _add_up(readings, evidence, table)
    parts += _open_ends(evidence)
    parts += _outermost(evidence, ship_1, ship_2, bounds)
    draughts_say = sum(part.logit for part in parts if part.code == "draught")
    top = table.ceiling
    if draughts_say < params.least_pose:
        # from just under likely with nothing measured up to the ceiling: more moments heard never lower it
        under = params.likely - 0.01
        top = under + (top - under) * min(evidence.samples / params.enough_moments, 1.0)
    confidence = min(chance(total), top)
    fewest = min(evidence.reports_1, evidence.reports_2)
    if fewest < params.min_reports and confidence >= params.likely:
        parts.append(Part("few_reports", 0.0, f"Only {fewest} report(s) of a ship inside it: not called likely."))
        confidence = params.likely - 0.01
    if evidence.hull_gap_m is None and None in (ship_1.length_m, ship_2.length_m) and confidence >= params.likely:
        text = "How they lay was not seen, for want of a size and of headings: not called likely."
        parts.append(Part("unseen", 0.0, text))
        confidence = params.likely - 0.01
    if pose + draughts_say < params.least_pose and confidence >= params.likely:
        parts.append(Part("no_pose", 0.0, "How they lay does not speak for it: not called likely."))
        confidence = params.likely - 0.01
    is_still = max(evidence.spread_1_m, evidence.spread_2_m) <= berths.still_spread_m
    reason = port_reason(setting, is_still=is_still, is_moving=evidence.median_speed_kn > 1.0, params=berths)
    if reason is not None:
        parts.append(Part("in_port", 0.0, f"In port: {reason}."))
        confidence = min(confidence, params.in_port_cap)
    if confidence == top:
        why = "the weights were fitted on synthetic fleets" if top == table.ceiling else "few moments were heard"
        parts.append(Part("ceiling", 0.0, f"No confidence is above {top:.2f}: {why}."))
    confidence = round(confidence, 3)
    verdict = "likely" if confidence >= params.likely else "possible" if confidence >= params.possible else "unlikely"
    return Judgement(confidence, verdict, reason is not None, tuple(parts))


def _add_up(readings: list[Reading], evidence: Evidence, weights: Weights) -> tuple[float, float, list[Part]]:
    """The sum of all parts, what the poses are of it, and the parts as they entered it."""
    logits = [weights.logit(r) for r in readings]
    pose = sum(logit for r, logit in zip(readings, logits, strict=True) if r.is_pose)
    share = weights.share(evidence.samples) if pose > 0 else 1.0
    parts = [
        Part(r.part, round(logit * (share if r.is_pose else 1.0), 2), r.sentence)
        for r, logit in zip(readings, logits, strict=True)
    ]
    rest = sum(logit for r, logit in zip(readings, logits, strict=True) if not r.is_pose)
    parts.append(Part("samples", 0.0, _measured(parts, evidence, share if pose > 0 else None)))
    return weights.base + pose * share + rest, pose * share, parts


def _measured(parts: list[Part], evidence: Evidence, share: float | None) -> str:
    """How well it was seen how they lay; what else carries the confidence where it was not."""
    text = f"Both ships were heard within {JOINT_S / 60:g} min of each other at {evidence.joint} moment(s)"
    if share is None:
        return f"{text}."
    if evidence.samples >= LEAST_SAMPLES:
        return f"{text}: what the poses say in favour counts {share:.0%}."
    told = sorted((part for part in parts if part.code in CARRIES_IT and part.logit > 0), key=lambda part: -part.logit)
    rests = " and ".join(CARRIES_IT[part.code] for part in told) or "nothing in favour"
    return f"{text}: how they lay was not measured and counts nothing. The confidence rests on {rests}."


def _outermost(evidence: Evidence, ship_1: Ship, ship_2: Ship, bounds: Bounds | None) -> list[Part]:
    """Contacts that begin with the first report of a ship or end with her last: their times are bounds."""
    parts = []
    for edge, which, flags, hours, beyond, meant in (
        (
            "begins",
            "first",
            evidence.begins_with,
            None if bounds is None else bounds.since_begin_h,
            "before",
            "met earlier",
        ),
        ("ends", "last", evidence.ends_with, None if bounds is None else bounds.until_end_h, "after", "stayed longer"),
    ):
        whose = " and ".join(ship.label for ship, is_so in zip((ship_1, ship_2), flags, strict=True) if is_so)
        if not whose:
            continue
        if hours is None:
            text = f"It {edge} with the {which} report held of {whose}"
        elif hours < UNHEARD_H:
            where = f"where the data {edge.removesuffix('s')} (within {max(hours, 0.1):.1f} h)"
            text = f"It {edge} with the {which} report held of {whose}, {where}"
        else:
            text = f"It {edge} with a report of {whose}, not heard in the {UNHEARD_H:g} h {beyond}"
        still = "already" if edge == "begins" else "still"
        parts.append(Part(f"{edge}_with_data", 0.0, f"{text}: they were together {still} and may have {meant}."))
    return parts


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
