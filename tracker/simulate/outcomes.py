"""What became of each meeting and of each event: the rows from which every score is added up.

Rows of several fleets, or of one fleet heard in several ways, may be put together: `pool`.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from tracker.simulate.matching import Judged, MatchParams, match, rank_of_partner
from tracker.simulate.singles import SingleScore, add_singles, score_singles
from tracker.simulate.truth import MEETING_TYPES

COUNTED = {"likely", "possible"}
NO_CLASS = "not classed"
"""Of rows of a truth that tell no kind."""


@dataclass(frozen=True)
class Met:
    """One meeting of the truth and what was found of it."""

    label: str
    is_dark: bool
    hours: float
    pieces: int
    """Events about it that are likely or possible."""
    is_likely: bool
    start_error_min: float | None
    """Absolute; from the first piece."""
    end_error_min: float | None
    partner_rank: int | None
    """Of a dark meeting: place of the true partner among the candidates of events that are possible, from 1."""
    told_rank: int | None = None
    """The same among the candidates of all events about it, the unlikely ones too."""
    is_heard: bool = True
    """Of a dark meeting: whether the data hold any report of the partner at all; without one nobody can name her."""

    @property
    def is_found(self) -> bool:
        """At least one event that is likely or possible is about it."""
        return self.pieces > 0


@dataclass(frozen=True)
class Called:
    """One event of a two-ship type that counts: right or wrong, and how sure it was."""

    is_likely: bool
    is_right: bool
    is_dark: bool
    """A ``dark_encounter``."""
    is_possible: bool
    """Possible, or likely."""
    confidence: float | None
    """None: not part of the calibration (in port, or the method states none)."""
    decoy: str
    """Of a wrong one, the class of the decoy that it fell for; ``other`` where none was staged."""


@dataclass(frozen=True)
class Outcomes:
    """Meetings and events of one fleet or of several."""

    met: list[Met] = field(default_factory=list)
    called: list[Called] = field(default_factory=list)
    vessel_days: int | None = None
    singles: tuple[SingleScore, ...] = ()
    """Port calls and false positions, where the truth tells them."""


def pool(parts: Iterable[Outcomes], /) -> Outcomes:
    """Put outcomes together."""
    parts = list(parts)
    days = [part.vessel_days for part in parts]
    known = [day for day in days if day is not None]
    return Outcomes(
        [met for part in parts for met in part.met],
        [called for part in parts for called in part.called],
        sum(known) if parts and len(known) == len(days) else None,
        add_singles(one for part in parts for one in part.singles),
    )


def outcomes_of(
    events: Any,
    truth: Any,
    /,
    *,
    vessel_days: int | None = None,
    heard: Collection[int] | None = None,
    params: MatchParams | None = None,
) -> Outcomes:
    """Outcomes of an ``EVENTS`` table held against a ``TRUTH`` table.

    Parameters
    ----------
    heard : every MMSI of which the data hold a report; None where that is not known
    """
    judged = match(events, truth, params=params or MatchParams())
    rows = truth.to_pylist()
    pieces: dict[int, list[Judged]] = {}
    for one in judged:
        if one.truth is not None:
            pieces.setdefault(one.truth, []).append(one)
    decoys = {
        frozenset((row["mmsi_1"], row["mmsi_2"])): row["class"] or NO_CLASS for row in rows if row["type"] == "decoy"
    }
    return Outcomes(
        [_met(row, pieces.get(n, []), heard) for n, row in enumerate(rows) if row["type"] in MEETING_TYPES],
        [_called(one, decoys) for one in judged if not one.neutral],
        vessel_days,
        score_singles(events, truth, params=params),
    )


def _met(row: dict[str, Any], about: list[Judged], heard: Collection[int] | None) -> Met:
    pieces = [one for one in about if one.event["verdict"] in COUNTED]
    start = end = None
    if pieces:
        first, last = (
            min(one.event["start_time"] for one in pieces),
            max(one.event["end_time"] for one in pieces),
        )
        start = abs((first - row["start_time"]).total_seconds()) / 60.0
        end = abs((last - row["end_time"]).total_seconds()) / 60.0
    is_dark = row["type"] == "dark_encounter"
    return Met(
        label=row["class"] or NO_CLASS,
        is_dark=is_dark,
        hours=(row["end_time"] - row["start_time"]).total_seconds() / 3600.0,
        pieces=len(pieces),
        is_likely=any(one.is_likely for one in pieces),
        start_error_min=start,
        end_error_min=end,
        partner_rank=_best_rank(pieces, row["mmsi_2"]) if is_dark else None,
        told_rank=_best_rank(about, row["mmsi_2"]) if is_dark else None,
        is_heard=not is_dark or heard is None or row["mmsi_2"] in heard,
    )


def _best_rank(found: list[Judged], partner: int | None) -> int | None:
    if partner is None:
        return None
    ranks = [
        1 if one.event["type"] == "encounter" else rank_of_partner({"candidates": None} | one.event, partner)
        for one in found
    ]
    return min((rank for rank in ranks if rank is not None), default=None)


def _called(one: Judged, decoys: dict[frozenset[int | None], str]) -> Called:
    event = one.event
    said = None if event.get("in_port") else event.get("confidence")
    pair = frozenset((event["mmsi_1"], event["mmsi_2"]))
    label = decoys.get(pair) or decoys.get(frozenset((event["mmsi_1"], None)), "other")
    return Called(
        one.is_likely,
        one.truth is not None,
        event["type"] == "dark_encounter",
        event["verdict"] in COUNTED,
        None if said is None else float(said),
        label,
    )
