"""Ships on land: well inland, and got there by a jump.

The coast index knows no rivers, canals or docks: most ships inland are where they say. So the depth inland alone says
nothing; what no river explains is a ship that was at sea and is inland minutes later, faster than any ship goes.
"""

from collections.abc import Callable, Sequence

import numpy as np

from tracker.detectors.spoofing.falsehood import Falsehood, SpoofingParams, Track, falsehood
from tracker.detectors.spoofing.places import Leap
from tracker.detectors.spoofing.shapes import FloatArray

Inland = Callable[[FloatArray, FloatArray], FloatArray]
"""Longitude and latitude (degrees) -> how far inland, nm; 0 on water."""
MOST_ASKED = 200
SHARE = 0.8


def find_on_land(
    track: Track, leaps: Sequence[Leap], inland_nm: Inland, /, *, params: SpoofingParams
) -> list[Falsehood]:
    """Stays inland after a jump from the sea."""
    found = []
    for leap in leaps:
        fixes, rows = track.fixes, leap.stay
        asked = rows[np.unique(np.linspace(0, len(rows) - 1, min(len(rows), MOST_ASKED)).round().astype(int))]
        asked = np.append(asked, leap.before)
        depth = inland_nm(fixes.lon[asked], fixes.lat[asked])
        is_deep = depth[:-1] >= params.land_nm
        if depth[-1] > 0 or np.count_nonzero(is_deep) < SHARE * len(is_deep):
            continue
        why = [
            f"{len(rows)} reports up to {float(depth[:-1].max()):.1f} nm inland, beyond the error of the coast.",
            f"She came there from the sea, {leap.distance_nm:.1f} nm at {leap.speed_kn:,.0f} kn: no river explains that.",
        ]
        found.append(falsehood("on_land", track, rows, confidence=0.95, why=why, is_false=True))
    return found
