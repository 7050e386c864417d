"""Read-only SQL over documented views: what a case holds, asked in DuckDB's own dialect.

A question runs in a database in memory that sees the case through views only. The case is attached read-only, one
statement is allowed and it must be a query, and nothing outside the case's folder can be read or written: names of
files, copies, extensions and settings are refused by DuckDB itself.
"""

import json
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from tracker.archive.case import Case
from tracker.archive.database import fetch_table, open_reader
from tracker.archive.layout import DATABASE, PART_FOLDERS, POSITIONS_FOLDER, STATICS_FOLDER, active
from tracker.archive.schema import parts_of, quoted
from tracker.errors import UsageError

_LAST = "(SELECT run_id FROM casefile.runs ORDER BY seq DESC LIMIT 1)"
VIEWS: Mapping[str, tuple[str, str]] = {
    "events": ("events of the last run, one row each", f"SELECT * FROM casefile.events WHERE run_id = {_LAST}"),
    "event_versions": ("events of every run; (run_id, event_id) is the key", "SELECT * FROM casefile.events"),
    "retractions": ("events that a later run no longer finds, and why", "SELECT * FROM casefile.retractions"),
    "runs": ("runs, oldest first by seq", "SELECT * FROM casefile.runs"),
    "inputs": ("files that were read", "SELECT * FROM casefile.ingest_ledger"),
    "vessels": ("vessels heard, with days and times", "SELECT * FROM casefile.vessels"),
    "draughts": ("declared draughts by day, vessel and value", "SELECT * FROM casefile.draughts"),
    "stops": ("where ships lay, and what they did there", "SELECT * FROM casefile.stops"),
    "anchorages": ("anchorages learnt from this data and those of the user", "SELECT * FROM casefile.anchorages"),
    "voyages": ("from one port call to the next; one end may be unknown", "SELECT * FROM casefile.voyages"),
    "round_trips": (
        "out from a state into a port of another and back, by one ship: from_state, via_state",
        "SELECT a.mmsi, a.vessel_name, a.imo, a.flag, a.flag_class, a.ship_class, a.dwt_t, a.from_port, a.from_state, "
        "a.departure_time, a.to_port AS via_port, a.to_state AS via_state, a.arrival_time AS via_arrival_time, "
        "b.departure_time AS via_departure_time, b.to_port AS back_port, b.arrival_time AS back_time, "
        "least(a.probability, b.probability) AS probability FROM casefile.voyages a "
        "JOIN casefile.voyages b ON a.to_call = b.from_call AND a.mmsi = b.mmsi "
        "WHERE a.from_state = b.to_state AND a.from_state <> a.to_state",
    ),
    "deliveries": ("port calls in the DPRK by ships that can carry", "SELECT * FROM casefile.deliveries"),
    "coverage": ("ships there, expected and heard, by cell and hour", "SELECT * FROM casefile.coverage"),
    "outages": ("times in which a feed or an area fell silent", "SELECT * FROM casefile.outages"),
    "segments": ("hulls of MMSIs that are more than one ship", "SELECT * FROM casefile.segments"),
    "set_aside": ("reports that detection did not use, and why", "SELECT * FROM casefile.set_aside"),
    "detections": ("ships seen from space, matched to tracks or not", "SELECT * FROM casefile.detections"),
    "notes": ("what analysts wrote", "SELECT * FROM casefile.analyst_notes"),
    "lists_used": ("watchlists and registries that a run used", "SELECT * FROM casefile.lists_used"),
    "positions": ("position reports; lon and lat in degrees", ""),
    "statics": ("identity and voyage reports by day and content", ""),
}
"""Name -> meaning and query; ``positions`` and ``statics`` are made from the parts of the case that count."""


def ask(case: Case, query: str, /) -> Any:
    """Answer one query as an Arrow table.

    Raises
    ------
    UsageError
        When it is not one SELECT, names what is not there, or reaches outside the case.
    NotACaseError, LockedCaseError, NewerCaseError
    """
    import duckdb

    path = case.path / DATABASE
    with open_reader(path) as reader:
        parts = parts_of(reader.execute("FROM parts").fetchall())
    connection = duckdb.connect()
    try:
        _check(connection, query)
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"ATTACH {quoted(str(path))} AS casefile (READ_ONLY)")
        for name, (_, text) in VIEWS.items():
            if text:
                connection.execute(f"CREATE VIEW {name} AS {text}")
        positions = [str(case.path / p.path) for p in active(parts, folder=POSITIONS_FOLDER)]
        statics = [str(case.path / p.path) for p in active(parts, folder=STATICS_FOLDER)]
        _view_parts(
            connection, "positions", positions, "* EXCLUDE (lon_e7, lat_e7), lon_e7 / 1e7 AS lon, lat_e7 / 1e7 AS lat"
        )
        _view_parts(connection, "statics", statics, "*")
        folders = ", ".join(quoted(str(case.path / folder) + "/") for folder in PART_FOLDERS)
        connection.execute(f"SET allowed_directories = [{folders}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        return _plain(fetch_table(connection, query))
    except duckdb.Error as error:
        first = str(error).strip().splitlines()[0]
        raise UsageError(
            f'{first}\nViews: {", ".join(VIEWS)}. Their columns: tracker sql CASE "DESCRIBE events".'
        ) from error
    finally:
        connection.close()


def _check(connection: Any, query: str) -> None:
    """Let one query pass, and nothing that writes, loads or sets."""
    statements = connection.extract_statements(query)
    if len(statements) != 1:
        raise UsageError(f"One query at a time; this is {len(statements)}.")
    kind = str(statements[0].type).rsplit(".", 1)[-1]
    if kind not in ("SELECT", "SELECT_STATEMENT", "EXPLAIN", "EXPLAIN_STATEMENT"):
        raise UsageError(
            f"Read-only: a SELECT is answered, {kind.replace('_', ' ').lower()} is refused. The case is unchanged."
        )


def _plain(table: Any) -> Any:
    """Columns of kinds that every output format knows: big and decimal numbers as floats, dates and nests as text."""
    for place, field in enumerate(table.schema):
        kind = field.type
        if pa.types.is_decimal(kind):
            values = table.column(place).cast(pa.float64())
        elif pa.types.is_date(kind) or pa.types.is_time(kind) or pa.types.is_dictionary(kind):
            values = table.column(place).cast(pa.string())
        elif pa.types.is_nested(kind) and not (pa.types.is_list(kind) and pa.types.is_string(kind.value_type)):
            told = [
                None if value is None else json.dumps(value, default=str) for value in table.column(place).to_pylist()
            ]
            values = pa.array(told, pa.string())
        elif pa.types.is_binary(kind) or pa.types.is_duration(kind) or pa.types.is_interval(kind):
            values = pa.array([None if v is None else str(v) for v in table.column(place).to_pylist()], pa.string())
        else:
            continue
        table = table.set_column(place, field.name, values)
    return table


def _view_parts(connection: Any, name: str, files: list[str], columns: str) -> None:
    if files:
        listed = ", ".join(quoted(file) for file in files)
        source = f"read_parquet([{listed}], hive_partitioning = false)"
        connection.execute(f"CREATE VIEW {name} AS SELECT {columns} FROM {source}")
