"""The setting of points, as judging needs it: coast, port and learnt berths."""

import numpy as np
import numpy.typing as npt

from tracker.detectors.berths import Berths, Setting
from tracker.zones.locate import locate
from tracker.zones.ports import nearest_port


def settings_at(
    lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64], /, *, berths: Berths, radius_m: float
) -> list[Setting]:
    """Setting of each point (degrees); a berth counts within a radius."""
    places, ports = locate(lon, lat), nearest_port(lon, lat)
    return [
        Setting(
            coast_distance_nm=coast_nm,
            is_on_land="on land" in (source or ""),
            port=port,
            port_distance_nm=port_nm,
            berth_vessels=at_berth,
        )
        for coast_nm, source, port, port_nm, at_berth in zip(
            places["coast_distance_nm"].to_pylist(),
            places["source"].to_pylist(),
            ports["port"].to_pylist(),
            ports["port_distance_nm"].to_pylist(),
            berths.near(lon, lat, radius_m=radius_m).tolist(),
            strict=True,
        )
    ]
