"""Any list of ships against the watchlists and what a case heard."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracker.archive.case import Case
from tracker.identity.hull_ids import HullIds
from tracker.identity.mmsi import flag_of
from tracker.pipeline.who import Heard, names_said
from tracker.tables.kinds import kind_of_words
from tracker.tables.listing import REGISTRY, STRENGTHS, VESSEL, Entry, Hit, WatchList
from tracker.watchlists.match import Matcher, Subject
from tracker.watchlists.names import Read, readings


@dataclass(frozen=True)
class Screened:
    """One row of a screened list: its hits, and where it was heard; no MMSI: never heard in this data."""

    entry: Entry
    hits: tuple[Hit, ...]
    heard: Heard
    namesakes: tuple[int, ...] = ()
    """MMSIs heard under its name that its numbers do not name."""


def screen(asked: WatchList, lists: Iterable[WatchList], /, *, case: Case | None = None) -> list[Screened]:
    """Each row of a list against the watchlists and what a case heard."""
    watchlists = [one for one in lists if one.role != REGISTRY]
    matcher = Matcher(watchlists)
    statics, heard = (None, {}) if case is None else (case.store().statics(), case.heard())
    hulls = None if statics is None else HullIds(statics)
    known = {} if statics is None else _read_names(names_said(statics))
    result = []
    for entry in (entry for entry in asked.entries if entry.kind == VESSEL):
        flag = entry.flags[0].state if entry.flags else None
        mmsis: Sequence[int | None] = entry.mmsis or (None,)
        found: dict[tuple[str, str], Hit] = {}
        for mmsi in mmsis:
            kind = kind_of_words(entry.ship_type)
            for sign in entry.callsigns or (None,):
                mid_flag = flag_of(mmsi) if mmsi else None
                subject = Subject(entry.names, entry.imo, mmsi, sign, flag, mid_flag, kind, entry.length_m)
                for hit in matcher.hits(subject):
                    key = hit.list_name, hit.entry.entry_id
                    if key not in found or STRENGTHS.index(hit.strength) < STRENGTHS.index(found[key].strength):
                        found[key] = hit
        bearers = set(entry.mmsis)
        bearers |= set(hulls.mmsis_of(entry.imo)) if hulls is not None and entry.imo else set()
        named = {m for name in entry.names if name for key in readings(name) for m in known.get(key, ()) if m in heard}
        if not entry.imo and not entry.mmsis:
            bearers |= named
        hits = sorted(found.values(), key=lambda h: (STRENGTHS.index(h.strength), h.list_name, h.entry.entry_id))
        where = {m: heard[m] for m in sorted(bearers) if m in heard}
        result.append(Screened(entry, tuple(hits), where, tuple(sorted(named - bearers))))
    return result


def _read_names(names: Mapping[str, set[int]]) -> dict[Read, set[int]]:
    """MMSIs by the ways to read the names that they gave: SYN HAE II is SYN HAE 2."""
    found: dict[Read, set[int]] = {}
    for name, mmsis in names.items():
        for key in readings(name):
            found.setdefault(key, set()).update(mmsis)
    return found
