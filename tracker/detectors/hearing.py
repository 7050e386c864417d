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

    @cached_property
    def ids(self) -> IntArray:
        """Every MMSI once, in order."""
        return np.unique(self.mmsi)

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
    row = {name: np.ascontiguousarray(heard[name]) for name in heard.dtype.names or ()}
    # an hour has two rows only where reports came out of order
    keys, at, inverse = np.unique(row["hour"] * MMSI_SPAN + row["mmsi"], return_index=True, return_inverse=True)
    reports = np.bincount(inverse, weights=row["reports"]).astype(np.int64)
    lies_moving = np.bincount(inverse, weights=row["lies_moving"]) > 0
    hour, mmsi = keys // MMSI_SPAN, keys % MMSI_SPAN
    lon, lat = row["x"][at] / DEGREE_E7, row["y"][at] / DEGREE_E7
    missing = _unheard(hour, mmsi, lon, lat, bridge_h)
    own = (row["into_ms"][at], lies_moving, row["speeds"][at], row["slow"][at])
    unheard = [np.zeros(len(missing[0]), column.dtype) for column in (reports, *own)]
    pairs = zip((hour, mmsi, lon, lat, reports, *own), (*missing, *unheard), strict=True)
    columns = [np.concatenate(pair) for pair in pairs]
    # one key each: sorting by it takes a seventh of what sorting by two columns does
    order = np.argsort(columns[0] * MMSI_SPAN + columns[1])
    hour, mmsi, lon, lat, reports, into_ms, lies_moving, speeds, slow = (column[order] for column in columns)
    return Hearing(
        hour.astype(np.int64),
        mmsi.astype(np.int64),
        lon,
        lat,
        reports.astype(np.int64),
        first,
        last,
        int(first.time_ms.min()),
        int(last.time_ms.max()),
        into_ms,
        lies_moving,
        speeds,
        slow,
        np.unique(ships["mmsi"][ships["has_status"] > 0]).astype(np.int64),
    )


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
) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """Ship-hours between two heard ones (ordered by hour) of one ship, with places on the straight line between them."""
    order = np.argsort(mmsi, kind="stable")
    hour, mmsi, lon, lat = hour[order], mmsi[order], lon[order], lat[order]
    skipped = np.where(mmsi[1:] == mmsi[:-1], np.diff(hour) - 1, 0)
    leg = np.flatnonzero((skipped > 0) & (skipped < bridge_h))
    times = skipped[leg]
    row = np.repeat(leg, times)
    step = np.arange(len(row)) - np.repeat(np.cumsum(times) - times, times) + 1
    share = step / (skipped[row] + 1.0)
    before, after = ecef_m(lon[row], lat[row]), ecef_m(lon[row + 1], lat[row + 1])
    place = surface_deg(*(a + share * (b - a) for a, b in zip(before, after, strict=True)))
    return hour[row] + step, mmsi[row], *place
