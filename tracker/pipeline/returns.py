"""What positions themselves say for rules: where silent ships came back, and who moved while moored by her status."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tracker.geo.kernels import distance_m
from tracker.pipeline.history import Return
from tracker.tables.column import UTC_MS
from tracker.tables.fixes import Fixes
from tracker.units import METRES_PER_NAUTICAL_MILE, MILLISECONDS_PER_HOUR
from tracker.zones.ports import read_ports

SERVICE_KN, HURRY = 11.0, 1.1
"""Small tankers make 8 to 12 kn; a ship in a hurry a tenth more (cargo-and-law.md, rule R16)."""
TWICE = 2.0
LEAST_OFF = 0.5
MOORED = (1, 5)
MOVING_KN = 2.0


class Positions(Protocol):
    """What is asked of a case's positions."""

    def windows(self, requests: Any, /) -> dict[int, Fixes]:
        """Reports of vessels inside windows (table: mmsi, start, end; both inclusive)."""
        ...

    def positions_batches(self, *, columns: Sequence[str] | None = None) -> Any:
        """Positions in time order, table by table."""
        ...


def returns_of(rows: Sequence[Mapping[str, Any]], positions: Positions, /) -> dict[str, Return]:
    """By event id of a silence that is more likely a switching off: whether a call in the DPRK fits into it.

    Distances are great circles, so that land in between is not seen: what fits here may not fit over water.
    """
    gaps = [row for row in rows if row["type"] == "gap" and (row["confidence"] or 0.0) >= LEAST_OFF]
    if not gaps:
        return {}
    ends = [round(row["end_time"].timestamp() * 1000) for row in gaps]
    requests = pa.table(
        {
            "mmsi": pa.array([row["mmsi_1"] for row in gaps], pa.int32()),
            "start": pa.array([ms - 1000 for ms in ends], pa.int64()).cast(UTC_MS),
            "end": pa.array([ms + 1000 for ms in ends], pa.int64()).cast(UTC_MS),
        }
    )
    fixes = positions.windows(requests)
    found = {}
    for row, end_ms in zip(gaps, ends, strict=True):
        track = fixes.get(row["mmsi_1"])
        if track is None or not len(track):
            continue
        i = int(np.argmin(np.abs(track.time_ms - end_ms)))
        port = _feasible(row, float(track.lon[i]), float(track.lat[i]))
        found[row["event_id"]] = Return(port)
    return found


def _feasible(row: Mapping[str, Any], lon: float, lat: float) -> str | None:
    ports = read_ports()
    own = ports.state == "PRK"
    reach_nm = HURRY * SERVICE_KN * row["duration_h"]
    way_m = distance_m(row["lon"], row["lat"], ports.lon[own], ports.lat[own])
    way_m = np.asarray(way_m) + np.asarray(distance_m(lon, lat, ports.lon[own], ports.lat[own]))
    way_nm = way_m / METRES_PER_NAUTICAL_MILE
    direct_h = float(distance_m(row["lon"], row["lat"], lon, lat)) / METRES_PER_NAUTICAL_MILE / SERVICE_KN
    nearest = int(np.argmin(way_nm))
    if way_nm[nearest] > reach_nm or row["duration_h"] < TWICE * direct_h:
        return None
    return str(ports.name[own][nearest])


def moored_moving_h(mmsis: Sequence[int], positions: Positions, /) -> dict[int, float]:
    """Hours of the clock in which a ship's status said moored or anchored at more than 2 kn; ships with a status only."""
    wanted = pa.array(sorted(set(mmsis)), pa.int32())
    known: set[int] = set()
    hours: dict[int, set[int]] = {}
    for table in positions.positions_batches(columns=["time", "mmsi", "sog_kn", "nav_status"]):
        told = table.filter(pc.and_(pc.is_in(table["mmsi"], wanted), pc.is_valid(table["nav_status"])))
        if not told.num_rows:
            continue
        known.update(pc.unique(told["mmsi"]).to_pylist())
        moving = told.filter(
            pc.and_(
                pc.is_in(told["nav_status"], pa.array(MOORED, told["nav_status"].type)),
                pc.fill_null(pc.greater(told["sog_kn"], MOVING_KN), False),
            )
        )
        clock = moving["time"].cast(pa.int64()).to_numpy() // MILLISECONDS_PER_HOUR
        pairs = np.unique(np.column_stack([moving["mmsi"].to_numpy(), clock]), axis=0)
        for mmsi, hour in pairs.tolist():
            hours.setdefault(mmsi, set()).add(hour)
    return {mmsi: float(len(hours.get(mmsi, ()))) for mmsi in known}
