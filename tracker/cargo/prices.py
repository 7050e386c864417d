"""What a cargo was worth, where a dated price is known: never without the price's date and source.

There is no oil price here: the user gives a dated series. For coal and sand of the DPRK there are published anchors
(``data/cargo/commodity_prices.csv``), a year or more apart.
"""

import calendar
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tracker.cargo.factors import UNSPECIFIED, barrels_or_unspecified, products
from tracker.cargo.reference import reference_rows
from tracker.tables.rows import Faults, number, plain, read_csv

OLDEST_DAYS = 400
"""A price further from the day than this is not that day's (judgement)."""
ANCHORS = {"coal_dprk": "coal", "coal_dprk_smuggled": "coal", "sand_dprk": "sand"}
"""Commodities of the packaged table that are prices a tonne of a good."""


@dataclass(frozen=True)
class Price:
    """One price, USD a tonne or a barrel, of a period."""

    product: str
    first: date
    last: date
    usd: float
    unit: str
    source: str

    def days_from(self, day: date, /) -> int:
        """Days between a day and the period; 0 inside it."""
        return max(0, (self.first - day).days, (day - self.last).days)

    def usd_per_t(self, factor_set: str, /) -> float:
        """USD a tonne; a price a barrel goes by the factor set."""
        return self.usd if self.unit == "USD/t" else self.usd * barrels_or_unspecified(factor_set, self.product)

    @property
    def told(self) -> str:
        """``22 USD/t, 2019, Seed B``."""
        period = str(self.first.year) if (self.last - self.first).days > 300 else f"{self.first:%Y-%m}"
        return f"{self.usd:g} {self.unit}, {period}, {self.source}"


@dataclass(frozen=True)
class Prices:
    """Prices of a file and the packaged anchors, and what was set aside."""

    rows: tuple[Price, ...]
    faults: Faults
    name: str = ""
    digest: str = ""

    def on(self, product: str, day: date, /) -> Price | None:
        """The nearest price in time, the user's before an anchor; None where none is near."""
        near = [p for p in self.rows if p.product == product and p.days_from(day) <= OLDEST_DAYS]
        return min(near, key=lambda p: p.days_from(day), default=None)


@dataclass(frozen=True)
class Value:
    """USD, and the price it rests on."""

    usd: float
    price: str


def value_of(
    tonnes: float | None, product: str, day: date, /, *, prices: Prices, factor_set: str, premium: float
) -> Value | None:
    """Tonnes x price x premium; None where the tonnes or the price are not known."""
    price = prices.on(product, day)
    if tonnes is None or price is None:
        return None
    told = price.told + ("" if premium == 1.0 else f", x {premium:g}")
    return Value(round(tonnes * price.usd_per_t(factor_set) * premium, 0), told)


def anchors() -> Prices:
    """The packaged prices of coal and sand."""
    rows = [
        _price(row | {"product": ANCHORS[row["commodity"]]})
        for row in reference_rows("commodity_prices")
        if row["commodity"] in ANCHORS
    ]
    return Prices(tuple(row for row in rows if row is not None), Faults())


def read_prices(path: Path, /, *, known: Iterable[str]) -> Prices:
    """Read ``prices.csv``: product (or commodity), period (2020, 2020-01 or a day), value, unit, source.

    The unit is USD/t or USD/bbl. Anchors follow after the user's own. Raises as `tracker.tables.rows.read_csv`.
    """
    rows, digest = read_csv(path, needs=("period", "value", "unit", "source"))
    faults, found = Faults(), []
    names = {*known, *products()}
    for n, row in enumerate(rows, start=2):
        product = (row.get("product") or row.get("commodity") or UNSPECIFIED).lower().replace(" ", "_")
        where = f"line {n} ({plain(product)}, {plain(row['period'])})"
        price = _price(row | {"product": product})
        if product not in names:
            faults.add("set aside: unknown product", where)
        elif price is None:
            faults.add("set aside: no price (a period, a value above 0, USD/t or USD/bbl, and a source)", where)
        else:
            found.append(price)
    return Prices((*found, *anchors().rows), faults, path.name, digest)


def _price(row: Mapping[str, Any]) -> Price | None:
    period = re.fullmatch(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", row["period"], re.ASCII)
    value, unit = number(row["value"]), row["unit"].replace(" ", "")
    if period is None or value is None or value <= 0 or unit not in {"USD/t", "USD/bbl"} or not row["source"]:
        return None
    year, month, day = (None if part is None else int(part) for part in period.groups())
    assert year is not None
    try:
        first = date(year, 1 if month is None else month, 1 if day is None else day)
        last_month = 12 if month is None else month
        last = date(year, last_month, calendar.monthrange(year, last_month)[1] if day is None else day)
    except ValueError:
        return None
    return Price(row["product"], first, last, value, unit, plain(row["source"]))
