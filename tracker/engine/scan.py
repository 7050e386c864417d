"""The one pass: positions in time order go in, candidate pairs, slow spells and silences come out.

For each hull the last report is kept, and in a ring its place at the grid steps of the last half day. A step is
*final* once no report can reach back to it (the longest silence that is bridged lies behind it); final steps are
searched for pairs and slow spells in blocks, by a thread beside the one that fills the ring (it writes no final step,
and when they wait for each other hangs on times of reports alone: the answer never depends on who is faster). Rows of the ring that hold nothing else are given to other hulls.
Nothing is sorted; memory is about 2.3 KB for each hull heard within the last day or so, 48 bytes for any older.

Type 27 reports fill the grid like others: their 185 m are small beside the radius. That they are no evidence of
lying alongside is for the detectors, which see every report's flags.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from tracker.engine import records
from tracker.engine.aside import Aside
from tracker.engine.params import ScanParams
from tracker.engine.pieces import AFTER_ALL, BEFORE_ALL, Pieces, Scan, Stretch, close
from tracker.tables.fixes import Fixes, frozen
from tracker.tables.positions import LOW_ACCURACY

if TYPE_CHECKING:
    from tracker.engine.cutting import HullState

BLOCK_STEPS: Final = 64
"""Steps that are made final at a time at least: long enough to read rows of the ring in one go."""
FIRST_ROWS: Final = 1024


def scan(batches: Iterable[Fixes], /, *, params: ScanParams | None = None) -> Scan:
    """Read positions once, in time order over the whole stream (ties allowed), cut anywhere into batches.

    A report older than one before it is counted as late and not used.
    """
    scanner = Scanner(params or ScanParams())
    for batch in batches:
        scanner.feed(batch)
    return scanner.finish()


class Scanner:
    """The pass as an object: `feed` batches in time order, then `finish` once.

    Parameters
    ----------
    params : ScanParams
    stretch : grid steps to answer for; `tracker.engine.cutting` says which reports a part must be fed
    hulls : the hulls known before the first report; they must be those that all earlier reports left
    """

    def __init__(
        self, params: ScanParams, /, *, stretch: Stretch | None = None, hulls: "HullState | None" = None
    ) -> None:
        # numba loads here and not with the module: the command line asks for parameters and help without it
        from tracker.engine import intake, mmsi_table
        from tracker.engine.searches import PairSearch, SpellSearch

        self._intake, self._mmsi_table = intake, mmsi_table
        self.params = params
        lag_s = max(params.bridge_s, params.slow_bridge_s)
        self._lag_ms = lag_s * 1000
        self._limits = records.limits_of(params)
        stride = params.min_steps + params.missed_steps
        self._history = stride + 2 * params.missed_steps + 2
        needed = lag_s // params.step_s + self._history + BLOCK_STEPS + 3
        steps = 1 << (needed - 1).bit_length()
        self._stretch = stretch or Stretch()
        self._pairs = PairSearch(params, self._stretch)
        self._spells = SpellSearch(params, self._stretch)
        self._table = np.zeros((4 * FIRST_ROWS, 2), np.int32)
        self._hulls = records.lined(np.empty(0, records.HULL), FIRST_ROWS)
        self._rows = np.zeros(FIRST_ROWS, records.ROW)
        self._ring = np.empty((steps, FIRST_ROWS, 2), np.int32)
        self._blank_to: int | None = None
        self._bins = np.empty((FIRST_ROWS, self._spells.n_bins), np.int32)
        self._free = np.arange(FIRST_ROWS, dtype=np.int32)[::-1].copy()
        self._silences = np.empty(1024, records.SILENCE)
        self._counters = np.zeros(records.COUNTERS, np.int64)
        self._counters[records.FREE_ROWS] = FIRST_ROWS
        self._counters[[records.NOW_MS, records.EDGE_MS, records.FILLED_STEP]] = np.iinfo(np.int64).min
        self._next_step = None if self._stretch.begin == BEFORE_ALL else self._stretch.begin
        self._aside = Aside()
        self._next_after: int | None = None
        self._hulls_before = 0
        self._is_ahead = False
        self._fixes = 0
        self._low_accuracy = 0
        if hulls is not None:
            self._restore(hulls)

    def feed(self, fixes: Fixes, /) -> None:
        """Take one batch; its first report is not older than the last of the batch before."""
        columns = [frozen(c) for c in (fixes.time_ms, fixes.mmsi, fixes.lon_e7, fixes.lat_e7, fixes.sog_kn)]
        self._fixes += len(fixes)
        self._low_accuracy += int(np.count_nonzero(fixes.flags & LOW_ACCURACY))
        counters, taken = self._counters, 0
        while True:
            taken = self._intake.consume(
                taken,
                self._ready_step(),
                *columns,
                self._table,
                self._hulls,
                self._ring,
                self._rows,
                self._free,
                self._silences,
                counters,
                self._limits,
            )
            if taken == len(fixes):
                return
            if not self._make_room():
                self._get_ready(int(columns[0][taken]))

    def follow_hulls_only(self) -> None:
        """Bridge no silence and record none, so that no place is written: for a run ahead of the parts."""
        self._limits = self._limits._replace(bridge_ms=-1, slow_bridge_ms=-1, silence_ms=1 << 62)
        self._is_ahead = True

    def hulls_now(self) -> tuple[npt.NDArray[Any], npt.NDArray[np.bool_], int]:
        """The records of all hulls, which of them are the first of their MMSI, and the time of the last report."""
        hulls = self._hulls[: self._counters[records.HULLS]].copy()
        is_head = np.zeros(len(hulls), np.bool_)
        is_head[self._table[self._table[:, 0] != 0, 1]] = True
        return hulls, is_head, int(self._counters[records.NOW_MS])

    def forget_counts(self) -> None:
        """Begin to count here: what was fed so far belongs to the part before."""
        counters = self._counters
        counters[[records.SILENCES, records.USED, records.LATE, records.DUPLICATE]] = 0
        counters[[records.INVALID, records.JUMP, records.RECYCLED, records.BRIDGED]] = 0
        self._fixes = self._low_accuracy = 0
        self._hulls_before = int(counters[records.HULLS])

    def finish(self) -> Scan:
        """Search what is left and give everything found; the scanner is spent after it."""
        return close(self.finish_part(), params=self.params)

    def finish_part(self) -> Pieces:
        """Search what is left of the stretch and give its pieces; the scanner is spent after it."""
        missed, counters, end = self.params.missed_steps, self._counters, self._stretch.end
        if end != AFTER_ALL:
            self._finalise(end - 1)
        elif self._next_step is not None or counters[records.USED]:
            self._finalise(int(counters[records.NOW_STEP]) + missed + 1)
        self._settle()
        runs = self._pairs.cut(self._rows)
        spells, bins = self._spells.cut(self._rows, self._bins, int(counters[records.USED_ROWS]))
        counts = {
            "fixes": self._fixes,
            "used": int(counters[records.USED]),
            "late": int(counters[records.LATE]),
            "duplicates": int(counters[records.DUPLICATE]),
            "invalid": int(counters[records.INVALID]),
            "low_accuracy": self._low_accuracy,
            "jumps": int(counters[records.JUMP]),
            "hulls": int(counters[records.HULLS] + counters[records.RECYCLED]) - self._hulls_before,
            "hulls_recycled": int(counters[records.RECYCLED]),
            "bridged_silences": int(counters[records.BRIDGED]),
            "near_pairs": self._pairs.near_pairs,
        }
        return Pieces(
            self._stretch,
            runs,
            spells,
            bins,
            self._silences[: counters[records.SILENCES]].copy(),
            counts,
        )

    def _restore(self, state: "HullState") -> None:
        hulls = state.hulls
        size = max(FIRST_ROWS, 1 << len(hulls).bit_length())
        self._hulls = records.lined(hulls, size)
        self._hulls["row"][: len(hulls)] = -1
        self._table = np.zeros((4 * size, 2), np.int32)
        heads = np.flatnonzero(state.is_head)
        entries = np.column_stack([hulls["mmsi"][heads], heads]).astype(np.int32)
        self._mmsi_table.rehash(entries, self._table)
        self._counters[records.HULLS] = self._hulls_before = len(hulls)
        self._counters[records.NOW_MS] = state.now_ms

    def _ready_step(self) -> int:
        """The last step that may be written: its places are blank, and it overwrites none that is still to be read."""
        if self._is_ahead:
            return int(np.iinfo(np.int64).max)
        return int(np.iinfo(np.int64).min) if self._blank_to is None else self._blank_to

    def _get_ready(self, time_ms: int, /) -> None:
        """Make the ring ready for the step of a time."""
        step = time_ms // self._limits.step_ms
        # nothing comes before the first report
        self._next_step = step if self._next_step is None else self._next_step
        final = -((self._lag_ms - time_ms) // self._limits.step_ms) - 1
        if step > self._last_with_room():
            self._settle()
        if self._next_after is None and final - self._next_step >= BLOCK_STEPS - 1:
            self._finalise(final)
        if step > self._last_with_room():
            self._settle()
        self._blank(step)

    def _last_with_room(self) -> int:
        """The last step that overwrites none that is still to be read."""
        assert self._next_step is not None
        return self._next_step - self._history + len(self._ring) - 2

    def _blank(self, last: int, /) -> None:
        """Forget what the ring holds at steps not yet ready, up to `last`."""
        if self._blank_to is None:
            self._blank_to = (last if self._next_step is None else self._next_step) - self._history - 1
        first = self._blank_to + 1
        mask = len(self._ring) - 1
        for step in range(max(first, last - mask), last + 1):
            self._ring[step & mask] = records.UNKNOWN
        self._blank_to = max(last, first - 1)

    def _make_room(self) -> bool:
        """Double what is full; whether anything was."""
        counters = self._counters
        if counters[records.HULLS] == len(self._hulls):
            self._hulls = records.lined(self._hulls, 2 * len(self._hulls))
            table = np.zeros((2 * len(self._table), 2), np.int32)
            self._mmsi_table.rehash(self._table, table)
            self._table = table
        elif counters[records.SILENCES] == len(self._silences):
            self._silences = records.grow(self._silences, 2 * len(self._silences))
        elif counters[records.FREE_ROWS] == 0 and self._next_after is not None:
            self._settle()
        elif counters[records.FREE_ROWS] == 0:
            old = len(self._rows)
            self._ring = self._wider_ring(2 * old)
            self._bins = records.grow(self._bins, 2 * old)
            self._rows = records.grow(self._rows, 2 * old)
            self._rows["mmsi"][old:] = 0
            self._free = np.empty(2 * old, np.int32)
            self._free[:old] = np.arange(2 * old - 1, old - 1, -1)
            counters[records.FREE_ROWS] = old
        else:
            return False
        return True

    def _wider_ring(self, rows: int, /) -> npt.NDArray[np.int32]:
        """The ring with room for more rows: only the steps that are still to be read or written are copied."""
        wider = np.empty((len(self._ring), rows, 2), np.int32)
        if self._blank_to is not None and self._next_step is not None:
            mask = len(self._ring) - 1
            for step in range(max(self._next_step - self._history, self._blank_to - mask), self._blank_to + 1):
                wider[step & mask, : self._ring.shape[1]] = self._ring[step & mask]
                wider[step & mask, self._ring.shape[1] :] = records.UNKNOWN
        return wider

    def _finalise(self, last: int, /) -> None:
        """Begin to search all steps up to `last`; `_settle` ends it."""
        self._settle()
        first = self._next_step if self._next_step is not None else last + 1
        if last < first:
            return
        # beyond the last step written there is nothing but the ends of what is open
        filled = int(self._counters[records.FILLED_STEP])
        end = min(last, max(filled + self.params.missed_steps + 1, first))
        used = int(self._counters[records.USED_ROWS])
        self._blank(end)
        ring, rows, bins = self._ring, self._rows, self._bins

        def search() -> None:
            self._pairs.search(ring, rows, used, first, end)
            self._spells.search(ring, rows, bins, used, first, end)

        self._aside.start(search)
        self._next_after = last + 1

    def _settle(self) -> None:
        """Wait for the search, and give away rows that nothing needs any more."""
        self._aside.wait()
        if self._next_after is not None:
            self._release_rows(self._next_after)
            self._next_step, self._next_after = self._next_after, None

    def _release_rows(self, next_step: int, /) -> None:
        rows = self._rows[: self._counters[records.USED_ROWS]]
        hulls = rows["hull"]
        last = np.where(hulls >= 0, self._hulls["step"][hulls], rows["last"])
        spent = np.flatnonzero((rows["mmsi"] != 0) & (last < next_step - self._history))
        hulls = hulls[spent]
        self._hulls["row"][hulls[hulls >= 0]] = -1
        rows["mmsi"][spent] = 0
        free = int(self._counters[records.FREE_ROWS])
        self._free[free : free + len(spent)] = spent[::-1]
        self._counters[records.FREE_ROWS] = free + len(spent)
