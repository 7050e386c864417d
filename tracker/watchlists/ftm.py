"""FollowTheMoney JSON lines, as OpenSanctions publishes them: vessels, with their sanctions and owners.

``Sanction`` entities carry programme and listing date of the vessel they name; ``Ownership`` links owners. Upstream
describes ``deadweightTonnage`` as weight without freight; it is read as carrying capacity, which is what is in it.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tracker.errors import CorruptInputError
from tracker.geo.states import alpha3
from tracker.tables.imo import parse_imo
from tracker.tables.listing import ORGANISATION, Entry, FlagSpell, Tie
from tracker.watchlists.files import Document
from tracker.watchlists.text import clean, flags, mmsis, moment, number

LINKS = {
    "Ownership": ("asset", "owner", "owner"),
    "UnknownLink": ("subject", "object", "linked"),
    "Representation": ("client", "agent", "manager"),
}
"""Interval schemata: property of what is below, of what is above, and the role that this makes."""
NAMED = ("Company", "Organization", "LegalEntity", "Person", "PublicBody")


def is_ftm(document: Document, /) -> bool:
    """Whether the first line is an entity of FollowTheMoney."""
    first = document.text.lstrip()[:100_000].partition("\n")[0]
    try:
        entity = json.loads(first)
    except (ValueError, RecursionError):
        return False
    return isinstance(entity, dict) and {"id", "schema", "properties"} <= entity.keys()


def read_ftm(document: Document, /) -> tuple[list[Entry], date | None]:
    """Vessels of the file, each with what its sanctions and ownerships say.

    Raises
    ------
    CorruptInputError
        When a line is not JSON: the file breaks off.
    """
    found = _Found()
    seen: list[date] = []
    for entity in _entities(document):
        if "last_seen" in entity and (day := moment(str(entity["last_seen"]))):
            seen.append(day)
        found.take(str(entity["id"]), str(entity.get("schema")), entity["properties"])
    return found.entries(), max(seen, default=None)


@dataclass
class _Found:
    """Entities by id, while they are read."""

    vessels: dict[str, Any] = field(default_factory=dict)
    named: dict[str, Any] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    sanctions: dict[str, list[Any]] = field(default_factory=dict)
    ties: dict[str, list[tuple[str, str, date | None, date | None]]] = field(default_factory=dict)
    """By what is owned: role, id of the other, since, until."""

    def take(self, key: str, schema: str, properties: Any) -> None:
        """Keep an entity that says something of ships or of who is behind them."""
        if schema == "Vessel":
            self.vessels[key] = properties
        elif schema in NAMED:
            self.named[key] = properties
        elif schema == "Address":
            self.addresses[key] = _first(properties, "full") or _first(properties, "name") or ""
        elif schema == "Sanction":
            for target in _all(properties, "entity"):
                self.sanctions.setdefault(target, []).append(properties)
        elif schema in LINKS:
            below, above, role = LINKS[schema]
            dates = moment(_first(properties, "startDate")), moment(_first(properties, "endDate"))
            words = " ".join(_all(properties, "role")).lower()
            role = "manager" if "manag" in words or "operat" in words else role
            for one in _all(properties, below):
                for other in _all(properties, above):
                    self.ties.setdefault(one, []).append((role, other, *dates))

    def entries(self) -> list[Entry]:
        """Vessels, and the organisations above them, however many steps away."""
        vessels = []
        for key, p in self.vessels.items():
            ties = self._ties(key, p)
            vessels.append(_entry(key, p, self.sanctions.get(key, []), ties, self._owner_state(ties)))
        reached: dict[str, Entry] = {}
        waiting = [tie.entry_id for vessel in vessels for tie in vessel.ties]
        while waiting:
            other = waiting.pop()
            if other is None or other in reached or other not in self.named:
                continue
            reached[other] = self._organisation(other)
            waiting += [tie.entry_id for tie in reached[other].ties]
        return [*vessels, *reached.values()]

    def _ties(self, key: str, properties: Any) -> tuple[Tie, ...]:
        is_ship = key in self.vessels
        ties = []
        for role, other, since, until in self.ties.get(key, []):
            name = _first(self.named.get(other, {}), "name") or other
            ties.append(Tie("parent" if role == "owner" and not is_ship else role, name, since, until, entry_id=other))
        for text in _all(properties, "address"):
            ties.append(Tie("address", text))
        for place in _all(properties, "addressEntity"):
            if self.addresses.get(place):
                ties.append(Tie("address", self.addresses[place]))
        return tuple(dict.fromkeys(ties))

    def _owner_state(self, ties: Sequence[Tie]) -> str | None:
        """State in which the present owner is registered: its jurisdiction, else its country."""
        owners = [tie for tie in ties if tie.role == "owner" and tie.until is None]
        owner = max(owners, key=lambda tie: tie.since or date.min, default=None)
        p = {} if owner is None else self.named.get(owner.entry_id or "", {})
        return next((s for s in map(alpha3, (*_all(p, "jurisdiction"), *_all(p, "country"))) if s), None)

    def _organisation(self, key: str) -> Entry:
        p, sanctions = self.named[key], self.sanctions.get(key, [])
        names = _all(p, "name") or [key]
        listed, programmes = _listing(sanctions)
        return Entry(
            entry_id=key,
            name=names[0],
            kind=ORGANISATION,
            aliases=tuple(dict.fromkeys((*names[1:], *_all(p, "alias"), *_all(p, "previousName")))),
            programmes=programmes,
            listed_on=listed,
            is_sanction="sanction" in _all(p, "topics") or bool(sanctions),
            status=";".join(_all(p, "topics")) or None,
            company_imo=next((int(n[-7:]) for n in _all(p, "imoNumber") if n[-7:].isdigit() and len(n) >= 7), None),
            ties=self._ties(key, p),
        )


def _listing(sanctions: list[Any]) -> tuple[date | None, tuple[str, ...]]:
    """First day of listing and programmes that sanctions name."""
    listed = [moment(text) for s in sanctions for text in (*_all(s, "listingDate"), *_all(s, "startDate"))]
    programmes = [text for s in sanctions for text in (*_all(s, "programId"), *_all(s, "program"))]
    return min(filter(None, listed), default=None), tuple(dict.fromkeys(programmes))


def _entry(key: str, p: Any, sanctions: list[Any], ties: tuple[Tie, ...], owner_state: str | None) -> Entry:
    names = _all(p, "name")
    listed, programmes = _listing(sanctions)
    built = moment(_first(p, "buildDate"))
    current = flags(";".join(_all(p, "flag")))
    past = tuple(FlagSpell(spell.state, None, date.min) for spell in flags(";".join(_all(p, "pastFlags"))))
    return Entry(
        entry_id=key,
        name=names[0] if names else key,
        aliases=tuple(dict.fromkeys((*names[1:], *_all(p, "alias"), *_all(p, "previousName")))),
        imo=next((imo for imo in map(parse_imo, _all(p, "imoNumber")) if imo), None),
        mmsis=mmsis(";".join(_all(p, "mmsi"))),
        callsigns=tuple(_all(p, "callSign")),
        # a past flag without dates holds on no day; it is kept to be shown
        flags=(*current, *past),
        ship_type=_first(p, "type"),
        dwt_t=number(_first(p, "deadweightTonnage")),
        gross_tonnage=number(_first(p, "grossRegisteredTonnage") or _first(p, "tonnage")),
        built=built.year if built else None,
        owners=tuple(dict.fromkeys(tie.name for tie in ties if tie.role == "owner")),
        managers=tuple(dict.fromkeys(tie.name for tie in ties if tie.role == "manager")),
        owned_since=max((tie.since for tie in ties if tie.role == "owner" and tie.since), default=None),
        owner_state=owner_state,
        programmes=programmes,
        listed_on=listed,
        is_sanction="sanction" in _all(p, "topics") or bool(sanctions),
        status=";".join(_all(p, "topics")) or None,
        ties=ties,
    )


def _entities(document: Document) -> Iterator[dict[str, Any]]:
    for place, line in enumerate(document.text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            entity = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise CorruptInputError(
                f"{document.path}, line {place} is not JSON: the file breaks off or is damaged. Download it again."
            ) from error
        if isinstance(entity, dict) and "id" in entity and isinstance(entity.get("properties"), dict):
            yield entity


def _all(properties: Any, name: str) -> list[str]:
    """Values as cleaned texts; an entity nested in place of its id counts by its id."""
    values = properties.get(name, [])
    values = values if isinstance(values, list) else [values]
    return [text for v in values if (text := clean(str(v.get("id", "")) if isinstance(v, dict) else str(v)))]


def _first(properties: Any, name: str) -> str | None:
    return next(iter(_all(properties, name)), None)
