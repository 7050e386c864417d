"""The frame of a map as folium makes it, with places for what is ours.

Loading folium and its forty templates takes more than all the rest of a map of a few hundred events, and the frame is
the same for every map: so it is kept beside our assets as the folium that is installed renders it
(``scripts/make_frame.py``), and rendered anew under any other.
"""

from importlib import metadata, resources
from typing import Final

from tracker.sparing import without_pandas

KEPT: Final = "folium.txt"
"""Asset: a line with the versions, and the frame."""
TITLE_HERE, HEAD_HERE, BODY_HERE, CODE_HERE = (f"{name} GOES HERE" for name in ("TITLE", "HEAD", "BODY", "CODE"))

_TEMPLATE = """
{% macro header(this, kwargs) %}{{ this.head }}{% endmacro %}
{% macro html(this, kwargs) %}{{ this.body }}{% endmacro %}
{% macro script(this, kwargs) %}
(function (map) {
"use strict";
{{ this.code }}
})({{ this._parent.get_name() }});
{% endmacro %}
"""


def page_frame() -> str:
    """The page with `TITLE_HERE` and the rest where they are to be put."""
    return kept_frame() or rendered_frame()


def kept_frame() -> str | None:
    """The frame that is kept; None when it was rendered by another folium than the one installed, or is not there."""
    place = resources.files("tracker.views").joinpath("assets", KEPT)
    if not place.is_file():
        return None
    versions, _, frame = place.read_text(encoding="utf-8").partition("\n")
    return frame if versions == versions_installed() else None


def versions_installed() -> str:
    """Versions of the packages that render the frame."""
    return ", ".join(f"{name} {metadata.version(name)}" for name in ("folium", "branca"))


def rendered_frame() -> str:
    """The frame by folium."""
    with without_pandas():
        import folium
        from branca.element import MacroElement
        from folium.template import Template

    frame = folium.Map(
        location=[0, 0],
        tiles=None,
        zoom_start=3,
        zoom_control=False,
        prefer_canvas=True,
        attribution_control=False,
        zoom_snap=0.5,
        min_zoom=1,
        max_zoom=18,
        tap_hold=False,
    )
    # folium names elements at random and lists its own CDN files: fixed names, no files.
    frame._id = "tracker"
    frame.default_js, frame.default_css = [], []
    figure = frame.get_root()
    figure.title = TITLE_HERE
    ours = MacroElement()
    ours._name, ours._id = "Tracker", "events"
    ours._template = Template(_TEMPLATE)
    # folium takes what it is given for a template: what is ours is put in afterwards
    ours.head, ours.body, ours.code = HEAD_HERE, BODY_HERE, CODE_HERE
    frame.add_child(ours)
    text: str = figure.render()
    # folium forbids zooming by pinch and states no language; readers who need either come first.
    return text.replace("initial-scale=1.0, maximum-scale=1.0, user-scalable=no", "initial-scale=1.0")
