"""How compiled loops are compiled: those that Python calls, and those that only they call.

Half of the time that a small function takes to compile goes into ways to call it from Python and from C. The compiled
code of a kernel holds all that it calls, so only kernels are cached.
"""

from typing import Any

import numpy as np
from numba import njit

kernel: Any = njit(cache=True, nogil=True, error_model="numpy", no_cfunc_wrapper=True)
"""A loop that Python calls; it lets go of Python's lock."""
inner: Any = njit(nogil=True, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""A function that other compiled ones call, and Python never."""
whole: Any = np.int64
"""A whole number of 64 bits. numba compiles `int` as a function for each kind of number and leaves short ones short: then
what they are given to is compiled once for each mixture of them."""
