"""The work of the pass in plain Python, one report after the other, as pipelines without arrays do it."""

from collections import defaultdict
from collections.abc import Iterable
from math import asin, cos, floor, radians, sin, sqrt

from tracker.engine.params import ScanParams

Place = tuple[float, float]
CELL_DEG = 0.0091


def haversine_m(one: Place, two: Place, /) -> float:
    """Distance on a sphere, m."""
    lat_1, lat_2 = radians(one[1]), radians(two[1])
    a = sin((lat_2 - lat_1) / 2) ** 2 + cos(lat_1) * cos(lat_2) * sin(radians(two[0] - one[0]) / 2) ** 2
    return 12_742_018 * asin(min(1.0, sqrt(a)))


def candidates(reports: Iterable[tuple[int, int, float, float]], /) -> int:
    """Pairs of ships near each other at `min_steps` grid steps; rows of time (s), MMSI, longitude, latitude in order."""
    params = ScanParams()
    step_s, found = params.step_s, 0
    last: dict[int, tuple[int, Place]] = {}
    grid: dict[int, dict[int, Place]] = defaultdict(dict)
    runs: dict[tuple[int, int], list[int]] = {}
    final = None
    for time_s, mmsi, lon, lat in reports:
        if abs(lat) > 90:
            continue
        before = last.get(mmsi)
        if before is not None:
            elapsed = time_s - before[0]
            if elapsed <= 0:
                continue
            way_m = haversine_m(before[1], (lon, lat))
            if way_m > params.position_noise_m + params.max_speed_kn * 0.5144 * elapsed:
                continue
            if elapsed <= params.bridge_s or way_m <= params.slow_bridge_kn * 0.5144 * elapsed:
                turn = (lon - before[1][0] + 180) % 360 - 180
                for step in range(before[0] // step_s + 1, time_s // step_s + 1):
                    share = (step * step_s - before[0]) / elapsed
                    grid[step][mmsi] = before[1][0] + share * turn, before[1][1] + share * (lat - before[1][1])
        last[mmsi] = time_s, (lon, lat)
        if final is None:
            final = time_s // step_s
        while (time_s - params.bridge_s) // step_s > final:
            found += _search(grid.pop(final, {}), final, runs, params)
            final += 1
    for step in sorted(grid):
        found += _search(grid[step], step, runs, params)
    return found + sum(steps >= params.min_steps for _, steps in runs.values())


def _search(places: dict[int, Place], step: int, runs: dict[tuple[int, int], list[int]], params: ScanParams) -> int:
    cells: dict[tuple[int, int], list[int]] = defaultdict(list)
    for mmsi, (lon, lat) in places.items():
        line = floor(lat / CELL_DEG)
        for i in (-1, 0, 1):
            column = floor(lon * cos(radians((line + i) * CELL_DEG)) / CELL_DEG)
            for j in (-1, 0, 1):
                for other in cells[line + i, column + j]:
                    if haversine_m((lon, lat), places[other]) <= params.candidate_radius_m:
                        run = runs.setdefault((min(mmsi, other), max(mmsi, other)), [step, 0])
                        run[0], run[1] = step, run[1] + 1
        cells[line, floor(lon * cos(radians(line * CELL_DEG)) / CELL_DEG)].append(mmsi)
    ended = [pair for pair, (seen, _) in runs.items() if step - seen > params.missed_steps]
    return sum(runs.pop(pair)[1] >= params.min_steps for pair in ended)
