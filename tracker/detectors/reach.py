"""Where a silent ship could have been, and in which ports she could have called: what follows from the ways.

Between her last report and her next she can only have been where the way there and the way on, over water and at a
speed she can make, fit into the time. At a moment inside the silence that is an area; over the whole silence it is the
area of all places she could have touched (in time geography the potential path area, after Hägerstrand 1970).
Nothing here says that she was anywhere in it. `tracker.detectors.ways_out` finds the ways.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.geo.grids import Grid
from tracker.geo.ways import ways_at_m
from tracker.units import METRES_PER_NAUTICAL_MILE, MILLISECONDS_PER_HOUR

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Silence:
    """One silence of one ship; an end that was not heard is NaN, its time that of the data's edge."""

    mmsi: int
    start_ms: int
    end_ms: int
    lon_1: float
    lat_1: float
    lon_2: float = np.nan
    lat_2: float = np.nan

    @property
    def is_open(self) -> bool:
        """Whether she was not heard again."""
        return bool(np.isnan(self.lon_2))

    @property
    def hours(self) -> float:
        """Length."""
        return (self.end_ms - self.start_ms) / MILLISECONDS_PER_HOUR


@dataclass(frozen=True)
class PortWindow:
    """A port in which she could have called: from when at the earliest, until when at the latest."""

    port: str
    state: str
    locode: str | None
    lon: float
    lat: float
    arrive_ms: int
    leave_ms: int
    way_nm: float
    """From her last report, over water to the port, and on to her next."""
    least_speed_kn: float
    """Below this constant speed the shortest call does not fit."""

    @property
    def hours(self) -> float:
        """Longest possible stay."""
        return (self.leave_ms - self.arrive_ms) / MILLISECONDS_PER_HOUR


@dataclass(frozen=True)
class Reach:
    """Ways from both ends of a silence, and what follows from them."""

    silence: Silence
    speed_kn: float
    speed_basis: str
    grid: Grid
    sea: FloatArray
    """Share of water in each cell."""
    from_last_m: FloatArray
    to_next_m: FloatArray | None
    snap_m: float
    notes: tuple[str, ...] = ()

    @property
    def metres_per_ms(self) -> float:
        """Her speed."""
        return self.speed_kn * METRES_PER_NAUTICAL_MILE / MILLISECONDS_PER_HOUR

    @property
    def cell_nm(self) -> float:
        """Width of a cell: what land is resolved to."""
        return self.grid.cell_m / METRES_PER_NAUTICAL_MILE

    @cached_property
    def envelope(self) -> Any:
        """All places that she could have touched during the silence: MultiPolygon, degrees, EPSG:4326."""
        budget = self.metres_per_ms * (self.silence.end_ms - self.silence.start_ms)
        total = self.from_last_m + (0.0 if self.to_next_m is None else self.to_next_m)
        return self._area(1.0 - total / budget, radius_m=0.5 * budget)

    def at(self, time_ms: int, /) -> Any:
        """All places where she could have been at one moment; empty outside the silence."""
        import shapely

        since, left = time_ms - self.silence.start_ms, self.silence.end_ms - time_ms
        if since < 0 or left < 0:
            return shapely.MultiPolygon()
        gone_m = max(self.metres_per_ms * since, 1.0)
        used = self.from_last_m / gone_m
        if self.to_next_m is not None:
            left_m = max(self.metres_per_ms * left, 1.0)
            used = np.maximum(used, self.to_next_m / left_m)
            if left_m < gone_m:
                return self._area(1.0 - used, radius_m=left_m, at_next=True)
        return self._area(1.0 - used, radius_m=gone_m)

    def speed_needed_kn(self, lon: float, lat: float, /) -> float:
        """Least constant speed at which she can have touched a place, kn; infinite where no way leads."""
        ways = self._ways(np.array([lon]), np.array([lat]))
        return float(sum(w[0] for w in ways) / METRES_PER_NAUTICAL_MILE / max(self.silence.hours, 1e-9))

    def _ways(self, lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
        there = ways_at_m(self.grid, self.from_last_m, lon, lat, snap_m=self.snap_m)
        if self.to_next_m is None:
            return there, np.zeros(len(there))
        return there, ways_at_m(self.grid, self.to_next_m, lon, lat, snap_m=self.snap_m)

    def _area(self, share: FloatArray, *, radius_m: float, at_next: bool = False) -> Any:
        """Where a share is 0 or more, and water. An area too small for the cells is drawn as its circle."""
        share = np.where(np.isfinite(share), share, -1.0)
        area = self.grid.polygons(
            np.minimum(_filled(share, self.sea), self.sea - 0.2), tolerance_m=0.3 * self.grid.cell_m
        )
        if not area.is_empty:
            return area
        s = self.silence
        place = (s.lon_2, s.lat_2) if at_next else (s.lon_1, s.lat_1)
        return self.grid.circle(*place, radius_m=min(radius_m, self.grid.cell_m))

    def ports(
        self,
        names: npt.NDArray[np.str_],
        states: npt.NDArray[np.str_],
        locodes: npt.NDArray[np.str_],
        lon: FloatArray,
        lat: FloatArray,
        /,
        *,
        min_call_h: float,
        first: tuple[str, ...] = ("PRK",),
    ) -> list[PortWindow]:
        """Ports in which a call of some length fits, those of the states named first, then by the length of the window."""
        row, col = self.grid.cell_of(lon, lat)
        inside = np.flatnonzero((row >= 0) & (row < self.grid.side) & (col >= 0) & (col < self.grid.side))
        there, on = self._ways(lon[inside], lat[inside])
        s = self.silence
        found = []
        for k, i in enumerate(inside.tolist()):
            if not np.isfinite(there[k] + on[k]):
                continue
            arrive = s.start_ms + there[k] / self.metres_per_ms
            leave = s.end_ms - on[k] / self.metres_per_ms
            if leave - arrive < min_call_h * MILLISECONDS_PER_HOUR:
                continue
            way_nm = float(there[k] + on[k]) / METRES_PER_NAUTICAL_MILE
            found.append(
                PortWindow(
                    str(names[i]),
                    str(states[i]),
                    str(locodes[i]) or None,
                    float(lon[i]),
                    float(lat[i]),
                    round(arrive),
                    round(leave),
                    round(way_nm, 1),
                    round(way_nm / (s.hours - min_call_h), 1),
                )
            )
        return sorted(found, key=lambda one: (one.state not in first, -one.hours, one.port))


def _filled(share: FloatArray, sea: FloatArray) -> FloatArray:
    """The share carried on over land beside the water, so that an edge at the coast follows the coast."""
    from scipy.ndimage import distance_transform_edt

    dry = sea <= 0
    if not dry.any() or dry.all():
        return share
    rows, cols = distance_transform_edt(dry, return_distances=False, return_indices=True)
    return np.asarray(share[rows, cols])
