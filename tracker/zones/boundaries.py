"""Lines between the waters of neighbouring states for the map, taken from the answers themselves.

The state is asked on a grid; where two neighbouring nodes differ the place of the change is found by halving. So the
lines follow equidistance, treaty lines and yielding islands exactly as `tracker.zones.locate` does, and a picture
cannot contradict the table.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from tracker.zones.answer import CONTIGUOUS, EEZ, TERRITORIAL
from tracker.zones.earth import wrap_lon
from tracker.zones.index import read_index
from tracker.zones.locate import zones_and_states

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Box = tuple[float, float, float, float]

HALVINGS: Final = 6
THIN_DEG: Final = 0.02
AT_SEA: Final = (TERRITORIAL, CONTIGUOUS, EEZ)


def state_boundaries(box: Box, *, step_deg: float) -> list[list[list[float]]]:
    """Lines where the state of the sea changes inside a box.

    Parameters
    ----------
    box
        West, south, east, north, degrees; east may run past 180.
    step_deg
        Grid; a strip of waters narrower than this may be missed.

    Returns
    -------
    list
        Lines of [longitude, latitude], to 1e-3 degree; longitudes run as in the box.
    """
    import shapely

    west, south, east, north = box
    x = np.linspace(west, east, max(2, round((east - west) / step_deg) + 1))
    south, north = max(south, -85.0), min(north, 85.0)
    y = np.linspace(south, north, max(2, round((north - south) / step_deg) + 1))
    lon, lat = np.meshgrid(x, y)
    state = _states(lon.ravel(), lat.ravel()).reshape(lon.shape)
    across = _changes(lon, lat, state, axis=1)
    along = _changes(lon, lat, state, axis=0)
    segments = []
    for row, col in _cells(state):
        # the four edges of the cell, by their place in the grids of changes
        edges = (across.get((row, col)), across.get((row + 1, col)), along.get((row, col)), along.get((row, col + 1)))
        ends = [edge for edge in edges if edge is not None]
        if len(ends) == 2:
            segments.append(ends)
        elif len(ends) > 2:
            middle = np.mean(ends, axis=0)
            segments += [[end, middle] for end in ends]
    if not segments:
        return []
    merged = shapely.line_merge(shapely.multilinestrings([np.array(s) for s in segments]))
    lines = shapely.simplify(shapely.get_parts(merged), THIN_DEG)
    return [
        [[round(a, 3), round(b, 3)] for a, b in shapely.get_coordinates(line).tolist()]
        for line in lines
        if not shapely.is_empty(line)
    ]


def _states(lon: Floats, lat: Floats) -> Ints:
    """Number of the state whose sea each point lies in; -1 on land, inside baselines and on the high seas."""
    answer = zones_and_states(read_index(), lon=wrap_lon(lon), lat=lat)
    return np.where(np.isin(answer.zone, AT_SEA), answer.state, -1)


def _changes(lon: Floats, lat: Floats, state: Ints, *, axis: int) -> dict[tuple[int, int], Floats]:
    """Where the state changes between neighbouring nodes along an axis: first node to the place."""
    one = tuple(slice(None, -1) if k == axis else slice(None) for k in (0, 1))
    two = tuple(slice(1, None) if k == axis else slice(None) for k in (0, 1))
    at = np.argwhere((state[one] != state[two]) & (state[one] >= 0) & (state[two] >= 0))
    if not len(at):
        return {}
    rows, cols = at.T
    near = np.column_stack([lon[one][rows, cols], lat[one][rows, cols]])
    far = np.column_stack([lon[two][rows, cols], lat[two][rows, cols]])
    own = state[one][rows, cols]
    for _ in range(HALVINGS):
        middle = (near + far) / 2
        same = _states(middle[:, 0], middle[:, 1]) == own
        near, far = np.where(same[:, None], middle, near), np.where(same[:, None], far, middle)
    places = (near + far) / 2
    return {(int(r), int(c)): place for r, c, place in zip(rows, cols, places, strict=True)}


def _cells(state: Ints) -> list[tuple[int, int]]:
    """Cells of four nodes of which two neighbours differ and both have a state."""
    a, b, c, d = state[:-1, :-1], state[:-1, 1:], state[1:, :-1], state[1:, 1:]
    differ = np.zeros(a.shape, bool)
    for one, two in ((a, b), (c, d), (a, c), (b, d)):
        differ |= (one != two) & (one >= 0) & (two >= 0)
    return [(int(r), int(k)) for r, k in np.argwhere(differ)]
