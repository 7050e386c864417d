"""A user's own zones: what each polygon says, and how it wins over the computed answer.

The columns of Marine Regions (EEZ, 12 nm, 24 nm, internal and archipelagic waters, high seas) are known, and plain
``state``, ``waters``, ``name``; others are mapped. The innermost kind that holds a point decides; a polygon of an
exclusive economic zone reaches to the shore, so inside it the computed territorial sea and internal waters stand unless
the file has polygons for those too. Overlapping claims and joint regimes name every claimant and are uncertain.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tracker.errors import MissingColumnError, ParameterError
from tracker.geo.states import alpha3
from tracker.zones.answer import CONTIGUOUS, EEZ, HIGH_SEAS, INTERNAL, TERRITORIAL, UNKNOWN, ZONES, Answer, GivenSet
from tracker.zones.polygons import holds, read_polygons

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FIELDS: Final = {
    "state": (
        "iso_sov1", "iso_sov2", "iso_sov3", "sovereign1", "sovereign2", "sovereign3",
        "state", "states", "claimants", "iso3", "iso_a3", "country",
    ),
    "waters": ("pol_type", "waters", "zone", "kind"),
    "name": ("geoname", "name"),
}  # fmt: skip
"""Field of ours to the columns that are known to hold it, whatever their case."""
KINDS: Final = {
    "200nm": EEZ, "eez": EEZ, "exclusive economic zone": EEZ, "union eez and country": EEZ,
    "overlapping claim": EEZ, "overlapping claims": EEZ, "joint regime": EEZ, "unresolved": EEZ, "disputed": EEZ,
    "12nm": TERRITORIAL, "territorial sea": TERRITORIAL, "territorial seas": TERRITORIAL,
    "24nm": CONTIGUOUS, "contiguous zone": CONTIGUOUS, "contiguous zones": CONTIGUOUS,
    "internal waters": INTERNAL, "archipelagic waters": ZONES.index("archipelagic_waters"),
    "high seas": HIGH_SEAS,
}  # fmt: skip
CONTESTED: Final = {"overlapping claim", "overlapping claims", "joint regime", "unresolved", "disputed"}
_OF_NAME: Final = (
    ("12nm", TERRITORIAL), ("24nm", CONTIGUOUS), ("internal_waters", INTERNAL), ("archipelagic", 1),
    ("high_seas", HIGH_SEAS), ("highseas", HIGH_SEAS), ("eez", EEZ),
)  # fmt: skip
EXAMPLE: Final = "state=COUNTRY,waters=KIND,name=LABEL"
LONGEST_NAME: Final = 80


@dataclass(frozen=True)
class GivenZones:
    """Polygons with what they say, the innermost kind first; ``notes`` tells what was done to the file."""

    name: str
    sha256: str
    polygons: Any
    kind: Ints
    states: tuple[tuple[str, ...], ...]
    is_contested: npt.NDArray[np.bool_]
    label: tuple[str, ...]
    notes: tuple[str, ...]

    def record(self) -> dict[str, Any]:
        """What ``run.json`` keeps."""
        return {"name": self.name, "sha256": self.sha256, "polygons": len(self.kind), "notes": list(self.notes)}


def read_zones(path: Path, /, *, columns: Mapping[str, str] | None = None) -> GivenZones:
    """Read a user's zones.

    Parameters
    ----------
    path
        GeoPackage, shapefile (also zipped), GeoJSON, FlatGeobuf, KML or GeoParquet.
    columns
        Field of ours (``state``, ``waters``, ``name``) to the column of the file; known columns need no mapping.

    Raises
    ------
    InputError
        When the file cannot be used; `MissingColumnError` when no column says whose waters they are.
    """
    file = read_polygons(path)
    used = _columns(file.columns, columns or {}, path)
    notes = list(file.notes)
    count = len(file.layers)
    texts = {f: [[_clean(file.columns[c][i]) for c in names] for i in range(count)] for f, names in used.items()}
    kinds: list[int] = []
    contested: list[bool] = []
    unknown_kinds: dict[str, int] = {}
    from_name = {layer: _kind_of_name(f"{layer} {path.stem}") for layer in set(file.layers)}
    for layer, told in zip(file.layers, texts["waters"], strict=True):
        word = next((t.lower().replace("_", " ") for t in told if t), "")
        kinds.append(KINDS.get(word, -1) if word else from_name[layer])
        contested.append(word in CONTESTED)
        if word and word not in KINDS:
            unknown_kinds[word] = unknown_kinds.get(word, 0) + 1
    if unknown_kinds:
        first = next(iter(unknown_kinds))
        count = sum(unknown_kinds.values())
        notes.append(f"{count} polygon(s) of a kind that is not known were left out; first: {first!r}.")
    if not used["waters"]:
        guessed = ", ".join(sorted({ZONES[k] for k in from_name.values()}))
        notes.append(f"No column says which waters; by the name of the file or layer they are {guessed}.")
    states: list[tuple[str, ...]] = []
    strange: dict[str, int] = {}
    for row in texts["state"]:
        known, others = _states(row)
        states.append(known)
        for name in others:
            strange[name] = strange.get(name, 0) + 1
    if strange:
        first = next(iter(strange))
        notes.append(f"{len(strange)} name(s) of states are not known and were left out; first: {first!r}.")
    kind = np.array(kinds, np.int64)
    contested_ = np.array(contested) | np.array([len(s) > 1 for s in states])
    keep = np.flatnonzero(kind >= 0)
    if not len(keep):
        raise MissingColumnError(_no_columns(path, list(file.columns), "no polygon is of a kind that is known"))
    area = np.array([polygon.area for polygon in file.polygons])
    order = keep[np.lexsort((area[keep], contested_[keep], kind[keep]))]
    labels = [next((t for t in row if t), "") for row in texts["name"]]
    return GivenZones(
        path.name,
        file.sha256,
        file.polygons[order],
        kind[order],
        tuple(states[i] for i in order.tolist()),
        contested_[order],
        tuple(labels[i] for i in order.tolist()),
        tuple(notes),
    )


def parse_columns(text: str, /) -> dict[str, str]:
    """Read ``state=COUNTRY,waters=KIND`` as a mapping.

    Raises
    ------
    ParameterError
        When it is not of that form, or names a field that is none.
    """
    out = {}
    for part in text.split(","):
        field, equals, column = (piece.strip() for piece in part.partition("="))
        if not equals or not column or field not in FIELDS:
            raise ParameterError(f"{text!r}: write {EXAMPLE}; fields are {', '.join(FIELDS)}.")
        out[field] = column
    return out


def apply_zones(given: GivenZones, answer: Answer, *, lon: Floats, lat: Floats) -> None:
    """Let the polygons win over the computed answer, in place."""
    import shapely

    answer.given_name = given.name
    # one number for each set of polygons that hold a point; the sets themselves are few
    key = np.zeros(len(lon), np.uint64)
    hits: list[Ints] = []
    for number, polygon in enumerate(given.polygons):
        shapely.prepare(polygon)
        rows = np.flatnonzero(holds(polygon, lon, lat))
        hits.append(rows)
        key[rows] = key[rows] * np.uint64(1_000_003) + np.uint64(number + 1)
    unique, first, which = np.unique(key, return_index=True, return_inverse=True)
    members: dict[int, list[int]] = {int(row): [] for row in first.tolist()}
    for number, rows in enumerate(hits):
        for row in rows[np.isin(rows, first)].tolist():
            members[row].append(number)
    has = {(kind, state) for kind, names in zip(given.kind.tolist(), given.states, strict=True) for state in names}
    for n, row in enumerate(first.tolist()):
        if unique[n] == 0:
            continue
        chosen = members[row]
        _apply_set(given, answer, chosen, np.flatnonzero(which == n), has=has)


def _apply_set(given: GivenZones, answer: Answer, chosen: list[int], rows: Ints, *, has: set[tuple[int, str]]) -> None:
    """The rows that one set of polygons holds."""
    kind = int(given.kind[chosen[0]])
    same = [c for c in chosen if given.kind[c] == kind]
    claimants = tuple(dict.fromkeys(state for c in same for state in given.states[c]))
    is_contested = bool(given.is_contested[same].any()) or len(claimants) > 1
    codes = np.array([answer.state_code(state) for state in claimants], np.int64)
    zone, state = answer.zone[rows], answer.state[rows]
    new = np.full(len(rows), kind)
    if kind == EEZ:
        owner = claimants[0] if claimants else ""
        nearer = np.isin(zone, (INTERNAL, 1, TERRITORIAL, CONTIGUOUS))
        new = np.where(nearer, zone, EEZ)
        # the file draws this state's territorial sea, and the point is not in it
        new = np.where((new == TERRITORIAL) & ((TERRITORIAL, owner) in has), CONTIGUOUS, new)
        new = np.where((new == CONTIGUOUS) & ((CONTIGUOUS, owner) in has), EEZ, new)
    if kind == HIGH_SEAS or not len(codes):
        owned = np.full(len(rows), -1)
    else:
        owned = np.where(np.isin(state, codes), state, codes[0])
    changed = (new != zone) | (owned != state)
    answer.was[rows] = np.where(changed & (zone != UNKNOWN), zone * 1000 + state + 1, -1)
    answer.zone[rows], answer.state[rows] = new, owned
    answer.treaty[rows[owned != state]] = -1
    answer.margin[rows[new != zone]] = np.nan
    answer.uncertain[rows] |= is_contested | changed
    labels = tuple(dict.fromkeys(given.label[c] for c in same if given.label[c]))
    joint = labels if is_contested and kind == EEZ else ()
    answer.given_sets.append(GivenSet(claimants, joint, ", ".join(labels) or ZONES[kind]))
    answer.given[rows] = len(answer.given_sets) - 1


def _columns(found: Mapping[str, Any], mapping: Mapping[str, str], path: Path) -> dict[str, list[str]]:
    """Columns of the file for each field of ours."""
    folded = {name.casefold(): name for name in found}
    used: dict[str, list[str]] = {}
    for field, known in FIELDS.items():
        if field in mapping:
            if mapping[field].casefold() not in folded:
                raise MissingColumnError(_no_columns(path, list(found), f"there is no column {mapping[field]!r}"))
            used[field] = [folded[mapping[field].casefold()]]
        else:
            used[field] = [folded[name] for name in known if name in folded]
    if not used["state"] and not used["waters"] and _kind_of_name(path.stem, default=-1) != HIGH_SEAS:
        raise MissingColumnError(_no_columns(path, list(found), "no column says whose waters these are"))
    return used


def _no_columns(path: Path, found: list[str], what: str) -> str:
    names = ", ".join(_clean(name) for name in found[:20]) or "none"
    return (
        f"{path}: {what}. Columns found: {names}.\n"
        f"Known: those of Marine Regions (ISO_SOV1, SOVEREIGN1, POL_TYPE, GEONAME) or state, waters, name."
        f" Say which is which: --zones-columns {EXAMPLE}"
    )


def _kind_of_name(text: str, *, default: int = EEZ) -> int:
    folded = text.lower().replace("-", "_").replace(" ", "_")
    return next((kind for part, kind in _OF_NAME if part in folded), default)


def _states(texts: list[str]) -> tuple[tuple[str, ...], list[str]]:
    """Alpha-3 codes, and names that are none. A code and the name beside it count once."""
    known: list[str] = []
    strange: list[str] = []
    for text in texts:
        whole = alpha3(text)
        for part in [text] if whole else [p.strip() for p in text.replace("/", ",").split(",")]:
            code = alpha3(part) if part else None
            if code:
                known.append(code)
            elif part and part.upper() not in {"NONE", "NAN", "-"}:
                strange.append(part)
    # a name beside a code that was read is the same state
    return tuple(dict.fromkeys(known)), [] if known else strange


def _clean(value: Any) -> str:
    """Text of a cell, without controls, separators of lists and excess length."""
    if value is None:
        return ""
    text = "".join(c if c.isprintable() else " " for c in str(value)[: 4 * LONGEST_NAME]).replace(";", ",")
    return " ".join(text.split())[:LONGEST_NAME]
