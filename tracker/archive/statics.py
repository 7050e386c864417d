"""Identity reports by day: one row for each distinct content, with its first and last time and its count.

Merging adds counts and widens times, which does not depend on order. The ledger keeps one file from being
counted twice; two different files that repeat the same messages do add up, since single messages are not kept.
"""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tracker.archive.layout import STATICS_FOLDER, Part, day_text
from tracker.archive.parts import PartWriter
from tracker.tables.statics import CONTENT, STATICS
from tracker.units import MILLISECONDS_PER_DAY

_ROWS_TO_FOLD = 500_000
_DAY = "day"


class StaticsBuffer:
    """Static reports waiting for their day; those of the current input are kept apart until it is finished."""

    def __init__(self) -> None:
        self._done: list[Any] = []
        self._current: list[Any] = []

    def add(self, table: Any, /) -> None:
        """Take static reports of the current input."""
        if not table.num_rows:
            return
        self._current.append(_with_day(table))
        if sum(piece.num_rows for piece in self._current) > _ROWS_TO_FOLD:
            self._current = [_fold(self._current)]

    def finish(self) -> None:
        """Keep what the current input brought."""
        self._done += self._current
        self._current = []
        if sum(piece.num_rows for piece in self._done) > _ROWS_TO_FOLD:
            self._done = [_fold(self._done)]

    def drop(self) -> None:
        """Forget what the current input brought."""
        self._current = []

    def take_days(self) -> dict[str, Any]:
        """Give the finished reports by ISO day, and forget them."""
        done, self._done = self._done, []
        if not done:
            return {}
        table = _fold(done)
        days = pc.unique(table.column(_DAY)).to_pylist()
        return {
            day_text(day): table.filter(pc.equal(table.column(_DAY), day)).drop_columns([_DAY]) for day in sorted(days)
        }


def merge_statics(new: Any, existing: Any | None, /, *, day: str, folder: Path) -> tuple[Part, Path, Any]:
    """Merge the reports of one day with its part: the new part, where it lies for now, and its rows."""
    tables = [_with_day(table) for table in (existing, new) if table is not None]
    table = STATICS.conform(_fold(tables).drop_columns([_DAY]))
    writer = PartWriter(folder, STATICS.schema, name=f"{STATICS_FOLDER}-{day}", dictionaries=True)
    try:
        writer.write(table)
        return writer.close(kind=STATICS_FOLDER, key=day), writer.path, table
    except BaseException:
        writer.abandon()
        raise


def _with_day(table: Any) -> Any:
    table = STATICS.conform(table)
    time = table.column("time").cast(pa.int64()).to_numpy()
    return table.append_column(_DAY, pa.array((time // MILLISECONDS_PER_DAY).astype("int32")))


def _fold(tables: list[Any]) -> Any:
    """Bring equal contents of a day together and put the rows in their one order."""
    keys = [_DAY, *CONTENT]
    table = (
        pa.concat_tables(tables)
        .group_by(keys)
        .aggregate([("time", "min"), ("last_time", "max"), ("reports", "sum")])
        .rename_columns([*keys, "time", "last_time", "reports"])
    )
    reports = pc.min_element_wise(table.column("reports"), (1 << 31) - 1).cast(pa.int32())
    table = table.set_column(table.schema.get_field_index("reports"), "reports", reports)
    order = pc.sort_indices(table, [(name, "ascending") for name in (_DAY, "time", *CONTENT)])
    return table.take(order).select([*STATICS.names, _DAY])


def draughts_of(statics: Any) -> Any:
    """Declared draughts of a day: one row for each vessel and value."""
    known = statics.filter(pc.is_valid(statics.column("draught_m")))
    return (
        known.group_by(["mmsi", "draught_m"])
        .aggregate([("time", "min"), ("last_time", "max"), ("reports", "sum")])
        .rename_columns(["mmsi", "draught_m", "first_time", "last_time", "reports"])
        .sort_by([("mmsi", "ascending"), ("draught_m", "ascending")])
    )
