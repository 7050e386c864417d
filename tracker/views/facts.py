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
    """Reports per hour: of the two ships, and of all others near the place."""

    edges_s: Floats
    counts: tuple[Floats, Floats]
    others: Floats
    other_ships: int
    radius_nm: float


@dataclass(frozen=True)
class Reason:
    """One part of the judgement."""

    code: str
    logit: float
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
class Facts:
    """Everything on the page."""

    event: dict[str, Any]
    level: Level
    tracks: tuple[Track, Track]
    pair_time_s: Floats
    pair_distance_m: Floats
    pair_is_observed: npt.NDArray[np.bool_]
    """Both ships were heard within a minute and a half of that time."""
    observed_m: tuple[float, float] | None
    """Smallest and median distance over those times, inside the contact."""
    poses: Poses | None
    declared: tuple[list[Declared], list[Declared]]
    changes: tuple[DraughtChange, DraughtChange]
    cards: tuple[list[dict[str, Any]], list[dict[str, Any]]]
    reasons: list[Reason]
    reception: Reception
    alternatives: list[Alternative]
    quality: list[tuple[str, str, str]]
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
    window_h: float = 72.0
    silence_s: float = 600.0
    dark_s: float = 7200.0
