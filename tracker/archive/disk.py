"""Writing that lasts: flush to the disk, rename into place, and plain words when the disk says no.

A rename inside one file system is atomic (POSIX.1-2017, ``rename``), but only a flushed file and a flushed
folder are certain to be there after a power cut.
"""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tracker.errors import StorageError

_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


def explain(error: BaseException, /, *, doing: str, path: Path) -> str:
    """Say in one line why the disk refused, and the way out."""
    number = getattr(error, "errno", None)
    text = str(error)
    if number in _FULL or "No space left" in text or "Disk quota" in text:
        return f"The disk is full: could not {doing} {path}. Free some space or put the case on another disk."
    if number in _FORBIDDEN or "Permission denied" in text:
        return f"No permission to {doing} {path}. Check who owns it, or choose another place."
    reason = os.strerror(number) if isinstance(number, int) else text.splitlines()[0] if text else type(error).__name__
    return f"Could not {doing} {path}: {reason}."


@contextmanager
def storage_errors(doing: str, path: Path) -> Iterator[None]:
    """Turn errors of the operating system into `StorageError`.

    Raises
    ------
    StorageError
        When the disk is full, permission is missing, or the device fails.
    """
    try:
        yield
    except OSError as error:
        raise StorageError(explain(error, doing=doing, path=path)) from error


def flush_file(path: Path, /) -> None:
    """Wait until the bytes of a file are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def flush_folder(path: Path, /) -> None:
    """Wait until the names in a folder are on the disk (renames are not durable before)."""
    flush_file(path)


def move_into_place(source: Path, target: Path, /) -> None:
    """Rename over the target and flush its folder; does nothing when the source was moved before."""
    if not source.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    source.replace(target)
    flush_folder(target.parent)


def remove_tree(path: Path, /) -> None:
    """Remove a folder with all it holds; what is gone already is no error."""
    shutil.rmtree(path, ignore_errors=True)


def remove_if_empty(folder: Path, /) -> None:
    """Remove a folder unless something is in it."""
    try:
        folder.rmdir()
    except OSError:
        return
