"""Ships in batches of so many reports: bounds the memory of reading their tracks, whatever the length of the data."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.detectors.hearing import Hearing

MOST_REPORTS = 3_000_000
"""Some 100 MB of reports at a time. Each batch reads through the positions once."""


def in_batches(ships: npt.NDArray[Any], hearing: Hearing, /) -> Iterator[npt.NDArray[Any]]:
    """Ships (MMSIs in order) a few at a time, with at most `MOST_REPORTS` reports together, or one ship."""
    ids, at = np.unique(hearing.mmsi, return_inverse=True)
    reports = np.bincount(at, weights=hearing.reports, minlength=len(ids))
    place = np.searchsorted(ids, ships)
    known = place < len(ids)
    own = np.where(known, reports[np.where(known, place, 0)], 0.0) if len(ids) else np.zeros(len(ships))
    end = np.cumsum(own)
    begin = 0
    while begin < len(ships):
        before = end[begin - 1] if begin else 0.0
        stop = max(int(np.searchsorted(end, before + MOST_REPORTS, side="right")), begin + 1)
        yield ships[begin:stop]
        begin = stop
