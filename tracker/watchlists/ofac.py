"""OFAC's ``sdn.csv``: no header, twelve fields, ``-0-`` for nothing, latin-1; aliases and addresses in files beside it.

IMO numbers, MMSIs, former names and links stand in the remarks. One remark of the real file lacks the word IMO:
any seven digits after "Vessel Registration Identification" with a right check digit count. The file holds no listing
dates. US Government work, public domain (17 USC 105).
"""

import csv
import io
import re
from collections.abc import Iterator

from tracker.errors import CorruptInputError, InputError
from tracker.tables.imo import is_imo
from tracker.tables.listing import ORGANISATION, VESSEL, Entry, Tie
from tracker.watchlists.files import Document, read_document
from tracker.watchlists.text import clean, flags, mmsis, number

FIELDS = 12
LEAST_VESSELS = 300
"""A whole list of 2022 names more vessels than this; one with fewer is cut or an extract."""
_IMO = re.compile(r"(?:\bIMO\s*|Vessel Registration Identification\s+)(?:IMO\s*)?(\d{7})\b", re.IGNORECASE)
_ALIAS = re.compile(r"(?:a|f|n)\.k\.a\.\s+'([^']+)'")
_LINKED = re.compile(r"Linked To:\s*([^;]+?)\.?\s*(?=;|$)")
_BUILT = re.compile(r"Vessel Year of Build\s+(\d{4})")


def is_sdn(document: Document, /) -> bool:
    """Whether the first row looks like one of ``sdn.csv``."""
    first = next(csv.reader(document.text[:20_000].splitlines()), [])
    return len(first) == FIELDS and first[0].strip().isdigit() and any(cell.strip() == "-0-" for cell in first)


def read_sdn(document: Document, /) -> tuple[list[Entry], list[str]]:
    """Vessels of the list, and warnings.

    Raises
    ------
    CorruptInputError
        When a row does not have twelve fields: the file breaks off or is another.
    """
    aliases, comments = _companion(document, "alt", (3,)), _companion(document, "sdn_comments", (1,))
    addresses = _companion(document, "add", (2, 3, 4))
    entries, seen, twice = [], set(), 0
    others: dict[str, list[str]] = {}
    for place, row in _rows(document):
        if clean(row[2]).lower() != VESSEL:
            others.setdefault(clean(row[1]).upper(), row)
            continue
        entry_id = clean(row[0])
        if entry_id in seen:
            twice += 1
            continue
        seen.add(entry_id)
        if not clean(row[1]):
            raise CorruptInputError(f"{document.path}, row {place}: a vessel without a name. Download the list again.")
        entries.append(_entry(entry_id, row, aliases.get(entry_id, []), comments.get(entry_id, [])))
    warnings = [f"{twice} vessel id(s) occur twice: the first row counts."] if twice else []
    if len(entries) < LEAST_VESSELS:
        warnings.append(f"{len(entries)} vessels; a whole list has more than {LEAST_VESSELS}: cut, or an extract?")
    if not aliases:
        warnings.append("alt.csv does not lie beside it: former and other names are those in the remarks only.")
    named = {name.upper() for entry in entries for name in entry.owners}
    owners = [
        _organisation(row, aliases, addresses)
        for name, row in others.items()
        if name in named and clean(row[0]) not in seen
    ]
    return [*entries, *owners], warnings


def _organisation(row: list[str], aliases: dict[str, list[str]], addresses: dict[str, list[str]]) -> Entry:
    """A listed company or person to whom a vessel is linked."""
    entry_id = clean(row[0])
    places = addresses.get(entry_id, [])
    linked = _LINKED.findall(clean(row[11]))
    return Entry(
        entry_id=entry_id,
        name=clean(row[1]),
        kind=ORGANISATION,
        aliases=tuple(dict.fromkeys(aliases.get(entry_id, []))),
        programmes=_programmes(row),
        is_sanction=True,
        remarks=clean(row[11]) or None,
        ties=(*(Tie("address", place) for place in dict.fromkeys(places)), *(Tie("linked", name) for name in linked)),
    )


def _programmes(row: list[str]) -> tuple[str, ...]:
    return tuple(re.findall(r"[A-Z0-9][^\[\]\s]*", clean(row[3])))


def _entry(entry_id: str, row: list[str], aliases: list[str], comments: list[str]) -> Entry:
    remarks = " ".join([clean(row[11]), *comments]).strip()
    imos = [int(found) for found in _IMO.findall(remarks) if is_imo(int(found))]
    owners = tuple(dict.fromkeys(filter(None, [clean(row[10]), *_LINKED.findall(remarks)])))
    names = [*aliases, *_ALIAS.findall(remarks)]
    built = _BUILT.search(remarks)
    return Entry(
        entry_id=entry_id,
        name=clean(row[1]),
        kind=VESSEL,
        aliases=tuple(dict.fromkeys(filter(None, map(clean, names)))),
        imo=imos[0] if imos else None,
        mmsis=mmsis(" ".join(re.findall(r"MMSI\s*(\d{9})", remarks))),
        callsigns=tuple(filter(None, [clean(row[5])])),
        flags=flags(row[9]),
        ship_type=clean(row[6]) or None,
        dwt_t=number(row[7]),
        gross_tonnage=number(row[8]),
        built=int(built.group(1)) if built else None,
        owners=owners,
        programmes=_programmes(row),
        is_sanction=True,
        remarks=remarks or None,
        ties=tuple(Tie("owner" if name == clean(row[10]) else "linked", name) for name in owners),
    )


def _rows(document: Document) -> Iterator[tuple[int, list[str]]]:
    for place, row in _strictly(document):
        # the file ends with the end-of-file mark of DOS
        if not row or row == ["\x1a"]:
            continue
        if len(row) != FIELDS:
            raise CorruptInputError(
                f"{document.path}, row {place}: {len(row)} fields instead of {FIELDS}. The file breaks off or is "
                "damaged; download it again."
            )
        yield place, row


def _strictly(document: Document) -> Iterator[tuple[int, list[str]]]:
    """Rows with their place; a quote that never closes is a file that breaks off."""
    reader = csv.reader(io.StringIO(document.text, newline=""), strict=True)
    place = 0
    try:
        for row in reader:
            place += 1
            yield place, row
    except csv.Error as error:
        raise CorruptInputError(
            f"{document.path} breaks off or is damaged after row {place} ({error}). Download the list again."
        ) from error


def _companion(document: Document, stem: str, fields: tuple[int, ...]) -> dict[str, list[str]]:
    """Columns of a file that belongs to the list (``alt.csv``), joined, by entry; nothing when it is not there."""
    name = document.path.name
    if "sdn" not in name.lower():
        return {}
    path = document.path.with_name(re.sub("sdn", stem, name, count=1, flags=re.IGNORECASE))
    if path == document.path or not path.exists():
        return {}
    try:
        other = read_document(path)
    except InputError as error:
        raise CorruptInputError(f"{error} It belongs to {document.path}.") from error
    found: dict[str, list[str]] = {}
    for _, row in _strictly(other):
        if len(row) > max(fields):
            text = ", ".join(filter(None, (clean(row[place]) for place in fields)))
            if text:
                found.setdefault(clean(row[0]), []).append(text)
    return found
