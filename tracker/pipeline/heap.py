"""Memory that a stage is done with, given back to the system: else the next one's comes on top of it."""

import ctypes
import sys

import pyarrow as pa


def give_back() -> None:
    """Give free memory back to the system, where its allocators can be asked to."""
    pa.default_memory_pool().release_unused()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        # musl has none
        if trim is not None:
            trim(0)
