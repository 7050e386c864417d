"""Ships that call at ports, with ports of the test's own; each tells in hours of the scene what she did."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tests.detectors.listening import Listener
from tests.scenes import Scene
from tracker.detectors.berths import BerthParams, learn_berths
from tracker.detectors.quiet import Said
from tracker.detectors.silences import silences_of
from tracker.detectors.way import Way
from tracker.engine.scan import scan
from tracker.identity.cards import Cards
from tracker.pipeline.harbours import Harbours, find_harbours
from tracker.pipeline.params import CallParams
from tracker.simulate.hulls import Hull
from tracker.simulate.motion import Place, anchor, away, join, moor, sail, sail_until
from tracker.zones.ports import Ports

SEAS: dict[str, Place] = {
    "mid latitude": (124.3, 30.6),
    "71 north": (10.0, 71.0),
    "equator": (-30.0, 0.0),
    "antimeridian": (180.0, -30.0),
}
"""Open sea at the four places: nothing of the packaged coast is near."""


def ports_at(*places: tuple[str, str, Place], kind: str = "port", radius_nm: float = float("nan")) -> Ports:
    """Ports of a test: name, state, place."""
    lon, lat = (np.array([place[2][n] for place in places], np.float64) for n in (0, 1))
    n = len(places)
    return Ports(
        name=np.array([place[0] for place in places]),
        state=np.array([place[1] for place in places]),
        locode=np.full(n, ""),
        kind=np.full(n, kind),
        radius_nm=np.full(n, radius_nm),
        lon=lon,
        lat=lat,
    )


def quay(scene: Scene, place: Place, *, count: int = 4) -> list[Hull]:
    """Ships made fast along a quay all through the scene: what teaches that there is one."""
    ships = []
    for n in range(count):
        ship = scene.ship("cargo", length_m=90.0)
        spot = away(place, bearing_deg=70.0, distance_nm=0.03 + n * 0.03)
        scene.add(ship, moor(spot, start_s=scene.fleet.start_s, end_s=scene.fleet.end_s, heading_deg=70.0))
        ships.append(ship)
    return ships


def caller(
    scene: Scene,
    stops: Sequence[tuple[Place, float, float, str]],
    *,
    ship: Hull | None = None,
    comes_from: Place | None = None,
    goes_to: Place | None = None,
    silent: Sequence[tuple[float, float]] = (),
    speed_kn: float = 12.0,
) -> Hull:
    """A ship that stops at places: (place, from hour, to hour, 'moor' or 'anchor'), and sails between them."""
    ship = ship or scene.ship()
    tracks = []
    first, last = stops[0], stops[-1]
    if comes_from is not None:
        tracks.append(sail_until([comes_from, first[0]], arrive_s=scene.time_s(first[1]) - 60, speed_kn=speed_kn))
    for n, (place, start_h, end_h, how) in enumerate(stops):
        start, end = scene.time_s(start_h), scene.time_s(end_h)
        if how == "moor":
            tracks.append(moor(place, start_s=start, end_s=end, heading_deg=70.0))
        else:
            tracks.append(anchor(place, start_s=start, end_s=end, rng=scene.rng(31, n), length_m=ship.length_m))
        if n + 1 < len(stops):
            way = sail([place, stops[n + 1][0]], depart_s=end + 60, speed_kn=speed_kn)
            assert way.time_s[-1] < scene.time_s(stops[n + 1][1]), "she cannot be there in time"
            tracks.append(way)
    if goes_to is not None:
        tracks.append(sail([last[0], goes_to], depart_s=scene.time_s(last[2]) + 60, speed_kn=speed_kn))
    return scene.add(ship, join(*tracks), silent=silent)


def harbours_in(scene: Scene, ports: Ports, *, params: CallParams | None = None, statics: Any = None) -> Harbours:
    """Stops and calls in a scene."""
    listener, said, rules = Listener(), Said(), BerthParams()
    seen = scan(said.overhear(listener.overhear([scene.fixes()])))
    statics = scene.statics() if statics is None else statics
    hearing = listener.hearing()
    return find_harbours(
        seen.slow_spells,
        silences_of(seen.silences, hearing),
        Way(hearing),
        said,
        Cards(statics).ship_at,
        statics,
        learn_berths(seen.slow_spells, params=rules),
        params=params or CallParams(),
        berth_params=rules,
        ports=ports,
    )
