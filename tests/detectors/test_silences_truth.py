"""Causes of silences against simulated truth: fleets with ships that switch off, receivers that fail, and sparse ears."""

import json

import numpy as np
import pytest

from tests.detectors.alone import alone_in, put_traffic
from tests.scenes import PLACES, Scene
from tracker.simulate.meetings import pass_by
from tracker.simulate.motion import away

OFF, DOWN, MISSED = "switched_off", "receiver_down", "missed"


def fleet(seed: int) -> tuple[Scene, dict[int, str]]:
    """Ships near each other for three days: some switch off once, all fall silent in one outage, some are heard seldom."""
    place = PLACES[list(PLACES)[seed % len(PLACES)]]
    scene, rng = Scene(place=place, hours=72, every_min=12, seed=seed), np.random.default_rng([seed, 77])
    since = float(rng.uniform(30, 40))
    outage = (since, since + float(rng.uniform(3.5, 7)))
    causes = {ship.mmsi: DOWN for ship in put_traffic(scene, count=int(rng.integers(4, 12)), silent=[outage])}
    for n in range(10):
        spot = away(scene.place, bearing_deg=float(rng.uniform(0, 360)), distance_nm=float(rng.uniform(2, 25)))
        track = pass_by(
            spot,
            time_s=scene.time_s(36),
            course_deg=float(rng.uniform(0, 360)),
            speed_kn=4.0,
            hours=36,
            rng=scene.rng(60, n),
        )
        ship = scene.ship("tanker")
        if n < 6:
            begin = float(rng.uniform(3, 22)) if n % 2 else float(rng.uniform(48, 60))
            scene.add(ship, track, silent=[outage, (begin, begin + float(rng.uniform(3.5, 9)))])
            causes[ship.mmsi] = OFF
        else:
            scene.add(ship, track, silent=[outage], every_min=float(rng.uniform(150, 230)))
            causes[ship.mmsi] = MISSED
    scene.outage = outage  # type: ignore[attr-defined]
    return scene, causes


@pytest.fixture(scope="module")
def told() -> tuple[np.ndarray, np.ndarray]:
    """Probabilities of (off, down, missed) and the true cause, for each gap."""
    given, true = [], []
    for seed in range(8):
        scene, causes = fleet(seed)
        begin, end = (scene.time_s(h) for h in scene.outage)  # type: ignore[attr-defined]
        for row in alone_in(scene).gaps:
            middle = 0.5 * (row["start_time"].timestamp() + row["end_time"].timestamp())
            cause = DOWN if begin <= middle <= end else causes[row["mmsi_1"]]
            chance = json.loads(row["silence_causes"])
            given.append([chance[name] for name in (OFF, DOWN, MISSED)])
            true.append([cause == name for name in (OFF, DOWN, MISSED)])
    return np.array(given), np.array(true, float)


def test_the_causes_hold_what_they_promise(told: tuple[np.ndarray, np.ndarray]) -> None:
    given, true = told
    assert len(given) >= 120
    assert (true.sum(axis=0) >= 20).all()
    for cause in range(3):
        p, y = given[:, cause], true[:, cause]
        error = 0.0
        for low in np.arange(0.0, 1.0, 0.2):
            inside = (p >= low) & (p < low + 0.2001)
            if inside.any():
                error += abs(p[inside].mean() - y[inside].mean()) * inside.mean()
        assert error <= 0.15, (cause, error)


def test_a_silence_called_switched_off_mostly_was(told: tuple[np.ndarray, np.ndarray]) -> None:
    given, true = told
    sure = given[:, 0] >= 0.7
    assert sure.sum() >= 20
    assert true[sure, 0].mean() >= 0.8
    assert given[true[:, 1] == 1, 0].mean() <= 0.1
