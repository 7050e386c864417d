"""Islands whose sovereignty is disputed and which yield: whose exclusive economic zone it is beyond 24 nm of them.

Small islands far off a mainland seldom keep a full zone against an opposite coast: Serpents' Island got none beyond
12 nm (ICJ, Maritime Delimitation in the Black Sea, 3 February 2009). So where `disputes.csv` says ``limited``, a place
more than 24 nm from every baseline takes the state of the nearest coast that is not such an island, if there is
one within 200 nm; else the island keeps it. All claimants stay named either way. The published polygons that we know
measured figures for (zones of the Sea of Japan and west of the Paracels) are drawn so too.
"""

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from tracker.zones.earth import chord_m
from tracker.zones.index import NO_STATE, CoastIndex
from tracker.zones.spots import Spots

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

EEZ_NM: Final = 200.0


def state_beside(index: CoastIndex, points: Floats, /) -> Ints:
    """State of the nearest coast or declared line that belongs to no feature of limited effect, up to 200 nm.

    Parameters
    ----------
    points
        In space, shape (n, 3), metres, all within 200 nm of a feature of limited effect.

    Returns
    -------
    ndarray
        Index into ``index.states``; `NO_STATE` where no such coast is near.
    """
    if not len(points):
        return np.zeros(0, np.int64)
    beside, state = _beside(index)
    chord, i = beside.nearest(points, within_m=chord_m(EEZ_NM))
    return np.where(np.isfinite(chord), state[np.minimum(i, len(state) - 1)], NO_STATE)


@cache
def _beside(index: CoastIndex) -> tuple[Spots, Ints]:
    points, code = index.shore.everywhere()
    limited = np.isin(index.feature_of_label, index.limited_features)[code]
    features = points[limited]
    # a place that a feature reaches lies within 200 nm of it, and a coast that matters 200 nm farther
    low, high = features.min(axis=0) - chord_m(2 * EEZ_NM), features.max(axis=0) + chord_m(2 * EEZ_NM)
    coast = ((points >= low) & (points <= high)).all(axis=1) & ~limited
    line = index.line_feature < 0
    state = np.concatenate([index.state_of_label[code[coast]], index.line_state[line]])
    return Spots(np.vstack([points[coast], index.line_points[line]])), state
