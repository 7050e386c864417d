"""What a meeting moved, as far as that is known for the rules about goods, and what says so.

In this order: a source that names the cargo (measurements of the user, or the user's word for all events); a dry-cargo
ship that called at a coal port of the DPRK and nowhere since; two tankers, which carry some oil. What an estimate merely
assumes is never passed on: the rules about goods then lack their product and say so.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from tracker.risk.facts import Deed, ShipFacts
from tracker.risk.goods import OIL

NOT_KNOWN = "not known"
"""Basis of a product that is only assumed (`tracker.cargo.products`)."""
INFERRED = (NOT_KNOWN, "both ships above", "types of both ships", "two dry-cargo ships")
"""Beginnings of bases that follow from the ships alone, as far as anything follows."""
BY_TYPE = frozenset({"lpg", "bitumen"})
"""Cargoes that a type of ship tells from other oil."""
COAL_PORTS = frozenset(
    {"Nampo", "Songnim", "Chongjin", "Najin (Rason)", "Wonsan", "Hungnam", "Tanchon", "Kimchaek (Songjin)"}
)
"""Ports of the DPRK from which coal was shipped. Source: UN Panel of Experts 2018-2021 as quoted in the press; Tanchon and
Kimchaek by their mines (to be confirmed)."""
LADEN = timedelta(days=60)
"""A call longer ago says nothing about what is in the hold (judgement)."""
STEP_M = 0.3
OTHER_DRY = re.compile(r"container|ro-?ro|vehicle|livestock|reefer|refrigerat|cement|heavy load", re.IGNORECASE)
FEASIBLE = "feasible"
Said = tuple[str | None, str]


def products_said(estimates: Iterable[Mapping[str, Any]], /) -> dict[str, Said]:
    """Product and basis by event, from the table ``estimates``; every leg of a meeting has that of the meeting."""
    said = {}
    for row in estimates:
        for event in {row["event_id"], *filter(None, (row["legs"] or "").split(";"))}:
            said[event] = (row["product"], row["product_basis"])
    return said


def freight_of(
    row: Mapping[str, Any], ships: Sequence[ShipFacts], said: Said | None, /
) -> tuple[str | None, str | None]:
    """Product of an event and what says so; None and None where neither a source nor the ships tell.

    Parameters
    ----------
    said : product and basis of the estimate, None without one
    """
    product, basis = said or (None, NOT_KNOWN)
    if product is not None and not basis.startswith(INFERRED):
        return product, basis
    if len(ships) < 2:
        return None, None
    for ship in ships:
        call = _coal_call(row, ship)
        if call is not None:
            told = f"presumed: dry-cargo ship that called at {call.port} on {call.start:%Y-%m-%d} and nowhere since"
            return "coal", told
    if all(ship.kind == "tanker" for ship in ships):
        return (product, basis) if product in BY_TYPE else (OIL, "two tankers by their types")
    return None, None


def _coal_call(row: Mapping[str, Any], ship: ShipFacts) -> Deed | None:
    """The call of a dry-cargo ship at a coal port of the DPRK that was her last before the event."""
    if ship.kind != "cargo" or OTHER_DRY.search(ship.registry_type or ""):
        return None
    start = row["start_time"]
    calls = [d for d in ship.deeds if d.type == "port_call" and d.detail != FEASIBLE and d.end <= start]
    last = max(calls, key=lambda d: (d.end, d.start), default=None)
    if last is None or last.state != "PRK" or last.port not in COAL_PORTS or start - last.end > LADEN:
        return None
    before = [d.draught_m for d in ship.draughts if d.first <= last.start]
    after = [d.draught_m for d in ship.draughts if last.start < d.first <= start]
    # a ship that left higher in the water discharged there
    return None if before and after and after[-1] < before[-1] - STEP_M else last
