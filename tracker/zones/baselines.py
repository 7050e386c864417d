"""Declared straight baselines and closing lines: China 1996 and 2024, Korea 1978, Viet Nam 1982 and 2025, Taiwan 1999.

A chain of base points is the seaward edge of internal waters; closed inland it makes their polygon. Limits
of 3, 12, 24 and 200 nm count from the nearer of chain and low-water coast. A declaration that another state's
hold on the islands contradicts (Diaoyu 2012) is kept as a claim and moves no limit.
Source: ``baselines.csv``, ``closing_lines.csv``, ``three_mile_areas.csv``, each point with its own.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tracker.zones.packaged import rows_of
from tracker.zones.prepared import prepare

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

STEP_DEG: Final = 0.005
TERRITORIAL_SEA_NM: Final = 12.0
CLOSURES: Final = {
    "CHN-mainland": ("CHN", ("CHN-1996-mainland", "CHN-2024-BeibuGulf")),
    "KOR-south-west": ("KOR", ("KOR-1978-south-west",)),
    "VNM-mainland": ("VNM", ("VNM-1982", "VNM-2025-GulfOfTonkin")),
}
"""Landward closure to the chains that it closes, in order along the coast."""
CLOSED_BAYS: Final = ("Bohai", "Peter the Great Bay (claimed historic)")


@dataclass(frozen=True)
class Chain:
    """One declared line: base points in order, degrees; `limit_nm` holds for the segment from each point."""

    name: str
    state: str
    lon: Floats
    lat: Floats
    limit_nm: Floats


@cache
def read_chains() -> tuple[Chain, ...]:
    """All lines that move limits, closed where they ring an archipelago."""
    chains = []
    rows = rows_of("baselines.csv")
    for name in dict.fromkeys(row["instrument"] for row in rows):
        points = [row for row in rows if row["instrument"] == name]
        effect = points[0]["effect"]
        if effect == "claim":
            continue
        lon = np.array([float(p["lon"]) for p in points] + [float(points[0]["lon"])] * (effect == "ring"))
        lat = np.array([float(p["lat"]) for p in points] + [float(points[0]["lat"])] * (effect == "ring"))
        limit = np.full(len(lon), TERRITORIAL_SEA_NM)
        for area in rows_of("three_mile_areas.csv"):
            if area["instrument"] == name:
                limit[int(area["point_from"]) - 1 : int(area["point_to"]) - 1] = float(area["limit_nm"])
        chains.append(Chain(name, points[0]["state"], lon, lat, limit))
    lines = rows_of("closing_lines.csv")
    for name in dict.fromkeys(row["line"] for row in lines if row["kind"] == "closing_line"):
        points = [row for row in lines if row["line"] == name and row["kind"] == "closing_line"]
        lon, lat = (np.array([float(p[key]) for p in points]) for key in ("lon", "lat"))
        chains.append(Chain(f"{name} closing line", points[0]["state"], lon, lat, np.full(len(lon), 12.0)))
    return tuple(chains)


def densify_chain(chain: Chain, /) -> tuple[Floats, Floats, Floats]:
    """Points every 0.005 degree along a chain: longitude, latitude, breadth of the territorial sea (nm)."""
    if len(chain.lon) == 1:
        return chain.lon, chain.lat, chain.limit_nm
    dlon, dlat = np.diff(chain.lon), np.diff(chain.lat)
    parts = np.maximum(1, np.ceil(np.hypot(dlon, dlat) / STEP_DEG)).astype(np.int64)
    segment = np.repeat(np.arange(len(parts)), parts)
    fraction = (np.arange(len(segment)) - np.repeat(np.cumsum(parts) - parts, parts)) / parts[segment]
    return (
        np.append(chain.lon[segment] + fraction * dlon[segment], chain.lon[-1]),
        np.append(chain.lat[segment] + fraction * dlat[segment], chain.lat[-1]),
        np.append(chain.limit_nm[segment], chain.limit_nm[-1]),
    )


@dataclass(frozen=True)
class InternalWaters:
    """Polygon of waters landward of a declared line (land included)."""

    name: str
    state: str
    polygon: Any


@cache
def read_internal_waters() -> tuple[InternalWaters, ...]:
    """Polygons of internal waters, made of chains and their landward closures."""
    import shapely

    chains = {chain.name: chain for chain in read_chains()}
    out = []
    for name, (state, parts) in CLOSURES.items():
        seaward = np.concatenate([np.column_stack([chains[p].lon, chains[p].lat]) for p in parts])
        out.append((name, state, np.vstack([seaward, _closure(name)])))
    for name in CLOSED_BAYS:
        line = chains[f"{name} closing line"]
        out.append((name, line.state, np.vstack([np.column_stack([line.lon, line.lat]), _closure(name)])))
    rings = [chain for chain in chains.values() if len(chain.lon) > 3 and _is_closed(chain)]
    out += [(chain.name, chain.state, np.column_stack([chain.lon, chain.lat])) for chain in rings]
    polygons = [InternalWaters(name, state, shapely.make_valid(shapely.polygons(xy))) for name, state, xy in out]
    for area in polygons:
        prepare(area.polygon)
    return tuple(polygons)


def _is_closed(chain: Chain) -> bool:
    return bool(chain.lon[0] == chain.lon[-1] and chain.lat[0] == chain.lat[-1])


def _closure(line: str) -> Floats:
    rows = [r for r in rows_of("closing_lines.csv") if r["line"] == line and r["kind"] == "landward_closure"]
    return np.array([[float(r["lon"]), float(r["lat"])] for r in rows])


def inside_lines(*, lon: Floats, lat: Floats) -> Ints:
    """Number of the polygon of internal waters that holds each point, or -1."""
    import shapely

    inside = np.full(len(lon), -1)
    for number, area in enumerate(read_internal_waters()):
        west, south, east, north = area.polygon.bounds
        rows = np.flatnonzero((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
        if len(rows):
            inside[rows[shapely.contains_xy(area.polygon, lon[rows], lat[rows])]] = number
    return inside
