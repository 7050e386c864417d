"""How compiled loops are compiled: those that Python calls, and those that only they call.

Half of the time that a small function takes to compile goes into ways to call it from Python and from C. The compiled
code of a kernel holds all that it calls, so only kernels are cached.
"""

import hashlib
from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit

inner: Any = njit(nogil=True, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""A function that other compiled ones call, and Python never."""
whole: Any = np.int64
"""A whole number of 64 bits. numba compiles `int` as a function for each kind of number and leaves short ones short: then
what they are given to is compiled once for each mixture of them."""


def kernel(function: Callable[..., Any]) -> Any:
    """A loop that Python calls; it lets go of Python's lock.

    numba takes compiled code from its cache while the file of the kernel is the same. It must be the same too in all
    that is compiled into it: functions and constants of other files, which an update changes alone.
    """
    made = njit(cache=True, nogil=True, error_model="numpy", no_cfunc_wrapper=True)(function)
    # none where compiling is switched off
    if (index := index_of(made)) is not None:
        index._source_stamp = (index._source_stamp, hashlib.sha256(repr(parts_of(function)).encode()).hexdigest())
    return made


def index_of(made: Any, /) -> Any:
    """The index of a kernel in the cache; None where it has none."""
    return getattr(getattr(made, "_cache", None), "_cache_file", None)


def parts_of(function: Any, /) -> list[Any]:
    """The code of a function and of every compiled one that it calls, and the constants of modules that they name."""
    found: list[Any] = []
    waiting, seen = [function], {function}
    while waiting:
        one = waiting.pop()
        found.append((one.__qualname__, one.__code__.co_code, one.__code__.co_consts))
        for name in one.__code__.co_names:
            value = one.__globals__.get(name)
            called = getattr(value, "py_func", None)
            if called is not None and called not in seen:
                seen.add(called)
                waiting.append(called)
            elif isinstance(value, int | float | str | tuple | np.generic):
                found.append((name, value))
    return found
