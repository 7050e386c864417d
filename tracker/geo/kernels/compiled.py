"""Scalar kernels, compiled by numba, that the engine's loops call on int32 counts of 1e-7 degree.

Only differences of longitude enter, as integers: turning the globe by any amount changes no bit of a result.
"""

import math

from tracker.geo.kernels.jit import inner
from tracker.geo.kernels.wgs84 import AXIS_RATIO2, ECCENTRICITY2, RADIANS, SEMI_MAJOR_M

HALF_TURN_E7 = 1_800_000_000
FULL_TURN_E7 = 3_600_000_000
RADIANS_E7 = RADIANS * 1e-7
PLANE_LIMIT_E7 = 850_000_000
"""Above 85 degrees of latitude the local plane is off by more than a millimetre in a kilometre."""
LONGEST_METRES_E7 = 0.0111951
"""No 1e-7 degree, of latitude or longitude, is longer than this anywhere (m)."""


@inner
def wrap_e7(dx: int) -> int:
    """Difference of two longitudes, or a longitude, brought to [-180, 180) degrees (counts of 1e-7 degree)."""
    if dx >= HALF_TURN_E7:
        return dx - FULL_TURN_E7
    if dx < -HALF_TURN_E7:
        return dx + FULL_TURN_E7
    return dx


@inner
def chord2_m2(dx: int, y0: int, y1: int) -> float:
    """Squared straight-line distance through the ellipsoid, m2; `dx` is the difference of longitude."""
    sin0, sin1 = math.sin(y0 * RADIANS_E7), math.sin(y1 * RADIANS_E7)
    across0 = SEMI_MAJOR_M / math.sqrt(1.0 - ECCENTRICITY2 * sin0 * sin0)
    across1 = SEMI_MAJOR_M / math.sqrt(1.0 - ECCENTRICITY2 * sin1 * sin1)
    axis0, axis1 = across0 * math.cos(y0 * RADIANS_E7), across1 * math.cos(y1 * RADIANS_E7)
    half = math.sin(0.5 * dx * RADIANS_E7)
    rise = AXIS_RATIO2 * (across1 * sin1 - across0 * sin0)
    outward = axis1 - axis0
    chord2: float = outward * outward + rise * rise + 4.0 * axis0 * axis1 * half * half
    return chord2


@inner
def distance2_m2(x0: int, y0: int, x1: int, y1: int) -> float:
    """Squared distance, m2, between two places given in counts of 1e-7 degree.

    Local WGS-84 radii at the middle latitude for near places: within 2e-4 m of the geodesic at 1 km up to 85
    degrees (cheaper than haversine, which is 5.6 m off there). Towards the poles, and for places more than a
    degree apart, the straight line through the ellipsoid: 1e-6 m at 1 km, 0.01 % short at 300 km.
    """
    dx = wrap_e7(x1 - x0)
    dy = y1 - y0
    middle = 0.5 * (y0 + y1)
    if abs(middle) > PLANE_LIMIT_E7 or abs(dx) > 10_000_000 or abs(dy) > 10_000_000:
        chord2: float = chord2_m2(dx, y0, y1)
        return chord2
    cos_lat = math.cos(middle * RADIANS_E7)
    w = 1.0 - ECCENTRICITY2 * (1.0 - cos_lat * cos_lat)
    across2 = SEMI_MAJOR_M * SEMI_MAJOR_M / w
    north = dy * RADIANS_E7 * AXIS_RATIO2 / w
    east = dx * RADIANS_E7 * cos_lat
    plane2: float = across2 * (north * north + east * east)
    return plane2


@inner
def chord_place_e7(dx: int, y0: int, y1: int, share: float) -> tuple[int, int]:
    """Place a share of the way along the straight line from (0, y0) to (dx, y1), as (dx, y) in 1e-7 degree."""
    sin0, sin1 = math.sin(y0 * RADIANS_E7), math.sin(y1 * RADIANS_E7)
    across0 = SEMI_MAJOR_M / math.sqrt(1.0 - ECCENTRICITY2 * sin0 * sin0)
    across1 = SEMI_MAJOR_M / math.sqrt(1.0 - ECCENTRICITY2 * sin1 * sin1)
    axis0, axis1 = across0 * math.cos(y0 * RADIANS_E7), across1 * math.cos(y1 * RADIANS_E7)
    x = axis0 + (axis1 * math.cos(dx * RADIANS_E7) - axis0) * share
    y = axis1 * math.sin(dx * RADIANS_E7) * share
    # z over AXIS_RATIO2, as the latitude needs it
    z = across0 * sin0 + (across1 * sin1 - across0 * sin0) * share
    lat = math.atan2(z, math.sqrt(x * x + y * y))
    return round(math.atan2(y, x) / RADIANS_E7), round(lat / RADIANS_E7)
