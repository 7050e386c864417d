"""How often P10 to P90 holds the true cargo of SYNTHETIC transfers, by what the crews declare and how ships are filled.

    python -m benchmarks.cargo [--n 600] [--seed 7]

The transfers are those of ``tests/cargo/world.py``: made by the physics of ships, independent of the estimator. A
second table changes the habit of filling and the ballast, which AIS does not tell: there the numbers show what an
estimate is worth when the world is not as the UN Panel's fractions suppose.
"""

import argparse

import numpy as np

from tests.cargo.world import EVEN, FULL, PANEL, SMALL, Habit, World, make_world
from tracker.cargo.panel import CargoParams
from tracker.pipeline.weigh import Scales


def measure(world: World, /) -> dict[str, float]:
    """Coverage, direction, bias of P50 and width of the range over a world."""
    columns = Scales(world.rows, world.statics, params=CargoParams()).columns()
    true = np.array([t.cargo_t for t in world.truth])
    low, best, high = (np.array([c[f"cargo_{name}_t"] for c in columns]) for name in ("low", "best", "high"))
    right = np.array([c["receiver_mmsi"] == t.receiver_mmsi for c, t in zip(columns, world.truth, strict=True)])
    return {
        "inside": float(((low <= true) & (true <= high)).mean()),
        "below": float((true < low).mean()),
        "above": float((true > high).mean()),
        "direction": float(right.mean()),
        "bias": float(np.median(best / true) - 1.0),
        "width": float(np.median((high - low) / true)),
    }


def told(label: str, found: dict[str, float], /) -> str:
    """One row."""
    return (
        f"{label:<58}{found['inside']:>7.0%}{found['below']:>7.0%}{found['above']:>7.0%}"
        f"{found['direction']:>11.1%}{found['bias']:>+8.0%}{found['width']:>8.0%}"
    )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=600, help="transfers in each row")
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    head = f"{'SYNTHETIC transfers, ' + format(asked.n, ',') + ' a row':<58}{'inside':>7}{'below':>7}{'above':>7}"
    head += f"{'direction':>11}{'bias':>8}{'width':>8}"
    print(head)
    for speaks in ("both", "receiver", "donor", "none"):
        for registered in (False, True):
            world = make_world(asked.n, seed=asked.seed, speaks=speaks, registered=registered)
            label = f"draughts: {speaks}" + ("; deadweight registered" if registered else "")
            print(told(label, measure(world)))
    print()
    habits: tuple[Habit, ...] = (PANEL, EVEN, FULL, SMALL)
    for habit in habits:
        for speaks in ("both", "receiver", "none"):
            for ballast in (0.0, 1.0):
                world = make_world(asked.n, seed=asked.seed, habit=habit, speaks=speaks, ballast=ballast)
                water = "ballast pumped out" if ballast else "no ballast"
                print(told(f"{habit.name}; {speaks}; {water}"[:58], measure(world)))


if __name__ == "__main__":
    main()
