"""The weights of the confidence: a packaged table, fitted on synthetic fleets, looked up by readings.

``part, variant, at, logit``: a part with numbers in ``at`` is looked up between them in a straight line and held at
the ends; a part with names in ``at`` by name, an unknown name counting nothing. ``base`` is the logit before anything
is known, ``few_moments`` the number of heard moments at which poses in favour count half, ``ceiling`` the highest
confidence (not a logit): a model fitted on synthetic fleets cannot be surer of the sea.
"""

import csv
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import exp

from tracker.detectors.readings import Reading

FILE = "confidence_weights.csv"


@dataclass(frozen=True)
class Weights:
    """Weights by part and variant."""

    base: float
    few_moments: float
    ceiling: float
    knots: dict[tuple[str, str], tuple[tuple[float, ...], tuple[float, ...]]]
    levels: dict[tuple[str, str], dict[str, float]]

    def logit(self, reading: Reading, /) -> float:
        """What one reading counts, before regard to how much was heard."""
        key = (reading.part, reading.variant)
        if isinstance(reading.value, str):
            return self.levels.get(key, {}).get(reading.value, 0.0)
        if key not in self.knots:
            return 0.0
        return _between(reading.value, *self.knots[key])

    def share(self, moments: float, /) -> float:
        """How much poses in favour count when so many moments were heard, 0 to 1."""
        return moments / (moments + self.few_moments) if moments > 0 else 0.0


@lru_cache(maxsize=1)
def packaged_weights() -> Weights:
    """The table of this edition."""
    text = files("tracker").joinpath(f"data/detection/{FILE}").read_text(encoding="utf-8")
    return read_weights(text.splitlines())


def read_weights(lines: Sequence[str], /) -> Weights:
    """Weights from the lines of a CSV; lines that begin with ``#`` are remarks."""
    single: dict[str, float] = {}
    knots: dict[tuple[str, str], list[tuple[float, float]]] = {}
    levels: dict[tuple[str, str], dict[str, float]] = {}
    for row in csv.DictReader(line for line in lines if not line.startswith("#")):
        key, at, logit = (row["part"], row["variant"]), row["at"], float(row["logit"])
        if not at:
            single[row["part"]] = logit
        elif at.replace(".", "", 1).isdigit():
            knots.setdefault(key, []).append((float(at), logit))
        else:
            levels.setdefault(key, {})[at] = logit
    tables = {key: tuple(zip(*sorted(rows), strict=True)) for key, rows in knots.items()}
    return Weights(
        single["base"],
        single["few_moments"],
        single.get("ceiling", 1.0),
        {key: (table[0], table[1]) for key, table in tables.items()},
        levels,
    )


def _between(value: float, at: Sequence[float], logits: Sequence[float]) -> float:
    """As `numpy.interp`, which takes ten times as long for one value."""
    if not at[0] <= value < at[-1]:
        return logits[0] if value < at[0] else logits[-1] if value >= at[-1] else value
    k = bisect_right(at, value) - 1
    return (logits[k + 1] - logits[k]) / (at[k + 1] - at[k]) * (value - at[k]) + logits[k]


def chance(logit: float, /) -> float:
    """The logistic curve."""
    return 1.0 / (1.0 + exp(-logit))
