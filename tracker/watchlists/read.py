"""Recognise a list by its content and read it; the formats that are known stand in `FORMATS`."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path

from tracker.errors import EmptyInputError, UnknownFormatError
from tracker.tables.listing import VESSEL, WATCHLIST, Entry, WatchList
from tracker.watchlists.files import Document, read_document
from tracker.watchlists.ftm import is_ftm, read_ftm
from tracker.watchlists.ofac import is_sdn, read_sdn
from tracker.watchlists.ofac_xml import is_advanced_xml, read_advanced_xml
from tracker.watchlists.published import read_maritime, read_simple, read_un_1718
from tracker.watchlists.tables import header_of, names_ships, read_any

FORMATS = {
    "ofac_sdn": "OFAC sdn.csv, with alt.csv, add.csv and sdn_comments.csv beside it",
    "ofac_advanced": "OFAC sdn_advanced.xml",
    "opensanctions_maritime": "OpenSanctions maritime.csv",
    "opensanctions_simple": "OpenSanctions targets.simple.csv",
    "ftm": "FollowTheMoney JSON lines (entities.ftm.json)",
    "un_1718": "UN 1718 designated vessels as CSV",
    "csv": "any CSV with a header that names a column name, imo or mmsi",
}

Reader = Callable[[Document], tuple[list[Entry], date | None]]


def read_list(path: str | Path, /, *, role: str = WATCHLIST, name: str | None = None) -> WatchList:
    """Read a watchlist or a registry, whatever its layout.

    Parameters
    ----------
    path : plain, ``.gz`` or ``.xz``
    role : ``watchlist`` or ``registry``: a registry accuses nobody
    name : how hits name the list; the file's name without suffixes when None

    Raises
    ------
    UnknownFormatError
        When no format fits; the formats known are named.
    InputError
        When it cannot be read, breaks off, or holds no ship.
    """
    document = read_document(Path(path))
    kind = _recognise(document)
    warnings: list[str] = []
    edition: date | None = None
    if kind == "ofac_sdn":
        entries, warnings = read_sdn(document)
    elif kind == "ofac_advanced":
        entries, edition, warnings = read_advanced_xml(document)
    elif kind == "csv":
        entries, warnings = read_any(document)
    else:
        entries, edition = READERS[kind](document)
    entries, doubts = _checked(entries)
    if document.is_latin_1 and kind != "ofac_sdn":
        doubts.append("not UTF-8, read as latin-1: names in other scripts are garbled; save the file as UTF-8.")
    doubts += _doubts_of_size(kind, sum(entry.kind == VESSEL for entry in entries))
    if not any(entry.kind == VESSEL for entry in entries):
        raise EmptyInputError(f"{path} was read as {FORMATS[kind]}, and holds no ship. Is it the right file?")
    label = re.sub(r"[:;\s]+", "_", name or document.stem)
    return WatchList(
        name=label,
        role=role,
        format=kind,
        digest=document.digest,
        entries=tuple(entries),
        edition=_edition_in_name(document.stem) or edition,
        warnings=(*warnings, *doubts),
    )


LEAST = {"opensanctions_maritime": 500, "un_1718": 50}
"""Ships that a whole list of the format holds at least: 59 stood on the UN's in one count; OFAC's readers count theirs."""


def _doubts_of_size(kind: str, ships: int) -> list[str]:
    least = LEAST.get(kind, 0)
    return [f"{ships} ship(s); a whole list has {least} or more: cut, or an extract?"] if ships < least else []


READERS: dict[str, Reader] = {
    "opensanctions_maritime": read_maritime,
    "opensanctions_simple": read_simple,
    "un_1718": read_un_1718,
    "ftm": read_ftm,
}


def _recognise(document: Document) -> str:
    if document.text.lstrip()[:1] == "{" and is_ftm(document):
        return "ftm"
    if is_advanced_xml(document):
        return "ofac_advanced"
    if document.text.lstrip()[:1] not in {"{", "[", "<"} and "\x00" not in document.text[:1000]:
        if is_sdn(document):
            return "ofac_sdn"
        header = {cell.strip().lower() for cell in header_of(document)}
        if {"type", "caption", "imo", "risk", "id"} <= header:
            return "opensanctions_maritime"
        if {"id", "schema", "name", "aliases", "identifiers", "sanctions", "countries"} <= header:
            return "opensanctions_simple"
        if {"vessel_name", "date_of_designation"} <= header:
            return "un_1718"
        if names_ships(document):
            return "csv"
    known = "; ".join(FORMATS.values())
    raise UnknownFormatError(f"{document.path} is no list of a known format.\nKnown: {known}.")


def _checked(entries: list[Entry]) -> tuple[list[Entry], list[str]]:
    """Entries with distinct ids and something to match by, and what was odd."""
    kept: dict[str, Entry] = {}
    twice, empty = [], 0
    for entry in entries:
        known = kept.get(entry.entry_id)
        if known is not None:
            twice.append(entry.entry_id)
            if (known.name, known.imo, known.mmsis) != (entry.name, entry.imo, entry.mmsis):
                # another ship under the same id: left out, she would screen as clean
                numbered = next(f"{entry.entry_id}#{n}" for n in count(2) if f"{entry.entry_id}#{n}" not in kept)
                kept[numbered] = replace(entry, entry_id=numbered)
        elif not (entry.name or entry.imo or entry.mmsis or entry.doubts):
            empty += 1
        else:
            kept[entry.entry_id] = entry
    warnings = []
    if twice:
        warnings.append(
            f"{len(twice)} id(s) occur more than once, first {twice[0]}: another ship under it is kept as {twice[0]}#2."
        )
    doubts = [text for entry in kept.values() for text in entry.doubts]
    if doubts:
        warnings.append(f"{len(doubts)} number(s) that are none, first: {doubts[0]}. Nothing is matched by them.")
    if empty:
        warnings.append(f"{empty} row(s) without name, IMO number and MMSI are left out.")
    without = sum(entry.imo is None for entry in kept.values() if entry.kind == VESSEL)
    if without:
        warnings.append(f"{without} ship(s) without a valid IMO number: matched by MMSI, call sign or name only.")
    return list(kept.values()), warnings


def _edition_in_name(stem: str) -> date | None:
    """A date in the file's name: ``2022-01-31``, ``20220131`` or ``2022-01`` (its first day)."""
    found = re.search(r"(?<!\d)(20\d\d)[-_]?(0[1-9]|1[0-2])(?:[-_]?(0[1-9]|[12]\d|3[01]))?(?!\d)", stem)
    if found is None:
        return None
    try:
        return date(int(found.group(1)), int(found.group(2)), int(found.group(3) or 1))
    except ValueError:
        return None
