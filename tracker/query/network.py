"""The network of a case: pairs that met and how often, where they met, and who called in the DPRK.

Hotspots are places where meetings lie close together: meetings join when one is within a few miles of another.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from tracker.geo.kernels import ecef_m, surface_deg
from tracker.query.links import Links, Transfer, pairs_of
from tracker.units import METRES_PER_NAUTICAL_MILE

NEAR_NM = 5.0
"""Meetings this near one another are in one hotspot. Source: judgement; transfer areas are some miles wide."""


@dataclass(frozen=True)
class Pair:
    """Two hulls and their meetings; legs of one meeting (a group) count once."""

    one: str
    two: str
    meetings: int
    likely: int
    first: datetime
    last: datetime
    best_t: float | None
    """Sum of the middle estimates; None where no meeting has one."""
    given_by_one: int
    given_by_two: int


@dataclass(frozen=True)
class Hotspot:
    """A place of several meetings."""

    lon: float
    lat: float
    radius_nm: float
    meetings: int
    likely: int
    vessels: int
    first: datetime
    last: datetime
    sea: str | None
    state: str | None


def repeat_pairs(links: Links, /) -> list[Pair]:
    """Pairs, those that met most often first."""
    pairs = []
    for (one, two), every in pairs_of(links.transfers).items():
        meetings = {t.group_id or t.event_id for t in every}
        likely = {t.group_id or t.event_id for t in every if t.verdict == "likely"}
        tonnes = [t.best_t for t in every if t.best_t is not None]
        given = [sum(t.is_directed and t.one == key for t in every) for key in (one, two)]
        pairs.append(
            Pair(
                one,
                two,
                len(meetings),
                len(likely),
                min(t.start for t in every),
                max(t.end for t in every),
                sum(tonnes) if tonnes else None,
                *given,
            )
        )
    return sorted(pairs, key=lambda p: (-p.meetings, -p.likely, p.first, p.one, p.two))


def hotspots(links: Links, /, *, near_nm: float = NEAR_NM, least: int = 2) -> list[Hotspot]:
    """Places of at least `least` meetings, the busiest first. Meetings of which one side was not heard are left out."""
    met = [t for t in links.transfers if not t.is_guess]
    if len(met) < least:
        return []
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    xyz = np.column_stack(ecef_m(np.array([t.lon for t in met]), np.array([t.lat for t in met])))
    near = cKDTree(xyz).query_pairs(near_nm * METRES_PER_NAUTICAL_MILE, output_type="ndarray")
    graph = coo_array((np.ones(len(near)), (near[:, 0], near[:, 1])), shape=(len(met), len(met)))
    _, label = connected_components(graph, directed=False)
    found = []
    for group in np.unique(label).tolist():
        rows = np.flatnonzero(label == group)
        inside = [met[i] for i in rows.tolist()]
        meetings = {t.group_id or t.event_id for t in inside}
        if len(meetings) >= least:
            found.append(_hotspot(inside, xyz[rows], len(meetings)))
    return sorted(found, key=lambda h: (-h.meetings, -h.likely, h.first, h.lon, h.lat))


def _hotspot(inside: list[Transfer], xyz: Any, meetings: int) -> Hotspot:
    middle = xyz.mean(axis=0)
    lon, lat = (float(v) for v in surface_deg(*middle))
    away = np.linalg.norm(xyz - np.array(ecef_m(lon, lat)), axis=1)
    seas = [t.sea for t in inside if t.sea]
    states = [t.state for t in inside if t.state]
    return Hotspot(
        lon=round(lon, 5),
        lat=round(lat, 5),
        radius_nm=round(float(away.max()) / METRES_PER_NAUTICAL_MILE, 2),
        meetings=meetings,
        likely=len({t.group_id or t.event_id for t in inside if t.verdict == "likely"}),
        vessels=len({key for t in inside for key in (t.one, t.two)}),
        first=min(t.start for t in inside),
        last=max(t.end for t in inside),
        sea=max(sorted(set(seas)), key=seas.count, default=None),
        state=max(sorted(set(states)), key=states.count, default=None),
    )
