"""A column written at once reads as each of its values written alone."""

from __future__ import annotations

import csv
import io
import json

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tests.exporters.events_made_up import HOSTILE
from tracker.exporters.cells import json_text, safe_text
from tracker.exporters.texts import csv_texts, json_rows, json_texts, object_template
from tracker.tables.column import UTC_MS

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


@given(rows)
def test_json_of_a_column_is_the_json_of_its_values(of: list) -> None:
    columns = json_texts(table(of))
    assert columns["100 % name"] == [json_text(name) for name, *_ in of]
    assert columns["why"] == [json_text(why) for _, why, _ in of]
    records = [json.loads(row) for row in json_rows(columns.values(), object_template(columns))]
    assert [record["100 % name"] for record in records] == [name for name, *_ in of]


@given(rows)
def test_a_reader_of_csv_finds_each_value_made_safe(of: list) -> None:
    columns = csv_texts(table(of))
    text = "".join(",".join(row) + "\n" for row in zip(*columns.values(), strict=True))
    read = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    assert [row[0] for row in read] == ["" if name is None else safe_text(name) for name, *_ in of]
    joined = [";".join((item or "").replace(";", ",") for item in why or []) for _, why, _ in of]
    assert [row[1] for row in read] == [safe_text(text) for text in joined]


def test_times_are_whole_seconds_unless_there_are_milliseconds() -> None:
    column = pa.chunked_array([pa.array([0, 1_580_515_199_123, None, -1000], UTC_MS)])
    told = json_texts(pa.table({"start_time": column}))["start_time"]
    assert told == ['"1970-01-01T00:00:00Z"', '"2020-01-31T23:59:59.123Z"', "null", '"1969-12-31T23:59:59Z"']
