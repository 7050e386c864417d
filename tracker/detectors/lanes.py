"""Many series of times, one after another in one array, searched at once: a look-up serves all contacts of a batch."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


class Lanes:
    """Series of times in order; there is at least one time in all.

    Parameters
    ----------
    time_s : those of one lane after those of another
    starts : (lanes + 1,) where the times of each begin, and the end of all
    """

    def __init__(self, time_s: FloatArray, starts: IntArray, /) -> None:
        self.time_s, self.starts = np.ascontiguousarray(time_s, np.float64), starts

    def __len__(self) -> int:
        return len(self.starts) - 1

    def keep(self, chosen: npt.NDArray[np.bool_], /) -> "Lanes":
        """Some of the times; a lane may be left with none."""
        return Lanes(self.time_s[chosen], np.append(0, np.cumsum(chosen))[self.starts])

    def places(self, lane: IntArray, asked_s: FloatArray, /, *, after: bool = False) -> IntArray:
        """Where times (n,) would stand in their lane: before those equal to them, or after."""
        return self._found(lane, asked_s[:, None], is_after=after)[:, 0]

    def legs_at(self, lane: IntArray, asked_s: FloatArray, /) -> tuple[IntArray, IntArray, FloatArray]:
        """The last times until those asked, the ones after them, and how far between they are; ends hold beyond.

        Parameters
        ----------
        lane : (n,)
        asked_s : (n, m), times to look up in each lane, in order
        """
        first, last = self.starts[lane][:, None], self.starts[lane + 1][:, None] - 1
        found = self._found(lane, asked_s, is_after=True) - 1
        # of a lane without times another's are given: whoever asks knows that it has none
        before = np.minimum(np.clip(found, first, np.maximum(last - 1, first)), len(self.time_s) - 1)
        after = np.maximum(np.minimum(before + 1, last), 0)
        leg_s = self.time_s[after] - self.time_s[before]
        share = (asked_s - self.time_s[before]) / np.where(leg_s > 0.0, leg_s, np.inf)
        return before, after, np.clip(share, 0.0, 1.0)

    def nearest_to(self, lane: IntArray, asked_s: FloatArray, /) -> tuple[FloatArray, IntArray]:
        """Seconds to the nearest time of a lane, and which it is; infinite where the lane has none. As `legs_at`."""
        if not len(self.time_s):
            return np.full(asked_s.shape, np.inf), np.zeros(asked_s.shape, np.int64)
        first, stop = self.starts[lane][:, None], self.starts[lane + 1][:, None]
        most = len(self.time_s) - 1
        found = self._found(lane, asked_s, is_after=False)
        after = np.clip(np.minimum(found, stop - 1), 0, most)
        before = np.clip(np.maximum(after - 1, first), 0, most)
        since_s, until_s = np.abs(self.time_s[before] - asked_s), np.abs(self.time_s[after] - asked_s)
        is_after = until_s < since_s
        age_s = np.where(stop > first, np.where(is_after, until_s, since_s), np.inf)
        return age_s, np.where(is_after, after, before)

    def _found(self, lane: IntArray, asked_s: FloatArray, *, is_after: bool) -> IntArray:
        from tracker.geo.kernels.moments import places_in

        found = np.empty(asked_s.shape, np.int64)
        places_in(self.time_s, self.starts[lane], self.starts[lane + 1], np.ascontiguousarray(asked_s), is_after, found)
        return found
