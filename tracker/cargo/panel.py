"""The UN Panel's way: deadweight times a laden fraction of 0.33, 0.50 or 0.90.

The Panel's scenarios are kept as they are; beside them stands a range (P10, P50, P90) from a PERT distribution over
the same three fractions. The base is the receiver, which is the smaller ship: a fraction of the larger ship is the
wrong base (600 t of a 14,039 t cargo went to SAM JONG 2).
"""

from tracker.cargo.factors import UNSPECIFIED
from tracker.params import Params, param

SCENARIOS = {"s33": 0.33, "s50": 0.50, "s90": 0.90}
"""Laden fractions of the UN Panel of Experts, S/2021/211 (0.33, not a third: a third does not round to its totals)."""


class CargoParams(Params):
    """How cargo is estimated."""

    factor_set: str = param(
        "committee", "tonnes-to-barrels set", source="cargo-and-law.md section 2: 8.33 for unspecified product"
    )
    product: str = param(UNSPECIFIED, "product assumed", source="cargo-and-law.md section 2")
    laden_low: float = param(0.33, "lowest laden fraction", gt=0, le=1, source="UN Panel scenario")
    laden_mode: float = param(0.50, "most likely laden fraction", gt=0, le=1, source="UN Panel scenario")
    laden_high: float = param(0.90, "highest laden fraction", gt=0, le=1, source="UN Panel scenario")
    smallest_dwt_t: float = param(50.0, "hulls below this carry no cargo worth counting, t", ge=0, source="judgement")
