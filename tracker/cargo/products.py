"""The product of a transfer, as far as ships tell: AIS does not say what is in the tanks.

The user's word comes first, then what the donor is known to have loaded, then a registry's types. Two ships of more than 80,000 t deadweight carry crude; two dry-cargo ships carry no oil,
and get no barrels; everything else is refined product that is not specified.
"""

import re
from collections.abc import Sequence

from tracker.cargo.factors import UNSPECIFIED, barrels_or_unspecified
from tracker.cargo.sides import Side
from tracker.units import BARRELS_PER_CUBIC_METRE

CRUDE_DWT_T = 80_000.0
"""Both ships above this: crude (judgement; product tankers seldom exceed it)."""
DRY_CARGO_T_PER_M3 = 0.85
"""Coal in bulk, for the bound by rate only."""


_WORDS = (("lpg", r"\blpg\b|liquefied|\bgas carrier"), ("bitumen", r"bitumen|asphalt"), ("crude", r"\bcrude"))


def product_of(
    sides: Sequence[Side], /, *, assumed: str, loaded: tuple[str, str] | None = None
) -> tuple[str | None, str]:
    """Name the product as in the factor sets (None for dry cargo), and where it comes from.

    Parameters
    ----------
    assumed : the user's word for all events; it wins unless it is the unspecified product
    loaded : product and source of what the donor loaded last, or of a bill for this cargo
    """
    if assumed != UNSPECIFIED:
        return assumed, "the user's parameter"
    if loaded is not None:
        return loaded
    for name, pattern in _WORDS:
        if all(re.search(pattern, side.words.lower()) for side in sides):
            return name, "types of both ships in a registry"
    if all(s.ship_type is not None and 70 <= s.ship_type <= 79 for s in sides):
        return None, "two dry-cargo ships"
    if all(s.dwt is not None and s.dwt.dwt_t >= CRUDE_DWT_T for s in sides):
        return "crude", f"both ships above {CRUDE_DWT_T:,.0f} t deadweight"
    return UNSPECIFIED, "not known"


def density_t_per_m3(product: str | None, /) -> float:
    """Density of a product by the set ``density``."""
    if product is None:
        return DRY_CARGO_T_PER_M3
    return BARRELS_PER_CUBIC_METRE / barrels_or_unspecified("density", product)
