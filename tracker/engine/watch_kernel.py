"""The loop of `tracker.engine.watch`: a few comparisons for each report."""

import math
from typing import Any

import numpy as np
from numba import njit

from tracker.engine.mmsi_table import slot_of
from tracker.geo.kernels.compiled import LONGEST_METRES_E7, distance2_m2, wrap_e7

KN = 1852.0 / 3600.0
HOUR_MS = 3_600_000
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


@njit(cache=True, nogil=True)
def tell(ship: Any, kinds: int, time_ms: int, marks: Any, counters: Any) -> None:
    """Write a mark for each of the kinds, once for each ship, hour and kind."""
    for bit in range(4):
        kind = 1 << bit
        if kinds & ~ship.marked & kind:
            ship.marked |= kind
            mark = marks[counters[1]]
            mark.mmsi = ship.mmsi
            mark.kind = kind
            mark.time_ms = time_ms
            counters[1] += 1


@njit(cache=True, nogil=True)
def end_hour(ship: Any, marks: Any, counters: Any) -> None:
    """Ask whether the way of this hour was too long for its space."""
    if ship.said_s < LEAST_SAID_S or ship.reports < 6 or ship.way_m < GOING_KN * KN * ship.said_s:
        return
    width = math.cos(ship.y * 1e-7 * math.pi / 180.0) * (ship.east - ship.west)
    height = float(ship.north - ship.south)
    # a number that is worked out: numba would compile `tell` once more for each constant
    is_confined = ship.way_m >= CONFINED * math.hypot(width, height) * LONGEST_METRES_E7
    tell(ship, 8 * is_confined, ship.hour * HOUR_MS, marks, counters)


@njit(cache=True, nogil=True)
def observe(
    first: int,
    time_ms: Any,
    mmsi: Any,
    lon_e7: Any,
    lat_e7: Any,
    sog_kn: Any,
    table: Any,
    ships: Any,
    marks: Any,
    counters: Any,
) -> int:
    """Take reports from `first` on; returns the first one not taken, when ships or marks have no room."""
    for i in range(first, time_ms.shape[0]):
        if counters[0] == ships.shape[0] or counters[1] + 8 > marks.shape[0]:
            return i
        t = time_ms[i]
        m = mmsi[i]
        x = wrap_e7(int(lon_e7[i]))
        y = int(lat_e7[i])
        said = sog_kn[i]
        hour = t // HOUR_MS
        place = slot_of(table, m)
        if table[place, 0] != m:
            h = counters[0]
            counters[0] += 1
            table[place, 0] = m
            table[place, 1] = h
            ship = ships[h]
            ship.mmsi = m
            ship.hour = hour
            ship.marked = 0
            ship.leg_m = 0.0
            ship.leg_kn = 0.0
            ship.still_ms = t
            ship.before_x = x
            ship.before_y = y
            ship.reports = 1
            ship.home_x = x
            ship.west = 0
            ship.east = 0
            ship.south = y
            ship.north = y
            ship.way_m = 0.0
            ship.said_s = 0.0
            ship.time_ms = t
            ship.x = x
            ship.y = y
            ship.sog_kn = said
            continue
        ship = ships[table[place, 1]]
        if hour != ship.hour:
            end_hour(ship, marks, counters)
            ship.hour = hour
            ship.marked = 0
            ship.reports = 0
            ship.home_x = x
            ship.west = 0
            ship.east = 0
            ship.south = y
            ship.north = y
            ship.way_m = 0.0
            ship.said_s = 0.0
        elapsed = (t - ship.time_ms) / 1000.0
        rough_m = (abs(wrap_e7(x - ship.x)) + abs(y - ship.y)) * LONGEST_METRES_E7
        if elapsed <= 1.0 and rough_m <= NEAR_M:
            counters[2] += 1
            continue
        is_echo = rough_m <= ECHO_PLACE_M and elapsed <= ECHO_S and said == ship.sog_kn and said >= ECHO_KN
        counters[2] += is_echo and said * elapsed * KN > ECHO_WAY_M
        speed = max(0.0 if math.isnan(said) else said, 0.0 if math.isnan(ship.sog_kn) else ship.sog_kn)
        if speed == 0.0:
            speed = ship.leg_kn
        kinds = np.int64(0)
        leg_m = rough_m
        leg_kn = rough_m / max(elapsed, 1.0) / KN
        if rough_m > ERROR_M and leg_kn > speed + EXCESS_KN:
            leg_m = math.sqrt(distance2_m2(ship.x, ship.y, x, y))
            leg_kn = leg_m / max(elapsed, 1.0) / KN
            if leg_m > ERROR_M + (FASTEST_KN * elapsed + SLIP_S * min(speed, FASTEST_KN)) * KN:
                kinds |= 1
            elif leg_m > 1000.0 and leg_kn > speed + 3.0 * EXCESS_KN:
                kinds |= 2
            if ship.leg_m > ERROR_M / 2 and min(ship.leg_kn, leg_kn) > speed + EXCESS_KN:
                direct_m = math.sqrt(distance2_m2(ship.before_x, ship.before_y, x, y))
                if ship.leg_m + leg_m - direct_m >= DETOUR_M:
                    kinds |= 2
        if x == ship.x and y == ship.y and said >= GOING_KN and elapsed <= 3600.0:
            if t - ship.still_ms >= STILL_MS:
                kinds |= 4
        else:
            ship.still_ms = t
        if kinds:
            tell(ship, kinds, t, marks, counters)
        if elapsed <= LONGEST_LEG_S:
            ship.said_s += elapsed
            ship.way_m += elapsed * KN * (min(leg_kn, FASTEST_KN) if math.isnan(said) else said)
        offset = wrap_e7(x - ship.home_x)
        ship.west = min(ship.west, offset)
        ship.east = max(ship.east, offset)
        ship.south = min(ship.south, y)
        ship.north = max(ship.north, y)
        ship.reports += 1
        ship.before_x = ship.x
        ship.before_y = ship.y
        ship.leg_m = leg_m
        ship.leg_kn = leg_kn
        ship.time_ms = t
        ship.x = x
        ship.y = y
        ship.sog_kn = said
    return int(time_ms.shape[0])


@njit(cache=True, nogil=True)
def end_watch(first: int, ships: Any, marks: Any, counters: Any) -> int:
    """End the hour of every ship from `first` on; returns the first one not ended, when marks have no room."""
    for h in range(first, counters[0]):
        if counters[1] + 8 > marks.shape[0]:
            return h
        end_hour(ships[h], marks, counters)
    return int(counters[0])
