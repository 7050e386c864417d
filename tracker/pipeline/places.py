"""The setting of points, as judging needs it: coast, port and learnt berths."""

import numpy as np
import numpy.typing as npt

from tracker.detectors.berths import Berths, Setting
from tracker.zones.inland import coast_and_land
from tracker.zones.ports import nearest_port

NOWHERE_NEAR = Setting()


def settings_at(
    lon: npt.NDArray[np.float64],
    lat: npt.NDArray[np.float64],
    /,
    *,
    berths: Berths,
    radius_m: float,
    near_nm: float = np.inf,
) -> list[Setting]:
    """Setting of each point (degrees); a berth counts within a radius.

    Parameters
    ----------
    near_nm : of points at sea farther from the coast than this, and from berths, nothing is said, nm
    """
    coast_nm, on_land = coast_and_land(lon, lat, within_nm=near_nm)
    vessels = berths.near(lon, lat, radius_m=radius_m)
    settings = [NOWHERE_NEAR] * len(coast_nm)
    rows = np.flatnonzero(on_land | (vessels > 0) | ~(coast_nm > near_nm))
    ports = nearest_port(np.asarray(lon)[rows], np.asarray(lat)[rows])
    columns = (
        *(rows.tolist(), coast_nm[rows].tolist(), on_land[rows].tolist(), vessels[rows].tolist()),
        *(ports["port"].to_pylist(), ports["port_distance_nm"].to_pylist()),
    )
    for row, away_nm, is_land, at_berth, port, port_nm in zip(*columns, strict=True):
        # a landlocked sea has no coast that is known
        settings[row] = Setting(away_nm if away_nm < np.inf else None, is_land, port, port_nm, at_berth)
    return settings
