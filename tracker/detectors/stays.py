"""Ships heard again where they were heard before, however long ago: stays in places that receivers hardly reach.

The pass bridges half a day. A ship at a quay behind a hill is heard once in a day or two, always at the same place; the
hours in which ships were heard tell that she stayed. A silence that began or ended under way breaks a stay: a ferry is
heard at the same fairway buoy on her way out and home. Start and end are known to half an hour; where a slow spell of
the pass overlaps, its times are better and are taken.
"""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from tracker.detectors.quiet import went_silent_under_way
from tracker.detectors.silences import Silences
from tracker.detectors.slow import Spells
from tracker.detectors.way import Way
from tracker.geo.kernels import arc_m, distance_m, ecef_m
from tracker.units import MILLISECONDS_PER_HOUR

Ints = npt.NDArray[np.int64]
LEAST_DEGREE_M = 110_500.0
"""A degree of latitude is nowhere shorter: 110,574 m at the equator (WGS 84)."""
MOST_DEGREE_M = 111_700.0
"""Nor anywhere longer, of longitude neither: 111,694 m at the poles."""
HALF_HOUR_MS = MILLISECONDS_PER_HOUR // 2


def stays_of(way: Way, silences: Silences, /, *, strays_m: float, silent_h: float, under_way_kn: float) -> Spells:
    """Stays, in the form of slow spells with speed 0, in order of vessel and time.

    Parameters
    ----------
    strays_m : two places of a stay are no farther apart from hour to hour, m
    silent_h : longest silence inside a stay, h
    under_way_kn : a silence that began or ended faster than this breaks a stay, kn
    """
    mmsi, lon, lat = way.mmsi, way.lon, way.lat
    time_ms = way.hour * MILLISECONDS_PER_HOUR + HALF_HOUR_MS
    if len(mmsi) < 2:
        return _spells(mmsi[:0], time_ms[:0], time_ms[:0], lon[:0], lat[:0], lon[:0])
    stays = (mmsi[1:] == mmsi[:-1]) & (np.diff(time_ms) <= silent_h * MILLISECONDS_PER_HOUR)
    # a ship that shows by her latitude that she went on need not be measured
    stays &= np.abs(np.diff(lat)) * LEAST_DEGREE_M <= strays_m
    step = np.flatnonzero(stays)
    # nor one that stayed within strays_m both ways together
    both_deg = np.abs(np.diff(lat)[step]) + np.abs((np.diff(lon)[step] + 180.0) % 360.0 - 180.0)
    step = step[both_deg * MOST_DEGREE_M > strays_m]
    stays[step] = np.asarray(distance_m(lon[step], lat[step], lon[step + 1], lat[step + 1])) <= strays_m
    gap = np.flatnonzero(stays & (np.diff(time_ms) > MILLISECONDS_PER_HOUR))
    stretch = mmsi[gap], time_ms[gap] - HALF_HOUR_MS, time_ms[gap + 1] + HALF_HOUR_MS
    stays[gap[went_silent_under_way(silences, *stretch, speed_kn=under_way_kn)]] = False
    # a place alone is no stay
    together = np.concatenate([[False], stays]) | np.concatenate([stays, [False]])
    mmsi, lon, lat, time_ms = mmsi[together], lon[together], lat[together], time_ms[together]
    xyz = way.xyz[together]
    if not len(mmsi):
        return _spells(mmsi, time_ms, time_ms, lon, lat, lon)
    is_head = ~np.concatenate([[False], stays])[together]
    group, heads = np.cumsum(is_head) - 1, np.flatnonzero(is_head)
    rows = np.bincount(group)
    base = heads[group]
    east = (lon - lon[base] + 180.0) % 360.0 - 180.0
    mean_lon, mean_lat = (np.bincount(group, weights=w) / rows for w in (east, lat))
    mean_lon = (lon[heads] + mean_lon + 180.0) % 360.0 - 180.0
    # a place of many hours is put into space once
    off = np.column_stack(ecef_m(mean_lon, mean_lat))[group] - xyz
    chord_m = np.sqrt(off[:, 0] ** 2 + off[:, 1] ** 2 + off[:, 2] ** 2)
    away = arc_m(chord_m, 0.5 * (lat + mean_lat[group]))
    spread = np.sqrt(np.bincount(group, weights=away * away) / rows)
    ends = heads + rows - 1
    return _spells(mmsi[heads], time_ms[heads], time_ms[ends], mean_lon, mean_lat, spread)


@dataclass(frozen=True)
class Rests(Spells):
    """Slow spells of the pass, and stays."""

    is_stay: npt.NDArray[np.bool_]


def joined(spells: Spells, stays: Spells, /) -> Rests:
    """Spells of the pass with stays behind them."""
    mmsi, start_ms, end_ms, lon, lat, spread_m, speed_kn = (
        np.concatenate([getattr(spells, column.name), getattr(stays, column.name)]) for column in fields(Spells)
    )
    is_stay = np.arange(len(mmsi)) >= len(spells)
    return Rests(mmsi, start_ms, end_ms, lon, lat, spread_m, speed_kn, is_stay)


def _spells(mmsi: Ints, start_ms: Ints, end_ms: Ints, lon: np.ndarray, lat: np.ndarray, spread_m: np.ndarray) -> Spells:
    return Spells(mmsi, start_ms, end_ms, lon, lat, spread_m, np.zeros(len(mmsi)))
