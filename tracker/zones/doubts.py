"""What makes a computed answer uncertain besides a near limit: another state, several claims, lines not in the index."""

from typing import Final

import numpy as np
import numpy.typing as npt

from tracker.zones.answer import ARCHIPELAGIC, CONTIGUOUS, EEZ, INTERNAL, TERRITORIAL, Answer
from tracker.zones.baselines import read_chains
from tracker.zones.index import NO_STATE, CoastIndex
from tracker.zones.treaties import sea_claims
from tracker.zones.unheld import read_unheld

Floats = npt.NDArray[np.float64]

DOUBT_NM: Final = 1.0
SECOND_STATE_NM: Final = 2.0
"""Nearer than this to a limit, or to another state being the nearest, the answer is uncertain."""
CLAIMED: Final = "claimed historic"
ARCHIPELAGIC_REACH_NM: Final = 125.0 / 2 + 24.0
"""An archipelagic baseline is at most 125 nm long (UNCLOS art. 47), so no farther than half of that from an island."""


def doubt_states(index: CoastIndex, answer: Answer, *, points: Floats, lon: Floats, lat: Floats) -> None:
    """Where another state's coast is less than 2 nm farther, the state is uncertain."""
    rows = np.flatnonzero((answer.state != NO_STATE) & (answer.treaty < 0) & (answer.zone <= EEZ))
    if not len(rows):
        return
    own = np.where(np.isnan(answer.baseline[rows]), 0.0, answer.baseline[rows])
    within = own + SECOND_STATE_NM
    second = index.second_state_nm(
        points[rows], lon=lon[rows], lat=lat[rows], state=answer.state[rows], within_nm=within
    )
    doubtful = second < within
    doubtful &= ~((answer.zone[rows] == INTERNAL) & (answer.chain[rows] >= 0) & (answer.margin[rows] > SECOND_STATE_NM))
    answer.uncertain[rows[doubtful]] = True


def doubt_claims(index: CoastIndex, answer: Answer) -> None:
    """Where a dispute lists more than one claimant, whose water it is stays uncertain."""
    is_contested = np.array([len(set(index.claimants[name])) > 1 for name in index.features] + [False])
    answer.uncertain |= is_contested[answer.feature]
    claimed = np.array([len(set(index.claimants[row[4]])) > 1 for row in sea_claims()] + [False])
    answer.uncertain |= claimed[answer.sea_claim]


def doubt_claimed_bays(answer: Answer) -> None:
    """A bay that is closed by a claim which others protest may be no internal waters, and its limits lie nearer."""
    is_claimed = np.array([CLAIMED in chain.name for chain in read_chains()] + [False])
    rests = answer.chain >= 0
    answer.uncertain[rests] |= is_claimed[answer.chain[rests]] & (answer.zone[rests] <= CONTIGUOUS)


def doubt_unheld_lines(answer: Answer, *, lon: Floats, lat: Floats) -> None:
    """Where states have agreed on a line that is not in the index, what is computed in its place is uncertain."""
    for number, area in enumerate(read_unheld()):
        of_one = np.array([state in area.states for state in answer.states] + [False])[answer.state]
        of_one &= (answer.zone >= TERRITORIAL) & (answer.zone <= EEZ) & area.contains(lon, lat)
        answer.unheld[of_one], answer.uncertain[of_one] = number, True


def doubt_archipelagos(answer: Answer) -> None:
    """Near islands of an archipelagic state whose baselines are not in the index every limit may lie farther out."""
    of_one = np.array([state in ARCHIPELAGIC for state in answer.states] + [False])[answer.state]
    of_one &= (answer.zone >= TERRITORIAL) & (answer.zone <= EEZ) & (answer.chain < 0)
    answer.uncertain |= of_one & (answer.baseline <= ARCHIPELAGIC_REACH_NM)
