"""The tables of ``tracker.duckdb``, each column with its meaning, and the numbered steps that lead to them.

A step only ever goes forward and is never edited once released. Columns that `EVENTS` gains are added without a
step: an older reader does not see them, a newer one finds nulls.
"""

from collections.abc import Callable
from typing import Any

import pyarrow as pa

from tracker.archive.layout import Part
from tracker.errors import NewerCaseError
from tracker.tables.column import Column, Table
from tracker.tables.coverage import COVERAGE, OUTAGES
from tracker.tables.detections import DETECTIONS
from tracker.tables.estimates import ESTIMATES
from tracker.tables.events import EVENTS
from tracker.tables.journeys import JOURNEY_TABLES
from tracker.tables.notes import NOTES
from tracker.tables.segments import SEGMENTS, SET_ASIDE

_STEP_1: dict[str, tuple[str, dict[str, tuple[str, str]]]] = {
    "ingest_ledger": (
        "inputs that were read, one row for each content",
        {
            "digest": ("VARCHAR PRIMARY KEY", "SHA-256 of the content"),
            "name": ("VARCHAR NOT NULL", "name as the user gave it, first time"),
            "format": ("VARCHAR NOT NULL", "format it was read as"),
            "size_bytes": ("BIGINT", "size on disk"),
            "rows": ("BIGINT NOT NULL", "rows read = positions_read + static_rows + rejects"),
            "positions_read": ("BIGINT NOT NULL", "position reports read = positions_new + duplicates"),
            "positions_new": ("BIGINT NOT NULL", "position reports that the case did not have"),
            "duplicates": ("BIGINT NOT NULL", "position reports dropped because an equal one was there"),
            "static_rows": ("BIGINT NOT NULL", "rows that were nothing but a static report"),
            "rejects": ("BIGINT NOT NULL", "rows set aside, see rejects/"),
            "reject_reasons": ("VARCHAR NOT NULL", "JSON: reason code -> rows"),
            "field_faults": ("VARCHAR NOT NULL", "JSON: column -> malformed values set to unknown"),
            "first_time": ("TIMESTAMPTZ", "first position"),
            "last_time": ("TIMESTAMPTZ", "last position"),
        },
    ),
    "parts": (
        "Parquet files of the case that count; a file that is not listed is not part of the case",
        {
            "folder": ("VARCHAR NOT NULL", "positions, statics or rejects"),
            "key": ("VARCHAR NOT NULL", "UTC day, or the digest of the input for rejects"),
            "path": ("VARCHAR NOT NULL", "path relative to the case"),
            "rows": ("BIGINT NOT NULL", "rows in the file"),
            "first_ms": ("BIGINT NOT NULL", "first time, ms since 1970"),
            "last_ms": ("BIGINT NOT NULL", "last time, ms since 1970"),
            "sha256": ("VARCHAR NOT NULL", "digest of the file's bytes"),
        },
    ),
    "vessel_days": (
        "which vessel was heard on which day",
        {
            "date": ("VARCHAR NOT NULL", "UTC day"),
            "mmsi": ("INTEGER NOT NULL", "maritime mobile service identity"),
            "positions": ("BIGINT NOT NULL", "position reports"),
            "first_time": ("TIMESTAMPTZ NOT NULL", "first of them"),
            "last_time": ("TIMESTAMPTZ NOT NULL", "last of them"),
        },
    ),
    "draughts": (
        "draughts as declared, one row for each day, vessel and value",
        {
            "date": ("VARCHAR NOT NULL", "UTC day"),
            "mmsi": ("INTEGER NOT NULL", "maritime mobile service identity"),
            "draught_m": ("FLOAT NOT NULL", "maximum present static draught, m"),
            "first_time": ("TIMESTAMPTZ NOT NULL", "first report with this value on this day"),
            "last_time": ("TIMESTAMPTZ NOT NULL", "last report with this value on this day"),
            "reports": ("BIGINT NOT NULL", "reports that said so"),
        },
    ),
    "runs": (
        "runs of detection; the one with the highest seq is the last",
        {
            "run_id": ("VARCHAR PRIMARY KEY", "hash of inputs, parameters and version"),
            "seq": ("BIGINT NOT NULL", "order of the runs"),
            "version": ("VARCHAR NOT NULL", "version of tracker"),
            "inputs": ("VARCHAR[] NOT NULL", "digests of the inputs, sorted"),
            "parameters": ("VARCHAR NOT NULL", "JSON"),
            "events": ("BIGINT NOT NULL", "events found"),
            "record": ("VARCHAR NOT NULL", "JSON: the whole of run.json"),
        },
    ),
    "retractions": (
        "events of earlier runs that the last run no longer finds; the events themselves stay in events",
        {
            "event_id": ("VARCHAR PRIMARY KEY", "the event"),
            "last_found_in": ("VARCHAR NOT NULL", "last run that found it"),
            "retracted_by": ("VARCHAR NOT NULL", "first run that did not"),
            "reason": ("VARCHAR NOT NULL", "what differed between the two runs"),
            "replaced_by": (
                "VARCHAR",
                "event of the retracting run of the same type and vessels that overlaps it in time",
            ),
        },
    ),
    "lists_used": (
        "watchlists and registries that a run used",
        {
            "run_id": ("VARCHAR NOT NULL", "the run"),
            "name": ("VARCHAR NOT NULL", "name of the list"),
            "edition": ("VARCHAR", "edition or date as the list states it"),
            "digest": ("VARCHAR NOT NULL", "SHA-256 of the file"),
            "entries": ("BIGINT NOT NULL", "entries read"),
        },
    ),
    "analyst_notes": (
        "what analysts wrote; a note holds on to its event by vessels and overlap in time, not by id",
        {
            "note_id": ("VARCHAR PRIMARY KEY", "the note"),
            "mmsi_1": ("INTEGER NOT NULL", "vessel 1 of the event"),
            "mmsi_2": ("INTEGER", "vessel 2 of the event"),
            "start_time": ("TIMESTAMPTZ NOT NULL", "start of the event when the note was written"),
            "end_time": ("TIMESTAMPTZ NOT NULL", "end of the event when the note was written"),
            "status": ("VARCHAR", "the analyst's judgement"),
            "text": ("VARCHAR NOT NULL", "the note"),
            "author": ("VARCHAR", "who wrote it"),
            "written_at": ("TIMESTAMPTZ NOT NULL", "when"),
        },
    ),
}

_STEP_2: dict[str, tuple[str, dict[str, tuple[str, str]]]] = {
    "lists": (
        "watchlists and registries of the case",
        {
            "name": ("VARCHAR NOT NULL", "name of the list, from its file"),
            "role": ("VARCHAR NOT NULL", "watchlist or registry"),
            "format": ("VARCHAR NOT NULL", "format it was read as"),
            "digest": ("VARCHAR NOT NULL", "SHA-256 of the file"),
            "edition": ("VARCHAR", "date of the edition, where the file or its name states one"),
            "entries": ("BIGINT NOT NULL", "entries read"),
            "warnings": ("VARCHAR NOT NULL", "JSON: what was odd about the file"),
        },
    ),
    "list_entries": (
        "entries of the lists, whole",
        {
            "list": ("VARCHAR NOT NULL", "name of the list"),
            "role": ("VARCHAR NOT NULL", "watchlist or registry"),
            "place": ("BIGINT NOT NULL", "place in the file"),
            "entry_id": ("VARCHAR NOT NULL", "id in the list"),
            "name": ("VARCHAR", "name in the list"),
            "imo": ("INTEGER", "IMO number, check digit right"),
            "record": ("VARCHAR NOT NULL", "JSON: the whole entry"),
        },
    ),
}

_STEP_GIVEN: dict[str, tuple[str, dict[str, tuple[str, str]]]] = {
    "user_tables": (
        "tables that users gave beside AIS, whole",
        {
            "role": ("VARCHAR NOT NULL", "what it is for: incidents, measurements"),
            "name": ("VARCHAR NOT NULL", "name of the file"),
            "digest": ("VARCHAR NOT NULL", "SHA-256 of the file"),
            "content": ("VARCHAR NOT NULL", "its text"),
        },
    ),
}

_VESSELS_VIEW = """
CREATE VIEW vessels AS
SELECT mmsi, sum(positions)::BIGINT AS positions, count(*) AS days, min(first_time) AS first_time,
       max(last_time) AS last_time
FROM vessel_days GROUP BY mmsi
"""


HEARD_TABLES = (COVERAGE, OUTAGES, SEGMENTS, SET_ASIDE)
RUN_TABLES = (*JOURNEY_TABLES, *HEARD_TABLES, DETECTIONS, ESTIMATES)
"""Tables that the case keeps of its last run, beside the events."""


def quoted(text: str, /) -> str:
    """A text literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def sql_type(kind: Any, /) -> str:
    """DuckDB's type for an Arrow type of our tables."""
    if pa.types.is_list(kind):
        return f"{sql_type(kind.value_type)}[]"
    if pa.types.is_timestamp(kind):
        return "TIMESTAMPTZ"
    names = {
        pa.string(): "VARCHAR",
        pa.bool_(): "BOOLEAN",
        pa.int16(): "SMALLINT",
        pa.int32(): "INTEGER",
        pa.int64(): "BIGINT",
        pa.float32(): "FLOAT",
        pa.float64(): "DOUBLE",
    }
    return names[kind]


def _create(connection: Any, name: str, doc: str, columns: dict[str, tuple[str, str]]) -> None:
    connection.execute(
        f"CREATE TABLE {name} ({', '.join(f'{column} {kind}' for column, (kind, _) in columns.items())})"
    )
    connection.execute(f"COMMENT ON TABLE {name} IS {quoted(doc)}")
    for column, (_, meaning) in columns.items():
        connection.execute(f"COMMENT ON COLUMN {name}.{column} IS {quoted(meaning)}")


def _event_column(column: Column) -> tuple[str, str]:
    return sql_type(column.type), column.meaning


def _step_1(connection: Any) -> None:
    """Everything a case needs."""
    for name, (doc, columns) in _STEP_1.items():
        _create(connection, name, doc, columns)
    events = {column.name: _event_column(column) for column in EVENTS.columns}
    _create(connection, "events", "events of every run; (run_id, event_id) is the key", events)
    connection.execute(_VESSELS_VIEW)
    connection.execute(f"COMMENT ON VIEW vessels IS {quoted('vessels heard in the case')}")


def _step_notes(connection: Any) -> None:
    """Notes name their event, its type and their source, and carry a mark."""
    connection.execute("ALTER TABLE analyst_notes RENAME COLUMN status TO mark")
    for name in ("event_id", "type", "source"):
        connection.execute(f"ALTER TABLE analyst_notes ADD COLUMN {name} VARCHAR")
    for column in NOTES.columns:
        connection.execute(f"COMMENT ON COLUMN analyst_notes.{column.name} IS {quoted(column.meaning)}")


def _step_named(tables: dict[str, tuple[str, dict[str, tuple[str, str]]]]) -> Callable[[Any], None]:
    """A step that makes tables that a case keeps."""

    def step(connection: Any) -> None:
        for name, (doc, columns) in tables.items():
            _create(connection, name, doc, columns)

    return step


def _step_of(*tables: Table) -> Callable[[Any], None]:
    """A step that makes tables of the last run."""

    def step(connection: Any) -> None:
        for table in tables:
            _create(connection, table.name, table.doc, {c.name: _event_column(c) for c in table.columns})

    return step


_LATER = (_step_named(_STEP_GIVEN), _step_notes, _step_of(*HEARD_TABLES), _step_of(DETECTIONS), _step_of(ESTIMATES))
STEPS = (_step_1, _step_named(_STEP_2), _step_of(*JOURNEY_TABLES), *_LATER)
"""Step n leads from schema n to schema n + 1."""


def newest() -> int:
    """The schema that this version writes."""
    return len(STEPS)


def upgrade(connection: Any, /, *, found: int) -> None:
    """Take the steps from schema `found` (0: an empty database) to the newest, and add new event columns.

    Raises
    ------
    NewerCaseError
        When the database is newer than this version knows.
    """
    refuse_newer(found)
    connection.execute("CREATE TABLE IF NOT EXISTS meta (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL)")
    for step in STEPS[found:]:
        step(connection)
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('schema', ?)", [str(newest())])
    described = connection.execute("SELECT column_name FROM duckdb_columns() WHERE table_name = 'events'").fetchall()
    present = {str(row[0]) for row in described}
    for column in EVENTS.columns:
        if column.name not in present:
            kind, meaning = _event_column(column)
            connection.execute(f"ALTER TABLE events ADD COLUMN {column.name} {kind}")
            connection.execute(f"COMMENT ON COLUMN events.{column.name} IS {quoted(meaning)}")


def refuse_newer(found: int, /) -> None:
    """Raise `NewerCaseError` when the schema is newer than this version knows."""
    if found > newest():
        raise NewerCaseError(
            f"This case has schema {found}; this version of tracker knows schemas up to {newest()}. "
            "Update tracker, or start a new case."
        )


def parts_of(rows: list[tuple[Any, ...]], /) -> list[Part]:
    """Parts from rows of the table ``parts``."""
    return [Part(*row) for row in rows]
