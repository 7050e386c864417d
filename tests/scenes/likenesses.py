"""What looks like a meeting and is none, and ships alone."""

from __future__ import annotations

from collections.abc import Sequence

from tests.scenes.ground import Ground
from tracker.simulate.hulls import Hull
from tracker.simulate.meetings import Plan, abreast_m, follow, lie_alongside, near_times, pass_by, stay, tow_line
from tracker.simulate.motion import FISHING, Place, Track, anchor, away, drift, hold, join, moor, sail


class Likenesses(Ground):
    """Verbs that put ships into a scene that meet nobody."""

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
