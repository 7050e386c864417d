"""OFAC's ``sdn_advanced.xml``: everything is a number that a reference value set at the head of the file explains.

Types of features and documents are therefore read by their names, never by their numbers. Ships are profiles of the
party subtype "Vessel"; IMO number and MMSI are registration documents of their identities; programmes and the day of
listing stand in sanctions entries; owners in features and relationships. Elements are known by their local names: OFAC
has published them in two namespaces, ``http://www.un.org/sanctions/1.0`` until 2024 and one of its list service since. A
file that declares a document type is refused: no list needs one, and entities are how such a file attacks its reader.
The tree is never whole: each element is dropped once it has been read. US Government work (17 USC 105).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

from tracker.errors import CorruptInputError
from tracker.tables.imo import is_imo
from tracker.tables.listing import ORGANISATION, VESSEL, Entry, FlagSpell, Tie
from tracker.watchlists.files import Document
from tracker.watchlists.text import clean, flags, mmsis, number

LEAST_VESSELS = 300
"""As for ``sdn.csv``: a whole list of 2022 names more vessels than this."""
REFERENCES = {
    "AliasType", "Country", "DetailReference", "FeatureType", "IDRegDocType", "PartySubType", "RelationType",
    "SanctionsType", "AreaCode",
}  # fmt: skip
_IMO = re.compile(r"(?<!\d)(\d{7})(?!\d)")


@dataclass
class _Party:
    """A profile while it is read."""

    profile: str
    is_vessel: bool
    names: list[str] = field(default_factory=list)
    identities: list[str] = field(default_factory=list)
    documents: list[tuple[str, str]] = field(default_factory=list)
    features: dict[str, list[str]] = field(default_factory=dict)
    programmes: list[str] = field(default_factory=list)
    listed_on: date | None = None
    ties: list[Tie] = field(default_factory=list)


def is_advanced_xml(document: Document, /) -> bool:
    """Whether it begins like OFAC's advanced XML."""
    head = document.text.lstrip()[:4000]
    return head.startswith("<") and re.search(r"<(?:\w+:)?Sanctions[\s>]", head) is not None


def read_advanced_xml(document: Document, /) -> tuple[list[Entry], date | None, list[str]]:
    """Vessels of the list with the organisations they are tied to, the day of issue, and warnings.

    Raises
    ------
    CorruptInputError
        When the file breaks off, is damaged, or declares entities.
    """
    if "<!DOCTYPE" in document.text or "<!ENTITY" in document.text:
        raise CorruptInputError(f"{document.path} declares entities of its own, which no sanctions list does: refused.")
    reader = _Reader()
    try:
        for element in _elements(document.text):
            reader.take(element)
    except ET.ParseError as error:
        raise CorruptInputError(
            f"{document.path} breaks off or is damaged ({error}). Download the list again."
        ) from error
    entries = reader.entries()
    vessels = sum(entry.kind == VESSEL for entry in entries)
    warnings = []
    if vessels < LEAST_VESSELS:
        warnings.append(f"{vessels} vessels; a whole list has more than {LEAST_VESSELS}: cut, or an extract?")
    return entries, reader.issued, warnings


TOP = {
    "DateOfIssue",
    *REFERENCES,
    "Location",
    "IDRegDocument",
    "DistinctParty",
    "ProfileRelationship",
    "SanctionsEntry",
}


CHUNK = 1 << 16
"""Characters handed to the parser at a time."""


def _elements(text: str) -> Iterator[Any]:
    """Elements that stand for themselves, one after the other; each is dropped from the tree once it has been taken."""
    # the text is decoded already: what the declaration says of bytes holds no more
    head = re.match(r"\s*<\?xml[^>]*\?>", text[:1000])
    parser: Any = ET.XMLPullParser(events=("start", "end"))
    above: list[Any] = []
    depth = 0
    for begin in range(head.end() if head else 0, len(text) + CHUNK, CHUNK):
        if begin < len(text):
            parser.feed(text[begin : begin + CHUNK])
        else:
            parser.close()
        for event, element in parser.read_events():
            is_top = _name(element) in TOP
            if event == "start":
                above.append(element)
                depth += is_top
                continue
            above.pop()
            depth -= is_top
            if depth == 0:
                if is_top:
                    yield element
                if above:
                    above[-1].remove(element)


class _Reader:
    """Takes elements in the order of the file."""

    def __init__(self) -> None:
        self.issued: date | None = None
        self._references: dict[tuple[str, str], str] = {}
        self._countries: dict[str, str] = {}
        self._documents: dict[str, list[tuple[str, str]]] = {}
        self._parties: dict[str, _Party] = {}

    def take(self, element: Any) -> None:
        """Keep what an element says."""
        name = _name(element)
        if name in REFERENCES:
            text = clean(element.text) or clean(element.get("ISO2"))
            self._references[name, element.get("ID", "")] = text
        elif name == "DateOfIssue":
            self.issued = _date(element)
        elif name == "Location":
            for part in _all(element, "LocationCountry"):
                country = self._named("Country", part.get("CountryID"))
                self._countries[element.get("ID", "")] = country
        elif name == "IDRegDocument":
            number_ = clean(next((_text(part) for part in _all(element, "IDRegistrationNo")), ""))
            kind = self._named("IDRegDocType", element.get("IDRegDocTypeID"))
            self._documents.setdefault(element.get("IdentityID", ""), []).append((kind.lower(), number_))
        elif name == "DistinctParty":
            for profile in _all(element, "Profile"):
                self._take_profile(profile)
        elif name == "ProfileRelationship":
            self._relate(element)
        elif name == "SanctionsEntry":
            self._take_entry(element)

    def _take_profile(self, profile: Any) -> None:
        kind = self._named("PartySubType", profile.get("PartySubTypeID")).lower()
        if kind in {"individual", "aircraft"}:
            return
        party = _Party(profile.get("ID", ""), kind == "vessel")
        for identity in _all(profile, "Identity"):
            for alias in sorted(_all(identity, "Alias"), key=lambda a: a.get("Primary") != "true"):
                for named in _all(alias, "DocumentedName"):
                    party.names.append(clean(" ".join(_text(part) for part in _all(named, "NamePartValue"))))
            party.identities.append(identity.get("ID", ""))
        for feature in _all(profile, "Feature"):
            kind = self._named("FeatureType", feature.get("FeatureTypeID")).lower()
            for version in _all(feature, "FeatureVersion"):
                party.features.setdefault(kind, []).extend(filter(None, self._values(version)))
        self._parties[party.profile] = party

    def _values(self, version: Any) -> Iterator[str]:
        for detail in _all(version, "VersionDetail"):
            yield clean(_text(detail)) or self._named("DetailReference", detail.get("DetailReferenceID"))
        for place in _all(version, "VersionLocation"):
            yield self._countries.get(place.get("LocationID", ""), "")

    def _relate(self, element: Any) -> None:
        one, other = (self._parties.get(element.get(f"{end}-ProfileID", "")) for end in ("From", "To"))
        if one is None or other is None or not one.names or not other.names:
            return
        words = self._named("RelationType", element.get("RelationTypeID")).lower()
        role = "owner" if one.is_vessel and "own" in words else "parent" if "own" in words else "linked"
        # a former tie without dates holds on no day; it is kept to be shown
        until = date.min if element.get("Former", "").lower() == "true" else None
        one.ties.append(Tie(role, other.names[0], until=until, entry_id=other.profile))

    def _take_entry(self, element: Any) -> None:
        party = self._parties.get(element.get("ProfileID", ""))
        if party is None:
            return
        days = [day for event in _all(element, "EntryEvent") if (day := _date(event)) is not None]
        party.listed_on = min([*days, *([party.listed_on] if party.listed_on else [])], default=None)
        for measure in _all(element, "SanctionsMeasure"):
            kind = self._named("SanctionsType", measure.get("SanctionsTypeID")).lower()
            if kind in {"program", "programme"}:
                party.programmes += filter(None, (clean(_text(comment)) for comment in _all(measure, "Comment")))

    def entries(self) -> list[Entry]:
        """Vessels, and the organisations that their ties and owners lead to."""
        for party in self._parties.values():
            party.documents = [one for number_ in party.identities for one in self._documents.get(number_, [])]
        vessels = [_vessel(party) for party in self._parties.values() if party.is_vessel and party.names]
        wanted = {name.upper() for vessel in vessels for name in (*vessel.owners, *(tie.name for tie in vessel.ties))}
        others = {party.profile: party for party in self._parties.values() if not party.is_vessel and party.names}
        found: dict[str, _Party] = {}
        while True:
            new = {k: p for k, p in others.items() if k not in found and wanted & {n.upper() for n in p.names}}
            if not new:
                break
            found |= new
            wanted |= {tie.name.upper() for party in new.values() for tie in party.ties}
        return [*vessels, *(_organisation(party) for party in found.values())]

    def _named(self, kind: str, number_: str | None) -> str:
        return self._references.get((kind, number_ or ""), "")


def _vessel(party: _Party) -> Entry:
    texts = [text for kind, text in party.documents if "mmsi" not in kind and "mobile" not in kind]
    imos = [int(found) for text in texts for found in _IMO.findall(text) if is_imo(int(found))]
    stations = " ".join(text for kind, text in party.documents if text not in texts or "MMSI" in text.upper())

    def said(name: str) -> list[str]:
        return party.features.get(name, [])

    current = [spell for text in (*said("vessel flag"), *said("other vessel flag")) for spell in flags(text)]
    # a former flag without dates holds on no day; it is kept to be shown
    past = [FlagSpell(spell.state, None, date.min) for text in said("former vessel flag") for spell in flags(text)]
    built = next((number(text[:4]) for text in said("vessel year of build")), None)
    entry = _organisation(party)
    return replace(
        entry,
        kind=VESSEL,
        imo=imos[0] if imos else None,
        mmsis=mmsis(stations),
        callsigns=tuple(said("vessel call sign")),
        flags=tuple(dict.fromkeys((*current, *past))),
        ship_type=next(iter(said("vessel type")), None),
        dwt_t=next((number(text) for text in said("vessel tonnage")), None),
        gross_tonnage=next((number(text) for text in said("vessel gross registered tonnage")), None),
        built=int(built) if built else None,
        owners=tuple(
            dict.fromkeys(
                (
                    *said("vessel owner"),
                    *(tie.name for tie in party.ties if tie.role in {"owner", "linked"} and not tie.until),
                )
            )
        ),
    )


def _organisation(party: _Party) -> Entry:
    return Entry(
        entry_id=party.profile,
        name=party.names[0],
        kind=ORGANISATION,
        aliases=tuple(dict.fromkeys(name for name in party.names[1:] if name and name != party.names[0])),
        programmes=tuple(dict.fromkeys(party.programmes)),
        listed_on=party.listed_on,
        is_sanction=True,
        ties=tuple(dict.fromkeys(party.ties)),
    )


def _date(element: Any) -> date | None:
    """The first date under an element: year, and month and day where they are given."""
    numbers = {}
    for part in ("Year", "Month", "Day"):
        texts = [_text(found) for found in _all(element, part)]
        numbers[part] = int(texts[0]) if texts and texts[0].strip().isdigit() else None
    if numbers["Year"] is None:
        return None
    try:
        return date(numbers["Year"], numbers["Month"] or 1, numbers["Day"] or 1)
    except ValueError:
        return None


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _all(element: Any, name: str) -> list[Any]:
    return [part for part in element.iter() if _name(part) == name]


def _text(element: Any) -> str:
    return "".join(element.itertext())
