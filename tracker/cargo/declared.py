"""Declared deliveries: what suppliers told the 1718 Committee, and crude by pipeline; a series of its own.

Figures overlap: a month, the first eight months, the year, two suppliers together, and sometimes two figures for one
month. They are all shown; each is added at most once, finest period first, and the widest reading stands beside it.
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tracker.cargo.factors import UNSPECIFIED, barrels_or_unspecified, products
from tracker.tables.rows import Faults, number, plain, read_csv

NEEDS = ("supplier", "period_start", "period_end", "tonnes", "barrels")
FIRST_YEAR, LAST_YEAR = 1950, 2200
CREDIBLE = (5.5, 12.5)
"""Barrels in a tonne of anything from bitumen to liquefied gas, and a little beyond."""
DECLARED_SET = "committee"
"""Declared product is converted with the Committee's factor, 8.33."""


@dataclass(frozen=True)
class Declared:
    """One declared figure; barrels or tonnes may be given, the other follows from the factor."""

    supplier: str
    start: date
    end: date
    tonnes: float
    barrels: float
    basis: str
    product: str
    source: str
    kind: str = "declared"
    """declared, or pipeline: crude that comes by pipe is nobody's delivery by ship."""

    @property
    def days(self) -> int:
        """Length of the period."""
        return (self.end - self.start).days + 1

    @property
    def suppliers(self) -> frozenset[str]:
        """The suppliers that the figure holds."""
        return frozenset(part.strip().upper() for part in self.supplier.split("+"))

    def overlaps(self, other: "Declared", /) -> bool:
        """Whether the two figures are of one kind and hold a common supplier and day."""
        return (
            self.kind == other.kind
            and bool(self.suppliers & other.suppliers)
            and self.start <= other.end
            and other.start <= self.end
        )


@dataclass(frozen=True)
class DeclaredTable:
    """Declared figures of a file, and what was set aside."""

    rows: tuple[Declared, ...]
    faults: Faults
    name: str
    digest: str


def read_declared(path: Path, /) -> DeclaredTable:
    """Read ``declared.csv``: supplier, period_start, period_end, tonnes, barrels, product (optional).

    Periods are years, months or days. Raises as `tracker.tables.rows.read_csv`.
    """
    rows, digest = read_csv(path, needs=NEEDS)
    faults = Faults()
    found = []
    for n, row in enumerate(rows, start=2):
        where = f"line {n} ({plain(row['supplier'])}, {plain(row['period_start'])})"
        start, end = _edge(row["period_start"], last=False), _edge(row["period_end"], last=True)
        tonnes, barrels = number(row["tonnes"]), number(row["barrels"])
        if start is None or end is None or end < start or not FIRST_YEAR <= start.year <= end.year <= LAST_YEAR:
            faults.add("set aside: the period is none", where)
        elif (tonnes is None or tonnes < 0) and (barrels is None or barrels < 0):
            faults.add("set aside: neither tonnes nor barrels", where)
        else:
            product = row.get("product", "").lower().replace(" ", "_") or UNSPECIFIED
            if product not in products():
                faults.add("unknown product, taken as unspecified refined petroleum", f"{where}: {plain(product)}")
                product = UNSPECIFIED
            factor = barrels_or_unspecified(DECLARED_SET, product)
            given = tonnes is not None, barrels is not None
            basis = {
                (True, True): "both declared",
                (True, False): f"barrels by {DECLARED_SET} {factor:g}",
                (False, True): f"tonnes by {DECLARED_SET} {factor:g}",
            }[given]
            if tonnes and barrels and not CREDIBLE[0] <= barrels / tonnes <= CREDIBLE[1]:
                faults.add(
                    "tonnes and barrels do not fit one another, kept as declared",
                    f"{where}: {barrels / tonnes:.2f} bbl/t",
                )
            if product != "crude" and start.year != end.year:
                faults.add("spans two calendar years: in the table of none, because caps are by year", where)
            t = tonnes if tonnes is not None else (barrels or 0.0) / factor
            bbl = barrels if barrels is not None else t * factor
            source = plain(row.get("source", ""))
            words = " ".join((row.get("kind", ""), row["supplier"], source)).lower()
            kind = "pipeline" if "pipeline" in words else "declared"
            found.append(Declared(plain(row["supplier"]), start, end, t, bbl, basis, product, source, kind))
    return DeclaredTable(tuple(found), faults, path.name, digest)


def counted_once(rows: Iterable[Declared], /, *, finest_first: bool = True) -> list[tuple[Declared, str]]:
    """Every figure with how it counts: 'counted', 'second figure for the period' or 'overlaps a figure counted'."""
    ordered = sorted(rows, key=lambda r: ((r.days if finest_first else -r.days), r.start, r.supplier, -r.barrels))
    counted: list[Declared] = []
    answers = []
    for row in ordered:
        same = [c for c in counted if row.overlaps(c) and (c.start, c.end) == (row.start, row.end)]
        same = [c for c in same if c.suppliers == row.suppliers]
        if same:
            answers.append((row, "second figure for the period, not added"))
        elif any(row.overlaps(c) for c in counted):
            answers.append((row, "overlaps a figure counted, not added"))
        else:
            counted.append(row)
            answers.append((row, "counted"))
    return sorted(answers, key=lambda pair: (pair[0].start, pair[0].days, pair[0].supplier, pair[1]))


def total_bbl(answers: Iterable[tuple[Declared, str]], /) -> float:
    """Barrels of the figures that count."""
    return sum(row.barrels for row, status in answers if status == "counted")


def of_year(rows: Iterable[Declared], year: int, /, *, crude: bool) -> list[Declared]:
    """Figures of a calendar year, of crude or of refined product."""
    return [r for r in rows if (r.product == "crude") == crude and r.start.year == r.end.year == year]


def _edge(text: str, *, last: bool) -> date | None:
    """First or last day of a year, month or day as written."""
    parts = text.split("-")
    try:
        year = int(parts[0])
        month = int(parts[1]) if len(parts) > 1 else (12 if last else 1)
        if len(parts) > 2:
            return date.fromisoformat(text)
        return date(year, month, calendar.monthrange(year, month)[1] if last else 1)
    except (ValueError, IndexError):
        return None
