"""Which deeds of a ship are an occasion for which rules: of a ship without one a rule need not be asked event by event.

Wider than the rules, never narrower: a rule for which there is no occasion answers as if the ship had done nothing.
"""

from collections.abc import Sequence
from typing import Any

from tracker.risk.facts import Deed, DraughtSpell, ShipFacts
from tracker.risk.of_conduct import (
    DELIVERY_H,
    FROZEN,
    LEAST_DRAUGHT_STEP_M,
    LEAST_GAP_H,
    LEAST_OFF,
    LOITER_H,
    is_in_dprk,
)
from tracker.risk.of_identity import SMALLEST_WITH_IMO_M
from tracker.risk.tables import area_of

DPRK_RULES = frozenset({"R27", "R28", "R29", "R31", "R32"})
"""Rules that a call in the DPRK may touch; the legal ones look at it too."""


AT_ANY_EVENT = frozenset({"R08", "R09", "R15", "R16", "R18", "R23", "R26", "R27", "R28", "R31"})
"""Rules that look at nothing but what a ship did within weeks of an event: where all of it lies within 30 days of two
events of hers they answer the same at both."""


def of_draughts(draughts: Sequence[DraughtSpell], /) -> frozenset[str]:
    """Rules that declared draughts may touch at any event."""
    metres = [spell.draught_m for spell in draughts]
    found = {"R24"} if metres and max(metres) - min(metres) >= LEAST_DRAUGHT_STEP_M else set()
    return frozenset(found | ({"R26"} if any(spell.last - spell.first > FROZEN for spell in draughts) else set()))


def is_idle(kind: str, confidence: float | None, state: str | None, port: str | None, detail: str | None, /) -> bool:
    """Whether a deed, by some of its fields, is no occasion for any rule."""
    if kind == "gap":
        return (confidence or 0.0) < LEAST_OFF
    if kind == "port_call":
        return state != "PRK" and detail != "buoy" and "buoy" not in (port or "").lower()
    return kind not in {"loitering", "spoofing", "identity_change"}


def of_deed(deed: Deed, /) -> Sequence[str]:
    """Rules that a deed may touch at any event: of conduct; of identity R08 and R09; R32.

    A voyage is an occasion for R36, and who was met for R05 and R29.
    """
    if is_idle(deed.type, deed.confidence, deed.state, deed.port, deed.detail):
        return ()
    if deed.type == "gap":
        found = ["R16"] if deed.feasible_port is not None or not deed.knows_return else []
        return [*found, "R15"] if _may_be_silent_in_risk_area(deed) else found
    if deed.type == "port_call":
        return sorted(DPRK_RULES) if deed.state == "PRK" else ["R28"]
    if deed.type == "loitering":
        found = ["R23"] if LOITER_H[0] <= deed.hours <= LOITER_H[1] and not deed.in_port else []
        return [*found, "R27"] if deed.hours >= DELIVERY_H and is_in_dprk(deed) else found
    return ["R09", "R18"] if deed.type == "spoofing" else ["R08"]


def _may_be_silent_in_risk_area(gap: Deed) -> bool:
    if gap.hours < LEAST_GAP_H or gap.was_under_way is False or gap.is_class_b:
        return False
    places = [(gap.lon, gap.lat), *([] if gap.back is None else [gap.back])]
    return not gap.knows_return or any(area_of(*place) is not None for place in places)


def group_of(ship: ShipFacts, /) -> tuple[Any, ...] | None:
    """Equal for ships that did nothing of whose papers every rule says the same, but for their names and figures.

    None of a ship in whose papers something may speak against her: each of them is for itself.
    """
    speaks = (
        ship.hits,
        ship.has_registry,
        ship.registry_flag,
        ship.registry_length_m,
        ship.registry_beam_m,
        ship.is_flag_false,
        ship.changes_30d,
        ship.flag_changes_24m is not None,
        ship.wrong_imo_reports,
        len(ship.sizes_m) > 1,
        ship.number_elsewhere_h,
        ship.moored_moving_h,
        ship.deeds,
        ship.voyage,
    )
    if any(speaks):
        return None
    length_m = ship.length_m
    return (
        ship.kind,
        ship.flag,
        ship.mid_flag,
        ship.has_statics,
        None if length_m is None else length_m >= SMALLEST_WITH_IMO_M,
        min(len(ship.draughts), 2),
        ship.linked_partners_90d,
        ship.receivers_30d,
        *(
            one is None
            for one in (
                ship.imo,
                ship.hits,
                ship.changes_30d,
                ship.wrong_imo_reports,
                ship.number_elsewhere_h,
                ship.moored_moving_h,
            )
        ),
    )
