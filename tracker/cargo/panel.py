"""The UN Panel's way: deadweight times a laden fraction of 0.33, 0.50 or 0.90.

The Panel's scenarios are kept as they are; beside them stands a range (P10, P50, P90) from a PERT distribution over
the same three fractions. The base is the receiver, which is the smaller ship: a fraction of the larger ship is the
wrong base (600 t of a 14,039 t cargo went to SAM JONG 2).
"""

from collections.abc import Mapping
from typing import Any

from tracker.cargo.deadweight import Deadweight, estimate_dwt
from tracker.cargo.factors import UNSPECIFIED, barrels_per_tonne
from tracker.cargo.pert import pert_quantiles
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


def estimate_event(event: Mapping[str, Any], /, *, params: CargoParams) -> dict[str, Any]:
    """Estimate the cargo of one event row: the columns of the cargo group that can be given.

    Deadweight is given for every ship whose hull is known. Cargo is given for encounters outside ports that are at
    least possible transfers between ships whose deadweights are known.
    """
    found: dict[int, Deadweight | None] = {
        n: estimate_dwt(event[f"ship_type_{n}"], event[f"length_m_{n}"], event[f"beam_m_{n}"]) for n in (1, 2)
    }
    columns: dict[str, Any] = {}
    for n, dwt in found.items():
        columns |= {
            f"dwt_t_{n}": None if dwt is None else float(round(dwt.dwt_t)),
            f"dwt_basis_{n}": None if dwt is None else dwt.basis,
        }
    known = {n: dwt for n, dwt in found.items() if dwt is not None and dwt.dwt_t >= params.smallest_dwt_t}
    if event["type"] != "encounter" or event["in_port"] or event["verdict"] == "unlikely" or len(known) < 2:
        return columns
    receiver = min(known, key=lambda n: (known[n].dwt_t, n))
    dwt_t = known[receiver].dwt_t
    low, best, high = (
        fraction * dwt_t for fraction in pert_quantiles(params.laden_low, params.laden_mode, params.laden_high)
    )
    factor = barrels_per_tonne(params.factor_set, params.product)
    columns |= {
        "receiver_mmsi": event[f"mmsi_{receiver}"],
        "product": params.product,
        "factor_set": params.factor_set,
        "cargo_method": "M0 deadweight x laden fraction",
        "cargo_grade": "D",
    }
    for name, tonnes in (("low", low), ("best", best), ("high", high)):
        columns |= {f"cargo_{name}_t": float(round(tonnes)), f"cargo_{name}_bbl": float(round(tonnes * factor))}
    return columns | {f"cargo_{name}_t": float(round(fraction * dwt_t)) for name, fraction in SCENARIOS.items()}
