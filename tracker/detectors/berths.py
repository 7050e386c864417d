"""In port or not: berths learnt from the data, the coast, and whether the ships themselves are made fast.

A ship made fast to a quay does not swing: its antenna stays within GPS error for hours. Where several different
ships have lain so, close together, there is a berth, whatever any port table says. A ship at anchor off a port
swings round its anchor and is not in port.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tracker.detectors.boxes import packed
from tracker.geo.kernels import ecef_m
from tracker.params import Params, param

CELL_M: Final = 20.0
"""Places are told apart no finer than this: twice the error of civil GPS."""
CELLS_AT_A_TIME: Final = 2000


class BerthParams(Params):
    """What counts as a berth, and what as being in port."""

    still_spread_m: float = param(
        12.0,
        "a ship whose places scatter less than this is made fast, m",
        gt=0,
        source="civil GPS error, 95 %: under 8 m",
    )
    still_h: float = param(1.5, "shortest such stay that teaches a berth, h", gt=0, source="judgement")
    min_vessels: int = param(
        3, "different ships that make a berth", ge=2, source="judgement: a raft of two is not a berth"
    )
    radius_m: float = param(
        400.0, "how far a berth reaches, m", gt=0, source="judgement: quays and basins are longer than wide"
    )
    quay_coast_nm: float = param(
        1.5,
        "two ships made fast this near the coast are in port, nm",
        ge=0,
        source="error of the coast index (p99 0.5 nm) and long piers",
    )
    shore_nm: float = param(
        0.15,
        "nearer to the coast than this is in port, nm",
        ge=0,
        source="judgement: no open-sea transfer 300 m off a shore",
    )
    port_nm: float = param(2.0, "a port this near gives its name to a berth, nm", ge=0, source="judgement")


@dataclass(frozen=True)
class Berths:
    """Places where several ships lay still: earth-centred metres for distance, and how many ships."""

    xyz_m: npt.NDArray[np.float64]
    vessels: npt.NDArray[np.int32]

    def near(self, lon: npt.ArrayLike, lat: npt.ArrayLike, /, *, radius_m: float) -> npt.NDArray[np.int64]:
        """Most ships seen at a berth within a radius of each of many points; 0 when there is none."""
        from scipy.spatial import cKDTree

        places = np.column_stack(ecef_m(np.atleast_1d(lon), np.atleast_1d(lat)))
        most = np.zeros(len(places), np.int64)
        if not len(self.vessels) or not len(places):
            return most
        found = cKDTree(places).sparse_distance_matrix(cKDTree(self.xyz_m), radius_m, output_type="ndarray")
        np.maximum.at(most, found["i"], self.vessels[found["j"]])
        return most

    def nearest(
        self, lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64], /, *, radius_m: float
    ) -> npt.NDArray[np.int64]:
        """Ships seen at the nearest berth within a radius of each of many points; 0 when there is none."""
        from scipy.spatial import cKDTree

        if not len(self.vessels) or not len(lon):
            return np.zeros(len(lon), np.int64)
        away, row = cKDTree(self.xyz_m).query(np.column_stack(ecef_m(lon, lat)), distance_upper_bound=radius_m)
        return np.where(np.isfinite(away), self.vessels[np.minimum(row, len(self.vessels) - 1)], 0).astype(np.int64)


@dataclass(frozen=True)
class Setting:
    """Where a contact happened, as far as judging it needs; unknown is None."""

    coast_distance_nm: float | None = None
    is_on_land: bool = False
    port: str | None = None
    port_distance_nm: float | None = None
    berth_vessels: int = 0


def learn_berths(slow_spells: Any, /, *, params: BerthParams) -> Berths:
    """Learn berths from slow spells (table of `tracker.tables.scan.SLOW_SPELLS`).

    Two ships lying still side by side far from others do not make a berth; a third does.
    """
    from scipy.sparse import csr_matrix
    from scipy.spatial import cKDTree

    hours = (
        slow_spells["end_time"].cast("int64").to_numpy() - slow_spells["start_time"].cast("int64").to_numpy()
    ) / 3.6e6
    still = (slow_spells["spread_m"].to_numpy() <= params.still_spread_m) & (hours >= params.still_h)
    lon, lat = slow_spells["lon"].to_numpy()[still], slow_spells["lat"].to_numpy()[still]
    mmsi = slow_spells["mmsi"].to_numpy()[still]
    if not len(mmsi):
        return Berths(np.empty((0, 3)), np.empty(0, np.int32))
    xyz = np.column_stack(ecef_m(lon, lat))
    # ships by cell: a port that is full has no more cells than one that is not, however many ships lay there
    cell, which = np.unique(packed(*np.rint(xyz / CELL_M).astype(np.int64).T), return_inverse=True)
    middle = np.column_stack([np.bincount(which, weights=axis) for axis in xyz.T]) / np.bincount(which)[:, None]
    ships, ship = np.unique(mmsi, return_inverse=True)
    lay = csr_matrix((np.ones(len(ship)), (which, ship)), shape=(len(cell), len(ships)))
    tree = cKDTree(middle)
    vessels = np.empty(len(cell), np.int32)
    for begin in range(0, len(cell), CELLS_AT_A_TIME):
        some = cKDTree(middle[begin : begin + CELLS_AT_A_TIME])
        near = some.sparse_distance_matrix(tree, params.radius_m, output_type="coo_matrix")
        beside = csr_matrix((np.ones(near.nnz), (near.row, near.col)), shape=near.shape)
        vessels[begin : begin + CELLS_AT_A_TIME] = np.diff((beside @ lay).indptr)
    enough = vessels >= params.min_vessels
    return Berths(middle[enough], vessels[enough])


def port_reason(setting: Setting, /, *, is_still: bool, is_moving: bool, params: BerthParams) -> str | None:
    """Say in words why a contact counts as in port, or None when it does not.

    Parameters
    ----------
    is_still : both ships lay within `still_spread_m` of one place during the contact
    is_moving : the pair made way (more than a knot)
    """
    if setting.is_on_land:
        return f"the place lies inside the coastline{_where(setting, params)}"
    coast_nm = setting.coast_distance_nm
    if setting.berth_vessels and not is_moving:
        return f"{setting.berth_vessels} ships of this data lay made fast within {params.radius_m:.0f} m{_where(setting, params)}"
    if is_still and coast_nm is not None and coast_nm <= params.quay_coast_nm:
        return f"both ships lay still, as at a berth, {coast_nm:.1f} nm from the coast{_where(setting, params)}"
    if coast_nm is not None and coast_nm <= params.shore_nm:
        return f"the shore is {coast_nm:.2f} nm away{_where(setting, params)}"
    return None


def _where(setting: Setting, params: BerthParams) -> str:
    if setting.port and setting.port_distance_nm is not None and setting.port_distance_nm <= params.port_nm:
        return f" ({setting.port}, {setting.port_distance_nm:.1f} nm)"
    return ""
