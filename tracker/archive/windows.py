"""Windows of time of many vessels as one sorted array, so that a million rows are tested in one look-up."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tracker.tables.fixes import frozen

_STRIDE = np.int64(1) << 42
"""More milliseconds than lie between 1970 and 2109; vessel number times this plus the time is one key."""


@dataclass(frozen=True)
class Windows:
    """Merged windows: ``starts[i]..ends[i]`` (keys, inclusive), in order and disjoint."""

    vessels: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    spans: npt.NDArray[np.int64]
    """Windows of all vessels together as times, shape (n, 2), in order and disjoint."""

    @property
    def first_ms(self) -> int:
        """First moment asked for."""
        return int(self.spans[0, 0])

    @property
    def last_ms(self) -> int:
        """Last moment asked for."""
        return int(self.spans[-1, 1])

    @classmethod
    def of(cls, requests: Any, /) -> "Windows":
        """From an Arrow table with ``mmsi``, ``start`` and ``end``; windows that end before they start ask for nothing."""
        ms = pa.timestamp("ms", tz="UTC")
        mmsi = requests.column("mmsi").cast(pa.int32()).to_numpy()
        start = np.clip(requests.column("start").cast(ms, safe=False).cast(pa.int64()).to_numpy(), 0, _STRIDE - 1)
        end = np.clip(requests.column("end").cast(ms, safe=False).cast(pa.int64()).to_numpy(), -1, _STRIDE - 1)
        right = end >= start
        vessels, number = np.unique(mmsi[right], return_inverse=True)
        number = number.astype(np.int64) * _STRIDE
        starts, ends = _merge(number + start[right], number + end[right])
        return cls(
            vessels=vessels,
            starts=starts,
            ends=ends,
            spans=np.column_stack(_merge(start[right], end[right])),
        )

    @classmethod
    def joined(cls, several: Sequence["Windows"], /) -> "Windows":
        """What any of some asks for."""
        vessels = np.unique(np.concatenate([one.vessels for one in several]))
        numbers = [np.searchsorted(vessels, one.vessels[one.vessel]) * _STRIDE for one in several]
        starts, ends = (
            np.concatenate([number + times for number, times in zip(numbers, all_times, strict=True)])
            for all_times in ([one.starts_ms for one in several], [one.ends_ms for one in several])
        )
        spans = np.concatenate([one.spans for one in several])
        starts, ends = _merge(starts, ends)
        return cls(vessels, starts, ends, np.column_stack(_merge(spans[:, 0], spans[:, 1])))

    @property
    def vessel(self) -> npt.NDArray[np.int64]:
        """Place of the vessel of each window in `vessels`."""
        return self.starts // _STRIDE

    @property
    def starts_ms(self) -> npt.NDArray[np.int64]:
        """First moment of each window."""
        return self.starts % _STRIDE

    @property
    def ends_ms(self) -> npt.NDArray[np.int64]:
        """Last moment of each window."""
        return self.ends % _STRIDE

    def is_over(self, moment_ms: int, /) -> bool:
        """Whether no window reaches a moment."""
        return not len(self.spans) or self.last_ms < moment_ms

    def touch(self, first_ms: int, last_ms: int, /) -> bool:
        """Whether any window meets this stretch of time."""
        return bool(np.any((self.spans[:, 0] <= last_ms) & (self.spans[:, 1] >= first_ms)))


class Picker:
    """Picks the rows that lie in windows, stretch after stretch; those of each vessel in order of time."""

    def __init__(self, windows: Windows, /) -> None:
        from tracker.geo.kernels.select import NEVER, number_vessels

        self.touch = windows.touch
        vessels = len(windows.vessels)
        # one in sixteen at most: a look that meets another vessel costs as much as ten that do not
        self._ids, self._table = (
            frozen(np.append(-1, windows.vessels).astype(np.int32)),
            np.zeros(1 << max(4, (16 * vessels).bit_length()), np.int32),
        )
        number_vessels(self._ids, self._table)
        self._first = np.searchsorted(windows.starts, np.arange(vessels + 1) * _STRIDE)
        self._starts, self._ends = frozen(windows.starts_ms), frozen(windows.ends_ms)
        self._at = self._first[:-1].copy()
        self._now = np.tile(np.array([0, -1], np.int64), (1 + vessels, 1))
        self._now[0] = NEVER
        self._room = np.empty((2, 0), np.int32)

    def pick(
        self, mmsi: npt.NDArray[np.int32], time_ms: npt.NDArray[np.int64], /
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Rows that lie in a window of their vessel, vessel after vessel; and where those of each begin, with the end."""
        from tracker.geo.kernels.select import rows_by_vessel

        if self._room.shape[1] < len(mmsi):
            self._room = np.empty((2, len(mmsi)), np.int32)
        order, edges = np.empty(len(mmsi), np.int64), np.empty(len(self._at) + 1, np.int64)
        of = (self._ids, self._table, self._first, self._starts, self._ends, self._at, self._now)
        found = rows_by_vessel(frozen(mmsi), frozen(time_ms), *of, *self._room, order, edges)
        return order[:found], edges


def _merge(
    starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Union of closed intervals."""
    if not len(starts):
        return starts, ends
    order = np.argsort(starts, kind="stable")
    starts, reach = starts[order], np.maximum.accumulate(ends[order])
    opens = np.append(True, starts[1:] > reach[:-1])
    closes = np.append(opens[1:], True)
    return starts[opens], reach[closes]
