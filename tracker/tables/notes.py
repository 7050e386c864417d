"""What analysts wrote about events: a note holds on to its event by type, vessels and overlap in time, not by its id."""

import pyarrow as pa

from tracker.tables.column import UTC_MS, Column, Table

MARKS = {
    "reviewed": "looked at, no judgement",
    "dismissed": "no transfer; the text says why",
    "confirmed": "a transfer by another source, which is named",
    "seen": "imagery shows the ships together",
    "not_seen": "imagery of the place and time does not show them",
    "inconclusive": "imagery or another source does not decide",
}
"""Mark -> meaning. ``confirmed`` and ``seen`` speak for the event, ``dismissed`` and ``not_seen`` against it."""

NOTES = Table(
    "analyst_notes",
    "One row for each note; the last one of an event gives its mark.",
    (
        Column("note_id", pa.string(), "the note", required=True),
        Column("event_id", pa.string(), "the event when the note was written"),
        Column("type", pa.string(), "type of the event"),
        Column("mmsi_1", pa.int32(), "vessel 1 of the event", required=True),
        Column("mmsi_2", pa.int32(), "vessel 2 of the event"),
        Column("start_time", UTC_MS, "start of the event when the note was written", required=True),
        Column("end_time", UTC_MS, "end of the event when the note was written", required=True),
        Column("mark", pa.string(), f"the analyst's judgement: {', '.join(MARKS)}"),
        Column("text", pa.string(), "the note", required=True),
        Column("source", pa.string(), "what the judgement rests on"),
        Column("author", pa.string(), "who wrote it"),
        Column("written_at", UTC_MS, "when", required=True),
    ),
)
