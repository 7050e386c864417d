"""Jamming: many ships of one area lose their places at once.

A ship with wild fixes has a bad antenna; where a third of the ships within some tens of miles have them in the same
hour there is a jammer, or a receiver that garbles. Ships are counted around each disturbed ship, not in cells, so that
no grid decides. Disturbed ships near each other, in the same hour or the next, are one event, told under the ship that
was disturbed most.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.detectors.hearing import Hearing
from tracker.detectors.spoofing.falsehood import Falsehood, SpoofingParams
from tracker.geo.kernels import ecef_m, surface_deg
from tracker.units import METRES_PER_NAUTICAL_MILE, MILLISECONDS_PER_HOUR

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
NAMED = 10


@dataclass(frozen=True)
class Disturbed:
    """Reports set aside: who, when, and the last good place of the ship (degrees)."""

    mmsi: Ints
    time_ms: Ints
    lon: Floats
    lat: Floats


@dataclass(frozen=True)
class _Hours:
    """Ships by hours in which they were disturbed: place, earth-centred metres; reports set aside."""

    hour: Ints
    mmsi: Ints
    xyz: Floats
    reports: Ints


def find_jamming(disturbed: Disturbed, hearing: Hearing, /, *, params: SpoofingParams) -> list[Falsehood]:
    """Areas and hours in which many ships were disturbed."""
    if not len(disturbed.mmsi):
        return []
    hours = _by_hour(disturbed)
    radius_m = params.jamming_nm * METRES_PER_NAUTICAL_MILE
    is_jammed = np.zeros(len(hours.hour), np.bool_)
    share = np.zeros(len(hours.hour))
    ids, starts, counts = np.unique(hours.hour, return_index=True, return_counts=True)
    for hour, start, count in zip(ids.tolist(), starts.tolist(), counts.tolist(), strict=True):
        if count < params.jamming_ships:
            continue
        from scipy.spatial import cKDTree

        xyz = hours.xyz[start : start + count]
        begin, end = np.searchsorted(hearing.hour, [hour, hour + 1])
        heard = np.flatnonzero(hearing.reports[begin:end] > 0) + begin
        hit = cKDTree(xyz).query_ball_point(xyz, radius_m, return_length=True)
        all_xyz = np.column_stack(ecef_m(hearing.lon[heard], hearing.lat[heard]))
        present = cKDTree(all_xyz).query_ball_point(xyz, radius_m, return_length=True) if len(heard) else hit
        share[start : start + count] = hit / np.maximum(present, hit)
        is_jammed[start : start + count] = (hit >= params.jamming_ships) & (
            share[start : start + count] >= params.jamming_share
        )
    rows = np.flatnonzero(is_jammed)
    return [_told(hours, group, float(np.median(share[group]))) for group in _groups(hours, rows, radius_m)]


def _by_hour(disturbed: Disturbed) -> _Hours:
    key = np.stack([disturbed.time_ms // MILLISECONDS_PER_HOUR, disturbed.mmsi])
    pairs, at, count = np.unique(key, axis=1, return_index=True, return_counts=True)
    xyz = np.column_stack(ecef_m(disturbed.lon[at], disturbed.lat[at]))
    return _Hours(pairs[0], pairs[1], xyz, count.astype(np.int64))


def _groups(hours: _Hours, rows: Ints, radius_m: float) -> list[Ints]:
    """Ship-hours near each other, in the same hour or the next, together."""
    if not len(rows):
        return []
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    # the next hour is in reach within 0.7 of the radius
    place = np.column_stack([hours.xyz[rows] / radius_m, hours.hour[rows] * 0.7])
    i, j = cKDTree(place).query_pairs(1.0, output_type="ndarray").T
    graph = coo_matrix((np.ones(len(i), np.int8), (i, j)), shape=(len(rows), len(rows)))
    number, label = connected_components(graph, directed=False)
    return [rows[label == n] for n in range(number)]


def _told(hours: _Hours, group: Ints, share: float) -> Falsehood:
    ids, at = np.unique(hours.mmsi[group], return_inverse=True)
    reports = np.bincount(at, weights=hours.reports[group])
    ranked = tuple(int(m) for m in ids[np.lexsort((ids, -reports))])
    lon, lat = surface_deg(*hours.xyz[group].mean(axis=0))
    begin, end = int(hours.hour[group].min()), int(hours.hour[group].max()) + 1
    reach_nm = float(np.linalg.norm(hours.xyz[group] - hours.xyz[group].mean(axis=0), axis=1).max())
    why = (
        f"{len(ids)} ships lost their places within {reach_nm / METRES_PER_NAUTICAL_MILE:.0f} nm and {end - begin} h: "
        f"{100 * share:.0f} % of those heard around each (median), {int(reports.sum())} reports set aside.",
        "Consistent with jamming or with a receiver that garbles; most disturbed: "
        + ", ".join(map(str, ranked[:NAMED]))
        + ".",
    )
    return Falsehood(
        "jamming",
        ranked[0],
        begin * MILLISECONDS_PER_HOUR,
        end * MILLISECONDS_PER_HOUR,
        float(lon),
        float(lat),
        round(min(0.5 + 0.4 * share + 0.01 * len(ids), 0.95), 3),
        why,
        np.empty(0, np.int64),
        ranked,
    )
