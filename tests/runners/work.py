"""Tasks for workers: modules that every process can import."""

import os
import signal
from pathlib import Path


def upper(part: bytes) -> bytes:
    """The text in capitals."""
    return part.upper()


def die_once(part: bytes) -> bytes:
    """Kill the worker, the first time that a part is tried; its text names a file that remembers."""
    mark = Path(part.decode())
    if not mark.exists():
        mark.write_text("killed")
        os.kill(os.getpid(), signal.SIGKILL)
    return mark.read_bytes()


def die_always(part: bytes) -> bytes:
    """Kill every worker that tries."""
    os.kill(os.getpid(), signal.SIGKILL)
    return part
