"""Draught to tonnes by the form of the hull.

The block coefficient shrinks with draught (Riddlesworth): ``Cb(T) = 1 - (1 - Cb_d) (Td / T)^(1/3)``; displacement is
``D(T) = rho Lwl B T Cb(T)``. Its slope at the design draught gives the waterplane coefficient ``(1 + 2 Cb_d) / 3``,
which therefore is the one used for tonnes per centimetre. Source: cargo-and-law.md, 4.2 (World Bank and IMF notebooks).
"""

from dataclasses import dataclass
from math import cbrt

SEA_WATER_T_PER_M3 = 1.025
SHALLOWEST = 0.3
DEEPEST = 1.15
"""Draughts outside these shares of the design draught are not believed."""


@dataclass(frozen=True)
class Hull:
    """Main dimensions and coefficients of a hull."""

    length_m: float
    beam_m: float
    design_draught_m: float
    cb: float = 0.75
    """Block coefficient at the design draught."""
    lwl_over_loa: float = 0.97
    lightship_share: float = 0.28
    """Of the full displacement."""
    water_t_per_m3: float = SEA_WATER_T_PER_M3
    ballast_share: float = 0.60
    """Share of the design draught up to which a ship of this type is in ballast."""

    @property
    def waterline_m(self) -> float:
        """Length of the waterline."""
        return self.lwl_over_loa * self.length_m

    @property
    def tonnes_per_cm(self) -> float:
        """Tonnes that change the draught by a centimetre, at the design waterplane."""
        area_m2 = self.waterline_m * self.beam_m * (1.0 + 2.0 * self.cb) / 3.0
        return area_m2 * self.water_t_per_m3 / 100.0

    def believes(self, draught_m: float, /) -> bool:
        """Whether a ship of this hull can float so."""
        return SHALLOWEST * self.design_draught_m <= draught_m <= DEEPEST * self.design_draught_m

    def displacement_t(self, draught_m: float, /) -> float:
        """Displacement at a draught, t; the form holds between 0.3 and 1.15 of the design draught."""
        block = 1.0 - (1.0 - self.cb) * cbrt(self.design_draught_m / draught_m)
        return self.water_t_per_m3 * self.waterline_m * self.beam_m * draught_m * block

    def loaded_t(self, before_m: float, after_m: float, /) -> float:
        """M1: tonnes taken on between two draughts; negative when she gave."""
        return self.displacement_t(after_m) - self.displacement_t(before_m)

    def payload_t(self, draught_m: float, /, *, dwt_t: float, other_share: float = 0.04) -> float:
        """M1b: cargo on board at a draught: displacement less light ship, fuel, stores and water."""
        lightship_t = self.lightship_share * self.displacement_t(self.design_draught_m)
        return self.displacement_t(draught_m) - lightship_t - other_share * dwt_t
