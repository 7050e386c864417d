"""From fired rules to a score: ``100 x (1 - prod(1 - w/100))``, bounded, order-free, with diminishing returns.

A rule that fires n times counts ``cap x (1 - (1 - w/cap)^n)``: never above its cap. Bands: low, watch, high, severe.
High needs two independent groups, unless a listed ship stands behind it; flag and ownership alone never leave low
(cargo-and-law.md 5.2). Weights are judgement, not probabilities.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import prod
from typing import NamedTuple

BANDS = ((75.0, "severe"), (50.0, "high"), (25.0, "watch"), (0.0, "low"))
WEAK_GROUPS = {"flag", "corporate"}
LIST_RULES = {"R01"}
HIGH = 50.0
WATCH = 25.0


class Part(NamedTuple):
    """What one rule adds: how often it fired, its points after the cap, and the reasons."""

    rule_id: str
    group: str
    name: str
    times: int
    points: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Score:
    """A score with its parts, strongest first, and the rules that lacked data with what they lack."""

    score: float
    band: str
    parts: tuple[Part, ...]
    missing: tuple[tuple[str, str], ...] = ()

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Codes of the rules that fired, strongest first."""
        return tuple(part.rule_id for part in self.parts)

    @cached_property
    def lacking(self) -> tuple[str, ...]:
        """The rules that lacked data, each with what it lacks."""
        return tuple(f"{rule}: {needs}" for rule, needs in self.missing)

    @cached_property
    def sentence(self) -> str:
        """The score with its parts in one line, and how many rules could not be asked."""
        told = "; ".join(f"{p.rule_id} {p.name} +{p.points:.0f} ({', '.join(p.reasons)})" for p in self.parts)
        lacking = f" {len(self.missing)} rule(s) lack data and are not counted as clean." if self.missing else ""
        return f"Risk {self.score:.0f} of 100, {self.band}: {told or 'no rule fired'}.{lacking}"


def repeat_points(weight: float, cap: float, times: int, /) -> float:
    """Points of a rule that fired `times` times: weight for one, towards the cap for many; cap >= weight > 0."""
    if weight <= 0.0 or times <= 0:
        return 0.0
    return cap * (1.0 - (1.0 - weight / cap) ** times) if cap > weight else weight


def combine(points: Iterable[float], /) -> float:
    """Score of parts, 0..100, whatever their order."""
    # sorted, because a product of floats differs in its last bit with the order
    return 100.0 * (1.0 - prod(1.0 - min(max(p, 0.0), 100.0) / 100.0 for p in sorted(points)))


def band_of(score: float, parts: Sequence[Part], /) -> str:
    """Band of a score, held down when it rests on one group, or on flag and ownership alone."""
    groups = {part.group for part in parts if part.points > 0}
    if groups and groups <= WEAK_GROUPS:
        return "low"
    if len(groups) < 2 and not any(part.rule_id in LIST_RULES for part in parts):
        score = min(score, HIGH - 1e-9)
    return next(name for least, name in BANDS if score >= least)


def score_of(parts: Iterable[Part], missing: Iterable[tuple[str, str]] = (), /) -> Score:
    """Score of parts; those without points are left out."""
    kept = tuple(sorted((p for p in parts if p.points > 0), key=lambda p: (-p.points, p.rule_id)))
    # what else a part holds has no part in it, and most events share these
    score, band = _weighed(tuple(part._replace(name="", times=1, reasons=()) for part in kept))
    return Score(score, band, kept, tuple(sorted(missing)))


@lru_cache(maxsize=10_000)
def _weighed(parts: tuple[Part, ...]) -> tuple[float, str]:
    score = round(combine(part.points for part in parts), 1)
    return score, band_of(score, parts)
