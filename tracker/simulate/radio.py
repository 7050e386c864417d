"""From tracks to reports: when a transceiver speaks, where its antenna is, and what its numbers are worth.

Reporting intervals: Class A at anchor 3 min, under way 2 to 10 s; Class B 30 s, 3 min below 2 kn (ITU-R M.1371-5,
annex 1, table 1), here thinned to the interval asked for. Position error has memory (GPS error is much the same a
minute later) and a white part; speed and course come from the antenna's true movement; heading is a whole degree.
"""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from tracker.geo.kernels import from_local_xy_m, local_xy_m, wrap_deg
from tracker.simulate.hulls import Hull
from tracker.simulate.motion import FloatArray, Rng, Track, speed_kn, wander
from tracker.tables.fixes import Fixes
from tracker.tables.positions import degrees_e7
from tracker.units import METRES_PER_SECOND_PER_KNOT


@dataclass(frozen=True)
class Signals:
    """Position reports as sent, equally long arrays; NaN where not available. ``hull`` indexes the fleet's hulls."""

    time_s: npt.NDArray[np.int64]
    mmsi: npt.NDArray[np.int32]
    lon: FloatArray
    lat: FloatArray
    sog_kn: FloatArray
    cog_deg: FloatArray
    heading_deg: FloatArray
    status: npt.NDArray[np.int8]
    hull: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.time_s)

    def take(self, chosen: npt.NDArray[np.generic] | slice, /) -> "Signals":
        """Rows by index array, mask or slice."""
        return Signals(*(getattr(self, f.name)[chosen] for f in fields(self)))

    def ordered(self) -> "Signals":
        """In order of time, then MMSI."""
        return self.take(np.lexsort((self.hull, self.mmsi, self.time_s)))


def concat_signals(parts: list[Signals], /) -> Signals:
    """Join parts in the order given."""
    return Signals(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Signals)))


def speak_times(track: Track, /, *, rng: Rng, underway_s: float, slow_s: float, jitter: float = 0.15) -> FloatArray:
    """Times at which reports are received: every `underway_s` when making way, every `slow_s` below 1 kn."""
    start, end = float(track.time_s[0]), float(track.time_s[-1])

    def comb(interval: float) -> FloatArray:
        count = int((end - start) / interval) + 2
        ticks = start + interval * (np.arange(count) + rng.uniform(0.0, 1.0))
        ticks = ticks + interval * jitter * rng.uniform(-1.0, 1.0, count)
        return ticks[(ticks >= start) & (ticks <= end)]

    if underway_s == slow_s:
        return np.unique(np.floor(comb(underway_s)))
    speed = speed_kn(track)
    fast, slow = comb(underway_s), comb(slow_s)
    quick = np.interp(fast, track.time_s, speed) >= 1.0
    still = np.interp(slow, track.time_s, speed) < 1.0
    return np.unique(np.floor(np.concatenate([fast[quick], slow[still]])))


def transmit(
    ship: Hull,
    track: Track,
    times: FloatArray,
    /,
    *,
    rng: Rng,
    index: int = 0,
    noise_m: float = 4.0,
    white_m: float = 0.8,
    noise_minutes: float = 8.0,
) -> Signals:
    """Reports of a ship at times within her track.

    Parameters
    ----------
    times
        Seconds since 1970, ascending; whole seconds are sent.
    noise_m, white_m, noise_minutes
        Standard deviation of the slow part of the position error on each axis, of the white part, and the
        correlation time of the slow part.
    """
    times = times[(times >= track.time_s[0]) & (times <= track.time_s[-1])]
    poses = track.at(times)
    lon, lat = poses.beside(ahead_m=ship.antenna_ahead_m, right_m=ship.antenna_right_m)
    half_s = 15.0
    lon_0, lat_0 = track.at(times - half_s).beside(ahead_m=ship.antenna_ahead_m, right_m=ship.antenna_right_m)
    lon_1, lat_1 = track.at(times + half_s).beside(ahead_m=ship.antenna_ahead_m, right_m=ship.antenna_right_m)
    span = np.minimum(times + half_s, track.time_s[-1]) - np.maximum(times - half_s, track.time_s[0])
    knot = np.maximum(span, 1.0) * METRES_PER_SECOND_PER_KNOT
    east, north = (v / knot + rng.normal(0.0, 0.07, len(times)) for v in local_xy_m(lon_1, lat_1, lon_0, lat_0))
    shift = [wander(rng, times, sd=noise_m, minutes=noise_minutes) + rng.normal(0.0, white_m, len(times)) for _ in "xy"]
    lon, lat = from_local_xy_m(shift[0], shift[1], lon, lat)
    heading = (np.rint(poses.heading_deg + rng.normal(0.0, 0.6, len(times)))) % 360.0
    count = len(times)
    return Signals(
        time_s=times.astype(np.int64),
        mmsi=np.full(count, ship.mmsi, np.int32),
        lon=np.asarray(wrap_deg(lon)),
        lat=np.asarray(lat),
        sog_kn=np.round(np.hypot(east, north), 1),
        cog_deg=np.round(np.degrees(np.arctan2(east, north)) % 360.0, 1) % 360.0,
        heading_deg=heading if ship.has_heading else np.full(count, np.nan),
        status=poses.status if ship.ais_class == "A" else np.full(count, -1, np.int8),
        hull=np.full(count, index, np.int32),
    )


def without(times: FloatArray, silences: list[tuple[float, float]], /) -> FloatArray:
    """Times outside the silences (start, end; seconds)."""
    for start, end in silences:
        times = times[(times < start) | (times > end)]
    return times


def throw(signals: Signals, rows: npt.NDArray[np.int64], /, *, rng: Rng, metres: tuple[float, float]) -> Signals:
    """Displace single reports by a distance between two bounds, on random bearings: bad fixes."""
    lon, lat = signals.lon.copy(), signals.lat.copy()
    reach, turn = rng.uniform(*metres, len(rows)), rng.uniform(0.0, 2 * np.pi, len(rows))
    lon_, lat_ = from_local_xy_m(reach * np.sin(turn), reach * np.cos(turn), lon[rows], lat[rows])
    lon[rows], lat[rows] = wrap_deg(lon_), lat_
    values = {f.name: getattr(signals, f.name) for f in fields(Signals)} | {"lon": lon, "lat": lat}
    return Signals(**values)


def fixes_of(signals: Signals, /) -> Fixes:
    """Bare columns from reports; their order is kept."""
    return Fixes(
        time_ms=signals.time_s * 1000,
        mmsi=signals.mmsi,
        lon_e7=degrees_e7(signals.lon),
        lat_e7=degrees_e7(signals.lat),
        sog_kn=signals.sog_kn.astype(np.float32),
        cog_deg=signals.cog_deg.astype(np.float32),
        heading_deg=signals.heading_deg.astype(np.float32),
        nav_status=signals.status,
        flags=np.zeros(len(signals), np.uint8),
    )
