"""Checks on the card of a vessel: of its dimensions, and of numbers that ought to agree."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from tracker.identity.callsign import state_of_callsign
from tracker.identity.hull_ids import HullIds
from tracker.identity.mmsi import class_of, flag_of
from tracker.identity.registered import Registered
from tracker.identity.spells import Spell

SLIM, BROAD = 9.5, 3.5
"""Length by beam of ships (cargo-and-law.md, 4.1)."""
SAID_CHANGE, REGISTRY_CHANGE = 0.10, 0.15
"""Source: rule R10."""


def dimensions_of(spells: Sequence[Spell], registered: Sequence[Registered], /) -> Iterator[str]:
    """The check of dimensions, line by line."""
    said = {field: [s.value for s in spells if s.field == field and s.reports > 1] for field in ("length_m", "beam_m")}
    length, beam = (last_said(spells, field) for field in ("length_m", "beam_m"))
    if length is None or beam is None:
        yield "she did not say her length and beam"
        return
    for field, values in said.items():
        if values and min(values) < (1.0 - SAID_CHANGE) * max(values):
            yield f"{field.removesuffix('_m')} from {min(values):g} to {max(values):g} m: more than {SAID_CHANGE:.0%} apart"
    ratio = length / beam
    odd = "" if BROAD <= ratio <= SLIM else f": no usual hull, whose ratio is {BROAD} to {SLIM}"
    yield f"says {length:g} x {beam:g} m, length by beam {ratio:.1f}{odd}"
    for found in registered:
        pairs = [(length, found.entry.length_m), (beam, found.entry.beam_m)]
        known = [(own, other) for own, other in pairs if other]
        if known:
            agree = all(abs(own - other) <= REGISTRY_CHANGE * max(own, other) for own, other in known)
            told = " x ".join(f"{other:g}" for _, other in known)
            yield f"{found.list_name} says {told} m: {'agrees' if agree else 'differs'} ({REGISTRY_CHANGE:.0%})"


def notes_on(mmsis: Sequence[int], spells: Sequence[Spell], hulls: HullIds, /) -> list[str]:
    """Cross-checks that are no conflicts of one field."""
    notes = [f"MMSI {mmsi:09d} is of the class {class_of(mmsi)}." for mmsi in mmsis if class_of(mmsi) != "ship"]
    for spell in (s for s in spells if s.field == "callsign"):
        state, flag = state_of_callsign(spell.value), flag_of(spell.mmsi)
        if state is not None and flag is not None and state != flag:
            notes.append(f"Call sign {spell.value} is of {state}, MMSI {spell.mmsi:09d} of {flag}.")
    for mmsi in mmsis:
        numbers = hulls.imos_of(mmsi)
        if len(numbers) > 1:
            notes.append(f"MMSI {mmsi:09d} gave {len(numbers)} IMO numbers: {', '.join(map(str, numbers))}.")
        if hulls.contested.intersection(numbers):
            notes.append(f"The IMO number of MMSI {mmsi:09d} is borne by a hull of another size at the same time.")
    return notes


def last_said(spells: Sequence[Spell], field: str, /) -> Any:
    """The value of a field that was said last; None when none was."""
    return max((s for s in spells if s.field == field), key=lambda s: (s.last, s.reports), default=_NOTHING).value


_NOTHING = Spell(0, "", None, datetime.min, datetime.min, 0)
