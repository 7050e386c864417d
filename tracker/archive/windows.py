"""Windows of time of many vessels as one sorted array, so that a million rows are tested in one look-up."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

STRIDE = np.int64(1) << 42
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
        start = np.clip(requests.column("start").cast(ms, safe=False).cast(pa.int64()).to_numpy(), 0, STRIDE - 1)
        end = np.clip(requests.column("end").cast(ms, safe=False).cast(pa.int64()).to_numpy(), -1, STRIDE - 1)
        right = end >= start
        vessels, number = np.unique(mmsi[right], return_inverse=True)
        number = number.astype(np.int64) * STRIDE
        starts, ends = _merge(number + start[right], number + end[right])
        return cls(
            vessels=vessels,
            starts=starts,
            ends=ends,
            spans=np.column_stack(_merge(start[right], end[right])),
        )

    @property
    def vessel(self) -> npt.NDArray[np.int64]:
        """Place of the vessel of each window in `vessels`."""
        return self.starts // STRIDE

    @property
    def starts_ms(self) -> npt.NDArray[np.int64]:
        """First moment of each window."""
        return self.starts % STRIDE

    @property
    def ends_ms(self) -> npt.NDArray[np.int64]:
        """Last moment of each window."""
        return self.ends % STRIDE

    def touch(self, first_ms: int, last_ms: int, /) -> bool:
        """Whether any window meets this stretch of time."""
        return bool(np.any((self.spans[:, 0] <= last_ms) & (self.spans[:, 1] >= first_ms)))


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
