"""FollowTheMoney JSON lines, as OpenSanctions publishes them: vessels, with their sanctions and owners.

``Sanction`` entities carry programme and listing date of the vessel they name; ``Ownership`` links owners. Upstream
describes ``deadweightTonnage`` as weight without freight; it is read as carrying capacity, which is what is in it.
"""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from tracker.errors import CorruptInputError
from tracker.tables.imo import parse_imo
from tracker.tables.listing import Entry, FlagSpell
from tracker.watchlists.files import Document
from tracker.watchlists.text import clean, flags, mmsis, moment, number

NAMED = ("Company", "Organization", "LegalEntity", "Person", "PublicBody")


def is_ftm(document: Document, /) -> bool:
    """Whether the first line is an entity of FollowTheMoney."""
    first = document.text.lstrip()[:100_000].partition("\n")[0]
    try:
        entity = json.loads(first)
    except ValueError:
        return False
    return isinstance(entity, dict) and {"id", "schema", "properties"} <= entity.keys()


def read_ftm(document: Document, /) -> tuple[list[Entry], date | None]:
    """Vessels of the file, each with what its sanctions and ownerships say.

    Raises
    ------
    CorruptInputError
        When a line is not JSON: the file breaks off.
    """
    vessels: dict[str, Any] = {}
    names: dict[str, str] = {}
    sanctions: dict[str, list[Any]] = {}
    owners: dict[str, list[tuple[str, str | None]]] = {}
    seen: list[date] = []
    for entity in _entities(document):
        schema, properties = entity.get("schema"), entity["properties"]
        if "last_seen" in entity and (day := moment(str(entity["last_seen"]))):
            seen.append(day)
        if schema == "Vessel":
            vessels[str(entity["id"])] = properties
        elif schema in NAMED:
            names[str(entity["id"])] = _first(properties, "name") or str(entity["id"])
        elif schema == "Sanction":
            for target in _all(properties, "entity"):
                sanctions.setdefault(target, []).append(properties)
        elif schema == "Ownership":
            for asset in _all(properties, "asset"):
                owners.setdefault(asset, []).extend(
                    (o, _first(properties, "startDate")) for o in _all(properties, "owner")
                )
    entries = [
        _entry(key, properties, sanctions.get(key, []), [(names.get(o, o), d) for o, d in owners.get(key, [])])
        for key, properties in vessels.items()
    ]
    return entries, max(seen, default=None)


def _entry(key: str, p: Any, sanctions: list[Any], owners: list[tuple[str, str | None]]) -> Entry:
    names = _all(p, "name")
    listed = [moment(text) for s in sanctions for text in (*_all(s, "listingDate"), *_all(s, "startDate"))]
    programmes = [text for s in sanctions for text in (*_all(s, "programId"), *_all(s, "program"))]
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
        owners=tuple(dict.fromkeys(name for name, _ in owners)),
        owned_since=max(filter(None, (moment(since) for _, since in owners)), default=None),
        programmes=tuple(dict.fromkeys(programmes)),
        listed_on=min(filter(None, listed), default=None),
        is_sanction="sanction" in _all(p, "topics") or bool(sanctions),
        status=";".join(_all(p, "topics")) or None,
    )


def _entities(document: Document) -> Iterator[dict[str, Any]]:
    for place, line in enumerate(document.text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            entity = json.loads(line)
        except ValueError as error:
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
