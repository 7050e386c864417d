"""What every exporter must do, whoever writes it: any number of rows, any name, the same bytes, whole files."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.exporters.events_made_up import HOSTILE, PROVENANCE, events
from tracker.errors import StorageError, TargetExistsError, UnknownNameError
from tracker.exporters import EXPORTERS, exporter_of, write_events
from tracker.exporters.cells import safe_text
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


READERS: dict[str, Callable[[bytes], list[dict[str, Any]]]] = {
    "csv": read_csv,
    "geojson": read_geojson,
    "json": json.loads,
    "jsonl": lambda content: [json.loads(line) for line in content.splitlines()],
    "ndjson": lambda content: [json.loads(line) for line in content.splitlines()],
    "parquet": read_parquet,
}


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
    if suffix == "csv":
        for row in rows:
            for column in EVENTS.columns:
                value = row[column.name]
                if pa.types.is_list(column.type):
                    joined = safe_text(";".join(item.replace(";", ",") for item in value or []))
                    row[column.name] = joined.split(";") if joined else []
                elif isinstance(value, str):
                    row[column.name] = safe_text(value) or None
    return rows


def written(table: Any, suffix: str) -> bytes:
    """Bytes that the exporter makes."""
    stream = io.BytesIO()
    exporter_of(suffix).write(table, stream, provenance=PROVENANCE)
    return stream.getvalue()


def test_every_exporter_has_a_reader_here() -> None:
    assert set(SUFFIXES) <= set(READERS), "a new exporter needs a line in READERS"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_exporter_says_what_it_is(suffix: str) -> None:
    exporter = exporter_of(suffix)
    assert suffix in exporter.suffixes
    assert "/" in exporter.media_type
    assert exporter.name


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_values_come_back_as_they_were(suffix: str, size: str) -> None:
    table = events([*["LADY", None] * (SIZES[size] // 2), *["LADY"] * (SIZES[size] % 2)])
    assert READERS[suffix](written(table, suffix)) == expected(table, suffix)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_hostile_names_come_back_and_do_no_harm(suffix: str) -> None:
    table = events([*HOSTILE])
    content = written(table, suffix)
    assert READERS[suffix](content) == expected(table, suffix)
    if suffix == "parquet":
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


@pytest.mark.parametrize("suffix", SUFFIXES)
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
    with pytest.raises(UnknownNameError, match="Known: csv, geojson"):
        exporter_of("events.docx")
    with pytest.raises(UnknownNameError):
        exporter_of("csv.")


def test_a_folder_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="there is no folder"):
        write_events(events(["A"]), tmp_path / "nowhere" / "x.csv", provenance=PROVENANCE)
