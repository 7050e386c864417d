"""One track under two MMSIs: a ship's reports said again under another number, later or beside her, whole or moved.

Two ships never say one track. Each transmits at moments of her own, and each receiver errs by metres of its own; so where
the reports of one MMSI stand at the times of the other's, all of them one lag later, and at her places but for one
offset, to the last digit that the source keeps, somebody copied them, or one hull sends under two numbers.

What looks alike and is none: a convoy or a tow keeps a distance, not a time, to metres at best; ships made fast turn
together, and an offset between them turns with their heads; sources that put all ships on one clock give equal times and
no equal errors. Where digits are so coarse, or a way so straight, that two ships could say the same, nothing is found.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.detectors.spoofing.company import (
    BESIDE_M,
    FAST_WAY_M,
    NOISE_ERRORS,
    fast_way_m,
    is_irregular,
    jitter_m,
    spread,
    would_turn,
)
from tracker.detectors.spoofing.falsehood import Rows
from tracker.detectors.spoofing.lags import LEAST_SHARE, SAME_TIME_MS, lags_of, probes_of
from tracker.detectors.spoofing.said import (
    COARSEST_E7,
    METRES_PER_E7,
    Ints,
    Said,
    apart_e7,
    nearest,
    step_e7,
    way_m,
)
from tracker.tables.fixes import Fixes
from tracker.tables.positions import LOW_ACCURACY

LEAST = 20
"""Reports said by both; fewer can agree by chance."""
AGREED = 0.9
OWN_DIGITS_M = 0.3
"""Half a step of AIS itself (1/10,000 minute) on either side, and the rounding of our own."""
FINE_M = 1.0
"""Errors of two receivers differ by more than this most of the time."""
FAR_M = 500.0
"""Ships that lie can keep an offset; over such a way they cannot, to the last digit."""
STILL_VARIES = 10.0
"""How many times the digits' error a track must extend for its likeness to say anything."""
OWN_MOMENTS = 0.6
"""Share of reports at the other's moments, one lag later, that two ships of their own moments never reach: it is the time
about a report over the time between two, a tenth or less."""
MOST_OFFSET_M = 1000.0
"""An offset beyond it makes up for a wrong lag on a straight way: the two were near each other."""


@dataclass(frozen=True)
class OneTrack:
    """One track under two MMSIs: rows of each that say the same, and how."""

    first: Rows
    """Rows of the one."""
    again: Rows
    """Rows of the other, as many."""
    lag_ms: int
    """From the one to the other; negative when the other was first."""
    offset_m: float
    error_m: float
    """What the digits of the two sources leave open, either way, m."""
    share: float
    """Of the reports of the side heard less, in the time of both."""
    extent_m: float
    is_sure: bool = True
    """False: ships in company, on one clock and a straight way, would look the same in these digits."""


@dataclass(frozen=True)
class Side:
    """What one MMSI said, made ready to be held against others."""

    fixes: Fixes
    """In order of time."""
    fine: Rows
    """Rows that are not coarse (type 27): the others are not looked at."""
    said: Said
    step_e7: float
    """In which its source rounds."""

    @classmethod
    def of(cls, fixes: Fixes, /) -> "Side":
        """Of the reports of one MMSI."""
        fine = np.flatnonzero((fixes.flags & LOW_ACCURACY) == 0)
        said = Said.of(fixes, fine)
        return cls(fixes, fine, said, step_e7(said))


def find_one_track(
    one: Side,
    two: Side,
    /,
    *,
    about_ms: tuple[int, int] | None = None,
    lag_ms: int | None = None,
    or_open: bool = False,
) -> OneTrack | None:
    """Whether two MMSIs say one track; None when not, or when the data could not tell two ships in company from it.

    Parameters
    ----------
    about_ms : a time (of the other's reports) in which they are suspected of it: before and after they may be two;
        all of it without
    lag_ms : the lag that is suspected, whatever its length; sought up to two hours without
    or_open : also give what could as well be two ships in company
    """
    fine, steps = (one.fine, two.fine), (one.step_e7, two.step_e7)
    if min(len(rows) for rows in fine) < LEAST or max(steps) >= COARSEST_E7:
        return None
    ours, theirs = one.said, two.said
    error_m = 0.5 * sum(steps) * METRES_PER_E7 + OWN_DIGITS_M
    lags = [lag_ms] if lag_ms is not None else lags_of(ours, theirs, probes_of(theirs.time_ms, about_ms), error_m)
    tried = (_confirmed(ours, theirs, lag, steps, error_m, fine, about_ms) for lag in lags)
    # on a straight and steady stretch of a common clock several lags fit: the right one fits longest
    found = max((one for one in tried if one is not None), key=lambda one: len(one.again), default=None)
    return found if found is None or found.is_sure or or_open else None


def _confirmed(
    ours: Said,
    theirs: Said,
    lag_ms: int,
    steps: tuple[float, float],
    error_m: float,
    fine: tuple[Rows, ...],
    about_ms: tuple[int, int] | None,
) -> OneTrack | None:
    """Hold all reports against one lag."""
    at = nearest(ours.time_ms, theirs.time_ms - lag_ms)
    late_ms = theirs.time_ms - ours.time_ms[at]
    again = np.flatnonzero(np.abs(late_ms - lag_ms) <= SAME_TIME_MS)
    if len(again) < LEAST:
        return None
    first = at[again]
    is_core = np.isin(again, _around(again, theirs.time_ms, about_ms))
    is_same, offset_m, is_here = _same(ours, theirs, first, again, is_core, steps, error_m)
    kept = _stretch(is_same)
    first, again = first[kept][is_same[kept]], again[kept][is_same[kept]]
    if len(first) < LEAST:
        return None
    begin, end = theirs.time_ms[again[0]], theirs.time_ms[again[-1]]
    heard = min(
        int(np.count_nonzero((times >= begin) & (times <= end))) for times in (ours.time_ms + lag_ms, theirs.time_ms)
    )
    if len(again) < LEAST_SHARE * heard:
        return None
    east, north = way_m(ours, first)
    extent_m = float(np.hypot(spread(east), spread(north)))
    places = len(np.unique(np.stack([ours.x[first], ours.y[first]]), axis=1).T)
    if places < LEAST // 2 or extent_m < STILL_VARIES * error_m:
        return None
    share = len(again) / max(heard, 1)
    times = ours.time_ms[first]
    is_at_once = abs(lag_ms) <= SAME_TIME_MS
    is_sure = is_here or would_turn(east, north, times, offset_m, error_m)
    is_sure = is_sure or (
        error_m < FINE_M
        and jitter_m(east, north, times) > NOISE_ERRORS * error_m
        and not (is_at_once and offset_m <= BESIDE_M and fast_way_m(east, north, times) < FAST_WAY_M)
    )
    is_sure = is_sure or (not is_at_once and share >= OWN_MOMENTS and is_irregular(times))
    if not is_here and (extent_m < FAR_M or offset_m > MOST_OFFSET_M):
        return None
    return OneTrack(
        fine[0][first],
        fine[1][again],
        int(np.median(late_ms[again])),
        offset_m,
        error_m,
        share,
        extent_m,
        is_sure,
    )


def _around(again: Rows, times: Ints, about_ms: tuple[int, int] | None) -> Rows:
    """The rows of a time; with those beside it when they are few."""
    if about_ms is None:
        return again
    begin, stop = np.searchsorted(times[again], about_ms).tolist()
    lacking = max(LEAST - (stop - begin), 0)
    return again[max(begin - lacking, 0) : stop + lacking]


def _stretch(is_same: npt.NDArray[np.bool_]) -> slice:
    """The longest stretch in which all but one in ten are the same."""
    # the sum of the best stretch is the largest rise of the running sum
    cost = AGREED / (1.0 - AGREED)
    total = np.r_[0.0, np.cumsum(np.where(is_same, 1.0, -cost))]
    rise = total - np.minimum.accumulate(total)
    stop = int(np.argmax(rise))
    return slice(int(np.argmin(total[: stop + 1])), stop)


def _same(
    ours: Said,
    theirs: Said,
    first: Rows,
    again: Rows,
    is_core: npt.NDArray[np.bool_],
    steps: tuple[float, float],
    error_m: float,
) -> tuple[npt.NDArray[np.bool_], float, bool]:
    """Which places are the same but for one offset; the offset, m; and whether there is none."""
    dx, dy = apart_e7(ours, theirs, first, again)
    half = 0.5 * max(steps) + 1.0
    is_here = (np.abs(dx) <= half) & (np.abs(dy) <= half)
    if is_here[is_core].mean() >= AGREED:
        return is_here, 0.0, True
    narrow = np.cos(np.radians(ours.y[first] / 1e7)) * METRES_PER_E7
    best: tuple[npt.NDArray[np.bool_], float] | None = None
    # an offset in degrees, or in metres: far along a meridian the two differ
    for east, unit in ((dx.astype(np.float64), narrow), (dx * narrow, np.ones(len(dx)))):
        off_east = np.abs(east - np.median(east[is_core])) * unit
        off_north = np.abs(dy - np.median(dy[is_core])) * METRES_PER_E7
        is_same = (off_east <= error_m) & (off_north <= error_m)
        offset_m = float(np.hypot(np.median((dx * narrow)[is_core]), np.median(dy[is_core]) * METRES_PER_E7))
        if best is None or np.count_nonzero(is_same) > np.count_nonzero(best[0]):
            best = is_same, offset_m
    assert best is not None
    return (*best, False)
