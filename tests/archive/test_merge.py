"""The order of a day: one for each set of rows."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tracker.archive.merge import EXISTING, canonical, merge_rows
from tracker.tables.positions import POSITIONS

ROWS = st.fixed_dictionaries(
    {
        "time": st.integers(0, 2).map(lambda s: datetime(2020, 1, 1, 0, 0, s, tzinfo=UTC)),
        "mmsi": st.integers(1, 2) | st.just(999_999_999),
        "lon_e7": st.integers(-1, 1),
        "lat_e7": st.just(0),
        "sog_kn": st.sampled_from([None, 0.0, -0.0, 1.5, float("nan")]),
        "nav_status": st.sampled_from([None, 0, 5]),
        "ais_class": st.sampled_from([None, "A", "B", ""]),
        "flags": st.integers(0, 1),
        "station": st.sampled_from([None, "z", "a", "é"]),
    }
)


@given(rows=st.lists(ROWS, max_size=30), data=st.data())
def test_a_set_of_rows_has_one_order_and_no_copies(rows: list[dict[str, object]], data: st.DataObject) -> None:
    table = canonical(POSITIONS.from_rows(rows))
    shuffled = table.take(pa.array(data.draw(st.permutations(range(len(rows)))), pa.int64()))
    cut = data.draw(st.integers(0, len(rows)))
    zeros = np.zeros(len(rows), np.int32)
    one = merge_rows([table], [zeros])
    other = merge_rows([shuffled.slice(0, cut), shuffled.slice(cut)], [zeros[:cut], zeros[cut:]])
    assert one.table.equals(other.table)
    different = {tuple(row.items()) for row in table.to_pylist()}
    assert one.table.num_rows == len(different)
    assert sum(one.duplicates.values()) == len(rows) - len(different)
    order = [(row["time"], row["mmsi"]) for row in one.table.to_pylist()]
    assert order == sorted(order)


def test_a_copy_is_charged_to_the_input_that_came_later() -> None:
    row = {"time": datetime(2020, 1, 1, tzinfo=UTC), "mmsi": 1, "lon_e7": 0, "lat_e7": 0, "flags": 0}
    table = canonical(POSITIONS.from_rows([row]))
    pieces = [table, table, table, table]
    merged = merge_rows(pieces, [np.array([n], np.int32) for n in (EXISTING, 0, 1, 1)])
    assert merged.duplicates == {0: 1, 1: 2}
