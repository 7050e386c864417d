"""Positions as received: one row for each valid position report.

Coordinates are int32 counts of 1e-7 degree: a centimetre, half the bytes of float64, and exact equality,
which float32 degrees (metres off) do not give. Sentinels of ITU-R M.1371-5 (annex 8) are nulls here, never
numbers: SOG 102.3, COG 360, heading 511, longitude 181, latitude 91.
"""

from typing import Any

import numpy as np
import pyarrow as pa

from tracker.errors import MissingColumnError
from tracker.tables.column import UTC_MS, Column, Table
from tracker.units import DEGREE_E7

M1371 = "ITU-R M.1371-5, annex 8"

LOW_ACCURACY = 1
"""Flag: message type 27, 1/10 minute (185 m) and whole knots: never evidence of lying alongside."""
RECONSTRUCTED_TIME = 2
"""Flag: the absolute time was rebuilt from the UTC second and a base time given by the user."""
HIGH_ACCURACY = 4
"""Flag: the position accuracy bit was set (error <= 10 m)."""

POSITIONS = Table(
    "positions",
    "One row for each position report that passed the row-local checks; exact duplicates are dropped.",
    (
        Column("time", UTC_MS, "time of the report, UTC", required=True),
        Column("mmsi", pa.int32(), "maritime mobile service identity", required=True, low=1, high=999_999_999),
        Column("lon_e7", pa.int32(), "longitude, 1e-7 degree", required=True, low=-1_800_000_000, high=1_800_000_000),
        Column("lat_e7", pa.int32(), "latitude, 1e-7 degree", required=True, low=-900_000_000, high=900_000_000),
        Column("sog_kn", pa.float32(), "speed over ground, knots", low=0, high=102.2, source=M1371),
        Column("cog_deg", pa.float32(), "course over ground, degrees", low=0, high=359.95, source=M1371),
        Column("heading_deg", pa.float32(), "true heading, degrees", low=0, high=359, source=M1371),
        Column(
            "nav_status", pa.int8(), "navigational status, 0..14; 15 (undefined) is null", low=0, high=14, source=M1371
        ),
        Column(
            "msg_type", pa.int8(), "AIS message type; null where the source does not say", low=1, high=27, source=M1371
        ),
        Column("ais_class", pa.string(), "transceiver class, 'A' or 'B'; null where unknown"),
        Column(
            "flags",
            pa.uint8(),
            "bits: 1 low accuracy (type 27), 2 reconstructed time, 4 accuracy bit set",
            required=True,
        ),
        Column("station", pa.string(), "receiving station or provider; null where the source does not say"),
    ),
)


def degrees_e7(degrees: Any, /) -> Any:
    """Convert degrees (float array, finite and in range) to int32 counts of 1e-7 degree."""
    return np.rint(np.asarray(degrees, dtype=np.float64) * DEGREE_E7).astype(np.int32)


def to_frame(table: Any, /) -> Any:
    """Give the public DataFrame: ``lon`` and ``lat`` in degrees, ``time`` timezone-aware, the rest as declared."""
    lon = table.column("lon_e7").to_numpy() / DEGREE_E7
    lat = table.column("lat_e7").to_numpy() / DEGREE_E7
    place = table.schema.get_field_index("lon_e7")
    table = table.set_column(place, "lon", pa.array(lon)).set_column(place + 1, "lat", pa.array(lat))
    return table.to_pandas()


def from_frame(frame: Any, /) -> Any:
    """Positions (Arrow) from a DataFrame with at least ``time``, ``mmsi``, ``lon`` and ``lat``.

    Times without a zone are taken as UTC; other columns of `POSITIONS` are used where they are there.

    Raises
    ------
    MissingColumnError
        When one of the four is missing.
    """
    import pandas as pd

    missing = [name for name in ("time", "mmsi", "lon", "lat") if name not in frame.columns]
    if missing:
        raise MissingColumnError(f"Positions lack {len(missing)} column(s): {', '.join(missing)}.")
    time = pd.to_datetime(frame["time"], utc=True)
    columns = {
        "time": pa.array(time.dt.as_unit("ms"), UTC_MS),
        "mmsi": pa.array(frame["mmsi"].to_numpy(), pa.int32()),
        "lon_e7": pa.array(degrees_e7(frame["lon"])),
        "lat_e7": pa.array(degrees_e7(frame["lat"])),
        "flags": pa.array(np.zeros(len(frame), np.uint8)),
    }
    for column in POSITIONS.columns:
        if column.name in frame.columns and (column.name not in columns or column.name == "flags"):
            columns[column.name] = pa.array(frame[column.name], column.type, from_pandas=True)
    return POSITIONS.conform(pa.table(columns))
