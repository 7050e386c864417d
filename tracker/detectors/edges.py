"""Where reception ends: how usual it is for ships to vanish or appear where one did.

Ships that vanish and come back at one place show a hole in what is heard there. Ships heard no more, or not before, show
an edge only where nothing is heard beyond it: in the midst of others a ship that is heard no more has not sailed out.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.detectors.boxes import Boxes
from tracker.detectors.silences import Silences
from tracker.detectors.way import Way
from tracker.geo.kernels import ecef_m, surface_deg
from tracker.params import Params, param
from tracker.units import METRES_PER_NAUTICAL_MILE

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

JUDGED = "engineering judgement; see the module's note"
FULL_CIRCLE = 360.0
CHUNK_WIDTHS = 500
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
    """Of a ship heard no more, or not before. 0: others are heard all round her end; 1: nothing is heard beyond it."""


def find_edges(
    silences: Silences,
    way: Way,
    own: FloatArray,
    /,
    *,
    params: EdgeParams,
    chosen: npt.NDArray[np.bool_] | None = None,
) -> Edges:
    """How usual it is to vanish or appear where each silence began and ended.

    A ship that leaves what is heard does so at its edge and comes back over it, so both sides must look like one.

    Parameters
    ----------
    way : where ships were heard
    own : for each silence, the share of her other hours in which the ship was heard
    chosen : silences that are asked about; all unless given
    """
    # a ship that is missed everywhere tells nothing of an edge
    long = (silences.hours >= params.min_h) & (own >= params.own)
    n = len(silences)
    share, passers, outer = np.full((2, n), np.nan), np.zeros((2, n)), np.ones((2, n))
    lon, lat = np.stack([silences.lon_1, silences.lon_2]), np.stack([silences.lat_1, silences.lat_2])
    known = np.isfinite(lon)
    under_way = known & ~(np.stack([silences.sog_kn_1, silences.sog_kn_2]) < params.under_way_kn)
    is_lost = under_way & long
    # where one known end is no edge, the other need not be asked
    asked = under_way & (under_way == known).all(axis=0) & (True if chosen is None else chosen)
    if not is_lost.any():
        return Edges(share[0], passers[0], outer[0])
    row = np.nonzero(is_lost)[1]
    about = _About(way, lon[is_lost], lat[is_lost], silences.mmsi[row], silences.is_open[row])
    ends = np.nonzero(asked)
    # neighbours one after another: they are asked about together
    order = np.lexsort((np.floor(lon[ends]), np.floor(lat[ends])))
    for begin in range(0, len(order), CHUNK_ENDS):
        some = ends[0][order[begin : begin + CHUNK_ENDS]], ends[1][order[begin : begin + CHUNK_ENDS]]
        others, back, gone = about.count(lon[some], lat[some], silences.mmsi[some[1]], params)
        # only of ships heard no more it matters whether anything is heard beyond
        wide = np.flatnonzero(silences.is_open[some[1]] | (gone > 0))
        end = some[0][wide], some[1][wide]
        width = np.full(len(others), params.outside_deg)
        width[wide] = about.widths(lon[end], lat[end], silences.mmsi[end[1]], params)
        outer[some] = np.clip((width - params.inside_deg) / max(params.outside_deg - params.inside_deg, 1e-9), 0.0, 1.0)
        share[some] = (back + outer[some] * gone) / (others + 2.0)
        passers[some] = others
    # an open side cannot be asked
    edge = np.where(known, np.nan_to_num(share, nan=0.0), np.inf).min(axis=0)
    least = np.where(known, outer, np.inf).min(axis=0)
    return Edges(
        np.where(np.isfinite(edge), edge, np.nan), passers.max(axis=0), np.where(np.isfinite(least), least, 1.0)
    )


class _About:
    """Who was heard about places, and who vanished or appeared there."""

    def __init__(
        self, way: Way, lon: FloatArray, lat: FloatArray, mmsi: IntArray, is_open: npt.NDArray[np.bool_]
    ) -> None:
        self._ids = way.ids
        self._heard = Boxes(way.xyz, way.ship)
        self._lone = self._heard.only_ships()
        self._surface = np.column_stack(ecef_m(*surface_deg(*self._heard.middle.T)))
        lost, ship = np.column_stack(ecef_m(lon, lat)), self._number(mmsi)
        self._back, self._gone = (Boxes(lost[rows], ship[rows]) for rows in (~is_open, is_open))

    def count(self, lon: FloatArray, lat: FloatArray, mmsi: IntArray, params: EdgeParams, /) -> FloatArray:
        """How many other ships were heard near places; how many of those vanished or appeared near and came back, and
        how many of the rest did so for good: (3, n)."""
        from tracker.geo.kernels.around import count_about

        xyz, ship = np.column_stack(ecef_m(lon, lat)), self._number(mmsi)
        counts = np.empty((len(lon), 3), np.int64)
        near_m = params.near_nm * METRES_PER_NAUTICAL_MILE
        tables = tuple(boxes.about(xyz, near_m) for boxes in (self._heard, self._back, self._gone))
        count_about(xyz, ship, tables, near_m, np.full((4, len(self._ids) + 1), -1, np.int32), counts)
        return counts.T.astype(np.float64)

    def widths(self, lon: FloatArray, lat: FloatArray, mmsi: IntArray, params: EdgeParams, /) -> FloatArray:
        """Widest sector about places in which no other ship was ever heard, degrees; 360 without any."""
        width = np.full(len(lon), FULL_CIRCLE)
        for begin in range(0, len(lon), CHUNK_WIDTHS):
            some = slice(begin, begin + CHUNK_WIDTHS)
            xyz, ship = np.column_stack(ecef_m(lon[some], lat[some])), self._number(mmsi[some])
            place, box = self._heard.pairs(xyz, params.round_nm * METRES_PER_NAUTICAL_MILE)
            others = self._lone[box] != ship[place]
            place, box = place[others], box[others]
            towards = self._surface[box] - xyz[place]
            east, north = (np.einsum("ij,ij->i", axis[place], towards) for axis in _level(lon[some], lat[some]))
            rows, gaps = widest_sectors_deg(place, np.degrees(np.arctan2(east, north)) % FULL_CIRCLE)
            width[begin + rows] = gaps
        return width

    def _number(self, mmsi: IntArray) -> IntArray:
        return np.searchsorted(self._ids, mmsi)


def _level(lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Unit vectors east and north at places, earth-centred, (n, 3) each."""
    lon, lat = np.radians(lon), np.radians(lat)
    east = np.column_stack([-np.sin(lon), np.cos(lon), np.zeros(len(lon))])
    return east, np.column_stack([-np.sin(lat) * np.cos(lon), -np.sin(lat) * np.sin(lon), np.cos(lat)])


def widest_sectors_deg(place: IntArray, bearing_deg: FloatArray, /) -> tuple[IntArray, FloatArray]:
    """Places, and the widest sector of each between two bearings after one another, degrees."""
    # one number in order of place and bearing
    turn = np.sort(place * (2.0 * FULL_CIRCLE) + bearing_deg)
    place = (turn / (2.0 * FULL_CIRCLE)).astype(np.int64)
    heads = np.flatnonzero(np.diff(place, prepend=-1))
    if not len(heads):
        return heads, turn
    lasts = np.append(heads[1:], len(turn)) - 1
    gap = np.diff(turn, append=0.0)
    gap[lasts] = turn[heads] + FULL_CIRCLE - turn[lasts]
    return place[heads], np.maximum.reduceat(gap, heads)
