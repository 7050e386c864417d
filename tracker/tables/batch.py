"""What a format yields: a batch of positions, statics and rejects that accounts for the rows it read."""

from dataclasses import dataclass, field
from typing import Any

from tracker.tables.positions import POSITIONS
from tracker.tables.rejects import REJECTS
from tracker.tables.statics import STATICS


@dataclass(frozen=True)
class Batch:
    """Rows of one stretch of an input.

    ``rows == positions.num_rows + static_rows + rejects.num_rows`` always holds. ``static_rows`` counts rows that
    were nothing but a static report; a CSV row that holds a position *and* identity counts as a position, and its
    identity appears in ``statics`` as a by-product. ``read_bytes`` is how far into the (compressed) file we are.
    """

    rows: int
    positions: Any = field(default_factory=POSITIONS.empty)
    statics: Any = field(default_factory=STATICS.empty)
    rejects: Any = field(default_factory=REJECTS.empty)
    static_rows: int = 0
    field_faults: dict[str, int] = field(default_factory=dict)
    """Malformed single fields that were set to unknown without losing their row: counts by column."""
    read_bytes: int = 0

    def __post_init__(self) -> None:
        """Hold the law that nothing vanishes."""
        kept = self.positions.num_rows + self.static_rows + self.rejects.num_rows
        if kept != self.rows:
            raise AssertionError(f"a batch of {self.rows} rows accounts for {kept}")
