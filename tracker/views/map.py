"""The map: folium is the frame, one canvas layer of ours does the drawing, and everything is in one file.

Stock folium loads Leaflet, jQuery, Bootstrap and fonts from four hosts and is a blank page without them; its
markers slow down at a few thousand. So folium gives the page and the map object, Leaflet is inlined from a
package, and a `MacroElement` of ours carries the events as columnar JSON with the scripts of ``assets/``.
The same input gives the same bytes: names that folium draws at random are fixed, and no clock is read.
"""

import html
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from tracker.errors import StorageError
from tracker.params import Params, param
from tracker.views import page
from tracker.views.columns import pack_columns, rank_events
from tracker.views.frame import BODY_HERE, CODE_HERE, HEAD_HERE, TITLE_HERE, page_frame
from tracker.views.layers import pack_layers, region_of
from tracker.views.text import plain_text, script_parts
from tracker.views.tracks import Thinning, TrackArrays, pack_tracks


class MapParams(Params):
    """What a map shows and how much it carries."""

    max_events: int = param(
        100_000,
        "most events on one map; the rest is left out, and the map says so",
        gt=0,
        source="measured: a redraw of 100 000 takes under half a second",
    )
    max_track_events: int = param(
        500, "most events whose tracks are carried, by rank", ge=0, source="file size: about 15 kB an event"
    )
    track_window_h: float = param(
        12.0, "track kept before and after an event", gt=0, le=240, source="analysts' habit: half a day each way"
    )
    track_step_s: int = param(
        180, "one fix is kept in each step of the approach", gt=0, source="ITU-R M.1371-5, table 1: 3 min at anchor"
    )
    contact_step_s: int = param(
        30, "one fix is kept in each step of the event itself", gt=0, source="ITU-R M.1371-5, table 2: class B, 30 s"
    )
    silence_min: float = param(
        10.0,
        "longest step between reports that is drawn as observed",
        gt=0,
        source="ITU-R M.1371-5, table 1: 3 min at anchor; three reports lost in a row",
    )
    dark_min: float = param(
        120.0, "silence from which a track is drawn as dark", gt=0, source="choice of this project, shown in the legend"
    )
    max_land_vertices: int = param(120_000, "most vertices of the coast", gt=0, source="redraw under 20 ms")


DATA_HERE = "DATA GOES HERE"
"""Place of the page that is filled last."""


def write_map(
    events: pa.Table,
    path: str | os.PathLike[str],
    /,
    *,
    tracks: Mapping[str | int, TrackArrays] | None = None,
    layers: Mapping[str, Any] | None = None,
    provenance: Mapping[str, Any] | None = None,
    title: str = "Suspected ship-to-ship transfers",
    params: MapParams | None = None,
) -> None:
    """Write the map of `events` as one HTML file that opens with no network.

    Parameters
    ----------
    events
        Table of `tracker.tables.events.EVENTS`, in any order; none is allowed.
    path
        Target; an existing file is replaced, whole or not at all.
    tracks
        `Fixes` (or alike) by ``event_id`` (rows of both ships) or by MMSI, in order of time, already cleaned.
        The writer keeps ``track_window_h`` around each event.
    layers
        See `tracker.views.layers.pack_layers`.
    provenance
        ``run_id``, ``version``, ``inputs``, ``parameters``, ``licences``, ``synthetic``, and ``case`` (its path as
        the user would type it); shown on the map.
    title
        Heading of the page.
    params
        Limits and thresholds.

    Raises
    ------
    StorageError
        When the target cannot be written.
    TrackerError
        When anything on the page could be fetched from elsewhere.
    """
    write_page(
        render_map(events, tracks=tracks, layers=layers, provenance=provenance, title=title, params=params), path
    )


def write_page(text: str, path: str | os.PathLike[str], /) -> None:
    """Write a page whole or not at all.

    Raises
    ------
    StorageError
        When the target cannot be written.
    """
    target = Path(path)
    aside = target.with_name(f".{target.name}.part")
    try:
        aside.write_text(text, encoding="utf-8", newline="\n")
        aside.replace(target)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise StorageError(f"Cannot write the map {target}: {error.strerror or error}.") from error


def render_map(
    events: pa.Table,
    /,
    *,
    tracks: Mapping[str | int, TrackArrays] | None = None,
    layers: Mapping[str, Any] | None = None,
    provenance: Mapping[str, Any] | None = None,
    title: str = "Suspected ship-to-ship transfers",
    params: MapParams | None = None,
) -> str:
    """The page of `write_map` as text."""
    return render_ranked(
        rank_events(events), tracks=tracks, layers=layers, provenance=provenance, title=title, params=params
    )


def render_ranked(
    ranked: pa.Table,
    /,
    *,
    tracks: Mapping[str | int, TrackArrays] | None,
    layers: Mapping[str, Any] | None,
    provenance: Mapping[str, Any] | None,
    title: str,
    params: MapParams | None,
) -> str:
    """`render_map` of events that `tracker.views.columns.rank_events` gave."""
    params = params or MapParams()
    kept = ranked.slice(0, params.max_events)
    region = region_of(
        kept.column("lon").to_numpy(zero_copy_only=False), kept.column("lat").to_numpy(zero_copy_only=False)
    )
    origin = dict(provenance or {})
    data = {
        "title": plain_text(title),
        "total": ranked.num_rows,
        "events": pack_columns(kept),
        "tracks": pack_tracks(
            # contacts in port are hidden until asked for, and come last
            kept.slice(0, params.max_track_events),
            tracks or {},
            window_h=params.track_window_h,
            thinning=Thinning(params.track_step_s, params.contact_step_s, silence_s=int(params.silence_min * 60)),
        ),
        "layers": pack_layers(layers or {}, region=region, max_vertices=params.max_land_vertices),
        "region": region,
        "provenance": _plain(origin),
        "drawing": {
            "window_h": params.track_window_h,
            "silence_min": params.silence_min,
            "dark_min": params.dark_min,
        },
    }
    before, after = _page(title=plain_text(title), synthetic=bool(origin.get("synthetic")))
    page.check_self_contained(before + after)
    # JSON for a script has no sign that could end it, so that the page is as safe with it as without
    return "".join([before, *script_parts(data), after])


def _plain(value: Any) -> Any:
    """Provenance as plain JSON: texts made safe, anything unusual as its text."""
    if isinstance(value, Mapping):
        return {plain_text(str(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return [_plain(item) for item in items]
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return plain_text(str(value))


def _page(*, title: str, synthetic: bool) -> tuple[str, str]:
    """The page before and after its data."""
    head = (
        f'<meta http-equiv="Content-Security-Policy" content="{page.POLICY}">\n'
        f"<script>{page.leaflet_script()}</script>\n"
        f"<style>{page.leaflet_style()}\n{page.own_assets('.css')}</style>"
    )
    body = f'{page.own_assets(".html")}<script type="application/json" id="tracker-data">{DATA_HERE}</script>'
    text = page_frame()
    for place, ours in ((HEAD_HERE, head), (BODY_HERE, body), (CODE_HERE, page.own_assets(".js"))):
        text = text.replace(place, ours, 1)
    marks = ' lang="en" class="synthetic"' if synthetic else ' lang="en"'
    text = text.replace("<html>", f"<html{marks}>", 1)
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    before, _, after = text.partition(DATA_HERE)
    return before.replace(TITLE_HERE, html.escape(title), 1), after
