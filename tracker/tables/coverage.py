"""Coverage: what was heard against what was there to hear, by cell and hour, and the outages in it."""

import pyarrow as pa

from tracker.tables.column import UTC_MS, Column, Table

STATES = ("heard", "thin", "down", "unknown")
"""Of a cell and hour: as expected; less than expected; nothing to speak of; too few ships to tell."""

COVERAGE = Table(
    "coverage",
    "Reception by cell and hour: ships that were there, those expected to be heard, and those heard.",
    (
        Column("hour", UTC_MS, "beginning of the hour (or of the hours, see hours)", required=True),
        Column("hours", pa.int32(), "hours that the row covers", required=True, low=1),
        Column("west", pa.float64(), "western edge of the cell, degrees", required=True, low=-180, high=180),
        Column("east", pa.float64(), "eastern edge, degrees", required=True, low=-180, high=180),
        Column("south", pa.float64(), "southern edge, degrees", required=True, low=-90, high=90),
        Column("north", pa.float64(), "northern edge, degrees", required=True, low=-90, high=90),
        Column("ships", pa.int32(), "ship-hours there: heard, or between two hours in which heard", required=True),
        Column("expected", pa.float64(), "ship-hours expected to be heard, by how often each ship is heard otherwise"),
        Column("heard", pa.int32(), "ship-hours heard", required=True),
        Column("reports", pa.int64(), "reports", required=True),
        Column("state", pa.string(), "one of heard, thin, down, unknown", required=True),
    ),
)

OUTAGES = Table(
    "outages",
    "Times in which nothing to speak of was heard where ships were: a receiver, a region or the whole feed.",
    (
        Column("start_time", UTC_MS, "beginning, to the hour", required=True),
        Column("end_time", UTC_MS, "end, to the hour", required=True),
        Column("scope", pa.string(), "'feed' (nothing at all was heard) or 'area'", required=True),
        Column("cells", pa.int32(), "cells that fell silent; null when the whole feed did"),
        Column("ship_hours", pa.int32(), "ship-hours that went unheard in it", required=True),
        Column("west", pa.float64(), "western edge, degrees; null when the whole feed did"),
        Column("east", pa.float64(), "eastern edge, degrees"),
        Column("south", pa.float64(), "southern edge, degrees"),
        Column("north", pa.float64(), "northern edge, degrees"),
    ),
)
