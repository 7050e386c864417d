"""Identity and voyage reports: cleaned field by field, folded into runs of the same content.

A provider repeats a ship's identity on every row, so rows are folded as they came before anything is cleaned: the cost
is that of what differs, not of what is repeated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tracker.cleaning.imo import read_imo
from tracker.cleaning.limits import LIMITS, within
from tracker.cleaning.text import tidy
from tracker.tables.statics import CONTENT, STATICS
from tracker.units import MILLISECONDS_PER_DAY

ANTENNA = ("to_bow_m", "to_stern_m", "to_port_m", "to_starboard_m")
TEXTS = ("name", "callsign", "destination")
MEASURES = ("ship_type", "length_m", "beam_m", "draught_m")
RAW = tuple(name for name in CONTENT if name != "imo_sent")
"""The fields as formats give them."""
LONGEST_NUMBER = 20
SAID = tuple(name for name in CONTENT if name not in {"mmsi", "ais_class"})
"""The fields of which at least one must be usable for a report to say anything."""
LONGEST_SIDE_M = 511
WIDEST_SIDE_M = 63
RUN = {"time": "time_min", "last_time": "last_time_max", "reports": "reports_sum"}


@dataclass(frozen=True)
class Identities:
    """Cleaned identity of some rows: the columns of `CONTENT`, which rows say anything, malformed fields by column."""

    table: Any
    speaks: npt.NDArray[np.bool_]
    wrong: dict[str, npt.NDArray[np.bool_]]


def clean_identities(table: Any, /) -> Identities:
    """Clean the identity of reports, row by row.

    Parameters
    ----------
    table : rows with the columns of ``REPORTS`` that are in `RAW`, and a good MMSI
    """
    imo, wrong_imo = read_imo(table.column("imo"))
    columns: dict[str, Any] = {"mmsi": table.column("mmsi").cast(pa.int32()), "imo": imo}
    wrong = {"imo": wrong_imo}
    columns["ais_class"] = class_of(table)
    sent = pc.utf8_slice_codeunits(tidy(table.column("imo")), 0, LONGEST_NUMBER)
    columns["imo_sent"] = pc.if_else(pa.array(wrong_imo), sent, pa.scalar(None, pa.string()))
    columns |= {name: tidy(table.column(name)) for name in TEXTS}
    for name in MEASURES:
        columns[name], wrong[name] = within(flat(table.column(name)), name)
    sides = {name: _side(table, name) for name in ANTENNA}
    for name, one, two in (("length_m", "to_bow_m", "to_stern_m"), ("beam_m", "to_port_m", "to_starboard_m")):
        whole = np.where((sides[one] >= 0) & (sides[two] >= 0), sides[one] + sides[two], 0).astype(np.float32)
        mask = (whole < LIMITS[name].low) | (whole > LIMITS[name].high)
        columns[name] = pc.coalesce(columns[name], pa.array(whole, mask=mask))
    columns |= _antenna(sides)
    speaks = np.zeros(table.num_rows, np.bool_)
    for name in SAID:
        speaks |= columns[name].is_valid().to_numpy(zero_copy_only=False)
    return Identities(pa.table(columns), speaks, wrong)


def static_runs(reports: Any, /) -> tuple[Any, dict[str, int]]:
    """Fold rows of reports that hold an identity into cleaned runs; also counts malformed fields, by column.

    Returns
    -------
    statics : conforms to `STATICS`, in order of day, MMSI and content
    faults : malformed fields that became unknown
    """
    if not reports.num_rows:
        return STATICS.empty(), {}
    times = reports.column("time")
    once = pa.array(np.ones(reports.num_rows, np.int32))
    raw = reports.select(list(RAW)).append_column("time", times)
    folded = _fold(raw.append_column("last_time", times).append_column("reports", once), RAW)
    identities = clean_identities(folded)
    weight = folded.column("reports").to_numpy()
    faults = {name: int(weight[wrong].sum()) for name, wrong in identities.wrong.items() if wrong.any()}
    cleaned = identities.table
    for name in RUN:
        cleaned = cleaned.append_column(name, folded.column(name))
    return merge_statics([STATICS.conform(cleaned.filter(pa.array(identities.speaks)))]), faults


def merge_statics(tables: Sequence[Any], /) -> Any:
    """Merge tables of `STATICS`: rows of the same day, MMSI and content become one, in that order."""
    whole = pa.concat_tables(tables) if tables else STATICS.empty()
    if not whole.num_rows:
        return STATICS.empty()
    folded = _fold(whole, CONTENT)
    keys = ["day", "mmsi", *(name for name in CONTENT if name != "mmsi")]
    return STATICS.conform(folded.sort_by([(name, "ascending") for name in keys]))


def class_of(table: Any, /) -> Any:
    """Transceiver class: as given, else as the message type tells (1-3 and 5: A; 18, 19 and 24: B)."""
    given = pc.utf8_upper(pc.utf8_trim_whitespace(table.column("ais_class")))
    nothing = pa.scalar(None, pa.string())
    given = pc.if_else(pc.is_in(given, pa.array(["A", "B"])), given, nothing)
    if "msg_type" not in table.column_names:
        return flat(given)
    kind = table.column("msg_type")
    is_a = pc.is_in(kind, pa.array([1, 2, 3, 5], pa.int8()))
    is_b = pc.is_in(kind, pa.array([18, 19, 24], pa.int8()))
    return flat(pc.coalesce(given, pc.if_else(is_a, "A", pc.if_else(is_b, "B", nothing))))


def flat(column: Any, /) -> Any:
    """One array of a column."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _fold(table: Any, content: Sequence[str]) -> Any:
    day = pc.divide(table.column("time").cast(pa.int64()), MILLISECONDS_PER_DAY)
    return (
        table.append_column("day", day)
        .group_by(["day", *content], use_threads=False)
        .aggregate([("time", "min"), ("last_time", "max"), ("reports", "sum")])
        .rename_columns({folded: name for name, folded in RUN.items()})
    )


def _side(table: Any, name: str) -> npt.NDArray[np.int32]:
    """A distance from the antenna; -1 where it is unknown or impossible."""
    column = table.column(name)
    values: npt.NDArray[np.int32] = pc.fill_null(column, pa.scalar(-1, column.type)).to_numpy().astype(np.int32)
    highest = LONGEST_SIDE_M if name in {"to_bow_m", "to_stern_m"} else WIDEST_SIDE_M
    return np.where((values < 0) | (values > highest), -1, values).astype(np.int32)


def _antenna(sides: dict[str, npt.NDArray[np.int32]]) -> dict[str, Any]:
    """A, B, C, D: kept only together, and when they make a hull."""
    bow, stern, port, starboard = (sides[name] for name in ANTENNA)
    good = (np.minimum(bow, stern) >= 0) & (np.minimum(port, starboard) >= 0)
    good &= (bow + stern >= 1) & (port + starboard >= 1)
    # bow and port both 0: only the size is given, not the antenna's place (M.1371-5, figure 41)
    good &= ~((bow == 0) & (port == 0))
    return {name: pa.array(np.where(good, sides[name], 0).astype(np.int16), mask=~good) for name in ANTENNA}
