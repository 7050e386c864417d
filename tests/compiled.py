"""Functions that only compiled loops call, as a test may call them."""

from numba import njit

from tracker.engine import contacts
from tracker.geo.kernels import compiled


@njit
def wrap_e7(dx):
    return compiled.wrap_e7(dx)


@njit
def distance2_m2(x0, y0, x1, y1):
    return compiled.distance2_m2(x0, y0, x1, y1)


@njit
def chord_place_e7(dx, y0, y1, share):
    return compiled.chord_place_e7(dx, y0, y1, share)


@njit
def near_and_nearest2(x0, y0, x1, y1, nearest, cells):
    """Whether two places are near, and the lesser of a squared distance and theirs."""
    belt = contacts.belt_of(y0, cells)
    return contacts.is_near(x0, y0, x1, y1, belt, cells), contacts.nearest2(x0, y0, x1, y1, belt, nearest)
