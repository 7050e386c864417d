"""Grids: a ship's reports of some hours lie on the crossings of a lattice, while her others do not.

Software that makes positions up writes them so, and a receiver never does; a source that rounds rounds every report of a
ship, so the same lattice elsewhere in her track is no grid. A survey ship goes to and fro on straight lines, but GPS error
keeps her from saying the same longitude twice to the last digit, and many times over.
"""

import numpy as np
import numpy.typing as npt

from tracker.detectors.spoofing.falsehood import Falsehood, Rows, SpoofingParams, Track, falsehood
from tracker.tables.fixes import Fixes
from tracker.tables.positions import LOW_ACCURACY
from tracker.units import METRES_PER_NAUTICAL_MILE, MILLISECONDS_PER_HOUR

LEAST_LINES = 4
"""Of longitude and of latitude: three by three cells are soon visited at random."""
LEAST_PLACES = 12
FILLED = 0.5
"""Crossings that were visited, share; a diagonal fills one in four lines."""
STEP_ERROR = 0.02
HALF_TURN_E7 = 1_800_000_000
METRES_PER_E7 = METRES_PER_NAUTICAL_MILE * 60.0 / 1e7
SOME = 512
MOST_ELSEWHERE = 0.5
"""Of her other reports on lines of the same spacing: more, and the source rounds."""

Ints = npt.NDArray[np.int64]


def find_grids(track: Track, hours: Ints, /, *, params: SpoofingParams) -> list[Falsehood]:
    """Grids in the hours (since 1970) that the pass marked; hours in succession are one."""
    found: list[Falsehood] = []
    fixes = track.fixes
    if not len(hours):
        return found
    # long-range reports are rounded to a tenth of a minute by the standard
    is_fine = (fixes.flags & LOW_ACCURACY) == 0
    first, last = in_succession(hours)
    bounds = np.searchsorted(fixes.time_ms, [first * MILLISECONDS_PER_HOUR, (last + 1) * MILLISECONDS_PER_HOUR])
    for begin, stop in bounds.T.tolist():
        one = _grid(track, np.flatnonzero(is_fine[begin:stop]) + begin, params)
        if one is not None:
            found.append(one)
    return found


def in_succession(hours: Ints, /) -> tuple[Ints, Ints]:
    """First and last hour of each run of hours in succession."""
    hours = np.unique(hours)
    breaks = np.flatnonzero(np.diff(hours) > 1)
    return hours[np.append(0, breaks + 1)], hours[np.append(breaks, len(hours) - 1)]


def may_be_lattice(fixes: Fixes, /, *, params: SpoofingParams) -> bool:
    """Whether reports may stand on a lattice, as far as the first `SOME` of them tell: no is certain."""
    rows = np.flatnonzero((fixes.flags & LOW_ACCURACY) == 0)
    if len(rows) < LEAST_PLACES:
        return False
    some = rows[:SOME]
    lon, lat = _about(fixes.lon_e7[some], int(fixes.lon_e7[some[0]])), fixes.lat_e7[some].astype(np.int64)
    is_often = _is_often(lon) & _is_often(lat)
    is_all = len(some) == len(rows)
    if is_all and np.count_nonzero(is_often) < LEAST_PLACES:
        return False
    gaps = [np.diff(np.sort(values[is_often])) for values in (lon, lat)]
    # more reports only bring lines nearer to each other, and eastward lines are no farther apart than at the equator
    least = [int(one[one > 0].min(initial=2 * HALF_TURN_E7)) for one in gaps]
    return min(least) * METRES_PER_E7 >= params.grid_step_m and not (is_all and max(least) == 2 * HALF_TURN_E7)


def _grid(track: Track, rows: Rows, params: SpoofingParams) -> Falsehood | None:
    fixes = track.fixes
    if len(rows) < LEAST_PLACES:
        return None
    # from the first of them, so that a lattice astride 180 degrees is whole
    first = int(fixes.lon_e7[rows[0]])
    lon, lat = _about(fixes.lon_e7[rows], first), fixes.lat_e7[rows].astype(np.int64)
    is_often = _is_often(lon) & _is_often(lat)
    rows, lon, lat = rows[is_often], lon[is_often], lat[is_often]
    if len(rows) < LEAST_PLACES:
        return None
    # most fail at the spacing: it is asked before what costs more
    columns = _spacing(lon)
    lines = None if columns is None else _spacing(lat)
    if columns is None or lines is None:
        return None
    narrow_m = np.cos(np.radians(float(np.median(fixes.lat[rows])))) * METRES_PER_E7
    step_m = columns * narrow_m, lines * METRES_PER_E7
    if min(step_m) < params.grid_step_m:
        return None
    places = len(np.unique(lon * (2 * HALF_TURN_E7) + lat))
    crossings = len(np.unique(lon)) * len(np.unique(lat))
    if places < LEAST_PLACES or places < FILLED * crossings:
        return None
    others = np.setdiff1d(np.arange(len(fixes)), rows)
    if len(others) < LEAST_PLACES:
        return None  # nothing of hers tells whether the source rounds
    on_lines = _is_on(_about(fixes.lon_e7[others], first), lon[0], columns)
    on_lines &= _is_on(fixes.lat_e7[others].astype(np.int64), lat[0], lines)
    if float(on_lines.mean()) > MOST_ELSEWHERE:
        return None
    why = [
        f"{len(rows)} reports at {places} of {crossings} crossings of a lattice, {step_m[0]:,.0f} m by {step_m[1]:,.0f} m, "
        f"to the last digit; {100 * float(on_lines.mean()):.0f} % of her other reports lie on its lines.",
        "Consistent with positions that were made up: no receiver and no ship gives such places.",
    ]
    return falsehood("grid", track, rows, confidence=0.9, why=why, is_false=True)


def _about(lon_e7: npt.NDArray[np.int32], first: int) -> Ints:
    """Longitudes counted from half a turn west of the first."""
    return (lon_e7.astype(np.int64) - first + HALF_TURN_E7) % (2 * HALF_TURN_E7)


def _is_often(values: Ints) -> npt.NDArray[np.bool_]:
    """Values that others are too: those before and after the grid are said once."""
    order = np.argsort(values)
    in_order = values[order]
    is_same = in_order[1:] == in_order[:-1]
    kept = np.zeros(len(values), np.bool_)
    kept[order[1:]], kept[order[:-1][is_same]] = is_same, True
    return kept


def _spacing(values: Ints) -> float | None:
    """Distance of the lines, 1e-7 degree, when there are enough and they are evenly spaced; some may be missing."""
    gaps = np.diff(np.sort(values)).astype(np.float64)
    gaps = gaps[gaps > 0]
    if len(gaps) < LEAST_LINES - 1:
        return None
    step = float(gaps.min())
    off = np.abs(gaps / step - np.rint(gaps / step))
    return step if bool((off <= STEP_ERROR).all()) else None


def _is_on(values: Ints, line: int, step: float) -> npt.NDArray[np.bool_]:
    away = (values.astype(np.float64) - line) / step
    return np.asarray(np.abs(away - np.rint(away)) <= STEP_ERROR)
