"""Medians and quantiles of the known values of many lines: those of numpy to the last bit, without a call for each."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


def medians_of(values: FloatArray, known: npt.NDArray[np.bool_], /) -> FloatArray:
    """Median of the known values of each line; NaN where there is none."""
    return quantiles_of(values, known, None)


def quantiles_of(values: FloatArray, known: npt.NDArray[np.bool_], share: float | None, /) -> FloatArray:
    """Quantile of the known values of each line, linear between values (None: the median); NaN where there is none."""
    n, lines = np.count_nonzero(known, axis=1), np.arange(len(values))
    ordered = np.sort(np.where(known, values, np.inf), axis=1)
    if not ordered.shape[1]:
        return np.full(len(values), np.nan)
    at = np.maximum(n - 1, 0) * (0.5 if share is None else share)
    low = at.astype(np.int64)
    below, above = ordered[lines, low], ordered[lines, np.minimum(low + 1, np.maximum(n - 1, 0))]
    with np.errstate(invalid="ignore"):
        if share is None:
            middle = np.where(n % 2 == 1, below, (below + above) / 2.0)
        else:
            part, step = at - low, above - below
            middle = np.where(part >= 0.5, above - step * (1.0 - part), below + step * part)
    return np.where(n > 0, middle, np.nan)
