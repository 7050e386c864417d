"""What stations said of themselves, with first and last date: names, call signs, IMO numbers, sizes, draughts, flags.

One row for each MMSI, field and value. Nothing is merged away: two names at the same time, or a name that returns,
show as spells that overlap, and `conflicts_of` says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tracker.identity.mmsi import flag_of
from tracker.tables.statics import STATICS

FIELDS = ("name", "callsign", "imo", "ship_type", "length_m", "beam_m", "draught_m", "destination", "imo_sent")
CONSTANT = ("name", "callsign", "imo", "length_m", "beam_m")
"""Fields of which a ship has one at a time; draughts and destinations change by nature."""
SIZE_TOLERANCE = 0.10
"""Sizes nearer than this are the same hull, measured twice (cargo-and-law.md 5, rule R10)."""


@dataclass(frozen=True)
class Spell:
    """A value that an MMSI gave for a field: first and last time and the number of reports."""

    mmsi: int
    field: str
    value: Any
    first: datetime
    last: datetime
    reports: int


@dataclass(frozen=True)
class Conflict:
    """Two values of one field that cannot both be true of one ship at one time."""

    field: str
    one: Spell
    other: Spell


def spells_of(statics: Any, mmsis: Sequence[int], /, *, fields: Sequence[str] = FIELDS) -> list[Spell]:
    """Spells of some MMSIs, by field, first time and value.

    Parameters
    ----------
    statics : Arrow table of `tracker.tables.statics.STATICS`
    fields : those of `FIELDS` that are asked for
    """
    statics = STATICS.conform(statics)
    own = statics.filter(pc.is_in(statics["mmsi"], pa.array(sorted(set(mmsis)), pa.int32())))
    spells: list[Spell] = []
    for field in fields:
        table = own.filter(pc.is_valid(own[field]))
        folded = table.group_by(["mmsi", field], use_threads=False).aggregate(
            [("time", "min"), ("last_time", "max"), ("reports", "sum")]
        )
        found = [
            Spell(row["mmsi"], field, _plain(row[field]), row["time_min"], row["last_time_max"], row["reports_sum"])
            for row in folded.to_pylist()
        ]
        spells += sorted(found, key=lambda s: (s.first, s.mmsi, str(s.value)))
    return spells


def speakers_of(statics: Any, /) -> set[int]:
    """MMSIs that said anything of themselves."""
    statics = STATICS.conform(statics)
    says = reduce(pc.or_, (pc.is_valid(statics[field]) for field in FIELDS))
    return set(pc.unique(statics["mmsi"].filter(says)).to_pylist())


def flag_spells(heard: Sequence[tuple[int, datetime, datetime, int]], /) -> list[Spell]:
    """Flags by MID for MMSIs as they were heard: rows of MMSI, first time, last time and reports."""
    rows = [(mmsi, flag_of(mmsi), first, last, reports) for mmsi, first, last, reports in heard]
    spells = [Spell(mmsi, "flag", flag, first, last, reports) for mmsi, flag, first, last, reports in rows if flag]
    return sorted(spells, key=lambda s: (s.first, s.mmsi))


def conflicts_of(spells: Sequence[Spell], /) -> list[Conflict]:
    """Pairs of spells of a field that has one value at a time, which overlap in time and differ.

    Sizes within `SIZE_TOLERANCE` agree. A change of name is no conflict: its spells do not overlap.
    """
    found = []
    for field in (*CONSTANT, "flag"):
        own = [spell for spell in spells if spell.field == field]
        for i, one in enumerate(own):
            for other in own[i + 1 :]:
                if one.first <= other.last and other.first <= one.last and not _agree(field, one.value, other.value):
                    found.append(Conflict(field, one, other))
    return found


def _agree(field: str, one: Any, other: Any) -> bool:
    if field in {"length_m", "beam_m"}:
        return bool(abs(one - other) <= SIZE_TOLERANCE * max(one, other))
    return bool(one == other)


def _plain(value: Any) -> Any:
    """Float32 as written: 5.4, not 5.400000095."""
    return round(value, 2) if isinstance(value, float) else value
