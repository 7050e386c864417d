"""How much: the cargo group of event rows, from hulls, declared draughts and the contacts before and after.

Legs of one meeting (the same pair again in one group) are weighed once, over their whole time, on the leg that is most
surely a transfer. A draught change that other contacts share is not used for any of them alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tracker.cargo.deadweight import Deadweight, estimate_dwt, hull_of
from tracker.cargo.draughts import DraughtChange, Reading, change_around, deep_draught_m, readings_of
from tracker.cargo.estimate import Estimate, Timing, estimate_cargo
from tracker.cargo.panel import CargoParams
from tracker.cargo.sides import Side
from tracker.tables.listing import REGISTRY, WATCHLIST

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


class Scales:
    """Draughts of the ships of some events, and the meetings that bound their windows."""

    def __init__(self, rows: Sequence[Row], statics: Any, /, *, params: CargoParams) -> None:
        self._rows, self._params = rows, params
        self._readings = _readings(rows, statics)
        self._meetings = _meetings(rows)
        self._principal = {m.principal: m for m in self._meetings}
        self._by_ship: dict[int, list[Meeting]] = {}
        for meeting in self._meetings:
            for n in (1, 2):
                self._by_ship.setdefault(rows[meeting.principal][f"mmsi_{n}"], []).append(meeting)
        self._lifts: dict[int, list[float]] = {}

    def columns(self) -> list[dict[str, Any]]:
        """Columns of the cargo group and deadweights, for each row in order; ``why`` where a draught speaks."""
        answers = [self._deadweights(row) for row in self._rows]
        order = sorted(self._principal, key=lambda i: (self._principal[i].start_ms, i))
        estimates = {i: estimate for i in order if (estimate := self.estimate(i)) is not None}
        for i, estimate in estimates.items():
            answers[i] |= estimate.columns
            if estimate.sentence is not None:
                answers[i]["why"] = [*(self._rows[i].get("why") or []), estimate.sentence]
        for meeting in self._meetings:
            for leg in meeting.legs:
                if leg != meeting.principal and meeting.principal in estimates:
                    told = f"Cargo is given with event {self._rows[meeting.principal]['event_id']}, the same meeting."
                    answers[leg]["why"] = [*(self._rows[leg].get("why") or []), told]
        return answers

    def estimate(self, i: int, /) -> Estimate | None:
        """Estimate of one row; rows must be asked in order of time, because earlier lifts are history."""
        row, meeting = self._rows[i], self._principal.get(i)
        if meeting is None:
            return None
        sides = self._side(row, 1, meeting), self._side(row, 2, meeting)
        if any(s.dwt is None or s.dwt.dwt_t < self._params.smallest_dwt_t for s in sides):
            return None
        timing = Timing((meeting.end_ms - meeting.start_ms) / 3.6e6, meeting.heard_h)
        estimate = estimate_cargo(
            *sides,
            timing=timing,
            history_t=(self._lifts.get(sides[0].mmsi, []), self._lifts.get(sides[1].mmsi, [])),
            seed=int(str(row["event_id"]), 16) % (1 << 63),
            params=self._params,
        )
        columns = estimate.columns | {
            f"draught_change_{n}_m": side.change.change_m for n, side in zip((1, 2), sides, strict=True)
        }
        if estimate.lift_t is not None and estimate.lift_t > 0:
            self._lifts.setdefault(estimate.columns["receiver_mmsi"], []).append(estimate.lift_t)
        return Estimate(columns, estimate.reasoning, estimate.sentence, estimate.lift_t, estimate.flags)

    def explain(self, event_id: str, /) -> Estimate | None:
        """The estimate of one event with its reasoning; None when it has none."""
        for i in sorted(self._principal, key=lambda i: (self._principal[i].start_ms, i)):
            estimate = self.estimate(i)
            if self._rows[i]["event_id"] == event_id:
                return estimate
        return None

    def _deadweight(self, row: Row, n: int) -> Deadweight | None:
        deep = deep_draught_m(self._readings.get(row[f"mmsi_{n}"], []))
        kind, length, beam = (row.get(f"{name}_{n}") for name in ("ship_type", "length_m", "beam_m"))
        basis = row.get(f"dwt_basis_{n}")
        known = row.get(f"dwt_t_{n}") if basis in {REGISTRY, WATCHLIST} else None
        found = estimate_dwt(kind, length, beam, registry_t=known, deep_m=deep)
        # a deadweight out of all reason is refused there, and the hull speaks
        return replace(found, basis=basis) if found is not None and found.basis == REGISTRY and basis else found

    def _deadweights(self, row: Row) -> dict[str, Any]:
        answer: dict[str, Any] = {}
        for n in (1, 2):
            dwt = None if row.get(f"mmsi_{n}") is None else self._deadweight(row, n)
            answer[f"dwt_t_{n}"] = None if dwt is None else float(round(dwt.dwt_t))
            answer[f"dwt_basis_{n}"] = None if dwt is None else dwt.basis
        return answer

    def _side(self, row: Row, n: int, meeting: Meeting) -> Side:
        mmsi = row[f"mmsi_{n}"]
        readings = self._readings.get(mmsi, [])
        others = [m for m in self._by_ship.get(mmsi, []) if m is not meeting]
        later = [m.start_ms for m in others if m.start_ms >= meeting.end_ms and self._is_likely(m)]
        change = change_around(
            readings, start_ms=meeting.start_ms, end_ms=meeting.end_ms, next_start_ms=min(later, default=None)
        )
        kind, length, beam = (row.get(f"{name}_{n}") for name in ("ship_type", "length_m", "beam_m"))
        return Side(
            mmsi=mmsi,
            label=row.get(f"name_{n}") or f"MMSI {mmsi:09d}",
            ship_type=kind,
            dwt=self._deadweight(row, n),
            hull=hull_of(kind, length, beam, deep_m=deep_draught_m(readings)),
            change=change,
            shared_with=self._sharer(mmsi, others, change),
        )

    def _is_likely(self, meeting: Meeting) -> bool:
        return bool(self._rows[meeting.principal]["verdict"] == "likely")

    def _sharer(self, mmsi: int, others: Sequence[Meeting], change: DraughtChange) -> str | None:
        """Partner of another likely contact between the two draughts; None when there is none."""
        if change.after is None:
            return None
        for other in others:
            row = self._rows[other.principal]
            if row["verdict"] == "likely" and other.end_ms > change.since_ms and other.start_ms < change.after.first_ms:
                n = 2 if row["mmsi_1"] == mmsi else 1
                return str(row.get(f"name_{n}") or f"MMSI {row[f'mmsi_{n}']:09d}")
        return None


def _meetings(rows: Sequence[Row]) -> list[Meeting]:
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
        start = min(_ms(rows[i]["start_time"]) for i in legs)
        end = max(_ms(rows[i]["end_time"]) for i in legs)
        meetings.append(Meeting(tuple(legs), best, start, end, sum(_heard_h(rows[i]) for i in legs)))
    return meetings


def _heard_h(row: Row) -> float:
    silence_h = (row.get("longest_silence_min") or 0.0) / 60.0
    return float(row["duration_h"]) - (silence_h if silence_h > SILENCE_H else 0.0)


def _ms(moment: Any) -> int:
    time_ms: int = round(moment.timestamp() * 1000)
    return time_ms


def _readings(rows: Sequence[Row], statics: Any) -> dict[int, list[Reading]]:
    """Draught readings of the ships that occur in the rows."""
    wanted = sorted({row[f"mmsi_{n}"] for row in rows for n in (1, 2)} - {None})
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
