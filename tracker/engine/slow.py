"""Slow spells: how long each ship stayed about one place, from where it was and not from what it said.

A step is slow when the way made since the step before was; a spell may miss as many steps as a contact may.
Reported speeds are not used: they are missing in some sources and are what a spoofer changes first.
"""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.engine.records import UNKNOWN
from tracker.geo.kernels import radii_m
from tracker.geo.kernels.compiled import PLANE_LIMIT_E7, distance2_m2, wrap_e7
from tracker.geo.kernels.jit import inner, kernel, whole
from tracker.geo.kernels.wgs84 import RADIANS

BAND_E7 = 1_000_000
"""Latitude is taken in bands of 0.1 degree for speeds: within 0.2 % at 60 degrees and 1 % at 85, no trigonometry."""
BIN_KN = 0.1
"""Speeds are counted in bins as fine as AIS reports them; a median is the middle of a bin."""


def metres_by_band() -> npt.NDArray[np.float64]:
    """Metres in 1e-7 degree of longitude and of latitude, for each band from the south pole: (bands, 2)."""
    middle = np.minimum((np.arange(1801) + 0.5) * BAND_E7 * 1e-7 - 90.0, 89.95)
    along, across = radii_m(middle)
    return np.column_stack([across * np.cos(middle * RADIANS), along]) * (RADIANS * 1e-7)


@inner
def add_square(high: int, low: int, value: int) -> tuple[int, int]:
    """Add the square of an offset to a sum kept in two halves."""
    square = value * value
    low += square & 0xFFFFFFFF
    return high + (square >> 32) + (low >> 32), low & 0xFFFFFFFF


@inner
def end_spell(rows: Any, r: int, bins: Any, min_steps: int, begin: int, spells: Any, counts: Any, n: int) -> int:
    """Write a spell if it lasted, or may have begun before the step `begin`; returns the number of spells."""
    row = rows[r]
    steps = row.spell_steps
    row.spell_steps = 0
    if row.spell_last - row.spell_start >= min_steps or row.spell_start < begin:
        spell = spells[n]
        spell.mmsi = row.mmsi
        spell.born_ms = row.born_ms
        spell.born_x = row.born_x
        spell.born_y = row.born_y
        spell.start = row.spell_start
        spell.last = row.spell_last
        spell.steps = steps
        spell.x0 = row.x0
        spell.y0 = row.y0
        spell.sum_x = row.sum_x
        spell.sum_y = row.sum_y
        spell.high_xx = row.high_xx
        spell.low_xx = row.low_xx
        spell.high_yy = row.high_yy
        spell.low_yy = row.low_yy
        # bin by bin: assigning one row to another compiles the words of an error, for seconds
        for b in range(bins.shape[1]):
            counts[n, b] = bins[r, b]
        n += 1
    return n


@kernel
def find_spells(
    ring: Any,
    rows: Any,
    bins: Any,
    metres: Any,
    begin_row: int,
    used: int,
    first: int,
    last: int,
    slow_m: float,
    missed: int,
    min_steps: int,
    begin: int,
    spells: Any,
    counts: Any,
) -> tuple[int, int]:
    """Carry the spells of rows from `begin_row` on over the steps first..last.

    `begin` is the step up to which a spell may have begun in another part of the data.

    Returns the row at which `spells` had no room left for a whole row (or `used`), and the number of spells.
    """
    # not a constant: numba would compile `end_spell` once more for it
    n = whole(0)
    mask = ring.shape[0] - 1
    for r in range(begin_row, used):
        row = rows[r]
        if row.mmsi == 0:
            continue
        if spells.shape[0] - n < last - first + 2:
            return r, n
        for k in range(first, last + 1):
            if row.spell_steps > 0 and k - row.spell_last > missed + 1:
                n = end_spell(rows, r, bins, min_steps, begin, spells, counts, n)
            x, y = whole(ring[k & mask, r, 0]), whole(ring[k & mask, r, 1])
            before = whole(ring[(k - 1) & mask, r, 1])
            # no latitude is less
            if min(y, before) == UNKNOWN:
                continue
            x_before = whole(ring[(k - 1) & mask, r, 0])
            if abs(y) > PLANE_LIMIT_E7:
                way2 = distance2_m2(x_before, before, x, y)
            else:
                band = (y + 900_000_000) // BAND_E7
                north_m = (y - before) * metres[band, 1]
                east_m = wrap_e7(x - x_before) * metres[band, 0]
                way2 = north_m * north_m + east_m * east_m
            if way2 >= slow_m * slow_m:
                continue
            if row.spell_steps == 0:
                row.spell_start = k - 1
                row.x0 = x
                row.y0 = y
                row.sum_x = row.sum_y = 0
                row.high_xx = row.low_xx = row.high_yy = row.low_yy = 0
                for b in range(bins.shape[1]):
                    bins[r, b] = 0
            row.spell_last = k
            row.spell_steps += 1
            dx = wrap_e7(x - row.x0)
            dy = y - row.y0
            row.sum_x += dx
            row.sum_y += dy
            row.high_xx, row.low_xx = add_square(row.high_xx, row.low_xx, dx)
            row.high_yy, row.low_yy = add_square(row.high_yy, row.low_yy, dy)
            bins[r, min(whole(math.sqrt(way2) / slow_m * bins.shape[1]), bins.shape[1] - 1)] += 1
        if row.spell_steps > 0 and last - row.spell_last > missed:
            n = end_spell(rows, r, bins, min_steps, begin, spells, counts, n)
    return used, n


@kernel
def cut_spells(rows: Any, bins: Any, used: int, min_steps: int, begin: int, spells: Any, counts: Any) -> int:
    """Write the open spells, as `end_spell` does, where their part of the data ends. Returns their number."""
    n: int = whole(0)
    for r in range(used):
        if rows[r].mmsi != 0 and rows[r].spell_steps > 0:
            n = end_spell(rows, r, bins, min_steps, begin, spells, counts, n)
    return n
