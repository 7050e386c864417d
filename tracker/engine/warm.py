"""Compile the kernels in the background, while the first file is being read.

Compiled code is cached beside the modules (or in the user's cache where those cannot be written). numba compiles one
kernel at a time in a process: the first time, a second process compiles one half of them into the cache. When that
one cannot start, or fails, its half is compiled here too.
"""

import os
import subprocess
import sys
import threading
from pathlib import Path

HELPER = "import sys; sys.path[:] = sys.argv[1:]; from tracker.engine.warm import help_compiling; help_compiling()"
LONGEST_S = 300.0


def warm_up() -> threading.Thread:
    """Load or compile the kernels in the background (some seconds the first time); join the thread to wait."""
    thread = threading.Thread(target=_touch_every_kernel, name="compile the engine", daemon=True)
    thread.start()
    return thread


def help_compiling() -> None:
    """Compile what comes after the pass, and end with the process that asks for it: what it writes to then closes."""

    def end_with_it() -> None:
        # without the lock of `sys.stdin`: where a thread holds that, Python ends by abort, and leaves a core behind
        while os.read(0, 1):
            pass
        os._exit(1)

    from tracker.engine.touch import touch_tracks

    threading.Thread(target=end_with_it, daemon=True).start()
    touch_tracks()


def start_helper() -> subprocess.Popen[bytes] | None:
    """The second process; None where it cannot be, or is not this interpreter."""
    if getattr(sys, "frozen", False) or not Path(sys.executable or "").name.startswith("python"):
        return None
    # without docstrings (-OO) the code of a kernel is another: what one that has them compiled would not be taken
    optimized = ["-" + "O" * sys.flags.optimize] if sys.flags.optimize else []
    try:
        # isolated, but with the folders that this process searches: it must find the same modules
        return subprocess.Popen(
            [sys.executable, "-I", *optimized, "-c", HELPER, *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return None


def _touch_every_kernel() -> None:
    helper = start_helper() if _cores() > 1 and not _is_cached() else None
    from tracker.engine.touch import touch_pass, touch_tracks

    touch_pass()
    if helper is not None:
        # what it writes to is closed, and it is waited for
        with helper:
            try:
                helper.wait(LONGEST_S)
            except subprocess.TimeoutExpired:
                helper.kill()
    touch_tracks()


def _cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _is_cached() -> bool:
    """Whether the largest kernel of the second half was compiled as it is now."""
    from tracker.geo.kernels.jit import index_of
    from tracker.geo.kernels.pairing import pair_windows

    index = index_of(pair_windows)
    return index is None or bool(index._load_index())
