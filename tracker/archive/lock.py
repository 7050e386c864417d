"""One writer at a time, known by name.

The lock belongs to the open file, not to the file's existence: when its holder dies the kernel lets go, so a
stale lock file is harmless. Its content only says who holds it.
"""

import json
import os
import socket
from pathlib import Path

from tracker.archive.disk import storage_errors
from tracker.errors import LockedCaseError

LOCK_NAME = ".lock"


class CaseLock:
    """Exclusive right to write to the case in `folder` (which must exist)."""

    def __init__(self, folder: Path, *, command: str) -> None:
        self._path = folder / LOCK_NAME
        self._command = command
        self._handle: int | None = None

    def acquire(self) -> None:
        """Take the lock at once or not at all.

        Raises
        ------
        LockedCaseError
            When another process holds it: says the process, its host and its command.
        StorageError
            When the folder cannot be written.
        """
        with storage_errors("lock", self._path):
            handle = self._open_and_lock()
        self._handle = handle
        record = {"pid": os.getpid(), "host": socket.gethostname(), "command": self._command}
        try:
            with storage_errors("lock", self._path):
                os.ftruncate(handle, 0)
                os.pwrite(handle, json.dumps(record).encode(), 0)
        except BaseException:
            self.release()
            raise

    def _open_and_lock(self) -> int:
        import fcntl

        while True:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                # the holder before may have removed the file with the case it gave up: then lock the new file
                if self._path.exists() and os.path.samestat(os.fstat(handle), self._path.stat()):
                    return handle
            except BlockingIOError as error:
                holder = _describe(os.pread(handle, 4096, 0))
                os.close(handle)
                raise LockedCaseError(
                    f"The case {self._path.parent} is being written by {holder}.\n"
                    "Wait until it ends, or use another case."
                ) from error
            except BaseException:
                os.close(handle)
                raise
            os.close(handle)

    def remove(self) -> None:
        """Remove the lock file while holding it, when the case was given up before it came to be."""
        self._path.unlink(missing_ok=True)

    def release(self) -> None:
        """Let go; the file stays, empty, because removing it would race with the next holder."""
        if self._handle is None:
            return
        handle, self._handle = self._handle, None
        try:
            os.ftruncate(handle, 0)
        finally:
            os.close(handle)


def _describe(content: bytes) -> str:
    try:
        record = json.loads(content)
        return f"process {int(record['pid'])} on {record['host']!s} ({record['command']!s})"
    except (ValueError, KeyError, TypeError):
        return "another process"
