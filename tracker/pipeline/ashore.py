"""Which ships to ask whether they were on land: those that were inland by the hour, where no other ship ever was."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tracker.cleaning.hulls import HullParams, segment
from tracker.detectors.hearing import Hearing
from tracker.detectors.spoofing.falsehood import Falsehood, SpoofingParams, Track
from tracker.detectors.spoofing.overland import find_over_land
from tracker.geo.kernels import ecef_m
from tracker.pipeline.batches import in_batches
from tracker.pipeline.source import PositionSource
from tracker.tables.column import UTC_MS
from tracker.units import METRES_PER_NAUTICAL_MILE, MILLISECONDS_PER_HOUR
from tracker.zones.inland import inland_nm, is_inland
from tracker.zones.ports import nearest_port

Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

AROUND_MS = 12 * MILLISECONDS_PER_HOUR
"""How far around an hour inland a track is read: how she came there."""
CELL_DEG = 0.05
"""Places are first looked at by cells of 3 nm: most of those inland have seen more than one ship."""
PLACES = 40
"""Places of a stretch about which company is asked."""


def find_ashore(
    source: PositionSource, hearing: Hearing, known: list[Falsehood], /, *, hulls: HullParams, params: SpoofingParams
) -> list[Falsehood]:
    """Tracks that lead over land, of ships that are not told to be on land yet.

    Parameters
    ----------
    known : what was found before
    """
    rows = _alone_inland(hearing, params)
    if not len(rows):
        return []
    company = _Company(hearing, params)
    told = [
        (one.mmsi, one.start_ms, one.end_ms) for one in known if one.kind in {"on_land", "circle", "grid", "frozen"}
    ]
    found: list[Falsehood] = []
    ships = np.unique(hearing.mmsi[rows])
    for some in in_batches(ships, hearing):
        chosen = rows[np.isin(hearing.mmsi[rows], some)]
        tracks = [
            Track(mmsi, fixes, segment(fixes, params=hulls).label.copy())
            for mmsi, fixes in sorted(source.windows(_requests(hearing, chosen)).items())
        ]
        for one in find_over_land(tracks, inland_nm, company, _port_nm, params=params):
            if not any(m == one.mmsi and a <= one.end_ms and b >= one.start_ms for m, a, b in told):
                found.append(one)
    return found


def _alone_inland(hearing: Hearing, params: SpoofingParams) -> Ids:
    """Ship-hours deep inland, in cells that only one ship was heard in."""
    heard = np.flatnonzero(hearing.reports > 0)
    rows = heard[is_inland(hearing.lon[heard], hearing.lat[heard])]
    if not len(rows):
        return rows
    place = np.stack([np.floor(hearing.lon[rows] / CELL_DEG), np.floor(hearing.lat[rows] / CELL_DEG)]).astype(np.int64)
    cells, at = np.unique(place, axis=1, return_inverse=True)
    at = at.ravel()
    pairs = np.unique(np.stack([at, hearing.mmsi[rows]]), axis=1)[0]
    is_alone = np.bincount(pairs, minlength=cells.shape[1]) == 1
    rows, at = rows[is_alone[at]], at[is_alone[at]]
    deep = inland_nm((cells[0, is_alone] + 0.5) * CELL_DEG, (cells[1, is_alone] + 0.5) * CELL_DEG)
    depth = np.zeros(cells.shape[1])
    depth[is_alone] = deep
    # the middle of a cell is up to 2 nm from the ship
    kept: Ids = rows[depth[at] >= params.land_nm - 2.0]
    return kept


class _Company:
    """Ships by the hours in which they were heard, asked about places."""

    def __init__(self, hearing: Hearing, params: SpoofingParams) -> None:
        from scipy.spatial import cKDTree

        heard = np.flatnonzero(hearing.reports > 0)
        self._tree = cKDTree(np.column_stack(ecef_m(hearing.lon[heard], hearing.lat[heard])))
        self._mmsi, self._params = hearing.mmsi[heard], params

    def is_alone(self, mmsi: int, lon: Floats, lat: Floats, /) -> bool:
        """Whether no other ship was ever there."""
        places = _some(lon, lat)
        # most have company at the first few places
        return all(not len(self._others(mmsi, places[n::8], self._params.land_company_nm)) for n in range(8))

    def around(self, mmsi: int, lon: Floats, lat: Floats, /) -> int:
        """How many others were in hearing of the same receivers."""
        return len(self._others(mmsi, _some(lon, lat), self._params.land_around_nm))

    def _others(self, own: int, places: Floats, radius_nm: float) -> Ids:
        near = self._tree.query_ball_point(places, radius_nm * METRES_PER_NAUTICAL_MILE)
        ships = np.unique(self._mmsi[np.fromiter({row for one in near for row in one}, np.int64)])
        others: Ids = ships[ships != own]
        return others


def _some(lon: Floats, lat: Floats) -> Floats:
    """Earth-centred places (n, 3; m) of at most `PLACES` along a stretch."""
    some = np.unique(np.linspace(0, len(lon) - 1, PLACES).round().astype(np.int64))
    return np.column_stack(ecef_m(lon[some], lat[some]))


def _port_nm(lon: Floats, lat: Floats) -> Floats:
    distance = nearest_port(lon, lat)["port_distance_nm"].to_numpy(zero_copy_only=False)
    return np.where(np.isfinite(distance), distance, np.inf)


def _requests(hearing: Hearing, rows: Ids) -> Any:
    begin = hearing.hour[rows] * MILLISECONDS_PER_HOUR
    times = (np.maximum(begin - AROUND_MS, 0), begin + MILLISECONDS_PER_HOUR + AROUND_MS)
    columns = [pa.array(t, pa.int64()).cast(UTC_MS) for t in times]
    return pa.table({"mmsi": pa.array(hearing.mmsi[rows], pa.int32()), "start": columns[0], "end": columns[1]})
