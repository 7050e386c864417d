"""What looks like a meeting and is none: neighbours at anchor, berths, tows, pilots, convoys, ships that wait."""

from dataclasses import replace

from tracker.simulate.geography import LANES, PILOT_STATION, QUAYS, SHIDAO_ANCHORAGE, YANGTZE_ANCHORAGE
from tracker.simulate.hulls import Hull
from tracker.simulate.meetings import Plan, abreast_m, follow, lie_alongside, near_times, pass_by, stay, tow_line
from tracker.simulate.motion import Place, Rng, Track, anchor, away, hold, join, moor, sail
from tracker.simulate.stage import Stage

FLAGS = ("CHN", "CHN", "CHN", "KOR", "KOR", "PAN", "PAN", "JPN", "HKG", "LBR", "MHL", "TGO", "VNM", "RUS", "TWN")
"""Flags of ordinary ships in these waters, by weight."""


def tell_decoy(stage: Stage, label: str, one: Hull, two: Hull, track: Track, other: Track, /) -> None:
    """Put a pair that is no meeting into the truth; its time is that within a mile."""
    start, end = near_times(track.within(stage.fleet.start_s, stage.fleet.end_s), other)
    stage.fleet.tell("decoy", label, one, two, start_s=start, end_s=end, track=track, other=other)


def whole_time(stage: Stage, /) -> dict[str, float]:
    """From the first to the last moment."""
    return {"start_s": stage.fleet.start_s, "end_s": stage.fleet.end_s}


def put_anchorages(stage: Stage, /) -> None:
    """Two anchorages: a lattice and a row of ships 400 m apart, each swinging by herself all the time."""
    spots = [
        away(away(YANGTZE_ANCHORAGE, bearing_deg=90.0, distance_nm=c * 0.216), bearing_deg=0.0, distance_nm=r * 0.216)
        for r in range(4)
        for c in range(4)
    ]
    spots += [away(SHIDAO_ANCHORAGE, bearing_deg=60.0, distance_nm=n * 0.216) for n in range(6)]
    rng = stage.rng(11)
    ships: list[Hull] = []
    tracks: list[Track] = []
    for n, spot in enumerate(spots):
        kind = "tanker" if n % 3 == 0 else "cargo"
        length = float(rng.uniform(72, 118))
        flag = FLAGS[int(rng.integers(len(FLAGS)))]
        ships.append(stage.ship(flag, kind, length_m=length, laden=float(rng.uniform(0.55, 0.98))))
        tracks.append(anchor(spot, rng=rng, length_m=length, **whole_time(stage)))
        stage.fleet.add(ships[n], tracks[n])
    beside = [(n, n + 1) for n in range(len(spots) - 1) if (n % 4 != 3 if n < 16 else True)]
    beside += [(n, n + 4) for n in range(12)]
    for a, b in beside:
        tell_decoy(stage, "anchorage_neighbours", ships[a], ships[b], tracks[a], tracks[b])


def put_berths(stage: Stage, /) -> None:
    """Ships along quays, bow to stern, 13 to 23 m of quay between them; at each quay one lies outside another."""
    rng = stage.rng(12)
    for port, (first, along, count) in QUAYS.items():
        flags = ("PRK",) if port == "Nampo" else ("CHN", "CHN", "PAN", "KOR", "HKG")
        ships: list[Hull] = []
        tracks: list[Track] = []
        for n in range(count):
            kind = "tanker" if n % 4 == 1 else "cargo"
            length = float(rng.uniform(82, 92))
            ships.append(stage.ship(flags[n % len(flags)], kind, length_m=length, laden=float(rng.uniform(0.5, 0.95))))
            spot = away(first, bearing_deg=along, distance_nm=105.0 * n / 1852.0)
            inner = n - 1
            if n == count - 1:
                inner = 1
                out = abreast_m(ships[1], ships[n], gap_m=1.5) / 1852.0
                seaward = -90.0 if port != "Nampo" else 90.0
                spot = away(tracks[1].last, bearing_deg=along + seaward, distance_nm=out)
            tracks.append(moor(spot, heading_deg=along + 180.0 * (n % 2), **whole_time(stage)))
            stage.fleet.add(ships[n], tracks[n])
            start, end = stage.fleet.start_s, stage.fleet.end_s
            stage.fleet.tell("port_call", "berth", ships[n], None, start_s=start, end_s=end, track=tracks[n])
            if n:
                tell_decoy(stage, "berth", ships[inner], ships[n], tracks[inner], tracks[n])


def put_tows(stage: Stage, /) -> None:
    """Tugs with barges 220 to 380 m astern, and one with a barge made fast to her side."""
    places = [(123.3, 28.6), (122.9, 33.9), (124.0, 31.6), (123.5, 36.9)]
    for number, place in enumerate(places):
        rng = stage.rng(1500 + number)
        tug = stage.ship("CHN", "tow", length_m=34.0, beam_m=11.0)
        barge = stage.ship("CHN", "other", length_m=float(rng.uniform(70, 90)), ais_class="B")
        middle = stage.time_s(12.0 + 13.0 * number)
        track = pass_by(place, time_s=middle, course_deg=20.0 + 60.0 * number, speed_kn=5.0, hours=8.0, rng=rng)
        if number == 3:
            right = abreast_m(tug, barge, gap_m=1.0)
            other = hold(track, start_s=middle - 4e4, end_s=middle + 4e4, ahead_m=12.0, right_m=right, rng=rng)
        else:
            other = tow_line(track, length_m=float(rng.uniform(220, 380)), rng=rng)
        if stage.fleet.add(tug, track) and stage.fleet.add(barge, other):
            tell_decoy(stage, "tow", tug, barge, track, other)


def put_pilots(stage: Stage, /) -> None:
    """Two pilot boats that go out to three ships each, lie alongside for some minutes under way, and return."""
    for number in range(2):
        rng = stage.rng(1600 + number)
        home = away(PILOT_STATION, bearing_deg=80.0, distance_nm=0.5 * number)
        boat = stage.ship("CHN", "pilot", length_m=17.0, beam_m=5.0)
        parts, jobs, clock = [], [], stage.fleet.start_s
        for job in range(3):
            begin = stage.time_s(7.0 + 21.0 * job + 6.0 * number)
            if not stage.has_time_for(7.0 + 21.0 * job + 6.0 * number + 2.0):
                break
            ship = stage.ship(FLAGS[3 + job], "cargo", length_m=float(rng.uniform(120, 170)), laden=0.8)
            spot = away(PILOT_STATION, bearing_deg=70.0 + 25.0 * number, distance_nm=6.0)
            track = pass_by(spot, time_s=begin, course_deg=100.0, speed_kn=8.0, hours=3.0, rng=rng)
            trip = lie_alongside(
                track,
                meet_s=begin,
                part_s=begin + 60.0 * float(rng.uniform(5, 9)),
                ahead_m=-12.0,
                right_m=abreast_m(ship, boat, gap_m=1.0),
                rng=rng,
                origin=home,
                goal=home,
                speed_kn=15.0,
                ease_s=240.0,
            )
            parts += [_wait(home, clock, float(trip.time_s[0]) - 60.0, rng=rng), trip]
            clock = float(trip.time_s[-1]) + 60.0
            stage.fleet.add(ship, track)
            jobs.append((ship, track))
        boat_track = join(*parts, _wait(home, clock, stage.fleet.end_s, rng=rng))
        stage.fleet.add(boat, boat_track)
        for ship, track in jobs:
            tell_decoy(stage, "pilot", boat, ship, boat_track, track)


def _wait(place: Place, start_s: float, end_s: float, /, *, rng: Rng) -> Track:
    return anchor(place, start_s=start_s, end_s=end_s, rng=rng, length_m=17.0, chain_m=40.0)


def put_convoys(stage: Stage, /) -> None:
    """Three ships in line a kilometre apart, twice; and ships that overtake others 150 to 250 m off, three times."""
    for number, (lane, hour) in enumerate((("yellow sea", 6.0), ("busan", 30.0))):
        rng = stage.rng(1700 + number)
        lead = sail(LANES[lane], depart_s=stage.time_s(hour), speed_kn=9.0, rng=rng)
        ships = [stage.ship("CHN", "cargo", length_m=float(rng.uniform(85, 110)), laden=0.9) for _ in range(3)]
        tracks = [follow(lead, seconds=n * 1000.0 / 4.63) for n in range(3)]
        sailed = [stage.fleet.add(ship, track) for ship, track in zip(ships, tracks, strict=True)]
        if all(sailed):
            for n in (0, 1):
                tell_decoy(stage, "convoy", ships[n], ships[n + 1], tracks[n], tracks[n + 1])
    for number, (place, hour) in enumerate((((123.6, 30.2), 16.0), ((124.7, 34.2), 37.0), ((122.6, 27.7), 58.0))):
        if not stage.has_time_for(hour):
            continue
        rng = stage.rng(1750 + number)
        beside = away(place, bearing_deg=110.0, distance_nm=float(rng.uniform(150, 250)) / 1852.0)
        slow = pass_by(place, time_s=stage.time_s(hour), course_deg=15.0, speed_kn=9.0, hours=7.0, rng=rng)
        fast = pass_by(beside, time_s=stage.time_s(hour), course_deg=15.0, speed_kn=10.5, hours=7.0, rng=rng)
        pair = [stage.ship(flag, "cargo", length_m=float(rng.uniform(80, 140)), laden=0.9) for flag in ("CHN", "PAN")]
        stage.fleet.add(pair[0], slow)
        stage.fleet.add(pair[1], fast)
        tell_decoy(stage, "overtaking", pair[0], pair[1], slow, fast)


def put_waiting(stage: Stage, /) -> None:
    """Tankers that come, drift alone for some hours, and go: nobody meets them."""
    places = [(124.9, 31.7), (126.6, 30.9), (124.6, 27.6), (123.4, 33.6), (125.9, 29.0), (124.6, 36.5)]
    for number, place in enumerate(places):
        rng = stage.rng(1800 + number)
        hour, hours = float(rng.uniform(6, 50)), float(rng.uniform(3, 9))
        if not stage.has_time_for(hour + hours):
            continue
        ship = stage.ship(
            ("PAN", "SLE", "CHN", "KOR", "TGO", "CHN")[number], length_m=float(rng.uniform(70, 110)), laden=0.9
        )
        plan = Plan(
            place,
            start_s=stage.time_s(hour),
            end_s=stage.time_s(hour + hours),
            origin=away(place, bearing_deg=190.0, distance_nm=70.0),
            goal=away(place, bearing_deg=30.0, distance_nm=60.0),
        )
        track = stay(ship, plan, rng=rng)
        stage.fleet.add(ship, track)
        stage.fleet.tell("decoy", "waiting", ship, None, start_s=plan.start_s, end_s=plan.end_s, track=track)


def put_shared_mmsi(stage: Stage, /) -> None:
    """Two hulls far apart that send one MMSI."""
    rng = stage.rng(19)
    one = stage.ship("CHN", "cargo", length_m=88.0, laden=0.8)
    two = replace(one, name=f"{one.name} B", imo=None)
    for ship, lane in ((one, "yellow sea"), (two, "coast")):
        track = sail(LANES[lane], depart_s=stage.time_s(3.0), speed_kn=7.0, rng=rng)
        stage.fleet.add(ship, track)
    start, end = stage.time_s(3.0), stage.fleet.end_s
    stage.fleet.tell("decoy", "shared_mmsi", one, None, start_s=start, end_s=end, track=track)
    stage.fleet.tell("spoofing", "two_places", one, None, start_s=start, end_s=end, track=track)
