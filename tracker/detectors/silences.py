"""Silences as arrays: those of the pass, and those that begin or end with the data."""

from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tracker.detectors.courses import course_made_deg
from tracker.detectors.hearing import MMSI_SPAN, Hearing
from tracker.geo.kernels import distance_m
from tracker.units import METRES_PER_NAUTICAL_MILE, MILLISECONDS_PER_HOUR

MOST_HOURS = 240
"""Hours of a silence in which it is asked whether the ship was heard."""
REACH_KN = 30.0
"""How fast she can have gone between the ends of a silence and a place where she was heard."""

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Silences:
    """Silences as arrays; on an open side (before the first report, after the last) place and speed are NaN."""

    mmsi: IntArray
    start_ms: IntArray
    end_ms: IntArray
    lon_1: FloatArray
    lat_1: FloatArray
    lon_2: FloatArray
    lat_2: FloatArray
    sog_kn_1: FloatArray
    sog_kn_2: FloatArray
    course_deg_1: FloatArray
    """Made good before the last report; NaN: not known."""
    course_deg_2: FloatArray
    """Made good after the next report; NaN: not known."""

    def __len__(self) -> int:
        return len(self.mmsi)

    def keep(self, chosen: npt.NDArray[np.bool_], /) -> "Silences":
        """Some of them."""
        return Silences(*(getattr(self, column.name)[chosen] for column in fields(self)))

    @cached_property
    def is_open(self) -> npt.NDArray[np.bool_]:
        """Whether the ship was never heard before, or never again."""
        return np.asarray(np.isnan(self.lon_1) | np.isnan(self.lon_2))

    @cached_property
    def hours(self) -> FloatArray:
        """Length of each."""
        return np.asarray((self.end_ms - self.start_ms) / MILLISECONDS_PER_HOUR)

    @cached_property
    def moved_m(self) -> FloatArray:
        """How far apart its ends are; NaN where one is not known."""
        return distance_m(self.lon_1, self.lat_1, self.lon_2, self.lat_2)


def silences_of(table: Any, hearing: Hearing, /, *, min_open_h: float = 2.0) -> Silences:
    """Silences of the pass (`tracker.tables.scan.SILENCES`) with those that begin or end with the data.

    Parameters
    ----------
    min_open_h : a ship first heard, or last heard, at least this long after the beginning (before the end), h
    """
    heard = hearing.heard()
    table = table.filter(pa.array(~heard_meanwhile(table, heard)))
    first, last = hearing.first, hearing.last
    late = first.time_ms - hearing.begin_ms >= min_open_h * MILLISECONDS_PER_HOUR
    early = hearing.end_ms - last.time_ms >= min_open_h * MILLISECONDS_PER_HOUR
    unknown = np.nan
    columns = (
        (table["mmsi"].to_numpy(), first.mmsi[late], last.mmsi[early]),
        (_ms(table["start_time"]), np.full(late.sum(), hearing.begin_ms), last.time_ms[early]),
        (_ms(table["end_time"]), first.time_ms[late], np.full(early.sum(), hearing.end_ms)),
        (table["lon_1"].to_numpy(), np.full(late.sum(), unknown), last.lon[early]),
        (table["lat_1"].to_numpy(), np.full(late.sum(), unknown), last.lat[early]),
        (table["lon_2"].to_numpy(), first.lon[late], np.full(early.sum(), unknown)),
        (table["lat_2"].to_numpy(), first.lat[late], np.full(early.sum(), unknown)),
        (_numbers(table["sog_kn_1"]), np.full(late.sum(), unknown), last.sog_kn[early]),
        (_numbers(table["sog_kn_2"]), first.sog_kn[late], np.full(early.sum(), unknown)),
    )
    joined = [np.concatenate(parts) for parts in columns]
    order = np.lexsort((joined[2], joined[1], joined[0]))
    mmsi, start_ms, end_ms = (column[order].astype(np.int64) for column in joined[:3])
    lon_1, lat_1, lon_2, lat_2, sog_1, sog_2 = (column[order].astype(np.float64) for column in joined[3:])
    courses = (
        course_made_deg(mmsi, start_ms, lon_1, lat_1, heard, is_before=True),
        course_made_deg(mmsi, end_ms, lon_2, lat_2, heard, is_before=False),
    )
    return Silences(mmsi, start_ms, end_ms, lon_1, lat_1, lon_2, lat_2, sog_1, sog_2, *courses)


def heard_meanwhile(table: Any, heard: tuple[IntArray, FloatArray, FloatArray], /) -> npt.NDArray[np.bool_]:
    """For each silence of the pass, whether the ship was heard all the while from where she can have been.

    Bad fixes hours apart are a track of their own to the pass, and the time between them a silence, while the ship herself
    is heard. Of a number that another ship bears, far off, the silence stays.

    Parameters
    ----------
    heard : of `Hearing.heard`
    """
    mmsi = table["mmsi"].to_numpy().astype(np.int64)
    start_ms, end_ms = _ms(table["start_time"]), _ms(table["end_time"])
    first = start_ms // MILLISECONDS_PER_HOUR + 1
    count = np.clip(end_ms // MILLISECONDS_PER_HOUR - first, 0, MOST_HOURS)
    which = np.repeat(np.arange(len(mmsi)), count)
    hour = first[which] + np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    key, heard_lon, heard_lat = heard
    if not len(key):
        return np.zeros(len(mmsi), np.bool_)
    asked = hour * MMSI_SPAN + mmsi[which]
    at = np.minimum(np.searchsorted(key, asked), len(key) - 1)
    rows = np.flatnonzero(key[at] == asked)
    which, at, hour = which[rows], at[rows], hour[rows]
    lon, lat = heard_lon[at], heard_lat[at]
    # an hour's place is that of its first report, which may be as late as its end
    near = np.ones(len(which), np.bool_)
    for n, hours in (
        (1, hour + 1 - start_ms[which] / MILLISECONDS_PER_HOUR),
        (2, end_ms[which] / MILLISECONDS_PER_HOUR - hour),
    ):
        ends = table[f"lon_{n}"].to_numpy()[which], table[f"lat_{n}"].to_numpy()[which]
        near &= np.asarray(distance_m(*ends, lon, lat)) <= REACH_KN * hours * METRES_PER_NAUTICAL_MILE
    return np.asarray(np.bincount(which[near], minlength=len(mmsi)) > 0.5 * np.maximum(count, 1))


def _ms(column: Any) -> IntArray:
    return np.asarray(column.cast("int64").to_numpy(), np.int64)


def _numbers(column: Any) -> FloatArray:
    return np.asarray(column.to_numpy(), np.float64)
