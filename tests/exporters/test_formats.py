"""What other programs find in our files."""

from __future__ import annotations

import io
import json
from pathlib import Path

import geopandas
import pandas as pd
import pyarrow.parquet as pq
import pytest

from tests.exporters.events_made_up import HOSTILE, PROVENANCE, events
from tracker.exporters import exporter_of, write_events
from tracker.exporters.cells import safe_text
from tracker.tables.events import EVENTS


def test_geopandas_reads_our_geoparquet_as_points_in_wgs_84(tmp_path: Path) -> None:
    for names in ([], ["A", None, "B"]):
        write_events(events(names), tmp_path / "events.parquet", provenance=PROVENANCE, force=True)
        frame = geopandas.read_parquet(tmp_path / "events.parquet")
        assert frame.crs == "OGC:CRS84"
        assert list(frame.columns) == [*EVENTS.names, "geometry"], "the covering column is not shown"
        assert len(frame) == len(names)
        assert (frame.geometry.x == frame.lon).all()
        assert (frame.geometry.y == frame.lat).all()
    near = geopandas.read_parquet(tmp_path / "events.parquet", bbox=(-121, 33, -120, 34))
    far = geopandas.read_parquet(tmp_path / "events.parquet", bbox=(0, 0, 1, 1))
    assert (len(near), len(far)) == (3, 0)


def test_duckdb_reads_our_geoparquet(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / "events.parquet"
    write_events(events(["A", "B"]), path, provenance=PROVENANCE)
    with duckdb.connect() as connection:
        rows = connection.execute(
            "SELECT name_1, bbox.xmin, len(listed_2) FROM read_parquet($path) ORDER BY name_1", {"path": str(path)}
        ).fetchall()
    assert rows == [("A", -120.1234567, 2), ("B", -120.1234567, 2)]


def test_geoparquet_metadata_is_that_of_version_1_1(tmp_path: Path) -> None:
    write_events(events(["A"]), tmp_path / "events.parquet", provenance=PROVENANCE)
    geo = json.loads(pq.read_schema(tmp_path / "events.parquet").metadata[b"geo"])
    assert geo["version"] == "1.1.0"
    column = geo["columns"][geo["primary_column"]]
    assert (column["encoding"], column["geometry_types"]) == ("WKB", ["Point"])
    assert "crs" not in column, "absent means OGC:CRS84"
    assert column["covering"]["bbox"]["xmin"] == ["bbox", "xmin"]
    assert column["bbox"] == [-120.1234567, 33.7654321, -120.1234567, 33.7654321]


def test_pandas_reads_our_csv_and_json(tmp_path: Path) -> None:
    for suffix in ("csv", "json", "jsonl"):
        write_events(events(["A", "B"]), tmp_path / f"events.{suffix}", provenance=PROVENANCE)
    table = pd.read_csv(tmp_path / "events.csv", parse_dates=["start_time"])
    assert str(table["start_time"].dt.tz) == "UTC"
    assert table["length_m_1"].tolist() == [12.3, 12.3]
    assert table["cargo_best_t"].isna().all()
    assert pd.read_json(tmp_path / "events.json")["name_1"].tolist() == ["A", "B"]
    assert pd.read_json(tmp_path / "events.jsonl", lines=True)["imo_1"].tolist() == [9307839, 9307839]


def test_geopandas_reads_our_geojson(tmp_path: Path) -> None:
    write_events(events(["A", "B"]), tmp_path / "events.geojson", provenance=PROVENANCE)
    frame = geopandas.read_file(tmp_path / "events.geojson")
    assert frame.crs.to_epsg() == 4326
    assert frame.geometry.iloc[0].coords[0] == (-120.1234567, 33.7654321)


def test_no_cell_of_a_csv_starts_a_formula() -> None:
    stream = io.BytesIO()
    exporter_of("csv").write(events([*HOSTILE]), stream, provenance=PROVENANCE)
    frame = pd.read_csv(io.BytesIO(stream.getvalue()), dtype=str, keep_default_na=False)
    texts = [
        name for name in EVENTS.names if EVENTS.schema.field(name).type in ("string", EVENTS.schema.field("why").type)
    ]
    assert {"name_1", "why"} <= set(texts)
    cells = frame[texts].to_numpy().ravel()
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))] == []
    assert frame["lon"].iloc[0] == "-120.1234567", "numbers stay numbers"


def test_a_formula_hidden_behind_unseen_signs_is_still_one() -> None:
    assert safe_text("\u200b=1+1") == "'=1+1"
    assert safe_text("\t=1+1") == "'=1+1"
    assert safe_text("LADY = 1") == "LADY = 1"
