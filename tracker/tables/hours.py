"""Ships by hours, as the streaming pass counts them: records, places in 1e-7 degree and times in ms since 1970."""

import numpy as np

AT_ANCHOR, MOORED = 1, 5
"""Status by ITU-R M.1371-5, message 1."""
LAST_SPEEDS, UNDER_WAY_KN = 3, 1.0
"""How many reports tell whether a ship makes way, and from what speed on (cargo-and-law.md, rule R15)."""
MOVING_KN = 2.0
"""No ship that lies is faster (rule R19)."""
HEARD = np.dtype(
    [
        ("hour", "i8"),
        ("mmsi", "i4"),
        ("reports", "i4"),
        ("x", "i4"),
        ("y", "i4"),
        ("into_ms", "i4"),
        ("lies_moving", "u1"),
        ("speeds", "u1"),
        ("slow", "u1"),
    ],
    align=True,
)
ENDS = np.dtype(
    [
        ("mmsi", "i4"),
        ("has_status", "u1"),
        ("first_ms", "i8"),
        ("first_x", "i4"),
        ("first_y", "i4"),
        ("first_sog_kn", "f4"),
        ("last_ms", "i8"),
        ("last_x", "i4"),
        ("last_y", "i4"),
        ("last_sog_kn", "f4"),
    ]
)
