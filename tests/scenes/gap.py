"""The true water between two hulls."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from tracker.geo.kernels import local_xy_m, wrap_deg
from tracker.simulate.fleet import Voyage


def hull_gap_m(one: Voyage, two: Voyage, times_s: Sequence[float]) -> np.ndarray:
    """Water between two hulls at times, metres, from their true poses: 0 when they touch."""
    poses = one.track.at(times_s), two.track.at(times_s)
    lon0, lat0 = poses[0].lon, poses[0].lat
    corners = []
    for voyage, pose in zip((one, two), poses, strict=True):
        half = 0.5 * voyage.hull.length_m, 0.5 * voyage.hull.beam_m
        ring = []
        for ahead, right in ((1, 1), (1, -1), (-1, -1), (-1, 1)):
            lon, lat = pose.beside(ahead_m=ahead * half[0], right_m=right * half[1])
            ring.append(np.stack(local_xy_m(wrap_deg(lon), lat, lon0, lat0), axis=-1))
        corners.append(shapely.polygons(np.stack([*ring, ring[0]], axis=1)))
    return np.asarray(shapely.distance(*corners))
