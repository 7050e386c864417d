"""What the streaming pass finds: candidate pairs, slow spells and silences. Cheap and complete, never a verdict."""

import pyarrow as pa

from tracker.tables.column import UTC_MS, Column, Table

CANDIDATES = Table(
    "candidates",
    "Runs of grid steps during which two vessels were within the candidate radius.",
    (
        Column("mmsi_1", pa.int32(), "lower MMSI", required=True),
        Column(
            "mmsi_2",
            pa.int32(),
            "higher MMSI (equal to mmsi_1 when two hulls share one MMSI: not reported)",
            required=True,
        ),
        Column("start_time", UTC_MS, "first grid step of the run", required=True),
        Column("end_time", UTC_MS, "last grid step of the run", required=True),
        Column("steps", pa.int32(), "steps at which both were within the radius", required=True),
        Column("min_distance_m", pa.float64(), "smallest distance at a step", required=True),
    ),
)

SLOW_SPELLS = Table(
    "slow_spells",
    "Runs of grid steps during which one vessel was slow.",
    (
        Column("mmsi", pa.int32(), "vessel", required=True),
        Column("start_time", UTC_MS, "first slow step", required=True),
        Column("end_time", UTC_MS, "last slow step", required=True),
        Column("lon", pa.float64(), "mean longitude, degrees", required=True),
        Column("lat", pa.float64(), "mean latitude, degrees", required=True),
        Column("spread_m", pa.float64(), "root mean square distance from the mean, m", required=True),
        Column("median_speed_kn", pa.float64(), "median of the speeds at the steps (from positions), kn"),
    ),
)

SILENCES = Table(
    "silences",
    "Times between two successive reports of one hull that are longer than the limit.",
    (
        Column("mmsi", pa.int32(), "vessel", required=True),
        Column("start_time", UTC_MS, "last report before", required=True),
        Column("end_time", UTC_MS, "first report after", required=True),
        Column("lon_1", pa.float64(), "longitude before, degrees", required=True),
        Column("lat_1", pa.float64(), "latitude before, degrees", required=True),
        Column("lon_2", pa.float64(), "longitude after, degrees", required=True),
        Column("lat_2", pa.float64(), "latitude after, degrees", required=True),
        Column("sog_kn_1", pa.float64(), "speed before, kn"),
        Column("sog_kn_2", pa.float64(), "speed after, kn"),
    ),
)
