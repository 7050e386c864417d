"""Deadweight from the hull, when no registry gives it.

Steps of the ladder, best first: length x beam x design draught x a coefficient of the type; the same with the
draught estimated from length; an exponential in length. Coefficients and their sources stand in
``data/cargo/hull_defaults.csv``. The draught that a ship declares today may be a ballast one, so it never serves as
the design draught here; the registry step and the draught history belong to later steps of the ladder.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp

MIN_LENGTH_OVER_BEAM = 3.5
MAX_LENGTH_OVER_BEAM = 9.5
MIN_BEAM_M = 3.0
"""AIS dimensions outside these are refused (cargo-and-law.md, 4.1)."""


@dataclass(frozen=True)
class Deadweight:
    """Deadweight in tonnes, how it was found, and its relative error (one standard deviation)."""

    dwt_t: float
    basis: str
    error: float


@dataclass(frozen=True)
class HullLine:
    """Coefficients of one type of hull."""

    ship_type: str
    k_dwt: float
    draught_a: float
    draught_b: float
    exp_a: float
    exp_b: float


@cache
def hull_lines() -> dict[str, HullLine]:
    """Coefficients by type of hull."""
    text = files("tracker").joinpath("data/cargo/hull_defaults.csv").read_text(encoding="utf-8")
    return {
        row["ship_type"]: HullLine(
            row["ship_type"],
            float(row["k_dwt_central"]),
            float(row["design_draught_a"]),
            float(row["design_draught_b"]),
            float(row["dwt_exp_A"]),
            float(row["dwt_exp_B"]),
        )
        for row in csv.DictReader(text.splitlines())
    }


def line_of(ship_type: int | None, length_m: float, /) -> HullLine:
    """Choose the line for an AIS ship type and a length; tankers by size, everything unknown as a small tanker."""
    lines = hull_lines()
    if ship_type is not None and 70 <= ship_type <= 79:
        return lines["bulk_carrier" if length_m >= 150 else "general_cargo"]
    if length_m < 120:
        return lines["product_tanker_small"]
    return lines["product_tanker_handy_mr" if length_m < 215 else "crude_tanker"]


def estimate_dwt(ship_type: int | None, length_m: float | None, beam_m: float | None, /) -> Deadweight | None:
    """Estimate deadweight from AIS dimensions; None when length is not known or the dimensions are impossible."""
    if length_m is None or not 10.0 <= length_m <= 460.0:
        return None
    line = line_of(ship_type, length_m)
    if beam_m is None:
        dwt = line.exp_a * exp(line.exp_b * length_m)
        return Deadweight(dwt, "length", 0.30) if dwt > 0 else None
    if beam_m < MIN_BEAM_M or not MIN_LENGTH_OVER_BEAM <= length_m / beam_m <= MAX_LENGTH_OVER_BEAM:
        return None
    draught_m = line.draught_a * length_m + line.draught_b
    return Deadweight(line.k_dwt * length_m * beam_m * draught_m, "hull", 0.20)
