"""Who could have been the unheard partner of a slow ship: silences that cover a stop beside her, as numbers to weigh.

A silent ship B could have lain beside A from the earliest time at which she can have come from her last report to the
latest at which she must have left to be at her next. In busy waters many silences admit that by chance, so each
candidate is described by what tells a partner from a passer: how likely B had switched off at all, whether the silence
leaves time for a stop of the right length (her own speed before and after says how long the way takes), how far out of
her way the place lies, whether she lay somewhere before and after, and whether she is a ship that carries. A ship last
heard in port and heard again in port is no candidate: sets in port are switched off every day.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.detectors.types import CARRIES, FISHES, UNKNOWN, is_tanker, role_of
from tracker.params import Params, param
from tracker.tables.ship import Ship
from tracker.units import MILLISECONDS_PER_HOUR

JUDGED = "engineering judgement; see the module's note"
FITTED = "fitted on simulated truth: scripts/fit_dark.py"
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]


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
