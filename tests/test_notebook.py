"""What a notebook shows: events and a case as small safe tables, the map in a sandbox, and the example that runs."""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest

import tracker
from tests.exporters.events_made_up import encounter
from tracker.api.frames import Events, InlineMap, frame_of
from tracker.errors import TargetExistsError
from tracker.tables.events import EVENTS
from tracker.views.page import fetchable

EXAMPLE = Path(__file__).resolve().parent.parent / "docs" / "examples" / "first-look.ipynb"


def cells_of(path: Path) -> list[str]:
    told = json.loads(path.read_text(encoding="utf-8"))
    return ["".join(cell["source"]) for cell in told["cells"] if cell["cell_type"] == "code"]


def test_an_answer_shows_its_events_in_words_with_ranges_and_no_more_than_twenty() -> None:
    frame = frame_of(EVENTS.from_rows([encounter(n) for n in range(1, 31)]), synthetic=True)
    assert isinstance(frame, gpd.GeoDataFrame)
    shown = frame._repr_html_()
    assert "30 events" in shown
    assert shown.count("<tr") == 21
    assert "SYNTHETIC DATA" in shown
    assert "not proof" in shown
    assert len(shown) < 20_000
    assert fetchable(shown) == []


def test_no_events_is_told_as_an_answer() -> None:
    assert "No events" in frame_of(EVENTS.empty())._repr_html_()


def test_names_from_the_radio_do_nothing_in_a_notebook() -> None:
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>\u202e"
    row = encounter(1) | {"name_1": evil, "sea": evil}
    shown = frame_of(EVENTS.from_rows([row]))._repr_html_()
    assert "<script" not in shown
    assert "<img" not in shown
    assert "&lt;img src=x" in shown
    assert "\u202e" not in shown
    framed = InlineMap(f'<p title="x">{html.escape(evil)}</p>', evil)._repr_html_()
    assert framed.count("<") == 2, "one frame and its end; everything else is in attributes"


def test_part_of_an_answer_is_an_answer_and_columns_alone_are_what_pandas_makes_of_them() -> None:
    frame = frame_of(EVENTS.from_rows([encounter(n) for n in range(1, 5)]), synthetic=True)
    some = frame[frame["duration_h"] > 0].head(2)
    assert isinstance(some, Events)
    assert "2 events" in some._repr_html_()
    assert "SYNTHETIC" in some._repr_html_()
    assert "<table" in (frame[["event_id", "geometry"]]._repr_html_() or "")
    assert not isinstance(frame[["lon", "lat"]], Events)


def test_a_case_shows_what_it_holds_and_how_well_it_was_heard(demo: Any) -> None:
    shown = tracker.open_case(demo.case)._repr_html_()
    assert "16 likely" in shown
    assert "72,492" in shown
    assert "ship-hours" in shown
    assert "SYNTHETIC DATA" in shown
    assert fetchable(shown) == []


def test_a_map_without_a_target_is_shown_in_a_sandbox_and_can_be_saved(demo: Any, tmp_path: Path) -> None:
    case = tracker.open_case(demo.case)
    shown = case.map(events=case.events(verdict="likely"))
    assert isinstance(shown, InlineMap)
    framed = shown._repr_html_()
    assert 'sandbox="allow-scripts allow-downloads"' in framed
    assert "allow-same-origin" not in framed
    assert "<script" not in framed, "the page is carried escaped, in an attribute"
    written = shown.save(tmp_path / "map.html")
    assert written.read_text(encoding="utf-8") == shown.page
    with pytest.raises(TargetExistsError):
        shown.save(tmp_path / "map.html")


def test_the_example_is_kept_without_outputs_and_every_cell_runs(demo: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    told = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    assert all(not cell["outputs"] for cell in told["cells"] if cell["cell_type"] == "code")
    monkeypatch.setenv("TRACKER_CASE", str(demo.case))
    names: dict[str, Any] = {}
    for number, source in enumerate(cells_of(EXAMPLE)):
        exec(compile(source, f"{EXAMPLE.name}[{number}]", "exec"), names)
    assert len(names["likely"]) == 16
    assert [path.suffix for path in names["written"]] == [".xlsx", ".gpkg"]


@pytest.mark.needs("nbclient", "nbformat", "ipykernel")
def test_the_example_runs_in_a_real_kernel_and_its_answers_are_html(demo: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import nbclient
    import nbformat

    monkeypatch.setenv("TRACKER_CASE", str(demo.case))
    notebook = nbformat.read(EXAMPLE, as_version=4)
    nbclient.NotebookClient(notebook, timeout=600, kernel_name="python3").execute()
    told = [
        output["data"]
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "execute_result"
    ]
    pages = [data["text/html"] for data in told if "text/html" in data]
    assert any("16 events" in page for page in pages)
    assert any("<iframe" in page for page in pages)
    assert all(output.output_type != "error" for cell in notebook.cells for output in cell.get("outputs", []))
