"""SYNTHETIC ships that sail from port to port by way-points, as rows of a CSV of positions with identity."""

import csv
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from tracker.geo.kernels import distance_m

START = datetime(2020, 3, 1, tzinfo=UTC)
Place = tuple[float, float]


def sailed(
    ways: Sequence[tuple[Place, float, float]], *, every_min: float = 5.0, **identity: Any
) -> list[dict[str, Any]]:
    """Reports of a ship that goes from place to place.

    Parameters
    ----------
    ways : place (lon, lat), hours she stays there, and speed to the next, kn
    """
    time, rows = 0.0, []
    for (here, stays_h, speed_kn), after in zip(ways, [*ways[1:], None], strict=True):
        for hours in np.arange(0.0, stays_h, every_min / 60.0):
            rows.append(_row(time + hours, here, 0.0, identity))
        time += stays_h
        if after is None:
            break
        hours_under_way = float(distance_m(*here, *after[0])) / 1852.0 / speed_kn
        for hours in np.arange(0.0, hours_under_way, every_min / 60.0):
            share = hours / hours_under_way
            lon, lat = (a + share * (b - a) for a, b in zip(here, after[0], strict=True))
            rows.append(_row(time + hours, (lon, lat), speed_kn, identity))
        time += hours_under_way
    return rows


def _row(hours: float, place: Place, sog_kn: float, identity: dict[str, Any]) -> dict[str, Any]:
    when = START + timedelta(seconds=round(3600 * hours))
    return {"time": when.isoformat(), "lon": round(place[0], 6), "lat": round(place[1], 6), "sog_kn": sog_kn} | identity


def write(rows: Sequence[dict[str, Any]], path: Path) -> Path:
    """Write reports as a CSV of any order."""
    ordered = sorted(rows, key=lambda row: (row["time"], row["mmsi"]))
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(ordered[0]))
        writer.writeheader()
        writer.writerows(ordered)
    return path
