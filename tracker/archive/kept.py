"""What a commit writes into the database beside parts and runs: lists, tables of users, notes, rows by day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from tracker.archive.database import insert_table
from tracker.archive.given import write_given
from tracker.archive.lists import write_lists, write_lists_used
from tracker.archive.notes import write_note
from tracker.tables.given import GivenTable
from tracker.tables.listing import WatchList


@dataclass
class Kept:
    """What waits for the commit; None leaves what the case has."""

    lists: Sequence[WatchList] | None = None
    given: Sequence[GivenTable] | None = None
    notes: list[Mapping[str, Any]] = field(default_factory=list)
    vessel_days: dict[str, Any] = field(default_factory=dict)
    draughts: dict[str, Any] = field(default_factory=dict)

    def write(self, connection: Any, /) -> None:
        """Write all of it."""
        if self.lists is not None:
            write_lists(connection, self.lists)
        if self.given is not None:
            write_given(connection, self.given)
        for note in self.notes:
            write_note(connection, note)
        _write_days(connection, "vessel_days", self.vessel_days)
        _write_days(connection, "draughts", self.draughts)

    def write_used(self, connection: Any, run_id: str, /) -> None:
        """Note which lists a run used."""
        write_lists_used(connection, run_id, self.lists or ())


def _write_days(connection: Any, name: str, tables: Mapping[str, Any], /) -> None:
    """Replace the rows of some days in a table with a column ``date``."""
    for key, table in tables.items():
        connection.execute(f"DELETE FROM {name} WHERE date = ?", [key])
        if table.num_rows:
            insert_table(connection, name, table.append_column("date", pa.array([key] * table.num_rows)))
