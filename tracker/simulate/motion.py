"""How hulls move: tracks of the middle of a hull, and the few ways of lying and going from which fleets are made.

A `Track` is a pose on a fine grid of times; building one is composing a few verbs: `sail`, `drift`, `anchor`, `moor`,
`hold` (a fixed place in the frame of another, moving ship) and `join`. Longitudes and headings are unwrapped
inside a track (they may pass 180 or 360), so that interpolation never goes the long way round.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.geo.kernels import distance_m, from_local_xy_m, local_xy_m, wrap_deg
from tracker.units import METRES_PER_SECOND_PER_KNOT

FloatArray = npt.NDArray[np.float64]
Rng = np.random.Generator
Place = tuple[float, float]
"""Longitude, latitude; degrees."""

GRID_S = 30.0
UNDER_WAY, AT_ANCHOR, MOORED, FISHING = 0, 1, 5, 7
"""Navigational status (ITU-R M.1371-5, table 45)."""

TIDE_S = 12.42 * 3600.0
"""Principal lunar semidiurnal tide, M2."""


@dataclass(frozen=True)
class Track:
    """Pose of the middle of a hull: equally long arrays in order of time (seconds since 1970 UTC)."""

    time_s: FloatArray
    lon: FloatArray
    lat: FloatArray
    heading_deg: FloatArray
    status: npt.NDArray[np.int8]

    def at(self, time_s: npt.ArrayLike, /) -> "Track":
        """Poses at times; before the beginning and after the end the ship stays where she is."""
        times = np.atleast_1d(np.asarray(time_s, dtype=np.float64))
        place = np.clip(np.searchsorted(self.time_s, times, "right") - 1, 0, len(self.time_s) - 1)
        lon, lat, heading = (np.interp(times, self.time_s, v) for v in (self.lon, self.lat, self.heading_deg))
        return Track(times, lon, lat, heading, self.status[place])

    def within(self, start_s: float, end_s: float, /) -> "Track":
        """The part between two times, resampled so that it begins and ends at them where it reaches so far."""
        start, end = max(start_s, self.time_s[0]), min(end_s, self.time_s[-1])
        if end < start:
            nothing = np.empty(0)
            return Track(nothing, nothing, nothing, nothing, np.empty(0, np.int8))
        inside = self.time_s[(self.time_s > start) & (self.time_s < end)]
        return self.at(np.concatenate([[start], inside, [end] if end > start else []]))

    def beside(self, *, ahead_m: npt.ArrayLike, right_m: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Places so far ahead and to starboard of the middle of the hull, in her own frame (metres)."""
        turn = np.radians(self.heading_deg)
        ahead, right = np.asarray(ahead_m, dtype=np.float64), np.asarray(right_m, dtype=np.float64)
        east = ahead * np.sin(turn) + right * np.cos(turn)
        north = ahead * np.cos(turn) - right * np.sin(turn)
        lon, lat = from_local_xy_m(east, north, self.lon, self.lat)
        return self.lon + wrap_deg(lon - self.lon), lat

    @property
    def last(self) -> Place:
        """Where the track ends."""
        return float(self.lon[-1]), float(self.lat[-1])


def wander(rng: Rng, time_s: FloatArray, /, *, sd: float, minutes: float) -> FloatArray:
    """Noise with memory (Ornstein-Uhlenbeck) at ordered times: its standard deviation and correlation time."""
    if len(time_s) == 0:
        return np.empty(0)
    step = min(GRID_S, 15.0 * minutes)
    count = int((time_s[-1] - time_s[0]) // step) + 2
    keep = float(np.exp(-step / (60.0 * minutes)))
    kicks = rng.normal(0.0, sd * np.sqrt(1.0 - keep * keep), count)
    kicks[0] = rng.normal(0.0, sd)
    walk = _remember(kicks, keep)
    return np.asarray(np.interp(time_s, time_s[0] + step * np.arange(count), walk), dtype=np.float64)


def _remember(kicks: FloatArray, keep: float, /, *, block: int = 128) -> FloatArray:
    """Solve ``y[n] = keep * y[n-1] + kicks[n]`` block by block; within a block it is a scaled cumulative sum."""
    powers = keep ** np.arange(1, block + 1)
    walk, last = np.empty(len(kicks)), 0.0
    for begin in range(0, len(kicks), block):
        part = kicks[begin : begin + block]
        scale = powers[: len(part)]
        walk[begin : begin + block] = scale * (last + np.cumsum(part / scale))
        last = float(walk[begin + len(part) - 1])
    return walk


def speed_kn(track: Track, /) -> FloatArray:
    """Speed over ground of the middle of the hull on the track's own grid, knots."""
    if len(track.time_s) < 2:
        return np.zeros(len(track.time_s))
    east, north = local_xy_m(track.lon[1:], track.lat[1:], track.lon[:-1], track.lat[:-1])
    pace = np.hypot(east, north) / np.diff(track.time_s) / METRES_PER_SECOND_PER_KNOT
    return np.append(pace, pace[-1])


def rounded(heading_deg: FloatArray, /, *, minutes: float) -> FloatArray:
    """Turns of a heading on the grid (unwrapped) spread over so many minutes."""
    half = int(30.0 * minutes / GRID_S)
    padded = np.pad(heading_deg, half, mode="edge")
    return np.asarray(np.convolve(padded, np.full(2 * half + 1, 1.0 / (2 * half + 1)), mode="valid"))


def steps(start_s: float, end_s: float, /) -> FloatArray:
    """The grid of times from start to end, both included."""
    return np.append(np.arange(start_s, max(end_s - 1e-6, start_s), GRID_S), max(end_s, start_s))


def away(place: Place, /, *, bearing_deg: float, distance_nm: float) -> Place:
    """The place at a distance on a bearing, by short legs of constant bearing."""
    lon, lat = place
    legs = max(1, int(np.ceil(distance_nm / 10.0)))
    metres = 1852.0 * distance_nm / legs
    for _ in range(legs):
        turn = np.radians(bearing_deg)
        lon_, lat_ = from_local_xy_m(metres * np.sin(turn), metres * np.cos(turn), lon, lat)
        lon, lat = lon + float(wrap_deg(lon_ - lon)), float(lat_)
    return lon, lat


def sail(
    points: list[Place], /, *, depart_s: float, speed_kn: float, rng: Rng | None = None, status: int = UNDER_WAY
) -> Track:
    """Go through points at constant speed; turns are rounded over five minutes. `rng` makes her yaw a little."""
    lon = points[0][0] + np.concatenate([[0.0], np.cumsum(wrap_deg(np.diff([p[0] for p in points])))])
    lat = np.array([p[1] for p in points], dtype=np.float64)
    metres = np.asarray(distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:]))
    knots = np.concatenate([[0.0], np.cumsum(metres)]) / (speed_kn * METRES_PER_SECOND_PER_KNOT) + depart_s
    time_s = steps(depart_s, float(knots[-1]))
    east, north = local_xy_m(lon[1:], lat[1:], lon[:-1], lat[:-1])
    course = np.unwrap(np.degrees(np.arctan2(east, north)), period=360.0)
    leg = np.clip(np.searchsorted(knots, time_s, "right") - 1, 0, len(course) - 1)
    heading = course[leg]
    heading = rounded(heading, minutes=5.0)
    if rng is not None:
        heading = heading + wander(rng, time_s, sd=1.5, minutes=3.0)
    places = (np.interp(time_s, knots, lon), np.interp(time_s, knots, lat))
    return Track(time_s, *places, heading, np.full(len(time_s), status, np.int8))


def sail_until(points: list[Place], /, *, arrive_s: float, speed_kn: float, rng: Rng | None = None) -> Track:
    """As `sail`, timed to arrive."""
    track = sail(points, depart_s=0.0, speed_kn=speed_kn, rng=rng)
    return Track(track.time_s + (arrive_s - track.time_s[-1]), track.lon, track.lat, track.heading_deg, track.status)


def drift(
    place: Place,
    /,
    *,
    start_s: float,
    end_s: float,
    rng: Rng,
    heading_deg: float,
    set_deg: float,
    speed_kn: float = 0.6,
    status: int = UNDER_WAY,
) -> Track:
    """Lie stopped with the current: the hull moves along the set and turns slowly."""
    time_s = steps(start_s, end_s)
    run = (time_s - start_s) * speed_kn * METRES_PER_SECOND_PER_KNOT
    turn = np.radians(set_deg) + np.radians(20.0) * np.sin(2 * np.pi * (time_s - start_s) / TIDE_S)
    pace = np.diff(run, prepend=0.0)
    east, north = np.cumsum(pace * np.sin(turn)), np.cumsum(pace * np.cos(turn))
    lon, lat = from_local_xy_m(east, north, *place)
    yaw = wander(rng, time_s, sd=8.0, minutes=25.0)
    return Track(
        time_s,
        place[0] + wrap_deg(lon - place[0]),
        lat,
        heading_deg + yaw - yaw[0],
        np.full(len(time_s), status, np.int8),
    )


def anchor(
    place: Place,
    /,
    *,
    start_s: float,
    end_s: float,
    rng: Rng,
    length_m: float,
    chain_m: float = 90.0,
    stream_deg: float = 30.0,
    yaw_deg: float = 10.0,
) -> Track:
    """Swing about an anchor: with the tide as all ships around do, and with a slow yaw of her own.

    The bow points at the anchor, so the middle of the hull is chain plus half a length down-stream of it.
    """
    time_s = steps(start_s, end_s)
    lag_s = rng.normal(0.0, 900.0)
    tide = stream_deg + 70.0 * np.sin(2 * np.pi * (time_s - lag_s) / TIDE_S)
    heading = tide + wander(rng, time_s, sd=yaw_deg, minutes=12.0)
    reach = chain_m + 0.5 * length_m + wander(rng, time_s, sd=0.06 * chain_m, minutes=6.0)
    turn = np.radians(heading)
    lon, lat = from_local_xy_m(-reach * np.sin(turn), -reach * np.cos(turn), *place)
    return Track(time_s, place[0] + wrap_deg(lon - place[0]), lat, heading, np.full(len(time_s), AT_ANCHOR, np.int8))


def moor(place: Place, /, *, start_s: float, end_s: float, heading_deg: float) -> Track:
    """Lie at a berth: nothing moves but the signal."""
    time_s = steps(start_s, end_s)
    lon, lat, heading = (np.full(len(time_s), value) for value in (*place, heading_deg))
    return Track(time_s, lon, lat, heading, np.full(len(time_s), MOORED, np.int8))


def hold(
    host: Track,
    /,
    *,
    start_s: float,
    end_s: float,
    ahead_m: float,
    right_m: float,
    rng: Rng,
    reverse: bool = False,
    sway_m: float = 0.3,
    status: int | None = None,
) -> Track:
    """Stay at one place in the frame of another ship, as a hull made fast to her does (`sway_m`: give of the lines)."""
    base = host.within(start_s, end_s)
    lon, lat = base.beside(
        ahead_m=ahead_m + wander(rng, base.time_s, sd=2.0 * sway_m, minutes=4.0),
        right_m=right_m + np.sign(right_m) * np.abs(wander(rng, base.time_s, sd=sway_m, minutes=3.0)),
    )
    heading = base.heading_deg + (180.0 if reverse else 0.0) + wander(rng, base.time_s, sd=0.2, minutes=5.0)
    states = base.status if status is None else np.full(len(base.time_s), status, np.int8)
    return Track(base.time_s, lon, lat, heading, states)


def join(*tracks: Track) -> Track:
    """One track from parts in order of time; the shorter way round is taken in longitude and heading."""
    parts = [track for track in tracks if len(track.time_s)]
    time_s = np.concatenate([p.time_s for p in parts])
    keep = np.concatenate([[True], np.diff(time_s) > 1e-6])
    lon, lat, heading = (np.concatenate([getattr(p, n) for p in parts])[keep] for n in ("lon", "lat", "heading_deg"))
    return Track(
        time_s[keep],
        np.unwrap(lon, period=360.0),
        lat,
        np.unwrap(heading, period=360.0),
        np.concatenate([p.status for p in parts])[keep],
    )
