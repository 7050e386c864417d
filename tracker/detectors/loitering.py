"""Ships that lie or drift at sea without a visible reason: slow spells that are not port, anchorage or waiting.

The pass gives slow spells of all ships. Left out are ships made fast (berths), ships among others at anchor, ships
that wait with others, ships whose trade is to be slow (fishing, tugs, pilots, yachts), and spells that are mostly
silence. What remains is `loitering`; the shorter spells among it are where a dark partner is looked for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.detectors.berths import BerthParams, Setting, port_reason
from tracker.detectors.company import ever_near, waiting_with
from tracker.detectors.quiet import silent_shares
from tracker.detectors.rows import event_row
from tracker.detectors.silences import Silences
from tracker.detectors.slow import Spells
from tracker.detectors.types import CARRIES, FISHES, LEISURE, SERVES, UNKNOWN, role_of
from tracker.params import Params, param
from tracker.tables.journeys import ANCHORED, DRIFTING
from tracker.tables.ship import Ship
from tracker.units import MILLISECONDS_PER_HOUR

IntArray = npt.NDArray[np.int64]

JUDGED = "engineering judgement; see the module's note"


class LoiteringParams(Params):
    """Which slow spells count."""

    max_speed_kn: float = param(2.0, "median speed of a spell at most, kn", gt=0, source="GFW: loitering under 2 kn")
    min_h: float = param(
        2.0,
        "shortest spell that is a loitering event, h",
        gt=0,
        source="recall of one-ship loitering of 2 h or more against observers: 0.81 (detection.md)",
    )
    max_h: float = param(
        72.0, "longest spell that is one, h: beyond it a ship is laid up", gt=0, source="Starboard: 4-48 h"
    )
    max_silent: float = param(0.5, "share of a spell that may be silence", ge=0, le=1, source=JUDGED)
    bridge_h: float = param(
        2.5,
        "a shorter silence in which she made little way is none, h",
        ge=0,
        source="as in a contact; detection.md B2: reports every 65 min",
    )
    min_length_m: float = param(35.0, "shorter hulls carry no cargo worth counting, m", ge=0, source=JUDGED)
    anchor_spread_m: float = param(
        400.0,
        "a ship that strays less than this lies at anchor, m",
        gt=0,
        source="chain of 5-8 times the depth, and a hull",
    )
    anchor_h: float = param(2.0, "shortest stay that teaches an anchorage, h", gt=0, source=JUDGED)
    anchorage_nm: float = param(1.5, "how far an anchorage reaches from a ship in it, nm", gt=0, source=JUDGED)
    anchorage_vessels: int = param(3, "ships that make an anchorage", ge=2, source="as for berths")
    waiting_nm: float = param(3.0, "ships this near wait together, nm", gt=0, source=JUDGED)
    waiting_vessels: int = param(2, "others slow at the same time that make a wait", ge=1, source=JUDGED)


@dataclass(frozen=True)
class Loiter:
    """One slow spell at sea that has no visible reason."""

    ship: Ship
    start_ms: int
    end_ms: int
    lon: float
    lat: float
    spread_m: float
    speed_kn: float
    heard_share: float
    others_near: int
    """Other ships slow near by at the same time."""
    coast_nm: float | None = None

    @property
    def hours(self) -> float:
        """Length."""
        return (self.end_ms - self.start_ms) / MILLISECONDS_PER_HOUR


def spells_to_place(
    spells: Spells, ship_at: Callable[[int, int], Ship], /, *, params: LoiteringParams, berths: BerthParams
) -> list[int]:
    """Rows of the spells that are worth a look at where they were: slow enough, long enough, by a ship that matters.

    A ship made fast is left out here, before any place is looked up: in ports that is most of them.
    """
    few = (
        (spells.speed_kn <= params.max_speed_kn)
        & (spells.spread_m > berths.still_spread_m)
        & (spells.hours <= params.max_h)
    )
    rows = np.flatnonzero(few)
    ships = map(ship_at, spells.mmsi[rows].tolist(), spells.start_ms[rows].tolist())
    return [i for i, ship in zip(rows.tolist(), ships, strict=True) if _matters(ship, params.min_length_m)]


def find_loiterers(
    rows: Sequence[int],
    spells: Spells,
    settings: Sequence[Setting],
    silences: Silences,
    ship_at: Callable[[int, int], Ship],
    /,
    *,
    params: LoiteringParams,
    berths: BerthParams,
) -> list[Loiter]:
    """Spells at sea without a visible reason, in order of time.

    Parameters
    ----------
    rows : of `spells_to_place`
    settings : where each of these spells was
    """
    at_sea = [
        (i, setting.coast_distance_nm)
        for i, setting in zip(rows, settings, strict=True)
        if port_reason(setting, is_still=False, is_moving=False, params=berths) is None
    ]
    at = np.array([i for i, _ in at_sea], np.int64)
    own = spells.mmsi[at], spells.start_ms[at], spells.end_ms[at]
    silent = silent_shares(silences.keep(silences.hours > params.bridge_h), *own)
    kept = np.flatnonzero(silent <= params.max_silent)
    others = waiting_with(at[kept], spells, ship_at, within_nm=params.waiting_nm)
    alone = others < params.waiting_vessels
    anchored = (spells.spread_m <= params.anchor_spread_m) & (spells.hours >= params.anchor_h)
    lay_there = ever_near(at[kept[alone]], spells, anchored, within_nm=params.anchorage_nm)
    alone[alone] = lay_there < params.anchorage_vessels
    found = [
        Loiter(
            ship_at(int(spells.mmsi[i]), int(spells.start_ms[i])),
            int(spells.start_ms[i]),
            int(spells.end_ms[i]),
            lon=float(spells.lon[i]),
            lat=float(spells.lat[i]),
            spread_m=float(spells.spread_m[i]),
            speed_kn=float(spells.speed_kn[i]),
            heard_share=1.0 - float(silent[k]),
            others_near=near,
            coast_nm=at_sea[k][1],
        )
        for k, i, near in zip(kept[alone].tolist(), at[kept[alone]].tolist(), others[alone].tolist(), strict=True)
    ]
    return _once(found)


def _once(found: Sequence[Loiter], /) -> list[Loiter]:
    """Leave out spells of which most lies in a shorter one of the same ship: bad fixes on both sides of one make another."""
    runs: list[list[Loiter]] = []
    ends_ms = 0
    for one in sorted(found, key=lambda one: (one.ship.mmsi, one.start_ms)):
        if runs and runs[-1][0].ship.mmsi == one.ship.mmsi and one.start_ms < ends_ms:
            runs[-1].append(one)
            ends_ms = max(ends_ms, one.end_ms)
        else:
            runs.append([one])
            ends_ms = one.end_ms
    kept = [one for run in runs for one in (run if len(run) == 1 else _shorter_ones(run))]
    return sorted(kept, key=lambda one: (one.start_ms, one.ship.mmsi, one.end_ms))


def _shorter_ones(run: Sequence[Loiter]) -> list[Loiter]:
    kept: list[Loiter] = []
    for one in sorted(run, key=lambda one: (one.end_ms - one.start_ms, one.start_ms)):
        half = 0.5 * (one.end_ms - one.start_ms)
        if not any(min(one.end_ms, other.end_ms) - max(one.start_ms, other.start_ms) > half for other in kept):
            kept.append(one)
    return kept


def loitering_events(found: Sequence[Loiter], /, *, params: LoiteringParams) -> list[dict[str, Any]]:
    """Event rows of the spells that are long enough."""
    events = []
    for one in found:
        if one.hours < params.min_h:
            continue
        row = event_row("loitering", one.ship, None, start_ms=one.start_ms, end_ms=one.end_ms, lon=one.lon, lat=one.lat)
        at_anchor = one.spread_m <= params.anchor_spread_m
        carries = role_of(one.ship.ship_type) == CARRIES
        row |= {
            "confidence": round((0.8 if carries else 0.5) * (0.75 if at_anchor else 1.0) * one.heard_share, 3),
            "median_speed_kn": round(one.speed_kn, 2),
            "activity": ANCHORED if at_anchor else DRIFTING,
            "why": [
                f"Slow for {one.hours:.1f} h at {one.speed_kn:.1f} kn (median), by herself, within "
                f"{one.spread_m / 1000:.1f} km of her mean place.",
                "No berth, no anchorage of others, and fewer than "
                f"{params.waiting_vessels} other ships waiting within {params.waiting_nm:.0f} nm.",
                _silences_told(one, params),
                "Carries cargo by her type." if carries else "Her type is not known, or does not say that she carries.",
            ],
        }
        events.append(row)
    return events


def _silences_told(one: Loiter, params: LoiteringParams) -> str:
    if one.heard_share >= 1.0:
        return f"No silence of hers in it was longer than {params.bridge_h:g} h."
    return f"Silences of more than {params.bridge_h:g} h take up {100 * (1.0 - one.heard_share):.0f} % of it."


def _matters(ship: Ship, min_length_m: float) -> bool:
    """Whether a ship could move cargo at sea."""
    role = role_of(ship.ship_type)
    if role in (FISHES, SERVES, LEISURE):
        return False
    if ship.length_m is not None and ship.length_m < min_length_m:
        return False
    return role != UNKNOWN or ship.length_m is not None
