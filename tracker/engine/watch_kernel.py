"""The loop of `tracker.engine.watch`: a few comparisons for each report, nothing dearer for one that goes on as before."""

import math
from typing import Any

import numpy as np

from tracker.engine.mmsi_table import slot_of
from tracker.engine.watch_hours import begin_hour, count_hour, hear
from tracker.geo.kernels.compiled import LONGEST_METRES_E7, RADIANS_E7, distance2_m2, wrap_e7
from tracker.geo.kernels.jit import inner, kernel, whole
from tracker.units import MILLISECONDS_PER_HOUR

KN = 1852.0 / 3600.0
SLIP_S = 300.0
ERROR_M = 150.0
FASTEST_KN = 60.0
EXCESS_KN = 8.0
DETOUR_M = 300.0
"""Limits of `tracker.cleaning.hull_params`, at their defaults: the closer look applies those of the run."""
NEAR_M = 15.0
ECHO_PLACE_M, ECHO_S, ECHO_KN, ECHO_WAY_M = 1.35, 120.0, 1.5, 10.0
GOING_KN = 3.0
STILL_MS = 1_200_000
CONFINED = 4.0
"""Way by her own word over the diagonal of the space: two turns of a circle are 4.4, out and back is 2."""
LEAST_SAID_S = 1500.0
LONGEST_LEG_S = 900.0
DEGREE_E7 = 10_000_000
NEARLY = 1.0 - 1e-9
"""Bounds that spare a division or a root are taken a little tighter, so that rounding decides nothing."""
LONGEST_MS = (1 << 32) - 1
LONGEST2_M2 = LONGEST_METRES_E7 * LONGEST_METRES_E7
BLOCK_ROWS = 128
"""Reports whose records are loaded ahead, many at a time instead of one waiting for another."""
SHIPS, MARKS, REPEATED, HEARD, TOUCHED = range(5)


@inner
def tell(ship: Any, kinds: int, time_ms: int, marks: Any, counters: Any) -> None:
    """Write a mark for each of the kinds, once for each ship, hour and kind."""
    for bit in range(4):
        kind = 1 << bit
        if kinds & ~ship.marked & kind:
            ship.marked |= kind
            mark = marks[counters[MARKS]]
            mark.mmsi = ship.mmsi
            mark.kind = kind
            mark.time_ms = time_ms
            counters[MARKS] += 1


@inner
def end_hour(ship: Any, marks: Any, counters: Any) -> None:
    """Ask whether the way of this hour was too long for its space."""
    if ship.said_s < LEAST_SAID_S or ship.reports < 6 or ship.way_m < GOING_KN * KN * ship.said_s:
        return
    width = math.cos(ship.y * 1e-7 * math.pi / 180.0) * (ship.east - ship.west)
    height = float(ship.north - ship.south)
    # a number that is worked out: numba would compile `tell` once more for each constant
    is_confined = ship.way_m >= CONFINED * math.hypot(width, height) * LONGEST_METRES_E7
    tell(ship, 8 * is_confined, ship.hour * MILLISECONDS_PER_HOUR, marks, counters)


@inner
def long_leg(ship: Any, x: int, y: int, said: float, elapsed: float, rough_m: float) -> tuple[int, float, bool]:
    """Look at a way that may be longer than what was said.

    Returns
    -------
    kinds of marks, the way in m, whether it was measured (or need be: what its bounds decide is not)
    """
    seconds = max(elapsed, 1.0)
    said_before = np.float64(ship.sog_kn)
    speed = max(0.0 if math.isnan(said) else said, 0.0 if math.isnan(said_before) else said_before)
    before_m, before_kn = -1.0, 0.0
    if speed == 0.0:
        before_m, before_kn = leg_before(ship)
        speed = before_kn
    leg_kn = rough_m / seconds / KN
    if leg_kn <= speed + EXCESS_KN:
        return 0, rough_m, False
    east, north = float(wrap_e7(x - ship.x)), float(y - ship.y)
    if abs(east) <= DEGREE_E7 and abs(north) <= DEGREE_E7 and not math.isnan(said):
        # no cosine is greater than the first terms of its series
        angle2 = min(abs(y), abs(whole(ship.y))) * RADIANS_E7
        angle2 *= angle2
        east *= 1.0 - angle2 * (0.5 - angle2 / 24.0)
        least_m = min((speed + EXCESS_KN) * seconds, FASTEST_KN * elapsed) * KN * NEARLY
        if least_m > 0.0 and (east * east + north * north) * LONGEST2_M2 <= least_m * least_m:
            return 0, rough_m, True
    kinds = 0
    leg_m = math.sqrt(distance2_m2(whole(ship.x), whole(ship.y), x, y))
    leg_kn = leg_m / seconds / KN
    if leg_m > ERROR_M + (FASTEST_KN * elapsed + SLIP_S * min(speed, FASTEST_KN)) * KN:
        kinds |= 1
    elif leg_m > 1000.0 and leg_kn > speed + 3.0 * EXCESS_KN:
        kinds |= 2
    if leg_kn > speed + EXCESS_KN:
        if before_m < 0.0:
            before_m, before_kn = leg_before(ship)
        if before_m > ERROR_M / 2 and before_kn > speed + EXCESS_KN:
            direct_m = math.sqrt(distance2_m2(whole(ship.before_x), whole(ship.before_y), x, y))
            if before_m + leg_m - direct_m >= DETOUR_M:
                kinds |= 2
    return kinds, leg_m, True


@inner
def leg_before(ship: Any) -> Any:
    """The way to the last place from the one before (m), and its speed (kn)."""
    if ship.is_long:
        x_before, y_before = whole(ship.before_x), whole(ship.before_y)
        leg_m = math.sqrt(distance2_m2(x_before, y_before, whole(ship.x), whole(ship.y)))
    else:
        leg_m = (abs(wrap_e7(ship.x - ship.before_x)) + abs(ship.y - ship.before_y)) * LONGEST_METRES_E7
    # rounded
    return np.float64(np.float32(leg_m)), np.float64(np.float32(leg_m / max(ship.leg_ms / 1000.0, 1.0) / KN))


@inner
def load_ahead(mmsi: Any, first: int, table: Any, ships: Any, numbers: Any) -> tuple[int, int]:
    """As `tracker.engine.mmsi_table.look_ahead`, for ships."""
    end = min(first + numbers.shape[0], mmsi.shape[0])
    seen = 0
    for i in range(first, end):
        place = slot_of(table, mmsi[i])
        numbers[i - first] = table[place, 1] if table[place, 0] == mmsi[i] else -1
    for i in range(end - first):
        if numbers[i] >= 0:
            seen += ships[numbers[i]].hour + ships[numbers[i]].mmsi
    return end, seen


@kernel
def observe(
    first: int,
    time_ms: Any,
    mmsi: Any,
    lon_e7: Any,
    lat_e7: Any,
    sog_kn: Any,
    nav_status: Any,
    table: Any,
    ships: Any,
    last: Any,
    marks: Any,
    heard: Any,
    counters: Any,
) -> int:
    """Take reports from `first` on; returns the first one not taken, when ships, marks or hours have no room."""
    hour, since, until = whole(0), whole(0), whole(-1)
    numbers = np.empty(BLOCK_ROWS, np.int32)
    block = ahead = first
    repeated = 0
    taken: int = time_ms.shape[0]
    for i in range(first, time_ms.shape[0]):
        if i == ahead:
            block = i
            ahead, counters[TOUCHED] = load_ahead(mmsi, i, table, ships, numbers)
        if mmsi[i] <= 0:
            # no ship, and 0 is a free place of the table
            continue
        if (
            counters[SHIPS] == ships.shape[0]
            or counters[MARKS] + 8 > marks.shape[0]
            or counters[HEARD] == heard.shape[0]
        ):
            taken = i
            break
        t = time_ms[i]
        x = wrap_e7(whole(lon_e7[i]))
        y = whole(lat_e7[i])
        said = np.float64(sog_kn[i])
        if t >= until or t < since:
            hour = t // MILLISECONDS_PER_HOUR
            since = hour * MILLISECONDS_PER_HOUR
            until = since + MILLISECONDS_PER_HOUR
        s = whole(numbers[i - block])
        if s < 0:
            place = slot_of(table, mmsi[i])
            if table[place, 0] == mmsi[i]:
                s = whole(table[place, 1])
            else:
                s = counters[SHIPS]
                counters[SHIPS] += 1
                table[place, 0] = mmsi[i]
                table[place, 1] = s
                ship = ships[s]
                begin_hour(ship, t, hour, x, y)
                ship.mmsi = mmsi[i]
                ship.has_status = 0
                hear(ship, said, nav_status[i])
                ship.reports = 1
                ship.still_ms = ship.first_ms = ship.time_ms = t
                ship.before_x = ship.first_x = ship.x = x
                ship.before_y = ship.first_y = ship.y = y
                ship.first_sog_kn = ship.sog_kn = said
                ship.leg_ms = 0
                ship.is_long = ship.is_again = 0
                continue
        ship = ships[s]
        if hour != ship.hour:
            end_hour(ship, marks, counters)
            count_hour(ship, heard[counters[HEARD]])
            counters[HEARD] += 1
            begin_hour(ship, t, hour, x, y)
        hear(ship, said, nav_status[i])
        x_before, y_before = whole(ship.x), whole(ship.y)
        elapsed_ms = t - ship.time_ms
        elapsed = elapsed_ms / 1000.0
        rough_m = (abs(wrap_e7(x - x_before)) + abs(y - y_before)) * LONGEST_METRES_E7
        if elapsed <= 1.0 and rough_m <= NEAR_M:
            repeated += 1
            ship.is_again = 1
            last[s].last_ms = t
            last[s].last_x = x
            last[s].last_y = y
            last[s].last_sog_kn = said
            continue
        # all at once, as one such test in ten comes out either way and each branch would be guessed wrong
        repeated += (
            (rough_m <= ECHO_PLACE_M)
            & (elapsed <= ECHO_S)
            & (said == ship.sog_kn)
            & (said >= ECHO_KN)
            & (said * elapsed * KN > ECHO_WAY_M)
        )
        kinds, leg_m, is_long = 0, rough_m, False
        # an unknown speed is no bound
        if rough_m > ERROR_M and not rough_m <= (said + EXCESS_KN) * KN * max(elapsed, 1.0) * NEARLY:
            kinds, leg_m, is_long = long_leg(ship, x, y, said, elapsed, rough_m)
        if (x == x_before) & (y == y_before) & (said >= GOING_KN) & (elapsed <= 3600.0):
            if t - ship.still_ms >= STILL_MS:
                kinds |= 4
        else:
            ship.still_ms = t
        if kinds:
            tell(ship, kinds, t, marks, counters)
        if elapsed <= LONGEST_LEG_S:
            ship.said_s += elapsed
            made_kn = min(leg_m / max(elapsed, 1.0) / KN, FASTEST_KN) if math.isnan(said) else said
            ship.way_m += elapsed * KN * made_kn
        offset = wrap_e7(x - ship.home_x)
        ship.west = min(whole(ship.west), offset)
        ship.east = max(whole(ship.east), offset)
        ship.south = min(whole(ship.south), y)
        ship.north = max(whole(ship.north), y)
        ship.reports += 1
        ship.before_x = x_before
        ship.before_y = y_before
        ship.leg_ms = max(min(elapsed_ms, LONGEST_MS), 0)
        ship.is_long = is_long
        ship.is_again = 0
        ship.time_ms = t
        ship.x = x
        ship.y = y
        ship.sog_kn = said
    counters[REPEATED] += repeated
    return taken


@kernel
def end_watch(first: int, ships: Any, marks: Any, counters: Any) -> int:
    """End the hour of every ship from `first` on; returns the first one not ended, when marks have no room."""
    for h in range(first, counters[SHIPS]):
        if counters[MARKS] + 8 > marks.shape[0]:
            return h
        end_hour(ships[h], marks, counters)
    ended: int = counters[SHIPS]
    return ended
