"""The rule that others use, as a baseline to stand beside: two tracks on a 10-minute grid, 500 m, 2 h, under 2 kn.

Published by Global Fishing Watch (Kroodsma et al. 2017, "The global view of transshipment"; Miller et al. 2018,
"Identifying global patterns of transshipment behavior", Frontiers in Marine Science 5:240): vessels within 500 m for
2 h or more at a median speed under 2 kn, 10 km or more from an anchorage, on positions interpolated every 10 minutes.
Written from those descriptions, not from their code; UTC days are cut, as in a daily pipeline.
"""

from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.geo.kernels import distance_m, ecef_m, wrap_deg
from tracker.params import Params, param
from tracker.tables.events import EVENTS, event_id
from tracker.tables.fixes import Fixes
from tracker.units import METRES_PER_SECOND_PER_KNOT, MILLISECONDS_PER_DAY

GFW = "Miller et al. 2018, Frontiers in Marine Science 5:240"
FloatArray = npt.NDArray[np.float64]


class ReferenceParams(Params):
    """The published thresholds."""

    grid_min: float = param(10.0, "step of the grid, min", gt=0, source=GFW)
    distance_m: float = param(500.0, "largest distance, m", gt=0, source=GFW)
    min_duration_h: float = param(2.0, "shortest encounter, h", gt=0, source=GFW)
    max_median_speed_kn: float = param(2.0, "median speed stays under, kn", gt=0, source=GFW)
    port_exclusion_km: float = param(10.0, "anchorages are at least so far, km", ge=0, source=GFW)
    max_gap_h: float = param(
        1.0, "longest silence that is interpolated, h", gt=0, source="judgement: not in the published description"
    )


def reference_rule(
    fixes: Fixes, /, *, ports: tuple[FloatArray, FloatArray] | None = None, params: ReferenceParams | None = None
) -> Any:
    """Encounters by the reference rule, as an ``EVENTS`` table whose verdict is always ``likely``.

    Parameters
    ----------
    fixes
        Reports, in any order of vessels, ascending in time.
    ports
        Longitudes and latitudes of anchorages; pairs within the exclusion distance of one are dropped.
    """
    params = params or ReferenceParams()
    step_ms = int(60_000 * params.grid_min)
    tracks = [
        _on_grid(fixes.take(rows), step_ms=step_ms, max_gap_ms=int(3_600_000 * params.max_gap_h))
        for rows in _rows_by_vessel(fixes.mmsi)
    ]
    if not tracks:
        return EVENTS.empty()
    steps, mmsi, lon, lat, knots = (np.concatenate(columns) for columns in zip(*tracks, strict=True))
    one, two = _close_pairs(steps, lon, lat, limit_m=params.distance_m)
    if not len(one):
        return EVENTS.empty()
    swap = mmsi[one] > mmsi[two]
    one, two = np.where(swap, two, one), np.where(swap, one, two)
    order = np.lexsort((steps[one], mmsi[two], mmsi[one]))
    one, two = one[order], two[order]
    day = steps[one] * step_ms // MILLISECONDS_PER_DAY
    first = np.ones(len(one), bool)
    first[1:] = (np.diff(mmsi[one]) != 0) | (np.diff(mmsi[two]) != 0) | (np.diff(steps[one]) != 1) | (np.diff(day) != 0)
    rows = []
    for run in np.split(np.arange(len(one)), np.flatnonzero(first)[1:]):
        a, b = one[run], two[run]
        start_ms, end_ms = int(steps[a[0]]) * step_ms, int(steps[a[-1]]) * step_ms
        speed = float(np.median(np.concatenate([knots[a], knots[b]])))
        if end_ms - start_ms < 3_600_000 * params.min_duration_h or not speed < params.max_median_speed_kn:
            continue
        middle = a[len(a) // 2]
        if ports is not None and len(ports[0]):
            nearest = float(np.min(np.asarray(distance_m(lon[middle], lat[middle], *ports))))
            if nearest < 1000.0 * params.port_exclusion_km:
                continue
        apart = np.asarray(distance_m(lon[a], lat[a], lon[b], lat[b]))
        pair = int(mmsi[a[0]]), int(mmsi[b[0]])
        rows.append(
            {
                "event_id": event_id("encounter", *pair, start_ms),
                "type": "encounter",
                "verdict": "likely",
                "in_port": False,
                "mmsi_1": pair[0],
                "mmsi_2": pair[1],
                "start_time": datetime.fromtimestamp(start_ms / 1000, UTC),
                "end_time": datetime.fromtimestamp(end_ms / 1000, UTC),
                "duration_h": (end_ms - start_ms) / 3_600_000,
                "lon": float(wrap_deg(lon[middle])),
                "lat": float(lat[middle]),
                "min_distance_m": float(apart.min()),
                "median_distance_m": float(np.median(apart)),
                "median_speed_kn": speed,
            }
        )
    return EVENTS.from_rows(rows)


def _rows_by_vessel(mmsi: npt.NDArray[np.int32], /) -> list[npt.NDArray[np.int64]]:
    order = np.argsort(mmsi, kind="stable")
    return [rows for rows in np.split(order, np.flatnonzero(np.diff(mmsi[order])) + 1) if len(rows)]


def _on_grid(
    fixes: Fixes, /, *, step_ms: int, max_gap_ms: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32], FloatArray, FloatArray, FloatArray]:
    """Steps (numbers since 1970) at which a vessel has a position, and it; speed is that between grid positions."""
    time = fixes.time_ms
    steps = np.arange(-(-time[0] // step_ms), time[-1] // step_ms + 1)
    at = steps * step_ms
    after = np.clip(np.searchsorted(time, at), 1, max(len(time) - 1, 1)) if len(time) > 1 else np.zeros(len(at), int)
    near = time[after] - time[after - 1] <= max_gap_ms if len(time) > 1 else time[after] == at
    lon = np.interp(at, time, np.unwrap(fixes.lon, period=360.0))
    lat = np.interp(at, time, fixes.lat)
    steps, lon, lat = steps[near], lon[near], lat[near]
    knots = np.full(len(steps), np.nan)
    if len(steps) > 1:
        pace = np.asarray(distance_m(lon[1:], lat[1:], lon[:-1], lat[:-1])) / (np.diff(steps) * step_ms / 1000.0)
        knots = np.append(pace, pace[-1]) / METRES_PER_SECOND_PER_KNOT
    elif len(steps):
        knots = np.zeros(1)
    return steps, np.full(len(steps), fixes.mmsi[0], np.int32), lon, lat, knots


def _close_pairs(
    steps: npt.NDArray[np.int64], lon: FloatArray, lat: FloatArray, /, *, limit_m: float
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Rows of the same step within a distance: sort by step, then a tree on earth-centred coordinates for each."""
    from scipy.spatial import cKDTree

    order = np.argsort(steps, kind="stable")
    places = np.stack(ecef_m(lon, lat), axis=-1)
    found = []
    for rows in np.split(order, np.flatnonzero(np.diff(steps[order])) + 1):
        if len(rows) > 1:
            pairs = cKDTree(places[rows]).query_pairs(limit_m, output_type="ndarray")
            if len(pairs):
                found.append(rows[pairs])
    pairs = np.concatenate(found) if found else np.empty((0, 2), np.int64)
    return pairs[:, 0], pairs[:, 1]
