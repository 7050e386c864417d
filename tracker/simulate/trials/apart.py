"""Likenesses to a meeting among ships that lie or drift: neighbours at anchor, berths, ships that wait near each other."""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from tracker.simulate.decoys import tell_decoy
from tracker.simulate.hulls import Hull
from tracker.simulate.meetings import Plan, abreast_m, lie_alongside, stay
from tracker.simulate.motion import Place, Rng, Track, anchor, away, drift, moor, wander
from tracker.simulate.trials.cast import Play
from tracker.simulate.trials.together import HOUR_S, meet_at_anchor

METRES_PER_MILE = 1852.0


def anchorage(play: Play, place: Place, rng: Rng, /) -> None:
    """Seven to nine ships 220 to 650 m apart, swinging by themselves; to one of them a guest comes."""
    play.quays.append(place)
    spread, count = float(np.exp(rng.uniform(np.log(220.0), np.log(650.0)))), int(rng.integers(7, 10))
    ships: list[Hull] = []
    tracks: list[Track] = []
    stream, chain = float(rng.uniform(0, 360)), float(rng.uniform(60, 140))
    for n in range(count):
        row, column = divmod(n, 3)
        spot = away(
            place, bearing_deg=90.0, distance_nm=column * spread * float(rng.uniform(0.9, 1.1)) / METRES_PER_MILE
        )
        spot = away(spot, bearing_deg=0.0, distance_nm=row * spread * float(rng.uniform(0.9, 1.1)) / METRES_PER_MILE)
        ships.append(play.ship(rng, "tanker" if rng.random() < 0.5 else "cargo", length_m=float(rng.uniform(70, 190))))
        track = anchor(
            spot,
            **_all_day(play),
            rng=rng,
            length_m=ships[n].length_m,
            chain_m=chain,
            stream_deg=stream,
            yaw_deg=float(rng.uniform(3, 14)),
        )
        tracks.append(track)
        play.stage.fleet.add(ships[n], track)
        if n:
            tell_decoy(play.stage, "anchorage", ships[n - 1], ships[n], tracks[n - 1], track)
    meet_at_anchor(play, ships[0], tracks[0], place, rng)


def quay(play: Play, place: Place, rng: Rng, /) -> None:
    """Ships along a quay, the last outside the first; and pleasure craft in a marina beside it."""
    play.quays.append(place)
    bearing = float(rng.uniform(0, 180))
    pairs: list[tuple[Hull, Track]] = []
    for n in range(5):
        ship = play.ship(rng, "tanker" if n % 3 == 1 else "cargo", length_m=88.0)
        spot = away(place, bearing_deg=bearing, distance_nm=n * 104.0 / METRES_PER_MILE)
        if n == 4:
            out = abreast_m(pairs[0][0], ship, gap_m=1.5) / METRES_PER_MILE
            spot = away(pairs[0][1].last, bearing_deg=bearing + 90.0, distance_nm=out)
        track = moor(spot, heading_deg=bearing + 180.0 * (n % 2), **_all_day(play))
        play.stage.fleet.add(ship, track)
        pairs.append((ship, track))
    basin = away(place, bearing_deg=bearing, distance_nm=0.8)
    for n in range(5):
        ship = play.ship(rng, "ferry", length_m=float(rng.uniform(11, 24)), beam_m=5.0)
        spot = away(basin, bearing_deg=bearing, distance_nm=n * 14.0 / METRES_PER_MILE)
        track = moor(spot, heading_deg=bearing + 90.0, **_all_day(play))
        play.stage.fleet.add(ship, track)
        pairs.append((ship, track))
    for (one, track), (two, other) in [*pairwise(pairs), (pairs[0], pairs[4])]:
        tell_decoy(play.stage, "berth", one, two, track, other)


def pool(play: Play, place: Place, rng: Rng, /) -> None:
    """Tankers that wait for orders, drifting 250 to 700 m from each other in one current for a day."""
    begin = play.stage.time_s(float(rng.uniform(2, 10)))
    end = begin + HOUR_S * float(rng.uniform(12, 30))
    set_deg, speed = float(rng.uniform(0, 360)), float(rng.uniform(0.2, 1.0))
    pairs: list[tuple[Hull, Track]] = []
    spot = place
    for n in range(3):
        if n:
            apart_m = float(rng.uniform(250, 700))
            spot = away(spot, bearing_deg=set_deg + float(rng.uniform(-60, 60)), distance_nm=apart_m / METRES_PER_MILE)
        track = drift(
            spot,
            start_s=begin,
            end_s=end,
            rng=rng,
            heading_deg=set_deg + 90.0 + float(rng.normal(0, 12)),
            set_deg=set_deg + float(rng.normal(0, 0.4)),
            speed_kn=speed * float(rng.uniform(0.99, 1.01)),
        )
        pairs.append((play.ship(rng, "tanker", length_m=float(rng.uniform(90, 240))), track))
        play.stage.fleet.add(*pairs[n])
        if n:
            tell_decoy(play.stage, "pool", pairs[n - 1][0], pairs[n][0], pairs[n - 1][1], track)


def standoff(play: Play, place: Place, rng: Rng, /) -> None:
    """A ship comes to another, keeps her station some cables off for an hour or three, and goes."""
    host, guest = play.pair(rng)
    begin = play.stage.time_s(float(rng.uniform(6, 34)))
    end = begin + HOUR_S * float(rng.uniform(0.7, 3.0))
    mode = "underway" if rng.random() < 0.3 else "drift"
    track = stay(host, waits(play, place, begin, end, rng, mode=mode), rng=rng)
    off_m = abreast_m(host, guest, gap_m=float(np.exp(rng.uniform(np.log(35.0), np.log(400.0)))))
    other = lie_alongside(
        track,
        meet_s=begin,
        part_s=end,
        ahead_m=float(rng.uniform(-150, 150)),
        right_m=float(rng.choice([-1, 1])) * off_m,
        rng=rng,
        origin=play.near(rng, place),
        goal=play.near(rng, place),
        sway_m=float(rng.uniform(6, 40)),
    )
    # she keeps her station and steers for herself
    yaw = wander(rng, other.time_s, sd=float(rng.uniform(4, 30)), minutes=float(rng.uniform(6, 30)))
    other = replace(other, heading_deg=other.heading_deg + yaw + float(rng.normal(0, 12)))
    add_pair(play, "standoff", (host, guest), (track, other))


def waiting(play: Play, place: Place, rng: Rng, /) -> None:
    """A tanker that comes, drifts alone for some hours, and goes."""
    ship = play.ship(rng, "tanker", length_m=float(rng.uniform(70, 180)))
    begin = play.stage.time_s(float(rng.uniform(5, 30)))
    end = begin + HOUR_S * float(rng.uniform(3, 9))
    track = stay(ship, waits(play, place, begin, end, rng), rng=rng)
    play.stage.fleet.add(ship, track)
    play.stage.fleet.tell("decoy", "waiting", ship, None, start_s=begin, end_s=end, track=track)


def waits(play: Play, place: Place, begin: float, end: float, rng: Rng, /, *, mode: str = "drift") -> Plan:
    """How a ship spends the time about a visit: she comes, waits, and goes."""
    return Plan(
        place,
        start_s=begin - HOUR_S * float(rng.uniform(0.5, 2.0)),
        end_s=end + HOUR_S * float(rng.uniform(0.3, 2.0)),
        mode=mode,
        speed_kn=float(rng.uniform(5, 9)) if mode == "underway" else float(rng.uniform(0.2, 1.2)),
        course_deg=float(rng.uniform(0, 360)),
        origin=play.near(rng, place),
        goal=play.near(rng, place),
    )


def add_pair(play: Play, label: str, ships: tuple[Hull, ...], tracks: tuple[Track, ...]) -> None:
    """Add two ships and tell them as a likeness to a meeting."""
    added = [play.stage.fleet.add(ship, track) for ship, track in zip(ships, tracks, strict=True)]
    if all(one is not None for one in added):
        tell_decoy(play.stage, label, ships[0], ships[1], tracks[0], tracks[1])


def _all_day(play: Play) -> dict[str, float]:
    return {"start_s": play.stage.fleet.start_s, "end_s": play.stage.fleet.end_s}
