"""Distances and directions on WGS-84 over bare arrays; right across the antimeridian and at the poles.

Everything goes through earth-centred coordinates: there, longitude has no seam and the poles are places like
any other. `tracker.geo.kernels.compiled` holds the scalar kernels that the engine inlines into its loops; this
package itself loads numpy only.
"""

from tracker.geo.kernels.plane import (
    arc_m,
    distance_m,
    from_local_xy_m,
    local_xy_m,
    midpoint,
    onto_surface_m,
    vector_m,
    wrap_deg,
)
from tracker.geo.kernels.wgs84 import ecef_m, radii_m, surface_deg

__all__ = [
    "arc_m",
    "distance_m",
    "ecef_m",
    "from_local_xy_m",
    "local_xy_m",
    "midpoint",
    "onto_surface_m",
    "radii_m",
    "surface_deg",
    "vector_m",
    "wrap_deg",
]
