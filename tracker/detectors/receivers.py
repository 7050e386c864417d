"""Which receivers heard a ship, and whether they heard anybody while she was silent.

Where reports name their receiver (a shore station, a satellite), the neighbours that another receiver hears say nothing
about hers. A receiver that hears two ships or more in nearly every hour and then none is down; one that comes over now and
then, as a satellite does, is usually out of sight, and its silence says little. A receiver that hears her alone says nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
LOOK_BACK_H = 3
"""Hours before a silence whose receivers are hers."""
BY_CHANCE = 0.02
"""Chance at least that a working receiver hears nobody in an hour."""
NAMED = 3
_HOURS = 1 << 24
"""More hours than any archive has: receiver and hour share one key."""


@dataclass(frozen=True)
class Receivers:
    """What each receiver heard: one row for each ship, hour and receiver that named itself, by ship and hour."""

    mmsi: Ints
    hour: Ints
    """Hours since 1970."""
    receiver: Ints
    """Place in ``names``."""
    reports: Ints
    names: tuple[str, ...]

    @classmethod
    def of(cls, heard: Mapping[tuple[int, int, str], int], /) -> "Receivers":
        """From counts of reports by MMSI, hour and receiver."""
        names = tuple(sorted({name for _, _, name in heard}))
        code = {name: n for n, name in enumerate(names)}
        rows = sorted((mmsi, hour, code[name], count) for (mmsi, hour, name), count in heard.items())
        table = np.array(rows, np.int64).reshape(-1, 4)
        return cls(table[:, 0], table[:, 1], table[:, 2], table[:, 3], names)


NO_RECEIVERS = Receivers.of({})


@dataclass(frozen=True)
class Down:
    """For each silent hour asked: how far her receivers were down; for each silence: who they are."""

    share: Floats
    """0 where they heard others, or nothing is known; up to 1 where receivers that always hear somebody heard nobody."""
    log_chance: Floats
    """Logarithm of the chance that working receivers heard nobody; 0 where they did."""
    hers: tuple[str, ...]
    """Her receivers by silence, in words; empty where unknown."""


def receivers_down(receivers: Receivers, mmsi: Ints, start_hour: Ints, which: Ints, hour: Ints, /) -> Down:
    """Whether the receivers of ships were down in silent hours.

    Parameters
    ----------
    mmsi, start_hour : of each silence: the ship, and the hour of the last report before it
    which, hour : of each silent hour: which silence, and the hour since 1970
    """
    n = len(mmsi)
    if not len(receivers.mmsi) or not n:
        return Down(np.zeros(len(hour)), np.zeros(len(hour)), ("",) * n)
    silence, receiver, weight = _hers(receivers, mmsi, start_hour)
    ends = np.full(n, np.iinfo(np.int64).max), np.zeros(n, np.int64)
    np.minimum.at(ends[0], which, hour)
    np.maximum.at(ends[1], which, hour)
    steady, busy = _activity(receivers, receiver, ends[0][silence], ends[1][silence])
    # every silent hour beside every receiver of its silence
    begin = np.searchsorted(silence, np.arange(n + 1))
    count = (begin[1:] - begin[:-1])[which]
    row = np.repeat(np.arange(len(hour)), count)
    at = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count) + begin[which][row]
    is_quiet = ~np.isin(receiver[at] * _HOURS + hour[row], busy)
    usual = steady[at]
    lost = np.where(is_quiet, weight[at] * usual, 0.0)
    chance = np.where(is_quiet, weight[at] * np.log(np.maximum(1.0 - usual, BY_CHANCE)), 0.0)
    return Down(
        np.bincount(row, weights=lost, minlength=len(hour)).astype(np.float64),
        np.bincount(row, weights=chance, minlength=len(hour)).astype(np.float64),
        _words(receivers, n, silence, receiver, weight),
    )


def _hers(receivers: Receivers, mmsi: Ints, start_hour: Ints) -> tuple[Ints, Ints, Floats]:
    """Receivers that heard each ship in the hours before her silence: silence, receiver, share of her reports."""
    key = receivers.mmsi * _HOURS + receivers.hour
    low = np.searchsorted(key, mmsi * _HOURS + start_hour - LOOK_BACK_H + 1)
    high = np.searchsorted(key, mmsi * _HOURS + start_hour, side="right")
    count = np.maximum(high - low, 0)
    silence = np.repeat(np.arange(len(mmsi)), count)
    rows = np.arange(len(silence)) - np.repeat(np.cumsum(count) - count, count) + low[silence]
    pairs, at = np.unique(silence * len(receivers.names) + receivers.receiver[rows], return_inverse=True)
    reports = np.bincount(at, weights=receivers.reports[rows], minlength=len(pairs))
    of = pairs // len(receivers.names)
    total = np.bincount(of, weights=reports, minlength=len(mmsi))
    return of, pairs % len(receivers.names), reports / total[of]


def _activity(receivers: Receivers, receiver: Ints, first_hour: Ints, last_hour: Ints) -> tuple[Floats, Ints]:
    """How steadily receivers hear others outside some hours, and all keys of receiver and hour in which one hears any.

    Parameters
    ----------
    receiver, first_hour, last_hour : of each question: the receiver, and the hours to leave out

    Returns
    -------
    steady : share of the other hours in which the receiver hears two ships or more, for each question
    """
    keys, ships = np.unique(receivers.receiver * _HOURS + receivers.hour, return_counts=True)
    of, hour = keys // _HOURS, keys % _HOURS
    size = len(receivers.names)
    first, last = np.full(size, np.iinfo(np.int64).max), np.zeros(size, np.int64)
    np.minimum.at(first, of, hour)
    np.maximum.at(last, of, hour)
    many = keys[ships >= 2]
    inside = np.searchsorted(many, receiver * _HOURS + last_hour, side="right")
    inside = np.maximum(inside - np.searchsorted(many, receiver * _HOURS + first_hour), 0)
    left_out = np.minimum(last[receiver], last_hour) - np.maximum(first[receiver], first_hour) + 1
    span = (last - first + 1)[receiver] - np.maximum(left_out, 0)
    # a receiver that has been heard of for two hours is not yet steady
    return (np.bincount(many // _HOURS, minlength=size)[receiver] - inside) / (span + 2.0), keys


def _words(receivers: Receivers, n: int, silence: Ints, receiver: Ints, weight: Floats) -> tuple[str, ...]:
    names: list[list[str]] = [[] for _ in range(n)]
    for k in np.lexsort((receiver, -weight, silence)).tolist():
        names[int(silence[k])].append(receivers.names[int(receiver[k])])
    return tuple(
        ", ".join(found[:NAMED]) + (f" and {len(found) - NAMED} more" if len(found) > NAMED else "") for found in names
    )
