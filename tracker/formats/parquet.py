"""Reading Parquet in row groups: from the file itself when it is not packed, with damage as a clear error."""

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from tracker.errors import CorruptInputError
from tracker.formats.format import Source

MAGIC = b"PAR1"


def is_parquet(source: Source, /) -> bool:
    """Whether the bytes begin like Parquet."""
    return source.head.startswith(MAGIC)


def column_names(source: Source, /) -> list[str]:
    """Names of the columns; nothing when the file cannot be read."""
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(source.path) as file:
            return list(file.schema_arrow.names)
    except (pa.ArrowInvalid, OSError):
        return []


def read_batches(source: Source, columns: Sequence[str], /, *, batch_rows: int) -> Iterator[tuple[Any, int, int]]:
    """Yield (table, number of its first row from 1, bytes read so far, by share of rows)."""
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(source.path) as file:
            total, first = max(file.metadata.num_rows, 1), 1
            for batch in file.iter_batches(batch_size=batch_rows, columns=list(columns)):
                done = (first - 1 + batch.num_rows) * source.size_bytes // total
                yield pa.Table.from_batches([batch]), first, done
                first += batch.num_rows
    except (pa.ArrowInvalid, OSError) as error:
        raise CorruptInputError(
            f"{source.name} is not a readable Parquet file: {str(error).splitlines()[0]}"
        ) from error
