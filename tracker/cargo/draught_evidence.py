"""M1 and M1b: what the declared draughts of both ships say of a cargo, with the ballast that may hide in them.

A receiver that came in ballast may have pumped it out while she loaded, a donor that left light may have taken some
in: the difference of draughts then understates the cargo, by as much as the ballast. What a ship at ballast draught
had on board beside fuel and stores bounds it, and stands beside the difference; a donor that stayed deep has no such
doubt, and decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tracker.cargo.combine import Measurement
from tracker.cargo.sides import Direction, Side

AGREE_SHARE = 0.35
"""Two draughts agree when they differ by no more than this share of the larger (cargo-and-law.md, 4.2)."""
BALLAST_SHARE = 0.60
"""At this share of the design draught or less a ship is in ballast (cargo-and-law.md, 4.2: arrived empty)."""
DEEP_SHARE = 0.75


@dataclass(frozen=True)
class DraughtEvidence:
    """Measurements by draught, flags, and lines for the reasoning."""

    found: list[Measurement]
    flags: list[str]
    notes: list[str]

    @property
    def has_two_that_agree(self) -> bool:
        """Whether both ships say the same, independently."""
        return len(self.found) == 2 and "draughts_disagree" not in self.flags

    @property
    def pooled_t(self) -> float | None:
        """Mean of the measurements by their precision, t; None when there is none."""
        if not self.found:
            return None
        return sum(m.tonnes / m.sd_t**2 for m in self.found) / sum(1.0 / m.sd_t**2 for m in self.found)


def draught_evidence(receiver: Side, donor: Side, direction: Direction, /) -> DraughtEvidence:
    """M1 of both ships as far as they point the same way."""
    found: list[Measurement] = []
    flags = ["draughts_disagree"] if direction.is_disputed else []
    for role, side, sign in (("receiver", receiver, 1.0), ("donor", donor, -1.0)):
        if side.loaded_t is not None and sign * side.loaded_t > 0:
            ballast = ballast_t(side, is_receiver=sign > 0)
            found.append(Measurement(f"M1 {role}", sign * side.loaded_t, side.sd_t, side.change.quality, ballast))
    notes: list[str] = []
    if len(found) == 2:
        found, more, note = _compared(found)
        flags += more
        notes.append(note)
    for m in found:
        if m.ballast_t > 0:
            flags.append("ballast_possible")
            was = "before, pumped out while she loaded" if m.name == "M1 receiver" else "after, taken in as she gave"
            notes.append(
                f"Ballast: {m.name[3:]} at ballast draught {was}: the cargo may be up to {m.ballast_t:,.0f} t more than "
                "her draughts differ."
            )
    payload = payload_t(receiver)
    if payload is not None and receiver.loaded_t is not None:
        differs = abs(payload - receiver.loaded_t) > AGREE_SHARE * payload
        flags += ["ballast_or_part_cargo"] if differs else []
        more_told = ": ballast exchanged, or partly laden on arrival" if differs else ""
        notes.append(f"M1b receiver's payload after: {payload:,.0f} t{more_told}.")
    return DraughtEvidence(found, list(dict.fromkeys(flags)), notes)


def ballast_t(side: Side, /, *, is_receiver: bool) -> float:
    """Most ballast that the difference of draughts may hide, t; 0 where the ship was never at ballast draught."""
    reading = side.change.before if is_receiver else side.change.after
    if reading is None or side.hull is None or side.dwt is None:
        return 0.0
    if reading.draught_m > BALLAST_SHARE * side.hull.design_draught_m:
        return 0.0
    return max(0.0, side.hull.payload_t(reading.draught_m, dwt_t=side.dwt.dwt_t))


def payload_t(side: Side, /) -> float | None:
    """M1b: payload after the contact of a ship that came empty and left deep."""
    before, after = side.change.before, side.change.after
    if side.loaded_t is None or side.hull is None or side.dwt is None or before is None or after is None:
        return None
    td = side.hull.design_draught_m
    if after.draught_m < DEEP_SHARE * td or before.draught_m > BALLAST_SHARE * td:
        return None
    return side.hull.payload_t(after.draught_m, dwt_t=side.dwt.dwt_t)


def _compared(found: Sequence[Measurement]) -> tuple[list[Measurement], list[str], str]:
    """The two measurements beside each other: they agree, ballast explains the difference, or their errors double."""
    small, large = sorted(found, key=lambda m: m.tonnes)
    apart = (large.tonnes - small.tonnes) / large.tonnes
    if apart <= AGREE_SHARE:
        return list(found), [], f"The two draughts agree within {apart:.0%} of the larger."
    if small.tonnes + small.ballast_t >= (1.0 - AGREE_SHARE) * large.tonnes and small.ballast_t > 0:
        return list(found), ["ballast_explains"], f"The two draughts differ by {apart:.0%}, as ballast would explain."
    doubled = [replace(m, sd_t=2.0 * m.sd_t) for m in found]
    return doubled, ["draughts_disagree"], f"The two draughts differ by {apart:.0%}: errors doubled."
