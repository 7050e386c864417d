"""Silences of ships with what local reception says about each: switched off, receiver down, out of range, or chance.

Four stories compete for a silence, each with a prior and with what it predicts for the neighbours, hour by hour:

- *off*: the ship stopped sending. Neighbours are heard as usual.
- *hole*: the receiver was down. Neighbours, above all a ship alongside, are not heard either.
- *range*: she left the area that is heard. Neighbours are heard as usual, and at the places where she vanished and
  came back other ships vanish and appear too.
- *chance*: she was sending and was missed. A ship that is heard in few hours anyway is missed often.

Neighbours are ships within some tens of miles in the same hour, nearer ones and those of her own class counting more.
Hours in a row are not independent, so evidence is tempered. With no neighbour at all the priors remain: the data
cannot say, and the probability says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.detectors.edges import EdgeParams, find_edges
from tracker.detectors.hearing import Hearing
from tracker.detectors.receivers import NO_RECEIVERS, Receivers, receivers_down
from tracker.detectors.silences import Silences
from tracker.detectors.way import Way
from tracker.geo.kernels import ecef_m, surface_deg
from tracker.params import Params, param
from tracker.units import METRES_PER_NAUTICAL_MILE, MILLISECONDS_PER_HOUR

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

JUDGED = "engineering judgement; see the module's note"
NEIGHBOURS = 12
"""Neighbours asked for in an hour: the nearest ones decide."""
LEAF = 64
"""Ships in a leaf of the tree of an hour."""
ROWS_AT_A_TIME = 50_000
"""Silent hours asked at a time: bounds memory, not the answer."""
LONGEST_H = 1e5
"""Longer than any silence, h: MMSI and hours share one key."""
MOST_HOURS = 48
"""Hours of one silence that are looked at; two days of evidence change nothing further."""


class SilenceParams(Params):
    """The local reception model."""

    radius_nm: float = param(40.0, "how far neighbours may be, nm", gt=0, source="VHF range of a shore station at sea")
    fade_nm: float = param(20.0, "distance at which a neighbour counts 1/e, nm", gt=0, source=JUDGED)
    other_class_weight: float = param(
        0.3, "what a neighbour of the other class counts", ge=0, le=1, source="Class B sends at 2 W, A at 12.5 W"
    )
    prior_off: float = param(0.15, "prior that a silence is a ship switched off", gt=0, lt=1, source=JUDGED)
    prior_hole: float = param(0.30, "prior that it is a receiver hole", gt=0, lt=1, source=JUDGED)
    prior_range: float = param(0.02, "prior that she left the area heard, in its midst", gt=0, lt=1, source=JUDGED)
    edge_range: float = param(0.90, "the same where every other ship under way vanishes too", gt=0, lt=1, source=JUDGED)
    open_range: float = param(
        0.25,
        "prior that a ship heard no more, or not before, is outside the area of the data",
        gt=0,
        lt=1,
        source=JUDGED,
    )
    open_passers: float = param(4.0, "others passing there at which that prior is halved, count", gt=0, source=JUDGED)
    edges: EdgeParams = EdgeParams()
    alike: float = param(0.7, "another silence this share as long is one like it", gt=0, le=1, source=JUDGED)
    most_heard: float = param(
        0.85, "greatest share of neighbours expected to be heard while the receiver works", gt=0, lt=1, source=JUDGED
    )
    heard_in_hole: float = param(
        0.02, "share of neighbours heard although the receiver is down", gt=0, lt=1, source=JUDGED
    )
    temper: float = param(
        0.6, "weight of an hour beside those before it: hours are not independent", gt=0, le=1, source=JUDGED
    )


@dataclass(frozen=True)
class Stories:
    """Probabilities of the four stories for each silence, and what they rest on."""

    off: FloatArray
    hole: FloatArray
    out_of_range: FloatArray
    chance: FloatArray
    neighbours: FloatArray
    """Ships near her way, mean over the hours."""
    heard_share: FloatArray
    """Share of them that were heard; NaN without any."""
    own_share: FloatArray
    """Share of hours in which she herself is heard otherwise."""
    hours_asked: IntArray
    receivers: tuple[str, ...]
    """The receivers that heard her before, where reports name theirs; empty elsewhere."""
    receivers_down: FloatArray
    """How far they heard nobody at all meanwhile, mean over the hours, 0..1."""
    edge_share: FloatArray
    """Of the other ships under way where she vanished or came back: share that vanish or appear there too."""


def tell_stories(
    silences: Silences,
    hearing: Hearing,
    way: Way,
    is_class_b: Mapping[int, bool],
    /,
    *,
    params: SilenceParams,
    receivers: Receivers = NO_RECEIVERS,
    least_h: float = 0.0,
) -> Stories:
    """Weigh the four stories for each silence.

    Parameters
    ----------
    way : where ships were heard, of the same hearing
    least_h : of shorter silences nothing is told: their probabilities are NaN, h
    is_class_b : by MMSI; an MMSI that is not there counts as Class A
    receivers : what each receiver heard, where reports name theirs
    """
    n = len(silences)
    row_b = np.array([is_class_b.get(m, False) for m in hearing.ids.tolist()], np.bool_)[hearing.ship]
    own_b = np.array([is_class_b.get(m, False) for m in silences.mmsi.tolist()], np.bool_)
    usual = np.array([_usual(hearing, row_b == kind) for kind in (False, True)])
    told = silences.hours >= least_h
    which, hour, place = _hours_of(silences, told)
    xyz = _places(hearing, way)
    weight, heard, count = _neighbours(hearing, xyz, row_b, silences.mmsi[which], own_b[which], hour, place, params)
    down_there = receivers_down(receivers, silences.mmsi, silences.start_ms // MILLISECONDS_PER_HOUR, which, hour)
    # neighbours that others hear say nothing about a receiver of hers that hears nobody
    vote = np.minimum(weight, 1.0) * (1.0 - down_there.share)
    share = np.divide(heard, weight, out=np.ones(len(weight)), where=weight > 0)
    own = _own_share(silences, hearing, usual[own_b.astype(int)])
    # neighbours fall silent for reasons of their own too
    u = np.clip(usual[own_b.astype(int)][which], 0.3, params.most_heard)
    hole = params.heard_in_hole
    log_up = vote * (share * np.log(u) + (1 - share) * np.log(1 - u)) + down_there.log_chance
    log_hole = vote * (share * np.log(hole) + (1 - share) * np.log(1 - hole))
    log_missed = np.log(1.0 - np.clip(own[which], 0.02, 0.98) * (vote * share + (1 - vote)))
    up, down, missed = (
        params.temper * np.bincount(which, weights=values, minlength=n) for values in (log_up, log_hole, log_missed)
    )
    edges = find_edges(silences, way, own, params=params.edges, chosen=told)
    usual_there = np.nan_to_num(edges.share, nan=0.0)
    prior_range = params.prior_range + (params.edge_range - params.prior_range) * usual_there
    # where many others pass and stay heard, or are heard all round, a ship heard no more has not simply sailed out
    unknown = params.open_range * edges.outer * params.open_passers / (params.open_passers + edges.passers)
    prior_range = np.where(silences.is_open, np.maximum(prior_range, unknown), prior_range)
    rest = 1.0 - prior_range
    # a ship that is missed often has many silences, and any of them may be such a one
    prior_chance = (1.0 - params.prior_off - params.prior_hole) * (1.0 + _others_alike(silences, params))
    logs = np.stack(
        [
            np.log(params.prior_off * rest) + up,
            np.log(params.prior_hole * rest) + down,
            np.log(prior_range) + up,
            np.log(prior_chance * rest) + up + missed,
        ]
    )
    odds = np.exp(logs - logs.max(axis=0)) if n else logs
    off, hole_p, gone, chance = np.where(told, odds / odds.sum(axis=0), np.nan) if n else odds
    asked = np.bincount(which, minlength=n)
    total = np.bincount(which, weights=weight, minlength=n)
    seen = np.bincount(which, weights=heard, minlength=n)
    return Stories(
        off,
        hole_p,
        gone,
        chance,
        neighbours=np.bincount(which, weights=count, minlength=n) / np.maximum(asked, 1),
        heard_share=np.divide(seen, total, out=np.full(n, np.nan), where=total > 0),
        own_share=own,
        hours_asked=asked,
        receivers=down_there.hers,
        receivers_down=np.bincount(which, weights=down_there.share, minlength=n) / np.maximum(asked, 1),
        edge_share=edges.share,
    )


def _usual(hearing: Hearing, chosen: npt.NDArray[np.bool_]) -> float:
    """Share of the hours of ships of a class in which they were heard, shrunk towards 0.9 where there are few."""
    return float((np.count_nonzero(hearing.reports[chosen]) + 9.0) / (np.count_nonzero(chosen) + 10.0))


def _hours_of(silences: Silences, told: npt.NDArray[np.bool_]) -> tuple[IntArray, IntArray, FloatArray]:
    """Whole hours inside each of some silences: (which, hour since 1970, earth-centred place at its middle)."""
    first = -(-silences.start_ms // MILLISECONDS_PER_HOUR)
    count = np.clip(silences.end_ms // MILLISECONDS_PER_HOUR - first, 0, MOST_HOURS) * told
    which = np.repeat(np.arange(len(silences)), count)
    hour = first[which] + np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    # an open side is taken to be where the other is: near enough for the hours that follow the last report
    lon_1, lat_1 = _or(silences.lon_1, silences.lon_2), _or(silences.lat_1, silences.lat_2)
    lon_2, lat_2 = _or(silences.lon_2, silences.lon_1), _or(silences.lat_2, silences.lat_1)
    middle_ms = (hour + 0.5) * MILLISECONDS_PER_HOUR
    share = (middle_ms - silences.start_ms[which]) / np.maximum(silences.end_ms - silences.start_ms, 1)[which]
    before, after = ecef_m(lon_1[which], lat_1[which]), ecef_m(lon_2[which], lat_2[which])
    on_line = surface_deg(*(a + share * (b - a) for a, b in zip(before, after, strict=True)))
    return which, hour, np.column_stack(ecef_m(*on_line))


def _places(hearing: Hearing, way: Way) -> FloatArray:
    """Of each row, earth-centred, m, (n, 3); most are known."""
    xyz = np.empty((len(hearing.hour), 3))
    xyz[way.order] = way.xyz
    unheard = np.flatnonzero(hearing.reports == 0)
    xyz[unheard] = np.column_stack(ecef_m(hearing.lon[unheard], hearing.lat[unheard]))
    return xyz


def _or(one: FloatArray, other: FloatArray) -> FloatArray:
    return np.where(np.isnan(one), other, one)


def _neighbours(
    hearing: Hearing,
    xyz: FloatArray,
    row_b: npt.NDArray[np.bool_],
    mmsi: IntArray,
    is_b: npt.NDArray[np.bool_],
    hour: IntArray,
    place: FloatArray,
    params: SilenceParams,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """For each silent hour: weight of the neighbours, weight of those heard, and how many they are."""
    weight, heard, count = np.zeros(len(hour)), np.zeros(len(hour)), np.zeros(len(hour))
    # that a ship seldom heard was not heard says little; that she was heard says all
    says = np.where(hearing.reports > 0, 1.0, _rate_of_rows(hearing))
    reach_m, fade_m = params.radius_nm * METRES_PER_NAUTICAL_MILE, params.fade_nm * METRES_PER_NAUTICAL_MILE
    order = np.argsort(hour, kind="stable")
    for begin in range(0, len(order), ROWS_AT_A_TIME):
        rows = order[begin : begin + ROWS_AT_A_TIME]
        away, at = _nearest_in_the_hour(hearing, xyz, hour[rows], place[rows], reach_m)
        is_near = np.isfinite(away)
        is_near &= hearing.mmsi[at] != mmsi[rows][:, None]
        same = row_b[at] == is_b[rows][:, None]
        each = (
            is_near
            * says[at]
            * np.exp(-np.where(is_near, away, 0.0) / fade_m)
            * np.where(same, 1.0, params.other_class_weight)
        )
        weight[rows], count[rows] = each.sum(1), is_near.sum(1)
        heard[rows] = (each * (hearing.reports[at] > 0)).sum(1)
    return weight, heard, count


def _nearest_in_the_hour(
    hearing: Hearing, xyz: FloatArray, hour: IntArray, place: FloatArray, reach_m: float
) -> tuple[FloatArray, IntArray]:
    """Distance, m, and row of the ships nearest to places in hours that are in order; infinite where there are fewer."""
    from scipy.spatial import cKDTree

    away, at = np.full((len(hour), NEIGHBOURS + 1), np.inf), np.zeros((len(hour), NEIGHBOURS + 1), np.int64)
    hours, starts = np.unique(hour, return_index=True)
    bounds = np.searchsorted(hearing.hour, np.stack([hours, hours + 1])).T.tolist()
    for (begin, end), first, last in zip(bounds, starts.tolist(), [*starts[1:].tolist(), len(hour)], strict=True):
        k = min(NEIGHBOURS + 1, end - begin)
        if k:
            # most of the work is to build it: few places are asked
            tree = cKDTree(xyz[begin:end], leafsize=LEAF, balanced_tree=False, compact_nodes=False)
            found = tree.query(place[first:last], k=list(range(1, k + 1)), distance_upper_bound=reach_m)
            away[first:last, :k], at[first:last, :k] = found[0], np.where(np.isfinite(found[0]), found[1] + begin, 0)
    return away, at


def _rate_of_rows(hearing: Hearing) -> FloatArray:
    """For each row, share of the hours of that ship in which she was heard."""
    present, heard = _hours_of_ships(hearing)
    return np.asarray((heard / present)[hearing.ship])


def _hours_of_ships(hearing: Hearing) -> tuple[IntArray, FloatArray]:
    """For each of `Hearing.ids`, hours in which she was there, and in which she was heard."""
    n = len(hearing.ids)
    present = np.bincount(hearing.ship, minlength=n).astype(np.int64)
    return present, np.asarray(np.bincount(hearing.ship, hearing.reports > 0, n), np.float64)


def _own_share(silences: Silences, hearing: Hearing, usual: FloatArray) -> FloatArray:
    """Share of her other hours in which each ship was heard, shrunk towards what is usual for her class."""
    present, heard = _hours_of_ships(hearing)
    where = np.searchsorted(hearing.ids, silences.mmsi)
    inside = np.maximum(silences.end_ms // MILLISECONDS_PER_HOUR - silences.start_ms // MILLISECONDS_PER_HOUR - 1, 0)
    others = np.maximum(present[where] - np.where(silences.is_open, 0, inside), 0)
    heard_then = np.minimum(heard[where], others)
    return np.asarray((heard_then + 4.0 * usual) / (others + 4.0))


def _others_alike(silences: Silences, params: SilenceParams) -> FloatArray:
    """How many other silences of the same ship are about as long, or longer."""
    order = np.lexsort((silences.hours, silences.mmsi))
    key = silences.mmsi[order].astype(np.float64) * LONGEST_H + np.minimum(silences.hours[order], LONGEST_H - 1.0)
    least = silences.mmsi * LONGEST_H + np.minimum(params.alike * silences.hours, LONGEST_H - 1.0)
    end = np.searchsorted(silences.mmsi[order], silences.mmsi, side="right")
    return np.asarray(np.maximum(end - np.searchsorted(key, least) - 1, 0), np.float64)
