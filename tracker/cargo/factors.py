"""Tonnes to barrels: a view of tonnes by a named set of factors, never a fact of its own.

The UN Panel's undeclared figures use about 11.6 barrels a tonne (liquefied gas), the 1718 Committee's declared ones
8.33: the same ships are half as many barrels. So every figure in barrels prints the set that made it.
"""

import csv
from functools import cache
from importlib.resources import files

from tracker.errors import UnknownNameError

UNSPECIFIED = "refined_unspecified"


@cache
def factor_sets() -> dict[str, dict[str, float]]:
    """Name of the set -> product -> barrels in a tonne."""
    text = files("tracker").joinpath("data/cargo/factor_sets.csv").read_text(encoding="utf-8")
    sets: dict[str, dict[str, float]] = {}
    for row in csv.DictReader(text.splitlines()):
        sets.setdefault(row["factor_set"], {})[row["product"]] = float(row["bbl_per_t"])
    return sets


@cache
def products() -> frozenset[str]:
    """Products that any set has a factor for."""
    return frozenset(product for factors in factor_sets().values() for product in factors)


def barrels_or_unspecified(factor_set: str, product: str, /) -> float:
    """Barrels in a tonne; the set's factor for unspecified product where it has none for this one."""
    known = factor_sets().get(factor_set, {})
    return barrels_per_tonne(factor_set, product if product in known else UNSPECIFIED)


def barrels_per_tonne(factor_set: str, product: str = UNSPECIFIED, /) -> float:
    """Barrels in a tonne of a product by a named set.

    Raises
    ------
    UnknownNameError
        When there is no such set, or the set has no factor for the product.
    """
    sets = factor_sets()
    if factor_set not in sets:
        raise UnknownNameError(f"There is no factor set {factor_set!r}. Known: {', '.join(sets)}.")
    if product not in sets[factor_set]:
        known = ", ".join(sets[factor_set])
        raise UnknownNameError(f"The factor set {factor_set!r} has no product {product!r}. Known: {known}.")
    return sets[factor_set][product]
