"""The answer of `tracker.zones.locate`: its columns, the codes while it is worked out, and the words at the end.

Words are made once for each combination of codes, not once for each point: a million points share some hundreds
of combinations.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tracker.zones.baselines import read_chains
from tracker.zones.breadths import read_breadths
from tracker.zones.columns import flags, numbers, text_lists, texts
from tracker.zones.index import CoastIndex
from tracker.zones.seas import sea_names
from tracker.zones.treaties import read_special_zones, sea_claims
from tracker.zones.unheld import read_unheld

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

ZONES: Final = ("internal_waters", "archipelagic_waters", "territorial_sea", "contiguous_zone", "eez", "high_seas")
ANTARCTICA: Final = -2
"""In the column of chains: the nearest coast is Antarctica's."""
LANDLOCKED: Final = -3
"""In the column of chains: a sea without a way to the ocean, whose coast is not in the index."""
LOW_WATER: Final = "low-water coast"
_YIELDS: Final = ", which leaves the state to the next coast within 200 nm"
_UNZONED: Final = " to which an exclusive economic zone is given"
ARCHIPELAGIC: Final = frozenset(
    [
        "ATG",
        "BHS",
        "COM",
        "CPV",
        "DOM",
        "FJI",
        "GRD",
        "IDN",
        "JAM",
        "KIR",
        "MDV",
        "MHL",
        "MUS",
        "PHL",
        "PNG",
        "SLB",
        "STP",
        "SYC",
        "TTO",
        "TUV",
        "VCT",
        "VUT",
    ]
)
"""States that draw archipelagic baselines (UNCLOS part IV), none of which is in the index."""
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
    breadth: Ints
    unheld: Ints
    coast: Floats
    sea: Ints
    given: Ints
    was: Ints
    given_sets: list[GivenSet] = field(default_factory=list)
    given_name: str = ""

    @classmethod
    def joined(cls, parts: "Sequence[Answer]", /) -> "Answer":
        """Parts one after another, before polygons of a user's file are laid over them."""
        arrays: dict[str, Any] = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _ARRAYS}
        return cls(states=list(parts[0].states), **arrays)

    def at(self, rows: "Ints | slice", /) -> "Answer":
        """Some of the rows, or all in another order."""
        return replace(self, **{name: getattr(self, name)[rows] for name in _ARRAYS})

    def state_code(self, state: str, /) -> int:
        """Code of a state, a new one where it has none."""
        if state not in self.states:
            self.states.append(state)
        return self.states.index(state)


_ARRAYS: Final = tuple(f.name for f in fields(Answer) if f.name not in {"states", "given_sets", "given_name"})


def put_in_words(index: CoastIndex, answer: Answer, /) -> Any:
    """Turn codes into the columns of the contract."""
    zones = texts([*ZONES, None])
    states = texts([*answer.states, None])
    unknown = answer.zone == UNKNOWN
    international = np.isin(answer.zone, (CONTIGUOUS, EEZ, HIGH_SEAS))
    claimants, special, source = _texts(index, answer)
    columns = [
        zones.take(numbers(answer.zone)),
        states.take(numbers(np.where(answer.state < 0, len(answer.states), answer.state))),
        claimants,
        special,
        sea_names(answer.sea),
        flags(international, is_null=answer.chain == LANDLOCKED),
        numbers(answer.coast, is_null=np.isnan(answer.coast)),
        numbers(answer.baseline, is_null=unknown | np.isnan(answer.baseline)),
        numbers(answer.margin, is_null=unknown | np.isnan(answer.margin)),
        flags(answer.uncertain | unknown),
        source,
    ]
    return pa.Table.from_arrays(columns, schema=WATERS_SCHEMA)


def _texts(index: CoastIndex, answer: Answer) -> tuple[Any, Any, Any]:
    """Lists and sentences, made once for each combination of codes."""
    key = np.zeros(len(answer.zone), np.int64)
    for code in (
        answer.state, answer.feature, answer.chain, answer.treaty, answer.special, answer.sea_claim,
        answer.on_land, answer.zone == UNKNOWN, answer.zone == HIGH_SEAS, answer.yielded,
        answer.given, answer.was, answer.breadth, answer.unheld,
    ):  # fmt: skip
        values = code.astype(np.int64)
        low = int(values.min(initial=0))
        key = key * (int(values.max(initial=0)) - low + 1) + (values - low)
    _, first, code = np.unique(key, return_index=True, return_inverse=True)
    made = [_text(index, answer, int(row)) for row in first.tolist()]
    where = numbers(code)
    claimants, special, source = zip(*made, strict=True) if made else ((), (), ())
    return text_lists(claimants).take(where), text_lists(special).take(where), texts(source).take(where)


def _text(index: CoastIndex, answer: Answer, row: int) -> tuple[list[str], list[str], str]:
    """Claimants, special zones and source of one row."""
    state, feature, treaty, sea_claim = (
        int(code[row]) for code in (answer.state, answer.feature, answer.treaty, answer.sea_claim)
    )
    special, given, was = int(answer.special[row]), int(answer.given[row]), int(answer.was[row])
    unknown, high = answer.zone[row] == UNKNOWN, answer.zone[row] == HIGH_SEAS
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
    if answer.on_land[row]:
        said.append("on land" if unknown else "on land (river, lake or dock)")
    if polygon is None or was < 0:
        basis = _basis(int(answer.chain[row]), unknown=bool(unknown), high=bool(high))
        said.append(basis + _UNZONED * bool(high and sea_claim >= 0))
        if basis == LOW_WATER and state >= 0 and answer.states[state] in ARCHIPELAGIC:
            said.append(f"archipelagic baselines of {answer.states[state]} are not in the index")
        if answer.breadth[row] >= 0:
            area = read_breadths()[int(answer.breadth[row])]
            said.append(
                f"territorial sea of {area.limit_nm:g} nm: {area.area}" + " (approximate)" * area.is_approximate
            )
    if answer.unheld[row] >= 0:
        said.append(read_unheld()[int(answer.unheld[row])].what)
    if feature >= 0:
        said.append(f"disputed feature {index.features[feature]}" + _YIELDS * bool(answer.yielded[row]))
    if sea_claim >= 0:
        said.append(f"overlapping claims around {sea_claims()[sea_claim][4]}")
    if treaty >= 0:
        said.append(f"treaty line {zones[treaty].zone}")
    said += [f"{zone.zone}: {zone.status}" for i, zone in enumerate(zones) if special >> i & 1]
    return list(dict.fromkeys(claimants)), names, "; ".join(said)


def _basis(chain: int, *, unknown: bool, high: bool) -> str:
    """What the computed answer rests on."""
    if chain == LANDLOCKED:
        return "landlocked sea, whose coast and limits are not in the index"
    if unknown:
        return "too far from the sea"
    if chain == ANTARCTICA:
        return "off Antarctica, where no state's waters are recognised (Antarctic Treaty, art. IV)"
    if high:
        return "beyond 200 nm of every baseline"
    return f"declared baseline {read_chains()[chain].name}" if chain >= 0 else LOW_WATER


def _place(answer: Answer, was: int) -> str:
    zone, state = divmod(was, 1000)
    return " ".join([ZONES[zone], *([answer.states[state - 1]] if state else [])])


def spread(table: Any, *, rows: Ints, total: int) -> Any:
    """Put answers back among rows without a position."""
    if len(rows) == total:
        return table
    place = np.full(total, -1)
    place[rows] = np.arange(len(rows))
    taken = table.take(numbers(place, is_null=place < 0))
    source = pc.if_else(flags(place >= 0), taken.column("source"), texts(["no position"] * total))
    return taken.set_column(table.schema.get_field_index("source"), "source", source)
