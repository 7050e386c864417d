"""The rules that can be asked of one event today, each a small pure function over facts.

A ship's rule is asked of each ship; an event's rule once. Texts, weights, caps and notes on false positives stand in
``data/risk/rules.csv``; what a rule lacks it says. Rules without a function here say which data they wait for
(`WAITING`).
"""

import csv
from collections.abc import Callable
from functools import cache
from importlib.resources import files

from tracker.risk.facts import EventFacts, ShipFacts
from tracker.risk.outcome import CLEAR, Fired, Missing, Outcome
from tracker.risk.sun import night_share

SMALLEST_WITH_IMO_M = 45.0
SIZE_AGAINST_REGISTRY, SIZE_CHANGE = 0.15, 0.10
NIGHT_SHARE = 0.6
MIRROR_SHARE = 0.35
LEAST_DRAUGHT_CHANGE_M = 0.2
HOPPING_SHARE = {1: 6 / 25, 2: 14 / 25}
"""Share of R13's 25 points by the number of changes of flag; three and more count in full."""
OLD_SHIP_YEARS, NEW_OWNER_DAYS, SOLD_DAYS = 20, 90, 365

ShipRule = Callable[[EventFacts, ShipFacts], Outcome]
EventRule = Callable[[EventFacts], Outcome]

_NO_LIST, _NO_REGISTRY = Missing("a watchlist (--watchlist FILE)"), Missing("a registry (--registry FILE)")


def listed_by_imo(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R01: listed on the day, by its IMO number; a size or type that contradicts is no hit but a conflict."""
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


def met_linked_ships(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R05: within 90 days it met, elsewhere, a ship that is listed or flies the DPRK's flag; at two steps half."""
    if ship.linked_partners_90d:
        return Fired(f"MMSI {ship.mmsi:09d}, {ship.linked_partners_90d} other meeting(s)", ship.linked_partners_90d)
    if ship.linked_second_90d:
        return Fired(f"MMSI {ship.mmsi:09d}, at two steps", ship.linked_second_90d, share=0.5)
    return CLEAR


def lacks_imo(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R07: a hull of 45 m and more without an IMO number, off the coast."""
    if ship.length_m is None or not ship.has_statics:
        return Missing("static reports of each ship")
    if ship.imo is None and ship.length_m >= SMALLEST_WITH_IMO_M and event.is_international:
        return Fired(f"MMSI {ship.mmsi:09d}, {ship.length_m:.0f} m")
    return CLEAR


def changes_names(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R08: more than one name on the MMSI within 30 days; where the change happened is not asked yet."""
    if ship.names_30d is None:
        return Missing("static reports of each ship")
    return Fired(f"MMSI {ship.mmsi:09d}, {ship.names_30d} names", ship.names_30d - 1) if ship.names_30d > 1 else CLEAR


def contradicts_its_size(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R10: more than 15 % from the registry, or more than 10 % from what it said itself."""
    if ship.length_m is None:
        return Missing("static reports of each ship")
    if ship.registry_length_m and _apart(ship.length_m, ship.registry_length_m) > SIZE_AGAINST_REGISTRY:
        return Fired(f"MMSI {ship.mmsi:09d}, {ship.length_m:.0f} m, registry {ship.registry_length_m:.0f} m")
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
    if ship.registry_flag != ship.mid_flag:
        return Fired(f"MMSI {ship.mmsi:09d} is of {ship.mid_flag}, registry {ship.registry_flag}")
    return CLEAR


def meets(event: EventFacts, /) -> Outcome:
    """R20: a meeting that is at least possibly a transfer, out of port."""
    return Fired(f"{event.verdict}, {event.duration_h:.1f} h") if event.is_transfer_like else CLEAR


def meets_by_night(event: EventFacts, /) -> Outcome:
    """R21: six tenths of the contact or more between civil dusk and dawn; weak, for half of all contacts are."""
    if not event.is_transfer_like:
        return CLEAR
    share = night_share(event.lon, event.lat, event.start, event.end)
    return Fired(f"{share:.0%} of the contact") if share >= NIGHT_SHARE else CLEAR


def lies_in_known_area(event: EventFacts, /) -> Outcome:
    """R22: in a box where transfers were reported."""
    inside = [
        name
        for name, (south, north, west, east) in risk_areas().items()
        if south <= event.lat <= north and west <= event.lon <= east
    ]
    return Fired(inside[0]) if inside and event.is_transfer_like else CLEAR


def mirrors_draughts(event: EventFacts, /) -> Outcome:
    """R25: one draught falls, the other rises; tonnes are compared by the cargo estimate, not here."""
    one, other = event.draught_changes_m
    if one is None or other is None:
        return Missing("draughts of both ships before and after")
    if one * other < 0 and min(abs(one), abs(other)) >= LEAST_DRAUGHT_CHANGE_M:
        return Fired(f"{one:+.1f} m and {other:+.1f} m")
    return CLEAR


def supplies_several(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R29: the same donor meets two or more receivers in 30 days."""
    if ship.receivers_30d is None:
        return Missing("which ship gives and which receives")
    return Fired(f"MMSI {ship.mmsi:09d}, {ship.receivers_30d} receivers") if ship.receivers_30d >= 2 else CLEAR


def changed_owner(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R33: sold within 90 days before the event."""
    if not ship.has_registry or ship.owned_since is None:
        return Missing("a registry with dates of ownership")
    age = (event.start.date() - ship.owned_since).days
    return Fired(f"MMSI {ship.mmsi:09d}, {age} days before") if 0 <= age <= NEW_OWNER_DAYS else CLEAR


def old_and_sold(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R34: twenty years old or more and sold within the year."""
    if not ship.has_registry or ship.owned_since is None or ship.built is None:
        return Missing("a registry with year of build and dates of ownership")
    sold = 0 <= (event.start.date() - ship.owned_since).days <= SOLD_DAYS
    age = event.start.year - ship.built
    return Fired(f"MMSI {ship.mmsi:09d}, {age} years") if sold and age >= OLD_SHIP_YEARS else CLEAR


def was_detained(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R35: a list of detentions names it."""
    if ship.hits is None:
        return _NO_LIST
    return Fired(f"MMSI {ship.mmsi:09d}") if any(hit.is_detention for hit in ship.hits) else CLEAR


SHIP_RULES: dict[str, ShipRule] = {
    "R01": listed_by_imo,
    "R02": listed_by_mmsi,
    "R03": listed_by_name,
    "R04": flies_dprk_flag,
    "R05": met_linked_ships,
    "R07": lacks_imo,
    "R08": changes_names,
    "R10": contradicts_its_size,
    "R12": flies_weak_flag,
    "R13": hops_flags,
    "R14": flies_false_flag,
    "R29": supplies_several,
    "R33": changed_owner,
    "R34": old_and_sold,
    "R35": was_detained,
}
EVENT_RULES: dict[str, EventRule] = {
    "R20": meets,
    "R21": meets_by_night,
    "R22": lies_in_known_area,
    "R25": mirrors_draughts,
}
WAITING = {
    "R06": "IMO numbers as sent: malformed ones are counted at intake, not kept",
    "R09": "hulls that share a number at one time",
    "R11": "a registry of scrapped and laid-up ships",
    "R15": "silences with the reception around them",
    "R16": "silences with the reception around them",
    "R17": "dark meetings",
    "R18": "spoofed tracks",
    "R19": "navigation status along the track",
    "R23": "loitering",
    "R24": "port calls",
    "R26": "port calls",
    "R27": "port calls",
    "R28": "port calls",
    "R30": "chains of transfers",
    "R31": "port calls",
    "R32": "meetings with several barges",
    "R36": "voyages",
}
"""Rules that are not asked yet, and what they wait for."""


def _listed(ship: ShipFacts, strength: str, key: str) -> Outcome:
    if ship.hits is None:
        return _NO_LIST
    hits = [hit for hit in ship.hits if hit.strength == strength and hit.is_sanction and not hit.later_designated]
    return Fired(f"MMSI {ship.mmsi:09d} by {key}") if hits else CLEAR


def _apart(one: float, other: float) -> float:
    return abs(one - other) / max(one, other)


@cache
def weak_flags() -> frozenset[str]:
    """Flags of convenience and those with a history of false papers, alpha-3."""
    return frozenset(row["state"] for row in _rows("flags.csv"))


@cache
def risk_areas() -> dict[str, tuple[float, float, float, float]]:
    """Boxes by name: south, north, west, east, degrees."""
    names = ("lat_min", "lat_max", "lon_min", "lon_max")
    boxes = {}
    for row in _rows("areas.csv"):
        south, north, west, east = (float(row[name]) for name in names)
        boxes[row["name"]] = (south, north, west, east)
    return boxes


def _rows(name: str) -> list[dict[str, str]]:
    text = files("tracker").joinpath(f"data/risk/{name}").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
