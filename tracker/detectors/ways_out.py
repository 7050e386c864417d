"""The ways out of a silence: from the last report and to the next, over water, at a speed the ship can make.

Land is a barrier at the width of a cell, which is in the answer: straits narrower than that may be shut and isthmuses
open. Canals, locks and rivers above the coastline count as land. Where the next report is missing, only the way from
the last one binds.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.detectors.reach import Reach, Silence
from tracker.geo.grids import Grid
from tracker.geo.kernels import distance_m, midpoint
from tracker.geo.ways import ways_at_m, ways_m
from tracker.params import Params, param
from tracker.units import METRES_PER_NAUTICAL_MILE

FloatArray = npt.NDArray[np.float64]
IsLand = Callable[[FloatArray, FloatArray], npt.NDArray[np.bool_]]

JUDGED = "engineering judgement; see the module's note"
WIDER = 3.0
"""How much farther a way round land is looked for than the straight line needs."""
QUARTERS = (-0.25, 0.25)
"""Land is asked at four points of a cell."""


class ReachParams(Params):
    """How fast a silent ship may have gone, and how finely the sea is cut."""

    usual_kn: float = param(14.0, "speed of a ship that was never seen under way, kn", gt=0, source="tankers: 12-16 kn")
    least_kn: float = param(10.0, "least speed allowed to any ship, kn", gt=0, source="small tankers make 8-12 kn")
    most_kn: float = param(22.0, "greatest speed believed, kn", gt=0, source="faster than any tanker or bulk carrier")
    hurry: float = param(1.1, "how much faster than seen she may have gone", ge=1, source=JUDGED)
    half_cells: int = param(
        200, "cells from the middle to the edge of the search", ge=50, le=500, source="cost grows with its square"
    )
    least_cell_nm: float = param(0.1, "smallest cell, nm", gt=0, source="error of the coast index: p99 0.12 nm")
    most_nm: float = param(1500.0, "the search goes no farther from its middle than this, nm", gt=0, source=JUDGED)
    snap_nm: float = param(
        4.0, "a report or port on land begins at water this near, nm", gt=0, source="harbours, quays"
    )
    min_call_h: float = param(3.0, "shortest port call, h", gt=0, source="berthing, an hour of work, and leaving")


def find_reach(
    silence: Silence,
    is_land: IsLand,
    /,
    *,
    seen_kn: float | None = None,
    speed_kn: float | None = None,
    params: ReachParams | None = None,
) -> Reach:
    """Where a ship could have been during a silence.

    Parameters
    ----------
    is_land : tells land from water for arrays of longitude and latitude, degrees
    seen_kn : fastest steady speed seen of her, kn; None when she was never seen under way
    speed_kn : a speed to be taken instead of what follows from it
    """
    params = params or ReachParams()
    s = silence
    ends = (s.lon_1, s.lat_1), (s.lon_2, s.lat_2)
    apart_m = 0.0 if s.is_open else float(distance_m(*ends[0], *ends[1]))
    speed, basis = _speed(seen_kn, speed_kn, params)
    needed = apart_m / METRES_PER_NAUTICAL_MILE / max(s.hours, 1e-9)
    if needed > speed:
        speed, basis = needed * 1.02, f"what the straight line between the two reports needs, and 2 % (else {basis})"
    notes = []
    most_m = max(params.most_nm * METRES_PER_NAUTICAL_MILE, 0.6 * apart_m)
    share = METRES_PER_NAUTICAL_MILE * s.hours * (1.0 if s.is_open else 0.5)
    lon0, lat0 = ends[0] if s.is_open else (float(v) for v in midpoint(*ends[0], *ends[1]))
    search = _Search(lon0, lat0, ends, is_land, params)
    found = search(min(speed * share, most_m))
    if found.way_nm is None and not s.is_open:
        # a way round may leave the area that the straight line would need
        found = search(min(WIDER * speed * share, most_m))
    if found.way_nm is None:
        notes.append(
            f"No way over water of this resolution ({found.grid.cell_m / METRES_PER_NAUTICAL_MILE:.2f} nm) leads from the "
            f"last report{'' if s.is_open else ' to the next'}: land is not taken for a barrier."
        )
        search = _Search(lon0, lat0, ends, _no_land, params)
        found = search(min(speed * share, most_m))
    elif found.way_nm > speed * s.hours:
        speed, basis = found.way_nm / s.hours * 1.02, f"what the way over water needs, and 2 % (else {basis})"
        found = search(min(speed * share, most_m))
    if speed * share > most_m:
        notes.append(
            f"The area is cut {most_m / METRES_PER_NAUTICAL_MILE:.0f} nm from its middle: she could have been farther."
        )
    assert found.from_last_m is not None
    return Reach(
        s,
        round(speed, 2),
        basis,
        found.grid,
        found.sea,
        found.from_last_m,
        found.to_next_m,
        params.snap_nm * METRES_PER_NAUTICAL_MILE,
        tuple(notes),
    )


@dataclass(frozen=True)
class _Found:
    grid: Grid
    sea: FloatArray
    from_last_m: FloatArray | None
    to_next_m: FloatArray | None
    way_nm: float | None
    """From the last report to the next over water; 0 with an open end; None when there is none."""


@dataclass(frozen=True)
class _Search:
    """Ways from both ends on a grid about their middle."""

    lon: float
    lat: float
    ends: tuple[tuple[float, float], tuple[float, float]]
    is_land: IsLand
    params: ReachParams

    def __call__(self, extent_m: float) -> _Found:
        cell_m = max(1.06 * extent_m / self.params.half_cells, self.params.least_cell_nm * METRES_PER_NAUTICAL_MILE)
        grid = Grid(self.lon, self.lat, cell_m, int(np.ceil(1.06 * extent_m / cell_m)) + 2)
        sea = water_share(grid, self.is_land)
        snap_m = self.params.snap_nm * METRES_PER_NAUTICAL_MILE
        is_open = np.isnan(self.ends[1][0])
        one = ways_m(grid, sea > 0, *self.ends[0], snap_m=snap_m)
        two = None if is_open else ways_m(grid, sea > 0, *self.ends[1], snap_m=snap_m)
        if one is None or (two is None and not is_open):
            return _Found(grid, sea, one, two, None)
        way_m = 0.0 if is_open else float(ways_at_m(grid, one, *self.ends[1], snap_m=snap_m)[0])
        return _Found(grid, sea, one, two, way_m / METRES_PER_NAUTICAL_MILE if np.isfinite(way_m) else None)


def _no_land(lon: FloatArray, lat: FloatArray) -> npt.NDArray[np.bool_]:
    return np.zeros(len(lon), np.bool_)


def _speed(seen_kn: float | None, speed_kn: float | None, params: ReachParams) -> tuple[float, str]:
    if speed_kn is not None:
        return speed_kn, "as asked"
    if seen_kn is None:
        return params.usual_kn, "usual for a ship that was not seen under way"
    speed = float(np.clip(seen_kn * params.hurry, params.least_kn, params.most_kn))
    if seen_kn > params.most_kn:
        return (
            speed,
            f"she was seen at {seen_kn:.1f} kn, more than the greatest speed believed; if that was true she could have been farther",
        )
    return (
        speed,
        f"she was seen at {seen_kn:.1f} kn; {params.hurry:g} times that, within {params.least_kn:g} to {params.most_kn:g} kn",
    )


def water_share(grid: Grid, is_land: IsLand, /) -> FloatArray:
    """Share of the four quarter points of each cell that are water."""
    share = np.zeros((grid.side, grid.side))
    for dy in QUARTERS:
        for dx in QUARTERS:
            x, y = np.meshgrid(grid.axis_m + dx * grid.cell_m, grid.axis_m + dy * grid.cell_m)
            lon, lat = grid.to_degrees(x.ravel(), y.ravel())
            share += 0.25 * ~is_land((lon + 180.0) % 360.0 - 180.0, lat).reshape(share.shape)
    return share
