"""Deadweight, best source first, with where it comes from and how sure it is.

1. a registry or watchlist (2 %); 2. length x beam x design draught x a coefficient of the type, with the draught that
the crew reports when deep (12 %); 3. the same with the draught of a line over length (20 %); 4. an exponential in
length (30 %). Coefficients and their sources stand in ``data/cargo/hull_defaults.csv``. The deepest reports count as
the design draught only where they are near the line: a ship that was heard in ballast alone has none.
"""

import re
from dataclasses import dataclass
from functools import cache
from math import exp

from tracker.cargo.hullform import Hull
from tracker.cargo.reference import reference_rows

MIN_LENGTH_OVER_BEAM = 3.5
MAX_LENGTH_OVER_BEAM = 9.5
MIN_BEAM_M = 3.0
"""AIS dimensions outside these are refused (cargo-and-law.md, 4.1)."""
LARGEST_T = 600_000.0
"""No ship was ever larger (Seawise Giant: 564,650 t)."""
FAR_OFF = 2.5
"""Four standard deviations of the hull's estimate, and more (judgement)."""
DEEP_SHARE = (0.90, 1.30)
"""Reported deep draughts within these shares of the line's draught serve as the design draught (judgement)."""


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
    cb: float
    k_dwt: float
    draught_a: float
    draught_b: float
    exp_a: float
    exp_b: float
    lwl_over_loa: float
    lightship_share: float
    cargo_share: float
    ballast_share: float
    ballast_high: float


@cache
def hull_lines() -> dict[str, HullLine]:
    """Coefficients by type of hull."""
    return {
        row["ship_type"]: HullLine(
            row["ship_type"],
            *(
                float(row[name])
                for name in (
                    *("cb_central", "k_dwt_central", "design_draught_a", "design_draught_b", "dwt_exp_A", "dwt_exp_B"),
                    *("lwl_over_loa", "lightship_frac_of_full_displacement", "cargo_frac_of_dwt"),
                    *("ballast_draught_frac_central", "ballast_draught_frac_high"),
                )
            ),
        )
        for row in reference_rows("hull_defaults")
    }


_WORDS = (
    ("lpg_carrier", r"\blpg\b|liquefied|\bgas\b"),
    ("coastal_barge_self_propelled", r"\bbarge\b"),
    ("sand_carrier_dredger", r"\bsand\b|dredg|hopper"),
    ("bulk_carrier", r"\bbulk"),
    ("general_cargo", r"general cargo"),
)
"""Types in a registry's words that have a line of their own."""
DREDGER = 33
"""AIS type of ships that dredge (ITU-R M.1371-5, table 53)."""


def line_of(ship_type: int | None, length_m: float, /, *, words: str = "") -> HullLine:
    """Choose the line for a registry's words, else for an AIS ship type and a length.

    Tankers go by size; everything unknown counts as a small tanker.
    """
    lines = hull_lines()
    named = next((name for name, pattern in _WORDS if re.search(pattern, words.lower())), None) if words else None
    if named is not None or ship_type == DREDGER:
        return lines[named or "sand_carrier_dredger"]
    if ship_type is not None and 70 <= ship_type <= 79:
        return lines["bulk_carrier" if length_m >= 150 else "general_cargo"]
    if length_m < 120:
        return lines["product_tanker_small"]
    return lines["product_tanker_handy_mr" if length_m < 215 else "crude_tanker"]


def are_possible(length_m: float | None, beam_m: float | None, /) -> bool:
    """Whether length and beam are known and those of a ship."""
    if length_m is None or beam_m is None or not 10.0 <= length_m <= 460.0 or beam_m < MIN_BEAM_M:
        return False
    return MIN_LENGTH_OVER_BEAM <= length_m / beam_m <= MAX_LENGTH_OVER_BEAM


def design_draught_m(line: HullLine, length_m: float, /, *, deep_m: float | None = None) -> tuple[float, bool]:
    """Design draught, and whether it is the one that was reported (95th percentile of at least 20 reports)."""
    drawn = line.draught_a * length_m + line.draught_b
    if deep_m is not None and DEEP_SHARE[0] * drawn <= deep_m <= DEEP_SHARE[1] * drawn:
        return deep_m, True
    return drawn, False


def hull_of(
    ship_type: int | None,
    length_m: float | None,
    beam_m: float | None,
    /,
    *,
    deep_m: float | None = None,
    words: str = "",
) -> Hull | None:
    """The hull for draught calculations; None when the dimensions are unknown or impossible."""
    if not are_possible(length_m, beam_m):
        return None
    assert length_m is not None
    assert beam_m is not None
    line = line_of(ship_type, length_m, words=words)
    draught, _ = design_draught_m(line, length_m, deep_m=deep_m)
    return Hull(
        length_m,
        beam_m,
        draught,
        line.cb,
        line.lwl_over_loa,
        line.lightship_share,
        ballast_share=0.5 * (line.ballast_share + line.ballast_high),
    )


def estimate_dwt(
    ship_type: int | None,
    length_m: float | None,
    beam_m: float | None,
    /,
    *,
    deep_m: float | None = None,
    words: str = "",
) -> Deadweight | None:
    """Deadweight by the first step of the ladder that can be taken; None when none can.

    Parameters
    ----------
    deep_m : 95th percentile of at least 20 reported draughts
    words : the ship's type in a registry's words
    """
    if length_m is None or not 10.0 <= length_m <= 460.0:
        return None
    line = line_of(ship_type, length_m, words=words)
    if beam_m is None:
        dwt = line.exp_a * exp(line.exp_b * length_m)
        return Deadweight(dwt, "length", 0.30) if dwt > 0 else None
    if not are_possible(length_m, beam_m):
        return None
    draught, is_reported = design_draught_m(line, length_m, deep_m=deep_m)
    basis, error = ("hull and draught", 0.12) if is_reported else ("hull", 0.20)
    if line.ship_type.startswith("coastal_barge"):
        # Van Dorsser et al. 2020, as in OpenTNSim: empty draught as a share of the design draught
        box = length_m * beam_m * draught
        dwt = -16.69 + 0.9740 * box - 1.1069 * line.ballast_share * box
        return Deadweight(dwt, f"barge {basis}", error) if dwt > 0 else None
    return Deadweight(line.k_dwt * length_m * beam_m * draught, basis, error)


def registered_dwt(registry_t: float, source: str, /, *, drawn: Deadweight | None) -> Deadweight | None:
    """Deadweight of a registry or watchlist (2 %), unless the hull that AIS shows is of another size altogether.

    A list may have been matched to a ship that bears another's number: beyond a factor of `FAR_OFF` the hull wins,
    and the basis says so.
    """
    if not 0 < registry_t <= LARGEST_T:
        return drawn
    if drawn is not None and not drawn.dwt_t / FAR_OFF <= registry_t <= drawn.dwt_t * FAR_OFF:
        return Deadweight(drawn.dwt_t, f"{drawn.basis} ({source} says {registry_t:,.0f} t, another size)", drawn.error)
    return Deadweight(registry_t, source, 0.02)
