"""Loops of the sample of said places: which reports are in it."""

from typing import Any

import numpy as np

from tracker.geo.kernels.jit import inner, kernel

GOING_KN = 2.0
"""A ship that lies still says one place again and again."""


@inner
def place_key(x: int, y: int) -> Any:
    """A well mixed number for each place (SplitMix64's finaliser), whoever says it."""
    key = np.uint64((x << 32) ^ (y & 0xFFFFFFFF)) * np.uint64(0x9E3779B97F4A7C15)
    key = (key ^ (key >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    key = (key ^ (key >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return key ^ (key >> np.uint64(31))


@kernel
def sample_places(
    time_ms: Any,
    mmsi: Any,
    lon_e7: Any,
    lat_e7: Any,
    sog_kn: Any,
    sieve: Any,
    keys: Any,
    times: Any,
    ships: Any,
    kept: int,
) -> int:
    """Add key, time and ship of the reports of moving ships whose key passes the sieve to the `kept` ones before.

    Returns how many there are now; there is room for every report.
    """
    for i in range(time_ms.shape[0]):
        key = place_key(np.int64(lon_e7[i]), np.int64(lat_e7[i]))
        # written in any case and counted if it is to stay: a branch would be guessed wrong half the time
        keys[kept] = key
        times[kept] = time_ms[i]
        ships[kept] = mmsi[i]
        kept += (not sog_kn[i] < GOING_KN) & (key & sieve == np.uint64(0))
    return kept


@kernel
def sift(sieve: Any, keys: Any, times: Any, ships: Any, kept: int) -> int:
    """Of the `kept` ones leave those that pass the sieve, in order; returns how many."""
    still = 0
    for i in range(kept):
        keys[still] = keys[i]
        times[still] = times[i]
        ships[still] = ships[i]
        still += keys[i] & sieve == np.uint64(0)
    return still
