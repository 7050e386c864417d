"""Grids: a ship's reports of some hours lie on the crossings of a lattice, while her others do not.

Software that makes positions up writes them so, and a receiver never does; a source that rounds rounds every report of a
ship, so the same lattice elsewhere in her track is no grid. A survey ship goes to and fro on straight lines, but GPS error
keeps her from saying the same longitude twice to the last digit, and many times over.
"""

import numpy as np
import numpy.typing as npt

from tracker.detectors.spoofing.falsehood import Falsehood, Rows, SpoofingParams, Track, falsehood
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
MOST_ELSEWHERE = 0.5
"""Of her other reports on lines of the same spacing: more, and the source rounds."""

Ints = npt.NDArray[np.int64]


def find_grids(track: Track, hours: Ints, /, *, params: SpoofingParams) -> list[Falsehood]:
    """Grids in the hours (since 1970) that the pass marked; hours in succession are one."""
    found: list[Falsehood] = []
    hour = track.fixes.time_ms // MILLISECONDS_PER_HOUR
    hours = np.unique(hours)
    for run in np.split(hours, np.flatnonzero(np.diff(hours) > 1) + 1):
        rows = np.flatnonzero((hour >= run[0]) & (hour <= run[-1])) if len(run) else np.empty(0, np.int64)
        one = _grid(track, rows, params)
        if one is not None:
            found.append(one)
    return found


def _grid(track: Track, rows: Rows, params: SpoofingParams) -> Falsehood | None:
    fixes = track.fixes
    # long-range reports are rounded to a tenth of a minute by the standard
    rows = rows[(fixes.flags[rows] & LOW_ACCURACY) == 0]
    if not len(rows):
        return None
    # from the first of them, so that a lattice astride 180 degrees is whole
    all_lon = (fixes.lon_e7.astype(np.int64) - int(fixes.lon_e7[rows[0]]) + HALF_TURN_E7) % (2 * HALF_TURN_E7)
    all_lat = fixes.lat_e7.astype(np.int64)
    rows = _often(all_lon, all_lat, rows)
    if len(rows) < LEAST_PLACES:
        return None
    lon, lat = all_lon[rows], all_lat[rows]
    columns, lines = _spacing(lon), _spacing(lat)
    narrow_m = np.cos(np.radians(float(np.median(fixes.lat[rows])))) * METRES_PER_E7
    if columns is None or lines is None:
        return None
    step_m = columns * narrow_m, lines * METRES_PER_E7
    places = len(np.unique(np.stack([lon, lat]), axis=1).T)
    crossings = len(np.unique(lon)) * len(np.unique(lat))
    if min(step_m) < params.grid_step_m or places < LEAST_PLACES or places < FILLED * crossings:
        return None
    others = np.setdiff1d(np.arange(len(fixes)), rows)
    if len(others) < LEAST_PLACES:
        return None  # nothing of hers tells whether the source rounds
    on_lines = _is_on(all_lon[others], lon[0], columns) & _is_on(all_lat[others], lat[0], lines)
    if float(on_lines.mean()) > MOST_ELSEWHERE:
        return None
    why = [
        f"{len(rows)} reports at {places} of {crossings} crossings of a lattice, {step_m[0]:,.0f} m by {step_m[1]:,.0f} m, "
        f"to the last digit; {100 * float(on_lines.mean()):.0f} % of her other reports lie on its lines.",
        "Consistent with positions that were made up: no receiver and no ship gives such places.",
    ]
    return falsehood("grid", track, rows, confidence=0.9, why=why, is_false=True)


def _often(lon: Ints, lat: Ints, rows: Rows) -> Rows:
    """Rows whose longitude and latitude other rows say too: those before and after the grid say theirs once."""
    if not len(rows):
        return rows
    kept = np.ones(len(rows), np.bool_)
    for values in (lon[rows], lat[rows]):
        _, at, count = np.unique(values, return_inverse=True, return_counts=True)
        kept &= count[at] > 1
    return rows[kept]


def _spacing(values: Ints) -> float | None:
    """Distance of the lines, 1e-7 degree, when there are enough and they are evenly spaced; some may be missing."""
    lines = np.unique(values)
    if len(lines) < LEAST_LINES:
        return None
    gaps = np.diff(lines).astype(np.float64)
    step = float(gaps.min())
    off = np.abs(gaps / step - np.rint(gaps / step))
    return step if bool((off <= STEP_ERROR).all()) else None


def _is_on(values: Ints, line: int, step: float) -> npt.NDArray[np.bool_]:
    away = (values.astype(np.float64) - line) / step
    return np.asarray(np.abs(away - np.rint(away)) <= STEP_ERROR)
