"""Who the ships of events are: hull, flag of the day, list hits, risk and legal flags, added to found events.

Identity, watchlists and risk meet here as tables. Pure: the same events, statics and lists give the same answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from tracker.identity.hull_ids import HullIds
from tracker.identity.mmsi import flag_of
from tracker.identity.spells import Spell, spells_of
from tracker.risk.facts import EventFacts, ListFact, ShipFacts
from tracker.risk.legal import legal_flags
from tracker.risk.outcome import Fired, Outcome
from tracker.risk.rules import RiskParams, ask, assess
from tracker.risk.score import Score
from tracker.tables.events import EVENTS
from tracker.tables.kinds import kind_of_code
from tracker.tables.listing import REGISTRY, WATCHLIST, Entry, Hit, WatchList
from tracker.watchlists.match import Matcher, Subject
from tracker.watchlists.read import read_list

NEAR = timedelta(days=90)
RENAMING = timedelta(days=30)
HOPPING = timedelta(days=730)
LISTED_SURELY = {"confirmed", "probable"}

Answers = dict[str, list[tuple[int | None, Outcome]]]


def load_lists(watchlists: Iterable[str | Path], registries: Iterable[str | Path], /) -> list[WatchList]:
    """Read the files that a user named; see `tracker.watchlists.read.read_list` for what they may be."""
    return [
        *(read_list(path) for path in watchlists),
        *(read_list(path, role=REGISTRY) for path in registries),
    ]


def together(kept: Sequence[WatchList], new: Sequence[WatchList], /) -> list[WatchList]:
    """Lists of a case and new ones, by role and name; a new one replaces its namesake."""
    named = {(one.role, one.name): one for one in (*kept, *new)}
    return [named[key] for key in sorted(named)]


@dataclass(frozen=True)
class Assessed:
    """What was found out about one event."""

    row: dict[str, Any]
    facts: EventFacts
    hits: tuple[tuple[Hit, ...], tuple[Hit, ...]]
    answers: Answers
    score: Score | None
    """None for a meeting that is not taken for a transfer, or in port: its ships keep their list hits."""


def identify(events: Any, statics: Any, lists: Sequence[WatchList], /, *, params: RiskParams) -> Any:
    """Events (Arrow, `EVENTS`) with hull ids, flags, list hits, risk and legal flags filled."""
    return EVENTS.from_rows(one.row for one in assess_events(events, statics, lists, params=params))


def assess_events(events: Any, statics: Any, lists: Sequence[WatchList], /, *, params: RiskParams) -> list[Assessed]:
    """What `identify` writes into events, with all that is behind it."""
    rows = [dict(row) for row in events.to_pylist()]
    who = Who(statics, lists, {row[f"mmsi_{n}"] for row in rows for n in (1, 2) if row[f"mmsi_{n}"] is not None})
    hits = [_name_ships(row, who) for row in rows]
    graph = _Graph(rows, hits)
    assessed = []
    for place, (row, found) in enumerate(zip(rows, hits, strict=True)):
        ships = tuple(
            who.ship_facts(row, n, found[n - 1], graph, place) for n in (1, 2) if row[f"mmsi_{n}"] is not None
        )
        facts = _event_facts(row, ships)
        answers = ask(facts, params)
        is_scored = not row["in_port"] and row["verdict"] != "unlikely"
        score = assess(answers, params) if is_scored else None
        rules = legal_flags(facts) if is_scored else ()
        row["listed_1"], row["listed_2"] = (([hit.code for hit in h] if who.has_watchlist else None) for h in found)
        row["risk_score"] = None if score is None else score.score
        row["risk_band"] = None if score is None else score.band
        row["risk_reasons"] = None if score is None else score.codes
        row["legal_flags"] = None if score is None else [rule.rule_id for rule in rules]
        told = [_told(hit, row, n) for n in (1, 2) for hit in found[n - 1]]
        told += [] if score is None else [score.sentence]
        told += [f"{rule.rule_id}, {rule.authority}: {rule.test}." for rule in rules]
        row["why"] = [*(row["why"] or []), *told]
        assessed.append(Assessed(row, facts, found, answers, score))
    return assessed


class Who:
    """Statics, registries and watchlists, asked ship by ship."""

    def __init__(self, statics: Any, lists: Sequence[WatchList], mmsis: set[int], /) -> None:
        self.hulls = HullIds(statics)
        watchlists = [one for one in lists if one.role == WATCHLIST]
        self.has_watchlist = bool(watchlists)
        self.matcher = Matcher(watchlists)
        self._registered: dict[tuple[str, int], Entry] = {}
        for entry in (entry for one in lists if one.role == REGISTRY for entry in one.entries):
            keys = [("imo", entry.imo)] if entry.imo else [("mmsi", mmsi) for mmsi in entry.mmsis]
            for kind, number in keys:
                self._registered.setdefault((kind, number or 0), entry)
        self._spells: dict[tuple[int, str], list[Spell]] = {}
        for spell in spells_of(statics, sorted(mmsis)):
            self._spells.setdefault((spell.mmsi, spell.field), []).append(spell)

    def registered(self, mmsi: int, imo: int | None, /) -> Entry | None:
        """The registry's entry of a ship: by its IMO number, else by its MMSI."""
        return self._registered.get(("imo", imo or -1)) or self._registered.get(("mmsi", mmsi))

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
        return tuple(self.matcher.hits(subject))

    def ship_facts(
        self, row: Mapping[str, Any], n: int, hits: tuple[Hit, ...], graph: "_Graph", place: int, /
    ) -> ShipFacts:
        """What rules look at."""
        mmsi, imo, start = row[f"mmsi_{n}"], row[f"imo_{n}"], row["start_time"]
        entry = self.registered(mmsi, imo)
        spell = None if entry is None else entry.flag_on(start.date())
        names = self._spells.get((mmsi, "name"), [])
        near = {s.value for s in names if s.reports > 1 and s.first <= start + RENAMING and s.last >= start - RENAMING}
        linked, second = graph.links(mmsi, place)
        return ShipFacts(
            mmsi=mmsi,
            flag=row[f"flag_{n}"],
            mid_flag=flag_of(mmsi),
            registry_flag=None if spell is None else spell.state,
            is_flag_false=None if spell is None else spell.is_false,
            imo=imo,
            has_statics=bool(names),
            length_m=row[f"length_m_{n}"],
            registry_length_m=None if entry is None else entry.length_m,
            sizes_m=tuple(s.value for s in self._spells.get((mmsi, "length_m"), []) if s.reports > 1),
            hits=tuple(_list_fact(hit) for hit in hits) if self.has_watchlist else None,
            flag_changes_24m=self._flag_changes(mmsi, imo, entry, start),
            names_30d=len(near) if names else None,
            linked_partners_90d=linked,
            linked_second_90d=second,
            receivers_30d=graph.receivers(mmsi, start),
            built=None if entry is None else entry.built,
            owned_since=None if entry is None else entry.owned_since,
            has_registry=entry is not None,
        )

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


class _Graph:
    """Who met whom in transfer-like meetings, and whether a partner was listed or flew the DPRK's flag."""

    def __init__(
        self, rows: Sequence[Mapping[str, Any]], hits: Sequence[tuple[tuple[Hit, ...], tuple[Hit, ...]]]
    ) -> None:
        self._met: dict[int, list[tuple[int, datetime, int, bool]]] = {}
        self._given: dict[int, list[tuple[datetime, int]]] = {}
        for place, (row, found) in enumerate(zip(rows, hits, strict=True)):
            if row["type"] not in {"encounter", "dark_encounter"} or row["verdict"] not in {"likely", "possible"}:
                continue
            if row["in_port"] or row["mmsi_2"] is None:
                continue
            for n, other in ((1, 2), (2, 1)):
                link = (place, row["start_time"], row[f"mmsi_{other}"], _is_linked(row, other, found[other - 1]))
                self._met.setdefault(row[f"mmsi_{n}"], []).append(link)
            if row["donor_mmsi"] is not None and row["receiver_mmsi"] is not None:
                self._given.setdefault(row["donor_mmsi"], []).append((row["start_time"], row["receiver_mmsi"]))
        self._times = {place: row["start_time"] for place, row in enumerate(rows)}

    def links(self, mmsi: int, place: int, /) -> tuple[int, int]:
        """Other meetings within 90 days with a linked ship, and meetings with a ship that met one elsewhere."""
        when = self._times[place]
        near = [link for link in self._met.get(mmsi, []) if abs(link[1] - when) <= NEAR]
        first = sum(is_linked for other, _, _, is_linked in near if other != place)
        second = 0
        for other, _, partner, is_linked in near:
            if not is_linked:
                theirs = self._met.get(partner, [])
                second += any(
                    link[3] and link[2] != mmsi and link[0] != other and abs(link[1] - when) <= NEAR for link in theirs
                )
        return first, second

    def receivers(self, mmsi: int, when: datetime, /) -> int | None:
        """Different receivers of a donor within 30 days; None while no meeting tells donor from receiver."""
        if not self._given:
            return None
        return len({ship for time, ship in self._given.get(mmsi, []) if abs(time - when) <= timedelta(days=30)})


def hull_answers(assessed: Iterable[tuple[Assessed, int]], /) -> Answers:
    """Answers about one hull over its events (each with its MMSI there).

    What a ship *is* counts once, by its strongest answer; what it *did* counts for each event.
    """
    merged: Answers = {}
    for one, mmsi in assessed:
        for rule_id, found in one.answers.items():
            own = [(m, outcome) for m, outcome in found if m is None or m == mmsi]
            merged.setdefault(rule_id, []).extend(own)
    return {rule_id: _strongest(found) for rule_id, found in merged.items()}


def _strongest(found: list[tuple[int | None, Outcome]]) -> list[tuple[int | None, Outcome]]:
    of_event = [answer for answer in found if answer[0] is None]
    of_ship = [answer for answer in found if answer[0] is not None]
    fired = [answer for answer in of_ship if isinstance(answer[1], Fired)]
    best = max(fired, key=lambda a: (a[1].share, a[1].times) if isinstance(a[1], Fired) else (0.0, 0), default=None)
    return [*of_event, *([best] if best else of_ship[:1])]


def _name_ships(row: dict[str, Any], who: Who) -> tuple[tuple[Hit, ...], tuple[Hit, ...]]:
    """Fill hull id and flag of the day, and give the list hits of both ships."""
    for n in (1, 2):
        mmsi = row[f"mmsi_{n}"]
        if mmsi is None:
            continue
        row[f"hull_id_{n}"] = who.hulls.hull_of(mmsi, row[f"imo_{n}"])
        entry = who.registered(mmsi, row[f"imo_{n}"])
        spell = None if entry is None else entry.flag_on(row["start_time"].date())
        if spell is not None:
            is_dated = spell.since is not None or spell.until is not None
            row[f"flag_{n}"], row[f"flag_basis_{n}"] = spell.state, "history" if is_dated else "registry"
    return who.hits(row, 1), who.hits(row, 2)


def _event_facts(row: Mapping[str, Any], ships: tuple[ShipFacts, ...]) -> EventFacts:
    return EventFacts(
        type=row["type"],
        verdict=row["verdict"],
        in_port=bool(row["in_port"]),
        start=row["start_time"],
        end=row["end_time"],
        lon=row["lon"],
        lat=row["lat"],
        ships=ships,
        duration_h=row["duration_h"],
        is_international=row["is_international"],
        draught_changes_m=(row["draught_change_1_m"], row["draught_change_2_m"]),
        columns=tuple((name, value) for name, value in row.items() if not isinstance(value, list)),
    )


def _is_linked(row: Mapping[str, Any], n: int, hits: tuple[Hit, ...]) -> bool:
    surely = any(h.strength in LISTED_SURELY and h.entry.is_sanction and not h.later_designated for h in hits)
    return surely or row[f"flag_{n}"] == "PRK"


def _list_fact(hit: Hit) -> ListFact:
    entry = hit.entry
    is_detention = "detained" in (entry.status or "")
    return ListFact(hit.strength, entry.is_sanction, hit.later_designated, entry.programmes, is_detention)


def _told(hit: Hit, row: Mapping[str, Any], n: int) -> str:
    """A list hit in words, with what it rests on."""
    entry, ship = hit.entry, row[f"name_{n}"] or f"MMSI {row[f'mmsi_{n}']:09d}"
    kind = "sanctions entry" if entry.is_sanction else "entry, not a sanction"
    since = f"listed {entry.listed_on}" if entry.listed_on else "the list gives no date"
    later = ", later designated: not on the list on the day" if hit.later_designated else ""
    programmes = f" ({', '.join(entry.programmes[:4])})" if entry.programmes else ""
    edition = f"edition {hit.edition}" if hit.edition else "edition not stated"
    return (
        f"{ship}: {hit.strength.replace('_', ' ')} match with {entry.name}{programmes} of {hit.list_name}, {edition}, "
        f"{kind}, by {', '.join(hit.matched)}; {since}{later}."
    )
