"""A square of cells round a place, on the plane that keeps distances from it: no seam at 180 degrees, none at a pole.

The plane is the azimuthal equidistant projection of the ellipsoid (pyproj, ``aeqd``). Only cells are laid out on it:
lengths are measured on the ellipsoid. Contours on it come back as polygons in degrees, cut at 180 degrees as RFC 7946
asks, and closed over a pole that they hold.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from tracker.geo.kernels import ecef_m
from tracker.geo.kernels.wgs84 import surface_deg

FloatArray = npt.NDArray[np.float64]

SMOOTH_M = 4_000_000.0
NODES = 28
ALONE = 200_000
"""Products of matrices with fewer multiplications are made by one thread: for these small ones several cost far more."""
WIDEST_STEP_DEG = 20.0
"""Rings beside a pole get more points until no step is wider: a wider one leaves open which way round it goes."""


@dataclass(frozen=True)
class Grid:
    """Cells about a centre: ``2 half + 1`` rows from the south, as many columns from the west.

    Attributes
    ----------
    lon0, lat0 : the centre, degrees
    cell_m : width of a cell, m
    half : cells from the centre to an edge
    """

    lon0: float
    lat0: float
    cell_m: float
    half: int

    @property
    def side(self) -> int:
        """Cells along a side."""
        return 2 * self.half + 1

    @cached_property
    def axis_m(self) -> FloatArray:
        """Middles of the columns east of the centre, and of the rows north of it, m."""
        return np.asarray(np.arange(-self.half, self.half + 1) * self.cell_m, np.float64)

    @cached_property
    def _to_degrees(self) -> Any:
        return _transformer(self.lon0, self.lat0, inverse=True)

    @cached_property
    def _to_plane(self) -> Any:
        return _transformer(self.lon0, self.lat0, inverse=False)

    @cached_property
    def degrees(self) -> tuple[FloatArray, FloatArray]:
        """Longitude and latitude of the middles of the cells, each (side, side).

        Of a grid up to twice `SMOOTH_M` wide the places in space are those of the polynomial through `NODES` x `NODES` of
        them at Chebyshev's points, which is the projection to a tenth of a micrometre, in less than half the time.
        """
        if self.side <= NODES or self.axis_m[-1] > SMOOTH_M:
            return self.to_degrees(*np.meshgrid(self.axis_m, self.axis_m))
        from numpy.polynomial.chebyshev import chebpts1, chebvander

        nodes = chebpts1(NODES)
        weights = chebvander(self.axis_m / self.axis_m[-1], NODES - 1) @ np.linalg.inv(chebvander(nodes, NODES - 1))
        places = ecef_m(*self.to_degrees(*np.meshgrid(nodes * self.axis_m[-1], nodes * self.axis_m[-1])))
        return surface_deg(*(_by_blocks(weights @ place, weights.T) for place in places))

    @cached_property
    def xyz_m(self) -> FloatArray:
        """Earth-centred middles of the cells, (side, side, 3), m."""
        return np.stack(ecef_m(*self.degrees), axis=-1)

    def to_degrees(self, x_m: FloatArray, y_m: FloatArray, /) -> tuple[FloatArray, FloatArray]:
        """Degrees of points of the plane."""
        lon, lat = self._to_degrees.transform(x_m, y_m)
        return np.asarray(lon, np.float64), np.asarray(lat, np.float64)

    def to_plane(self, lon: npt.ArrayLike, lat: npt.ArrayLike, /) -> tuple[FloatArray, FloatArray]:
        """Metres east and north of points in degrees."""
        x, y = self._to_plane.transform(np.asarray(lon, np.float64), np.asarray(lat, np.float64))
        return np.asarray(x, np.float64), np.asarray(y, np.float64)

    def cell_of(self, lon: npt.ArrayLike, lat: npt.ArrayLike, /) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Row and column of points, which may lie outside the grid."""
        x, y = self.to_plane(lon, lat)
        row, col = (np.rint(v / self.cell_m).astype(np.int64) + self.half for v in (y, x))
        return row, col

    def contour(self, values: FloatArray, /) -> list[FloatArray]:
        """Where a field is 0 or more, as closed rings in metres of the plane: outer ones left about, holes right about."""
        from contourpy import contour_generator

        framed = np.pad(values, 1, constant_values=min(-1.0, float(np.nanmin(values))))
        axis = np.arange(-self.half - 1, self.half + 2) * self.cell_m
        lines = contour_generator(axis, axis, framed, line_type="Separate").lines(0.0)
        return [np.asarray(line, np.float64) for line in lines if len(line) >= 4]

    def polygons(self, values: FloatArray, /, *, tolerance_m: float) -> Any:
        """Where a field is 0 or more, as a shapely MultiPolygon in degrees, EPSG:4326.

        Parameters
        ----------
        values : (side, side); crossings between cells are linear
        tolerance_m : how far an edge may move when it is thinned, m
        """
        import shapely

        rings = self.contour(values)
        if not rings:
            return shapely.MultiPolygon()
        # even-odd: islands lie in lakes in land, and contours never cross
        area = shapely.Polygon()
        for ring in sorted((shapely.Polygon(ring) for ring in rings), key=lambda p: -p.area):
            area = area.symmetric_difference(shapely.make_valid(ring))
        return self._on_globe(shapely.simplify(area, tolerance_m))

    def circle(self, lon: float, lat: float, /, *, radius_m: float) -> Any:
        """All places within a distance of one, as a MultiPolygon in degrees."""
        import shapely

        x, y = self.to_plane(lon, lat)
        return self._on_globe(shapely.Point(float(x), float(y)).buffer(radius_m))

    def _on_globe(self, area: Any) -> Any:
        import shapely

        whole = shapely.Polygon()
        for polygon in shapely.get_parts(area):
            if polygon.geom_type != "Polygon" or polygon.is_empty:
                continue
            one = self._ring_on_globe(polygon.exterior)
            for hole in polygon.interiors:
                one = one.difference(self._ring_on_globe(hole))
            whole = whole.union(one)
        parts = [part for part in shapely.get_parts(whole) if part.geom_type == "Polygon" and not part.is_empty]
        return shapely.MultiPolygon([shapely.geometry.polygon.orient(part) for part in parts])

    def _ring_on_globe(self, ring: Any) -> Any:
        """A ring of the plane as an area in degrees, inside -180..180."""
        import shapely

        lon, lat = self.to_degrees(*shapely.get_coordinates(shapely.segmentize(ring, self.cell_m)).T)
        lon, lat = _bent(self, ring, lon, lat)
        run = np.concatenate([lon[:1], lon[0] + np.cumsum((np.diff(lon) + 180.0) % 360.0 - 180.0)])
        xy = np.column_stack([run, lat])
        turns = round((run[-1] - run[0]) / 360.0)
        if turns:
            # it goes round a pole: the one whose place on the plane it holds
            pole = 90.0 if self._holds_pole(ring, 90.0) else -90.0
            xy = np.vstack([xy, [run[-1], pole], [run[0], pole]])
        area = shapely.make_valid(shapely.Polygon(xy))
        pieces = []
        for turn in range(
            int(np.floor((xy[:, 0].min() + 180.0) / 360.0)), int(np.floor((xy[:, 0].max() + 180.0) / 360.0)) + 1
        ):
            west = -180.0 + 360.0 * turn
            piece = shapely.intersection(area, shapely.box(west, -90.0, west + 360.0, 90.0))
            pieces.append(shapely.transform(piece, lambda p, shift=360.0 * turn: p - [shift, 0.0]))
        return shapely.union_all(pieces)

    def _holds_pole(self, ring: Any, lat: float) -> bool:
        import shapely

        x, y = self.to_plane(0.0, lat)
        return bool(np.isfinite(x) and shapely.Polygon(ring).contains(shapely.Point(float(x), float(y))))


def _bent(grid: Grid, ring: Any, lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    """More points where steps in longitude are wide, as beside a pole."""
    import shapely

    step_m = grid.cell_m
    for _ in range(8):
        if np.abs((np.diff(lon) + 180.0) % 360.0 - 180.0).max(initial=0.0) <= WIDEST_STEP_DEG:
            break
        step_m /= 2.0
        lon, lat = grid.to_degrees(*shapely.get_coordinates(shapely.segmentize(ring, step_m)).T)
    return lon, lat


def _by_blocks(left: FloatArray, right: FloatArray) -> FloatArray:
    """The product of two matrices, a few rows at a time."""
    rows = max(1, ALONE // right.size)
    return np.vstack([left[begin : begin + rows] @ right for begin in range(0, len(left), rows)])


def _transformer(lon0: float, lat0: float, *, inverse: bool) -> Any:
    from pyproj import Transformer

    plane = f"+proj=aeqd +lat_0={lat0!r} +lon_0={lon0!r} +ellps=WGS84"
    degrees = "+proj=unitconvert +xy_in={} +xy_out={}"
    steps = [f"+inv {plane}", degrees.format("rad", "deg")] if inverse else [degrees.format("deg", "rad"), plane]
    return Transformer.from_pipeline("+proj=pipeline " + " ".join(f"+step {step}" for step in steps))
