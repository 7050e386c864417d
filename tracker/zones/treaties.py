"""Joint zones and treaty lines: what agreements say after the nearest-state rule has spoken.

Four rules (``special_zones.csv``): a *polygon* names every point inside it; a *divide* line settles which of
two states a point near it belongs to; a *near* line only names points close to it, because it is approximate; a
*belt* names a state's own waters within a distance of its baseline, as a claim that moves no limit.
Source: ``joint_zones.csv``, each point with its own.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.zones.packaged import rows_of
from tracker.zones.prepared import prepare

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

NM_PER_DEGREE = 60.0
REACH_DEG = 2.0
"""How far from the box of a line its distance is worked out."""


@dataclass(frozen=True)
class SpecialZone:
    """One joint zone or line; `left_state` lies to the left when one walks along the points."""

    zone: str
    name: str
    rule: str
    states: tuple[str, ...]
    left_state: str
    right_state: str
    near_nm: float
    lon_range: tuple[float, float]
    status: str
    basis: str
    xy: Floats
    polygon: Any


@cache
def read_special_zones() -> tuple[SpecialZone, ...]:
    """All zones and lines, in the order of ``special_zones.csv``."""
    import shapely

    out = []
    for row in rows_of("special_zones.csv"):
        points = [p for p in rows_of("joint_zones.csv") if p["zone"] == row["zone"]]
        xy = np.array([[float(p["lon"]), float(p["lat"])] for p in points]).reshape(-1, 2)
        polygon = shapely.polygons(xy) if row["rule"] == "polygon" else None
        if polygon is not None:
            prepare(polygon)
        near = float(row["near_nm"] or 0)
        states = tuple(row["states"].split(";"))
        out.append(
            SpecialZone(
                row["zone"], row["name"], row["rule"], states, row["left_state"], row["right_state"],
                near, (float(row["lon_min"] or -180), float(row["lon_max"] or 180)), row["status"], row["basis"], xy, polygon,
            )
        )  # fmt: skip
    return tuple(out)


def is_inside(zone: SpecialZone, lon: Floats, lat: Floats) -> Bools:
    """Points that a *polygon* holds, or that a *near* line is within `near_nm` of."""
    import shapely

    reach = 0.0 if zone.rule == "polygon" else REACH_DEG
    (west, south), (east, north) = zone.xy.min(axis=0) - reach, zone.xy.max(axis=0) + reach
    rows = np.flatnonzero((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
    inside = np.zeros(len(lon), bool)
    if not len(rows):
        return inside
    if zone.rule == "polygon":
        inside[rows] = shapely.contains_xy(zone.polygon, lon[rows], lat[rows])
    else:
        inside[rows] = side_of(zone, lon[rows], lat[rows])[0] <= zone.near_nm
    return inside


def side_of(zone: SpecialZone, lon: Floats, lat: Floats) -> tuple[Floats, Bools, Bools]:
    """Where points lie with respect to a line.

    Returns
    -------
    distance_nm, is_left, is_abeam
        Distance to the line (infinite when far from its box), side, and whether the nearest place on the line
        is not one of its ends.
    """
    distance = np.full(len(lon), np.inf)
    left, abeam = np.zeros(len(lon), bool), np.zeros(len(lon), bool)
    west, south = zone.xy.min(axis=0) - REACH_DEG
    east, north = zone.xy.max(axis=0) + REACH_DEG
    near = np.flatnonzero((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
    for i in range(len(zone.xy) - 1):
        a, b = zone.xy[i], zone.xy[i + 1]
        scale = np.cos(np.radians((a[1] + b[1]) / 2))
        ex, ey = (b[0] - a[0]) * scale, b[1] - a[1]
        px, py = (lon[near] - a[0]) * scale, lat[near] - a[1]
        t = (px * ex + py * ey) / (ex * ex + ey * ey)
        inside = np.clip(t, 0, 1)
        d = np.hypot(px - inside * ex, py - inside * ey) * NM_PER_DEGREE
        better = d < distance[near]
        rows = near[better]
        distance[rows] = d[better]
        left[rows] = (ex * py - ey * px)[better] > 0
        abeam[rows] = ((t > 0) | (i > 0))[better] & ((t < 1) | (i < len(zone.xy) - 2))[better]
    return distance, left, abeam


@cache
def sea_claims() -> tuple[tuple[float, float, float, float, str], ...]:
    """Boxes of ``disputes.csv`` that are about water and no coast."""
    rows = [r for r in rows_of("disputes.csv") if r["kind"] == "sea"]
    return tuple(
        (float(r["lon_min"]), float(r["lon_max"]), float(r["lat_min"]), float(r["lat_max"]), r["feature"]) for r in rows
    )
