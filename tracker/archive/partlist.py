"""The parts of a case as a transaction sees them: those of the case, with staged ones in their place."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import pyarrow as pa

from tracker.archive.database import insert_table
from tracker.archive.disk import move_into_place, storage_errors
from tracker.archive.layout import Part
from tracker.archive.parts import read_groups


class PartList:
    """Which parts count and where each lies; new ones lie in ``staging / "parts"`` until the commit."""

    def __init__(self, case: Path, staging: Path, parts: list[Part], /) -> None:
        self._staging = staging
        self._parts = {(part.folder, part.key): part for part in parts}
        self._files = {part.path: case / part.path for part in parts}

    @property
    def parts(self) -> list[Part]:
        """Parts that count, by path."""
        return sorted(self._parts.values(), key=lambda part: part.path)

    @property
    def files(self) -> dict[str, Path]:
        """Path in the case -> where the part lies now."""
        return dict(self._files)

    def find(self, folder: str, key: str, /) -> tuple[Path | None, int]:
        """Where the part of a day lies now, and its rows; (None, 0) when there is none."""
        part = self._parts.get((folder, key))
        return (None, 0) if part is None else (self._files[part.path], part.rows)

    def read(self, folder: str, key: str, /) -> Any | None:
        """Rows of a small part; None when there is none."""
        file, _ = self.find(folder, key)
        return None if file is None else pa.concat_tables(list(read_groups(file)))

    def put(self, part: Part, file: Path, /) -> bool:
        """List a freshly written part in place of the one before; False when it is the same one."""
        old = self._parts.get((part.folder, part.key))
        with storage_errors("write", file):
            if old is not None and old.path == part.path:
                file.unlink()
                return False
            if old is not None:
                before = self._files.pop(old.path)
                if before.is_relative_to(self._staging):
                    before.unlink()
            target = self._staging / "parts" / part.path
            move_into_place(file, target)
        self._parts[part.folder, part.key] = part
        self._files[part.path] = target
        return True

    def moves(self) -> dict[str, str]:
        """Staged parts: path in the staging folder -> path in the case."""
        return {
            str(file.relative_to(self._staging)): path
            for path, file in sorted(self._files.items())
            if file.is_relative_to(self._staging)
        }

    def write(self, connection: Any, /) -> None:
        """Make these the rows of the table ``parts``."""
        rows = self.parts
        connection.execute("DELETE FROM parts")
        if rows:
            columns = {field.name: pa.array([getattr(part, field.name) for part in rows]) for field in fields(Part)}
            insert_table(connection, "parts", pa.table(columns))
