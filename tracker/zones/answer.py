"""The answer of `tracker.zones.locate`: its columns, the codes while it is worked out, and the words at the end.

Words are made once for each combination of codes, not once for each point: a million points share some hundreds
of combinations.
"""

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tracker.zones.baselines import read_chains
from tracker.zones.index import CoastIndex, Near
from tracker.zones.treaties import read_special_zones, sea_claims

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

ZONES: Final = ("internal_waters", "archipelagic_waters", "territorial_sea", "contiguous_zone", "eez", "high_seas")
ANTARCTICA: Final = -2
"""In the column of chains: the nearest coast is Antarctica's."""
_YIELDS: Final = ", which leaves the state to the next coast within 200 nm"
INTERNAL, TERRITORIAL, CONTIGUOUS, EEZ, HIGH_SEAS, UNKNOWN = 0, 2, 3, 4, 5, 6

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


@dataclass(frozen=True)
class GivenSet:
    """What the polygons of a user's file say together where the same ones hold a place."""

    claimants: tuple[str, ...]
    special_zones: tuple[str, ...]
    label: str


@dataclass
class Answer:
    """Columns while they are worked out; codes instead of words.

    ``given`` counts in `given_sets` (-1: no polygon of a user's file); ``was`` is the computed zone * 1000 + state + 1
    where a polygon says otherwise, else -1.
    """

    states: list[str]
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
    yielded: Bools
    given: Ints
    was: Ints
    given_sets: list[GivenSet] = field(default_factory=list)
    given_name: str = ""

    def state_code(self, state: str, /) -> int:
        """Code of a state, a new one where it has none."""
        if state not in self.states:
            self.states.append(state)
        return self.states.index(state)


def put_in_words(index: CoastIndex, answer: Answer, *, near: Near, sea: Any) -> Any:
    """Turn codes into the columns of the contract."""
    zones = pa.array([*ZONES, None], pa.string())
    states = pa.array([*answer.states, None], pa.string())
    unknown = answer.zone == UNKNOWN
    international = np.isin(answer.zone, (CONTIGUOUS, EEZ, HIGH_SEAS))
    claimants, special, source = _texts(index, answer)
    columns = [
        zones.take(pa.array(answer.zone)),
        states.take(pa.array(np.where(answer.state < 0, len(answer.states), answer.state))),
        claimants,
        special,
        sea,
        pa.array(international),
        pa.array(near.coast_nm),
        pa.array(answer.baseline, mask=unknown | np.isnan(answer.baseline)),
        pa.array(answer.margin, mask=unknown | np.isnan(answer.margin)),
        pa.array(answer.uncertain | unknown),
        source,
    ]
    return pa.Table.from_arrays(columns, schema=WATERS_SCHEMA)


def _texts(index: CoastIndex, answer: Answer) -> tuple[Any, Any, Any]:
    """Lists and sentences, made once for each combination of codes."""
    keys = np.column_stack(
        [
            answer.state, answer.feature, answer.chain, answer.treaty, answer.special, answer.sea_claim,
            answer.on_land, answer.zone == UNKNOWN, answer.zone == HIGH_SEAS, answer.yielded,
            answer.given, answer.was,
        ]
    ).astype(np.int64)  # fmt: skip
    low = keys.min(axis=0) if len(keys) else np.zeros(keys.shape[1], np.int64)
    span = (keys.max(axis=0) - low + 1) if len(keys) else np.ones(keys.shape[1], np.int64)
    weight = np.concatenate([[1], np.cumprod(span[:-1])])
    _, first, code = np.unique((keys - low) @ weight, return_index=True, return_inverse=True)
    made = [_text(index, answer, *(int(v) for v in keys[i])) for i in first.tolist()]
    where = pa.array(code)
    texts = pa.list_(pa.string())
    return (
        pa.array([m[0] for m in made], texts).take(where),
        pa.array([m[1] for m in made], texts).take(where),
        pa.array([m[2] for m in made], pa.string()).take(where),
    )


def _text(
    index: CoastIndex,
    answer: Answer,
    state: int,
    feature: int,
    chain: int,
    treaty: int,
    special: int,
    sea_claim: int,
    on_land: int,
    unknown: int,
    high: int,
    yielded: int,
    given: int,
    was: int,
) -> tuple[list[str], list[str], str]:
    zones = read_special_zones()
    polygon = answer.given_sets[given] if given >= 0 else None
    names = [zone.zone for i, zone in enumerate(zones) if special >> i & 1]
    claimants = [answer.states[state]] if state >= 0 else []
    if polygon is not None:
        names += polygon.special_zones
        claimants += polygon.claimants
    if feature >= 0:
        claimants += index.claimants[index.features[feature]]
    if sea_claim >= 0:
        claimants += index.claimants[sea_claims()[sea_claim][4]]
    for i, zone in enumerate(zones):
        if special >> i & 1 and zone.rule == "polygon" and not high:
            claimants += zone.states
    said = []
    if polygon is not None:
        said.append(f"{answer.given_name}: {polygon.label}")
        if was >= 0:
            said.append(f"computed: {_place(answer, was)}")
    elif answer.given_name:
        said.append(f"in no polygon of {answer.given_name}, computed")
    if on_land:
        said.append("on land (river, lake or dock)")
    if polygon is None or was < 0:
        said.append(_basis(chain, unknown=unknown, high=high))
    if feature >= 0:
        said.append(f"disputed feature {index.features[feature]}" + _YIELDS * yielded)
    if treaty >= 0:
        said.append(f"treaty line {zones[treaty].zone}")
    said += [f"{zone.zone}: {zone.status}" for i, zone in enumerate(zones) if special >> i & 1]
    return list(dict.fromkeys(claimants)), names, "; ".join(said)


def _basis(chain: int, *, unknown: int, high: int) -> str:
    """What the computed answer rests on."""
    if unknown:
        return "too far from the sea"
    if chain == ANTARCTICA:
        return "off Antarctica, where no state's waters are recognised (Antarctic Treaty, art. IV)"
    if high:
        return "beyond 200 nm of every baseline"
    return f"declared baseline {read_chains()[chain].name}" if chain >= 0 else "low-water coast"


def _place(answer: Answer, was: int) -> str:
    zone, state = divmod(was, 1000)
    return " ".join([ZONES[zone], *([answer.states[state - 1]] if state else [])])


def spread(table: Any, *, rows: Ints, total: int) -> Any:
    """Put answers back among rows without a position."""
    place = np.full(total, -1)
    place[rows] = np.arange(len(rows))
    taken = table.take(pa.array(place, mask=place < 0))
    blank = pa.array(["no position"] * total)
    source = pc.if_else(pa.array(place >= 0), taken.column("source"), blank)
    return taken.set_column(table.schema.get_field_index("source"), "source", source)
