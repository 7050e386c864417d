"""How a ship lay in a slow spell: at anchor, or adrift. Read from her reports, not from how far she strayed alone.

At anchor the bow points at the anchor: the place of the antenna is the anchor's less a radius along the heading, which
one linear fit tells, with the radius and how much of the straying it explains. Adrift she goes where the current goes:
the place is linear in time, at the set and drift that a second fit tells. The crew's own word (status 1) is a third
witness, and a weak one: it is set by hand.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.detectors.quiet import AT_ANCHOR
from tracker.geo.kernels import local_xy_m
from tracker.tables.fixes import Fixes
from tracker.tables.journeys import ANCHORED, DRIFTING
from tracker.units import METRES_PER_SECOND_PER_KNOT

Floats = npt.NDArray[np.float64]

LEAST_REPORTS = 5
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


def posture_of(fixes: Fixes, /) -> Posture | None:
    """Read the reports of one ship in one spell; None when there are too few."""
    n = len(fixes)
    if n < LEAST_REPORTS:
        return None
    lon, lat = fixes.lon, fixes.lat
    east, north = (np.asarray(v, np.float64) for v in local_xy_m(lon, lat, lon[0], lat[0]))
    # one report in five minutes: a burst of reports must not outweigh the rest
    _, first = np.unique(fixes.time_ms // 300_000, return_index=True)
    east, north, time_s = east[first], north[first], fixes.time_ms[first] / 1000.0
    heading = fixes.heading_deg[first].astype(np.float64)
    stray = float(np.sqrt(np.mean((east - east.mean()) ** 2 + (north - north.mean()) ** 2)))
    status = fixes.nav_status[fixes.nav_status >= 0]
    drift = _drift(time_s, east, north) if len(first) >= LEAST_REPORTS else None
    return Posture(
        reports=n,
        said_anchored=float(np.mean(status == AT_ANCHOR)) if len(status) else None,
        swing_radius_m=_swing(heading, east, north),
        drift_kn=None if drift is None else drift[0],
        drift_course_deg=None if drift is None else drift[1],
        stray_m=stray,
    )


def _swing(heading_deg: Floats, east: Floats, north: Floats) -> float | None:
    """Radius of the swing about a fixed point ahead, where one explains the straying; else None."""
    known = np.isfinite(heading_deg)
    if known.sum() < LEAST_REPORTS:
        return None
    turn = np.radians(heading_deg[known])
    mean = np.hypot(np.sin(turn).mean(), np.cos(turn).mean())
    if np.degrees(np.sqrt(-2.0 * np.log(max(mean, 1e-9)))) < SWING_TURN_DEG / 2:
        return None
    place = np.concatenate([east[known], north[known]])
    n = known.sum()
    base = np.zeros((2 * n, 3))
    base[:n, 0] = base[n:, 1] = 1.0
    base[:n, 2], base[n:, 2] = -np.sin(turn), -np.cos(turn)
    fit, *_ = np.linalg.lstsq(base, place, rcond=None)
    left = place - base @ fit
    whole = np.concatenate([east[known] - east[known].mean(), north[known] - north[known].mean()])
    spread = float((whole**2).sum())
    explained = 1.0 - float((left**2).sum()) / spread if spread > 0 else 0.0
    radius = float(fit[2])
    return radius if explained >= EXPLAINED and SWING_M[0] <= radius <= SWING_M[1] else None


def _drift(time_s: Floats, east: Floats, north: Floats) -> tuple[float, float] | None:
    """Speed (kn) and course (degrees) of a steady drift, where one explains the straying; else None."""
    since = time_s - time_s.mean()
    spread = float(((east - east.mean()) ** 2 + (north - north.mean()) ** 2).sum())
    scale = float((since**2).sum())
    if spread <= 0 or scale <= 0:
        return None
    speed_e, speed_n = (float((since * axis).sum()) / scale for axis in (east, north))
    explained = (speed_e**2 + speed_n**2) * scale / spread
    knots = float(np.hypot(speed_e, speed_n)) / METRES_PER_SECOND_PER_KNOT
    if explained < EXPLAINED or knots < DRIFT_KN:
        return None
    return knots, float(np.degrees(np.arctan2(speed_e, speed_n)) % 360.0)
