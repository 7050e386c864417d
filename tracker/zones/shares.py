"""How long a path lies in each zone, for events that cross a limit."""

from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.zones.given import GivenZones
from tracker.zones.locate import locate


def zone_names(lon_deg: npt.ArrayLike, lat_deg: npt.ArrayLike, *, zones: GivenZones | None = None) -> Any:
    """State and zone of points in a few words: ``"CHN territorial_sea"``, ``"high_seas"``, ``"unknown"``.

    Parameters
    ----------
    lon_deg, lat_deg
        Degrees, shape (n,).
    zones
        A user's polygons, which win.

    Returns
    -------
    ndarray
        Text, shape (n,).
    """
    table = locate(lon_deg, lat_deg, zones=zones)
    # joined in Python: Arrow's join with skipped nulls leaves out the rows that have neither (pyarrow 26)
    pairs = list(zip(table.column("state").to_pylist(), table.column("waters").to_pylist(), strict=True))
    names = {pair: " ".join(word for word in pair if word) or "unknown" for pair in set(pairs)}
    return np.array([names[pair] for pair in pairs], dtype=object)


def zone_shares(
    lon_deg: npt.ArrayLike, lat_deg: npt.ArrayLike, *, time_ms: npt.ArrayLike, zones: GivenZones | None = None
) -> dict[str, float]:
    """Share of time in each zone along a path, largest first.

    Parameters
    ----------
    lon_deg, lat_deg
        Places on the path, degrees, shape (n,).
    time_ms
        When, in ascending order, milliseconds. Each place stands for half of the time to its neighbours.
    zones
        A user's polygons, which win.

    Returns
    -------
    dict
        Names as `zone_names` gives them to their share, 0..1, sum 1; empty without places.
    """
    time = np.asarray(time_ms, np.float64)
    if not len(time):
        return {}
    gap = np.diff(time)
    weight = (np.append(gap, 0.0) + np.insert(gap, 0, 0.0)) / 2
    if weight.sum() <= 0:
        weight = np.ones(len(time))
    return share_by_name(zone_names(lon_deg, lat_deg, zones=zones), weight)


def share_by_name(names: Any, weight: npt.NDArray[np.float64], /) -> dict[str, float]:
    """Sum weights by name, as shares of the whole, largest first."""
    unique, which = np.unique(np.asarray(names, dtype=str), return_inverse=True)
    share = np.bincount(which, weights=weight) / weight.sum()
    return dict(sorted(zip(unique.tolist(), share.tolist(), strict=True), key=lambda item: (-item[1], item[0])))
