"""One measurement each, run in a process of its own by `benchmarks`: it prints seconds, CPU, peak memory and what it found.

All of them answer the same question as far as they can: which pairs of ships are within a kilometre of each other at
three grid steps of five minutes or more. Only ours also follows silences, slow spells, several hulls on one number.

    python -m benchmarks.contenders NAME FOLDER [CASE]
"""

import json
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from importlib import import_module
from math import cos, radians
from pathlib import Path
from typing import Any

import numpy as np

COLUMNS = ["mmsi", "time", "lon", "lat", "sog"]
STEP_S = 300
RADIUS_M = 1000.0
CELL_DEG = 0.0091
SLICE_ROWS = {
    "python_rule": 200_000,
    "python_cells": 200_000,
    "movingpandas": 3_000,
    "kd_tree": 6_000_000,
    "duckdb_sql": 4_000_000,
    "duckdb_cells": 12_000_000,
}
"""Rows given to the slow or memory-hungry ones at most: their cost grows with rows at least as fast as ours."""


def _days(folder: Path) -> list[str]:
    return sorted(map(str, folder.glob("*.parquet")))


def _fixes(folder: Path, rows: int | None = None) -> dict[str, np.ndarray]:
    import pyarrow.parquet as pq

    table = pq.read_table(_first_days(folder, rows), columns=COLUMNS)
    table = table if rows is None else table.slice(0, rows)
    return {name: table.column(name).to_numpy() for name in COLUMNS}


def _first_days(folder: Path, rows: int | None) -> list[str]:
    """Files that hold the first so many rows."""
    import pyarrow.parquet as pq

    days, held = [], 0
    for path in _days(folder):
        if rows is not None and held >= rows:
            break
        days.append(path)
        held += pq.ParquetFile(path).metadata.num_rows
    return days


def decode(folder: Path, _case: Path) -> tuple[int, int]:
    """Only decode: five columns of float64 zstd Parquet, pyarrow `iter_batches`."""
    import pyarrow.parquet as pq

    rows = 0
    for path in _days(folder):
        for batch in pq.ParquetFile(path).iter_batches(columns=COLUMNS, batch_size=500_000):
            rows += batch.num_rows
    return rows, 0


def decode_hot(_folder: Path, case: Path) -> tuple[int, int]:
    """Only decode: the same rows as the case keeps them (int32, lz4), the columns of the pass."""
    from tracker.archive.case import open_case
    from tracker.tables.fixes import PASS_COLUMNS

    return sum(map(len, open_case(case).store().batches(columns=PASS_COLUMNS))), 0


def scan(_folder: Path, case: Path) -> tuple[int, int]:
    """Our pass with decoding: candidates, slow spells, silences. The next batch is decoded meanwhile, as in a run."""
    from tracker.archive.case import open_case
    from tracker.engine import Scanner, ScanParams
    from tracker.pipeline.readahead import read_ahead
    from tracker.tables.fixes import PASS_COLUMNS

    scanner = Scanner(ScanParams())
    for batch in read_ahead(open_case(case).store().batches(columns=PASS_COLUMNS)):
        scanner.feed(batch)
    found = scanner.finish()
    return found.counts["fixes"], found.candidates.num_rows


def detect(_folder: Path, case: Path) -> tuple[int, int]:
    """Our whole `tracker detect`: all events, waters, identity, cargo, files, map."""
    from tracker.pipeline.run import run

    summary = run([], case)
    return summary.record["searched"]["positions"], summary.record["events"]


def duckdb_sql(folder: Path, _case: Path) -> tuple[int, int]:
    """DuckDB SQL that finds the same candidates: grid by interpolation, cells joined, runs. No slow spells, no silences."""
    import duckdb

    from benchmarks.duckdb_rule import candidates

    connection = duckdb.connect()
    days = _first_days(folder, SLICE_ROWS["duckdb_sql"])
    found = connection.execute(f"SELECT count(*) FROM ({candidates(days)})").fetchall()
    rows = connection.execute(f"SELECT count(*) FROM read_parquet({days!r})").fetchall()
    return rows[0][0], found[0][0]


def duckdb_cells(folder: Path, _case: Path) -> tuple[int, int]:
    """DuckDB SQL of a lesser question: last place in each step, cells joined with themselves, nothing interpolated."""
    import duckdb

    connection = duckdb.connect()
    days = _first_days(folder, SLICE_ROWS["duckdb_cells"])
    found = connection.execute(
        f"""
        WITH places AS (
          SELECT mmsi, epoch(time)::BIGINT // {STEP_S} AS step, arg_max(lon, time) AS lon, arg_max(lat, time) AS lat
          FROM read_parquet({days!r}) WHERE abs(lat) <= 90 GROUP BY ALL
        ), cells AS (
          SELECT *, floor(lat / {CELL_DEG})::INT AS line,
                 floor(lon * cos(radians(floor(lat / {CELL_DEG}) * {CELL_DEG})) / {CELL_DEG})::INT AS place FROM places
        ), around AS (
          SELECT c.*, c.line + a.i AS near_line, c.place + b.j AS near_place
          FROM cells c, (VALUES (-1), (0), (1)) a(i), (VALUES (-1), (0), (1)) b(j)
        )
        SELECT count(*) FROM (
          SELECT a.mmsi, b.mmsi FROM around a
          JOIN cells b ON b.step = a.step AND b.line = a.near_line AND b.place = a.near_place AND a.mmsi < b.mmsi
          WHERE 111195 * sqrt(pow(a.lat - b.lat, 2) + pow((a.lon - b.lon) * cos(radians(a.lat)), 2)) <= {RADIUS_M}
          GROUP BY ALL HAVING count(*) >= 3)
        """
    ).fetchall()
    rows = connection.execute(f"SELECT count(*) FROM read_parquet({days!r})").fetchall()
    return rows[0][0], found[0][0]


def kd_tree(folder: Path, _case: Path) -> tuple[int, int]:
    """NumPy and a SciPy KD-tree for each step."""
    from scipy.spatial import cKDTree

    fixes = _fixes(folder, SLICE_ROWS["kd_tree"])
    step = fixes["time"].astype("datetime64[s]").astype(np.int64) // STEP_S
    order = np.lexsort((fixes["time"], fixes["mmsi"], step))
    step, mmsi, lat = step[order], fixes["mmsi"][order], np.radians(fixes["lat"][order])
    lon = np.radians(fixes["lon"][order])
    last = np.r_[(step[1:] != step[:-1]) | (mmsi[1:] != mmsi[:-1]), True] & (np.abs(lat) <= np.pi / 2)
    step, mmsi, lat, lon = step[last], mmsi[last], lat[last], lon[last]
    xyz = 6_371_000 * np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    pairs: list[np.ndarray] = []
    edges = np.flatnonzero(np.r_[True, step[1:] != step[:-1], True])
    for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        near = cKDTree(xyz[start:end]).query_pairs(RADIUS_M, output_type="ndarray")
        pairs.append(np.sort(mmsi[start:end][near], axis=1))
    _, count = np.unique(np.concatenate(pairs), axis=0, return_counts=True)
    return len(order), int((count >= 3).sum())


def python_rule(folder: Path, _case: Path) -> tuple[int, int]:
    """The same work in plain Python, report by report: hulls in reach, grid by interpolation, cells, haversine, runs."""
    from benchmarks.plain_rule import candidates

    fixes = _fixes(folder, SLICE_ROWS["python_rule"])
    time_s = fixes["time"].astype("datetime64[s]").astype(np.int64).tolist()
    found = candidates(zip(time_s, *(fixes[n].tolist() for n in ("mmsi", "lon", "lat")), strict=True))
    return len(time_s), found


def python_cells(folder: Path, _case: Path) -> tuple[int, int]:
    """Plain Python without interpolation: the last place in each step, cells, pairs."""
    fixes = _fixes(folder, SLICE_ROWS["python_cells"])
    time_s = fixes["time"].astype("datetime64[s]").astype(np.int64).tolist()
    together: Counter[tuple[int, int]] = Counter()
    places: dict[int, tuple[float, float]] = {}
    now = None
    for t, mmsi, lon, lat in zip(time_s, *(fixes[n].tolist() for n in ("mmsi", "lon", "lat")), strict=True):
        if t // STEP_S != now:
            together.update(_near(places))
            now, places = t // STEP_S, {}
        if abs(lat) <= 90:
            places[mmsi] = lon, lat
    together.update(_near(places))
    return len(time_s), sum(count >= 3 for count in together.values())


def _near(places: dict[int, tuple[float, float]]) -> list[tuple[int, int]]:
    cells: dict[tuple[int, int], list[int]] = defaultdict(list)
    found = []
    for mmsi, (lon, lat) in places.items():
        line = int(lat // CELL_DEG)
        for i in (-1, 0, 1):
            shrink = cos(radians((line + i) * CELL_DEG))
            place = int(lon * shrink // CELL_DEG)
            for j in (-1, 0, 1):
                for other in cells[line + i, place + j]:
                    x, y = places[other]
                    if (((x - lon) * shrink * 111_195) ** 2 + ((y - lat) * 111_195) ** 2) <= RADIUS_M**2:
                        found.append((min(mmsi, other), max(mmsi, other)))
        cells[line, int(lon * cos(radians(line * CELL_DEG)) // CELL_DEG)].append(mmsi)
    return found


def movingpandas(folder: Path, _case: Path) -> tuple[int, int]:
    """movingpandas for places at each step, geopandas for who is near."""
    import geopandas
    import movingpandas as mpd
    import pandas as pd

    fixes = _fixes(folder, SLICE_ROWS["movingpandas"])
    frame = pd.DataFrame(fixes)
    frame = frame[frame["lat"].abs() <= 90].drop_duplicates(["mmsi", "time"])
    tracks = mpd.TrajectoryCollection(frame, "mmsi", t="time", x="lon", y="lat", crs="EPSG:4326")
    rows = []
    for track in tracks:
        begin, end = track.get_start_time(), track.get_end_time()
        for moment in pd.date_range(pd.Timestamp(begin).ceil("300s"), end, freq="300s"):
            rows.append((track.id, moment, track.interpolate_position_at(moment.to_pydatetime())))
    table = geopandas.GeoDataFrame(rows, columns=["mmsi", "time", "geometry"], crs="EPSG:4326").to_crs("EPSG:3395")
    found: Counter[tuple[int, int]] = Counter()
    for _, step in table.groupby("time"):
        joined = step.sjoin(step.assign(geometry=step.buffer(RADIUS_M)), predicate="within")
        found.update((a, b) for a, b in zip(joined["mmsi_left"], joined["mmsi_right"], strict=True) if a < b)
    return len(fixes["mmsi"]), sum(count >= 3 for count in found.values())


def copy_csv(folder: Path, _case: Path) -> tuple[int, int]:
    """DuckDB only copies the CSV to Parquet."""
    import duckdb

    source, target = folder / "csv", folder / "copy.parquet"
    text = f"COPY (FROM read_csv('{source}/*.csv')) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
    rows = duckdb.connect().execute(text).fetchall()[0][0]
    target.unlink()
    return rows, 0


def ingest_csv(folder: Path, case: Path) -> tuple[int, int]:
    """Our `tracker ingest` of the same NOAA CSV: checked, sorted into days, rejects with reasons."""
    return _ingest(folder / "csv", case)


def _ingest(source: Path, case: Path) -> tuple[int, int]:
    from shutil import rmtree

    from tracker.pipeline.run import run

    place = case.with_name(f"ingested-{source.name}")
    rmtree(place, ignore_errors=True)
    record = run([source], place, detects=False).record
    rmtree(place)
    return record["read"]["rows"], record["read"]["positions"]


def ingest_nmea(folder: Path, case: Path) -> tuple[int, int]:
    """Our `tracker ingest` of NMEA sentences with tag blocks."""
    return _ingest(folder / "nmea", case)


CONTENDERS: dict[str, Callable[[Path, Path], tuple[int, int]]] = {
    one.__name__: one
    for one in (
        decode,
        decode_hot,
        scan,
        detect,
        duckdb_sql,
        duckdb_cells,
        kd_tree,
        python_rule,
        python_cells,
        movingpandas,
        copy_csv,
        ingest_csv,
        ingest_nmea,
    )
}
LIBRARIES: dict[str, tuple[str, ...]] = {
    "decode": ("pyarrow.parquet",),
    "decode_hot": ("duckdb", "pandas", "pyarrow.compute", "tracker.archive.case"),
    "scan": ("duckdb", "pandas", "pyarrow.compute", "tracker.archive.case", "tracker.engine"),
    "detect": (
        "duckdb",
        "pandas",
        "pyarrow.compute",
        "tracker.pipeline.run",
        "tracker.views.map",
        "folium",
        "geopandas",
        "scipy.spatial",
    ),
    "duckdb_sql": ("duckdb", "tracker.engine.params"),
    "duckdb_cells": ("duckdb",),
    "kd_tree": ("pyarrow.parquet", "scipy.spatial"),
    "python_rule": ("pyarrow.parquet",),
    "python_cells": ("pyarrow.parquet",),
    "movingpandas": ("pyarrow.parquet", "movingpandas", "geopandas"),
    "copy_csv": ("duckdb",),
    "ingest_csv": ("duckdb", "pandas", "tracker.pipeline.run", "tracker.formats.noaa_csv", "tracker.cleaning.checks"),
    "ingest_nmea": ("duckdb", "pandas", "tracker.pipeline.run", "tracker.formats.nmea", "tracker.cleaning.checks"),
}
OURS = ("scan", "detect")


def _cpu_s() -> float:
    """CPU seconds of this process and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _peak_mb() -> float:
    """Largest memory of this process; `ru_maxrss` would begin with that of the process that started it."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def main() -> None:
    """Run one contender and print its measures as JSON."""
    name, folder, case = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    # loading libraries and compiled code is no part of the work
    for module in LIBRARIES[name]:
        import_module(module)
    if name in OURS:
        from tracker.engine import warm_up

        warm_up().join()
    wall, cpu = time.perf_counter(), _cpu_s()
    rows, found = CONTENDERS[name](folder, case)
    measures: dict[str, Any] = {
        "wall_s": time.perf_counter() - wall,
        "cpu_s": _cpu_s() - cpu,
        "peak_mb": _peak_mb(),
        "rows": rows,
        "found": found,
    }
    print(json.dumps(measures))


if __name__ == "__main__":
    main()
