"""Single wild fixes of one hull: they leave and return faster than the ship goes."""

import numpy as np
import numpy.typing as npt

from tracker.cleaning.hull_params import HullParams
from tracker.geo.kernels import distance_m
from tracker.tables.fixes import Fixes
from tracker.units import METRES_PER_SECOND_PER_KNOT

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


def is_wild(fixes: Fixes, params: HullParams) -> Bools:
    """Fixes that leave the line between their neighbours and return, faster than the ship goes before and after.

    How fast she goes is what she says, or the way made on the legs next to the excursion when that is more: some
    sources have no speed, or always say 0. Beyond a silence the leg on the near side decides alone, by more.
    """
    wild = np.zeros(len(fixes), np.bool_)
    if len(fixes) < 3:
        return wild
    lon, lat, seconds = fixes.lon, fixes.lat, fixes.time_ms / 1000.0
    leg_m = distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:])
    leg_s = np.maximum(np.diff(seconds), 1.0)
    direct_m = distance_m(lon[:-2], lat[:-2], lon[2:], lat[2:])
    detour_m = leg_m[:-1] + leg_m[1:] - direct_m
    leg_kn = leg_m / leg_s / METRES_PER_SECOND_PER_KNOT
    said_kn = np.nan_to_num(np.maximum(fixes.sog_kn[:-2], fixes.sog_kn[2:]).astype(np.float64), nan=0.0)
    # legs before and after the two of the excursion; at an end there is only one, in a track of three none
    beside_kn = np.zeros((2, len(leg_kn) - 1))
    beside_kn[0, 1:], beside_kn[1, :-1] = leg_kn[:-2], leg_kn[2:]
    usual_kn = np.maximum(said_kn, _calmer(beside_kn))
    is_excursion = detour_m >= 2.0 * params.outlier_detour_m
    slowest_kn = np.minimum(leg_kn[:-1], leg_kn[1:])
    wild[1:-1] = is_excursion & (slowest_kn > usual_kn + params.outlier_excess_kn)
    silent = leg_s >= 60.0 * params.silence_min
    one_side = silent[:-1] != silent[1:]
    near_kn = np.where(silent[:-1], leg_kn[1:], leg_kn[:-1])
    near_m = np.where(silent[:-1], leg_m[1:], leg_m[:-1])
    far = is_excursion & one_side & (near_m >= 1000.0) & (near_kn > usual_kn + 3.0 * params.outlier_excess_kn)
    # the neighbour on the near side must itself be where its next neighbour says
    support = np.where(silent[:-1], beside_kn[1], beside_kn[0])
    wild[1:-1] |= far & (support <= usual_kn + params.outlier_excess_kn)
    return wild


def _calmer(beside_kn: Floats) -> Floats:
    """Speed of the legs on both sides: the lower where both are known (the next excursion may be beside this one)."""
    lower, higher = beside_kn.min(axis=0), beside_kn.max(axis=0)
    is_end = np.zeros(len(lower), np.bool_)
    is_end[[0, -1]] = True
    return np.asarray(np.where(is_end, higher, lower))


def is_scatter(fixes: Fixes, params: HullParams) -> bool:
    """Whether places under one label are no track: most legs are faster than ships go and than she says."""
    seconds = np.maximum(np.diff(fixes.time_ms) / 1000.0, 1.0)
    leg_kn = distance_m(fixes.lon[:-1], fixes.lat[:-1], fixes.lon[1:], fixes.lat[1:]) / seconds
    leg_kn = leg_kn / METRES_PER_SECOND_PER_KNOT
    said_kn = np.nan_to_num(np.maximum(fixes.sog_kn[:-1], fixes.sog_kn[1:]).astype(np.float64), nan=0.0)
    return bool(np.median(leg_kn - np.maximum(said_kn, params.scatter_kn)) > params.outlier_excess_kn)
