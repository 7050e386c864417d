"""PostGIS: events, tracks, silences and ports as tables of a schema ``tracker``, for those who keep a database.

Every row carries its ``run_id``, so that runs of several cases lie side by side; one transaction writes a run whole
or not at all. Needs the package psycopg (the extra ``postgis``) and a database in which the extension postgis exists
or may be made.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pyarrow as pa

from tracker.errors import StorageError, TargetExistsError, UsageError
from tracker.exporters.beside import Beside, point_wkb, track_layers
from tracker.exporters.cells import strip_unseen
from tracker.exporters.statement import statement
from tracker.tables.events import EVENTS

SCHEMA = "tracker"
SRID = 4326
_TYPES = {
    pa.string(): "text",
    pa.bool_(): "boolean",
    pa.int16(): "smallint",
    pa.int32(): "integer",
    pa.int64(): "bigint",
    pa.float32(): "real",
    pa.float64(): "double precision",
}
_BESIDE = {
    "tracks": "mmsi integer, start_time timestamptz, end_time timestamptz, duration_h double precision, "
    "reports integer, geometry geometry(LineString, 4326)",
    "gaps": "mmsi integer, start_time timestamptz, end_time timestamptz, duration_h double precision, "
    "reports integer, geometry geometry(LineString, 4326)",
    "ports": "name text, geometry geometry(Point, 4326)",
}


def is_database(target: str, /) -> bool:
    """Whether a target of ``--to`` is a PostgreSQL address and not a file."""
    return target.startswith(("postgresql://", "postgres://"))


def without_password(address: str, /) -> str:
    """The address for people: nobody's password stands in a message."""
    bare = re.sub(r"(://[^/@:]*):.*@", r"\1@", address)
    return re.sub(r"([?&]password=)[^&]*", r"\1...", bare)


def write_to_postgis(
    events: Any, address: str, /, *, provenance: dict[str, Any], beside: Callable[[], Beside], force: bool = False
) -> None:
    """Write events (Arrow, `EVENTS`) and what stands beside them to a PostGIS database.

    Parameters
    ----------
    address
        ``postgresql://user:password@host:port/database``, as libpq reads it.
    beside
        Gives tracks and ports.
    force
        Replace the rows that this run already has there.

    Raises
    ------
    UsageError
        When psycopg is not installed, or the address cannot be read without doubt.
    TargetExistsError
        When the database holds this run and `force` is not given.
    StorageError
        When there is no such database, it refuses, or it has no PostGIS; nothing is written then.
    """
    authority = address.split("://", 1)[1].partition("?")[0]
    if authority.count("@") > 1:
        raise UsageError("This address has more than one @: in a password it is written %40, and / is written %2F.")
    try:
        import psycopg
    except ImportError:
        raise UsageError("Writing to PostgreSQL needs psycopg: pip install 'tracker[postgis]'.") from None
    try:
        with psycopg.connect(address, connect_timeout=10) as connection, connection.cursor() as cursor:
            _prepare(cursor)
            _write_run(cursor, events, provenance=provenance, beside=beside(), force=force, where=address)
    except psycopg.Error as error:
        words = " ".join(str(error).split()) or type(error).__name__
        raise StorageError(
            f"{without_password(address)}: {without_password(words)}\nNothing was written. The account must be able "
            f"to make a schema {SCHEMA!r}, and the database needs the extension postgis."
        ) from None


def _prepare(cursor: Any) -> None:
    """Tables that are not there yet, and columns that events have gained since."""
    cursor.execute("SET LOCAL client_min_messages = warning")
    # Two exports at once: the second waits here instead of failing half-way through the same CREATE.
    cursor.execute("SELECT pg_advisory_xact_lock(hashtext('tracker.export'))")
    cursor.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    cursor.execute(f"CREATE TABLE IF NOT EXISTS {SCHEMA}.about (run_id text, place integer, name text, statement text)")
    columns = {column.name: _sql_type(column.type) for column in EVENTS.columns}
    body = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    cursor.execute(
        f"CREATE TABLE IF NOT EXISTS {SCHEMA}.events ({body}, geometry geometry(Point, {SRID}), "
        "PRIMARY KEY (run_id, event_id))"
    )
    for name, kind in columns.items():
        cursor.execute(f"ALTER TABLE {SCHEMA}.events ADD COLUMN IF NOT EXISTS {name} {kind}")
    for column in EVENTS.columns:
        meaning = column.meaning.replace("'", "''")
        cursor.execute(f"COMMENT ON COLUMN {SCHEMA}.events.{column.name} IS '{meaning}'")
    for name, body in _BESIDE.items():
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {SCHEMA}.{name} (run_id text, {body})")
    for name in ("events", *_BESIDE):
        cursor.execute(f"CREATE INDEX IF NOT EXISTS {name}_geometry ON {SCHEMA}.{name} USING gist (geometry)")


def _write_run(
    cursor: Any, events: Any, /, *, provenance: dict[str, Any], beside: Beside, force: bool, where: str
) -> None:
    run_id = str(provenance.get("run_id", ""))
    held = cursor.execute(f"SELECT count(*) FROM {SCHEMA}.about WHERE run_id = %s", [run_id]).fetchone()[0]
    if held and not force:
        raise TargetExistsError(
            f"{without_password(where)} holds run {run_id} already. Use --force to replace its rows."
        )
    for name in ("about", "events", *_BESIDE):
        cursor.execute(f"DELETE FROM {SCHEMA}.{name} WHERE run_id = %s", [run_id])
    lines = statement(provenance)
    _copy(
        cursor,
        "about",
        ["run_id", "place", "name", "statement"],
        ([run_id, i, *map(_text, line)] for i, line in enumerate(lines)),
    )
    names = [column.name for column in EVENTS.columns]
    _copy(cursor, "events", [*names, "geometry"], _event_rows(EVENTS.conform(events), names, run_id))
    for name, table in zip(("tracks", "gaps"), track_layers(beside), strict=True):
        columns = [column for column in table.schema.names if column != "geometry"]
        rows = ([run_id, *(row[c] for c in columns), _hex(row["geometry"])] for row in table.to_pylist())
        _copy(cursor, name, ["run_id", *columns, "geometry"], rows)
    ports = ([run_id, _text(name), _hex(point_wkb(lon, lat))] for name, lon, lat in beside.ports)
    _copy(cursor, "ports", ["run_id", "name", "geometry"], ports)


def _event_rows(events: Any, names: list[str], run_id: str) -> Iterator[list[Any]]:
    place = names.index("run_id")
    for batch in events.to_batches(max_chunksize=10_000):
        for row in batch.to_pylist():
            values = [_value(row[name]) for name in names]
            values[place] = run_id
            has_place = row["lon"] is not None and row["lat"] is not None
            yield [*values, _hex(point_wkb(row["lon"], row["lat"])) if has_place else None]


def _copy(cursor: Any, table: str, columns: list[str], rows: Iterable[list[Any]]) -> None:
    with cursor.copy(f"COPY {SCHEMA}.{table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return [_text(item) for item in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def _text(text: str | None) -> str | None:
    """Text without signs that steer a terminal; PostgreSQL refuses NUL in any case."""
    return None if text is None else strip_unseen(text)


def _sql_type(kind: Any) -> str:
    if pa.types.is_list(kind):
        return f"{_sql_type(kind.value_type)}[]"
    return "timestamptz" if pa.types.is_timestamp(kind) else _TYPES[kind]


def _hex(wkb: bytes) -> str:
    """Extended WKB in hexadecimal: the same bytes with the flag and number of the reference system (PostGIS)."""
    kind = int.from_bytes(wkb[1:5], "little") | 0x20000000
    return (wkb[:1] + kind.to_bytes(4, "little") + SRID.to_bytes(4, "little") + wkb[5:]).hex()
