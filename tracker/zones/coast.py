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


def is_cut(lon: Floats, lat: Floats, /) -> Bools:
    """Vertices on a meridian where rings are cut."""
    return (np.abs(lon) >= SEAM_LON) | ((np.abs(lon) < QUANTUM_DEG) & (lat < ICE_SOUTH_OF))


def before_of(coast: Coast, vertices: Ints, /) -> Ints:
    """The vertex before each of some vertices on its ring."""
    is_first = np.zeros(len(coast.lon), np.bool_)
    is_first[coast.start] = True
    at, before = np.flatnonzero(is_first[vertices]), vertices - 1
    ring = np.searchsorted(coast.start, vertices[at])
    before[at] = coast.start[ring] + coast.size[ring] - 1
    return before


def following_of(coast: Coast, vertices: Ints, /) -> Ints:
    """The vertex after each of some vertices on its ring."""
    is_last = np.zeros(len(coast.lon), np.bool_)
    is_last[coast.start + coast.size - 1] = True
    at, following = np.flatnonzero(is_last[vertices]), vertices + 1
    following[at] = coast.start[np.searchsorted(coast.start, vertices[at], side="right") - 1]
    return following


def densify(coast: Coast, vertices: Ints, /) -> tuple[Floats, Floats, Ints, Ints]:
    """Points along the coast that begins at some vertices, no farther apart than 0.01 degree (fine box) or 0.02 degree.

    Returns
    -------
    lon, lat, code, place
        Degrees; label of the nearer end of the point's segment; place among the vertices of that at which it begins.
    """
    following = following_of(coast, vertices)
    x, y = coast.lon[vertices], coast.lat[vertices]
    x_after, y_after = coast.lon[following], coast.lat[following]
    dlon, dlat = x_after - x, y_after - y
    fine = (x >= 95) & (x <= 150) & (y >= 0) & (y <= 62)
    reach = np.maximum(np.abs(dlon) * np.cos(np.radians(y)), np.abs(dlat))
    parts = np.maximum(1, np.ceil(reach / np.where(fine, 0.01, 0.02))).astype(np.int64)
    along = np.flatnonzero(is_cut(x, y) & is_cut(x_after, y_after))
    parts[along] = 1
    # rings whose vertices are left out whole cost nothing further
    before = before_of(coast, vertices[along])
    parts[along[is_cut(coast.lon[before], coast.lat[before])]] = 0
    parts[y <= -89] = 0
    place = np.repeat(np.arange(len(parts)), parts)
    lon, lat, code = x[place], y[place], coast.code[vertices[place]]
    # nearly every segment is short: only points between vertices are reckoned
    at = np.flatnonzero(np.append(False, place[1:] == place[:-1]))
    of = place[at]
    fraction = (at - (np.cumsum(parts) - parts)[of]) / parts[of]
    lon[at] += fraction * dlon[of]
    lat[at] += fraction * dlat[of]
    code[at] = coast.code[np.where(fraction > 0.5, following[of], vertices[of])]
    return lon, lat, code, place
