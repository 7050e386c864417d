"""Identity and voyage reports (message types 5, 19, 24 and what providers join to positions).

One row for each distinct content a station reported for an MMSI on a day, with the first and last time and
the number of reports that said so. Runs, not single messages: a ship repeats itself every six minutes, and
"confirmed by two messages" needs the count, not the copies. Two hulls on one MMSI show as overlapping rows.
"""

import pyarrow as pa

from tracker.tables.column import UTC_MS, Column, Table
from tracker.tables.positions import M1371

NOT_KEPT = "not kept"
"""Stands for IMO numbers as sent in tables of versions that did not keep them."""

STATICS = Table(
    "statics",
    "One row per day, MMSI and distinct static content.",
    (
        Column("time", UTC_MS, "first report with this content on this day, UTC", required=True),
        Column("last_time", UTC_MS, "last report with this content on this day, UTC", required=True),
        Column("reports", pa.int32(), "number of reports with this content on this day", required=True, low=1),
        Column("mmsi", pa.int32(), "maritime mobile service identity", required=True, low=1, high=999_999_999),
        Column("name", pa.string(), "name as sent, trimmed of '@' and blanks", source=M1371),
        Column("callsign", pa.string(), "radio call sign", source=M1371),
        Column("imo", pa.int32(), "IMO number with a right check digit", low=1_000_000, high=9_999_999),
        Column("ship_type", pa.int16(), "type of ship and cargo, 1..99; 0 is null", low=1, high=99, source=M1371),
        Column(
            "length_m", pa.float32(), "length overall, A + B or as given; 0 is null", low=1, high=1022, source=M1371
        ),
        Column("beam_m", pa.float32(), "beam, C + D or as given; 0 is null", low=1, high=126, source=M1371),
        Column(
            "to_bow_m", pa.int16(), "antenna to bow (A); null unless all four are usable", low=0, high=511, source=M1371
        ),
        Column("to_stern_m", pa.int16(), "antenna to stern (B)", low=0, high=511, source=M1371),
        Column("to_port_m", pa.int16(), "antenna to port side (C)", low=0, high=63, source=M1371),
        Column("to_starboard_m", pa.int16(), "antenna to starboard side (D)", low=0, high=63, source=M1371),
        Column(
            "draught_m", pa.float32(), "maximum present static draught; 0 is null", low=0.1, high=25.5, source=M1371
        ),
        Column("destination", pa.string(), "destination as sent", source=M1371),
        Column("ais_class", pa.string(), "transceiver class, 'A' or 'B'"),
        Column(
            "imo_sent",
            pa.string(),
            "IMO number as sent where it is none or its check digit is wrong; null: right, or not sent",
            absent=NOT_KEPT,
        ),
    ),
)

CONTENT = tuple(name for name in STATICS.names if name not in {"time", "last_time", "reports"})
"""The columns that make two reports the same content."""
