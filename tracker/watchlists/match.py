"""Is this ship on a list? A ladder of keys, strongest first, each with its trap (cargo-and-law.md 5.5).

1. Equal IMO number: ``confirmed``; when type or length contradict, ``identity_conflict``: the number may be stolen.
2. Equal MMSI: ``probable`` when name, size or flag support it, else ``weak``: MMSIs are used again. With the same name
   and another IMO number ``identity_conflict``.
3. Similar name with equal numerals: ``probable`` with an equal call sign; ``possible`` with equal flag and type, or
   when the name is the same and nothing that is known on both sides contradicts.

Two IMO numbers that differ are two ships, whatever their names, unless the MMSI is the same too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.tables.kinds import kind_of_words
from tracker.tables.listing import STRENGTHS, VESSEL, Entry, Hit, WatchList, contradictions
from tracker.watchlists.names import ALIKE, SAME, readings, similarity

LENGTH_SUPPORT = 0.10


@dataclass(frozen=True)
class Subject:
    """A ship to look for: what is known of it, at a day."""

    names: tuple[str, ...] = ()
    imo: int | None = None
    mmsi: int | None = None
    callsign: str | None = None
    flag: str | None = None
    mid_flag: str | None = None
    ship_kind: str | None = None
    length_m: float | None = None
    day: date | None = None


class Matcher:
    """Watchlists indexed by their keys; `hits` finds a ship."""

    def __init__(self, lists: Iterable[WatchList], /) -> None:
        self._asked: dict[Subject, list[Hit]] = {}
        self._imo: dict[int, list[_Place]] = {}
        self._mmsi: dict[int, list[_Place]] = {}
        self._callsign: dict[str, list[_Place]] = {}
        self._flag: dict[tuple[tuple[str, ...], str], list[_Place]] = {}
        self._name: dict[tuple[str, tuple[str, ...]], list[_Place]] = {}
        for one in lists:
            for entry in one.entries:
                if entry.kind == VESSEL:
                    self._add(_Place(one, entry))

    def _add(self, place: "_Place") -> None:
        entry = place.entry
        if entry.imo is not None:
            self._imo.setdefault(entry.imo, []).append(place)
        for mmsi in entry.mmsis:
            self._mmsi.setdefault(mmsi, []).append(place)
        for callsign in entry.callsigns:
            self._callsign.setdefault(_sign(callsign), []).append(place)
        for key in {key for name in entry.names if name for key in readings(name)}:
            self._name.setdefault(key, []).append(place)
            for state in {spell.state for spell in entry.flags}:
                self._flag.setdefault((key[1], state), []).append(place)

    def hits(self, subject: Subject, /) -> list[Hit]:
        """Hits of a ship, strongest first; one for each entry, by its strongest key."""
        # a ship is asked for at each of its events, and only the day differs
        timeless = replace(subject, day=None)
        if timeless not in self._asked:
            self._asked[timeless] = self._hits(timeless)
        return [_on_day(hit, subject.day) for hit in self._asked[timeless]]

    def _hits(self, subject: Subject) -> list[Hit]:
        found: dict[tuple[str, str], Hit] = {}
        for hit in (*self._by_imo(subject), *self._by_mmsi(subject), *self._by_name(subject)):
            found.setdefault((hit.list_name, hit.entry.entry_id), hit)
        return sorted(found.values(), key=lambda h: (STRENGTHS.index(h.strength), h.list_name, h.entry.entry_id))

    def _by_imo(self, s: Subject) -> list[Hit]:
        hits = []
        for place in self._imo.get(s.imo or -1, []):
            against = _against(s, place.entry)
            strength = "identity_conflict" if against else "confirmed"
            # ships are renamed, so that it is told and decides nothing
            known = any(s.names) and any(place.entry.names)
            renamed = ["another name"] if known and _similarity(s.names, place.entry.names) < ALIKE else []
            hits.append(place.hit(s, strength, ("imo", *(f"not {what}" for what in against), *renamed), 1.0))
        return hits

    def _by_mmsi(self, s: Subject) -> list[Hit]:
        hits = []
        for place in self._mmsi.get(s.mmsi or -1, []):
            alike = _similarity(s.names, place.entry.names)
            support = [f"name {alike:.2f}"] if alike >= ALIKE else []
            if _sizes_agree(s.length_m, place.entry.length_m):
                support.append("length")
            if s.mid_flag and s.mid_flag in {spell.state for spell in place.entry.flags}:
                support.append("flag")
            other_ship = s.imo is not None and place.entry.imo is not None and s.imo != place.entry.imo
            strength = "probable" if support and not other_ship else "weak"
            if other_ship and alike >= SAME:
                # her transmitter and her name under another number: more likely a false number than a second ship
                strength, support = "identity_conflict", [*support, "not imo"]
            hits.append(place.hit(s, strength, ("mmsi", *support), max(alike, 0.5)))
        return hits

    def _by_name(self, s: Subject) -> list[Hit]:
        hits = []
        for place in self._alike(s):
            entry = place.entry
            if s.imo is not None and entry.imo is not None and s.imo != entry.imo:
                continue
            alike = _similarity(s.names, entry.names)
            if alike < SAME:
                continue
            states = {spell.state for spell in entry.flags}
            same_sign = s.callsign is not None and _sign(s.callsign) in map(_sign, entry.callsigns)
            same_flag, same_kind = s.flag in states, s.ship_kind is not None and s.ship_kind == _kind(entry)
            against = bool(states and s.flag and not same_flag) or bool(_against(s, entry))
            if same_sign:
                hits.append(place.hit(s, "probable", (f"name {alike:.2f}", "callsign"), alike))
            elif same_flag and same_kind and not _against(s, entry):
                hits.append(place.hit(s, "possible", (f"name {alike:.2f}", "flag", "type"), alike))
            elif alike == 1.0 and not against:
                support = [word for word, is_same in (("flag", same_flag), ("type", same_kind)) if is_same]
                hits.append(place.hit(s, "possible", ("name 1.00", *support), alike))
        return hits

    def _alike(self, s: Subject) -> list["_Place"]:
        """Entries that may bear a name of the ship: the same name, the same call sign, or the same flag and numerals."""
        places: dict[int, _Place] = {}
        for name in s.names:
            near = [place for key in readings(name) for place in self._name.get(key, [])]
            near += [place for key in readings(name) for place in self._flag.get((key[1], s.flag or ""), [])]
            near += self._callsign.get(_sign(s.callsign), []) if s.callsign else []
            places |= {id(place): place for place in near}
        return list(places.values())


@dataclass(frozen=True)
class _Place:
    source: WatchList
    entry: Entry

    def hit(self, s: Subject, strength: str, matched: Sequence[str], score: float) -> Hit:
        return Hit(self.source.name, self.source.edition, self.entry, strength, tuple(matched), round(score, 3))


def _on_day(hit: Hit, day: date | None) -> Hit:
    listed_on = hit.entry.listed_on
    later = day is not None and listed_on is not None and listed_on > day
    return replace(hit, later_designated=True) if later else hit


def _against(s: Subject, entry: Entry) -> list[str]:
    return contradictions(entry, ship_kind=s.ship_kind, length_m=s.length_m)


def _sizes_agree(one: float | None, other: float | None) -> bool:
    return bool(one and other and abs(one - other) <= LENGTH_SUPPORT * max(one, other))


def _similarity(ours: Iterable[str], theirs: Iterable[str]) -> float:
    theirs = [name for name in theirs if name]
    return max((similarity(one, other) for one in ours for other in theirs), default=0.0)


def _kind(entry: Entry) -> str | None:
    return kind_of_words(entry.ship_type)


def _sign(callsign: str) -> str:
    return "".join(callsign.upper().split())
