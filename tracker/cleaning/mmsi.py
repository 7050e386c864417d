"""Which MMSIs are of vessels: by the class rule of ITU-R M.585-9, vectorised.

A ship's MMSI begins with 2 to 7. Whether its three first digits are assigned to a state is left to `identity`: ships that
hide send made-up MMSIs, and to set those aside here would hide them from the detectors too.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]

DEFAULTS = np.unique(
    [
        0,
        1,
        12345,
        123456,
        1234567,
        12345678,
        123456789,
        987654321,
        1193046,  # 0x123456
        *(digit * 111_111_111 for digit in range(1, 10)),
        *(digit * 100_000_000 for digit in range(1, 10)),
    ]
)
"""MMSIs that installers leave behind; none of them is assigned."""


def is_default(mmsi: Any, /) -> Bools:
    """Whether MMSIs (int64 array) are left-behind defaults."""
    return np.isin(mmsi, DEFAULTS)


def is_vessel(mmsi: Any, /) -> Bools:
    """Whether MMSIs are of ships (2 to 7 first) or of craft of a mother ship (98MIDxxxx)."""
    return np.asarray(
        ((mmsi >= 200_000_000) & (mmsi < 800_000_000)) | ((mmsi // 10_000_000 == 98) & _is_mid(mmsi // 10_000))
    )


def is_other_station(mmsi: Any, /) -> Bools:
    """Whether MMSIs are of stations that are no vessel.

    Coast stations 00MIDxxxx, groups 0MIDxxxxx, SAR aircraft 111MIDxxx, handhelds 8MIDxxxxx, emergency devices 97xxxxxxx,
    aids to navigation 99MIDxxxx.
    """
    return np.asarray(
        ((mmsi < 10_000_000) & _is_mid(mmsi // 10_000))
        | ((mmsi < 100_000_000) & (mmsi >= 10_000_000) & _is_mid(mmsi // 100_000))
        | ((mmsi // 1_000_000 == 111) & _is_mid(mmsi // 1_000))
        | ((mmsi // 100_000_000 == 8) & _is_mid(mmsi // 100_000))
        | (mmsi // 10_000_000 == 97)
        | ((mmsi // 10_000_000 == 99) & _is_mid(mmsi // 10_000))
    )


def _is_mid(number: Any) -> Bools:
    """Whether the last three digits can be a country's: they begin with 2 to 7."""
    digits = number % 1_000
    return np.asarray((digits >= 200) & (digits < 800))
