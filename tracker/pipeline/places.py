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
    places = locate(lon, lat).select(["coast_distance_nm", "source"]).to_pylist()
    ports = nearest_port(lon, lat).to_pylist()
    vessels = berths.near(lon, lat, radius_m=radius_m).tolist()
    return [
        Setting(
            coast_distance_nm=place["coast_distance_nm"],
            is_on_land="on land" in (place["source"] or ""),
            port=port["port"],
            port_distance_nm=port["port_distance_nm"],
            berth_vessels=at_berth,
        )
        for at_berth, place, port in zip(vessels, places, ports, strict=True)
    ]
