"""Events as columnar JSON: small to send, quick to parse, one array for each column.

Texts are dictionary-coded, numbers rounded to what a reader can use, times are seconds. A column without a single
value is left out. The page reads exactly this form (``assets/10-data.js``).
"""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tracker.tables.events import EVENTS
from tracker.views.text import plain_texts

DECIMALS = {
    "lon": 5,  # 1e-5 degree is about a metre
    "lat": 5,
    "confidence": 3,
    "duration_h": 2,
    "dwt_t": 0,
    "cargo_low_t": 0,
    "cargo_best_t": 0,
    "cargo_high_t": 0,
    "cargo_low_bbl": 0,
    "cargo_best_bbl": 0,
    "cargo_high_bbl": 0,
    "cargo_s33_t": 0,
    "cargo_s50_t": 0,
    "cargo_s90_t": 0,
}
"""Decimals by column; 2 elsewhere, and names that end in ``_1`` or ``_2`` count without the ending."""

VERDICT_ORDER = ("likely", "possible", "unlikely")
"""Rank of verdicts; events without one (ships alone) come after them."""


def rank_events(events: pa.Table, /) -> pa.Table:
    """Most important first: at sea before in port, then verdict, risk, confidence, time and id; unknown comes last."""
    table = EVENTS.conform(events)
    if not table.num_rows:
        return table
    keys = {
        "in_port": pc.fill_null(table["in_port"], False).cast(pa.int8()),
        "verdict": pc.fill_null(pc.index_in(table["verdict"], pa.array(VERDICT_ORDER)), len(VERDICT_ORDER)),
        "risk": pc.negate(pc.fill_null(table["risk_score"], -1.0)),
        "confidence": pc.negate(pc.fill_null(table["confidence"], -1.0)),
        "start": table["start_time"].cast(pa.int64()),
        "id": table["event_id"],
    }
    order = pc.sort_indices(pa.table(keys), sort_keys=[(name, "ascending") for name in keys])
    return table.take(order)


def pack_columns(table: pa.Table, /) -> dict[str, Any]:
    """Columns of a ranked events table, for `tracker.views.text.script_json`.

    Returns
    -------
    dict
        ``{"count": n, "columns": {name: column}}``; a column is ``{"n": numbers or null}``,
        ``{"d": [texts], "c": codes, -1 unknown}`` or ``{"d": [texts], "l": lists of codes or null}``; numbers, codes
        and lists are Arrow arrays.
    """
    columns: dict[str, Any] = {}
    for name in table.column_names:
        column = table.column(name).combine_chunks()
        if column.null_count == len(column):
            continue
        columns[name] = _packed(name, column)
    return {"count": table.num_rows, "columns": columns}


def _packed(name: str, column: Any) -> dict[str, Any]:
    if pa.types.is_list(column.type):
        return _coded_lists(column)
    if pa.types.is_string(column.type):
        texts, codes = _coded_texts(column)
        return {"d": texts, "c": codes}
    if pa.types.is_timestamp(column.type):
        return {"n": _whole_seconds(column.cast(pa.int64()))}
    if pa.types.is_boolean(column.type):
        return {"n": column.cast(pa.int8())}
    if pa.types.is_floating(column.type):
        base = name[:-2] if name.endswith(("_1", "_2")) else name
        return {"n": _rounded(column, decimals=DECIMALS.get(base, 2))}
    return {"n": column}


def _whole_seconds(milliseconds: Any) -> Any:
    seconds = milliseconds.fill_null(0).to_numpy() // 1000
    return pa.array(seconds, mask=milliseconds.is_null().to_numpy(zero_copy_only=False))


def _rounded(column: Any, /, *, decimals: int) -> Any:
    """Rounded numbers; NaN and infinities become null."""
    rounded = np.round(np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64), decimals)
    return pa.array(rounded, mask=~np.isfinite(rounded))


def _coded_texts(column: Any) -> tuple[list[str], Any]:
    """Texts in order of appearance, and the number of the text of each row, -1 where there is none."""
    coded = column.dictionary_encode()
    plain = plain_texts(coded.dictionary)
    if plain is coded.dictionary:
        return plain.to_pylist(), coded.indices.fill_null(-1)
    # different texts may look alike once they are plain
    merged = plain.dictionary_encode()
    code = np.append(merged.indices.to_numpy(), -1)
    return merged.dictionary.to_pylist(), pa.array(code[coded.indices.fill_null(len(code) - 1).to_numpy()])


def _coded_lists(column: Any) -> dict[str, Any]:
    texts, codes = _coded_texts(column.flatten())
    ends = np.concatenate([[0], np.cumsum(column.value_lengths().fill_null(0).to_numpy())])
    is_known = codes.to_numpy() >= 0
    if not is_known.all():
        ends = np.concatenate([[0], np.cumsum(is_known)])[ends]
        codes = codes.filter(pa.array(is_known))
    lists = pa.ListArray.from_arrays(pa.array(ends, pa.int32()), codes, mask=column.is_null())
    return {"d": texts, "l": lists}
