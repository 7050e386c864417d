"""Distances on the WGS-84 ellipsoid from straight-line chords, so that one tree serves the whole globe.

A chord between two points on the ellipsoid, read as an arc of a sphere of the mean radius
(``2R asin(chord / 2R)``), is within 1 m of the geodesic up to 200 nm; a tree of unit vectors of a sphere
is off by up to 1.1 nm there. Source: compared with ``pyproj.Geod``; see ``tests/zones/test_earth.py``.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tracker.units import METRES_PER_NAUTICAL_MILE

Floats = npt.NDArray[np.float64]

MEAN_RADIUS_M: Final = 6_371_008.8
"""Mean radius of the Earth, (2a + b) / 3. Source: IUGG 1980, Moritz, Geodetic Reference System 1980."""
SEMI_MAJOR_M: Final = 6_378_137.0
BLOCK: Final = 32_768
FLATTENING: Final = 1 / 298.257223563
"""WGS-84 (NGA.STND.0036)."""


def to_ecef(lon_deg: npt.ArrayLike, lat_deg: npt.ArrayLike) -> Floats:
    """Earth-centred coordinates of points on the ellipsoid.

    Parameters
    ----------
    lon_deg, lat_deg
        Degrees, shape (n,).

    Returns
    -------
    ndarray
        Shape (n, 3), metres.
    """
    lon, lat = np.atleast_1d(np.asarray(lon_deg, np.float64)), np.atleast_1d(np.asarray(lat_deg, np.float64))
    e2 = FLATTENING * (2 - FLATTENING)
    out = np.empty((len(lon), 3))
    # in blocks that stay in the processor's cache
    for begin in range(0, len(lon), BLOCK):
        block = slice(begin, begin + BLOCK)
        lam, phi = np.radians(lon[block]), np.radians(lat[block])
        sin_phi, cos_phi = np.sin(phi), np.cos(phi)
        normal = SEMI_MAJOR_M / np.sqrt(1 - e2 * sin_phi**2)
        out[block, 0] = normal * cos_phi * np.cos(lam)
        out[block, 1] = normal * cos_phi * np.sin(lam)
        out[block, 2] = normal * (1 - e2) * sin_phi
    return out


def arc_nm(chord_m: npt.ArrayLike) -> Floats:
    """Arc length of a chord, nautical miles; infinite chords stay infinite."""
    half = np.asarray(chord_m, np.float64) / (2 * MEAN_RADIUS_M)
    arc: Floats = 2 * MEAN_RADIUS_M * np.arcsin(np.minimum(half, 1.0)) / METRES_PER_NAUTICAL_MILE
    return np.where(np.isinf(half), np.inf, arc)


def chord_m(arc: float, /) -> float:
    """Chord of an arc given in nautical miles, metres."""
    return float(2 * MEAN_RADIUS_M * np.sin(arc * METRES_PER_NAUTICAL_MILE / (2 * MEAN_RADIUS_M)))


def wrap_lon(lon_deg: npt.ArrayLike) -> Floats:
    """Longitudes in [-180, 180); those that lie there already keep every bit."""
    lon = np.array(lon_deg, np.float64)
    is_out = ~((lon >= -180.0) & (lon < 180.0))
    if is_out.any():
        turned = (lon[is_out] + 180.0) % 360.0 - 180.0
        # a value just below -180 may round up to 180 itself
        lon[is_out] = np.where(turned >= 180.0, -180.0, turned)
    return lon


def point_to_segment_m(p: Floats, a: Floats, b: Floats) -> Floats:
    """Distance of points to straight segments in space, metres; all of shape (n, 3)."""
    ab = b - a
    length2 = np.einsum("ij,ij->i", ab, ab)
    t = np.einsum("ij,ij->i", p - a, ab) / np.where(length2 > 0, length2, 1.0)
    nearest = a + np.clip(t, 0.0, 1.0)[:, None] * ab
    out: Floats = np.linalg.norm(p - nearest, axis=1)
    return out


def morton_order(lon_deg: Floats, lat_deg: Floats) -> npt.NDArray[np.int64]:
    """Order of points along a Morton curve, so that places near each other come one after another.

    Parameters
    ----------
    lon_deg, lat_deg
        Degrees, shape (n,); longitude in [-180, 180).

    Returns
    -------
    ndarray
        Row numbers, shape (n,).
    """
    x, y = ((lon_deg + 180.0) / 360.0 * 65535).astype(np.uint64), ((lat_deg + 90.0) / 180.0 * 65535).astype(np.uint64)
    return np.argsort(_every_second_bit(x) | (_every_second_bit(y) << np.uint64(1)), kind="stable")


def _every_second_bit(v: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        v = (v | (v << np.uint64(shift))) & np.uint64(mask)
    return v


def fast_tree(points: Floats) -> Any:
    """A k-d tree that is quick to build (median splits need not be exact)."""
    from scipy.spatial import cKDTree

    return cKDTree(points, leafsize=32, balanced_tree=False, compact_nodes=False)
