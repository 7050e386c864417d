"""The coast: rings of land with a state on every vertex, decoded from one small packaged file.

``coast.npz`` holds GSHHG rings thinned to 0.0015 degree in 95-150 E, 0-62 N and to 0.0045 elsewhere
(``coast.json`` names edition and digest; ``scripts/build_coast.py`` makes it). Steps between vertices are
stored as two byte planes, which is why it is 2.5 MB and decodes in a tenth of a second. Lakes, the Caspian
Sea among them, are not in it: they count as land.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from tracker.zones.packaged import arrays_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

QUANTUM_DEG: Final = 0.0005
MASK_CELL_DEG: Final = 0.1
LABEL_CELL_DEG: Final = 0.25
SEAM_LON: Final = 179.9995
ICE_SOUTH_OF: Final = -69.0
"""Rings are cut at 180 degrees, Antarctica also at 0: edges along a cut are no coast."""


@dataclass(frozen=True)
class Coast:
    """Decoded coast.

    Attributes
    ----------
    lon, lat
        Vertices, degrees, ring after ring; a ring closes from its last vertex to its first.
    start, size
        First vertex and number of vertices of each ring, largest ring first.
    code
        Index into `labels` of each vertex.
    labels
        ``STATE`` or ``STATE@feature`` for a disputed feature; STATE is empty where no state is chosen.
    is_land, is_mixed
        Cells of 0.1 degree, rows from 90 S, columns from 180 W: all land; coast in or within 0.01 degree.
    nearest_code
        Cells of 0.25 degree: label of the coast nearest to the centre.
    """

    lon: Floats
    lat: Floats
    start: Ints
    size: Ints
    code: Ints
    labels: tuple[str, ...]
    is_land: Bools
    is_mixed: Bools
    nearest_code: npt.NDArray[np.uint16]


@cache
def read_coast() -> Coast:
    """Decode the packaged coast once.

    Raises
    ------
    DataFileError
        When the file is missing or damaged.
    """
    with arrays_of("coast.npz") as packed:
        return _decode({name: packed[name] for name in packed.files})


def _decode(packed: dict[str, npt.NDArray[np.generic]]) -> Coast:
    size = packed["ring_size"].astype(np.int64)
    start = np.cumsum(size) - size
    total = int(size.sum())
    lon = _unroll(packed["lon_low"], packed["lon_high"], packed["ring_start_lon"], start=start, size=size)
    lat = _unroll(packed["lat_low"], packed["lat_high"], packed["ring_start_lat"], start=start, size=size)
    runs = np.cumsum(packed["label_run_start"].astype(np.int64))
    code = np.repeat(packed["label_run_code"].astype(np.int64), np.diff(runs, append=total))
    rows, cols = round(180 / MASK_CELL_DEG), round(360 / MASK_CELL_DEG)
    bits = (
        np.unpackbits(packed["land_mask"].astype(np.uint8), count=2 * rows * cols).astype(bool).reshape(2, rows, cols)
    )
    labels = tuple(name.decode() for name in packed["labels"].tolist())
    return Coast(
        lon=lon,
        lat=lat,
        start=start,
        size=size,
        code=code,
        labels=labels,
        is_land=bits[0],
        is_mixed=bits[1],
        nearest_code=packed["nearest_label"].astype(np.uint16),
    )


def _unroll(
    low: npt.NDArray[np.generic],
    high: npt.NDArray[np.generic],
    first: npt.NDArray[np.generic],
    *,
    start: Ints,
    size: Ints,
) -> Floats:
    zigzag = (high.astype(np.int32) << 8) | low.astype(np.int32)
    step = (zigzag >> 1) ^ -(zigzag & 1)
    whole = np.cumsum(step, dtype=np.int64)
    shift = np.cumsum(first.astype(np.int64)) - whole[start]
    degrees: Floats = (whole + np.repeat(shift, size)).astype(np.float64) * QUANTUM_DEG
    return degrees


def ring_of(coast: Coast, number: int, /) -> Floats:
    """Closed ring, shape (n + 1, 2), degrees."""
    begin, end = int(coast.start[number]), int(coast.start[number] + coast.size[number])
    xy = np.column_stack([coast.lon[begin:end], coast.lat[begin:end]])
    return np.vstack([xy, xy[:1]])


def is_cut(coast: Coast, /) -> Bools:
    """Vertices on a meridian where rings are cut."""
    return (np.abs(coast.lon) >= SEAM_LON) | ((np.abs(coast.lon) < QUANTUM_DEG) & (coast.lat < ICE_SOUTH_OF))


def before_of(coast: Coast, /) -> Ints:
    """The vertex before each vertex on its ring."""
    before = np.arange(-1, len(coast.lon) - 1)
    before[coast.start] = coast.start + coast.size - 1
    return before


def densify(coast: Coast, /) -> tuple[Floats, Floats, Ints, Ints]:
    """Points along the coast no farther apart than 0.01 degree (fine box) or 0.02 degree.

    Returns
    -------
    lon, lat, code, vertex
        Degrees; label of the nearer end of the point's segment; the vertex at which that begins.
    """
    following = np.arange(1, len(coast.lon) + 1)
    following[coast.start + coast.size - 1] = coast.start
    dlon, dlat = coast.lon[following] - coast.lon, coast.lat[following] - coast.lat
    fine = (coast.lon >= 95) & (coast.lon <= 150) & (coast.lat >= 0) & (coast.lat <= 62)
    reach = np.maximum(np.abs(dlon) * np.cos(np.radians(coast.lat)), np.abs(dlat))
    parts = np.maximum(1, np.ceil(reach / np.where(fine, 0.01, 0.02))).astype(np.int64)
    cut = is_cut(coast)
    parts[cut & cut[following]] = 1
    # rings whose vertices are left out whole cost nothing further
    parts[(cut & cut[following] & cut[before_of(coast)]) | (coast.lat <= -89)] = 0
    vertex = np.repeat(np.arange(len(parts)), parts)
    lon, lat, code = coast.lon[vertex], coast.lat[vertex], coast.code[vertex]
    # nearly every segment is short: only points between vertices are reckoned
    at = np.flatnonzero(np.append(False, vertex[1:] == vertex[:-1]))
    of = vertex[at]
    fraction = (at - (np.cumsum(parts) - parts)[of]) / parts[of]
    lon[at] += fraction * dlon[of]
    lat[at] += fraction * dlat[of]
    code[at] = coast.code[np.where(fraction > 0.5, following[of], of)]
    return lon, lat, code, vertex
