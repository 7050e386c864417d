"""How much of many stretches of time ships were silent, and what they said of themselves in them (navigational status).

Status is set by hand, and often stale: it decides only where the track leaves a doubt, above all between a ship at
anchor in a calm harbour and one made fast. Codes: ITU-R M.1371-5, message 1 (1 at anchor, 5 moored).
"""

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import numpy.typing as npt

from tracker.detectors.silences import Silences
from tracker.tables.fixes import Fixes
from tracker.tables.hours import AT_ANCHOR, MOORED
from tracker.units import MILLISECONDS_PER_HOUR

TICK_MS = 100
"""Keys of times count tenths of a second from the first: 27 years fit beside an MMSI into 63 bits."""
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def silent_shares(silences: Silences, mmsi: Ints, start_ms: Ints, end_ms: Ints, /) -> Floats:
    """Share of each stretch of time during which its ship was silent (recorded silences only), at most 1.

    Silences of a number that several hulls bear may overlap: each counts.
    """
    if not len(silences) or not len(mmsi):
        return np.zeros(len(mmsi))
    floor = int(min(silences.start_ms.min(), start_ms.min()))

    def since(moments_ms: Ints) -> Callable[[Ints], Ints]:
        """From all moments of a ship up to a time to that time, together."""
        order = np.lexsort((moments_ms, silences.mmsi))
        ship, passed = silences.mmsi[order], moments_ms[order] - floor
        keys = _key(ship, passed // TICK_MS)
        total = np.concatenate([[0], np.cumsum(passed)])
        first = np.searchsorted(ship, mmsi, side="left")

        def until(time_ms: Ints) -> Ints:
            k = np.searchsorted(keys, _key(mmsi, (time_ms - floor) // TICK_MS), side="right")
            return np.asarray((k - first) * (time_ms - floor) - (total[k] - total[first]), np.int64)

        return until

    begun, ended = since(silences.start_ms), since(silences.end_ms)
    silent_ms = (begun(end_ms) - ended(end_ms)) - (begun(start_ms) - ended(start_ms))
    return np.asarray(np.clip(silent_ms / np.maximum(end_ms - start_ms, 1), 0.0, 1.0), np.float64)


def went_silent_under_way(
    silences: Silences, mmsi: Ints, start_ms: Ints, end_ms: Ints, /, *, speed_kn: float
) -> npt.NDArray[np.bool_]:
    """Whether a silence inside each stretch of time began or ended with the ship under way: faster than `speed_kn`."""
    moving = np.fmax(silences.sog_kn_1, silences.sog_kn_2) > speed_kn
    order = np.lexsort((silences.start_ms, silences.mmsi))
    order = order[moving[order]]
    if not len(order) or not len(mmsi):
        return np.zeros(len(mmsi), np.bool_)
    floor = int(min(silences.start_ms.min(), start_ms.min()))
    keys = [_key(silences.mmsi[order], (t[order] - floor) // TICK_MS) for t in (silences.start_ms, silences.end_ms)]
    begun = np.searchsorted(keys[0], _key(mmsi, (end_ms - floor) // TICK_MS), side="left")
    ended = np.searchsorted(keys[1], _key(mmsi, (start_ms - floor) // TICK_MS), side="right")
    return np.asarray(begun > ended, np.bool_)


class Said:
    """Hours in which ships said that they lay at anchor, or moored; counted while reports stream past."""

    def __init__(self) -> None:
        self._parts: dict[int, list[Ints]] = {AT_ANCHOR: [], MOORED: []}
        self._keys: dict[int, Ints] = {}

    def overhear(self, batches: Iterable[Fixes], /) -> Iterator[Fixes]:
        """Pass batches on unchanged and count what is in them."""
        for batch in batches:
            for status, parts in self._parts.items():
                said = batch.nav_status == status
                if said.any():
                    hour = batch.time_ms[said] // MILLISECONDS_PER_HOUR
                    parts.append(np.unique(_key(batch.mmsi[said].astype(np.int64), hour)))
            yield batch

    def hours(self, status: int, mmsi: Ints, start_ms: Ints, end_ms: Ints, /) -> Ints:
        """Hours in each stretch of time in which the ship sent this status."""
        if status not in self._keys:
            parts = self._parts[status]
            self._keys[status] = np.unique(np.concatenate(parts)) if parts else np.empty(0, np.int64)
        keys = self._keys[status]
        begin = np.searchsorted(keys, _key(mmsi, start_ms // MILLISECONDS_PER_HOUR), side="left")
        stop = np.searchsorted(keys, _key(mmsi, end_ms // MILLISECONDS_PER_HOUR), side="right")
        return np.asarray(stop - begin, np.int64)


def _key(mmsi: Ints, value: Ints) -> Ints:
    """Vessel and a time of up to 33 bits in one number that grows with both."""
    return np.asarray(mmsi * (1 << 33) + np.clip(value, -1, (1 << 33) - 2) + 1, np.int64)
