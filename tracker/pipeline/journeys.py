"""Voyages and deliveries of a run, from port calls and what was found out about their ships.

A voyage runs from one call to the next. A call that is only feasible ends one when it is more likely than not; a less
likely one is named beside the voyage it falls in. Flags, deadweights and names are those of the call's own event, so
that registries and flag history count here as they do there.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import pairwise
from typing import Any

import pyarrow as pa

from tracker.detectors.calls import Call
from tracker.detectors.stops import Stops
from tracker.detectors.types import CARRIES, UNKNOWN, role_of
from tracker.pipeline.draughts import Draughts
from tracker.pipeline.harbours import Harbours
from tracker.pipeline.roads import anchorages_table
from tracker.tables.column import UTC_MS
from tracker.tables.journeys import DELIVERIES, DPRK, FEASIBLE, STOPS, VOYAGES, flag_class, ship_class
from tracker.tables.ship import Ship

LEDGER_UTC_OFFSET_H = 9.0
"""Zone of the days of deliveries, as in the ledger. Source: the UN Panel's tables are by Korean date."""
FIRST_HOURS = 2
"""A ship first heard in port within these hours of the first report of all lay there before. Source: sparse reports."""
TOWS = frozenset({31, 32, 52})
"""Tugs and tows: the barge behind one carries, and seldom sends."""


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
    known = {row["event_id"]: row for row in events.to_pylist() if row["type"] == "port_call"}
    draughts = Draughts(statics)
    calls = [one for one in harbours.calls if one.event_id in known]
    told = {one.event_id: draughts.around(one.ship.mmsi, one.start_ms, one.end_ms) for one in calls}
    return {
        "stops": stops_table(harbours.stops, harbours.anchorage, ship_at, run_id),
        "anchorages": anchorages_table(harbours.anchorages, run_id),
        "voyages": VOYAGES.from_rows(_voyages(calls, known, told, run_id, voyage_probability)),
        "deliveries": DELIVERIES.from_rows(_deliveries(_arrived(calls, harbours.begin_ms), known, told, run_id)),
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


def _voyages(
    calls: Sequence[Call],
    known: Mapping[str, Mapping[str, Any]],
    draughts: Mapping[str, tuple[float | None, float | None]],
    run_id: str,
    least: float,
) -> list[dict[str, Any]]:
    by_ship: dict[int, list[Call]] = {}
    for one in calls:
        by_ship.setdefault(one.ship.mmsi, []).append(one)
    rows = []
    for mmsi, every in sorted(by_ship.items()):
        ends = [one for one in every if one.basis != FEASIBLE or one.probability >= least]
        between = [one for one in every if one.basis == FEASIBLE and one.probability < least]
        for leg, (before, after, known_end) in enumerate(_legs(ends), start=1):
            start, end = None if before is None else before.end_ms, None if after is None else after.start_ms
            inside = [
                f"{c.label} {c.probability:.2f}"
                for c in between
                if (start is None or c.start_ms >= start) and (end is None or c.end_ms <= end)
            ]
            rows.append(
                _vessel(known[known_end.event_id])
                | _end("from", before)
                | _end("to", after)
                | {
                    "voyage_id": _voyage_id(mmsi, before, after),
                    "leg": leg,
                    "departure_time": _time(start),
                    "arrival_time": _time(end),
                    "hours": None if start is None or end is None else round(max(end - start, 0) / 3.6e6, 3),
                    "draught_departure_m": None if before is None else draughts[before.event_id][1],
                    "draught_arrival_m": None if after is None else draughts[after.event_id][0],
                    "probability": min(
                        1.0, *(c.probability if c and c.basis == FEASIBLE else 1.0 for c in (before, after))
                    ),
                    "feasible_between": "; ".join(inside) or None,
                    "run_id": run_id,
                }
            )
    return rows


def _legs(ends: Sequence[Call]) -> list[tuple[Call | None, Call | None, Call]]:
    """Legs of a ship: the call before, the call after, and the one that says whose leg it is."""
    if not ends:
        return []
    inner = [(one, two, two) for one, two in pairwise(ends)]
    return [(None, ends[0], ends[0]), *inner, (ends[-1], None, ends[-1])]


def _end(side: str, call: Call | None) -> dict[str, Any]:
    return {
        f"{side}_call": None if call is None else call.event_id,
        f"{side}_port": None if call is None else call.label,
        f"{side}_state": None if call is None else call.port_state or None,
        f"{side}_basis": None if call is None else call.basis,
    }


def _arrived(calls: Sequence[Call], begin_ms: int) -> list[Call]:
    """Calls but those of ships that lay there when the data began: when they came is not in the data."""
    return [one for one in calls if one.arrival_seen or one.start_ms > begin_ms + FIRST_HOURS * 3_600_000]


def _deliveries(
    calls: Sequence[Call],
    known: Mapping[str, Mapping[str, Any]],
    draughts: Mapping[str, tuple[float | None, float | None]],
    run_id: str,
) -> list[dict[str, Any]]:
    rows = []
    for one in calls:
        row = known[one.event_id]
        carries = role_of(row["ship_type_1"]) in (CARRIES, UNKNOWN) or row["ship_type_1"] in TOWS
        if one.port_state != DPRK or not carries:
            continue
        day = datetime.fromtimestamp(one.start_ms / 1000, UTC) + timedelta(hours=LEDGER_UTC_OFFSET_H)
        rows.append(
            _vessel(row)
            | {
                "delivery_id": one.event_id,
                "date": day.date().isoformat(),
                "arrival_time": _time(one.start_ms),
                "departure_time": _time(one.end_ms),
                "callsign": row["callsign_1"],
                "flag_basis": row["flag_basis_1"],
                "port": one.label,
                "basis": one.basis,
                "probability": one.probability,
                "arrival_seen": one.arrival_seen,
                "departure_seen": one.departure_seen,
                "draught_arrival_m": draughts[one.event_id][0],
                "draught_departure_m": draughts[one.event_id][1],
                "cargo_t": None,
                "lon": one.lon,
                "lat": one.lat,
                "run_id": run_id,
            }
        )
    return sorted(rows, key=lambda r: (r["arrival_time"], r["mmsi"], r["delivery_id"]))


def _vessel(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "mmsi": row["mmsi_1"],
        "vessel_name": row["name_1"],
        "imo": row["imo_1"],
        "flag": row["flag_1"],
        "flag_class": flag_class(row["flag_1"]),
        "ship_type": row["ship_type_1"],
        "ship_class": ship_class(row["ship_type_1"], row["name_1"]),
        "length_m": row["length_m_1"],
        "dwt_t": row["dwt_t_1"],
        "dwt_basis": row["dwt_basis_1"],
    }


def _voyage_id(mmsi: int, one: Call | None, two: Call | None) -> str:
    text = f"{mmsi}|{'' if one is None else one.event_id}|{'' if two is None else two.event_id}"
    return sha256(text.encode()).hexdigest()[:16]


def _time(ms: int | None) -> datetime | None:
    return None if ms is None else datetime.fromtimestamp(ms / 1000, UTC)
