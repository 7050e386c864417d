"""What every exporter must do, whoever writes it: any number of rows, any name, the same bytes, whole files."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import struct
import tempfile
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest

from tests.exporters.events_made_up import HOSTILE, PROVENANCE, events
from tracker.errors import StorageError, TargetExistsError, UnknownNameError
from tracker.exporters import EXPORTERS, exporter_of, write_events
from tracker.exporters.cells import safe_text, strip_unseen
from tracker.tables.events import EVENTS

SUFFIXES = sorted(EXPORTERS)
SIZES = {"empty": 0, "one": 1, "many": 2500}


def read_csv(content: bytes) -> list[dict[str, Any]]:
    """Rows of a CSV with the values that its text means."""
    rows = []
    for row in csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")):
        values: dict[str, Any] = {}
        for column in EVENTS.columns:
            text = row[column.name]
            if text == "" and not pa.types.is_list(column.type):
                values[column.name] = None
            elif pa.types.is_list(column.type):
                values[column.name] = text.split(";") if text else []
            elif pa.types.is_boolean(column.type):
                values[column.name] = {"true": True, "false": False}[text]
            elif pa.types.is_integer(column.type):
                values[column.name] = int(text)
            elif pa.types.is_floating(column.type):
                values[column.name] = float(text)
            else:
                values[column.name] = text
        rows.append(values)
    return rows


def read_geojson(content: bytes) -> list[dict[str, Any]]:
    """Properties of the features, with the coordinates as columns again."""
    collection = json.loads(content)
    assert collection["type"] == "FeatureCollection"
    assert collection["provenance"] == PROVENANCE
    rows = []
    for feature in collection["features"]:
        assert feature["id"] == feature["properties"]["event_id"]
        lon, lat = feature["geometry"]["coordinates"]
        rows.append(feature["properties"] | {"lon": lon, "lat": lat})
    return rows


def read_parquet(content: bytes) -> list[dict[str, Any]]:
    """Rows of a Parquet file; its times as text, as in the other formats."""
    table = pq.read_table(io.BytesIO(content))
    assert json.loads(table.schema.metadata[b"provenance"]) == PROVENANCE
    return plain(EVENTS.conform(table.select(EVENTS.names)))


def read_xlsx(content: bytes) -> list[dict[str, Any]]:
    """Rows of the sheet that has every column; its dates as ISO text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl asks Python for things it gives up
        book = openpyxl.load_workbook(io.BytesIO(content))
    for sheet in book:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row), "a formula"
    assert any(cell.value == PROVENANCE["inputs"][0] for row in book["sources"].iter_rows() for cell in row)
    header, *rows = book["events"].iter_rows(values_only=True)
    assert list(header) == EVENTS.names
    return [flat_values(dict(zip(EVENTS.names, row, strict=True))) for row in rows]


def read_gis(suffix: str) -> Callable[[bytes], list[dict[str, Any]]]:
    """Rows as GDAL reads them, in the order of their start."""

    def read(content: bytes) -> list[dict[str, Any]]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"events.{suffix}"
            path.write_bytes(content)
            told, table = pyogrio.read_arrow(path, layer="events")
            assert told["crs"] == "EPSG:4326"
        geometry = table.column(told["geometry_name"] or "wkb_geometry").to_pylist()
        rows = sorted(table.to_pylist(), key=lambda row: row["start_time"])
        assert {struct.unpack("<dd", point[5:]) for point in geometry} == {(row["lon"], row["lat"]) for row in rows}
        return [flat_values({name: row[name] for name in EVENTS.names}) for row in rows]

    return read


def read_kml(content: bytes) -> list[dict[str, Any]]:
    """Data of the placemarks; each has its time span and its place."""
    space = {"k": "http://www.opengis.net/kml/2.2"}
    rows = []
    for mark in ElementTree.fromstring(content).iterfind(".//k:Placemark", space):
        texts = {data.get("name"): data.findtext("k:value", "", space) for data in mark.iterfind(".//k:Data", space)}
        assert mark.findtext("k:TimeSpan/k:begin", None, space) == texts["start_time"]
        assert mark.findtext("k:Point/k:coordinates", None, space) == f"{texts['lon']},{texts['lat']}"
        rows.append({column.name: value_of(texts.get(column.name, ""), column.type) for column in EVENTS.columns})
    return rows


def value_of(text: str, kind: Any) -> Any:
    """What a text of a flat format means."""
    if pa.types.is_list(kind):
        return text.split(";") if text else []
    if text == "":
        return None
    if pa.types.is_boolean(kind):
        return {"true": True, "false": False}[text]
    return int(text) if pa.types.is_integer(kind) else float(text) if pa.types.is_floating(kind) else text


def flat_values(row: dict[str, Any]) -> dict[str, Any]:
    """Values of a format whose cells have types but hold no lists."""
    for column in EVENTS.columns:
        value = row[column.name]
        if pa.types.is_list(column.type):
            row[column.name] = value.split(";") if value else []
        elif isinstance(value, datetime):
            text = value.replace(tzinfo=UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            row[column.name] = text.replace(".000Z", "Z")
        elif value is not None and column.type == pa.float32():
            row[column.name] = float(f"{value:.6g}")
    return row


READERS: dict[str, Callable[[bytes], list[dict[str, Any]]]] = {
    "csv": read_csv,
    "geojson": read_geojson,
    "json": json.loads,
    "jsonl": lambda content: [json.loads(line) for line in content.splitlines()],
    "ndjson": lambda content: [json.loads(line) for line in content.splitlines()],
    "parquet": read_parquet,
    "xlsx": read_xlsx,
    "gpkg": read_gis("gpkg"),
    "fgb": read_gis("fgb"),
    "kml": read_kml,
}
BINARY = {"parquet", "xlsx", "gpkg", "fgb"}
FLAT = {"csv", "xlsx", "gpkg", "fgb", "kml"}
"""Formats without lists and without unseen signs."""
SPREADSHEETS = {"csv", "xlsx"}
GRAPHS = {"ftm.json"}
"""Formats whose entities are not rows: their content is tested in tests/exporters."""
TABLES = sorted(set(SUFFIXES) - GRAPHS)


def plain(table: Any) -> list[dict[str, Any]]:
    """Rows with times as ISO text and float32 as their shortest number, written out a second way."""
    rows = table.to_pylist()
    for row in rows:
        for column in EVENTS.columns:
            value = row[column.name]
            if isinstance(value, datetime):
                text = value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
                row[column.name] = text.replace(".000Z", "Z")
            elif value is not None and column.type == pa.float32():
                row[column.name] = float(f"{value:.6g}")
    return rows


def expected(table: Any, suffix: str) -> list[dict[str, Any]]:
    """What a reader of this format must find."""
    rows = plain(table)
    if suffix == "xlsx":
        for row in rows:
            row |= {name: float(f"{value:.16g}") for name, value in row.items() if isinstance(value, float)}
    if suffix in FLAT:
        shown = safe_text if suffix in SPREADSHEETS else strip_unseen
        for row in rows:
            for column in EVENTS.columns:
                value = row[column.name]
                if pa.types.is_list(column.type):
                    joined = shown(";".join(item.replace(";", ",") for item in value or []))
                    row[column.name] = joined.split(";") if joined else []
                elif isinstance(value, str):
                    row[column.name] = shown(value) or None
    return rows


def written(table: Any, suffix: str) -> bytes:
    """Bytes that the exporter makes."""
    stream = io.BytesIO()
    exporter_of(suffix).write(table, stream, provenance=PROVENANCE)
    return stream.getvalue()


def test_every_exporter_has_a_reader_here() -> None:
    assert set(TABLES) == set(READERS), "a new exporter needs a line in READERS"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_exporter_says_what_it_is(suffix: str) -> None:
    exporter = exporter_of(suffix)
    assert suffix in exporter.suffixes
    assert "/" in exporter.media_type
    assert exporter.name


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("suffix", TABLES)
def test_values_come_back_as_they_were(suffix: str, size: str) -> None:
    table = events([*["LADY", None] * (SIZES[size] // 2), *["LADY"] * (SIZES[size] % 2)])
    assert READERS[suffix](written(table, suffix)) == expected(table, suffix)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_hostile_names_come_back_and_do_no_harm(suffix: str) -> None:
    table = events([*HOSTILE])
    content = written(table, suffix)
    if suffix in TABLES:
        assert READERS[suffix](content) == expected(table, suffix)
    if suffix in BINARY:
        return
    text = content.decode("utf-8")
    for sign in ("\u202e", "\u202c", "\x00", "\x1b", "\ufeff", "\r"):
        assert sign not in text
    if suffix != "csv":
        assert "<script" not in text


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_events_give_the_same_bytes(suffix: str) -> None:
    table = events(["A", None, "B"])
    cut = pa.concat_tables([table.slice(0, 1), table.slice(1)])
    assert written(table, suffix) == written(cut, suffix)


@pytest.mark.parametrize("suffix", TABLES)
def test_numbers_that_are_none_are_unknown(suffix: str) -> None:
    table = events(["A"])
    place = table.schema.get_field_index("min_distance_m")
    for value in (float("nan"), float("inf")):
        odd = table.set_column(place, table.schema.field(place), pa.array([value]))
        if suffix == "parquet":
            continue  # a typed column holds what it was given
        assert READERS[suffix](written(odd, suffix))[0]["min_distance_m"] is None


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    target = tmp_path / f"events.{suffix}"
    write_events(events(["A"]), target, provenance=PROVENANCE)
    before = target.read_bytes()
    assert before == written(events(["A"]), suffix)
    with pytest.raises(TargetExistsError, match="--force"):
        write_events(events(["B"]), target, provenance=PROVENANCE)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(StorageError, match="disk is full"):
            write_events(events(["B"]), target, provenance=PROVENANCE, force=True)
    assert target.read_bytes() == before
    write_events(events(["B"]), target, provenance=PROVENANCE, force=True)
    assert target.read_bytes() == written(events(["B"]), suffix)
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_the_suffix_chooses_the_format_and_an_unknown_one_is_told_the_known() -> None:
    assert exporter_of("A.B.GeoJSON").name == "GeoJSON"
    assert exporter_of(Path("folder.csv/x.json")).name == "JSON"
    with pytest.raises(UnknownNameError, match="Known: csv, fgb, ftm"):
        exporter_of("events.docx")
    with pytest.raises(UnknownNameError):
        exporter_of("csv.")


def test_a_folder_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="there is no folder"):
        write_events(events(["A"]), tmp_path / "nowhere" / "x.csv", provenance=PROVENANCE)
