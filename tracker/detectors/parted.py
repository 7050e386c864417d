"""Pairs that can have met at both ends of a silence and hardly at any other moment: they make no candidate of the pass.

The grid of the pass bridges a silence that a ship made slowly: two that lie together are near at its steps. One that
went on at speed leaves steps without a place; where she also came up fast, there are too few near steps on either side.
Such silences are few, and who was about her at both ends is known by the hour.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tracker.detectors.contact import ContactParams
from tracker.detectors.hearing import Hearing
from tracker.geo.kernels import distance_m, wrap_deg
from tracker.tables.column import UTC_MS
from tracker.tables.scan import CANDIDATES
from tracker.units import METRES_PER_NAUTICAL_MILE, METRES_PER_SECOND_PER_KNOT, MILLISECONDS_PER_HOUR

ABOUT_NM = 30.0
"""A ship met within an hour of her place of that hour is no farther from it (judgement: 30 kn)."""
DETOUR, OFF_NM = 1.2, 8.0
"""Nor is the way from her place of one hour to the next by the meeting longer than the straight one times this, and this
(judgement: she may have come up to the other and turned)."""
Ids = npt.NDArray[np.int64]
Places = npt.NDArray[np.float64]


def with_silences(candidates: Any, silences: Any, hearing: Hearing, /, *, params: ContactParams) -> Any:
    """Candidates (`CANDIDATES`), and one of no steps for each pair that was about at both ends of a silence under way.

    Parameters
    ----------
    silences : table of `tracker.tables.scan.SILENCES`
    hearing : where every ship was in which hour
    """
    start, end = (silences[name].cast(pa.int64()).to_numpy() for name in ("start_time", "end_time"))
    lon_1, lat_1, lon_2, lat_2 = (silences[name].to_numpy() for name in ("lon_1", "lat_1", "lon_2", "lat_2"))
    seconds = np.maximum(end - start, 1) / 1000.0
    pace_kn = distance_m(lon_1, lat_1, lon_2, lat_2) / seconds / METRES_PER_SECOND_PER_KNOT
    asked = np.flatnonzero((seconds <= params.hole_h * 3600.0) & (pace_kn > params.slow_bridge_kn))
    rows: list[dict[str, Any]] = []
    mmsi = silences["mmsi"].to_numpy()
    for i in asked.tolist():
        before = _about(hearing, int(start[i]), float(lon_1[i]), float(lat_1[i]))
        both = np.intersect1d(before, _about(hearing, int(end[i]), float(lon_2[i]), float(lat_2[i])))
        for other in both[both != mmsi[i]].tolist():
            one, two = sorted((int(mmsi[i]), other))
            rows.append({"mmsi_1": one, "mmsi_2": two, "start_time": int(start[i]), "end_time": int(end[i])})
    if not rows:
        return candidates
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    more = {
        "mmsi_1": pa.array(columns["mmsi_1"], pa.int32()),
        "mmsi_2": pa.array(columns["mmsi_2"], pa.int32()),
        "start_time": pa.array(columns["start_time"], pa.int64()).cast(UTC_MS),
        "end_time": pa.array(columns["end_time"], pa.int64()).cast(UTC_MS),
        "steps": pa.array(np.zeros(len(rows), np.int32)),
        "min_distance_m": pa.array(np.zeros(len(rows))),
    }
    table = pa.table(more).select(CANDIDATES.names).cast(candidates.schema)
    return pa.concat_tables([candidates, table])


def _about(hearing: Hearing, time_ms: int, lon: float, lat: float) -> Ids:
    """Ships whose places by the hour, heard or not, let them be at a place at a time."""
    hour = time_ms // MILLISECONDS_PER_HOUR
    edges = np.searchsorted(hearing.hour, np.arange(hour - 1, hour + 3))
    near: Ids = np.flatnonzero(np.abs(hearing.lat[edges[1] : edges[2]] - lat) <= ABOUT_NM / 59.0) + edges[1]
    width_deg = ABOUT_NM / 59.0 / max(np.cos(np.radians(min(abs(lat) + 1.0, 89.9))), 1e-3)
    near = near[np.abs(wrap_deg(hearing.lon[near] - lon)) <= width_deg]
    if not len(near):
        return near
    own = hearing.lon[near], hearing.lat[near]
    is_about = np.zeros(len(near), np.bool_)
    # the place of an hour may be from before the moment or from after it
    for first, last in ((edges[0], edges[1]), (edges[2], edges[3])):
        other = _places_of(hearing, hearing.mmsi[near], first, last, own)
        way_m = distance_m(lon, lat, *own) + distance_m(lon, lat, *other)
        is_about |= way_m <= DETOUR * distance_m(*own, *other) + OFF_NM * METRES_PER_NAUTICAL_MILE
    about: Ids = np.unique(hearing.mmsi[near[is_about]])
    return about


def _places_of(
    hearing: Hearing, mmsi: Ids, first: int, last: int, absent: tuple[Places, Places]
) -> tuple[Places, Places]:
    """Places of ships in the hour of the rows first..last (by MMSI); those given where a ship has none."""
    if first == last:
        return absent
    at = np.minimum(np.searchsorted(hearing.mmsi[first:last], mmsi) + first, last - 1)
    is_there = hearing.mmsi[at] == mmsi
    return np.where(is_there, hearing.lon[at], absent[0]), np.where(is_there, hearing.lat[at], absent[1])
