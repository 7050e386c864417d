"""Render the frame of a map with the folium that is installed, and keep it with the assets of `tracker.views`.

Run by hand after folium or branca was updated in the lock: ``python scripts/make_frame.py``.
"""

from importlib import resources
from pathlib import Path

from tracker.views.frame import KEPT, rendered_frame, versions_installed


def main() -> None:
    """Render and write."""
    target = Path(str(resources.files("tracker.views"))) / "assets" / KEPT
    target.write_text(f"{versions_installed()}\n{rendered_frame()}", encoding="utf-8")


if __name__ == "__main__":
    main()
