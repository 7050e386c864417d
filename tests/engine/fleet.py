"""Invented fleets for the engine: crowded, badly received, dirty, and placed anywhere on the globe."""

from itertools import pairwise

import numpy as np

from tracker.geo.kernels import from_local_xy_m
from tracker.tables.fixes import Fixes, concat_fixes
from tracker.tables.positions import degrees_e7

T0_MS = 1_577_836_500_000
"""2019-12-31 23:55 UTC: the year turns while the fleet is at sea."""


def fixes_at(rows):
    """Fixes from (time_s after T0, mmsi, lon, lat) rows, in time order; unknown speeds and courses."""
    time_s, mmsi, lon, lat = np.array(sorted(rows), dtype=np.float64).reshape(-1, 4).T
    unknown = np.full(len(time_s), np.nan, np.float32)
    return Fixes(
        time_ms=T0_MS + np.rint(time_s * 1000).astype(np.int64),
        mmsi=mmsi.astype(np.int32),
        lon_e7=degrees_e7(lon),
        lat_e7=degrees_e7(lat),
        sog_kn=unknown,
        cog_deg=unknown,
        heading_deg=unknown,
        nav_status=np.full(len(time_s), -1, np.int8),
        flags=np.zeros(len(time_s), np.uint8),
    )


def random_fleet(seed, *, lon=120.0, lat=38.0, ships=12, hours=30, size_m=3_000.0):
    """A few hours of ships that stop, drift, sail and meet within some kilometres of a place.

    Reports come every 10 s to 65 min, with holes of hours, single bad places near and far, repeated rows, and
    two hulls on one number.
    """
    rng = np.random.default_rng(seed)
    rows = []
    for ship in range(ships):
        mmsi = 100_000_000 + (ship if ship != 1 else 0)
        knots = np.array([0.0])
        corner_s, east, north = [0.0], [rng.uniform(-size_m, size_m)], [rng.uniform(-size_m, size_m)]
        while corner_s[-1] < hours * 3600:
            stay = rng.random() < 0.5
            dt = rng.uniform(0.5, 6) * 3600
            knots = 0.2 if stay else rng.choice([2.0, 5.0, 12.0])
            target = rng.uniform(-size_m, size_m, 2)
            way = target - [east[-1], north[-1]]
            if not stay:
                dt = max(60.0, float(np.hypot(*way)) / (knots * 0.514444))
            corner_s.append(corner_s[-1] + dt)
            east.append(east[-1] + (rng.normal(0, 100) if stay else way[0]))
            north.append(north[-1] + (rng.normal(0, 100) if stay else way[1]))
        every_s = rng.choice([60.0, 180.0, 600.0, 1800.0, 3900.0])
        t = np.cumsum(rng.uniform(0.3, 1.7, int(hours * 3600 / every_s)) * every_s)
        t = np.where(rng.random(len(t)) < 0.1, np.round(t / 300) * 300, np.round(t, 3))
        t = np.unique(t[t < hours * 3600])
        for _ in range(rng.integers(0, 3)):
            hole = rng.uniform(0, hours * 3600)
            t = t[(t < hole) | (t > hole + rng.uniform(1, 10) * 3600)]
        x, y = np.interp(t, corner_s, east), np.interp(t, corner_s, north)
        bad = rng.random(len(t))
        x = x + np.where(bad < 0.02, 700.0, 0.0) + np.where(bad > 0.985, 80_000.0, 0.0)
        if ship == 1:
            x = x + 60_000.0
        lon_t, lat_t = from_local_xy_m(x, y, lon, lat)
        rows += zip(t, np.full(len(t), mmsi), lon_t, lat_t, strict=True)
    rows += rows[:: max(1, len(rows) // 20)]
    return fixes_at(rows)


def cut(fixes, places):
    """The same fixes in batches, cut before the given rows."""
    edges = [0, *sorted(places), len(fixes)]
    return [fixes.take(slice(a, b)) for a, b in pairwise(edges)]


def shuffle_ties(fixes, seed):
    """The same fixes with rows of equal time in another order."""
    other = np.random.default_rng(seed).permutation(len(fixes))
    return fixes.take(other[np.argsort(fixes.time_ms[other], kind="stable")])


__all__ = ["T0_MS", "concat_fixes", "cut", "fixes_at", "random_fleet", "shuffle_ties"]
