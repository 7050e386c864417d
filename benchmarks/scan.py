"""How fast the pass is, warm, on invented traffic (synthetic, deterministic).

    python benchmarks/scan.py [--rows 8e6] [--ships 7200] [--port]

Prints rows a second (best and median of five), peak memory, and what was found. `--port` packs a fifth of the ships into
ten harbours of 2 km, where a thousand pairs are within the radius for days.
"""

import argparse
import resource
import statistics
import time
from collections.abc import Iterator

import numpy as np

from tracker.engine import Scanner, ScanParams, warm_up
from tracker.tables.fixes import Fixes
from tracker.tables.positions import degrees_e7

BATCH_ROWS = 262_144
REPORT_S = 135.0
"""7,200 ships in 10 days make 46 million rows."""


def traffic(rows: int, *, ships: int, port: bool) -> Iterator[Fixes]:
    """Ships that sail straight legs or lie still, reporting at random times, in batches of time order."""
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(-180, 180, ships), rng.uniform(-60, 72, ships)
    still = rng.random(ships) < 0.5
    if port:
        moored = rng.random(ships) < 0.2
        harbour = rng.integers(0, 10, ships)
        lon = np.where(moored, harbour * 20.0 + rng.uniform(0, 0.02, ships), lon)
        lat = np.where(moored, 30.0 + rng.uniform(0, 0.02, ships), lat)
        still |= moored
    speed = np.where(still, 0.0, rng.uniform(5, 18, ships)) / 60 / 3600
    course = rng.uniform(0, 2 * np.pi, ships)
    span_s = BATCH_ROWS * REPORT_S / ships
    for start_s in np.arange(0, rows * REPORT_S / ships, span_s):
        ship = rng.integers(0, ships, BATCH_ROWS).astype(np.int32)
        time_s = np.sort(rng.uniform(start_s, start_s + span_s, BATCH_ROWS))
        way = np.abs((time_s + 7_000 * ship) % 172_800 - 86_400)
        x = lon[ship] + way * speed[ship] * np.sin(course[ship]) / np.cos(np.radians(lat[ship]))
        y = lat[ship] + way * speed[ship] * np.cos(course[ship]) + rng.normal(0, 5e-5, BATCH_ROWS)
        sog = (speed[ship] * 216_000).astype(np.float32)
        yield Fixes(
            time_ms=1_735_689_600_000 + (time_s * 1000).astype(np.int64),
            mmsi=200_000_000 + ship,
            lon_e7=degrees_e7((x + 180) % 360 - 180),
            lat_e7=degrees_e7(np.clip(y, -90, 90)),
            sog_kn=sog,
            cog_deg=sog,
            heading_deg=sog,
            nav_status=np.full(BATCH_ROWS, -1, np.int8),
            flags=np.zeros(BATCH_ROWS, np.uint8),
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=float, default=8e6)
    parser.add_argument("--ships", type=int, default=7200)
    parser.add_argument("--port", action="store_true")
    args = parser.parse_args()
    began = time.perf_counter()
    warm_up().join()
    print(f"kernels ready after {time.perf_counter() - began:.1f} s")
    batches = list(traffic(int(args.rows), ships=args.ships, port=args.port))
    rows = sum(map(len, batches))
    before_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds = []
    for _ in range(5):
        began = time.process_time()
        scanner = Scanner(ScanParams())
        for batch in batches:
            scanner.feed(batch)
        found = scanner.finish()
        seconds.append(time.process_time() - began)
    after_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    best, middle = (rows / 1e6 / s for s in (min(seconds), statistics.median(seconds)))
    print(f"{rows / 1e6:.1f} M rows, {args.ships} ships: best {best:.1f}, median {middle:.1f} M rows/s of CPU")
    print(f"peak {after_mb:.0f} MB, of which {before_mb:.0f} MB before the pass (the rows themselves)")
    print(found.counts)


if __name__ == "__main__":
    main()
