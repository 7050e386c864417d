"""Which columns of events identification looks at, which it fills, and how its answers get into the table.

Most events share their answers with others: lists are made once for each that differs.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tracker.pipeline.rows import Rows
from tracker.tables.events import EVENTS

ASKED = frozenset({
    "event_id", "type", "verdict", "in_port", "start_time", "end_time", "duration_h", "lon", "lat", "confidence",
    "state", "is_international", "port", "port_distance_nm", "activity", "spoofing_type", "donor_mmsi", "receiver_mmsi",
    "candidates", "mmsi_1", "mmsi_2", "imo_1", "imo_2", "name_1", "name_2", "callsign_1", "callsign_2", "ship_type_1",
    "ship_type_2", "length_m_1", "length_m_2", "beam_m_1", "beam_m_2", "draught_change_1_m", "draught_change_2_m",
    "hull_id_1", "hull_id_2", "flag_1", "flag_2", "flag_basis_1", "flag_basis_2",
})  # fmt: skip
NAMED = ("hull_id_1", "hull_id_2", "flag_1", "flag_2", "flag_basis_1", "flag_basis_2")
"""Columns of rows that identification fills."""

Texts = tuple[str, ...]


class Found:
    """What was found out, event by event; None where nothing is known, or nothing was asked."""

    def __init__(self, count: int, /) -> None:
        self.listed, self.owners = ([_nothing(count) for _ in (1, 2)] for _ in range(2))
        self.score: list[float | None] = [None] * count
        self.band: list[str | None] = [None] * count
        self.reasons, self.missing, self.legal = (_nothing(count) for _ in range(3))
        self.told: list[Texts] = [()] * count
        """Sentences for ``why``."""


def _nothing(count: int) -> list[Texts | None]:
    return [None] * count


def asked_of(events: Any, /, *, for_own_rules: bool) -> Rows:
    """Rows of events with the columns that are looked at; rules of the user's own may ask for any but lists."""
    return Rows(
        events, [f.name for f in events.schema if f.name in ASKED or (for_own_rules and not pa.types.is_list(f.type))]
    )


def filled(events: Any, rows: Rows, found: Found, /) -> Any:
    """Events with the columns of their rows that were filled, and what was found out about each."""
    new: dict[str, Any] = {name: rows.column(name) for name in NAMED}
    new |= {"risk_score": found.score, "risk_band": found.band}
    lists = {"risk_reasons": found.reasons, "risk_missing": found.missing, "legal_flags": found.legal}
    for n in (1, 2):
        lists |= {f"listed_{n}": found.listed[n - 1], f"owners_{n}": found.owners[n - 1]}
    table = {name: pa.array(values, EVENTS.schema.field(name).type) for name, values in new.items()}
    table |= {name: _lists(values) for name, values in lists.items()}
    table["why"] = _joined(events["why"], _lists(found.told))
    return EVENTS.conform(pa.table({name: table.get(name, events[name]) for name in events.column_names}))


def _lists(values: Sequence[Texts | None]) -> Any:
    """Lists of text, each that differs made once."""
    number: dict[Texts | None, int] = {}
    places = [number.setdefault(one, len(number)) for one in values]
    return pa.array(list(number), pa.list_(pa.string())).take(pa.array(places, pa.int64()))


def _joined(one: Any, other: Any) -> Any:
    """Lists of text, row by row those of one column and then those of the other."""
    one, other = (column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column for column in (one, other))
    lengths = [pc.fill_null(pc.list_value_length(column), 0).to_numpy() for column in (one, other)]
    before = np.stack(lengths, axis=1).ravel()
    rows = np.stack([np.cumsum(some) - some for some in lengths], axis=1)
    rows[:, 1] += int(lengths[0].sum())
    ends = np.cumsum(before)
    places = np.repeat(rows.ravel() - (ends - before), before) + np.arange(before.sum())
    text = pa.concat_arrays([column.flatten().cast(pa.string()) for column in (one, other)])
    starts = np.concatenate([[0], ends[1::2]])
    return pa.ListArray.from_arrays(pa.array(starts, pa.int32()), text.take(pa.array(places)))
