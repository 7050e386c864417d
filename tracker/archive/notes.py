"""Notes of analysts in the case: written one by one, read whole."""

import hashlib
from collections.abc import Mapping
from typing import Any

from tracker.archive.database import fetch_table, insert_table
from tracker.tables.notes import NOTES


def read_notes(connection: Any, /) -> Any:
    """Notes (Arrow, `NOTES`), oldest first."""
    names = ", ".join(NOTES.names)
    return NOTES.conform(fetch_table(connection, f"SELECT {names} FROM analyst_notes ORDER BY written_at, note_id"))


def note_id_of(note: Mapping[str, Any], /) -> str:
    """Content hash of a note: the same words by the same author at the same time are one note."""
    text = "|".join(str(note.get(name)) for name in NOTES.names if name != "note_id")
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def write_note(connection: Any, note: Mapping[str, Any], /) -> None:
    """Add a note; its ``note_id`` is made here."""
    row = dict(note) | {"note_id": note_id_of(note)}
    connection.execute("DELETE FROM analyst_notes WHERE note_id = ?", [row["note_id"]])
    insert_table(connection, "analyst_notes", NOTES.from_rows([row]))
