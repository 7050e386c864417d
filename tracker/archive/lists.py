"""Watchlists and registries of a case: their entries are kept whole, so that a finding can be traced to its words.

A list stays with the case until one of the same name and role replaces it. Which lists a run used stands in
``lists_used``.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from tracker.tables.listing import Entry, FlagSpell, Tie, WatchList


def write_lists(connection: Any, lists: Sequence[WatchList], /) -> None:
    """Make these the lists of the case."""
    connection.execute("DELETE FROM lists")
    connection.execute("DELETE FROM list_entries")
    for one in lists:
        edition = None if one.edition is None else one.edition.isoformat()
        connection.execute(
            "INSERT INTO lists (name, role, format, digest, edition, entries, warnings) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [one.name, one.role, one.format, one.digest, edition, len(one.entries), json.dumps(list(one.warnings))],
        )
        if one.entries:
            _insert_entries(connection, one)


def _insert_entries(connection: Any, one: WatchList) -> None:
    import pyarrow as pa

    from tracker.archive.database import insert_table

    rows = [
        {
            "list": one.name,
            "role": one.role,
            "place": place,
            "entry_id": entry.entry_id,
            "name": entry.name,
            "imo": entry.imo,
            "record": json.dumps(asdict(entry), default=str, sort_keys=True, ensure_ascii=False),
        }
        for place, entry in enumerate(one.entries)
    ]
    schema = pa.schema([("list", pa.string()), ("role", pa.string()), ("place", pa.int64()), ("entry_id", pa.string())])
    schema = pa.unify_schemas(
        [schema, pa.schema([("name", pa.string()), ("imo", pa.int32()), ("record", pa.string())])]
    )
    insert_table(connection, "list_entries", pa.Table.from_pylist(rows, schema=schema))


def read_lists(connection: Any, /) -> list[WatchList]:
    """Lists of the case, by role and name, with their entries in the order of the file."""
    found = connection.execute(
        "SELECT name, role, format, digest, edition, warnings FROM lists ORDER BY role, name"
    ).fetchall()
    lists = []
    for name, role, kind, digest, edition, warnings in found:
        records = connection.execute(
            "SELECT record FROM list_entries WHERE list = ? AND role = ? ORDER BY place", [name, role]
        ).fetchall()
        entries = tuple(_entry(json.loads(row[0])) for row in records)
        lists.append(WatchList(name, role, kind, digest, entries, _day(edition), tuple(json.loads(warnings))))
    return lists


def write_lists_used(connection: Any, run_id: str, lists: Sequence[WatchList], /) -> None:
    """Note which lists a run used."""
    connection.execute("DELETE FROM lists_used WHERE run_id = ?", [run_id])
    for one in lists:
        edition = None if one.edition is None else one.edition.isoformat()
        connection.execute(
            "INSERT INTO lists_used (run_id, name, edition, digest, entries) VALUES (?, ?, ?, ?, ?)",
            [run_id, one.name, edition, one.digest, len(one.entries)],
        )


def _entry(record: dict[str, Any]) -> Entry:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in record.items()
    }
    values["flags"] = tuple(
        FlagSpell(f["state"], _day(f["since"]), _day(f["until"]), f["is_false"]) for f in record["flags"]
    )
    values["ties"] = tuple(
        Tie(**(tie | {"since": _day(tie["since"]), "until": _day(tie["until"])})) for tie in record.get("ties", ())
    )
    for name in ("listed_on", "owned_since"):
        values[name] = _day(record[name])
    return Entry(**values)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
