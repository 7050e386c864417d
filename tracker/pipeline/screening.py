"""Any list of ships against the watchlists and what a case heard."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.archive.case import Case
from tracker.identity.hull_ids import HullIds
from tracker.identity.mmsi import flag_of
from tracker.pipeline.who import Heard, folded, names_said
from tracker.tables.kinds import kind_of_words
from tracker.tables.listing import REGISTRY, VESSEL, Entry, Hit, WatchList
from tracker.watchlists.match import Matcher, Subject


@dataclass(frozen=True)
class Screened:
    """One row of a screened list: its hits, and where it was heard; no MMSI: never heard in this data."""

    entry: Entry
    hits: tuple[Hit, ...]
    heard: Heard


def screen(asked: WatchList, lists: Iterable[WatchList], /, *, case: Case | None = None) -> list[Screened]:
    """Each row of a list against the watchlists and what a case heard."""
    watchlists = [one for one in lists if one.role != REGISTRY]
    matcher = Matcher(watchlists)
    statics, heard = (None, {}) if case is None else (case.store().statics(), case.heard())
    hulls = None if statics is None else HullIds(statics)
    known = {} if statics is None else names_said(statics)
    result = []
    for entry in (entry for entry in asked.entries if entry.kind == VESSEL):
        flag = entry.flags[0].state if entry.flags else None
        mmsis: Sequence[int | None] = entry.mmsis or (None,)
        found: dict[tuple[str, str], Hit] = {}
        for mmsi in mmsis:
            kind = kind_of_words(entry.ship_type)
            subject = Subject(
                entry.names, entry.imo, mmsi, None, flag, flag_of(mmsi) if mmsi else None, kind, entry.length_m
            )
            for hit in matcher.hits(subject):
                found.setdefault((hit.list_name, hit.entry.entry_id), hit)
        bearers = set(entry.mmsis)
        bearers |= set(hulls.mmsis_of(entry.imo)) if hulls is not None and entry.imo else set()
        if not entry.imo and not entry.mmsis:
            bearers |= known.get(folded(entry.name), set())
        result.append(Screened(entry, tuple(found.values()), {m: heard[m] for m in sorted(bearers) if m in heard}))
    return result
