"""Goods that resolutions name, each with the paragraph that names it and the day from which it holds.

A good is asked about under its own paragraph: seafood and lead were banned in August 2017, textiles in September, sand
in December. What is not in the table is under none of L4 to L6.
"""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

OIL = "oil"
"""What tankers carry where nothing more is known: no dry goods, and which oil is not known."""
LIQUIDS = frozenset({OIL, "lpg"})
"""Of these it is open whether they are condensate or natural gas liquids."""


@dataclass(frozen=True)
class Good:
    """One good under one paragraph."""

    name: str
    hs: str
    rule_id: str
    resolution: str
    adopted: int
    paragraph: str
    since: date


@cache
def goods_named() -> dict[str, Good]:
    """Goods by name, of ``data/risk/goods.csv``."""
    text = files("tracker").joinpath("data/risk/goods.csv").read_text(encoding="utf-8")
    return {
        row["goods"]: Good(
            row["goods"],
            row["hs"],
            row["rule_id"],
            row["resolution"],
            int(row["adopted"]),
            row["op"],
            date.fromisoformat(row["effective_from"]),
        )
        for row in csv.DictReader(text.splitlines())
    }


def good_of(product: str, /) -> Good | None:
    """The good that a product is; None when no paragraph names it."""
    return goods_named().get(" ".join(product.lower().replace("_", " ").split()))
