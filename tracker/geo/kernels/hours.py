"""Ships by hours, counted in one loop over a stream: how often each was heard, when and where first, and whether she
moved while she said that she lay.

One record for each ship; when her hour changes, the hour before is written out. Nothing is sorted.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from tracker.units import MILLISECONDS_PER_HOUR

SHIP = np.dtype(
    [
        ("hour", "i8"),
        ("first_ms", "i8"),
        ("last_ms", "i8"),
        ("mmsi", "i4"),
        ("reports", "i4"),  # of the hour
        ("x", "i4"),  # first place of the hour, 1e-7 degree
        ("y", "i4"),
        ("into_ms", "i4"),  # of the first report, since the hour began
        ("first_x", "i4"),
        ("first_y", "i4"),
        ("first_sog_kn", "f4"),
        ("last_x", "i4"),
        ("last_y", "i4"),
        ("last_sog_kn", "f4"),
        ("lies_moving", "u1"),  # in the hour: lying by her status, and under way by her speed
        ("speeds", "u1"),  # known in the hour, at most `LAST_SPEEDS`
        ("slow", "u1"),  # of the last of them, in a row
        ("has_status", "u1"),  # at any time
    ],
    align=True,
)
HEARD = np.dtype(
    [
        ("hour", "i8"),
        ("mmsi", "i4"),
        ("reports", "i4"),
        ("x", "i4"),
        ("y", "i4"),
        ("into_ms", "i4"),
        ("lies_moving", "u1"),
        ("speeds", "u1"),
        ("slow", "u1"),
    ],
    align=True,
)
AT_ANCHOR, MOORED = 1, 5
"""Status by ITU-R M.1371-5, message 1."""
MOVING_KN = 2.0
"""No ship that lies is faster (cargo-and-law.md, rule R19)."""
LAST_SPEEDS, UNDER_WAY_KN = 3, 1.0
"""How many reports tell whether a ship makes way, and from what speed on (rule R15)."""
SCATTER = 0x9E3779B97F4A7C15 >> 1
"""Golden-ratio multiplier (Knuth, TAOCP 3, section 6.4), kept inside a signed integer."""


@njit(cache=True, nogil=True)
def _place_of(table: Any, ships: Any, mmsi: int) -> int:
    mask = table.shape[0] - 1
    place: int = ((mmsi * SCATTER) >> 24) & mask
    while table[place] >= 0 and ships[table[place]].mmsi != mmsi:
        place = (place + 1) & mask
    return place


@njit(cache=True, nogil=True)
def enter_all(table: Any, ships: Any, known: int) -> None:
    """Enter the first `known` ships in an empty table (all -1)."""
    for s in range(known):
        table[_place_of(table, ships, ships[s].mmsi)] = s


@njit(cache=True, nogil=True)
def count_hours(
    first: int,
    time_ms: Any,
    mmsi: Any,
    lon_e7: Any,
    lat_e7: Any,
    sog_kn: Any,
    nav_status: Any,
    table: Any,
    ships: Any,
    heard: Any,
    known: int,
    written: int,
) -> tuple[int, int, int]:
    """Count reports from `first` on; stops where ships or hours have no room.

    Returns
    -------
    next report, ships known, hours written
    """
    hour = np.int64(-1)
    until = np.int64(-1)
    since = np.int64(0)
    for i in range(first, len(time_ms)):
        t = time_ms[i]
        if t >= until or t < since:
            hour = t // MILLISECONDS_PER_HOUR
            since = hour * MILLISECONDS_PER_HOUR
            until = since + MILLISECONDS_PER_HOUR
        place = _place_of(table, ships, mmsi[i])
        s = table[place]
        if s < 0:
            if known == len(ships):
                return i, known, written
            s = known
            known += 1
            table[place] = s
            ships[s].mmsi = mmsi[i]
            ships[s].hour = hour
            ships[s].reports = 0
            ships[s].lies_moving = 0
            ships[s].speeds = 0
            ships[s].slow = 0
            ships[s].has_status = 0
            ships[s].first_ms = t
            ships[s].first_x = lon_e7[i]
            ships[s].first_y = lat_e7[i]
            ships[s].first_sog_kn = sog_kn[i]
        ship = ships[s]
        if ship.hour != hour:
            if written == len(heard):
                return i, known, written
            heard[written].hour = ship.hour
            heard[written].mmsi = ship.mmsi
            heard[written].reports = ship.reports
            heard[written].x = ship.x
            heard[written].y = ship.y
            heard[written].into_ms = ship.into_ms
            heard[written].lies_moving = ship.lies_moving
            heard[written].speeds = ship.speeds
            heard[written].slow = ship.slow
            written += 1
            ship.hour = hour
            ship.reports = 0
            ship.lies_moving = 0
            ship.speeds = 0
            ship.slow = 0
        if ship.reports == 0:
            ship.x = lon_e7[i]
            ship.y = lat_e7[i]
            ship.into_ms = t - since
        ship.reports += 1
        if sog_kn[i] >= UNDER_WAY_KN:
            ship.speeds = min(ship.speeds + 1, LAST_SPEEDS)
            ship.slow = 0
        elif sog_kn[i] >= 0.0:
            ship.speeds = min(ship.speeds + 1, LAST_SPEEDS)
            ship.slow = min(ship.slow + 1, LAST_SPEEDS)
        status = nav_status[i]
        if status >= 0:
            ship.has_status = 1
            if status in (AT_ANCHOR, MOORED) and sog_kn[i] > MOVING_KN:
                ship.lies_moving = 1
        ship.last_ms = t
        ship.last_x = lon_e7[i]
        ship.last_y = lat_e7[i]
        ship.last_sog_kn = sog_kn[i]
    return len(time_ms), known, written


def still_open(ships: npt.NDArray[Any], /) -> npt.NDArray[Any]:
    """The hour that each ship is in, as `HEARD`."""
    rows = np.empty(len(ships), HEARD)
    for name in HEARD.names or ():
        rows[name] = ships[name]
    return rows
