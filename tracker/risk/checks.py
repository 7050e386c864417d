"""The 36 rules, each a small pure function over facts: those asked of each ship, and those asked of an event once.

Texts, weights, caps and notes on false positives stand in ``data/risk/rules.csv``. A rule that lacks data says which.
"""

from collections.abc import Callable

from tracker.risk import of_conduct, of_events, of_identity
from tracker.risk.facts import EventFacts, ShipFacts
from tracker.risk.outcome import Outcome

ShipRule = Callable[[EventFacts, ShipFacts], Outcome]
EventRule = Callable[[EventFacts], Outcome]

SHIP_RULES: dict[str, ShipRule] = {
    "R01": of_identity.listed_by_imo,
    "R02": of_identity.listed_by_mmsi,
    "R03": of_identity.listed_by_name,
    "R04": of_identity.flies_dprk_flag,
    "R05": of_identity.met_linked_ships,
    "R06": of_identity.sends_wrong_imo,
    "R07": of_identity.lacks_imo,
    "R08": of_identity.changes_names,
    "R09": of_identity.bears_a_number_elsewhere,
    "R10": of_identity.contradicts_its_size,
    "R11": of_identity.bears_a_dead_ships_number,
    "R12": of_identity.flies_weak_flag,
    "R13": of_identity.hops_flags,
    "R14": of_identity.flies_false_flag,
    "R15": of_conduct.is_silent_in_risk_area,
    "R16": of_conduct.could_have_called_in_dprk,
    "R18": of_conduct.sends_false_positions,
    "R19": of_conduct.contradicts_its_status,
    "R23": of_conduct.loiters,
    "R24": of_conduct.changes_draught_at_sea,
    "R26": of_conduct.never_changes_draught,
    "R27": of_conduct.calls_in_dprk,
    "R28": of_conduct.discharges_at_a_buoy,
    "R29": of_conduct.shuttles,
    "R31": of_conduct.makes_coal_round_trips,
    "R33": of_identity.changed_owner,
    "R34": of_identity.old_and_sold,
    "R35": of_identity.was_detained,
    "R36": of_conduct.sails_detours,
}
EVENT_RULES: dict[str, EventRule] = {
    "R17": of_events.partner_was_dark,
    "R20": of_events.meets,
    "R21": of_events.meets_by_night,
    "R22": of_events.lies_in_known_area,
    "R25": of_events.mirrors_draughts,
    "R30": of_events.passes_several_hands,
    "R32": of_events.loads_coal_onto_barges,
}
