"""Short distances and local metres: what detectors compute with, as free functions over arrays.

Haversine on a mean sphere is wrong by up to 0.56 % (2.8 m in 500 m), which is the width of a fender; the
straight line between two points of the ellipsoid, bent back to its arc, is right to a micrometre there.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from tracker.geo.kernels.wgs84 import (
    AXIS_RATIO2,
    MEAN_RADIUS_M,
    RADIANS,
    SEMI_MAJOR_M,
    FloatArray,
    ecef_m,
    radii_m,
    surface_deg,
)

LONGEST_CHORD_M: Final = 1_000_000.0
"""Up to here one radius of curvature, that of the middle, describes the arc."""


def wrap_deg(lon: npt.ArrayLike, /) -> FloatArray:
    """Bring longitudes, or differences of longitudes, to [-180, 180) degrees."""
    degrees = np.asarray(lon, dtype=np.float64)
    # the comparison keeps values already in range bit for bit
    wrapped = (degrees + 180.0) % 360.0 - 180.0
    return np.where((degrees >= -180.0) & (degrees < 180.0), degrees, wrapped)


def distance_m(lon1: npt.ArrayLike, lat1: npt.ArrayLike, lon2: npt.ArrayLike, lat2: npt.ArrayLike, /) -> FloatArray:
    """Distance over the ellipsoid between points in degrees; shapes broadcast, NaN gives NaN.

    Returns
    -------
    array of float64, metres
        Against the geodesic (tested): within 1e-6 m at 1 km, 1e-4 m at 10 km, 1 cm at 100 km, 10 m at
        1,000 km; beyond that the mean sphere decides, within 0.6 %.
    """
    x1, y1, z1 = ecef_m(lon1, lat1)
    x2, y2, z2 = ecef_m(lon2, lat2)
    chord = np.sqrt((x2 - x1) ** 2 + (y2 - y1) ** 2 + (z2 - z1) ** 2)
    is_far = chord > LONGEST_CHORD_M
    middle = 0.5 * (np.asarray(lat1, dtype=np.float64) + np.asarray(lat2, dtype=np.float64))
    near = arc_m(np.where(is_far, 0.0, chord), middle)
    return np.where(is_far, _sphere_distance_m(lon1, lat1, lon2, lat2), near) if np.any(is_far) else near


def arc_m(chord_m: FloatArray, lat: npt.ArrayLike, /) -> FloatArray:
    """Distance over the ellipsoid, m, that goes with a straight line of up to 1,000 km whose middle lies at a latitude."""
    along, across = radii_m(lat)
    diameter = along + across
    return np.asarray(diameter * np.arcsin(chord_m / diameter))


def local_xy_m(
    lon: npt.ArrayLike, lat: npt.ArrayLike, lon0: npt.ArrayLike, lat0: npt.ArrayLike, /
) -> tuple[FloatArray, FloatArray]:
    """Metres east and north of an origin, on the plane that touches the ellipsoid there.

    Lengths on the plane are short by d^3 / 6 R^2 of the geodesic: 4e-6 m at 1 km, 4 mm at 10 km from the
    origin, 4 m at 100 km. Points beyond the horizon (a quarter of the globe) fold back: check distances first.

    Parameters
    ----------
    lon, lat : degrees; any longitude, also across the antimeridian
    lon0, lat0 : degrees, the origin; scalar or broadcast
    """
    x, y, z = ecef_m(lon, lat)
    x0, y0, z0 = ecef_m(lon0, lat0)
    (east_x, east_y), (north_x, north_y, north_z), _ = _axes(lon0, lat0)
    dx, dy, dz = x - x0, y - y0, z - z0
    return east_x * dx + east_y * dy, north_x * dx + north_y * dy + north_z * dz


def from_local_xy_m(
    east_m: npt.ArrayLike, north_m: npt.ArrayLike, lon0: npt.ArrayLike, lat0: npt.ArrayLike, /
) -> tuple[FloatArray, FloatArray]:
    """Longitude and latitude, degrees, of a point of the local plane, put down onto the ellipsoid.

    The exact inverse of `local_xy_m` up to the horizon of the plane; beyond it the result is NaN.
    """
    east = np.asarray(east_m, dtype=np.float64)
    north = np.asarray(north_m, dtype=np.float64)
    x, y, z = ecef_m(lon0, lat0)
    (east_x, east_y), (north_x, north_y, north_z), (up_x, up_y, up_z) = _axes(lon0, lat0)
    x = x + east_x * east + north_x * north
    y = y + east_y * east + north_y * north
    z = z + north_z * north
    # the drop u along the vertical solves |p - u * up| = 1 in the metric of the ellipsoid: a quadratic
    a = up_x * up_x + up_y * up_y + up_z * up_z / AXIS_RATIO2
    b = up_x * x + up_y * y + up_z * z / AXIS_RATIO2
    c = x * x + y * y + z * z / AXIS_RATIO2 - SEMI_MAJOR_M * SEMI_MAJOR_M
    with np.errstate(invalid="ignore"):
        drop = c / (b + np.sqrt(b * b - a * c))
    return surface_deg(x - drop * up_x, y - drop * up_y, z - drop * up_z)


def midpoint(
    lon1: npt.ArrayLike, lat1: npt.ArrayLike, lon2: npt.ArrayLike, lat2: npt.ArrayLike, /
) -> tuple[FloatArray, FloatArray]:
    """Longitude and latitude, degrees, half-way between two points, on the short side of the globe."""
    x1, y1, z1 = ecef_m(lon1, lat1)
    x2, y2, z2 = ecef_m(lon2, lat2)
    return surface_deg(0.5 * (x1 + x2), 0.5 * (y1 + y2), 0.5 * (z1 + z2))


def vector_m(
    one: tuple[FloatArray, FloatArray, FloatArray], two: tuple[FloatArray, FloatArray, FloatArray], /
) -> tuple[FloatArray, FloatArray]:
    """Metres east and north from one place to another, on the plane that touches the globe half-way between them.

    Exchanging the places turns the vector and changes nothing else.

    Parameters
    ----------
    one, two : earth-centred coordinates, m
    """
    _, cos_lon, sin_lon, cos_lat, sin_lat = _straight_above(*(0.5 * (a + b) for a, b in zip(one, two, strict=True)))
    dx, dy, dz = (b - a for a, b in zip(one, two, strict=True))
    return cos_lon * dy - sin_lon * dx, cos_lat * dz - sin_lat * (cos_lon * dx + sin_lon * dy)


def onto_surface_m(x: FloatArray, y: FloatArray, z: FloatArray, /) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The place on the ellipsoid straight above a place on a chord, earth-centred, m.

    Sines and cosines of such a place are its coordinates over their length: no trigonometry is needed.
    """
    return _straight_above(x, y, z)[0]


def _straight_above(
    x: FloatArray, y: FloatArray, z: FloatArray
) -> tuple[tuple[FloatArray, FloatArray, FloatArray], FloatArray, FloatArray, FloatArray, FloatArray]:
    """A place on the ellipsoid, and cosine and sine of its longitude and of its latitude."""
    axis = np.sqrt(x * x + y * y)
    is_pole = axis == 0.0
    over = 1.0 / np.where(is_pole, 1.0, axis)
    cos_lon, sin_lon = np.where(is_pole, 1.0, x * over), y * over
    run = AXIS_RATIO2 * axis
    length = np.sqrt(z * z + run * run)
    sin_lat, cos_lat = z / length, run / length
    across = SEMI_MAJOR_M / np.sqrt(1.0 - (1.0 - AXIS_RATIO2) * sin_lat * sin_lat)
    out = across * cos_lat
    return (out * cos_lon, out * sin_lon, across * AXIS_RATIO2 * sin_lat), cos_lon, sin_lon, cos_lat, sin_lat


def _sphere_distance_m(
    lon1: npt.ArrayLike, lat1: npt.ArrayLike, lon2: npt.ArrayLike, lat2: npt.ArrayLike, /
) -> FloatArray:
    """Haversine distance on the mean sphere, for points so far apart that no single curvature fits them."""
    lat1_rad, lat2_rad = (np.asarray(lat, dtype=np.float64) * RADIANS for lat in (lat1, lat2))
    half_lon_rad = 0.5 * RADIANS * (np.asarray(lon2, dtype=np.float64) - np.asarray(lon1, dtype=np.float64))
    with np.errstate(invalid="ignore"):
        half_turn, half_climb = np.sin(half_lon_rad), np.sin(0.5 * (lat2_rad - lat1_rad))
        squared = half_climb * half_climb + np.cos(lat1_rad) * np.cos(lat2_rad) * half_turn * half_turn
    angle: FloatArray = 2.0 * np.arcsin(np.sqrt(np.minimum(squared, 1.0)))
    return MEAN_RADIUS_M * angle


def _axes(
    lon0: npt.ArrayLike, lat0: npt.ArrayLike, /
) -> tuple[tuple[FloatArray, FloatArray], tuple[FloatArray, ...], tuple[FloatArray, ...]]:
    """Unit vectors east (its z is 0), north and up at an origin."""
    lon_rad = np.asarray(lon0, dtype=np.float64) * RADIANS
    lat_rad = np.asarray(lat0, dtype=np.float64) * RADIANS
    sin_lon, cos_lon, sin_lat, cos_lat = np.sin(lon_rad), np.cos(lon_rad), np.sin(lat_rad), np.cos(lat_rad)
    return (
        (-sin_lon, cos_lon),
        (-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat),
        (cos_lat * cos_lon, cos_lat * sin_lon, sin_lat),
    )
