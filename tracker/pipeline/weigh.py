"""How much: the cargo group of event rows, from hulls, declared draughts, port calls, and the contacts before and after.

Legs of one meeting (the same pair again in one group) are weighed once, over their whole time, on the leg that is most
surely a transfer. A draught change that other contacts share is not used for any of them alone.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tracker.cargo.deadweight import Deadweight, estimate_dwt, hull_of, registered_dwt
from tracker.cargo.draughts import DraughtChange, Next, change_around, deep_draught_m
from tracker.cargo.estimate import HISTORY_LEAST, Estimate, Timing, estimate_cargo
from tracker.cargo.measured import Measured, assign
from tracker.cargo.panel import CargoParams
from tracker.cargo.sides import Side
from tracker.pipeline.given import NOTHING_GIVEN, CargoInputs
from tracker.pipeline.meetings import Meeting, Row, calls_of, meetings_of, readings_by_ship
from tracker.tables.listing import REGISTRY, WATCHLIST
from tracker.tables.rows import Faults

_PAPERS = {
    n: tuple(f"{name}_{n}" for name in ("mmsi", "ship_type", "length_m", "beam_m", "dwt_t", "dwt_basis"))
    for n in (1, 2)
}


class Scales:
    """Draughts of the ships of some events, and the meetings and port calls that bound their windows.

    Parameters
    ----------
    rows : events, port calls among them
    statics : table of `tracker.tables.statics.STATICS`
    given : registered deadweights, and measurements from outside AIS
    """

    def __init__(
        self, rows: Sequence[Row], statics: Any, /, *, params: CargoParams, given: CargoInputs = NOTHING_GIVEN
    ) -> None:
        self._rows, self._params, self._given = rows, params, given
        self._readings = readings_by_ship(rows, statics)
        self._meetings = meetings_of(rows)
        self._principal = {m.principal: m for m in self._meetings}
        self._by_ship: dict[int, list[Meeting]] = {}
        for meeting in self._meetings:
            for n in (1, 2):
                self._by_ship.setdefault(rows[meeting.principal][f"mmsi_{n}"], []).append(meeting)
        self._calls = calls_of(rows, self._by_ship)
        self._known: dict[tuple[Any, ...], Deadweight | None] = {}
        self._lifts: dict[tuple[int, ...], list[float]] = {}
        self._outside, self.faults = self._assigned()
        self.records: list[dict[str, Any]] = []
        """Rows of the table ``estimates`` without the run, once `columns` was asked."""

    def columns(self) -> list[dict[str, Any]]:
        """Columns of the cargo group, for each row in order; ``why`` where a draught speaks."""
        answers: list[dict[str, Any]] = [{} for _ in self._rows]
        order = sorted(self._principal, key=lambda i: (self._principal[i].start_ms, i))
        estimates = {i: estimate for i in order if (estimate := self.estimate(i)) is not None}
        self.records = [estimate.record for estimate in estimates.values()]
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

    def deadweights(self) -> dict[str, list[Any]]:
        """Columns ``dwt_t`` and ``dwt_basis`` of both ships, for all rows in order."""
        columns: dict[str, list[Any]] = {}
        for n in (1, 2):
            of = f"mmsi_{n}"
            known = [None if row.get(of) is None else self._deadweight(self._papers(row, n)) for row in self._rows]
            columns[f"dwt_t_{n}"] = [None if dwt is None else float(round(dwt.dwt_t)) for dwt in known]
            columns[f"dwt_basis_{n}"] = [None if dwt is None else dwt.basis for dwt in known]
        return columns

    def estimate(self, i: int, /) -> Estimate | None:
        """Estimate of one row; rows must be asked in order of time, because earlier lifts are history."""
        row, meeting = self._rows[i], self._principal.get(i)
        if meeting is None:
            return None
        sides = self._side(row, 1, meeting), self._side(row, 2, meeting)
        if any(s.dwt is None or s.dwt.dwt_t < self._params.smallest_dwt_t for s in sides):
            return None
        one, two = (side.mmsi for side in sides)
        estimate = estimate_cargo(
            *sides,
            timing=Timing((meeting.end_ms - meeting.start_ms) / 3.6e6, meeting.heard_h),
            history_t=(self._history(two, one), self._history(one, two)),
            outside=[one.measurement for one in self._outside.get(i, ())],
            loaded=(self._loaded(i, 1), self._loaded(i, 2)),
            seed=int(str(row["event_id"]), 16) % (1 << 63),
            params=self._params,
        )
        columns = estimate.columns | {
            f"draught_change_{n}_m": side.change.change_m for n, side in zip((1, 2), sides, strict=True)
        }
        if estimate.lift_t is not None and estimate.lift_t > 0:
            receiver = estimate.columns["receiver_mmsi"]
            for key in ((receiver,), (one + two - receiver, receiver)):
                self._lifts.setdefault(key, []).append(estimate.lift_t)
        record = estimate.record | {
            "event_id": row["event_id"],
            "legs": ";".join(str(self._rows[leg]["event_id"]) for leg in meeting.legs),
        }
        return replace(estimate, columns=columns, record=record)

    def explain(self, event_id: str, /) -> Estimate | None:
        """The estimate of one event with its reasoning; None when it has none."""
        for i in sorted(self._principal, key=lambda i: (self._principal[i].start_ms, i)):
            estimate = self.estimate(i)
            if self._rows[i]["event_id"] == event_id:
                return estimate
        return None

    def _assigned(self) -> tuple[dict[int, list[Measured]], Faults]:
        """M4 by the principal leg of the meeting."""
        found: dict[int, list[Measured]] = {}
        faults = Faults()
        for table in self._given.measured:
            by_row, more = assign(table, self._rows, [(m.principal, m.legs) for m in self._meetings])
            for i, measurements in by_row.items():
                found.setdefault(i, []).extend(measurements)
            faults.join(more)
        return found, faults

    def _loaded(self, i: int, n: int) -> tuple[str, str] | None:
        """Product and source: of a bill for this cargo, else of what ship `n` is known to have loaded last."""
        row = self._rows[i]
        bills = [one for one in self._outside.get(i, ()) if one.product]
        if bills:
            return bills[0].product, bills[0].source
        loadings = [one for table in self._given.measured for one in table.rows if one.is_last_loading(row, n)]
        last = max(loadings, key=lambda one: (str(one.day), one.line), default=None)
        return None if last is None else (last.product, f"loaded on {last.day}, {last.source}")

    def _history(self, donor: int, receiver: int) -> list[float]:
        """Earlier lifts by draught: of the pair when there are enough, else of the receiver."""
        pair = self._lifts.get((donor, receiver), [])
        return pair if len(pair) >= HISTORY_LEAST else self._lifts.get((receiver,), [])

    def _papers(self, row: Row, n: int) -> tuple[Any, ...]:
        """What ship `n` of an event is known by: number, type, size, deadweight and its source, and a registry's words."""
        return *map(row.get, _PAPERS[n]), self._given.words_of(row, n) if self._given.registers else ""

    def _deadweight(self, papers: tuple[Any, ...]) -> Deadweight | None:
        if papers not in self._known:
            mmsi, *hull, registered_t, basis, words = papers
            drawn = estimate_dwt(*hull, deep_m=deep_draught_m(self._readings.get(mmsi, [])), words=words)
            is_listed = registered_t is not None and basis in {REGISTRY, WATCHLIST}
            self._known[papers] = registered_dwt(registered_t, basis, drawn=drawn) if is_listed else drawn
        return self._known[papers]

    def _side(self, row: Row, n: int, meeting: Meeting) -> Side:
        mmsi = row[f"mmsi_{n}"]
        readings = self._readings.get(mmsi, [])
        others = [m for m in self._by_ship.get(mmsi, []) if m is not meeting]
        change = change_around(
            readings,
            start_ms=meeting.start_ms,
            end_ms=meeting.end_ms,
            after=self._next(mmsi, others, meeting),
            left_port_ms=max(
                (c.end_ms for c in self._calls.get(mmsi, []) if c.end_ms <= meeting.start_ms), default=None
            ),
        )
        kind, length, beam = (row.get(f"{name}_{n}") for name in ("ship_type", "length_m", "beam_m"))
        words = self._given.words_of(row, n)
        return Side(
            mmsi=mmsi,
            label=row.get(f"name_{n}") or f"MMSI {mmsi:09d}",
            ship_type=kind,
            dwt=self._deadweight(self._papers(row, n)),
            hull=hull_of(kind, length, beam, deep_m=deep_draught_m(readings), words=words),
            change=change,
            shared_with=self._sharer(mmsi, others, change),
            words=words,
        )

    def _next(self, mmsi: int, others: Sequence[Meeting], meeting: Meeting) -> Next:
        """What ends the time in which a new draught is this meeting's: the next likely contact, the next port."""
        contact = min((m.start_ms for m in others if m.start_ms >= meeting.end_ms and self._is_likely(m)), default=None)
        call = next((c for c in self._calls.get(mmsi, []) if c.start_ms >= meeting.end_ms), None)
        if call is None or (contact is not None and contact < call.start_ms):
            return Next(contact)
        return Next(contact, call.start_ms, call.end_ms, call.port)

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
