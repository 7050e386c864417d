"""Which columns of events identification looks at, which it fills, and how its answers get into the table.

Most of an event, its sentences above all, is not asked for who the ships were: that stays in Arrow.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tracker.tables.column import UTC_MS
from tracker.tables.events import EVENTS

FILLED = (
    "hull_id_1", "hull_id_2", "flag_1", "flag_2", "flag_basis_1", "flag_basis_2", "listed_1", "listed_2",
    "risk_score", "risk_band", "risk_reasons", "risk_missing", "owners_1", "owners_2", "legal_flags",
)  # fmt: skip
"""Columns that identification fills; ``why`` gets more sentences."""
ASKED = frozenset({
    "event_id", "type", "verdict", "in_port", "start_time", "end_time", "duration_h", "lon", "lat", "confidence",
    "state", "is_international", "port", "port_distance_nm", "activity", "spoofing_type", "donor_mmsi", "receiver_mmsi",
    "candidates", "mmsi_1", "mmsi_2", "imo_1", "imo_2", "name_1", "name_2", "callsign_1", "callsign_2", "ship_type_1",
    "ship_type_2", "length_m_1", "length_m_2", "beam_m_1", "beam_m_2", "draught_change_1_m", "draught_change_2_m",
    "hull_id_1", "hull_id_2", "flag_1", "flag_2", "flag_basis_1", "flag_basis_2",
})  # fmt: skip
AT_ONCE = 1_000
"""Events whose answers wait as Python's own values."""

Row = dict[str, Any]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SCHEMA = pa.schema([*(EVENTS.schema.field(name) for name in FILLED), pa.field("told", pa.list_(pa.string()))])


def asked_of(events: Any, /, *, for_own_rules: bool) -> list[Row]:
    """Rows of events with the columns that are looked at; rules of the user's own may ask for any but lists."""
    names = [f.name for f in events.schema if f.name in ASKED or (for_own_rules and not pa.types.is_list(f.type))]
    if not names:
        return [{} for _ in range(events.num_rows)]
    columns = [_values(events[name].combine_chunks()) for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _values(column: Any) -> list[Any]:
    """A column as Python's own values: numbers through numpy, moments from milliseconds, which is many times faster."""
    kind = column.type
    if column.null_count == len(column):
        return [None] * len(column)
    if pa.types.is_timestamp(kind):
        ms = _values(column.cast(UTC_MS).cast(pa.int64()))
        return [None if one is None else EPOCH + timedelta(milliseconds=one) for one in ms]
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind)):
        values: list[Any] = column.to_pylist()
        return values
    values = pc.fill_null(column, 0).to_numpy(zero_copy_only=False).tolist()
    for i in np.flatnonzero(column.is_null().to_numpy(zero_copy_only=False)).tolist():
        values[i] = None
    return values


def filled(events: Any, answers: Iterable[tuple[Row, tuple[str, ...]]], /) -> Any:
    """Events with the answers to each row in order: its filled columns, which are taken out of it, and its sentences."""
    parts, had = [_SCHEMA.empty_table()], iter(answers)
    while part := list(islice(had, AT_ONCE)):
        columns = [[row.pop(name) for row, _ in part] for name in FILLED]
        columns.append([told for _, told in part])
        parts.append(pa.table([pa.array(c, f.type) for c, f in zip(columns, _SCHEMA, strict=True)], schema=_SCHEMA))
    table = pa.concat_tables(parts)
    new = {name: table[name] for name in FILLED} | {"why": _joined(events["why"], table["told"])}
    return EVENTS.conform(pa.table({name: new.get(name, events[name]) for name in events.column_names}))


def _joined(one: Any, other: Any) -> Any:
    """Lists of text, row by row those of one column and then those of the other."""
    one, other = (column.combine_chunks() for column in (one, other))
    lengths = [pc.fill_null(pc.list_value_length(column), 0).to_numpy() for column in (one, other)]
    before = np.stack(lengths, axis=1).ravel()
    rows = np.stack([np.cumsum(some) - some for some in lengths], axis=1)
    rows[:, 1] += int(lengths[0].sum())
    ends = np.cumsum(before)
    places = np.repeat(rows.ravel() - (ends - before), before) + np.arange(before.sum())
    text = pa.concat_arrays([column.flatten().cast(pa.string()) for column in (one, other)])
    starts = np.concatenate([[0], ends[1::2]])
    return pa.ListArray.from_arrays(pa.array(starts, pa.int32()), text.take(pa.array(places)))
