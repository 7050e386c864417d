"""Goods that are not oil: what was carried, whether it was banned on that day by its HS code, and its value (T7).

Coal, sand and the like leave the DPRK: they stand in a table of their own, and enter no cap on oil.
"""

from collections.abc import Sequence
from typing import Any

from tracker.cargo.caps import measures_on
from tracker.cargo.deliveries import Delivery
from tracker.cargo.goods import HS_OF
from tracker.cargo.panel import SCENARIOS
from tracker.cargo.prices import Prices, value_of

Row = dict[str, Any]
BANNED, CAPPED = "banned", "limited"


def goods_table(rows: Sequence[Delivery], /, *, prices: Prices, factor_set: str, premium: float) -> list[Row]:
    """T7: voyages with goods that have an HS code, the measure of that day, tonnes and USD."""
    return [_row(d, prices=prices, factor_set=factor_set, premium=premium) for d in rows if d.product in HS_OF or d.hs]


def status_on(hs: str, d: Delivery, /) -> tuple[str, str]:
    """Whether a good was banned or limited for export on the day, and the paragraphs that say so."""
    found = measures_on(hs, d.day, direction="export")
    limited = [m for m in found if m.text.startswith(("Annual cap", "Ban with livelihood"))]
    status = "" if not found else CAPPED if len(limited) == len(found) else BANNED
    return status or "no measure on that day", "; ".join(dict.fromkeys(m.citation for m in found))


def goods_totals(table: Sequence[Row], /) -> dict[str, dict[str, Any]]:
    """Number, tonnes and USD by good; what has no tonnes or no price is counted beside."""
    totals: dict[str, dict[str, Any]] = {}
    for row in table:
        one = totals.setdefault(
            row["product"], {"n": 0, "n_without_tonnes": 0, "n_without_price": 0, "tonnes_s50": 0.0, "usd_s50": 0.0}
        )
        one["n"] += 1
        one["n_without_tonnes"] += row["best_t"] is None
        one["n_without_price"] += row["usd"] is None
        one["tonnes_s50"] += row["best_t"] or 0.0
        one["usd_s50"] += row["usd"] or 0.0
    return totals


def _row(d: Delivery, /, *, prices: Prices, factor_set: str, premium: float) -> Row:
    hs = d.hs or HS_OF[d.product]
    tonnes = d.cargo_t if d.cargo_t is not None else None if d.dwt_t is None else d.dwt_t * SCENARIOS["s50"]
    value = value_of(tonnes, d.product, d.day, prices=prices, factor_set=factor_set, premium=premium)
    status, citation = status_on(hs, d)
    row: Row = {
        "date": d.day.isoformat(),
        "product": d.product,
        "hs": hs,
        "status": status,
        "measure": citation,
        "port": d.port,
        "vessel_name": d.vessel_name,
        "imo": d.imo,
        "mmsi": d.mmsi,
        "flag": d.flag,
        "dwt_t": d.dwt_t,
        "cargo_t": d.cargo_t,
        "best_t": None if tonnes is None else round(tonnes, 1),
    }
    row |= {f"{name}_t": None if d.dwt_t is None else round(f * d.dwt_t, 1) for name, f in SCENARIOS.items()}
    row |= {
        "tonnes_basis": "as given" if d.cargo_t is not None else "no deadweight" if d.dwt_t is None else "dwt x 0.50",
        "usd": None if value is None else value.usd,
        "price": "no dated price is known" if value is None else value.price,
        "source": d.source,
    }
    return row
