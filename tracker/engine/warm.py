"""Compile the kernels in the background, while the first file is being read.

Compiled code is cached beside the modules (or in the user's cache where those cannot be written).
"""

import threading

import numpy as np

from tracker.engine.params import ScanParams
from tracker.engine.scan import Scanner
from tracker.engine.watch import Watcher
from tracker.tables.fixes import Fixes, frozen


def warm_up() -> threading.Thread:
    """Load or compile the kernels in the background (some seconds the first time); join the thread to wait."""
    thread = threading.Thread(target=_touch_every_kernel, name="compile the engine", daemon=True)
    thread.start()
    return thread


def _touch_every_kernel() -> None:
    """Scan three hours of two invented ships at the origin. No result is kept."""
    from tracker.engine import mmsi_table, watch_sample

    ships, minutes = 2, 180
    time_ms = np.repeat(np.arange(minutes, dtype=np.int64) * 60_000, ships)
    place = np.zeros(ships * minutes, np.int32)
    real = np.zeros(ships * minutes, np.float32)
    mmsi = np.tile(np.array([1, 2], np.int32), minutes)
    fixes = Fixes(time_ms, mmsi, place, place, real, real, real, place.astype(np.int8), place.astype(np.uint8))
    table = np.zeros((4, 2), np.int32)
    scanner = Scanner(ScanParams())
    scanner.feed(fixes)
    mmsi_table.rehash(table, table.copy())
    scanner.finish()
    watcher = Watcher()
    watcher.feed(fixes)
    watcher.marks()
    keys, times = np.zeros(1, np.uint64), np.zeros(1, np.int64)
    watch_sample.sift(np.uint64(1), keys, times, np.zeros(1, np.int32), 1)
    _touch_kernels_of_tracks(fixes)


def _touch_kernels_of_tracks(fixes: Fixes) -> None:
    """Those that run between the pass and judging, with arrays of the kinds that come there."""
    from tracker.geo.kernels import moments, pairing, plain, segments, select

    columns = (fixes.time_ms, fixes.lon_e7, fixes.lat_e7, fixes.sog_kn, fixes.heading_deg, fixes.flags, fixes.mmsi)
    time_ms, x, y, real, heading_deg, flags, mmsi = (frozen(column) for column in columns)
    n = len(fixes)
    label, rank = np.zeros(n, np.int32), np.empty(n, np.int8)
    limits = ((1000, 1.0, 1.0, 1000, 1.0, 1.0), (1.0,) * 6)
    whole, is_plain = np.array([0, n]), np.zeros(1, np.bool_)
    plain.look_over(whole, time_ms, x, y, real, real, heading_deg, flags, 1, *limits, label, rank, is_plain)
    held = (fixes.time_ms, fixes.lon_e7, fixes.lat_e7, fixes.sog_kn)
    segments.label_hulls(*held, label, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)
    edges = np.arange(3)
    table, ids, pair = np.zeros(64, np.int32), frozen(np.array([-1, 1, 2], np.int32)), np.empty((2, n), np.int32)
    select.number_vessels(ids, table)
    spans, now = frozen(np.zeros(2, np.int64)), np.zeros((3, 2), np.int64)
    of = (ids, table, edges, spans, spans, edges[:-1].copy(), now)
    select.rows_by_vessel(mmsi, time_ms, *of, *pair, np.empty(n, np.int64), edges.copy())
    begin, size = np.zeros((2, 1), np.int64)
    select.slices_of(fixes.time_ms, whole, begin, begin, begin, begin, size)
    for column in (fixes.time_ms, fixes.mmsi, fixes.nav_status):
        select.copy_slices(column, begin, size, column.copy(), begin)
    select.by_number(np.zeros(n, np.int32), np.zeros(2, np.int64), np.empty(n, np.int64))
    pairing.to_ecef(x, y, np.empty((n, 3)))
    asked, room = (
        np.zeros((1, 4), np.int64),
        (np.ones(3), np.empty((2 * n, pairing.COLUMNS)), np.empty((1, 6), np.int64)),
    )
    pairing.pair_windows(whole, time_ms, x, y, 0, asked, np.ones(1), 1.0, *room)
    votes = np.zeros(4, np.int64)
    moments.may_share_moments(time_ms, asked, asked[:, :2].copy(), 1000, 2, 1.0, 1, votes, is_plain)
