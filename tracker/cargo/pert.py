"""Laden fractions: the PERT distribution over the Panel's three scenarios, its quantiles, and draws that hang together.

PERT is a beta distribution with weight 4 on the mode. Draws share an error through a Gaussian copula: how laden ships
sail is a habit, so that 121 deliveries are not 121 independent throws.
"""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

_Z = np.linspace(-6.0, 6.0, 1201)


def pert_shape(low: float, mode: float, high: float, /) -> tuple[float, float]:
    """The two shape parameters of the beta distribution."""
    return 1.0 + 4.0 * (mode - low) / (high - low), 1.0 + 4.0 * (high - mode) / (high - low)


@cache
def pert_quantiles(low: float, mode: float, high: float, /) -> tuple[float, float, float]:
    """P10, P50 and P90 of the PERT distribution."""
    from scipy.stats import beta

    a, b = pert_shape(low, mode, high)
    p10, p50, p90 = (float(low + (high - low) * q) for q in beta.ppf([0.1, 0.5, 0.9], a, b))
    return p10, p50, p90


def pert_draws(low: float, mode: float, high: float, /, *, rng: np.random.Generator, n: int) -> FloatArray:
    """Independent draws."""
    if high <= low:
        return np.full(n, low)
    a, b = pert_shape(low, mode, high)
    return np.asarray(low + (high - low) * rng.beta(a, b, n), np.float64)


def pert_at(levels: FloatArray, low: float, mode: float, high: float, /) -> FloatArray:
    """Quantiles at cumulative probabilities, to a millionth of the range; needs no library for the beta distribution."""
    if high <= low:
        return np.full(len(levels), low)
    a, b = pert_shape(low, mode, high)
    x = np.linspace(0.0, 1.0, 8193)
    density = x ** (a - 1.0) * (1.0 - x) ** (b - 1.0)
    below = np.append(0.0, np.cumsum(density[1:] + density[:-1]))
    return np.asarray(low + (high - low) * np.interp(levels, below / below[-1], x), np.float64)


def pert_of_normal(z: Any, /, *, low: float, mode: float, high: float) -> FloatArray:
    """PERT values at standard normal scores: how correlated draws are made."""
    return np.asarray(np.interp(z, _Z, _pert_at_grid(low, mode, high)), np.float64)


@cache
def _pert_at_grid(low: float, mode: float, high: float) -> FloatArray:
    from scipy.stats import beta, norm

    a, b = pert_shape(low, mode, high)
    return np.asarray(low + (high - low) * beta.ppf(norm.cdf(_Z), a, b), np.float64)
