"""What a ship of an event is and what she did about that time, as rules look at it: facts, one ship at a time."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import isnan
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tracker.geo.states import sovereign_of
from tracker.identity.mmsi import flag_of, mids
from tracker.identity.registered import ship_of
from tracker.identity.spells import Spell, speakers_of, spells_of
from tracker.pipeline.graph import Graph
from tracker.pipeline.history import History
from tracker.pipeline.known import Who, is_detention
from tracker.pipeline.meetings import ms_of
from tracker.risk.facts import Change, ListFact, ShipFacts, VoyageFact
from tracker.tables.kinds import kind_of_code
from tracker.tables.listing import Entry, Hit
from tracker.tables.ship import Ship
from tracker.tables.statics import NOT_KEPT
from tracker.units import MILLISECONDS_PER_HOUR

RENAMING = timedelta(days=30)
HOPPING = timedelta(days=730)
MOST_NUMBERS = 3
SAID = ("mmsi", "imo", "flag", "name", "callsign", "ship_type", "length_m", "beam_m")
"""Columns of a ship of an event that her papers depend on."""


class Papers:
    """Facts of the ships of events, from statics, lists and what else was asked of them."""

    def __init__(
        self,
        who: Who,
        statics: Any,
        mmsis: set[int],
        /,
        *,
        moored_moving_h: Mapping[int, float] | None = None,
        sailed: Mapping[tuple[int, int, int], VoyageFact] | None = None,
        changes: Mapping[int, tuple[Change, ...]] | None = None,
        twins: Mapping[tuple[int, int], float] | None = None,
    ) -> None:
        self._who = who
        self._changes = changes or {}
        self._twins = twins
        self._moored_moving_h = moored_moving_h or {}
        self._sailed = sailed or {}
        self._sailors = {mmsi for mmsi, *_ in self._sailed}
        self._named = set(pc.unique(statics["mmsi"].filter(pc.is_valid(statics["name"]))).to_pylist())
        self._sizes_m = _sizes_m(statics, mmsis)
        self._sent: dict[int, list[Spell]] = {}
        for spell in spells_of(statics, sorted(mmsis), fields=("imo_sent",)):
            self._sent.setdefault(spell.mmsi, []).append(spell)
        self._speakers = speakers_of(statics)

    def ship_facts(
        self, row: Mapping[str, Any], n: int, hits: tuple[Hit, ...], graph: Graph, place: int, history: History, /
    ) -> ShipFacts:
        """What rules look at."""
        return ShipFacts(**self.papers(row, n, hits), **self.conduct(row, n, graph, place, history))

    def papers(self, row: Mapping[str, Any], n: int, hits: tuple[Hit, ...], /) -> dict[str, Any]:
        """What a ship is, as her papers and her transmitter say: fields of `ShipFacts`."""
        mmsi, imo, start = row[f"mmsi_{n}"], row[f"imo_{n}"], row["start_time"]
        ship = ship_of(row, n) if self._who.registers else None
        found = None if ship is None else self._who.registered(ship)
        entry, spell = self._who.flag_spell(row, n)
        return {
            "mmsi": mmsi,
            "flag": row[f"flag_{n}"],
            "mid_flag": flag_of(mmsi),
            "registry_flag": None if spell is None else spell.state,
            "registry_flag_since": None if spell is None else spell.since,
            "is_mid_of_sovereign": spell is not None and _is_mid_of_sovereign(spell.state, flag_of(mmsi)),
            "is_flag_false": None if spell is None else spell.is_false,
            "imo": imo,
            "kind": kind_of_code(row[f"ship_type_{n}"]),
            "has_statics": mmsi in self._named,
            "length_m": row[f"length_m_{n}"],
            "registry_length_m": None if found is None else found.entry.length_m,
            "beam_m": row[f"beam_m_{n}"],
            "registry_beam_m": None if found is None else found.entry.beam_m,
            "sizes_m": self._sizes_m.get(mmsi, ()),
            "hits": tuple(_list_fact(hit) for hit in hits) if self._who.has_watchlist else None,
            "flag_changes_24m": self._flag_changes(mmsi, imo, entry, start),
            "changes_30d": self._near_changes(mmsi, start) if mmsi in self._speakers else None,
            "built": None if entry is None else entry.built,
            "owned_since": None if entry is None else entry.owned_since,
            "has_registry": entry is not None,
            "registry_status": None if entry is None else entry.status,
            "owner_state": None if entry is None else entry.owner_state,
            "owner_ships": None if entry is None else self._who.owners.ships_of(entry),
            "registry_type": None if entry is None else entry.ship_type,
            "number_elsewhere_h": self._elsewhere_h(mmsi, imo),
            "moored_moving_h": self._moored_moving_h.get(mmsi),
            **self._wrong_imos(mmsi, start),
        }

    def conduct(self, row: Mapping[str, Any], n: int, graph: Graph, place: int, history: History, /) -> dict[str, Any]:
        """What a ship did about the time of an event: the other fields of `ShipFacts`."""
        mmsi, start = row[f"mmsi_{n}"], row["start_time"]
        linked, second = graph.links(mmsi, place)
        return {
            "linked_partners_90d": linked if linked or self._knows_partners(mmsi, graph) else None,
            "meets_linked": graph.meets_linked(mmsi, place),
            "linked_second_90d": second,
            "receivers_30d": graph.receivers(mmsi, start),
            "deeds": history.deeds(row[f"hull_id_{n}"], start),
            "draughts": history.draughts(mmsi),
            "voyage": self.voyage(mmsi, start, row["end_time"]),
            "is_candidate_share": _candidate_share(row, mmsi) if row["type"] == "dark_encounter" and n == 2 else 1.0,
        }

    def voyage(self, mmsi: int, start: datetime, end: datetime, /) -> VoyageFact | None:
        """The voyage of an MMSI about a stretch of time; None for none that is known."""
        return self._sailed.get((mmsi, ms_of(start), ms_of(end))) if mmsi in self._sailors else None

    def idle(self, mmsi: int, graph: Graph, history: History, /) -> dict[str, Any]:
        """The same of a ship that met nobody and did nothing, and no voyage of whom is known."""
        return {
            "linked_partners_90d": 0 if self._knows_partners(mmsi, graph) else None,
            "receivers_30d": 0 if graph.knows_givers else None,
            "draughts": history.draughts(mmsi),
        }

    def _knows_partners(self, mmsi: int, graph: Graph) -> bool:
        return self._who.has_watchlist or graph.knows_partners(mmsi)

    def depend_on_the_day(self, mmsi: int, imo: int | None, flag: str | None, /, *said: Any) -> bool:
        """Whether the papers of a ship that is on no list, by what she says (`SAID`), may be others at another event."""
        if (
            mmsi in self._changes
            or mmsi in self._sent
            or (imo is not None and len(self._who.hulls.bearers.get(imo, ())) > 1)
        ):
            return True
        return bool(self._who.registers and self._who.all_registered(Ship(mmsi, said[0], imo, *said[1:])))

    def _near_changes(self, mmsi: int, start: datetime) -> tuple[Change, ...]:
        """Changes of identity within 30 days of a time."""
        when, near = ms_of(start), RENAMING / timedelta(milliseconds=1)
        return tuple(c for c in self._changes.get(mmsi, ()) if abs(c.time_ms - when) <= near)

    def _wrong_imos(self, mmsi: int, start: datetime) -> dict[str, Any]:
        """What an MMSI sent near a time in place of an IMO number."""
        sent = self._sent.get(mmsi, [])
        if mmsi not in self._speakers or any(s.value == NOT_KEPT for s in sent):
            return {}
        near = [s for s in sent if s.first <= start + RENAMING and s.last >= start - RENAMING]
        if not near:
            return {"wrong_imo_reports": 0}
        span = max(s.last for s in near) - min(s.first for s in near)
        often = sorted(near, key=lambda s: (-s.reports, s.value))
        return {
            "wrong_imo_reports": sum(s.reports for s in near),
            "wrong_imo_span_h": span / timedelta(hours=1),
            "wrong_imos": tuple(s.value for s in often[:MOST_NUMBERS]),
        }

    def _elsewhere_h(self, mmsi: int, imo: int | None) -> float | None:
        """Hours in which another MMSI bore the number on a hull of another size, or too far off for one ship.

        None without a number, and where it was borne twice at one time and no position was asked.
        """
        if imo is None:
            return None
        bearers = self._who.hulls.bearers.get(imo, [])
        own = next((b for b in bearers if b.mmsi == mmsi), None)
        shared = [
            min(own.last_ms, b.last_ms) - max(own.first_ms, b.first_ms) for b in bearers if own and b.mmsi != mmsi
        ]
        together = max([0, *shared]) / MILLISECONDS_PER_HOUR
        if imo in self._who.hulls.contested:
            return together
        if self._twins is None:
            return None if together > 0.0 else 0.0
        hours = self._twins.get((imo, mmsi), 0.0)
        return None if isnan(hours) else hours

    def _flag_changes(self, mmsi: int, imo: int | None, entry: Entry | None, start: datetime) -> int | None:
        """Changes of flag in the 24 months before: by dated registry spells, else by the MMSIs of the hull."""
        dated = sorted((s.since, s.state) for s in (entry.flags if entry else ()) if s.since is not None)
        if not dated and imo is not None and imo not in self._who.hulls.contested:
            bearers = sorted(self._who.hulls.bearers.get(imo, []), key=lambda b: (b.first_ms, b.mmsi))
            states = [(date.fromordinal(719163 + b.first_ms // 86_400_000), flag_of(b.mmsi)) for b in bearers]
            dated = [(day, state) for day, state in states if state is not None]
        if len(dated) < 2:
            return None if entry is None or not dated else 0
        changed = [day for (_, one), (day, other) in pairwise(dated) if one != other]
        return sum((start - HOPPING).date() <= day <= start.date() for day in changed)


def _sizes_m(statics: Any, mmsis: set[int]) -> dict[int, tuple[float, ...]]:
    """Lengths that MMSIs gave, each by more than one report, in order of time."""
    said = statics.filter(
        pc.and_(pc.is_valid(statics["length_m"]), pc.is_in(statics["mmsi"], pa.array(sorted(mmsis), pa.int32())))
    )
    folded = said.group_by(["mmsi", "length_m"], use_threads=False).aggregate([("time", "min"), ("reports", "sum")])
    often = folded.filter(pc.greater(folded["reports_sum"], 1)).sort_by([("time_min", "ascending")])
    found: dict[int, tuple[float, ...]] = {}
    for mmsi, length_m in zip(often["mmsi"].to_pylist(), often["length_m"].to_pylist(), strict=True):
        found[mmsi] = (*found.get(mmsi, ()), round(length_m, 2))
    return found


def _candidate_share(row: Mapping[str, Any], mmsi: int) -> float:
    """Probability that the candidate of a dark meeting was there; the meeting's own where none is told."""
    try:
        told = json.loads(row["candidates"] or "[]")
        return next(float(one["probability"]) for one in told if one["mmsi"] == mmsi)
    except (ValueError, TypeError, KeyError, StopIteration):
        return float(row["confidence"] or 0.0)


def _is_mid_of_sovereign(flag: str, mid_flag: str | None) -> bool:
    """Whether ships of a flag bear the MID of another: Isle of Man those of the United Kingdom, France also Kerguelen's."""
    if mid_flag is None or sovereign_of(flag) != sovereign_of(mid_flag):
        return False
    return flag not in mids().values() or "ATF" in {flag, mid_flag}


def _list_fact(hit: Hit) -> ListFact:
    entry = hit.entry
    return ListFact(
        hit.strength,
        entry.is_sanction,
        hit.later_designated,
        entry.programmes,
        is_detention(entry),
        entry.listed_on,
    )
