"""What a pass over a part of the data found, and how two such parts are joined.

A part answers for a stretch of grid steps and of time. Runs and spells that touch an edge of the stretch are kept
whatever their length, with the names of their hulls, and are joined with what goes on beyond: `stitch` is associative,
so parts may be joined in any grouping, and the whole is what one pass over everything finds, to the last bit.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tracker.engine import records
from tracker.engine.params import ScanParams
from tracker.engine.results import candidate_table, silence_table, spell_table
from tracker.geo.kernels import wrap_deg
from tracker.units import DEGREE_E7

Array = npt.NDArray[Any]
BEFORE_ALL, AFTER_ALL = -(1 << 62), 1 << 62

PIECE = np.dtype(
    [
        ("mmsi_1", "i4"),
        ("mmsi_2", "i4"),
        ("born_ms_1", "i8"),
        ("born_x_1", "i4"),
        ("born_y_1", "i4"),
        ("born_ms_2", "i8"),
        ("born_x_2", "i4"),
        ("born_y_2", "i4"),
        ("start", "i8"),
        ("last", "i8"),
        ("steps", "i8"),
        ("distance2", "f8"),
    ]
)
PAIR_KEY = [name for name in PIECE.names or () if name.startswith(("mmsi", "born"))]
HULL_KEY = ["mmsi", "born_ms", "born_x", "born_y"]
COUNTED = (
    "fixes",
    "used",
    "late",
    "duplicates",
    "invalid",
    "low_accuracy",
    "jumps",
    "hulls",
    "hulls_recycled",
    "bridged_silences",
    "near_pairs",
)


@dataclass(frozen=True)
class Scan:
    """What a pass found: Arrow tables that conform to `tracker.tables.scan`, each sorted, and what was counted."""

    candidates: Any
    slow_spells: Any
    silences: Any
    counts: dict[str, int]


@dataclass(frozen=True)
class Stretch:
    """The grid steps a part answers for, `end` not among them; by default all."""

    begin: int = BEFORE_ALL
    end: int = AFTER_ALL


@dataclass(frozen=True)
class Pieces:
    """What was found in one stretch, as records of the pass."""

    stretch: Stretch
    runs: Array
    spells: Array
    bins: Array
    """For each spell, how many of its steps had which speed."""
    silences: Array
    counts: dict[str, int]

    def tables(self) -> dict[str, Any]:
        """As Arrow tables, to travel: ``runs``, ``spells``, ``silences``; edges and counts in the schema of the first."""
        edges = {"begin": self.stretch.begin, "end": self.stretch.end, "counts": self.counts}
        spells = _table(self.spells).append_column(
            "bins", pa.FixedSizeListArray.from_arrays(pa.array(self.bins.ravel()), self.bins.shape[1])
        )
        return {
            "runs": _table(self.runs).replace_schema_metadata({"pieces": json.dumps(edges)}),
            "spells": spells,
            "silences": _table(self.silences),
        }

    @classmethod
    def of(cls, tables: Mapping[str, Any], /) -> "Pieces":
        """Back from `tables`."""
        edges = json.loads(tables["runs"].schema.metadata[b"pieces"])
        bins = tables["spells"].column("bins").combine_chunks()
        bins = bins.combine_chunks() if isinstance(bins, pa.ChunkedArray) else bins
        return cls(
            Stretch(edges["begin"], edges["end"]),
            _records(tables["runs"], PIECE),
            _records(tables["spells"], records.SPELL),
            np.asarray(bins.flatten()).reshape(len(bins), bins.type.list_size),
            _records(tables["silences"], records.SILENCE),
            edges["counts"],
        )


def pieces_of_runs(runs: Array, rows: Array, /) -> Array:
    """Ended or cut runs with the names of their hulls, which the rows of the ring still hold."""
    pieces = np.empty(len(runs), PIECE)
    for name in ("start", "last", "steps", "distance2"):
        pieces[name] = runs[name]
    for n in (1, 2):
        row = rows[runs[f"row_{n}"]]
        for name in ("mmsi", "born_ms", "born_x", "born_y"):
            pieces[f"{name}_{n}"] = row[name]
    return pieces


def stitch(one: Pieces, two: Pieces, /, *, params: ScanParams) -> Pieces:
    """Join two neighbouring stretches.

    Only the mean place of a spell that winds round a pole hangs on where it was cut.

    Raises
    ------
    ValueError
        When the second does not begin where the first ends.
    """
    if one.stretch.end != two.stretch.begin:
        raise ValueError(f"Stretches do not meet: {one.stretch} and {two.stretch}.")
    missed, edge = params.missed_steps, two.stretch.begin
    ours, theirs = _partners(one.runs, two.runs, PAIR_KEY, edge, missed, shift=0)
    joined = one.runs[ours].copy()
    joined["last"] = two.runs["last"][theirs]
    joined["steps"] += two.runs["steps"][theirs]
    joined["distance2"] = np.minimum(joined["distance2"], two.runs["distance2"][theirs])
    runs = np.concatenate([np.delete(one.runs, ours), joined, np.delete(two.runs, theirs)])
    # the first step of a spell is the place before its first slow step
    ours, theirs = _partners(one.spells, two.spells, HULL_KEY, edge, missed, shift=1)
    whole = _joined_spells(one.spells[ours], two.spells[theirs])
    spells = np.concatenate([np.delete(one.spells, ours), whole, np.delete(two.spells, theirs)])
    bins = np.concatenate(
        [np.delete(one.bins, ours, axis=0), one.bins[ours] + two.bins[theirs], np.delete(two.bins, theirs, axis=0)]
    )
    counts = {name: one.counts[name] + two.counts[name] for name in COUNTED}
    silences = np.concatenate([one.silences, two.silences])
    return Pieces(Stretch(one.stretch.begin, two.stretch.end), runs, spells, bins, silences, counts)


def close(whole: Pieces, /, *, params: ScanParams) -> Scan:
    """The answer, once all stretches are joined: what was too short is left out."""
    step_ms = params.step_s * 1000
    candidates = candidate_table(whole.runs[whole.runs["steps"] >= params.min_steps], step_ms=step_ms)
    long = whole.spells["last"] - whole.spells["start"] >= -(-params.slow_min_s // params.step_s)
    spells = spell_table(whole.spells[long], whole.bins[long], step_ms=step_ms, slow_kn=params.slow_kn)
    counts = whole.counts | {
        "candidates": candidates.num_rows,
        "slow_spells": spells.num_rows,
        "silences": len(whole.silences),
    }
    return Scan(candidates, spells, silence_table(whole.silences), counts)


def _partners(
    one: Array, two: Array, key: list[str], edge: int, missed: int, /, *, shift: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Places of pieces that end before an edge, and of those of the same ships that begin soon enough after it."""
    ends = np.flatnonzero(one["last"] >= edge - 1 - missed)
    begins = np.flatnonzero(two["start"] + shift <= edge + missed)
    columns = [np.concatenate([one[name][ends], two[name][begins]]) for name in key]
    side = np.r_[np.zeros(len(ends), np.int8), np.ones(len(begins), np.int8)]
    order = np.lexsort([side, *columns])
    same = side[order][1:] > side[order][:-1]
    for column in columns:
        same &= column[order][1:] == column[order][:-1]
    first = order[:-1][same]
    second = order[1:][same] - len(ends)
    near = two["start"][begins[second]] + shift - one["last"][ends[first]] <= missed + 1
    return ends[first[near]], begins[second[near]]


def _joined_spells(one: Array, two: Array) -> Array:
    """Spells that go on: sums about the first place, in whole numbers without limit."""
    joined = one.copy()
    joined["last"] = two["last"]
    for x, high, low in (("x", "high_xx", "low_xx"), ("y", "high_yy", "low_yy")):
        away = two[f"{x}0"].astype(np.int64) - one[f"{x}0"]
        if x == "x":
            away = np.rint(wrap_deg(away / DEGREE_E7) * DEGREE_E7).astype(np.int64)
        d, n, s = (column.astype(object) for column in (away, two["steps"], two[f"sum_{x}"]))
        squares = [part[high].astype(object) * 2**32 + part[low].astype(object) for part in (one, two)]
        total = squares[0] + squares[1] + 2 * d * s + n * d * d
        joined[f"sum_{x}"] += two[f"sum_{x}"] + away * two["steps"]
        joined[high], joined[low] = (total // 2**32).astype(np.int64), (total % 2**32).astype(np.int64)
    joined["steps"] += two["steps"]
    return joined


def _table(array: Array) -> Any:
    return pa.table({name: np.ascontiguousarray(array[name]) for name in array.dtype.names or ()})


def _records(table: Any, dtype: Any) -> Array:
    array = np.empty(table.num_rows, dtype)
    for name in dtype.names:
        array[name] = table.column(name).to_numpy()
    return array
