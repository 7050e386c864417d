"""What is read off a contact for judging it: one reading for each part of the confidence, with its sentence.

A reading is a number (looked up between knots) or a level (looked up by name) in the table of weights. The weights
are fitted (`scripts/fit_confidence.py`); what is read, and what it is called, stands here.
"""

from dataclasses import dataclass

from tracker.detectors.evidence import BETWEEN, NEAR, Evidence
from tracker.detectors.types import CARRIES, FISHES, LEISURE, SERVES, UNKNOWN, is_tanker, is_tow, role_of
from tracker.tables.ship import Ship

SMALL_CRAFT_M = 35.0
"""Hulls shorter than this carry no cargo worth counting (judgement)."""
UNKNOWN_LENGTH_M = 60.0
"""Taken for a ship whose length is not known, where sizes are only a scale (judgement: small coasters)."""
WAY_KN = 2.0
"""Faster than this a pair makes way."""
DRAUGHT_STEP_M = 0.2
"""Smaller changes of a declared draught are trim, fuel and rounding."""


@dataclass(frozen=True)
class Draughts:
    """Change of the declared draught of each ship over a contact, m; None where none was declared."""

    before_1_m: float | None = None
    after_1_m: float | None = None
    before_2_m: float | None = None
    after_2_m: float | None = None
    said_1_ms: int | None = None
    """When ship 1 first said her new draught: contacts share a change that was said once."""
    said_2_ms: int | None = None

    def without(self, *, first: bool, second: bool) -> "Draughts":
        """The same with the change of one ship or of both left out."""
        one = (None, None, None) if first else (self.before_1_m, self.after_1_m, self.said_1_ms)
        two = (None, None, None) if second else (self.before_2_m, self.after_2_m, self.said_2_ms)
        return Draughts(*one[:2], *two[:2], one[2], two[2])

    def changes(self) -> tuple[float | None, float | None]:
        """After minus before, ship by ship."""
        pairs = ((self.before_1_m, self.after_1_m), (self.before_2_m, self.after_2_m))
        one, two = (None if a is None or b is None else b - a for a, b in pairs)
        return one, two


@dataclass(frozen=True)
class Reading:
    """One thing that was read: the part it belongs to, its variant, a number or a level, and a sentence."""

    part: str
    variant: str
    value: float | str
    sentence: str
    is_pose: bool = False
    """Read from how the ships lay; counts less where few moments were heard."""


def read_contact(
    evidence: Evidence, ship_1: Ship, ship_2: Ship, duration_h: float, draughts: Draughts, /
) -> list[Reading]:
    """All readings of one contact."""
    return [
        _closeness(evidence, ship_1, ship_2),
        *_pose(evidence),
        *_time(duration_h, evidence),
        _coming_and_going(evidence),
        *_kinds(evidence, ship_1, ship_2),
        *_draughts(draughts, ship_1, ship_2),
    ]


def _path(evidence: Evidence) -> str:
    return {NEAR: ", between reports minutes apart", BETWEEN: ", between far reports"}.get(evidence.basis, "")


def _course(evidence: Evidence) -> str:
    return " (courses under way stand in for headings not sent)" if evidence.by_course else ""


def _closeness(evidence: Evidence, ship_1: Ship, ship_2: Ship) -> Reading:
    gap = evidence.hull_gap_m
    if gap is not None:
        assumed = "" if evidence.gap_is_certain else " (antenna places assumed)"
        text = f"Median gap between the hulls {gap:.0f} m{assumed}{_course(evidence)}{_path(evidence)}."
        return Reading("gap", "reported" if evidence.gap_is_certain else "assumed", gap, text, True)
    if evidence.parallel_gap_m is not None:
        text = (
            f"Median gap between the hulls {evidence.parallel_gap_m:.0f} m if their keels lay parallel: "
            f"one of them told no heading{_path(evidence)}."
        )
        return Reading("gap", "one_keel", evidence.parallel_gap_m, text, True)
    half_lengths = 0.5 * ((ship_1.length_m or UNKNOWN_LENGTH_M) + (ship_2.length_m or UNKNOWN_LENGTH_M))
    text = f"Median distance between the antennas {evidence.median_distance_m:.0f} m; hull sizes or headings are not known."
    return Reading("distance", "", evidence.median_distance_m / half_lengths, text, True)


def _pose(evidence: Evidence) -> list[Reading]:
    seen = "seen from the larger hull" if evidence.has_body_frame else "by distance alone"
    text = f"The pose varied by {evidence.rigidity_m:.0f} m ({seen}){_path(evidence)}."
    found = [Reading("rigid", "body" if evidence.has_body_frame else "distance", evidence.rigidity_m, text, True)]
    angle = evidence.heading_difference_deg
    if angle is not None:
        found.append(
            Reading(
                "parallel", "", angle, f"The keels were {angle:.0f}° from parallel (median){_course(evidence)}.", True
            )
        )
    if evidence.turning_deg is not None:
        text = f"The angle between the keels varied by {evidence.turning_deg:.0f}°{_course(evidence)}{_path(evidence)}."
        found.append(Reading("turning", "", evidence.turning_deg, text, True))
    relative = evidence.relative_speed_kn
    text = f"Speed of one relative to the other {relative:.2f} kn while making {evidence.median_speed_kn:.1f} kn."
    found.append(Reading("together", "", relative, text, True))
    if evidence.astern:
        text = "One lay ahead of the other in line, not beside it."
        found.append(Reading("in_line", "", "yes", text))
    return found


def _time(duration_h: float, evidence: Evidence) -> list[Reading]:
    least = "at least " if any((*evidence.begins_with, *evidence.ends_with)) else ""
    found = [Reading("duration", "", duration_h, f"Together for {least}{duration_h:.1f} h.")]
    if evidence.hole_h > 0.5:
        text = f"{evidence.hole_h:.1f} h of it were silent and are bridged only because both ships were together before and after."
        share = evidence.hole_h / max(duration_h, 1e-3)
        found.append(Reading("hole", "", share, text))
    return found


def _coming_and_going(evidence: Evidence) -> Reading:
    came, left = evidence.came, evidence.left
    if came and left:
        return Reading("came_and_left", "", "both", "They were seen more than a mile apart before and after.")
    if came is False and left is False:
        text = "They were never seen more than a mile apart within 12 h before or after."
        return Reading("came_and_left", "", "neither", text)
    seen, other = ("before", "after") if came or (came is not None and not left) else ("after", "before")
    unheard = f"; whether {other}, was not heard" if None in (came, left) else f", not {other}"
    if came or left:
        return Reading("came_and_left", "", "one", f"They were seen more than a mile apart {seen}{unheard}.")
    if came is None and left is None:
        text = "Whether they were apart before and after was not heard."
    else:
        text = f"They were not seen more than a mile apart {seen}{unheard}."
    return Reading("came_and_left", "", "unknown", text)


def _kinds(evidence: Evidence, ship_1: Ship, ship_2: Ship) -> list[Reading]:
    ships, roles = (ship_1, ship_2), (role_of(ship_1.ship_type), role_of(ship_2.ship_type))
    tankers = [is_tanker(ship.ship_type) for ship in ships]
    odd = next((ship for ship, role in zip(ships, roles, strict=True) if role in (SERVES, LEISURE)), None)
    if odd is not None:
        role = role_of(odd.ship_type)
        kind = Reading(
            "kind", "", "service" if role == SERVES else "leisure", f"{odd.label} is a {role} (type {odd.ship_type})."
        )
    elif roles == (FISHES, FISHES):
        kind = Reading("kind", "", "both_fish", "Both are fishing vessels.")
    elif all(tankers):
        kind = Reading("kind", "", "both_tankers", "Both are tankers.")
    elif any(tankers):
        kind = Reading("kind", "", "one_tanker", "One is a tanker.")
    elif roles == (CARRIES, CARRIES):
        kind = Reading("kind", "", "both_cargo", "Both carry cargo.")
    elif UNKNOWN in roles:
        kind = Reading("kind", "", "unknown", "The type of a ship is not known.")
    else:
        kind = Reading("kind", "", "other", "Neither is a tanker.")
    found = [kind]
    if any(is_tow(ship.ship_type) for ship in ships) and evidence.median_speed_kn > WAY_KN:
        found.append(Reading("tow", "", "yes", "A tug under way with another ship: towing or escorting."))
    known = [ship.length_m for ship in ships if ship.length_m is not None]
    if known and min(known) < SMALL_CRAFT_M:
        found.append(Reading("size", "", "small", f"The smaller hull is {min(known):.0f} m long."))
    elif len(known) < 2:
        found.append(Reading("size", "", "unknown", "The size of a ship is not known."))
    return found


def _draughts(draughts: Draughts, ship_1: Ship, ship_2: Ship) -> list[Reading]:
    changes = draughts.changes()
    said = []
    for ship, before, after, change in (
        (ship_1, draughts.before_1_m, draughts.after_1_m, changes[0]),
        (ship_2, draughts.before_2_m, draughts.after_2_m, changes[1]),
    ):
        if change is not None and abs(change) >= DRAUGHT_STEP_M:
            said.append(f"{ship.label} {before:.1f} m before and {after:.1f} m after")
    if not said:
        return []
    text = f"Declared draughts changed: {'; '.join(said)}."
    one, two = changes
    if len(said) == 2 and one is not None and two is not None:
        if one * two < 0:
            return [Reading("draught", "", "opposite", f"{text} One came out lighter, the other deeper.")]
        return [Reading("draught", "", "same_way", f"{text} Both the same way.")]
    return [Reading("draught", "", "one", text)]
