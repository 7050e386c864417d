"""Which columns of events identification looks at, which it fills, and how its answers get into the table.

Most of an event, its sentences above all, is not asked for who the ships were: that stays in Arrow.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import pyarrow as pa

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
_SCHEMA = pa.schema([*(EVENTS.schema.field(name) for name in FILLED), pa.field("told", pa.list_(pa.string()))])


def asked_of(events: Any, /, *, for_own_rules: bool) -> list[Row]:
    """Rows of events with the columns that are looked at; rules of the user's own may ask for any but lists."""
    names = [f.name for f in events.schema if f.name in ASKED or (for_own_rules and not pa.types.is_list(f.type))]
    rows: list[Row] = events.select(names).to_pylist()
    return rows


def filled(events: Any, answers: Iterable[tuple[Row, tuple[str, ...]]], /) -> Any:
    """Events with the answers to each row in order: its filled columns, which are taken out of it, and its sentences."""
    waiting: Iterator[Row] = ({"told": told} | {name: row.pop(name) for name in FILLED} for row, told in answers)
    parts = [_SCHEMA.empty_table()]
    while part := list(islice(waiting, AT_ONCE)):
        parts.append(pa.Table.from_pylist(part, schema=_SCHEMA))
    table = pa.concat_tables(parts)
    sentences = zip(events["why"].to_pylist(), table["told"].to_pylist(), strict=True)
    why = pa.array([[*(had or ()), *told] for had, told in sentences], EVENTS.schema.field("why").type)
    columns = {name: table[name] for name in FILLED} | {"why": pa.chunked_array([why])}
    return EVENTS.conform(pa.table({name: columns.get(name, events[name]) for name in events.column_names}))
