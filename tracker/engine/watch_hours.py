"""What the watch counts of each ship and hour; called from the loop of `tracker.engine.watch_kernel`."""

from typing import Any

from tracker.geo.kernels.jit import inner
from tracker.tables.hours import AT_ANCHOR, LAST_SPEEDS, MOORED, MOVING_KN, UNDER_WAY_KN
from tracker.units import MILLISECONDS_PER_HOUR


@inner
def begin_hour(ship: Any, t: int, hour: int, x: int, y: int) -> None:
    """Count anew, from this time and place."""
    ship.hour = hour
    ship.into_ms = t - hour * MILLISECONDS_PER_HOUR
    ship.marked = ship.lies_moving = ship.speeds = ship.slow = 0
    ship.heard = 0
    ship.reports = 0
    ship.home_x = x
    ship.home_y = y
    ship.west = 0
    ship.east = 0
    ship.south = y
    ship.north = y
    ship.way_m = 0.0
    ship.said_s = 0.0


@inner
def hear(ship: Any, said: float, status: int) -> None:
    """Count a report of this hour: was she under way, and did she say that she lay?"""
    ship.heard += 1
    # an unknown speed is neither
    is_slow, is_under_way = said < UNDER_WAY_KN, said >= UNDER_WAY_KN
    ship.speeds = min(ship.speeds + (is_under_way | (is_slow & (said >= 0.0))), LAST_SPEEDS)
    ship.slow = min(ship.slow + (is_slow & (said >= 0.0)), LAST_SPEEDS) * (not is_under_way)
    ship.has_status |= status >= 0
    ship.lies_moving |= ((status == AT_ANCHOR) | (status == MOORED)) & (said > MOVING_KN)


@inner
def count_hour(ship: Any, row: Any) -> None:
    """Write how often a ship was heard in her hour, when and where first, and how she moved."""
    row.hour = ship.hour
    row.mmsi = ship.mmsi
    row.reports = ship.heard
    row.x = ship.home_x
    row.y = ship.home_y
    row.into_ms = ship.into_ms
    row.lies_moving = ship.lies_moving
    row.speeds = ship.speeds
    row.slow = ship.slow
