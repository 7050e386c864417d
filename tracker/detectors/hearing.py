"""Who was heard in which hour, and who must have been there unheard: the base of the local reception model.

One row for each ship and hour of the data. A ship heard before and after an hour in which nothing came from her was
there all the same, somewhere on her way: such rows, with the place read off the straight line, are what tells a
receiver that was down from a ship that fell silent. They are collected while the streaming pass reads.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tracker.geo.kernels import ecef_m, surface_deg
from tracker.tables.fixes import Fixes, frozen
from tracker.units import DEGREE_E7

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

FIRST_SHIPS = 1024
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


class Listener:
    """Counts reports by ship and hour while they stream past; `hearing` closes the count."""

    def __init__(self) -> None:
        # numba loads here and not with the module
        from tracker.geo.kernels import hours

        self._hours = hours
        self._table = np.full(4 * FIRST_SHIPS, -1, np.int32)
        self._ships = np.zeros(FIRST_SHIPS, hours.SHIP)
        self._heard = np.empty(16 * FIRST_SHIPS, hours.HEARD)
        self._known = 0
        self._parts: list[npt.NDArray[Any]] = []

    def overhear(self, batches: Iterable[Fixes], /) -> Iterator[Fixes]:
        """Pass batches on unchanged and count what is in them."""
        for batch in batches:
            self.feed(batch)
            yield batch

    def feed(self, fixes: Fixes, /) -> None:
        """Count one batch, in time order after the batches before."""
        columns = [
            frozen(c) for c in (fixes.time_ms, fixes.mmsi, fixes.lon_e7, fixes.lat_e7, fixes.sog_kn, fixes.nav_status)
        ]
        taken = 0
        while taken < len(fixes):
            taken, self._known, written = self._hours.count_hours(
                taken, *columns, self._table, self._ships, self._heard, self._known, 0
            )
            if written:
                self._parts.append(self._heard[:written].copy())
            if self._known == len(self._ships):
                self._ships = np.concatenate([self._ships, np.zeros_like(self._ships)])
                self._table = np.full(2 * len(self._table), -1, np.int32)
                self._hours.enter_all(self._table, self._ships, self._known)

    def part(self) -> dict[str, Any]:
        """What was counted, as Arrow tables that can travel and be closed with others by `hearing_of`."""
        ships = self._ships[: self._known]
        heard = np.concatenate([*self._parts, self._hours.still_open(ships)])
        return {"heard": _table(heard), "ships": _table(ships)}

    def hearing(self, *, bridge_h: int = 24) -> Hearing:
        """Close the count; see `hearing_of`."""
        return hearing_of([self.part()], bridge_h=bridge_h)


def hearing_of(parts: Sequence[Mapping[str, Any]], /, *, bridge_h: int = 24) -> Hearing:
    """Close counts of neighbouring stretches of time, given in order (see `Listener.part`).

    Parameters
    ----------
    bridge_h : a ship unheard for longer than this is not counted as present in between, h
    """
    ships, heard = (pa.concat_tables([part[name] for part in parts]) for name in ("ships", "heard"))
    column = {name: ships.column(name).to_numpy() for name in ships.column_names}
    ids, first_at = np.unique(column["mmsi"], return_index=True)
    last_at = len(column["mmsi"]) - 1 - np.unique(column["mmsi"][::-1], return_index=True)[1]
    first, last = _ends(column, "first", first_at), _ends(column, "last", last_at)
    if not len(ids):
        none, nothing = np.empty(0, np.int64), np.empty(0)
        nobody = none.astype(np.int32), none.astype(np.bool_), none.astype(np.uint8), none.astype(np.uint8), none
        return Hearing(none, none, nothing, nothing, none, first, last, 0, 0, *nobody)
    row = {name: heard.column(name).to_numpy() for name in heard.column_names}
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
    order = np.lexsort((columns[1], columns[0]))
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
        np.unique(column["mmsi"][column["has_status"] > 0]).astype(np.int64),
    )


def _table(array: npt.NDArray[Any]) -> Any:
    return pa.table({name: np.ascontiguousarray(array[name]) for name in array.dtype.names or ()})


def _ends(column: Mapping[str, npt.NDArray[Any]], which: str, at: IntArray) -> Ends:
    return Ends(
        column["mmsi"][at].astype(np.int64),
        column[f"{which}_ms"][at],
        column[f"{which}_x"][at] / DEGREE_E7,
        column[f"{which}_y"][at] / DEGREE_E7,
        column[f"{which}_sog_kn"][at].astype(np.float64),
    )


def _unheard(
    hour: IntArray, mmsi: IntArray, lon: FloatArray, lat: FloatArray, bridge_h: int
) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """Ship-hours between two heard ones of the same ship, with places on the straight line between them."""
    order = np.lexsort((hour, mmsi))
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
