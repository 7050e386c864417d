"""What statics, registries and watchlists know of the ships of events, one ship at a time."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import isnan
from typing import Any

from tracker.geo.states import sovereign_of
from tracker.identity.hull_ids import HullIds
from tracker.identity.mmsi import flag_of, mids
from tracker.identity.owners import Listed, Owners, Shared
from tracker.identity.registered import Registered, Registers, ship_of
from tracker.identity.spells import Spell, speakers_of, spells_of
from tracker.pipeline.graph import Graph
from tracker.pipeline.history import History
from tracker.pipeline.meetings import ms_of
from tracker.risk.facts import DESIGNATED, DETAINED, Change, ListFact, ShipFacts, VoyageFact, is_of_1718
from tracker.tables.kinds import kind_of_code
from tracker.tables.listing import WATCHLIST, Entry, FlagSpell, Hit, WatchList
from tracker.tables.ship import Ship
from tracker.tables.statics import NOT_KEPT
from tracker.units import MILLISECONDS_PER_HOUR
from tracker.watchlists.match import Matcher, Subject

RENAMING = timedelta(days=30)
HOPPING = timedelta(days=730)
MOST_NUMBERS = 3
MOST_PATHS = 6


class Who:
    """Statics, registries and watchlists, asked ship by ship."""

    def __init__(
        self,
        statics: Any,
        lists: Sequence[WatchList],
        mmsis: set[int],
        /,
        *,
        moored_moving_h: Mapping[int, float] | None = None,
        sailed: Mapping[tuple[int, int, int], VoyageFact] | None = None,
        changes: Mapping[int, tuple[Change, ...]] | None = None,
        twins: Mapping[tuple[int, int], float] | None = None,
        hulls: HullIds | None = None,
    ) -> None:
        self.changes = changes or {}
        self.twins = twins
        self.moored_moving_h = moored_moving_h or {}
        self.sailed = sailed or {}
        self.hulls = hulls or HullIds(statics)
        watchlists = [one for one in lists if one.role == WATCHLIST]
        self.has_watchlist = bool(watchlists)
        self.lists_name = _named_by(watchlists)
        self.matcher = Matcher(watchlists)
        self.owners = Owners(lists)
        self._registers = Registers(lists)
        self._spells: dict[tuple[int, str], list[Spell]] = {}
        for spell in spells_of(statics, sorted(mmsis), fields=("name", "length_m", "imo_sent")):
            self._spells.setdefault((spell.mmsi, spell.field), []).append(spell)
        self._speakers = speakers_of(statics)

    def registered(self, ship: Ship, /) -> Registered | None:
        """The registry's entry of a ship, and what contradicts it."""
        return self._registers.of(ship)

    def all_registered(self, ship: Ship, /) -> list[Registered]:
        """What every registry says of a ship: where they disagree, all of it."""
        return self._registers.all_of(ship)

    def hits(self, row: Mapping[str, Any], n: int, /) -> tuple[Hit, ...]:
        """Watchlist hits of a ship of an event, on the day of the event."""
        mmsi = row[f"mmsi_{n}"]
        if mmsi is None or not self.has_watchlist:
            return ()
        subject = Subject(
            names=(row[f"name_{n}"],) if row[f"name_{n}"] else (),
            imo=row[f"imo_{n}"],
            mmsi=mmsi,
            callsign=row[f"callsign_{n}"],
            flag=row[f"flag_{n}"],
            mid_flag=flag_of(mmsi),
            ship_kind=kind_of_code(row[f"ship_type_{n}"]),
            length_m=row[f"length_m_{n}"],
            day=row["start_time"].date(),
        )
        return (*self.matcher.hits(subject), *self._linked(row, n, watchlists=self.has_watchlist))

    def _linked(self, row: Mapping[str, Any], n: int, *, watchlists: bool) -> list[Hit]:
        """Listed companies that own or manage a ship by their IMO company number."""
        ship = ship_of(row, n) if watchlists and self.owners else None
        day = row["start_time"].date()
        found = [] if ship is None else self.owners.listed(ship, day=day, steps=1)
        return [linked_hit(one, day) for one in found if one.is_by_number]

    def owner_sentences(self, row: Mapping[str, Any], /) -> list[str]:
        """What is known of who stands behind the ships of an event on its day."""
        if not self.owners:
            return []
        ships = [ship for n in (1, 2) if (ship := ship_of(row, n)) is not None]
        day = row["start_time"].date()
        lines = [f"Both ships lead to {one.name}: {one.text}." for one in self._shared(ships, day)]
        for ship in ships:
            lines += [f"{ship.label}: behind her stands {one.told(day)}." for one in self.owners.listed(ship, day=day)]
        return lines

    def owner_paths(self, row: Mapping[str, Any], n: int, /) -> list[str] | None:
        """Who stands behind a ship of an event on its day, nearest first, each with the way to it; None without any list."""
        ship = ship_of(row, n) if self.owners else None
        if ship is None:
            return None
        paths = self.owners.above(ship, day=row["start_time"].date()).values()
        told = [path.text.replace(";", ",") for path in paths]
        more = [f"and {len(told) - MOST_PATHS} more: tracker vessel"] if len(told) > MOST_PATHS else []
        return [*told[:MOST_PATHS], *more]

    def _shared(self, ships: Sequence[Ship], day: date) -> list[Shared]:
        return self.owners.shared(ships[0], ships[1], day=day) if len(ships) == 2 else []

    def flag_spell(self, row: Mapping[str, Any], n: int, /) -> tuple[Entry | None, FlagSpell | None]:
        """The registry's entry of a ship of an event that nothing contradicts, and its flag on the day."""
        ship = ship_of(row, n) if self._registers else None
        found = None if ship is None else self.registered(ship)
        if found is None or found.against:
            return None, None
        return found.entry, found.entry.flag_on(row["start_time"].date())

    def registry_sentences(self, row: Mapping[str, Any], n: int, /) -> list[str]:
        """What a reader must know of a registry's word on a ship: a false flag, another hull, two that disagree."""
        ship = ship_of(row, n) if self._registers else None
        found = [] if ship is None else self.all_registered(ship)
        lines, day = [], row["start_time"].date()
        for one in found:
            if one.against:
                lines.append(
                    f"{ship.label if ship else ''}: the entry {one.entry.name} of {one.list_name} differs in "
                    f"{' and '.join(one.against)}: the number may be borrowed, and its particulars are not used."
                )
        used = [one for one in found if not one.against]
        states = {one.list_name: spell for one in used if (spell := one.entry.flag_on(day)) is not None}
        if states and (spell := next(iter(states.values()))).is_false and ship is not None:
            lines.append(f"{ship.label}: {next(iter(states))} calls its flag {spell.state} of that day false.")
        if len({spell.state for spell in states.values()}) > 1 and ship is not None:
            told = ", ".join(f"{spell.state} by {name}" for name, spell in states.items())
            lines.append(f"{ship.label}: registries disagree on its flag that day: {told}; the first counts.")
        return lines

    def ship_facts(
        self, row: Mapping[str, Any], n: int, hits: tuple[Hit, ...], graph: Graph, place: int, history: History, /
    ) -> ShipFacts:
        """What rules look at."""
        mmsi, imo, start = row[f"mmsi_{n}"], row[f"imo_{n}"], row["start_time"]
        ship = ship_of(row, n) if self._registers else None
        found = None if ship is None else self.registered(ship)
        entry, spell = self.flag_spell(row, n)
        linked, second = graph.links(mmsi, place)
        knows_partners = self.has_watchlist or graph.knows_partners(mmsi)
        return ShipFacts(
            mmsi=mmsi,
            flag=row[f"flag_{n}"],
            mid_flag=flag_of(mmsi),
            registry_flag=None if spell is None else spell.state,
            registry_flag_since=None if spell is None else spell.since,
            is_mid_of_sovereign=spell is not None and _is_mid_of_sovereign(spell.state, flag_of(mmsi)),
            is_flag_false=None if spell is None else spell.is_false,
            imo=imo,
            kind=kind_of_code(row[f"ship_type_{n}"]),
            has_statics=(mmsi, "name") in self._spells,
            length_m=row[f"length_m_{n}"],
            registry_length_m=None if found is None else found.entry.length_m,
            beam_m=row[f"beam_m_{n}"],
            registry_beam_m=None if found is None else found.entry.beam_m,
            sizes_m=tuple(s.value for s in self._spells.get((mmsi, "length_m"), []) if s.reports > 1),
            hits=tuple(_list_fact(hit) for hit in hits) if self.has_watchlist else None,
            flag_changes_24m=self._flag_changes(mmsi, imo, entry, start),
            changes_30d=self._near_changes(mmsi, start) if mmsi in self._speakers else None,
            linked_partners_90d=linked if linked or knows_partners else None,
            meets_linked=graph.meets_linked(mmsi, place),
            linked_second_90d=second,
            receivers_30d=graph.receivers(mmsi, start),
            built=None if entry is None else entry.built,
            owned_since=None if entry is None else entry.owned_since,
            has_registry=entry is not None,
            registry_status=None if entry is None else entry.status,
            owner_state=None if entry is None else entry.owner_state,
            owner_ships=None if entry is None else self.owners.ships_of(entry),
            registry_type=None if entry is None else entry.ship_type,
            deeds=history.deeds(row[f"hull_id_{n}"], start),
            draughts=history.draughts(mmsi),
            number_elsewhere_h=self._elsewhere_h(mmsi, imo),
            moored_moving_h=self.moored_moving_h.get(mmsi),
            voyage=self.sailed.get((mmsi, ms_of(start), ms_of(row["end_time"]))),
            **self._wrong_imos(mmsi, start),
            is_candidate_share=_candidate_share(row, mmsi) if row["type"] == "dark_encounter" and n == 2 else 1.0,
        )

    def _near_changes(self, mmsi: int, start: datetime) -> tuple[Change, ...]:
        """Changes of identity within 30 days of a time."""
        when, near = ms_of(start), RENAMING / timedelta(milliseconds=1)
        return tuple(c for c in self.changes.get(mmsi, ()) if abs(c.time_ms - when) <= near)

    def _wrong_imos(self, mmsi: int, start: datetime) -> dict[str, Any]:
        """What an MMSI sent near a time in place of an IMO number."""
        sent = self._spells.get((mmsi, "imo_sent"), [])
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
        bearers = self.hulls.bearers.get(imo, [])
        own = next((b for b in bearers if b.mmsi == mmsi), None)
        shared = [
            min(own.last_ms, b.last_ms) - max(own.first_ms, b.first_ms) for b in bearers if own and b.mmsi != mmsi
        ]
        together = max([0, *shared]) / MILLISECONDS_PER_HOUR
        if imo in self.hulls.contested:
            return together
        if self.twins is None:
            return None if together > 0.0 else 0.0
        hours = self.twins.get((imo, mmsi), 0.0)
        return None if isnan(hours) else hours

    def _flag_changes(self, mmsi: int, imo: int | None, entry: Entry | None, start: datetime) -> int | None:
        """Changes of flag in the 24 months before: by dated registry spells, else by the MMSIs of the hull."""
        dated = sorted((s.since, s.state) for s in (entry.flags if entry else ()) if s.since is not None)
        if not dated and imo is not None and imo not in self.hulls.contested:
            bearers = sorted(self.hulls.bearers.get(imo, []), key=lambda b: (b.first_ms, b.mmsi))
            states = [(date.fromordinal(719163 + b.first_ms // 86_400_000), flag_of(b.mmsi)) for b in bearers]
            dated = [(day, state) for day, state in states if state is not None]
        if len(dated) < 2:
            return None if entry is None or not dated else 0
        changed = [day for (_, one), (day, other) in pairwise(dated) if one != other]
        return sum((start - HOPPING).date() <= day <= start.date() for day in changed)


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


def linked_hit(one: Listed, day: date | None, /) -> Hit:
    """The hit that a listed owner or manager makes: the ship itself is not on the list."""
    listed_on = one.entry.listed_on
    later = day is not None and listed_on is not None and listed_on > day
    return Hit(one.list_name, one.edition, one.entry, "linked", ("company number", one.path.steps[0].role), 1.0, later)


def _named_by(watchlists: Sequence[WatchList]) -> frozenset[str]:
    entries = [entry for one in watchlists for entry in one.vessels]
    told = ((DESIGNATED, _is_designation), (DETAINED, _is_detention))
    return frozenset(what for what, holds in told if any(map(holds, entries)))


def _is_designation(entry: Entry) -> bool:
    return is_of_1718(entry.programmes)


def _is_detention(entry: Entry) -> bool:
    return "detained" in (entry.status or "")


def _list_fact(hit: Hit) -> ListFact:
    entry = hit.entry
    return ListFact(
        hit.strength,
        entry.is_sanction,
        hit.later_designated,
        entry.programmes,
        _is_detention(entry),
        entry.listed_on,
    )
