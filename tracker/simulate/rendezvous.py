"""The meetings of the East China Sea scenario: a table of who met whom, where, when and how, and its staging.

The places are open water in China's territorial sea, in its exclusive economic zone, and beyond (zones of Japan and
Korea); high seas are days away from here. Hours count from the scenario's start at 00:00 UTC; local time is UTC+8.
No start or end is a round ten minutes: that would favour methods that work on such a grid.
"""

from dataclasses import dataclass

from tracker.simulate.chains import put_chain, put_raft, put_repeat
from tracker.simulate.geography import YANGTZE_ANCHORAGE
from tracker.simulate.meetings import Plan, abreast_m, lie_alongside, stay
from tracker.simulate.motion import Place, Rng, away
from tracker.simulate.stage import Stage, declared_after

Dark = tuple[float, float]
"""Hours before meeting and after parting during which the guest is silent."""


@dataclass(frozen=True)
class Meeting:
    """One row of the table: the host gives, the guest receives."""

    label: str
    place: Place
    hour: float
    hours: float
    host: tuple[str, float]
    """Flag and length in metres."""
    guest: tuple[str, float]
    mode: str = "drift"
    course_deg: float = 40.0
    speed_kn: float = 0.6
    reverse: bool = False
    share: float = 0.5
    """Cargo moved, as a share of the guest's deadweight."""
    crew: tuple[float | None, float | None] = (2.0, 4.0)
    """Hours after parting at which host and guest declare their new draught; None: never."""
    dark: Dark | None = None
    ais_class: str = "A"
    stays: bool = False
    """The host lies at her place all the time."""


MEETINGS = (
    # in China's territorial sea, by day, with a DPRK-flagged receiver
    Meeting("transfer", (123.22, 30.40), 26.1, 5.15, ("PAN", 104.0), ("PRK", 86.0), share=0.6),
    # beyond China's zone: Japan's
    Meeting("transfer", (127.80, 30.20), 30.4, 4.55, ("SLE", 98.0), ("CHN", 72.0), course_deg=120.0, crew=(None, 6.5)),
    # across midnight UTC
    Meeting("transfer", (123.90, 29.30), 21.55, 5.9, ("TGO", 96.0), ("CHN", 78.0), reverse=True, crew=(9.0, None)),
    # across the month's end, in the Yellow Sea
    Meeting(
        "transfer", (123.65, 35.55), 45.95, 4.6, ("PAN", 110.0), ("PRK", 92.0), course_deg=200.0, crew=(None, None)
    ),
    # together under way
    Meeting("underway", (122.90, 28.10), 33.25, 5.05, ("MNG", 100.0), ("CHN", 82.0), "underway", 30.0, 4.0),
    # ten hours, with a hole in the reception
    Meeting("transfer", (124.90, 28.40), 38.15, 9.95, ("PAN", 112.0), ("PLW", 95.0), share=0.8, course_deg=70.0),
    # at anchor inside the territorial sea
    Meeting("transfer", (122.33, 28.72), 40.6, 5.95, ("CHN", 90.0), ("CHN", 68.0), "anchor", crew=(None, 3.0)),
    # two small coasters with Class B sets, off Shandong
    Meeting("transfer", (122.95, 37.08), 8.25, 2.65, ("KOR", 64.0), ("CHN", 58.0), ais_class="B", crew=(None, None)),
    # bunkers: an hour at an anchorage, and off Fujian
    Meeting("bunker", YANGTZE_ANCHORAGE, 18.2, 1.05, ("KOR", 115.0), ("CHN", 46.0), "anchor", share=0.15, stays=True),
    Meeting("bunker", (120.90, 26.75), 55.1, 1.3, ("VNM", 90.0), ("CHN", 42.0), "anchor", share=0.2, crew=(None, None)),
    # the partner is dark
    Meeting("dark", (123.40, 27.60), 10.35, 5.1, ("PAN", 102.0), ("CHN", 80.0), dark=(6.0, 6.0)),
    Meeting("dark", (124.35, 33.90), 54.1, 4.95, ("SLE", 94.0), ("PRK", 84.0), dark=(5.0, 6.0), crew=(3.0, None)),
    Meeting("dark", (125.60, 29.60), 24.25, 5.05, ("KOR", 99.0), ("MNG", 76.0), dark=(6.0, 7.0), course_deg=310.0),
)

RECEPTION_HOLE = ((124.90, 28.40), 60.0, 41.0, 45.0)
"""Middle, radius in nm, first and last hour without any reception."""


def put_meetings(stage: Stage, /) -> None:
    """Stage the table, the raft, the pair that meets twice, and the chain of two transfers that ends off Nampo."""
    for number, meeting in enumerate(MEETINGS):
        if stage.has_time_for(meeting.hour + meeting.hours):
            _stage(stage, meeting, rng=stage.rng(100 + number))
    if stage.has_time_for(60.0):
        put_raft(stage, rng=stage.rng(150))
    if stage.has_time_for(20.0):
        put_repeat(stage, rng=stage.rng(151))
    if stage.has_time_for(9.0):
        put_chain(stage, rng=stage.rng(152))


def _stage(stage: Stage, meeting: Meeting, /, *, rng: Rng) -> None:
    begin, end = stage.time_s(meeting.hour), stage.time_s(meeting.hour + meeting.hours)
    host, guest = (
        stage.ship(
            flag, length_m=length, ais_class=meeting.ais_class, laden=laden if meeting.ais_class == "A" else None
        )
        for (flag, length), laden in ((meeting.host, 0.9), (meeting.guest, 0.52))
    )
    place, course, lone = meeting.place, meeting.course_deg, meeting.stays
    if lone:
        place = away(place, bearing_deg=200.0, distance_nm=0.75)
    plan = Plan(
        place,
        start_s=stage.fleet.start_s if lone else begin - 3600.0 * float(rng.uniform(1.0, 2.5)),
        end_s=stage.fleet.end_s if lone else end + 60.0 * float(rng.uniform(30, 90)),
        mode=meeting.mode,
        speed_kn=meeting.speed_kn,
        course_deg=course,
        origin=None if lone else away(place, bearing_deg=course + 120.0, distance_nm=_room(meeting, 75.0)),
        goal=None if lone else away(place, bearing_deg=course + 20.0, distance_nm=_room(meeting, 70.0)),
    )
    host_track = stay(host, plan, rng=rng)
    guest_track = lie_alongside(
        host_track,
        meet_s=begin,
        part_s=end,
        ahead_m=float(rng.uniform(-8, 12)),
        right_m=abreast_m(host, guest, gap_m=float(rng.uniform(2.5, 4.5))),
        rng=rng,
        origin=away(place, bearing_deg=course + 85.0, distance_nm=_room(meeting, 80.0)),
        goal=away(place, bearing_deg=course + 50.0, distance_nm=_room(meeting, _onward_nm(meeting))),
        reverse=meeting.reverse,
    )
    silences = []
    if meeting.dark is not None:
        silences = [(begin - 3600.0 * meeting.dark[0], end + 3600.0 * meeting.dark[1])]
    cargo_t = round(meeting.share * guest.deadweight_t, -1)
    bunkering = meeting.label == "bunker"
    given = -cargo_t if bunkering else cargo_t
    host = declared_after(host, end, meeting.crew[0], -given)
    guest = declared_after(guest, end, meeting.crew[1], given)
    stage.fleet.add(host, host_track)
    stage.fleet.add(guest, guest_track, silences=silences)
    stage.fleet.tell(
        "encounter" if meeting.dark is None else "dark_encounter",
        meeting.label,
        host,
        guest,
        start_s=begin,
        end_s=end,
        track=host_track,
        other=guest_track,
        cargo_t=cargo_t,
        donor=guest if bunkering else host,
    )


def _onward_nm(meeting: Meeting, /) -> float:
    """How far the guest goes on: one who was silent is heard again before she leaves the scenario."""
    return 65.0 if meeting.dark is None else max(65.0, 10.0 * (meeting.dark[1] + 1.0))


def _room(meeting: Meeting, miles: float, /) -> float:
    """Ships near the coast come from less far, so that nobody sails over land."""
    if meeting.label == "bunker":
        return 9.0
    return 18.0 if meeting.mode == "anchor" else 30.0 if meeting.ais_class == "B" else miles
