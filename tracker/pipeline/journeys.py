"""Voyages and deliveries of a run, from port calls and what was found out about their ships.

A voyage runs from one call to the next. A call that is only feasible ends one when it is more likely than not; a less
likely one is named beside the voyage it falls in. Flags, deadweights and names are those of the call's own event, so
that registries and flag history count here as they do there.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tracker.detectors.calls import Call
from tracker.detectors.stops import Stops
from tracker.detectors.types import CARRIES, UNKNOWN, role_of
from tracker.pipeline.draughts import Draughts
from tracker.pipeline.harbours import Harbours
from tracker.pipeline.roads import anchorages_table
from tracker.tables.column import UTC_MS
from tracker.tables.journeys import DELIVERIES, DPRK, FEASIBLE, STOPS, VOYAGES, flag_class, ship_class
from tracker.tables.ship import Ship

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LEDGER_UTC_OFFSET_H = 9.0
"""Zone of the days of deliveries, as in the ledger. Source: the UN Panel's tables are by Korean date."""
FIRST_HOURS = 2
"""A ship first heard in port within these hours of the first report of all lay there before. Source: sparse reports."""
TOWS = frozenset({31, 32, 52})
"""Tugs and tows: the barge behind one carries, and seldom sends."""
_OF_VESSEL = {
    "mmsi": "mmsi_1",
    "vessel_name": "name_1",
    "imo": "imo_1",
    "flag": "flag_1",
    "ship_type": "ship_type_1",
    "length_m": "length_m_1",
    "dwt_t": "dwt_t_1",
    "dwt_basis": "dwt_basis_1",
}
_SAID = (*_OF_VESSEL.values(), "callsign_1", "flag_basis_1")
"""What is asked of the event of a call."""


def journey_tables(
    harbours: Harbours,
    events: Any,
    statics: Any,
    ship_at: Callable[[int, int], Ship],
    /,
    *,
    run_id: str,
    voyage_probability: float,
) -> dict[str, Any]:
    """Tables ``stops``, ``anchorages``, ``voyages`` and ``deliveries`` (Arrow).

    Parameters
    ----------
    events : Arrow, `EVENTS`: at least one row for each call, ships identified
    """
    own = events.filter(pc.equal(events["type"], "port_call"))
    row_of = {event_id: row for row, event_id in enumerate(own["event_id"].to_pylist())}
    calls = [one for one in harbours.calls if one.event_id in row_of]
    known = own.select(_SAID).take(pa.array([row_of[one.event_id] for one in calls], pa.int64())).combine_chunks()
    draughts = Draughts(statics).around_each(
        *np.array([(one.ship.mmsi, one.start_ms, one.end_ms) for one in calls], np.int64).reshape(-1, 3).T
    )
    return {
        "stops": stops_table(harbours.stops, harbours.anchorage, ship_at, run_id),
        "anchorages": anchorages_table(harbours.anchorages, run_id),
        "voyages": _voyages(calls, known, draughts, run_id, voyage_probability),
        "deliveries": DELIVERIES.from_rows(_deliveries(calls, known, draughts, run_id, harbours.begin_ms)),
    }


def stops_table(
    stops: Stops, anchorage: Sequence[str | None], ship_at: Callable[[int, int], Ship], run_id: str, /
) -> Any:
    """Stops as the case keeps them."""
    ships = [ship_at(m, t) for m, t in zip(stops.mmsi.tolist(), stops.start_ms.tolist(), strict=True)]
    named = [text or None for text in stops.port.tolist()]
    return STOPS.conform(
        pa.table(
            {
                "mmsi": pa.array(stops.mmsi, pa.int32()),
                "name": pa.array([ship.name for ship in ships], pa.string()),
                "ship_type": pa.array([ship.ship_type for ship in ships], pa.int16()),
                "start_time": pa.array(stops.start_ms, pa.int64()).cast(UTC_MS),
                "end_time": pa.array(stops.end_ms, pa.int64()).cast(UTC_MS),
                "duration_h": pa.array((stops.end_ms - stops.start_ms) / 3.6e6),
                "lon": pa.array(stops.lon),
                "lat": pa.array(stops.lat),
                "spread_m": pa.array(stops.spread_m),
                "activity": pa.array(stops.activity.tolist(), pa.string()),
                "port": pa.array(named, pa.string()),
                "port_state": pa.array([text or None for text in stops.port_state.tolist()], pa.string()),
                "anchorage": pa.array(list(anchorage), pa.string()),
                "run_id": pa.array([run_id] * len(stops), pa.string()),
            }
        )
    )


def _voyages(calls: Sequence[Call], known: Any, draughts: tuple[Floats, Floats], run_id: str, least: float) -> Any:
    """The table of voyages, from the calls and the rows of their events."""
    mmsi = np.array([one.ship.mmsi for one in calls], np.int64)
    start_ms, end_ms = np.array([(one.start_ms, one.end_ms) for one in calls], np.int64).reshape(-1, 2).T
    chance = np.array([one.probability if one.basis == FEASIBLE else 1.0 for one in calls])
    is_end = np.array([one.basis != FEASIBLE or one.probability >= least for one in calls], np.bool_)
    before, after, number = _legs(np.flatnonzero(is_end), mmsi)
    whose = np.where(after < 0, before, after)
    ids = [one.event_id for one in calls]
    left_ms, came_ms = _at(pa.array(end_ms), before), _at(pa.array(start_ms), after)
    hours = [
        None if start is None or end is None else round(max(end - start, 0) / 3.6e6, 3)
        for start, end in zip(left_ms.to_pylist(), came_ms.to_pylist(), strict=True)
    ]
    # the last stands for no call, which is no doubt
    chance = np.append(np.minimum(chance, 1.0), 1.0)
    columns = _vessels(known.take(pa.array(whose))) | {
        "voyage_id": pa.array(_voyage_ids(mmsi[whose], ids, before, after), pa.string()),
        "leg": pa.array(number),
        "departure_time": left_ms.cast(UTC_MS),
        "arrival_time": came_ms.cast(UTC_MS),
        "hours": pa.array(hours, pa.float64()),
        "draught_departure_m": _at(pa.array(draughts[1], from_pandas=True), before),
        "draught_arrival_m": _at(pa.array(draughts[0], from_pandas=True), after),
        "probability": pa.array(np.minimum(chance[before], chance[after])),
        "feasible_between": _between(calls, np.flatnonzero(~is_end), mmsi[whose], left_ms, came_ms),
        "run_id": pa.repeat(pa.scalar(run_id, pa.string()), len(whose)),
    }
    said = {
        "call": ids,
        "port": [one.label for one in calls],
        "state": [one.port_state or None for one in calls],
        "basis": [one.basis for one in calls],
    }
    for name, values in said.items():
        texts = pa.array(values, pa.string())
        columns |= {f"from_{name}": _at(texts, before), f"to_{name}": _at(texts, after)}
    return VOYAGES.conform(pa.table(columns))


def _legs(ends: Ints, mmsi: Ints) -> tuple[Ints, Ints, Ints]:
    """The call before and the call after each leg (-1: none), ship by ship, and its number among those of the ship."""
    ends = ends[np.argsort(mmsi[ends], kind="stable")]
    is_first = np.diff(mmsi[ends], prepend=-1) != 0
    # every ship has one leg more than calls that end one
    at = np.arange(len(ends)) + np.cumsum(is_first) - 1
    before, after = (np.full(len(ends) + int(is_first.sum()), -1) for _ in range(2))
    after[at], before[at + 1] = ends, ends
    begins = at[is_first]
    number = np.arange(1, len(after) + 1) - np.repeat(begins, np.diff(begins, append=len(after)))
    return before, after, number


def _at(values: Any, calls: Ints) -> Any:
    """Values of calls, null where there is none."""
    return values.take(pa.array(calls, mask=calls < 0))


def _voyage_ids(mmsi: Ints, ids: list[str], before: Ints, after: Ints) -> list[str]:
    """Hashes of the ship, the call before and the call after."""
    padded = [*ids, ""]
    legs = zip(mmsi.tolist(), before.tolist(), after.tolist(), strict=True)
    return [sha256(f"{ship}|{padded[one]}|{padded[two]}".encode()).hexdigest()[:16] for ship, one, two in legs]


def _between(calls: Sequence[Call], unlikely: Ints, mmsi: Ints, left_ms: Any, came_ms: Any) -> Any:
    """In words, the calls that are possible within each leg; legs are those of ships in order."""
    told: dict[int, list[str]] = {}
    least, most = np.iinfo(np.int64).min, np.iinfo(np.int64).max
    starts, ends = pc.fill_null(left_ms, least).to_numpy(), pc.fill_null(came_ms, most).to_numpy()
    for one in (calls[n] for n in unlikely.tolist()):
        first, last = np.searchsorted(mmsi, [one.ship.mmsi, one.ship.mmsi + 1])
        inside = (starts[first:last] <= one.start_ms) & (one.end_ms <= ends[first:last])
        for leg in (first + np.flatnonzero(inside)).tolist():
            told.setdefault(leg, []).append(f"{one.label} {one.probability:.2f}")
    return pa.array(["; ".join(told[leg]) if leg in told else None for leg in range(len(mmsi))], pa.string())


def _arrived(calls: Sequence[Call], begin_ms: int) -> list[Call]:
    """Calls but those of ships that lay there when the data began: when they came is not in the data."""
    return [one for one in calls if one.arrival_seen or one.start_ms > begin_ms + FIRST_HOURS * 3_600_000]


def _deliveries(
    calls: Sequence[Call], known: Any, draughts: tuple[Floats, Floats], run_id: str, begin_ms: int
) -> list[dict[str, Any]]:
    there = {one.event_id: n for n, one in enumerate(calls) if one.port_state == DPRK}
    arrived = _arrived([calls[n] for n in there.values()], begin_ms)
    numbers = [there[one.event_id] for one in arrived]
    said = known.take(pa.array(numbers, pa.int64()))
    vessels = pa.table(_vessels(said)).to_pylist()
    draught = [[None if np.isnan(value) else float(value) for value in side[numbers]] for side in draughts]
    rows = []
    for n, (one, row, vessel) in enumerate(zip(arrived, said.to_pylist(), vessels, strict=True)):
        if role_of(row["ship_type_1"]) not in (CARRIES, UNKNOWN) and row["ship_type_1"] not in TOWS:
            continue
        day = datetime.fromtimestamp(one.start_ms / 1000, UTC) + timedelta(hours=LEDGER_UTC_OFFSET_H)
        rows.append(
            vessel
            | {
                "delivery_id": one.event_id,
                "date": day.date().isoformat(),
                "arrival_time": datetime.fromtimestamp(one.start_ms / 1000, UTC),
                "departure_time": datetime.fromtimestamp(one.end_ms / 1000, UTC),
                "callsign": row["callsign_1"],
                "flag_basis": row["flag_basis_1"],
                "port": one.label,
                "basis": one.basis,
                "probability": one.probability,
                "arrival_seen": one.arrival_seen,
                "departure_seen": one.departure_seen,
                "draught_arrival_m": draught[0][n],
                "draught_departure_m": draught[1][n],
                "cargo_t": None,
                "lon": one.lon,
                "lat": one.lat,
                "run_id": run_id,
            }
        )
    return sorted(rows, key=lambda r: (r["arrival_time"], r["mmsi"], r["delivery_id"]))


def _vessels(known: Any) -> dict[str, Any]:
    """Columns on the ship, from rows of events of calls."""
    flags, types, names = (known[name].to_pylist() for name in ("flag_1", "ship_type_1", "name_1"))
    classes = {pair: ship_class(*pair) for pair in set(zip(types, names, strict=True))}
    columns = {name: known[of] for name, of in _OF_VESSEL.items()}
    return columns | {
        "flag_class": pa.array([flag_class(flag) for flag in flags], pa.string()),
        "ship_class": pa.array([classes[pair] for pair in zip(types, names, strict=True)], pa.string()),
    }
