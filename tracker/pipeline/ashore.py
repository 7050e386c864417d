"""Which ships to ask whether they were on land: those that were inland by the hour, where no other ship ever was."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tracker.cleaning.hulls import HullParams, split_tracks
from tracker.detectors.hearing import Hearing
from tracker.detectors.spoofing.falsehood import Falsehood, SpoofingParams
from tracker.detectors.spoofing.overland import Around, Ways, find_over_land
from tracker.pipeline.company import SEVERAL, Cells, Company
from tracker.tables.column import UTC_MS
from tracker.tables.fixes import concat_fixes
from tracker.tables.tracks import Tracks
from tracker.units import MILLISECONDS_PER_HOUR
from tracker.zones.inland import inland_nm, is_inland
from tracker.zones.ports import nearest_port

Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

AROUND_MS = 12 * MILLISECONDS_PER_HOUR
"""How far around an hour inland a track is read: how she came there."""
CELL_DEG = 0.05
"""Places are first looked at by cells of 3 nm: most of those inland have seen more than one ship."""
TOLD = ("on_land", "circle", "grid", "frozen")


class Ashore:
    """Tracks that lead over land, of ships that are not told to be on land yet.

    ``requests`` are the windows of reports that `look` needs, a table of vessel, start and end.
    """

    def __init__(self, hearing: Hearing, /, *, hulls: HullParams, params: SpoofingParams) -> None:
        heard = np.flatnonzero(hearing.reports > 0)
        inland = heard[is_inland(hearing.lon[heard], hearing.lat[heard])]
        self.requests = _requests(hearing, _alone(hearing, inland, params))
        company = Company(hearing, inland, params=params)
        self._around = Around(is_inland, inland_nm, _port_nm, company)
        self._hulls, self._params = hulls, params
        self._found: list[Falsehood] = []

    def look(self, tracks: Tracks, /) -> None:
        """Look at the reports of some ships."""
        hulls = split_tracks(tracks, params=self._hulls)
        some = [hulls.single]
        if parts := {mmsi: split for mmsi, split in hulls.split.items() if split}:
            fixes = [one for split in parts.values() for one in split]
            starts = np.append(0, np.cumsum([len(one) for one in fixes]))
            some.append(Tracks(concat_fixes(fixes), np.array([one.mmsi[0] for one in fixes], np.int32), starts))
        for one in some:
            ways = Ways.of(one.fixes, one.starts)
            self._found += find_over_land(ways, self._around, params=self._params)

    def found(self, known: Sequence[Falsehood], /) -> list[Falsehood]:
        """What all looks found, but for what is known already."""
        told = [(one.mmsi, one.start_ms, one.end_ms) for one in known if one.kind in TOLD]
        return [
            one
            for one in sorted(self._found, key=lambda f: (f.mmsi, f.start_ms))
            if not any(m == one.mmsi and a <= one.end_ms and b >= one.start_ms for m, a, b in told)
        ]


def _alone(hearing: Hearing, inland: Ids, params: SpoofingParams) -> Ids:
    """Ship-hours deep inland, in cells that only one ship was heard in on land."""
    lon, lat = hearing.lon[inland], hearing.lat[inland]
    cells = Cells(hearing.mmsi[inland], lon, lat, cell_deg=CELL_DEG)
    is_alone = cells.who(lon, lat) != SEVERAL
    rows = inland[is_alone]
    *middles, at = cells.middles(lon[is_alone], lat[is_alone])
    # the middle of a cell is up to 2 nm from the ship
    kept: Ids = rows[inland_nm(*middles)[at] >= params.land_nm - 2.0]
    return kept


def _port_nm(lon: Floats, lat: Floats) -> Floats:
    distance = nearest_port(lon, lat)["port_distance_nm"].to_numpy(zero_copy_only=False)
    return np.where(np.isfinite(distance), distance, np.inf)


def _requests(hearing: Hearing, rows: Ids) -> Any:
    begin = hearing.hour[rows] * MILLISECONDS_PER_HOUR
    times = (np.maximum(begin - AROUND_MS, 0), begin + MILLISECONDS_PER_HOUR + AROUND_MS)
    columns = [pa.array(t, pa.int64()).cast(UTC_MS) for t in times]
    return pa.table({"mmsi": pa.array(hearing.mmsi[rows], pa.int32()), "start": columns[0], "end": columns[1]})
