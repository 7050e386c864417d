"""Which deeds of a ship are an occasion for which rules: of a ship without one a rule need not be asked event by event.

Wider than the rules, never narrower: a rule for which there is no occasion answers as if the ship had done nothing.
"""

from collections.abc import Iterable, Sequence

from tracker.risk.facts import Deed, DraughtSpell
from tracker.risk.of_conduct import (
    DELIVERY_H,
    FROZEN,
    LEAST_DRAUGHT_STEP_M,
    LEAST_GAP_H,
    LEAST_OFF,
    LOITER_H,
    is_in_dprk,
)

DPRK_RULES = frozenset({"R27", "R28", "R29", "R31", "R32"})
"""Rules that a call in the DPRK may touch; the legal ones look at it too."""


def occasions(deeds: Iterable[Deed], draughts: Sequence[DraughtSpell], /) -> frozenset[str]:
    """Rules that deeds and declared draughts may touch at any event.

    Of conduct; of identity R08 and R09; R32. A voyage is an occasion for R36, and who was met for R05 and R29.
    """
    found = {rule for deed in deeds for rule in _rules(deed)}
    metres = [spell.draught_m for spell in draughts]
    if metres and max(metres) - min(metres) >= LEAST_DRAUGHT_STEP_M:
        found.add("R24")
    if any(spell.last - spell.first > FROZEN for spell in draughts):
        found.add("R26")
    return frozenset(found)


def _rules(deed: Deed) -> Iterable[str]:
    if deed.type == "gap":
        if (deed.confidence or 0.0) >= LEAST_OFF:
            return ("R15", "R16") if deed.hours >= LEAST_GAP_H else ("R16",)
    elif deed.type == "port_call":
        if deed.state == "PRK":
            return DPRK_RULES
        if deed.detail == "buoy" or "buoy" in (deed.port or "").lower():
            return ("R28",)
    elif deed.type == "loitering":
        found = ["R23"] if LOITER_H[0] <= deed.hours <= LOITER_H[1] and not deed.in_port else []
        return [*found, "R27"] if deed.hours >= DELIVERY_H and is_in_dprk(deed) else found
    elif deed.type == "spoofing":
        return ("R09", "R18")
    elif deed.type == "identity_change":
        return ("R08",)
    return ()
