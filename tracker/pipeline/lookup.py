"""One event of the last run, by its id or the beginning of it."""

from typing import Any

from tracker.archive.case import Case
from tracker.errors import UnknownNameError


def find_event(case: Case, event_id: str, /) -> dict[str, Any]:
    """The event of the last run with this id, or one that begins with it.

    Raises
    ------
    UnknownNameError
        When there is none, or more than one.
    """
    events = case.latest_events()
    ids = events.column("event_id").to_pylist()
    rows = [i for i, known in enumerate(ids) if event_id and known.startswith(event_id)]
    if len(rows) == 1:
        return dict(events.slice(rows[0], 1).to_pylist()[0])
    if rows:
        raise UnknownNameError(
            f"{len(rows)} events begin with {event_id!r}; first: {ids[rows[0]]}. Write more of the id."
        )
    for old in case.retracted().to_pylist():
        if old["event_id"] == event_id:
            raise UnknownNameError(f"Event {event_id} was retracted by run {old['retracted_by']}: {old['reason']}.")
    raise UnknownNameError(
        f"There is no event {event_id!r} in the last run of {case.path}. 'tracker events' lists them."
    )
