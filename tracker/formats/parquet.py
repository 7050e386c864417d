"""Reading Parquet in row groups: from the file itself when it is not packed, with damage as a clear error."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any

import pyarrow as pa

from tracker.errors import CorruptInputError, EmptyInputError
from tracker.formats.format import Source

MAGIC = b"PAR1"
LARGEST_UNPACKED_BYTES = 16 << 30
CHUNK_BYTES = 1 << 20


def is_parquet(source: Source, /) -> bool:
    """Whether the bytes begin like Parquet."""
    return source.head.startswith(MAGIC)


def column_names(source: Source, /) -> list[str]:
    """Names of the columns.

    Raises
    ------
    CorruptInputError
        When the file begins like Parquet and cannot be read as such.
    """
    with _opened(source) as file:
        return list(file.schema_arrow.names)


def read_batches(source: Source, columns: Sequence[str], /, *, batch_rows: int) -> Iterator[tuple[Any, int, int]]:
    """Yield (table, number of its first row from 1, bytes read so far, by share of rows)."""
    with _opened(source) as file:
        total, first = file.metadata.num_rows, 1
        if not total:
            raise EmptyInputError(f"{source.name} holds columns and no row.")
        for batch in file.iter_batches(batch_size=batch_rows, columns=list(columns)):
            done = (first - 1 + batch.num_rows) * source.size_bytes // total
            yield pa.Table.from_batches([batch]), first, done
            first += batch.num_rows


@contextmanager
def _opened(source: Source) -> Iterator[Any]:
    import pyarrow.parquet as pq

    try:
        with _seekable(source) as file, pq.ParquetFile(file) as parquet:
            yield parquet
    # damaged names come out as ValueError (UnicodeDecodeError), damaged footers as any of the others
    except (pa.ArrowException, OSError, LookupError, ValueError, TypeError) as error:
        first = next(iter(str(error).splitlines()), "")
        raise CorruptInputError(
            f"{source.name} is not a readable Parquet file: {first[:200]}. Fetch it again."
        ) from error


@contextmanager
def _seekable(source: Source) -> Iterator[IO[bytes]]:
    """The file itself, or its unpacked copy: Parquet begins at its end."""
    if source.member is None:
        with source.path.open("rb") as file:
            if file.read(len(MAGIC)) == MAGIC:
                file.seek(0, os.SEEK_SET)
                yield file
                return
    with tempfile.TemporaryFile() as copy:
        with source.open() as stream:
            while chunk := stream.read(CHUNK_BYTES):
                copy.write(chunk)
                if copy.tell() > LARGEST_UNPACKED_BYTES:
                    raise CorruptInputError(
                        f"{source.name} unpacks to more than {LARGEST_UNPACKED_BYTES >> 30} GiB. Unpack it yourself."
                    )
        copy.seek(0)
        yield copy
