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
from tracker.exporters.csv import CSV
from tracker.exporters.json import JSON_LINES
from tracker.exporters.rows import write_rows
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
    return numbered(
        {
            "100 % name": pa.array(name, pa.string()),
            "why": pa.array(why, pa.list_(pa.string())),
            "length_m": pa.array(number, pa.float64()),
        }
    )


def numbered(columns: dict[str, pa.Array]) -> pa.Table:
    """Columns between two that are known in every row."""
    rows = max(len(column) for column in columns.values())
    return pa.table({"row": pa.array(range(rows)), **columns, "last": pa.array(["x"] * rows, pa.string())})


def written(table: pa.Table) -> tuple[str, str]:
    """The table as CSV and as lines of JSON, written at once."""
    files = {CSV: io.BytesIO(), JSON_LINES: io.BytesIO()}
    write_rows(table, files, provenance={})
    return files[CSV].getvalue().decode(), files[JSON_LINES].getvalue().decode()


def told(name: str, column: pa.Array) -> list[str]:
    """What JSON tells of each value of a column."""
    lines = written(numbered({name: column}))[1].splitlines()
    return [line.split(f'"{name}":', 1)[1].removesuffix(',"last":"x"}') for line in lines]


@given(rows, st.integers(0, 20))
def test_a_line_of_json_is_the_json_of_its_row(of: list, blank: int) -> None:
    rows = [*of, *[(None, None, None)] * blank]
    finite = [number if number is not None and math.isfinite(number) else None for *_, number in rows]
    assert written(table(rows))[1] == "".join(
        json_text({"row": row, "100 % name": name, "why": why, "length_m": number, "last": "x"}) + "\n"
        for row, ((name, why, _), number) in enumerate(zip(rows, finite, strict=True))
    )


@given(rows, st.integers(0, 20))
def test_a_reader_of_csv_finds_each_value_made_safe(of: list, blank: int) -> None:
    rows = [*of, *[(None, None, None)] * blank]
    head, *read = csv.reader(io.StringIO(written(table(rows))[0], newline=""))
    assert head == ["row", "100 % name", "why", "length_m", "last"]
    assert [row[1] for row in read] == ["" if name is None else safe_text(name) for name, *_ in rows]
    joined = [";".join((item or "").replace(";", ",") for item in why or []) for _, why, _ in rows]
    assert [row[2] for row in read] == [safe_text(text) for text in joined]
    assert [row[4] for row in read] == ["x"] * len(rows)


def test_texts_that_come_again_and_again_are_written_as_those_that_do_not() -> None:
    of = [(name, [name, *HOSTILE], None) for name in HOSTILE]
    often = written(table(of * 40))
    alone = [written(table([row])) for row in of]
    assert often[0].splitlines()[1:] == [
        f"{number},{alone[number % len(of)][0].splitlines()[1].removeprefix('0,')}" for number in range(40 * len(of))
    ]
    assert [json.loads(line)["why"] for line in often[1].splitlines()] == [why for _, why, _ in of * 40]


def test_the_first_columns_may_be_known_in_few_rows() -> None:
    table = pa.table({"imo_1": pa.array([None] * 9 + [9_123_456], pa.int64()), "event_id": [str(n) for n in range(10)]})
    files = {exporter: io.BytesIO() for exporter in (CSV, JSON_LINES)}
    write_rows(table, files, provenance={})
    text, lines = (file.getvalue().decode() for file in files.values())
    assert text.splitlines() == ["imo_1,event_id", *(f",{n}" for n in range(9)), "9123456,9"]
    assert [json.loads(line) for line in lines.splitlines()] == table.to_pylist()


def test_times_are_whole_seconds_unless_there_are_milliseconds() -> None:
    column = pa.array([0, 1_580_515_199_123, None, -1000], UTC_MS)
    assert told("start_time", column) == [
        '"1970-01-01T00:00:00Z"',
        '"2020-01-31T23:59:59.123Z"',
        "null",
        '"1969-12-31T23:59:59Z"',
    ]


@given(st.lists(st.one_of(st.none(), st.floats(width=32, allow_infinity=False, allow_nan=False)), min_size=1))
def test_a_short_number_has_the_digits_that_it_has(numbers: list[float | None]) -> None:
    known = [None if number is None else float(str(np.float32(number))) for number in numbers]
    assert told("length_m", pa.array(numbers, pa.float32())) == [json_text(number) for number in known]


degrees = st.one_of(st.floats(-180, 180), st.integers(-180 * 10**8, 180 * 10**8).map(lambda count: count / 1e8))


@given(st.lists(degrees, min_size=1))
def test_degrees_are_rounded_as_python_rounds_them(degrees: list[float]) -> None:
    assert told("lon", pa.array(degrees, pa.float64())) == [json_text(round(degree, 7)) for degree in degrees]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False)))
def test_whole_numbers_can_be_written_without_a_point(numbers: list[float]) -> None:
    told = [json.loads(text) for text in number_texts(np.array(numbers, float), point=False).to_pylist()]
    assert told == numbers
    assert all(isinstance(value, int) == number.is_integer() for value, number in zip(told, numbers, strict=True))
