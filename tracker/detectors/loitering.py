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
from tracker.detectors.boxes import Boxes
from tracker.detectors.quiet import silent_shares
from tracker.detectors.rows import event_row
from tracker.detectors.silences import Silences
from tracker.detectors.types import CARRIES, FISHES, LEISURE, SERVES, UNKNOWN, role_of
from tracker.geo.kernels import ecef_m
from tracker.params import Params, param
from tracker.tables.journeys import ANCHORED, DRIFTING
from tracker.tables.ship import Ship
from tracker.units import METRES_PER_NAUTICAL_MILE, MILLISECONDS_PER_DAY, MILLISECONDS_PER_HOUR

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
class Spells:
    """Slow spells as arrays (table of `tracker.tables.scan.SLOW_SPELLS`)."""

    mmsi: npt.NDArray[np.int64]
    start_ms: npt.NDArray[np.int64]
    end_ms: npt.NDArray[np.int64]
    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
    spread_m: npt.NDArray[np.float64]
    speed_kn: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.mmsi)

    @property
    def hours(self) -> npt.NDArray[np.float64]:
        """Length of each."""
        return (self.end_ms - self.start_ms) / MILLISECONDS_PER_HOUR


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


def spells_of(table: Any, /) -> Spells:
    """Arrays of the slow-spell table."""
    return Spells(
        table["mmsi"].to_numpy().astype(np.int64),
        table["start_time"].cast("int64").to_numpy(),
        table["end_time"].cast("int64").to_numpy(),
        table["lon"].to_numpy(),
        table["lat"].to_numpy(),
        table["spread_m"].to_numpy(),
        np.nan_to_num(table["median_speed_kn"].to_numpy(), nan=0.0),
    )


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
    return [
        int(i)
        for i in np.flatnonzero(few)
        if _matters(ship_at(int(spells.mmsi[i]), int(spells.start_ms[i])), params.min_length_m)
    ]


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
    others = _waiting_with(at[kept], spells, ship_at, params)
    alone = others < params.waiting_vessels
    alone[alone] = ~_are_anchorages(at[kept[alone]], spells, params)
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


def _waiting_with(
    at: IntArray, spells: Spells, ship_at: Callable[[int, int], Ship], params: LoiteringParams
) -> IntArray:
    """For each of some rows, how many other carriers lay slow near by for at least half of the spell."""
    from scipy.spatial import cKDTree

    count = np.zeros(len(at), np.int64)
    xyz = np.column_stack(ecef_m(spells.lon, spells.lat))
    # who is there for half of a spell is there in its middle
    middle_ms = spells.start_ms[at] + (spells.end_ms[at] - spells.start_ms[at]) // 2
    day, row = _by_days(spells.start_ms, spells.end_ms)
    asked_day = middle_ms // MILLISECONDS_PER_DAY
    for one in np.unique(asked_day).tolist():
        asked = np.flatnonzero(asked_day == one)
        there = row[np.searchsorted(day, one) : np.searchsorted(day, one, side="right")]
        near = cKDTree(xyz[at[asked]]).sparse_distance_matrix(
            cKDTree(xyz[there]), params.waiting_nm * METRES_PER_NAUTICAL_MILE, output_type="ndarray"
        )
        k, other = asked[near["i"]], there[near["j"]]
        own = at[k]
        common = np.minimum(spells.end_ms[other], spells.end_ms[own])
        common -= np.maximum(spells.start_ms[other], spells.start_ms[own])
        waits = common >= 0.5 * (spells.end_ms[own] - spells.start_ms[own])
        waits &= spells.mmsi[other] != spells.mmsi[own]
        k, other = k[waits], other[waits]
        who, which = np.unique(other, return_inverse=True)
        idle = [
            role_of(ship_at(m, t).ship_type) in (CARRIES, UNKNOWN)
            for m, t in zip(spells.mmsi[who].tolist(), spells.start_ms[who].tolist(), strict=True)
        ]
        is_idle = np.array(idle, np.bool_)[which]
        pair = np.unique(np.column_stack([k[is_idle], spells.mmsi[other[is_idle]]]), axis=0)
        count += np.bincount(pair[:, 0], minlength=len(at))
    return count


def _by_days(start_ms: IntArray, end_ms: IntArray) -> tuple[IntArray, IntArray]:
    """Days since 1970 in order, and the rows that reach into each."""
    first = start_ms // MILLISECONDS_PER_DAY
    days = end_ms // MILLISECONDS_PER_DAY - first + 1
    row = np.repeat(np.arange(len(first)), days)
    day = first[row] + np.arange(len(row)) - np.repeat(np.cumsum(days) - days, days)
    order = np.argsort(day, kind="stable")
    return day[order], row[order]


def _are_anchorages(at: IntArray, spells: Spells, params: LoiteringParams) -> npt.NDArray[np.bool_]:
    """Whether several other ships lay at anchor where some spells were, at whatever time."""
    from tracker.geo.kernels.around import count_about

    radius_m = params.anchorage_nm * METRES_PER_NAUTICAL_MILE
    ids, ship = np.unique(spells.mmsi, return_inverse=True)
    lies = (spells.spread_m <= params.anchor_spread_m) & (spells.hours >= params.anchor_h)
    xyz = np.column_stack(ecef_m(spells.lon, spells.lat))
    none = Boxes(xyz[:0], ship[:0]).about(xyz[at], radius_m)
    tables = (Boxes(xyz[lies], ship[lies], box_m=radius_m).about(xyz[at], radius_m), none, none)
    counts = np.empty((len(at), 3), np.int64)
    count_about(xyz[at], ship[at], tables, radius_m, np.full((4, len(ids)), -1), counts)
    return counts[:, 0] >= params.anchorage_vessels
