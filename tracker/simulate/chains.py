"""Meetings that hang together: a raft of three, a pair that meets again, and cargo that goes on to a third ship."""

from dataclasses import replace

from tracker.simulate.geography import NAMPO_APPROACH
from tracker.simulate.meetings import Plan, abreast_m, lie_alongside, stay
from tracker.simulate.motion import Rng, Track, anchor, away, join, sail
from tracker.simulate.stage import Stage, declared_after


def put_raft(stage: Stage, /, *, rng: Rng) -> None:
    """A mother ship with a receiver on either side; the second comes later and leaves earlier."""
    place = (124.90, 33.30)
    begin, end = stage.time_s(52.1), stage.time_s(58.05)
    mother = stage.ship("PAN", length_m=116.0, laden=0.95)
    plan = Plan(
        place,
        start_s=begin - 5400.0,
        end_s=end + 3000.0,
        course_deg=160.0,
        origin=away(place, bearing_deg=190.0, distance_nm=70.0),
        goal=away(place, bearing_deg=170.0, distance_nm=70.0),
    )
    track = stay(mother, plan, rng=rng)
    guests = []
    for number, (flag, length, late_s) in enumerate((("PRK", 88.0, 0.0), ("CHN", 74.0, 2700.0))):
        guest = stage.ship(flag, length_m=length, laden=0.5)
        side = 1 if number == 0 else -1
        other = lie_alongside(
            track,
            meet_s=begin + late_s,
            part_s=end - late_s,
            ahead_m=4.0 - 9.0 * number,
            right_m=side * abreast_m(mother, guest, gap_m=3.5),
            rng=rng,
            origin=away(place, bearing_deg=250.0 + side * 80.0, distance_nm=60.0),
            goal=away(place, bearing_deg=250.0 + side * 50.0, distance_nm=60.0),
        )
        cargo_t = round(0.55 * guest.deadweight_t, -1)
        guests.append((declared_after(guest, end, 3.0, cargo_t), other, begin + late_s, end - late_s, cargo_t))
    mother = declared_after(mother, end, 5.0, -sum(guest[4] for guest in guests))
    stage.fleet.add(mother, track)
    for guest, other, start_s, end_s, cargo_t in guests:
        stage.fleet.add(guest, other)
        stage.fleet.tell(
            "encounter",
            "raft",
            mother,
            guest,
            start_s=start_s,
            end_s=end_s,
            track=track,
            other=other,
            cargo_t=cargo_t,
            donor=mother,
            group_id="raft-1",
        )


def put_repeat(stage: Stage, /, *, rng: Rng) -> None:
    """The same two ships at night in China's zone, and again forty hours later; in between the guest waits."""
    place = (124.40, 30.65)
    times = [(stage.time_s(a), stage.time_s(b)) for a, b in ((14.25, 19.95), (60.1, 64.05)) if stage.has_time_for(b)]
    host = stage.ship("PAN", length_m=106.0, laden=0.97)
    guest = stage.ship("SLE", length_m=82.0, laden=0.5)
    plan = Plan(
        place,
        start_s=times[0][0] - 7200.0,
        end_s=times[-1][1] + 3600.0,
        course_deg=75.0,
        speed_kn=0.3,
        origin=away(place, bearing_deg=110.0, distance_nm=90.0),
        goal=away(place, bearing_deg=100.0, distance_nm=60.0),
    )
    track = stay(host, plan, rng=rng)
    parts: list[Track] = []
    came_from = away(place, bearing_deg=160.0, distance_nm=80.0)
    for start_s, end_s in times:
        where = away(place, bearing_deg=200.0, distance_nm=14.0)
        trip = lie_alongside(
            track,
            meet_s=start_s,
            part_s=end_s,
            ahead_m=5.0,
            right_m=-abreast_m(host, guest, gap_m=3.0),
            rng=rng,
            origin=came_from,
            goal=where,
        )
        if parts:
            since, until = float(parts[-1].time_s[-1]) + 60.0, float(trip.time_s[0]) - 60.0
            parts.append(anchor(came_from, start_s=since, end_s=until, rng=rng, length_m=guest.length_m))
        parts.append(trip)
        came_from = where
    other = join(*parts)
    moved_t = [round(share * guest.deadweight_t, -1) for share in (0.35, 0.2)]
    for (_, end_s), hours, cargo_t in zip(times, (5.0, 3.0), moved_t, strict=False):
        host, guest = declared_after(host, end_s, hours, -cargo_t), declared_after(guest, end_s, hours, cargo_t)
    stage.fleet.add(host, track)
    stage.fleet.add(guest, other)
    for number, (start_s, end_s) in enumerate(times):
        stage.fleet.tell(
            "encounter",
            "transfer",
            host,
            guest,
            start_s=start_s,
            end_s=end_s,
            track=track,
            other=other,
            cargo_t=moved_t[number],
            donor=host,
        )


def put_chain(stage: Stage, /, *, rng: Rng) -> None:
    """A carrier receives in the south, gives to a DPRK-flagged tanker in the Yellow Sea, and that one goes to Nampo."""
    south, north = (125.00, 32.60), (124.00, 36.00)
    mother = stage.ship("PAN", length_m=117.0, laden=0.98)
    carrier = stage.ship("SLE", length_m=92.0, laden=0.5)
    last = stage.ship("PRK", length_m=84.0, laden=0.5)
    first_s, second_s = ((stage.time_s(a), stage.time_s(b)) for a, b in ((4.1, 9.05), (33.2, 38.1)))
    plan = Plan(south, start_s=stage.fleet.start_s, end_s=first_s[1] + 2400.0, course_deg=100.0)
    mother_track = stay(mother, replace(plan, goal=away(south, bearing_deg=150.0, distance_nm=80.0)), rng=rng)
    trip = lie_alongside(
        mother_track,
        meet_s=first_s[0],
        part_s=first_s[1],
        ahead_m=2.0,
        right_m=abreast_m(mother, carrier, gap_m=3.0),
        rng=rng,
        origin=away(south, bearing_deg=230.0, distance_nm=60.0),
        goal=north,
        speed_kn=10.5,
    )
    waits = Plan(north, start_s=float(trip.time_s[-1]) + 60.0, end_s=second_s[1] + 2400.0, course_deg=20.0)
    carrier_track = join(
        trip, stay(carrier, replace(waits, goal=away(north, bearing_deg=190.0, distance_nm=120.0)), rng=rng)
    )
    cargo_t = round(0.6 * carrier.deadweight_t, -1)
    onward_t = round(0.6 * last.deadweight_t, -1)
    mother = declared_after(mother, first_s[1], 4.0, -cargo_t)
    carrier = declared_after(declared_after(carrier, first_s[1], 6.0, cargo_t), second_s[1], 8.0, -onward_t)
    stage.fleet.add(mother, mother_track)
    stage.fleet.add(carrier, carrier_track)
    told = [(mother, carrier, first_s, mother_track, carrier_track, cargo_t)]
    calls: tuple[float, Track] | None = None
    if stage.has_time_for(38.0):
        home = lie_alongside(
            carrier_track,
            meet_s=second_s[0],
            part_s=second_s[1],
            ahead_m=-4.0,
            right_m=abreast_m(carrier, last, gap_m=3.0),
            rng=rng,
            origin=away(north, bearing_deg=10.0, distance_nm=70.0),
            goal=NAMPO_APPROACH[0],
        )
        roads = sail([home.last, *NAMPO_APPROACH[1:]], depart_s=float(home.time_s[-1]) + 30.0, speed_kn=9.0, rng=rng)
        waiting = {
            "start_s": float(roads.time_s[-1]) + 600.0,
            "end_s": max(stage.fleet.end_s, roads.time_s[-1] + 3600.0),
        }
        home = join(home, roads, anchor(NAMPO_APPROACH[-1], rng=rng, length_m=last.length_m, **waiting))
        # her set is off from before she comes in until she has lain there for some hours
        silence = waiting["start_s"] - 3600.0 * 3.0, waiting["start_s"] + 3600.0 * 3.0
        stage.fleet.add(last, home, silences=[silence])
        calls = waiting["start_s"], home
        told.append((carrier, last, second_s, carrier_track, home, onward_t))
    for giver, taker, (start_s, end_s), track, other, moved_t in told:
        stage.fleet.tell(
            "encounter",
            "transfer",
            giver,
            taker,
            start_s=start_s,
            end_s=end_s,
            track=track,
            other=other,
            cargo_t=moved_t,
            donor=giver,
        )
    if calls is not None:
        stage.fleet.tell("port_call", "buoy", last, None, start_s=calls[0], end_s=stage.fleet.end_s, track=calls[1])
