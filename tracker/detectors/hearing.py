"""Who was heard in which hour, and who must have been there unheard: the base of the local reception model.

One row for each ship and hour of the data. A ship heard before and after an hour in which nothing came from her was
there all the same, somewhere on her way: such rows, with the place read off the straight line, are what tells a
receiver that was down from a ship that fell silent. They are collected while the streaming pass reads.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tracker.geo.kernels import ecef_m, surface_deg
from tracker.units import DEGREE_E7

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

MMSI_SPAN = 1 << 30
"""One more than any MMSI, as a power of two: hour and MMSI share one integer key."""


@dataclass(frozen=True)
class Ends:
    """First or last report of each ship."""

    mmsi: IntArray
    time_ms: IntArray
    lon: FloatArray
    lat: FloatArray
    sog_kn: FloatArray


@dataclass(frozen=True)
class Hearing:
    """Ships by hours, ordered by hour and MMSI; ``hour`` counts from 1970."""

    hour: IntArray
    mmsi: IntArray
    lon: FloatArray
    lat: FloatArray
    reports: IntArray
    """0: she was there and not heard."""
    first: Ends
    last: Ends
    begin_ms: int
    end_ms: int
    """First and last report of all."""
    into_ms: npt.NDArray[np.int32]
    """When in the hour the place is of; 0 where she was not heard."""
    lies_moving: npt.NDArray[np.bool_]
    """Whether she said in the hour that she lay, and was faster than 2 kn in the same report."""
    speeds: npt.NDArray[np.uint8]
    """How many of her last three speeds in the hour are known."""
    slow: npt.NDArray[np.uint8]
    """How many of these, in a row to the last, are under 1 kn."""
    with_status: IntArray
    """MMSIs, in order, of ships that ever sent a navigational status."""

    def lies_moving_h(self) -> dict[int, float]:
        """Hours in which ships moved while they said that they lay, by MMSI; of ships with a status only."""
        hours = np.bincount(
            np.searchsorted(self.with_status, self.mmsi[self.lies_moving]), minlength=len(self.with_status)
        )
        return dict(zip(self.with_status.tolist(), hours.astype(np.float64).tolist(), strict=True))

    def heard(self) -> tuple[IntArray, FloatArray, FloatArray]:
        """Of rows in which ships were heard: ``hour * MMSI_SPAN + mmsi``, which are in order, longitude and latitude."""
        rows = np.flatnonzero(self.reports > 0)
        return self.hour[rows] * MMSI_SPAN + self.mmsi[rows], self.lon[rows], self.lat[rows]

    @cached_property
    def ids(self) -> IntArray:
        """Every MMSI once, in order."""
        # few numbers are put in order, not all rows
        return np.sort(np.asarray(pa.array(self.mmsi).unique().to_numpy(), np.int64))

    @cached_property
    def ship(self) -> npt.NDArray[np.int32]:
        """Place of each row's MMSI among `ids`."""
        return np.searchsorted(self.ids, self.mmsi).astype(np.int32)


def hearing_of(ships: npt.NDArray[Any], heard: npt.NDArray[Any], /, *, bridge_h: int = 24) -> Hearing:
    """Close the counts that the streaming pass made (`tracker.engine.watch.Watcher.heard`).

    Parameters
    ----------
    ships : first and last report of each ship
    heard : rows of hour, ship, how many reports, and the first place in it (1e-7 degree), in any order
    bridge_h : a ship unheard for longer than this is not counted as present in between, h
    """
    order = np.argsort(ships["mmsi"])
    first, last = (_ends(ships[order], which) for which in ("first", "last"))
    if not len(ships):
        none, nothing = np.empty(0, np.int64), np.empty(0)
        nobody = none.astype(np.int32), none.astype(np.bool_), none.astype(np.uint8), none.astype(np.uint8), none
        return Hearing(none, none, nothing, nothing, none, first, last, 0, 0, *nobody)
    keys, at, reports, lies_moving = _by_hour(heard)
    hour, mmsi = keys // MMSI_SPAN, keys % MMSI_SPAN
    lon, lat = heard["x"][at] / DEGREE_E7, heard["y"][at] / DEGREE_E7
    unheard, *place = _unheard(hour, mmsi, lon, lat, bridge_h)
    before = np.searchsorted(keys, unheard)
    return Hearing(
        np.insert(hour, before, unheard // MMSI_SPAN),
        np.insert(mmsi, before, unheard % MMSI_SPAN),
        np.insert(lon, before, place[0]),
        np.insert(lat, before, place[1]),
        np.insert(reports, before, 0),
        first,
        last,
        int(first.time_ms.min()),
        int(last.time_ms.max()),
        np.insert(heard["into_ms"][at], before, 0),
        np.insert(lies_moving, before, False),
        np.insert(heard["speeds"][at], before, 0),
        np.insert(heard["slow"][at], before, 0),
        np.unique(ships["mmsi"][ships["has_status"] > 0]).astype(np.int64),
    )


def _by_hour(heard: npt.NDArray[Any]) -> tuple[IntArray, IntArray, IntArray, npt.NDArray[np.bool_]]:
    """Keys of hour and MMSI, each once and in order; the first row of each, her reports, and whether she lay moving."""
    keys = heard["hour"] * MMSI_SPAN + heard["mmsi"]
    rows = np.argsort(keys, kind="stable")
    keys = keys[rows]
    is_first = np.append(True, keys[1:] != keys[:-1])
    at = rows[is_first]
    reports, lies_moving = heard["reports"][at].astype(np.int64), heard["lies_moving"][at] > 0
    # an hour has two rows only where reports came out of order
    again = np.flatnonzero(~is_first)
    if len(again):
        place = np.cumsum(is_first)[again] - 1
        np.add.at(reports, place, heard["reports"][rows[again]])
        np.logical_or.at(lies_moving, place, heard["lies_moving"][rows[again]] > 0)
    return keys[is_first], at, reports, lies_moving


def _ends(ships: npt.NDArray[Any], which: str) -> Ends:
    return Ends(
        ships["mmsi"].astype(np.int64),
        ships[f"{which}_ms"],
        ships[f"{which}_x"] / DEGREE_E7,
        ships[f"{which}_y"] / DEGREE_E7,
        ships[f"{which}_sog_kn"].astype(np.float64),
    )


def _unheard(
    hour: IntArray, mmsi: IntArray, lon: FloatArray, lat: FloatArray, bridge_h: int
) -> tuple[IntArray, FloatArray, FloatArray]:
    """Keys, in order, of ship-hours between two heard ones of one ship (rows are in order of hour), and places on the
    straight line between them.
    """
    order = np.argsort(mmsi, kind="stable")
    hour, mmsi = hour[order], mmsi[order]
    skipped = np.where(mmsi[1:] == mmsi[:-1], np.diff(hour) - 1, 0)
    leg = np.flatnonzero((skipped > 0) & (skipped < bridge_h))
    times = skipped[leg]
    row = np.repeat(leg, times)
    step = np.arange(len(row)) - np.repeat(np.cumsum(times) - times, times) + 1
    share = step / (skipped[row] + 1.0)
    before, after = (ecef_m(lon[at], lat[at]) for at in (order[row], order[row + 1]))
    lon, lat = surface_deg(*(a + share * (b - a) for a, b in zip(before, after, strict=True)))
    keys = (hour[row] + step) * MMSI_SPAN + mmsi[row]
    found = np.argsort(keys)
    return keys[found], lon[found], lat[found]
