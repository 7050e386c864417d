"""Silences near a DPRK port in which the ship could have called there: inferred calls, each with a probability.

What a silence is due to (switched off, no receiver, out of range) says little about whether she called: receivers are
few there, and a ship in Nampo is often unheard. What says something is where she vanished and came back, whether her
speed over water leaves time for a stop in between, whether ports of other states lie nearer, and whether her declared draught
changed. Parts multiply; they are judgement, stated in ``why``, and the ceiling keeps an inference an inference.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.detectors.calls import Call
from tracker.detectors.sea_ways import WaysFrom
from tracker.detectors.silences import Silences
from tracker.geo.kernels import distance_m
from tracker.params import Params, param
from tracker.tables.journeys import DPRK, FEASIBLE
from tracker.tables.ship import Ship
from tracker.units import METRES_PER_NAUTICAL_MILE, MILLISECONDS_PER_HOUR

JUDGED = "engineering judgement; see the module's note"
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class FeasibleParams(Params):
    """When a silence could hold a port call, and how likely it does."""

    near_nm: float = param(
        60.0, "a silence that begins or ends within this of a port is asked, nm", gt=0, source=JUDGED
    )
    min_silence_h: float = param(
        6.0, "shortest silence that is asked, h", gt=0, source="risk indicator R27: stop >= 6 h"
    )
    min_stop_h: float = param(6.0, "shortest stop in port, h", gt=0, source="risk indicator R27: stop >= 6 h")
    max_silence_h: float = param(
        2160.0, "longest silence that is asked, h: beyond 90 days anything fits", gt=0, source=JUDGED
    )
    speed_kn: float = param(10.0, "speed on the way, kn", gt=0, source="small tankers make 8-12 kn")
    fade_nm: float = param(25.0, "distance at which nearness counts 1/e, nm", gt=0, source=JUDGED)
    stop_h: float = param(
        24.0, "time in port at which the time left counts 63 %, h", gt=0, source="calls of 1 to 3 days"
    )
    rival_nm: float = param(
        10.0, "distance at which a port of another state counts 1/e beside it, nm", gt=0, source=JUDGED
    )
    open_share: float = param(
        0.6, "weight when she was heard on one side of the silence only", gt=0, le=1, source=JUDGED
    )
    lying_share: float = param(0.5, "weight when she lay still on both sides: she stayed", gt=0, le=1, source=JUDGED)
    draught_odds: float = param(3.0, "odds of a call when her draught changed meanwhile", ge=1, source=JUDGED)
    draught_m: float = param(
        0.3, "draught change that counts, m", gt=0, source="resolution 0.1 m, reading habit 0.15 m"
    )
    ceiling: float = param(0.80, "highest probability of an inferred call", gt=0, lt=1, source=JUDGED)
    min_probability: float = param(0.10, "calls less likely than this are not told", ge=0, lt=1, source=JUDGED)


@dataclass(frozen=True)
class Havens:
    """Ports that silences are asked about, and how far from each end of a silence other states' ports lie (nm)."""

    name: npt.NDArray[np.str_]
    lon: Floats
    lat: Floats
    rival_nm_1: Floats
    rival_nm_2: Floats
    ways_nm: WaysFrom
    """Ways over water from each of these ports."""


def silences_to_ask(silences: Silences, /, *, params: FeasibleParams) -> Ints:
    """Rows of silences that are long enough and not endless."""
    return np.flatnonzero((silences.hours >= params.min_silence_h) & (silences.hours <= params.max_silence_h))


def feasible_calls(
    rows: Ints,
    silences: Silences,
    havens: Havens,
    seen: Sequence[Call],
    ship_at: Callable[[int, int], Ship],
    draughts: Callable[[int, int, int], tuple[float | None, float | None]],
    /,
    *,
    params: FeasibleParams,
    matters: Callable[[Ship], bool],
) -> list[Call]:
    """Inferred calls, at most one for each silence: at the port that fits best, the others that fit named beside it.

    Parameters
    ----------
    rows : of `silences_to_ask`; the rivals of `havens` are in this order
    seen : calls that were seen; a silence inside one of them is part of it
    draughts : declared draught before and after a stretch of time, by MMSI
    matters : whether a ship could carry
    """
    if not len(rows) or not len(havens.name):
        return []
    s = silences
    way_1, way_2 = (
        np.asarray(distance_m(lon[rows, None], lat[rows, None], havens.lon[None, :], havens.lat[None, :]))
        / METRES_PER_NAUTICAL_MILE
        for lon, lat in ((s.lon_1, s.lat_1), (s.lon_2, s.lat_2))
    )
    known_1, known_2 = np.nan_to_num(way_1), np.nan_to_num(way_2)
    spare = s.hours[rows][:, None] - (known_1 + known_2) / params.speed_kn
    near = np.fmin(way_1, way_2)
    could = (near <= params.near_nm) & (spare >= params.min_stop_h)
    # over water she needs longer than straight on, and a call is the less likely: asked only where that line leaves it open
    least = params.min_probability / params.draught_odds
    for k in np.flatnonzero(could.any(axis=1)).tolist():
        could[k] &= _chances(k, int(rows[k]), silences, havens, way_1, way_2, spare, could, params) >= least
    for port in np.flatnonzero(could.any(axis=0)).tolist():
        at = np.flatnonzero(could[:, port])
        for way, lon, lat in ((way_1, s.lon_1, s.lat_1), (way_2, s.lon_2, s.lat_2)):
            way[at, port] = havens.ways_nm(port, lon[rows[at]], lat[rows[at]])
    known_1, known_2 = (np.where(np.isnan(way), 0.0, way) for way in (way_1, way_2))
    spare = s.hours[rows][:, None] - (known_1 + known_2) / params.speed_kn
    could &= (np.fmin(way_1, way_2) <= params.near_nm) & (spare >= params.min_stop_h)
    inside = _spans(seen)
    found = []
    for k in np.flatnonzero(could.any(axis=1)).tolist():
        row = int(rows[k])
        mmsi, start, end = int(s.mmsi[row]), int(s.start_ms[row]), int(s.end_ms[row])
        if any(a <= start and end <= b for a, b in inside.get(mmsi, ())):
            continue
        ship = ship_at(mmsi, start)
        if not matters(ship):
            continue
        chances = _chances(k, row, silences, havens, way_1, way_2, spare, could, params)
        best = int(chances.argmax())
        before, after = draughts(mmsi, start, end)
        changed = None if before is None or after is None else after - before
        chance = float(chances[best])
        if changed is not None and abs(changed) >= params.draught_m:
            chance = chance * params.draught_odds / (1.0 + chance * (params.draught_odds - 1.0))
        chance = min(chance, params.ceiling)
        if chance < params.min_probability:
            continue
        hour_ms = MILLISECONDS_PER_HOUR / params.speed_kn
        others = [
            f"{havens.name[p]} {min(float(chances[p]), params.ceiling):.2f}"
            for p in np.argsort(-chances).tolist()
            if p != best and chances[p] >= params.min_probability
        ]
        found.append(
            Call(
                ship=ship,
                start_ms=int(start + known_1[k, best] * hour_ms),
                end_ms=int(end - known_2[k, best] * hour_ms),
                lon=float(havens.lon[best]),
                lat=float(havens.lat[best]),
                basis=FEASIBLE,
                port=str(havens.name[best]),
                port_state=DPRK,
                port_nm=0.0,
                probability=round(chance, 3),
                arrival_seen=False,
                departure_seen=False,
                why=tuple(
                    _reasons(
                        str(havens.name[best]),
                        chance,
                        s.hours[row],
                        way_1[k, best],
                        way_2[k, best],
                        spare[k, best],
                        changed,
                        others,
                    )
                ),
            )
        )
    return found


def _chances(
    k: int,
    row: int,
    s: Silences,
    havens: Havens,
    way_1: Floats,
    way_2: Floats,
    spare: Floats,
    could: npt.NDArray[np.bool_],
    params: FeasibleParams,
) -> Floats:
    """Probability of a call at each port by the silence alone."""
    ways = np.stack([way_1[k], way_2[k]])
    rivals = np.array([havens.rival_nm_1[k], havens.rival_nm_2[k]])
    known = np.isfinite(ways[:, 0])
    nearness = np.exp(-np.maximum(ways[known].mean(axis=0) - 5.0, 0.0) / params.fade_nm)
    time = 1.0 - np.exp(-np.maximum(spare[k], 0.0) / params.stop_h)
    own = np.exp(-np.fmin(*ways) / params.rival_nm)
    other = np.exp(-float(np.fmin(*rivals)) / params.rival_nm) if np.isfinite(rivals).any() else 0.0
    chance = nearness * time * own / np.maximum(own + other, 1e-12)
    if not known.all():
        chance = chance * params.open_share
    speeds = np.array([s.sog_kn_1[row], s.sog_kn_2[row]])
    if (np.nan_to_num(speeds[known], nan=9.0) < 0.5).all():
        chance = chance * params.lying_share
    return np.asarray(np.where(could[k], chance, 0.0), np.float64)


def _spans(seen: Sequence[Call]) -> dict[int, list[tuple[int, int]]]:
    spans: dict[int, list[tuple[int, int]]] = {}
    for call in seen:
        spans.setdefault(call.ship.mmsi, []).append((call.start_ms, call.end_ms))
    return spans


def _reasons(
    port: str,
    chance: float,
    hours: float,
    way_1: float,
    way_2: float,
    spare_h: float,
    changed: float | None,
    others: Sequence[str],
) -> list[str]:
    ends = [
        "not heard before" if np.isnan(way_1) else f"last heard {way_1:.0f} nm from it by sea",
        "not heard since" if np.isnan(way_2) else f"heard again {way_2:.0f} nm from it by sea",
    ]
    lines = [
        f"Could have called at {port} with probability {chance:.2f}: an inference from a silence of {hours:.0f} h, not an observation.",
        f"{ends[0][0].upper()}{ends[0][1:]}, {ends[1]}; the way leaves {spare_h:.0f} h for a stop. The place given is the port's.",
    ]
    if changed is not None:
        lines.append(
            f"Her declared draught changed by {changed:+.1f} m over the silence."
            if abs(changed) >= 0.05
            else "Her declared draught is the same before and after."
        )
    if others:
        lines.append(f"Also feasible: {', '.join(others[:4])}.")
    return lines
