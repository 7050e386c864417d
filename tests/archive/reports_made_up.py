"""Synthetic reports for tests of the archive: numbers from a seed, no ship meant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from tracker.archive.case import Case, open_case
from tracker.archive.ledger import LedgerEntry
from tracker.archive.transaction import Transaction
from tracker.tables.batch import Batch
from tracker.tables.events import EVENTS, event_id
from tracker.tables.positions import POSITIONS
from tracker.tables.rejects import REJECTS
from tracker.tables.statics import STATICS

DAY_1 = datetime(2020, 1, 31, tzinfo=UTC)
DAY_MS = 86_400_000
START_MS = int(DAY_1.timestamp() * 1000)


def positions(rows: int, *, seed: int = 0, days: int = 2, vessels: int = 20) -> Any:
    """Position reports spread over some days, in random order."""
    rng = np.random.default_rng(seed)
    speed = rng.uniform(0, 20, rows).astype(np.float32)
    return POSITIONS.conform(
        pa.table(
            {
                "time": pa.array(START_MS + rng.integers(0, days * DAY_MS, rows), pa.timestamp("ms", "UTC")),
                "mmsi": rng.integers(200_000_000, 200_000_000 + vessels, rows).astype(np.int32),
                "lon_e7": rng.integers(-1_800_000_000, 1_800_000_000, rows).astype(np.int32),
                "lat_e7": rng.integers(-900_000_000, 900_000_000, rows).astype(np.int32),
                "sog_kn": pa.array(speed, mask=speed < 1),
                "nav_status": pa.array((speed / 2).astype(np.int8), mask=speed > 15),
                "ais_class": pa.array(np.where(speed > 10, "A", "B"), mask=speed < 5),
                "flags": np.zeros(rows, np.uint8),
                "station": pa.array([None if s < 12 else f"station {int(s)}" for s in speed]),
            }
        )
    )


def statics(names: Sequence[str | None], *, mmsi: int = 200_000_001, at_ms: int = START_MS, reports: int = 1) -> Any:
    """Static reports of one vessel, one for each name, all said at the same time."""
    when = datetime.fromtimestamp(at_ms / 1000, tz=UTC)
    return STATICS.from_rows(
        {"time": when, "last_time": when, "reports": reports, "mmsi": mmsi, "name": name, "draught_m": 7.5}
        for name in names
    )


def rejects(rows: int, *, reason: str = "bad_time") -> Any:
    """Rows set aside."""
    return REJECTS.from_rows({"input": "made-up.csv", "row": n + 1, "reason": reason} for n in range(rows))


def batch_of(table: Any, *, static: Any = None, reject: Any = None) -> Batch:
    """A batch that accounts for its rows."""
    static = STATICS.empty() if static is None else static
    reject = REJECTS.empty() if reject is None else reject
    rows = table.num_rows + static.num_rows + reject.num_rows
    return Batch(rows=rows, positions=table, statics=static, rejects=reject, static_rows=static.num_rows)


def read_in(transaction: Transaction, digest: str, *batches: Batch) -> LedgerEntry:
    """One input with these batches."""
    for batch in batches:
        transaction.add(batch)
    return transaction.finish_input(digest=digest, name=f"{digest}.csv", format_name="made-up", size_bytes=1)


def ingest(case: Path, digest: str, *batches: Batch, buffer_rows: int = 1_000_000) -> Case:
    """A case with one more input, committed without a run."""
    with open_case(case, create=True).writer(buffer_rows=buffer_rows) as transaction:
        if not transaction.already(digest):
            read_in(transaction, digest, *batches)
        transaction.commit()
    return open_case(case)


def event(run_id: str, *, mmsi_1: int = 200_000_001, mmsi_2: int = 200_000_002, minute: int = 0) -> dict[str, Any]:
    """An encounter of an hour that starts some minutes after the first day began."""
    start_ms = START_MS + minute * 60_000
    return {
        "event_id": event_id("encounter", mmsi_1, mmsi_2, start_ms),
        "type": "encounter",
        "verdict": "likely",
        "start_time": datetime.fromtimestamp(start_ms / 1000, tz=UTC),
        "end_time": datetime.fromtimestamp(start_ms / 1000 + 3600, tz=UTC),
        "duration_h": 1.0,
        "lon": 124.0,
        "lat": 33.0,
        "mmsi_1": mmsi_1,
        "mmsi_2": mmsi_2,
        "why": ["lay alongside", "for an hour; so it seems"],
        "run_id": run_id,
    }


def run(case: Path, minutes: Sequence[int], *, parameters: dict[str, Any], version: str = "1") -> str:
    """A run that finds encounters starting at these minutes; gives its id."""
    with open_case(case, create=True).writer() as transaction:
        run_id = transaction.run_id(parameters, version)
        record = {"run_id": run_id, "version": version, "inputs": transaction.digests(), "parameters": parameters}
        events = EVENTS.from_rows(event(run_id, minute=minute) for minute in minutes)
        transaction.commit_run(events, record, files={"run.json": repr(sorted(minutes)).encode()})
    return run_id


def files_of(case: Path) -> dict[str, bytes]:
    """Every file of a case but the lock, which says who wrote last, and the database, whose bytes hold no promise."""
    return {
        str(path.relative_to(case)): path.read_bytes()
        for path in sorted(case.rglob("*"))
        if path.is_file() and path.name not in {".lock", "tracker.duckdb"}
    }
