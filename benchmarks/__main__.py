"""``python3 dev.py bench [--rows 1e6]``: makes synthetic data, measures, and writes ``benchmarks/RESULTS.md`` and an SVG.

Contenders run one after the other in processes of their own, round after round, so that a busy moment hits them alike.
Ratios are of CPU seconds, which other work on the machine disturbs less than wall time; both are given.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.contenders import CONTENDERS
from benchmarks.figure import bars
from benchmarks.fleet import KINDS, make

HERE = Path(__file__).parent
SCALING = ("decode", "scan", "detect")
Measures = dict[str, Any]


def measure(name: str, folder: Path, case: Path) -> Measures:
    """Run one contender in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.contenders", name, str(folder), str(case)]
    done = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{name} failed:\n{done.stderr[-2000:]}")
    measures: Measures = json.loads(done.stdout.splitlines()[-1])
    print(
        f"  {name:14} {measures['cpu_s']:8.2f} s CPU, {measures['wall_s']:8.2f} s, {measures['peak_mb']:6.0f} MB",
        flush=True,
    )
    return measures


def prepare(place: Path, /, *, rows: int, name: str) -> tuple[Path, Path]:
    """Make a set and read it into a case."""
    from tracker.pipeline.run import run

    folder, case = place / f"{name}-{rows}", place / f"case-{name}-{rows}"
    count = make(folder, rows=rows, name=name)
    print(f"{name}: {count:,} rows", flush=True)
    run([folder], case, detects=False)
    return folder, case


def write_csv(folder: Path) -> None:
    """The first day again as CSV."""
    import pyarrow.csv as pa_csv
    import pyarrow.parquet as pq

    (folder / "csv").mkdir()
    first = sorted(folder.glob("*.parquet"))[0]
    pa_csv.write_csv(pq.read_table(first), folder / "csv" / "SYNTHETIC.csv")


def per_row(all_measures: Sequence[Measures], what: str = "cpu_s") -> list[float]:
    """Microseconds a row in each round."""
    return [m[what] / m["rows"] * 1e6 for m in all_measures]


def table_of(found: dict[str, list[Measures]]) -> list[str]:
    """Lines of the main table."""
    base = statistics.median(per_row(found["decode"]))
    lines = [
        "| what | rows | CPU µs a row, min | median | ratio to decoding, median (min) | M rows a CPU second | wall s, median | peak MB |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, rounds in found.items():
        cpu = per_row(rounds)
        text = (CONTENDERS[name].__doc__ or name).splitlines()[0].rstrip(".")
        lines.append(
            f"| {text} | {rounds[0]['rows']:,} | {min(cpu):.3f} | {statistics.median(cpu):.3f} "
            f"| {statistics.median(cpu) / base:.1f} ({min(cpu) / min(per_row(found['decode'])):.1f}) "
            f"| {1 / statistics.median(cpu):.3f} | {statistics.median(m['wall_s'] for m in rounds):.2f} "
            f"| {max(m['peak_mb'] for m in rounds):.0f} |"
        )
    return lines


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="dev.py bench", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=float, default=1e6, help="rows of the largest set  [1e6]")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", help="names of contenders, with commas between")
    args = parser.parse_args()
    rows = int(args.rows)
    chosen = args.only.split(",") if args.only else list(CONTENDERS)
    place = Path(tempfile.mkdtemp(prefix="tracker-bench-"))
    try:
        folder, case = prepare(place, rows=rows, name="plain")
        write_csv(folder)
        found: dict[str, list[Measures]] = {name: [] for name in chosen}
        load = [os.getloadavg()[0]]
        for number in range(args.rounds):
            print(f"round {number + 1} of {args.rounds}", flush=True)
            for name in chosen:
                found[name].append(measure(name, folder, case))
            load.append(os.getloadavg()[0])
        scaling: dict[str, dict[str, Measures]] = {}
        sets = [("plain", rows // 4), *((name, rows) for name in KINDS)]
        for name, count in sets if "scan" in chosen else []:
            where = (folder, case) if (name, count) == ("plain", rows) else prepare(place, rows=count, name=name)
            label = f"{name}, {KINDS[name].ships:,} ships"
            scaling[f"{label}, {count / 1e6:g} M"] = {one: measure(one, *where) for one in SCALING}
        write_results(found, scaling, load)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def write_results(found: dict[str, list[Measures]], scaling: dict[str, dict[str, Measures]], load: list[float]) -> None:
    """Write the tables and the figure."""
    packages = ("numpy", "numba", "pyarrow", "duckdb", "scipy", "geopandas", "movingpandas")
    lines = [
        "# Measured",
        "",
        "Written by `python3 dev.py bench`; the data is synthetic (`benchmarks/fleet.py`). Compiled code is loaded before",
        "the clock starts. Ratios are of CPU time a row against only decoding the same rows.",
        "",
        f"- {datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}",
        "- " + ", ".join(f"{name} {version(name)}" for name in packages),
        f"- load average before and after each round: {', '.join(f'{one:.1f}' for one in load)} "
        "(above the number of cores, other work shared the machine)",
        "",
        *table_of(found),
    ]
    if {"copy_csv", "ingest_csv"} <= found.keys():
        ratios = [
            ours["wall_s"] / theirs["wall_s"]
            for ours, theirs in zip(found["ingest_csv"], found["copy_csv"], strict=True)
        ]
        cpu = [o["cpu_s"] / t["cpu_s"] for o, t in zip(found["ingest_csv"], found["copy_csv"], strict=True)]
        lines += [
            "",
            f"Ingest of CSV against DuckDB merely copying it: {statistics.median(cpu):.1f} times the CPU "
            f"(min {min(cpu):.1f}), {statistics.median(ratios):.1f} times the wall time (min {min(ratios):.1f}).",
        ]
    if scaling:
        lines += [
            "",
            "## Scaling",
            "",
            "| set | rows | found: candidates, events | pass, CPU µs a row | whole detect, CPU µs a row | pass / decoding | detect / decoding | peak MB: pass, detect |",
            "|---|---|---|---|---|---|---|---|",
        ]
        for label, one in scaling.items():
            cost = {name: per_row([m])[0] for name, m in one.items()}
            lines.append(
                f"| {label} | {one['scan']['rows']:,} | {one['scan']['found']:,}, {one['detect']['found']:,} | {cost['scan']:.3f} "
                f"| {cost['detect']:.3f} | {cost['scan'] / cost['decode']:.1f} | {cost['detect'] / cost['decode']:.1f} "
                f"| {one['scan']['peak_mb']:.0f}, {one['detect']['peak_mb']:.0f} |"
            )
        lines += ["", "![cost a row of each set](scaling.svg)"]
        costs = {label: [per_row([one[name]])[0] for name in SCALING] for label, one in scaling.items()}
        (HERE / "scaling.svg").write_text(bars(costs, SCALING), encoding="utf-8")
    (HERE / "RESULTS.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"written: {HERE / 'RESULTS.md'}")


main()
