"""From the records of the pass to the tables that other stages read: named, in degrees and UTC, sorted.

Rows are sorted by all that they hold, so that the same positions give the same bytes however they were cut into
batches and whichever rows of the ring their ships were given.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tracker.geo.kernels import radii_m, wrap_deg
from tracker.geo.kernels.wgs84 import RADIANS
from tracker.tables.column import UTC_MS, Table
from tracker.tables.scan import CANDIDATES, SILENCES, SLOW_SPELLS
from tracker.units import DEGREE_E7


def candidate_table(found: npt.NDArray[Any], /, *, step_ms: int) -> Any:
    """`CANDIDATES` from ended runs of near steps."""
    columns = {
        "mmsi_1": found["mmsi_1"],
        "mmsi_2": found["mmsi_2"],
        "start_time": found["start"] * step_ms,
        "end_time": found["last"] * step_ms,
        "steps": found["steps"],
        "min_distance_m": np.sqrt(found["distance2"]),
    }
    return _sorted_table(CANDIDATES, columns)


def spell_table(found: npt.NDArray[Any], bins: npt.NDArray[Any], /, *, step_ms: int, slow_kn: float) -> Any:
    """`SLOW_SPELLS` from ended spells and the counts of their speeds, which end at the limit."""
    steps = np.maximum(found["steps"], 1)
    mean_x, mean_y = found["sum_x"] / steps, found["sum_y"] / steps
    var_x, var_y = (
        np.maximum((found[f"high_{xx}"] * 4294967296.0 + found[f"low_{xx}"]) / steps - mean * mean, 0.0)
        for xx, mean in (("xx", mean_x), ("yy", mean_y))
    )
    lat = (found["y0"] + mean_y) / DEGREE_E7
    along, across = radii_m(lat)
    radian = RADIANS / DEGREE_E7
    spread2 = var_y * (along * radian) ** 2 + var_x * (across * np.cos(lat * RADIANS) * radian) ** 2
    half = 2 * np.cumsum(bins, axis=1) >= steps[:, None]
    columns = {
        "mmsi": found["mmsi"],
        "start_time": found["start"] * step_ms,
        "end_time": found["last"] * step_ms,
        "lon": wrap_deg((found["x0"] + mean_x) / DEGREE_E7),
        "lat": lat,
        "spread_m": np.sqrt(spread2),
        "median_speed_kn": (half.argmax(axis=1) + 0.5) / max(bins.shape[1], 1) * slow_kn,
    }
    return _sorted_table(SLOW_SPELLS, columns)


def silence_table(found: npt.NDArray[Any], /) -> Any:
    """`SILENCES` from pairs of reports; unknown speeds are null."""
    columns = {
        "mmsi": found["mmsi"],
        "start_time": found["start_ms"],
        "end_time": found["end_ms"],
        "lon_1": found["x_1"] / DEGREE_E7,
        "lat_1": found["y_1"] / DEGREE_E7,
        "lon_2": found["x_2"] / DEGREE_E7,
        "lat_2": found["y_2"] / DEGREE_E7,
        "sog_kn_1": found["sog_kn_1"].astype(np.float64),
        "sog_kn_2": found["sog_kn_2"].astype(np.float64),
    }
    return _sorted_table(SILENCES, columns)


def _sorted_table(table: Table, columns: dict[str, npt.NDArray[Any]], /) -> Any:
    order = np.lexsort([columns[name] for name in reversed(table.names)])
    arrays = []
    for column in table.columns:
        values = np.ascontiguousarray(columns[column.name])[order]
        type_ = pa.int64() if column.type == UTC_MS else None
        arrays.append(pa.array(values, type_, from_pandas=not column.required).cast(column.type))
    return table.conform(pa.table(arrays, names=table.names))
