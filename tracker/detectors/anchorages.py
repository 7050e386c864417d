"""Anchorages learnt from the data: places where several ships lay at anchor, for hours, close together.

Stops at anchor of different ships are joined when they lie within a mile of one another; a join of three ships or more
is an anchorage. It is inferred, and is called so. A ship counts once, however often she returns.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.detectors.boxes import packed
from tracker.detectors.stops import Stops
from tracker.geo.kernels import ecef_m, surface_deg
from tracker.params import Params, param
from tracker.tables.journeys import ANCHORED, BUOY, ROADSTEAD
from tracker.units import METRES_PER_NAUTICAL_MILE, MILLISECONDS_PER_HOUR

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
CELL_M = 250.0
"""Stops are gathered in cells of this size before they are joined: a ship swings that far."""


class AnchorageParams(Params):
    """When places are an anchorage."""

    min_h: float = param(3.0, "shortest stop that teaches one, h", gt=0, source="as for calls in a roadstead")
    min_vessels: int = param(3, "different ships that make one", ge=2, source="as for berths")
    link_nm: float = param(1.0, "stops this near one another are in one anchorage, nm", gt=0, source="judgement")
    margin_nm: float = param(0.5, "how far it reaches beyond the outermost stop, nm", ge=0, source="swing and hull")


@dataclass(frozen=True)
class Anchorages:
    """Learnt anchorages, those with most ships first; arrays of one length."""

    lon: Floats
    lat: Floats
    radius_nm: Floats
    vessels: Ints

    def __len__(self) -> int:
        return len(self.lon)


def learn_anchorages(stops: Stops, /, *, params: AnchorageParams) -> Anchorages:
    """Learn anchorages from stops."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    hours = (stops.end_ms - stops.start_ms) / MILLISECONDS_PER_HOUR
    lies = np.isin(stops.activity, [ANCHORED, ROADSTEAD, BUOY]) & (hours >= params.min_h)
    mmsi = stops.mmsi[lies]
    xyz = np.column_stack(ecef_m(stops.lon[lies], stops.lat[lies]))
    if not len(mmsi):
        return Anchorages(np.empty(0), np.empty(0), np.empty(0), np.empty(0, np.int64))
    # stops are joined by cells: a crowded roadstead has many stops and few cells
    cells, cell = np.unique(packed(*np.floor(xyz / CELL_M).astype(np.int64).T), return_inverse=True)
    size = np.bincount(cell)
    places = np.column_stack([np.bincount(cell, weights=axis) / size for axis in xyz.T])
    near = cKDTree(places).query_pairs(params.link_nm * METRES_PER_NAUTICAL_MILE, output_type="ndarray")
    graph = coo_array((np.ones(len(near), np.int8), (near[:, 0], near[:, 1])), shape=(len(cells), len(cells)))
    label = connected_components(graph, directed=False)[1][cell]
    order = np.lexsort((mmsi, label))
    label, mmsi, xyz = label[order], mmsi[order], xyz[order]
    heads = np.flatnonzero(np.concatenate([[True], label[1:] != label[:-1]]))
    is_new = np.concatenate([[True], (label[1:] != label[:-1]) | (mmsi[1:] != mmsi[:-1])])
    vessels = np.add.reduceat(is_new.astype(np.int64), heads)
    count = np.diff(np.append(heads, len(label)))
    middle = np.add.reduceat(xyz, heads, axis=0) / count[:, None]
    lon, lat = (np.asarray(v, np.float64) for v in surface_deg(*middle.T))
    on_sea = np.column_stack(ecef_m(lon, lat))
    away = np.linalg.norm(xyz - np.repeat(on_sea, count, axis=0), axis=1)
    radius = np.maximum.reduceat(away, heads) / METRES_PER_NAUTICAL_MILE + params.margin_nm
    kept = np.flatnonzero(vessels >= params.min_vessels)
    kept = kept[np.lexsort((lon[kept], lat[kept], -vessels[kept]))]
    return Anchorages(lon[kept], lat[kept], radius[kept], vessels[kept])


def anchorage_of(stops: Stops, lon: Floats, lat: Floats, radius_nm: Floats, /) -> Ints:
    """Row of the anchorage that holds each stop at anchor, the first that does; -1 for none."""
    from scipy.spatial import cKDTree

    found = np.full(len(stops), -1, np.int64)
    lies = np.flatnonzero(np.isin(stops.activity, [ANCHORED, ROADSTEAD, BUOY]))
    if not len(lies) or not len(lon):
        return found
    tree = cKDTree(np.column_stack(ecef_m(stops.lon[lies], stops.lat[lies])))
    middles = np.column_stack(ecef_m(lon, lat))
    inside = tree.query_ball_point(middles, radius_nm * METRES_PER_NAUTICAL_MILE)
    for row in range(len(lon) - 1, -1, -1):
        found[lies[np.asarray(inside[row], np.int64)]] = row
    return found
