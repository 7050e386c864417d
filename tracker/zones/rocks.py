"""Rocks that the packaged coast does not show and that have a territorial sea, from ``rocks.csv``."""

import numpy as np
import numpy.typing as npt

from tracker.zones.packaged import rows_of

Floats = npt.NDArray[np.float64]


def read_rocks() -> tuple[Floats, Floats, tuple[str, ...]]:
    """Longitude, latitude (degrees) and label of each rock: ``STATE`` or ``STATE@feature``, as on the coast."""
    rows = rows_of("rocks.csv")
    lon, lat = (np.array([float(row[axis]) for row in rows]) for axis in ("lon", "lat"))
    labels = (f"{row['state']}@{row['feature']}" if row["feature"] else row["state"] for row in rows)
    return lon, lat, tuple(labels)
