"""Names, call signs and IMO numbers that a ship changed, and how far from a port she was when she did: rule R08.

A change is one value after another, each said at least twice, on a hull whose size stayed the same. Two values in turn
are two ships on one MMSI, or a fault of a receiver, and no change.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tracker.pipeline.meetings import ms_of
from tracker.pipeline.stretches import Windowed
from tracker.risk.facts import Change
from tracker.tables.column import UTC_MS
from tracker.units import MILLISECONDS_PER_HOUR
from tracker.zones.ports import nearest_port

FIELDS = ("name", "callsign", "imo")
SIZE_TOLERANCE = 0.10
"""Sizes nearer than this are the same hull, measured twice (rule R10)."""
LEAST_REPORTS = 2
NEAR_MS = 2 * MILLISECONDS_PER_HOUR
"""A report this near in time to the first with the new value says where she was."""


def changes_of(statics: Any, mmsis: Iterable[int], positions: Windowed | None, /) -> dict[int, tuple[Change, ...]]:
    """Changes by MMSI, in order of time; an MMSI without any is not there."""
    own = statics.filter(pc.is_in(statics["mmsi"], pa.array(sorted(set(mmsis)), pa.int32())))
    found = sorted(
        {change for field in FIELDS for change in _changes(own, field)}, key=lambda c: (c[0], c[1], c[2], c[3], c[4])
    )
    places = _port_nm([(mmsi, time_ms) for mmsi, time_ms, *_ in found], positions)
    answer: dict[int, list[Change]] = {}
    for (mmsi, time_ms, field, before, after), port_nm in zip(found, places, strict=True):
        answer.setdefault(mmsi, []).append(Change(field, before, after, time_ms, port_nm))
    return {mmsi: tuple(changes) for mmsi, changes in answer.items()}


def _changes(statics: Any, field: str) -> Iterable[tuple[int, int, str, str, str]]:
    """MMSI, time (ms), field, value before and after."""
    said = statics.filter(pc.is_valid(statics[field])).select(
        ["mmsi", "time", "last_time", "reports", "length_m", field]
    )
    by_ship: dict[int, list[list[Any]]] = {}
    for row in said.sort_by([("mmsi", "ascending"), ("time", "ascending"), ("last_time", "ascending")]).to_pylist():
        runs = by_ship.setdefault(row["mmsi"], [])
        value, last = _plain(row[field]), ms_of(row["last_time"])
        if runs and runs[-1][0] == value:
            runs[-1][3], runs[-1][4] = max(runs[-1][3], last), runs[-1][4] + row["reports"]
            runs[-1][5] = runs[-1][5] or row["length_m"]
        else:
            runs.append([value, str(row[field]), ms_of(row["time"]), last, row["reports"], row["length_m"]])
    for mmsi, runs in by_ship.items():
        sure = [run for run in runs if run[4] >= LEAST_REPORTS]
        for one, two in pairwise(sure):
            if one[0] != two[0] and two[2] >= one[3] and _same_size(one[5], two[5]):
                yield mmsi, two[2], field, one[1], two[1]


def _port_nm(asked: Sequence[tuple[int, int]], positions: Windowed | None) -> list[float | None]:
    """How far ships were from the nearest port at times; None where no report tells."""
    if positions is None or not asked:
        return [None] * len(asked)
    times = np.array([time_ms for _, time_ms in asked], np.int64)
    windows = [pa.array(times + shift).cast(UTC_MS) for shift in (-NEAR_MS, NEAR_MS)]
    mmsis = pa.array([mmsi for mmsi, _ in asked], pa.int32())
    tracks = positions.windows(pa.table([mmsis, *windows], names=["mmsi", "start", "end"]))
    places: list[tuple[float, float] | None] = []
    for mmsi, time_ms in asked:
        track = tracks.get(mmsi)
        if track is None or not len(track):
            places.append(None)
            continue
        i = int(np.argmin(np.abs(track.time_ms - time_ms)))
        is_near = abs(int(track.time_ms[i]) - time_ms) <= NEAR_MS
        places.append((float(track.lon[i]), float(track.lat[i])) if is_near else None)
    known = [place for place in places if place is not None]
    if not known:
        return [None] * len(asked)
    away = iter(nearest_port(*zip(*known, strict=True))["port_distance_nm"].to_pylist())
    return [None if place is None else float(next(away)) for place in places]


def _same_size(one: float | None, other: float | None) -> bool:
    return one is None or other is None or abs(one - other) <= SIZE_TOLERANCE * max(one, other)


def _plain(value: Any) -> str:
    """A value without blanks and signs: another way of writing it is no change."""
    return re.sub(r"[^0-9A-Z]", "", str(value).upper())
