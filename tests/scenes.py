"""Scenes: small fleets for tests, told in hours and metres, with the truth beside them.

::

    scene = Scene(place=PLACES["antimeridian"], every_min=10)
    donor, receiver = scene.transfer(meets_h=8, hours=3, gap_m=4)
    fixes, statics, truth = scene.fixes(), scene.statics(), scene.truth()

A scene is a window of time (`hours` from `start`) at a place; every verb puts hulls into it and returns them. Times are
hours from the start of the scene. Positions are those of antennas, with correlated GPS noise; hulls are rectangles with
antennas off the middle. The same seed gives the same reports, and a ship's reports do not depend on the other ships.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
import shapely

from tracker.geo.kernels import local_xy_m, wrap_deg
from tracker.simulate.fleet import Fleet, Voyage, statics_of
from tracker.simulate.hulls import Hull, hull
from tracker.simulate.meetings import Plan, abreast_m, follow, lie_alongside, near_times, pass_by, stay, tow_line
from tracker.simulate.motion import FISHING, Place, Track, anchor, away, drift, hold, join, moor, sail
from tracker.simulate.radio import Signals, concat_signals, fixes_of, speak_times, throw, transmit, without
from tracker.tables.fixes import Fixes

PLACES: dict[str, Place] = {
    "mid latitude": (124.3, 30.6),
    "71 north": (25.0, 71.0),
    "equator": (-30.0, 0.0),
    "antimeridian": (180.0, -17.0),
}
"""Where every behaviour must come out the same."""


class Scene:
    """A stretch of sea and time; verbs put ships into it."""

    def __init__(
        self,
        *,
        place: Place = PLACES["mid latitude"],
        start: str = "2020-01-30T12:00:00Z",
        hours: float = 24.0,
        seed: int = 1,
        every_min: float = 5.0,
        slow_every_min: float | None = None,
        noise_m: float = 4.0,
    ) -> None:
        self.place = place
        self.start_s = datetime.fromisoformat(start).timestamp()
        self.seed = seed
        self.every_min = every_min
        self.slow_every_min = slow_every_min
        self.noise_m = noise_m
        self.fleet = Fleet(self.start_s, self.start_s + 3600.0 * hours)
        self.every: dict[int, tuple[float, float]] = {}
        self.bad: list[tuple[int, float, float]] = []
        self._serial = 0

    # ── the stage ──────────────────────────────────────────────────────────────────────────────────────────────

    def time_s(self, hour: float) -> float:
        """Seconds since 1970 of an hour of the scene."""
        return self.start_s + 3600.0 * hour

    @property
    def hours(self) -> float:
        """How long the scene is."""
        return (self.fleet.end_s - self.fleet.start_s) / 3600.0

    def rng(self, *salt: int) -> np.random.Generator:
        """Random numbers of one ship: they depend on the seed and her serial number only."""
        return np.random.default_rng([self.seed, self._serial, *salt])

    def ship(self, kind: str = "tanker", *, length_m: float = 90.0, mmsi: int | None = None, **more: Any) -> Hull:
        """A hull with the next free MMSI; `more` as in `tracker.simulate.hulls.hull`."""
        self._serial += 1
        return hull(mmsi if mmsi is not None else 412_900_000 + self._serial, kind, length_m=length_m, **more)

    def add(
        self,
        ship: Hull,
        track: Track,
        *,
        every_min: float | None = None,
        silent: Sequence[tuple[float, float]] = (),
    ) -> Hull:
        """Put a ship on a track; `silent`: hours (from, to) in which nothing is heard of her."""
        silences = [(self.time_s(a), self.time_s(b)) for a, b in silent]
        if self.fleet.add(ship, track, silences=silences) is not None:
            fast = 60.0 * (every_min if every_min is not None else self.every_min)
            slow = 60.0 * self.slow_every_min if every_min is None and self.slow_every_min is not None else fast
            self.every[len(self.fleet.voyages) - 1] = (fast, slow)
        return ship

    def voyage(self, ship: Hull) -> Voyage:
        """The voyage of a ship of this scene."""
        return next(v for v in self.fleet.voyages if v.hull is ship)

    def spoil(self, ship: Hull, *, at_h: float, metres: float = 650.0) -> None:
        """Displace the report of a ship that is nearest to an hour: one bad fix."""
        self.bad.append((self.fleet.hulls().index(ship), self.time_s(at_h), metres))

    # ── meetings ───────────────────────────────────────────────────────────────────────────────────────────────

    def transfer(
        self,
        *,
        meets_h: float = 8.0,
        hours: float = 3.0,
        mode: str = "drift",
        speed_kn: float = 0.6,
        course_deg: float = 40.0,
        gap_m: float = 4.0,
        ahead_m: float = 6.0,
        side: int = 1,
        reverse: bool = False,
        ships: tuple[Hull, Hull] | None = None,
        at: Place | None = None,
        comes: bool = True,
        leaves: bool = True,
        every_min: float | None = None,
        silent: Sequence[tuple[float, float]] = (),
        silent_guest: Sequence[tuple[float, float]] = (),
        renamed_h: float | None = None,
        host_waits_h: float = 1.5,
        cargo_t: float = 1500.0,
        label: str = "transfer",
        sway_m: float = 0.3,
    ) -> tuple[Hull, Hull]:
        """Two ships that lie alongside from hour `meets_h` for `hours`; returns (host, guest), the host gives.

        Parameters
        ----------
        mode
            What the host does: ``drift``, ``anchor``, or ``underway`` (together at `speed_kn` on `course_deg`).
        gap_m, ahead_m, side, reverse
            Water between the hulls; how far the guest lies ahead; +1 starboard or -1 port; heads opposed.
        comes, leaves
            False: the guest is there from the beginning of the scene, or to its end.
        silent, silent_guest
            Hours in which neither is heard, and in which the guest is not (a ``dark_encounter`` when all of it).
        renamed_h
            The guest takes another MMSI at this hour.
        """
        host, guest = ships or (self.ship(length_m=104.0), self.ship(length_m=84.0))
        place = at if at is not None else self.place
        begin, end = self.time_s(meets_h), self.time_s(meets_h + hours)
        plan = Plan(
            place,
            start_s=begin - 3600.0 * host_waits_h if comes else self.fleet.start_s,
            end_s=end + 1800.0 if leaves else self.fleet.end_s,
            mode=mode,
            speed_kn=speed_kn,
            course_deg=course_deg,
            origin=away(place, bearing_deg=course_deg + 150.0, distance_nm=90.0) if comes else None,
            goal=away(place, bearing_deg=course_deg - 60.0, distance_nm=130.0) if leaves else None,
        )
        rng = self.rng(1)
        host_track = stay(host, plan, rng=rng)
        guest_track = lie_alongside(
            host_track,
            meet_s=begin if comes else self.fleet.start_s,
            part_s=end if leaves else self.fleet.end_s,
            ahead_m=ahead_m,
            right_m=side * abreast_m(host, guest, gap_m=gap_m),
            rng=rng,
            origin=away(place, bearing_deg=course_deg + side * 80.0, distance_nm=110.0) if comes else None,
            goal=away(place, bearing_deg=course_deg + side * 120.0, distance_nm=140.0) if leaves else None,
            reverse=reverse,
            sway_m=sway_m,
        )
        self.add(host, host_track, every_min=every_min, silent=silent)
        dark = any(a <= meets_h and b >= meets_h + hours for a, b in silent_guest)
        quiet = [*silent, *silent_guest]
        if renamed_h is None:
            self.add(guest, guest_track, every_min=every_min, silent=quiet)
        else:
            later = self.ship(length_m=guest.length_m, beam_m=guest.beam_m)
            cut = self.time_s(renamed_h)
            self.add(guest, guest_track.within(-np.inf, cut), every_min=every_min, silent=quiet)
            self.add(later, guest_track.within(cut + 60.0, np.inf), every_min=every_min, silent=quiet)
        self.fleet.tell(
            "dark_encounter" if dark else "encounter",
            "dark" if dark else label,
            host,
            guest,
            start_s=begin,
            end_s=end,
            track=host_track,
            other=guest_track,
            cargo_t=cargo_t,
            donor=host,
        )
        return host, guest

    def raft(
        self, *, meets_h: float = 8.0, hours: float = 4.0, count: int = 3, gap_m: float = 4.0, stagger_h: float = 0.5
    ) -> list[Hull]:
        """A mother ship with guests on either side in turn (the third guest outside the first); mother first."""
        mother = self.ship(length_m=112.0)
        plan = Plan(self.place, start_s=self.time_s(meets_h - 2), end_s=self.time_s(meets_h + hours + 1))
        rng = self.rng(2)
        track = stay(mother, plan, rng=rng)
        self.add(mother, track)
        ships, tracks = [mother], [track]
        for n in range(count - 1):
            guest = self.ship(length_m=80.0 - 4.0 * n)
            side = 1 if n % 2 == 0 else -1
            inner = ships[n - 1] if n >= 2 else mother
            inner_track = tracks[n - 1] if n >= 2 else track
            begin, end = self.time_s(meets_h + stagger_h * n), self.time_s(meets_h + hours - stagger_h * n)
            guest_track = lie_alongside(
                inner_track,
                meet_s=begin,
                part_s=end,
                ahead_m=4.0 * n,
                right_m=side * abreast_m(inner, guest, gap_m=gap_m),
                rng=rng,
                origin=away(self.place, bearing_deg=70.0 + 180.0 * (n % 2), distance_nm=60.0),
                goal=away(self.place, bearing_deg=110.0 + 180.0 * (n % 2), distance_nm=80.0),
            )
            self.add(guest, guest_track)
            self.fleet.tell(
                "encounter",
                "raft",
                inner,
                guest,
                start_s=begin,
                end_s=end,
                track=inner_track,
                other=guest_track,
                donor=inner,
                group_id="raft",
            )
            ships.append(guest)
            tracks.append(guest_track)
        return ships

    # ── what looks like a meeting and is none ──────────────────────────────────────────────────────────────────

    def _decoy(self, label: str, pairs: Sequence[tuple[Hull, Hull, Track, Track]]) -> None:
        """Tell pairs that are no meeting; the time is that within a mile, or all of it when they never are."""
        for one, two, track, other in pairs:
            start, end = near_times(track, other)
            self.fleet.tell("decoy", label, one, two, start_s=start, end_s=end, track=track, other=other)

    def neighbours(self, *, distance_m: float = 400.0, count: int = 2, length_m: float = 95.0) -> list[Hull]:
        """Ships at anchor in a row, so far apart, each swinging by herself, all through the scene."""
        tracks, ships = [], []
        for n in range(count):
            ships.append(self.ship(length_m=length_m))
            spot = away(self.place, bearing_deg=75.0, distance_nm=n * distance_m / 1852.0)
            times = {"start_s": self.fleet.start_s, "end_s": self.fleet.end_s}
            tracks.append(anchor(spot, rng=self.rng(3, n), length_m=length_m, **times))
            self.add(ships[n], tracks[n])
        self._decoy("anchorage_neighbours", [(*ships[n : n + 2], *tracks[n : n + 2]) for n in range(count - 1)])
        return ships

    def passing(
        self, *, abeam_m: float = 150.0, speeds_kn: tuple[float, float] = (9.0, 12.0), opposed: bool = False
    ) -> tuple[Hull, Hull]:
        """One ship overtakes the other (or meets her head on) in the middle of the scene, `abeam_m` antenna to antenna."""
        ships = self.ship("cargo"), self.ship()
        spots = self.place, away(self.place, bearing_deg=130.0, distance_nm=abeam_m / 1852.0)
        courses = 40.0, 220.0 if opposed else 40.0
        tracks = [
            pass_by(
                spots[n],
                time_s=self.time_s(self.hours / 2),
                course_deg=courses[n],
                speed_kn=speeds_kn[n],
                hours=self.hours / 2,
                rng=self.rng(4, n),
            )
            for n in (0, 1)
        ]
        for ship, track in zip(ships, tracks, strict=True):
            self.add(ship, track)
        self._decoy("overtaking", [(*ships, *tracks)])
        return ships

    def convoy(self, *, spacing_m: float = 900.0, count: int = 3, speed_kn: float = 8.0) -> list[Hull]:
        """Ships in line ahead at one speed, all through the scene."""
        lag_s = spacing_m / (speed_kn * 1852.0 / 3600.0)
        lead = self._straight(speed_kn)
        ships = [self.ship("cargo") for _ in range(count)]
        tracks = [follow(lead, seconds=n * lag_s) for n in range(count)]
        for ship, track in zip(ships, tracks, strict=True):
            self.add(ship, track)
        self._decoy("convoy", [(*ships[n : n + 2], *tracks[n : n + 2]) for n in range(count - 1)])
        return ships

    def tow(self, *, line_m: float = 300.0, speed_kn: float = 5.0, on_the_hip: bool = False) -> tuple[Hull, Hull]:
        """A tug with a barge astern, or made fast to her side."""
        tug, barge = self.ship("tow", length_m=34.0, beam_m=11.0), self.ship("other", length_m=75.0, ais_class="B")
        track = self._straight(speed_kn)
        if on_the_hip:
            right = abreast_m(tug, barge, gap_m=1.0)
            other = hold(
                track, start_s=self.fleet.start_s, end_s=self.fleet.end_s, ahead_m=15.0, right_m=right, rng=self.rng(5)
            )
        else:
            other = tow_line(track, length_m=line_m, rng=self.rng(5))
        self.add(tug, track)
        self.add(barge, other)
        self._decoy("tow", [(tug, barge, track, other)])
        return tug, barge

    def pilot(self, *, minutes: float = 8.0, speed_kn: float = 8.0) -> tuple[Hull, Hull]:
        """A pilot boat that comes to a ship making way, stays alongside for some minutes, and goes."""
        ship, boat = self.ship("cargo", length_m=140.0), self.ship("pilot", length_m=16.0, beam_m=5.0)
        track = self._straight(speed_kn)
        begin = self.time_s(self.hours / 2)
        spot = track.at(begin)
        home = away((float(spot.lon[0]), float(spot.lat[0])), bearing_deg=160.0, distance_nm=8.0)
        other = lie_alongside(
            track,
            meet_s=begin,
            part_s=begin + 60.0 * minutes,
            ahead_m=-10.0,
            right_m=abreast_m(ship, boat, gap_m=1.0),
            rng=self.rng(6),
            origin=home,
            goal=home,
            speed_kn=16.0,
            ease_s=240.0,
        )
        self.add(ship, track)
        self.add(boat, other, every_min=min(self.every_min, 2.0))
        self._decoy("pilot", [(ship, boat, track, other)])
        return ship, boat

    def berths(self, *, count: int = 6, double_banked: bool = False, quay_deg: float = 70.0) -> list[Hull]:
        """Ships along a quay, bow to stern 15 m apart, immobile all through the scene; the last outside the first."""
        ships, tracks = [], []
        for n in range(count):
            ships.append(self.ship("cargo", length_m=90.0))
            spot = away(self.place, bearing_deg=quay_deg, distance_nm=n * 105.0 / 1852.0)
            if double_banked and n == count - 1:
                out = abreast_m(ships[0], ships[n], gap_m=1.0) / 1852.0
                spot = away(self.place, bearing_deg=quay_deg + 90.0, distance_nm=out)
            times = {"start_s": self.fleet.start_s, "end_s": self.fleet.end_s}
            tracks.append(moor(spot, heading_deg=quay_deg + 180.0 * (n % 2), **times))
            self.add(ships[n], tracks[n])
        inner = [n - 1 for n in range(count)]
        if double_banked:
            inner[-1] = 0
        self._decoy("berth", [(ships[inner[n]], ships[n], tracks[inner[n]], tracks[n]) for n in range(1, count)])
        return ships

    def fishing(self, *, distance_m: float = 250.0, speed_kn: float = 3.2) -> tuple[Hull, Hull]:
        """Two trawlers that pull one net between them, turning every few hours."""
        ships = tuple(self.ship("fishing", length_m=34.0, beam_m=7.0, ais_class="B") for _ in "ab")
        points, spot = [self.place], self.place
        for n in range(int(self.hours / 3) + 1):
            spot = away(spot, bearing_deg=30.0 + 165.0 * n, distance_nm=3.0 * speed_kn)
            points.append(spot)
        track = sail(points, depart_s=self.fleet.start_s, speed_kn=speed_kn, rng=self.rng(7), status=FISHING)
        other = hold(
            track,
            start_s=self.fleet.start_s,
            end_s=self.fleet.end_s,
            ahead_m=0.0,
            right_m=distance_m,
            rng=self.rng(8),
            sway_m=12.0,
        )
        self.add(ships[0], track)
        self.add(ships[1], other)
        self._decoy("fishing", [(*ships, track, other)])
        return ships[0], ships[1]

    def loiterer(self, *, from_h: float = 4.0, hours: float = 5.0, at: Place | None = None) -> Hull:
        """A tanker that comes, drifts alone for some hours, and goes."""
        ship = self.ship()
        place = at if at is not None else self.place
        plan = Plan(
            place,
            start_s=self.time_s(from_h),
            end_s=self.time_s(from_h + hours),
            origin=away(place, bearing_deg=200.0, distance_nm=120.0),
            goal=away(place, bearing_deg=20.0, distance_nm=200.0),
        )
        self.add(ship, stay(ship, plan, rng=self.rng(9)))
        return ship

    def drifting_pair(
        self, *, apart_nm: float = 27.0, silent_from_h: float = 6.0, silent_h: float = 6.0
    ) -> tuple[Hull, Hull]:
        """B10: one ship falls silent near the other, and is heard again far away while the other drifts on."""
        one, two = self.ship(), self.ship()
        drifting = drift(
            self.place,
            start_s=self.fleet.start_s,
            end_s=self.fleet.end_s,
            rng=self.rng(10),
            heading_deg=120.0,
            set_deg=30.0,
        )
        near = away(self.place, bearing_deg=90.0, distance_nm=0.2)
        far = away(self.place, bearing_deg=90.0, distance_nm=apart_nm)
        leave, back = self.time_s(silent_from_h + 0.2), self.time_s(silent_from_h + silent_h - 0.2)
        speed = apart_nm / 2.0
        times = {"rng": self.rng(11), "heading_deg": 90.0, "set_deg": 30.0}
        track = join(
            drift(near, start_s=self.fleet.start_s, end_s=leave, **times),
            sail([near, far], depart_s=leave + 30.0, speed_kn=speed),
            drift(far, start_s=leave + 7400.0, end_s=back - 7400.0, **times),
            sail([far, near], depart_s=back - 7300.0, speed_kn=speed),
            drift(near, start_s=back, end_s=self.fleet.end_s, **times),
        )
        self.add(one, drifting, silent=[(silent_from_h, silent_from_h + silent_h)])
        self.add(two, track)
        self._decoy("apart", [(one, two, drifting, track)])
        return one, two

    def _straight(self, speed_kn: float) -> Track:
        return pass_by(
            self.place,
            time_s=self.time_s(self.hours / 2),
            course_deg=65.0,
            speed_kn=speed_kn,
            hours=self.hours / 2,
            rng=self.rng(12),
        )

    # ── what was received ──────────────────────────────────────────────────────────────────────────────────────

    def signals(self) -> Signals:
        """All reports in order of time."""
        parts = []
        for n, voyage in enumerate(self.fleet.voyages):
            rng = np.random.default_rng([self.seed, voyage.hull.mmsi, 99])
            fast, slow = self.every[n]
            times = speak_times(voyage.track, rng=rng, underway_s=fast, slow_s=slow)
            times = without(times, list(voyage.silences))
            sent = transmit(voyage.hull, voyage.track, times, rng=rng, index=n, noise_m=self.noise_m)
            for ship, time_s, metres in self.bad:
                if ship == n and len(sent):
                    row = np.array([np.abs(sent.time_s - time_s).argmin()])
                    sent = throw(sent, row, rng=rng, metres=(metres, metres))
            parts.append(sent)
        return concat_signals(parts).ordered()

    def fixes(self) -> Fixes:
        """The reports as detectors read them."""
        return fixes_of(self.signals())

    def statics(self, *, antenna_known: bool = True) -> Any:
        """Identity reports; without the antenna's place they are as in sources that give length and beam only."""
        return statics_of(self.fleet, antenna_known=antenna_known)

    def truth(self) -> Any:
        """What really happened, as a ``TRUTH`` table."""
        return self.fleet.truth_table()


def hull_gap_m(one: Voyage, two: Voyage, times_s: Sequence[float]) -> np.ndarray:
    """Water between two hulls at times, metres, from their true poses: 0 when they touch."""
    poses = one.track.at(times_s), two.track.at(times_s)
    lon0, lat0 = poses[0].lon, poses[0].lat
    corners = []
    for voyage, pose in zip((one, two), poses, strict=True):
        half = 0.5 * voyage.hull.length_m, 0.5 * voyage.hull.beam_m
        ring = []
        for ahead, right in ((1, 1), (1, -1), (-1, -1), (-1, 1)):
            lon, lat = pose.beside(ahead_m=ahead * half[0], right_m=right * half[1])
            ring.append(np.stack(local_xy_m(wrap_deg(lon), lat, lon0, lat0), axis=-1))
        corners.append(shapely.polygons(np.stack([*ring, ring[0]], axis=1)))
    return np.asarray(shapely.distance(*corners))
