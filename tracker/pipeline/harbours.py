"""Stops and port calls of a run: slow spells and silences with coast, berths and ports about them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.detectors.berths import BerthParams, Berths
from tracker.detectors.calls import Call, seen_calls
from tracker.detectors.feasible import Havens, feasible_calls, silences_to_ask
from tracker.detectors.joining import join_calls
from tracker.detectors.quiet import Said, silent_shares, went_silent_under_way
from tracker.detectors.sea_ways import ways_from
from tracker.detectors.silences import Silences
from tracker.detectors.slow import spells_of
from tracker.detectors.stays import Rests, joined, stays_of
from tracker.detectors.stops import Shores, StopParams, Stops, callers, find_stops
from tracker.detectors.types import CARRIES, UNKNOWN, role_of
from tracker.detectors.visits import one_for_each_visit
from tracker.detectors.way import Way
from tracker.pipeline.draughts import Draughts
from tracker.pipeline.params import CallParams
from tracker.pipeline.roads import label_anchorages
from tracker.tables.hours import AT_ANCHOR, MOORED
from tracker.tables.journeys import DPRK
from tracker.tables.ship import Ship
from tracker.zones.earth import arc_nm, fast_tree, to_ecef, wrap_lon
from tracker.zones.index import read_index
from tracker.zones.ports import Ports, port_around, read_ports

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Harbours:
    """Stops, and calls in order of vessel and time."""

    stops: Stops
    calls: list[Call]
    anchorages: list[dict[str, Any]]
    """Rows of the table of anchorages, without their run."""
    anchorage: list[str | None]
    """Label of the anchorage of each stop."""
    begin_ms: int
    """First report of all."""


def find_harbours(
    slow_spells: Any,
    silences: Silences,
    way: Way,
    said: Said,
    ship_at: Callable[[int, int], Ship],
    statics: Any,
    berths: Berths,
    /,
    *,
    params: CallParams,
    berth_params: BerthParams,
    ports: Ports | None = None,
) -> Harbours:
    """Stops and port calls, those that were seen and those that silences near DPRK ports leave possible.

    Parameters
    ----------
    way : where ships were heard
    ports : the packaged ones unless given (with a user's anchorages, or a test's)
    """
    ports = ports or read_ports()
    stays = stays_of(
        way,
        silences,
        strays_m=params.stops.anchor_spread_m,
        silent_h=params.stops.stays_silent_h,
        under_way_kn=params.stops.under_way_kn,
    )
    spells = joined(spells_of(slow_spells), stays)
    stopped = callers(spells, ship_at, params=params.stops) & (spells.speed_kn <= params.stops.max_speed_kn)
    rows = np.flatnonzero(stopped)
    shores = shores_at(spells, rows, berths, ports, silences, said, params=params.stops, berth_params=berth_params)
    stops = find_stops(spells, rows, shores, params=params.stops, berths=berth_params)
    calls = seen_calls(join_calls(stops, way, params=params.stops), ship_at, params=params.stops)
    asked = silences_to_ask(silences, params=params.feasible)

    def matters(ship: Ship) -> bool:
        if ship.length_m is not None:
            return ship.length_m >= params.stops.min_length_m
        return role_of(ship.ship_type) in (CARRIES, UNKNOWN)

    inferred = feasible_calls(
        asked,
        silences,
        havens_for(silences, asked, ports),
        calls,
        ship_at,
        Draughts(statics).around,
        params=params.feasible,
        matters=matters,
    )
    inferred = one_for_each_visit(
        inferred, calls, way, leaves_nm=params.feasible.near_nm, ceiling=params.feasible.ceiling
    )
    every = sorted([*calls, *inferred], key=lambda one: (one.ship.mmsi, one.start_ms, one.end_ms))
    return Harbours(stops, every, *label_anchorages(stops, ports, params=params.anchorages), way.begin_ms)


def shores_at(
    spells: Rests,
    rows: npt.NDArray[np.int64],
    berths: Berths,
    ports: Ports,
    silences: Silences,
    said: Said,
    /,
    *,
    params: StopParams,
    berth_params: BerthParams,
) -> Shores:
    """What lies about some slow spells; the coast is asked only inside ports, and only as far as it matters."""
    lon, lat = spells.lon[rows], spells.lat[rows]
    stretch = spells.mmsi[rows], spells.start_ms[rows], spells.end_ms[rows]
    index = read_index()
    on_land = np.asarray(index.is_on_land(lon, lat)) if len(rows) else np.empty(0, np.bool_)
    vessels = berths.nearest(lon, lat, radius_m=berth_params.radius_m)
    port, port_nm, share = port_around(lon, lat, reach_nm=params.port_reach_nm, ports=ports)
    # an anchorage of the user's reaches over the quays beside it, and does not name them where a port does
    listed = np.flatnonzero(ports.kind != "anchorage")
    has_given = len(listed) < len(ports.kind)
    known = (port, port_nm, share)
    if has_given:
        known = port_around(lon, lat, reach_nm=params.port_reach_nm, ports=ports.only(listed))
    inside, coast_nm = np.flatnonzero(np.minimum(share, known[2]) <= 1.0), np.full(len(rows), np.inf)
    near_nm = max(params.shore_nm, berth_params.shore_nm, berth_params.quay_coast_nm)
    coast_nm[inside] = index.coast_nm(wrap_lon(lon[inside]), lat[inside], within_nm=near_nm)
    if has_given:
        quay = (known[2] <= 1.0) & (on_land | (vessels > 0) | (coast_nm <= params.shore_nm))
        pairs = ((listed[known[0]], port), (known[1], port_nm), (known[2], share))
        port, port_nm, share = (np.where(quay, one, other) for one, other in pairs)
    return Shores(
        coast_nm=coast_nm,
        is_on_land=on_land,
        berth_vessels=vessels,
        port=ports.name[port],
        port_state=ports.state[port],
        port_kind=ports.kind[port],
        port_share=share,
        port_nm=port_nm,
        silent=silent_shares(silences, *stretch),
        vanished=went_silent_under_way(silences, *stretch, speed_kn=params.under_way_kn),
        said_anchored_h=said.hours(AT_ANCHOR, *stretch),
        said_moored_h=said.hours(MOORED, *stretch),
    )


def havens_for(silences: Silences, rows: npt.NDArray[np.int64], ports: Ports, /) -> Havens:
    """Ports of the DPRK, and how far ports of other states lie from both ends of some silences."""
    own = ports.state == DPRK
    others = fast_tree(to_ecef(wrap_lon(ports.lon[~own]), ports.lat[~own])) if (~own).any() else None

    def rival(lon: Floats, lat: Floats) -> Floats:
        away = np.full(len(lon), np.nan)
        known = np.isfinite(lon) & np.isfinite(lat)
        if others is not None and known.any():
            away[known] = arc_nm(others.query(to_ecef(wrap_lon(lon[known]), lat[known]))[0])
        return away

    index = read_index()
    return Havens(
        name=ports.name[own],
        lon=ports.lon[own],
        lat=ports.lat[own],
        rival_nm_1=rival(silences.lon_1[rows], silences.lat_1[rows]),
        rival_nm_2=rival(silences.lon_2[rows], silences.lat_2[rows]),
        ways_nm=ways_from(ports.lon[own], ports.lat[own], lambda lon, lat: np.asarray(index.is_on_land(lon, lat))),
    )
