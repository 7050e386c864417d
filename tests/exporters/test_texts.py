"""A column written at once reads as each of its values written alone."""

from __future__ import annotations

import csv
import io
import json
import math

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tests.exporters.events_made_up import HOSTILE
from tracker.exporters.cells import json_text, safe_text
from tracker.exporters.texts import csv_texts, json_object, json_texts, row_texts
from tracker.tables.column import UTC_MS
from tracker.tables.digits import number_texts

names = st.one_of(st.sampled_from(HOSTILE), st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=6))
numbers = st.one_of(st.none(), st.floats(allow_nan=True), st.floats(width=32))
rows = st.lists(
    st.tuples(
        st.one_of(st.none(), names), st.one_of(st.none(), st.lists(st.one_of(st.none(), names), max_size=3)), numbers
    ),
    max_size=6,
)


def table(of: list[tuple[str | None, list[str | None] | None, float | None]]) -> pa.Table:
    name, why, number = zip(*of, strict=True) if of else ((), (), ())
    return pa.table(
        {
            "100 % name": pa.array(name, pa.string()),
            "why": pa.array(why, pa.list_(pa.string())),
            "length_m": pa.array(number, pa.float64()),
        }
    )


def cells(texts: pa.Array | str, rows: list) -> list[str]:
    """The text of each row."""
    return [texts] * len(rows) if isinstance(texts, str) else texts.to_pylist()


@given(rows)
def test_json_of_a_column_is_the_json_of_its_values(of: list) -> None:
    columns = json_texts(table(of))
    assert cells(columns["100 % name"], of) == [json_text(name) for name, *_ in of]
    assert cells(columns["why"], of) == [json_text(why) for _, why, _ in of]
    finite = [number if number is not None and math.isfinite(number) else None for *_, number in of]
    assert cells(columns["length_m"], of) == [json_text(number) for number in finite]
    number = {"number": pa.array([str(row) for row in range(len(of))], pa.string())}
    records = [json.loads(row) for row in row_texts(*json_object(number | columns)).to_pylist()]
    assert [record["100 % name"] for record in records] == [name for name, *_ in of]


@given(rows)
def test_a_reader_of_csv_finds_each_value_made_safe(of: list) -> None:
    columns = csv_texts(table(of))
    shown = (cells(texts, of) for texts in columns.values())
    text = "".join(",".join(row) + "\n" for row in zip(*shown, strict=True))
    read = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    assert [row[0] for row in read] == ["" if name is None else safe_text(name) for name, *_ in of]
    joined = [";".join((item or "").replace(";", ",") for item in why or []) for _, why, _ in of]
    assert [row[1] for row in read] == [safe_text(text) for text in joined]


def test_times_are_whole_seconds_unless_there_are_milliseconds() -> None:
    column = pa.chunked_array([pa.array([0, 1_580_515_199_123, None, -1000], UTC_MS)])
    told = json_texts(pa.table({"start_time": column}))["start_time"]
    assert told.to_pylist() == [
        '"1970-01-01T00:00:00Z"',
        '"2020-01-31T23:59:59.123Z"',
        "null",
        '"1969-12-31T23:59:59Z"',
    ]


@given(st.lists(st.one_of(st.none(), st.floats(width=32, allow_infinity=False, allow_nan=False))))
def test_a_short_number_has_the_digits_that_it_has(numbers: list[float | None]) -> None:
    columns = json_texts(pa.table({"length_m": pa.array(numbers, pa.float32())}))
    told = [None if number is None else float(str(np.float32(number))) for number in numbers]
    assert cells(columns["length_m"], numbers) == [json_text(number) for number in told]


@given(st.lists(st.one_of(st.floats(-180, 180), st.integers(-180 * 10**8, 180 * 10**8).map(lambda count: count / 1e8))))
def test_degrees_are_rounded_as_python_rounds_them(degrees: list[float]) -> None:
    columns = json_texts(pa.table({"lon": pa.array(degrees, pa.float64())}))
    assert cells(columns["lon"], degrees) == [json_text(round(degree, 7)) for degree in degrees]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False)))
def test_whole_numbers_can_be_written_without_a_point(numbers: list[float]) -> None:
    told = [json.loads(text) for text in number_texts(np.array(numbers, float), point=False).to_pylist()]
    assert told == numbers
    assert all(isinstance(value, int) == number.is_integer() for value, number in zip(told, numbers, strict=True))
