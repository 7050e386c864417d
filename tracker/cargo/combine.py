"""What is known of one cargo put together: prior draws of deadweight and laden fraction, limits, and measurements.

Importance weights on draws of the prior (cargo-and-law.md, 4.6). These are no dice but an even lattice over deadweight
and fraction, one for all cargoes: equal ships get equal answers, and P10 is within 0.2 % of that of endless draws, where
5,000 independent ones leave 1 %. Where the measurements leave fewer than 200 effective draws, their errors are doubled
and the estimate says ``conflict``; where that is not enough they stand alone, because a laden fraction is a habit and a
draught a measurement.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import prod
from statistics import NormalDist
from typing import Final

import numpy as np
import numpy.typing as npt

from tracker.cargo.pert import FloatArray, pert_at
from tracker.params import Params, param

GOLDEN: Final = (5.0**0.5 - 1.0) / 2.0


class CombineParams(Params):
    """How the evidence on one cargo is combined."""

    draws: int = param(5000, "draws for each event", ge=500, le=200_000, source="cargo-and-law.md 4.6")
    least_effective: float = param(200.0, "effective draws below which errors are doubled", gt=0, source="4.6")
    capacity_share: float = param(0.98, "most that a ship takes, of her deadweight", gt=0, le=1.2, source="4.6")
    rate_slack: float = param(1.1, "share of the highest pumped amount that is still possible", gt=0, source="4.6")
    tight_share: float = param(
        0.03, "weight that a drawn pump limit must leave; below it the pace is called tight", gt=0, lt=1, source="4.6"
    )
    any_share: float = param(
        0.15,
        "share of cargoes that may be of any size, once something was measured: part loads and full ships",
        ge=0,
        lt=1,
        source="judgement: 600 t went to SAM JONG 2, a fifth of her",
    )
    ballast_chance: float = param(
        0.5,
        "chance that a ship at ballast draught exchanged her ballast for the cargo; 0 trusts draughts as they are",
        ge=0,
        le=1,
        source="judgement: AIS does not tell; 4.2 states the bias",
    )


@dataclass(frozen=True)
class Measurement:
    """One measurement of the cargo, t, with its standard deviation and where it comes from."""

    name: str
    tonnes: float
    sd_t: float
    source: str = ""
    ballast_t: tuple[float, float] = (0.0, 0.0)
    """Least and most ballast that was pumped at the same time, if any was: the cargo is larger by as much."""
    ballast_sd_t: float = 0.0
    ballast_weight: float = 1.0
    """How surely the ship was at ballast draught, 0 to 1: a share of `CombineParams.ballast_chance`."""


@dataclass(frozen=True)
class Limits:
    """Upper limits, t; None where there is none."""

    donor_stock_t: float | None = None
    rate_high_t: float | None = None


@dataclass(frozen=True)
class Posterior:
    """P10, P50 and P90 of the cargo, t; effective draws; and what was odd."""

    p10_t: float
    p50_t: float
    p90_t: float
    effective: float
    flags: tuple[str, ...]


def combine(
    dwt_t: float,
    /,
    *,
    dwt_error: float,
    fractions: tuple[float, float, float],
    limits: Limits,
    evidence: Sequence[Measurement],
    seed: int,
    params: CombineParams,
    drawn_rate_t: Callable[[slice], FloatArray] | None = None,
) -> Posterior:
    """Combine prior, limits and measurements of one cargo.

    Parameters
    ----------
    dwt_t, dwt_error : of the receiver; relative standard deviation
    fractions : low, mode, high of the laden fraction
    seed : of the draws where measurements stand alone
    drawn_rate_t : gives some of as many draws of the pump limit, t; only sets the flag ``rate_tight``
    """
    n = params.draws
    flags: list[str] = []
    # a laden fraction is a habit: where a cargo was measured, any is possible
    prior = _prior(fractions, dwt_error, n, round(params.any_share * n) if evidence else 0, params.capacity_share)
    most_t = np.inf if limits.donor_stock_t is None else limits.donor_stock_t
    if limits.rate_high_t is not None:
        if limits.rate_high_t > 0:
            most_t = min(most_t, params.rate_slack * limits.rate_high_t)
        else:
            flags.append("time_too_short")
    # where nothing was measured, the draws inside a limit are the first ones
    count = int(np.searchsorted(prior.share, most_t / dwt_t, side="right")) if prior.fits and not evidence else 0
    if count >= params.least_effective:
        tonnes, weights = dwt_t * prior.share[:count], np.ones(count)
    else:
        tonnes, weights, more = _weighted(prior, dwt_t, most_t, evidence, params)
        flags += more
        if not weights.any():
            tonnes, weights = np.sort(_evidence_alone(evidence, np.random.default_rng(seed), n, params)), np.ones(n)
    if drawn_rate_t is not None and _is_tight(tonnes, weights, drawn_rate_t, params):
        flags.append("rate_tight")
    p10, p50, p90 = tonnes[np.searchsorted(np.cumsum(weights), np.array([0.1, 0.5, 0.9]) * weights.sum())].tolist()
    return Posterior(p10, p50, p90, _effective(weights), tuple(flags))


@dataclass(frozen=True)
class _Prior:
    """Draws for one tonne of stated deadweight, the smallest cargo first."""

    hull: FloatArray
    fraction: FloatArray
    share: FloatArray
    is_usual: npt.NDArray[np.bool_]
    fits: bool
    """Whether all are usual, and no more than she can take."""


@lru_cache(maxsize=16)
def _prior(
    fractions: tuple[float, float, float], dwt_error: float, draws: int, unusual: int, capacity_share: float
) -> _Prior:
    """Some draws of the usual fractions, and some of any up to what she can take."""
    usual, other = _lattice(draws - unusual), _lattice(unusual)
    fraction = np.concatenate([pert_at(usual[1], *fractions), other[1] * capacity_share])
    deviates = np.array([NormalDist().inv_cdf(level) for level in [*usual[0].tolist(), *other[0].tolist()]])
    hull = np.exp(dwt_error * deviates - 0.5 * dwt_error**2)
    order = np.argsort(hull * fraction, kind="stable")
    hull, fraction = hull[order], fraction[order]
    fits = not unusual and float(fraction.max()) <= capacity_share
    return _Prior(hull, fraction, hull * fraction, order < draws - unusual, fits)


def _lattice(n: int) -> FloatArray:
    """Points spread evenly over the unit square, shape (2, n): the golden section's rank-1 lattice."""
    middles = np.arange(n) + 0.5
    return np.stack([middles / max(n, 1), middles * GOLDEN % 1.0])


def _is_tight(
    tonnes: FloatArray, weights: FloatArray, drawn_rate_t: Callable[[slice], FloatArray], params: CombineParams
) -> bool:
    """Whether drawn pump limits leave next to nothing; where every eighth draw leaves enough, the others need no look."""
    least = params.tight_share * float(weights.sum())
    for some in (slice(None, None, 8), slice(None)):
        below = tonnes[some] <= params.rate_slack * drawn_rate_t(some)[: len(tonnes[some])]
        if float(weights[some][below].sum()) >= least:
            return False
    return True


def _weighted(
    prior: _Prior, dwt_t: float, most_t: float, evidence: Sequence[Measurement], params: CombineParams
) -> tuple[FloatArray, FloatArray, list[str]]:
    """Draws, the smallest first, and their weights; all zero where the evidence must stand alone."""
    tonnes, is_usual = dwt_t * prior.share, prior.is_usual
    ceiling = np.minimum(params.capacity_share * dwt_t * prior.hull, most_t)
    inside, flags = tonnes <= ceiling, []
    if (inside & is_usual).sum() < params.least_effective:
        # the limits leave nothing of the usual fractions: the same fractions of what was possible
        tonnes = prior.fraction * ceiling
        order = np.argsort(tonnes)
        tonnes, is_usual, inside = tonnes[order], is_usual[order], np.ones(len(order), np.bool_)
        flags.append("limits_bind")
    if not evidence:
        return tonnes, inside.astype(np.float64), flags
    weights, more = _weigh(tonnes, inside, evidence, params)
    if not more and _effective(weights * is_usual) < params.least_effective:
        more = ["conflict"]
    return tonnes, weights, [*flags, *more]


def _weigh(
    tonnes: FloatArray, inside: object, evidence: Sequence[Measurement], params: CombineParams
) -> tuple[FloatArray, list[str]]:
    """Weights of the draws; all zero when even doubled errors leave too few.

    Whether ballast was moved is decided by the measurements alone, as if any cargo were as likely as another: the
    habit of laden fractions says nothing of ballast.
    """
    grid = np.linspace(0.0, max(float(tonnes.max()), 1.0), 400)
    for widen, flags in ((1.0, []), (2.0, ["conflict"])):
        weights = np.zeros(len(tonnes))
        for chance, moved in _ballasts(evidence, params):
            likely = np.exp(sum(_log_likelihood(tonnes, m, widen, is_moved=m in moved) for m in evidence)) * inside
            fit = float(np.exp(sum(_log_likelihood(grid, m, widen, is_moved=m in moved) for m in evidence)).sum())
            if likely.sum() > 0:
                weights += chance * fit * likely / likely.sum()
        if _effective(weights) >= params.least_effective:
            return weights, list(flags)
    return np.zeros(len(tonnes)), ["conflict", "measurement_alone"]


def _ballasts(
    evidence: Sequence[Measurement], params: CombineParams
) -> Iterator[tuple[float, tuple[Measurement, ...]]]:
    """Each way in which ballast may have been moved: its chance, and whose measurement it touches."""
    doubtful = [m for m in evidence if m.ballast_t[1] > 0 and params.ballast_chance * m.ballast_weight > 0]
    for choice in product((False, True), repeat=len(doubtful)):
        chances = [params.ballast_chance * m.ballast_weight for m in doubtful]
        chance = prod(c if is_moved else 1.0 - c for c, is_moved in zip(chances, choice, strict=True))
        yield chance, tuple(m for m, is_moved in zip(doubtful, choice, strict=True) if is_moved)


def _log_likelihood(tonnes: FloatArray, m: Measurement, widen: float, *, is_moved: bool) -> FloatArray:
    """How well each cargo explains a measurement, on one scale for all; an unknown share of ballast is integrated."""
    sd_t = widen * m.sd_t
    if not is_moved:
        return np.asarray(-0.5 * ((tonnes - m.tonnes) / sd_t) ** 2, np.float64)
    from scipy.special import ndtr

    low, high = (m.tonnes + ballast for ballast in m.ballast_t)
    wide = (sd_t**2 + m.ballast_sd_t**2) ** 0.5
    density = (ndtr((tonnes - low) / wide) - ndtr((tonnes - high) / wide)) / (high - low) * sd_t * (2.0 * np.pi) ** 0.5
    return np.asarray(np.log(np.maximum(density, 1e-300)), np.float64)


def _evidence_alone(
    evidence: Sequence[Measurement], rng: np.random.Generator, n: int, params: CombineParams
) -> FloatArray:
    """Draws of the measurements' weighted mean; its spread holds their disagreement too."""
    precision = np.array([m.sd_t**-2 for m in evidence])
    values = np.tile([m.tonnes for m in evidence], (n, 1)).astype(np.float64)
    if any(m.ballast_t[1] > 0 for m in evidence):
        moved = rng.random(values.shape) < params.ballast_chance * np.array([m.ballast_weight for m in evidence])
        low, high = np.array([m.ballast_t for m in evidence]).T
        values += moved * (low + (high - low) * rng.random(values.shape))
    mean = (values @ precision) / precision.sum()
    spread2 = ((values - mean[:, None]) ** 2 @ precision) / precision.sum()
    sd = np.sqrt(1.0 / precision.sum() + spread2)
    return np.asarray(np.maximum(mean + sd * rng.standard_normal(n), 0.0), np.float64)


def _effective(weights: FloatArray) -> float:
    squares = float((weights**2).sum())
    return float(weights.sum()) ** 2 / squares if squares > 0 else 0.0
