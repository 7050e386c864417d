"""What the inputs of a transaction brought: counted, buffered, and kept or dropped input by input."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from tracker.archive.buffer import DayBuffer
from tracker.archive.layout import Part
from tracker.archive.ledger import LedgerEntry
from tracker.archive.rejects import RejectsWriter
from tracker.archive.statics import StaticsBuffer
from tracker.tables.batch import Batch


@dataclass
class Tally:
    """Counts of one input while it is read."""

    rows: int = 0
    positions: int = 0
    static_rows: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    first_ms: int | None = None
    last_ms: int | None = None

    def count(self, batch: Batch, /) -> None:
        """Add one batch."""
        self.rows += batch.rows
        self.positions += batch.positions.num_rows
        self.static_rows += batch.static_rows
        self.faults.update(batch.field_faults)
        for item in pc.value_counts(batch.rejects.column("reason")).to_pylist():
            self.reasons[str(item["values"])] += int(item["counts"])
        if batch.positions.num_rows:
            ends = pc.min_max(batch.positions.column("time").cast(pa.int64())).as_py()
            self.first_ms = ends["min"] if self.first_ms is None else min(self.first_ms, ends["min"])
            self.last_ms = ends["max"] if self.last_ms is None else max(self.last_ms, ends["max"])


class Intake:
    """Inputs one after the other: `add` batches, then `finish` the input or `drop` it."""

    def __init__(self, folder: Path, *, buffer_rows: int) -> None:
        self.positions = DayBuffer(folder / "spill", limit_rows=buffer_rows)
        self.statics = StaticsBuffer()
        self._rejects = RejectsWriter(folder / "rejects")
        self._entries: list[LedgerEntry] = []
        self._entry_of: dict[int, int] = {}
        self._source = 0
        self._tally = Tally()

    @property
    def entries(self) -> list[LedgerEntry]:
        """Finished inputs in order."""
        return list(self._entries)

    @property
    def is_half_read(self) -> bool:
        """Whether rows came that were neither finished nor dropped."""
        return self._tally.rows > 0

    def add(self, batch: Batch, /) -> None:
        """Take a batch of the current input."""
        self.positions.add(batch.positions, source=self._source)
        self.statics.add(batch.statics)
        self._rejects.add(batch.rejects)
        self._tally.count(batch)

    def finish(self, *, digest: str, name: str, format_name: str, size_bytes: int) -> tuple[Part, Path] | None:
        """Keep the current input; gives its part of rejects, if it had any."""
        self.statics.finish()
        rejects = self._rejects.finish(digest)
        tally = self._tally
        self._entry_of[self._source] = len(self._entries)
        self._entries.append(
            LedgerEntry(
                digest=digest,
                name=name,
                format=format_name,
                size_bytes=size_bytes,
                rows=tally.rows,
                positions_read=tally.positions,
                positions_new=tally.positions,
                duplicates=0,
                static_rows=tally.static_rows,
                rejects=sum(tally.reasons.values()),
                reject_reasons=dict(tally.reasons),
                field_faults=dict(tally.faults),
                first_ms=tally.first_ms,
                last_ms=tally.last_ms,
            )
        )
        self._next()
        return rejects

    def drop(self) -> None:
        """Forget every row of the current input."""
        self.positions.drop(self._source)
        self.statics.drop()
        self._rejects.drop()
        self._next()

    def charge(self, duplicates: Mapping[int, int], /) -> None:
        """Count dropped copies to the inputs that brought them, by source number."""
        for source, count in duplicates.items():
            place = self._entry_of[source]
            entry = self._entries[place]
            dropped = entry.duplicates + count
            self._entries[place] = replace(entry, duplicates=dropped, positions_new=entry.positions_read - dropped)

    def _next(self) -> None:
        self._source += 1
        self._tally = Tally()
