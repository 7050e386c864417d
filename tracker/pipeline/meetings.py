"""Meetings as cargo sees them: the legs of a pair as one contact, the draughts that ships declared, their port calls."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tracker.cargo.draughts import Reading, readings_of
from tracker.pipeline.rows import column

Row = Mapping[str, Any]
SILENCE_H = 0.5
"""A hole in the reports longer than this counts as silence."""


@dataclass(frozen=True)
class Meeting:
    """The legs of one meeting of a pair, as one contact."""

    legs: tuple[int, ...]
    principal: int
    start_ms: int
    end_ms: int
    heard_h: float


@dataclass(frozen=True)
class Call:
    """A ship in port: from and to, and where."""

    start_ms: int
    end_ms: int
    port: str


def meetings_of(rows: Sequence[Row], /) -> list[Meeting]:
    """Encounters outside ports that are at least possible, the legs of one pair in one group together."""
    groups: dict[tuple[Any, ...], list[int]] = {}
    for i, row in enumerate(rows):
        if row["type"] == "encounter" and not row["in_port"] and row["verdict"] in {"likely", "possible"}:
            alone = row.get("group_id") is None
            key = (row["mmsi_1"], row["mmsi_2"], i if alone else row["group_id"])
            groups.setdefault(key, []).append(i)
    for i, row in enumerate(rows):
        # an approach or a tail that is no transfer by itself still tells how long they were together
        key = (row["mmsi_1"], row["mmsi_2"], row.get("group_id"))
        if row["type"] == "encounter" and row.get("group_id") is not None and key in groups and i not in groups[key]:
            groups[key].append(i)
    meetings = []
    for legs in groups.values():
        best = max(legs, key=lambda i: (rows[i]["confidence"], rows[i]["duration_h"], -i))
        start = min(ms_of(rows[i]["start_time"]) for i in legs)
        end = max(ms_of(rows[i]["end_time"]) for i in legs)
        meetings.append(Meeting(tuple(legs), best, start, end, sum(_heard_h(rows[i]) for i in legs)))
    return meetings


def calls_of(rows: Sequence[Row], ships: Collection[int], /) -> dict[int, list[Call]]:
    """Port calls of each of some ships, by time."""
    found: dict[int, list[Call]] = {}
    for row in rows:
        if row["type"] == "port_call" and row["mmsi_1"] in ships:
            call = Call(ms_of(row["start_time"]), ms_of(row["end_time"]), row.get("port") or "a port")
            found.setdefault(row["mmsi_1"], []).append(call)
    return {mmsi: sorted(calls, key=lambda c: (c.start_ms, c.end_ms)) for mmsi, calls in found.items()}


def readings_by_ship(rows: Sequence[Row], statics: Any, /) -> dict[int, list[Reading]]:
    """Draught readings of the ships that occur in the rows."""
    wanted = sorted({*column(rows, "mmsi_1"), *column(rows, "mmsi_2")} - {None})
    chosen = statics.filter(
        pc.and_(pc.is_in(statics["mmsi"], pa.array(wanted, pa.int32())), pc.is_valid(statics["draught_m"]))
    )
    if not chosen.num_rows:
        return {}
    mmsi = chosen["mmsi"].to_numpy()
    values = chosen["draught_m"].to_pylist()
    first, last = (chosen[name].cast(pa.int64()).to_pylist() for name in ("time", "last_time"))
    reports = chosen["reports"].to_pylist()
    order = np.argsort(mmsi, kind="stable")
    ids, starts = np.unique(mmsi[order], return_index=True)
    return {
        int(ship): readings_of((values[i], first[i], last[i], reports[i]) for i in part.tolist())
        for ship, part in zip(ids.tolist(), np.split(order, starts[1:]), strict=True)
    }


def ms_of(moment: Any, /) -> int:
    """Milliseconds since 1970."""
    time_ms: int = round(moment.timestamp() * 1000)
    return time_ms


def _heard_h(row: Row) -> float:
    silence_h = (row.get("longest_silence_min") or 0.0) / 60.0
    return float(row["duration_h"]) - (silence_h if silence_h > SILENCE_H else 0.0)
