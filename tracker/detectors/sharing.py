"""Slow spells and silences put together: a silence can serve one spell only, and each spell may have had nobody."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

ROUNDS = 12
"""Rounds of messages; they settle within a few."""


def share_out(
    spell: IntArray, silence: IntArray, host: IntArray, weight: FloatArray, none: FloatArray, /
) -> FloatArray:
    """Probability of each pair of slow spell and silence when a silence can serve one ship only.

    Belief propagation on the graph of matchings: exact where it is a tree, near it otherwise (Bayati et al. 2007).
    A silence may serve several spells of one ship: they are one visit with a pause.
    """
    if not len(weight):
        return weight
    own = np.unique(host * (int(silence.max()) + 1) + silence, return_inverse=True)[1]
    free = np.ones(len(weight))
    for _ in range(ROUNDS):
        used = weight * free
        rest = none[spell] + np.bincount(spell, used, len(none))[spell] - used
        odds = weight / rest
        elsewhere = np.bincount(silence, odds)[silence] - np.bincount(own, odds)[own]
        free = 1.0 / (1.0 + np.maximum(elsewhere, 0.0))
    used = weight * free
    return np.asarray(used / (none + np.bincount(spell, used, len(none)))[spell])
