"""What an exporter is, and how all of them write: aside, flushed, and renamed into place."""

import errno
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Protocol, runtime_checkable

from tracker.errors import StorageError
from tracker.exporters.annex import Sheet
from tracker.exporters.beside import Beside

Target = Path | IO[bytes]


class Exporter(Protocol):
    """A format that events can be written in."""

    @property
    def name(self) -> str:
        """Name of the format, for people."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Suffixes of its files, without the leading dot."""

    @property
    def media_type(self) -> str:
        """Media type (RFC 6838)."""

    def write(self, events: Any, target: Target, /, *, provenance: dict[str, Any]) -> None:
        """Write events (Arrow, `EVENTS`) to a path or a binary stream.

        Raises
        ------
        StorageError
            When the disk refuses; a file that was there before is still there.
        """


@runtime_checkable
class LayeredExporter(Exporter, Protocol):
    """A format that has room for tracks and ports beside the events."""

    def write_layers(self, events: Any, target: Target, /, *, provenance: dict[str, Any], beside: Beside) -> None:
        """Write events and what stands beside them; raises as `write`."""


@runtime_checkable
class TabledExporter(Exporter, Protocol):
    """A format that has room for further tables of the case beside the events."""

    def write_tables(
        self, events: Any, target: Target, /, *, provenance: dict[str, Any], tables: Sequence[Sheet]
    ) -> None:
        """Write events and further tables; raises as `write`."""


@contextmanager
def open_target(target: Target, /) -> Iterator[IO[bytes]]:
    """Give a binary stream; a path gets its file only when all of it is written and flushed.

    Raises
    ------
    StorageError
        When the disk is full or permission is missing.
    """
    if not isinstance(target, Path):
        yield target
        return
    aside: str | None = None
    try:
        handle, aside = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(aside, 0o666 & ~_umask())
        os.replace(aside, target)
    except OSError as error:
        raise StorageError(_words(error, target)) from error
    finally:
        if aside is not None and os.path.exists(aside):
            os.unlink(aside)


def _umask() -> int:
    """Permissions that the user withholds from new files; it can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _words(error: OSError, target: Path) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full: could not write {target}. Free some space or choose another place."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"No permission to write {target}. Choose another place."
    if error.errno == errno.ENOENT and not target.parent.is_dir():
        return f"Could not write {target}: there is no folder {target.parent}."
    return f"Could not write {target}: {error.strerror or error}."
