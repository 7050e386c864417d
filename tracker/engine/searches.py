"""The two searches over final steps of the ring: pairs that are near, and slow spells. Buffers grow as they must."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tracker.engine import contacts, records, slow
from tracker.engine.cells import cut_cells
from tracker.engine.params import ScanParams
from tracker.engine.pieces import PIECE, Stretch, pieces_of_runs
from tracker.units import METRES_PER_SECOND_PER_KNOT

Array = npt.NDArray[Any]
SHELF_STEPS: Final = 16
"""Ended runs are put away this often: in a port most are short, and the open ones must stay near the processor."""


class PairSearch:
    """Runs of near steps: those that are open, and the ended ones worth keeping."""

    def __init__(self, params: ScanParams, stretch: Stretch, /) -> None:
        self._params, self._stretch = params, stretch
        self._cells = cut_cells(params.candidate_radius_m)
        self._runs = np.empty(1024, records.RUN)
        self._after = np.empty(1024, np.int32)
        self._n_runs = 0
        self._done = np.empty(1024, records.RUN)
        self._pairs = np.empty((1024, 2), np.int32)
        self._found: list[Array] = [np.empty(0, PIECE)]
        self.near_pairs = 0

    def search(self, ring: Array, rows: Array, used: int, first: int, last: int, /) -> None:
        """Follow runs over the steps first..last and begin those that show at an anchor step."""
        missed = self._params.missed_steps
        stride = self._params.min_steps + missed
        begin, until = self._stretch.begin, self._stretch.end
        heads = np.empty(1 << max(4, (2 * used).bit_length()), np.int32)
        chain, keys, seen = np.empty(used, np.int32), np.empty(used, np.int64), np.empty(used, np.int32)
        mmsi, carried = np.ascontiguousarray(rows["mmsi"][:used]), np.empty((used, 2), np.int32)
        for step in range(first, last + 1):
            if (step - first) % SHELF_STEPS == 0:
                self._put_away(step - 1, rows)
            places = ring[step & (len(ring) - 1)]
            contacts.follow_runs(places, self._runs, self._n_runs, step, missed, self._cells, carried, self._after)
            is_usual = step % stride <= missed
            # the first and the last few steps of a part are searched too, so that no run that goes on beyond is lost
            if not (is_usual or step <= begin + missed or step >= until - 1 - missed):
                continue
            known, work = (self._runs, carried, self._after), (heads, chain, keys, seen)
            while True:
                found, new = contacts.find_pairs(places, mmsi, self._cells, *known, *work, self._pairs)
                if new <= len(self._pairs):
                    break
                self._pairs = np.empty((2 * new, 2), np.int32)
            self.near_pairs += found * is_usual
            if self._n_runs + new > len(self._runs):
                self._runs = records.grow(self._runs, 2 * (self._n_runs + new))
                self._after = np.empty(len(self._runs), np.int32)
            self._n_runs = contacts.open_runs(
                ring, rows, self._pairs[:new], step, missed, begin, self._cells, self._runs, self._n_runs
            )
        self._put_away(last, rows)

    def _put_away(self, last: int, rows: Array) -> None:
        """Take the runs that ended by the step `last` out of the way."""
        if len(self._done) < self._n_runs:
            self._done = np.empty(2 * self._n_runs, records.RUN)
        self._n_runs, ended = contacts.end_runs(self._runs, self._n_runs, last, self._params.missed_steps, self._done)
        self._keep(ended, rows)

    def cut(self, rows: Array, /) -> Array:
        """All runs that were kept, and the open ones as they stand."""
        return np.concatenate([*self._found, pieces_of_runs(self._runs[: self._n_runs], rows)])

    def _keep(self, ended: int, rows: Array) -> None:
        done = self._done[:ended]
        edge = self._stretch.begin + self._params.missed_steps
        is_kept = (done["steps"] >= self._params.min_steps) | (done["start"] <= edge)
        if is_kept.any():
            self._found.append(pieces_of_runs(done[is_kept], rows))


class SpellSearch:
    """Slow spells: those that ended; the open ones are kept in the rows of the ring."""

    def __init__(self, params: ScanParams, stretch: Stretch, /) -> None:
        self._params, self._stretch = params, stretch
        self.n_bins = max(1, round(params.slow_kn / slow.BIN_KN))
        self._metres = slow.metres_by_band()
        self._spells = np.empty(1024, records.SPELL)
        self._bins = np.empty((1024, self.n_bins), np.int32)
        self._found: list[Array] = [np.empty(0, records.SPELL)]
        self._bins_found: list[Array] = [np.empty((0, self.n_bins), np.int32)]

    def search(self, ring: Array, rows: Array, bins: Array, used: int, first: int, last: int, /) -> None:
        """Carry all spells over the steps first..last."""
        step_s = self._params.step_s
        slow_m = self._params.slow_kn * METRES_PER_SECOND_PER_KNOT * step_s
        min_steps = -(-self._params.slow_min_s // step_s)
        edge = self._stretch.begin + self._params.missed_steps
        self._make_room(last - first + 2)
        row = 0
        while row < used:
            row, found = slow.find_spells(
                ring,
                rows,
                bins,
                self._metres,
                row,
                used,
                first,
                last,
                slow_m,
                self._params.missed_steps,
                min_steps,
                edge,
                self._spells,
                self._bins,
            )
            self._keep(found)

    def cut(self, rows: Array, bins: Array, used: int, /) -> tuple[Array, Array]:
        """All spells that were kept and the open ones as they stand, with how many steps had which speed."""
        self._make_room(used)
        self._keep(slow.cut_spells(rows, bins, used, 0, 0, self._spells, self._bins))
        return np.concatenate(self._found), np.concatenate(self._bins_found)

    def _make_room(self, needed: int) -> None:
        if len(self._spells) < needed:
            self._spells = np.empty(2 * needed, records.SPELL)
            self._bins = np.empty((2 * needed, self.n_bins), np.int32)

    def _keep(self, found: int) -> None:
        if found:
            self._found.append(self._spells[:found].copy())
            self._bins_found.append(self._bins[:found].copy())
