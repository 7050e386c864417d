"""Fit the weights of dark partners on simulated fleets, and print how well they hold on others.

    python scripts/fit_dark.py            fits on training grounds, prints the weights and the tables of both
    python scripts/fit_dark.py --check    prints the tables of the weights in use, on the testing grounds only

Fleets are synthetic, of the trials that `tracker evaluate --sweep` is measured on, with more dark meetings and more ships
that wait alone among them. Every third fleet is heard in another way. What is fitted is a conditional choice: which
candidate came, or none (McFadden 1974), shrunk towards the values that stand in the code. The check runs the testing
fleets through the whole of detection too, and prints the same table as the sweep.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.optimize import minimize

from tests.detectors.alone import alone_among
from tracker.detectors.dark import DarkParams, weigh_fields
from tracker.detectors.fits import find_candidates
from tracker.detectors.loitering import Loiter
from tracker.detectors.partners import TRAITS, Field
from tracker.identity.cards import Cards
from tracker.pipeline.params import RunParams
from tracker.pipeline.proving import run_trial
from tracker.simulate.outcomes import Outcomes
from tracker.simulate.sweep_table import dark_table
from tracker.simulate.trials.ears import Ears
from tracker.simulate.trials.ground import TESTING, TRAINING, Ground
from tracker.simulate.trials.trial import DARK, hear_trial, stage_trial

HEARD = (Ears("shore", 120.0), Ears("space", 600.0), Ears("shore", 600.0))
FREE = ("brief", "long", "excess", "one_end", "early", "far")
"""Traits that the fleets can tell. The others keep their judged weights: ships of these fleets steer straighter, and lie
and turn back less, than ships do, and nearly every silence of hours in them is a set switched off."""
SPREAD = 1.0
"""How far a fitted weight may leave its judged value: standard deviation of the prior."""
BINS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1.0001)


@dataclass(frozen=True)
class Choice:
    """A slow spell with its candidates, and which of them came (-1: none)."""

    loiter: Loiter
    field: Field
    partner: int
    is_dark: bool
    trial: int


def choices(grounds: tuple[Ground, ...], seeds: tuple[int, ...], /, *, params: DarkParams) -> list[Choice]:
    """Slow spells of many fleets."""
    found = []
    for g, ground in enumerate(grounds):
        for k, seed in enumerate(seeds):
            trial = hear_trial(stage_trial(ground, seed=seed, cast=DARK), HEARD[(g + k) % len(HEARD)], seed=seed)
            found += choices_of(trial, g * 1000 + seed, params=params)
    return found


def choices_of(trial: Any, number: int, /, *, params: DarkParams) -> list[Choice]:
    """Slow spells of one fleet; those spent beside a ship that was heard are left out, as the pipeline does."""
    seen = alone_among(trial.fixes, trial.statics)
    truth, ship_at = trial.truth.to_pylist(), Cards(trial.statics).ship_at
    docked = np.zeros(len(seen.silences), np.bool_)
    out = []
    for one in seen.loiterers:
        near = [row for row in truth if one.ship.mmsi in (row["mmsi_1"], row["mmsi_2"]) and _shared(row, one) > 0]
        if any(row["type"] == "encounter" for row in near):
            continue
        dark = [row for row in near if row["type"] == "dark_encounter" and _shared(row, one) > 0.5]
        partner = None if not dark else dark[0]["mmsi_1"] + dark[0]["mmsi_2"] - one.ship.mmsi
        (field,) = find_candidates(
            [one], seen.silences, seen.stories, docked, ship_at, params=params.partners, weights=params.weights
        )
        ids = [c.ship.mmsi for c in field.candidates]
        out.append(Choice(one, field, ids.index(partner) if partner in ids else -1, bool(dark), number))
    return out


def _shared(row: dict[str, Any], one: Loiter) -> float:
    begin, end = (row[name].timestamp() * 1000 for name in ("start_time", "end_time"))
    return float((min(end, one.end_ms) - max(begin, one.start_ms)) / (end - begin))


def fit(data: list[Choice], params: DarkParams, /) -> DarkParams:
    """Weights with the greatest likelihood, shrunk."""

    def with_(theta: Any) -> DarkParams:
        weights = params.weights.model_copy(update=dict(zip(FREE, map(float, theta), strict=False)))
        return params.model_copy(update={"weights": weights, "crowd": float(theta[-2]), "none_logit": float(theta[-1])})

    start = np.array([*(getattr(params.weights, name) for name in FREE), params.crowd, params.none_logit])
    spread = np.array([SPREAD] * len(FREE) + [0.3, 3.0])

    def loss(theta: Any) -> float:
        total = 0.5 * float((((theta - start) / spread) ** 2).sum())
        for choice, (chances, none) in zip(data, chances_of(data, with_(theta)), strict=True):
            if choice.is_dark and choice.partner < 0:
                continue
            total -= float(np.log(max(chances[choice.partner] if choice.is_dark else none, 1e-9)))
        return total

    return with_(minimize(loss, start, method="L-BFGS-B", options={"maxiter": 60}).x)


def chances_of(data: list[Choice], params: DarkParams, /) -> list[tuple[Any, float]]:
    """Probabilities of the candidates of each spell in their order, and of none, as detection gives them."""
    out = []
    for trial in dict.fromkeys(choice.trial for choice in data):
        own = [choice for choice in data if choice.trial == trial]
        for choice, (chances, none) in zip(
            own, weigh_fields([c.loiter for c in own], [c.field for c in own], params=params), strict=True
        ):
            by_row = {id(c): p for c, p in chances}
            p = np.array([by_row[id(c)] for c in choice.field.candidates])
            out.append((p, none))
    return out


def runs(seeds: tuple[int, ...], /) -> Iterator[tuple[str, float, Outcomes, Outcomes]]:
    """Outcomes of the testing fleets, as the sweep gives them."""
    for g, ground in enumerate(TESTING):
        for k, seed in enumerate(seeds):
            ears = HEARD[(g + k) % len(HEARD)]
            run = run_trial(
                hear_trial(stage_trial(ground, seed=seed, cast=DARK), ears, seed=seed), ears, params=RunParams()
            )
            yield ears.reception, ears.interval_s, run.ours, run.reference


def report(data: list[Choice], params: DarkParams, /) -> tuple[int, int, int, float]:
    """Print ranks and reliability; give (dark meetings, first, among the first three, expected calibration error)."""
    chance, came, first, three = [], [], 0, 0
    for choice, (p, _) in zip(data, chances_of(data, params), strict=True):
        chance += p.tolist()
        came += [int(i == choice.partner) for i in range(len(p))]
        if choice.partner >= 0:
            rank = int((-p).argsort(kind="stable").tolist().index(choice.partner))
            first, three = first + (rank == 0), three + (rank < 3)
    p, y = np.array(chance), np.array(came)
    dark = sum(c.is_dark for c in data)
    print(f"{len(data)} slow spells, {dark} with a dark partner: ranked first {first}, among the first three {three}")
    error, told = 0.0, p >= BINS[2]
    for low, high in pairwise(BINS):
        inside = (p >= low) & (p < high)
        if inside.any():
            print(
                f"  {low:.2f} to {min(high, 1):.2f}: {inside.sum():5d} candidates, mean {p[inside].mean():.3f}, true {y[inside].mean():.3f}"
            )
            if low >= BINS[2]:
                error += abs(p[inside].mean() - y[inside].mean()) * inside.sum() / told.sum()
    print(f"  expected calibration error from {BINS[2]:g} up: {error:.3f}")
    return dark, first, three, float(error)


def main() -> None:
    """Fit, or check."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true")
    options.add_argument("--seeds", type=int, default=3)
    asked = options.parse_args()
    params = DarkParams()
    if not asked.check:
        train = choices(TRAINING, tuple(range(101, 101 + asked.seeds)), params=params)
        params = fit(train, params)
        for name in TRAITS:
            print(f"{name:10} {getattr(params.weights, name):6.2f}")
        print(f"crowd      {params.crowd:6.2f}\nnone_logit {params.none_logit:6.2f}\nTraining grounds:")
        report(train, params)
    print("Testing grounds:")
    report(choices(TESTING, tuple(range(201, 201 + asked.seeds)), params=params), params)
    if asked.check:
        print("The same fleets through the whole of detection, each heard in one way:")
        print("\n".join(dark_table(list(runs(tuple(range(201, 201 + asked.seeds)))))))


if __name__ == "__main__":
    main()
