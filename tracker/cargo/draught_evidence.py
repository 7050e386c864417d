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
BALLAST_BLUR = 0.15
"""Above the type's ballast draught by this share of the design draught a ship is surely not in ballast: the design
draught is known to a tenth or so (judgement)."""
AGREED_BALLAST = 0.5
"""Two draughts that agree make it so much less likely that ballast hides in one of them (judgement; on the synthetic
transfers of ``tests/cargo/world.py`` it leaves four of five inside the range)."""
DEEP_LEAST, SHALLOW_LEAST = 0.85, 0.4
"""Least share of her ballast that a ship pumps out, if she pumps: on leaving deep, and else (judgement)."""
LEAST_BALLAST = 0.08
BALLAST_ERROR = 0.07
"""Of deadweight: what a ship at ballast draught holds at least, and the error of what light ship, fuel and design
draught leave for it (0.04 each for light ship and draught, 0.03 for fuel and stores; judgement)."""
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
            found.append(_measured(role, side, is_receiver=sign > 0))
    notes: list[str] = []
    if len(found) == 2:
        found, more, note = _compared(found)
        flags += more
        notes.append(note)
    for m in found:
        if m.ballast_t[1] > 0 and m.ballast_weight > 0:
            flags.append("ballast_possible")
            was = "before, pumped out while she loaded" if m.name == "M1 receiver" else "after, taken in as she gave"
            notes.append(
                f"Ballast: {m.name[3:]} at ballast draught {was}: the cargo may be up to {m.ballast_t[1]:,.0f} t more than "
                "her draughts differ."
            )
    payload = payload_t(receiver)
    if payload is not None and receiver.loaded_t is not None:
        differs = abs(payload - receiver.loaded_t) > AGREE_SHARE * payload
        flags += ["ballast_or_part_cargo"] if differs else []
        more_told = ": ballast exchanged, or partly laden on arrival" if differs else ""
        notes.append(f"M1b receiver's payload after: {payload:,.0f} t{more_told}.")
    return DraughtEvidence(found, list(dict.fromkeys(flags)), notes)


def _measured(role: str, side: Side, *, is_receiver: bool) -> Measurement:
    """M1 of one side, with the most ballast that it may hide where she was at ballast draught."""
    assert side.loaded_t is not None
    plain = Measurement(f"M1 {role}", abs(side.loaded_t), side.sd_t, side.change.quality)
    reading = side.change.before if is_receiver else side.change.after
    if reading is None or side.hull is None or side.dwt is None:
        return plain
    share = reading.draught_m / side.hull.design_draught_m
    weight = min(1.0, max(0.0, 1.0 + (side.hull.ballast_share - share) / BALLAST_BLUR))
    if weight == 0.0:
        return plain
    on_board = max(side.hull.payload_t(reading.draught_m, dwt_t=side.dwt.dwt_t), LEAST_BALLAST * side.dwt.dwt_t)
    # who leaves deep keeps no ballast: the payload after (M1b) is then the cargo
    least = DEEP_LEAST if is_receiver and payload_t(side) is not None else SHALLOW_LEAST
    return replace(
        plain,
        ballast_t=(least * on_board, on_board),
        ballast_sd_t=BALLAST_ERROR * side.dwt.dwt_t,
        ballast_weight=weight,
    )


def payload_t(side: Side, /) -> float | None:
    """M1b: payload after the contact of a ship that came empty and left deep."""
    before, after = side.change.before, side.change.after
    if side.loaded_t is None or side.hull is None or side.dwt is None or before is None or after is None:
        return None
    td = side.hull.design_draught_m
    if after.draught_m < DEEP_SHARE * td or before.draught_m > side.hull.ballast_share * td:
        return None
    return side.hull.payload_t(after.draught_m, dwt_t=side.dwt.dwt_t)


def _compared(found: Sequence[Measurement]) -> tuple[list[Measurement], list[str], str]:
    """The two measurements beside each other: they agree, ballast explains the difference, or their errors double."""
    small, large = sorted(found, key=lambda m: m.tonnes)
    apart = (large.tonnes - small.tonnes) / large.tonnes
    if apart <= AGREE_SHARE:
        agreed = [replace(m, ballast_weight=AGREED_BALLAST * m.ballast_weight) for m in found]
        return agreed, [], f"The two draughts agree within {apart:.0%} of the larger: little ballast was moved, if any."
    if small.ballast_t[1] > 0 and small.tonnes + small.ballast_t[1] >= (1.0 - AGREE_SHARE) * large.tonnes:
        return list(found), ["ballast_explains"], f"The two draughts differ by {apart:.0%}, as ballast would explain."
    doubled = [replace(m, sd_t=2.0 * m.sd_t) for m in found]
    return doubled, ["draughts_disagree"], f"The two draughts differ by {apart:.0%}: errors doubled."
