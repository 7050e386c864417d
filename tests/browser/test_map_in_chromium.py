"""The map as an analyst uses it, in headless Chromium: opened from a file, with no network."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import pytest
from shapely import Point, Polygon

from tests.browser.chrome import KEYS, Chrome
from tests.views.made_up import PROVENANCE, made_up_event, made_up_events, made_up_tracks
from tracker.tables.events import EVENTS
from tracker.views.columns import rank_events
from tracker.views.map import write_map

pytestmark = pytest.mark.chromium

SIZES = [(1280, 800), (1920, 1080), (390, 844)]
COUNT = 40
ALONE = {"gap", "loitering", "spoofing"}
LAYERS = {
    "land": {"type": "Polygon", "coordinates": [[[118, 24], [121.5, 25], [122, 31], [119, 35], [112, 33], [118, 24]]]},
    "limits": [{"kind": "12nm", "coordinates": [[121.7, 25], [122.3, 31], [119.3, 35]]}],
    "zones": [{"name": "Joint zone", "kind": "fishing", "polygon": [[124, 30], [127, 30], [127, 28], [124, 30]]}],
    "ports": [{"name": "Shanghai", "lon": 121.5, "lat": 31.2}],
    "seas": [{"name": "East China Sea", "lon": 125.0, "lat": 28.5}],
}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("map") / "map.html"
    events = made_up_events(COUNT)
    write_map(events, path, tracks=made_up_tracks(events), layers=LAYERS, provenance=PROVENANCE, title="Test map")
    return path


def ranked() -> list[dict[str, object]]:
    """The events of `page` in order of rank."""
    return list(rank_events(made_up_events(COUNT)).to_pylist())


def usual() -> list[dict[str, object]]:
    """The events that are shown before anybody asks for more: at sea, and not of one ship alone."""
    return [row for row in ranked() if not row["in_port"] and row["type"] not in ALONE]


def painted(browser: Chrome, layer: int) -> int:
    """How many pixels of a canvas layer (0 ground, 1 events, 2 tracks and tools) are not clear."""
    script = """const c = document.querySelectorAll('canvas.layer')[arguments[0]];
    const copy = new OffscreenCanvas(c.width, c.height).getContext('2d', {willReadFrequently: true});
    copy.drawImage(c, 0, 0);
    const d = copy.getImageData(0, 0, c.width, c.height).data;
    let n = 0; for (let k = 3; k < d.length; k += 4) n += d[k] > 0; return n"""
    browser.settle()
    return int(browser.run(script, layer))


def count_shown(browser: Chrome) -> int:
    """The number of events that the page says it shows."""
    return int(browser.text("#counts").split(" of ")[0].replace(",", ""))


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_map_opens_from_a_file_without_an_error_or_a_request(
    browser: Chrome, page: Path, width: int, height: int
) -> None:
    browser.size(width, height)
    browser.open(page)
    assert count_shown(browser) == len(usual()) < COUNT
    assert painted(browser, 0) > 1000
    assert painted(browser, 1) > 1000
    wide = browser.run("return document.documentElement.scrollWidth")
    assert wide <= width, "nothing may stick out to the side"
    assert browser.text("#synthetic-map") == "SYNTHETIC DATA"
    assert (browser.errors(), browser.requests()) == ([], [])


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_choosing_an_event_shows_its_card_and_both_tracks(browser: Chrome, page: Path, width: int, height: int) -> None:
    browser.size(width, height)
    browser.open(page)
    first = next(row for row in ranked() if row["mmsi_2"])
    before = painted(browser, 2)
    browser.run("document.getElementById(arguments[0]).click()", f"event-{ranked().index(first)}")
    browser.settle()
    card = browser.text("#card")
    for name in ("name_1", "name_2", "mmsi_1", "mmsi_2", "imo_1", "flag_1", "waters"):
        shown = {"waters": {"eez": "EEZ", "territorial_sea": "Territorial sea"}}.get(name, {})
        assert str(shown.get(first[name], first[name])).casefold().replace("_", " ") in card.casefold()
    for sentence in first["why"]:  # type: ignore[attr-defined]
        assert sentence in card
    assert painted(browser, 2) > before + 500
    assert browser.run("return document.querySelectorAll('#card svg path').length") >= 2
    assert browser.run("return location.hash") == f"#e={first['event_id']}"
    assert browser.run("return document.querySelector('.row[aria-selected=true]') !== null")
    assert (browser.errors(), browser.requests()) == ([], [])


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_filters_change_what_is_shown_and_are_kept_in_the_address(
    browser: Chrome, page: Path, width: int, height: int
) -> None:
    browser.size(width, height)
    browser.open(page)
    rows = ranked()
    browser.click("#filter-box summary")
    browser.click("#f-inport")
    browser.click("#alone-turn")
    assert count_shown(browser) == COUNT
    browser.run("const s = document.querySelector('#f-conf'); s.value = 0.5; s.dispatchEvent(new Event('input'))")
    assert count_shown(browser) == sum(round(row["confidence"], 3) >= 0.5 for row in rows)  # type: ignore[call-overload]
    browser.run("const s = document.querySelector('#f-flag'); s.value = 'PRK'; s.dispatchEvent(new Event('change'))")
    wanted = sum(
        round(row["confidence"], 3) >= 0.5 and "PRK" in (row["flag_1"], row["flag_2"])  # type: ignore[call-overload]
        for row in rows
    )
    assert 0 < count_shown(browser) == wanted
    kept = browser.run("return location.hash.slice(1)")
    assert {"conf=0.5", "flag=PRK", "inport=1"} == {part for part in kept.split("&") if not part.startswith("type=")}
    browser.open(page, kept)
    assert count_shown(browser) == wanted
    assert browser.errors() == []


def test_a_word_finds_ships_and_an_empty_answer_says_so(browser: Chrome, page: Path) -> None:
    browser.size(1280, 800)
    browser.open(page)
    browser.type("#f-text", str(ranked()[3]["mmsi_1"]))
    assert count_shown(browser) == 1
    browser.type("#f-text", "nosuchship")
    assert count_shown(browser) == 0
    assert "No event passes the filters" in browser.text("#list")


def test_a_link_to_an_event_shows_it_although_the_filters_would_hide_it(browser: Chrome, page: Path) -> None:
    browser.size(1280, 800)
    row = next(row for row in ranked() if row["in_port"])
    browser.open(page, f"e={row['event_id']}&conf=1")
    assert str(row["mmsi_1"]) in browser.text("#card")
    assert "outside your filters" in browser.text("#notice")
    assert count_shown(browser) == 0
    browser.open(page, "e=0123456789abcdef")
    assert "no event 0123456789abcdef" in browser.text("#notice")
    assert browser.run("return document.querySelector('#card').hidden")


def test_a_click_on_the_map_chooses_the_event_that_lies_there(browser: Chrome, page: Path) -> None:
    browser.size(1280, 800)
    browser.open(page)
    row = ranked()[0]
    x, y = browser.run(
        "const p = map_tracker.latLngToContainerPoint([arguments[0], arguments[1]]);"
        "const b = map_tracker.getContainer().getBoundingClientRect(); return [b.left + p.x, b.top + p.y]",
        row["lat"],
        row["lon"],
    )
    browser.mouse(("move", round(x) - 1, round(y)), ("move", round(x), round(y)))
    assert str(row["name_1"]) in browser.text("#tip")
    browser.mouse(("down", round(x), round(y)), ("up", round(x), round(y)))
    assert str(row["event_id"]) in browser.text("#card")


def test_the_list_is_worked_by_keys_alone(browser: Chrome, page: Path) -> None:
    browser.size(1280, 800)
    browser.open(page)
    browser.type("#list", KEYS["Down"] * 3)
    assert str(ranked()[2]["event_id"]) in browser.text("#card")
    browser.type("#list", KEYS["Escape"])
    assert browser.run("return document.querySelector('#card').hidden")


def test_playback_moves_the_two_ships(browser: Chrome, page: Path) -> None:
    browser.size(1280, 800)
    row = next(row for row in ranked() if row["mmsi_2"])
    browser.open(page, f"e={row['event_id']}")
    middle = browser.text("#clock")
    assert middle.endswith(("45\u00a0m apart", "46\u00a0m apart"))
    browser.click("#play")
    browser.until("return document.querySelector('#clock').textContent !== arguments[0]", middle)
    assert browser.text("#play") == "Pause"
    browser.click("#play")
    assert browser.text("#play") == "Play"
    assert browser.errors() == []


def test_a_drawn_box_gives_geojson_and_the_command_that_repeats_the_query(browser: Chrome, page: Path) -> None:
    browser.size(1280, 800)
    browser.open(page, "verdict=likely,possible")
    before = count_shown(browser)
    browser.click("#tool-box")
    browser.mouse(("move", 600, 300), ("down", 600, 300), ("move", 700, 400), ("move", 800, 500), ("up", 800, 500))
    feature = json.loads(browser.run("return document.querySelector('#region-json').value"))
    ring = feature["geometry"]["coordinates"][0]
    west, south, east, north = (f(c[k] for c in ring) for f, k in ((min, 0), (min, 1), (max, 0), (max, 1)))
    inside = [
        row
        for row in usual()
        if west <= row["lon"] <= east and south <= row["lat"] <= north  # type: ignore[operator]
        and row["verdict"] in {"likely", "possible"}
    ]  # fmt: skip
    assert 0 < count_shown(browser) == len(inside) < before
    command = browser.run("return document.querySelector('#region-command').value")
    box = ",".join(f"{v:.4f}".rstrip("0").rstrip(".") for v in (west, south, east, north))
    kinds = set(command.split(" --type ")[1].split(" ")[0].split(","))
    assert kinds == {row["type"] for row in ranked()} - ALONE - {"port_call"}, "asked for by name it would be shown"
    assert command.startswith(f"tracker events cases/demo --region {box} --type ")
    assert command.endswith(" --verdict likely,possible")
    browser.click("#region-clear")
    assert count_shown(browser) == before


def test_a_drawn_polygon_is_a_closed_anticlockwise_ring_and_filters_by_it(browser: Chrome, page: Path) -> None:
    browser.size(1280, 800)
    browser.open(page)
    before = count_shown(browser)
    browser.click("#tool-polygon")
    corners = [(560, 160), (900, 300), (800, 600), (520, 500)]
    for x, y in corners[:-1]:
        browser.mouse(("move", x, y), ("down", x, y), ("up", x, y))
    x, y = corners[-1]
    browser.mouse(("down", x, y), ("up", x, y), ("down", x, y), ("up", x, y))
    ring = json.loads(browser.run("return document.querySelector('#region-json').value"))["geometry"]["coordinates"][0]
    assert len(ring) == 5
    assert ring[0] == ring[-1]
    assert sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) > 0
    area = Polygon(ring)
    inside = [row for row in usual() if area.contains(Point(row["lon"], row["lat"]))]
    assert 0 < count_shown(browser) == len(inside) < before
    command = browser.run("return document.querySelector('#region-command').value")
    assert command.split(" --type ")[0] == "tracker events cases/demo --region region.geojson"


def test_dragging_over_the_days_keeps_the_events_of_those_days(browser: Chrome, page: Path) -> None:
    browser.size(1280, 800)
    browser.open(page)
    left, top, width = browser.run(
        "const b = document.querySelector('#strip').getBoundingClientRect(); return [b.left, b.top, b.width]"
    )
    y, x1, x2 = round(top + 20), round(left + width * 0.3), round(left + width * 0.5)
    browser.mouse(("move", x1, y), ("down", x1, y), ("move", x2 - 20, y), ("up", x2, y))
    since, until = (browser.run(f"return document.querySelector('#f-{name}').value") for name in ("since", "until"))
    assert since < until
    wanted = [row for row in usual() if str(row["end_time"])[:10] >= since and str(row["start_time"])[:10] <= until]
    assert 0 < count_shown(browser) == len(wanted) < COUNT / 2
    browser.click("#dates-clear")
    assert count_shown(browser) == len(usual())


def test_a_box_across_the_antimeridian_has_its_west_east_of_its_east(browser: Chrome, tmp_path: Path) -> None:
    rows = [made_up_event(k, lon=(179.5 + 0.2 * k + 180) % 360 - 180, lat=50.0, in_port=False) for k in range(6)]
    events = EVENTS.from_rows(rows)
    write_map(events, tmp_path / "map.html", tracks=made_up_tracks(events))
    browser.size(1280, 800)
    browser.open(tmp_path / "map.html")
    spread = browser.run(
        "const b = map_tracker.getBounds(); return [b.getWest(), b.getEast(), b.getEast() - b.getWest()]"
    )
    assert spread[2] < 10, "both sides are in one view"
    browser.click("#tool-box")
    browser.mouse(("move", 380, 120), ("down", 380, 120), ("move", 900, 400), ("up", 960, 600))
    command = browser.run("return document.querySelector('#region-command').value")
    west, _, east, _ = (float(v) for v in command.split("--region ")[1].split(","))
    assert west > 0 > east
    assert json.loads(browser.run("return document.querySelector('#region-json').value"))["geometry"]["type"] == (
        "MultiPolygon"
    )
    assert count_shown(browser) > 2
    browser.click("#sheet-close")
    browser.click(".row")
    assert painted(browser, 2) > 500
    assert browser.errors() == []


def test_measuring_a_degree_of_latitude_gives_sixty_miles(browser: Chrome, page: Path) -> None:
    browser.size(1280, 800)
    browser.open(page)
    browser.run("map_tracker.setView([30, 124], 8, {animate: false})")
    points = browser.run(
        "const b = map_tracker.getContainer().getBoundingClientRect(); return [[29.5, 124], [30.5, 124]].map((p) => {"
        "const q = map_tracker.latLngToContainerPoint(p); return [Math.round(b.left + q.x), Math.round(b.top + q.y)]})"
    )
    browser.click("#tool-measure")
    written = """window.words = []; const draw = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function (t, ...a) { window.words.push(t); draw.call(this, t, ...a) }"""
    browser.run(written)
    (x1, y1), (x2, y2) = points
    browser.mouse(("move", x1, y1), ("down", x1, y1), ("up", x1, y1))
    browser.mouse(("move", x2, y2))
    words = [word for word in browser.run("return window.words") if word.endswith("\u00b0") and " nm" in word]
    assert words
    miles, course = float(words[-1].split(" nm")[0]), words[-1].split(" ")[-1]
    assert miles == pytest.approx(60, abs=0.5)
    assert course == "000\u00b0"


def test_a_hostile_name_is_shown_as_text_and_does_nothing(browser: Chrome, tmp_path: Path) -> None:
    evil = '<img src=x onerror="window.owned=1"><script>window.owned=2</script>\u202e\''
    row = made_up_event(0, name_1=evil, name_2="\"'</textarea>", port=evil, why=[evil], sea=evil, in_port=False)
    events = EVENTS.from_rows([row])
    hostile = PROVENANCE | {"run_id": evil, "inputs": [evil], "case": "a b'; rm -rf ~"}
    write_map(events, tmp_path / "map.html", tracks=made_up_tracks(events), provenance=hostile, title=evil)
    browser.size(1280, 800)
    browser.open(tmp_path / "map.html", f"e={row['event_id']}&q={quote('<img')}")
    assert "<img src=x" in browser.text("#card")
    browser.click("#tool-source")
    browser.click("#sheet-close")
    browser.click("#tool-box")
    browser.mouse(("move", 500, 200), ("down", 500, 200), ("move", 700, 400), ("up", 800, 600))
    command = browser.run("return document.querySelector('#region-command').value")
    assert command.startswith("tracker events 'a b'\\''; rm -rf ~' --region ")
    assert browser.run("return window.owned === undefined && document.querySelectorAll('img').length === 0")
    assert (browser.errors(), browser.requests()) == ([], [])


def test_a_map_without_events_says_so(browser: Chrome, tmp_path: Path) -> None:
    write_map(EVENTS.empty(), tmp_path / "map.html")
    for width, height in SIZES:
        browser.size(width, height)
        browser.open(tmp_path / "map.html")
        assert "No events" in browser.text("#empty")
        assert count_shown(browser) == 0
        assert (browser.errors(), browser.requests()) == ([], [])


def test_the_dark_theme_follows_the_system_and_the_button_turns_it(browser: Chrome, page: Path) -> None:
    browser.size(1280, 800)
    look = "return [document.documentElement.dataset.theme, getComputedStyle(document.body).backgroundColor]"
    for wanted in ("dark", "light"):
        browser.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": wanted}])
        browser.open(page)
        assert browser.run(look)[0] == wanted
    light = browser.run(look)[1]
    browser.click("#tool-theme")
    assert browser.run(look)[0] == "dark"
    assert browser.run(look)[1] != light
    browser.run("localStorage.clear()")


def test_a_print_holds_map_and_card_and_leaves_the_page_as_it_was(browser: Chrome, page: Path) -> None:
    browser.size(1280, 800)
    browser.open(page, f"e={ranked()[0]['event_id']}")
    look = "return [document.documentElement.dataset.theme, document.querySelector('#slot').offsetWidth]"
    before = browser.run(look)
    browser.run("dispatchEvent(new Event('beforeprint'))")
    assert browser.run(look) == ["print", 960]
    assert browser.run("return document.querySelector('#legend').open")
    assert painted(browser, 0) > 1000
    browser.run("dispatchEvent(new Event('afterprint'))")
    assert browser.run(look) == before
    assert browser.pdf().startswith(b"%PDF-")
    assert browser.run(look) == before
    assert browser.errors() == []


def dark_map(folder: Path) -> tuple[Path, dict[str, object]]:
    """A map of one dark encounter whose best candidate has a track of her own, and of one plain encounter."""
    listed = [{"mmsi": 445000001, "probability": 0.153}, {"mmsi": 5, "probability": 0.004}]
    row = made_up_event(0, type="dark_encounter", verdict="possible", name_1="HEARD", name_2="GUESSED", in_port=False,
                        listed_1=[], listed_2=["un1718:S.016:exact"], min_distance_m=None, donor_mmsi=None,
                        receiver_mmsi=None, candidates=json.dumps(listed))  # fmt: skip
    events = EVENTS.from_rows([row, made_up_event(1, in_port=False)])
    write_map(events, folder / "map.html", tracks=made_up_tracks(events))
    return folder / "map.html", row


def test_a_candidate_never_looks_like_a_ship_that_was_heard_there(browser: Chrome, tmp_path: Path) -> None:
    path, row = dark_map(tmp_path)
    browser.size(1280, 800)
    browser.open(path, f"e={row['event_id']}")
    title, line = (
        browser.run(f"return document.querySelector('.row[aria-selected=true] {part}').textContent")
        for part in (".row-title", ".row-line")
    )
    assert "HEARD × not heard" in title
    assert "GUESSED" not in title
    assert line == "best candidate GUESSED, 15\u00a0%"
    heads = browser.run("return [...document.querySelectorAll('table.ships thead th')].map((h) => h.textContent)")
    assert heads[1] == "best candidate (not observed)GUESSEDprobability 15\u00a0%"
    ranks = browser.run("return [...document.querySelectorAll('table.ranked tbody tr')].map((r) => r.textContent)")
    assert ranks == [
        "1445000001GUESSED15\u00a0%",
        "25\u2013under 1\u00a0%",
        "another ship, or no meeting84\u00a0%",
    ]
    assert browser.run("return document.querySelector('#card svg.chart') === null"), "no distance was observed"
    assert "apart" not in browser.text("#clock")
    assert "best candidate, not observed there" in browser.text("#legend")
    assert "candidate listed" in title, "the ship that was heard is on no list"
    assert browser.errors() == []


def test_a_candidates_track_is_drawn_in_a_colour_of_its_own(browser: Chrome, tmp_path: Path) -> None:
    path, row = dark_map(tmp_path)
    browser.size(1280, 800)
    browser.open(path)
    spy = """window.strokes = []; const draw = CanvasRenderingContext2D.prototype.stroke;
    CanvasRenderingContext2D.prototype.stroke = function (...a) {
      window.strokes.push([this.strokeStyle, this.globalAlpha, this.getLineDash().length]); draw.apply(this, a) }"""
    browser.run(spy)
    browser.run("location.hash = arguments[0]", f"e={row['event_id']}")
    browser.until("return !document.querySelector('#card').hidden")
    browser.settle()
    style = "return getComputedStyle(document.documentElement).getPropertyValue('--' + arguments[0]).trim()"
    heard, second, candidate = (browser.run(style, name) for name in ("ship1", "ship2", "candidate"))
    strokes = browser.run("return window.strokes")
    drawn = [(alpha, dashes) for colour, alpha, dashes in strokes if colour == candidate]
    assert drawn
    assert all(alpha < 1 and dashes for alpha, dashes in drawn), "faint and dashed throughout"
    assert any(colour == heard for colour, _, _ in strokes)
    assert not any(colour == second for colour, _, _ in strokes)


def test_ships_alone_are_counted_hidden_and_switched_on_by_one_click(browser: Chrome, page: Path) -> None:
    browser.size(1280, 800)
    browser.open(page)
    told = [sum(row["type"] == kind for row in ranked()) for kind in ("gap", "loitering", "spoofing")]
    assert f"{told[0]} gaps, {told[1]} loitering, {told[2]} false positions hidden" in browser.text("#counts")
    browser.click("#alone-turn")
    assert count_shown(browser) == sum(not row["in_port"] for row in ranked())
    browser.click("#alone-turn")
    assert count_shown(browser) == len(usual())
    for kind, word in (("gap", "Last heard"), ("loitering", "Stay")):
        row = next(row for row in ranked() if row["type"] == kind)
        browser.open(page, f"e={row['event_id']}")
        assert word in browser.text("#card")
        assert browser.run("return document.querySelectorAll('table.ships thead th').length") == 1
        assert "Ships alone are hidden" in browser.text("#notice")


def test_a_map_of_ships_alone_shows_them(browser: Chrome, tmp_path: Path) -> None:
    rows = [made_up_event(k, in_port=False) for k in range(COUNT)]
    write_map(EVENTS.from_rows([row for row in rows if row["type"] in ALONE]), tmp_path / "map.html")
    browser.size(1280, 800)
    browser.open(tmp_path / "map.html")
    assert count_shown(browser) == sum(row["type"] in ALONE for row in rows) > 0


def test_a_link_on_a_telephone_opens_at_the_title(browser: Chrome, page: Path) -> None:
    browser.size(390, 844)
    browser.open(page, f"e={usual()[0]['event_id']}")
    assert browser.run("return [scrollY, document.querySelector('#title').getBoundingClientRect().top >= 0]") == [
        0,
        True,
    ]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_world_is_never_shown_twice_nor_beyond_its_coast(
    browser: Chrome, tmp_path: Path, width: int, height: int
) -> None:
    write_map(EVENTS.empty(), tmp_path / "map.html", layers=LAYERS)
    browser.size(width, height)
    browser.open(tmp_path / "map.html")
    browser.run("map_tracker.setView([84, 170], 0, {animate: false})")
    browser.run("map_tracker.panBy([4000, -4000], {animate: false})")
    browser.settle()
    edges = "const b = map_tracker.getBounds(); return [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()]"
    west, south, east, north = browser.run(edges)
    assert east - west <= 360.01
    assert -74 <= south < north <= 80.5
