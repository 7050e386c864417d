"""The analyst's desk on the bundled scenario: every export read by another program, every report with its coverage."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest

import tracker
from tracker.cli import call
from tracker.errors import UsageError

SUFFIXES = ("csv", "xlsx", "geojson", "gpkg", "kml", "parquet", "fgb", "ftm.json")
ASKED = ["--region", "118,24,131,40", "--verdict", "likely,possible"]


@pytest.fixture(scope="module")
def case(demo: Any) -> Path:
    return Path(demo.case)


@pytest.fixture(scope="module")
def ids(case: Path) -> list[str]:
    found = tracker.open_case(case).events(region="118,24,131,40", verdict="likely,possible")
    return sorted(found["event_id"])


@pytest.fixture(scope="module")
def written(case: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One file of each format, by the command line."""
    folder = tmp_path_factory.mktemp("written")
    files = {suffix: folder / f"events.{suffix}" for suffix in SUFFIXES}
    for target in files.values():
        assert call(["export", str(case), *ASKED, "--to", str(target)]) == 0
    return files


def coverage_of(case: Path) -> str:
    statement: str = tracker.open_case(case).record()["coverage"]["statement"]
    assert statement.startswith("Coverage: ")
    return statement


@pytest.mark.parametrize("suffix", ["gpkg", "fgb", "geojson", "kml"])
def test_gdal_reads_the_same_events(written: dict[str, Path], ids: list[str], suffix: str) -> None:
    # a KML has a folder, which is a layer, for each verdict
    names = ["events"] if suffix == "gpkg" else [name for name, _ in pyogrio.list_layers(written[suffix])]
    frame = pd.concat([pyogrio.read_dataframe(written[suffix], layer=name) for name in names])
    assert sorted(frame["event_id"]) == ids
    assert frame.crs.to_epsg() == 4326
    assert frame.geometry.x.between(118, 131).all()
    assert frame.geometry.y.between(24, 40).all()


def test_a_geopackage_of_a_case_has_every_layer_with_rows(written: dict[str, Path]) -> None:
    layers = {
        name: len(pyogrio.read_dataframe(written["gpkg"], layer=name))
        for name, _ in pyogrio.list_layers(written["gpkg"])
    }
    assert {"events", "tracks", "gaps", "ports", "areas", "layer_styles"} == set(layers)
    assert all(layers.values())
    names = set(pyogrio.read_dataframe(written["gpkg"], layer="areas")["name"])
    assert {"Yellow Sea", "East China Sea"} <= names


def test_openpyxl_reads_the_same_events_with_real_dates_and_no_formula(
    written: dict[str, Path], ids: list[str]
) -> None:
    book = openpyxl.load_workbook(written["xlsx"])
    titles, *rows = book["events"].iter_rows(values_only=True)
    assert sorted(str(row[titles.index("event_id")]) for row in rows) == ids
    assert all(hasattr(row[titles.index("start_time")], "year") for row in rows)
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    assert [name[:2] for name in book.sheetnames[:7]] == [f"T{n}" for n in range(1, 8)]


def test_arrow_reads_the_same_events_with_the_metadata_of_geoparquet(written: dict[str, Path], ids: list[str]) -> None:
    table = pq.read_table(written["parquet"])
    assert sorted(table["event_id"].to_pylist()) == ids
    about = json.loads(table.schema.metadata[b"geo"])
    assert about["primary_column"] == "geometry"
    assert about["columns"]["geometry"]["encoding"] == "WKB"


@pytest.mark.needs("lxml")
def test_the_kml_is_well_formed_and_every_placemark_has_its_point_and_span(
    written: dict[str, Path], ids: list[str]
) -> None:
    from lxml import etree

    root = etree.parse(str(written["kml"]), etree.XMLParser(resolve_entities=False, no_network=True)).getroot()
    kml = "{http://www.opengis.net/kml/2.2}"
    assert root.tag == f"{kml}kml"
    marks = list(root.iter(f"{kml}Placemark"))
    assert len(marks) == len(ids)
    for mark in marks:
        begin, end = (mark.findtext(f"{kml}TimeSpan/{kml}{name}") for name in ("begin", "end"))
        assert begin
        assert end
        assert begin <= end
        lon, lat = (float(v) for v in mark.findtext(f"{kml}Point/{kml}coordinates").split(",")[:2])
        assert 118 <= lon <= 131
        assert 24 <= lat <= 40


@pytest.mark.needs("followthemoney")
def test_the_followthemoney_library_takes_every_line(written: dict[str, Path], ids: list[str]) -> None:
    from followthemoney import model

    lines = [json.loads(line) for line in written["ftm.json"].read_text(encoding="utf-8").splitlines()]
    events = 0
    for row in lines:
        proxy = model.get_proxy(row)
        proxy.schema.validate(row)
        events += proxy.schema.name == "Event"
    assert events == len(ids)


@pytest.mark.parametrize("suffix", [s for s in SUFFIXES if s not in ("xlsx", "ftm.json", "csv")])
def test_an_export_says_how_well_the_area_was_heard(written: dict[str, Path], case: Path, suffix: str) -> None:
    content = written[suffix].read_bytes().decode("utf-8", errors="replace")
    assert coverage_of(case)[:60] in content.replace("\\u2013", "–")


def test_workbook_and_reports_say_how_well_the_area_was_heard(
    written: dict[str, Path], case: Path, tmp_path: Path
) -> None:
    told = coverage_of(case)
    method = openpyxl.load_workbook(written["xlsx"])["method"]
    assert ("coverage", told) in [row[:2] for row in method.iter_rows(values_only=True)]
    for name in ("report.html", "report.xlsx"):
        assert call(["report", str(case), *ASKED, "--to", str(tmp_path / name)]) == 0
    assert told in (tmp_path / "report.html").read_text(encoding="utf-8")
    cells = openpyxl.load_workbook(tmp_path / "report.xlsx")["summary"].iter_rows(values_only=True)
    assert any(told in str(row[0]) for row in cells)


@pytest.mark.needs("docx")
def test_a_document_says_how_well_the_area_was_heard(case: Path, tmp_path: Path) -> None:
    assert call(["report", str(case), *ASKED, "--to", str(tmp_path / "report.docx")]) == 0
    with zipfile.ZipFile(tmp_path / "report.docx") as archive:
        assert coverage_of(case)[:60] in archive.read("word/document.xml").decode("utf-8")


def test_a_polygon_with_a_hole_asks_for_what_lies_around_the_hole(case: Path, tmp_path: Path) -> None:
    opened = tracker.open_case(case)
    found = opened.events(verdict="likely")
    lon, lat = (float(found.iloc[0][name]) for name in ("lon", "lat"))
    around = [[x, y] for x, y in ((-3, -3), (3, -3), (3, 3), (-3, 3), (-3, -3))]
    rings = [[[lon + size * x, lat + size * y] for x, y in around] for size in (1.0, 0.03)]
    whole, holed = tmp_path / "whole.geojson", tmp_path / "holed.geojson"
    for path, shape in ((whole, rings[:1]), (holed, [rings[0], rings[1][::-1]])):
        feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": shape}}
        path.write_text(json.dumps(feature), encoding="utf-8")
    inside = {str(path): set(opened.events(region=str(path))["event_id"]) for path in (whole, holed)}
    assert found.iloc[0]["event_id"] in inside[str(whole)] - inside[str(holed)]
    assert inside[str(holed)] < inside[str(whole)]


def test_ten_thousand_values_of_a_filter_are_answered(case: Path) -> None:
    opened = tracker.open_case(case)
    one = int(opened.events(verdict="likely").iloc[0]["mmsi_1"])
    many = ",".join(str(n) for n in (*range(200_000_000, 200_009_999), one))
    found = opened.events(mmsi=many)
    assert set(found["event_id"]) == set(opened.events(mmsi=one)["event_id"]) != set()
    assert call(["events", str(case), "--mmsi", many, "--as", "json"]) == 0


@pytest.mark.parametrize(
    ("command", "suffix"), [("map", "html"), ("export", "gpkg"), ("report", "html"), ("dossier", "html")]
)
def test_a_file_that_exists_is_kept_unless_forced_and_no_folder_is_an_error(
    case: Path, ids: list[str], tmp_path: Path, command: str, suffix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / f"kept.{suffix}"
    target.write_bytes(b"kept")
    first = [command, str(case), *([ids[0]] if command == "dossier" else ["--verdict", "likely"])]
    assert call([*first, "--to", str(target)]) == 2
    assert target.read_bytes() == b"kept"
    assert "--force" in capsys.readouterr().err
    assert call([*first, "--to", str(target / f"new.{suffix}")]) == 1, "a file is no folder"
    assert "Traceback" not in capsys.readouterr().err
    assert target.read_bytes() == b"kept"
    assert call([*first, "--to", str(target), "--force"]) == 0
    assert target.read_bytes() != b"kept"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_tracks_of_an_event_are_those_of_its_ships_half_a_day_around_it(case: Path, ids: list[str]) -> None:
    opened = tracker.open_case(case)
    event = opened.events().set_index("event_id").loc[ids[0]]
    tracks = {int(one.id): one.df for one in opened.tracks(event=ids[0][:10]).trajectories}
    assert set(tracks) == {int(event["mmsi_1"]), int(event["mmsi_2"])}
    for frame in tracks.values():
        times = frame.index.tz_localize("UTC")
        assert times.min() >= event["start_time"] - pd.Timedelta(hours=12)
        assert times.max() < event["end_time"] + pd.Timedelta(hours=12)
        assert ((times >= event["start_time"]) & (times <= event["end_time"])).sum() >= 2
    with pytest.raises(UsageError, match="Name ships or an event"):
        opened.tracks()
