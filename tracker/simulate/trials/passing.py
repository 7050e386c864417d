"""Likenesses to a meeting among ships under way and boats that visit: tows, launches, convoys, trawlers, traffic."""

from tracker.simulate.decoys import tell_decoy
from tracker.simulate.meetings import abreast_m, follow, lie_alongside, pass_by, stay, tow_line
from tracker.simulate.motion import FISHING, Place, Rng, Track, away, hold, sail
from tracker.simulate.trials.apart import METRES_PER_MILE, add_pair, waits
from tracker.simulate.trials.cast import Play
from tracker.simulate.trials.together import HOUR_S


def tow(play: Play, place: Place, rng: Rng, /) -> None:
    """A tug with a barge astern, or made fast to her side."""
    tug = play.ship(rng, "tow" if rng.random() < 0.6 else "tug", length_m=float(rng.uniform(26, 42)), beam_m=11.0)
    barge = play.ship(rng, "other" if rng.random() < 0.6 else "tanker", length_m=float(rng.uniform(60, 110)))
    track = _straight(play, place, rng, speed_kn=float(rng.uniform(3.5, 7.0)))
    if rng.random() < 0.3:
        right = abreast_m(tug, barge, gap_m=1.0)
        other = hold(
            track,
            start_s=float(track.time_s[0]),
            end_s=float(track.time_s[-1]),
            ahead_m=float(rng.uniform(5, 20)),
            right_m=right,
            rng=rng,
        )
    else:
        other = tow_line(track, length_m=float(rng.uniform(180, 420)), rng=rng)
    add_pair(play, "tow", (tug, barge), (track, other))


def assist(play: Play, place: Place, rng: Rng, /) -> None:
    """A tug that comes to a ship, lies at her side for half an hour or so, and goes."""
    _visit(play, place, rng, label="assist", kind="tug", length_m=30.0, beam_m=10.0, minutes=(15, 70), speed_kn=10.0)


def pilot(play: Play, place: Place, rng: Rng, /) -> None:
    """A pilot boat alongside for some minutes, under way."""
    _visit(
        play,
        place,
        rng,
        label="pilot",
        kind="pilot",
        length_m=17.0,
        beam_m=5.0,
        minutes=(4, 12),
        speed_kn=15.0,
        mode="underway",
    )


def launch(play: Play, place: Place, rng: Rng, /) -> None:
    """A launch with crew or stores alongside for up to an hour; her type says little."""
    kind = "other" if rng.random() < 0.6 else "ferry"
    _visit(play, place, rng, label="launch", kind=kind, length_m=18.0, beam_m=5.0, minutes=(8, 60), speed_kn=14.0)


def convoy(play: Play, place: Place, rng: Rng, /) -> None:
    """Three ships in line, at one speed."""
    speed = float(rng.uniform(6, 11))
    lead = _straight(play, place, rng, speed_kn=speed)
    spacing_s = float(rng.uniform(350, 1000)) / (speed * METRES_PER_MILE / HOUR_S)
    ships = [play.ship(rng, "cargo" if n else "tanker", length_m=float(rng.uniform(80, 150))) for n in range(3)]
    tracks = [lead, follow(lead, seconds=spacing_s), follow(lead, seconds=2 * spacing_s)]
    for n in range(3):
        play.stage.fleet.add(ships[n], tracks[n])
    for n in (0, 1):
        tell_decoy(play.stage, "convoy", ships[n], ships[n + 1], tracks[n], tracks[n + 1])


def overtaking(play: Play, place: Place, rng: Rng, /) -> None:
    """Two ships on one course 90 to 250 m apart, one a little faster than the other."""
    course, slow = float(rng.uniform(0, 360)), float(rng.uniform(7, 11))
    beside = away(place, bearing_deg=course + 90.0, distance_nm=float(rng.uniform(90, 250)) / METRES_PER_MILE)
    middle = play.stage.time_s(float(rng.uniform(10, 38)))
    tracks = tuple(
        pass_by(spot, time_s=middle, course_deg=course, speed_kn=speed, hours=5.0, rng=rng)
        for spot, speed in ((place, slow), (beside, slow + float(rng.uniform(0.4, 2.5))))
    )
    ships = tuple(play.ship(rng, "tanker", length_m=float(rng.uniform(80, 180))) for _ in tracks)
    add_pair(play, "overtaking", ships, tracks)


def fishing(play: Play, place: Place, rng: Rng, /) -> None:
    """Two trawlers with one net between them, turning every few hours."""
    length = float(rng.uniform(24, 55))
    ships = tuple(play.ship(rng, "fishing", length_m=length) for _ in "ab")
    points, spot = [place], place
    for n in range(17):
        spot = away(spot, bearing_deg=float(rng.uniform(0, 40)) + 165.0 * n, distance_nm=9.0)
        points.append(spot)
    track = sail(points, depart_s=play.stage.fleet.start_s, speed_kn=3.2, rng=rng, status=FISHING)
    track = track.within(play.stage.fleet.start_s, play.stage.fleet.end_s)
    apart = float(rng.uniform(120, 380))
    other = hold(
        track,
        start_s=float(track.time_s[0]),
        end_s=float(track.time_s[-1]),
        ahead_m=0.0,
        right_m=apart,
        rng=rng,
        sway_m=float(rng.uniform(8, 20)),
    )
    add_pair(play, "fishing", ships, (track, other))


def traffic(play: Play, place: Place, rng: Rng, /) -> None:
    """A ship that crosses the ground past a place; one in four is silent for some hours without any reason."""
    kind, length = ("tanker", rng.uniform(70, 250)) if rng.random() < 0.4 else ("cargo", rng.uniform(70, 220))
    ship = play.ship(rng, kind, length_m=float(length))
    track = _straight(play, place, rng, speed_kn=float(rng.uniform(8, 14)))
    silences = []
    if rng.random() < 0.25:
        since = float(rng.uniform(track.time_s[0], track.time_s[-1]))
        silences = [(since, since + HOUR_S * float(rng.uniform(4, 12)))]
    play.stage.fleet.add(ship, track, silences=silences)


def _visit(
    play: Play,
    place: Place,
    rng: Rng,
    /,
    *,
    label: str,
    kind: str,
    length_m: float,
    beam_m: float,
    minutes: tuple[float, float],
    speed_kn: float,
    mode: str = "drift",
) -> None:
    ship = play.ship(rng, "tanker" if rng.random() < 0.5 else "cargo", length_m=float(rng.uniform(90, 220)))
    boat = play.ship(rng, kind, length_m=length_m * float(rng.uniform(0.8, 1.2)), beam_m=beam_m)
    begin = play.stage.time_s(float(rng.uniform(6, 38)))
    end = begin + 60.0 * float(rng.uniform(*minutes))
    track = stay(ship, waits(play, place, begin, end, rng, mode=mode), rng=rng)
    home = play.near(rng, place, (8.0, 15.0))
    other = lie_alongside(
        track,
        meet_s=begin,
        part_s=end,
        ahead_m=float(rng.uniform(-30, 30)),
        right_m=float(rng.choice([-1, 1])) * abreast_m(ship, boat, gap_m=1.0),
        rng=rng,
        origin=home,
        goal=home,
        speed_kn=speed_kn,
        ease_s=300.0,
    )
    add_pair(play, label, (ship, boat), (track, other))


def _straight(play: Play, place: Place, rng: Rng, /, *, speed_kn: float) -> Track:
    hours = min(10.0, 60.0 / speed_kn)
    middle = play.stage.time_s(float(rng.uniform(8, 40)))
    course = float(rng.uniform(0, 360))
    return pass_by(place, time_s=middle, course_deg=course, speed_kn=speed_kn, hours=hours, rng=rng)
