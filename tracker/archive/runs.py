"""Runs and their events, kept as versions.

The same inputs, parameters and version make the same run, which replaces its own record. What a run no longer
finds stays, marked retracted with what differed; found again, it is no longer retracted.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tracker.archive.database import fetch_table, insert_table
from tracker.archive.schema import RUN_TABLES
from tracker.errors import CaseError
from tracker.tables.events import EVENTS

RUN_KEYS = ("run_id", "version", "inputs", "parameters")
"""What a run record must hold: text, text, list of digests, mapping."""

_CHANGES_NAMED = 3


def run_id_of(digests: Sequence[str], parameters: Mapping[str, Any], version: str, /) -> str:
    """Hash of inputs (in any order), parameters and version: 16 hexadecimal digits."""
    text = json.dumps(
        {"inputs": sorted(digests), "parameters": parameters, "version": version},
        sort_keys=True,
        separators=(",", ":"),
        allow_nan=False,
    )
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def store_run(
    connection: Any, events: Any, record: Mapping[str, Any], /, *, tables: Mapping[str, Any] | None = None
) -> None:
    """Write a run with its events, and retract what the run before found and this one does not.

    Parameters
    ----------
    tables
        Tables of `RUN_TABLES` by name; those of the run before go, whether or not there are new ones.

    Raises
    ------
    CaseError
        When the record lacks one of `RUN_KEYS`, or events carry another run's id or the same id twice.
    """
    missing = [key for key in RUN_KEYS if key not in record]
    if missing:
        raise CaseError(f"The run record lacks {', '.join(missing)}.")
    run_id = str(record["run_id"])
    events = EVENTS.conform(events)
    _check_ids(events, run_id)
    connection.execute("DELETE FROM events WHERE run_id = ?", [run_id])
    connection.execute("DELETE FROM runs WHERE run_id = ?", [run_id])
    connection.execute("DELETE FROM retractions WHERE retracted_by = ?", [run_id])
    last = connection.execute(
        "SELECT run_id, seq, version, inputs, parameters FROM runs ORDER BY seq DESC LIMIT 1"
    ).fetchall()
    before = last[0] if last else None
    for table in RUN_TABLES:
        connection.execute(f"DELETE FROM {table.name}")
        rows = table.conform((tables or {}).get(table.name, table.empty()))
        if rows.num_rows:
            insert_table(connection, table.name, rows)
    parameters = json.dumps(record["parameters"], sort_keys=True)
    connection.execute(
        "INSERT INTO runs (run_id, seq, version, inputs, parameters, events, record) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            run_id,
            before[1] + 1 if before else 1,
            str(record["version"]),
            sorted(record["inputs"]),
            parameters,
            events.num_rows,
            json.dumps(record, sort_keys=True),
        ],
    )
    if events.num_rows:
        insert_table(connection, "events", events)
    connection.execute(
        "DELETE FROM retractions WHERE event_id IN (SELECT event_id FROM events WHERE run_id = ?)", [run_id]
    )
    if before:
        reason = "not found " + difference(
            {"version": before[2], "inputs": before[3], "parameters": json.loads(before[4])},
            {
                "version": str(record["version"]),
                "inputs": list(record["inputs"]),
                "parameters": json.loads(parameters),
            },
        )
        _retract(connection, previous=str(before[0]), run_id=run_id, reason=reason)


def read_events(connection: Any, run_id: str | None, /) -> Any:
    """Events of a run (None: the last) in order of start, vessels and id; conforms to `EVENTS`."""
    run_id = run_id if run_id is not None else last_run_id(connection)
    if run_id is None:
        return EVENTS.empty()
    return _events(connection, "SELECT * FROM events WHERE run_id = ?", [run_id])


def read_retracted(connection: Any, /) -> Any:
    """Retracted events, each as last found, with ``retracted_by``, ``reason`` and ``replaced_by`` behind `EVENTS`."""
    joined = (
        "SELECT e.*, r.retracted_by, r.reason, r.replaced_by FROM events e "
        "JOIN retractions r ON e.event_id = r.event_id AND e.run_id = r.last_found_in"
    )
    table = fetch_table(connection, f"SELECT * FROM ({joined}) ORDER BY start_time, mmsi_1, mmsi_2, event_id")
    events = EVENTS.conform(table.select([name for name in EVENTS.names if name in table.column_names]))
    for name in ("retracted_by", "reason", "replaced_by"):
        events = events.append_column(pa.field(name, pa.string()), table.column(name).cast(pa.string()))
    return events


def read_runs(connection: Any, /) -> list[dict[str, Any]]:
    """Run records, oldest first."""
    rows = connection.execute("SELECT record FROM runs ORDER BY seq").fetchall()
    return [json.loads(row[0]) for row in rows]


def last_run_id(connection: Any, /) -> str | None:
    """Id of the last run; None before the first."""
    rows = connection.execute("SELECT run_id FROM runs ORDER BY seq DESC LIMIT 1").fetchall()
    return str(rows[0][0]) if rows else None


def _events(connection: Any, query: str, values: list[Any]) -> Any:
    table = fetch_table(
        connection, f"SELECT * FROM ({query}) ORDER BY start_time, mmsi_1, mmsi_2, event_id", values=values
    )
    return EVENTS.conform(table)


def _check_ids(events: Any, run_id: str) -> None:
    runs, ids = events["run_id"], events["event_id"]
    wrong = runs.filter(pc.fill_null(pc.not_equal(runs, run_id), True))
    if len(wrong):
        raise CaseError(f"{len(wrong)} event(s) do not carry the run's id {run_id}; first: {wrong[0].as_py()}.")
    again = len(ids) - pc.count_distinct(ids).as_py()
    if again:
        twice = next(event for event, times in Counter(ids.to_pylist()).items() if times > 1)
        raise CaseError(f"{again} event id(s) occur twice; first: {twice}.")


def _retract(connection: Any, /, *, previous: str, run_id: str, reason: str) -> None:
    connection.execute(
        """
        INSERT INTO retractions (event_id, last_found_in, retracted_by, reason, replaced_by)
        SELECT old.event_id, old.run_id, $run, $reason, (
            SELECT min(new.event_id) FROM events new
            WHERE new.run_id = $run AND new.type = old.type AND new.mmsi_1 = old.mmsi_1
              AND new.mmsi_2 IS NOT DISTINCT FROM old.mmsi_2
              AND new.start_time < old.end_time AND new.end_time > old.start_time)
        FROM events old
        WHERE old.run_id = $previous AND old.event_id NOT IN (SELECT event_id FROM events WHERE run_id = $run)
        """,
        {"run": run_id, "reason": reason, "previous": previous},
    )


def difference(before: Mapping[str, Any], after: Mapping[str, Any], /) -> str:
    """Say what differs between two runs (records with ``version``, ``inputs``, ``parameters``), in words."""
    words = []
    if before["version"] != after["version"]:
        words.append(f"with version {after['version']} (before: {before['version']})")
    more = len(set(after["inputs"]) - set(before["inputs"]))
    fewer = len(set(before["inputs"]) - set(after["inputs"]))
    if more:
        words.append(f"with {more} more input(s)")
    if fewer:
        words.append(f"without {fewer} input(s)")
    old, new = _flat(before["parameters"]), _flat(after["parameters"])
    changed = [name for name in sorted(old.keys() | new.keys()) if old.get(name) != new.get(name)]
    if changed:
        named = [f"{name} {old.get(name)} -> {new.get(name)}" for name in changed[:_CHANGES_NAMED]]
        rest = f" and {len(changed) - _CHANGES_NAMED} more" if len(changed) > _CHANGES_NAMED else ""
        words.append(f"with other parameters ({', '.join(named)}{rest})")
    return "; ".join(words) if words else "though inputs, parameters and version are the same"


def _flat(values: Any, /, prefix: str = "") -> dict[str, Any]:
    if not isinstance(values, Mapping):
        return {prefix: values}
    flat: dict[str, Any] = {}
    for name, value in values.items():
        flat |= _flat(value, f"{prefix}.{name}" if prefix else str(name))
    return flat
