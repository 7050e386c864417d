"""What other programs find in the spreadsheets, maps and graphs that we write, and what a public release hides."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import openpyxl
import pyogrio
import pytest
import shapely

from tests.exporters.events_made_up import HOSTILE, PROVENANCE, encounter, events
from tests.views.made_up import made_up_events
from tracker.exporters import exporter_of, write_events
from tracker.exporters.beside import Beside
from tracker.exporters.ftm import CAPACITY
from tracker.exporters.public import MASKED, NOTE, mask_unlikely
from tracker.tables.events import EVENTS
from tracker.tables.fixes import Fixes
from tracker.tables.wording import LEVELS, STATEMENT, level_of
from tracker.views.map import render_map

ABOUT = PROVENANCE | {"licences": ["Coast: GSHHG"], "version": "0"}


def content(table: Any, suffix: str) -> bytes:
    """Bytes that the exporter makes."""
    stream = io.BytesIO()
    exporter_of(suffix).write(table, stream, provenance=ABOUT)
    return stream.getvalue()


def track(mmsi: int, *, hours: list[float], lon: float = 179.99) -> Fixes:
    """A ship going east along the equator, heard at the hours given."""
    n = len(hours)
    east = [(lon + 0.05 * i + 180) % 360 - 180 for i in range(n)]
    return Fixes(
        time_ms=np.array([int(h * 3.6e6) for h in hours], np.int64),
        mmsi=np.full(n, mmsi, np.int32),
        lon_e7=np.array([round(x * 1e7) for x in east], np.int32),
        lat_e7=np.zeros(n, np.int32),
        sog_kn=np.full(n, 3, np.float32),
        cog_deg=np.full(n, 90, np.float32),
        heading_deg=np.full(n, 90, np.float32),
        nav_status=np.zeros(n, np.int8),
        flags=np.zeros(n, np.uint8),
    )


def test_a_workbook_has_frozen_filtered_headers_real_dates_and_says_how_it_was_made() -> None:
    book = openpyxl.load_workbook(io.BytesIO(content(made_up_events(40), "xlsx")))
    assert book.sheetnames == ["T2 transfers", "T3 ships", "T4 monthly", "T5 by flag", "events", "method", "sources"]
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref
    transfers = book["T2 transfers"]
    titles = [cell.value for cell in transfers[1]]
    meetings = sum(verdict is not None for verdict in made_up_events(40).column("verdict").to_pylist())
    assert transfers.max_row == 1 + meetings < 41, "a silence or a port call is no transfer"
    assert transfers.cell(2, titles.index("start (UTC)") + 1).is_date
    assert {cell.value for cell in transfers["B"][1:]} <= {level.phrase for level in LEVELS.values()}
    method = {row[0].value: row[1].value for row in book["method"].iter_rows()}
    assert method["wording"] == STATEMENT
    assert method["run"] == "run"
    assert method["parameter radius_m"] == "500.0"


def test_months_count_meetings_at_sea_by_verdict() -> None:
    rows = [
        encounter(n) | {"cargo_best_t": 100.0, "verdict": v} for n, v in enumerate(("likely", "possible", "unlikely"))
    ]
    rows.append(encounter(9) | {"in_port": True, "verdict": "unlikely"})
    book = openpyxl.load_workbook(io.BytesIO(content(EVENTS.from_rows(rows), "xlsx")))
    months = list(book["T4 monthly"].iter_rows(min_row=2, values_only=True))
    assert [sum(row[i] for row in months) for i in (1, 2, 3)] == [1, 1, 1]
    assert [sum(row[i] or 0 for row in months) for i in (5, 6)] == [100, 200]
    assert months == sorted(months)


def test_the_flag_sheet_counts_an_event_once_for_each_of_its_flags() -> None:
    rows = [
        encounter(n) | {"flag_1": "PRK", "flag_2": flag, "cargo_best_t": 100.0} for n, flag in enumerate(("PRK", "TGO"))
    ]
    rows[1]["verdict"] = "possible"
    book = openpyxl.load_workbook(io.BytesIO(content(EVENTS.from_rows(rows), "xlsx")))
    found = {row[0]: row[1:] for row in book["T5 by flag"].iter_rows(min_row=2, values_only=True)}
    assert found["PRK"] == (1, 2, 2, 100, None, 200)
    assert found["TGO"] == (0, 1, 1, None, None, 100)


def test_a_geopackage_has_tracks_silences_ports_and_styles_beside_the_events(tmp_path: Path) -> None:
    path = tmp_path / "x.gpkg"
    ship = track(1, hours=[0, 0.1, 0.2, 5.0, 5.1])
    area = shapely.to_wkb(shapely.MultiPolygon([shapely.box(0, 0, 5, 5).difference(shapely.box(1, 1, 2, 2))]))
    beside = Beside({1: ship}, (("<b>Port</b>", 1.0, 2.0),), (("A sea", "sea", area),))
    write_events(events(["A"]), path, provenance=ABOUT, beside=lambda: beside)
    layers = dict(pyogrio.list_layers(path).tolist())
    assert layers == {
        "events": "Point",
        "tracks": "LineString",
        "gaps": "LineString",
        "ports": "Point",
        "areas": "MultiPolygon",
        "layer_styles": None,
    }
    frame = pyogrio.read_dataframe(path, layer="tracks")
    assert frame["reports"].tolist() == [3, 2]
    assert frame.geometry.iloc[0].bounds[2] > 180, "a line runs on across the antimeridian"
    gaps = pyogrio.read_dataframe(path, layer="gaps")
    assert gaps["duration_h"].tolist() == [4.8]
    with closing(sqlite3.connect(path)) as connection:
        styled = [row[0] for row in connection.execute("SELECT f_table_name FROM layer_styles ORDER BY id")]
        about = "\n".join(row[0] for row in connection.execute("SELECT metadata FROM gpkg_metadata"))
        columns = dict(connection.execute("SELECT table_name, column_name FROM gpkg_geometry_columns"))
    assert styled == ["events", "tracks", "gaps", "ports", "areas"]
    areas = pyogrio.read_dataframe(path, layer="areas")
    assert areas[["name", "kind"]].values.tolist() == [["A sea", "sea"]]
    assert areas.geometry.iloc[0].area == 24, "a hole stays a hole"
    assert set(columns.values()) == {"geometry"}, "the styles name this column"
    assert "track consistent with" in about
    other = tmp_path / "y.gpkg"
    write_events(events(["A"]), other, provenance=ABOUT, beside=lambda: beside)
    assert other.read_bytes() == path.read_bytes()


def test_gdal_reads_our_kml_with_its_time_spans(tmp_path: Path) -> None:
    path = tmp_path / "x.kml"
    write_events(events([*HOSTILE]), path, provenance=ABOUT)
    names = [name for name, _ in pyogrio.list_layers(path)]
    frame = pyogrio.read_dataframe(path, layer=names[0])
    assert len(frame) == len(HOSTILE)
    assert frame["begin"].notna().all()
    assert not frame["description"].str.contains("<script").any(), "a description is shown as HTML"
    assert "&lt;script&gt;" in frame["description"].iloc[0]


KML_ORDER = {
    "kml": ("Document",),
    "Document": ("name", "description", "Style", "Folder"),
    "Folder": ("name", "Placemark"),
    "Placemark": ("name", "description", "TimeSpan", "styleUrl", "ExtendedData", "Point"),
    "TimeSpan": ("begin", "end"),
    "Style": ("IconStyle", "BalloonStyle"),
    "IconStyle": ("color", "scale"),
    "BalloonStyle": ("text",),
    "ExtendedData": ("Data",),
    "Data": ("value",),
    "Point": ("coordinates",),
}
"""Children in the order of the sequences in OGC 07-147r2 (KML 2.2), those that we write."""


def test_a_kml_has_only_elements_of_the_standard_in_its_order_and_every_style_that_is_named() -> None:
    rows = [encounter(n, name=name) | {"verdict": None} for n, name in enumerate(HOSTILE)]
    rows += [encounter(100 + n) | {"verdict": verdict} for n, verdict in enumerate(("likely", "possible", "unlikely"))]
    space = "{http://www.opengis.net/kml/2.2}"
    root = ElementTree.fromstring(content(EVENTS.from_rows(rows), "kml"))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids)), "xsd:ID is unique in a document"
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", name) for name in ids)
    assert {element.text for element in root.iter(f"{space}styleUrl")} <= {f"#{name}" for name in ids}
    for element in root.iter():
        order = KML_ORDER.get(element.tag.removeprefix(space), ())
        places = [order.index(child.tag.removeprefix(space)) for child in element]
        assert places == sorted(places)
    assert len(list(root.iter(f"{space}Placemark"))) == len(rows)
    assert all(re.fullmatch("[0-9a-f]{8}", color.text or "") for color in root.iter(f"{space}color"))


def test_emoji_and_a_name_of_padding_signs_come_through_every_format_as_text() -> None:
    table = events(["\U0001f6a2\U0001f480 SEA", "@" * 20])
    cells = [row["name_1"] for row in csv.DictReader(io.StringIO(content(table, "csv").decode("utf-8-sig")))]
    assert cells == ["\U0001f6a2\U0001f480 SEA", "'" + "@" * 20]
    sheet = openpyxl.load_workbook(io.BytesIO(content(table, "xlsx")))["events"]
    at = [cell.value for cell in sheet[1]].index("name_1")
    found = [row[at] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in found} == {"s"}
    assert [str(cell.value).lstrip("'") for cell in found] == ["\U0001f6a2\U0001f480 SEA", "@" * 20]
    page = render_map(table, provenance=ABOUT)
    data = re.search(r'<script type="application/json" id="tracker-data">(.*?)</script>', page, re.DOTALL)
    assert data is not None
    assert sorted(json.loads(data.group(1))["events"]["columns"]["name_1"]["d"]) == [
        "@" * 20,
        "\U0001f6a2\U0001f480 SEA",
    ]


def test_a_flatgeobuf_says_what_it_is() -> None:
    text = content(events(["A"]), "fgb")
    assert b"Suspected ship-to-ship transfers" in text
    assert b"track consistent with" in text


def entities(table: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content(table, "ftm.json").splitlines()]


@pytest.mark.needs("followthemoney")
def test_the_followthemoney_library_finds_every_entity_valid() -> None:
    from followthemoney import model

    rows = entities(made_up_events(60)) + entities(events([*HOSTILE, None]))
    for row in rows:
        proxy = model.get_proxy(row)
        proxy.schema.validate(row)
        for name, values in row["properties"].items():
            assert len(proxy.get(name)) == len(values), f"{row['schema']}.{name}: {values} was not taken"
    assert {row["schema"] for row in rows} == {"Vessel", "Event", "UnknownLink"}


def test_ships_join_their_meeting_by_links_and_carry_no_topic() -> None:
    table = EVENTS.from_rows([encounter(0) | {"dwt_t_1": 3500.0}, encounter(1)])
    rows = {row["id"]: row for row in entities(table)}
    assert len(rows) == 3 + 2 + 4, "a ship that meets twice is one entity"
    ship = rows["tracker-imo-9307839"]
    assert ship["properties"]["deadweightTonnage"] == ["3500"]
    assert CAPACITY in ship["properties"]["notes"][0]
    for row in rows.values():
        assert "topics" not in row["properties"]
        assert "involved" not in row["properties"]
        if row["schema"] == "UnknownLink":
            assert rows[row["properties"]["subject"][0]]["schema"] == "Vessel"
            assert rows[row["properties"]["object"][0]]["schema"] == "Event"
            assert row["properties"]["role"] == ["participant"]


@pytest.mark.parametrize("suffix", ["csv", "geojson", "json", "parquet", "xlsx", "gpkg", "fgb", "kml", "ftm.json"])
def test_a_public_release_names_no_ship_below_likely(suffix: str) -> None:
    rows = [
        encounter(n, name=f"SHIP {verdict}")
        | {"verdict": verdict, "mmsi_1": 445_000_000 + n, "imo_1": None, "receiver_mmsi": 445_000_000 + n}
        for n, verdict in enumerate(("likely", "possible", "unlikely"))
    ]
    table = mask_unlikely(EVENTS.from_rows(rows))
    assert table.num_rows == 3
    for row in table.to_pylist():
        known = [name for name in MASKED if row[name] is not None]
        assert bool(known) == (row["verdict"] == "likely")
    written = content(table, suffix)
    if suffix == "xlsx":
        sheets = openpyxl.load_workbook(io.BytesIO(written))
        written = repr([row for sheet in sheets for row in sheet.iter_rows(values_only=True)]).encode()
    assert b"SHIP possible" not in written
    assert b"SHIP unlikely" not in written
    if suffix not in ("parquet", "gpkg", "fgb"):
        assert b"SHIP likely" in written
        assert b"445000001" not in written


def test_the_note_of_a_public_release_says_what_it_does_not_hide() -> None:
    assert "could find them again" in NOTE


def test_wording_is_stricter_than_the_verdict() -> None:
    row = encounter(0) | {"reports_1": 10, "reports_2": 10}
    assert level_of(row).name == "consistent with", "proximity alone"
    assert level_of(row | {"draught_change_2_m": 3.0}).name == "likely"
    assert level_of(row | {"draught_change_1_m": -3.0, "draught_change_2_m": 3.0}).name == "likely", "no rule group"
    both = row | {"draught_change_1_m": -3.0, "draught_change_2_m": 3.0, "risk_reasons": ["R01", "R20"]}
    one_group = both | {"risk_reasons": ["R01", "R02", "U99"]}
    assert level_of(one_group).name == "likely", "two rules of one group are one opinion"
    assert level_of(both).name == "very likely"
    assert level_of(both | {"duration_h": 1.5}).name == "likely"
    assert level_of(both | {"draught_change_1_m": 3.0}).name == "consistent with", (
        "both deeper: no transfer between them"
    )
    assert level_of(row | {"verdict": "possible"}).name == "possible"
    assert level_of(row | {"in_port": True}).name == "not suggested"
    words = " ".join(level.phrase for level in LEVELS.values()) + STATEMENT
    assert not any(word in words for word in ("smuggl", "violat", "guilty"))
