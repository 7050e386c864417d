"""M2: what could have been pumped in the time alongside. An upper bound and a test of plausibility, no estimate.

Hours alongside less the hours to moor and connect and to drain and let go, times a net rate for the receiver's size,
times the share of time in which pumps run. Source: ``data/cargo/transfer_rate_defaults.csv`` (hose throughput of
ISGOTT; rates by size are engineering judgement).
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from tracker.cargo.pert import FloatArray, pert_draws
from tracker.cargo.reference import reference_rows

Span = tuple[float, float, float]


@dataclass(frozen=True)
class RateBound:
    """Tonnes that could have been moved: low, central and high."""

    low_t: float
    central_t: float
    high_t: float


@cache
def _spans() -> dict[str, list[tuple[float, float, Span]]]:
    table: dict[str, list[tuple[float, float, Span]]] = {}
    for row in reference_rows("transfer_rate_defaults"):
        span = (float(row["low"]), float(row["central"]), float(row["high"]))
        sizes = float(row["dwt_min_t"] or 0.0), float(row["dwt_max_t"] or np.inf)
        table.setdefault(row["parameter"], []).append((*sizes, span))
    return table


def _span(parameter: str, dwt_t: float = 0.0) -> Span:
    rows = _spans()[parameter]
    return next((span for low, high, span in rows if low <= dwt_t < high), rows[-1][2])


def rate_bound(hours_alongside: float, /, *, receiver_dwt_t: float, cargo_t_per_m3: float) -> RateBound:
    """Bound the cargo by time and rate: low, central and high parameters throughout."""
    before, after = _span("overhead_before"), _span("overhead_after")
    share, rate = _span("utilisation_factor"), _span("net_rate_receiver", receiver_dwt_t)
    bounds = [
        max(0.0, hours_alongside - before[2 - i] - after[2 - i]) * rate[i] * share[i] * cargo_t_per_m3 for i in range(3)
    ]
    return RateBound(*bounds)


def sample_bound(
    hours_alongside: float,
    some: slice = slice(None),
    /,
    *,
    receiver_dwt_t: float,
    cargo_t_per_m3: float,
    n: int,
) -> FloatArray:
    """Some of the draws of the bound, its parameters drawn instead of taken at their high end, t: the same for every cargo."""
    overhead, pumped = _pumping(_span("net_rate_receiver", receiver_dwt_t), n)
    return np.asarray(np.maximum(0.0, hours_alongside - overhead[some]) * (cargo_t_per_m3 * pumped[some]))


@cache
def _pumping(rate: Span, n: int) -> tuple[FloatArray, FloatArray]:
    """Draws of the hours lost and of what is pumped in the others, m3 an hour; how the trade pumps is no chance of one
    meeting, and drawing it anew for each took most of the time of an estimate."""
    spans = _span("overhead_before"), _span("overhead_after"), rate, _span("utilisation_factor")
    before, after, net, share = (pert_draws(*span, rng=np.random.default_rng(i), n=n) for i, span in enumerate(spans))
    return before + after, net * share
