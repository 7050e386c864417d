"""The caps on oil to the DPRK, and which measure covers a good on a date.

Refined petroleum: barrels in a calendar year, from 2018 (resolution 2397, paragraph 5); there is no limb in tonnes.
Crude: 4,000,000 barrels or 525,000 t in twelve months from 22 December (paragraph 4): both limbs are tested, because
they imply 7.62 barrels a tonne and crude has about 7.32. Every rule carries its dates: sand was banned on
22 December 2017 and not before.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache

from tracker.cargo.factors import barrels_per_tonne
from tracker.cargo.reference import reference_rows

REFINED_CAP_BBL = 500_000.0
CRUDE_CAP_BBL = 4_000_000.0
CRUDE_CAP_T = 525_000.0
NOTICE_SHARES = (0.75, 0.90, 0.95)
"""Shares of the refined cap at which the Committee's secretary notifies (resolution 2397, paragraph 5)."""
FIRST_REFINED_YEAR = 2018
CRUDE_MONTH_DAY = (12, 22)


def refined_cap_bbl(year: int, /) -> float | None:
    """The refined cap of a calendar year, barrels; None before 2018, when another measure held."""
    return REFINED_CAP_BBL if year >= FIRST_REFINED_YEAR else None


def crude_period(day: date, /) -> tuple[date, date]:
    """The twelve months of the crude cap that hold a day: first day (22 December) and the day after the last."""
    start = date(day.year, *CRUDE_MONTH_DAY)
    start = start if day >= start else start.replace(year=day.year - 1)
    return start, start.replace(year=start.year + 1)


@dataclass(frozen=True)
class CrudeShare:
    """A quantity of crude against both limbs of its cap."""

    tonnes: float
    barrels: float
    factor_set: str
    ratio_bbl_limb: float
    ratio_t_limb: float


def crude_share(tonnes: float, /, *, factor_set: str = "unsd", barrels: float | None = None) -> CrudeShare:
    """Test tonnes of crude against both limbs; barrels by the set, unless they are given."""
    bbl = tonnes * barrels_per_tonne(factor_set, "crude") if barrels is None else barrels
    name = factor_set if barrels is None else "as given"
    return CrudeShare(tonnes, bbl, name, bbl / CRUDE_CAP_BBL, tonnes / CRUDE_CAP_T)


@dataclass(frozen=True)
class Measure:
    """One paragraph of a Security Council resolution."""

    resolution: str
    paragraph: str
    direction: str
    subject: str
    hs: tuple[str, ...]
    since: date | None
    until: date | None
    text: str
    verification: str

    @property
    def citation(self) -> str:
        """``resolution 2397 (2017), paragraph 6``."""
        return f"resolution {self.resolution} ({adopted_in()[self.resolution]}), paragraph {self.paragraph}"

    def covers(self, hs: str, on: date, /) -> bool:
        """Whether the measure names the good's HS code (or its chapter, or a range of chapters) and is in force."""
        in_force = self.since is not None and self.since <= on and (self.until is None or on < self.until)
        return in_force and any(_holds(code, hs) for code in self.hs)


@cache
def measures() -> tuple[Measure, ...]:
    """All measures of ``data/cargo/unsc_measures.csv``."""
    return tuple(
        Measure(
            row["resolution"],
            row["op"],
            row["direction_from_dprk_view"],
            row["commodity_or_subject"],
            tuple(row["hs"].split(";")) if row["hs"] else (),
            date.fromisoformat(row["effective_from"]) if row["effective_from"] else None,
            date.fromisoformat(row["effective_to"]) if row["effective_to"] else None,
            row["measure"],
            row["verification"],
        )
        for row in reference_rows("unsc_measures")
    )


@cache
def adopted_in() -> dict[str, int]:
    """Year of adoption by resolution."""
    return {row["resolution"]: int(row["adopted"][:4]) for row in reference_rows("unsc_measures")}


def measures_on(hs: str, on: date, /, *, direction: str) -> tuple[Measure, ...]:
    """Measures that cover a good (HS code) on a date; `direction` is 'import' or 'export' as the DPRK sees it."""
    return tuple(m for m in measures() if m.direction == direction and m.covers(hs, on))


def check_citation(resolution: str, year: int, /) -> str | None:
    """Say what is wrong with a citation, and the nearest resolution of that year; None when it is right."""
    from difflib import get_close_matches

    known = adopted_in()
    if known.get(resolution) == year:
        return None
    same_year = [name for name, adopted in known.items() if adopted == year]
    near = get_close_matches(resolution, same_year, n=1) or get_close_matches(resolution, list(known), n=1)
    hint = f"; resolution {near[0]} ({known[near[0]]}) is the nearest known" if near else ""
    return f"resolution {resolution} ({year}) is not among the measures on the DPRK{hint}"


def _holds(code: str, hs: str) -> bool:
    first, dash, last = code.partition("-")
    if dash:
        return first <= hs[: len(first)] <= last
    return hs.startswith(code)
