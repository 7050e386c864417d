"""How a ship lay in a slow spell: at anchor, or adrift. Read from her reports, not from how far she strayed alone.

At anchor the bow points at the anchor: the place of the antenna is the anchor's less a radius along the heading, which
one linear fit tells, with the radius and how much of the straying it explains. Adrift she goes where the current goes:
the place is linear in time, at the set and drift that a second fit tells. The crew's own word (status 1) is a third
witness, and a weak one: it is set by hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from math import isnan
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.geo.kernels import local_xy_m
from tracker.tables.fixes import Fixes
from tracker.tables.hours import AT_ANCHOR
from tracker.tables.journeys import ANCHORED, DRIFTING
from tracker.units import DEGREE_E7, METRES_PER_SECOND_PER_KNOT

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LEAST_REPORTS = 5
FIVE_MINUTES_MS = 300_000
SWING_TURN_DEG = 25.0
"""Headings must turn this much for a swing to show. Source: judgement; a tide turns a ship by 180."""
EXPLAINED = 0.6
"""Share of the straying that a fit must explain. Source: judgement."""
SWING_M = (15.0, 600.0)
"""Radius of a swing: antenna to anchor. Source: chain of 5-8 times the depth to 60 m, and a hull."""
DRIFT_KN = 0.15
"""Slower than this along a line is no drift. Source: GPS noise over an hour."""


@dataclass(frozen=True)
class Posture:
    """What the reports of one spell say; unknown is None."""

    reports: int
    said_anchored: float | None
    """Share of reports with a status that say at anchor."""
    swing_radius_m: float | None
    drift_kn: float | None
    drift_course_deg: float | None
    stray_m: float
    """Root mean square distance from the mean place, m."""

    def activity(self, *, anchor_spread_m: float) -> str:
        """Anchored or drifting: geometry first, then the crew's word, then how far she strayed."""
        if self.swing_radius_m is not None:
            return ANCHORED
        if self.drift_kn is not None and self.stray_m > anchor_spread_m / 4:
            return DRIFTING
        if self.said_anchored is not None and self.said_anchored >= 0.5 and self.stray_m <= 2 * anchor_spread_m:
            return ANCHORED
        return ANCHORED if self.stray_m <= anchor_spread_m else DRIFTING

    def sentences(self) -> list[str]:
        """What of it a reader should know."""
        lines = []
        if self.swing_radius_m is not None:
            lines.append(f"She swung about a point {self.swing_radius_m:.0f} m ahead of her antenna, as at anchor.")
        if self.drift_kn is not None and self.drift_course_deg is not None and self.swing_radius_m is None:
            lines.append(
                f"She went {self.drift_kn:.1f} kn towards {self.drift_course_deg:03.0f}, as a current would set her."
            )
        if self.said_anchored is not None:
            lines.append(f"She said to be at anchor in {100 * self.said_anchored:.0f} % of her reports with a status.")
        if self.swing_radius_m is None and self.drift_kn is None and (self.said_anchored or 0.0) < 0.5:
            lines.append("Nothing shows an anchor: she may have held her place by engine.")
        return lines


@dataclass(frozen=True)
class Lying:
    """One report in five minutes of some spells, each in time order: a burst of reports must not outweigh the rest."""

    spell: Ints
    """Number of the spell."""
    time_ms: Ints
    lon: Floats
    lat: Floats
    heading_deg: Floats

    @classmethod
    def nothing(cls) -> "Lying":
        """No report."""
        return cls(np.empty(0, np.int64), np.empty(0, np.int64), *(np.empty(0) for _ in range(3)))

    @classmethod
    def thinned(cls, spell: Ints, fixes: Fixes, rows: Ints, /) -> tuple["Lying", tuple[Bools, Bools, Bools]]:
        """Of rows of fixes, spell after spell, the first in five minutes; and what each counts for in `postures_of`."""
        five = fixes.time_ms[rows] // FIVE_MINUTES_MS
        is_first = np.concatenate([[True], (five[1:] != five[:-1]) | (spell[1:] != spell[:-1])])[: len(rows)]
        kept = rows[is_first]
        status = fixes.nav_status[rows]
        counts = np.ones(len(rows), np.bool_), status >= 0, status == AT_ANCHOR
        places = fixes.lon_e7[kept] / DEGREE_E7, fixes.lat_e7[kept] / DEGREE_E7
        return cls(spell[is_first], fixes.time_ms[kept], *places, fixes.heading_deg[kept].astype(np.float64)), counts

    @classmethod
    def joined(cls, parts: Sequence["Lying"], /) -> "Lying":
        """Parts one after another."""
        return cls(*(np.concatenate([getattr(part, column.name) for part in parts]) for column in fields(cls)))

    def at(self, rows: Any, /) -> "Lying":
        """Some of the reports."""
        return Lying(*(getattr(self, column.name)[rows] for column in fields(Lying)))


def posture_of(fixes: Fixes, /) -> Posture | None:
    """Read the reports of one ship in one spell; None when there are too few."""
    lying, counts = Lying.thinned(np.zeros(len(fixes), np.int64), fixes, np.arange(len(fixes)))
    return postures_of(lying, *(np.array([count.sum()]) for count in counts)).get(0)


def postures_of(lying: Lying, reports: Ints, with_status: Ints, said_anchored: Ints, /) -> dict[int, Posture]:
    """Read the reports of many spells; those with too few are left out.

    Parameters
    ----------
    lying : reports of each spell in time order
    reports, with_status, said_anchored : by number of the spell, how many reports there were before thinning, with a
        status, and with the status that says at anchor
    """
    lying = lying.at(np.argsort(lying.spell, kind="stable"))
    spells, first, of = np.unique(lying.spell, return_index=True, return_inverse=True)
    if not len(spells):
        return {}
    total = _Totals(of, len(spells))
    origin = lying.lon[first][of], lying.lat[first][of]
    east, north = (np.asarray(v, np.float64) for v in local_xy_m(lying.lon, lying.lat, *origin))
    stray = np.sqrt(total.mean((east - total.mean(east)[of]) ** 2 + (north - total.mean(north)[of]) ** 2))
    knots, course = _drifts(lying.time_ms / 1000.0, east, north, total)
    known = np.isfinite(lying.heading_deg)
    radius = _swings(lying.heading_deg[known], east[known], north[known], _Totals(of[known], len(spells)))
    found = {}
    columns = (spells, stray, radius, knots, course)
    for spell, stray_m, radius_m, drift_kn, course_deg in zip(*(column.tolist() for column in columns), strict=True):
        if reports[spell] >= LEAST_REPORTS:
            found[spell] = Posture(
                reports=int(reports[spell]),
                said_anchored=float(said_anchored[spell] / with_status[spell]) if with_status[spell] else None,
                swing_radius_m=_known(radius_m),
                drift_kn=_known(drift_kn),
                drift_course_deg=_known(course_deg),
                stray_m=stray_m,
            )
    return found


def _known(value: float) -> float | None:
    return None if isnan(value) else value


class _Totals:
    """Sums and means of values by the spell of each."""

    def __init__(self, of: Ints, spells: int) -> None:
        self.of, self._spells = of, spells
        self.count = np.bincount(of, minlength=spells)

    def sum(self, values: Floats) -> Floats:
        return np.asarray(np.bincount(self.of, weights=values, minlength=self._spells), np.float64)

    def mean(self, values: Floats) -> Floats:
        return np.asarray(self.sum(values) / np.maximum(self.count, 1), np.float64)

    def centred(self, values: Floats) -> Floats:
        return np.asarray(values - self.mean(values)[self.of], np.float64)


def _swings(heading_deg: Floats, east: Floats, north: Floats, total: _Totals) -> Floats:
    """Radius of the swing about a fixed point ahead, where one explains the straying; else NaN.

    The place is that of the anchor less the radius along the heading: with the anchor taken out by centring, the
    radius is one slope.
    """
    turn = np.radians(heading_deg)
    sine, cosine = np.sin(turn), np.cos(turn)
    mean = np.hypot(total.mean(sine), total.mean(cosine)).clip(1e-9, 1.0)
    turns = np.degrees(np.sqrt(-2.0 * np.log(mean))) >= SWING_TURN_DEG / 2
    east, north, sine, cosine = (total.centred(values) for values in (east, north, sine, cosine))
    spread, scale = total.sum(east**2 + north**2), total.sum(sine**2 + cosine**2)
    with np.errstate(divide="ignore", invalid="ignore"):
        radius = -total.sum(sine * east + cosine * north) / scale
        explained = radius**2 * scale / spread
    swings = turns & (total.count >= LEAST_REPORTS) & (explained >= EXPLAINED)
    swings &= (radius >= SWING_M[0]) & (radius <= SWING_M[1])
    return np.where(swings, radius, np.nan)


def _drifts(time_s: Floats, east: Floats, north: Floats, total: _Totals) -> tuple[Floats, Floats]:
    """Speed (kn) and course (degrees) of a steady drift, where one explains the straying; else NaN."""
    since, east, north = (total.centred(values) for values in (time_s, east, north))
    spread, scale = total.sum(east**2 + north**2), total.sum(since**2)
    with np.errstate(divide="ignore", invalid="ignore"):
        speed_e, speed_n = (total.sum(since * axis) / scale for axis in (east, north))
        explained = (speed_e**2 + speed_n**2) * scale / spread
    knots = np.hypot(speed_e, speed_n) / METRES_PER_SECOND_PER_KNOT
    drifts = (total.count >= LEAST_REPORTS) & (explained >= EXPLAINED) & (knots >= DRIFT_KN)
    course = np.degrees(np.arctan2(speed_e, speed_n)) % 360.0
    return np.where(drifts, knots, np.nan), np.where(drifts, course, np.nan)
