"""Who could have been the unheard partner of a slow ship: silences that cover a stop beside her, as numbers to weigh.

A silent ship B could have lain beside A from the earliest time at which she can have come from her last report to the
latest at which she must have left to be at her next. In busy waters many silences admit that by chance, so each
candidate is described by what tells a partner from a passer: how likely B had switched off at all, whether the silence
leaves time for a stop of the right length (her own speed before and after says how long the way takes), how far out of
her way the place lies, whether she lay somewhere before and after, and whether she is a ship that carries. A ship last
heard in port and heard again in port is no candidate: sets in port are switched off every day.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.detectors.courses import bearing_deg
from tracker.detectors.loitering import Loiter
from tracker.detectors.reception import Stories
from tracker.detectors.silences import Silences
from tracker.detectors.types import CARRIES, FISHES, UNKNOWN, is_tanker, role_of
from tracker.geo.kernels import distance_m
from tracker.params import Params, param
from tracker.tables.ship import Ship
from tracker.units import METRES_PER_NAUTICAL_MILE, MILLISECONDS_PER_HOUR

JUDGED = "engineering judgement; see the module's note"
FITTED = "fitted on simulated truth: scripts/fit_dark.py"
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

AIMED, AIM_DEG = 0.6, 20.0
"""Share of ships that head for where they are bound when they fall silent, or come from there, and how exactly."""
AIM_NM = 5.0
"""Nearer to the place than this, a course says nothing."""
MOST_ASKED = 60
"""Of more candidates than this only the best by time and place are asked who they are; all of them are counted."""
RETURNED_NM, RETURNED_H = 3.0, 6.0
"""A ship heard again within a harbour's width after half a day mostly lay there."""
FAST_KN = 18.0
"""Tankers make 12 to 16 kn."""


class PartnerParams(Params):
    """Which silences are asked, and how fast a silent ship is taken to go."""

    min_meeting_h: float = param(0.75, "shortest time beside the ship, h", gt=0, source="detection.md B4: 45 min")
    min_silence_h: float = param(1.5, "shortest silence that is asked, h", gt=0, source="a meeting and the way to it")
    min_off: float = param(
        0.20, "silences less likely to be switched off than this are not asked", ge=0, le=1, source=JUDGED
    )
    slow_cruise_kn: float = param(8.0, "least cruising speed assumed, kn", gt=0, source="small tankers make 8-12 kn")
    fast_cruise_kn: float = param(16.0, "greatest cruising speed believed, kn", gt=0, source="tankers make 12-16 kn")
    hurry: float = param(1.15, "how much faster than seen a ship may have gone", ge=1, source=JUDGED)
    stop_h: float = param(
        3.0, "time beyond the slow spell that fits a stop: manoeuvres, waiting, hours", ge=0, source=JUDGED
    )
    min_length_m: float = param(35.0, "shorter hulls are no partners, m", ge=0, source="as in judging encounters")


class PartnerWeights(Params):
    """What each trait of a candidate adds to the logarithm of her weight."""

    off: float = param(1.4, "logit of having switched off, within -3 and 2", source=JUDGED)
    brief: float = param(-1.45, "could have stayed a quarter of the slow spell or less", source=FITTED)
    long: float = param(3.35, "could have stayed half of the slow spell or more", source=FITTED)
    one_end: float = param(-5.95, "heard on one side of her silence only", source=FITTED)
    tight: float = param(-3.5, "at her own speed no time for a meeting", source=JUDGED)
    excess: float = param(-2.1, "ln(1 + h/2) of hours beyond what the stop needs", source=FITTED)
    detour: float = param(-0.3, "detour over the place, in 100 nm, at most 2", source=JUDGED)
    early: float = param(-2.4, "one end: ln(1 + h/2) of hours between the report and the spell", source=FITTED)
    far: float = param(-1.65, "one end: ln of the way in 50 nm, from 25 nm", source=FITTED)
    course: float = param(
        1.5, "logarithm of how much likelier her courses are if she came here and left from here", source=JUDGED
    )
    lay: float = param(-2.5, "each end of the silence at which she lay still", source=JUDGED)
    slow: float = param(-0.75, "each end at which she was slow", source=JUDGED)
    returned: float = param(-2.5, "heard again where she was last heard, six hours later or more", source=JUDGED)
    fast: float = param(-3.0, "seen faster than any tanker, of a type that is not known", source=JUDGED)
    tankers: float = param(0.3, "both are tankers", source=JUDGED)
    carrier: float = param(0.1, "she carries cargo", source=JUDGED)
    unknown: float = param(0.0, "her type is not known", source=JUDGED)
    unsized: float = param(-1.0, "nor her size", source=JUDGED)
    fishes: float = param(-1.6, "a fishing vessel", source=JUDGED)
    serves: float = param(-4.0, "a service craft, a ferry or a yacht", source=JUDGED)


TRAITS = tuple(PartnerWeights.model_fields)


@dataclass(frozen=True)
class Candidate:
    """A ship that could have been there."""

    ship: Ship
    silence: int
    """Row of the silence."""
    traits: FloatArray
    """In the order of `TRAITS`."""
    arrives_ms: int
    leaves_ms: int
    spare_h: float
    """Time left for a stop when she made the way at her own speed, h; NaN when one end of the silence is open."""
    detour_nm: float
    """How much longer the way over the place is than the straight one, nm; NaN when one end is open."""
    off: float

    @property
    def window_h(self) -> float:
        """How long both could have been together at most."""
        return (self.leaves_ms - self.arrives_ms) / MILLISECONDS_PER_HOUR


@dataclass(frozen=True)
class Field:
    """All that could have been the partner of one slow ship."""

    candidates: list[Candidate]
    count: int
    """How many silences heard on both sides admit a meeting, those of ships that were not asked among them."""
    open_count: int
    """How many of those heard on one side only."""

    def crowd(self, candidate: Candidate, /) -> int:
        """How many silences of her kind admit a meeting."""
        return max(self.count if np.isfinite(candidate.spare_h) else self.open_count, 1)


def find_candidates(
    loiter: Loiter,
    silences: Silences,
    stories: Stories,
    docked: BoolArray,
    ship_at: Callable[[int, int], Ship],
    /,
    *,
    params: PartnerParams,
    weights: PartnerWeights,
) -> Field:
    """Ships that were silent and could have lain beside this one long enough.

    Parameters
    ----------
    docked : for each silence, whether every known end of it lies in port
    """
    s = silences
    rows = np.flatnonzero(
        (s.end_ms > loiter.start_ms)
        & (s.start_ms < loiter.end_ms)
        & (s.mmsi != loiter.ship.mmsi)
        & (s.hours >= params.min_silence_h)
        & (stories.off >= params.min_off)
        & ~docked
    )
    way_1, way_2 = (
        _miles(s.lon_1[rows], s.lat_1[rows], loiter.lon, loiter.lat),
        _miles(s.lon_2[rows], s.lat_2[rows], loiter.lon, loiter.lat),
    )
    direct = _miles(s.lon_1[rows], s.lat_1[rows], s.lon_2[rows], s.lat_2[rows])
    cruise = cruise_kn(s.sog_kn_1[rows], s.sog_kn_2[rows], params)
    ms = MILLISECONDS_PER_HOUR / (cruise * params.hurry)
    here, gone = s.start_ms[rows] + np.nan_to_num(way_1 * ms), s.end_ms[rows] - np.nan_to_num(way_2 * ms)
    early = np.where(np.isnan(way_1), gone - loiter.end_ms, np.where(np.isnan(way_2), loiter.start_ms - here, np.nan))
    arrives, leaves = np.maximum(here, loiter.start_ms), np.minimum(gone, loiter.end_ms)
    can = np.flatnonzero(leaves - arrives >= params.min_meeting_h * MILLISECONDS_PER_HOUR)
    rows, way_1, way_2, direct, cruise = rows[can], way_1[can], way_2[can], direct[can], cruise[can]
    arrives, leaves, early_h = arrives[can], leaves[can], early[can] / MILLISECONDS_PER_HOUR
    spare = s.hours[rows] - (way_1 + way_2) / cruise
    detour = way_1 + way_2 - direct
    traits = np.zeros((len(rows), len(TRAITS)))
    off = np.clip(stories.off[rows], 0.02, 0.98)
    share = (leaves - arrives) / MILLISECONDS_PER_HOUR / max(loiter.hours, 0.1)
    one_end = np.isnan(spare)
    tight = ~one_end & (spare < params.min_meeting_h)
    excess = np.log1p(np.maximum(np.nan_to_num(spare) - loiter.hours - params.stop_h, 0.0) / 2.0)
    both = ~one_end & ~tight
    ends = np.stack([s.sog_kn_1[rows], s.sog_kn_2[rows]])
    for name, values in (
        ("off", np.clip(np.log(off / (1.0 - off)), -3.0, 2.0)),
        ("brief", share < 0.25),
        ("long", share >= 0.5),
        ("one_end", one_end),
        ("tight", tight),
        ("excess", np.where(both, excess, 0.0)),
        ("detour", np.where(both, np.minimum(np.nan_to_num(detour) / 100.0, 2.0), 0.0)),
        ("early", np.where(one_end, np.log1p(np.maximum(np.nan_to_num(early_h), 0.0) / 2.0), 0.0)),
        ("far", np.where(one_end, np.log(np.maximum(np.nan_to_num(way_1) + np.nan_to_num(way_2), 25.0) / 50.0), 0.0)),
        ("course", _heading(s, rows, loiter)),
        ("lay", (ends < 0.5).sum(0)),
        ("slow", ((ends >= 0.5) & (ends < 3.0)).sum(0)),
        ("returned", (direct < RETURNED_NM) & (s.hours[rows] >= RETURNED_H)),
    ):
        traits[:, TRAITS.index(name)] = values
    best = np.argsort(-(traits @ weight_vector(weights)), kind="stable")[:MOST_ASKED]
    found = []
    left_out = np.zeros(2, np.int64)
    for k in np.sort(best).tolist():
        row = int(rows[k])
        ship = ship_at(int(s.mmsi[row]), int(s.start_ms[row]))
        if ship.length_m is not None and ship.length_m < params.min_length_m:
            left_out[int(one_end[k])] += 1
            continue
        traits[k] += kind_traits(loiter.ship, ship)
        is_fast = np.nanmax(ends[:, k], initial=0.0) > FAST_KN
        traits[k, TRAITS.index("fast")] = role_of(ship.ship_type) == UNKNOWN and is_fast
        span = int(arrives[k]), int(leaves[k])
        found.append(Candidate(ship, row, traits[k], *span, float(spare[k]), float(detour[k]), float(stories.off[row])))
    open_count = int(one_end.sum())
    return Field(found, len(rows) - open_count - int(left_out[0]), open_count - int(left_out[1]))


def weight_vector(weights: PartnerWeights, /) -> FloatArray:
    """Weights in the order of `TRAITS`."""
    return np.array([getattr(weights, name) for name in TRAITS], np.float64)


def kind_traits(one: Ship, other: Ship, /) -> FloatArray:
    """What the second ship is."""
    traits = np.zeros(len(TRAITS))
    role = role_of(other.ship_type)
    if is_tanker(other.ship_type) and is_tanker(one.ship_type):
        name = "tankers"
    elif role == CARRIES:
        name = "carrier"
    elif role == UNKNOWN:
        name = "unknown"
        traits[TRAITS.index("unsized")] = other.length_m is None
    else:
        name = "fishes" if role == FISHES else "serves"
    traits[TRAITS.index(name)] = 1.0
    return traits


def cruise_kn(sog_1: FloatArray, sog_2: FloatArray, params: PartnerParams, /) -> FloatArray:
    """Her own speed on passage: the mean of what was seen under way, within what such ships make."""
    seen = np.stack([sog_1, sog_2])
    seen = np.where(seen >= 3.0, seen, np.nan)
    known = np.isfinite(seen)
    mean = np.where(known, seen, 0.0).sum(0) / np.maximum(known.sum(0), 1)
    mean = np.where(known.any(0), mean, 10.0)
    return np.clip(mean, params.slow_cruise_kn, params.fast_cruise_kn)


def _heading(s: Silences, rows: npt.NDArray[np.int64], loiter: Loiter, /) -> FloatArray:
    """Logarithm of how much likelier the courses at both ends are when she came to the slow ship and left from there."""
    told = np.zeros(len(rows))
    for lon, lat, course, turn in (
        (s.lon_1[rows], s.lat_1[rows], s.course_deg_1[rows], 0.0),
        (s.lon_2[rows], s.lat_2[rows], s.course_deg_2[rows], 180.0),
    ):
        off_deg = (course - bearing_deg(lon, lat, loiter.lon, loiter.lat) - turn + 180.0) % 360.0 - 180.0
        aimed = 360.0 / (AIM_DEG * np.sqrt(2.0 * np.pi)) * np.exp(-0.5 * (off_deg / AIM_DEG) ** 2)
        is_known = np.isfinite(off_deg) & (_miles(lon, lat, loiter.lon, loiter.lat) >= AIM_NM)
        told += np.where(is_known, np.log(AIMED * np.nan_to_num(aimed) + 1.0 - AIMED), 0.0)
    return told


def _miles(lon_1: FloatArray, lat_1: FloatArray, lon_2: npt.ArrayLike, lat_2: npt.ArrayLike) -> FloatArray:
    return np.asarray(distance_m(lon_1, lat_1, lon_2, lat_2)) / METRES_PER_NAUTICAL_MILE
