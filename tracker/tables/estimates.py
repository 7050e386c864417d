"""Estimates of cargo with what they rest on: one row for each meeting that was weighed."""

import pyarrow as pa

from tracker.tables.column import Column, Table

ESTIMATES = Table(
    "estimates",
    "Cargo of each meeting that was weighed, with direction, draws and the reasoning.",
    (
        Column("event_id", pa.string(), "the principal event of the meeting", required=True),
        Column("legs", pa.string(), "events of the same meeting, ';'-joined", required=True),
        Column("donor_mmsi", pa.int32(), "the ship that more probably gave, whether named in events or not"),
        Column("receiver_mmsi", pa.int32(), "the ship that more probably received", required=True),
        Column("direction_probability", pa.float64(), "that it went this way", required=True, low=0, high=1),
        Column("direction_basis", pa.string(), "draughts, types, sizes", required=True),
        Column("product", pa.string(), "product assumed; null for dry cargo"),
        Column("product_basis", pa.string(), "where the product comes from", required=True),
        Column("p10_t", pa.float64(), "P10, t", required=True, low=0),
        Column("p50_t", pa.float64(), "P50, t", required=True, low=0),
        Column("p90_t", pa.float64(), "P90, t", required=True, low=0),
        Column("grade", pa.string(), "A..D", required=True),
        Column("flags", pa.string(), "conflicts and doubts, ';'-joined", required=True),
        Column("effective_draws", pa.float64(), "draws that count, of those made", required=True, low=0),
        Column("draws", pa.int32(), "draws made", required=True),
        Column("seed", pa.string(), "seed of the draws where measurements stand alone", required=True),
        Column("reasoning", pa.string(), "lines of the reasoning, each input with its time and source", required=True),
        Column("run_id", pa.string(), "the run that made it", required=True),
    ),
)
