"""Events as columnar JSON: small to send, quick to parse, one array for each column.

Texts are dictionary-coded, numbers rounded to what a reader can use, times are seconds. A column without a single
value is left out. The page reads exactly this form (``assets/10-data.js``).
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tracker.tables.events import EVENTS
from tracker.views.text import plain_text

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
    """JSON-ready columns of a ranked events table.

    Returns
    -------
    dict
        ``{"count": n, "columns": {name: column}}``; a column is ``{"n": [numbers or null]}``,
        ``{"d": [texts], "c": [codes, -1 unknown]}`` or ``{"d": [texts], "l": [[codes] or null]}``.
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
        return {"n": [v if v is None else v // 1000 for v in column.cast(pa.int64()).to_pylist()]}
    if pa.types.is_boolean(column.type):
        return {"n": [v if v is None else int(v) for v in column.to_pylist()]}
    if pa.types.is_floating(column.type):
        base = name[:-2] if name.endswith(("_1", "_2")) else name
        return {"n": round_numbers(column.to_numpy(zero_copy_only=False), decimals=DECIMALS.get(base, 2))}
    return {"n": column.to_pylist()}


def round_numbers(values: npt.NDArray[Any], /, *, decimals: int) -> list[float | int | None]:
    """Rounded plain numbers; NaN and infinities become None, whole numbers lose their ``.0``."""
    rounded = np.round(np.asarray(values, dtype=np.float64), decimals)
    finite = np.isfinite(rounded)
    return [
        (int(v) if v == int(v) else v) if ok else None for v, ok in zip(rounded.tolist(), finite.tolist(), strict=True)
    ]


def _coded_texts(column: Any) -> tuple[list[str], list[int]]:
    """Texts in order of appearance, and the number of the text of each row, -1 where there is none."""
    coded = column.dictionary_encode()
    codes: dict[str, int] = {}
    code = np.array([codes.setdefault(plain_text(text), len(codes)) for text in coded.dictionary.to_pylist()] + [-1])
    # the last one is that of no text
    return list(codes), code[coded.indices.fill_null(-1).to_numpy()].tolist()


def _coded_lists(column: Any) -> dict[str, Any]:
    items = column.flatten()
    texts, codes = _coded_texts(items)
    ends = np.cumsum(column.value_lengths().fill_null(0).to_numpy()).tolist()
    rows: Iterable[list[int]] = (codes[begin:end] for begin, end in zip([0, *ends], ends, strict=False))
    known = column.is_valid().to_pylist()
    if items.null_count:
        rows = ([v for v in row if v >= 0] for row in rows)
    return {"d": texts, "l": [row if ok else None for row, ok in zip(rows, known, strict=True)]}
