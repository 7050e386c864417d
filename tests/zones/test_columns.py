"""Columns of numbers: rounded all at once as each would be."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tracker.zones.columns import hundredths

near_a_half = st.integers(0, 1_080_000).map(lambda n: (n + 0.5) / 100.0)


@given(st.lists(st.none() | near_a_half | st.floats(0.0, 10_800.0), max_size=20))
def test_distances_are_rounded_as_each_alone(distances_nm: list[float | None]) -> None:
    column = pa.chunked_array([pa.array(distances_nm, pa.float64())])
    expected = [None if value is None else round(value, 2) for value in distances_nm]
    assert hundredths(column).to_pylist() == expected
