"""What the pass keeps: one record for each hull, each row of the ring, each open contact and each result.

Places are int32 counts of 1e-7 degree (1 cm; float32 degrees are metres off), times are milliseconds UTC,
steps are whole counts of the grid step since 1970.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tracker.engine.params import ScanParams
from tracker.units import METRES_PER_SECOND_PER_KNOT

HULL = np.dtype(
    [
        ("time_ms", "i8"),
        ("step", "i8"),  # grid step of time_ms, rounded down
        ("x", "i4"),
        ("y", "i4"),
        ("sog_kn", "f4"),
        ("mmsi", "i4"),
        ("row", "i4"),  # of the ring; -1 while it has none
        ("next", "i4"),  # the next hull of the same MMSI; -1 at the end
        ("fixes", "i4"),
        ("born_ms", "i8"),  # its first report: with the MMSI this names a hull wherever the data is cut
        ("born_x", "i4"),
        ("born_y", "i4"),
    ],
    align=True,
)
ROW = np.dtype(
    [
        ("mmsi", "i4"),  # 0: the row is free
        ("hull", "i4"),  # -1: its hull has been dropped, the row lives until it is searched
        ("last", "i8"),  # last step of a hull that has been dropped
        ("spell_start", "i8"),
        ("spell_last", "i8"),
        ("spell_steps", "i8"),
        ("x0", "i4"),  # place of the first slow step
        ("y0", "i4"),
        ("sum_x", "i8"),  # offsets from there, 1e-7 degree: whole numbers, so that spells can be cut and joined
        ("sum_y", "i8"),
        ("high_xx", "i8"),  # sums of squares in two halves: `high << 32` and `low`
        ("low_xx", "i8"),
        ("high_yy", "i8"),
        ("low_yy", "i8"),
        ("born_ms", "i8"),
        ("born_x", "i4"),
        ("born_y", "i4"),
    ],
    align=True,
)
RUN = np.dtype(
    [
        ("row_1", "i4"),  # that of the lesser MMSI
        ("row_2", "i4"),
        ("start", "i4"),
        ("last", "i4"),
        ("steps", "i4"),
        ("distance2", "f8"),
    ],
    align=True,
)
SPELL = np.dtype(
    [
        ("mmsi", "i4"),
        ("born_x", "i4"),
        ("born_y", "i4"),
        ("x0", "i4"),
        ("y0", "i4"),
        ("born_ms", "i8"),
        ("start", "i8"),
        ("last", "i8"),
        ("steps", "i8"),
        ("sum_x", "i8"),
        ("sum_y", "i8"),
        ("high_xx", "i8"),
        ("low_xx", "i8"),
        ("high_yy", "i8"),
        ("low_yy", "i8"),
    ],
    align=True,
)
SILENCE = np.dtype(
    [
        ("mmsi", "i4"),
        ("start_ms", "i8"),
        ("end_ms", "i8"),
        ("x_1", "i4"),
        ("y_1", "i4"),
        ("x_2", "i4"),
        ("y_2", "i4"),
        ("sog_kn_1", "f4"),
        ("sog_kn_2", "f4"),
    ],
    align=True,
)

CACHE_LINE = HULL.itemsize
UNKNOWN = np.int32(-(2**31))
"""Latitude of a step at which a hull's place is not known."""

SCATTER = 0x9E3779B97F4A7C15 >> 1
"""Golden-ratio multiplier for hashing (Knuth, TAOCP 3, section 6.4), kept inside a signed integer."""


class Limits(NamedTuple):
    """The parameters as the kernels use them: milliseconds, metres, metres a millisecond."""

    step_ms: int
    bridge_ms: int
    slow_bridge_ms: int
    slow_bridge_m_ms: float
    max_speed_m_ms: float
    noise_m: float
    max_hulls: int
    silence_ms: int


def limits_of(params: ScanParams, /) -> Limits:
    """The limits that parameters set."""
    knot_m_ms = METRES_PER_SECOND_PER_KNOT / 1000
    return Limits(
        step_ms=params.step_s * 1000,
        bridge_ms=params.bridge_s * 1000,
        slow_bridge_ms=params.slow_bridge_s * 1000,
        slow_bridge_m_ms=params.slow_bridge_kn * knot_m_ms,
        max_speed_m_ms=params.max_speed_kn * knot_m_ms,
        noise_m=params.position_noise_m,
        max_hulls=params.max_hulls,
        silence_ms=params.silence_min_s * 1000,
    )


# Places in the array of counters that the intake shares with `Scanner`.
NOW_MS, NOW_STEP, EDGE_MS, FILLED_STEP, HULLS, FREE_ROWS, USED_ROWS, SILENCES = range(8)
USED, LATE, DUPLICATE, INVALID, JUMP, RECYCLED, BRIDGED, TOUCHED = range(8, 16)
COUNTERS = 16


def grow(array: npt.NDArray[Any], capacity: int, /) -> npt.NDArray[Any]:
    """The same rows in a larger array; the new rows are not initialised (and cost no memory until touched)."""
    larger = np.empty((capacity, *array.shape[1:]), array.dtype)
    larger[: len(array)] = array
    return larger


def lined(array: npt.NDArray[Any], capacity: int, /) -> npt.NDArray[Any]:
    """As `grow`, for records as long as lines of the cache: none lies across one line more than it must."""
    size = array.dtype.itemsize
    memory = np.empty(capacity * size + CACHE_LINE, np.uint8)
    start = -memory.ctypes.data % CACHE_LINE
    larger: npt.NDArray[Any] = memory[start : start + capacity * size].view(array.dtype)
    larger[: len(array)] = array
    return larger
