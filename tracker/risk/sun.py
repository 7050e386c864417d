"""How high the sun stood: night is between civil dusk and dawn, the sun more than 6 degrees under the horizon.

Low-precision formulae of the Astronomical Almanac, good to about 0.01 degrees over 1950-2050, refraction left out.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt

CIVIL_TWILIGHT_DEG = -6.0
STEP = timedelta(minutes=10)
NOON_2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
AT_ONCE = 500
"""Intervals looked at together: bounds the memory, not the answer."""

Floats = npt.NDArray[np.float64]


def sun_elevation_deg(lon: float, lat: float, time: datetime, /) -> float:
    """Elevation of the sun's centre, degrees, at a place (degrees) and a UTC time."""
    return float(_elevations_deg(*(np.array([one]) for one in (lon, lat, (time - NOON_2000) / DAY)))[0])


def _elevations_deg(lon: Floats, lat: Floats, days: Floats) -> Floats:
    """At places, at times given in days since noon of 1 January 2000."""
    anomaly = np.radians(357.528 + 0.9856003 * days)
    ecliptic = np.radians(280.460 + 0.9856474 * days + 1.915 * np.sin(anomaly) + 0.020 * np.sin(2 * anomaly))
    tilt = np.radians(23.439 - 0.0000004 * days)
    declination = np.arcsin(np.sin(tilt) * np.sin(ecliptic))
    ascension = np.arctan2(np.cos(tilt) * np.sin(ecliptic), np.cos(ecliptic))
    sidereal = np.radians((280.46062 + 360.985647366 * days + lon) % 360.0)
    hour, at = sidereal - ascension, np.radians(lat)
    height = np.sin(at) * np.sin(declination) + np.cos(at) * np.cos(declination) * np.cos(hour)
    return np.asarray(np.degrees(np.arcsin(np.clip(height, -1.0, 1.0))))


def night_share(lon: float, lat: float, start: datetime, end: datetime, /) -> float:
    """Share of an interval between civil dusk and dawn, 0..1, looked at every ten minutes."""
    (share,) = night_shares([(lon, lat, start, end)])
    return share


def night_shares(asked: Sequence[tuple[float, float, datetime, datetime]], /) -> list[float]:
    """The same of many intervals at once: longitude and latitude (degrees), start and end of each."""
    shares: list[float] = []
    for begin in range(0, len(asked), AT_ONCE):
        part = asked[begin : begin + AT_ONCE]
        count = np.array([max(1, int((end - start) / STEP)) for _, _, start, end in part], np.int64)
        first = np.cumsum(count) - count
        lon, lat, since, length = (
            np.repeat(np.array(values, np.float64), count)
            for values in zip(
                *((lon, lat, (start - NOON_2000) / DAY, (end - start) / DAY) for lon, lat, start, end in part),
                strict=True,
            )
        )
        steps = np.arange(int(count.sum())) - np.repeat(first, count) + 0.5
        is_dark = _elevations_deg(lon, lat, since + length * steps / np.repeat(count, count)) < CIVIL_TWILIGHT_DEG
        shares += (np.add.reduceat(is_dark, first, dtype=np.int64) / count).tolist()
    return shares
