"""Where ships lay: slow spells and stays, named by what was done there.

A ship made fast does not swing; one at anchor swings within her chain; one adrift goes where the current goes. Berths
learnt from the data, the coast and the port table say which of them is a berth, which a roadstead, and which open sea.
Everything is array work over spells; no step looks at pairs of ships, so a crowded port costs what its spells cost.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.detectors.berths import BerthParams
from tracker.detectors.slow import Spells
from tracker.detectors.stays import HALF_HOUR_MS, Rests
from tracker.detectors.types import CARRIES, UNKNOWN, role_of
from tracker.geo.kernels import distance_m
from tracker.params import Params, param
from tracker.tables.journeys import ANCHORED, BERTH, BUOY, DRIFTING, ROADSTEAD
from tracker.tables.ship import Ship

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
    max_silent: float = param(
        0.5, "share of a stop that may be silence, unless she lay still before and after it", ge=0, le=1, source=JUDGED
    )
    port_reach_nm: float = param(8.0, "how far a listed port reaches, nm", gt=0, source=JUDGED)
    shore_nm: float = param(
        0.15,
        "nearer to the coast than this is at a quay, nm",
        ge=0,
        source="as for berths: no open roadstead 300 m off a shore",
    )
    state_nm: float = param(30.0, "an unlisted berth this near a listed port is in its state, nm", ge=0, source=JUDGED)
    road_share: float = param(1.5, "how far its roadstead reaches, in shares of that", ge=1, source=JUDGED)
    min_road_h: float = param(
        3.0,
        "shortest stop at buoys or anchored off a port that is a call, h",
        ge=0,
        source="risk indicator R28: 3 to 36 h",
    )
    leaves_nm: float = param(
        12.0, "a ship heard farther than this from her stop has left the port, nm", gt=0, source=JUDGED
    )
    stays_silent_h: float = param(
        168.0,
        "a silence longer than this between two stops ends the call, h",
        gt=0,
        source="judgement: ships lie silent in DPRK ports for days; one call too few is safer than one too many",
    )
    under_way_kn: float = param(1.5, "faster than this a ship is under way, kn", gt=0, source="GPS noise and swinging")
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
    silent: Floats
    """Share of the spell that is silence."""
    vanished: Bools
    """Whether such a silence began or ended with the ship under way: where she lay meanwhile is not known."""
    said_anchored_h: Ints
    said_moored_h: Ints
    """Hours in which she said so."""


@dataclass(frozen=True)
class Stops:
    """Stops in order of vessel and time; arrays of one length."""

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


def find_stops(spells: Rests, rows: Ints, shores: Shores, /, *, params: StopParams, berths: BerthParams) -> Stops:
    """Name the stops among some slow spells.

    Parameters
    ----------
    rows : spells that `callers` lets pass
    shores : what lies about each of `rows`
    """
    spread, speed = spells.spread_m[rows], spells.speed_kn[rows]
    lies = spread <= params.anchor_spread_m
    inside = shores.port_share <= 1.0
    still = spread <= berths.still_spread_m
    # far from listed ports a shore alone is no quay: boats anchor close under cliffs
    quay = inside & (shores.is_on_land | (shores.coast_nm <= berths.shore_nm))
    quay |= still & np.where(inside, shores.coast_nm <= berths.quay_coast_nm, shores.is_on_land)
    quay |= (shores.berth_vessels > 0) & (spread <= params.moored_spread_m)
    moored = shores.said_moored_h > shores.said_anchored_h
    quay |= moored & inside & (spread <= params.moored_spread_m) & (shores.coast_nm <= berths.quay_coast_nm)
    at_anchor = (shores.said_anchored_h > shores.said_moored_h) & ~shores.is_on_land
    quay &= ~(at_anchor & (shores.berth_vessels == 0))
    in_road = shores.port_share <= params.road_share
    stays = spread <= params.stop_spread_m
    long = spells.hours[rows] >= params.min_road_h
    is_buoy = (shores.port_kind == "buoy_area") & inside & stays & long
    is_berth = quay & stays & ~is_buoy
    is_road = (stays & inside | lies & in_road) & long & ~is_berth & ~is_buoy
    activity = np.select([is_buoy, is_berth, is_road, lies], [BUOY, BERTH, ROADSTEAD, ANCHORED], DRIFTING)
    named = np.where(is_berth, inside, is_buoy | is_road)
    # an unlisted berth is in the state of the port next to it along the coast
    stated = named | (is_berth & (shores.port_nm <= params.state_nm))
    # where she was in a long silence is not known, unless she lay at its beginning and end, and in one place
    known = (shores.silent <= params.max_silent) | (lies & ~shores.vanished)
    kept = np.flatnonzero((speed <= params.max_speed_kn) & known)
    longest, start_ms, end_ms = _one_for_overlaps(spells, rows[kept], params.anchor_spread_m)
    of = kept[longest]
    at = rows[of]
    return Stops(
        mmsi=spells.mmsi[at],
        start_ms=start_ms,
        end_ms=end_ms,
        lon=spells.lon[at],
        lat=spells.lat[at],
        spread_m=spells.spread_m[at],
        activity=activity[of],
        port=np.where(named, shores.port, "")[of],
        port_state=np.where(stated, shores.port_state, "")[of],
        port_nm=shores.port_nm[of],
    )


def _one_for_overlaps(spells: Rests, rows: Ints, apart_m: float) -> tuple[Ints, Ints, Ints]:
    """Join spells of one ship that overlap in time and lie about one place.

    Returns places in `rows` of the longest spell of each join, its start and its end, in order of vessel and time.
    """
    start, end, mmsi = spells.start_ms[rows], spells.end_ms[rows], spells.mmsi[rows]
    order = np.lexsort((-end, start, mmsi))
    if not len(order):
        return order, start, end
    start, end, mmsi = start[order], end[order], mmsi[order]
    at = rows[order]
    _, ship = np.unique(mmsi, return_inverse=True)
    floor = int(start.min())
    span = int(end.max()) - floor + 1
    until = np.maximum.accumulate(ship * span + end - floor)
    apart = np.asarray(distance_m(spells.lon[at[:-1]], spells.lat[at[:-1]], spells.lon[at[1:]], spells.lat[at[1:]]))
    joins = (mmsi[1:] == mmsi[:-1]) & (ship[1:] * span + start[1:] - floor <= until[:-1]) & (apart <= apart_m)
    group = np.concatenate([[0], np.cumsum(~joins)])
    heads = np.flatnonzero(np.concatenate([[True], ~joins]))
    longest = np.lexsort((start - end, group))[np.searchsorted(group, np.arange(len(heads)))]
    # a stay is known to half an hour: a spell of the pass that begins in the same hour knows better
    vague = np.where(spells.is_stay[at], HALF_HOUR_MS, 0)
    starts, ends = np.minimum.reduceat(start + vague, heads), np.maximum.reduceat(end - vague, heads)
    alone = np.minimum.reduceat(vague, heads)
    return order[longest], starts - alone, ends + alone
