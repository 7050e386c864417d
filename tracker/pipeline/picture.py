"""What the map shows beside the events: tracks around them, coast, limits, joint zones, ports and names of seas."""

import os
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tracker.cleaning.hulls import HullParams, split_tracks
from tracker.pipeline.layers import coverage_layer, map_layers
from tracker.pipeline.source import PositionSource
from tracker.tables.column import UTC_MS
from tracker.tables.fixes import Fixes
from tracker.tables.given import GivenTable
from tracker.tables.tracks import Tracks
from tracker.views.columns import rank_events
from tracker.views.map import MapParams, render_ranked, write_page


def draw(
    events: Any,
    path: str | os.PathLike[str],
    /,
    *,
    source: PositionSource | None,
    provenance: Mapping[str, Any],
    title: str,
    hulls: HullParams,
    coverage: Any = None,
    zones: GivenTable | None = None,
    params: MapParams | None = None,
    unheard: Mapping[str, Any] | None = None,
) -> None:
    """Write the map of events with the tracks of their ships, where positions are at hand; see `page_of`."""
    write_page(
        page_of(
            events,
            source=source,
            provenance=provenance,
            title=title,
            hulls=hulls,
            coverage=coverage,
            zones=zones,
            params=params,
            unheard=unheard,
        ),
        path,
    )


def page_of(
    events: Any,
    /,
    *,
    source: PositionSource | None,
    provenance: Mapping[str, Any],
    title: str,
    hulls: HullParams,
    coverage: Any = None,
    zones: GivenTable | None = None,
    params: MapParams | None = None,
    unheard: Mapping[str, Any] | None = None,
) -> str:
    """The map of events as one page.

    ``coverage`` (`tracker.tables.coverage.COVERAGE`) is a layer that readers switch on.
    ``zones`` (`tracker.zones.drawn.drawn`) are the outlines of a user's polygons.
    ``unheard`` (`tracker.pipeline.unheard`) are layers of what was not heard.
    """
    params = params or MapParams()
    ranked = rank_events(events)
    tracks = {} if source is None else event_tracks(ranked, source, hulls=hulls, params=params)
    layers = map_layers(events["lon"].to_numpy(), events["lat"].to_numpy(), zones=zones)
    if coverage is not None and coverage.num_rows:
        layers["coverage"] = coverage_layer(coverage)
    return render_ranked(
        ranked,
        tracks=tracks,
        layers={**layers, **(unheard or {})},
        provenance={**provenance, "case": "CASE"},
        title=title,
        params=params,
    )


def event_tracks(
    ranked: Any, source: PositionSource, /, *, hulls: HullParams, params: MapParams
) -> dict[str | int, Fixes]:
    """Cleaned reports of the ships of the foremost of ranked events, some hours around each; by MMSI."""
    shown = ranked.filter(pc.invert(pc.fill_null(ranked["in_port"], False))).slice(0, params.max_track_events)
    if not shown.num_rows:
        return {}
    pad_ms = round(params.track_window_h * 3.6e6)
    start = shown["start_time"].cast(pa.int64()).to_numpy() - pad_ms
    end = shown["end_time"].cast(pa.int64()).to_numpy() + pad_ms
    ids = np.concatenate([shown[f"mmsi_{n}"].fill_null(0).to_numpy() for n in (1, 2)])
    known = ids > 0
    requests = pa.table(
        {
            "mmsi": pa.array(ids[known], pa.int32()),
            "start": pa.array(np.tile(start, 2)[known], pa.int64()).cast(UTC_MS),
            "end": pa.array(np.tile(end, 2)[known], pa.int64()).cast(UTC_MS),
        }
    )
    # a line is drawn through one hull: the one most heard
    found = split_tracks(Tracks.of(source.windows(requests)), params=hulls).items()
    return {mmsi: max(parts, key=len) for mmsi, parts in found if any(map(len, parts))}
