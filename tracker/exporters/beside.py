"""What stands beside the events in formats with several layers: pieces of track, silences, ports and areas, as plain tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from tracker.tables.column import UTC_MS
from tracker.tables.fixes import Fixes

SILENCE_H = 2.0
"""A track is cut, and a silence drawn, where a ship was not heard for this long; the map draws the same as dark."""
_LINE = np.dtype([("order", "<u1"), ("kind", "<u4"), ("count", "<u4")])


@dataclass(frozen=True)
class Beside:
    """Tracks by MMSI (reports in time order), ports (name, lon, lat) and areas (name, kind, WKB) around the events."""

    tracks: Mapping[int, Fixes] = field(default_factory=dict)
    ports: tuple[tuple[str, float, float], ...] = ()
    areas: tuple[tuple[str, str, bytes], ...] = ()
    """Multipolygons: named seas that hold an event, joint and special zones, reaches of silent ships."""


def track_layers(beside: Beside, /) -> tuple[Any, Any]:
    """Pieces of track and silences as Arrow tables with a WKB line each: mmsi, start_time, end_time, reports."""
    pieces: list[dict[str, Any]] = []
    gaps: list[dict[str, Any]] = []
    for mmsi, fixes in sorted(beside.tracks.items()):
        time, lon, lat = fixes.time_ms, _unrolled(fixes.lon), fixes.lat
        cuts = np.flatnonzero(np.diff(time) > SILENCE_H * 3.6e6) + 1
        edges = [0, *cuts.tolist(), len(time)]
        pieces += [_row(mmsi, time[a:b], lon[a:b], lat[a:b]) for a, b in pairwise(edges) if b - a >= 2]
        gaps += [_row(mmsi, time[[c - 1, c]], lon[[c - 1, c]], lat[[c - 1, c]]) for c in cuts.tolist()]
    return _table(pieces), _table(gaps)


def point_wkb(lon: float, lat: float, /) -> bytes:
    """A point as little-endian well-known binary (OGC 06-103r4, section 8.2)."""
    return b"\x01\x01\x00\x00\x00" + np.array([lon, lat], "<f8").tobytes()


def _row(mmsi: int, time: Any, lon: Any, lat: Any) -> dict[str, Any]:
    head = np.array([(1, 2, len(time))], _LINE).tobytes()
    return {
        "mmsi": mmsi,
        "start_time": int(time[0]),
        "end_time": int(time[-1]),
        "duration_h": round(float(time[-1] - time[0]) / 3.6e6, 4),
        "reports": len(time),
        "geometry": head + np.column_stack([lon, lat]).astype("<f8").tobytes(),
    }


def _table(rows: list[dict[str, Any]]) -> Any:
    kinds = {"mmsi": pa.int32(), "start_time": pa.int64(), "end_time": pa.int64(), "duration_h": pa.float64()}
    kinds |= {"reports": pa.int32(), "geometry": pa.binary()}
    table = pa.Table.from_pylist(rows, schema=pa.schema(list(kinds.items())))
    for name in ("start_time", "end_time"):
        place = table.schema.get_field_index(name)
        table = table.set_column(place, name, table.column(name).cast(UTC_MS))
    return table


def _unrolled(lon: Any) -> Any:
    """Longitudes that run on across the antimeridian."""
    return np.unwrap(np.asarray(lon, np.float64), period=360.0) if len(lon) else np.asarray(lon, np.float64)
