"""Hulls as rectangles: where they lie, the water between them, and the pose of one as seen from the other.

AIS gives the place of an antenna, its distances to bow, stern and sides (A, B, C, D of message 5), and the heading
of the keel. Together they are a rectangle on the sea. Where A to D are missing, the antenna is put where ships of
that size carry it, and the result says that it is uncertain.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from tracker.tables.ship import Ship

FloatArray = npt.NDArray[np.float64]

AFT_ANTENNA = 0.8
"""Distance bow to antenna over length, for ships whose bridge is aft (judgement; tankers, bulkers, coasters)."""


@dataclass(frozen=True)
class Plan:
    """A hull seen from above: half sizes, and its centre relative to the antenna (forward, to starboard), m."""

    half_length_m: float
    half_beam_m: float
    forward_m: float
    starboard_m: float
    is_certain: bool
    """The antenna's place was reported, not assumed."""


def plan_of(ship: Ship, /) -> Plan | None:
    """Give the plan of a ship's hull, or None when its size is not known."""
    if ship.length_m is None or ship.beam_m is None:
        return None
    half_length, half_beam = ship.length_m / 2.0, ship.beam_m / 2.0
    bow, stern, port, starboard = ship.to_bow_m, ship.to_stern_m, ship.to_port_m, ship.to_starboard_m
    if bow is not None and stern is not None and port is not None and starboard is not None:
        return Plan(half_length, half_beam, (bow - stern) / 2.0, (starboard - port) / 2.0, True)
    is_aft = ship.length_m >= 50.0 and (ship.ship_type is None or ship.ship_type >= 70)
    forward = (AFT_ANTENNA - 0.5) * ship.length_m if is_aft else 0.0
    return Plan(half_length, half_beam, forward, 0.0, False)


@dataclass(frozen=True)
class Plans:
    """Plans of many hulls, as columns (n, 1); NaN where a plan is not known."""

    half_length_m: FloatArray
    half_beam_m: FloatArray
    forward_m: FloatArray
    starboard_m: FloatArray
    is_certain: npt.NDArray[np.bool_]
    """(n,)"""

    @classmethod
    def of(cls, ships: Sequence[Ship], /) -> "Plans":
        """Of many ships."""
        unknown = Plan(np.nan, np.nan, np.nan, np.nan, False)
        plans = [plan_of(ship) or unknown for ship in ships]
        sizes = np.array([(p.half_length_m, p.half_beam_m, p.forward_m, p.starboard_m) for p in plans]).reshape(-1, 4)
        half_length, half_beam, forward, starboard = sizes.T[:, :, None]
        return cls(half_length, half_beam, forward, starboard, np.array([p.is_certain for p in plans], np.bool_))

    @property
    def is_known(self) -> npt.NDArray[np.bool_]:
        """(n,)"""
        return ~np.isnan(self.half_length_m[:, 0])

    def take(self, rows: npt.NDArray[np.int64], /) -> "Plans":
        """Those of some rows."""
        return Plans(*(getattr(self, field.name)[rows] for field in fields(self)))


def centre_offset_m(plan: Plan | Plans, heading_deg: FloatArray, /) -> tuple[FloatArray, FloatArray]:
    """Vector (east, north), m, from antenna to the hull's centre for each heading."""
    rad = np.radians(heading_deg)
    sin, cos = np.sin(rad), np.cos(rad)
    return plan.forward_m * sin + plan.starboard_m * cos, plan.forward_m * cos - plan.starboard_m * sin


def hull_gap_m(
    east_m: FloatArray,
    north_m: FloatArray,
    heading_1: FloatArray,
    heading_2: FloatArray,
    plan_1: Plan | Plans,
    plan_2: Plan | Plans,
    /,
) -> FloatArray:
    """Water between two rectangles, m; 0 where they touch or overlap.

    Parameters
    ----------
    east_m, north_m : (n,), or a line for each of many pairs of hulls
        Vector from antenna 1 to antenna 2.
    heading_1, heading_2 : the same shape
        Degrees; NaN gives NaN.

    Notes
    -----
    Two convex quadrilaterals that do not overlap are nearest at a corner of one of them. Overlap, which position
    error makes common for ships alongside, is found by the separating axis test.
    """
    e1, n1 = centre_offset_m(plan_1, heading_1)
    e2, n2 = centre_offset_m(plan_2, heading_2)
    east, north = east_m + e2 - e1, north_m + n2 - n1
    first = _corners_seen(east, north, heading_1, heading_2, plan_2)
    second = _corners_seen(-east, -north, heading_2, heading_1, plan_1)
    gap = np.minimum(_outside(*first, plan_1), _outside(*second, plan_2))
    return np.where(_is_apart(*first, plan_1) | _is_apart(*second, plan_2), gap, np.where(np.isnan(gap), np.nan, 0.0))


def body_frame_m(east_m: FloatArray, north_m: FloatArray, heading_deg: FloatArray, /) -> tuple[FloatArray, FloatArray]:
    """A vector seen from a ship: metres ahead of it and to its starboard."""
    rad = np.radians(heading_deg)
    sin, cos = np.sin(rad), np.cos(rad)
    return east_m * sin + north_m * cos, east_m * cos - north_m * sin


def _corners_seen(
    east: FloatArray, north: FloatArray, from_deg: FloatArray, of_deg: FloatArray, plan: Plan | Plans
) -> tuple[FloatArray, FloatArray]:
    """Corners (4, …) of a hull, (ahead, starboard) in the frame of the other ship's centre."""
    ahead, abeam = body_frame_m(east, north, from_deg)
    turn = np.radians(of_deg - from_deg)
    sin, cos = np.sin(turn), np.cos(turn)
    shape = (4,) + (1,) * ahead.ndim
    along = np.array([1.0, 1.0, -1.0, -1.0]).reshape(shape) * plan.half_length_m
    across = np.array([1.0, -1.0, -1.0, 1.0]).reshape(shape) * plan.half_beam_m
    return ahead + along * cos - across * sin, abeam + along * sin + across * cos


def _outside(ahead: FloatArray, abeam: FloatArray, plan: Plan | Plans) -> FloatArray:
    """Distance of the nearest corner from a rectangle centred at 0, axes along the frame."""
    over = np.maximum(np.abs(ahead) - plan.half_length_m, 0.0)
    beside = np.maximum(np.abs(abeam) - plan.half_beam_m, 0.0)
    return np.asarray(np.min(np.hypot(over, beside), axis=0))


def _is_apart(ahead: FloatArray, abeam: FloatArray, plan: Plan | Plans) -> npt.NDArray[np.bool_]:
    """Whether an axis of the rectangle separates it from the corners."""
    length, beam = plan.half_length_m, plan.half_beam_m
    return np.asarray(
        (ahead.min(0) > length) | (ahead.max(0) < -length) | (abeam.min(0) > beam) | (abeam.max(0) < -beam)
    )
