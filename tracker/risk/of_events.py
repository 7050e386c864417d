"""Rules about an event as a whole: what the meeting looked like, where it was and what it belongs to."""

from tracker.risk.facts import EventFacts, ShipFacts
from tracker.risk.outcome import CLEAR, Fired, Missing, Outcome
from tracker.risk.sun import night_share
from tracker.risk.tables import area_of

NIGHT_SHARE = 0.6
LEAST_DRAUGHT_CHANGE_M = 0.2
LEAST_LEGS = 2
NO_PLACE = Missing("the place of the meeting")
COAL_H = (6.0, 72.0)
COAL_AREAS = frozenset(
    {"Ningbo-Zhoushan, Hangzhou Bay approaches", "Lianyungang approaches", "Lower Yangtze", "Gulf of Tonkin"}
)


def partner_was_dark(event: EventFacts, /) -> Outcome:
    """R17: one ship lay slow while another, silent, could have been beside her."""
    if "dark_encounter" not in event.searched:
        return Missing("a search for dark meetings")
    if event.type == "dark_encounter" and event.is_transfer_like:
        return Fired(f"{event.verdict}, {event.duration_h:.1f} h", share=_surety(event))
    return CLEAR


def meets(event: EventFacts, /) -> Outcome:
    """R20: a meeting that is at least possibly a transfer, out of port."""
    if event.type in {"encounter", "dark_encounter"} and event.verdict is None:
        return Missing("a verdict on the meeting")
    if not event.is_transfer_like:
        return CLEAR
    return Fired(f"{event.verdict}, {event.duration_h:.1f} h", share=_surety(event))


def meets_by_night(event: EventFacts, /) -> Outcome:
    """R21: six tenths of the contact or more between civil dusk and dawn; weak, for half of all contacts are."""
    if not event.is_transfer_like:
        return CLEAR
    if not event.has_place:
        return NO_PLACE
    share = event.night_share
    if share is None:
        share = night_share(event.lon, event.lat, event.start, event.end)
    return Fired(f"{share:.0%} of the contact") if share >= NIGHT_SHARE else CLEAR


def lies_in_known_area(event: EventFacts, /) -> Outcome:
    """R22: in a box where transfers were reported."""
    if not event.is_transfer_like:
        return CLEAR
    inside = area_of(event.lon, event.lat)
    return Fired(inside) if inside is not None else CLEAR if event.has_place else NO_PLACE


def mirrors_draughts(event: EventFacts, /) -> Outcome:
    """R25: one draught falls, the other rises; tonnes are compared by the cargo estimate, not here."""
    one, other = event.draught_changes_m
    if one is None or other is None:
        return Missing("draughts of both ships before and after")
    if one * other < 0 and min(abs(one), abs(other)) >= LEAST_DRAUGHT_CHANGE_M:
        return Fired(f"{one:+.1f} m and {other:+.1f} m")
    return CLEAR


def passes_several_hands(event: EventFacts, /) -> Outcome:
    """R30: the lot went through two transfers or more before a ship of its chain called in the DPRK."""
    if event.delivery_legs is None:
        return Missing("port calls, and which ship gives and which receives")
    return Fired(f"{event.delivery_legs} legs") if event.delivery_legs >= LEAST_LEGS else CLEAR


def loads_coal_onto_barges(event: EventFacts, /) -> Outcome:
    """R32: a dry-cargo ship from the DPRK's side beside a hull without IMO number, off a Chinese anchorage."""
    if event.type != "encounter" or not event.is_transfer_like or len(event.ships) < 2:
        return CLEAR
    if any(ship.kind is None for ship in event.ships):
        return Missing("the types of both ships")
    for ship, other in (event.ships, event.ships[::-1]):
        if ship.kind == "cargo" and _is_of_dprk(ship) and other.imo is None and other.kind in {"cargo", "tug"}:
            near = event.state == "CHN" or area_of(event.lon, event.lat, only=COAL_AREAS) is not None
            if near and COAL_H[0] <= event.duration_h <= COAL_H[1]:
                return Fired(f"MMSI {ship.mmsi:09d} and {other.mmsi:09d}, {event.duration_h:.1f} h")
    return CLEAR


def _surety(event: EventFacts) -> float:
    """A dark meeting is a guess and counts by its confidence; a meeting of two ships that were heard counts in full."""
    return event.confidence if event.type == "dark_encounter" and event.confidence is not None else 1.0


def _is_of_dprk(ship: ShipFacts) -> bool:
    called = any(deed.type == "port_call" and deed.state == "PRK" for deed in ship.deeds)
    return ship.flag == "PRK" or ship.mid_flag == "PRK" or called
