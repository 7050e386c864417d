"""Where ships lay: slow spells named by what was done there, and joined to calls in one port.

A ship made fast does not swing; one at anchor swings within her chain; one adrift goes where the current goes. Berths
learnt from the data, the coast and the port table say which of them is a berth, which a roadstead, and which open sea.
Stops in one port with no sign of leaving in between are one call: waiting in the roadstead, the berth, a shift of
berth. Sign of leaving is a report farther off than the port reaches; a long silence is one too.

Everything is array work over spells; no step looks at pairs of ships, so a crowded port costs what its spells cost.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.detectors.berths import BerthParams
from tracker.detectors.hearing import Hearing
from tracker.detectors.loitering import Spells
from tracker.detectors.types import CARRIES, UNKNOWN, role_of
from tracker.geo.kernels import distance_m
from tracker.params import Params, param
from tracker.tables.journeys import ANCHORED, BERTH, BUOY, DRIFTING, ROADSTEAD
from tracker.tables.ship import Ship
from tracker.units import METRES_PER_NAUTICAL_MILE, MILLISECONDS_PER_HOUR

JUDGED = "engineering judgement; see the module's note"
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class StopParams(Params):
    """When a slow spell is a stop, what kind of stop, and when stops are one call."""

    max_speed_kn: float = param(1.0, "median speed of a stop at most, kn", gt=0, source="GPS noise and swinging")
    min_length_m: float = param(35.0, "shorter hulls make no calls here, m", ge=0, source="as in judging encounters")
    moored_spread_m: float = param(
        150.0,
        "a ship that strays less than this beside a learnt berth lay at it, m",
        gt=0,
        source="a stop at a berth holds the slow end of the way to it",
    )
    anchor_spread_m: float = param(
        400.0, "a ship that strays less lies at anchor, m", gt=0, source="chain of 5-8 times the depth, and a hull"
    )
    stop_spread_m: float = param(
        1500.0, "a ship that strays less inside a port is stopped there: she may shift berth, m", gt=0, source=JUDGED
    )
    port_reach_nm: float = param(8.0, "how far a listed port reaches, nm", gt=0, source=JUDGED)
    road_share: float = param(1.5, "how far its roadstead reaches, in shares of that", ge=1, source=JUDGED)
    leaves_nm: float = param(
        12.0, "a ship heard farther than this from her stop has left the port, nm", gt=0, source=JUDGED
    )
    stays_silent_h: float = param(
        168.0,
        "a silence longer than this between two stops ends the call, h",
        gt=0,
        source="judgement: ships lie silent in DPRK ports for days; one call too few is safer than one too many",
    )
    approach_nm: float = param(
        3.0, "heard this far off before (after): arrival (departure) was seen, nm", gt=0, source=JUDGED
    )
    approach_h: float = param(48.0, "how long before (after) that may be, h", gt=0, source=JUDGED)


@dataclass(frozen=True)
class Shores:
    """What lies about each slow spell, in order: distances in nm, inf where unknown."""

    coast_nm: Floats
    is_on_land: Bools
    berth_vessels: Ints
    """Ships that lay still at the nearest learnt berth within its reach."""
    port: npt.NDArray[np.str_]
    port_state: npt.NDArray[np.str_]
    port_kind: npt.NDArray[np.str_]
    port_share: Floats
    """Distance to the port in shares of how far it reaches."""
    port_nm: Floats


@dataclass(frozen=True)
class Stops:
    """Stops in order of vessel and time; arrays of one length."""

    spell: Ints
    """Row of the slow spell."""
    mmsi: Ints
    start_ms: Ints
    end_ms: Ints
    lon: Floats
    lat: Floats
    spread_m: Floats
    activity: npt.NDArray[np.str_]
    port: npt.NDArray[np.str_]
    """Empty at sea, and at a berth far from listed ports."""
    port_state: npt.NDArray[np.str_]
    port_nm: Floats

    def __len__(self) -> int:
        return len(self.mmsi)


def callers(spells: Spells, ship_at: Callable[[int, int], Ship], /, *, params: StopParams) -> Bools:
    """Spells of ships that could carry: long enough, or of unknown length and a type that carries or is not known."""
    ids, first = np.unique(spells.mmsi, return_index=True)
    matters = np.zeros(len(ids), np.bool_)
    for n, (mmsi, row) in enumerate(zip(ids.tolist(), first.tolist(), strict=True)):
        ship = ship_at(mmsi, int(spells.start_ms[row]))
        if ship.length_m is not None:
            matters[n] = ship.length_m >= params.min_length_m
        else:
            matters[n] = role_of(ship.ship_type) in (CARRIES, UNKNOWN)
    return matters[np.searchsorted(ids, spells.mmsi)] if len(ids) else np.zeros(0, np.bool_)


def find_stops(spells: Spells, rows: Ints, shores: Shores, /, *, params: StopParams, berths: BerthParams) -> Stops:
    """Name the stops among some slow spells.

    Parameters
    ----------
    rows : spells that `callers` lets pass
    shores : what lies about each of `rows`
    """
    spread, speed = spells.spread_m[rows], spells.speed_kn[rows]
    lies = spread <= params.anchor_spread_m
    quay = shores.is_on_land | (shores.coast_nm <= berths.shore_nm)
    quay |= (shores.berth_vessels > 0) & (spread <= params.moored_spread_m)
    quay |= (spread <= berths.still_spread_m) & (shores.coast_nm <= berths.quay_coast_nm)
    inside = shores.port_share <= 1.0
    in_road = shores.port_share <= params.road_share
    stays = spread <= params.stop_spread_m
    is_buoy = (shores.port_kind == "buoy_area") & inside & stays
    is_berth = quay & stays & ~is_buoy
    is_road = (stays & inside | lies & in_road) & ~is_berth & ~is_buoy
    activity = np.select([is_buoy, is_berth, is_road, lies], [BUOY, BERTH, ROADSTEAD, ANCHORED], DRIFTING)
    named = np.where(is_berth, inside, is_buoy | is_road)
    kept = np.flatnonzero(speed <= params.max_speed_kn)
    order = kept[np.lexsort((spells.end_ms[rows[kept]], spells.start_ms[rows[kept]], spells.mmsi[rows[kept]]))]
    at = rows[order]
    return Stops(
        spell=at,
        mmsi=spells.mmsi[at],
        start_ms=spells.start_ms[at],
        end_ms=spells.end_ms[at],
        lon=spells.lon[at],
        lat=spells.lat[at],
        spread_m=spells.spread_m[at],
        activity=activity[order],
        port=np.where(named, shores.port, "")[order],
        port_state=np.where(named, shores.port_state, "")[order],
        port_nm=shores.port_nm[order],
    )


@dataclass(frozen=True)
class Calls:
    """Port calls in order of vessel and time: each a run of stops in one port; arrays of one length."""

    mmsi: Ints
    start_ms: Ints
    end_ms: Ints
    lon: Floats
    lat: Floats
    basis: npt.NDArray[np.str_]
    """The surest of its stops: berth, buoy, roadstead."""
    port: npt.NDArray[np.str_]
    port_state: npt.NDArray[np.str_]
    port_nm: Floats
    stops: Ints
    waited_h: Floats
    """In the roadstead, before the berth or instead of it."""
    approach_nm: Floats
    """Farthest she was heard before, within the time asked; NaN when she was not heard before."""
    departure_nm: Floats
    silent_h: Floats
    """Longest silence between its stops."""

    def __len__(self) -> int:
        return len(self.mmsi)


def join_calls(stops: Stops, way: "Way", /, *, params: StopParams) -> Calls:
    """Join stops in one port to calls; a stop at sea is none.

    A ship that lies in a port before the data begin or after they end has a call there all the same: what was seen of
    her coming and going stands beside it.
    """
    rows = np.flatnonzero(np.isin(stops.activity, [BERTH, BUOY, ROADSTEAD]))
    mmsi, start, end = stops.mmsi[rows], stops.start_ms[rows], stops.end_ms[rows]
    lon, lat, port = stops.lon[rows], stops.lat[rows], stops.port[rows]
    n = len(rows)
    if not n:
        none, nothing, no_text = np.empty(0, np.int64), np.empty(0), np.empty(0, np.str_)
        return Calls(
            none, none, none, nothing, nothing, no_text, no_text, no_text, nothing, none, nothing, nothing, nothing
        )
    apart_nm = np.asarray(distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:])) / METRES_PER_NAUTICAL_MILE
    same = (mmsi[1:] == mmsi[:-1]) & (port[1:] == port[:-1])
    same &= np.where(port[1:] == "", apart_nm <= params.approach_nm, apart_nm <= 2 * params.leaves_nm)
    silent_h, far_nm = way.between(mmsi[:-1], end[:-1], start[1:], lon[:-1], lat[:-1])
    same &= (silent_h <= params.stays_silent_h) & ~(far_nm > params.leaves_nm)
    first = np.concatenate([[True], ~same])
    group = np.cumsum(first) - 1
    heads = np.flatnonzero(first)
    hours = (end - start) / MILLISECONDS_PER_HOUR
    rank = np.select([stops.activity[rows] == BERTH, stops.activity[rows] == BUOY], [0, 1], 2)
    # the surest stop of a call gives its place and basis, the longest of them among equals
    best = np.lexsort((-hours, rank, group))[np.searchsorted(group, np.arange(len(heads)))]
    ends = np.maximum.reduceat(end, heads)
    at = lon[best], lat[best]
    hour_ms = params.approach_h * MILLISECONDS_PER_HOUR
    before = np.concatenate([[np.iinfo(np.int64).min // 2], ends[:-1]])
    before = np.where(
        np.concatenate([[False], mmsi[heads[1:]] == mmsi[heads[:-1]]]), before, np.iinfo(np.int64).min // 2
    )
    after = np.concatenate([start[heads[1:]], [np.iinfo(np.int64).max // 2]])
    after = np.where(np.concatenate([mmsi[heads[1:]] == mmsi[heads[:-1]], [False]]), after, np.iinfo(np.int64).max // 2)
    _, came = way.between(mmsi[heads], np.maximum(before, start[heads] - int(hour_ms)), start[heads], *at)
    _, went = way.between(mmsi[heads], ends, np.minimum(after, ends + int(hour_ms)), *at)
    inner = np.concatenate([np.where(same, silent_h, 0.0), [0.0]])
    waits = np.where(stops.activity[rows] == ROADSTEAD, hours, 0.0)
    return Calls(
        mmsi=mmsi[heads],
        start_ms=start[heads],
        end_ms=ends,
        lon=at[0],
        lat=at[1],
        basis=stops.activity[rows][best],
        port=port[best],
        port_state=stops.port_state[rows][best],
        port_nm=stops.port_nm[rows][best],
        stops=np.bincount(group).astype(np.int64),
        waited_h=np.bincount(group, weights=waits),
        approach_nm=came,
        departure_nm=went,
        silent_h=np.maximum.reduceat(inner, heads),
    )


class Way:
    """Where ships were heard, hour by hour; questions about many stretches of time at once."""

    def __init__(self, hearing: Hearing, /) -> None:
        heard = np.flatnonzero(hearing.reports > 0)
        order = heard[np.lexsort((hearing.hour[heard], hearing.mmsi[heard]))]
        self._hour, self._lon, self._lat = hearing.hour[order], hearing.lon[order], hearing.lat[order]
        self._floor = int(self._hour.min()) if len(order) else 0
        self._key = self._keys(hearing.mmsi[order], self._hour)

    def _keys(self, mmsi: Ints, hour: Ints) -> Ints:
        """Vessel and hour in one number that grows with both."""
        return np.asarray((mmsi << 32) + np.clip(hour - self._floor + 1, 0, (1 << 31)), np.int64)

    def between(self, mmsi: Ints, from_ms: Ints, to_ms: Ints, lon: Floats, lat: Floats, /) -> tuple[Floats, Floats]:
        """Longest silence (hours, to the hour) and greatest distance from a place (nm), for each stretch of time.

        Distance is NaN where the ship was not heard at all in whole or part of an hour of the stretch.
        """
        first, last = from_ms // MILLISECONDS_PER_HOUR, to_ms // MILLISECONDS_PER_HOUR
        begin = np.searchsorted(self._key, self._keys(mmsi, first), side="left")
        stop = np.searchsorted(self._key, self._keys(mmsi, last), side="right")
        count = np.maximum(stop - begin, 0)
        silent, far = (last - first).astype(np.float64), np.full(len(mmsi), np.nan)
        some = np.flatnonzero(count)
        if not len(some):
            return silent, far
        owner = np.repeat(some, count[some])
        starts = np.cumsum(count[some]) - count[some]
        rows = np.arange(len(owner)) - np.repeat(starts, count[some]) + begin[owner]
        away = (
            np.asarray(distance_m(self._lon[rows], self._lat[rows], lon[owner], lat[owner])) / METRES_PER_NAUTICAL_MILE
        )
        far[some] = np.maximum.reduceat(away, starts)
        step = np.diff(self._hour[rows], prepend=0)
        step[starts] = self._hour[rows[starts]] - first[some]
        ends = starts + count[some] - 1
        silent[some] = np.maximum(np.maximum.reduceat(step, starts), last[some] - self._hour[rows[ends]])
        return silent, far
