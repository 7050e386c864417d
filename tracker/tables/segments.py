"""What detection makes of the reports of one MMSI: hulls (segments), and reports set aside, each with its reason."""

import pyarrow as pa

from tracker.tables.column import UTC_MS, Column, Table

SET_ASIDE_REASONS = {
    "repeated_report": "the same report again: another file, station, rounding or receiver's clock",
    "clock_shifted": "a copy of this ship's own track with a shifted clock",
    "wild_position": "left and returned faster than the ship goes",
    "far_after_silence": "far off after a silence, contradicted by the reports that follow",
    "far_before_silence": "far off before a silence, contradicted by the reports before it",
    "lone_position": "from no hull of this MMSI that was heard often enough",
    "spoofed_position": "inside a spoofing event of type circle, grid, frozen, replayed or on_land",
}
"""Reasons for which detection sets reports aside, with their meaning; the reports stay in the case."""
REASON_CODES = {reason: number for number, reason in enumerate(("", *SET_ASIDE_REASONS))}
REASON_NAMES = ("", *SET_ASIDE_REASONS)

SET_ASIDE = Table(
    "set_aside",
    "Reports that detection did not use, runs of one reason together; the positions themselves stay in the case.",
    (
        Column("mmsi", pa.int32(), "maritime mobile service identity", required=True),
        Column("reason", pa.string(), "a code of SET_ASIDE_REASONS", required=True),
        Column("first_time", UTC_MS, "first report of the run", required=True),
        Column("last_time", UTC_MS, "last report of the run", required=True),
        Column("reports", pa.int64(), "reports in the run", required=True),
        Column("lon", pa.float64(), "longitude of the first, degrees", required=True),
        Column("lat", pa.float64(), "latitude of the first, degrees", required=True),
    ),
)

SEGMENTS = Table(
    "segments",
    "Hulls of an MMSI that was heard in places no one ship can have been, one row for each hull.",
    (
        Column("mmsi", pa.int32(), "maritime mobile service identity", required=True),
        Column("hull", pa.int32(), "number of the hull under this MMSI, from 0", required=True),
        Column("first_time", UTC_MS, "first report", required=True),
        Column("last_time", UTC_MS, "last report", required=True),
        Column("reports", pa.int64(), "reports", required=True),
        Column("lon_first", pa.float64(), "longitude of the first, degrees", required=True),
        Column("lat_first", pa.float64(), "latitude of the first, degrees", required=True),
        Column("lon_last", pa.float64(), "longitude of the last, degrees", required=True),
        Column("lat_last", pa.float64(), "latitude of the last, degrees", required=True),
        Column("max_speed_kn", pa.float64(), "highest speed made good between two reports over 10 min apart, kn"),
    ),
)
