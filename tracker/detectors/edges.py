"""Where reception ends: how usual it is for ships to vanish or appear where one did.

Ships that vanish and come back at one place show a hole in what is heard there. Ships heard no more, or not before, show
an edge only where nothing is heard beyond it: in the midst of others a ship that is heard no more has not sailed out.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.detectors.boxes import Boxes
from tracker.detectors.hearing import Hearing
from tracker.detectors.silences import Silences
from tracker.geo.kernels import ecef_m, surface_deg
from tracker.params import Params, param
from tracker.units import METRES_PER_NAUTICAL_MILE

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

JUDGED = "engineering judgement; see the module's note"
CHUNK_ENDS = 4000
"""Ends of silences asked at a time: bounds memory, not the answer."""


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


def find_edges(
    silences: Silences, hearing: Hearing, xyz: FloatArray, own: FloatArray, /, *, params: EdgeParams
) -> Edges:
    """How usual it is to vanish or appear where each silence began and ended.

    A ship that leaves what is heard does so at its edge and comes back over it, so both sides must look like one.

    Parameters
    ----------
    xyz : (m, 3) places of the rows of `hearing`, earth-centred, m
    own : for each silence, the share of her other hours in which the ship was heard
    """
    # a ship that is missed everywhere tells nothing of an edge
    long = (silences.hours >= params.min_h) & (own >= params.own)
    n = len(silences)
    share, passers, outer = np.full((2, n), np.nan), np.zeros((2, n)), np.full((2, n), np.nan)
    lon, lat = np.stack([silences.lon_1, silences.lon_2]), np.stack([silences.lat_1, silences.lat_2])
    known = np.isfinite(lon)
    asked = known & ~(np.stack([silences.sog_kn_1, silences.sog_kn_2]) < params.under_way_kn)
    is_lost = asked & long
    if not is_lost.any():
        return Edges(share[0], passers[0], np.ones(n))
    row = np.nonzero(is_lost)[1]
    about = _About(hearing, xyz, lon[is_lost], lat[is_lost], silences.mmsi[row], silences.is_open[row])
    ends = np.nonzero(asked)
    # neighbours one after another: they are asked about together
    order = np.lexsort((np.floor(lon[ends]), np.floor(lat[ends])))
    for begin in range(0, len(order), CHUNK_ENDS):
        some = ends[0][order[begin : begin + CHUNK_ENDS]], ends[1][order[begin : begin + CHUNK_ENDS]]
        width, others, back, gone = about.ask(lon[some], lat[some], silences.mmsi[some[1]], params)
        outer[some] = np.clip((width - params.inside_deg) / max(params.outside_deg - params.inside_deg, 1e-9), 0.0, 1.0)
        share[some] = (back + outer[some] * gone) / (others + 2.0)
        passers[some] = others
    # an open side cannot be asked
    edge = np.where(known, np.nan_to_num(share, nan=0.0), np.inf).min(axis=0)
    least = np.where(known, np.nan_to_num(outer, nan=1.0), np.inf).min(axis=0)
    return Edges(
        np.where(np.isfinite(edge), edge, np.nan), passers.max(axis=0), np.where(np.isfinite(least), least, 1.0)
    )


class _About:
    """Who was heard about places, and who vanished or appeared there."""

    def __init__(
        self,
        hearing: Hearing,
        xyz: FloatArray,
        lon: FloatArray,
        lat: FloatArray,
        mmsi: IntArray,
        is_open: npt.NDArray[np.bool_],
    ) -> None:
        heard = hearing.reports > 0
        self._ids = hearing.ids
        self._heard = Boxes(xyz[heard], hearing.ship[heard])
        self._only = self._heard.only_ships()
        self._box_xyz = np.column_stack(ecef_m(*surface_deg(*self._heard.middle.T)))
        lost, ship = np.column_stack(ecef_m(lon, lat)), self._number(mmsi)
        self._back, self._gone = (Boxes(lost[rows], ship[rows]) for rows in (~is_open, is_open))

    def ask(self, lon: FloatArray, lat: FloatArray, mmsi: IntArray, params: EdgeParams, /) -> tuple[FloatArray, ...]:
        """What lies about places.

        Returns
        -------
        widest sector in which no other ship was ever heard, degrees (360 without any); how many others were heard near;
        how many of those vanished or appeared near and came back, and how many of the rest did so for good
        """
        from tracker.geo.kernels.around import count_about, widest_gaps

        xyz, ship = np.column_stack(ecef_m(lon, lat)), self._number(mmsi)
        width, counts = np.empty(len(lon)), np.empty((len(lon), 3), np.int64)
        round_m, near_m = (nm * METRES_PER_NAUTICAL_MILE for nm in (params.round_nm, params.near_nm))
        heard = self._heard.about(xyz, max(round_m, near_m))
        widest_gaps(heard, self._box_xyz, self._only, round_m, xyz, lon, lat, ship, width)
        tables = (heard, self._back.about(xyz, near_m), self._gone.about(xyz, near_m))
        count_about(xyz, ship, tables, near_m, np.full((4, len(self._ids) + 1), -1, np.int32), counts)
        return width, *counts.T.astype(np.float64)

    def _number(self, mmsi: IntArray) -> IntArray:
        return np.searchsorted(self._ids, mmsi)
