"""Reports about windows, given request after request: each row group is decoded once, for all that ask anything of it.

Of a row group the reports that anyone asks for are laid vessel after vessel (a sheaf), and held until the last request
that can need them was answered; a request is answered by copying slices of sheaves, as soon as its time is over.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.archive.parts import Group, read_numbers, reading
from tracker.archive.windows import Picker, Windows
from tracker.tables.fixes import DTYPES, FIX_COLUMNS, UNKNOWN, Fixes
from tracker.tables.tracks import Tracks

MOST_HELD = 6_000_000
"""Reports held at a time, some 200 MB: beyond them the foremost request is read to its end, and what it leaves let go."""
FAR = 1 << 62


@dataclass(frozen=True)
class Sheaf:
    """Reports of a row group, vessel after vessel, each in order of time."""

    end_ms: int
    vessels: npt.NDArray[np.int32]
    """Whose reports are here, if they were heard; in order."""
    edges: npt.NDArray[np.int64]
    """Where those of each begin, and the end of all."""
    columns: dict[str, Any]
    """Arrays by name; a number where all rows have the same."""

    @property
    def rows(self) -> int:
        """How many reports."""
        return int(self.edges[-1])


def in_turn(asked: Sequence[Windows], groups: Sequence[Group], columns: Sequence[str], /) -> Iterator[Tracks]:
    """The reports that each of some asks for, in their order, out of row groups in order of time.

    What later ones ask for is held until their turn: those that lie near in time should follow one another.
    """
    first_ms = [one.first_ms if len(one.spans) else FAR for one in asked]
    needed_ms = [*np.minimum.accumulate(first_ms[::-1])[::-1].tolist(), FAR]
    held: list[Sheaf] = []
    given = at = 0
    while given < len(asked):
        wanted = Windows.joined(asked[given:])
        for group, sheaf in _sheaves(groups[at:], wanted, columns):
            at += 1
            while given < len(asked) - 1 and asked[given].is_over(group.begin_ms):
                yield tracks_of(held, asked[given])
                given += 1
                held = [one for one in held if one.end_ms >= needed_ms[given]]
            held += [] if sheaf is None else [sheaf]
            if sum(one.rows for one in held) > MOST_HELD and given < len(asked) - 1 and first_ms[given] <= group.end_ms:
                break
        ahead = [one for _, one in _sheaves(groups[at:], asked[given], columns) if one is not None]
        is_last = given == len(asked) - 1
        yield tracks_of([*held, *ahead], asked[given], is_last=is_last)
        given += 1
        held = [one for one in held if one.end_ms >= needed_ms[given]]


def tracks_of(sheaves: Sequence[Sheaf], windows: Windows, /, *, is_last: bool = False) -> Tracks:
    """What windows hold of sheaves in order of time; the last that asks leaves nothing in them."""
    from tracker.geo.kernels.select import copy_slices, slices_of

    bounds = windows.starts_ms, windows.ends_ms
    begin, size = (np.zeros((len(sheaves), len(windows.starts)), np.int64) for _ in range(2))
    for n, sheaf in enumerate(sheaves):
        vessel = np.searchsorted(sheaf.vessels, windows.vessels)[windows.vessel]
        slices_of(sheaf.columns["time"], sheaf.edges, vessel, *bounds, begin[n], size[n])
    stop = np.cumsum(size.T).reshape(size.T.shape).T
    to, total = stop - size, int(size.sum())
    count = np.bincount(windows.vessel, weights=size.sum(axis=0), minlength=len(windows.vessels)).astype(np.int64)

    def gathered(name: str) -> npt.NDArray[Any]:
        if name == "mmsi":
            return np.repeat(windows.vessels, count)
        parts: list[Any] = [sheaf.columns[name] if name in sheaf.columns else UNKNOWN[name] for sheaf in sheaves]
        if is_last:
            # column by column: never more than one of them is held twice
            for sheaf in sheaves:
                sheaf.columns.pop(name, None)
        if (
            all(np.ndim(part) == 0 for part in parts)
            and len({np.asarray(part, DTYPES[name]).tobytes() for part in parts}) < 2
        ):
            return np.full(total, parts[0] if parts else 0, DTYPES[name])
        # compiled once for each width
        column, bare = np.empty(total, DTYPES[name]), np.dtype(f"i{DTYPES[name].itemsize}")
        for n, part in enumerate(parts):
            source = part if np.ndim(part) else np.full(sheaves[n].rows, part, column.dtype)
            copy_slices(source.view(bare), begin[n], size[n], column.view(bare), to[n])
        return column

    fixes = Fixes(*(gathered(name) for name in FIX_COLUMNS))
    return Tracks(fixes, windows.vessels[count > 0], np.append(0, np.cumsum(count[count > 0])))


def _sheaves(groups: Sequence[Group], windows: Windows, columns: Sequence[str]) -> Iterator[tuple[Group, Sheaf | None]]:
    """Row groups with what windows hold of them."""
    from pyarrow.parquet import ParquetFile

    picker = Picker(windows)
    for path, some in groupby(groups, key=lambda group: group.path):
        with reading(path), ParquetFile(path, pre_buffer=False) as file:
            for group in some:
                is_met = windows.touch(group.begin_ms, group.end_ms)
                yield group, _sheaf(file, group, picker, windows.vessels, columns) if is_met else None


def _sheaf(
    file: Any, group: Group, picker: Picker, vessels: npt.NDArray[np.int32], columns: Sequence[str]
) -> Sheaf | None:
    keys = read_numbers(file, group.number, ["time", "mmsi"])
    time_ms, mmsi = (np.broadcast_to(keys[name], group.rows) for name in ("time", "mmsi"))
    rows, edges = picker.pick(mmsi, time_ms)
    if not len(rows):
        return None
    found = {"time": time_ms.take(rows)}
    for name, column in read_numbers(file, group.number, [c for c in columns if c not in {"time", "mmsi"}]).items():
        found[name] = column.take(rows) if np.ndim(column) else column
    return Sheaf(group.end_ms, vessels, edges, found)
