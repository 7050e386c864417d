"""Waters against outside polygons, and how fast they are told: prints a table, and writes it with ``--to``.

The judge is npm `@osm_borders/maritime_10m` 1.1.0: OpenStreetMap's land, internal waters and territorial seas by
country (ODbL; read here, never shipped). China's and Korea's lines there are drawn from the same declared points as
ours, so agreement with them shows geometry and transcription, not independent truth. They date from 2020: Viet Nam's line
in the Gulf of Tonkin (2025) counts as disagreement.

    python -m benchmarks.zones --fetch                      fetch the package with npm into a temporary folder
    python -m benchmarks.zones --polygons borders.geo.json  or say where its file is
    python -m benchmarks.zones                              the timings alone
"""

import argparse
import json
import math
import os
import platform
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.zones.coast import read_coast
from tracker.zones.index import read_index
from tracker.zones.locate import locate
from tracker.zones.packaged import path_of

PACKAGE = "@osm_borders/maritime_10m@1.1.0"
BOX = (105.0, 15.0, 135.0, 42.0)
NEAR_NM = 40.0
INSIDE = ("internal_waters", "archipelagic_waters", "territorial_sea")
STATES = ("CHN", "KOR", "PRK", "JPN", "VNM", "TWN", "PHL")

Floats = npt.NDArray[np.float64]


def points(box: tuple[float, float, float, float], count: int, /, *, seed: int = 11) -> tuple[Floats, Floats]:
    """Points spread evenly over the area of a box (west, south, east, north)."""
    west, south, east, north = box
    rng = np.random.default_rng(seed)
    low, high = np.sin(np.radians([south, north]))
    return rng.uniform(west, east, count), np.degrees(np.arcsin(rng.uniform(low, high, count)))


def agreement(path: Path, /, *, box: tuple[float, float, float, float] = BOX, count: int = 400_000) -> dict[str, float]:
    """How far internal waters and territorial sea agree with polygons of both, at sea within 40 nm of the coast.

    Parameters
    ----------
    path
        GeoJSON with ``isoA3`` on each feature.

    Returns
    -------
    dict
        ``points``; ``in_out``, the share of points that both put inside or both outside; ``state``, the share of those
        inside by both with the same state; ``iou CHN`` and so on, intersection over union by state.
    """
    import shapely

    lon, lat = points(box, count)
    ours = locate(lon, lat)
    on_land = np.char.startswith(np.array(ours["source"].to_pylist(), dtype=str), "on land")
    near = (ours["coast_distance_nm"].to_numpy() < NEAR_NM) & ~on_land
    lon, lat = lon[near], lat[near]
    inside = np.isin(np.array(ours["waters"].to_pylist(), dtype=str)[near], INSIDE)
    state = np.where(inside, np.array(ours["state"].to_pylist(), dtype=str)[near], "")
    theirs = np.full(len(lon), "", dtype="U3")
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        shape = shapely.geometry.shape(feature["geometry"])
        west, south, east, north = shape.bounds
        rows = np.flatnonzero((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north) & (theirs == ""))
        if len(rows):
            shapely.prepare(shape)
            theirs[rows[shapely.contains_xy(shape, lon[rows], lat[rows])]] = feature["properties"]["isoA3"]
    both = inside & (theirs != "")
    out = {
        "points": float(len(lon)),
        "in_out": float((inside == (theirs != "")).mean()),
        "state": float((state == theirs)[both].mean()),
    }
    for name in STATES:
        a, b = state == name, theirs == name
        if b.any():
            out[f"iou {name}"] = float((a & b).sum() / (a | b).sum())
    return out


@contextmanager
def fetched() -> Iterator[Path]:
    """The polygons of the package, fetched by npm into a folder that goes away."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", PACKAGE], check=True, cwd=folder)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as packed:
            packed.extractall(folder, filter="data")
        yield Path(folder) / "package" / "borders.geo.json"


def timings() -> dict[str, float]:
    """Seconds of the clock and of the processor; the best of three for what is warm."""
    out = {}

    def measured(name: str, work: Any, *, times: int = 1) -> None:
        best = (math.inf, math.inf)
        for _ in range(times):
            wall, cpu = time.perf_counter(), time.process_time()
            work()
            best = min(best, (time.perf_counter() - wall, time.process_time() - cpu))
        out[f"{name}, s"], out[f"{name}, CPU s"] = best

    measured("decode the coast file", read_coast)
    measured("load the index", read_index)
    measured("first answer", lambda: locate([124.0], [30.5]))
    for name, box in (("world", (-180.0, -90.0, 180.0, 90.0)), ("15-42 N 105-135 E", BOX)):
        lon, lat = points(box, 1_000_000)
        locate(lon[:200_000], lat[:200_000])
        measured(f"a million scattered points, {name}", lambda lon=lon, lat=lat: locate(lon, lat), times=3)
        measured(f"a thousand points, {name}", lambda lon=lon, lat=lat: locate(lon[:1000], lat[:1000]), times=3)
    out["coast file, MB"] = path_of("coast.npz").stat().st_size / 1e6
    return out


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fetch", action="store_true", help=f"fetch {PACKAGE} with npm")
    parser.add_argument("--polygons", type=Path, help="its borders.geo.json")
    parser.add_argument("--to", type=Path, help="write the table there too")
    asked = parser.parse_args()
    load = os.getloadavg()[0]
    rows = [
        (
            "machine",
            f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores, load {load:.1f}",
        )
    ]
    rows += [(name, f"{value:.3g}") for name, value in timings().items()]
    if asked.fetch or asked.polygons:
        with fetched() if asked.polygons is None else _given(asked.polygons) as path:
            for where, box in (("box", BOX), ("world", (-180.0, -70.0, 180.0, 80.0))):
                rows += [(f"{where}: {name}", f"{value:.4g}") for name, value in agreement(path, box=box).items()]
    table = "\n".join(["| what | value |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])
    print(table)
    if asked.to is not None:
        title = (__doc__ or "").partition("\n\n    python")[0]
        asked.to.write_text(f"# Zones, as measured\n\n{title}\n\n{table}\n", encoding="utf-8")


@contextmanager
def _given(path: Path) -> Iterator[Path]:
    yield path


if __name__ == "__main__":
    main()
