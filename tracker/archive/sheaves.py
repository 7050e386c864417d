"""Reports of a row group laid ship after ship (a sheaf), and what windows hold of sheaves.

A row group is laid by counting: each report is written to its place at once, whatever the order of ships. In a sheaf a
window is one slice, found by halving.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from tracker.archive.windows import Windows
from tracker.errors import CaseError
from tracker.tables.fixes import DTYPES, FIX_COLUMNS, UNKNOWN, Fixes, frozen
from tracker.tables.tracks import Tracks

Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]

HOT: Final = ("time", "lon_e7", "lat_e7", "sog_kn")
"""Columns whose words lie together, a report on sixteen bytes."""
SELDOM: Final = ("nav_status", "flags", "cog_deg", "heading_deg")
"""Columns that many a source does not fill: their words are left out where all reports say the same."""
FIRST_SHIPS: Final = 1024


@dataclass(frozen=True)
class Sheaf:
    """Reports of a row group, ship after ship, each in order of time."""

    begin_ms: int
    end_ms: int
    edges: Ints
    """Where the reports of each ship begin, by its number; the last ship has none."""
    hot: Words
    """(rows, 2): time since `begin_ms`, and the bits of longitude, latitude and speed."""
    seldom: Words | None
    """(rows, 2): navigational status and flags, course, and heading twice; None where `same` holds all of them."""
    same: dict[str, Any]
    """Of `SELDOM`, what all reports say."""

    def sheaf(self) -> "Sheaf":
        """Itself: it is at hand."""
        return self


class Kept(Protocol):
    """A sheaf that is at hand, or can be had again."""

    @property
    def begin_ms(self) -> int:
        """First moment in it."""
        ...

    @property
    def end_ms(self) -> int:
        """Last moment in it."""
        ...

    @property
    def same(self) -> dict[str, Any]:
        """Of `SELDOM`, what all reports say."""
        ...

    def sheaf(self) -> Sheaf:
        """The reports."""
        ...


class Ships:
    """Numbers of ships, in the order in which they were heard first."""

    def __init__(self) -> None:
        self._ids = np.zeros(FIRST_SHIPS, np.int32)
        self._known = np.zeros(1, np.int64)
        self._table = np.zeros(16 * FIRST_SHIPS, np.int32)
        self._order = np.empty(0, np.int64)

    def __len__(self) -> int:
        return int(self._known[0])

    def number(self, mmsi: npt.NDArray[np.int32], /) -> npt.NDArray[np.int32]:
        """The number of the ship of each row."""
        from tracker.geo.kernels.select import number_rows

        numbers = np.empty(len(mmsi), np.int32)
        done = 0
        while (done := number_rows(mmsi, done, self._ids, self._known, self._table, numbers)) < len(mmsi):
            before, self._ids = frozen(self._ids), np.zeros(2 * len(self._ids), np.int32)
            # one in sixteen at most: a look that meets another ship costs as much as ten that do not
            self._known, self._table = np.zeros(1, np.int64), np.zeros(2 * len(self._table), np.int32)
            number_rows(before, 0, self._ids, self._known, self._table, np.empty(len(before), np.int32))
        return numbers

    def find(self, mmsi: npt.NDArray[np.int32], /) -> Ints:
        """Numbers of ships; one that was never heard has the number after all others."""
        ids = self._ids[: len(self)]
        if not len(ids):
            return np.zeros(len(mmsi), np.int64)
        if len(self._order) != len(ids):
            self._order = np.argsort(ids)
        found = self._order[np.searchsorted(ids, mmsi, sorter=self._order).clip(max=len(ids) - 1)]
        return np.where(ids[found] == mmsi, found, len(ids))


def lay(numbers: dict[str, Any], rows: int, ships: Ships, /) -> Sheaf:
    """Lay rows ship after ship.

    Parameters
    ----------
    numbers : columns of `FIX_COLUMNS`, in order of time; one number where all rows have the same
    ships : whose numbers are used, and given to those not heard before

    Raises
    ------
    CaseError
        When there are more than seven weeks between the rows.
    """
    from tracker.geo.kernels.select import places_of, scatter_words

    whole = {name: np.broadcast_to(np.asarray(one, DTYPES[name]), rows) for name, one in numbers.items()}
    time_ms = frozen(whole["time"])
    begin_ms, end_ms = int(time_ms[0]), int(time_ms[-1])
    if end_ms - begin_ms >= 1 << 32:
        raise CaseError("A row group of positions spans more than seven weeks: it is not one of this case.")
    places = ships.number(frozen(whole["mmsi"]))
    edges = np.empty(len(ships) + 2, np.int64)
    places_of(places, edges)
    hot = np.empty((rows, 2), np.uint64)
    bits = [frozen(whole[name]).view(np.int32) for name in HOT[1:]]
    scatter_words(places, time_ms, begin_ms, *bits, hot)
    same = {name: numbers[name] for name in SELDOM if np.ndim(numbers[name]) == 0}
    seldom = None
    if len(same) < len(SELDOM):
        seldom = np.empty((rows, 2), np.uint64)
        status, course, heading = map(frozen, _seldom_bits(numbers, rows))
        scatter_words(places, status, 0, course, heading, heading, seldom)
    return Sheaf(begin_ms, end_ms, frozen(edges), frozen(hot), None if seldom is None else frozen(seldom), same)


def _seldom_bits(numbers: dict[str, Any], rows: int) -> tuple[npt.NDArray[Any], ...]:
    """Navigational status and flags in one whole number, course and heading as they are."""
    status, flags, course, heading = (np.broadcast_to(np.asarray(numbers[name], DTYPES[name]), rows) for name in SELDOM)
    bits = status.view(np.uint8).astype(np.int64) | flags.astype(np.int64) << 8
    return bits, *(np.ascontiguousarray(one).view(np.int32) for one in (course, heading))


def _as_words(same: dict[str, Any], rows: int) -> Words:
    """As `Sheaf.seldom`, of so many reports that say the same."""
    from tracker.geo.kernels.select import scatter_words

    words = np.empty((rows, 2), np.uint64)
    status, course, heading = map(frozen, _seldom_bits(same, rows))
    scatter_words(np.arange(rows, dtype=np.int32), status, 0, course, heading, heading, words)
    return frozen(words)


@dataclass(frozen=True)
class _Piece:
    """What windows hold of a sheaf: of each that holds anything, its number, its first row in the sheaf, and its rows."""

    kept: Kept
    window: Ints
    begin: Ints
    size: Ints

    def copied(self) -> "_Piece":
        """With only the reports that are needed, of a sheaf that cannot be had again."""
        sheaf, first = self.kept.sheaf(), np.cumsum(self.size) - self.size
        rows = np.arange(int(self.size.sum())) + np.repeat(self.begin - first, self.size)
        seldom = None if sheaf.seldom is None else frozen(sheaf.seldom[rows])
        own = Sheaf(sheaf.begin_ms, sheaf.end_ms, sheaf.edges[:0], frozen(sheaf.hot[rows]), seldom, sheaf.same)
        return _Piece(own, self.window, first, self.size)


def tracks_of(sheaves: Iterable[Kept], windows: Windows, ships: Ships, columns: Sequence[str], /) -> Tracks:
    """Reports inside windows, out of sheaves in order of time.

    Parameters
    ----------
    sheaves : what is needed of one that is at hand is copied, and it is let go; others are looked into twice
    ships : whose numbers the sheaves have
    columns : of `FIX_COLUMNS`; the others are unknown
    """
    pieces, count = _pieces(sheaves, windows, ships)
    at = np.cumsum(count) - count
    total = int(count.sum())
    found = {name: np.empty(total, DTYPES[name]) for name in HOT}
    asked = [name for name in SELDOM if name in columns]
    said = _said(pieces, asked)
    found |= {name: np.full(total, one, DTYPES[name]) for name, one in said.items()}
    _fill(found, pieces, at, is_seldom=len(said) < len(asked))
    own = np.bincount(windows.vessel, weights=count, minlength=len(windows.vessels)).astype(np.int64)
    found["mmsi"] = np.repeat(windows.vessels, own)
    for name in FIX_COLUMNS:
        if name not in columns and name not in ("time", "mmsi"):
            found[name] = np.full(total, UNKNOWN[name], DTYPES[name])
    return Tracks(
        Fixes(*(found[name] for name in FIX_COLUMNS)), windows.vessels[own > 0], np.append(0, np.cumsum(own[own > 0]))
    )


def _pieces(sheaves: Iterable[Kept], windows: Windows, ships: Ships) -> tuple[list[_Piece], Ints]:
    """What windows hold of each sheaf, and how many reports each window holds of all."""
    from tracker.geo.kernels.select import slices_of

    starts, ends, vessel = windows.starts_ms, windows.ends_ms, windows.vessel
    pieces: list[_Piece] = []
    count = np.zeros(len(starts), np.int64)
    number, known = np.empty(0, np.int64), -1
    for kept in sheaves:
        met = np.flatnonzero((starts <= kept.end_ms) & (ends >= kept.begin_ms))
        if not len(met):
            continue
        if known != len(ships):
            number, known = ships.find(windows.vessels)[vessel], len(ships)
        sheaf = kept.sheaf()
        begin, size = np.empty((2, len(met)), np.int64)
        bounds = starts[met] - sheaf.begin_ms, ends[met] - sheaf.begin_ms
        # who was heard first later on has nothing here, as the last of all
        slices_of(sheaf.hot, sheaf.edges, np.minimum(number[met], len(sheaf.edges) - 2), *bounds, begin, size)
        some = np.flatnonzero(size)
        if len(some):
            piece = _Piece(kept, met[some], begin[some], size[some])
            count[piece.window] += piece.size
            pieces.append(piece.copied() if kept is sheaf else piece)
    return pieces, count


def _said(pieces: Sequence[_Piece], asked: Sequence[str]) -> dict[str, Any]:
    """What all reports say of columns of `SELDOM`, if they do of all that are asked for."""
    same = [piece.kept.same for piece in pieces]
    said = {name: [one[name] for one in same if name in one] for name in asked}
    if any(len({np.asarray(one, DTYPES[name]).tobytes() for one in some}) > 1 for name, some in said.items()):
        return {}
    if any(len(some) < len(pieces) for some in said.values()):
        return {}
    return {name: some[0] if some else UNKNOWN[name] for name, some in said.items()}


def _fill(found: dict[str, npt.NDArray[Any]], pieces: list[_Piece], at: Ints, /, *, is_seldom: bool) -> None:
    """Write the columns of the reports of pieces, each window's from `at` on; pieces are let go one by one."""
    from tracker.geo.kernels.select import gather_words

    total = len(found["time"])
    hot = [found[name].view(np.int32) for name in HOT[1:]]
    if is_seldom:
        status = np.empty(total, np.int64)
        found |= {name: np.empty(total, DTYPES[name]) for name in ("cog_deg", "heading_deg")}
        angles = [found[name].view(np.int32) for name in ("cog_deg", "heading_deg")]
    pieces.reverse()
    while pieces:
        piece = pieces.pop()
        sheaf, to = piece.kept.sheaf(), at[piece.window]
        at[piece.window] += piece.size
        gather_words(sheaf.hot, piece.begin, piece.size, to, sheaf.begin_ms, found["time"], *hot)
        if is_seldom:
            words, begin = sheaf.seldom, piece.begin
            if words is None:
                # one slice serves all windows
                words, begin = _as_words(sheaf.same, int(piece.size.max())), np.zeros_like(begin)
            gather_words(words, begin, piece.size, to, 0, status, *angles, angles[1])
    if is_seldom:
        found["nav_status"], found["flags"] = status.astype(np.uint8).view(np.int8), (status >> 8).astype(np.uint8)
