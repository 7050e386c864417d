"""Stops, port calls, voyages and deliveries of the last run: where ships lay, and what they sailed between.

A *stop* is a slow spell of a ship, named by what she did there. A *port call* is one stop or several in one port with
no leaving in between, or a silence in which she could have called (then with a probability under 1). A *voyage* runs
from one port call to the next. A *delivery* is a port call in the DPRK, a port or the buoys off it, by a ship that can
carry: it says that she was there, not that she discharged; declared draughts before and after stand beside it.
"""

import pyarrow as pa

from tracker.tables.column import UTC_MS, Column, Table

BERTH, BUOY, ROADSTEAD, FEASIBLE = "berth", "buoy", "roadstead", "feasible"
ANCHORED, DRIFTING, WAITING = "anchored", "drifting", "waiting"
ACTIVITIES = (BERTH, BUOY, ROADSTEAD, FEASIBLE, ANCHORED, DRIFTING, WAITING)
"""What a ship did where she lay; the first four are bases of a port call."""

DPRK = "PRK"

_RUN = Column("run_id", pa.string(), "the run that found it", required=True)

STOPS = Table(
    "stops",
    "Where ships lay or drifted, one row for each stop of a ship that is long enough to carry cargo, or of unknown size.",
    (
        Column("mmsi", pa.int32(), "vessel", required=True),
        Column("name", pa.string(), "name as sent"),
        Column("ship_type", pa.int16(), "type of ship and cargo, AIS code"),
        Column("start_time", UTC_MS, "first slow step", required=True),
        Column("end_time", UTC_MS, "last slow step", required=True),
        Column("duration_h", pa.float64(), "length, hours", required=True, low=0),
        Column("lon", pa.float64(), "mean longitude, degrees", required=True, low=-180, high=180),
        Column("lat", pa.float64(), "mean latitude, degrees", required=True, low=-90, high=90),
        Column("spread_m", pa.float64(), "root mean square distance from the mean place, m", required=True, low=0),
        Column("activity", pa.string(), "berth, buoy, roadstead (off a port), anchored, drifting", required=True),
        Column("port", pa.string(), "port, terminal, buoy area or anchorage it is counted to; null at sea"),
        Column("port_state", pa.string(), "its state, ISO 3166 alpha-3"),
        Column("anchorage", pa.string(), "anchorage it lies in: the user's label, or one learnt from this data"),
        _RUN,
    ),
)

ANCHORAGES = Table(
    "anchorages",
    "Where ships lie at anchor: dense slow places of this data, and those of the user's file.",
    (
        Column("label", pa.string(), "the user's label, or 'inferred anchorage off PORT'", required=True),
        Column("lon", pa.float64(), "middle, degrees", required=True, low=-180, high=180),
        Column("lat", pa.float64(), "middle, degrees", required=True, low=-90, high=90),
        Column("radius_nm", pa.float64(), "how far it reaches, nm", required=True, low=0),
        Column("vessels", pa.int32(), "different ships that lay there; null for the user's", low=0),
        Column("state", pa.string(), "state, ISO 3166 alpha-3: the user's, or that of the nearest port"),
        Column("source", pa.string(), "'inferred' or 'user'", required=True),
        _RUN,
    ),
)

_VESSEL = (
    Column("mmsi", pa.int32(), "vessel", required=True),
    Column("vessel_name", pa.string(), "name on arrival, as sent or as registered"),
    Column("imo", pa.int32(), "IMO number, check digit right"),
    Column("flag", pa.string(), "flag state on arrival, ISO 3166 alpha-3"),
    Column("flag_class", pa.string(), "DPRK, foreign or unknown, by the flag", required=True),
    Column("ship_type", pa.int16(), "type of ship and cargo, AIS code"),
    Column("ship_class", pa.string(), "tanker, cargo, barge or tow, passenger, fishing, other, unknown", required=True),
    Column("length_m", pa.float32(), "length overall, m"),
    Column("dwt_t", pa.float64(), "deadweight, t"),
    Column("dwt_basis", pa.string(), "where the deadweight comes from: registry, hull, length"),
)

VOYAGES = Table(
    "voyages",
    "From one port call to the next, one row each; a leg whose one end lies outside the data has that end empty.",
    (
        Column("voyage_id", pa.string(), "hash of vessel and calls", required=True),
        *_VESSEL,
        Column("leg", pa.int32(), "number of the leg among those of this vessel, from 1", required=True, low=1),
        Column("from_call", pa.string(), "event_id of the call before; null when none was seen"),
        Column("from_port", pa.string(), "port of it; 'unlisted berth' where no listed port is near"),
        Column("from_state", pa.string(), "its state"),
        Column("from_basis", pa.string(), "berth, buoy, roadstead or feasible"),
        Column("departure_time", UTC_MS, "end of the call before; null when none was seen"),
        Column("to_call", pa.string(), "event_id of the next call; null when none was seen"),
        Column("to_port", pa.string(), "port of it"),
        Column("to_state", pa.string(), "its state"),
        Column("to_basis", pa.string(), "berth, buoy, roadstead or feasible"),
        Column("arrival_time", UTC_MS, "start of the next call; null when none was seen"),
        Column("hours", pa.float64(), "from departure to arrival", low=0),
        Column("draught_departure_m", pa.float64(), "declared draught on departure, m", low=0),
        Column("draught_arrival_m", pa.float64(), "declared draught on arrival, m", low=0),
        Column("probability", pa.float64(), "that both calls took place; 1 unless one is feasible only", low=0, high=1),
        Column("feasible_between", pa.string(), "calls under that are possible in between: 'PORT 0.31', ';'-joined"),
        _RUN,
    ),
)

DELIVERIES = Table(
    "deliveries",
    "Arrivals in the DPRK, in port or at buoys off it, of ships that can carry; those that lay there when the data began are left out. Presence, not proof of discharge.",
    (
        Column("delivery_id", pa.string(), "event_id of the port call", required=True),
        Column("date", pa.string(), "day of arrival in the ledger's zone (UTC+9), ISO 8601", required=True),
        Column("arrival_time", UTC_MS, "start of the stop, or earliest possible arrival", required=True),
        Column("departure_time", UTC_MS, "end of the stop, or latest possible departure", required=True),
        *_VESSEL,
        Column("callsign", pa.string(), "radio call sign"),
        Column("flag_basis", pa.string(), "where the flag comes from: mid, history, registry"),
        Column("port", pa.string(), "port, terminal or buoy area", required=True),
        Column(
            "basis",
            pa.string(),
            "berth, buoy, roadstead: seen in AIS; feasible: inferred from a silence",
            required=True,
        ),
        Column("probability", pa.float64(), "that the call took place", required=True, low=0, high=1),
        Column("arrival_seen", pa.bool_(), "heard on her way in"),
        Column("departure_seen", pa.bool_(), "heard on her way out"),
        Column("draught_arrival_m", pa.float64(), "last declared draught up to arrival, m", low=0),
        Column("draught_departure_m", pa.float64(), "declared draught from departure on, m", low=0),
        Column("cargo_t", pa.float64(), "cargo where known, t; null: to be estimated", low=0),
        Column(
            "lon", pa.float64(), "longitude of the stop, or of the port for a feasible call, degrees", required=True
        ),
        Column("lat", pa.float64(), "latitude, degrees", required=True),
        _RUN,
    ),
)

JOURNEY_TABLES = (STOPS, ANCHORAGES, VOYAGES, DELIVERIES)
"""Tables of the last run that the case keeps beside its events."""

_CLASSES = {3: "fishing", 6: "passenger", 7: "cargo", 8: "tanker"}


def ship_class(ship_type: int | None, name: str | None = None, /) -> str:
    """Class of ship for counting: by AIS type, and 'barge or tow' also by a name that says barge.

    AIS has no code for a self-propelled barge: most send 70 to 79 and count as cargo here.
    """
    words = (name or "").upper().split()
    if ship_type in {31, 32, 52} or "BARGE" in words:
        return "barge or tow"
    if ship_type is None:
        return "unknown"
    if ship_type == 30 or ship_type >= 60:
        return _CLASSES.get(ship_type // 10, "other")
    return "other"


def flag_class(flag: str | None, /) -> str:
    """DPRK, foreign or unknown."""
    return "unknown" if flag is None else "DPRK" if flag == DPRK else "foreign"
