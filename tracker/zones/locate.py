"""Whose water: the legal place of points, from distances to coast and baseline.

Landward of a declared line is internal waters; within 12 nm (3 nm where a state keeps 3) of the baseline
territorial sea, 24 nm contiguous zone, 200 nm exclusive economic zone, beyond it the high seas (UNCLOS art. 3,
8, 33, 57). The state is that of the nearest coast or baseline, unless a treaty line divides. Low-water coast
stands in where no declared line is known, so that there the territorial sea is a lower bound.

A point on land is a ship in a river, a dock or a coast drawn too coarsely: within 5 nm of the sea it is internal
waters, uncertain; farther inland nothing is said but the distance. ``source`` says "on land" in both cases.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tracker.zones.baselines import read_chains, read_internal_waters
from tracker.zones.earth import to_ecef, wrap_lon
from tracker.zones.index import NO_STATE, CoastIndex, Near, read_index
from tracker.zones.packaged import rows_of
from tracker.zones.seas import name_seas
from tracker.zones.treaties import is_inside, read_special_zones, side_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

ZONES: Final = ("internal_waters", "archipelagic_waters", "territorial_sea", "contiguous_zone", "eez", "high_seas")
INTERNAL, TERRITORIAL, CONTIGUOUS, EEZ, HIGH_SEAS, UNKNOWN = 0, 2, 3, 4, 5, 6

CONTIGUOUS_NM: Final = 24.0
EEZ_NM: Final = 200.0
HARBOUR_NM: Final = 5.0
"""How far inside the drawn coast a ship still counts as in internal waters."""
DOUBT_NM: Final = 1.0
SECOND_STATE_NM: Final = 2.0
"""Nearer than this to a limit, or to another state being the nearest, the answer is uncertain."""

WATERS_SCHEMA: Final = pa.schema(
    [
        ("waters", pa.string()),
        ("state", pa.string()),
        ("claimants", pa.list_(pa.string())),
        ("special_zones", pa.list_(pa.string())),
        ("sea", pa.string()),
        ("is_international", pa.bool_()),
        ("coast_distance_nm", pa.float64()),
        ("baseline_distance_nm", pa.float64()),
        ("margin_nm", pa.float64()),
        ("waters_uncertain", pa.bool_()),
        ("source", pa.string()),
    ]
)


@dataclass
class _Answer:
    """Columns while they are worked out; codes instead of words."""

    zone: Ints
    state: Ints
    feature: Ints
    chain: Ints
    treaty: Ints
    special: Ints
    sea_claim: Ints
    on_land: Bools
    uncertain: Bools
    margin: Floats
    baseline: Floats


def locate(lon_deg: npt.ArrayLike, lat_deg: npt.ArrayLike, *, index: CoastIndex | None = None) -> Any:
    """Legal place of points of the sea.

    Parameters
    ----------
    lon_deg, lat_deg
        Degrees, shape (n,); longitudes of any turn. A position that is not one (NaN, infinite, latitude beyond
        90) gets a row of nulls whose ``source`` is "no position".
    index
        The index to ask; the packaged one unless given.

    Returns
    -------
    pyarrow.Table
        `WATERS_SCHEMA`, one row for each point: ``waters`` one of `ZONES`, ``state`` (null on the high seas),
        ``claimants``, ``special_zones``, ``sea``, ``is_international`` (beyond every territorial sea), distances
        to coast and baseline and to the nearest limit in nautical miles, ``waters_uncertain``, ``source``.
    """
    lon, lat = np.atleast_1d(np.asarray(lon_deg, np.float64)), np.atleast_1d(np.asarray(lat_deg, np.float64))
    good = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lat) <= 90)
    rows = np.flatnonzero(good)
    index = index or read_index()
    x, y = wrap_lon(lon[rows]), lat[rows]
    points = to_ecef(x, y)
    near = index.nearest(points)
    answer = _zones(index, near, lon=x, lat=y)
    _apply_treaties(index, answer, lon=x, lat=y)
    _doubt_states(index, answer, points=points, lon=x, lat=y)
    sea = pc.if_else(pa.array(answer.zone != UNKNOWN), name_seas(x, y), None)
    table = _words(index, answer, near=near, sea=sea)
    if len(rows) == len(lon):
        return table
    return _spread(table, rows=rows, total=len(lon))


def _zones(index: CoastIndex, near: Near, *, lon: Floats, lat: Floats) -> _Answer:
    """Thresholds on the distance to the baseline, and the state of whatever is nearest."""
    chains = read_chains()
    n = len(lon)
    line_first = near.line_nm < near.effective_nm
    baseline = np.minimum(near.line_nm, near.effective_nm)
    limit = np.where(line_first, near.line_limit_nm, 12.0)
    chain_state = np.array([index.states.index(c.state) for c in chains])
    state = np.where(line_first, chain_state[near.line], index.state_of_label[near.label])
    feature = np.where(line_first, -1, index.feature_of_label[near.label])
    chain = np.where(line_first, near.line, -1)
    xisha = [i for i, c in enumerate(chains) if c.name == "CHN-1996-Xisha"]
    if "Paracels" in index.features:
        feature = np.where(np.isin(chain, xisha), index.features.index("Paracels"), feature)

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
    inside = _inside_lines(index, lon=lon, lat=lat)
    within = inside >= 0
    zone[within] = INTERNAL
    taken = within & (feature < 0)
    owner = np.array([index.states.index(a.state) for a in read_internal_waters()])
    state[taken] = owner[inside[taken]]
    chain[within] = near.line[within]
    baseline[within] = margin[within] = near.line_nm[within]

    uncertain = (margin < DOUBT_NM) | bare
    harbour = on_land & (near.coast_nm <= HARBOUR_NM)
    inland = on_land & ~harbour
    zone[harbour] = INTERNAL
    uncertain |= harbour & ~within
    margin[harbour & ~within] = near.coast_nm[harbour & ~within]
    zone[inland], state[inland], feature[inland] = UNKNOWN, NO_STATE, -1
    margin[inland] = baseline[inland] = np.nan
    polar = state == (index.states.index("ATA") if "ATA" in index.states else -2)
    polar &= ~on_land
    zone[polar], state[polar], uncertain[polar] = HIGH_SEAS, NO_STATE, True
    high = zone == HIGH_SEAS
    state[high], feature[high] = NO_STATE, -1
    codes = np.full(n, -1)
    return _Answer(
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
    )


def _inside_lines(index: CoastIndex, *, lon: Floats, lat: Floats) -> Ints:
    """Number of the polygon of internal waters that holds each point, or -1."""
    import shapely

    inside = np.full(len(lon), -1)
    for number, area in enumerate(read_internal_waters()):
        inside[shapely.contains_xy(area.polygon, lon, lat)] = number
    return inside


def _apply_treaties(index: CoastIndex, answer: _Answer, *, lon: Floats, lat: Floats) -> None:
    """Joint zones name points; a dividing line gives points of its two states to the right side."""
    for number, zone in enumerate(read_special_zones()):
        if zone.rule != "divide":
            named = is_inside(zone, lon, lat) & ~answer.on_land
            answer.special |= np.where(named, 1 << number, 0)
            answer.uncertain |= named & (zone.rule == "near")
            continue
        pair = [index.states.index(s) for s in (zone.left_state, zone.right_state)]
        distance, is_left, is_abeam = side_of(zone, lon, lat)
        settled = is_abeam & (distance <= zone.near_nm) & np.isin(answer.state, pair)
        settled &= np.isin(answer.zone, (CONTIGUOUS, EEZ)) & (answer.feature < 0)
        answer.state = np.where(settled, np.where(is_left, pair[0], pair[1]), answer.state)
        answer.treaty = np.where(settled, number, answer.treaty)
        answer.uncertain |= settled & (distance < DOUBT_NM)
    for number, row in enumerate(_sea_claims()):
        box = (lon >= row[0]) & (lon <= row[1]) & (lat >= row[2]) & (lat <= row[3])
        answer.sea_claim = np.where(box & ~answer.on_land, number, answer.sea_claim)


def _sea_claims() -> list[tuple[float, float, float, float, str]]:
    """Boxes of ``disputes.csv`` that are about water and no coast."""
    rows = [r for r in rows_of("disputes.csv") if r["kind"] == "sea"]
    return [
        (float(r["lon_min"]), float(r["lon_max"]), float(r["lat_min"]), float(r["lat_max"]), r["feature"]) for r in rows
    ]


def _doubt_states(index: CoastIndex, answer: _Answer, *, points: Floats, lon: Floats, lat: Floats) -> None:
    """Where another state's coast is less than 2 nm farther, the state is uncertain."""
    rows = np.flatnonzero((answer.state != NO_STATE) & (answer.treaty < 0) & (answer.zone <= EEZ))
    if not len(rows):
        return
    own = np.where(np.isnan(answer.baseline[rows]), 0.0, answer.baseline[rows])
    within = own + SECOND_STATE_NM
    second = index.second_state_nm(
        points[rows], lon=lon[rows], lat=lat[rows], state=answer.state[rows], within_nm=within
    )
    doubtful = second < within
    doubtful &= ~((answer.zone[rows] == INTERNAL) & (answer.chain[rows] >= 0) & (answer.margin[rows] > SECOND_STATE_NM))
    answer.uncertain[rows[doubtful]] = True


def _words(index: CoastIndex, answer: _Answer, *, near: Near, sea: Any) -> Any:
    """Turn codes into the columns of the contract."""
    zones = pa.array([*ZONES, None], pa.string())
    states = pa.array([*index.states, None], pa.string())
    unknown = answer.zone == UNKNOWN
    international = np.isin(answer.zone, (CONTIGUOUS, EEZ, HIGH_SEAS))
    claimants, special, source = _texts(index, answer)
    columns = [
        zones.take(pa.array(answer.zone)),
        states.take(pa.array(np.where(answer.state < 0, len(index.states), answer.state))),
        claimants,
        special,
        sea,
        pa.array(international),
        pa.array(near.coast_nm),
        pa.array(answer.baseline, mask=unknown),
        pa.array(answer.margin, mask=unknown),
        pa.array(answer.uncertain | unknown),
        source,
    ]
    return pa.Table.from_arrays(columns, schema=WATERS_SCHEMA)


def _texts(index: CoastIndex, answer: _Answer) -> tuple[Any, Any, Any]:
    """Lists and sentences, made once for each combination of codes."""
    keys = np.column_stack(
        [
            answer.state, answer.feature, answer.chain, answer.treaty, answer.special, answer.sea_claim,
            answer.on_land, answer.zone == UNKNOWN, answer.zone == HIGH_SEAS,
        ]
    ).astype(np.int64)  # fmt: skip
    low = keys.min(axis=0) if len(keys) else np.zeros(keys.shape[1], np.int64)
    span = (keys.max(axis=0) - low + 1) if len(keys) else np.ones(keys.shape[1], np.int64)
    weight = np.concatenate([[1], np.cumprod(span[:-1])])
    _, first, code = np.unique((keys - low) @ weight, return_index=True, return_inverse=True)
    made = [_text(index, *(int(v) for v in keys[i])) for i in first.tolist()]
    where = pa.array(code)
    texts = pa.list_(pa.string())
    return (
        pa.array([m[0] for m in made], texts).take(where),
        pa.array([m[1] for m in made], texts).take(where),
        pa.array([m[2] for m in made], pa.string()).take(where),
    )


def _text(
    index: CoastIndex,
    state: int,
    feature: int,
    chain: int,
    treaty: int,
    special: int,
    sea_claim: int,
    on_land: int,
    unknown: int,
    high: int,
) -> tuple[list[str], list[str], str]:
    zones = read_special_zones()
    names = [zone.zone for i, zone in enumerate(zones) if special >> i & 1]
    claimants = [index.states[state]] if state >= 0 else []
    if feature >= 0:
        claimants += index.claimants[index.features[feature]]
    if sea_claim >= 0:
        claimants += index.claimants[_sea_claims()[sea_claim][4]]
    for i, zone in enumerate(zones):
        if special >> i & 1 and zone.rule == "polygon" and not high:
            claimants += zone.states
    said = []
    if on_land:
        said.append("on land (coast, river or dock)")
    if unknown:
        said.append("too far from the sea")
    elif high:
        said.append("beyond 200 nm of every baseline")
    elif chain >= 0:
        said.append(f"declared baseline {read_chains()[chain].name}")
    else:
        said.append("low-water coast")
    if feature >= 0:
        said.append(f"disputed feature {index.features[feature]}")
    if treaty >= 0:
        said.append(f"treaty line {zones[treaty].zone}")
    said += [f"{zone.zone}: {zone.status}" for i, zone in enumerate(zones) if special >> i & 1]
    return list(dict.fromkeys(claimants)), names, "; ".join(said)


def _spread(table: Any, *, rows: Ints, total: int) -> Any:
    """Put answers back among rows without a position."""
    place = np.full(total, -1)
    place[rows] = np.arange(len(rows))
    taken = table.take(pa.array(place, mask=place < 0))
    blank = pa.array(["no position"] * total)
    source = pc.if_else(pa.array(place >= 0), taken.column("source"), blank)
    return taken.set_column(table.schema.get_field_index("source"), "source", source)
