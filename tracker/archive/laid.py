"""Positions of a run laid ship after ship in a file without a name, while the pass reads them: windows cost next to nothing.

What is asked about events later on is asked of nearly every row group again and again; decoding them each time took
longer than the pass. The file has no name: whatever ends the process, nothing is left. Where the disk has no room for
it, positions are decoded as ever.
"""

import mmap
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np

from tracker.archive.layout import Part
from tracker.archive.parts import ROWS_PER_GROUP, number_groups, reading
from tracker.archive.reading import Moment, PositionStore
from tracker.archive.sheaves import Sheaf, Ships, lay, tracks_of
from tracker.archive.windows import Windows
from tracker.tables.fixes import DTYPES, FIX_COLUMNS, Fixes
from tracker.tables.tracks import Tracks

BYTES_A_REPORT: Final = 36
"""At most, with what tells where ships begin."""
LEFT_BYTES: Final = 1 << 30
"""Room on the disk that is not touched."""


class LaidStore(PositionStore):
    """As `PositionStore`; what `batches` reads first is laid in a file, and `windows` are read from there."""

    def __init__(self, parts: list[Part], files: dict[str, Path], /, *, folder: Path) -> None:
        super().__init__(parts, files)
        self._ships = Ships()
        self._file: _SheafFile | None = _opened(folder, self.rows)
        self._is_whole = False
        self._begun = 0
        """How often it was begun to lay: who began earlier, and goes on reading, lays no more."""

    def __enter__(self) -> Self:
        """For as long as the file is needed."""
        return self

    def __exit__(self, *error: object) -> None:
        """See `close`."""
        self.close()

    def close(self) -> None:
        """Give the file back; windows are decoded from then on."""
        if self._file is not None:
            self._file.close()
        self._file = None

    def batches(
        self,
        *,
        since: Moment = None,
        until: Moment = None,
        batch_rows: int = ROWS_PER_GROUP,
        columns: Sequence[str] = FIX_COLUMNS,
    ) -> Iterator[Fixes]:
        """As those of `PositionStore`, with all columns; when nothing is laid yet and all is asked for, it is laid."""
        if self._file is None or self._is_whole or since is not None or until is not None:
            yield from super().batches(since=since, until=until, batch_rows=batch_rows, columns=columns)
            return
        for numbers, rows in self._lay():
            fixes = Fixes(*(np.broadcast_to(np.asarray(numbers[name], DTYPES[name]), rows) for name in FIX_COLUMNS))
            for start in range(0, rows, batch_rows):
                yield fixes.take(slice(start, start + batch_rows))

    def windows(self, requests: Any, /, *, columns: Sequence[str] = FIX_COLUMNS) -> Tracks:
        """As those of `PositionStore`."""
        if not self._is_whole and self._file is not None:
            for _ in self._lay():
                pass
        if self._file is not None:
            try:
                return tracks_of(self._file.sheaves, Windows.of(requests), self._ships, columns)
            except OSError:
                # some file systems (of the network, of users) show no file in memory
                self.close()
        return super().windows(requests, columns=columns)

    def _lay(self) -> Iterator[tuple[dict[str, Any], int]]:
        """Row groups in order of time, laid as they are given."""
        self._begun = own = self._begun + 1
        if self._file is not None:
            self._file.clear()
        for part in self._positions:
            path = self._files[part.path]
            with reading(path):
                for rows, numbers in number_groups(path, FIX_COLUMNS):
                    if self._file is not None and self._begun == own:
                        sheaf = lay(numbers, rows, self._ships)
                        try:
                            self._file.add(sheaf)
                        except OSError:
                            # the disk is full
                            self.close()
                    yield numbers, rows
        if self._begun == own:
            self._is_whole = self._file is not None


@dataclass(frozen=True)
class _Filed:
    """A sheaf in a file."""

    handle: int
    offset: int
    begin_ms: int
    end_ms: int
    ships: int
    rows: int
    is_wide: bool
    same: dict[str, Any]

    def sheaf(self) -> Sheaf:
        """The sheaf as the file shows it: what is not looked at is not read."""
        sizes = [self.ships * 8, self.rows * 16, self.rows * 16 * self.is_wide]
        shown = mmap.mmap(self.handle, sum(sizes), access=mmap.ACCESS_READ, offset=self.offset)
        edges = np.frombuffer(shown, np.int64, self.ships)
        hot = np.frombuffer(shown, np.uint64, self.rows * 2, sizes[0]).reshape(-1, 2)
        seldom = None
        if self.is_wide:
            seldom = np.frombuffer(shown, np.uint64, self.rows * 2, sizes[0] + sizes[1]).reshape(-1, 2)
        return Sheaf(self.begin_ms, self.end_ms, edges, hot, seldom, self.same)


class _SheafFile:
    """Sheaves in a file that nobody else sees."""

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115
        self.sheaves: list[_Filed] = []

    def add(self, sheaf: Sheaf) -> None:
        """Append a sheaf; raises OSError where there is no room."""
        offset = -(-self._file.tell() // mmap.ALLOCATIONGRANULARITY) * mmap.ALLOCATIONGRANULARITY
        self._file.seek(offset)
        for words in (sheaf.edges, sheaf.hot, sheaf.seldom):
            left = memoryview(b"") if words is None else words.data.cast("B")
            while len(left):
                left = left[self._file.write(left) :]
        self.sheaves.append(
            _Filed(
                self._file.fileno(),
                offset,
                sheaf.begin_ms,
                sheaf.end_ms,
                len(sheaf.edges),
                len(sheaf.hot),
                sheaf.seldom is not None,
                sheaf.same,
            )
        )

    def clear(self) -> None:
        """Forget all sheaves."""
        self.sheaves.clear()
        self._file.seek(0)

    def close(self) -> None:
        """Give the room back."""
        self.sheaves.clear()
        self._file.close()


def _opened(folder: Path, rows: int) -> _SheafFile | None:
    """A new file; None where it would not fit, or cannot be."""
    try:
        if shutil.disk_usage(folder).free < rows * BYTES_A_REPORT + LEFT_BYTES:
            return None
        return _SheafFile(folder)
    except OSError:
        return None
