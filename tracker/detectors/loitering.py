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
from tracker.detectors.rows import event_row
from tracker.detectors.silences import Silences
from tracker.detectors.types import CARRIES, FISHES, LEISURE, SERVES, UNKNOWN, role_of
from tracker.geo.kernels import ecef_m
from tracker.params import Params, param
from tracker.tables.journeys import ANCHORED, DRIFTING
from tracker.tables.ship import Ship
from tracker.units import METRES_PER_NAUTICAL_MILE, MILLISECONDS_PER_HOUR

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
    crowd = _Crowd(spells, ship_at, params)
    quiet = _Quiet(silences, params.bridge_h)
    found = []
    for i, setting in zip(rows, settings, strict=True):
        if port_reason(setting, is_still=False, is_moving=False, params=berths) is not None:
            continue
        mmsi, start, end = int(spells.mmsi[i]), int(spells.start_ms[i]), int(spells.end_ms[i])
        silent = quiet.share(mmsi, start, end)
        others = crowd.waiting_with(i)
        if silent > params.max_silent or others >= params.waiting_vessels or crowd.is_anchorage(i):
            continue
        found.append(
            Loiter(
                ship_at(mmsi, start),
                start,
                end,
                lon=float(spells.lon[i]),
                lat=float(spells.lat[i]),
                spread_m=float(spells.spread_m[i]),
                speed_kn=float(spells.speed_kn[i]),
                heard_share=1.0 - silent,
                others_near=others,
                coast_nm=setting.coast_distance_nm,
            )
        )
    return _once(sorted(found, key=lambda one: (one.start_ms, one.ship.mmsi, one.end_ms)))


def _once(found: Sequence[Loiter], /) -> list[Loiter]:
    """Leave out spells of which most lies in a shorter one of the same ship: bad fixes on both sides of one make another."""
    kept: dict[int, list[Loiter]] = {}
    for one in sorted(found, key=lambda one: (one.end_ms - one.start_ms, one.start_ms, one.ship.mmsi)):
        half, hers = 0.5 * (one.end_ms - one.start_ms), kept.setdefault(one.ship.mmsi, [])
        if not any(min(one.end_ms, other.end_ms) - max(one.start_ms, other.start_ms) > half for other in hers):
            hers.append(one)
    every = [one for hers in kept.values() for one in hers]
    return sorted(every, key=lambda one: (one.start_ms, one.ship.mmsi, one.end_ms))


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


class _Crowd:
    """Who else lay slow, near by: at the same time (waiting), or at any time (anchorage)."""

    def __init__(self, spells: Spells, ship_at: Callable[[int, int], Ship], params: LoiteringParams) -> None:
        from scipy.spatial import cKDTree

        self._spells, self._params = spells, params
        self._xyz = np.column_stack(ecef_m(spells.lon, spells.lat))
        self._tree = cKDTree(self._xyz) if len(spells) else None
        self._lies = (spells.spread_m <= params.anchor_spread_m) & (spells.hours >= params.anchor_h)
        self._idle = np.array(
            [
                role_of(ship_at(m, t).ship_type) in (CARRIES, UNKNOWN)
                for m, t in zip(spells.mmsi.tolist(), spells.start_ms.tolist(), strict=True)
            ],
            np.bool_,
        )

    def _near(self, i: int, radius_nm: float) -> npt.NDArray[np.int64]:
        if self._tree is None:
            return np.empty(0, np.int64)
        near = self._tree.query_ball_point(self._xyz[i], radius_nm * METRES_PER_NAUTICAL_MILE)
        rows = np.asarray(near, np.int64)
        return np.asarray(rows[self._spells.mmsi[rows] != self._spells.mmsi[i]], np.int64)

    def waiting_with(self, i: int) -> int:
        """Other carriers slow near by for at least half of this spell."""
        spells = self._spells
        rows = self._near(i, self._params.waiting_nm)
        rows = rows[self._idle[rows]]
        common = np.minimum(spells.end_ms[rows], spells.end_ms[i]) - np.maximum(
            spells.start_ms[rows], spells.start_ms[i]
        )
        long = common >= 0.5 * (spells.end_ms[i] - spells.start_ms[i])
        return len(np.unique(spells.mmsi[rows[long]]))

    def is_anchorage(self, i: int) -> bool:
        """Whether several other ships lay at anchor here, at whatever time."""
        rows = self._near(i, self._params.anchorage_nm)
        return len(np.unique(self._spells.mmsi[rows[self._lies[rows]]])) >= self._params.anchorage_vessels


class _Quiet:
    """How much of a stretch of time a ship was silent."""

    def __init__(self, silences: Silences, longer_than_h: float) -> None:
        order = np.argsort(silences.mmsi, kind="stable")
        order = order[silences.hours[order] > longer_than_h]
        ids, starts = np.unique(silences.mmsi[order], return_index=True)
        self._rows = dict(zip(ids.tolist(), np.split(order, starts[1:]), strict=True)) if len(ids) else {}
        self._silences = silences

    def share(self, mmsi: int, start_ms: int, end_ms: int) -> float:
        rows = self._rows.get(mmsi)
        if rows is None or end_ms <= start_ms:
            return 0.0
        s = self._silences
        common = np.minimum(s.end_ms[rows], end_ms) - np.maximum(s.start_ms[rows], start_ms)
        return float(np.maximum(common, 0).sum() / (end_ms - start_ms))
