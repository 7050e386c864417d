"""CSV and Parquet by their values: samples, row numbers, times, mappings, hostile lines."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.reading import read_rows, source_of
from tests.formats.synthetic import SAMPLES
from tests.formats.synthetic_tables import (
    ANY_COLUMNS,
    CSV_ROWS,
    DMA_ROWS,
    MAKERS,
    NOAA_2025_ROWS,
    NOAA_ROWS,
    wkb_point,
    write_geoparquet,
    write_parquet,
)
from tracker.cleaning.checks import check
from tracker.errors import CorruptInputError, EmptyInputError, MissingColumnError, MissingTimeError, ParameterError
from tracker.formats import FORMATS
from tracker.formats.csv_blocks import read_blocks
from tracker.formats.format import ReadOptions, Source
from tracker.formats.geo_points import point_columns
from tracker.formats.values import numbers, times

START = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


def counts(name: str, source: Source, **options: Any) -> dict[str, int]:
    """Positions, static reports and rejects of a source."""
    found = {"positions": 0, "statics": 0, "rejects": 0}
    for reports in FORMATS.get(name).read(source, ReadOptions(**options)):
        batch = check(reports, input_name="sample")
        found["positions"] += batch.positions.num_rows
        found["statics"] += batch.static_rows
        found["rejects"] += batch.rejects.num_rows
    return found


def faults(name: str, source: Source) -> dict[str, int]:
    """Malformed fields of a source."""
    found: dict[str, int] = {}
    for reports in FORMATS.get(name).read(source, ReadOptions()):
        found |= check(reports, input_name="sample").field_faults
    return found


def test_the_samples_are_what_their_makers_make() -> None:
    for name, make in MAKERS.items():
        assert (SAMPLES / name).read_text() == make()


@pytest.mark.parametrize(
    ("name", "sample", "expected"),
    [
        ("noaa-csv", "synthetic_marinecadastre.csv", NOAA_ROWS),
        ("noaa-2025", "synthetic_noaa_2025.csv", NOAA_2025_ROWS),
        ("dma-csv", "synthetic_aisdk_22.csv", DMA_ROWS),
        ("dma-csv", "synthetic_aisdk_26.csv", DMA_ROWS),
        ("csv", "synthetic_plain.csv", CSV_ROWS),
    ],
)
def test_samples_give_their_counts(name: str, sample: str, expected: dict[str, int]) -> None:
    assert counts(name, source_of(SAMPLES / sample)) == expected


def test_parquet_samples_give_their_counts(tmp_path: Path) -> None:
    expected = write_geoparquet(tmp_path / "noaa.parquet")
    assert counts("noaa-geoparquet", source_of(tmp_path / "noaa.parquet")) == expected
    expected = write_parquet(tmp_path / "plain.parquet")
    assert counts("parquet", source_of(tmp_path / "plain.parquet")) == expected


def test_noaa_values() -> None:
    one, two, small, *_ = read_rows("noaa-csv", source_of(SAMPLES / "synthetic_marinecadastre.csv"))
    assert (one["time"], one["mmsi"], one["lon"], one["lat"]) == (START, 200_000_001, 124.5, 30.25)
    assert (one["imo"], one["nav_status"], one["ship_type"], one["ais_class"]) == ("IMO9074729", 1, 80, "A")
    # 1024 is the coast guard's code of a tank ship
    assert (two["ship_type"], two["sog_kn"]) == (80, pytest.approx(102.3))
    assert (small["sog_kn"], small["length_m"], small["beam_m"], small["imo"]) == (None, None, 4.0, "12AB")


def test_one_malformed_field_costs_that_field_and_is_counted() -> None:
    assert faults("noaa-csv", source_of(SAMPLES / "synthetic_marinecadastre.csv")) == {
        "imo": 1,
        "length_m": 1,
        "sog_kn": 1,
    }


def test_what_could_not_be_read_stands_in_the_detail() -> None:
    rows = read_rows("noaa-csv", source_of(SAMPLES / "synthetic_marinecadastre.csv"))
    assert [row["detail"] for row in rows if row["detail"]] == [
        "BaseDateTime=yesterday",
        "200000004,2023-11-14T22:14:25,30.30000",
    ]
    assert rows[8]["reject"] == "bad_row"


def test_danish_values() -> None:
    one, two, small, identity, nothing, station, mark, late = read_rows(
        "dma-csv", source_of(SAMPLES / "synthetic_aisdk_26.csv")
    )
    assert (one["time"], one["nav_status"], one["ship_type"], one["ais_class"]) == (START, 1, 80, "A")
    assert (one["length_m"], one["beam_m"], one["draught_m"]) == (170.0, 28.0, pytest.approx(9.8))
    assert (one["to_bow_m"], one["to_stern_m"], one["to_port_m"], one["to_starboard_m"]) == (140, 30, 12, 16)
    assert [two[name] for name in ("nav_status", "imo", "ship_type", "name")] == [None] * 4
    assert (small["ais_class"], small["destination"]) == ("B", None)
    assert (identity["lat"], nothing["lat"]) == (91.0, 91.0)
    assert (station["reject"], mark["reject"], mark["detail"]) == ("not_a_ship", "not_a_ship", "AtoN")
    assert late["time"] == datetime(2023, 12, 31, 23, 59, 59, tzinfo=UTC)


def test_geoparquet_values(tmp_path: Path) -> None:
    write_geoparquet(tmp_path / "noaa.parquet")
    one, _, nowhere = read_rows("noaa-geoparquet", source_of(tmp_path / "noaa.parquet"))
    assert (one["time"], one["lon"], one["lat"], one["length_m"]) == (START, 124.5, 30.25, 170.0)
    assert (nowhere["lon"], nowhere["draught_m"]) == (None, None)


def test_points_in_every_dress() -> None:
    big = b"\x00\x00\x00\x00\x01" + wkb_point(1.5, 2.5)[5:13][::-1] + wkb_point(1.5, 2.5)[13:][::-1]
    with_system = b"\x01\x01\x00\x00\x20\xe6\x10\x00\x00" + wkb_point(1.5, 2.5)[5:]
    line = b"\x01\x02\x00\x00\x00\x00\x00\x00\x00"
    values = [wkb_point(1.5, 2.5), big, with_system, line, b"", b"\x01", None]
    for kind in (pa.binary(), pa.large_binary()):
        lon, lat = point_columns(pa.chunked_array([pa.array(values, kind)]))
        assert lon.to_pylist() == [1.5, 1.5, 1.5, None, None, None, None]
        assert lat.to_pylist() == [2.5, 2.5, 2.5, None, None, None, None]
    lon, _ = point_columns(pa.array([{"x": 1.5, "y": 2.5}, None]))
    assert lon.to_pylist() == [1.5, None]


def test_a_table_that_only_a_mapping_can_read() -> None:
    source = source_of(SAMPLES / "synthetic_decimal_comma.csv")
    one, two, nowhere = read_rows("csv", source, columns=ANY_COLUMNS)
    assert (one["time"], one["mmsi"], one["lon"], one["lat"]) == (START, 200_000_001, 124.5, 30.25)
    assert one["sog_kn"] == pytest.approx(0.4)
    assert (two["lat"], two["cog_deg"]) == (30.2505, 360.0)
    assert nowhere["lon"] is None
    assert counts("csv", source, columns=ANY_COLUMNS) == {"positions": 2, "statics": 0, "rejects": 1}


def test_a_table_without_header_is_mapped_by_the_number_of_the_column(tmp_path: Path) -> None:
    source = source_of("22:13:20:365;200000001;124.5;30.25\n22:13:21:000;200000001;124.5;30.25\n", tmp_path)
    columns = {"time": "2023-11-14T{#1}", "mmsi": "#2", "lon": "#3", "lat": "#4"}
    first, _ = read_rows("csv", source, columns=columns)
    assert first["time"] == START.replace(microsecond=365_000)


def test_a_mapping_to_what_is_not_there_is_refused(tmp_path: Path) -> None:
    source = source_of("a,b,c,d\n1,2,3,4\n", tmp_path)
    with pytest.raises(ParameterError, match=r"'SHIPID', which the table lacks"):
        read_rows("csv", source, columns={"mmsi": "SHIPID"})
    with pytest.raises(ParameterError, match="none of ours"):
        read_rows("csv", source, columns={"colour": "a"})
    with pytest.raises(ParameterError, match="date_order"):
        read_rows("csv", source, columns={"date_order": "backwards"})
    with pytest.raises(MissingColumnError, match="time, mmsi, lon, lat"):
        read_rows("csv", source)


def test_a_known_layout_that_is_named_and_is_another_says_what_it_lacks(tmp_path: Path) -> None:
    source = source_of("a,b,c,d\n1,2,3,4\n", tmp_path)
    for name in ("noaa-csv", "noaa-2025", "dma-csv"):
        with pytest.raises(MissingColumnError, match="lacks 4 column"):
            read_rows(name, source)


def test_dates_of_which_day_and_month_cannot_be_told_are_refused_until_it_is_said(tmp_path: Path) -> None:
    table = "time,mmsi,lon,lat\n03/04/2018 10:00,200000001,124.5,30.25\n"
    source = source_of(table, tmp_path)
    with pytest.raises(MissingTimeError, match="date_order"):
        read_rows("csv", source)
    for order, month in (("day_first", 4), ("month_first", 3)):
        assert read_rows("csv", source, columns={"date_order": order})[0]["time"].month == month
    for date, month in (("13/04/2018 10:00", 4), ("4/13/2018 10:00", 4)):
        rows = read_rows("csv", source_of(table + f"{date},200000001,124.5,30.25\n", tmp_path))
        assert rows[1]["time"] == datetime(2018, month, 13, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2023-11-14T22:13:20",
        "2023-11-14 22:13:20",
        "2023-11-14T22:13:20Z",
        "2023-11-14 22:13:20 UTC",
        "2023-11-14T22:13:20.000000+00:00",
        "2023-11-15T06:13:20+08:00",
        "2023-11-15T06:13:20.0+0800",
        "2023-11-14 22:13:20.000000000",
        "14/11/2023 22:13:20",
        "14.11.2023 22:13:20",
        "1700000000",
        "1700000000.0",
        "1700000000000",
        "1700000000000000",
        "1700000000000000000",
    ],
)
def test_times_that_providers_write(text: str) -> None:
    for values in ([text], [text, None, "yesterday", "2023-13-45 99:99:99", ""]):
        for column in (pa.array(values), pa.array(values).dictionary_encode()):
            read, wrong = times(column)
            assert read.to_pylist() == [START] + [None] * (len(values) - 1)
            assert (wrong is None) if len(values) == 1 else list(wrong) == [False, False, True, True, False]


def test_numbers_that_are_none() -> None:
    column = pa.array(["1", " 2.50 ", "+3", "1e1", "x", "", None, "inf", "nan", "1e400", "-", "Unknown", "1,5", "0x10"])
    for one in (column, column.dictionary_encode()):
        read, wrong = numbers(one, pa.float32())
        assert read.to_pylist() == [1.0, 2.5, 3.0, 10.0, *[None] * 10]
        assert [n for n, is_wrong in enumerate(wrong) if is_wrong] == [4, 7, 9, 12, 13]
    read, wrong = numbers(pa.array(["7.0", "7.5", "70000"]), pa.int16())
    assert read.to_pylist() == [7, None, None]
    assert list(wrong) == [False, True, True]


HEADER = "time,mmsi,lon,lat,name\n"
GOOD = "2023-11-14T22:13:20,200000001,124.5,30.25,SYNTHETIC\n"


@pytest.mark.parametrize(
    ("line", "is_row"),
    [
        ("\n", None),
        ("   \r\n", None),
        ("1,2,3\n", False),
        (GOOD.replace("SYNTHETIC", "SYN,THETIC"), False),
        (GOOD.replace("SYNTHETIC", '"SYN,THETIC"'), True),
        (GOOD.replace("SYNTHETIC", '"SYN'), True),
        (GOOD.replace("SYNTHETIC", 'SYN "X" Y'), True),
        (GOOD.replace("SYNTHETIC", "SYN\rTHETIC"), True),
        (GOOD.replace("SYNTHETIC", "SYN\x00THETIC"), True),
        ('"' + GOOD, False),
        ("\x00\x01\x02\n", False),
    ],
)
def test_an_odd_line_costs_itself_and_moves_no_number(line: str, is_row: bool | None, tmp_path: Path) -> None:
    # a quote that never closes, a carriage return or a wrong number of fields must not reach the next line
    source = source_of((HEADER + GOOD * 3 + line + GOOD * 3).encode(), tmp_path)
    rows = [row for one in FORMATS.get("csv").read(source, ReadOptions()) for row in one.table.to_pylist()]
    by_number = {row["row"]: row for row in rows}
    assert sorted(by_number) == [1, 2, 3, *([] if is_row is None else [4]), 5, 6, 7]
    assert all(by_number[n]["name"] == "SYNTHETIC" and by_number[n]["reject"] is None for n in (1, 2, 3, 5, 6, 7))
    if is_row is not None:
        assert (by_number[4]["reject"] is None) == is_row


def test_names_in_latin_1_are_read(tmp_path: Path) -> None:
    source = source_of((HEADER + GOOD + GOOD.replace("SYNTHETIC", "SÆTERSØ")).encode("latin-1"), tmp_path)
    assert [row["name"] for row in read_rows("csv", source)] == ["SYNTHETIC", "SÆTERSØ"]


def test_a_byte_order_mark_and_windows_line_ends_are_no_matter(tmp_path: Path) -> None:
    text = "\ufeff" + (HEADER + GOOD * 2).replace("\n", "\r\n")
    rows = read_rows("csv", source_of(text.encode(), tmp_path))
    assert [(row["row"], row["name"], row["mmsi"]) for row in rows] == [
        (1, "SYNTHETIC", 200_000_001),
        (2, "SYNTHETIC", 200_000_001),
    ]


def test_a_header_without_rows_is_empty(tmp_path: Path) -> None:
    with pytest.raises(EmptyInputError, match="a header and no row"):
        read_rows("csv", source_of(HEADER, tmp_path))


def test_a_line_without_end_is_refused_before_memory_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.formats.csv_blocks.BLOCK_BYTES", 1 << 10)
    monkeypatch.setattr("tracker.formats.csv_blocks.LONGEST_LINE_BYTES", 1 << 12)
    with pytest.raises(CorruptInputError, match="a line of more than"):
        list(read_blocks(io.BytesIO(b"a,b\n" + b"x" * 10_000), "endless", delimiter=",", wanted={"a"}))


LINES = st.lists(
    st.one_of(
        st.just("1,2,3"),
        st.text(st.sampled_from('ab12,,";\r \x00é'), max_size=14),
        st.lists(st.text(st.sampled_from('ab"\r é'), max_size=3), min_size=3, max_size=3).map(",".join),
    ),
    max_size=12,
)


@given(LINES, st.integers(1, 40))
def test_every_line_is_a_row_a_bad_row_or_blank_wherever_blocks_are_cut(lines: list[str], block: int) -> None:
    content = ("x,y,z\n" + "".join(f"{line}\n" for line in lines)).encode()

    def read() -> tuple[dict[int, tuple[Any, ...]], dict[int, str]]:
        rows: dict[int, tuple[Any, ...]] = {}
        bad: dict[int, str] = {}
        for one in read_blocks(io.BytesIO(content), "law", delimiter=",", wanted={"x", "z"}):
            values = zip(*(one.table.column(name).to_pylist() for name in ("x", "z")), strict=True)
            rows |= dict(zip(one.rows.tolist(), values, strict=True))
            bad |= dict(one.bad)
        return rows, bad

    if not lines:
        return
    whole = read()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tracker.formats.csv_blocks.BLOCK_BYTES", block)
        cut = read()
    assert cut == whole
    rows, bad = whole
    assert not set(rows) & set(bad)
    full = {n for n, line in enumerate(lines, 1) if line.strip()}
    assert set(rows) | set(bad) == full
    for n, line in enumerate(lines, 1):
        if '"' not in line and line.strip() and n in rows:
            assert line.rstrip("\r").count(",") == 2


CELL = st.one_of(st.text(st.sampled_from("ab 1é"), max_size=4), st.sampled_from(['"a,b"', '"say ""so"""', 'x"y', '""']))


@given(st.lists(st.lists(CELL, min_size=3, max_size=3).map(",".join), min_size=1, max_size=6))
def test_the_careful_way_reads_what_the_fast_way_reads(lines: list[str]) -> None:
    def values(text: str) -> dict[int, tuple[Any, ...]]:
        (block,) = read_blocks(io.BytesIO(text.encode()), "law", delimiter=",", wanted={"x", "y", "z"})
        rows = zip(*(block.table.column(name).to_pylist() for name in ("x", "y", "z")), strict=True)
        return dict(zip(block.rows.tolist(), rows, strict=True))

    table = "x,y,z\n" + "".join(f"{line}\n" for line in lines)
    assert values(table + "one field too few\n") == values(table)


def test_text_in_parquet_that_is_no_utf_8_costs_its_marks_only(tmp_path: Path) -> None:
    raw = pa.array([b"SYN\xff\x00THETIC", b"SYNTHETIC", None], pa.binary())
    name = pa.StringArray.from_buffers(3, *raw.buffers()[1:], raw.buffers()[0])
    moments = pa.array([1_700_000_000] * 3)
    table = pa.table({"time": moments, "mmsi": [200_000_001] * 3, "lon": [1.0] * 3, "lat": [2.0] * 3, "name": name})
    pq.write_table(table, tmp_path / "a.parquet")
    rows = read_rows("parquet", source_of(tmp_path / "a.parquet"))
    assert [row["name"] for row in rows] == ["SYN\ufffd\x00THETIC", "SYNTHETIC", None]


def test_a_column_of_a_kind_that_holds_no_such_values_is_refused(tmp_path: Path) -> None:
    table = pa.table({"time": [[1]], "mmsi": [200_000_001], "lon": [1.0], "lat": [2.0]})
    pq.write_table(table, tmp_path / "a.parquet")
    with pytest.raises(CorruptInputError, match=r"'time' \(list.*cannot be read as time"):
        read_rows("parquet", source_of(tmp_path / "a.parquet"))
