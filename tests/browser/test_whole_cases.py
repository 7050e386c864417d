"""Maps, dossiers and reports of whole cases in headless Chromium: the bundled scenario, and real AIS where it is at hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import tracker
from tests.browser.chrome import Chrome
from tests.browser.test_map_in_chromium import count_shown, painted
from tests.shared_data import shared
from tracker.archive.case import open_case
from tracker.pipeline.dossier import gather
from tracker.pipeline.run import run
from tracker.views.dossier import render_dossier

pytestmark = pytest.mark.chromium
REAL = "real/socal_ais_2018-06-01_to_06-03T06_marinecadastre.csv.gz"


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The case of 54 hours of real AIS off California, which holds the known lightering S1."""
    return Path(run([shared(REAL)], tmp_path_factory.mktemp("real") / "case").case)


def walk(browser: Chrome, page: Path, case: Path, size: tuple[int, int]) -> dict[str, Any]:
    """List, card, filters, permalink, playback, drawing, network and print, as an analyst goes through them."""
    rows = {row["event_id"]: row for row in open_case(case).latest_events().to_pylist()}
    browser.size(*size)
    browser.open(page)
    first_view = count_shown(browser)
    assert 0 < first_view < len(rows), "contacts in port and ships alone are hidden until asked for"
    browser.click(".row")
    link = browser.run("return location.hash.slice(1)")
    event = rows[link.split("e=")[1].split("&")[0]]
    assert event["verdict"] == "likely", "the foremost of the list"
    card = browser.text("#card")
    assert all(str(event[name]) in card for name in ("name_1", "name_2", "mmsi_1", "event_id"))
    assert painted(browser, 2) > 500, "the tracks of both"
    clock = browser.text("#clock")
    browser.click("#play")
    browser.until("return document.querySelector('#clock').textContent !== arguments[0]", clock)
    browser.click("#play")
    browser.open(page, link)
    assert str(event["event_id"]) in browser.text("#card"), "the link opens the same event"
    browser.run("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true}))")
    browser.click("#filter-box summary")
    browser.run("const s = document.querySelector('#f-conf'); s.value = 0.9; s.dispatchEvent(new Event('input'))")
    sure = count_shown(browser)
    assert 0 < sure < first_view
    browser.click("#f-clear")
    assert count_shown(browser) == first_view
    browser.click("#filter-box summary")
    before = painted(browser, 1)
    browser.run("document.querySelector('#legend').open = true; document.querySelector('#layer-network').click()")
    assert painted(browser, 1) > before, "lines between ships that met"
    assert "pair(s)" in browser.text("#legend")
    browser.run("document.querySelector('#layer-network').click(); document.querySelector('#legend').open = false")
    assert browser.pdf().startswith(b"%PDF-")
    return event


def draw_box(browser: Chrome) -> None:
    """A box over the middle of the map."""
    left, top, width, height = browser.run(
        "const b = document.querySelector('#slot').getBoundingClientRect(); return [b.left, b.top, b.width, b.height]"
    )
    x1, y1, x2, y2 = (
        round(v) for v in (left + 0.2 * width, top + 0.2 * height, left + 0.6 * width, top + 0.8 * height)
    )
    browser.click("#tool-box")
    browser.mouse(("move", x1, y1), ("down", x1, y1), ("move", (x1 + x2) // 2, (y1 + y2) // 2), ("up", x2, y2))


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768)])
def test_the_map_of_the_scenario_is_worked_through_without_an_error_or_a_request(
    browser: Chrome, demo: Any, size: tuple[int, int]
) -> None:
    page = Path(demo.case) / "map.html"
    walk(browser, page, Path(demo.case), size)
    browser.open(page)
    draw_box(browser)
    ring = json.loads(browser.run("return document.querySelector('#region-json').value"))["geometry"]["coordinates"][0]
    told = browser.run("return document.querySelector('#region-command').value").split(" ")
    (west, south), (east, north) = ([f(corner[k] for corner in ring) for k in (0, 1)] for f in (min, max))
    # the command that the map gives finds in the case what the map shows
    region, kinds = told[told.index("--region") + 1], told[told.index("--type") + 1]
    found = tracker.open_case(demo.case).events(region=region, type=kinds)
    assert len(found) == count_shown(browser) > 0
    assert found["lon"].between(west - 1e-3, east + 1e-3).all()
    assert found["lat"].between(south - 1e-3, north + 1e-3).all()
    assert (browser.errors(), browser.requests()) == ([], [])


def test_the_real_lightering_is_found_on_its_map_at_the_first_click(browser: Chrome, real: Path) -> None:
    event = walk(browser, real / "map.html", real, (1440, 900))
    assert {event["name_1"], event["name_2"]} == {"HYDRA VOYAGER", "POLARIS VOYAGER"}
    assert browser.text("#synthetic-map") == "SYNTHETIC DATA"
    assert browser.run("return document.querySelector('#synthetic-map').hidden"), "real data bears no such mark"
    browser.open(real / "map.html")
    draw_box(browser)
    assert browser.run("return document.querySelector('#region-command').value").startswith("tracker events ")
    assert (browser.errors(), browser.requests()) == ([], [])


@pytest.mark.parametrize("kind", ["encounter", "dark_encounter", "gap"])
@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_a_dossier_fits_the_screen_and_asks_for_nothing(
    browser: Chrome, demo: Any, tmp_path: Path, kind: str, size: tuple[int, int]
) -> None:
    case = open_case(demo.case)
    rows = [row for row in case.latest_events().to_pylist() if row["type"] == kind]
    best = max(rows, key=lambda row: row["confidence"])
    page = tmp_path / "dossier.html"
    page.write_text(render_dossier(gather(case, best["event_id"])), encoding="utf-8")
    browser.size(*size)
    browser.logs("browser"), browser.logs("performance")
    browser.post("/url", {"url": page.resolve().as_uri()})
    assert browser.run("return document.querySelectorAll('section').length") == 12
    assert browser.run("return document.documentElement.scrollWidth") <= size[0], "nothing sticks out to the side"
    assert (browser.errors(), browser.requests()) == ([], [])


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768), (390, 844)])
def test_a_report_fits_the_screen_and_asks_for_nothing(
    browser: Chrome, demo: Any, tmp_path: Path, size: tuple[int, int]
) -> None:
    page = tracker.open_case(demo.case).report(tmp_path / "report.html")
    browser.size(*size)
    browser.logs("browser"), browser.logs("performance")
    browser.post("/url", {"url": page.resolve().as_uri()})
    assert browser.run("return document.documentElement.scrollWidth") <= size[0], "a digest has no spaces to break at"
    assert (browser.errors(), browser.requests()) == ([], [])


def test_a_map_in_a_notebook_runs_in_its_sandbox(browser: Chrome, demo: Any, tmp_path: Path) -> None:
    case = tracker.open_case(demo.case)
    page = tmp_path / "cell.html"
    shown = case.map(events=case.events(verdict="likely"))._repr_html_()
    page.write_text(f'<!DOCTYPE html><html data-ready="true"><meta charset="utf-8"><body>{shown}</body></html>')
    browser.size(1200, 800)
    browser.open(page)
    frame = browser.post("/element", {"using": "css selector", "value": "iframe"})
    browser.post("/frame", {"id": frame})
    browser.until("return document.documentElement.dataset.ready === 'true'")
    assert count_shown(browser) == 16
    browser.click(".row")
    assert browser.run("return !document.querySelector('#card').hidden")
    browser.post("/frame", {"id": None})
    assert (browser.errors(), browser.requests()) == ([], [])
