"""The map as a file: nothing to fetch, the same bytes for the same input, and no harm from hostile names."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.views.made_up import PROVENANCE, made_up_event, made_up_events, made_up_tracks
from tracker.errors import StorageError, TrackerError
from tracker.tables.events import EVENTS
from tracker.views import page
from tracker.views.frame import kept_frame, rendered_frame
from tracker.views.map import MapParams, render_map, write_map

HOSTILE = "</script><script>document.title='owned'</script><img src=x onerror=alert(1)>"


def data_of(text: str) -> dict[str, Any]:
    """The data that a page carries."""
    found = re.search(r'<script type="application/json" id="tracker-data">(.*?)</script>', text, re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


def elements(text: str) -> list[str]:
    """Names of the elements of a page, in order."""
    names: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            names.append(tag)

    Reader().feed(text)
    return names


def test_a_map_names_nothing_that_a_browser_would_fetch() -> None:
    events = made_up_events(5)
    text = render_map(events, tracks=made_up_tracks(events), provenance=PROVENANCE)
    assert page.fetchable(text) == []
    assert "cdn" not in text
    assert "sourceMappingURL" not in text
    without_links = re.sub(r"<a\b[^>]*>", "", text)
    assert not re.search(r"\b(src|href)\s*=\s*['\"]?(https?:)?//", without_links)


@pytest.mark.parametrize(
    "fault",
    [
        '<script src="https://example.org/a.js"></script>',
        '<script src="a.js"></script>',
        '<link rel="stylesheet" href="a.css">',
        '<img src="marker.png">',
        '<img srcset="a.png 2x">',
        "<style>a { background: url(images/layers.png) }</style>",
        "<style>a { background: URL( 'x.png' ) }</style>",
        '<style>@import "more.css";</style>',
        '<p style="background: url(x.png)">',
        '<script>fetch("data.json")</script>',
        '<script>const m = await import("./m.js")</script>',
        '<script>\nimport x from "./m.js"\n</script>',
        "<script>new XMLHttpRequest()</script>",
        "<script>new Worker('w.js')</script>",
        "<script>1 //# sourceMappingURL=a.map\n</script>",
        '<iframe srcdoc="x"></iframe>',
        '<svg><use xlink:href="icons.svg#a"/></svg>',
        '<meta http-equiv="refresh" content="0;url=b.html">',
        '<body onload="fetch(1)">',
    ],
)
def test_the_check_finds_what_a_browser_would_fetch(fault: str) -> None:
    assert len(page.fetchable(f"<html>{fault}</html>")) >= 1


@pytest.mark.parametrize(
    "harmless",
    [
        '<a href="https://example.org/">source</a>',
        '<a href="#list">list</a>',
        "<!-- https://example.org/a.js src=x -->",
        '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
        '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
        "<style>a { behavior: url(#default#VML) } /* url(x.png) @import */</style>",
        "<script>const prefetched = 1; // fetch(x) would be wrong here\n</script>",
        '<script type="application/json">{"name": "fetch(1) @import url(x)"}</script>',
    ],
)
def test_links_comments_namespaces_and_data_are_not_fetched(harmless: str) -> None:
    assert page.fetchable(f"<html>{harmless}</html>") == []


def test_a_page_that_would_fetch_is_refused_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = page.own_assets
    monkeypatch.setattr(page, "own_assets", lambda suffix: own(suffix) + ('fetch("x")' if suffix == ".js" else ""))
    with pytest.raises(TrackerError, match="not self-contained"):
        write_map(made_up_events(1), tmp_path / "map.html")
    assert list(tmp_path.iterdir()) == []


def test_the_same_events_give_the_same_bytes_in_any_order_of_rows(tmp_path: Path) -> None:
    events = made_up_events(30)
    tracks = made_up_tracks(events)
    write_map(events, tmp_path / "a.html", tracks=tracks, provenance=PROVENANCE)
    write_map(events.take(list(range(29, -1, -1))), tmp_path / "b.html", tracks=tracks, provenance=PROVENANCE)
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_a_hostile_name_adds_no_element_to_the_page_and_cannot_turn_the_reading_direction() -> None:
    good = EVENTS.from_rows([made_up_event(0)])
    bad = EVENTS.from_rows(
        [made_up_event(0, name_1=HOSTILE, name_2='\u202eGNP"\u202c', port=HOSTILE, why=[HOSTILE], sea="a\x00b\u2028c")]
    )
    hostile = PROVENANCE | {"run_id": HOSTILE, HOSTILE: HOSTILE}
    text = render_map(bad, provenance=hostile, title=HOSTILE, layers={"ports": [{"name": HOSTILE, "lon": 1, "lat": 2}]})
    assert elements(text) == elements(render_map(good, provenance=PROVENANCE))
    columns = data_of(text)["events"]["columns"]
    assert columns["name_1"]["d"] == [HOSTILE]
    assert columns["name_2"]["d"] == ['\ufffdGNP"\ufffd']
    assert columns["sea"]["d"] == ["a\ufffdb\ufffdc"]
    assert text.isascii() or "\u202e" not in text


def test_no_script_of_ours_parses_text_as_html() -> None:
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", page.own_assets(".js"))


def test_without_events_there_is_still_a_map() -> None:
    assert data_of(render_map(EVENTS.empty()))["events"] == {"count": 0, "columns": {}}


def test_synthetic_data_is_marked_before_any_script_runs() -> None:
    assert '<html lang="en" class="synthetic">' in render_map(made_up_events(1), provenance=PROVENANCE)
    assert '<html lang="en">' in render_map(made_up_events(1), provenance=PROVENANCE | {"synthetic": False})


def test_events_beyond_the_limit_are_left_out_by_rank_and_counted() -> None:
    data = data_of(render_map(made_up_events(40), params=MapParams(max_events=10)))
    assert (data["events"]["count"], data["total"]) == (10, 40)
    confidence = data["events"]["columns"]["confidence"]["n"]
    assert confidence == sorted(confidence, reverse=True)


def test_an_unwritable_target_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="Cannot write the map"):
        write_map(EVENTS.empty(), tmp_path / "missing" / "map.html")


@pytest.mark.parametrize("name", ["{{ 7 * 7 }}", "{% raw %}", "{# a #} {% endmacro %}", "DATA GOES HERE"])
def test_a_name_with_braces_is_a_name_and_no_template(name: str) -> None:
    text = render_map(EVENTS.from_rows([made_up_event(0, name_1=name)]), title=name)
    assert data_of(text)["events"]["columns"]["name_1"]["d"] == [name]
    assert data_of(text)["title"] == name
    assert f"<title>{name}</title>" in text


def test_the_frame_that_is_kept_is_what_folium_renders() -> None:
    assert kept_frame() in (None, rendered_frame()), "run scripts/make_frame.py"
