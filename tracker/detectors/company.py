"""Who else lay slow near a slow ship: at the same time, or at any time."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from tracker.detectors.boxes import Boxes
from tracker.detectors.hearing import MMSI_SPAN
from tracker.detectors.slow import Spells
from tracker.detectors.types import CARRIES, UNKNOWN, role_of
from tracker.geo.kernels import ecef_m
from tracker.tables.ship import Ship
from tracker.units import METRES_PER_NAUTICAL_MILE, MILLISECONDS_PER_DAY

IntArray = npt.NDArray[np.int64]


def waiting_with(
    rows: IntArray, spells: Spells, ship_at: Callable[[int, int], Ship], /, *, within_nm: float
) -> IntArray:
    """For each of some rows, how many other carriers lay slow near by for at least half of the spell.

    Cost is that of the pairs of ships that are near each other on a day, however many days there are.
    """
    from scipy.spatial import cKDTree

    count = np.zeros(len(rows), np.int64)
    xyz = np.column_stack(ecef_m(spells.lon, spells.lat))
    # who is there for half of a spell is there in its middle
    middle_ms = spells.start_ms[rows] + (spells.end_ms[rows] - spells.start_ms[rows]) // 2
    day, row = _by_days(spells.start_ms, spells.end_ms)
    asked_day = middle_ms // MILLISECONDS_PER_DAY
    idles = np.full(len(spells), -1, np.int8)
    for one in np.unique(asked_day).tolist():
        asked = np.flatnonzero(asked_day == one)
        there = row[np.searchsorted(day, one) : np.searchsorted(day, one, side="right")]
        near = cKDTree(xyz[rows[asked]]).sparse_distance_matrix(
            cKDTree(xyz[there]), within_nm * METRES_PER_NAUTICAL_MILE, output_type="ndarray"
        )
        k, other = asked[near["i"]], there[near["j"]]
        own = rows[k]
        common_ms = np.minimum(spells.end_ms[other], spells.end_ms[own])
        common_ms -= np.maximum(spells.start_ms[other], spells.start_ms[own])
        waits = common_ms >= 0.5 * (spells.end_ms[own] - spells.start_ms[own])
        waits &= spells.mmsi[other] != spells.mmsi[own]
        k, other = k[waits], other[waits]
        new = np.unique(other[idles[other] < 0])
        ships = map(ship_at, spells.mmsi[new].tolist(), spells.start_ms[new].tolist())
        idles[new] = [role_of(ship.ship_type) in (CARRIES, UNKNOWN) for ship in ships]
        is_idle = idles[other] == 1
        pair = np.unique(k[is_idle] * MMSI_SPAN + spells.mmsi[other[is_idle]])
        count += np.bincount(pair // MMSI_SPAN, minlength=len(rows))
    return count


def _by_days(start_ms: IntArray, end_ms: IntArray) -> tuple[IntArray, IntArray]:
    """Days since 1970 in order, and the rows that reach into each."""
    first = start_ms // MILLISECONDS_PER_DAY
    days = end_ms // MILLISECONDS_PER_DAY - first + 1
    row = np.repeat(np.arange(len(first)), days)
    day = first[row] + np.arange(len(row)) - np.repeat(np.cumsum(days) - days, days)
    order = np.argsort(day, kind="stable")
    return day[order], row[order]


def ever_near(rows: IntArray, spells: Spells, chosen: npt.NDArray[np.bool_], /, *, within_nm: float) -> IntArray:
    """For each of some rows, how many other ships have one of the chosen spells near by, at whatever time."""
    counts = np.zeros((len(rows), 3), np.int64)
    if not len(rows) or not chosen.any():
        return counts[:, 0]
    from tracker.geo.kernels.around import count_about

    radius_m = within_nm * METRES_PER_NAUTICAL_MILE
    ids, ship = np.unique(spells.mmsi, return_inverse=True)
    xyz = np.column_stack(ecef_m(spells.lon, spells.lat))
    none = Boxes(xyz[:0], ship[:0]).about(xyz[rows], radius_m)
    table = Boxes(xyz[chosen], ship[chosen], box_m=radius_m).about(xyz[rows], radius_m)
    count_about(xyz[rows], ship[rows], (table, none, none), radius_m, np.full((4, len(ids)), -1, np.int32), counts)
    return counts[:, 0]
