"""What one side of two tracks said: times and places in the counts of AIS, and the step in which its source rounds."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.detectors.spoofing.falsehood import Rows
from tracker.tables.fixes import Fixes
from tracker.units import METRES_PER_NAUTICAL_MILE

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

STEPS_E7 = (10_000 / 6.0, 1000.0, 1000 / 6.0, 100.0, 10.0)
"""Steps in which sources round, 1e-7 degree: 1/100 minute, 4 decimals, 1/1,000 minute, 5 and 6 decimals."""
COARSEST_E7 = 10_000.0
"""Three decimals (111 m) and more: ships in company are told as one place."""
FEW = 16
METRES_PER_E7 = METRES_PER_NAUTICAL_MILE * 60.0 / 1e7
HALF_TURN_E7 = 1_800_000_000


@dataclass(frozen=True)
class Said:
    """Times (ms) and places (1e-7 degree) of the reports of one side."""

    time_ms: Ints
    x: Ints
    y: Ints

    @classmethod
    def of(cls, fixes: Fixes, rows: Rows) -> "Said":
        """Of some rows of a track."""
        return cls(fixes.time_ms[rows], fixes.lon_e7[rows].astype(np.int64), fixes.lat_e7[rows].astype(np.int64))


def step_e7(said: Said) -> float:
    """The step in which a source rounds, 1e-7 degree; 1 where it does not."""
    values = np.concatenate([said.x, said.y]).astype(np.float64)
    # a few values tell most steps from another
    few = values[:: max(len(values) // FEW, 1)]
    return next((step for step in (COARSEST_E7, *STEPS_E7) if _are_on(few, step) and _are_on(values, step)), 1.0)


def _are_on(values: Floats, step: float) -> bool:
    # minutes do not end in 1e-7 degree: one off is on the line
    return bool((np.abs(values - np.rint(values / step) * step) <= 1.0).all())


def nearest(times: Ints, asked: Ints) -> Ints:
    """For each time asked for, the place of the nearest of two or more times in order; any shape."""
    after = np.clip(np.searchsorted(times, asked), 1, len(times) - 1)
    return np.asarray(np.where(asked - times[after - 1] <= times[after] - asked, after - 1, after))


def apart_e7(ours: Said, theirs: Said, first: Ints, again: Ints) -> tuple[Ints, Ints]:
    """How far east and north rows of one side lie of rows of the other, 1e-7 degree; across 180 degrees as anywhere."""
    dx = (theirs.x[again] - ours.x[first] + HALF_TURN_E7) % (2 * HALF_TURN_E7) - HALF_TURN_E7
    return dx, theirs.y[again] - ours.y[first]


def apart_m(ours: Said, theirs: Said, first: Ints, again: Ints) -> tuple[Floats, Floats]:
    """The same in metres."""
    dx, dy = apart_e7(ours, theirs, first, again)
    east = dx * np.cos(np.radians(ours.y[first] / 1e7)) * METRES_PER_E7
    return np.asarray(east, np.float64), np.asarray(dy * METRES_PER_E7, np.float64)


def way_m(said: Said, rows: Rows) -> tuple[Floats, Floats]:
    """Places about the first, m; the narrowing of meridians on the way does not matter here."""
    dx = (said.x[rows] - said.x[rows[0]] + HALF_TURN_E7) % (2 * HALF_TURN_E7) - HALF_TURN_E7
    narrow = np.cos(np.radians(float(np.median(said.y[rows])) / 1e7))
    dy = said.y[rows] - said.y[rows[0]]
    return np.asarray(dx * narrow * METRES_PER_E7, np.float64), np.asarray(dy * METRES_PER_E7, np.float64)
