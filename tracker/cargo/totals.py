"""Totals of many cargoes with a range: draws are added, never percentiles.

The error in the laden fraction is common to the deliveries to some degree; with independent errors the total of 121
would look ten times more certain than it is (cargo-and-law.md, 4.7).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from tracker.cargo.pert import FloatArray, pert_of_normal

Z90 = 1.2815515655446004
"""Standard normal quantile of 0.9."""


@dataclass(frozen=True)
class Load:
    """One cargo: a deadweight to be drawn from, or P10, P50 and P90; the same amounts make it a certain one."""

    dwt: float | None = None
    span: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def times(self, factor: float, /) -> "Load":
        """In another unit."""
        low, best, high = (factor * value for value in self.span)
        return Load(None if self.dwt is None else factor * self.dwt, (low, best, high))

    def at(self, z: FloatArray, fractions: tuple[float, float, float], /) -> FloatArray:
        """Amounts at standard normal scores; beside the median each side is a half of a normal in logarithms."""
        if self.dwt is not None:
            low, mode, high = fractions
            return self.dwt * pert_of_normal(z, low=low, mode=mode, high=high)
        p10, p50, p90 = self.span
        if p50 <= 0:
            return np.zeros(len(z))
        least = 1e-3 * p50
        below, above = log(p50 / min(max(p10, least), p50)) / Z90, log(max(p90, p50) / p50) / Z90
        return np.asarray(p50 * np.exp(below * np.minimum(z, 0.0) + above * np.maximum(z, 0.0)), np.float64)


def load_of(dwt_t: float | None, cargo_t: float | None, span_t: tuple[float, float, float] | None, /) -> Load:
    """The best that is known: a cargo as given, else a range, else the deadweight."""
    if cargo_t is not None:
        return Load(None, (cargo_t, cargo_t, cargo_t))
    return Load(None, span_t) if span_t is not None else Load(dwt_t)


def running_totals(
    loads: Sequence[Load],
    /,
    *,
    fractions: tuple[float, float, float],
    correlation: float,
    seed: int,
    draws: int,
) -> Iterator[FloatArray]:
    """Give the draws of the total after each cargo.

    Parameters
    ----------
    loads : in the order of the deliveries
    fractions : low, mode and high of the laden fraction
    correlation : of the Gaussian copula, 0 (independent) to 1 (one habit)
    """
    rng = np.random.default_rng(seed)
    shared = rng.standard_normal(draws)
    total = np.zeros(draws)
    for load in loads:
        own = rng.standard_normal(draws)
        z = np.sqrt(correlation) * shared + np.sqrt(1.0 - correlation) * own
        total = total + load.at(z, fractions)
        yield total
