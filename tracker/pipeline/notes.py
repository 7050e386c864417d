"""Notes of analysts on events: what they need, and how they are kept."""

from datetime import datetime
from difflib import get_close_matches
from typing import Any

from tracker.archive.case import Case
from tracker.errors import UsageError
from tracker.pipeline.lookup import find_event
from tracker.tables.notes import MARKS

LONGEST_TEXT = 10_000


def keep_note(
    case: Case,
    event_id: str,
    /,
    *,
    mark: str | None,
    text: str,
    source: str | None,
    author: str | None,
    written_at: datetime,
) -> dict[str, Any]:
    """Write a note to an event of the last run, and return it; see `tracker.api.Case.note`."""
    text, source = text.strip(), (source or "").strip() or None
    if mark is not None and mark not in MARKS:
        near = get_close_matches(mark, MARKS, n=1)
        raise UsageError(
            f"--mark {mark!r}: not known.{f' Did you mean {near[0]}?' if near else ''} Known: {', '.join(MARKS)}."
        )
    if mark == "dismissed" and not text:
        raise UsageError("A dismissal needs its reason: --text '…'.")
    if mark in ("confirmed", "seen", "not_seen") and not source:
        raise UsageError(f"The mark {mark} needs what it rests on: --source '…'.")
    if mark is None and not text:
        raise UsageError("Nothing to keep: give --mark, --text or both.")
    if len(text) > LONGEST_TEXT:
        raise UsageError(
            f"The note has {len(text):,} characters; at most {LONGEST_TEXT:,} are kept. Keep the rest in a file."
        )
    event = find_event(case, event_id)
    kept = ("event_id", "type", "mmsi_1", "mmsi_2", "start_time", "end_time")
    note = {name: event[name] for name in kept}
    note |= {"mark": mark, "text": text, "source": source, "author": author, "written_at": written_at}
    with case.writer(command="tracker note") as writer:
        writer.add_note(note)
        writer.commit()
    return note
