"""Compile the kernels in the background, while the first file is being read.

Compiled code is cached beside the modules (or in the user's cache where those cannot be written).
"""

import threading

import numpy as np

from tracker.engine.params import ScanParams
from tracker.engine.scan import Scanner
from tracker.tables.fixes import Fixes, frozen


def warm_up() -> threading.Thread:
    """Load or compile the kernels in the background (some seconds the first time); join the thread to wait."""
    thread = threading.Thread(target=_touch_every_kernel, name="compile the engine", daemon=True)
    thread.start()
    return thread


def _touch_every_kernel() -> None:
    """Scan three hours of two invented ships at the origin. No result is kept."""
    from tracker.engine import intake
    from tracker.geo.kernels import hours, tracks

    ships, minutes = 2, 180
    time_ms = np.repeat(np.arange(minutes, dtype=np.int64) * 60_000, ships)
    place = np.zeros(ships * minutes, np.int32)
    real = np.zeros(ships * minutes, np.float32)
    mmsi = np.tile(np.array([1, 2], np.int32), minutes)
    fixes = Fixes(time_ms, mmsi, place, place, real, real, real, place.astype(np.int8), place.astype(np.uint8))
    columns = [frozen(c) for c in (time_ms, mmsi, place, place, real)]
    ids, known, heard = np.full(4, -1, np.int32), np.zeros(2, hours.SHIP), np.zeros(8, hours.HEARD)
    hours.count_hours(0, *columns, ids, known, heard, 0, 0)
    hours.enter_all(ids, known, 0)
    one = [columns[0], columns[2], columns[3]]
    tracks.may_come_within(*one, *one, 1.0, 0.0)
    table = np.zeros((4, 2), np.int32)
    scanner = Scanner(ScanParams())
    scanner.feed(fixes)
    intake.rehash(table, table.copy())
    scanner.finish()
