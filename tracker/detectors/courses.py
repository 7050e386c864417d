"""How a silent ship was heading: the course made good before her last report, or after her next.

Read off the hours in which she was heard, so it holds whatever her set says of her course. A ship bound for a meeting
is mostly heading there when she falls silent, and comes from there when she is heard again.
"""

import numpy as np
import numpy.typing as npt

from tracker.detectors.hearing import MMSI_SPAN
from tracker.geo.kernels import distance_m, local_xy_m
from tracker.units import METRES_PER_NAUTICAL_MILE, MILLISECONDS_PER_HOUR

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

LEAST_NM = 1.0
"""A ship that made less good has no course."""
MOST_H = 4
"""Hours heard this near the silence tell her course."""


def course_made_deg(
    mmsi: IntArray,
    time_ms: IntArray,
    lon: FloatArray,
    lat: FloatArray,
    heard: tuple[IntArray, FloatArray, FloatArray],
    /,
    *,
    is_before: bool,
) -> FloatArray:
    """Course made good up to (or from) given reports, degrees.

    Parameters
    ----------
    mmsi, time_ms, lon, lat : (n,) the last report before a silence, or the first after it; NaN places have no course
    heard : of `Hearing.heard`
    is_before : whether the way up to the report is asked, or the way on from it

    Returns
    -------
    (n,) degrees; NaN where she was not heard within some hours, or lay still
    """
    key, at_lon, at_lat = heard
    course = np.full(len(mmsi), np.nan)
    if not len(key):
        return course
    hour = time_ms // MILLISECONDS_PER_HOUR
    # the place of an hour is that of its first report: the hour of the report itself tells only of what was before
    for hours in range(0 if is_before else 1, MOST_H + 1):
        wanted = (hour - hours if is_before else hour + hours) * MMSI_SPAN + mmsi
        at = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
        rows = np.flatnonzero((key[at] == wanted) & np.isnan(course) & np.isfinite(lon))
        other = at_lon[at[rows]], at_lat[at[rows]]
        far = distance_m(*other, lon[rows], lat[rows]) >= LEAST_NM * METRES_PER_NAUTICAL_MILE
        bearing = bearing_deg(lon[rows], lat[rows], *other)
        course[rows[far]] = (bearing[far] + 180.0) % 360.0 if is_before else bearing[far]
    return course


def bearing_deg(lon_1: FloatArray, lat_1: FloatArray, lon_2: npt.ArrayLike, lat_2: npt.ArrayLike, /) -> FloatArray:
    """Bearing of second places from first ones, degrees, over distances that a ship makes in a day."""
    east, north = local_xy_m(lon_2, lat_2, lon_1, lat_1)
    return np.asarray(np.degrees(np.arctan2(east, north)) % 360.0)
