"""How large a map may be: size, time to write, to open, to redraw and to drag, by number of events. Made-up events.

``python -m benchmarks.map 20000 100000`` prints one row each; needs Chromium and chromedriver (tests/browser/chrome.py).
A redraw is timed from the change of view to the second frame after it; a drag by the intervals between frames meanwhile.
Also the time to answer a polygon with a hole over all of them, as ``tracker events --region FILE`` asks it.
"""

import json
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from tests.browser.chrome import Chrome
from tests.views.made_up import made_up_event
from tracker.query import Filters, region_of, select
from tracker.tables.events import EVENTS
from tracker.views.map import write_map

HUBS = ((122, 24), (124, 30), (126, 33), (119, 37), (130, 28), (118, 22), (135, 34), (112, 15))
RINGS = (
    ((121, 23), (128, 24), (127, 34), (122, 35), (121, 23)),
    ((124, 29), (125, 29), (125, 30), (124, 30), (124, 29)),
)
MEASURE = """
const done = arguments[0], m = map_tracker, out = {};
const frame = () => new Promise((r) => requestAnimationFrame(() => setTimeout(r, 0)));
const middle = (a) => Math.round(a.slice().sort((x, y) => x - y)[a.length >> 1]);
async function act(f) { const t = performance.now(); f(); await frame(); await frame(); return performance.now() - t; }
(async () => {
  m.setView([30, 124], 6, { animate: false }); await frame(); await frame();
  const pans = [], zooms = [], drag = [];
  for (let k = 0; k < 12; k++) pans.push(await act(() => m.panBy([k % 2 ? -90 : 90, 30], { animate: false })));
  for (let k = 0; k < 6; k++) zooms.push(await act(() => m.setZoom(6 + (k % 2 ? 0 : 0.5), { animate: false })));
  let last = performance.now();
  m.fire("movestart");
  for (let k = 0; k < 40; k++) { m._rawPanBy(L.point(4, 2)); m.fire("move"); await new Promise((r) => requestAnimationFrame(r));
    drag.push(performance.now() - last); last = performance.now(); }
  m.fire("moveend"); await frame();
  const box = document.querySelector("#f-text");
  const type = (text) => act(() => { box.value = text; box.dispatchEvent(new Event("input", { bubbles: true })); });
  out.pan_ms = middle(pans); out.zoom_ms = middle(zooms); out.drag_ms = middle(drag); out.filter_ms = Math.round(await type("4120"));
  done(out);
})();
"""


def made_up(count: int) -> Any:
    """Events around eight hubs."""
    base = EVENTS.from_rows([made_up_event(k) for k in range(2000)])
    rng = np.random.default_rng(1)
    table = base.take(pa.array(rng.integers(0, 2000, count)))
    at = np.array(HUBS)[rng.integers(0, len(HUBS), count)] + rng.normal(0, 1.8, (count, 2))
    ids = pa.array([f"{k:016x}" for k in range(count)])
    for name, values in (("lon", pa.array(at[:, 0])), ("lat", pa.array(at[:, 1])), ("event_id", ids)):
        place = table.schema.get_field_index(name)
        table = table.set_column(place, table.schema.field(place), values)
    return table


def answered_s(events: Any, folder: Path) -> tuple[int, float]:
    """Events in the polygon, and seconds to find them; the best of three."""
    file = folder / "polygon.geojson"
    shape = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": RINGS}}
    file.write_text(json.dumps(shape), encoding="utf-8")
    filters = Filters.of({"region": str(file), "in_port": True})
    times, found = [], 0
    for _ in range(3):
        begin = time.perf_counter()
        found = select(events, filters, region=region_of(filters)).num_rows
        times.append(time.perf_counter() - begin)
    return found, min(times)


def main(counts: list[int]) -> None:
    """Print a row for each number of events."""
    program = shutil.which("chromium")
    assert program, "needs chromium"
    for count in counts:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            events, page = made_up(count), folder / "map.html"
            found, query_s = answered_s(events, folder)
            begin = time.perf_counter()
            write_map(events, page, provenance={"synthetic": True, "run_id": "made up", "version": "0"})
            write_s = time.perf_counter() - begin
            with Chrome(program=Path(program), profile=folder / "profile") as browser:
                browser.size(1440, 900)
                browser.open(page)
                entry = "return Math.round(performance.getEntriesByType('navigation')[0].loadEventEnd)"
                told = {"load_ms": browser.run(entry)} | browser.post("/execute/async", {"script": MEASURE, "args": []})
                told["errors"] = len(browser.errors())
            size = page.stat().st_size / 1e6
            print(
                f"{count:,}: {size:.1f} MB, written in {write_s:.1f} s, {found:,} in polygon {query_s:.2f} s, {told}",
                flush=True,
            )


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or [20_000, 100_000])
