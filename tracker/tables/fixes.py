"""Fixes: the bare columns that the engine and the detectors compute on.

`Fixes` is a struct of equally long numpy arrays in time order: one day part, one batch, or one vessel.
"""

from dataclasses import dataclass, fields
from math import nan
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.units import DEGREE_E7


@dataclass(frozen=True)
class Fixes:
    """Position reports as arrays, ordered by time. Unknown speeds, courses and headings are NaN."""

    time_ms: npt.NDArray[np.int64]
    mmsi: npt.NDArray[np.int32]
    lon_e7: npt.NDArray[np.int32]
    lat_e7: npt.NDArray[np.int32]
    sog_kn: npt.NDArray[np.float32]
    cog_deg: npt.NDArray[np.float32]
    heading_deg: npt.NDArray[np.float32]
    nav_status: npt.NDArray[np.int8]
    """-1 where unknown."""
    flags: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.time_ms)

    def take(self, chosen: Any, /) -> "Fixes":
        """Rows by index array, mask or slice."""
        # column by column in words: this is called for every track, and looking the names up would cost more than it does
        return Fixes(
            self.time_ms[chosen],
            self.mmsi[chosen],
            self.lon_e7[chosen],
            self.lat_e7[chosen],
            self.sog_kn[chosen],
            self.cog_deg[chosen],
            self.heading_deg[chosen],
            self.nav_status[chosen],
            self.flags[chosen],
        )

    @property
    def lon(self) -> npt.NDArray[np.float64]:
        """Longitude, degrees."""
        return self.lon_e7 / DEGREE_E7

    @property
    def lat(self) -> npt.NDArray[np.float64]:
        """Latitude, degrees."""
        return self.lat_e7 / DEGREE_E7


FIX_COLUMNS = ("time", "mmsi", "lon_e7", "lat_e7", "sog_kn", "cog_deg", "heading_deg", "nav_status", "flags")
"""The columns of the positions table that `Fixes` needs."""
PASS_COLUMNS = ("time", "mmsi", "lon_e7", "lat_e7", "sog_kn", "nav_status", "flags")
"""Those of them that the streaming pass reads."""


DTYPES = {
    name: np.dtype(kind)
    for name, kind in zip(FIX_COLUMNS, ("i8", "i4", "i4", "i4", "f4", "f4", "f4", "i1", "u1"), strict=True)
}
"""Of the arrays of `Fixes`, in its order."""
UNKNOWN = dict.fromkeys(FIX_COLUMNS, 0) | {"sog_kn": nan, "cog_deg": nan, "heading_deg": nan, "nav_status": -1}
"""What stands there where nothing was said."""


def fixes_of(table: Any, /) -> Fixes:
    """Arrays of an Arrow table (or record batch) that has `FIX_COLUMNS`; the order of rows is kept.

    Columns beyond `PASS_COLUMNS` may be missing: they are unknown then.
    """
    import pyarrow as pa

    if isinstance(table, pa.RecordBatch):
        table = pa.Table.from_batches([table])

    def numbers(name: str) -> Any:
        if name not in table.column_names and name not in PASS_COLUMNS:
            return np.broadcast_to(np.asarray(UNKNOWN[name], DTYPES[name]), table.num_rows)
        return numbers_of(table.column(name), name)

    return Fixes(*(numbers(name) for name in FIX_COLUMNS))


def numbers_of(column: Any, name: str, /) -> npt.NDArray[Any]:
    """One of `FIX_COLUMNS` as an array, from an Arrow column."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if name == "time":
        column = column.cast(pa.int64())
    if column.null_count:
        column = pc.fill_null(column, pa.scalar(UNKNOWN[name], column.type))
    return np.ascontiguousarray(column.to_numpy(), dtype=DTYPES[name])


def concat_fixes(parts: list[Fixes], /) -> Fixes:
    """Join parts in the order given."""
    return Fixes(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Fixes)))


def frozen(column: npt.NDArray[Any], /) -> npt.NDArray[Any]:
    """A contiguous read-only view: one type for compiled code, whether the column came from Arrow or from numpy."""
    view = np.ascontiguousarray(column).view()
    view.flags.writeable = False
    return view
