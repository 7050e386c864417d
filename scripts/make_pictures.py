"""Pictures of README and docs, from the finished case of the demo: the map, a dossier and a report, as Chromium shows them.

``python3 dev.py pictures`` makes the demo and calls this. Needs chromium and chromedriver (Debian: chromium-driver).
Colours are cut to 256, so that a picture is small in a repository. Every page says in the picture that it is synthetic.
"""

import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image

from tests.browser.chrome import Chrome
from tests.conftest import find_program
from tracker.api import open_case
from tracker.pipeline.dossier import gather
from tracker.views.dossier import render_dossier

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "pictures"
MOST_BYTES = 250_000


def main(case_folder: Path) -> None:
    """Write ``map.png``, ``network.png``, ``dossier.png`` and ``report.png``."""
    case = open_case(case_folder)
    if not case.record().get("synthetic"):
        sys.exit(f"{case_folder} is not synthetic: pictures of a repository name no real ship")
    program = find_program("chromium")
    if program is None:
        sys.exit("needs chromium and chromedriver: apt-get install chromium chromium-driver")
    TARGET.mkdir(exist_ok=True)
    rows = [row for row in case.archive.latest_events().to_pylist() if row["verdict"] == "likely"]
    best = max(rows, key=lambda row: (row["risk_score"] or 0.0, row["event_id"]))
    with tempfile.TemporaryDirectory() as name, Chrome(program=program, profile=Path(name) / "profile") as browser:
        folder = Path(name)
        browser.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "light"}])
        case.map(folder / "map.html")
        browser.size(1280, 800)
        browser.open(folder / "map.html", f"e={best['event_id']}")
        keep(browser, "map")
        browser.open(folder / "map.html")
        browser.run("document.querySelector('#layer-network').click(); document.querySelector('#legend').open = false")
        browser.settle()
        keep(browser, "network")
        page = folder / "dossier.html"
        page.write_text(render_dossier(gather(case.archive, best["event_id"])), encoding="utf-8")
        case.report(folder / "report.html")
        for name_, height in (("dossier", 1150), ("report", 1000)):
            browser.size(900, height)
            browser.post("/url", {"url": (folder / f"{name_}.html").as_uri()})
            keep(browser, name_)


def keep(browser: Chrome, name: str) -> None:
    """Write what the browser shows, in few colours."""
    with tempfile.TemporaryDirectory() as folder:
        shot = Path(folder) / "shot.png"
        browser.screenshot(shot)
        picture = (
            Image.open(shot).convert("RGB").quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        )
    stream = BytesIO()
    picture.save(stream, "PNG", optimize=True)
    content = stream.getvalue()
    if len(content) > MOST_BYTES:
        sys.exit(f"{name}.png has {len(content):,} bytes; at most {MOST_BYTES:,} belong into a repository")
    (TARGET / f"{name}.png").write_bytes(content)
    print(f"docs/pictures/{name}.png: {len(content):,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "cases/demo"))
