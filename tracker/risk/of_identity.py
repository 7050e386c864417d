"""Rules about who a ship is: lists, numbers, flags, papers and owners. Each looks at one ship on the day of an event."""

import re
from datetime import timedelta

from tracker.risk.facts import DETAINED, Deed, EventFacts, ShipFacts
from tracker.risk.outcome import CLEAR, Fired, Missing, Outcome
from tracker.risk.tables import shell_states, weak_flags

SMALLEST_WITH_IMO_M = 45.0
SIZE_AGAINST_REGISTRY, SIZE_CHANGE = 0.15, 0.10
HOPPING_SHARE = {1: 6 / 25, 2: 14 / 25}
"""Share of R13's 25 points by the number of changes of flag; three and more count in full."""
OLD_SHIP_YEARS, NEW_OWNER_DAYS, SOLD_DAYS, DETAINED_DAYS = 20, 90, 365, 730
REFLAGGING_DAYS = 30
LEAST_WRONG_REPORTS, LEAST_WRONG_SPAN_H = 3, 0.2
"""Three messages six minutes apart span 12 min; providers repeat one message on every position."""
TWO_PLACES_H = 2.0
AT_SEA_NM = 12.0
MOST_TOLD = 3
SEVEN_DIGITS, OTHER_REGISTER = re.compile(r"(?:IMO)?\W*\d{7}", re.IGNORECASE), 1 / 3
"""Crews of domestic ships type the number of their own register, which has no such check digit (judgement)."""
DEAD = re.compile(r"\b(?:scrap|broken up|demolish|dead|total loss|sunk|laid[ -]?up|lost)", re.IGNORECASE)

_NO_LIST, _NO_REGISTRY = Missing("a watchlist (--watchlist FILE)"), Missing("a registry (--registry FILE)")


def listed_by_imo(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R01: listed on the day, as far as the list gives dates, by its IMO number; a size or type that contradicts is no
    hit but a conflict."""
    return _listed(ship, "confirmed", "IMO number")


def listed_by_mmsi(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R02: listed on the day, by its MMSI with support."""
    return _listed(ship, "probable", "MMSI, or name and call sign")


def listed_by_name(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R03: a listed ship of this name, flag and type: to be looked at by a person."""
    return _listed(ship, "possible", "name")


def flies_dprk_flag(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R04: the DPRK's flag on the day, or its MID."""
    if ship.flag == "PRK" or ship.mid_flag == "PRK":
        return Fired(f"MMSI {ship.mmsi:09d}")
    return CLEAR if ship.flag else Missing("a flag of each ship")


def sends_wrong_imo(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R06: a number that is none, or whose check digit is wrong, in three reports or more: one is a slip."""
    if ship.wrong_imo_reports is None:
        return Missing("IMO numbers as sent by each ship")
    if ship.wrong_imo_reports >= LEAST_WRONG_REPORTS and ship.wrong_imo_span_h >= LEAST_WRONG_SPAN_H:
        sent = ", ".join(ship.wrong_imos)
        told = f"MMSI {ship.mmsi:09d} sent {sent} in {ship.wrong_imo_reports} reports"
        if not any(SEVEN_DIGITS.fullmatch(number) for number in ship.wrong_imos):
            return Fired(f"{told}: not seven digits, perhaps a number of another register", share=OTHER_REGISTER)
        return Fired(told)
    return CLEAR


def bears_a_number_elsewhere(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R09: another transmitter bears her IMO number or her MMSI at the same time, in another place or on another hull."""
    twice = [d for d in ship.deeds if d.type == "spoofing" and d.detail == "two_places" and d.hours > TWO_PLACES_H]
    if twice:
        return Fired(f"MMSI {ship.mmsi:09d} in two places, {twice[0].hours:.1f} h", len(twice))
    if ship.number_elsewhere_h is None:
        return Missing("an IMO number of each ship")
    if ship.number_elsewhere_h > TWO_PLACES_H:
        return Fired(f"IMO {ship.imo}, {ship.number_elsewhere_h:.1f} h")
    return CLEAR


def bears_a_dead_ships_number(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R11: the registry says that the hull of her number is scrapped, lost or laid up."""
    if not ship.has_registry or ship.registry_status is None:
        return Missing("a registry that says which ships are scrapped or laid up")
    found = DEAD.search(ship.registry_status)
    return Fired(f"MMSI {ship.mmsi:09d}, registry: {ship.registry_status}") if found else CLEAR


def met_linked_ships(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R05: within 90 days it met, elsewhere, a ship that is listed or flies the DPRK's flag; at two steps half."""
    if ship.linked_partners_90d is None:
        return Missing("the flag of any partner, or a watchlist (--watchlist FILE)")
    if ship.linked_partners_90d:
        return Fired(f"MMSI {ship.mmsi:09d}, {ship.linked_partners_90d} other meeting(s)", ship.linked_partners_90d)
    if ship.linked_second_90d:
        return Fired(f"MMSI {ship.mmsi:09d}, at two steps", ship.linked_second_90d, share=0.5)
    return CLEAR


def met_linked_ships_at_all(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R05 of a hull over all its events: this meeting counts too, which in its own event R01 or R04 of the partner tells."""
    if not ship.meets_linked:
        return met_linked_ships(event, ship)
    times = (ship.linked_partners_90d or 0) + 1
    return Fired(f"MMSI {ship.mmsi:09d}, {times} meeting(s)", times)


def lacks_imo(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R07: a hull of 45 m and more without an IMO number, off the coast."""
    if ship.length_m is None or not ship.has_statics:
        return Missing("static reports of each ship")
    if ship.imo is None and ship.length_m >= SMALLEST_WITH_IMO_M and event.is_international:
        return Fired(f"MMSI {ship.mmsi:09d}, {ship.length_m:.0f} m")
    return CLEAR


def changes_names(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R08: name, call sign, IMO number or MMSI changed more than 12 nm from a port, within 30 days, on a hull of one size."""
    at_sea = [c for c in ship.changes_30d or () if c.port_nm is not None and c.port_nm > AT_SEA_NM]
    told = [f"{c.field} {c.before} to {c.after}, {c.port_nm:.0f} nm from port" for c in at_sea]
    other = [d for d in ship.deeds if d.type == "identity_change" and not d.in_port and _is_near(event, d)]
    told += dict.fromkeys(f"MMSI on {d.start:%Y-%m-%d}" for d in other)
    if told:
        return Fired(f"MMSI {ship.mmsi:09d}: {'; '.join(told[:MOST_TOLD])}", len(told))
    if ship.changes_30d is None:
        return Missing("static reports of each ship")
    if any(c.port_nm is None for c in ship.changes_30d):
        return Missing("where the ship was when she changed her name or number")
    return CLEAR


def _is_near(event: EventFacts, deed: Deed) -> bool:
    return abs(deed.start - event.start) <= timedelta(days=REFLAGGING_DAYS)


def contradicts_its_size(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R10: more than 15 % from the registry, or more than 10 % from what it said itself."""
    if ship.length_m is None:
        return Missing("static reports of each ship")
    if ship.registry_length_m and _apart(ship.length_m, ship.registry_length_m) > SIZE_AGAINST_REGISTRY:
        return Fired(f"MMSI {ship.mmsi:09d}, {ship.length_m:.0f} m, registry {ship.registry_length_m:.0f} m")
    if ship.beam_m and ship.registry_beam_m and _apart(ship.beam_m, ship.registry_beam_m) > SIZE_AGAINST_REGISTRY:
        return Fired(f"MMSI {ship.mmsi:09d}, {ship.beam_m:.0f} m wide, registry {ship.registry_beam_m:.0f} m")
    if len(ship.sizes_m) > 1 and _apart(min(ship.sizes_m), max(ship.sizes_m)) > SIZE_CHANGE:
        return Fired(f"MMSI {ship.mmsi:09d}, {min(ship.sizes_m):.0f} and {max(ship.sizes_m):.0f} m")
    return CLEAR


def flies_weak_flag(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R12: a flag of convenience, or one with a history of false papers."""
    if ship.flag is None:
        return Missing("a flag of each ship")
    return Fired(f"{ship.flag}") if ship.flag in weak_flags() else CLEAR


def hops_flags(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R13: changes of flag in 24 months, by the registry or by the MMSIs of the hull."""
    if ship.flag_changes_24m is None:
        return Missing("a flag history, or a hull heard under several MMSIs")
    if ship.flag_changes_24m == 0:
        return CLEAR
    share = HOPPING_SHARE.get(ship.flag_changes_24m, 1.0)
    return Fired(f"MMSI {ship.mmsi:09d}, {ship.flag_changes_24m} change(s)", share=share)


def flies_false_flag(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R14: the registry calls the flag false, or its flag on the day is not that of the MMSI."""
    if ship.is_flag_false:
        return Fired(f"MMSI {ship.mmsi:09d}, flag {ship.registry_flag} is called false")
    if ship.registry_flag is None or ship.mid_flag is None:
        return _NO_REGISTRY
    since = ship.registry_flag_since
    if since is not None and 0 <= (event.start.date() - since).days <= REFLAGGING_DAYS:
        # papers change before the transponder does
        return CLEAR
    if ship.registry_flag != ship.mid_flag and not ship.is_mid_of_sovereign:
        return Fired(f"MMSI {ship.mmsi:09d} is of {ship.mid_flag}, registry {ship.registry_flag}")
    return CLEAR


def changed_owner(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R33: sold within 90 days before the event, or the only ship of a company in a shell jurisdiction."""
    if not ship.has_registry:
        return _NO_REGISTRY
    told = []
    age = None if ship.owned_since is None else (event.start.date() - ship.owned_since).days
    if age is not None and 0 <= age <= NEW_OWNER_DAYS:
        told.append(f"owner new {age} days before")
    if ship.owner_ships == 1 and ship.owner_state in shell_states():
        told.append(f"only ship of a company in {ship.owner_state}")
    if told:
        return Fired(f"MMSI {ship.mmsi:09d}, {' and '.join(told)}")
    if age is None:
        return Missing("a registry with dates of ownership")
    if ship.owner_state is None or (ship.owner_ships is None and ship.owner_state in shell_states()):
        return Missing("a registry with the state of each owner, and with more than a few ships")
    return CLEAR


def old_and_sold(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R34: twenty years old or more and sold within the year."""
    if not ship.has_registry or ship.owned_since is None or ship.built is None:
        return Missing("a registry with year of build and dates of ownership")
    sold = 0 <= (event.start.date() - ship.owned_since).days <= SOLD_DAYS
    age = event.start.year - ship.built
    return Fired(f"MMSI {ship.mmsi:09d}, {age} years") if sold and age >= OLD_SHIP_YEARS else CLEAR


def was_detained(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R35: a list of detentions names it, within 24 months before where the list gives the day."""
    if ship.hits is None:
        return _NO_LIST
    day = event.start.date()
    recent = [
        hit
        for hit in ship.hits
        if hit.is_detention and (hit.listed_on is None or 0 <= (day - hit.listed_on).days <= DETAINED_DAYS)
    ]
    if recent:
        return Fired(f"MMSI {ship.mmsi:09d}")
    return CLEAR if DETAINED in event.lists_name else Missing("a list of detentions (OpenSanctions maritime)")


def _listed(ship: ShipFacts, strength: str, key: str) -> Outcome:
    if ship.hits is None:
        return _NO_LIST
    hits = [hit for hit in ship.hits if hit.strength == strength and hit.is_sanction and not hit.later_designated]
    undated = "" if any(hit.listed_on is not None for hit in hits) else ", since when the list does not say"
    return Fired(f"MMSI {ship.mmsi:09d} by {key}{undated}") if hits else CLEAR


def _apart(one: float, other: float) -> float:
    return abs(one - other) / max(one, other)
