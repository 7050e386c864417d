"""One MMSI, how many hulls? Reports that cannot be one ship are split; single wild fixes are set aside.

A report belongs to the hull from which it could have come: the implied speed over ground, less an allowance for
position error, stays under a limit. When no hull fits, a new one begins. Afterwards a fix that leaves and
returns at a speed its neighbours do not have is set aside as an outlier. Greedy splitting against recent hulls
is the idea of Global Fishing Watch's segmenter (25 kn, 24 h, five messages back); ours differs in the limit and in
keeping every hull alive for the whole window.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.geo.kernels import distance_m
from tracker.params import Params, param
from tracker.tables.fixes import Fixes
from tracker.units import METRES_PER_SECOND_PER_KNOT

OUTLIER = -1


class HullParams(Params):
    """When two reports of one MMSI cannot come from one hull."""

    max_speed_kn: float = param(
        60.0,
        "fastest plausible ship, kn",
        gt=0,
        source="fastest ferries in service run at 45-50 kn; margin for GPS error",
    )
    position_error_m: float = param(
        150.0,
        "allowance for the error of two positions, m",
        ge=0,
        source="judgement: several GPS errors and a second of time",
    )
    outlier_detour_m: float = param(
        150.0, "shortest excursion of a single wild fix, m", gt=0, source="detection.md B3: bad fixes of 600-700 m"
    )
    outlier_excess_kn: float = param(
        8.0, "how much faster than both reported speeds the excursion must be, kn", gt=0, source="judgement"
    )
    min_hull_reports: int = param(
        3,
        "fewer reports than this are not a hull but outliers",
        ge=1,
        source="judgement: two wild fixes can agree by chance",
    )


@dataclass(frozen=True)
class Hull:
    """The reports of one hull of one MMSI, in time order; ``ordinal`` counts hulls of that MMSI from 0."""

    mmsi: int
    ordinal: int
    fixes: Fixes


def split_hulls(fixes: Fixes, /, *, params: HullParams) -> tuple[list[Hull], npt.NDArray[np.int16]]:
    """Split the reports of one MMSI into hulls.

    Parameters
    ----------
    fixes : Fixes
        Reports of one MMSI in time order.

    Returns
    -------
    hulls : list of Hull, in order of their first report
    label : array of int16, one for each fix
        Ordinal of its hull, or `OUTLIER`.
    """
    if not len(fixes):
        return [], np.empty(0, np.int16)
    label = _label(fixes, params)
    for ordinal in np.unique(label):
        rows = np.flatnonzero(label == ordinal)
        if len(rows) < params.min_hull_reports and len(fixes) > len(rows):
            label[rows] = OUTLIER
        else:
            label[rows[_is_wild(fixes.take(rows), params)]] = OUTLIER
    kept = [ordinal for ordinal in np.unique(label) if ordinal != OUTLIER]
    renumbered = np.full_like(label, OUTLIER)
    hulls = []
    for place, ordinal in enumerate(kept):
        rows = np.flatnonzero(label == ordinal)
        renumbered[rows] = place
        hulls.append(Hull(int(fixes.mmsi[0]), place, fixes.take(rows)))
    return hulls, renumbered


def _label(fixes: Fixes, params: HullParams) -> npt.NDArray[np.int16]:
    """Greedy assignment; one vectorised look suffices for the common case of a single hull."""
    label = np.zeros(len(fixes), np.int16)
    limit = params.max_speed_kn * METRES_PER_SECOND_PER_KNOT
    lon, lat, seconds = fixes.lon, fixes.lat, fixes.time_ms / 1000.0
    leg_m = distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:])
    if np.all(leg_m <= params.position_error_m + limit * np.diff(seconds)):
        return label
    last: list[int] = [0]
    for i in range(1, len(fixes)):
        ends = np.array(last)
        reach_m = params.position_error_m + limit * (seconds[i] - seconds[ends])
        excess = distance_m(lon[ends], lat[ends], lon[i], lat[i]) / reach_m
        best = int(np.argmin(excess))
        if excess[best] <= 1.0:
            label[i] = best
            last[best] = i
        else:
            label[i] = len(last)
            last.append(i)
    return label


def _is_wild(fixes: Fixes, params: HullParams) -> npt.NDArray[np.bool_]:
    """Fixes that leave the line between their neighbours and return, faster than either says it goes."""
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
    slowest_kn = np.minimum(leg_kn[:-1], leg_kn[1:])
    wild[1:-1] = (detour_m >= 2.0 * params.outlier_detour_m) & (slowest_kn > said_kn + params.outlier_excess_kn)
    return wild
