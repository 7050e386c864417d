"""Fit the weights of the confidence on synthetic fleets, and say how well they hold on others.

    python scripts/fit_confidence.py            # writes tracker/data/detection/confidence_weights.csv

Training fleets: the grounds of `TRAINING`, seeds 100 and up. Checked on the grounds of `TESTING`, seeds 200 and up,
which `tracker evaluate --sweep` does not use either (it plays seeds 300 and up). Contacts in port and those of two
ships of one raft that did not lie against each other are decided by rule and not fitted.

The model: logit = base + share x (sum of poses, if in favour) + rest, each part a straight line between knots
(held to rise or fall where sense demands it) or a level by name; ridge on the steps. Minimised by L-BFGS-B.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from tracker.detectors.evidence import Evidence
from tracker.detectors.readings import Reading, read_contact
from tracker.pipeline.params import RunParams
from tracker.pipeline.trials import contacts_in, label_contacts
from tracker.simulate.trials.ears import Ears
from tracker.simulate.trials.ground import TESTING, TRAINING
from tracker.simulate.trials.trial import hear_trial, stage_trial

OUT = Path(__file__).parent.parent / "tracker/data/detection/confidence_weights.csv"
EARS = (
    *(Ears("shore", s) for s in (60.0, 300.0, 600.0, 1800.0, 3900.0)),
    *(Ears("space", s) for s in (300.0, 600.0, 1800.0, 3900.0)),
)
FEW = (0.5, 1.0, 2.0, 4.0, 8.0)
CEILING = 0.98
"""Highest confidence given: a judgement. The fleets are synthetic; what they leave out has no weight here."""
RIDGE = 0.4

NUMBERS: dict[tuple[str, str], tuple[tuple[float, ...], float, int]] = {
    ("gap", "reported"): ((0, 8, 16, 30, 60, 120, 300), 30, -1),
    ("gap", "assumed"): ((0, 8, 16, 30, 60, 120, 300), 30, -1),
    ("gap", "one_keel"): ((0, 8, 16, 30, 60, 120, 300), 30, -1),
    ("distance", ""): ((0.2, 0.35, 0.5, 0.8, 1.1, 1.6, 2.5, 4.0), 0.8, -1),
    ("rigid", "body"): ((2, 5, 10, 20, 40, 80, 160), 40, -1),
    ("rigid", "distance"): ((2, 5, 10, 20, 40, 80, 160), 40, -1),
    ("parallel", ""): ((0, 4, 8, 15, 30, 60, 90), 15, -1),
    ("turning", ""): ((1, 2, 4, 8, 16, 30), 8, -1),
    ("together", ""): ((0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 2.0), 0.2, -1),
    ("duration", ""): ((0.17, 0.33, 0.6, 0.9, 1.5, 3.0, 8.0, 16.0, 32.0), 0.6, 0),
    ("hole", ""): ((0.05, 0.3, 0.6, 0.9), 0.05, -1),
}
"""Knots, the knot at which the part says nothing, and whether the weight may only fall (-1) or do either (0)."""
LEVELS: dict[tuple[str, str], tuple[str, ...]] = {
    ("came_and_left", ""): ("one", "both", "neither"),
    ("kind", ""): ("both_cargo", "one_tanker", "both_tankers", "other", "service", "leisure", "both_fish"),
    ("in_line", ""): ("yes",),
    ("tow", ""): ("yes",),
    ("size", ""): ("small", "unknown"),
    ("draught", ""): ("one", "opposite", "same_way"),
}
"""Names; any other says nothing."""
STAIRS = {
    ("came_and_left", ""): ("one", "both"),
    ("kind", ""): ("both_cargo", "one_tanker", "both_tankers"),
    ("draught", ""): ("one", "opposite"),
}
"""Names each of which counts at least what the one before it does."""


@dataclass(frozen=True)
class Sample:
    readings: list[Reading]
    moments: float
    is_meeting: bool
    label: str
    where: str


def samples(grounds: Any, seeds: range) -> Iterator[Sample]:
    params = RunParams()
    for n, seed in enumerate(seeds):
        ground = grounds[n % len(grounds)]
        play = stage_trial(ground, seed=seed)
        for ears in EARS:
            begin = time.perf_counter()
            trial = hear_trial(play, ears, seed=seed)
            contacts = contacts_in(trial.fixes, trial.statics, params=params)
            for contact, label in zip(contacts, label_contacts(contacts, trial.truth, params=params), strict=True):
                if label.is_judged:
                    f = contact.found
                    readings = read_contact(f.evidence, f.ship_1, f.ship_2, f.duration_h, contact.draughts)
                    yield Sample(readings, moments(f.evidence), label.is_meeting, label.name, trial.name)
            print(f"{trial.name}: {len(contacts)} contacts, {time.perf_counter() - begin:.1f} s", file=sys.stderr)


def moments(evidence: Evidence) -> float:
    return evidence.samples


class Design:
    """Columns: base, then steps between knots away from the knot that says nothing, then levels."""

    def __init__(self) -> None:
        self.columns: list[tuple[str, str, str]] = [("base", "", "")]
        self.low, self.high, self.ridge = [-np.inf], [np.inf], [0.0]
        for key, (knots, neutral, sense) in NUMBERS.items():
            for knot in knots:
                if knot != neutral:
                    self._add((*key, f"{knot:g}"), *self._bounds(knot < neutral, sense))
        for key, levels in LEVELS.items():
            for level in levels:
                is_step = level in STAIRS.get(key, ()) and (level != STAIRS[key][0] or key[0] == "draught")
                self._add((*key, level), 0.0 if is_step else -np.inf, np.inf)
        self.at = {column: n for n, column in enumerate(self.columns)}

    def _add(self, column: tuple[str, str, str], low: float, high: float) -> None:
        self.columns.append(column)
        self.low.append(low)
        self.high.append(high)
        self.ridge.append(1.0)

    @staticmethod
    def _bounds(is_below: bool, sense: int) -> tuple[float, float]:
        if sense == 0:
            return -np.inf, np.inf
        return (0.0, np.inf) if is_below else (-np.inf, 0.0)

    def row(self, sample: Sample) -> tuple[np.ndarray, np.ndarray]:
        """Columns of the poses and of the rest."""
        pose, rest = np.zeros(len(self.columns)), np.zeros(len(self.columns))
        rest[0] = 1.0
        for r in sample.readings:
            key = (r.part, r.variant)
            into = pose if r.is_pose else rest
            if isinstance(r.value, str):
                for level in _stairs(key, r.value):
                    if (place := self.at.get((*key, level))) is not None:
                        into[place] = 1.0
                continue
            knots, neutral, _ = NUMBERS[key]
            for low, high in pairwise(knots):
                # the column of a step is named by the knot farther from the neutral one
                if high <= neutral:
                    into[self.at[(*key, f"{low:g}")]] = np.clip((high - r.value) / (high - low), 0.0, 1.0)
                else:
                    into[self.at[(*key, f"{high:g}")]] = np.clip((r.value - low) / (high - low), 0.0, 1.0)
        return pose, rest

    def weights(self, beta: np.ndarray) -> list[tuple[str, str, str, float]]:
        """Rows of the table: steps summed outwards to weights at knots."""
        out: list[tuple[str, str, str, float]] = []
        for key, (knots, neutral, _) in NUMBERS.items():
            steps = {knot: beta[self.at[(*key, f"{knot:g}")]] for knot in knots if knot != neutral}
            for knot in knots:
                between = [step for k, step in steps.items() if (knot <= k < neutral) or (neutral < k <= knot)]
                out.append((*key, f"{knot:g}", float(sum(between))))
        for key, levels in LEVELS.items():
            for level in levels:
                out.append((*key, level, float(sum(beta[self.at[(*key, step)]] for step in _stairs(key, level)))))
        return out


def _stairs(key: tuple[str, str], level: str) -> tuple[str, ...]:
    """A level and those below it on its stairs."""
    stairs = STAIRS.get(key, ())
    return stairs[: stairs.index(level) + 1] if level in stairs else (level,)


def fit(
    design: Design, pose: np.ndarray, rest: np.ndarray, y: np.ndarray, share: np.ndarray
) -> tuple[np.ndarray, float]:
    ridge = np.array(design.ridge)

    def loss(beta: np.ndarray) -> tuple[float, np.ndarray]:
        p = pose @ beta
        s = np.where(p > 0, share, 1.0)
        z = rest @ beta + s * p
        value = np.sum(np.logaddexp(0.0, z) - y * z) + RIDGE * np.sum(ridge * beta * beta)
        slope = 1.0 / (1.0 + np.exp(-z)) - y
        return value, rest.T @ slope + pose.T @ (slope * s) + 2 * RIDGE * ridge * beta

    start = np.where(np.isfinite(design.low), 0.1, np.where(np.isfinite(design.high), -0.1, 0.0))
    found = minimize(
        loss,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=list(zip(design.low, design.high, strict=True)),
        options={"maxiter": 3000, "maxfun": 6000},
    )
    return found.x, float(found.fun)


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--train", type=int, default=15, help="training fleets")
    ask.add_argument("--check", type=int, default=5, help="fleets for checking")
    ask.add_argument("--keep", type=Path, help="keep or reuse the samples in this file")
    args = ask.parse_args()
    if args.keep and args.keep.exists():
        import pickle

        train, check = pickle.loads(args.keep.read_bytes())
    else:
        train = list(samples(TRAINING, range(100, 100 + args.train)))
        check = list(samples(TESTING, range(200, 200 + args.check)))
        if args.keep:
            import pickle

            args.keep.write_bytes(pickle.dumps((train, check)))
    design = Design()
    tables = [tuple(np.array(column) for column in zip(*map(design.row, part), strict=True)) for part in (train, check)]
    y = [np.array([s.is_meeting for s in part], float) for part in (train, check)]
    heard = [np.array([s.moments for s in part]) for part in (train, check)]
    best = min(
        ((*fit(design, *tables[0], y[0], heard[0] / (heard[0] + few)), few) for few in FEW), key=lambda found: found[1]
    )
    beta, _, few = best
    for name, n in (("training", 0), ("checking", 1)):
        p = tables[n][0] @ beta
        z = tables[n][1] @ beta + np.where(p > 0, heard[n] / (heard[n] + few), 1.0) * p
        said = 1.0 / (1.0 + np.exp(-z))
        report(name, said, y[n], (train, check)[n])
    lines = [
        "# SYNTHETIC fleets; see README.md. Made by scripts/fit_confidence.py, not by hand.",
        f"# {len(train)} contacts of {args.train} fleets, edition {datetime.now(UTC):%Y-%m-%d}",
        "part,variant,at,logit",
        f"base,,,{beta[0]:.2f}",
        f"few_moments,,,{few:g}",
        f"ceiling,,,{CEILING:g}",
        *(f"{part},{variant},{at},{logit:.2f}" for part, variant, at, logit in design.weights(beta)),
    ]
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")


def report(name: str, said: np.ndarray, y: np.ndarray, part: list[Sample]) -> None:
    place = np.minimum((said * 10).astype(int), 9)
    error = sum(
        np.sum(place == b) * abs(said[place == b].mean() - y[place == b].mean())
        for b in range(10)
        if (place == b).any()
    )
    print(
        f"{name}: {len(y)} contacts, {int(y.sum())} meetings, Brier {np.mean((said - y) ** 2):.4f}, ECE {error / len(y):.4f}"
    )
    for b in range(10):
        if (here := place == b).any():
            print(f"  {b / 10:.1f}: {here.sum():5d} said {said[here].mean():.3f} right {y[here].mean():.3f}")
    likely, possible = said >= 0.8, said >= 0.4
    print(
        f"  precision {y[likely].mean():.3f} recall {y[possible].sum() / max(y.sum(), 1):.3f} (of the contacts found)"
    )
    wrong = [(s.label, s.where.split(", ")[2:]) for s, p, t in zip(part, said, y, strict=True) if p >= 0.8 and not t]
    print("  false likely:", {k: sum(1 for w in wrong if w[0] == k) for k in {w[0] for w in wrong}})
    lost = [(s.label, s.where.split(", ")[2:]) for s, p, t in zip(part, said, y, strict=True) if p < 0.4 and t]
    print("  lost:", {k: sum(1 for w in lost if w[0] == k) for k in {w[0] for w in lost}})


if __name__ == "__main__":
    main()
