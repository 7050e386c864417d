"""What ships did besides one event: their silences, stops, port calls and transfers, and their declared draughts.

Rules of conduct look at it. Events of a hull count under all its MMSIs.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tracker.geo.kernels import distance_m
from tracker.identity.hull_ids import is_twin
from tracker.pipeline.alone import is_class_b
from tracker.pipeline.meetings import readings_by_ship
from tracker.pipeline.port_states import state_at
from tracker.pipeline.rows import column, columns
from tracker.risk.facts import Deed, DraughtSpell
from tracker.risk.occasions import is_idle, of_deed, of_draughts
from tracker.risk.of_conduct import NEAR
from tracker.risk.tables import are_in_areas
from tracker.tables.events import EVENT_TYPES
from tracker.units import METRES_PER_NAUTICAL_MILE
from tracker.zones.ports import nearest_port

KEPT = timedelta(days=90)
ALONE = ("gap", "loitering", "port_call", "spoofing", "identity_change")
SEARCHED = frozenset(EVENT_TYPES)
"""Types of events that every run looks for."""
CHAIN = timedelta(days=30)
MOST_LEGS = 9
ABOUT = (
    "event_id", "type", "start_time", "end_time", "lon", "lat", "confidence", "in_port", "port", "state",
    "spoofing_type", "activity", "receiver_mmsi", "verdict",
)  # fmt: skip
"""Columns of events that deeds are made of."""
CALL_KN, LEAST_CALL_H = 16.0, 3.0
"""A fast carrier, and the shortest stay in which cargo changes a draught by half a metre (judgement)."""


@dataclass(frozen=True)
class Return:
    """Where a silent ship was heard again, and a port of the DPRK that fits into the silence; None: none fits."""

    feasible_port: str | None
    place: tuple[float, float] | None = None
    """Longitude and latitude."""
    was_under_way: bool | None = None
    """Whether she made way before; None: her speed is not known."""


class History:
    """Deeds by hull and draughts by MMSI, from the rows of all events and the statics."""

    def __init__(
        self, rows: Sequence[Mapping[str, Any]], statics: Any, /, *, returns: Mapping[str, Return] | None = None
    ) -> None:
        self.searched = SEARCHED
        self._rows = rows
        self._about = [column(rows, name) for name in ABOUT]
        self._mmsi = [column(rows, f"mmsi_{n}") for n in (1, 2)]
        self._is_idle = [
            is_idle(kind, confidence, state_at(kind, state, port), port, activity)
            for kind, confidence, state, port, activity in columns(
                rows, "type", "confidence", "state", "port", "activity"
            )
        ]
        self._returns = returns or {}
        for place in _settled(rows, self._returns):
            self._is_idle[place] = True
        self._places = _places(rows)
        self._deeds: dict[str, tuple[list[datetime], list[Deed]]] = {}
        silent = sorted({mmsi for mmsi, kind in columns(rows, "mmsi_1", "type") if kind == "gap"})
        self._class_b = is_class_b(statics.filter(pc.is_in(statics["mmsi"], pa.array(silent, pa.int32()))))
        self._readings = readings_by_ship(rows, statics)
        self._draughts: dict[int, tuple[DraughtSpell, ...]] = {}
        self._legs = _legs(rows)
        self._rules: dict[tuple[str, int], frozenset[str]] = {}
        self._spans: dict[str, tuple[datetime, datetime]] = {}

    def deeds(self, hull_id: str, when: datetime, /) -> tuple[Deed, ...]:
        """Deeds of a hull that began within 90 days of a time."""
        starts, deeds = self._of(hull_id)
        return tuple(deeds[bisect_left(starts, when - KEPT) : bisect_right(starts, when + KEPT)])

    def rules(self, hull_id: str, mmsi: int, /) -> frozenset[str]:
        """Rules for which what a hull did, or an MMSI declared, is an occasion: others answer as for one that did nothing."""
        if (hull_id, mmsi) not in self._rules:
            deeds = [self._deed(place, n) for place, n in self._places.get(hull_id, ()) if not self._is_idle[place]]
            found = {rule for deed in deeds for rule in of_deed(deed)}
            self._rules[hull_id, mmsi] = of_draughts(self.draughts(mmsi)) | found
        return self._rules[hull_id, mmsi]

    def is_all_near(self, hull_id: str, when: datetime, /) -> bool:
        """Whether a hull did all that it did within 30 days of a time."""
        if hull_id not in self._spans:
            starts = self._about[ABOUT.index("start_time")]
            begun = [starts[place] for place, _ in self._places.get(hull_id, ())]
            self._spans[hull_id] = (min(begun, default=when), max(begun, default=when))
        first, last = self._spans[hull_id]
        return when - NEAR <= first and last <= when + NEAR

    def draughts(self, mmsi: int, /) -> tuple[DraughtSpell, ...]:
        """Draughts that an MMSI declared, each at least twice, in order of time."""
        if mmsi not in self._draughts:
            self._draughts[mmsi] = _spells(self._readings.get(mmsi, ()))
        return self._draughts[mmsi]

    def _of(self, hull_id: str) -> tuple[list[datetime], list[Deed]]:
        """All deeds of a hull, in order of time, and when they began."""
        if hull_id not in self._deeds:
            found = [self._deed(place, n) for place, n in self._places.get(hull_id, ())]
            deeds = sorted(found, key=lambda d: (d.start, d.end, d.type))
            self._deeds[hull_id] = [deed.start for deed in deeds], deeds
        return self._deeds[hull_id]

    @cached_property
    def _with_time(self) -> set[str]:
        return _with_time_for_a_call(self._rows, self._returns)

    def delivery_legs(self, row: Mapping[str, Any], /) -> int | None:
        """Transfers of the chain of an event that ends in the DPRK; None when giver or receiver is not known."""
        if row["donor_mmsi"] is None or row["receiver_mmsi"] is None:
            return None
        return self._legs.get(row["event_id"], 0)

    def _deed(self, place: int, n: int) -> Deed:
        (
            event_id,
            kind,
            start,
            end,
            lon,
            lat,
            confidence,
            in_port,
            port,
            state,
            spoofing,
            activity,
            receiver,
            verdict,
        ) = (values[place] for values in self._about)
        mmsi, back = self._mmsi[n - 1][place], self._returns.get(event_id)
        return Deed(
            type=kind,
            start=start,
            end=end,
            lon=lon,
            lat=lat,
            confidence=confidence,
            in_port=bool(in_port),
            port=port if kind == "port_call" else None,
            state=state_at(kind, state, port),
            detail=spoofing if kind == "spoofing" else activity if kind == "port_call" else None,
            feasible_port=None if back is None else back.feasible_port,
            knows_return=back is not None,
            back=None if back is None else back.place,
            call_fits=event_id in self._with_time if kind == "gap" else None,
            was_under_way=None if back is None else back.was_under_way,
            is_class_b=self._class_b.get(mmsi) if kind == "gap" else None,
            is_receiver=_receives(mmsi, receiver, verdict),
        )


def _places(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[tuple[int, int]]]:
    """By hull: rows that are deeds of hers, and which of their ships she is."""
    found: dict[str, list[tuple[int, int]]] = {}
    ids: dict[int, set[str]] = {}
    for place, (kind, verdict, receiver, *ships) in enumerate(
        columns(rows, "type", "verdict", "receiver_mmsi", "mmsi_1", "mmsi_2", "hull_id_1", "hull_id_2")
    ):
        for n in (1, 2):
            mmsi, hull_id = ships[n - 1], ships[n + 1]
            if mmsi is None:
                continue
            if hull_id is not None:
                ids.setdefault(mmsi, set()).add(hull_id)
            # a change of identity is one deed of one hull
            is_again = n == 2 and hull_id == ships[2]
            if not is_again and (kind in ALONE or _receives(mmsi, receiver, verdict)):
                found.setdefault(hull_id, []).append((place, n))
    # what is known of a number, and not of which of its hulls, counts for each of them
    for mine in ids.values():
        twins = {one for one in mine if is_twin(one)}
        common = [deed for one in sorted(mine - twins) for deed in found.get(one, ())] if twins else []
        for one in twins:
            found.setdefault(one, []).extend(common)
    return found


def _receives(mmsi: int, receiver: int | None, verdict: str | None) -> bool:
    return mmsi == receiver and verdict in {"likely", "possible"}


def _settled(rows: Sequence[Mapping[str, Any]], returns: Mapping[str, Return]) -> list[int]:
    """Silences of which nothing follows: where she came back is known, no port fits, and neither place is in a risk area."""
    told = enumerate(columns(rows, "event_id", "lon", "lat"))
    known = [
        (place, lon, lat, *back.place)
        for place, (event_id, lon, lat) in told
        if (back := returns.get(event_id)) is not None and back.feasible_port is None and back.place is not None
    ]
    places, lon, lat, back_lon, back_lat = np.array(known, np.float64).reshape(-1, 5).T
    is_settled = ~(are_in_areas(lon, lat) | are_in_areas(back_lon, back_lat))
    settled: list[int] = places[is_settled].astype(np.int64).tolist()
    return settled


def _with_time_for_a_call(rows: Sequence[Mapping[str, Any]], returns: Mapping[str, Return]) -> set[str]:
    """Event ids of silences in which a ship could go to the port nearest to where she vanished or came back, and lie there.

    Where she came back is not asked of every silence; then the way back is as long as the way there.
    """
    asked = columns(rows, "type", "port_distance_nm", "event_id", "lon", "lat", "duration_h")
    gaps = [about for kind, *about in asked if kind == "gap" and about[0] is not None]
    backs = [None if (back := returns.get(event_id)) is None else back.place for _, event_id, *_ in gaps]
    ends = np.array([back or (np.nan, np.nan) for back in backs], np.float64).reshape(-1, 2)
    numbers = np.array([(near, *about) for near, _, *about in gaps], np.float64).reshape(-1, 4)
    port_nm, lon, lat, hours = numbers.T
    # a place that is not known counts for nothing in either
    across_nm = np.nan_to_num(np.asarray(distance_m(lon, lat, *ends.T)) / METRES_PER_NAUTICAL_MILE)
    port_of_end_nm = np.full(len(ends), np.nan)
    known = np.isfinite(ends).all(axis=1)
    if known.any():
        port_of_end_nm[known] = nearest_port(*ends[known].T)["port_distance_nm"].to_numpy()
    way_nm = 2.0 * np.fmin(port_nm, port_of_end_nm) + across_nm
    fits = way_nm <= CALL_KN * (hours - LEAST_CALL_H)
    return {event_id for (_, event_id, *_), is_long in zip(gaps, fits.tolist(), strict=True) if is_long}


def _spells(readings: Sequence[Any]) -> tuple[DraughtSpell, ...]:
    """Readings of one ship as spells: the same value in days that follow is one; values said once are slips."""
    spells: list[DraughtSpell] = []
    for one in readings:
        first, last = (datetime.fromtimestamp(ms / 1000, UTC) for ms in (one.first_ms, one.last_ms))
        if spells and spells[-1].draught_m == one.draught_m:
            before = spells[-1]
            spells[-1] = DraughtSpell(one.draught_m, before.first, max(before.last, last), before.reports + one.reports)
        else:
            spells.append(DraughtSpell(one.draught_m, first, last, one.reports))
    return tuple(spell for spell in spells if spell.reports > 1)


def _legs(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """By event id: transfers of the longest chain through it after whose last one the receiver called in the DPRK."""
    told = enumerate(columns(rows, "verdict", "donor_mmsi", "receiver_mmsi"))
    legs = [rows[i] for i, (verdict, *both) in told if verdict in {"likely", "possible"} and None not in both]
    given: dict[int, list[Mapping[str, Any]]] = {}
    got: dict[int, list[Mapping[str, Any]]] = {}
    for row in legs:
        given.setdefault(row["donor_mmsi"], []).append(row)
        got.setdefault(row["receiver_mmsi"], []).append(row)
    calls: dict[int, list[datetime]] = {}
    for kind, activity, state, port, mmsi, start in columns(
        rows, "type", "activity", "state", "port", "mmsi_1", "start_time"
    ):
        if kind == "port_call" and activity != "feasible" and state_at(kind, state, port) == "PRK":
            calls.setdefault(mmsi, []).append(start)

    def follows(later: datetime, earlier: datetime) -> bool:
        return timedelta(0) < later - earlier <= CHAIN

    def after(row: Mapping[str, Any], depth: int) -> int:
        """Legs from here to the DPRK, this one included; 0 when none leads there."""
        ship, end = row["receiver_mmsi"], row["end_time"]
        here = 1 if any(follows(time, end) for time in calls.get(ship, ())) else 0
        if depth >= MOST_LEGS:
            return here
        onward = [
            after(other, depth + 1) for other in given.get(ship, ()) if follows(other["start_time"], row["start_time"])
        ]
        return max([here, *(legs + 1 for legs in onward if legs)])

    def before(row: Mapping[str, Any], depth: int) -> int:
        """Legs that came before this one, on the longest way."""
        if depth >= MOST_LEGS:
            return 0
        earlier = [o for o in got.get(row["donor_mmsi"], ()) if follows(row["start_time"], o["start_time"])]
        return max((before(other, depth + 1) + 1 for other in earlier), default=0)

    found = {}
    for row in legs:
        onward = after(row, 0)
        found[row["event_id"]] = onward + before(row, 0) if onward else 0
    return found
