"""Which values of a field are numbers, which say "not available", and which are nonsense.

Source: ITU-R M.1371-5, annex 8, tables 48 (position) and 52 (identity and voyage).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


@dataclass(frozen=True)
class Limits:
    """Lowest and highest value, the values (or all ``silent_from`` on) that say "not available", and a cap.

    ``below`` is where nonsense begins; a value between `high` and it is given as `high` (359.97 degrees is 359.95).
    """

    low: float
    high: float
    silent: tuple[float, ...] = ()
    silent_from: float = np.inf
    below: float | None = None


LIMITS = {
    "sog_kn": Limits(0.0, 102.2, silent_from=102.3, below=102.3),
    "cog_deg": Limits(0.0, 359.95, silent=(360.0, 3600.0, 409.5, 511.0), below=360.0),
    "heading_deg": Limits(0.0, 359.0, silent=(360.0, 511.0), below=360.0),
    "nav_status": Limits(0, 14, silent=(15,)),
    "ship_type": Limits(1, 99, silent=(0,)),
    "length_m": Limits(1.0, 1022.0, silent=(0.0,)),
    "beam_m": Limits(1.0, 126.0, silent=(0.0,)),
    "draught_m": Limits(0.1, 25.5, silent=(0.0,)),
    "msg_type": Limits(1, 27, silent=(0,)),
}
TOLERANCE = 1e-3
"""Sentinels come through float32 and decimal text."""


def within(column: Any, name: str, /) -> tuple[Any, Any]:
    """A column with what is no number of its field made null, and a mask of the nonsense (sentinels are none)."""
    limits = LIMITS[name]
    kind = column.type
    known = column.is_valid().to_numpy(zero_copy_only=False)
    values = pc.fill_null(column, pa.scalar(0, kind)).to_numpy(zero_copy_only=False)
    if pa.types.is_floating(kind):
        low, high = (values.dtype.type(limit) for limit in (limits.low, limits.high))
        # the cap must not come out above the limit as a double
        high = high if float(high) <= limits.high else np.nextafter(high, values.dtype.type(0))
    else:
        low, high = limits.low, limits.high
    with np.errstate(invalid="ignore"):
        good = known & (values >= low) & (values < limits.below if limits.below is not None else values <= high)
        silent = np.isnan(values) | (values > limits.silent_from - TOLERANCE)
        for sentinel in limits.silent:
            silent |= np.abs(values - sentinel) < TOLERANCE
        good &= ~silent
    clipped = np.minimum(values, high) if limits.below is not None else values
    return pa.array(np.where(good, clipped, 0).astype(values.dtype), kind, mask=~good), known & ~good & ~silent
