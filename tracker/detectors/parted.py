"""Pairs that can have met at both ends of a silence and hardly at any other moment: they make no candidate of the pass.

The grid of the pass bridges a silence that a ship made slowly: two that lie together are near at its steps. One that
went on at speed leaves steps without a place; where she also came up fast, there are too few near steps on either side.
Such silences are few, and who was about her at both ends is known by the hour.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tracker.detectors.contact import ContactParams
from tracker.detectors.hearing import MMSI_SPAN, Hearing
from tracker.geo.kernels import distance_m, wrap_deg
from tracker.tables.column import UTC_MS
from tracker.tables.scan import CANDIDATES
from tracker.units import METRES_PER_NAUTICAL_MILE, METRES_PER_SECOND_PER_KNOT, MILLISECONDS_PER_HOUR

ABOUT_NM = 30.0
"""A ship met within an hour of her place of that hour is no farther from it (judgement: 30 kn)."""
DETOUR, OFF_NM = 1.2, 8.0
"""Nor is the way from her place of one hour to the next by the meeting longer than the straight one times this, and this
(judgement: she may have come up to the other and turned)."""
LATITUDES = 1024
"""More degrees of latitude than there are: hour and latitude share one key."""
CHUNK_SILENCES = 500
"""Silences asked at a time: bounds memory, not the answer."""
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
    mmsi = silences["mmsi"].to_numpy().astype(np.int64)
    hours = _Hours.of(hearing)
    pairs: list[tuple[Ids, Ids]] = []
    for begin in range(0, len(asked), CHUNK_SILENCES):
        rows = asked[begin : begin + CHUNK_SILENCES]
        ends = ((start[rows], lon_1[rows], lat_1[rows]), (end[rows], lon_2[rows], lat_2[rows]))
        near = [_near(hours, *one) for one in ends]
        # few are near both ends, and only they are looked at closely
        first, last = (hours.keys(*one) for one in near)
        key, *at_ends = np.intersect1d(first, last, assume_unique=True, return_indices=True)
        is_about = np.ones(len(key), np.bool_)
        for one, (which, own), chosen in zip(ends, near, at_ends, strict=True):
            is_about &= _is_about(hours, *one, which[chosen], own[chosen])
        key = key[is_about]
        at, other = rows[key // MMSI_SPAN], key % MMSI_SPAN
        is_other = other != mmsi[at]
        pairs.append((at[is_other], other[is_other]))
    at, other = (np.concatenate(column) for column in zip(*pairs, strict=True)) if pairs else (asked, asked)
    if not len(at):
        return candidates
    more = {
        "mmsi_1": pa.array(np.minimum(mmsi[at], other), pa.int32()),
        "mmsi_2": pa.array(np.maximum(mmsi[at], other), pa.int32()),
        "start_time": pa.array(start[at], pa.int64()).cast(UTC_MS),
        "end_time": pa.array(end[at], pa.int64()).cast(UTC_MS),
        "steps": pa.array(np.zeros(len(at), np.int32)),
        "min_distance_m": pa.array(np.zeros(len(at))),
    }
    table = pa.table(more).select(CANDIDATES.names).cast(candidates.schema)
    return pa.concat_tables([candidates, table])


@dataclass(frozen=True)
class _Hours:
    """Where every ship was in which hour, found by latitude and by MMSI."""

    hearing: Hearing
    by_lat: Ids
    """Rows in order of hour and latitude, and in `lat_key` where that order has them."""
    lat_key: Places
    key: Ids

    @classmethod
    def of(cls, hearing: Hearing) -> "_Hours":
        lat_key = hearing.hour * LATITUDES + hearing.lat
        by_lat = np.argsort(lat_key)
        return cls(hearing, by_lat, lat_key[by_lat], hearing.hour * MMSI_SPAN + hearing.mmsi)

    def beside(self, hour: Ids, lat: Places, width_deg: float) -> tuple[Ids, Ids]:
        """Rows in a band of latitude about each of some places, in an hour: number of the place, and row."""
        # the key is rounded: a little more than the band, and then the band itself
        first, last = (np.searchsorted(self.lat_key, hour * LATITUDES + lat + d * 1.01 * width_deg) for d in (-1, 1))
        count = last - first
        which = np.repeat(np.arange(len(lat)), count)
        rows = self.by_lat[np.arange(len(which)) + np.repeat(last - np.cumsum(count), count)]
        inside = np.abs(self.hearing.lat[rows] - lat[which]) <= width_deg
        return which[inside], rows[inside]

    def keys(self, which: Ids, rows: Ids) -> Ids:
        """Number of a place and MMSI of a row, as one integer."""
        key: Ids = which * MMSI_SPAN + self.hearing.mmsi[rows]
        return key

    def places(self, hour: Ids, mmsi: Ids, absent: tuple[Places, Places]) -> tuple[Places, Places]:
        """Places of ships in hours; those given where a ship has none."""
        wanted = hour * MMSI_SPAN + mmsi
        at = np.minimum(np.searchsorted(self.key, wanted), len(self.key) - 1)
        is_there = self.key[at] == wanted
        lon, lat = self.hearing.lon[at], self.hearing.lat[at]
        return np.where(is_there, lon, absent[0]), np.where(is_there, lat, absent[1])


def _near(hours: _Hours, time_ms: Ids, lon: Places, lat: Places) -> tuple[Ids, Ids]:
    """Rows of ships heard or not, in the hours of some moments, in a box about places: number of the place, and row."""
    which, near = hours.beside(time_ms // MILLISECONDS_PER_HOUR, lat, ABOUT_NM / 59.0)
    width_deg = ABOUT_NM / 59.0 / np.maximum(np.cos(np.radians(np.minimum(np.abs(lat) + 1.0, 89.9))), 1e-3)
    inside = np.abs(wrap_deg(hours.hearing.lon[near] - lon[which])) <= width_deg[which]
    return which[inside], near[inside]


def _is_about(hours: _Hours, time_ms: Ids, lon: Places, lat: Places, which: Ids, near: Ids) -> npt.NDArray[np.bool_]:
    """Whether places by the hour let ships (rows of hearing) be at moments at places (the number of each)."""
    hearing, hour = hours.hearing, time_ms // MILLISECONDS_PER_HOUR
    place, own = (lon[which], lat[which]), (hearing.lon[near], hearing.lat[near])
    way_m = distance_m(*place, *own)
    is_about = np.zeros(len(near), np.bool_)
    # the place of an hour may be from before the moment or from after it
    for step in (-1, 1):
        other = hours.places(hour[which] + step, hearing.mmsi[near], own)
        straight_m = DETOUR * distance_m(*own, *other) + OFF_NM * METRES_PER_NAUTICAL_MILE
        is_about |= way_m + distance_m(*place, *other) <= straight_m
    return is_about
