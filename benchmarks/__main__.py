"""``python3 dev.py bench [--rows 1e6]``: makes synthetic data, measures, and writes ``benchmarks/RESULTS.md`` and an SVG.

Contenders run one after the other in processes of their own, round after round, so that a busy moment hits them alike.
Ratios are of CPU seconds, which other work on the machine disturbs less than wall time; both are given. The results are
written anew after every measurement: what was measured before an interrupt stands.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.contenders import CONTENDERS
from benchmarks.fleet import make, ships_of
from benchmarks.results import Measures, Results
from benchmarks.sentences import write_sentences

HERE = Path(__file__).parent
SCALING = ("decode", "scan", "detect")
MOST_SCALED = 9_000_000
"""Rows of the second plain set, and of the passes over the other sets, at most."""
MOST_DETECTED = 1_000_000
"""Rows of the other sets whose whole detection is measured, at most: those hold the most meetings."""
CSV_ROWS = 3_000_000
SENTENCES = 600_000


def measure(name: str, folder: Path, case: Path) -> Measures:
    """Run one contender in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.contenders", name, str(folder), str(case)]
    done = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"  {name:14} failed: {done.stderr[-1500:]}", flush=True)
        return {}
    measures: Measures = json.loads(done.stdout.splitlines()[-1])
    print(
        f"  {name:14} {measures['rows']:>11,} rows {measures['cpu_s']:8.2f} s CPU {measures['wall_s']:8.2f} s"
        f" {measures['peak_mb']:6.0f} MB  found {measures['found']:,}",
        flush=True,
    )
    return measures


def prepare(place: Path, /, *, rows: int, name: str) -> tuple[Path, Path]:
    """Make a set and read it into a case."""
    from tracker.pipeline.run import run

    folder, case = place / f"{name}-{rows}", place / f"case-{name}-{rows}"
    began = time.perf_counter()
    count = make(folder, rows=rows, name=name)
    made = time.perf_counter()
    print(f"{name}: {count:,} rows made in {made - began:.0f} s", flush=True)
    run([folder], case, detects=False)
    print(f"{name}: in the case after {time.perf_counter() - made:.0f} s", flush=True)
    return folder, case


def write_inputs(folder: Path) -> None:
    """The first rows again as the CSV of NOAA, and as NMEA sentences."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.csv as pa_csv
    import pyarrow.parquet as pq

    from benchmarks.contenders import COLUMNS

    for kind in ("csv", "nmea"):
        (folder / kind).mkdir()
    first = sorted(folder.glob("*.parquet"))[0]
    table = pq.ParquetFile(first).read(columns=COLUMNS).slice(0, CSV_ROWS)
    n = table.num_rows
    texts = {"VesselName": "SYNTHETIC", "IMO": "", "CallSign": "", "TransceiverClass": "A"}
    numbers = {"COG": 360.0, "Heading": 511.0, "VesselType": 70, "Status": 15, "Length": 180, "Width": 30, "Draft": 0.0}
    columns = {
        "MMSI": table["mmsi"],
        "BaseDateTime": pc.strftime(table["time"].cast(pa.timestamp("s")), format="%Y-%m-%dT%H:%M:%S"),
        "LAT": table["lat"],
        "LON": table["lon"],
        "SOG": table["sog"],
        **{name: pa.array(np.full(n, value)) for name, value in {**numbers, "Cargo": 70}.items()},
        **{name: pa.array([value]).take(pa.array(np.zeros(n, np.int32))) for name, value in texts.items()},
    }
    order = (
        "MMSI BaseDateTime LAT LON SOG COG Heading VesselName IMO CallSign VesselType Status Length Width Draft Cargo"
    )
    pa_csv.write_csv(pa.table(columns).select([*order.split(), "TransceiverClass"]), folder / "csv" / "SYNTHETIC.csv")
    known = table.filter(pc.less_equal(pc.abs(table["lat"]), 90.0)).slice(0, SENTENCES)
    fixes = {name: known.column(name).to_numpy() for name in COLUMNS}
    write_sentences(fixes, folder / "nmea" / "SYNTHETIC.nmea")


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="dev.py bench", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=float, default=1e6, help="rows of the largest set  [1e6]")
    parser.add_argument("--rounds", type=int, default=3, help="rounds, as long as there is time  [3]")
    parser.add_argument("--minutes", type=float, default=18.0, help="begin no further measurement after this  [18]")
    parser.add_argument("--only", help="names of contenders, with commas between; no scaling then")
    parser.add_argument("--to", type=Path, default=HERE, help="folder of RESULTS.md and scaling.svg  [benchmarks]")
    args = parser.parse_args()
    rows, began = int(args.rows), time.perf_counter()
    chosen = args.only.split(",") if args.only else list(CONTENDERS)

    def is_time_left(needed_s: float = 0.0, share: float = 1.0) -> bool:
        return time.perf_counter() - began + needed_s < 60.0 * args.minutes * share

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    place = Path(tempfile.mkdtemp(prefix="tracker-bench-"))
    results = Results(args.to, rows)
    try:
        folder, case = prepare(place, rows=rows, name="plain")
        write_inputs(folder)
        for number in range(args.rounds):
            print(f"round {number + 1} of {args.rounds}, {time.perf_counter() - began:.0f} s", flush=True)
            for name in chosen:
                # later rounds leave out what would take the time of the sets that follow
                if number and not is_time_left(results.wall_s(name), 0.6):
                    continue
                results.add(name, measure(name, folder, case))
            results.note_load(os.getloadavg()[0])
        if args.only is None:
            _scale(place, rows, results, is_time_left)
        results.is_whole = True
    except KeyboardInterrupt:
        print("interrupted: what was measured is kept", flush=True)
    finally:
        results.write()
        shutil.rmtree(place, ignore_errors=True)
    print(f"written: {args.to / 'RESULTS.md'} after {time.perf_counter() - began:.0f} s")


def _scale(place: Path, rows: int, results: Results, is_time_left) -> None:  # type: ignore[no-untyped-def]
    """The same over fewer rows, and over the other sets."""
    fewer, part = min(rows // 5, MOST_SCALED), min(rows, MOST_DETECTED)
    sets = [("plain", fewer, SCALING)]
    for name in ("port", "wide", "sparse"):
        wide = min(rows, MOST_SCALED)
        sets += [(name, part, SCALING)] if wide == part else [(name, wide, SCALING[:2]), (name, part, SCALING)]
    # ratios between sets are to be of sets of one size
    sets += [("plain", part, SCALING)] if part not in (fewer, rows) else []
    for name, count, contenders in sorted(sets, key=lambda one: (one[0] != "plain", one[1], one[0])):
        if not is_time_left():
            results.left_out.append(f"{name}, {count:,} rows")
            continue
        folder, case = prepare(place, rows=count, name=name)
        for _ in range(2):
            for one in contenders:
                if one != "detect" or results.lacks(name, count, one):
                    results.add_scaling(name, count, ships_of(name, count), one, measure(one, folder, case))
        for path in (folder, case):
            shutil.rmtree(path, ignore_errors=True)


if __name__ == "__main__":
    main()
