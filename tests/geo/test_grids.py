"""Cells of a grid lie where the projection of pyproj puts them, at poles and across 180 degrees too."""

import numpy as np
import pytest

from tracker.geo.grids import Grid
from tracker.geo.kernels import distance_m


@pytest.mark.parametrize(
    ("lon", "lat", "cell_m", "half"),
    [(-120.0, 34.0, 500.0, 122), (179.0, 60.0, 20_000.0, 122), (30.0, 89.0, 20_000.0, 200), (0.0, -88.0, 1_000.0, 50)],
)
def test_the_polynomial_of_a_grid_is_the_projection_itself(lon: float, lat: float, cell_m: float, half: int) -> None:
    grid = Grid(lon, lat, cell_m, half)
    there = grid.to_degrees(*np.meshgrid(grid.axis_m, grid.axis_m))
    assert float(np.max(distance_m(*grid.degrees, *there))) < 1e-6
