"""Measures for a dossier: where and how well both ships were heard, how the hulls lay, what draughts were declared."""

from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.archive.reading import PositionStore
from tracker.detectors.hulls import Plan, body_frame_m, centre_offset_m, plan_of
from tracker.geo.kernels import distance_m
from tracker.tables.fixes import Fixes
from tracker.tables.ship import Ship
from tracker.views.facts import Declared, DraughtChange, Poses, Reception

Floats = npt.NDArray[np.float64]

HEARD_S = 90.0
"""A time counts as observed when both ships were heard within this: half the interval of a ship at anchor (M.1371)."""
HEADING_AGE_S = 900.0
MOST_POSES = 40
RECEPTION_NM = 25.0
CHANGE_BY_S = 7 * 86_400.0
"""A draught declared later than a week after a contact is not laid to it."""
METRES_PER_NM = 1852.0


def is_observed(time_s: Floats, one: Fixes, two: Fixes, /) -> npt.NDArray[np.bool_]:
    """Whether both ships were heard within `HEARD_S` of each time."""
    return np.asarray((_away_s(time_s, one) <= HEARD_S) & (_away_s(time_s, two) <= HEARD_S))


def poses_of(
    time_s: Floats, east_m: Floats, north_m: Floats, fixes: tuple[Fixes, Fixes], ships: tuple[Ship, Ship], /
) -> Poses | None:
    """How the hulls lay at observed times; None when sizes, headings or times are too few.

    Parameters
    ----------
    east_m, north_m : (n,)
        Vector from antenna 1 to antenna 2 at the times.
    """
    plans = plan_of(ships[0]), plan_of(ships[1])
    headings = _heading(fixes[0], time_s), _heading(fixes[1], time_s)
    rows = np.flatnonzero(~np.isnan(headings[0]) & ~np.isnan(headings[1]))
    if plans[0] is None or plans[1] is None or len(rows) < 3:
        return None
    rows = rows[np.unique(np.linspace(0, len(rows) - 1, min(len(rows), MOST_POSES)).round().astype(int))]
    big = 0 if plans[0].half_length_m >= plans[1].half_length_m else 1
    plan, other = (plans[0], plans[1]) if big == 0 else (plans[1], plans[0])
    own, theirs = headings[big][rows], headings[1 - big][rows]
    sign = 1.0 if big == 0 else -1.0
    offset, offset_other = centre_offset_m(plan, own), centre_offset_m(other, theirs)
    ahead, abeam = body_frame_m(
        sign * east_m[rows] + offset_other[0] - offset[0], sign * north_m[rows] + offset_other[1] - offset[1], own
    )
    outlines = [_outline(other, a, s, np.radians(turn)) for a, s, turn in zip(ahead, abeam, theirs - own, strict=True)]
    middle = int(np.argmin(np.hypot(ahead - np.median(ahead), abeam - np.median(abeam))))
    return Poses(
        larger=ships[big].label,
        other=ships[1 - big].label,
        larger_outline=_outline(plan, 0.0, 0.0, 0.0),
        outlines=outlines,
        median_outline=outlines[middle],
        antenna_known=plan.is_certain and other.is_certain,
    )


def _outline(plan: Plan, ahead: float, starboard: float, turn: float) -> Floats:
    """Corners of a hull (ahead, starboard): a pointed bow, so that the reader sees which way it lies."""
    half, beam = plan.half_length_m, plan.half_beam_m
    along = np.array([half, half - 1.5 * beam, -half, -half, half - 1.5 * beam, half])
    across = np.array([0.0, beam, beam, -beam, -beam, 0.0])
    cos, sin = np.cos(turn), np.sin(turn)
    return np.column_stack([ahead + along * cos - across * sin, starboard + along * sin + across * cos])


def declared_draughts(statics: Any, mmsi: int, /) -> list[Declared]:
    """Draughts of one ship in order of time; the same value said again runs on."""
    rows = [r for r in statics.to_pylist() if r["mmsi"] == mmsi and r["draught_m"] is not None]
    told: list[Declared] = []
    for row in sorted(rows, key=lambda r: (r["time"], r["last_time"])):
        first, last, value = row["time"].timestamp(), row["last_time"].timestamp(), round(row["draught_m"], 1)
        if told and told[-1].draught_m == value:
            before = told[-1]
            told[-1] = Declared(before.first_s, max(before.last_s, last), value, before.reports + row["reports"])
        else:
            told.append(Declared(first, last, value, row["reports"]))
    return told


def draught_change(told: list[Declared], start_s: float, end_s: float, /) -> DraughtChange:
    """Values in force before the contact and last declared within a week after it; said at least twice each."""
    sure = [d for d in told if d.reports >= 2]
    before = [d for d in sure if d.first_s <= start_s]
    after = [d for d in sure if d.last_s >= end_s and d.first_s <= end_s + CHANGE_BY_S]
    return DraughtChange(before[-1] if before else None, after[-1] if after else None)


def reception_of(
    store: PositionStore, fixes: tuple[Fixes, ...], place: tuple[float, float], /, *, since: Any, until: Any
) -> Reception:
    """Reports per hour of the ships and of all others within `RECEPTION_NM` of the place."""
    first, last = since.timestamp(), until.timestamp()
    edges = np.arange(np.floor(first / 3600.0), np.ceil(last / 3600.0) + 1) * 3600.0
    own = {int(f.mmsi[0]) for f in fixes if len(f)}
    counts = np.zeros(len(edges) - 1)
    ships: set[int] = set()
    columns = ("time", "mmsi", "lon_e7", "lat_e7")
    for table in store.positions_batches(columns=columns, since=since, until=until):
        mmsi = table["mmsi"].to_numpy()
        lon, lat = table["lon_e7"].to_numpy() / 1e7, table["lat_e7"].to_numpy() / 1e7
        near = distance_m(lon, lat, place[0], place[1]) <= RECEPTION_NM * METRES_PER_NM
        near &= ~np.isin(mmsi, list(own))
        time = table["time"].cast("int64").to_numpy()[near] / 1000.0
        counts += np.histogram(time, edges)[0]
        ships |= set(np.unique(mmsi[near]).tolist())
    each = tuple(np.histogram(f.time_ms / 1000.0, edges)[0].astype(np.float64) for f in fixes)
    return Reception(edges, each, counts, len(ships), RECEPTION_NM)


def _away_s(time_s: Floats, fixes: Fixes) -> Floats:
    times = fixes.time_ms / 1000.0
    if not len(times):
        return np.full(len(time_s), np.inf)
    after = np.clip(np.searchsorted(times, time_s), 0, len(times) - 1)
    before = np.clip(after - 1, 0, len(times) - 1)
    return np.asarray(np.minimum(np.abs(times[after] - time_s), np.abs(time_s - times[before])))


def _heading(fixes: Fixes, time_s: Floats) -> Floats:
    """Sent headings between reports, degrees; NaN where none was sent within a quarter of an hour."""
    known = ~np.isnan(fixes.heading_deg)
    if not known.any():
        return np.full(len(time_s), np.nan)
    times, rad = fixes.time_ms[known] / 1000.0, np.radians(fixes.heading_deg[known].astype(np.float64))
    east, north = np.interp(time_s, times, np.sin(rad)), np.interp(time_s, times, np.cos(rad))
    fresh = _away_s(time_s, fixes.take(known)) <= HEADING_AGE_S
    return np.where(fresh, np.degrees(np.arctan2(east, north)) % 360.0, np.nan)
