"""Who else was ever at a place, by the hourly places of all ships."""

from functools import cached_property

import numpy as np
import numpy.typing as npt

from tracker.detectors.hearing import Hearing
from tracker.detectors.spoofing.falsehood import SpoofingParams
from tracker.geo.kernels import ecef_m, wrap_deg
from tracker.units import METRES_PER_NAUTICAL_MILE

Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

PLACES = 40
"""Places of a stretch about which company is asked exactly."""
SEVERAL = -1
TURN = np.int64(1) << 32
"""More cells than go round the globe."""


class Cells:
    """Cells in which ships were heard, and by whom: an MMSI, or `SEVERAL`."""

    def __init__(self, mmsi: Ids, lon: Floats, lat: Floats, /, *, cell_deg: float) -> None:
        self._cell_deg = cell_deg
        key = self._key(lon, lat)
        order = np.lexsort((mmsi, key))
        key, mmsi = key[order], mmsi[order]
        is_first = np.ones(len(key), np.bool_)
        is_first[1:] = key[1:] != key[:-1]
        first = np.flatnonzero(is_first)
        last = np.append(first[1:], len(key)) - 1 if len(first) else first
        self._cell = key[first]
        self._who = np.where(mmsi[first] == mmsi[last], mmsi[first], SEVERAL)

    def who(self, lon: Floats, lat: Floats, /) -> Ids:
        """Who was heard in the cells of some places; 0 where nobody was."""
        if not len(self._cell):
            return np.zeros(len(lon), np.int64)
        key = self._key(lon, lat)
        at = np.minimum(np.searchsorted(self._cell, key), len(self._cell) - 1)
        return np.where(self._cell[at] == key, self._who[at], 0)

    def middles(self, lon: Floats, lat: Floats, /) -> tuple[Floats, Floats, Ids]:
        """The middles of the cells of some places, each cell once, and the number of its cell for each place."""
        cells, at = np.unique(self._key(lon, lat), return_inverse=True)
        row, column = (part.astype(np.float64) for part in np.divmod(cells, TURN))
        return (column - TURN / 2 + 0.5) * self._cell_deg, (row + 0.5) * self._cell_deg, at

    def _key(self, lon: Floats, lat: Floats) -> Ids:
        row, column = (np.floor(degrees / self._cell_deg).astype(np.int64) for degrees in (lat, lon))
        key: Ids = row * TURN + column + TURN // 2
        return key


class Company:
    """Ships by the hours in which they were heard, asked about places.

    Parameters
    ----------
    inland : rows of `hearing` on land
    """

    def __init__(self, hearing: Hearing, inland: Ids, /, *, params: SpoofingParams) -> None:
        self._hearing, self._params = hearing, params
        # any two places of a cell are within the distance
        cell_deg = max(params.land_company_nm / 60.0 / 1.5, 1e-6)
        self._cells = Cells(hearing.mmsi[inland], hearing.lon[inland], hearing.lat[inland], cell_deg=cell_deg)

    @cached_property
    def _by_lat(self) -> tuple[Ids, Floats]:
        heard = np.flatnonzero(self._hearing.reports > 0)
        # bands of a hundredth of a degree: numpy sorts integers of 16 bits in two passes
        band = np.floor(self._hearing.lat[heard] * 100.0).astype(np.int16)
        order = np.argsort(band, kind="stable")
        return heard[order], band[order] / 100.0

    def is_met(self, mmsi: Ids, lon: Floats, lat: Floats, /) -> Bools:
        """Of each place of the ship beside it, whether another was surely there: one was heard in the same cell."""
        who = self._cells.who(lon, lat)
        return np.asarray((who != 0) & (who != mmsi))

    def is_alone(self, mmsi: int, lon: Floats, lat: Floats, /) -> bool:
        """Whether no other ship was ever there."""
        return not len(self._others(mmsi, lon, lat, self._params.land_company_nm))

    def around(self, mmsi: int, lon: Floats, lat: Floats, /) -> int:
        """How many others were in hearing of the same receivers."""
        return len(self._others(mmsi, lon, lat, self._params.land_around_nm))

    def _others(self, own: int, lon: Floats, lat: Floats, radius_nm: float) -> Ids:
        some = np.unique(np.linspace(0, len(lon) - 1, PLACES).round().astype(np.int64))
        lon, lat = lon[some], lat[some]
        rows, latitudes = self._by_lat
        reach_deg = radius_nm / 59.0
        rows = rows[slice(*np.searchsorted(latitudes, [lat.min() - reach_deg - 0.01, lat.max() + reach_deg]))]
        rows = rows[self._hearing.mmsi[rows] != own]
        narrow = np.cos(np.radians(min(float(np.abs(lat).max()) + reach_deg, 90.0)))
        away_deg = wrap_deg(lon - lon[0])
        middle, half = 0.5 * (away_deg.min() + away_deg.max()), 0.5 * float(np.ptp(away_deg))
        off_deg = np.abs(wrap_deg(self._hearing.lon[rows] - lon[0] - middle))
        rows = rows[off_deg <= half + reach_deg / max(float(narrow), 1e-6)]
        there = np.column_stack(ecef_m(self._hearing.lon[rows], self._hearing.lat[rows]))
        is_near = np.zeros(len(rows), np.bool_)
        for place in np.column_stack(ecef_m(lon, lat)):
            step = there - place
            is_near |= np.einsum("ij,ij->i", step, step) <= (radius_nm * METRES_PER_NAUTICAL_MILE) ** 2
        others: Ids = np.unique(self._hearing.mmsi[rows[is_near]])
        return others
