"""Ports: one table merged from two open packages and a short list of our own, and the nearest of them.

A port is a point here, not an area, and some points are wrong: of 2,041 ports with a UN/LOCODE of the World Port
Index 175 lie more than 5 nm from its position and 44 more than 20 nm. Positions that the source wrote in degrees and
minutes are mended, places at sea left out, by the rules of ``scripts/build_ports.py``.
Source: PyPI searoute 1.6.0 (Apache-2.0), npm sea-ports 0.0.9 (MIT), ``ports_own.csv``.
"""

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tracker.zones.columns import numbers, texts
from tracker.zones.earth import arc_nm, fast_tree, to_ecef, wrap_lon
from tracker.zones.packaged import rows_of
from tracker.zones.spots import Spots

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Ports:
    """The table: names, states (alpha-3), UN/LOCODEs, kinds, positions in degrees."""

    name: npt.NDArray[np.str_]
    state: npt.NDArray[np.str_]
    locode: npt.NDArray[np.str_]
    kind: npt.NDArray[np.str_]
    """port, terminal, marina, buoy_area, or anchorage (of a user)."""
    radius_nm: Floats
    """How far it reaches; NaN where it is not stated."""
    lon: Floats
    lat: Floats

    @cached_property
    def spots(self) -> Spots:
        """The ports as points in space."""
        return Spots(to_ecef(wrap_lon(self.lon), self.lat))

    @cached_property
    def words(self) -> tuple[Any, Any, Any]:
        """Names, states and UN/LOCODEs as pyarrow arrays; null where there is none."""
        locodes = [code or None for code in self.locode.tolist()]
        return texts(self.name.tolist()), texts(self.state.tolist()), texts(locodes)

    @cached_property
    def tree(self) -> Any:
        """The tree over them, for questions about more than the nearest."""
        return fast_tree(self.spots.points)

    def only(self, rows: npt.NDArray[np.int64], /) -> "Ports":
        """Some of the ports."""
        lon, lat = self.lon[rows], self.lat[rows]
        return Ports(
            self.name[rows],
            self.state[rows],
            self.locode[rows],
            self.kind[rows],
            self.radius_nm[rows],
            lon,
            lat,
        )


@cache
def read_ports() -> Ports:
    """The packaged ports."""
    rows = rows_of("ports.csv")
    lon, lat = (np.array([float(r[key]) for r in rows]) for key in ("lon", "lat"))
    return Ports(
        name=np.array([r["name"] for r in rows]),
        state=np.array([r["state"] for r in rows]),
        locode=np.array([r["locode"] for r in rows]),
        kind=np.array([r["kind"] for r in rows]),
        radius_nm=np.array([float(r["radius_nm"] or "nan") for r in rows]),
        lon=lon,
        lat=lat,
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
    chord, i = ports.spots.nearest(to_ecef(wrap_lon(np.where(good, lon, 0.0)), np.where(good, lat, 0.0)))
    bad = ~good
    which = numbers(i, is_null=bad)
    columns = [*(words.take(which) for words in ports.words), numbers(arc_nm(chord), is_null=bad)]
    return pa.Table.from_arrays(columns, names=["port", "port_state", "port_locode", "port_distance_nm"])


NEAREST_ASKED = 8
"""Ports asked about at a place: more do not lie within reach of one quay anywhere in the table but harbour to harbour."""


def ports_with(name: list[str], state: list[str], lon: npt.ArrayLike, lat: npt.ArrayLike, *, radius_nm: float) -> Ports:
    """The packaged ports and a user's anchorages, which reach `radius_nm`."""
    ports, n = read_ports(), len(name)
    x, y = (np.concatenate([old, np.asarray(new, np.float64)]) for old, new in ((ports.lon, lon), (ports.lat, lat)))
    return Ports(
        name=np.concatenate([ports.name, np.array(name, np.str_)]),
        state=np.concatenate([ports.state, np.array(state, np.str_)]),
        locode=np.concatenate([ports.locode, np.full(n, "")]),
        kind=np.concatenate([ports.kind, np.full(n, "anchorage")]),
        radius_nm=np.concatenate([ports.radius_nm, np.full(n, radius_nm)]),
        lon=x,
        lat=y,
    )


def port_around(
    lon_deg: npt.ArrayLike, lat_deg: npt.ArrayLike, /, *, reach_nm: float, ports: Ports | None = None
) -> tuple[npt.NDArray[np.int64], Floats, Floats]:
    """The port whose area holds each point best: the nearest of those that reach it, else the one that nearly does.

    Parameters
    ----------
    reach_nm : how far a port reaches that does not state it

    Returns
    -------
    row of the port, distance to it in nm, and that distance in shares of its reach (inside: at most 1)
    """
    ports = ports or read_ports()
    lon, lat = np.atleast_1d(np.asarray(lon_deg, np.float64)), np.atleast_1d(np.asarray(lat_deg, np.float64))
    if not len(lon):
        return np.empty(0, np.int64), np.empty(0), np.empty(0)
    chord, rows = ports.tree.query(to_ecef(wrap_lon(lon), lat), k=np.arange(1, min(NEAREST_ASKED, len(ports.name)) + 1))
    distance = arc_nm(chord)
    radius = np.nan_to_num(ports.radius_nm, nan=reach_nm)[rows]
    share = distance / radius
    # a user's anchorage wins over listed ports wherever it holds the place
    rank = np.where(ports.kind[rows] == "anchorage", distance * 1e-3, distance)
    best = np.where(share <= 1.0, rank, 1e6 + share).argmin(axis=1)
    at = np.arange(len(lon)), best
    return rows[at].astype(np.int64), distance[at], share[at]
