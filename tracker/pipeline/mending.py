"""Silences as they are once bad fixes are set aside.

The pass takes a fix far off after a silence for the ship's return, and hulls under one MMSI for one another's. Of ships
that jumped, whole tracks are read anyway: their silences are taken from their hulls instead.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tracker.tables.column import UTC_MS
from tracker.tables.scan import SILENCES
from tracker.tables.tracks import Tracks


def silences_of_hulls(tracks: Tracks, label: npt.NDArray[np.int32], ships: Sequence[int], /, *, min_ms: int) -> Any:
    """`SILENCES` between successive reports of each hull of some of the MMSIs."""
    fixes, is_asked = tracks.fixes, np.isin(np.fromiter(tracks, np.int64, len(tracks)), np.asarray(ships, np.int64))
    rows = np.flatnonzero((label >= 0) & np.repeat(is_asked, np.diff(tracks.starts)))
    if label.max(initial=0) > 0:
        rows = rows[np.lexsort((label[rows], fixes.mmsi[rows]))]
    one, two = rows[:-1], rows[1:]
    is_silent = (fixes.time_ms[two] - fixes.time_ms[one] >= min_ms) & (fixes.mmsi[one] == fixes.mmsi[two])
    is_silent &= label[one] == label[two]
    one, two = one[is_silent], two[is_silent]
    if not len(one):
        return SILENCES.empty()
    columns: dict[str, Any] = {"mmsi": pa.array(fixes.mmsi[one], pa.int32())}
    for name, at in (("start_time", one), ("end_time", two)):
        columns[name] = pa.array(fixes.time_ms[at], pa.int64()).cast(UTC_MS)
    for n, at in ((1, one), (2, two)):
        columns[f"lon_{n}"], columns[f"lat_{n}"] = fixes.lon[at], fixes.lat[at]
        columns[f"sog_kn_{n}"] = pa.array(fixes.sog_kn[at].astype(np.float64), from_pandas=True)
    return SILENCES.conform(pa.table(columns))


def mended(silences: Any, ships: Sequence[int], found: Any, /) -> Any:
    """Silences of the pass, those of some ships replaced, in the order of the pass."""
    kept = silences.filter(pc.invert(pc.is_in(silences["mmsi"], pa.array(ships, pa.int32()))))
    table = pa.concat_tables([SILENCES.conform(kept), SILENCES.conform(found)])
    return table.sort_by([(name, "ascending") for name in SILENCES.names])
