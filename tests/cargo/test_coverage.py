"""Against SYNTHETIC transfers of known cargo, made by the physics of ships and not by the estimator (``world.py``).

A smaller version of ``python -m benchmarks.cargo``, with fixed seeds.
"""

import pytest

from benchmarks.cargo import measure
from tests.cargo.world import FULL, SMALL, make_world
from tracker.cargo.panel import CargoParams
from tracker.pipeline.weigh import Scales

N = 160


@pytest.mark.parametrize("seed", [1, 2])
def test_with_updated_draughts_p10_to_p90_holds_the_true_cargo_in_three_to_four_of_five(seed: int) -> None:
    found = [measure(make_world(N, seed=seed, speaks=speaks)) for speaks in ("both", "receiver")]
    inside = sum(one["inside"] for one in found) / len(found)
    assert 0.75 <= inside <= 0.88, found
    assert min(one["direction"] for one in found) >= 0.95
    assert all(abs(one["bias"]) < 0.2 for one in found)


def test_without_draughts_it_holds_it_in_three_of_four_at_least_and_is_wider() -> None:
    silent, spoken = (measure(make_world(N, seed=3, speaks=speaks)) for speaks in ("none", "both"))
    known = measure(make_world(N, seed=3, speaks="none", registered=True))
    assert silent["inside"] >= 0.75
    assert known["inside"] >= 0.75
    assert silent["direction"] >= 0.95
    assert spoken["width"] < known["width"] < silent["width"]


def test_full_and_part_loads_are_seen_where_draughts_speak_and_missed_where_not() -> None:
    """The Panel's fractions are a habit: what AIS does not say of another habit, the range cannot hold."""
    for habit in (FULL, SMALL):
        spoken, silent = (
            measure(make_world(80, seed=4, habit=habit, speaks=speaks, ballast=0.0)) for speaks in ("both", "none")
        )
        assert spoken["inside"] >= 0.65
        assert silent["inside"] < 0.5


def test_the_same_world_gives_the_same_bytes() -> None:
    world = make_world(20, seed=5)
    columns = [Scales(world.rows, world.statics, params=CargoParams()).columns() for _ in range(2)]
    assert repr(columns[0]) == repr(columns[1])
