"""Bytes of an input as a stream: compression undone, progress known, every kind of damage one clear error.

The first bytes say how a file is packed, whatever its name; archives (.zip, .tar) are told by their suffix. Nothing larger
than a buffer is held, whatever a small file unpacks to.
"""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from tracker.errors import CorruptInputError, EmptyInputError, InputError, StorageError

CHUNK_BYTES = 1 << 20
MAGIC_BYTES = 6
ENCRYPTED = 1
"""Bit of a member's flags (PKWARE APPNOTE 4.4.4)."""


class Reader(io.RawIOBase):
    """A decompressed stream: errors of the disk and of the compression are ours, and it knows how far it is."""

    def __init__(self, name: str, file: IO[bytes], stream: Any, *, start: int = 0, share: int = 1) -> None:
        self._name, self._file, self._stream = name, file, stream
        self._start, self._share = start, share

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
        """Bytes of the file on disk that were read for this source."""
        return 0 if self._file.closed else max(self._file.tell() - self._start, 0) // self._share

    def close(self) -> None:
        """Close both layers."""
        if not self.closed:
            self._stream.close()
            self._file.close()
        super().close()


class Buffered(io.BufferedReader):
    """The buffered reader that formats get."""

    def tell_compressed(self) -> int:
        """Bytes of the file on disk that were read for this source."""
        return cast(Reader, self.raw).tell_compressed()


def list_members(path: Path, /, *, is_wanted: Callable[[str], bool]) -> list[tuple[str, int]] | None:
    """Names of the files in an archive, in order, and each one's share of its bytes; None when it is no archive.

    Raises
    ------
    CorruptInputError, StorageError
    """
    if not (is_zip(path) or is_tar(path)):
        return None
    with access(str(path)), intact(str(path)):
        if is_zip(path):
            with zipfile.ZipFile(path) as archive:
                files = [i for i in archive.infolist() if not i.is_dir() and is_wanted(i.filename)]
            return sorted((i.filename, i.compress_size) for i in files)
        with tarfile.open(path) as tar:
            names = sorted(member.name for member in tar if member.isfile() and is_wanted(member.name))
        return [(name, path.stat().st_size // len(names)) for name in names]


def is_zip(path: Path, /) -> bool:
    """Whether the name says a zip archive."""
    return path.suffix.lower() == ".zip"


def is_tar(path: Path, /) -> bool:
    """Whether the name says a tar archive, packed or not."""
    return path.suffix.lower() in {".tgz", ".txz"} or ".tar" in [suffix.lower() for suffix in path.suffixes[-2:]]


def open_stream(path: Path, /, *, member: str | None, name: str) -> IO[bytes]:
    """Open the decompressed bytes of a file, or of a member of an archive; see `Source.open`."""
    with access(name):
        file = path.open("rb")
    try:
        with intact(name, file):
            if is_zip(path):
                packed, start, share = _zip_member(file, member, name)
            elif is_tar(path):
                packed, start, share = _tar_member(file, member, name)
            else:
                packed, start, share = file, 0, 1
            stream = _decompressed(packed)
    except BaseException:
        file.close()
        raise
    return cast(IO[bytes], Buffered(Reader(name, file, stream, start=start, share=share), CHUNK_BYTES))


def _zip_member(file: IO[bytes], member: str | None, name: str) -> tuple[IO[bytes], int, int]:
    archive = zipfile.ZipFile(file)
    if member is None:
        raise EmptyInputError(f"The archive {name} holds no AIS file.")
    info = archive.getinfo(member)
    if info.flag_bits & ENCRYPTED:
        raise InputError(f"{name} is encrypted. Unpack it first.")
    return archive.open(info), info.header_offset, 1


def _tar_member(file: IO[bytes], member: str | None, name: str) -> tuple[IO[bytes], int, int]:
    archive = tarfile.open(fileobj=file)  # noqa: SIM115 - lives as long as the file
    # going through it all also finds the damage that hid its members
    count = sum(one.isfile() for one in archive)
    if member is None:
        raise EmptyInputError(f"The archive {name} holds no AIS file.")
    found = archive.extractfile(member)
    if found is None:
        raise CorruptInputError(f"{name} is no file of the archive.")
    return found, 0, max(count, 1)


def _decompressed(packed: IO[bytes]) -> Any:
    """Undo what the first bytes say."""
    magic = packed.read(MAGIC_BYTES)
    packed.seek(0)
    if magic.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=packed)
    if magic.startswith(b"\x28\xb5\x2f\xfd"):
        import pyarrow as pa

        return pa.CompressedInputStream(pa.PythonFile(packed, mode="r"), "zstd")
    if magic == b"\xfd7zXZ\x00":
        return lzma.LZMAFile(packed)
    if magic.startswith(b"BZh"):
        return bz2.BZ2File(packed)
    return packed


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
        struct.error,
        LookupError,
        RuntimeError,
        ValueError,
        OverflowError,
    ) as error:
        raise _damage(name, file, error) from error
    except OSError as error:
        if error.errno is None:
            raise _damage(name, file, error) from error
        raise StorageError(f"Cannot read {name}: {error.strerror}.") from error


def _damage(name: str, file: IO[bytes] | None, error: Exception) -> CorruptInputError:
    far = f" after {file.tell():,} bytes" if file is not None and not file.closed else ""
    return CorruptInputError(f"{name} is truncated or damaged{far}: {error}. Fetch it again.")
