"""Where reception ends: how usual it is for ships to vanish or appear where one did.

Ships that vanish and come back at one place show a hole in what is heard there. Ships heard no more, or not before, show
an edge only where nothing is heard beyond it: in the midst of others a ship that is heard no more has not sailed out.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.detectors.courses import bearing_deg
from tracker.detectors.hearing import Hearing
from tracker.detectors.silences import Silences
from tracker.geo.kernels import ecef_m, surface_deg
from tracker.params import Params, param
from tracker.units import METRES_PER_NAUTICAL_MILE

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

JUDGED = "engineering judgement; see the module's note"
CELL_NM = 5.0
"""Side of the boxes in which it is noted that ships were heard."""


class EdgeParams(Params):
    """How an edge of reception is told."""

    near_nm: float = param(15.0, "how far from a place others are asked about, nm", gt=0, source=JUDGED)
    min_h: float = param(2.0, "silences of others from this length count there, h", gt=0, source=JUDGED)
    own: float = param(
        0.6, "share of her other hours in which a ship must be heard to tell of an edge", ge=0, le=1, source=JUDGED
    )
    under_way_kn: float = param(
        3.0, "only a ship under way sails out of range, kn", ge=0, source="GFW: slow is under 2 kn"
    )
    round_nm: float = param(
        40.0, "how far round a place others are looked for, nm", gt=0, source="VHF range of a shore station at sea"
    )
    inside_deg: float = param(
        120.0, "a place with no wider sector without others is inside, degrees", gt=0, le=360, source=JUDGED
    )
    outside_deg: float = param(
        180.0, "from a sector this wide it is at the edge, degrees", gt=0, le=360, source="half a plane is empty"
    )


@dataclass(frozen=True)
class Edges:
    """What is known of the ends of each silence."""

    share: FloatArray
    """Of the other ships under way there: share that vanish or appear there too, at the less usual end; NaN: unknown."""
    passers: FloatArray
    """Other ships heard there, at the end with more of them."""
    outer: FloatArray
    """0: others are heard all round one end at least; 1: nothing is heard beyond any known end."""


def find_edges(silences: Silences, hearing: Hearing, own: FloatArray, /, *, params: EdgeParams) -> Edges:
    """How usual it is to vanish or appear where each silence began and ended.

    A ship that leaves what is heard does so at its edge and comes back over it, so both sides must look like one.

    Parameters
    ----------
    own : for each silence, the share of her other hours in which the ship was heard
    """
    from scipy.spatial import cKDTree

    # a ship that is missed everywhere tells nothing of an edge
    long = (silences.hours >= params.min_h) & (own >= params.own)
    sides = (silences.lon_1, silences.lat_1, silences.sog_kn_1), (silences.lon_2, silences.lat_2, silences.sog_kn_2)
    lost: list[FloatArray] = []
    ids: list[IntArray] = []
    forever: list[npt.NDArray[np.bool_]] = []
    for lon, lat, sog in sides:
        use = long & np.isfinite(lon) & ~(sog < params.under_way_kn)
        lost.append(np.column_stack(ecef_m(lon[use], lat[use])))
        ids.append(silences.mmsi[use])
        forever.append(silences.is_open[use])
    lost_xyz, lost_id, is_open = np.concatenate(lost), np.concatenate(ids), np.concatenate(forever)
    passed = hearing.reports > 0
    passed_xyz, passed_id = np.column_stack(ecef_m(hearing.lon[passed], hearing.lat[passed])), hearing.mmsi[passed]
    n = len(silences)
    share, passers, outer = np.full((2, n), np.nan), np.zeros((2, n)), np.full((2, n), np.nan)
    if not len(lost_id):
        return Edges(share[0], passers[0], np.ones(n))
    radius_m = params.near_nm * METRES_PER_NAUTICAL_MILE
    lost_tree, passed_tree, sea = cKDTree(lost_xyz), cKDTree(passed_xyz), _Heard(passed_xyz, passed_id)
    for side, (lon, lat, sog) in enumerate(sides):
        rows = np.flatnonzero(np.isfinite(lon) & ~(sog < params.under_way_kn))
        if not len(rows):
            continue
        xyz = np.column_stack(ecef_m(lon[rows], lat[rows]))
        width = sea.widest_gap_deg(xyz, lon[rows], lat[rows], silences.mmsi[rows], params.round_nm)
        outer[side, rows] = np.clip(
            (width - params.inside_deg) / max(params.outside_deg - params.inside_deg, 1e-9), 0.0, 1.0
        )
        vanish, come = lost_tree.query_ball_point(xyz, radius_m), passed_tree.query_ball_point(xyz, radius_m)
        for row, near_lost, near_passed in zip(rows.tolist(), vanish, come, strict=True):
            others = set(passed_id[near_passed].tolist()) - {int(silences.mmsi[row])}
            at = np.asarray(near_lost, np.int64)
            back = set(lost_id[at[~is_open[at]]].tolist()) & others
            gone = (set(lost_id[at].tolist()) & others) - back
            share[side, row] = (len(back) + outer[side, row] * len(gone)) / (len(others) + 2.0)
            passers[side, row] = len(others)
    # an open side cannot be asked
    known = np.isfinite(np.stack([silences.lon_1, silences.lon_2]))
    edge = np.where(known, np.nan_to_num(share, nan=0.0), np.inf).min(axis=0)
    least = np.where(known, np.nan_to_num(outer, nan=1.0), np.inf).min(axis=0)
    return Edges(
        np.where(np.isfinite(edge), edge, np.nan), passers.max(axis=0), np.where(np.isfinite(least), least, 1.0)
    )


class _Heard:
    """Boxes of sea in which ships were heard."""

    def __init__(self, xyz: FloatArray, mmsi: IntArray) -> None:
        from scipy.spatial import cKDTree

        size_m = CELL_NM * METRES_PER_NAUTICAL_MILE
        box = np.unique(np.floor(xyz / size_m).astype(np.int64), axis=0, return_inverse=True)[1].ravel()
        pair = np.unique(np.column_stack([box, mmsi]), axis=0)
        count = np.bincount(box)
        middle = np.column_stack([np.bincount(box, axis) / count for axis in xyz.T])
        self._lon, self._lat = surface_deg(*middle.T)
        ships = np.bincount(pair[:, 0])
        # the ship of a box in which only one was heard
        first = np.searchsorted(pair[:, 0], np.arange(len(ships)))
        self._only = np.where(ships == 1, pair[first, 1], -1)
        self._tree = cKDTree(middle)

    def widest_gap_deg(
        self, xyz: FloatArray, lon: FloatArray, lat: FloatArray, mmsi: IntArray, reach_nm: float
    ) -> FloatArray:
        """Widest sector about each place in which no other ship was ever heard, 360 without any, degrees."""
        near = self._tree.query_ball_point(xyz, reach_nm * METRES_PER_NAUTICAL_MILE)
        which = np.repeat(np.arange(len(near)), [len(one) for one in near])
        at = np.fromiter((box for one in near for box in one), np.int64, len(which))
        others = self._only[at] != mmsi[which]
        which, at = which[others], at[others]
        bearing = bearing_deg(lon[which], lat[which], self._lon[at], self._lat[at])
        order = np.lexsort((bearing, which))
        which, bearing = which[order], bearing[order]
        widest = np.full(len(near), 360.0)
        if not len(which):
            return widest
        begin = np.flatnonzero(np.r_[True, np.diff(which) > 0])
        last = np.r_[begin[1:], len(which)] - 1
        step = np.r_[np.diff(bearing), 0.0]
        step[last] = bearing[begin] + 360.0 - bearing[last]
        widest[which[begin]] = np.maximum.reduceat(step, begin)
        return widest
