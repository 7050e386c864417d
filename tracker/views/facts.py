"""What a dossier is drawn from: one record that the pipeline fills and the page reads. Times are seconds since 1970."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.tables.wording import Level

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Track:
    """Reports of one ship around the event, after cleaning."""

    label: str
    mmsi: int
    time_s: Floats
    lon: Floats
    lat: Floats
    sog_kn: Floats


@dataclass(frozen=True)
class Declared:
    """A draught as declared over a span of time."""

    first_s: float
    last_s: float
    draught_m: float
    reports: int


@dataclass(frozen=True)
class DraughtChange:
    """The draughts in force before and after the contact; None where nothing was declared."""

    before: Declared | None
    after: Declared | None

    @property
    def change_m(self) -> float | None:
        """After minus before, m."""
        if self.before is None or self.after is None:
            return None
        return round(self.after.draught_m - self.before.draught_m, 2)


@dataclass(frozen=True)
class Poses:
    """Hulls as seen from the larger ship, whose bow points up: (ahead, starboard) metres from its centre."""

    larger: str
    other: str
    larger_outline: Floats
    """(5, 2)"""
    outlines: list[Floats]
    """(5, 2) each: the other hull at each sampled time."""
    median_outline: Floats
    antenna_known: bool


@dataclass(frozen=True)
class Reception:
    """Reports per hour: of the ships of the event, and of all others near the place."""

    edges_s: Floats
    counts: tuple[Floats, ...]
    others: Floats
    other_ships: int
    radius_nm: float


@dataclass(frozen=True)
class Reason:
    """One part of the judgement."""

    code: str
    logit: float | None
    """None where a sentence has no weight of its own."""
    sentence: str
    caution: str


@dataclass(frozen=True)
class Alternative:
    """Another explanation: what speaks for it, what against, and how it is left."""

    name: str
    speaks_for: str
    speaks_against: str
    left_as: str


@dataclass(frozen=True)
class Silent:
    """Where a ship could have been while she was silent, and which port calls would have fitted in."""

    name: str
    told: dict[str, Any]
    """As `tracker.pipeline.reach.ReachAnswer.record` gives it."""
    area: Any
    """GeoJSON-like, degrees."""


@dataclass(frozen=True)
class Candidate:
    """A ship that may have been the one that was not heard."""

    mmsi: int
    name: str | None
    flag: str | None
    probability: float
    last_s: float | None
    """Last heard before the stay began, seconds; None where she was never heard before it."""
    next_s: float | None
    last_nm: float | None
    """How far from the place she was then."""
    next_nm: float | None
    needed_kn: float | None
    """Least steady speed over straight ways from there to the place and on."""


WORDS = {
    "encounter": "contact",
    "dark_encounter": "stay",
    "loitering": "stay",
    "gap": "silence",
    "spoofing": "event",
    "port_call": "port call",
    "identity_change": "change",
}
"""What an event of each type is called in its dossier."""


@dataclass(frozen=True)
class Facts:
    """Everything on the page. Of one ship, or of two: where the second was not heard, or is another identity, is said."""

    event: dict[str, Any]
    level: Level
    tracks: tuple[Track, ...]
    pair_time_s: Floats
    pair_distance_m: Floats
    pair_is_observed: npt.NDArray[np.bool_]
    """Both ships were heard within a minute and a half of that time."""
    observed_m: tuple[float, float] | None
    """Smallest and median distance over those times, inside the contact."""
    poses: Poses | None
    declared: tuple[list[Declared], ...]
    changes: tuple[DraughtChange, ...]
    cards: tuple[list[dict[str, Any]], ...]
    reasons: list[Reason]
    reception: Reception
    alternatives: list[Alternative]
    quality: list[tuple[str, ...]]
    quantity: list[tuple[str, str]]
    raises: list[str]
    lowers: list[str]
    others: list[dict[str, Any]]
    """Other events of either ship in the window."""
    layers: dict[str, Any] = field(default_factory=dict)
    provenance: dict[str, Any] = field(default_factory=dict)
    files: list[dict[str, Any]] = field(default_factory=list)
    rules: list[tuple[str, str, str, str]] = field(default_factory=list)
    """Risk rules that fired: code, group, name, where it misleads."""
    silences: list[str] = field(default_factory=list)
    """What reception near the place was like while a ship was silent."""
    silent: Silent | None = None
    silent_why_not: str = ""
    """Why there is no area of reach, where one would be expected."""
    candidates: list[Candidate] = field(default_factory=list)
    nobody: float | None = None
    """Of a dark meeting: the probability that none of the candidates was there."""
    elsewhere: tuple[Track, ...] = ()
    """Other tracks under the same MMSI."""
    window_h: float = 72.0
    silence_s: float = 600.0
    dark_s: float = 7200.0

    @property
    def is_meeting(self) -> bool:
        """Whether both ships were heard, so that distances and poses mean something."""
        return bool(self.event["type"] == "encounter")

    @property
    def word(self) -> str:
        """What the event is called."""
        return WORDS.get(self.event["type"], "event")
