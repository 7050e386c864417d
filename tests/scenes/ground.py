"""The stage of a scene: its clock, its ships, and what is received of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np

from tracker.simulate.fleet import Fleet, Voyage, statics_of
from tracker.simulate.hulls import Hull, hull
from tracker.simulate.motion import Place, Track
from tracker.simulate.radio import Signals, concat_signals, fixes_of, speak_times, throw, transmit, without
from tracker.tables.fixes import Fixes

PLACES: dict[str, Place] = {
    "mid latitude": (124.3, 30.6),
    "71 north": (25.0, 71.0),
    "equator": (-30.0, 0.0),
    "antimeridian": (180.0, -17.0),
}
"""Where every behaviour must come out the same."""


class Ground:
    """A stretch of sea and time, without anything in it."""

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
