"""Pages can be read by everybody: axe-core, the accessibility checker of Deque, finds nothing on them."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tests.browser.chrome import Chrome
from tests.exporters.events_made_up import encounter
from tests.views.made_up import PROVENANCE, made_up_events, made_up_tracks
from tracker.archive.case import open_case
from tracker.pipeline.dossier import gather
from tracker.pipeline.publish import write_report
from tracker.tables.events import EVENTS
from tracker.views.dossier import render_dossier
from tracker.views.map import write_map

pytestmark = [pytest.mark.chromium, pytest.mark.needs("axe_playwright_python")]

RECORD = {"run_id": "run", "version": "0", "synthetic": True}


def violations(browser: Chrome) -> list[str]:
    """What axe-core finds: rule, and the first element it means."""
    script = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    browser.run(script + "\nwindow.axe = axe || window.axe; return 1")
    found: dict[str, Any] = browser.post(
        "/execute/async",
        {"script": "const done = arguments[0]; axe.run(document).then(r => done(r))", "args": []},
    )
    return [f"{v['id']} ({v['impact']}): {v['nodes'][0]['html'][:120]}" for v in found["violations"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_map_is_clean_with_an_event_chosen_in_both_themes_and_on_a_telephone(
    browser: Chrome, tmp_path: Path, theme: str, width: int
) -> None:
    path = tmp_path / "map.html"
    events = made_up_events(20)
    write_map(events, path, tracks=made_up_tracks(events), layers={}, provenance=PROVENANCE, title="Test map")
    browser.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": theme}])
    browser.size(width, 900)
    browser.open(path, f"e={events['event_id'].to_pylist()[0]}")
    assert violations(browser) == []


@pytest.mark.parametrize("kind", ["encounter", "dark_encounter", "gap"])
@pytest.mark.parametrize("width", [1440, 390])
def test_a_dossier_is_clean(browser: Chrome, demo: Any, tmp_path: Path, kind: str, width: int) -> None:
    case = open_case(demo.case)
    event = next(row for row in case.latest_events().to_pylist() if row["type"] == kind)
    path = tmp_path / "dossier.html"
    path.write_text(render_dossier(gather(case, event["event_id"])), encoding="utf-8")
    browser.size(width, 900)
    browser.post("/url", {"url": path.resolve().as_uri()})
    assert violations(browser) == []


@pytest.mark.parametrize("width", [1024, 390])
def test_a_report_is_clean(browser: Chrome, tmp_path: Path, width: int) -> None:
    path = tmp_path / "report.html"
    rows = EVENTS.from_rows([encounter(1), encounter(2) | {"verdict": "possible"}])
    write_report(rows, path, record=RECORD, provenance=dict(PROVENANCE), asked={}, public=False)
    browser.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "light"}])
    browser.size(width, 900)
    browser.post("/url", {"url": path.resolve().as_uri()})
    assert violations(browser) == []
