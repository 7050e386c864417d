"""Against simulated truth on grounds and seeds that nothing was fitted on: ranks and probabilities of dark partners."""

import numpy as np
import pytest

from scripts.fit_dark import HEARD, TESTING, chances_of, choices_of
from tracker.detectors.dark import DarkParams
from tracker.simulate.trials.trial import DARK, hear_trial, stage_trial

PARAMS = DarkParams()


@pytest.fixture(scope="module")
def seen() -> list[tuple[int, bool, np.ndarray, float]]:
    """(which candidate came, whether one did, probabilities, none) of each slow spell of four fleets."""
    data = []
    for n, ground in enumerate(TESTING[:4]):
        trial = hear_trial(stage_trial(ground, seed=301 + n, cast=DARK), HEARD[n % 3], seed=301 + n)
        data += choices_of(trial, n, params=PARAMS)
    return [(c.partner, c.is_dark, p, none) for c, (p, none) in zip(data, chances_of(data, PARAMS), strict=True)]


def test_the_true_partner_is_among_the_first_three_in_eight_of_ten_dark_meetings(seen: list) -> None:  # type: ignore[type-arg]
    dark = [(partner, p) for partner, is_dark, p, _ in seen if is_dark]
    assert len(dark) >= 25
    ranks = [int((-p).argsort(kind="stable").tolist().index(i)) if i >= 0 else 99 for i, p in dark]
    assert np.mean(np.array(ranks) < 3) >= 0.8


def test_a_partner_of_probability_p_is_the_right_one_in_about_p_of_cases(seen: list) -> None:  # type: ignore[type-arg]
    chance = np.concatenate([p for _, _, p, _ in seen])
    came = np.concatenate([np.arange(len(p)) == partner for partner, _, p, _ in seen])
    high = chance >= 0.5
    assert high.sum() >= 8
    assert came[high].mean() == pytest.approx(chance[high].mean(), abs=0.25)
    low = (chance >= 0.02) & (chance < 0.2)
    assert low.sum() >= 15
    assert came[low].mean() <= 0.2
    assert came[chance < 0.02].mean() < 0.005


def test_a_stop_without_a_partner_leaves_most_to_none(seen: list) -> None:  # type: ignore[type-arg]
    alone, dark = (np.array([none for _, is_dark, _, none in seen if is_dark is kind]) for kind in (False, True))
    assert np.median(alone) > 0.8
    assert np.median(dark) < 0.6
    assert np.mean(alone < 0.4) < 0.15
