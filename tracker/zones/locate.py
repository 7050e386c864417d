"""Whose water: the legal place of points, from distances to coast and baseline.

Landward of a declared line is internal waters; within 12 nm (3 or 6 nm where a state keeps less) of the baseline
territorial sea, 24 nm contiguous zone, 200 nm exclusive economic zone, beyond it the high seas (UNCLOS art. 3,
8, 33, 57). The state is that of the nearest coast or baseline, unless a treaty line divides. Low-water coast
stands in where no declared line is known, so that there the territorial sea is a lower bound.

A point on land is a ship in a river, a lake, a dock or off a coast drawn too coarsely: within 60 nm of the sea it
is internal waters of the state of the nearest coast, uncertain (across a border river that may be the neighbour);
farther inland nothing is said but the distance. ``source`` says "on land" in both cases.

The state of a disputed coast is the one that administers it, which is no judgement on the claim: ``claimants``
names all, and wherever a dispute lists more than one the answer is uncertain, however far the next limit is.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tracker.zones.answer import (
    ANTARCTICA,
    CONTIGUOUS,
    EEZ,
    HIGH_SEAS,
    INTERNAL,
    LANDLOCKED,
    TERRITORIAL,
    UNKNOWN,
    WATERS_SCHEMA,
    ZONES,
    Answer,
    put_in_words,
    spread,
)
from tracker.zones.baselines import inside_lines, read_chains, read_internal_waters
from tracker.zones.breadths import breadth_codes, read_breadths
from tracker.zones.doubts import (
    DOUBT_NM,
    doubt_archipelagos,
    doubt_claimed_bays,
    doubt_claims,
    doubt_states,
    doubt_unheld_lines,
)
from tracker.zones.earth import morton_order, to_ecef, wrap_lon
from tracker.zones.effect import state_beside
from tracker.zones.given import GivenZones, apply_zones
from tracker.zones.index import NO_STATE, CoastIndex, Near, read_index
from tracker.zones.seas import read_seas, sea_called, sea_codes
from tracker.zones.treaties import is_inside, read_special_zones, sea_claims, side_of

__all__ = ["WATERS_SCHEMA", "ZONES", "locate"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Given = TypeVar("Given")
Made = TypeVar("Made")

CONTIGUOUS_NM: Final = 24.0
EEZ_NM: Final = 200.0
INLAND_NM: Final = 60.0
"""How far from the sea a point on land still counts as in internal waters: Pyongyang 17, Shanghai 7."""
LANDLOCKED_SEA: Final = "Caspian Sea"
PIECE: Final = 32_768
"""Points that one thread works on at a time."""
UNASKED: Final = -2
"""In the column of seas: far inland, where no sea is named."""


def locate(
    lon_deg: npt.ArrayLike,
    lat_deg: npt.ArrayLike,
    *,
    index: CoastIndex | None = None,
    zones: GivenZones | None = None,
) -> Any:
    """Legal place of points of the sea.

    Parameters
    ----------
    lon_deg, lat_deg
        Degrees, shape (n,); longitudes of any turn. A position that is not one (NaN, infinite, latitude beyond
        90) gets a row of nulls whose ``source`` is "no position".
    index
        The index to ask; the packaged one unless given.
    zones
        A user's polygons (`tracker.zones.given.read_zones`), which win where they hold a point; ``source`` says so,
        and says where none does.

    Returns
    -------
    pyarrow.Table
        `WATERS_SCHEMA`, one row for each point: ``waters`` one of `ZONES`, ``state`` (null on the high seas),
        ``claimants``, ``special_zones``, ``sea``, ``is_international`` (beyond every territorial sea), distances
        to coast and baseline and to the nearest limit in nautical miles, ``waters_uncertain`` (a limit or a second
        state is nearer than the method's error, the point is on land, several states claim it, or lines are not known), ``source``.
    """
    lon, lat = np.atleast_1d(np.asarray(lon_deg, np.float64)), np.atleast_1d(np.asarray(lat_deg, np.float64))
    good = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat) & (np.abs(lat) <= 90))
    index = index or read_index()
    # neighbours one after another find the tree's branches in the cache: four times as fast
    order = morton_order(wrap_lon(lon[good]), lat[good])
    x, y = wrap_lon(lon[good[order]]), lat[good[order]]
    pieces = [slice(begin, begin + PIECE) for begin in range(0, max(len(x), 1), PIECE)]
    # the first alone: it reads what all share
    first = _piece(index, lon=x[pieces[0]], lat=y[pieces[0]])
    others = _side_by_side(lambda piece: _piece(index, lon=x[piece], lat=y[piece]), pieces[1:])
    answer = Answer.joined([first, *others])
    if zones is not None:
        apply_zones(zones, answer, lon=x, lat=y)
        unasked = np.flatnonzero((answer.sea == UNASKED) & (answer.zone != UNKNOWN))
        answer.sea[unasked] = sea_codes(x[unasked], y[unasked])
    back = np.empty(len(order), np.int64)
    back[order] = np.arange(len(order))
    answer = answer.at(back)
    # as many as there are cores: the words of each combination are made once in each
    share = max(PIECE, -(-len(x) // (os.cpu_count() or 1)))
    parts = [slice(begin, begin + share) for begin in range(0, max(len(x), 1), share)]
    tables = _side_by_side(lambda part: put_in_words(index, answer.at(part)), parts)
    return spread(pa.concat_tables(tables).combine_chunks(), rows=good, total=len(lon))


def _side_by_side(work: Callable[[Given], Made], pieces: Sequence[Given]) -> list[Made]:
    """Do the work of all pieces, on every core."""
    if len(pieces) < 2:
        return [work(piece) for piece in pieces]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return list(pool.map(work, pieces))


def zones_and_states(index: CoastIndex, *, lon: Floats, lat: Floats) -> Answer:
    """Zone and state of points, longitudes in [-180, 180), before other doubts than of limits and treaties are raised."""
    points = to_ecef(lon, lat)
    inside = inside_lines(lon=lon, lat=lat)
    near = index.nearest(points, landward=inside >= 0)
    answer = _zones(index, near, inside, lon=lon, lat=lat)
    _yield_to_mainlands(index, answer, points=points)
    _apply_treaties(index, answer, lon=lon, lat=lat)
    return answer


def _piece(index: CoastIndex, *, lon: Floats, lat: Floats) -> Answer:
    """What is computed for neighbouring points."""
    answer = zones_and_states(index, lon=lon, lat=lat)
    doubt_states(index, answer, points=to_ecef(lon, lat), lon=lon, lat=lat)
    doubt_claims(index, answer)
    doubt_archipelagos(answer)
    doubt_claimed_bays(answer)
    doubt_unheld_lines(answer, lon=lon, lat=lat)
    asked = np.flatnonzero(answer.zone != UNKNOWN)
    answer.sea[asked] = sea_codes(lon[asked], lat[asked])
    _set_afloat(answer, lon=lon, lat=lat)
    return answer


def _set_afloat(answer: Answer, *, lon: Floats, lat: Floats) -> None:
    """Places far inland on a landlocked sea are named and not on land; of its coast and limits nothing is known."""
    inland = np.flatnonzero(answer.zone == UNKNOWN)
    sea = sea_called(LANDLOCKED_SEA)
    afloat = inland[sea.contains(lon[inland], lat[inland])]
    answer.sea[afloat] = read_seas().index(sea)
    answer.on_land[afloat], answer.chain[afloat], answer.coast[afloat] = False, LANDLOCKED, np.nan


def _zones(index: CoastIndex, near: Near, inside: Ints, *, lon: Floats, lat: Floats) -> Answer:
    """Thresholds on the distance to the baseline, and the state of whatever is nearest."""
    chains = read_chains()
    n = len(lon)
    line_first = near.line_nm < near.effective_nm
    baseline = np.minimum(near.line_nm, near.effective_nm)
    limit = np.where(line_first, near.line_limit_nm, 12.0)
    chain_state = np.array([index.states.index(c.state) for c in chains])
    state = np.where(line_first, chain_state[near.line], index.state_of_label[near.label])
    feature = np.where(line_first, near.line_feature, index.feature_of_label[near.label])
    chain = np.where(line_first, near.line, -1)
    # a declared line may run seaward of islands that its state does not hold: Kinmen, Matsu
    beside = line_first & (feature < 0) & (near.effective_nm <= 12.0)
    feature = np.where(beside, index.feature_of_label[near.label], feature)

    breadth = np.where(line_first, -1, breadth_codes(state, states=index.states, lon=lon, lat=lat))
    kept_nm = np.array([area.limit_nm for area in read_breadths()] + [12.0])
    limit = np.minimum(limit, kept_nm[breadth])

    edges = np.stack([limit, np.full(n, CONTIGUOUS_NM), np.full(n, EEZ_NM)])
    zone = TERRITORIAL + (baseline > edges).sum(axis=0)
    margin = np.abs(baseline - edges).min(axis=0)
    margin = np.where(chain >= 0, np.minimum(margin, near.line_nm), margin)

    bare = (near.bare_nm <= 12.0) & (zone > TERRITORIAL)
    zone[bare], state[bare] = TERRITORIAL, NO_STATE
    feature[bare] = index.feature_of_label[near.bare_label[bare]]
    baseline[bare], chain[bare] = near.bare_nm[bare], -1
    margin[bare] = 12.0 - near.bare_nm[bare]

    on_land = index.is_on_land(lon, lat)
    within = inside >= 0
    zone[within] = INTERNAL
    taken = within & (feature < 0)
    owner = np.array([index.states.index(a.state) for a in read_internal_waters()])
    state[taken] = owner[inside[taken]]
    held = within & beside
    state[held] = index.state_of_label[near.label[held]]
    chain[within] = near.line[within]
    baseline[within] = margin[within] = near.line_nm[within]

    uncertain = (margin < DOUBT_NM) | bare
    is_approximate = np.array([area.is_approximate for area in read_breadths()] + [False])
    uncertain |= is_approximate[breadth] & (baseline > limit) & (baseline <= 12.0)
    harbour = on_land & (near.coast_nm <= INLAND_NM)
    inland = on_land & ~harbour
    zone[harbour] = INTERNAL
    ashore = harbour & ~within & ~bare
    state[ashore] = index.state_of_label[near.label[ashore]]
    feature[ashore] = index.feature_of_label[near.label[ashore]]
    uncertain |= harbour
    margin[harbour & ~within] = near.coast_nm[harbour & ~within]
    zone[inland], state[inland], feature[inland] = UNKNOWN, NO_STATE, -1
    margin[inland] = baseline[inland] = np.nan
    polar = state == (index.states.index("ATA") if "ATA" in index.states else -2)
    polar &= ~on_land
    polar &= baseline <= EEZ_NM
    zone[polar], state[polar], uncertain[polar], chain[polar] = HIGH_SEAS, NO_STATE, True, ANTARCTICA
    high = zone == HIGH_SEAS
    state[high], feature[high] = NO_STATE, -1
    breadth[(zone != TERRITORIAL) & (zone != CONTIGUOUS)] = -1
    codes = np.full(n, -1)
    return Answer(
        list(index.states),
        zone,
        state,
        feature,
        chain,
        codes.copy(),
        np.zeros(n, np.int64),
        codes.copy(),
        on_land,
        uncertain,
        margin,
        baseline,
        np.zeros(n, bool),
        breadth,
        codes.copy(),
        near.coast_nm,
        np.full(n, UNASKED),
        codes.copy(),
        codes.copy(),
    )


def _yield_to_mainlands(index: CoastIndex, answer: Answer, *, points: Floats) -> None:
    """In the exclusive economic zone, features of limited effect leave the state to another coast within 200 nm."""
    rows = np.flatnonzero((answer.zone == EEZ) & np.isin(answer.feature, index.limited_features))
    state = state_beside(index, points[rows])
    taken = state != NO_STATE
    answer.yielded[rows[taken]] = state[taken] != answer.state[rows[taken]]
    answer.state[rows[taken]] = state[taken]


def _apply_treaties(index: CoastIndex, answer: Answer, *, lon: Floats, lat: Floats) -> None:
    """Joint zones name points; a dividing line gives points of its two states to the right side."""
    for number, zone in enumerate(read_special_zones()):
        if zone.rule == "belt":
            own = answer.state == index.states.index(zone.states[0])
            own &= (answer.zone >= TERRITORIAL) & (answer.zone <= EEZ) & (answer.baseline <= zone.near_nm)
            own &= (lon >= zone.lon_range[0]) & (lon < zone.lon_range[1])
            answer.special |= np.where(own, 1 << number, 0)
            continue
        if zone.rule != "divide":
            named = is_inside(zone, lon, lat) & ~answer.on_land
            answer.special |= np.where(named, 1 << number, 0)
            # whose it is beyond their agreement, the parties of a joint zone left open
            answer.uncertain |= named & ((zone.rule == "near") | (answer.zone != HIGH_SEAS))
            continue
        pair = [index.states.index(s) for s in (zone.left_state, zone.right_state)]
        of_either = np.isin(answer.state, pair) & np.isin(answer.zone, (CONTIGUOUS, EEZ))
        rows = np.flatnonzero(of_either & (answer.feature < 0))
        distance, is_left, is_abeam = side_of(zone, lon[rows], lat[rows])
        settled = is_abeam & (distance <= zone.near_nm)
        answer.state[rows[settled]] = np.where(is_left[settled], pair[0], pair[1])
        answer.treaty[rows[settled]] = number
        answer.uncertain[rows[settled & (distance < DOUBT_NM)]] = True
    for number, row in enumerate(sea_claims()):
        box = (lon >= row[0]) & (lon <= row[1]) & (lat >= row[2]) & (lat <= row[3])
        answer.sea_claim = np.where(box & ~answer.on_land, number, answer.sea_claim)
