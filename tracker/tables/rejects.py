"""Rows set aside at reading, each with its reason: nothing vanishes."""

import pyarrow as pa

from tracker.tables.column import UTC_MS, Column, Table

REJECTS = Table(
    "rejects",
    "One row for each input row that became neither a position nor a static report.",
    (
        Column("input", pa.string(), "name of the input file as given", required=True),
        Column(
            "row",
            pa.int64(),
            "row of that file, from 1 (first line after a header; message number in NMEA)",
            required=True,
        ),
        Column("reason", pa.string(), "a code of REASONS", required=True),
        Column("time", UTC_MS, "time of the report where it could be read"),
        Column("mmsi", pa.int64(), "MMSI as sent where it could be read"),
        Column("detail", pa.string(), "the offending text, at most 200 characters"),
    ),
)

REASONS = {
    "bad_time": "the time is absent, unreadable, or outside 1990..2100",
    "bad_mmsi": "the MMSI is absent, not a number, or not of nine digits",
    "default_mmsi": "an MMSI that installers leave behind (0, 111111111, 123456789 and the like)",
    "not_a_ship": "a base station, aid to navigation, aircraft, handheld or emergency beacon",
    "bad_position": "latitude or longitude absent, not a number, or outside its range",
    "no_position": "latitude 91 or longitude 181: the ship said that it has no position",
    "null_island": "0 N 0 E: a receiver without a fix",
    "other_message": "a message type that holds neither a vessel's position nor its identity",
    "empty_static": "an identity report with no usable field",
    "bad_checksum": "the checksum of the sentence is wrong",
    "bad_sentence": "not a readable sentence or record",
    "incomplete_message": "a multi-part message whose parts never came together",
    "no_time": "no absolute time could be given to this report",
    "duplicate": "the same report is there already",
    "bad_row": "the row has the wrong number of fields",
}
"""Reason codes with their meaning; a format may use no other."""
