"""The WGS-84 ellipsoid: its constants, its radii of curvature, and the way between degrees and metres.

Source: NGA.STND.0036_1.0.0_WGS84 (2014), table 3.1; Snyder, Map Projections: A Working Manual (USGS
Professional Paper 1395), equations 4-18 to 4-20 for the radii.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

SEMI_MAJOR_M: Final = 6_378_137.0
FLATTENING: Final = 1.0 / 298.257223563
ECCENTRICITY2: Final = FLATTENING * (2.0 - FLATTENING)
"""Square of the first eccentricity."""
AXIS_RATIO2: Final = 1.0 - ECCENTRICITY2
"""Square of the ratio of the polar to the equatorial axis."""
MEAN_RADIUS_M: Final = SEMI_MAJOR_M * (1.0 - FLATTENING / 3.0)
"""Mean of the three semi-axes, 6,371,008.8 m: the sphere of haversine formulas."""
RADIANS: Final = float(np.pi) / 180.0


def radii_m(lat: npt.ArrayLike, /) -> tuple[FloatArray, FloatArray]:
    """Radii of curvature at a latitude: along the meridian (M) and across it (N), in metres.

    Parameters
    ----------
    lat : array of any shape
        Geodetic latitude, degrees. NaN gives NaN.
    """
    with np.errstate(invalid="ignore"):
        sin_lat = np.sin(np.asarray(lat, dtype=np.float64) * RADIANS)
    w = 1.0 - ECCENTRICITY2 * sin_lat * sin_lat
    across = SEMI_MAJOR_M / np.sqrt(w)
    return across * AXIS_RATIO2 / w, across


def ecef_m(lon: npt.ArrayLike, lat: npt.ArrayLike, /) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Earth-centred coordinates (x, y, z in metres) of points on the ellipsoid given in degrees."""
    lon_rad = np.asarray(lon, dtype=np.float64) * RADIANS
    lat_rad = np.asarray(lat, dtype=np.float64) * RADIANS
    with np.errstate(invalid="ignore"):  # an infinite coordinate has no place: NaN, as for NaN
        sin_lat, cos_lat, sin_lon, cos_lon = np.sin(lat_rad), np.cos(lat_rad), np.sin(lon_rad), np.cos(lon_rad)
    across = SEMI_MAJOR_M / np.sqrt(1.0 - ECCENTRICITY2 * sin_lat * sin_lat)
    return across * cos_lat * cos_lon, across * cos_lat * sin_lon, across * AXIS_RATIO2 * sin_lat


def surface_deg(x: npt.ArrayLike, y: npt.ArrayLike, z: npt.ArrayLike, /) -> tuple[FloatArray, FloatArray]:
    """Longitude and latitude, degrees, at which a ray from the centre through a point leaves the ellipsoid.

    Exact for points on the ellipsoid, where the latitude has this closed form; for others (the middle of a
    chord) it is the point straight above as seen from the centre.
    """
    x, y, z = (np.asarray(v, dtype=np.float64) for v in (x, y, z))
    return np.arctan2(y, x) / RADIANS, np.arctan2(z, AXIS_RATIO2 * np.hypot(x, y)) / RADIANS
