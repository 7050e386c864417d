"""Totals of many deliveries with a range: draws are added, never percentiles.

The error in the laden fraction is common to the deliveries to some degree; with independent errors the total of 121
would look ten times more certain than it is (cargo-and-law.md, 4.7).
"""

from collections.abc import Iterator, Sequence

import numpy as np

from tracker.cargo.pert import FloatArray, pert_of_normal


def running_totals(
    deadweights_t: Sequence[float],
    /,
    *,
    fractions: tuple[float, float, float],
    correlation: float,
    seed: int,
    draws: int,
) -> Iterator[FloatArray]:
    """Give the draws of the total after each delivery, t.

    Parameters
    ----------
    deadweights_t : in the order of the deliveries
    fractions : low, mode and high of the laden fraction
    correlation : of the Gaussian copula, 0 (independent) to 1 (one habit)
    """
    rng = np.random.default_rng(seed)
    shared = rng.standard_normal(draws)
    low, mode, high = fractions
    total = np.zeros(draws)
    for dwt_t in deadweights_t:
        own = rng.standard_normal(draws)
        z = np.sqrt(correlation) * shared + np.sqrt(1.0 - correlation) * own
        total = total + dwt_t * pert_of_normal(z, low=low, mode=mode, high=high)
        yield total
