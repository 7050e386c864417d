"""Meetings: two ships alongside, and rafts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tests.scenes.ground import Ground
from tracker.simulate.hulls import Hull
from tracker.simulate.meetings import Plan, abreast_m, lie_alongside, stay
from tracker.simulate.motion import Place, away


class Meetings(Ground):
    """Verbs that put meetings into a scene."""

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
