"""DuckDB, asked the same question in SQL, finds the pairs that the pass finds."""

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.duckdb_rule import candidates
from tests.engine.fleet import fixes_at
from tracker.engine import scan
from tracker.geo.kernels import from_local_xy_m


def sailing_about(seed, *, ships=20, hours=48):
    """Ships that sail from place to place, each heard evenly: no wrong place, no shared number."""
    rng = np.random.default_rng(seed)
    rows = []
    for ship in range(ships):
        corner_s = np.append(0.0, np.cumsum(rng.uniform(1.0, 4.0, 60) * 3600.0))
        east, north = rng.uniform(-6_000.0, 6_000.0, (2, 61))
        t = np.arange(rng.uniform(0, 600), hours * 3600.0, rng.choice([60.0, 170.0, 600.0, 1500.0]))
        lon, lat = from_local_xy_m(np.interp(t, corner_s, east), np.interp(t, corner_s, north), 120.0, 38.0)
        rows += zip(t, np.full(len(t), 100_000_001 + ship), lon, lat, strict=True)
    return fixes_at(rows)


def test_duckdb_finds_the_same_runs_of_the_same_pairs(tmp_path):
    ours, theirs = set(), set()
    for seed in range(4):
        fixes, path = sailing_about(seed), tmp_path / f"{seed}.parquet"
        time = pa.array(fixes.time_ms).cast(pa.timestamp("ms"))
        pq.write_table(pa.table({"mmsi": fixes.mmsi, "time": time, "lon": fixes.lon, "lat": fixes.lat}), path)
        found = scan([fixes]).candidates.select(["mmsi_1", "mmsi_2", "start_time", "end_time", "steps"]).to_pylist()
        ours |= {(seed, *(v.replace(tzinfo=None) if hasattr(v, "tzinfo") else v for v in r.values())) for r in found}
        rows = duckdb.connect().execute(candidates([str(path)])).fetchall()
        theirs |= {(seed, *row) for row in rows}
    # they measure on a sphere: a step at 998 m may be one of 1,001 m
    assert len(ours) > 150
    assert len(ours ^ theirs) <= 0.05 * len(ours)
