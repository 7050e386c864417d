"""Where trials are played: stretches of open water, and the lattice of sites on them."""

from dataclasses import dataclass

from tracker.simulate.motion import Place, away


@dataclass(frozen=True)
class Ground:
    """A stretch of open water by its middle."""

    name: str
    middle: Place


TRAINING = (
    Ground("Philippine Sea", (131.0, 19.0)),
    Ground("Norwegian Sea", (3.0, 69.5)),
    Ground("Gulf of Guinea", (0.0, 0.0)),
    Ground("South of Fiji", (179.9, -24.0)),
    Ground("Ionian Sea", (18.2, 35.6)),
)
"""Grounds on which weights are fitted."""

TESTING = (
    Ground("off Shikoku", (136.5, 29.5)),
    Ground("Barents Sea", (37.0, 72.0)),
    Ground("equatorial Indian Ocean", (65.0, -1.0)),
    Ground("North of Tonga", (-179.95, -12.0)),
    Ground("Arabian Sea", (63.0, 18.0)),
)
"""Grounds on which detection is measured."""

SPACING_NM = 34.0
SIDE = 6
SITES = SIDE * SIDE


ROADS = (SIDE - 1) * (SIDE - 1)


def site(ground: Ground, number: int, /) -> Place:
    """The place of a site, 0 to `SITES` - 1, on a square lattice about the middle of a ground."""
    return _on_lattice(ground, *divmod(number, SIDE), side=SIDE)


def road(ground: Ground, number: int, /) -> Place:
    """The place of a road, 0 to `ROADS` - 1, each amid four sites."""
    return _on_lattice(ground, *divmod(number, SIDE - 1), side=SIDE - 1)


def _on_lattice(ground: Ground, row: int, column: int, *, side: int) -> Place:
    half = 0.5 * (side - 1)
    east = away(ground.middle, bearing_deg=90.0, distance_nm=SPACING_NM * (column - half))
    return away(east, bearing_deg=0.0, distance_nm=SPACING_NM * (row - half))
