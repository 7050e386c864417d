"""How high the sun stood: night is between civil dusk and dawn, the sun more than 6 degrees under the horizon.

Low-precision formulae of the Astronomical Almanac, good to about 0.01 degrees over 1950-2050, refraction left out.
"""

from datetime import UTC, datetime, timedelta
from math import asin, atan2, cos, degrees, radians, sin

CIVIL_TWILIGHT_DEG = -6.0
STEP = timedelta(minutes=10)


def sun_elevation_deg(lon: float, lat: float, time: datetime, /) -> float:
    """Elevation of the sun's centre, degrees, at a place (degrees) and a UTC time."""
    days = (time - datetime(2000, 1, 1, 12, tzinfo=UTC)).total_seconds() / 86_400.0
    anomaly = radians(357.528 + 0.9856003 * days)
    ecliptic = radians(280.460 + 0.9856474 * days + 1.915 * sin(anomaly) + 0.020 * sin(2 * anomaly))
    tilt = radians(23.439 - 0.0000004 * days)
    declination = asin(sin(tilt) * sin(ecliptic))
    ascension = atan2(cos(tilt) * sin(ecliptic), cos(ecliptic))
    sidereal = radians((280.46062 + 360.985647366 * days + lon) % 360.0)
    hour = sidereal - ascension
    height = sin(radians(lat)) * sin(declination) + cos(radians(lat)) * cos(declination) * cos(hour)
    return degrees(asin(max(-1.0, min(1.0, height))))


def night_share(lon: float, lat: float, start: datetime, end: datetime, /) -> float:
    """Share of an interval between civil dusk and dawn, 0..1, looked at every ten minutes."""
    count = max(1, int((end - start) / STEP))
    times = [start + (end - start) * (i + 0.5) / count for i in range(count)]
    return sum(sun_elevation_deg(lon, lat, time) < CIVIL_TWILIGHT_DEG for time in times) / count
