"""Ports: one table merged from two open packages and a short list of our own, and the nearest of them.

A port is a point here, not an area, and some points are wrong: of 2,041 ports with a UN/LOCODE of the World Port
Index 175 lie more than 5 nm from its position and 44 more than 20 nm. Positions that the source wrote in degrees and
minutes are mended, places at sea left out, by the rules of ``scripts/build_ports.py``.
Source: PyPI searoute 1.6.0 (Apache-2.0), npm sea-ports 0.0.9 (MIT), ``ports_own.csv``.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tracker.zones.earth import arc_nm, fast_tree, to_ecef, wrap_lon
from tracker.zones.packaged import rows_of

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Ports:
    """The table: names, states (alpha-3), UN/LOCODEs, positions in degrees, and the tree over them."""

    name: npt.NDArray[np.str_]
    state: npt.NDArray[np.str_]
    locode: npt.NDArray[np.str_]
    lon: Floats
    lat: Floats
    tree: Any


@cache
def read_ports() -> Ports:
    """The packaged ports."""
    rows = rows_of("ports.csv")
    lon, lat = (np.array([float(r[key]) for r in rows]) for key in ("lon", "lat"))
    return Ports(
        name=np.array([r["name"] for r in rows]),
        state=np.array([r["state"] for r in rows]),
        locode=np.array([r["locode"] for r in rows]),
        lon=lon,
        lat=lat,
        tree=fast_tree(to_ecef(lon, lat)),
    )


def nearest_port(lon_deg: npt.ArrayLike, lat_deg: npt.ArrayLike, *, ports: Ports | None = None) -> Any:
    """The nearest port of each point.

    Parameters
    ----------
    lon_deg, lat_deg
        Degrees, shape (n,); a position that is not one gets nulls.
    ports
        The ports to ask; the packaged ones unless given.

    Returns
    -------
    pyarrow.Table
        ``port``, ``port_state``, ``port_locode``, ``port_distance_nm``.
    """
    ports = ports or read_ports()
    lon, lat = np.atleast_1d(np.asarray(lon_deg, np.float64)), np.atleast_1d(np.asarray(lat_deg, np.float64))
    good = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lat) <= 90)
    chord, i = ports.tree.query(to_ecef(wrap_lon(np.where(good, lon, 0.0)), np.where(good, lat, 0.0)))
    bad = ~good
    locode = ports.locode[i]
    return pa.table(
        {
            "port": pa.array(ports.name[i], pa.string(), mask=bad),
            "port_state": pa.array(ports.state[i], pa.string(), mask=bad),
            "port_locode": pa.array(locode, pa.string(), mask=bad | (locode == "")),
            "port_distance_nm": pa.array(arc_nm(chord), pa.float64(), mask=bad),
        }
    )
