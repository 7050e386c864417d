"""Ships seen from space (or from the air) without a name: where, when, how long, by whom; and which ship heard fits."""

import pyarrow as pa

from tracker.tables.column import UTC_MS, Column, Table

MATCHED, UNMATCHED, UNASKED = "matched", "unmatched", "outside the data"

DETECTIONS = Table(
    "detections",
    "Detections of the user's files, held against the tracks of the last run.",
    (
        Column("file", pa.string(), "file it stands in", required=True),
        Column("row", pa.int32(), "row of the file, from 1", required=True),
        Column("time", UTC_MS, "when, UTC", required=True),
        Column("lon", pa.float64(), "longitude, degrees", required=True, low=-180, high=180),
        Column("lat", pa.float64(), "latitude, degrees", required=True, low=-90, high=90),
        Column("length_m", pa.float64(), "length as estimated by the source, m", low=0),
        Column("source", pa.string(), "satellite, product or provider, as the file says"),
        Column(
            "status",
            pa.string(),
            "'matched' to a ship that was heard, 'unmatched', or 'outside the data' when no ship was heard near then",
            required=True,
        ),
        Column("mmsi", pa.int32(), "ship that fits best; of an unmatched one the nearest ship heard"),
        Column("distance_m", pa.float64(), "from the place of that ship at that time, m", low=0),
        Column("uncertainty_m", pa.float64(), "how far apart the two may be and still be one, m", low=0),
        Column("event_id", pa.string(), "dark encounter that it is evidence for"),
        Column("run_id", pa.string(), "the run that matched it", required=True),
    ),
)
