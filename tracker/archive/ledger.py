"""The ingest ledger: which contents the case has read, so that reading one twice changes nothing."""

import json
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True)
class LedgerEntry:
    """One input.

    ``rows == positions_read + static_rows + rejects`` and ``positions_read == positions_new + duplicates``.
    """

    digest: str
    name: str
    format: str
    size_bytes: int
    rows: int
    positions_read: int
    positions_new: int
    duplicates: int
    static_rows: int
    rejects: int
    reject_reasons: dict[str, int] = field(default_factory=dict)
    field_faults: dict[str, int] = field(default_factory=dict)
    first_ms: int | None = None
    last_ms: int | None = None


_COLUMNS = (
    "digest, name, format, size_bytes, rows, positions_read, positions_new, duplicates, static_rows, rejects, "
    "reject_reasons, field_faults"
)


def read_ledger(connection: Any, /) -> list[LedgerEntry]:
    """All entries, by name and digest."""
    rows = connection.execute(
        f"SELECT {_COLUMNS}, epoch_ms(first_time), epoch_ms(last_time) FROM ingest_ledger ORDER BY name, digest"
    ).fetchall()
    names = [field.name for field in fields(LedgerEntry)]
    entries = []
    for row in rows:
        values = dict(zip(names, row, strict=True))
        values |= {name: json.loads(values[name]) for name in ("reject_reasons", "field_faults")}
        entries.append(LedgerEntry(**values))
    return entries


def write_entries(connection: Any, entries: list[LedgerEntry], /) -> None:
    """Add entries; a digest that is there already is an error of the caller."""
    for entry in entries:
        connection.execute(
            f"INSERT INTO ingest_ledger ({_COLUMNS}, first_time, last_time) VALUES "
            "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, to_timestamp(?::BIGINT / 1000.0), to_timestamp(?::BIGINT / 1000.0))",
            [
                entry.digest,
                entry.name,
                entry.format,
                entry.size_bytes,
                entry.rows,
                entry.positions_read,
                entry.positions_new,
                entry.duplicates,
                entry.static_rows,
                entry.rejects,
                json.dumps(entry.reject_reasons, sort_keys=True),
                json.dumps(entry.field_faults, sort_keys=True),
                entry.first_ms,
                entry.last_ms,
            ],
        )
