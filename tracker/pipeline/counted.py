"""What run.json says of a run once it has found its events: over what it went, and how many of each there are."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from tracker.archive.transaction import Transaction
from tracker.pipeline.find import Findings


def span_of(writer: Transaction, /) -> dict[str, Any]:
    """Over what the search went: positions, and from when to when."""
    store = writer.store()
    ends = [
        None if ms is None else datetime.fromtimestamp(ms / 1000, UTC).isoformat()
        for ms in (store.first_ms, store.last_ms)
    ]
    return {"searched": {"positions": store.rows, "first_time": ends[0], "last_time": ends[1]}}


def counts_of(findings: Findings, /) -> dict[str, Any]:
    """Events by verdict and type, and what was counted on the way."""
    events = findings.events
    kinds: Counter[str] = Counter()
    columns = (events[name].to_pylist() for name in ("verdict", "in_port"))
    for verdict, in_port in zip(*columns, strict=True):
        # one-ship types have no verdict: they are counted by type
        if verdict is not None:
            kinds["in_port" if in_port else verdict] += 1
    return {
        "events": events.num_rows,
        "verdicts": dict(sorted(kinds.items())),
        "journeys": {name: table.num_rows for name, table in sorted(findings.journeys.items())},
        "types": dict(sorted(Counter(events["type"].to_pylist()).items())),
        "scan": dict(sorted(findings.scan.counts.items())),
        "set_aside": dict(findings.set_aside),
        "spoofing": dict(sorted(Counter(t for t in events["spoofing_type"].to_pylist() if t is not None).items())),
        "coverage": dict(findings.coverage),
    }
