"""Rows set aside, one part for each input that has any."""

from pathlib import Path
from typing import Any

from tracker.archive.layout import REJECTS_FOLDER, Part
from tracker.archive.parts import PartWriter
from tracker.tables.rejects import REJECTS


class RejectsWriter:
    """Streams the rejects of the current input to the disk: a wrong file can have as many as it has rows."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writer: PartWriter | None = None
        self._inputs = 0

    def add(self, table: Any, /) -> None:
        """Append rejects of the current input."""
        if not table.num_rows:
            return
        if self._writer is None:
            self._inputs += 1
            name = f"{REJECTS_FOLDER}-{self._inputs}"
            self._writer = PartWriter(self._folder, REJECTS.schema, name=name, dictionaries=True)
        self._writer.write(REJECTS.conform(table))

    def finish(self, digest: str, /) -> tuple[Part, Path] | None:
        """Close the part of the current input; None when it had no rejects."""
        if self._writer is None:
            return None
        writer, self._writer = self._writer, None
        return writer.close(kind=REJECTS_FOLDER, key=digest), writer.path

    def drop(self) -> None:
        """Forget the rejects of the current input."""
        if self._writer is not None:
            self._writer.abandon()
            self._writer = None
