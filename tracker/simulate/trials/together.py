"""Meetings of every class: between which hulls, how, for how long, and what they declare afterwards."""

import numpy as np

from tracker.simulate.hulls import Hull
from tracker.simulate.meetings import Plan, abreast_m, lie_alongside, stay
from tracker.simulate.motion import Place, Rng, Track
from tracker.simulate.stage import declared_after
from tracker.simulate.trials.cast import NEAR_NM, Play

HOUR_S = 3600.0
HEARD_H = 1.5
"""A ship that hides is heard for so long on one side of her silence at least, h."""
CLASSES = ("barge", "drift", "anchor", "underway", "raft", "handover", "dark")


def meet(play: Play, label: str, place: Place, rng: Rng, /) -> None:
    """Stage one meeting of a class of `CLASSES` at a place, at a random time."""
    if label == "raft":
        _raft(play, place, rng)
        return
    host, guest = play.pair(rng, small_guest=label == "barge")
    hours = float(rng.uniform(0.75, 1.5)) if label == "barge" else float(np.exp(rng.uniform(np.log(1.6), np.log(12.0))))
    if label in {"dark", "handover"}:
        hours = float(rng.uniform(3.0, 7.0))
    begin, end = _when(play, rng, hours, margin_h=9.0 if label == "dark" else 4.0)
    mode = label if label in {"anchor", "underway"} else str(rng.choice(["drift", "anchor"], p=[0.7, 0.3]))
    # a ship that hides falls silent on her way, not before she is ever heard
    far = (60.0, 120.0) if label == "dark" else NEAR_NM
    host_track = stay(host, _plan(play, place, begin, end, mode, rng, far), rng=rng)
    guest_track = _alongside(play, host, guest, host_track, place, begin, end, rng, far)
    cargo_t = round(float(rng.uniform(0.2, 0.7)) * min(host.deadweight_t, guest.deadweight_t), -1)
    speaks = rng.random(2) < 0.6
    host = declared_after(host, end, float(rng.uniform(0.5, 8.0)) if speaks[0] else None, -cargo_t)
    guest = declared_after(guest, end, float(rng.uniform(0.5, 8.0)) if speaks[1] else None, cargo_t)
    fleet = play.stage.fleet
    fleet.add(host, host_track)
    if label == "handover":
        cut = begin + (end - begin) * float(rng.uniform(0.35, 0.65))
        later = play.ship(rng, "tanker", length_m=guest.length_m, beam_m=guest.beam_m)
        fleet.add(guest, guest_track.within(-np.inf, cut))
        fleet.add(later, guest_track.within(cut + 120.0, np.inf))
        for ship, since, until in ((guest, begin, cut), (later, cut, end)):
            _tell(play, "encounter", label, (host, ship), (since, until), (host_track, guest_track), cargo_t)
        return
    silences = []
    if label == "dark":
        silences = [_hides(play, guest_track, begin, end, rng)]
    fleet.add(guest, guest_track, silences=silences)
    kind = "dark_encounter" if label == "dark" else "encounter"
    _tell(play, kind, label, (host, guest), (begin, end), (host_track, guest_track), cargo_t)


def meet_at_anchor(play: Play, host: Hull, host_track: Track, place: Place, rng: Rng, /) -> None:
    """A guest comes to a ship that lies in an anchorage among others."""
    hours = float(rng.uniform(0.8, 6.0))
    begin, end = _when(play, rng, hours, margin_h=4.0)
    guest = play.ship(rng, "tanker", length_m=float(rng.uniform(40, 75)))
    guest_track = _alongside(play, host, guest, host_track, place, begin, end, rng)
    play.stage.fleet.add(guest, guest_track)
    play.stage.fleet.tell(
        "encounter", "roadstead", host, guest, start_s=begin, end_s=end, track=host_track, other=guest_track
    )


def _hides(play: Play, track: Track, begin: float, end: float, rng: Rng) -> tuple[float, float]:
    """When she is silent. A ship that is never heard is no ship that anybody could name: one side at least is heard."""
    since, until = begin - HOUR_S * float(rng.uniform(3, 8)), end + HOUR_S * float(rng.uniform(3, 8))
    first = max(float(track.time_s[0]), play.stage.fleet.start_s)
    last = min(float(track.time_s[-1]), play.stage.fleet.end_s)
    if since < first + HEARD_H * HOUR_S and until > last - HEARD_H * HOUR_S:
        since = first + HEARD_H * HOUR_S
    return since, until


def _tell(
    play: Play,
    kind: str,
    label: str,
    ships: tuple[Hull, Hull],
    span: tuple[float, float],
    tracks: tuple[Track, Track],
    cargo_t: float,
) -> None:
    play.stage.fleet.tell(
        kind,
        label,
        *ships,
        start_s=span[0],
        end_s=span[1],
        track=tracks[0],
        other=tracks[1],
        cargo_t=cargo_t,
        donor=ships[0],
    )


def _when(play: Play, rng: Rng, hours: float, /, *, margin_h: float) -> tuple[float, float]:
    fleet = play.stage.fleet
    begin = float(rng.uniform(fleet.start_s + margin_h * HOUR_S, fleet.end_s - (margin_h + hours) * HOUR_S))
    return begin, begin + hours * HOUR_S


def _plan(
    play: Play, place: Place, begin: float, end: float, mode: str, rng: Rng, far: tuple[float, float] = NEAR_NM
) -> Plan:
    speed = float(rng.uniform(2.0, 8.0)) if mode == "underway" else float(rng.uniform(0.2, 1.6))
    return Plan(
        place,
        start_s=begin - HOUR_S * float(rng.uniform(0.5, 3.0)),
        end_s=end + HOUR_S * float(rng.uniform(0.3, 2.0)),
        mode=mode,
        speed_kn=speed,
        course_deg=float(rng.uniform(0, 360)),
        origin=play.near(rng, place, far),
        goal=play.near(rng, place, far),
    )


def _alongside(
    play: Play,
    host: Hull,
    guest: Hull,
    host_track: Track,
    place: Place,
    begin: float,
    end: float,
    rng: Rng,
    far: tuple[float, float] = NEAR_NM,
) -> Track:
    side = float(rng.choice([-1.0, 1.0]))
    shorter = min(host.length_m, guest.length_m)
    return lie_alongside(
        host_track,
        meet_s=begin,
        part_s=end,
        ahead_m=float(rng.uniform(-0.2, 0.2)) * shorter,
        right_m=side * abreast_m(host, guest, gap_m=float(rng.uniform(1.5, 6.0))),
        rng=rng,
        origin=play.near(rng, place, far),
        goal=play.near(rng, place, far),
        reverse=bool(rng.random() < 0.15),
        ease_s=float(rng.uniform(600, 1500)),
        sway_m=float(rng.uniform(0.2, 1.5)),
    )


def _raft(play: Play, place: Place, rng: Rng) -> None:
    """A mother with a guest on either side; the second comes later and leaves earlier."""
    mother = play.ship(rng, "tanker", length_m=float(rng.uniform(95, 200)))
    hours = float(rng.uniform(3.5, 8.0))
    begin, end = _when(play, rng, hours, margin_h=5.0)
    mode = str(rng.choice(["drift", "anchor"]))
    track = stay(mother, _plan(play, place, begin, end, mode, rng), rng=rng)
    play.stage.fleet.add(mother, track)
    group = f"raft-{len(play.stage.fleet.truth)}"
    for number in (0, 1):
        guest = play.ship(rng, "tanker", length_m=float(rng.uniform(0.5, 0.9)) * mother.length_m)
        late = 0.25 * HOUR_S * hours * number
        other = lie_alongside(
            track,
            meet_s=begin + late,
            part_s=end - late,
            ahead_m=float(rng.uniform(-10, 10)),
            right_m=(1 if number else -1) * abreast_m(mother, guest, gap_m=float(rng.uniform(2, 5))),
            rng=rng,
            origin=play.near(rng, place),
            goal=play.near(rng, place),
        )
        play.stage.fleet.add(guest, other)
        play.stage.fleet.tell(
            "encounter",
            "raft",
            mother,
            guest,
            start_s=begin + late,
            end_s=end - late,
            track=track,
            other=other,
            group_id=group,
        )
