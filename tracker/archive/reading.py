"""Read positions back: in time order, by vessel, or by windows of interest.

Parts are read one row group at a time, so memory does not grow with the case. Inside a part rows are in time
order and days follow one another, so the whole store is in time order without a sort.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tracker.archive.layout import POSITIONS_FOLDER, STATICS_FOLDER, Part, active, epoch_day, moment_ms
from tracker.archive.parts import ROWS_PER_GROUP, names_receivers, number_groups, read_groups, reading
from tracker.archive.sheaves import Sheaf, Ships, lay, tracks_of
from tracker.archive.windows import Windows
from tracker.tables.fixes import FIX_COLUMNS, UNKNOWN, Fixes, concat_fixes, fixes_of
from tracker.tables.positions import POSITIONS
from tracker.tables.statics import STATICS
from tracker.tables.tracks import Tracks
from tracker.units import MILLISECONDS_PER_DAY as DAY_MS

Moment = datetime | None


@dataclass(frozen=True)
class DayFile:
    """The positions of one UTC day: where they lie, the digest of the file, its rows, and when the day begins."""

    path: str
    sha256: str
    rows: int
    begin_ms: int


def day_batches(path: str, /, *, columns: Sequence[str], batch_rows: int = ROWS_PER_GROUP) -> Iterator[Fixes]:
    """Fixes of one day's file, in time order; the path may be one of an object store (``s3://…``)."""
    with reading(path):
        for table in read_groups(path, list(columns)):
            for start in range(0, table.num_rows, batch_rows):
                yield fixes_of(table.slice(start, batch_rows).combine_chunks())


class PositionStore:
    """What the case holds, at the moment the list of parts was taken.

    Parameters
    ----------
    parts
        Parts that count.
    files
        Where each part lies, by its path: staged parts of a run lie aside.
    """

    def __init__(self, parts: list[Part], files: dict[str, Path], /) -> None:
        self._positions = active(parts, folder=POSITIONS_FOLDER)
        self._statics = active(parts, folder=STATICS_FOLDER)
        self._files = files

    @property
    def rows(self) -> int:
        """Position reports in the store."""
        return sum(part.rows for part in self._positions)

    @property
    def first_ms(self) -> int | None:
        """Time of the first position, ms since 1970; None when there is none."""
        return min((part.first_ms for part in self._positions), default=None)

    @property
    def last_ms(self) -> int | None:
        """Time of the last position, ms since 1970; None when there is none."""
        return max((part.last_ms for part in self._positions), default=None)

    def days(self) -> list[date]:
        """UTC days that have positions, in order."""
        return [part.day for part in self._positions]

    def day_files(self) -> list[DayFile]:
        """The file of each day that has positions, in order."""
        return [
            DayFile(str(self._files[part.path].absolute()), part.sha256, part.rows, epoch_day(part.key) * DAY_MS)
            for part in self._positions
        ]

    def batches(
        self,
        *,
        since: Moment = None,
        until: Moment = None,
        batch_rows: int = ROWS_PER_GROUP,
        columns: Sequence[str] = FIX_COLUMNS,
    ) -> Iterator[Fixes]:
        """Fixes in time order over all days.

        Parameters
        ----------
        columns
            Those of `FIX_COLUMNS` to read; the others are unknown.
        since, until
            Half-open interval of time [since, until).
        batch_rows
            Rows of a batch, at most.
        """
        for table in self.positions_batches(columns=columns, since=since, until=until):
            for start in range(0, table.num_rows, batch_rows):
                yield fixes_of(table.slice(start, batch_rows).combine_chunks())

    def tracks(self, mmsis: Sequence[int], /, *, since: Moment = None, until: Moment = None) -> Fixes:
        """All fixes of some vessels in [since, until), by MMSI and then by time."""
        wanted = np.unique(np.asarray(mmsis, dtype=np.int32))
        first, last = _ends(since, until)
        found = [fixes for fixes in self._of_vessels(wanted, first, last) if len(fixes)]
        fixes = concat_fixes(found) if found else fixes_of(_no_fixes())
        return fixes.take(np.argsort(fixes.mmsi, kind="stable"))

    def windows(self, requests: Any, /, *, columns: Sequence[str] = FIX_COLUMNS) -> Tracks:
        """Fixes of many vessels in their windows of time; each day is read once.

        Parameters
        ----------
        requests
            Arrow table with ``mmsi`` (int32), ``start`` and ``end`` (timestamps, both inclusive). Windows of one
            vessel may overlap; a fix is given once.
        columns
            Those of `FIX_COLUMNS` to read; the others are unknown.

        Returns
        -------
        Tracks
            By MMSI the fixes in time order. A vessel without any fix in its windows is left out.
        """
        windows = Windows.of(requests)
        ships = Ships()
        return tracks_of(self._laid(windows, columns, ships), windows, ships, columns)

    def statics(self, *, since: Moment = None, until: Moment = None, mmsis: Sequence[int] | None = None) -> Any:
        """Identity reports (Arrow, `STATICS`) that hold at some time in [since, until), by day and time."""
        first, last = _ends(since, until)
        tables = [STATICS.empty()]
        for part in self._statics:
            for table in self._groups(part, None, None, last):
                kept = pc.and_(
                    pc.greater_equal(table.column("last_time").cast(pa.int64()), _floor(first)),
                    pc.less_equal(table.column("time").cast(pa.int64()), _ceiling(last)),
                )
                if mmsis is not None:
                    kept = pc.and_(kept, pc.is_in(table.column("mmsi"), pa.array(mmsis, pa.int32())))
                tables.append(STATICS.conform(table.filter(kept)))
        return pa.concat_tables(tables)

    def positions(
        self,
        *,
        columns: Sequence[str] | None = None,
        since: Moment = None,
        until: Moment = None,
        mmsis: Sequence[int] | None = None,
    ) -> Any:
        """Positions in [since, until) as one Arrow table in time order; all of it is held in memory."""
        names = list(columns) if columns is not None else POSITIONS.names
        read = list(dict.fromkeys([*names, "time", *(["mmsi"] if mmsis is not None else [])]))
        tables = [POSITIONS.empty().select(names)]
        for table in self.positions_batches(columns=read, since=since, until=until):
            rows = table
            if mmsis is not None:
                rows = rows.filter(pc.is_in(rows.column("mmsi"), pa.array(mmsis, pa.int32())))
            tables.append(rows.select(names).cast(tables[0].schema))
        return pa.concat_tables(tables)

    def positions_batches(
        self, *, columns: Sequence[str] | None = None, since: Moment = None, until: Moment = None
    ) -> Iterator[Any]:
        """Positions in [since, until) in time order, one Arrow table for each row group; ``time`` must be a column."""
        first, last = _ends(since, until)
        for part in self._overlapping(first, last):
            for table in self._groups(part, list(columns) if columns is not None else None, first, last):
                yield _cut(table, first, last)

    def receptions(self) -> Iterator[Any]:
        """Tables of time, MMSI and station of the reports, of the days in which any report names its receiver."""
        for part in self._positions:
            path = self._files[part.path]
            with reading(path):
                if names_receivers(path):
                    yield from read_groups(path, ["time", "mmsi", "station"])

    def _laid(self, windows: Windows, columns: Sequence[str], ships: Ships) -> Iterator[Sheaf]:
        """Row groups that windows meet, each laid ship after ship."""
        asked = list(dict.fromkeys(("time", "mmsi", *columns)))
        for part in self._positions:
            if windows.touch(part.first_ms, part.last_ms):
                path = self._files[part.path]
                with reading(path):
                    for rows, numbers in number_groups(path, asked, is_met=windows.touch):
                        yield lay({**UNKNOWN, **numbers}, rows, ships)

    def _overlapping(self, first: int | None, last: int | None) -> list[Part]:
        return [p for p in self._positions if p.last_ms >= _floor(first) and p.first_ms <= _ceiling(last)]

    def _of_vessels(self, vessels: npt.NDArray[np.int32], first: int | None, last: int | None) -> Iterator[Fixes]:
        wanted = pa.array(vessels)
        for part in self._overlapping(first, last):
            for group in self._groups(part, list(FIX_COLUMNS), first, last):
                table = _cut(group, first, last)
                table = table.filter(pc.is_in(table.column("mmsi"), wanted))
                if table.num_rows:
                    yield fixes_of(table.combine_chunks())

    def _groups(self, part: Part, columns: list[str] | None, first: int | None, last: int | None) -> Iterator[Any]:
        path = self._files[part.path]
        with reading(path):
            yield from read_groups(path, columns, first_ms=first, last_ms=last)


def _ends(since: Moment, until: Moment) -> tuple[int | None, int | None]:
    """First and last millisecond of [since, until), inclusive."""
    return (
        None if since is None else moment_ms(since),
        None if until is None else moment_ms(until) - 1,
    )


def _floor(first: int | None) -> int:
    return -(1 << 62) if first is None else first


def _ceiling(last: int | None) -> int:
    return 1 << 62 if last is None else last


def _cut(table: Any, first: int | None, last: int | None) -> Any:
    """Rows of a time-ordered table inside the interval, without a copy."""
    if first is None and last is None:
        return table
    time = table.column("time").cast(pa.int64()).to_numpy()
    start = 0 if first is None else int(np.searchsorted(time, first, side="left"))
    end = len(time) if last is None else int(np.searchsorted(time, last, side="right"))
    return table.slice(start, max(0, end - start))


def _no_fixes() -> Any:
    return POSITIONS.empty().select(list(FIX_COLUMNS))
