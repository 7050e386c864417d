"""Reports as a format reads them: one row for each input row, before any check.

A format only maps its layout to these columns, converts units and parses text; it judges nothing else.
The checks (sentinels, ranges, MMSI classes, default MMSIs) are the same for every format and live in
``cleaning``. A row that the format itself cannot read carries its reason in ``reject``.
"""

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from tracker.tables.column import UTC_MS, Column, Table

HAS_POSITION = 1
HAS_STATIC = 2

REPORTS = Table(
    "reports",
    "One row for each row (line, record, assembled message) of an input.",
    (
        Column("row", pa.int64(), "row of the input, from 1", required=True),
        Column("kind", pa.uint8(), "bits: 1 holds a position, 2 holds identity or voyage data", required=True),
        Column("reject", pa.string(), "reason code when the format could not read the row; else null"),
        Column("detail", pa.string(), "the offending text of a rejected row, at most 200 characters"),
        Column("time", UTC_MS, "time of the report, UTC; null where unreadable"),
        Column("mmsi", pa.int64(), "MMSI as sent"),
        Column("lon", pa.float64(), "longitude as sent, degrees"),
        Column("lat", pa.float64(), "latitude as sent, degrees"),
        Column("sog_kn", pa.float32(), "speed over ground as sent, knots"),
        Column("cog_deg", pa.float32(), "course over ground as sent, degrees"),
        Column("heading_deg", pa.float32(), "true heading as sent, degrees"),
        Column("nav_status", pa.int16(), "navigational status as sent"),
        Column("msg_type", pa.int8(), "AIS message type, null where the source does not say"),
        Column("ais_class", pa.string(), "'A' or 'B', null where unknown"),
        Column("flags", pa.uint8(), "position flags (see positions); null is 0"),
        Column("station", pa.string(), "receiving station or provider"),
        Column("name", pa.string(), "ship's name as sent"),
        Column("callsign", pa.string(), "call sign as sent"),
        Column("imo", pa.string(), "IMO number as sent, text"),
        Column("ship_type", pa.int16(), "ship type code as sent"),
        Column("length_m", pa.float32(), "length overall as given by the source"),
        Column("beam_m", pa.float32(), "beam as given by the source"),
        Column("to_bow_m", pa.int16(), "A"),
        Column("to_stern_m", pa.int16(), "B"),
        Column("to_port_m", pa.int16(), "C"),
        Column("to_starboard_m", pa.int16(), "D"),
        Column("draught_m", pa.float32(), "draught as sent, metres"),
        Column("destination", pa.string(), "destination as sent"),
    ),
)


@dataclass(frozen=True)
class Reports:
    """A stretch of an input: ``table`` conforms to `REPORTS`; ``read_bytes`` is how far into the file on disk we are.

    ``field_faults`` counts malformed single fields that became unknown without costing their row, by column.
    """

    table: Any
    read_bytes: int
    field_faults: dict[str, int]
