"""Bytes of an input as a stream: compression undone, progress known, every kind of damage one clear error.

Nothing larger than a buffer is held, whatever a small file unpacks to.
"""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from tracker.errors import CorruptInputError, InputError, StorageError

CHUNK_BYTES = 1 << 20


class Reader(io.RawIOBase):
    """A decompressed stream: errors of the disk and of the compression are ours, and it knows how far it is."""

    def __init__(self, name: str, file: IO[bytes], stream: Any) -> None:
        self._name, self._file, self._stream = name, file, stream

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer; damage is an error that says how far we came."""
        with intact(self._name, self._file):
            data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def tell_compressed(self) -> int:
        """Bytes of the file on disk that were read."""
        return 0 if self._file.closed else self._file.tell()

    def close(self) -> None:
        """Close both layers."""
        if not self.closed:
            self._stream.close()
            self._file.close()
        super().close()


class Buffered(io.BufferedReader):
    """The buffered reader that formats get."""

    def tell_compressed(self) -> int:
        """Bytes of the file on disk that were read."""
        return cast(Reader, self.raw).tell_compressed()


def open_stream(path: Path, /, *, member: str | None, name: str) -> IO[bytes]:
    """Open the decompressed bytes of a file, or of a member of an archive; see `Source.open`."""
    with access(name):
        file = path.open("rb")
    try:
        with intact(name, file):
            stream = _decompressed(path, member, name, file)
    except BaseException:
        file.close()
        raise
    return cast(IO[bytes], Buffered(Reader(name, file, stream), CHUNK_BYTES))


def _decompressed(path: Path, member: str | None, name: str, file: IO[bytes]) -> Any:
    if member is not None:
        if path.suffix.lower() == ".zip":
            return zipfile.ZipFile(file).open(member)
        found = tarfile.open(fileobj=file).extractfile(member)  # noqa: SIM115 - closed with the file
        if found is None:
            raise CorruptInputError(f"{name} is not a file of the archive.")
        return found
    # the first bytes say what it is, whatever the name
    magic = file.read(6)
    file.seek(0)
    if magic.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=file)
    if magic.startswith(b"\x28\xb5\x2f\xfd"):
        import pyarrow as pa

        return pa.CompressedInputStream(pa.PythonFile(file, mode="r"), "zstd")
    if magic == b"\xfd7zXZ\x00":
        return lzma.LZMAFile(file)
    if magic.startswith(b"BZh"):
        return bz2.BZ2File(file)
    return io.BufferedReader(cast(Any, file)) if not isinstance(file, io.BufferedReader) else file


@contextmanager
def access(name: str, /) -> Iterator[None]:
    """Turn refusals of the file system into errors that name the input."""
    try:
        yield
    except PermissionError as error:
        raise StorageError(f"No permission to read {name}.") from error
    except FileNotFoundError as error:
        raise InputError(f"{name} is not there any more.") from error
    except OSError as error:
        raise StorageError(f"Cannot read {name}: {error.strerror or error}.") from error


@contextmanager
def intact(name: str, file: IO[bytes] | None = None) -> Iterator[None]:
    """Turn every way in which compressed data can be broken into one error."""
    try:
        yield
    except (
        EOFError,
        zlib.error,
        gzip.BadGzipFile,
        lzma.LZMAError,
        zipfile.BadZipFile,
        tarfile.TarError,
        RuntimeError,
        ValueError,
    ) as error:
        far = f" after {file.tell():,} bytes" if file is not None and not file.closed else ""
        raise CorruptInputError(f"{name} is truncated or damaged{far}: {error}. Fetch it again.") from error
    except OSError as error:
        if error.errno is not None:
            raise StorageError(f"Cannot read {name}: {error.strerror}.") from error
        far = f" after {file.tell():,} bytes" if file is not None and not file.closed else ""
        raise CorruptInputError(f"{name} is truncated or damaged{far}: {error}. Fetch it again.") from error
