"""Rules about what a ship did within the weeks around an event: silences, spoofing, stops, port calls, draughts."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from tracker.risk.facts import Deed, EventFacts, ShipFacts
from tracker.risk.outcome import CLEAR, Fired, Missing, Outcome
from tracker.risk.tables import area_of

NEAR = timedelta(days=30)
SHUTTLE = timedelta(days=60)
ROUND_TRIP = timedelta(days=20)
LEAST_GAP_H, FULL_GAP_H = 6.0, 24.0
LEAST_OFF = 0.5
"""A silence counts when switching off is its likelier reading: in place of a fixed share of heard neighbours."""
LEAST_MOORED_MOVING_H = 3.0
LOITER_H = (6.0, 72.0)
DELIVERY_H, BUOY_H = 6.0, (3.0, 36.0)
LEAST_DRAUGHT_STEP_M = 0.5
UPDATED_BY = timedelta(hours=6)
FROZEN = timedelta(days=30)
FROZEN_CALLS = 2
DETOUR = 0.30
LOOP_NM = 100.0
"""A way out to sea and back without a call, beyond shifting berth and waiting for one (judgement)."""
CARRIERS = frozenset({"tanker", "cargo"})
NAMPO = frozenset({"Nampo and Taedong estuary", "Sok Island, about 30 km SW of Nampo"})
DPRK_BOXES = frozenset({*NAMPO, "Chongjin, Hungnam, Wonsan"})
FEASIBLE = "feasible"
NO_CALLS = Missing("port calls")


def is_silent_in_risk_area(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R15: a Class A ship under way, silent for six hours or more, more likely switched off than not heard, that was in a
    risk area before or after."""
    if "gap" not in event.searched:
        return Missing("a search for silences with the reception around them")
    gaps = [
        (d, area_of(d.lon, d.lat) or (None if d.back is None else area_of(*d.back)))
        for d in _near(event, ship, "gap")
        if d.hours >= LEAST_GAP_H and _is_off(d) and d.was_under_way is not False and not d.is_class_b
    ]
    inside = [(d, area) for d, area in gaps if area is not None]
    if inside:
        longest, area = max(inside, key=lambda found: found[0].hours)
        share = min(1.0, longest.hours / FULL_GAP_H)
        return Fired(f"MMSI {ship.mmsi:09d}, {longest.hours:.0f} h, {area}", len(inside), share)
    if any(not d.knows_return for d, _ in gaps):
        return Missing("where the ship was heard again")
    return CLEAR


def could_have_called_in_dprk(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R16: a silence long enough for a call in the DPRK on the way over water, and twice as long as the way itself."""
    if "gap" not in event.searched:
        return Missing("a search for silences with the reception around them")
    gaps = [d for d in _near(event, ship, "gap") if _is_off(d)]
    reaching = [d for d in gaps if d.feasible_port is not None]
    if reaching:
        longest = max(reaching, key=lambda d: d.hours)
        return Fired(f"MMSI {ship.mmsi:09d}, {longest.hours:.0f} h, {longest.feasible_port} feasible", len(reaching))
    if any(not d.knows_return for d in gaps):
        return Missing("where the ship was heard again")
    return CLEAR


def sends_false_positions(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R18: positions that no ship can have had; a jammed area, and one number in two places (R09), are no fault of hers."""
    if "spoofing" not in event.searched:
        return Missing("a search for spoofed tracks")
    found = [d for d in _near(event, ship, "spoofing") if d.detail not in {"jamming", "two_places"}]
    if not found:
        return CLEAR
    return Fired(f"MMSI {ship.mmsi:09d}, {found[0].detail or 'spoofing'}, {_day(found[0])}", len(found), _surest(found))


def contradicts_its_status(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R19: moored or at anchor by her status while she makes way, in three hours or more."""
    if ship.moored_moving_h is None:
        return Missing("navigation status in the positions")
    if ship.moored_moving_h >= LEAST_MOORED_MOVING_H:
        return Fired(f"MMSI {ship.mmsi:09d}, {ship.moored_moving_h:.0f} h")
    return CLEAR


def loiters(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R23: a tanker or dry-cargo ship that lies slow at sea for 6 to 72 h, and it is no port call."""
    if "loitering" not in event.searched:
        return Missing("a search for slow spells")
    if ship.kind is None:
        return Missing("the type of each ship")
    slow = [d for d in _near(event, ship, "loitering") if LOITER_H[0] <= d.hours <= LOITER_H[1] and not d.in_port]
    found = [d for d in slow if not _is_within_a_call(d, ship)]
    if ship.kind not in CARRIERS or not found:
        return CLEAR
    return Fired(f"MMSI {ship.mmsi:09d}, {found[0].hours:.0f} h on {_day(found[0])}", len(found))


def changes_draught_at_sea(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R24: the declared draught changes by half a metre or more over this event, with no port call in between.

    A silence is such an event when she was more likely switched off; one with time for a port hides a call.
    """
    if "port_call" not in event.searched:
        return NO_CALLS
    if len(ship.draughts) < 2:
        return Missing("declared draughts before and after")
    is_silence = event.type == "gap" and (event.confidence or 0.0) >= LEAST_OFF
    if not (is_silence or event.type in {"encounter", "dark_encounter"}) or event.in_port:
        return CLEAR
    held = [d for d in ship.draughts if d.first <= event.start]
    one = held[-1] if held else None
    after = [d for d in ship.draughts if d.first >= event.start and d is not one]
    # a crew that still declares the old value hours after the event did not change it there
    if one is None or not after or one.last > event.end + UPDATED_BY:
        return CLEAR
    other = after[0]
    step = other.draught_m - one.draught_m
    called = any(_is_call(d) and d.start <= other.first and d.end >= one.last for d in ship.deeds)
    if abs(step) < LEAST_DRAUGHT_STEP_M or called or other.first - one.last > NEAR:
        return CLEAR
    # what she declared last can have been stale since the event
    since = min(one.last, event.start)
    if any(d.type == "gap" and d.call_fits and d.start < other.first and d.end > since for d in ship.deeds):
        return Missing("whether she called at a port in a silence")
    return Fired(f"MMSI {ship.mmsi:09d}, {step:+.1f} m")


def never_changes_draught(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R26: the same draught for more than thirty days over two port calls or more."""
    if "port_call" not in event.searched:
        return NO_CALLS
    if not ship.draughts:
        return Missing("declared draughts")
    for spell in ship.draughts:
        calls = [d for d in ship.deeds if _is_call(d) and spell.first <= d.start and d.end <= spell.last]
        if spell.last - spell.first > FROZEN and len(calls) >= FROZEN_CALLS:
            return Fired(f"MMSI {ship.mmsi:09d}, {spell.draught_m:.1f} m for {(spell.last - spell.first).days} days")
    return CLEAR


def calls_in_dprk(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R27: a stop of six hours or more in a port of the DPRK, or in the boxes around them; one that was only feasible
    counts by its probability."""
    stops = [
        d
        for d in _near(event, ship, "port_call", "loitering")
        if d.hours >= DELIVERY_H and is_in_dprk(d) and not _is_within_a_call(d, ship)
    ]
    if stops:
        seen = [d for d in stops if d.detail != FEASIBLE]
        first = (seen or stops)[0]
        told = f"MMSI {ship.mmsi:09d}, {first.port or 'off the coast'}, {_day(first)}"
        if not seen:
            return Fired(f"{told}, feasible in a silence, not seen", 1, _surest(stops))
        return Fired(told, len(seen))
    return CLEAR if "port_call" in event.searched else NO_CALLS


def discharges_at_a_buoy(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R28: a stop of 3 to 36 h at a buoy off Nampo, without a berth."""
    if "port_call" not in event.searched:
        return NO_CALLS
    stops = [
        d
        for d in _near(event, ship, "port_call")
        if BUOY_H[0] <= d.hours <= BUOY_H[1]
        and (d.detail == "buoy" or (d.detail is None and "buoy" in (d.port or "").lower()))
        and (d.state == "PRK" or area_of(d.lon, d.lat, only=NAMPO) is not None)
    ]
    return Fired(f"MMSI {ship.mmsi:09d}, {stops[0].port or 'buoys'}, {_day(stops[0])}", len(stops)) if stops else CLEAR


def shuttles(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R29: one donor meets two receivers or more in 30 days, or a receiver goes to the DPRK and back twice in 60."""
    if ship.receivers_30d is not None and ship.receivers_30d >= 2:
        return Fired(f"MMSI {ship.mmsi:09d}, {ship.receivers_30d} receivers")
    if "port_call" in event.searched:
        deeds = [d for d in ship.deeds if abs(d.start - event.start) <= SHUTTLE]
        turns = [d.type for d in _in_order(deeds) if d.is_receiver or (_is_call(d) and is_in_dprk(d))]
        trips = sum(one != "port_call" and other == "port_call" for one, other in pairwise(turns))
        if trips >= 2:
            return Fired(f"MMSI {ship.mmsi:09d}, {trips} trips to the DPRK", trips - 1)
    return Missing("which ship gives and which receives") if ship.receivers_30d is None else CLEAR


def makes_coal_round_trips(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R31: a hull without IMO number, or of China, goes from China to the DPRK and back within twenty days."""
    if "port_call" not in event.searched:
        return NO_CALLS
    if ship.imo is not None and ship.flag != "CHN":
        return CLEAR
    calls = _in_order([d for d in ship.deeds if _is_call(d)])
    states = [(d, "PRK" if is_in_dprk(d) else d.state) for d in calls]
    trips = 0
    for (one, a), (_, b), (three, c) in zip(states, states[1:], states[2:], strict=False):
        trips += (a, b, c) == ("CHN", "PRK", "CHN") and three.start - one.end <= ROUND_TRIP
    return Fired(f"MMSI {ship.mmsi:09d}, {trips} round trip(s)", trips) if trips else CLEAR


def sails_detours(event: EventFacts, ship: ShipFacts, /) -> Outcome:
    """R36: the destination not reached, a voyage more than 30 % longer than the shortest way, or a loop without a call."""
    if ship.kind is None:
        return Missing("the type of each ship")
    if ship.kind not in CARRIERS:
        return CLEAR
    voyage = ship.voyage
    if voyage is None:
        return Missing("port calls before and after the event, with the way between them")
    between = f"{voyage.from_port} to {voyage.to_port}, {voyage.way_nm:,.0f} nm"
    found = [] if voyage.missed is None else [f"said {voyage.missed}, called at {voyage.to_port}"]
    shortest = voyage.shortest_nm
    if voyage.is_loop and voyage.way_nm >= LOOP_NM:
        found.append(f"{between} and back without a call")
    if shortest is not None and voyage.way_nm / shortest - 1.0 > DETOUR:
        found.append(f"{between}, {voyage.way_nm / shortest - 1.0:.0%} longer than over water")
    if found:
        return Fired(f"MMSI {ship.mmsi:09d}, {'; '.join(found)}")
    if shortest is None and not voyage.is_loop:
        return Missing("a shortest way over water")
    if voyage.way_nm + voyage.hidden_nm > (LOOP_NM if shortest is None else shortest * (1.0 + DETOUR)):
        return Missing("reports on the way: a detour would fit into her silences")
    return CLEAR


def _near(event: EventFacts, ship: ShipFacts, *types: str) -> list[Deed]:
    return [d for d in ship.deeds if d.type in types and d.start - NEAR <= event.start and d.end + NEAR >= event.start]


def _is_call(deed: Deed) -> bool:
    """A port call that was seen."""
    return deed.type == "port_call" and deed.detail != FEASIBLE


def _is_within_a_call(slow: Deed, ship: ShipFacts) -> bool:
    """Whether a slow spell is the same stay as a port call that was seen."""
    return slow.type == "loitering" and any(
        _is_call(d) and d.start < slow.end and slow.start < d.end for d in ship.deeds
    )


def _surest(deeds: Sequence[Deed]) -> float:
    return max((1.0 if d.confidence is None else d.confidence for d in deeds), default=1.0)


def _is_off(gap: Deed) -> bool:
    return gap.confidence is not None and gap.confidence >= LEAST_OFF


def is_in_dprk(deed: Deed, /) -> bool:
    """Whether a deed was in a port of the DPRK, or in the boxes around them."""
    if deed.type == "port_call":
        return deed.state == "PRK"
    return area_of(deed.lon, deed.lat, only=DPRK_BOXES) is not None and deed.state in {"PRK", None}


def _in_order(deeds: Sequence[Deed]) -> list[Deed]:
    return sorted(deeds, key=lambda d: (d.start, d.type))


def _day(deed: Deed) -> str:
    return deed.start.strftime("%Y-%m-%d")
