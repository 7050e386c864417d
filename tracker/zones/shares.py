"""How long a path lies in each zone, for events that cross a limit."""

import numpy as np
import numpy.typing as npt

from tracker.zones.locate import locate


def zone_shares(lon_deg: npt.ArrayLike, lat_deg: npt.ArrayLike, *, time_ms: npt.ArrayLike) -> dict[str, float]:
    """Share of time in each zone along a path, largest first.

    Parameters
    ----------
    lon_deg, lat_deg
        Places on the path, degrees, shape (n,).
    time_ms
        When, in ascending order, milliseconds. Each place stands for half of the time to its neighbours.

    Returns
    -------
    dict
        ``"CHN territorial_sea"`` (or ``"high_seas"``, ``"unknown"``) to its share, 0..1, sum 1; empty without
        places.
    """
    time = np.asarray(time_ms, np.float64)
    if not len(time):
        return {}
    gap = np.diff(time)
    weight = (np.append(gap, 0.0) + np.insert(gap, 0, 0.0)) / 2
    if weight.sum() <= 0:
        weight = np.ones(len(time))
    table = locate(lon_deg, lat_deg)
    names = [
        " ".join(part for part in (state, waters) if part) or "unknown"
        for state, waters in zip(table.column("state").to_pylist(), table.column("waters").to_pylist(), strict=True)
    ]
    total: dict[str, float] = {}
    for name, value in zip(names, (weight / weight.sum()).tolist(), strict=True):
        total[name] = total.get(name, 0.0) + value
    return dict(sorted(total.items(), key=lambda item: (-item[1], item[0])))
