"""B11 among ships that come and leave: neighbours that swing at anchor are not taken for ships made fast, nor the reverse.

As in `test_behaviours`: at mid latitude, at 71 N, on the equator and on the antimeridian.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.detectors.meetings import events_of
from tests.scenes import PLACES
from tracker.simulate.fleet import Fleet
from tracker.simulate.motion import Place, Rng
from tracker.simulate.radio import fixes_of
from tracker.simulate.stage import Stage
from tracker.simulate.trials.cast import Play
from tracker.simulate.trials.ears import Ears, hear
from tracker.simulate.trials.ground import Ground
from tracker.simulate.trials.roads import fast_at_anchor, neighbours

everywhere = pytest.mark.parametrize("place", PLACES)
BEGIN_S = 1_620_000_000.0
CLASS_A_AT_ANCHOR = Ears("shore", 180.0)
SPARSE = Ears("space", 1800.0)


def contacts(
    put: Callable[[Play, Place, Rng], None],
    place: str,
    seed: int,
    ears: Ears,
    *,
    blind: bool = False,
    true_size: bool = False,
) -> list[dict[str, Any]]:
    """Contacts of half an hour and more of a pair in the roads; `blind`: no heading is sent; `true_size`: sizes are right."""
    play = Play(Stage(Fleet(BEGIN_S, BEGIN_S + 48 * 3600.0), seed), Ground(place, PLACES[place]))
    put(play, PLACES[place], np.random.default_rng(seed))
    if true_size:
        play.wrong.clear()
        play.hidden.clear()
    fixes = fixes_of(hear(play.stage.fleet, ears, seed=seed))
    if blind:
        fixes = replace(fixes, heading_deg=np.full(len(fixes), np.nan, np.float32))
    return [row for row in events_of(fixes, play.statics()) if row["duration_h"] >= 0.5]


@everywhere
@pytest.mark.parametrize("ears", [CLASS_A_AT_ANCHOR, SPARSE], ids=["3 min", "satellite"])
@pytest.mark.parametrize("blind", [False, True], ids=["with headings", "without"])
def test_b11_small_ships_that_come_anchor_near_each_other_and_leave_are_not_likely(
    place: str, ears: Ears, blind: bool
) -> None:
    told = [row["verdict"] for seed in (1, 2, 3) for row in contacts(neighbours, place, seed, ears, blind=blind)]
    assert told
    assert "likely" not in told


@everywhere
@pytest.mark.parametrize("blind", [False, True], ids=["with headings", "without"])
def test_b11_small_ships_of_known_size_made_fast_to_each_other_at_anchor_are_found(place: str, blind: bool) -> None:
    found = [
        contacts(fast_at_anchor, place, seed, CLASS_A_AT_ANCHOR, blind=blind, true_size=True) for seed in (1, 2, 3)
    ]
    verdicts = [{row["verdict"] for row in rows} for rows in found]
    assert all(told & {"likely", "possible"} for told in verdicts)
    assert sum("likely" in told for told in verdicts) >= 1
