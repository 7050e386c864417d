"""Call every kernel once, with arrays of the kinds that come later: it is loaded from the cache, or compiled into it.

Two halves that share no kernel, so that two processes can compile them side by side.
"""

import numpy as np

from tracker.engine.params import ScanParams
from tracker.engine.scan import Scanner
from tracker.engine.watch import Watcher
from tracker.tables.fixes import Fixes, frozen

SHIPS, MINUTES = 2, 180


def touch_pass() -> None:
    """Scan three hours of two invented ships at the origin. No result is kept."""
    from tracker.engine import mmsi_table, watch_sample

    fixes = _two_ships()
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


def touch_tracks() -> None:
    """Those that run after the pass."""
    from tracker.geo.kernels import around, moments, pairing, plain, segments, select, straight

    fixes = _two_ships()
    columns = (fixes.time_ms, fixes.lon_e7, fixes.lat_e7, fixes.sog_kn, fixes.heading_deg, fixes.flags, fixes.mmsi)
    time_ms, x, y, real, heading_deg, flags, mmsi = (frozen(column) for column in columns)
    n = len(fixes)
    whole, is_plain = np.array([0, n]), np.zeros(1, np.bool_)
    asked, xyz, one = np.zeros((1, 4), np.int64), np.zeros((n, 3)), np.ones(1)
    room = (np.ones(5), np.empty((2 * n, pairing.COLUMNS)), np.empty((1, 6), np.int64))
    pairing.pair_windows(whole, time_ms, x, y, 0, asked, one, 1.0, *room)
    label, rank = np.zeros(n, np.int32), np.empty(n, np.int8)
    limits = ((1000, 1.0, 1.0, 1000, 1.0, 1.0), (1.0,) * 6)
    plain.look_over(whole, time_ms, x, y, real, real, heading_deg, flags, 1, *limits, label, rank, is_plain)
    held = (fixes.time_ms, fixes.lon_e7, fixes.lat_e7, fixes.sog_kn)
    segments.label_hulls(*held, label, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)
    places, edges, words = np.zeros(n, np.int32), np.empty(4, np.int64), np.zeros((n, 2), np.uint64)
    select.number_rows(mmsi, 0, np.zeros(2, np.int32), np.zeros(1, np.int64), np.zeros(64, np.int32), places)
    select.places_of(places, edges)
    select.scatter_words(places, time_ms, 0, x, y, x, words)
    begin, size = np.zeros((2, 1), np.int64)
    select.slices_of(frozen(words), frozen(edges), begin, begin, begin, begin, size)
    select.gather_words(frozen(words), begin, size, begin, 0, fixes.time_ms, *(fixes.lon_e7.copy() for _ in range(3)))
    select.by_number(np.zeros(n, np.int32), np.zeros(2, np.int64), np.empty(n, np.int64))
    pairing.to_ecef(x, y, xyz)
    moments.may_share_moments(time_ms, asked, asked[:, :2].copy(), 1000, 2, 1.0, 1, np.zeros(4, np.int64), is_plain)
    moments.places_in(one, whole[:1], whole[:1], np.zeros((1, 1)), True, np.zeros((1, 1), np.int64))
    straight.longest_line(xyz, *np.zeros((2, n)), 1.0, 1.0, 1.0, 1.0)
    # one box, which holds nobody, and one place
    ends, ship, place = np.zeros(2, np.int64), np.zeros(1, np.int64), xyz[:1].copy()
    runs = np.zeros((1, 2), np.int64)
    boxes = (np.zeros(1, np.int32), ends, ship, place, one, ends, np.zeros(1, np.int32), ends, runs, xyz)
    around.count_about(place, ship, (boxes,) * 3, 1.0, np.full((4, 1), -1, np.int32), np.zeros((1, 3), np.int64))


def _two_ships() -> Fixes:
    time_ms = np.repeat(np.arange(MINUTES, dtype=np.int64) * 60_000, SHIPS)
    place = np.zeros(SHIPS * MINUTES, np.int32)
    real = np.zeros(SHIPS * MINUTES, np.float32)
    mmsi = np.tile(np.array([1, 2], np.int32), MINUTES)
    return Fixes(time_ms, mmsi, place, place, real, real, real, place.astype(np.int8), place.astype(np.uint8))
