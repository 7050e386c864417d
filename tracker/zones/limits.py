"""Limits as vectors for the map: 12, 24 and 200 nm, declared baselines, joint zones and treaty lines.

Contours of the distance to the baseline on a grid over a box: they come from the same index as the answers, so
the picture cannot contradict the table. They are for looking at; `tracker.zones.locate` decides. Maps draw those that
``scripts/build_limits.py`` worked out for the whole world.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tracker.errors import ParameterError
from tracker.zones.baselines import inside_lines, read_chains
from tracker.zones.charted import read_charted
from tracker.zones.disputed import labelled
from tracker.zones.earth import to_ecef, wrap_lon
from tracker.zones.index import CoastIndex, read_index
from tracker.zones.packaged import rows_of
from tracker.zones.pieces import Pieces
from tracker.zones.treaties import read_special_zones

Floats = npt.NDArray[np.float64]
Box = tuple[float, float, float, float]

GRID: Final = 320
LARGEST_GRID: Final = 720
COARSEST_DEG: Final = 0.25
FINEST_DEG: Final = 0.03
"""Nodes along the longer side of a box: more where 200 nm would be drawn too coarsely, up to a bound."""
SHORE_GRID: Final = 1000
COARSER: Final = 4
"""Where 200 nm is not asked for, the grid is finer; only the nodes near a limit are worked out, one in four squared else."""
LIMITS_NM: Final = (12.0, 24.0, 200.0)
WIDEST_NEAR_SHORE_DEG: Final = 40.0
"""In a wider box 12 and 24 nm cannot be told apart; only 200 nm is drawn then."""


def known_features(bbox: Box) -> list[dict[str, Any]]:
    """Baselines, joint zones, treaty lines and claims that reach into a box, as features.

    Parameters
    ----------
    bbox
        West, south, east, north, degrees; west > east crosses the antimeridian.

    Returns
    -------
    list
        Features with ``kind``: ``baseline``, ``joint_zone``, ``treaty_line``, ``claim``; and ``name``, ``status``.

    Raises
    ------
    ParameterError
        When the box has no extent.
    """
    box = _unrolled(bbox)
    return [feature for feature in (*_known_lines(), *read_charted().claims) if _touches(feature, box)]


def _unrolled(bbox: Box) -> Box:
    """A box whose east runs on past 180."""
    west, south, east, north = bbox
    span = east - west + (360.0 if west > east else 0.0)
    if span <= 0 or north <= south:
        raise ParameterError(f"Box {bbox} has no extent.")
    return west, south, west + span, north


def limit_features(
    bbox: Box, *, index: CoastIndex | None = None, limits_nm: tuple[float, ...] = LIMITS_NM
) -> list[dict[str, Any]]:
    """Limits inside a box, as features, worked out from the index; `tracker.zones.charted` keeps those of the world.

    Parameters
    ----------
    bbox
        West, south, east, north, degrees; west > east crosses the antimeridian, and longitudes of the eastern
        part then run past 180.
    index
        The index to ask; the packaged one unless given.
    limits_nm
        Which limits to draw; 12 and 24 nm only where the box is small enough to show them.

    Returns
    -------
    list
        Features with ``kind`` ``limit``, ``limit_nm``, ``name`` and ``status``.

    Raises
    ------
    ParameterError
        When the box has no extent.
    """
    from contourpy import contour_generator

    west, south, east, north = _unrolled(bbox)
    south, north = max(south, -89.9), min(north, 89.9)
    longest = max(east - west, north - south)
    nodes = SHORE_GRID if max(limits_nm) < 200 else min(LARGEST_GRID, max(GRID, longest / COARSEST_DEG))
    step = max(FINEST_DEG, longest / nodes)
    x = np.arange(west, east + step, step)
    y = np.arange(south, min(north + step, 90.0), step)
    contours = contour_generator(x, y, _distances(x, y, index=index or read_index(), limits_nm=limits_nm))
    out = []
    for limit in limits_nm:
        if limit < 200 and longest > WIDEST_NEAR_SHORE_DEG:
            continue
        lines = [_thin(line, step=step) for line in contours.lines(limit) if len(line) > 2]
        if lines:
            out.append(
                _feature(
                    "MultiLineString", lines, kind="limit", name=f"{limit:g} nm", status="computed", limit_nm=limit
                )
            )
    return out


def _distances(x: Floats, y: Floats, *, index: CoastIndex, limits_nm: tuple[float, ...]) -> Floats:
    """Distance at the nodes of a grid, exact near the limits; elsewhere that of a node near by.

    A distance changes by no more than the way between two places. The corners of a cell that a limit crosses lie within
    its diagonal of that limit, and the node whose distance stands in for theirs three diagonals off.
    """
    lon, lat = np.meshgrid(x, y)
    coarse = seaward_nm(lon[::COARSER, ::COARSER].ravel(), lat[::COARSER, ::COARSER].ravel(), index=index)
    at = np.ix_(np.arange(len(y)) // COARSER, np.arange(len(x)) // COARSER)
    out = coarse.reshape(lon[::COARSER, ::COARSER].shape)[at]
    way_nm = 1.1 * COARSER * (x[1] - x[0]) * 60.0 * np.sqrt(2.0)
    close = np.min([np.abs(out - limit) for limit in limits_nm], axis=0) <= way_nm
    out[close] = seaward_nm(lon[close], lat[close], index=index)
    return out


def seaward_nm(lon: Floats, lat: Floats, *, index: CoastIndex) -> Floats:
    """Distance to the baseline, nm: negative landward of it, so that lines do not break at the shore."""
    x = wrap_lon(lon)
    near = index.nearest(to_ecef(x, lat))
    distance = np.minimum(near.effective_nm, near.line_nm)
    landward = index.is_on_land(x, lat) | (inside_lines(lon=x, lat=lat) >= 0)
    return np.where(landward, -distance, distance)


def _known_lines() -> list[dict[str, Any]]:
    out = []
    for chain in read_chains():
        if len(chain.lon) > 1:
            line = np.column_stack([chain.lon, chain.lat]).tolist()
            out.append(_feature("LineString", line, kind="baseline", name=chain.name, status="declared"))
    for zone in read_special_zones():
        if zone.rule == "polygon":
            out.append(_feature("Polygon", [zone.xy.tolist()], kind="joint_zone", name=zone.name, status=zone.status))
        elif zone.rule != "belt":
            out.append(_feature("LineString", zone.xy.tolist(), kind="treaty_line", name=zone.name, status=zone.status))
    for row in rows_of("disputes.csv"):
        if row["kind"] == "sea":
            w, e, s, n = (float(row[k]) for k in ("lon_min", "lon_max", "lat_min", "lat_max"))
            ring = [[w, s], [e, s], [e, n], [w, n], [w, s]]
            out.append(_feature("Polygon", [ring], kind="claim", name=row["feature"], status=row["claimants"]))
    return out


def _disputed_coasts() -> list[tuple[str, str, Floats, Floats]]:
    """Islands that more than one state claims and that are drawn (``disputes.csv``): name, claimants, coast in degrees."""
    coast = read_index().coast
    labels, code = labelled(coast, Pieces.of(coast))
    feature_of = np.array([label.partition("@")[2] for label in labels])
    rows = [r for r in rows_of("disputes.csv") if r["kind"] == "coast" and r["drawn"] == "yes"]
    found = []
    for row in {r["feature"]: r for r in rows}.values():
        own = np.isin(code, np.flatnonzero(feature_of == row["feature"]))
        if own.any():
            found.append((row["feature"], row["claimants"], coast.lon[own], coast.lat[own]))
    return found


def disputed_seas() -> list[dict[str, Any]]:
    """The 12 nm around islands that more than one state claims, as areas to hatch."""
    import shapely

    out = []
    for name, claimants, lon, lat in _disputed_coasts():
        # circles on a plane of nautical miles, true at the middle of the group
        shrink = np.cos(np.radians(lat.mean()))
        spots = np.unique(np.column_stack([lon * shrink, lat]).round(2), axis=0)
        areas = shapely.union_all(shapely.buffer(shapely.points(spots), 12.0 / 60.0, quad_segs=6))
        rings = [
            [[round(x / shrink, 3), round(y, 3)] for x, y in shapely.simplify(part, 0.01).exterior.coords]
            for part in shapely.get_parts(areas)
        ]
        polygons = [[ring] for ring in rings]
        out.append(_feature("MultiPolygon", polygons, kind="claim", name=name, status=claimants))
    return out


def _feature(
    shape: str, coordinates: list[Any], *, kind: str, name: str, status: str, limit_nm: float | None = None
) -> dict[str, Any]:
    properties: dict[str, Any] = {"kind": kind, "name": name, "status": status}
    if limit_nm is not None:
        properties["limit_nm"] = limit_nm
    return {"type": "Feature", "properties": properties, "geometry": {"type": shape, "coordinates": coordinates}}


def _touches(feature: dict[str, Any], box: Box) -> bool:
    import shapely

    shape = shapely.geometry.shape(feature["geometry"])
    west, south, east, north = box
    frames = [shapely.box(west, south, east, north), shapely.box(west - 360, south, east - 360, north)]
    return any(bool(shape.intersects(frame)) for frame in frames)


def _thin(line: Floats, *, step: float) -> list[list[float]]:
    import shapely

    simple = shapely.simplify(shapely.linestrings(line), step / 4)
    return [[round(x, 3), round(y, 3)] for x, y in shapely.get_coordinates(simple).tolist()]
