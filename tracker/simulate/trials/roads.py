"""Roads: small ships that come, anchor close to each other, swing each for herself, and leave; and those made fast there.

The two are hard to tell apart: both pairs come and leave, lie within a hull's length of each other for hours and turn
with one tide and one wind. Neighbours differ in phase, scope, radius and yaw, and there is water between their hulls at
every moment; in each stay the water is drawn as near as that allows. What ships send (headings, class B, sizes) is drawn
for both alike, so that nothing but how they lie tells them apart.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tracker.geo.kernels import from_local_xy_m, local_xy_m, wrap_deg
from tracker.simulate.decoys import tell_decoy
from tracker.simulate.hulls import Hull
from tracker.simulate.meetings import abreast_m, lie_alongside
from tracker.simulate.motion import (
    AT_ANCHOR,
    TIDE_S,
    FloatArray,
    Place,
    Rng,
    Track,
    away,
    join,
    sail,
    sail_until,
    steps,
    wander,
)
from tracker.simulate.stage import declared_after
from tracker.simulate.trials.cast import Play

HOUR_S = 3600.0
METRES_PER_MILE = 1852.0
NEIGHBOURS, FAST = "neighbours", "roads"
"""Classes: neighbours at anchor (a decoy), and ships made fast at anchor; with `BLIND` where one sends no heading."""
BLIND = "_blind"
TRIES = 60
BEYOND_H = 16.0
"""Stays reach so far beyond the time of a fleet."""
KEEL_POINTS = 9


@dataclass(frozen=True)
class Weather:
    """What turns all ships of a road: the tide, and a wind that shifts."""

    stream_deg: float
    turn_deg: float
    """How far the tide turns a ship to either side."""
    sharp: float
    """Near 0 the turn is a sine, at 4 a ship turns within an hour or two at slack water."""
    time_s: FloatArray
    wind_deg: FloatArray

    def heading(self, time_s: FloatArray, /, *, lag_s: float, response: float) -> FloatArray:
        """Where the bow of a ship points that answers so much later, and so much to the wind, degrees."""
        tide = np.tanh(self.sharp * np.sin(2 * np.pi * (time_s - lag_s) / TIDE_S)) / np.tanh(self.sharp)
        wind = np.interp(time_s - lag_s / 3.0, self.time_s, self.wind_deg)
        return np.asarray(self.stream_deg + self.turn_deg * tide + response * wind)


def weather(play: Play, rng: Rng, /) -> Weather:
    """Draw tide and wind of a road."""
    fleet = play.stage.fleet
    time_s = steps(fleet.start_s - BEYOND_H * HOUR_S, fleet.end_s + BEYOND_H * HOUR_S)
    time_s = time_s + float(rng.uniform(0.0, 60.0))
    wind = wander(rng, time_s, sd=float(rng.uniform(2, 14)), minutes=float(rng.uniform(30, 120)))
    phase = float(rng.uniform(0, 360))
    return Weather(phase, float(rng.uniform(10, 88)), float(rng.uniform(0.3, 4.0)), time_s, wind)


def neighbours(play: Play, place: Place, rng: Rng, /) -> None:
    """Two ships that anchor near each other, at like times or not, and leave; between their hulls there is always water."""
    ships = _pair(play, rng)
    begin, end = _when(play, rng)
    later = float(rng.choice([rng.uniform(-0.4, 0.4), rng.uniform(-4.0, 4.0)]))
    sooner = float(rng.choice([rng.uniform(-0.4, 0.4), rng.uniform(-4.0, 4.0)]))
    second = begin + HOUR_S * later, max(end + HOUR_S * sooner, begin + HOUR_S * (later + 1.0))
    turning = weather(play, rng)
    first = _stay(ships[0], place, (begin, end), turning, play, rng)
    water_m = float(np.exp(rng.uniform(np.log(8.0), np.log(60.0))))
    near_m = float(rng.uniform(25.0, 90.0))
    for attempt in range(TRIES):
        # farther with every try: the nearest anchor at which the two stay clear of each other
        away_m = near_m * 1.06**attempt
        spot = away(place, bearing_deg=float(rng.uniform(0, 360)), distance_nm=away_m / METRES_PER_MILE)
        other = _stay(ships[1], spot, second, turning, play, rng)
        if clear_m(ships, (first, other)) >= water_m:
            break
    are_there = []
    for n, track in enumerate((first, other)):
        hours = float(rng.uniform(0.5, 8.0)) if rng.random() < 1 / 12 else None
        ship = declared_after(ships[n], end, hours, float(rng.normal(0.0, 400.0)))
        are_there.append(play.stage.fleet.add(ship, track) is not None)
    if all(are_there):
        tell_decoy(play.stage, _label(NEIGHBOURS, ships), *ships, first, other)


def fast_at_anchor(play: Play, place: Place, rng: Rng, /) -> None:
    """One ship anchors, another of her size makes fast to her, and both leave."""
    host, guest = ships = _pair(play, rng)
    begin, end = _when(play, rng)
    stay = begin - HOUR_S * float(rng.uniform(0.3, 3.0)), end + HOUR_S * float(rng.uniform(0.2, 2.0))
    track = _stay(host, place, stay, weather(play, rng), play, rng)
    shorter = min(host.length_m, guest.length_m)
    other = lie_alongside(
        track,
        meet_s=begin,
        part_s=end,
        ahead_m=float(rng.uniform(-0.25, 0.25)) * shorter,
        right_m=float(rng.choice([-1.0, 1.0])) * abreast_m(host, guest, gap_m=float(rng.uniform(1.5, 6.0))),
        rng=rng,
        origin=play.near(rng, place),
        goal=play.near(rng, place),
        reverse=bool(rng.random() < 0.2),
        ease_s=float(rng.uniform(600, 1500)),
        sway_m=float(rng.uniform(0.2, 1.5)),
    )
    cargo_t = round(float(rng.uniform(0.2, 0.7)) * min(host.deadweight_t, guest.deadweight_t), -1)
    hours = [float(rng.uniform(0.5, 8.0)) if rng.random() < 0.6 else None for _ in ships]
    play.stage.fleet.add(declared_after(host, end, hours[0], -cargo_t), track)
    play.stage.fleet.add(declared_after(guest, end, hours[1], cargo_t), other)
    play.stage.fleet.tell(
        "encounter",
        _label(FAST, ships),
        host,
        guest,
        start_s=begin,
        end_s=end,
        track=track,
        other=other,
        cargo_t=cargo_t,
        donor=host,
    )


ACTS: dict[Callable[[Play, Place, Rng], None], int] = {neighbours: 5, fast_at_anchor: 4}
"""What is staged in the roads of a fleet, and how often."""


def clear_m(ships: tuple[Hull, Hull], tracks: tuple[Track, Track], /) -> float:
    """Least water between two hulls while both are there, m: between points of the keels, less both half beams."""
    start, end = (pick(t.time_s[k] for t in tracks) for pick, k in ((max, 0), (min, -1)))
    if end <= start:
        return float("inf")
    time_s = np.append(np.arange(start, end, 60.0), end)
    keels: list[tuple[FloatArray, FloatArray]] = []
    first = tracks[0].at(time_s)
    for ship, track in zip(ships, tracks, strict=True):
        pose = track.at(time_s)
        east, north = local_xy_m(pose.lon, pose.lat, first.lon, first.lat)
        along = 0.5 * ship.length_m * np.linspace(-1.0, 1.0, KEEL_POINTS)[None, :]
        turn = np.radians(pose.heading_deg)[:, None]
        keels.append((east[:, None] + along * np.sin(turn), north[:, None] + along * np.cos(turn)))
    (e1, n1), (e2, n2) = keels
    apart: npt.NDArray[np.float64] = np.hypot(e1[:, :, None] - e2[:, None, :], n1[:, :, None] - n2[:, None, :])
    return float(apart.min()) - 0.5 * (ships[0].beam_m + ships[1].beam_m)


def _label(name: str, ships: tuple[Hull, Hull]) -> str:
    return name if all(ship.has_heading for ship in ships) else name + BLIND


def _pair(play: Play, rng: Rng) -> tuple[Hull, Hull]:
    """Two ships of like size, 60 to 180 m and mostly small; in two roads of five one of them or both send no heading."""
    kinds = (("tanker", "tanker"), ("tanker", "cargo"), ("cargo", "cargo"))[int(rng.choice(3, p=[0.5, 0.25, 0.25]))]
    length_m = float(rng.choice([rng.uniform(60, 112), rng.uniform(110, 180)], p=[0.7, 0.3]))
    luck = rng.random()
    silent = (
        (True, True) if luck < 0.2 else (True, False) if luck < 0.3 else (False, True) if luck < 0.4 else (False, False)
    )
    ships = []
    for n, kind in enumerate(kinds):
        long_m = float(np.clip(length_m * (1.0 if n == 0 else rng.uniform(0.7, 1.25)), 58.0, 180.0))
        ship = play.ship(rng, kind, length_m=long_m)
        if silent[n]:
            # a set of class B mostly sends no heading, and speaks every 3 min at anchor
            ship = replace(ship, has_heading=False, ais_class="B" if long_m < 85.0 and rng.random() < 0.5 else "A")
        ships.append(ship)
    return ships[0], ships[1]


def _when(play: Play, rng: Rng) -> tuple[float, float]:
    """Drawn alike for both classes: how long they stay says nothing of which they are. Some are there when the data begin."""
    fleet, hours = play.stage.fleet, float(np.exp(rng.uniform(np.log(1.5), np.log(14.0))))
    begin = float(rng.uniform(fleet.start_s, fleet.end_s)) - 0.5 * HOUR_S * hours
    return begin, begin + HOUR_S * hours


def _stay(ship: Hull, place: Place, span: tuple[float, float], turning: Weather, play: Play, rng: Rng) -> Track:
    """She comes up against the stream, swings about her anchor with her own phase, scope and yaw, and goes."""
    time_s = steps(*span)
    heading = turning.heading(time_s, lag_s=float(rng.normal(0.0, 1100.0)), response=float(rng.uniform(0.4, 1.3)))
    heading = heading + wander(rng, time_s, sd=float(rng.uniform(1.5, 11.0)), minutes=float(rng.uniform(5, 20)))
    chain_m = float(rng.uniform(0.45, 1.3)) * ship.length_m
    reach_m = chain_m + 0.5 * ship.length_m + wander(rng, time_s, sd=0.06 * chain_m, minutes=6.0)
    turn = np.radians(heading)
    lon, lat = from_local_xy_m(-reach_m * np.sin(turn), -reach_m * np.cos(turn), *place)
    lon = place[0] + np.asarray(wrap_deg(lon - place[0]))
    swing = Track(time_s, lon, np.asarray(lat), heading, np.full(len(time_s), AT_ANCHOR, np.int8))
    spot = float(swing.lon[0]), float(swing.lat[0])
    astern = float(heading[0]) + 180.0 + float(rng.normal(0.0, 15.0))
    slow = away(spot, bearing_deg=astern, distance_nm=float(rng.uniform(0.3, 0.8)))
    origin = away(slow, bearing_deg=astern + float(rng.normal(0.0, 30.0)), distance_nm=float(rng.uniform(12, 30)))
    goal = away(
        swing.last, bearing_deg=float(heading[-1] + rng.normal(0.0, 40.0)), distance_nm=float(rng.uniform(12, 30))
    )
    last = sail_until([slow, spot], arrive_s=float(time_s[0]) - 60.0, speed_kn=float(rng.uniform(2.5, 4.0)), rng=rng)
    speed_kn = float(rng.uniform(8, 11))
    come = sail_until([origin, slow], arrive_s=float(last.time_s[0]) - 60.0, speed_kn=speed_kn, rng=rng)
    leave = sail([swing.last, goal], depart_s=float(time_s[-1]) + 300.0, speed_kn=speed_kn, rng=rng)
    return join(come, last, swing, leave)
